#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Frames of hosts that talk to each other are captured, changed at random and sent into
# every door of a network (framefuzz.c). Nothing breaks, the sums hold, and who minds his
# own business is served.
#
#	lab, DHCP ── pa a:eth0, pb b:eth0 (trunk), pc c:eth0, k0 (tap)
#	 │  │  └── v0 ── w:v1 (veth), lent
#	 │  └── the host, as lab
#	 └── up0 ── w:up1 (veth), the wire
#
# VMNET_FUZZ_FRAMES=N (20,000); VMNET_SEED=N for the same changes, as far as the hosts say
# the same.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

frames=${VMNET_FUZZ_FRAMES:-20000}
seed=${VMNET_SEED:-$((RANDOM * 32768 + RANDOM))}

require tcpdump
load_vmnet
load_vmnet_tap
modprobe -q veth
a='' b='' c='' w=''
setup_ns a b c w
tmp=$(mktemp -d)
defer rm -rf "$tmp"
defer ctl reset

# a and b have IPv6, since it is part of what is captured; the others are to be quiet.
silence
silence "$c" "$w"
for pair in up v; do
	ip link add "${pair}0" type veth peer name "${pair}1" netns "$w"
	defer ip link del "${pair}0"
	ip link set "${pair}0" up
	ip -n "$w" link set "${pair}1" up
done
ctl -b - <<-END || exit 1
	network add lab dhcp 10.77.0.0/16 host on uplink up0
	port add pa network lab netns $a ifname eth0
	port set pa guard-mac off guard-dhcp off
	port add pb network lab netns $b ifname eth0
	port set pb trunk 5,10-19 native 7
	port add pc network lab netns $c ifname eth0
	port add k0 type tap network lab
	port attach v0 network lab
END
for ns in "$a" "$b" "$c"; do
	ip -n "$ns" link set eth0 up
	busywait 5 carrier "$ns" eth0 1
done
ip link set lab up

# --- what is captured ---------------------------------------------------------------------

test_begin "hosts that talk: DHCP, ARP, neighbours, pings, TCP, VLANs"
ip netns exec "$a" tcpdump -i eth0 -U -s 0 -w "$tmp/a.pcap" 2>"$tmp/said" &
dump=$!
listening() { grep -q 'listening on' "$tmp/said"; }
busywait 10 listening
check_err $? "tcpdump: $(cat "$tmp/said")"
check_answer "$a" ack get mac "$(mac 70)" prl 1,3,6,15,121
check_answer "$a" ack request mac "$(mac 70)" ciaddr "${R[yiaddr]}" src "${R[yiaddr]}"
ip -n "$a" addr add 10.77.200.1/16 dev eth0
ip -n "$c" addr add 10.77.200.3/16 dev eth0
busywait 10 pings "$a" 10.77.200.3
check_err $? "no ping"
ip netns exec "$a" ping -q -c 2 -s 4000 10.77.200.3 >/dev/null
ip netns exec "$a" ping -q -c 2 -W 1 ff02::1%eth0 >/dev/null 2>&1
"$VMNET_BIN/benchsock" stream "$a" "$c" 10.77.200.3 1000000 >/dev/null
check_err $? "TCP"
frame tx "$a:eth0" vlan 5 len 100 count 3 tx "$a:eth0" qinq 7 vlan 5 count 3 \
	tx "$a:eth0" dst 01:80:c2:00:00:0e type 88cc len 200 \
	tx "$a:eth0" dst 01:80:c2:00:00:00 type 0026 len 60 >/dev/null
# What was captured is in the file once it was asked to end.
kill -INT "$dump"
wait "$dump"
tcpdump -xx -n -r "$tmp/a.pcap" >"$tmp/a.hex" 2>/dev/null
captured=$(grep -vc '^	' "$tmp/a.hex")
[ "$captured" -gt 30 ]
check_err $? "captured: $captured"
check_match "$(<"$tmp/a.hex")" 'BOOTP/DHCP' "DHCP"
log_test

# --- doors --------------------------------------------------------------------------------

DOORS=()
TURN=0

some_received()
{
	[ $(($(network_count lab received) - $1)) -gt "$2" ]
}

# door NAME WHERE...: one of them, or several by turns
door()
{
	local was out many=$((frames / 8))

	test_begin "changed at random, into $1"
	shift
	DOORS+=("$@")
	TURN=$((TURN + 1))
	was=$(network_count lab received)
	out=$("$VMNET_BIN/framefuzz" $((seed + TURN)) $many "$tmp/a.hex" "$@")
	check_err $? "framefuzz: $out"
	# Most are refused by somebody; but if all were, nothing was tried.
	busywait 10 some_received "$was" $((many / 10))
	check_err $? "$out: received $(($(network_count lab received) - was))"
	check_balance lab
	log_test
}

echo "# seed $seed: VMNET_SEED=$seed does the same"
door "a nic" "$a:eth0"
door "a trunk" "$b:eth0"
door "a tap" /dev/vmnet/k0
door "the wire behind the uplink" "$w:up1"
door "the host's netdev" ":lab"
door "what is lent" "$w:v1"
door "all of them by turns" "${DOORS[@]}"

test_begin "who minds his own business is served"
busywait 20 acked "$c" get mac "$(mac 71)"
check_err $? "no lease"
check_balance lab
log_test

figure $((TURN * (frames / 8))) "executions fuzzed"
test_end
