#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# XDP between a physical adapter and a network: the adapter's native program
# redirects frames into a nic, a nic's program redirects frames to the adapter.
#
#	  LAN ── host1		lab
#	          ├───────▶	 ├── pa	  here: p0, for all that host1 brings in
#	          ◀───────┤	 └── pb	  b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/niclib.sh"
. "$(dirname "$0")/xdplib.sh"

load_vmnet
silence
host1='' lan=''
setup_nics host1
make_lan lan1 || exit 1
# Nor is the LAN's host to be heard: what it says of itself would be counted, too.
ip netns exec "$lan" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/sw/disable_ipv6'
nic_up "$host1" || exit 1
b=''
setup_ns b
silence "$b"
defer ctl reset
ctl network add lab
ctl port add pa network lab ifname p0
ctl port add pb network lab netns "$b" ifname eth0
ip link set p0 up
busywait 5 carrier "$b" eth0 1
B=$(mac_of "$b" eth0)

program pass pass
program in redirect p0
program out redirect "$host1"

test_begin "an adapter has native XDP"
if ! said=$(ip link set dev "$host1" xdpdrv pinned "$BPF/in" 2>&1); then
	log_skip "$said"
	test_end
fi
defer ip link set dev "$host1" xdpdrv off
log_test

# The LAN's hosts are many, and guests' addresses are none of host1's.
ctl port set pa guard-mac off
ip link set "$host1" promisc on
defer ip link set "$host1" promisc off

test_begin "from the wire into a network: to a nic with no program, and to all"
busywait 10 has_carrier '' "$host1" 1
check_frames 20 "unicast" rx "$b:eth0" want 20 tx "$lan:sw" dst "$B" count 20
check_frames 20 "broadcast" rx "$b:eth0" want 20 tx "$lan:sw" count 20
check_balance lab
log_test

test_begin "from the wire into a network: to a nic with a program, without an skb"
give "$b" eth0 pass
check_err $? "program"
before=$(xdp_count "$b" eth0 xdp_no_skb)
check_frames 20 "unicast" rx "$b:eth0" want 20 tx "$lan:sw" dst "$B" count 20
check_eq "$(($(xdp_count "$b" eth0 xdp_no_skb) - before))" 20 "xdp_no_skb"
check_balance lab
log_test

test_begin "from the wire into a network: the guards are not passed by"
ctl port set pa guard-mac on
before=$(drop_count lab pa forged_source)
check_frames 0 "at b" rx "$b:eth0" tx "$lan:sw" dst "$B" count 20
forged() { [ "$(drop_count lab pa forged_source)" = $((before + 20)) ]; }
busywait 5 forged
check_drops lab pa forged_source "$before" 20
ctl port set pa guard-mac off
check_balance lab
log_test

test_begin "out of a network to the wire, and both ways: a ping"
ip link set dev p0 xdpdrv pinned "$BPF/out"
check_err $? "program"
before=$(xdp_count "" p0 xdp_redirect)
# All that is not for another guest goes out.
ctl fdb add lab mac "$(mac_of "$lan" sw)" port pa
check_frames 20 "at the LAN" rx "$lan:sw" want 20 tx "$b:eth0" dst "$(mac_of "$lan" sw)" count 20
check_eq "$(($(xdp_count "" p0 xdp_redirect) - before))" 20 "redirected"
ip -n "$b" addr add 192.0.2.9/24 dev eth0
busywait 10 pings "$b" 192.0.2.1
check_err $? "no answer"
ip -n "$b" addr flush dev eth0
check_balance lab
log_test

test_end
