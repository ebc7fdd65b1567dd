# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every test script begins with:
#
#   . "$(dirname "$0")/lib.sh"
#   load_vmnet
#   setup_ns a b
#
#   test_begin "a frame of an attached port arrives"
#   ip -n "$a" link set web0 up
#   check_err $? "the port does not come up"
#   log_test
#
#   test_end
#
# (Before setup_ns, "a='' b=''" tells ShellCheck what it assigns.)
#
# One test, one claim, one line. The plan is printed last, by test_end; a
# script that dies before it has no plan, and that counts as a failure.
# Cleanup is what was deferred, in reverse, whatever happens.

# Guest time runs slower than ours under emulation, and slower still on the
# debug kernel: deadlines are multiplied by this.
VMNET_SLOW=${VMNET_SLOW:-1}

SELFTESTS=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname -- "$SELFTESTS")
export SELFTESTS TOP

# By hand, without the runner: what was built for the running kernel.
if [ -z "${VMNET_KO:-}" ]; then
	VMNET_KO=$TOP/build/$(uname -r)/kmod/vmnet.ko
	[ -e "$VMNET_KO" ] || VMNET_KO=$TOP/kmod/vmnet.ko
fi
export VMNET_KO
export VMNETCTL=${VMNETCTL:-$TOP/tools/vmnetctl/vmnetctl}
# Compiled helpers of the tests.
export VMNET_BIN=${VMNET_BIN:-$TOP/build/selftests}

KSFT_SKIP=4
TESTS=0
FAILED=0
RET=0
TEST_NAME=
ENDED=
MESSAGES=()
DEFERRED=()

echo "TAP version 13"

# --- claims ------------------------------------------------------------------

# test_begin NAME: the claim that the next log_test without a name is about.
test_begin()
{
	TEST_NAME=$1
	RET=0
	MESSAGES=()
}

# fail_test MESSAGE: the claim is wrong, whatever else is checked.
fail_test()
{
	RET=1
	MESSAGES+=("$1")
}

# check_err STATUS MESSAGE: STATUS should be 0.
check_err()
{
	[ "$1" = 0 ] || fail_test "${2:-failed} (status $1)"
}

# check_fail STATUS MESSAGE: STATUS should not be 0.
check_fail()
{
	[ "$1" != 0 ] || fail_test "${2:-succeeded} (status 0)"
}

# check_status STATUS WANTED MESSAGE
check_status()
{
	[ "$1" = "$2" ] || fail_test "${3:-exit status}: got $1, want $2"
}

# check_eq GOT WANTED MESSAGE
check_eq()
{
	[ "$1" = "$2" ] || fail_test "${3:-values differ}: got '$1', want '$2'"
}

# check_match TEXT PATTERN MESSAGE: PATTERN is an extended regular expression.
check_match()
{
	[[ $1 =~ $2 ]] || fail_test "${3:-no match}: '$1' has no '$2'"
}

# log_test [NAME]: the line of the claim; the next one starts clean.
log_test()
{
	local name=${1:-$TEST_NAME} message

	TESTS=$((TESTS + 1))
	if [ "$RET" = 0 ]; then
		echo "ok $TESTS $name"
	else
		FAILED=$((FAILED + 1))
		echo "not ok $TESTS $name"
		for message in "${MESSAGES[@]}"; do
			# One that has several lines must not look like a result.
			echo "# ${message//$'\n'/ \\n }"
		done
	fi
	RET=0
	TEST_NAME=
	MESSAGES=()
}

# log_skip REASON [NAME]: this claim cannot be checked here.
log_skip()
{
	TESTS=$((TESTS + 1))
	echo "ok $TESTS ${2:-$TEST_NAME} # SKIP $1"
	RET=0
	TEST_NAME=
	MESSAGES=()
}

# figure NUMBER WHAT: so much was done; vm/check adds up what all tests say.
figure()
{
	echo "# figure: $1 $2"
}

# skip_all REASON: none of this script's claims can.
skip_all()
{
	ENDED=1
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

# require COMMAND...: skips the script where one is not installed.
require()
{
	local cmd

	for cmd; do
		command -v "$cmd" >/dev/null || skip_all "$cmd is not installed"
	done
}

# test_end: the last line of a script.
test_end()
{
	ENDED=1
	echo "1..$TESTS"
	[ "$FAILED" = 0 ] && exit 0
	exit 1
}

# --- cleaning up ---------------------------------------------------------------

# defer COMMAND [ARGUMENT]...: runs when the script ends, the last one first.
defer()
{
	local line

	printf -v line '%q ' "$@"
	DEFERRED+=("$line")
}

# cleanup: runs what was deferred so far, now.
cleanup()
{
	local i

	for ((i = ${#DEFERRED[@]} - 1; i >= 0; i--)); do
		eval "${DEFERRED[i]}" >/dev/null 2>&1
	done
	DEFERRED=()
}

lib_exit()
{
	local rc=$?

	trap - EXIT
	cleanup
	if [ -z "$ENDED" ]; then
		echo "Bail out! ended early, with status $rc, after $TESTS tests${TEST_NAME:+, in: $TEST_NAME}"
		[ "$rc" != 0 ] || rc=1
	fi
	exit "$rc"
}
trap lib_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- waiting ---------------------------------------------------------------------

# busywait SECONDS COMMAND [ARGUMENT]...: until the command succeeds, whose
# output is then printed. Never a bare sleep: that is too short on one machine
# and too long on all others.
busywait()
{
	local deadline out
	# 10#: a clock reading may begin with a zero.
	local now=${EPOCHREALTIME/[.,]/}

	deadline=$((now + $1 * VMNET_SLOW * 1000000))
	shift
	while :; do
		if out=$("$@" 2>/dev/null); then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 0
		fi
		now=${EPOCHREALTIME/[.,]/}
		if [ "$now" -ge "$deadline" ]; then
			[ -z "$out" ] || printf '%s\n' "$out"
			return 1
		fi
		sleep 0.05
	done
}

# not COMMAND...: for busywait until something is no more.
not()
{
	! "$@"
}

# --- topology --------------------------------------------------------------------

# setup_ns NAME...: for each, a namespace with a name of its own in $NAME, its
# loopback up, deleted at the end.
setup_ns()
{
	local name ns

	for name; do
		ns=$name-$(printf '%04x' $((RANDOM * 2 + RANDOM % 2)))-$$
		ip netns add "$ns" || return 1
		ip -n "$ns" link set lo up
		printf -v "$name" '%s' "$ns"
		defer delete_ns "$ns"
	done
}

# delete_ns NAME: with what runs in it.
delete_ns()
{
	local pids

	pids=$(ip netns pids "$1" 2>/dev/null)
	# shellcheck disable=SC2086 # several numbers are meant
	[ -z "$pids" ] || kill -9 $pids 2>/dev/null
	ip netns del "$1"
}

# load_vmnet: the module that was built for this kernel.
load_vmnet()
{
	[ ! -d /sys/module/vmnet ] || return 0
	insmod "$VMNET_KO" || load_failed
}

# load_vmnet_tap: its second module, which taps need.
VMNET_TAP_KO=${VMNET_KO%/*}/vmnet_tap.ko
load_vmnet_tap()
{
	load_vmnet
	[ ! -d /sys/module/vmnet_tap ] || return 0
	modprobe -q tap
	insmod "$VMNET_TAP_KO" || load_failed
}

# A module that does not load is what is tested, so never a skip.
load_failed()
{
	echo "# cannot load $VMNET_KO"
	exit 1
}

unload_vmnet()
{
	[ ! -d /sys/module/vmnet_tap ] || rmmod vmnet_tap
	[ ! -d /sys/module/vmnet ] || rmmod vmnet
}
