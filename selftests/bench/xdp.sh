# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a frame costs that comes in by XDP for a port with an XDP program, which
# drops it: from ndo_xdp_xmit()'s beginning to its end, when it lies in the
# receiver's ring. There is no floor below that. In VLANs it becomes an skb.

# shellcheck disable=SC2034 # read by run
XDP_PEERS=(vmnet vmnet-dhcp vmnet-vlan cable)
XDP_BPF=/run/bench-bpf
# Of the receivers, one after the other.
XDP_MAC=02:00:5e:00:54:0

# xdp_dropped: how many frames the receivers' programs have
xdp_dropped()
{
	local dev

	for dev; do
		ip netns exec "$B" ethtool -S "$dev"
	done | awk '/ (rx_queue_0_)?xdp_drops?:/ { sum += $2 } END { print sum + 0 }'
}

# xdp_measure PEER BULK DEV...: to these receivers
xdp_measure()
{
	local peer=$1 bulk=$2 src before after want=$((FRAMES * ROUNDS))

	shift 2
	src=$(address "$A" gen0)
	# As in frames.sh.
	generate "$A" gen0 "${XDP_MAC}0" "$src" dsts "$#" xdp "$bulk" frames 64 rounds 4
	before=$(xdp_dropped "$@")
	generate "$A" gen0 "${XDP_MAC}0" "$src" dsts "$#" xdp "$bulk" \
		frames "$FRAMES" rounds "$ROUNDS" ||
		{ fail "$peer: the generator failed"; return 1; }
	after=$(xdp_dropped "$@")
	if [ $((after - before)) != "$want" ]; then
		fail "$peer: $want frames sent by XDP in bulks of $bulk, $((after - before)) arrived"
		return 1
	fi
	record section=xdp peer="$peer" bulk="$bulk" to="$#" cost="$(per_frame)"
}

xdp_peer()
{
	local peer=$1 sinks=(sink0) bulk i

	ready "$peer" || return
	if [ ! -e "$XDP_BPF/drop" ]; then
		mkdir -p "$XDP_BPF"
		mount -t bpf bpf "$XDP_BPF"
		"$VMNET_BIN/xdp" "$XDP_BPF/drop" drop
	fi
	# A cable has one other end, and these would be in no VLAN.
	if [[ $peer == vmnet || $peer == vmnet-dhcp ]]; then
		for i in 1 2 3; do
			"$VMNETCTL" port add "sink$i" network bench0 netns "$B"
			sinks+=("sink$i")
		done
	fi
	for i in "${!sinks[@]}"; do
		ip -n "$B" link set "${sinks[i]}" up address "$XDP_MAC$i"
		ip -n "$B" link set "${sinks[i]}" xdpdrv pinned "$XDP_BPF/drop" ||
			{ fail "$peer: no program"; tear_down; return; }
	done
	settle
	for bulk in 1 16; do
		xdp_measure "$peer" "$bulk" sink0
	done
	[ "${#sinks[@]}" = 1 ] || xdp_measure "$peer" 16 "${sinks[@]}"
	tear_down
}
