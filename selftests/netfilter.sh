#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A switched frame is nobody's but the switch's: a firewall of the host, with
# br_netfilter and a policy of DROP as Docker sets it, does not stop it. The
# control is a bridge, whose frames the same rule stops.
#
#	   lab                        br0
#	    ├── pa   a:eth0            ├── va   a:veth0
#	    └── pb   b:eth0            └── vb   b:veth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

require iptables
load_vmnet
silence
a='' b=''
make_lab a b || exit 1
modprobe -a bridge br_netfilter || skip_all "no br_netfilter"

ip link add br0 type bridge
defer ip link del br0
ip link add va type veth peer name veth0 netns "$a"
ip link add vb type veth peer name veth0 netns "$b"
defer ip link del va
defer ip link del vb
ip link set va master br0 up
ip link set vb master br0 up
ip link set br0 up
ip -n "$a" link set veth0 up
ip -n "$b" link set veth0 up
ip -n "$a" addr add 198.51.100.1/24 dev veth0
ip -n "$b" addr add 198.51.100.2/24 dev veth0
ip -n "$a" addr add 192.0.2.1/24 dev eth0
ip -n "$b" addr add 192.0.2.2/24 dev eth0

test_begin "without a rule a ping passes the bridge and the network"
busywait 10 pings "$a" 198.51.100.2
check_err $? "no ping by the bridge"
busywait 10 pings "$a" 192.0.2.2
check_err $? "no ping by the network"
log_test

sysctl -qw net.bridge.bridge-nf-call-iptables=1
defer iptables -P FORWARD ACCEPT
defer iptables -F FORWARD

test_begin "with the policy DROP in FORWARD the bridge's is stopped"
iptables -P FORWARD DROP
check_err $? "iptables -P"
pings "$a" 198.51.100.2
check_fail $? "a ping by the bridge"
log_test

test_begin "and the network's is not"
pings "$a" 192.0.2.2
check_err $? "no ping by the network"
log_test

test_begin "nor by a rule that drops everything, of IPv4, in every chain that forwards"
iptables -A FORWARD -j DROP
iptables -t raw -A PREROUTING -s 192.0.2.0/24 -j DROP
iptables -t mangle -A FORWARD -j DROP
pings "$a" 192.0.2.2
check_err $? "no ping by the network"
iptables -t mangle -F FORWARD
log_test

test_begin "and no rule has counted a frame of it"
check_eq "$(iptables -t raw -nvxL PREROUTING | awk '/DROP/ { print $1 }')" 0 "frames in raw PREROUTING"
iptables -t raw -F PREROUTING
log_test

test_begin "with nothing in the way again the bridge's passes"
iptables -F FORWARD
iptables -P FORWARD ACCEPT
busywait 10 pings "$a" 198.51.100.2
check_err $? "no ping by the bridge"
log_test

test_end
