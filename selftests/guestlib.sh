# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Virtual machines inside the test machine: QEMU, a stock Debian kernel, and an
# initramfs with busybox that does what its console tells it. Emulated within an
# emulated machine, where a boot takes a minute or more of a CPU, so there is also
# the state of one that has booted (vm/guest-image). After lib.sh and netlib.sh.

# shellcheck source=selftests/setup/common.sh
. "$SELFTESTS/setup/common.sh"

# What they boot, and a folder for all users.
GUEST_IMAGE=${VMNET_BUILD:-$TOP/build}/../guest
GUESTS=
declare -A GUEST_IN=() GUEST_OUT=() GUEST_PID=() GUEST_RESTORED=()

guest_setup()
{
	require qemu-system-x86_64 setpriv
	[ -e "$GUEST_IMAGE/made-of" ] || skip_all "there is no $GUEST_IMAGE: see vm/guest-image"
	# shellcheck disable=SC2034 # for the scripts
	BUSYBOX=$(vmnet_cache)/busybox/busybox
	GUEST_WORDS=$(<"$GUEST_IMAGE/words")
	GUESTS=$(mktemp -d)
	defer rm -rf "$GUESTS"
	chmod 755 "$GUESTS"
	cp "$VMNETCTL" "$TOP/tools/vmnet-helper/vmnet-helper" "$GUESTS"
	# Users may not go where our folders are.
	cp "$GUEST_IMAGE/vmlinux" "$GUEST_IMAGE/initramfs" "$GUEST_IMAGE/state" "$GUESTS"
}

# guest_start NAME USER COMMAND...: COMMAND and the words that all have; the
# console is ours
guest_start()
{
	local name=$1 user=$2 in out

	shift 2
	rm -f "$GUESTS/$name.in" "$GUESTS/$name.out"
	mkfifo "$GUESTS/$name.in" "$GUESTS/$name.out"
	exec {in}<>"$GUESTS/$name.in" {out}<>"$GUESTS/$name.out"
	GUEST_IN[$name]=$in GUEST_OUT[$name]=$out
	setpriv --reuid "$user" --regid "$user" --clear-groups "$@" \
		-nodefaults -no-user-config -display none -no-reboot -serial stdio \
		<"$GUESTS/$name.in" >"$GUESTS/$name.out" 2>"$GUESTS/$name.err" &
	GUEST_PID[$name]=$!
	defer kill -9 $!
}

# guest_boot NAME USER MEGABYTES NETDEV [QEMU ARGUMENT]... [-- COMMAND...]: the last
# one runs QEMU. With 0 megabytes it goes on from the state instead of booting.
guest_boot()
{
	local name=$1 user=$2 mb=$3 netdev=$4 machine more=()

	shift 4
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		more+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	if [ "$mb" = 0 ]; then
		mb=144
		GUEST_RESTORED[$name]=1
		more+=(-incoming "exec:cat $GUESTS/state")
	fi
	read -ra machine <"$GUEST_IMAGE/machine"
	guest_start "$name" "$user" "$@" qemu-system-x86_64 "${machine[@]}" -m "$mb" \
		-kernel "$GUESTS/vmlinux" -initrd "$GUESTS/initramfs" \
		-append "$GUEST_WORDS" -netdev "$netdev" \
		-device "virtio-net-pci,netdev=n,mac=02:00:5e:00:53:aa,romfile=" "${more[@]}"
}

# guest_hears NAME SECONDS PREFIX: prints what it says until a line begins so,
# which is left in $HEARD
guest_hears()
{
	local name=$1 prefix=$3 end line=

	# Seconds of a machine that has nothing else to do: no deadline is met by luck.
	end=$((SECONDS + 5 * $2 * VMNET_SLOW))
	while [ $SECONDS -lt $end ]; do
		# Nobody is asked often: whoever looks takes the guest's time.
		if ! read -r -t 5 -u "${GUEST_OUT[$name]}" HEARD; then
			line+=$HEARD
			kill -0 "${GUEST_PID[$name]}" 2>/dev/null || return 1
			continue
		fi
		HEARD=$line${HEARD%$'\r'}
		line=
		echo "$HEARD" >>"$GUESTS/$name.log"
		[[ $HEARD != "$prefix"* ]] || return 0
		# An answer to what was given up.
		[[ $HEARD == @@* ]] || echo "$HEARD"
	done
	HEARD=
	return 1
}

# What it said last, for those who look for the reason.
guest_last_words()
{
	cat "$GUESTS/$1.err" "$GUESTS/$1.log" 2>/dev/null | tr -cd '[:print:]\n' | tail -n 8
}

# guest_do NAME COMMAND: it will; guest_done tells how it went
guest_do()
{
	# Callers may be subshells: a number that no other has.
	GUEST_ASKED=$EPOCHREALTIME
	# One line is one command there.
	echo "${2//$'\n'/ }; echo \"@\"\"@$GUEST_ASKED \$?\"" >&"${GUEST_IN[$1]}"
}

# guest_done NAME SECONDS: the output of what guest_do told it, and the status
guest_done()
{
	guest_hears "$1" "$2" "@@$GUEST_ASKED " || return 99
	return "${HEARD##* }"
}

# guest_ask NAME SECONDS COMMAND
guest_ask()
{
	guest_do "$1" "$3"
	guest_done "$1" "$2"
}

# guest_ready NAME SECONDS MAC: it is up, and its first NIC has this address
guest_ready()
{
	local end=$((SECONDS + 5 * $2 * VMNET_SLOW))

	if [ -n "${GUEST_RESTORED[$1]:-}" ]; then
		# What is said to it before its state is there is lost, in part or whole.
		until echo >&"${GUEST_IN[$1]}" && guest_ask "$1" 10 true; do
			[ $SECONDS -lt $end ] && kill -0 "${GUEST_PID[$1]}" 2>/dev/null || return 1
		done
	else
		guest_hears "$1" "$2" READY >/dev/null || return 1
	fi
	guest_ask "$1" "$2" "nics $3" >/dev/null
}

# guest_address NAME [NETDEV]
guest_address()
{
	guest_ask "$1" 60 "ip -4 addr show dev ${2:-eth0}" |
		sed -nE 's#.*inet ([0-9.]+)/.*#\1#p' | tail -n 1
}

# guest_lease NAME: an address, from whoever gives one
guest_lease()
{
	guest_ask "$1" 120 "udhcpc -i eth0 -n -q -t 10 -T 3 -s /dhcp >/dev/null 2>&1"
}

# guest_pings NAME ADDRESS
guest_pings()
{
	guest_ask "$1" 60 "ping -q -c 2 -W 5 $2 >/dev/null"
}

# guest_file NAME MB: random octets, again and again, as more of them would take long;
# each 64 KB with a number, so that none can be taken for another
guest_file()
{
	guest_ask "$1" $((60 + 5 * $2)) \
		"head -c 65536 /dev/urandom >/tmp/piece; i=0;
		while [ \$i -lt 16 ]; do echo \$i; cat /tmp/piece; i=\$((i + 1)); done >/tmp/block; i=0;
		while [ \$i -lt $2 ]; do echo \$i; cat /tmp/block; i=\$((i + 1)); done >/tmp/file"
}

# guest_listen NAME PORT FILE: a server there, for one transfer. With nothing at its
# standard input it would close its side at once, and its client end before its time.
guest_listen()
{
	guest_ask "$1" 60 "[ -p /tmp/hold ] || mkfifo /tmp/hold; nc -l -p $2 <>/tmp/hold >$3 &
		until grep -q $(printf ':%04X ' "$2") /proc/net/tcp /proc/net/tcp6; do sleep 0.1; done"
}

# guest_transfer FROM TO ADDRESS PORT SECONDS: its sums at both ends are the same
guest_transfer()
{
	local from=$1 to=$2 seconds=$5 sent got asked

	guest_listen "$to" "$4" /tmp/got
	check_err $? "nothing listens in $to"
	guest_ask "$from" "$seconds" "nc $3 $4 </tmp/file"
	check_err $? "nc in $from"
	# Both count at once.
	guest_do "$to" "wait; md5sum </tmp/got; rm /tmp/got"
	asked=$GUEST_ASKED
	sent=$(guest_ask "$from" "$seconds" "md5sum </tmp/file")
	GUEST_ASKED=$asked
	got=$(guest_done "$to" "$seconds")
	check_match "$sent" '^[0-9a-f]{32} ' "the sum in $from"
	check_eq "$got" "$sent" "the sum in $to"
}
