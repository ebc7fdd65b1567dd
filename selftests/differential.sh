#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A network beside a Linux bridge: the same random frames into both, and what
# arrives where is compared (differ.c). What differs on purpose is in a list
# there, each with its reason; anything else is a bug.
#
#	   lab ── e0 ... e5 (nics)        br0 ── e0b ... e5b ══ e0 ... e5 (veths)
#	    └── the host, in some shapes   └── the host
#
# VMNET_DIFF_FRAMES=N frames in each shape (make check: 2,000), VMNET_SEED=N.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

frames=${VMNET_DIFF_FRAMES:-2000}
seed=${VMNET_SEED:-$((RANDOM * 32768 + RANDOM))}

load_vmnet
modprobe -q bridge
modprobe -q veth
v='' w=''
setup_ns v w
silence "$v" "$w"
V() { ip netns exec "$v" "$VMNETCTL" "$@"; }
defer V reset

host_mac=02:00:00:00:00:f0
mac() { printf '02:00:00:00:00:%02x' $((16 + $1)); }

# e4's MTU is smaller than the others'.
mtu_of() { [ "$1" = 4 ] && echo 1300 || echo 1500; }

# build_network LEARN HOST VLANS: a line "port set" follows for each end's VLANs
build_network()
{
	local learn=$1 host=$2 vlans=$3 i

	{
		echo "network add lab"
		[ -z "$host" ] || echo "network set lab host on"
		for i in 0 1 2 3 4 5; do
			echo "port add e$i network lab mac $(mac $i)"
			[ "$(mtu_of $i)" = 1500 ] || echo "port set e$i mtu $(mtu_of $i)"
			[ -z "$learn" ] || echo "port set e$i learning on"
			[ -z "$vlans" ] || echo "port set e$i ${vlan_words[i]}"
		done
	} | V -b -
	ip -n "$v" link set lab address $host_mac
}

# build_bridge LEARN HOST VLANS: snooping off, since a network has none; addresses
# of the ends are known, as they are to a network.
build_bridge()
{
	local learn=$1 host=$2 vlans=$3 i word vid

	{
		echo "link add br0 type bridge stp_state 0 mcast_snooping 0 ageing_time 30000 vlan_filtering ${vlans:-0} vlan_default_pvid 0 ${learn:+group_fwd_mask 65528}"
		echo "link set br0 address $host_mac"
		for i in 0 1 2 3 4 5; do
			echo "link add e$i mtu $(mtu_of $i) address $(mac $i) type veth peer name e${i}b mtu $(mtu_of $i) address 02:00:00:00:02:0$i"
			echo "link set e${i}b master br0"
			echo "link set e${i}b up"
			echo "link set e$i up"
		done
		# By itself it takes the smallest of its ports'.
		echo "link set br0 mtu 1500"
		[ -z "$host" ] || echo "link set br0 up"
		[ -n "$host" ] || echo "link set br0 up arp off"
	} | ip -n "$w" -batch - || return 1
	for i in 0 1 2 3 4 5; do
		[ -n "$learn" ] || echo "link set dev e${i}b learning off"
		if [ -z "$vlans" ]; then
			echo "fdb add $(mac $i) dev e${i}b master static sticky"
			continue
		fi
		while read -r vid word; do
			echo "vlan add dev e${i}b vid $vid $word"
			echo "fdb add $(mac $i) dev e${i}b master static sticky vlan $vid"
		done < <(bridge_vlans $i)
	done | bridge -n "$w" -batch -
}

vlan_words=("vlan 10" "vlan 10" "vlan 20" "trunk 10,20-22" "trunk 10,20 native 20" "trunk 20-21,30 native 10")
end_words=("access 10" "access 10" "access 20" "trunk 10,20,21,22" "trunk 10,20 native 20" "trunk 20,21,30 native 10")

# The same for `bridge vlan`, one VLAN a line.
bridge_vlans()
{
	case $1 in
	0 | 1) echo "10 pvid untagged" ;;
	2) echo "20 pvid untagged" ;;
	3) printf '%s\n' 10 20 21 22 ;;
	4) printf '%s\n' 10 "20 pvid untagged" ;;
	5) printf '%s\n' "10 pvid untagged" 20 21 30 ;;
	esac
}

# shape NAME LEARN HOST VLANS: each of them 1 or empty
shape()
{
	local name=$1 learn=$2 host=$3 vlans=$4 i words=()

	test_begin "$name: a network and a bridge are built"
	build_network "$learn" "$host" "$vlans"
	check_err $? "the network"
	build_bridge "$learn" "$host" "$vlans"
	check_err $? "the bridge"
	for i in 0 1 2 3 4 5; do
		busywait 5 carrier "$v" e$i 1
		check_err $? "e$i has no carrier"
		words+=(end "e$i")
		# shellcheck disable=SC2206 # words are meant
		[ -z "$vlans" ] || words+=(${end_words[i]})
	done
	[ -z "$host" ] || words+=(host lab=br0)
	log_test

	claims "$VMNET_BIN/differ" network "$v:" bridge "$w:" seed "$seed" \
		frames "$frames" learn "${learn:-0}" "${words[@]}"
	V reset
	for i in 0 1 2 3 4 5; do
		ip -n "$w" link del e$i
	done
	ip -n "$w" link del br0
}

shape "nics" "" 1 ""
shape "ports that learn" 1 1 ""
shape "VLANs" "" "" 1
shape "VLANs and ports that learn" 1 "" 1

figure $((4 * frames)) "executions fuzzed"
test_end
