#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Borrowed ports and the learning of stations behind them.
#
#	              lab
#	   ┌───────┬───┴────┬─────────┐
#	  pa      vb       vc        pd
#	a:eth0   (veth)   (veth)   d:eth0
#	         b:eth0   c:eth0
#
# pa and pd are nics, whose addresses are known; vb and vc are the ends of veth
# pairs, lent to the network, and what is behind them is learned.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
a='' b='' c='' d=''
silence
make_lab a d || exit 1
setup_ns b c
silence "$b" "$c"

V=$VMNETCTL
for x in b c; do
	ip link add "v$x" type veth peer name eth0 netns "${!x}"
	ip link set "v$x" up
	ip -n "${!x}" link set eth0 up
	defer ip link del "v$x"
done
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
all=(rx "$a:eth0" rx "$b:eth0" rx "$c:eth0" rx "$d:eth0")
S=02:00:5e:00:53

fdb_has()
{
	"$V" -j fdb show lab | jq -e --arg m "$1" --arg p "$2" --arg k "$3" \
		'any(.[]; .mac == $m and .port == $p and .kind == $k)' >/dev/null
}

fdb_count()
{
	[ "$("$V" -j fdb show lab | jq --arg k "$1" 'map(select(.kind == $k)) | length')" = "$2" ]
}

# --- plugging in -------------------------------------------------------------------

test_begin "before it is lent, nothing passes"
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$b:eth0" count 2
log_test

test_begin "a veth is borrowed by its name"
ctl port attach vb network lab
check_err $? "port attach vb"
check_eq "$(port_value vb type)/$(port_value vb network)" dev/lab "type/network"
log_test

test_begin "and by ip link set master"
ip link set vc master lab
check_err $? "ip link set vc master lab"
check_eq "$(port_value vc type)/$(port_value vc learning)" dev/true "type/learning"
log_test

test_begin "a broadcast from behind it reaches all others, and not itself"
check_frames "2 0 2 2" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" count 2
log_test

test_begin "a broadcast from a nic reaches it"
check_frames "0 2 2 2" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" count 2
log_test

# --- learning ----------------------------------------------------------------------

test_begin "the station behind it was learned"
fdb_has "$B" vb learned
check_err $? "$B is not in the table"
log_test

test_begin "a unicast to it goes there only"
check_frames "0 3 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst "$B" count 3
log_test

test_begin "a unicast to an unknown address goes to the ports that learn, to no nic"
check_frames "0 2 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:99 count 2
log_test

test_begin "a unicast from behind it to a nic"
check_frames "3 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" dst "$A" count 3
log_test

test_begin "a station that moves is found at its new place"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:01 >/dev/null
fdb_has $S:01 vb learned
check_err $? "control: not learned at vb"
frame rx "$a:eth0" fence "$c:eth0" tx "$c:eth0" src $S:01 >/dev/null
fdb_has $S:01 vc learned
check_err $? "not moved to vc"
check_frames "0 0 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:01 count 2
log_test

test_begin "an address of a nic from behind it is dropped as forged, and not learned"
was=$(drop_count lab vb forged_source)
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$b:eth0" src "$A" count 2
check_drops lab vb forged_source "$was" 2
fdb_has "$A" pa own
check_err $? "$A has left its port"
log_test

test_begin "no more are learned than the port's limit, and that is counted"
ctl fdb flush lab
ctl port set vb learn-limit 3
sources=()
for i in 1 2 3 4 5; do
	sources+=(tx "$b:eth0" src "$S:1$i")
done
# The fence comes from b's own address, a sixth.
frame rx "$a:eth0" fence "$b:eth0" "${sources[@]}" >/dev/null
check_eq "$(port_value vb learned)" 3 "learned"
check_eq "$(port_value vb not-learned)" 3 "not learned"
ctl port set vb learn-limit 1024
log_test

test_begin "what was not learned was delivered all the same"
check_frames "1 0 1 1" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" src $S:77
log_test

test_begin "an address that is silent for longer than ageing is forgotten"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:21 >/dev/null
fdb_has $S:21 vb learned
check_err $? "control: not learned"
ctl network set lab ageing 1s
busywait 20 not fdb_has $S:21 vb learned
check_err $? "still there"
ctl network set lab ageing 300
log_test

test_begin "a nic that is a switch itself learns when it is told to"
check_frames "0 0 0 0" "control: dropped" "${all[@]}" fence "$a:eth0" tx "$d:eth0" src $S:31
ctl port set pd learning on
check_frames "1 1 1 0" "frames at a, b, c, d" "${all[@]}" fence "$d:eth0" tx "$d:eth0" src $S:31
fdb_has $S:31 pd learned
check_err $? "not learned at pd"
check_frames "0 0 0 2" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:31 count 2
log_test

test_begin "and forgets them when it is told to stop"
ctl port set pd learning off
check_err $? "learning off"
fdb_has $S:31 pd learned
check_fail $? "still learned"
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$d:eth0" src $S:31
log_test

# --- the table by hand ----------------------------------------------------------------

test_begin "a static entry sends to its port what nobody has sent from"
ctl fdb add lab mac $S:41 port vc
check_err $? "fdb add"
check_frames "0 0 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:41 count 2
log_test

test_begin "it is there once, unless it is replaced"
refused 2 "The address is in the table already" "$V" fdb add lab mac $S:41 port vb
ctl fdb replace lab mac $S:41 port vb
check_err $? "fdb replace"
fdb_has $S:41 vb static
check_err $? "not at vb"
log_test

test_begin "a sticky one does not follow its station"
ctl fdb replace lab mac $S:41 port vb sticky on
was=$(drop_count lab vc sticky)
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$c:eth0" src $S:41 count 2
check_drops lab vc sticky "$was" 2
log_test

test_begin "it is deleted"
ctl fdb del lab mac $S:41
check_err $? "fdb del"
fdb_has $S:41 vb static
check_fail $? "still there"
log_test

test_begin "flushing takes the learned ones and leaves the others"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:51 >/dev/null
ctl fdb add lab mac $S:52 port vc
ctl fdb flush lab
fdb_count learned 0 && fdb_has $S:52 vc static && fdb_has "$A" pa own
check_err $? "wrong ones"
ctl fdb flush lab kind static
fdb_count static 0
check_err $? "static ones are left"
log_test

test_begin "refusals of the table"
refused 3 "There is no such address in the table" "$V" fdb del lab mac $S:60
refused 2 "The address is a port's own: change it there" "$V" fdb del lab mac "$A"
refused 2 "Port pa of the network has this address" "$V" fdb add lab mac "$A" port vb
refused 2 "The address is the port's own" "$V" fdb add lab mac "$A" port pa
refused 2 "Only learned and static addresses are flushed" "$V" fdb flush lab kind own
ctl network add other
refused 2 "The port is not attached to this network" "$V" fdb add other mac $S:61 port vb
ctl network del other
log_test

# --- what cannot be borrowed --------------------------------------------------------------

test_begin "a device of another master"
ip link add br0 type bridge
ip link add dum0 type dummy
ip link set dum0 master br0
defer ip link del br0
defer ip link del dum0
refused 2 "The device has a master already" "$V" port attach dum0 network lab
log_test

test_begin "a device that macvlan uses"
ip link set dum0 nomaster
ip link add link dum0 name mv0 type macvlan
refused 2 "The device is in use already" "$V" port attach dum0 network lab
ip link del mv0
log_test

test_begin "a VLAN device"
ip link add link dum0 name dum0.5 type vlan id 5
refused 2 "A physical adapter, bond or VLAN device" "$V" port attach dum0.5 network lab
ip link del dum0.5
log_test

test_begin "what is no Ethernet device"
ip link add tun0 type ipip remote 192.0.2.1 local 192.0.2.2
refused 2 "The device is no Ethernet device" "$V" port attach tun0 network lab
ip link del tun0
log_test

test_begin "what is stacked on a nic: a loop"
ctl port add loose
ip link add link loose name mv1 type macvlan
refused 2 "The device is stacked on one of vmnet" "$V" port attach mv1 network lab
ip link del mv1
ctl port del loose
log_test

test_begin "the words of its netdev are its owner's"
refused 2 "The port is borrowed" "$V" port set vb mtu 1400
log_test

# --- going away -------------------------------------------------------------------------

test_begin "given back, its frames are the host's again"
ctl port detach vb
check_err $? "port detach vb"
"$V" port exists vb
check_status $? 3 "port exists"
check_eq "$(cat /sys/class/net/vb/flags)" 0x1003 "flags: promiscuous still"
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$b:eth0" count 2
log_test

test_begin "a netdev that is deleted takes its port along"
ip link add vx type veth peer name vy
ctl port attach vx network lab
ip link del vx
"$V" port exists vx
check_status $? 3 "port exists"
log_test

test_begin "one that is moved to another namespace is no port any more"
ip link add vx type veth peer name vy
ctl port attach vx network lab
ip link set vx netns "$d"
"$V" port exists vx
check_status $? 3 "port exists"
ip -n "$d" link del vx
log_test

test_begin "the counters balance"
check_balance lab
log_test

test_begin "a network that is deleted gives its borrowed netdevs back"
ctl port attach vb network lab
ctl network del lab
check_err $? "network del"
"$V" port exists vb
check_status $? 3 "port exists vb"
ip link show vb >/dev/null && ip link show vc >/dev/null
check_err $? "the netdevs are gone"
log_test

test_end
