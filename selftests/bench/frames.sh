# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a unicast frame costs from one namespace to another, peer by peer.

SIZES=(64 1500)
BURSTS=(1 32)
declare -A COST=()

# frames_measure PEER SOURCE DESTINATION SIZE BURST: into COST
frames_measure()
{
	local peer=$1 src=$2 dst=$3 size=$4 burst=$5
	local before after want=$((FRAMES * ROUNDS))

	before=$(arrived "$B" sink0)
	generate "$A" gen0 "$dst" "$src" size "$size" burst "$burst" \
		frames "$FRAMES" rounds "$ROUNDS" ||
		{ fail "$peer: the generator failed"; return 1; }
	after=$(arrived "$B" sink0)

	if [ "$peer" = floor ]; then
		want=0
	fi
	if [ $((after - before)) != "$want" ]; then
		fail "$peer: $((FRAMES * ROUNDS)) frames of $size bytes sent in bursts of $burst, $((after - before)) arrived"
		return 1
	fi
	COST[$peer.$size.$burst]=$(per_frame)
	record section=frames peer="$peer" size="$size" burst="$burst" \
		cost="${COST[$peer.$size.$burst]}"
}

# ready PEER: its devices are there; status 4 for one that is not to be had
ready()
{
	local peer=$1 status

	fresh_namespaces
	"peer_$peer" >/dev/null
	status=$?
	if [ "$status" != 0 ]; then
		if [ "$status" = 4 ]; then
			echo "bench: $peer: not to be had here, left out" >&2
		else
			fail "$peer: cannot be set up (status $status)"
		fi
		tear_down
		return 4
	fi
	ip -n "$A" link set gen0 up
	ip -n "$B" link set sink0 up
}

frames_peer()
{
	local peer=$1 src dst size burst

	ready "$peer" || return
	drop_all "$A" gen0
	drop_all "$B" sink0
	settle
	src=$(address "$A" gen0)
	dst=$(address "$B" sink0)
	if [ "$peer" != floor ] && ! teach "$src" "$dst"; then
		fail "$peer: no frame from $B to $A"
	fi
	# Caches, free lists, code that is patched on first use.
	generate "$A" gen0 "$dst" "$src" frames 64 rounds 4

	for size in "${SIZES[@]}"; do
		for burst in "${BURSTS[@]}"; do
			frames_measure "$peer" "$src" "$dst" "$size" "$burst"
		done
	done
	tear_down
}

# tax PEER SIZE BURST: what is above the floor
tax()
{
	local cost=${COST[$1.$2.$3]:-} floor=${COST[floor.$2.$3]:-}

	if [ -n "$cost" ] && [ -n "$floor" ]; then
		echo $((cost - floor))
	fi
}

ratio()
{
	local tax other

	tax=$(tax "$1" "$3" "$4")
	other=$(tax "$2" "$3" "$4")
	if [ -n "$tax" ] && [ -n "$other" ] && [ "$other" != 0 ]; then
		awk "BEGIN { printf \"%.2f\", $tax / $other }"
	fi
}

frames_table()
{
	local peer size burst

	echo
	echo "Instructions a frame, median of $ROUNDS rounds of $FRAMES frames (nanoseconds unless"
	echo "the machine runs with --icount). tax: above the floor; /bridge: tax by the bridge's."
	for size in "${SIZES[@]}"; do
		echo
		printf '%-16s' "$size bytes"
		for burst in "${BURSTS[@]}"; do
			printf '%10s%8s%9s' "burst $burst" tax /bridge
		done
		echo
		for peer in "$@"; do
			[ -n "${COST[$peer.$size.${BURSTS[0]}]:-}" ] || continue
			printf '%-16s' "$peer"
			for burst in "${BURSTS[@]}"; do
				printf '%10s%8s%9s' "${COST[$peer.$size.$burst]:--}" \
					"$(tax "$peer" "$size" "$burst")" \
					"$(ratio "$peer" bridge "$size" "$burst")"
			done
			echo
		done
	done
	echo
	for peer in "$@"; do
		printf '%-16s%s\n' "$peer" "${PEER_IS[$peer]}"
	done
}
