# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What sockets get: TCP streams, one and eight at a time, and requests and
# responses of 64 bytes by TCP and by UDP. The stack's own part is in it, so
# ratios are nearer to one than those of frames.

# shellcheck disable=SC2034 # read by run
SOCKETS_PEERS=(vmnet cable macvlan ipvlan bridge ovs)
SOCKETS_ROUNDS=${BENCH_SOCKET_ROUNDS:-5}

# sockets_run PEER WHAT UNITS FLOWS: the median, as picoseconds a unit
sockets_run()
{
	local peer=$1 what=$2 units=$3 flows=$4 took=() i ns

	for ((i = 0; i < SOCKETS_ROUNDS; i++)); do
		ns=$("$VMNET_BIN/benchsock" "$what" "$A" "$B" 192.0.2.2 "$units" "$flows") ||
			{ fail "$peer: $what failed"; return; }
		took+=("$ns")
	done
	ns=$(printf '%s\n' "${took[@]}" | sort -n | sed -n "$(((SOCKETS_ROUNDS + 1) / 2))p")
	record section=sockets peer="$peer" what="$what" flows="$flows" \
		cost="$(awk "BEGIN { printf \"%.4f\", $ns / $units / $flows }")"
}

sockets_peer()
{
	local peer=$1 src dst

	ready "$peer" || return
	settle
	src=$(address "$A" gen0)
	dst=$(address "$B" sink0)
	ip -n "$A" addr replace 192.0.2.1/24 dev gen0
	ip -n "$B" addr replace 192.0.2.2/24 dev sink0
	# Open vSwitch has been told of IPv4 only.
	ip -n "$A" neigh replace 192.0.2.2 lladdr "$dst" dev gen0 nud permanent
	ip -n "$B" neigh replace 192.0.2.1 lladdr "$src" dev sink0 nud permanent
	ip netns exec "$A" ping -qc 2 -W 2 192.0.2.2 >/dev/null ||
		{ fail "$peer: no ping"; tear_down; return; }

	sockets_run "$peer" stream $((256 << 20)) 1
	sockets_run "$peer" stream $((32 << 20)) 8
	sockets_run "$peer" tcp-rr 5000 1
	sockets_run "$peer" udp-rr 5000 1
	tear_down
}
