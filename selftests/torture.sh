#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything at once: networks, ports and namespaces come and go, ports are moved,
# renamed and changed under traffic and DHCP, uplinks vanish, readers hang, the module
# is to be unloaded. Then all of it ends, and nothing may be left: no object, no
# reference, no memory.
#
#	   lab, DHCP ── pa a:eth0, pb b:eth0, pc c:eth0     stays; a and b flood, pa and
#	    │                                              pb come and go, pc is left alone
#	    └── vb0 ── vb1 (veth)                           lent, behind it a thousand stations
#	   t0 ... t3 ── q0 ... q11                          come and go, here, in a, b and c
#	   u0 ... u2 ── ub0 ... ub2 (veth), bond7           uplinks, that vanish
#	   x: random messages of netlink                    (nlfuzz.c)
#
# VMNET_TORTURE=SECONDS (60); a third of it before that is the warm-up, after which
# memory is measured. It goes on for longer where some kind of work was not done yet, so
# a slow machine only does less of each. VMNET_SEED=N for the same work in the same
# order, as far as there is an order among many.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/loadlib.sh"

seconds=${VMNET_TORTURE:-60}
seed=${VMNET_SEED:-$((RANDOM * 32768 + RANDOM))}

unload_vmnet
modprobe -q bonding max_bonds=0
for module in veth bonding 8021q; do
	modprobe -q $module || skip_all "no module $module"
done
# Names only: the machine's own NICs may be up or down.
links() { ip -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'; }
links=$(links)
spaces=$(ip netns list)
load_vmnet
load_vmnet_tap
a='' b='' c='' x=''

# --- workers ------------------------------------------------------------------------

# What has to be done at least once, by whatever name plan() was told.
KINDS=("networks made" "networks deleted" "networks renamed" "ports made" "taps made"
	"ports deleted" "ports attached" "ports detached" "ports moved" "ports renamed"
	"ports changed" "networks changed" "netdevs changed"
	"netdevs to other namespaces" "namespaces made" "namespaces deleted"
	"netdevs lent" "uplinks bound" "uplinks unbound" "uplinks made" "uplinks gone"
	"uplinks renamed" "uplinks changed" "leases given" "frames sent" "messages sent"
	"dumps read" "readers held" "taps used" "rmmod refused" "CPUs gone")
WORKERS=(objects1 objects2 owners spaces uplinks binds lends readers held flood floodup
	clients taps messages modules cpus)

# turn N: so many at a time; less on a slow machine, where they would take minutes, and
# nothing counts before all of them are done.
turn()
{
	echo $(($1 / VMNET_SLOW))
}

objects_line()
{
	local q=q$((RANDOM % 12)) t=t$((RANDOM % 4)) p

	case $((RANDOM % 27)) in
	0 | 1) plan "networks made" "network add $t" ;;
	2) plan "networks made" "network add $t dhcp 10.78.0.0/24 host on" ;;
	3) plan "networks deleted" "network del $t" ;;
	4 | 5 | 6) one "$a" "$b" "$c" && plan "ports made" "port add $q network $t netns $ONE" ;;
	7) plan "ports made" "port add $q" ;;
	8) plan "taps made" "port add $q type tap network $t" ;;
	9 | 10) plan "ports deleted" "port del $q" ;;
	11) one lab "$t" && plan "ports attached" "port attach $q network $ONE" ;;
	12) one lab "$t" && plan "ports moved" "port move $q network $ONE" ;;
	13) plan "ports detached" "port detach $q" ;;
	14)
		# Those that are flooded by, and served.
		one pa pb && p=$ONE
		plan "ports detached" "port detach $p"
		plan "ports attached" "port attach $p network lab"
		;;
	15)
		one pa pb && p=$ONE
		plan "ports moved" "port move $p network $t"
		plan "ports moved" "port move $p network lab"
		;;
	16) one "$a" "$b" "$c" 1 && plan "netdevs to other namespaces" "port set $q netns $ONE" ;;
	17) one 68 1400 9000 auto && plan "ports changed" "port set $q mtu $ONE" ;;
	18) one auto 02:00:5e:00:00:01 02:00:5e:00:00:02 && plan "ports changed" "port set $q mac $ONE" ;;
	19) one "vlan 10" "vlan none" "trunk 10,20-29 native 10" && plan "ports changed" "port set $q $ONE" ;;
	20) one on off && plan "ports changed" "port set $q learning $ONE guard-mac $ONE" ;;
	21) plan "ports renamed" "port set $q name q$((RANDOM % 12))" ;;
	22) plan "networks renamed" "network set $t name t$((RANDOM % 4))" ;;
	23) one "mtu 1000" "mtu 9000" "mtu 1500" "host on" "host off" "label x" "notes y" &&
		plan "networks changed" "network set $t $ONE" ;;
	24) one "subnet 10.78.0.0/24" "subnet 10.79.0.0/20" none &&
		plan "networks changed" "dhcp set $t $ONE" ;;
	25) plan "networks changed" "fdb add lab mac 02:00:5e:00:01:0$((RANDOM % 10)) port $q" ;;
	26)
		plan "networks changed" "reservation add lab port $q ip 10.77.0.$((RANDOM % 250 + 2))"
		plan "networks changed" "lease del lab 10.77.0.$((RANDOM % 250 + 2))"
		plan "networks changed" "fdb flush lab"
		;;
	esac
}

work_objects()
{
	local i many

	many=$(turn 30)
	for ((i = 0; i < many; i++)); do
		objects_line
	done
	by_ctl
}

owners_line()
{
	local q=q$((RANDOM % 12))

	case $((RANDOM % 11)) in
	0) plan "netdevs changed" "link set dev $q down" ;;
	1) plan "netdevs changed" "link set dev $q up promisc on" ;;
	2) plan "netdevs changed" "link set dev $q address 02:00:5e:00:02:0$((RANDOM % 10))" ;;
	3) plan "netdevs changed" "link set dev $q mtu $((RANDOM % 3000 + 1000))" ;;
	4) plan "netdevs changed" "link set dev $q name q$((RANDOM % 12))" ;;
	5) plan "netdevs changed" "maddr add 33:33:00:00:00:0$((RANDOM % 10)) dev $q" ;;
	6) plan "netdevs changed" "link set dev $q txqueuelen $((RANDOM % 1000 + 1))" ;;
	7) one "$a" "$b" "$c" 1 && plan "netdevs to other namespaces" "link set dev $q netns $ONE" ;;
	8) plan "ports deleted" "link del dev $q" ;;
	9) plan "netdevs changed" "link set dev eth0 down"
		plan "netdevs changed" "link set dev eth0 up" ;;
	10) plan "netdevs changed" "link add link $q name $q.5 type vlan id 5" ;;
	esac
}

# The netdevs' owners, who know nothing of vmnet.
work_owners()
{
	local i many

	many=$(turn 20)
	for ((i = 0; i < many; i++)); do
		owners_line
	done
	one "$a" "$b" ""
	by_ip "$ONE"
}

# A namespace with ports of networks elsewhere, a network of its own, whose ports are
# elsewhere, and an uplink for that; it dies with all of them, under traffic or not.
work_spaces()
{
	local ns=torture-$$ pid=''

	ip netns add "$ns" && count "namespaces made" 1
	plan "ports made" "port add n1 network lab netns $ns"
	plan "ports made" "port add n2 network t0 netns $ns"
	plan "ports made" "port add n3 netns $ns"
	plan "netdevs to other namespaces" "port set q$((RANDOM % 12)) netns $ns"
	by_ctl
	ip -n "$ns" link add nu0 type veth peer name nu1 2>/dev/null
	plan "networks made" "network add t0 dhcp 10.78.0.0/24 uplink nu0 vlan 7"
	plan "ports made" "port add n4 network t0 netns $a"
	plan "ports made" "port add n5 network t0"
	by_ctl "$ns"
	if one "" 1 && [ -n "$ONE" ]; then
		frame seconds 1 pause 500 tx "$ns:n1" tx "$ns:n5" >/dev/null 2>&1 &
		pid=$!
	fi
	ip netns del "$ns" && count "namespaces deleted" 1
	[ -z "$pid" ] || wait "$pid"
}

uplinks_line()
{
	local k=$((RANDOM % 3))

	case $((RANDOM % 11)) in
	0 | 1 | 2)
		plan "uplinks made" "link add ub$k type veth peer name uw$k"
		plan "uplinks changed" "link set dev uw$k up"
		plan "uplinks changed" "link set dev ub$k up"
		;;
	3) plan "uplinks gone" "link del dev ub$k" ;;
	4)
		# What is there already is refused; then there is one for sure.
		plan "uplinks made" "link add ub$k type veth peer name uw$k"
		plan "uplinks changed" "link set dev ub$k down"
		plan "uplinks renamed" "link set dev ub$k name uc$k"
		plan "uplinks renamed" "link set dev uc$k name ub$k"
		plan "uplinks changed" "link set dev ub$k up"
		;;
	5) plan "uplinks changed" "link set dev ub$k mtu $((RANDOM % 2000 + 1000))" ;;
	6) plan "uplinks changed" "link set dev ub$k address 02:00:5e:00:03:0$((RANDOM % 10))" ;;
	7) one down up && plan "uplinks changed" "link set dev uw$k $ONE" ;;
	8)
		plan "uplinks changed" "link add link ub$k name ub$k.10 type vlan id 10"
		plan "uplinks changed" "link del dev ub$k.10"
		;;
	9)
		plan "uplinks made" "link add bond7 type bond mode active-backup miimon 100"
		plan "uplinks changed" "link set dev ub$k down"
		plan "uplinks changed" "link set dev ub$k master bond7"
		plan "uplinks changed" "link set dev bond7 up"
		;;
	10) plan "uplinks gone" "link del dev bond7" ;;
	esac
}

work_uplinks()
{
	local i many

	many=$(turn 10)
	for ((i = 0; i < many; i++)); do
		uplinks_line
	done
	# Away, and back after the others have had their turn.
	plan "uplinks gone" "link set dev ub0 netns $x"
	by_ip
	plan "netdevs to other namespaces" "link set dev ub0 netns 1"
	by_ip "$x"
}

binds_line()
{
	local u=u$((RANDOM % 3)) k=$((RANDOM % 3))

	case $((RANDOM % 9)) in
	0 | 1) plan "networks made" "network add $u" ;;
	2)
		plan "networks made" "network add $u"
		one "" "vlan 10" "trunk 10,20-29 native 10" &&
			plan "uplinks bound" "network set $u uplink ub$k $ONE"
		;;
	3) plan "uplinks bound" "network set $u uplink bond7" ;;
	4) plan "uplinks unbound" "network set $u uplink none" ;;
	5) one "host on" "host off" "uplink-follow on" "uplink-follow off" "uplink-dhcp on" &&
		plan "networks changed" "network set $u $ONE" ;;
	6) plan "ports made" "port add v$k network $u netns $b" ;;
	7) plan "ports deleted" "port del v$k" ;;
	8) plan "networks deleted" "network del $u" ;;
	esac
}

work_binds()
{
	local i many

	many=$(turn 15)
	for ((i = 0; i < many; i++)); do
		binds_line
	done
	by_ctl
}

# A netdev of others is lent, and taken back in several ways.
work_lends()
{
	plan "netdevs changed" "link add vb0 type veth peer name vb1"
	plan "netdevs changed" "link set dev vb0 up"
	plan "netdevs changed" "link set dev vb1 up"
	by_ip
	plan "netdevs lent" "port attach vb0 network lab"
	by_ctl
	frame tx ":vb1" step 1 count 1000 >/dev/null 2>&1 && count "frames sent" 1000
	case $((RANDOM % 4)) in
	0) plan "ports detached" "port detach vb0" && by_ctl ;;
	1) plan "netdevs changed" "link set dev vb0 nomaster" && by_ip ;;
	2) plan "netdevs to other namespaces" "link set dev vb0 netns $c" && by_ip ;;
	3) plan "netdevs changed" "link del dev vb1" && by_ip ;;
	esac
	ip link del vb1 2>/dev/null
}

work_readers()
{
	local what

	for what in network port dhcp lease fdb reservation stats hostif host; do
		"$VMNETCTL" -j -s "$what" show >/dev/null 2>&1
		count "dumps read" 1
	done
	ip -d -j link >/dev/null 2>&1
	bridge fdb >/dev/null 2>&1
	cat /sys/class/net/*/vmnet/* /sys/class/net/*/vmnet/*/* \
		/sys/class/net/*/vmnet/ports/*/* >/dev/null 2>&1
	count "dumps read" 3
}

# Who has begun to read and does not go on, while the others do.
work_held()
{
	local pid='' fd=''

	case $((RANDOM % 5)) in
	0) "$VMNETCTL" monitor all >/dev/null 2>&1 & pid=$! ;;
	1) "$VMNETCTL" -j -s port show >/dev/null 2>&1 & pid=$! ;;
	2) "$VMNET_BIN/frame" deadline 60 rx "$b:eth0" want 1000000000 >/dev/null 2>&1 & pid=$! ;;
	3) { exec {fd}</sys/class/net/lab/vmnet/ports/pa/drops; } 2>/dev/null ;;
	4)
		plan "taps made" "port add k0 type tap network lab"
		by_ctl
		# No file is to be made where there is no node.
		[ ! -c /dev/vmnet/k0 ] || { exec {fd}<>/dev/vmnet/k0; } 2>/dev/null
		plan "ports deleted" "port del k0"
		;;
	esac
	others_do 1
	[ -z "$pid" ] || kill -STOP "$pid" 2>/dev/null
	by_ctl
	others_do 2
	if [ -n "$pid" ]; then
		# Some have come to their end by themselves.
		kill -CONT "$pid" 2>/dev/null
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	elif [ -n "$fd" ]; then
		read -r -t 0.1 -N 1 -u "$fd" 2>/dev/null
		exec {fd}>&-
	fi
	[ -z "$pid$fd" ] || count "readers held" 1
}

# frames FRAME-WORD...: for three seconds; netdevs may go meanwhile.
frames()
{
	local sent

	sent=$(frame seconds 3 show 1 "$@" 2>/dev/null)
	[[ ! $sent =~ ^sent\ ([0-9]+) ]] || count "frames sent" "${BASH_REMATCH[1]}"
}

# From both ends of lab: to each other, to all, super-packets, in a foreign name.
work_flood()
{
	local other

	(
		frames cpu 0 pause 2000 tx "$a:eth0" tx "$a:eth0" dst "@$b:eth0" \
			tx "$a:eth0" dst "@$b:eth0" gso 1400 len 20000
		report
	) &
	other=$!
	frames cpu 1 pause 2000 tx "$b:eth0" tx "$b:eth0" dst "@$a:eth0" \
		tx "$b:eth0" src 02:00:5e:00:00:99 tx "$b:eth0" vlan 10
	wait "$other"
}

# On both sides of an uplink, and from a port that may be on it.
work_floodup()
{
	local k=$((RANDOM % 3))

	one ":ub$k" ":uw$k" ":bond7" "$b:v$k" "$a:q$k" ":t$k" ":u$k"
	frames pause 1000 tx "$ONE" tx "$ONE" vlan 10 tx "$ONE" gso 1400 len 20000
}

work_clients()
{
	local port line

	"$VMNET_BIN/dhcpc" "$a:eth0" flood 100 >/dev/null 2>&1
	for port in "$b:eth0" "$c:eth0"; do
		while read -r line; do
			[[ $line != exchanges=* ]] || count "leases given" "${line#*=}"
		done < <("$VMNET_BIN/dhcpload" "$port" 64 window 16 timeout 1000 limit 10 \
			first $((RANDOM % 32 * 64)) 2>/dev/null)
	done
}

# A tap is used while it is plugged, renamed and deleted.
work_taps()
{
	local pid

	plan "taps made" "port add k1 type tap network lab"
	by_ctl
	"$VMNET_BIN/tapio" churn /dev/vmnet/k1 seconds 2 >/dev/null 2>&1 &
	pid=$!
	plan "ports detached" "port detach k1"
	plan "ports attached" "port attach k1 network lab"
	plan "ports moved" "port move k1 network t1"
	plan "ports renamed" "port set k1 name k2"
	plan "ports renamed" "port set k2 name k1"
	plan "ports changed" "port set k1 uid 1000"
	plan "ports changed" "port set k1 mtu 9000"
	if one "" 1 && [ -n "$ONE" ]; then
		wait "$pid" && count "taps used" 1
	fi
	plan "ports deleted" "port del k1"
	by_ctl
	wait "$pid"
}

work_messages()
{
	local many

	many=$(turn 500)
	NLFUZZ_NETNS=/run/netns/$c ip netns exec "$x" \
		"$VMNET_BIN/nlfuzz" $((RANDOM * 32768 + RANDOM)) "$many" changes >/dev/null 2>&1 &&
		count "messages sent" "$many"
}

work_modules()
{
	if rmmod vmnet 2>/dev/null; then
		: >"$LOAD/unloaded"
	else
		count "rmmod refused" 1
	fi
	if rmmod vmnet_tap 2>/dev/null; then
		insmod "$VMNET_TAP_KO"
	else
		count "rmmod refused" 1
	fi
	others_do 1
}

work_cpus()
{
	local cpu=/sys/devices/system/cpu/cpu1/online

	others_do 5
	# Where they cannot be switched off there is nothing to be done.
	if [ ! -w "$cpu" ] || { echo 0 >"$cpu" && echo 1 >"$cpu"; } 2>/dev/null; then
		count "CPUs gone" 1
	fi
}

# --- one round of it ---------------------------------------------------------------------

# round SECONDS SEED: all of them at once, until the time is over and each kind of
# work was done; then everything is taken away.
round()
{
	local rc

	setup_ns a b c x || return 1
	ctl -b - <<-END || return 1
		network add lab dhcp 10.77.0.0/20
		port add pa network lab netns $a ifname eth0
		port add pb network lab netns $b ifname eth0
		port add pc network lab netns $c ifname eth0
		port set pb dhcp-limit none dhcp-rate none
		port set pc dhcp-limit none dhcp-rate none
	END
	ip -n "$x" link add fd0 type veth peer name fd1
	workers_start "$2" "${WORKERS[@]}"
	workers_watch $(($1 + 600 * VMNET_SLOW)) worked_until $((SECONDS + $1))
	rc=$?
	workers_stop
	return $rc
}

# worked_until SECOND: the time is over, and each kind was done.
SAID=0
worked_until()
{
	local missing

	[ "$SECONDS" -ge "$1" ] || return
	missing=$(kinds_missing "${KINDS[@]}")
	[ -n "$missing" ] || return 0
	if [ $((SECONDS - SAID)) -ge 20 ]; then
		SAID=$SECONDS
		echo "# after $SECONDS s not done yet: ${missing//$'\n'/, }"
	fi
	return 1
}

# At rest, what came in went somewhere.
balanced()
{
	at_rest lab && [ "$(balance lab)" = 0 ]
}

still_works()
{
	busywait 20 "$VMNET_BIN/dhcpc" "$c:eth0" get mac 02:00:5e:00:04:01 wait 500 >/dev/null
	check_err $? "who was left alone gets no address"
	busywait 20 balanced
	check_err $? "received + replicated + segmented - delivered - consumed - dropped: $(balance lab)"
}

take_away()
{
	local ns name

	for ns in "$a" "$b" "$c" "$x"; do
		ip netns exec "$ns" "$VMNETCTL" reset
		# A netdev of ours would come back to us when its namespace dies.
		for name in ub0 ub1 ub2 uc0 uc1 uc2 vb0; do
			ip -n "$ns" link del "$name"
		done
		delete_ns "$ns"
	done
	"$VMNETCTL" reset
	for name in bond7 ub0 ub1 ub2 uc0 uc1 uc2 vb0; do
		ip link del "$name"
	done
	ip netns del "torture-$$"
} 2>/dev/null

remains()
{
	"$VMNETCTL" -j network show | jq -r '.[].name'
	"$VMNETCTL" -j port show | jq -r '.[].name'
	links | grep -vxF "$links"
	ip netns list | grep -vxF "$spaces"
	find /dev -maxdepth 2 -path '/dev/vmnet/*' -o -path '/dev/tap[0-9]*'
}

gone()
{
	[ -z "$(remains)" ] || return 1
	[ ! -d /sys/module/vmnet_tap ] || rmmod vmnet_tap
	[ "$(cat /sys/module/vmnet/refcnt)" = 0 ]
}

# "Everything" is a number: what was made, in all; and nothing that is left of it.
check_gone()
{
	local left

	take_away
	busywait 30 gone
	check_err $? "left: $(remains | paste -sd' '), references: $(cat /sys/module/vmnet/refcnt)"
	left=$(remains | wc -l)
	figure "$(($(total "networks made") + $(total "ports made") + $(total "taps made") +
		$(total "namespaces made") + $(total "uplinks made") - left))" \
		"objects created and destroyed"
	echo "# made: $(total "networks made") networks," \
		"$(($(total "ports made") + $(total "taps made"))) ports," \
		"$(total "namespaces made") namespaces," \
		"$(total "uplinks made") uplinks; left: $left"
}

# --- the test --------------------------------------------------------------------------------

echo "# seed $seed: VMNET_SEED=$seed does the same"
warm=$(((seconds + 2) / 3))
test_begin "everything at once for $warm s, as a warm-up, and nothing is left"
round "$warm" "$seed"
check_err $? "never done: $(kinds_missing "${KINDS[@]}" | paste -sd,)"
still_works
check_gone
log_test
base=$(memory_settled)

load_vmnet_tap
test_begin "everything at once for $seconds s: all kinds of it are done, and nobody hangs"
round "$seconds" $((seed + 1))
check_err $? "never done: $(kinds_missing "${KINDS[@]}" | paste -sd,)"
totals
check_eq "$([ -e "$LOAD/unloaded" ] && echo yes)" "" "the module was unloaded"
log_test

test_begin "then who was left alone is served, and the sum holds for all that was done"
still_works
log_test

test_begin "everything that was made is gone, and nobody holds the module"
check_gone
log_test

test_begin "the memory of Slab and Percpu is what it was, within one percent"
check_memory "$base"
log_test

test_begin "the module works, and can be unloaded"
a='' b=''
make_lab a b && check_frames 1 "a frame of a's at b" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0"
cleanup
busywait 10 gone
check_err $? "left: $(remains | paste -sd' ')"
rmmod vmnet
check_err $? "rmmod"
log_test

test_end
