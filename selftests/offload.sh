#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Super-packets and open checksums pass whole; they are cut and summed up only
# where somebody wants them so.
#
#	   lab
#	    ├── pa   a:eth0
#	    ├── pb   b:eth0
#	    └── pc   c:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b='' c=''
make_lab a b c || exit 1
B=$(mac_of "$b" eth0)

test_begin "a super-packet of 60,000 octets arrives whole, its checksum open"
check_eq "$(frame show 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" gso 1448 len 60000)" \
	"sent 1
1 60000 1 1 0 0" "frames, longest, open checksums, super-packets at b"
log_test

test_begin "to all ports that it is for"
check_eq "$(frame show 1 rx "$b:eth0" rx "$c:eth0" fence "$a:eth0" tx "$a:eth0" gso 1448 len 60000)" \
	"sent 1
1 60000 1 1 0 0
1 60000 1 1 0 0" "at b and c"
log_test

test_begin "a small packet keeps its open checksum"
check_eq "$(frame show 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" csum 1 len 200)" \
	"sent 1
1 200 1 0 0 0" "at b"
log_test

test_begin "a tagged super-packet arrives whole"
ip -n "$a" link add link eth0 name eth0.5 type vlan id 5
ip -n "$a" link set eth0.5 up
check_eq "$(frame show 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0.5" dst "$B" gso 1448 len 30000)" \
	"sent 1
1 30000 1 1 1 5" "at b"
ip -n "$a" link del eth0.5
log_test

test_begin "with tso off at the sender it arrives in segments, with open checksums"
ip netns exec "$a" ethtool -K eth0 tso off gso off tx off >/dev/null
check_err $? "ethtool -K"
check_eq "$(frame show 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" gso 1448 len 14534)" \
	"sent 1
10 1502 0 0 0 0" "at b"
ip netns exec "$a" ethtool -K eth0 tso on gso on tx on >/dev/null
log_test

test_begin "ethtool -k names what a nic takes whole"
features=$(ip netns exec "$a" ethtool -k eth0)
for name in tx-checksumming scatter-gather tcp-segmentation-offload generic-segmentation-offload \
	tx-checksum-ip-generic tx-tcp-segmentation tx-tcp6-segmentation tx-scatter-gather-fraglist; do
	grep -q "^\s*$name: on" <<<"$features"
	check_err $? "$name is not on"
done
log_test

# --- TCP ------------------------------------------------------------------------------

ip -n "$a" addr add 192.0.2.1/24 dev eth0
ip -n "$b" addr add 192.0.2.2/24 dev eth0
for ns in "$a" "$b"; do
	ip netns exec "$ns" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
done
ip -n "$a" addr add 2001:db8::1/64 dev eth0 nodad
ip -n "$b" addr add 2001:db8::2/64 dev eth0 nodad

# stream ADDRESS: a TCP stream from a to b.
stream()
{
	ip netns exec "$b" iperf3 -s -1 >/dev/null 2>&1 &
	local server=$!

	listening() { ip netns exec "$b" ss -Htln sport = :5201 | grep -q .; }
	busywait 10 listening
	ip netns exec "$a" iperf3 -c "$1" -n 20M >/dev/null 2>&1
	check_err $? "iperf3 to $1"
	wait $server
}

for address in 192.0.2.2 2001:db8::2; do
	test_begin "a TCP stream to $address comes in super-packets larger than the MTU"
	frames=$(port_count lab pb tx_frames) bytes=$(port_count lab pb tx_bytes)
	stream $address
	frames=$(($(port_count lab pb tx_frames) - frames))
	bytes=$(($(port_count lab pb tx_bytes) - bytes))
	[ $bytes -gt 10000000 ]
	check_err $? "$bytes octets"
	[ $((bytes / (frames + 1))) -gt 3000 ]
	check_err $? "$bytes octets in $frames frames"
	log_test
done

test_begin "and tcpdump sees them"
out=$(mktemp)
defer rm -f "$out"
ip netns exec "$b" timeout $((20 * VMNET_SLOW)) tcpdump -n -c 1 -i eth0 'tcp and greater 3000' >"$out" 2>&1 &
dump=$!
# shellcheck disable=SC2016
busywait 10 grep -q listening "$out"
stream 192.0.2.2
wait $dump
check_err $? "none: $(<"$out")"
log_test

test_begin "a stream with all offloads off works, too"
ip netns exec "$b" ethtool -K eth0 rx off gro off tx off tso off gso off >/dev/null 2>&1
ip netns exec "$a" ethtool -K eth0 tx off tso off gso off >/dev/null 2>&1
stream 192.0.2.2
log_test

test_begin "nothing was dropped but what was too much for a receiver"
check_eq "$(($(network_count lab dropped) - $(drop_count lab - queue_full) -
	$(drop_count lab - no_receiver) - $(drop_count lab - unknown_unicast)))" 0 \
	"drops: $(grep -v ' 0$' /sys/class/net/lab/vmnet/drops/reasons | paste -sd, -)"
check_balance lab
log_test

test_end
