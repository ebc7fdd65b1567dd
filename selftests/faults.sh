#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each command of vmnetctl that asks the kernel for something, again and again: first
# the kernel's first allocation for it fails, then the second, until none is left
# (/proc/PID/fail-nth; faults.c). Every time the command succeeds, or is refused with a
# sentence and has changed nothing. (Frames that have no memory: counters.sh.)
#
#	   lab ── pa  a:eth0, pb  b:eth0     up0 (veth)  v0 (veth)
#	   other        loose
#	   third ── up2 (veth)               up4 (veth)
#
# So do the steps of vmnet's that are marked with ALLOW_ERROR_INJECTION(), which may fail
# for other reasons than memory: a call of one counts as an allocation does.
#
# A netdev's birth and death have hundreds of allocations, nearly all of them the core's;
# vmnet's own are among the first and the last. Of a long row, those in the middle are
# stepped over, VMNET_FAULTS_STEP at a time (12, each time from another one on; 1 for all).
#
# Only the debug kernel can fail on purpose. VMNET_FAULTS=PATTERN: only rows that have it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

[ -e /proc/self/fail-nth ] || skip_all "this kernel cannot fail on purpose: make check-debug"
[ -w /sys/kernel/debug/failslab/probability ] || skip_all "no debugfs"

unload_vmnet
load_vmnet
load_vmnet_tap
modprobe -q veth
modprobe -q bonding max_bonds=0
silence

# Those who may wait for memory fail, too, and without a word in the log.
for kind in failslab fail_page_alloc fail_usercopy; do
	echo 0 >/sys/kernel/debug/$kind/verbose
	[ ! -e /sys/kernel/debug/$kind/ignore-gfp-wait ] ||
		echo N >/sys/kernel/debug/$kind/ignore-gfp-wait
done
echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order

# An error that nothing else gives, so that it is seen who gave it.
steps=/sys/kernel/debug/fail_function
if [ -w "$steps/inject" ]; then
	echo 0 >"$steps/verbose"
	while read -r name module _; do
		[ "$module" = '[vmnet]' ] || continue
		echo "$name" >"$steps/inject"
		printf '0x%x\n' -117 >"$steps/$name/retval" # EUCLEAN
	done </sys/kernel/debug/error_injection/list
	forget_steps() { echo >"$steps/inject"; }
	defer forget_steps
fi

a='' b=''
make_lab a b || exit 1
tmp=$(mktemp -d)
defer rm -rf "$tmp"
for name in up0 up2 up4 v0; do
	ip link add $name type veth peer name "${name%?}$((${name: -1} + 1))"
	defer ip link del $name
	ip link set $name up
done
ctl -b - <<-END || exit 1
	network add other
	network add third uplink up2
	port add loose
	dhcp set lab subnet 10.77.0.0/24
	reservation add lab ip 10.77.0.78 mac 02:00:5e:00:00:78
	fdb add lab mac 02:00:5e:00:00:02 port pa
END
cat >"$tmp/leases" <<-END
	{"vmnet-leases": 1, "saved": $(date +%s), "reservations": [], "leases": [
		{"address": "10.77.0.99", "mac": "02:00:5e:00:00:99", "port": "pa", "state": "bound", "expires": 60000}]}
END

modprobe -q virtio_net
# A physical one, if the machine has any.
adapter=$(find /sys/class/net/*/device 2>/dev/null | sed -n 's|/sys/class/net/\([^/]*\)/.*|\1|p;q')

# Not here are "port set ... netns" and "network set ... name", by which the core calls
# device_rename(): if that fails, it leaves the link in /sys/class/net with the new name,
# and for a netdev that moves, the core warns (dev_change_net_namespace()).
# words | those that undo them, where they have changed something (; between lines)
rows()
{
	cat <<-END
	network show | -
	network show lab | -
	network exists lab | -
	stats show | -
	port show | -
	port show pa | -
	dhcp show | -
	dhcp log lab | -
	lease show lab | -
	reservation show lab | -
	fdb show lab | -
	hostif show | -
	host show | -
	network add extra | network del extra
	network add extra label x notes y host on | network del extra
	network add extra dhcp 10.78.0.0/24 | network del extra
	network add extra attach loose | network del extra
	network add extra uplink up0 vlan 7 | network del extra
	network set lab label x | network set lab label none
	network set lab notes y | network set lab notes none
	network set lab mtu 1400 | network set lab mtu 1500
	network set lab host on | network set lab host off
	network set other uplink up0 | network set other uplink none
	network set other uplink up0 vlan 7 | network set other uplink none
	network set other uplink up0 trunk 7,9-12 | network set other uplink none
	network set third uplink up4 | network set third uplink up2
	network set third uplink up4 trunk 7,9-12 | network set third uplink up2 vlan none
	network del other | network add other
	port add p1 | port del p1
	port add p1 network lab netns $a ifname q1 | port del p1
	port add p1 network lab vlan 7 vm box | port del p1
	port add p1 type tap network lab | port del p1
	port attach loose network lab | port detach loose
	port attach v0 network lab | port detach v0
	port move pb network other | port move pb network lab
	port detach pb | port attach pb network lab
	port set pb vlan 10 | port set pb vlan none
	port set pb trunk 10,20-29 native 10 | port set pb vlan none
	port set pb vm box | port set pb vm none
	port set pb name px | port set px name pb
	port set pb mtu 1400 | port set pb mtu auto
	port set pb mac 02:00:5e:00:00:0b | port set pb mac auto
	port set pb learning on guard-mac off guard-dhcp off | port set pb learning off guard-mac on guard-dhcp on
	port set pb dhcp-limit 3 | port set pb dhcp-limit 16
	port del loose | port add loose
	dhcp set lab lease 2h | dhcp set lab lease 12h
	dhcp set lab dns 10.77.0.53 domain example.org | dhcp set lab dns none domain none
	dhcp set lab search a.example,b.example | dhcp set lab search none
	dhcp set lab routes 10.9.0.0/16-10.77.0.9 | dhcp set lab routes none
	dhcp set lab option 224=0102 | dhcp set lab option none
	dhcp set other subnet 10.79.0.0/24 range 10.79.0.10-10.79.0.20 | dhcp set other none
	dhcp set lab enable off | dhcp set lab enable on
	dhcp restore lab $tmp/leases | lease del lab 10.77.0.99
	reservation add lab ip 10.77.0.77 mac 02:00:5e:00:00:77 | reservation del lab ip 10.77.0.77
	reservation del lab ip 10.77.0.78 | reservation add lab ip 10.77.0.78 mac 02:00:5e:00:00:78
	fdb add lab mac 02:00:5e:00:00:01 port pb | fdb del lab mac 02:00:5e:00:00:01
	fdb replace lab mac 02:00:5e:00:00:02 port pb | fdb replace lab mac 02:00:5e:00:00:02 port pa
	fdb del lab mac 02:00:5e:00:00:02 | fdb add lab mac 02:00:5e:00:00:02 port pa
	fdb flush lab kind static | fdb add lab mac 02:00:5e:00:00:02 port pa
	hostif set default allow off | hostif set default allow on
	END
	[ -z "$adapter" ] || echo "hostif set $adapter allow off | hostif set $adapter allow default"
}

# --- one vmnetctl for all -----------------------------------------------------------

# What passes, and what is new each time, is not shown, and lists are sorted: what is made
# anew is at their end. By a file, since the shell reads a pipe octet by octet.
coproc CTL {
	LD_PRELOAD=$VMNET_BIN/faults "$VMNETCTL" -j -f -b - 2>&1 |
		perl -ne '
			BEGIN { $| = 1; $file = shift }
			if (/^said /) {
				open my $f, ">", $file or die; print $f $text; close $f or die;
				print; $text = "";
			} else {
				s/"(?:expires|age|ifindex|id|line)":[0-9]+//g;
				s/^\[\{(.*)\}\]$/"[{" . join("},{", sort split(m"\},\{", $1)) . "}]"/e;
				$text .= $_;
			}' "$tmp/said"
}
# shellcheck disable=SC2153 # coproc makes it
ctl_pid=$CTL_PID
defer kill "$ctl_pid"

# ask LINES: SAID is what was printed for them, HOW what became of the fault.
SAID='' HOW=''
ask()
{
	local text

	printf '%s\n#said\n' "$1" >&"${CTL[1]}" || return 1
	read -r -t $((60 * VMNET_SLOW)) -u "${CTL[0]}" HOW || return 1
	HOW=${HOW#said }
	mapfile -d '' -t text <"$tmp/said"
	SAID=${text[0]-}
}

# The state as it is shown. No process is started here, nor for a fault: there are
# thousands of them.
STATE=
state()
{
	local netdevs=(/sys/class/net/*)

	ask "network show
port show
dhcp show
lease show lab
reservation show
fdb show lab
hostif show" || return 1
	STATE=$SAID${netdevs[*]}
}

# differs STATE STATE: how
differs()
{
	diff <(tr ',' '\n' <<<"$1") <(tr ',' '\n' <<<"$2") | grep '^[<>]' | head -n 20 | paste -sd' '
}

# Of a long row: so many are taken at either end, and what is between by strides.
edge=40
stride=${VMNET_FAULTS_STEP:-12}
many=1000000

# after N TOTAL: which one fails next.
after()
{
	if [ "$1" -lt "$edge" ] || [ $(($1 + stride)) -gt $(($2 - edge)) ]; then
		NEXT=$(($1 + 1))
	elif [ "$1" -eq "$edge" ]; then
		NEXT=$(($1 + 1 + RANDOM % stride))
	else
		NEXT=$(($1 + stride))
	fi
}

# is_refused TEXT: all of it, or what dhcp restore has to enter
is_refused()
{
	[[ $1 == *'"error":'* || $1 == *'"refused":[{'* ]]
}

# step WORDS UNDO: its allocations.
faults=0
refusals=0
stepped=0
step()
{
	local words=$1 undo=${2//;/$'\n'} n said used base goal message refused=0 tried=0
	local total plain
	local -A seen=()

	state || return 1
	base=$STATE
	# None of them fails; it is how many there are.
	ask "#fail $many
$words" || return 1
	total=$((many - ${HOW//[^0-9]/}))
	if [ "$undo" != - ]; then
		! is_refused "$SAID" || fail_test "$words: $SAID"
		plain=$SAID
		state || return 1
		goal=$STATE
		ask "$undo" || return 1
		[ -z "$SAID" ] || fail_test "$undo: $SAID"
		state || return 1
		[ "$STATE" = "$base" ] || fail_test "$words; $undo: $(differs "$base" "$STATE")"
		base=$STATE
	fi
	for ((n = 1; ; n = NEXT)); do
		after "$n" "$total"
		ask "#fail $n
$words" || return 1
		said=$SAID used=$HOW
		[ -z "${VMNET_VERBOSE:-}" ] || echo "# $SECONDS s, fault $n: $used ${said//$'\n'/ }"
		[[ $used == used* ]] || break
		tried=$((tried + 1))
		if is_refused "$said"; then
			refused=$((refused + 1))
			message=${said##*'"message":"'}
			# dhcp restore says it of each lease.
			message=${message##*'"error":"'}
			message=${message%%'"'*}
			seen[$message]=$((${seen[$message]:-0} + 1))
			[[ $message == *' '* ]] || fail_test "$words, fault $n: no sentence: $said"
		elif [[ $undo != - && $said != "$plain" ]]; then
			fail_test "$words, fault $n: said $said"
		fi
		# Nobody is to change anything by reading.
		[ "$undo" != - ] || continue
		if [[ $used != *lost* ]] && ! is_refused "$said"; then
			state || return 1
			[ "$STATE" = "$goal" ] ||
				fail_test "$words, fault $n, said to be done: $(differs "$goal" "$STATE")"
		fi
		# Nobody knows whether it was done if the answer was lost.
		if [[ $used == *lost* ]] || ! is_refused "$said"; then
			ask "$undo" || return 1
			[[ -z $SAID || $used == *lost* ]] ||
				fail_test "$words, fault $n, was done; undone: $SAID"
		fi
		state || return 1
		if [ "$STATE" != "$base" ]; then
			fail_test "$words, fault $n ($used), said '$said': $(differs "$base" "$STATE")"
			base=$STATE
		fi
	done
	! is_refused "$said" || fail_test "$words, without a fault: $said"
	if [ "$undo" != - ]; then
		ask "$undo"
		[ -z "$SAID" ] || fail_test "$words, undone: $SAID"
	fi
	state || return 1
	[ "$STATE" = "$base" ] || fail_test "$words, in the end: $(differs "$base" "$STATE")"
	faults=$((faults + tried))
	refusals=$((refusals + refused))
	echo "# $tried faults of about $total, $refused refusals"
	for message in "${!seen[@]}"; do
		echo "#   ${seen[$message]} times: $message"
		saw "$message"
		[ "$message" != "Structure needs cleaning" ] || stepped=$((stepped + ${seen[$message]}))
	done
}

netdevs()
{
	ip -o link show | sed -E 's/^[0-9]*: ([^:]*):.*/\1/' | sort
	ip -n "$a" -o link show | sed -E 's/^[0-9]*: ([^:]*):.*/\1/' | sort
}
before=$(netdevs)
while IFS='|' read -r words undo; do
	words=${words% } undo=${undo# }
	[[ $words == *${VMNET_FAULTS:-}* ]] || continue
	test_begin "$words: no fault of the kernel's memory does more than refuse it"
	step "$words" "$undo"
	check_err $? "vmnetctl has ended, or hangs"
	log_test
	kill -0 "$ctl_pid" 2>/dev/null || break
done < <(rows)

test_begin "no netdev is left, and there were faults: $faults, of which $refusals refused"
check_eq "$(netdevs)" "$before" "netdevs"
[ "$faults" -gt 0 ] && [ "$refusals" -gt 0 ]
check_err $? "faults"
[ -n "${VMNET_FAULTS:-}" ] || [ "$stepped" -gt 0 ]
check_err $? "no step of vmnet's has failed"
log_test

# --- the end ---------------------------------------------------------------------------

test_begin "afterwards the network works, and the module goes"
check_frames 1 "a frame of a's at b" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0"
eval "exec ${CTL[1]}>&-"
ctl reset
cleanup
refcount_is()
{
	[ "$(cat /sys/module/vmnet/refcnt)" = "$1" ]
}
rmmod vmnet_tap
busywait 10 refcount_is 0
check_err $? "references: $(cat /sys/module/vmnet/refcnt)"
rmmod vmnet
check_err $? "rmmod"
log_test

figure "$faults" "faults injected"
test_end
