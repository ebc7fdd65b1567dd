# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a broadcast costs for each port that it reaches beyond the first.

read -ra FLOOD_PORTS <<<"${BENCH_FLOOD:-1 8 64 1000}"
# shellcheck disable=SC2034 # read by run
FLOOD_PEERS=(vmnet macvlan bridge ovs)

# flood_ports_PEER FROM TO: further receivers, sinkFROM to sinkTO of namespace B
flood_ports_vmnet()
{
	for ((i = $1; i <= $2; i++)); do
		echo "port add sink$i network bench0 netns $B"
	done | "$VMNETCTL" -b - >/dev/null
}

flood_ports_macvlan()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link add sink$i link bench0 netns $B type macvlan mode bridge"
	done | ip -batch -
}

flood_ports_bridge()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link add sink$i netns $B type veth peer name bench$i"
		echo "link set bench$i master bench0 up"
	done | ip -batch -
}

flood_ports_ovs()
{
	local names=() i flow=2

	for ((i = $1; i <= $2; i++)); do
		echo "link add sink$i netns $B type veth peer name bench-$i"
		echo "link set bench-$i up"
		names+=("bench-$i")
	done >/tmp/bench-batch
	ip -batch /tmp/bench-batch && ovs_dpctl add-if bench0 "${names[@]}" || return
	for ((i = 1; i <= $2; i++)); do
		flow+=,$((i + 2))
	done
	ovs_dpctl --may-create mod-flow bench0 \
		"in_port(1),eth(dst=ff:ff:ff:ff:ff:ff),eth_type(0x0800),ipv4(frag=no)" "$flow"
}

flood_peer()
{
	local peer=$1 ports have=1 src before after cost one='' i
	local frames

	ready "$peer" || return
	drop_all "$A" gen0
	drop_all "$B" sink0
	if [ "$peer" = ovs ]; then
		ovs_dpctl add-flow bench0 "in_port(1),eth(dst=ff:ff:ff:ff:ff:ff),eth_type(0x0800),ipv4(frag=no)" 2
	fi
	for ports in "${FLOOD_PORTS[@]}"; do
		if [ "$ports" -gt "$have" ]; then
			"flood_ports_$peer" "$have" $((ports - 1)) ||
				{ fail "$peer: no $ports ports"; break; }
			# shellcheck disable=SC2046 # names
			drop_all "$B" $(seq -f 'sink%.0f' "$have" $((ports - 1)))
			for ((i = have; i < ports; i++)); do
				echo "link set sink$i up"
			done | ip -n "$B" -batch -
			have=$ports
		fi
		settle
		src=$(address "$A" gen0)
		# So few that a round ends before the next timer tick: from then on the
		# rest would be left to ksoftirqd, which this does not time.
		frames=$((ports > 256 ? 1 : 256 / ports))
		generate "$A" gen0 ff:ff:ff:ff:ff:ff "$src" frames "$frames" rounds 4
		before=$(arrived "$B")
		generate "$A" gen0 ff:ff:ff:ff:ff:ff "$src" frames "$frames" rounds "$ROUNDS" ||
			fail "$peer: the generator failed"
		# What is left to ksoftirqd.
		for _ in {1..40}; do
			after=$(arrived "$B")
			[ $((after - before)) != $((frames * ROUNDS * ports)) ] || break
			sleep 0.1
		done
		if [ $((after - before)) != $((frames * ROUNDS * ports)) ]; then
			fail "$peer: flood to $ports: $((frames * ROUNDS * ports)) sent, $((after - before)) arrived"
			continue
		fi
		cost=$(per_frame)
		one=${one:-$cost}
		[ "$ports" = 1 ] || record section=flood peer="$peer" ports="$ports" frame="$cost" \
			cost=$(((cost - one) / (ports - 1)))
	done
	tear_down
}
