#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Several networks on one real adapter: of different VLANs, between which nothing
# passes, and of the same one, between which everything does.
#
#	 red ── r, s    blue ── b, u    rosy ── q
#	  │ VLAN 10      │ VLAN 20       │ VLAN 10
#	  └──────────────┴───────────────┘
#	                host1, then host2
#	                 │
#	               cable
#	                 │
#	                lan: sw, sw.10, sw.20
#
# s and u send fences: all that r and b have sent is before them, at red's and
# blue's ports and on the wire.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/niclib.sh"

require tcpdump
setup_nics host1 host2
make_lan lan1 lan2 || exit 1
load_vmnet

V=$VMNETCTL
S=02:00:5e:00:53
r='' s='' b='' u='' q=''
setup_ns r s b u q
silence "$r" "$s" "$b" "$u" "$q"
ip netns exec "$lan" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
for vid in 10 20; do
	ip -n "$lan" link add link sw name sw.$vid type vlan id $vid
	ip -n "$lan" link set sw.$vid up
done
defer ctl reset
"$V" -b - <<END || exit 1
network add red
network add blue
port add pr network red netns $r ifname eth0
port add ps network red netns $s ifname eth0
port add pb network blue netns $b ifname eth0
port add pu network blue netns $u ifname eth0
END
for ns in r s b u; do
	busywait 5 carrier "${!ns}" eth0 1
done
R=$(mac_of "$r" eth0)
B=$(mac_of "$b" eth0)

# tags_of NETDEV on|off: whether the NIC inserts and takes out tags itself. It
# starts anew for that, and has no carrier for a while.
tags_of()
{
	ethtool -K "$1" txvlan "$2" rxvlan "$2" &&
		busywait 20 has_carrier '' "$1" 1
}

# leave WANTED MESSAGE WORD...: what is sent by nics arrives at r, s, b, u and the
# wire. come: what is sent on the wire arrives at r, s, b and u.
leave()
{
	local wanted=$1 message=$2

	shift 2
	check_frames "$wanted" "$message, at r s b u wire" tags 1 "${inside[@]}" rx "$lan:$cable" \
		fence "$s:eth0" fence "$u:eth0" fence "$r:eth0" fence "$b:eth0" "$@"
}

come()
{
	local wanted=$1 message=$2

	shift 2
	check_frames "$wanted" "$message, at r s b u" tags 1 "${inside[@]}" \
		fence "$lan:sw.10" fence "$lan:sw.20" "$@"
}

for role in host1 host2; do
	dev=${!role}
	cable=${role/host/lan}
	cable=${!cable}
	inside=(rx "$r:eth0" rx "$s:eth0" rx "$b:eth0" rx "$u:eth0")
	nothing="0:- 0:- 0:- 0:-"
	nic_up "$dev"

	test_begin "$role: two networks are bound to two VLANs of one adapter"
	ctl network set red uplink "$dev" vlan 10
	check_err $? "red"
	ctl network set blue uplink "$dev" vlan 20
	check_err $? "blue"
	log_test

	test_begin "$role: broadcasts, multicasts, unknown addresses leave in their VLAN"
	for kind in ff:ff:ff:ff:ff:ff 01:00:5e:00:53:01 33:33:00:00:00:99; do
		leave "0:- 1:- 0:- 0:- 1:10" "$kind from red" tx "$r:eth0" dst $kind
		leave "0:- 0:- 0:- 1:- 1:20" "$kind from blue" tx "$b:eth0" dst $kind
	done
	leave "0:- 0:- 0:- 0:- 1:10" "unknown unicast from red" tx "$r:eth0" dst $S:99
	leave "0:- 0:- 0:- 0:- 1:20" "unknown unicast from blue" tx "$b:eth0" dst $S:99
	log_test

	test_begin "$role: and come in in theirs"
	come "1:- 1:- 0:- 0:-" "broadcast in VLAN 10" tx "$lan:sw" vlan 10
	come "0:- 0:- 1:- 1:-" "broadcast in VLAN 20" tx "$lan:sw" vlan 20
	come "1:- 0:- 0:- 0:-" "unicast to r in VLAN 10" tx "$lan:sw" vlan 10 dst "$R"
	come "0:- 0:- 1:- 0:-" "unicast to b in VLAN 20" tx "$lan:sw" vlan 20 dst "$B"
	come "$nothing" "in no VLAN, or another" tx "$lan:sw" tx "$lan:sw" vlan 30 \
		tx "$lan:sw" vlan 0 pcp 7 tx "$lan:sw" dst "$R" tx "$lan:sw" vlan 4094 dst "$B"
	log_test

	test_begin "$role: a unicast to an address of the other network stays out of it"
	leave "0:- 0:- 0:- 0:- 1:10" "from red to b" tx "$r:eth0" dst "$B"
	leave "0:- 0:- 0:- 0:- 1:20" "from blue to r" tx "$b:eth0" dst "$R"
	come "$nothing" "to b in VLAN 10, to r in VLAN 20" \
		tx "$lan:sw" vlan 10 dst "$B" tx "$lan:sw" vlan 20 dst "$R"
	log_test

	# QEMU's e1000e writes the tag that it should insert over one that is there.
	[ "$role" != host2 ] || tags_of "$dev" off
	test_begin "$role: a guest's own tag does not choose the VLAN"
	leave "0:- 1:20 0:- 0:- 1:10.20" "VLAN 20 from red" tx "$r:eth0" vlan 20
	leave "0:- 1:20.10 0:- 0:- 1:10.20.10" "two tags from red" tx "$r:eth0" tag 20 vlan 10
	leave "0:- 1:ad20 0:- 0:- 1:10.ad20" "a provider's from red" tx "$r:eth0" qinq 20
	leave "0:- 0:- 0:- 1:10 1:20.10" "VLAN 10 from blue" tx "$b:eth0" vlan 10
	log_test
	[ "$role" != host2 ] || tags_of "$dev" on

	test_begin "$role: nor do tags within tags on the wire"
	come "1:20 1:20 0:- 0:-" "VLAN 20 in VLAN 10" tx "$lan:sw" tag 10 vlan 20
	come "0:- 0:- 1:10 1:10" "VLAN 10 in VLAN 20" tx "$lan:sw" tag 20 vlan 10
	come "$nothing" "VLAN 10 in a provider's 20" tx "$lan:sw" qinq 20 vlan 10 tx "$lan:sw" qinq 10
	log_test

	test_begin "$role: a forged source does not leave"
	was=$(drop_count red pr forged_source)
	leave "0:- 0:- 0:- 0:- 0:-" "with the address of b, of s" tx "$r:eth0" src "$B" \
		tx "$r:eth0" src "$(mac_of "$s" eth0)"
	check_drops red pr forged_source "$was" 2
	log_test

	test_begin "$role: both at once, in both directions"
	check_frames "20:- 20:- 40:mixed" "at r b wire" tags 1 rx "$r:eth0" want 20 \
		rx "$b:eth0" want 20 rx "$lan:$cable" want 40 \
		tx "$r:eth0" dst $S:99 count 20 tx "$b:eth0" dst $S:99 count 20 \
		tx "$lan:sw" vlan 10 dst "$R" count 20 tx "$lan:sw" vlan 20 dst "$B" count 20 \
		pause 500
	log_test

	test_begin "$role: super-packets of guests arrive in their VLAN"
	# Real addresses, since a switch may look at what it passes.
	ip -n "$r" addr replace 198.51.100.2/24 dev eth0
	ip -n "$lan" addr replace 198.51.100.1/24 dev sw.10
	busywait 5 pings "$r" 198.51.100.1
	check_err $? "control: no ping"
	streams "$r" "$lan" 198.51.100.1 5203
	check_err $? "octets there and back: $STREAMED"
	log_test

	test_begin "$role: the counters balance"
	check_balance red
	check_balance blue
	log_test
	ctl network set red uplink none
	ctl network set blue uplink none
	bare_nic "$dev"
done

# --- one segment --------------------------------------------------------------------------

dev=$host1
cable=$lan1
nic_up "$dev"
"$V" -b - <<END
network add rosy uplink $dev vlan 10
network set red uplink $dev vlan 10
network set blue uplink $dev vlan 20
port add pq network rosy netns $q ifname eth0
END
busywait 5 carrier "$q" eth0 1
Q=$(mac_of "$q" eth0)
all=(rx "$r:eth0" rx "$q:eth0" rx "$b:eth0" rx "$lan:$cable")

test_begin "two networks of one VLAN are two switches on one segment"
check_frames "0:- 2:- 0:- 2:10" "from red, at r q b wire" tags 1 "${all[@]}" \
	fence "$s:eth0" fence "$u:eth0" tx "$r:eth0" count 2
check_frames "2:- 0:- 0:- 2:10" "from rosy, at r q b wire" tags 1 "${all[@]}" \
	fence "$q:eth0" fence "$s:eth0" fence "$u:eth0" tx "$q:eth0" count 2
check_frames "1:- 1:- 0:-" "from the wire, at r q b" tags 1 rx "$r:eth0" rx "$q:eth0" \
	rx "$b:eth0" fence "$lan:sw.10" fence "$lan:sw.20" tx "$lan:sw" vlan 10
log_test

test_begin "and unicast passes between them, in one direction and the other"
check_frames "3 0" "from red to q, at q b" rx "$q:eth0" rx "$b:eth0" \
	fence "$s:eth0" fence "$u:eth0" tx "$r:eth0" dst "$Q" count 3
check_frames "3 0" "from rosy to r, at r b" rx "$r:eth0" rx "$b:eth0" \
	fence "$q:eth0" fence "$u:eth0" tx "$q:eth0" dst "$R" count 3
ip -n "$q" addr add 198.51.100.3/24 dev eth0
ip -n "$r" addr replace 198.51.100.2/24 dev eth0
busywait 5 pings "$r" 198.51.100.3 && busywait 5 pings "$q" 198.51.100.1
check_err $? "no ping"
log_test

# --- DHCP of several servers on one segment --------------------------------------------------

# offered WHERE: from which range; nothing if nobody answers. Three times, since
# the fastest of two would answer most of the time only. Answers are to all: a
# bridge does not pass on to itself what is for the address of a made-up client.
offered()
{
	local i got

	for i in 1 2 3; do
		got=$("$VMNET_BIN/dhcpc" "$1" discover mac "02:00:00:00:01:0$i" flags 0x8000 wait 700 2>/dev/null)
		sed -n 's/^yiaddr=\([0-9]*\.[0-9]*\)\..*/\1/p' <<<"$got"
	done | sort -u | paste -sd' '
}

test_begin "each network's server answers its own guests"
ctl dhcp set red subnet 10.77.0.0/24
ctl dhcp set rosy subnet 10.88.0.0/24
check_eq "$(offered "$r:eth0")" 10.77 "to r"
check_eq "$(offered "$q:eth0")" 10.88 "to q"
log_test

test_begin "and neither one of the LAN, nor of another VLAN"
check_eq "$(offered "$lan:sw.10")" "" "in VLAN 10 of the LAN"
check_eq "$(offered "$lan:sw.20")" "" "in VLAN 20 of the LAN"
check_eq "$(offered "$b:eth0")" "" "to b"
log_test

test_begin "a guest without a server of its own is not answered by the other network's"
ctl dhcp set rosy enable off
check_eq "$(offered "$q:eth0")" "" "to q"
ctl dhcp set rosy enable on
check_eq "$(offered "$q:eth0")" 10.88 "to q, with its own"
log_test

test_begin "unless it is told to"
ctl network set red uplink-dhcp on
check_err $? "uplink-dhcp on"
check_eq "$(offered "$lan:sw.10")" 10.77 "in VLAN 10 of the LAN"
check_eq "$(offered "$lan:sw.20")" "" "in VLAN 20 of the LAN"
ctl network set red uplink-dhcp off
check_eq "$(offered "$lan:sw.10")" "" "in VLAN 10 of the LAN, off again"
log_test

test_begin "the counters balance"
for network in red blue rosy; do
	check_balance $network
done
log_test

test_end
