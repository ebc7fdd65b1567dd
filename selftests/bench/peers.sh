# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What is compared. A peer is a function peer_NAME that leaves a device "gen0"
# in namespace $A and a device "sink0" in namespace $B, up, with addresses that
# the peer knows; it returns 4 when it cannot be had here. What it makes in
# this namespace is called bench*, and taken away afterwards (see run).
#
# PEERS is the order of the table; PEER_IS says what each is.

# shellcheck disable=SC2034 # read by run
# (vmnet-million is for those who name it: section table says the same.)
PEERS=(floor vmnet vmnet-vlan vmnet-dhcp vmnet-guards vmnet-host vmnet-dev
       vmnet-dev-dev vmnet-uplink-in vmnet-uplink-out cable macvlan ipvlan mirred
       bridge bridge-host bridge-nosnoop bridge-vlan ovs)

declare -A PEER_IS=(
	[floor]="the same generator into a dummy device: nothing is switched"
	[vmnet]="vmnet, nic to nic, defaults"
	[vmnet-dhcp]="the same, with the network's DHCP server and its guard on"
	[vmnet-vlan]="the same, both nics in VLAN 10"
	[vmnet-guards]="the same, in VLAN 10 and with the DHCP server of that and its guard"
	[vmnet-million]="the same as vmnet, with a million addresses in its table"
	[vmnet-host]="from a nic to the host's port"
	[vmnet-dev]="from a borrowed veth to a nic"
	[vmnet-dev-dev]="from a borrowed veth to another one"
	[vmnet-uplink-in]="from the other end of an uplink, a veth, to a nic"
	[vmnet-uplink-out]="from a nic to the other end of an uplink, a veth"
	[cable]="a veth pair from namespace to namespace: no switch"
	[macvlan]="macvlan in bridge mode on a dummy device"
	[ipvlan]="ipvlan in mode l2 on a dummy device"
	[mirred]="two veth pairs, each sent on to the other by tc mirred"
	[bridge]="Linux bridge with two veth pairs"
	[bridge-host]="from a veth pair to the bridge's own netdev"
	[bridge-nosnoop]="the same, with mcast_snooping 0"
	[bridge-vlan]="the same as bridge, with vlan_filtering 1"
	[ovs]="Open vSwitch's kernel datapath with two veth pairs; conntrack is on then"
)

#	   A		   B
#	 gen0		sink0	(another dummy; sees nothing)
peer_floor()
{
	ip -n "$A" link add gen0 type dummy
	ip -n "$B" link add sink0 type dummy
}

#	   A		   B
#	 gen0		sink0
#	   '--- bench0 ----'
peer_vmnet()
{
	"$VMNETCTL" network add bench0 &&
		"$VMNETCTL" port add gen0 network bench0 netns "$A" &&
		"$VMNETCTL" port add sink0 network bench0 netns "$B"
}

peer_vmnet-dhcp()
{
	"$VMNETCTL" network add bench0 &&
		"$VMNETCTL" port add gen0 network bench0 netns "$A" &&
		"$VMNETCTL" port add sink0 network bench0 netns "$B" || return
	"$VMNETCTL" dhcp set bench0 subnet 192.0.2.0/24 2>&1 || return 4
}

peer_vmnet-vlan()
{
	peer_vmnet && "$VMNETCTL" port set gen0 vlan 10 && "$VMNETCTL" port set sink0 vlan 10
}

peer_vmnet-guards()
{
	peer_vmnet-vlan || return
	"$VMNETCTL" dhcp set bench0 vlan 10 subnet 192.0.2.0/24 2>&1 || return 4
}

# A third port has learned them, from frames to an address that nobody has.
peer_vmnet-million()
{
	"$VMNETCTL" network add bench0 ageing none &&
		"$VMNETCTL" port add gen0 network bench0 netns "$A" &&
		"$VMNETCTL" port add sink0 network bench0 netns "$B" &&
		"$VMNETCTL" port add bench1 network bench0 &&
		"$VMNETCTL" port set bench1 learning on learn-limit 1048576 &&
		"$VMNET_BIN/frame" tx :bench1 src 02:00:5e:10:00:00 step 1 \
			dst 02:00:5e:00:53:fe count 1000000 || return
	[ "$("$VMNETCTL" -j port show bench1 | jq '.[0].learned')" -ge 1000000 ] || return 4
}

#	   A		   B
#	 gen0 ---------- sink0	(a network)
peer_vmnet-host()
{
	"$VMNETCTL" -n "$B" network add sink0 host on &&
		"$VMNETCTL" -n "$B" port add gen0 network sink0 netns "$A"
}

#	   A		   B
#	 gen0		sink0
#	   |		   |
#	bench1 - bench0 ---'
peer_vmnet-dev()
{
	"$VMNETCTL" network add bench0 ageing none &&
		ip link add gen0 netns "$A" type veth peer name bench1 &&
		ip link set bench1 up &&
		"$VMNETCTL" port attach bench1 network bench0 &&
		"$VMNETCTL" port add sink0 network bench0 netns "$B"
}

#	   A			   B
#	 gen0			sink0
#	   |			   |
#	bench1 - bench0 - bench2 --'
peer_vmnet-dev-dev()
{
	ip link add sink0 netns "$B" type veth peer name bench2 &&
		ip link set bench2 up &&
		"$VMNETCTL" network add bench0 ageing none &&
		"$VMNETCTL" port attach bench2 network bench0 &&
		ip link add gen0 netns "$A" type veth peer name bench1 &&
		ip link set bench1 up &&
		"$VMNETCTL" port attach bench1 network bench0
}

# As vmnet-dev, but bench1 is the network's uplink.
peer_vmnet-uplink-in()
{
	ip link add gen0 netns "$A" type veth peer name bench1 &&
		ip link set bench1 up &&
		"$VMNETCTL" network add bench0 uplink bench1 &&
		"$VMNETCTL" port add sink0 network bench0 netns "$B"
}

#	   A		   B
#	 gen0		sink0
#	   |		   |
#	   '--- bench0 - bench1
peer_vmnet-uplink-out()
{
	ip link add sink0 netns "$B" type veth peer name bench1 &&
		ip link set bench1 up &&
		"$VMNETCTL" network add bench0 uplink bench1 &&
		"$VMNETCTL" port add gen0 network bench0 netns "$A"
}

#	   A		   B
#	 gen0 ------------- sink0
peer_cable()
{
	ip link add gen0 netns "$A" type veth peer name sink0 netns "$B"
}

#	   A		   B
#	 gen0		sink0
#	   '--- bench0 ----'	(a dummy, their lower device)
peer_macvlan()
{
	ip link add bench0 type dummy
	ip link set bench0 up
	ip link add gen0 link bench0 netns "$A" type macvlan mode bridge
	ip link add sink0 link bench0 netns "$B" type macvlan mode bridge
}

#	   A		   B
#	 gen0		sink0
#	   |		   |
#	benchtx - bench0 - benchrx
peer_bridge()
{
	# With --icount, time leaps while the machine waits for the host's disk:
	# within the usual 5 minutes the bridge would forget the receiver.
	ip link add bench0 type bridge ageing_time 100000000
	ip link set bench0 up
	ip link add gen0 netns "$A" type veth peer name benchtx
	ip link add sink0 netns "$B" type veth peer name benchrx
	ip link set benchtx master bench0 up
	ip link set benchrx master bench0 up
}

#	   A		   B
#	 gen0		sink0	(a bridge)
#	   |		   |
#	   '---------- benchtx
peer_bridge-host()
{
	ip -n "$B" link add sink0 type bridge ageing_time 100000000
	ip link add gen0 netns "$A" type veth peer name benchtx netns "$B"
	ip -n "$B" link set benchtx master sink0 up
}

peer_bridge-nosnoop()
{
	peer_bridge
	ip link set bench0 type bridge mcast_snooping 0
}

peer_bridge-vlan()
{
	peer_bridge
	ip link set bench0 type bridge vlan_filtering 1
}

#	   A		   B
#	 gen0		sink0
#	   '--- bench0 ----'	(a dummy); told apart by address of IP
peer_ipvlan()
{
	ip link add bench0 type dummy
	ip link set bench0 up
	ip link add gen0 link bench0 netns "$A" type ipvlan mode l2
	ip link add sink0 link bench0 netns "$B" type ipvlan mode l2
	ip -n "$A" addr add 192.0.2.1/24 dev gen0
	ip -n "$B" addr add 192.0.2.2/24 dev sink0
}

#	   A		   B
#	 gen0		sink0
#	   |		   |
#	benchtx - tc - benchrx
peer_mirred()
{
	local from to

	ip link add gen0 netns "$A" type veth peer name benchtx
	ip link add sink0 netns "$B" type veth peer name benchrx
	for from in benchtx benchrx; do
		to=benchrx
		[ $from = benchtx ] || to=benchtx
		ip link set $from up
		tc qdisc add dev $from clsact
		tc filter add dev $from ingress matchall action mirred egress redirect dev $to
	done
}

# As the bridge. The flows that a switch would be told of are there.
peer_ovs()
{
	local match

	ovs_dpctl --version >/dev/null 2>&1 && modprobe openvswitch || return 4
	ip link add gen0 netns "$A" type veth peer name benchtx
	ip link add sink0 netns "$B" type veth peer name benchrx
	ip link set benchtx up
	ip link set benchrx up
	match="eth_type(0x0800),ipv4(frag=no)"
	ovs_dpctl add-dp bench0 benchtx benchrx &&
		ovs_dpctl add-flow bench0 "in_port(1),eth(dst=$(address "$B" sink0)),$match" 2 &&
		ovs_dpctl add-flow bench0 "in_port(2),eth(dst=$(address "$A" gen0)),$match" 1
}
