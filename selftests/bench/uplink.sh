#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a network with an uplink carries, and what a Linux bridge with the same
# NIC does: streams from a namespace to the LAN and back, by turns in one boot.
# Prints figures, judges nothing. By hand:
#
#   selftests/vm/run $(sed 's/#.*//' selftests/vm/nics) -- selftests/bench/uplink.sh
#
# The LAN is in the same machine, so that the two share its processors with it.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../netlib.sh"
. "$(dirname "$0")/../niclib.sh"

require iperf3 jq
setup_nics host1
make_lan lan1 || exit 1
load_vmnet
nic_up "$host1"

ROUNDS=${BENCH_ROUNDS:-3}
SECS=${BENCH_SECONDS:-5}
g=''
declare -A RATES=()

vmnet_up()
{
	ctl network add lab uplink "$host1" &&
		ctl port add pg network lab netns "$g" ifname eth0
}

vmnet_down()
{
	ctl reset
}

bridge_up()
{
	ip link add br0 type bridge stp_state 0 forward_delay 0 &&
		ip link set "$host1" master br0 && ip link set br0 up &&
		ip link add bg type veth peer name eth0 netns "$g" &&
		ip link set bg master br0 up && ip -n "$g" link set eth0 up
}

bridge_down()
{
	ip link del bg
	ip link del br0
}

# stream KIND DIRECTION WORD...: into RATES, in Mbit/s
stream()
{
	local kind=$1 direction=$2 rate

	shift 2
	ip netns exec "$lan" iperf3 -s -1 >/dev/null 2>&1 &
	busywait 10 eval "[ -n \"\$(ip netns exec $lan ss -Hltn 'sport = :5201')\" ]"
	rate=$(ip netns exec "$g" iperf3 -J -c 192.0.2.1 -t "$SECS" "$@" |
		jq '.end.sum_received.bits_per_second / 1e6')
	RATES[$kind.$direction]+="${rate:-0} "
	wait $!
}

median()
{
	tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

for ((round = 1; round <= ROUNDS; round++)); do
	for kind in vmnet bridge; do
		setup_ns g
		if ! "${kind}_up" || ! ip -n "$g" addr add 192.0.2.9/24 dev eth0 ||
			! busywait 10 pings "$g" 192.0.2.1; then
			echo "# bench: $kind cannot be set up"
			exit 1
		fi
		stream $kind out
		stream $kind in -R
		"${kind}_down"
	done
done

echo "# Mbit/s, median of $ROUNDS streams of $SECS s"
printf '# %-12s%10s%10s%10s\n' '' vmnet bridge ratio
for direction in out in; do
	v=$(median "${RATES[vmnet.$direction]}")
	b=$(median "${RATES[bridge.$direction]}")
	printf '# %-12s%10.1f%10.1f%10.2f\n' $direction "$v" "$b" \
		"$(awk "BEGIN { print $b ? $v / $b : 0 }")"
done
ENDED=1
