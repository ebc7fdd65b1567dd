#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who gets which frame.
#
#	   lab ─────────────────────── the host, while it is a member
#	    ├── pa   a:eth0            other
#	    ├── pb   b:eth0              └── pd   d:eth0
#	    └── pc   c:eth0
#
# Each claim that something does not arrive comes after the same thing arriving.
# All receivers are watched for each frame; "0 5 0" is what a, b and c got.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
a='' b='' c='' d=''
setup_ns d
silence
make_lab a b c || exit 1
silence "$d"
ctl -b - <<-END
	network add other
	port add pd network other netns $d ifname eth0
END
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
C=$(mac_of "$c" eth0)
all=(rx "$a:eth0" rx "$b:eth0" rx "$c:eth0")

# --- unicast, broadcast, multicast ------------------------------------------------

test_begin "a unicast frame reaches its port"
check_frames "5" "frames at b" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" count 5
log_test

test_begin "and no other port"
check_frames "0 5 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst "$B" count 5
log_test

test_begin "and back"
check_frames "5 0 0" "frames at a, b, c" "${all[@]}" fence "$b:eth0" tx "$b:eth0" dst "$A" count 5
log_test

test_begin "a broadcast reaches all other ports, and not its sender"
check_frames "0 5 5" "frames at a, b, c" "${all[@]}" fence "$a:eth0" tx "$a:eth0" count 5
log_test

test_begin "a multicast reaches all other ports, and not its sender"
check_frames "5 0 5" "frames at a, b, c" "${all[@]}" fence "$b:eth0" \
	tx "$b:eth0" dst 01:00:5e:00:00:fb count 5
log_test

test_begin "a multicast of IPv6 does"
check_frames "5 0 5" "frames at a, b, c" "${all[@]}" fence "$b:eth0" \
	tx "$b:eth0" dst 33:33:00:00:00:fb count 5
log_test

# Further copies for one namespace are made in a shorter way, as long as nothing
# differs between its nics.
ctl -b - <<-END
	port add p1 network lab netns $b ifname e1
	port add p2 network lab netns $b ifname e2 queues 2
	port add p3 network lab netns $b ifname e3
	port add p4 network lab netns $b ifname e4
END
several=(rx "$b:eth0" rx "$b:e1" rx "$b:e2" rx "$b:e3" rx "$b:e4" rx "$c:eth0")

test_begin "of several nics in one namespace each gets a broadcast, as it was"
got=$(frame show 1 "${several[@]}" fence "$a:eth0" tx "$a:eth0" len 901)
check_eq "$got" "sent 1
1 901 0 0 0 0
1 901 0 0 0 0
1 901 0 0 0 0
1 901 0 0 0 0
1 901 0 0 0 0
1 901 0 0 0 0" "at b's five and c"
log_test

test_begin "but for one whose MTU is too small: that counts a drop"
ip -n "$b" link set e3 mtu 600
was=$(drop_count lab p3 mtu)
check_frames "5 5 5 0 5 5" "frames at b's five and c" "${several[@]}" fence "$a:eth0" \
	tx "$a:eth0" len 901 count 5
check_eq "$(drop_count lab p3 mtu)" $((was + 5)) "its mtu drops"
log_test

test_begin "with VLANs each gets it with its own tag, or without"
ctl port set p1 trunk 7
ctl port set p2 vlan 7
ctl port set p4 vlan 8
ctl port set pa vlan 7
check_frames "5:7 5:- 0:-" "frames and tags at p1, p2, p4" tags 1 rx "$b:e1" rx "$b:e2" rx "$b:e4" \
	tx "$a:eth0" count 5
ctl port set pa vlan none
for port in p1 p2 p3 p4; do
	ctl port del $port
done
log_test

test_begin "a frame keeps its length and what is in it"
got=$(frame show 1 rx "$b:eth0" rx "$c:eth0" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" len 1514 tx "$a:eth0" dst "$C" len 60)
check_eq "$got" "sent 2
1 1514 0 0 0 0
1 60 0 0 0 0" "at b and c"
log_test

test_begin "a unicast to an address that nobody has reaches no port"
was=$(drop_count lab pa unknown_unicast)
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst 02:00:5e:10:00:01 count 5
log_test

test_begin "and is counted as unknown_unicast at its sender"
check_drops lab pa unknown_unicast "$was" 5
log_test

test_begin "networks do not see each other's broadcasts"
check_frames "5 0" "frames at b, d" rx "$b:eth0" rx "$d:eth0" deadline 10 \
	tx "$a:eth0" count 5
log_test

test_begin "nor each other's addresses"
was=$(drop_count lab pa unknown_unicast)
check_frames "0" "frames at d" rx "$d:eth0" tx "$a:eth0" dst "@$d:eth0" count 5
check_drops lab pa unknown_unicast "$was" 5
log_test

# --- sources ----------------------------------------------------------------------

test_begin "a frame from a forged address is dropped, one from its own is not"
was=$(drop_count lab pa forged_source)
check_frames "0 3 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 3 \
	tx "$a:eth0" dst "$B" src 02:00:5e:10:00:02 count 5
log_test

test_begin "and is counted as forged_source at its sender"
check_drops lab pa forged_source "$was" 5
log_test

test_begin "another port's address is a forged source"
was=$(drop_count lab pa forged_source)
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" src "$C" count 5
check_drops lab pa forged_source "$was" 5
log_test

test_begin "a forged broadcast reaches nobody"
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" src 02:00:5e:10:00:02 count 5
log_test

test_begin "with guard-mac off it may send from any address"
ctl port set pa guard-mac off
check_err $? "port set guard-mac off"
check_frames "0 5 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" src 02:00:5e:10:00:02 count 5
log_test

for src in 01:00:5e:00:00:01 ff:ff:ff:ff:ff:ff 00:00:00:00:00:00; do
	test_begin "a frame from $src is dropped even then, as bad_source"
	was=$(drop_count lab pa bad_source)
	check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
		tx "$a:eth0" dst "$B" src "$src" count 2
	check_drops lab pa bad_source "$was" 2
	log_test
done

test_begin "with guard-mac on again it may not"
ctl port set pa guard-mac on
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" src 02:00:5e:10:00:02 count 5
log_test

# --- destinations that are not relayed ----------------------------------------------

test_begin "01:80:c2:00:00:10 is a multicast as any other"
check_frames "0 1 1" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst 01:80:c2:00:00:10
log_test

test_begin "01:80:c2:00:00:00 to :0f are dropped, as reserved"
was=$(drop_count lab pa reserved)
reserved=()
for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
	reserved+=(tx "$a:eth0" dst "01:80:c2:00:00:0$i")
done
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" "${reserved[@]}"
check_drops lab pa reserved "$was" 16
log_test

test_begin "a frame to its own port does not come back, and counts as same_port"
was=$(drop_count lab pa same_port)
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$A" count 5
check_drops lab pa same_port "$was" 5
log_test

# --- what is up and what is not --------------------------------------------------------

test_begin "a frame to a port whose netdev is down is dropped there, as port_down"
was=$(drop_count lab pb port_down)
ip -n "$b" link set eth0 down
check_frames "0 0" "frames at a, c" rx "$a:eth0" rx "$c:eth0" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 5
check_drops lab pb port_down "$was" 5
log_test

test_begin "a broadcast passes it by without a drop"
was=$(drop_count lab pb port_down)
check_frames "5" "frames at c" rx "$c:eth0" fence "$a:eth0" tx "$a:eth0" count 5
check_drops lab pb port_down "$was" 0
log_test

test_begin "up again, it gets both"
ip -n "$b" link set eth0 up
check_frames "0 10 5" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 5 tx "$a:eth0" count 5
log_test

test_begin "a frame to a detached port's address is an unknown unicast"
ctl port detach pb
was=$(drop_count lab pa unknown_unicast)
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" tx "$a:eth0" dst "$B" count 5
check_drops lab pa unknown_unicast "$was" 5
log_test

test_begin "attached again, it gets frames again"
ctl port attach pb network lab
busywait 5 carrier "$b" eth0 1
check_frames "0 5 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 5
log_test

test_begin "a network that is down forwards nothing, and takes its ports' carrier"
ip link set lab down
busywait 5 carrier "$a" eth0 0
check_err $? "a still has a carrier"
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" tx "$a:eth0" dst "$B" count 5
log_test

test_begin "up again it does, with a carrier"
ip link set lab up
busywait 5 carrier "$a" eth0 1
check_err $? "a has no carrier"
check_frames "0 5 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 5
log_test

test_begin "a broadcast where no other port is up counts as no_receiver"
was=$(drop_count lab pa no_receiver)
ip -n "$b" link set eth0 down
ip -n "$c" link set eth0 down
frame tx "$a:eth0" count 5
check_drops lab pa no_receiver "$was" 5
ip -n "$b" link set eth0 up
ip -n "$c" link set eth0 up
log_test

# --- addresses in use -----------------------------------------------------------------

test_begin "a new address gets frames at once, the old one none any more"
ip -n "$b" link set eth0 address 02:00:5e:10:00:0b
check_err $? "ip link set address"
was=$(drop_count lab pa unknown_unicast)
check_frames "0 3 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst 02:00:5e:10:00:0b count 3 tx "$a:eth0" dst "$B" count 5
check_drops lab pa unknown_unicast "$was" 5
log_test

test_begin "and may send from it at once, from the old one no more"
was=$(drop_count lab pb forged_source)
check_frames "3 0 0" "frames at a, b, c" "${all[@]}" fence "$b:eth0" \
	tx "$b:eth0" dst "$A" count 3 tx "$b:eth0" dst "$A" src "$B" count 5
check_drops lab pb forged_source "$was" 5
ctl port set pb mac auto
log_test

# --- devices on top of a nic ------------------------------------------------------------

test_begin "a tagged frame passes with its tag, since a network is transparent to tags"
check_eq "$(frame show 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" vlan 77 count 3)" \
	"sent 3
3 56 0 0 3 77" "at b"
log_test

test_begin "VLAN devices on nics reach each other"
ip -n "$a" link add link eth0 name eth0.7 type vlan id 7
ip -n "$b" link add link eth0 name eth0.7 type vlan id 7
ip -n "$a" addr add 192.0.2.1/24 dev eth0.7
ip -n "$b" addr add 192.0.2.2/24 dev eth0.7
ip -n "$a" link set eth0.7 up
ip -n "$b" link set eth0.7 up
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping over VLAN 7"
log_test

test_begin "and no VLAN device of another tag"
ip -n "$c" link add link eth0 name eth0.8 type vlan id 8
ip -n "$c" addr add 192.0.2.3/24 dev eth0.8
ip -n "$c" link set eth0.8 up
pings "$a" 192.0.2.3
check_fail $? "a ping from VLAN 7 to VLAN 8"
ip -n "$a" link del eth0.7
ip -n "$b" link del eth0.7
ip -n "$c" link del eth0.8
log_test

# fdb_has MAC PORT
fdb_has()
{
	"$VMNETCTL" -j fdb show lab | jq -e --arg mac "$1" --arg port "$2" \
		'any(.[]; .mac == $mac and .port == $port)' >/dev/null
}

test_begin "a macvlan on a nic has its address in the forwarding table"
modprobe -q macvlan
ip -n "$b" link add link eth0 name mv0 address 02:00:5e:10:00:11 type macvlan mode bridge
ip -n "$b" addr add 192.0.2.2/24 dev mv0
ip -n "$b" link set mv0 up
busywait 5 fdb_has 02:00:5e:10:00:11 pb
check_err $? "its address is not in the table: $(ctl fdb show lab)"
log_test

test_begin "and gets and sends frames with it"
ip -n "$a" addr add 192.0.2.1/24 dev eth0
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping to the macvlan"
log_test

test_begin "its address is gone when it is"
ip -n "$b" link del mv0
busywait 5 not fdb_has 02:00:5e:10:00:11 pb
check_err $? "its address is still in the table"
log_test

test_begin "a VLAN device with an address of its own works as well"
ip -n "$b" link add link eth0 name eth0.9 address 02:00:5e:10:00:12 type vlan id 9
ip -n "$b" link set eth0.9 up
busywait 5 fdb_has 02:00:5e:10:00:12 pb
check_err $? "its address is not in the table"
check_frames "0 3 0" "frames at a, b, c" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst 02:00:5e:10:00:12 vlan 9 count 3
ip -n "$b" link del eth0.9
log_test

test_begin "a nic can be put into a bridge"
modprobe -q bridge
ip -n "$b" link add br0 type bridge
ip -n "$b" link set eth0 master br0
check_err $? "ip link set master br0"
ip -n "$b" addr add 192.0.2.4/24 dev br0
ip -n "$b" link set br0 address "$(mac_of "$b" eth0)"
ip -n "$b" link set br0 up
busywait 5 pings "$a" 192.0.2.4
check_err $? "no ping to the bridge"
ip -n "$b" link del br0
log_test

test_begin "two nics can be bonded"
modprobe -q bonding max_bonds=0
ctl -b - <<-END
	port add b1 network lab netns $b ifname eth1
	port add b2 network lab netns $b ifname eth2
END
ip -n "$b" link add bond0 type bond mode active-backup miimon 20 fail_over_mac active
ip -n "$b" link set eth1 down
ip -n "$b" link set eth2 down
ip -n "$b" link set eth1 master bond0
check_err $? "eth1 cannot be enslaved"
ip -n "$b" link set eth2 master bond0
check_err $? "eth2 cannot be enslaved"
ip -n "$b" addr add 192.0.2.5/24 dev bond0
ip -n "$b" link set bond0 up
busywait 10 pings "$a" 192.0.2.5
check_err $? "no ping to the bond"
log_test

active_slave()
{
	[ "$(ip netns exec "$b" cat /sys/class/net/bond0/bonding/active_slave)" = "$1" ]
}

test_begin "and the bond fails over when the active one is unplugged"
busywait 10 active_slave eth1
check_err $? "eth1 is not the active one to begin with"
ctl port detach b1
busywait 10 active_slave eth2
check_err $? "no fail-over"
busywait 10 pings "$a" 192.0.2.5
check_err $? "no ping after the fail-over"
ip -n "$b" link del bond0
ctl -b - <<-END
	port del b1
	port del b2
END
log_test

test_begin "queues N: a nic has so many queues, and works with them"
ctl port add pq network lab netns "$b" ifname ethq queues 4
check_err $? "port add queues 4"
check_eq "$(port_value pq queues)" 4 "queues"
check_eq "$(ip netns exec "$b" sh -c 'ls -d /sys/class/net/ethq/queues/tx-* | wc -l')" 4 "tx queues"
check_eq "$(ip netns exec "$b" sh -c 'ls -d /sys/class/net/ethq/queues/rx-* | wc -l')" 4 "rx queues"
check_frames "5 5" "frames at pq, from pq" rx "$b:ethq" rx "$a:eth0" \
	tx "$a:eth0" dst "@$b:ethq" count 5 tx "$b:ethq" dst "$A" count 5
ctl port del pq
log_test

# --- the host ---------------------------------------------------------------------------

test_begin "the host gets nothing while it is no member"
check_frames "5 0" "frames at b, host" rx "$b:eth0" rx :lab \
	tx "$a:eth0" count 5
log_test

test_begin "what it sends is dropped, as host_off"
was=$(drop_count lab - host_off)
check_frames "0 0 0" "frames at a, b, c" "${all[@]}" tx :lab count 5
check_drops lab - host_off "$was" 5
log_test

test_begin "host on: it gets broadcasts and what is for it"
ctl network set lab host on
check_err $? "network set host on"
check_frames "0 5 5 10" "frames at a, b, c, host" "${all[@]}" rx :lab fence "$a:eth0" \
	tx "$a:eth0" count 5 tx "$a:eth0" dst @:lab count 5
log_test

test_begin "and nothing that is for others"
check_frames "5 0" "frames at b, host" rx "$b:eth0" rx :lab fence "$a:eth0" \
	tx "$a:eth0" dst "$B" count 5
log_test

test_begin "and what it sends arrives"
check_frames "5 8 5" "frames at a, b, c" "${all[@]}" fence :lab \
	tx :lab count 5 tx :lab dst "$B" count 3
log_test

test_begin "the host and a port ping each other"
ip addr add 192.0.2.254/24 dev lab
busywait 5 pings "" 192.0.2.1
check_err $? "no ping from the host"
pings "$a" 192.0.2.254
check_err $? "no ping to the host"
log_test

test_begin "host off: again nothing"
ctl network set lab host off
check_err $? "network set host off"
check_frames "5 0" "frames at b, host" rx "$b:eth0" rx :lab \
	tx "$a:eth0" count 5
log_test

test_begin "a host with IPv6 has no fe80 while it is no member, and one when it is"
echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ctl network add six
check_eq "$(ip -6 -o addr show dev six)" "" "addresses of the host that is no member"
ctl network set six host on
has_fe80() { ip -6 -o addr show dev six | grep -q 'fe80:'; }
busywait 5 has_fe80
check_err $? "no fe80 after host on"
log_test

test_begin "everything that was counted adds up"
check_balance lab
log_test

test_end
