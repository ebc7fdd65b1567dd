#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Uplinks: binding, refusing, losing and finding again the netdev that a network
# is bound to. What it does on a real wire is in external.sh.
#
#	   lab ── pa  a:eth0
#	    │  └─ pb  b:eth0
#	   up0 (veth, of the host)
#	    │
#	  w:eth0  the rest of the LAN

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
a='' b='' w=''
silence
make_lab a b || exit 1
setup_ns w
silence "$w"

V=$VMNETCTL
S=02:00:5e:00:53

# The LAN's cable: up0 here, eth0 at w.
make_up0()
{
	ip link add up0 type veth peer name eth0 netns "$w" &&
		ip link set up0 up && ip -n "$w" link set eth0 up
}
make_up0
defer ip link del up0

A=$(mac_of "$a" eth0)
all=(rx "$a:eth0" rx "$b:eth0" rx "$w:eth0")

# binding_refused PATTERN WORD...: of 'network set lab uplink', by the kernel.
# STATUS is that of the command.
binding_refused()
{
	local pattern=$1

	shift
	refused "${STATUS:-2}" "$pattern" "$V" network set lab uplink "$@"
	check_eq "$(network_value lab uplink)" "$bound" "uplink after 'uplink $*'"
}

promiscuity()
{
	ip -d -j link show dev "$1" | jq '.[0].promiscuity'
}

promiscuity_is()
{
	[ "$(promiscuity "$1")" = "$2" ]
}

# monitor_hears: what is changed for its sake.
monitor_hears()
{
	"$V" network set lab notes "$RANDOM" && [ -s "$tmp/events" ]
}

# --- refusals ----------------------------------------------------------------------

bound=null
test_begin "what is no Ethernet device cannot be an uplink"
ip tuntap add mode tun name tun0
defer ip link del tun0
STATUS=3 binding_refused "There is no device nowhere" nowhere
binding_refused "loopback" lo
binding_refused "no Ethernet device" tun0
log_test

test_begin "nor a network"
ctl network add other
binding_refused "A network cannot be the uplink" other
binding_refused "A network cannot be the uplink" lab
ctl network del other
log_test

test_begin "nor what belongs to somebody else"
ip link add br0 type bridge
ip link add dum0 type dummy
ip link set dum0 master br0
defer ip link del br0
defer ip link del dum0
binding_refused "dum0 has a master already" dum0
ip link set dum0 nomaster
ip link add link dum0 name mv0 type macvlan
binding_refused "dum0 is in use already" dum0
ip link del mv0
log_test

test_begin "nor one whose frames are too short for the network"
ip link set dum0 mtu 1400
binding_refused "MTU is 1500.* only 1400" dum0
ip link set dum0 mtu 1500
ctl network set lab uplink dum0
refused 2 "The uplink's MTU is only 1500" "$V" network set lab mtu 1501
check_eq "$(network_value lab mtu)" 1500 "the network's MTU"
ctl network set lab uplink none
log_test

test_begin "an uplink's address is no port's, nor a port's an uplink's"
ctl network set lab uplink dum0
refused 2 "The uplink dum0 has this address" "$V" port add twin network lab mac "$(cat /sys/class/net/dum0/address)"
ctl network set lab uplink none
ctl port add twin network lab mac "$(cat /sys/class/net/dum0/address)"
binding_refused "Port twin of the network has this address" dum0
ctl port del twin
log_test

test_begin "nor where the host has the VLAN already"
ip link add link up0 name up0.10 type vlan id 10
binding_refused "The host has the VLAN device up0.10" up0 vlan 10
binding_refused "The host has the VLAN device up0.10" up0 trunk 5-15
ctl network set lab uplink up0 vlan 11
check_err $? "another VLAN"
ctl network set lab uplink none
ip link del up0.10
log_test

test_begin "nor what leads back to the network: a nic, what stands on it, two of them"
ctl port add loose network lab
binding_refused "loop" loose
ip link add link loose name loose.5 type vlan id 5
binding_refused "loop" loose.5
ip link del loose.5
ip link set loose master br0
binding_refused "loop" br0
ip link set loose nomaster
ctl network add other uplink loose
check_err $? "another network may be bound to it"
ctl port add back network other
binding_refused "loop" back
# The other way round: the last link is that of the port.
ctl port detach loose
ctl network set lab uplink back
check_err $? "back, while loose is nowhere"
refused 2 "loop" "$V" port attach loose network lab
ctl network set lab uplink none
# And by stacking: what the network stands on gets its own nic below it.
ctl port add stacked network lab
ip link add br1 type bridge
ctl network set lab uplink br1
check_err $? "control: a bridge without ports"
refused 2 "A network stands on that device" ip link set stacked master br1
ctl network set lab uplink none
ip link del br1
ctl port del stacked
ctl port del back
ctl network del other
ctl port del loose
log_test

test_begin "nor what is no VLAN"
STATUS=1 binding_refused "1 to 4094" up0 vlan 4095
STATUS=1 binding_refused "not a list of VLANs" up0 trunk 20-10
binding_refused "exclude each other" up0 vlan 10 trunk 10,20
log_test

test_begin "one VLAN for the network and VLANs of ports exclude each other, in both orders"
ctl port set pa vlan 10
binding_refused "give the uplink a trunk" up0 vlan 20
ctl port set pa vlan none
ctl network set lab uplink up0 vlan 20
check_err $? "uplink up0 vlan 20"
refused 2 "VLAN" "$V" port set pa vlan 10
refused 2 "VLAN" "$V" port set pa trunk 10,20
check_eq "$(port_value pa vlan)/$(port_value pa trunk)" null/null "words of pa"
ctl port add loose
ctl port set loose vlan 10
refused 2 "VLAN" "$V" port attach loose network lab
ctl port del loose
ctl network set lab uplink none
log_test

# --- binding ------------------------------------------------------------------------

test_begin "before it is bound, nothing passes"
check_frames "0 1 0" "from a and w, at a b w" "${all[@]}" tx "$w:eth0" tx "$a:eth0"
log_test

test_begin "it is bound by its name, and shown"
ctl network set lab uplink up0
check_err $? "network set"
bound=up0
check_eq "$(network_value lab uplink)/$(network_value lab uplink-state)" up0/up "uplink/state"
check_eq "$(network_value lab uplink-vlan)/$(network_value lab uplink-trunk)" null/null "vlan/trunk"
check_eq "$(network_value lab uplink-dhcp)/$(network_value lab uplink-follow)" false/false "dhcp/follow"
check_eq "$(network_value lab host-path)" hook "host-path"
check_eq "$(cat /sys/class/net/lab/vmnet/uplink)" up0 "/sys"
check_match "$(ip -o link show dev up0)" 'up0@' "up0 is still an own netdev"
log_test

test_begin "to its own network again, and to none and back"
ctl network set lab uplink up0 && ctl network set lab uplink none
check_err $? "network set"
check_eq "$(network_value lab uplink)" null "uplink"
check_eq "$(cat /sys/class/net/lab/vmnet/uplink)" none "/sys"
ctl network set lab uplink up0
check_eq "$(network_value lab uplink)" up0 "uplink"
log_test

test_begin "VLANs of the wire are shown, kept if not named, and cleared"
ctl network set lab uplink up0 vlan 20
check_eq "$(network_value lab uplink-vlan)" 20 "uplink-vlan"
ctl network set lab uplink up0 trunk 20-29,10 native 10
check_eq "$(network_value lab uplink-vlan)/$(network_value lab uplink-trunk)/$(network_value lab uplink-native)" \
	null/10,20-29/10 "vlan/trunk/native"
ctl network set lab uplink up0
check_eq "$(network_value lab uplink-trunk)" 10,20-29 "trunk, not named"
ctl network set lab vlan 20
check_eq "$(network_value lab uplink-vlan)/$(network_value lab uplink-trunk)" 20/null "vlan/trunk"
ctl network set lab vlan none
check_eq "$(network_value lab uplink-vlan)/$(network_value lab uplink-trunk)" null/null "vlan/trunk"
log_test

test_begin "what is refused leaves the old binding as it is"
binding_refused "loopback" lo
STATUS=3 binding_refused "There is no device" nowhere
check_frames "1 1 0" "from w" "${all[@]}" fence "$w:eth0" tx "$w:eth0"
log_test

test_begin "a new network is bound from its birth"
ctl network add other uplink dum0 vlan 7
check_err $? "network add uplink dum0 vlan 7"
check_eq "$(network_value other uplink)/$(network_value other uplink-vlan)" dum0/7 "uplink"
ctl network del other
refused 2 "loopback" "$V" network add other uplink lo
"$V" network exists other
check_status $? 3 "a network that was refused its uplink exists"
log_test

# --- frames ----------------------------------------------------------------------------

test_begin "a broadcast goes out, and comes in, once, and not back"
check_frames "0 2 2" "from a" "${all[@]}" fence "$a:eth0" tx "$a:eth0" count 2
check_frames "2 2 0" "from w" "${all[@]}" fence "$w:eth0" tx "$w:eth0" count 2
log_test

test_begin "the host has them, too, and its own go both ways"
check_frames "1" "from a" rx :up0 fence "$a:eth0" tx "$a:eth0"
check_frames "1 1 1" "from the host" "${all[@]}" tx :up0
log_test

test_begin "where its netdev spreads what it receives over CPUs, what is for the host does not come back"
rps=/sys/class/net/up0/queues/rx-0/rps_cpus
if [ -w $rps ]; then
	before=$(drop_count lab uplink loop)
	echo 3 >$rps
	# With addresses and ports, by which they are spread.
	check_frames "2 2 2" "from a, at b, w and the host" rx "$b:eth0" want 2 rx "$w:eth0" want 2 \
		rx :up0 want 2 tx "$a:eth0" csum 1 len 100 count 2
	check_drops lab uplink loop "$before" 0
	echo 0 >$rps
	log_test
else
	log_skip "this kernel cannot"
fi

test_begin "a unicast of the host to a nic goes there, and not to the wire"
check_frames "3 0 0" "from the host to a" "${all[@]}" fence :up0 tx :up0 dst "$A" count 3
check_frames "2 0" "from a to the host" rx :up0 rx "$w:eth0" fence "$a:eth0" \
	tx "$a:eth0" dst @:up0 count 2
log_test

test_begin "an unknown unicast goes out, and none comes in"
check_frames "0 0 2" "from a" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:99 count 2
check_frames "0 0 0" "from w" "${all[@]}" fence "$w:eth0" fence "$a:eth0" \
	tx "$w:eth0" dst $S:99 count 2
check_frames "2 0 0" "control: from w to a" "${all[@]}" fence "$w:eth0" fence "$a:eth0" \
	tx "$w:eth0" dst "$A" count 2
log_test

test_begin "its counters are those of a port named uplink"
was_rx=$(port_count lab uplink rx_frames)
was_tx=$(port_count lab uplink tx_frames)
check_frames "3 0 0" "from w to a" "${all[@]}" fence "$a:eth0" tx "$w:eth0" dst "$A" count 3
check_frames "0 0 2" "from a" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:99 count 2
# Two and two fences; those are for the host, too, and so delivered twice.
check_eq "$(($(port_count lab uplink rx_frames) - was_rx))" 3 "rx_frames"
check_eq "$(($(port_count lab uplink tx_frames) - was_tx))" 6 "tx_frames"
log_test

test_begin "link protocols of the wire are the host's, those of a nic stop there"
check_frames "1 0 0" "LLDP from w" rx :up0 rx "$a:eth0" rx "$b:eth0" \
	fence "$w:eth0" tx "$w:eth0" dst 01:80:c2:00:00:0e type 88cc
check_frames "0 0" "LLDP from a" rx :up0 rx "$w:eth0" \
	fence "$a:eth0" tx "$a:eth0" dst 01:80:c2:00:00:0e type 88cc
check_frames "1 0 0" "LLDP from the host" rx "$w:eth0" rx "$a:eth0" rx "$b:eth0" \
	fence :up0 tx :up0 dst 01:80:c2:00:00:0e type 88cc
log_test

# --- VLANs of the wire -------------------------------------------------------------------

test_begin "a network that is one VLAN: tagged on the wire, untagged within"
ctl network set lab uplink up0 vlan 20
check_frames "0:- 1:- 1:20" "from a" tags 1 "${all[@]}" fence "$a:eth0" tx "$a:eth0"
check_frames "1:- 1:-" "VLAN 20 from w" tags 1 rx "$a:eth0" rx "$b:eth0" \
	fence "$b:eth0" fence "$a:eth0" tx "$w:eth0" vlan 20
log_test

test_begin "and nothing else of the wire is the network's"
check_frames "0:- 0:-" "from w" tags 1 rx "$a:eth0" rx "$b:eth0" \
	fence "$b:eth0" fence "$a:eth0" tx "$w:eth0" tx "$w:eth0" vlan 21 \
	tx "$w:eth0" vlan 0 pcp 5 tx "$w:eth0" qinq 20 tx "$w:eth0" qinq 20 vlan 20
log_test

test_begin "a tag of a guest is within that of the network"
check_frames "1:7 1:20.7" "from a" tags 1 rx "$b:eth0" rx "$w:eth0" fence "$a:eth0" \
	tx "$a:eth0" vlan 7
check_frames "1:7 1:7" "back" tags 1 rx "$a:eth0" rx "$b:eth0" fence "$b:eth0" fence "$a:eth0" \
	tx "$w:eth0" tag 20 vlan 7
log_test

test_begin "ports with VLANs and an uplink that is a trunk"
ctl network set lab uplink up0 trunk 10,20 native 20
ctl port set pa vlan 10
ctl port set pb vlan 20
ip -n "$w" link add link eth0 name v10 type vlan id 10
ip -n "$w" link set v10 up
# a hears fences in VLAN 10 only, b untagged ones of the wire.
check_frames "0:- 1:10" "from a" tags 1 rx "$b:eth0" rx "$w:eth0" \
	fence "$a:eth0" fence :up0 tx "$a:eth0"
check_frames "0:- 1:-" "from b" tags 1 rx "$a:eth0" rx "$w:eth0" \
	fence "$b:eth0" fence "$w:v10" tx "$b:eth0"
check_frames "1:- 0:-" "VLAN 10 from w" tags 1 rx "$a:eth0" rx "$b:eth0" \
	fence "$w:v10" fence "$w:eth0" tx "$w:eth0" vlan 10
check_frames "0:- 1:-" "untagged from w" tags 1 rx "$a:eth0" rx "$b:eth0" \
	fence "$w:v10" fence "$w:eth0" tx "$w:eth0"
check_frames "0:- 0:-" "VLAN 30 from w" tags 1 rx "$a:eth0" rx "$b:eth0" \
	fence "$w:v10" fence "$w:eth0" tx "$w:eth0" vlan 30
ip -n "$w" link del v10
ctl port set pa vlan none
ctl port set pb vlan none
ctl network set lab trunk none
check_eq "$(network_value lab uplink-trunk)/$(network_value lab uplink-vlan)" null/null "trunk/vlan"
ctl network set lab uplink none
ctl network set lab uplink up0
log_test

# --- loops -------------------------------------------------------------------------------

test_begin "an address of ours that comes in from outside is a loop"
tmp=$(mktemp -d)
defer rm -rf "$tmp"
"$V" -j monitor >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"
# It is listening when it tells of this.
busywait 10 monitor_hears
was=$(drop_count lab uplink loop)
check_frames "0 0" "from w" rx "$a:eth0" rx "$b:eth0" fence "$b:eth0" fence "$a:eth0" \
	tx "$w:eth0" src "$A" count 3
check_drops lab uplink loop "$was" 3
loops='map(select(.event == "loop")) | length'
busywait 5 jq -e -s "$loops == 1" "$tmp/events" >/dev/null
check_err $? "events are: $(jq -c .event "$tmp/events" | paste -sd' ')"
kill "$monitor"
log_test

# --- following ----------------------------------------------------------------------------

test_begin "the uplink's carrier is shown, and followed only if that is wanted"
ip -n "$w" link set eth0 down
busywait 5 network_is lab uplink-state down
check_err $? "state is $(network_value lab uplink-state)"
carrier "$a" eth0 1
check_err $? "a has no carrier, without uplink-follow"
ctl network set lab uplink-follow on
check_err $? "uplink-follow on"
busywait 5 carrier "$a" eth0 0
check_err $? "a has carrier, with uplink-follow"
ip -n "$w" link set eth0 up
busywait 5 carrier "$a" eth0 1
check_err $? "a has no carrier again"
ctl network set lab uplink-follow off
log_test

test_begin "an uplink that is taken down is down, and up again"
ip link set up0 down
busywait 5 network_is lab uplink-state down
check_err $? "state is $(network_value lab uplink-state)"
ip link set up0 up
busywait 5 network_is lab uplink-state up
check_err $? "state is $(network_value lab uplink-state)"
busywait 5 carrier "$w" eth0 1
check_frames "0 1 1" "from a" "${all[@]}" fence "$a:eth0" tx "$a:eth0"
log_test

# --- promiscuous or not -------------------------------------------------------------------

test_begin "with a port that learns it is promiscuous, and then not again"
# A veth cannot filter: the kernel makes it promiscuous for the first address of
# ours. (With a real NIC: external.sh.)
was=$(promiscuity up0)
check_eq "$(network_value lab uplink-promiscuous)" false "with nics"
ctl port set pb learning on
check_eq "$(promiscuity up0)/$(network_value lab uplink-promiscuous)" $((was + 1))/true "learning"
check_frames "0 2 0" "unknown from w" "${all[@]}" fence "$w:eth0" fence "$a:eth0" \
	tx "$w:eth0" dst $S:77 count 2
ctl port set pb learning off
check_eq "$(promiscuity up0)/$(network_value lab uplink-promiscuous)" "$was/false" "no more"
ip link add vb0 type veth peer name vb1
ip link set vb0 master lab
check_eq "$(promiscuity up0)" $((was + 1)) "with a borrowed port"
ip link del vb0
busywait 5 promiscuity_is up0 "$was"
check_err $? "without it: $(promiscuity up0)"
log_test

# --- gone and back ----------------------------------------------------------------------------

test_begin "an uplink that is deleted is missing, and its name is kept"
ip link del up0
check_eq "$(network_value lab uplink)/$(network_value lab uplink-state)" up0/missing "uplink/state"
check_frames "0 1" "from a" rx "$a:eth0" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0"
log_test

test_begin "one of that name is bound again"
make_up0
busywait 10 network_is lab uplink-state up
check_err $? "state is $(network_value lab uplink-state)"
check_frames "0 1 1" "from a" "${all[@]}" fence "$a:eth0" tx "$a:eth0"
log_test

test_begin "one that does not fit when it is back is bound when it does"
ip link set up0 mtu 2000
ctl network set lab mtu 2000
ctl network add other uplink up0
ip link del up0
make_up0
# Who comes later is tried later.
busywait 10 network_is other uplink-state up
check_err $? "the other network's: $(network_value other uplink-state)"
check_eq "$(network_value lab uplink)/$(network_value lab uplink-state)" up0/missing "with a smaller MTU"
ip link set up0 mtu 2000
busywait 10 network_is lab uplink-state up
check_err $? "with that of the network: $(network_value lab uplink-state)"
ctl network del other
ctl network set lab mtu 1500
ip link set up0 mtu 1500
log_test

test_begin "one that is moved to another namespace is missing, and bound when it is back"
ctl network set lab uplink up0 vlan 20
ip link set up0 netns "$a"
check_eq "$(network_value lab uplink)/$(network_value lab uplink-state)" up0/missing "uplink/state"
check_eq "$(network_value lab uplink-vlan)" 20 "uplink-vlan"
ip -n "$a" link set up0 netns 1
ip link set up0 up
busywait 10 network_is lab uplink-state up
check_err $? "state is $(network_value lab uplink-state)"
check_frames "1:- 1:20" "from a" tags 1 rx "$b:eth0" rx "$w:eth0" fence "$a:eth0" tx "$a:eth0"
ctl network set lab vlan none
log_test

test_begin "one that is renamed is followed"
ip link set up0 down
ip link set up0 name up1
ip link set up1 up
busywait 5 network_is lab uplink-state up
check_eq "$(network_value lab uplink)/$(network_value lab uplink-state)" up1/up "uplink/state"
check_eq "$(cat /sys/class/net/lab/vmnet/uplink)" up1 "/sys"
ip link set up1 down
ip link set up1 name up0
ip link set up0 up
log_test

test_begin "one that is missing is given up with 'none'"
ip link del up0
ctl network set lab uplink none
check_err $? "uplink none"
make_up0
check_eq "$(network_value lab uplink)" null "uplink"
log_test

test_begin "a network that is deleted lets it go"
ctl network add other uplink up0
ctl network add third uplink up0
check_err $? "a second network on the same device"
ctl network del other
check_err $? "network del"
refused_by_bridge=$(ip link set up0 master br0 2>&1)
check_fail $? "a device with an uplink on it goes into a bridge: $refused_by_bridge"
ctl network del third
ip link set up0 master br0
check_err $? "it cannot go into a bridge afterwards"
ip link set up0 nomaster
log_test

test_begin "an uplink that is a dead end is no leak: 'reset' with all of them bound"
ctl network set lab uplink up0
check_balance lab
ctl reset
check_err $? "reset"
check_eq "$("$V" -j network show | jq length)" 0 "networks"
check_eq "$(promiscuity up0)" 0 "promiscuity"
log_test

test_end
