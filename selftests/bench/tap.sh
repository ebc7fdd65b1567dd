#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a frame costs from one virtual machine's tap to another's: through vmnet,
# through a Linux bridge between two tun/tap devices, and between two macvtaps, one
# after the other in one boot of the test machine. Runs inside it:
#
#   selftests/vm/run --icount --out DIR -- selftests/bench/tap.sh [PEER]...
#
#	tapload -> tapa ... what is measured ... tapb -> tapload
#
# In the place of both guests is a program (tapload.c). What it costs to write and
# to read is in all figures alike, so the ratio is one of whole costs. See
# Documentation/performance.rst.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/bench/tappeers.sh
. "$here/tappeers.sh"

OUT=${BENCH_OUT:-/out}
ROUNDS=${BENCH_ROUNDS:-25}
[ $# = 0 ] || PEERS=("$@")

# Name, words for tapload.
ROWS=("64 x 1" "len 64 burst 1"
      "64 x 32" "len 64 burst 32"
      "1500 x 1" "len 1514 burst 1"
      "1500 x 32" "len 1514 burst 32"
      "60000 x 1" "len 60000 gso 1448 burst 1 frames 64"
      "60000 x 8" "len 60000 gso 1448 burst 8 frames 64")

declare -A COST=()
FAILED=0

bench_peer()
{
	local peer=$1 vhost i cost

	if ! "peer_$peer"; then
		echo "bench: $peer: cannot be set up" >&2
		FAILED=1
		peers_away
		return
	fi
	for vhost in 0 1; do
		[ $vhost = 0 ] || [ -e /dev/vhost-net ] || continue
		for ((i = 0; i < ${#ROWS[@]}; i += 2)); do
			# shellcheck disable=SC2086 # several words are meant
			cost=$("$VMNET_BIN/tapload" "${NODE[tapa]:-tun:tapa}" \
				"${NODE[tapb]:-tun:tapb}" src "${MAC[tapa]}" dst "${MAC[tapb]}" \
				rounds "$ROUNDS" vhost $vhost ${ROWS[i + 1]})
			if [ -z "$cost" ]; then
				echo "bench: $peer: ${ROWS[i]}, vhost $vhost: no figure" >&2
				FAILED=1
				continue
			fi
			COST[$peer.$vhost.$i]=$cost
		done
	done
	peers_away
}

# ratio VHOST ROW: vmnet's cost by the better other's
ratio()
{
	local peer best=

	for peer in bridge macvtap; do
		cost=${COST[$peer.$1.$2]:-}
		[ -n "$cost" ] || continue
		[ -n "$best" ] && [ "$best" -le "$cost" ] || best=$cost
	done
	[ -z "$best" ] || [ -z "${COST[vmnet.$1.$2]:-}" ] ||
		awk "BEGIN { printf \"%.2f\", ${COST[vmnet.$1.$2]} / $best }"
}

table()
{
	local vhost i peer

	echo
	echo "Tap to tap, written and read by a program: instructions a frame, median of"
	echo "$ROUNDS rounds (nanoseconds unless the machine runs with --icount). ratio: vmnet"
	echo "by the better of the others."
	for vhost in 0 1; do
		[ -n "${COST[${PEERS[0]}.$vhost.0]:-}" ] || continue
		echo
		printf '%-12s' "vhost $([ $vhost = 1 ] && echo on || echo off)"
		for peer in "${PEERS[@]}"; do
			printf '%10s' "$peer"
		done
		printf '%9s\n' ratio
		for ((i = 0; i < ${#ROWS[@]}; i += 2)); do
			printf '%-12s' "${ROWS[i]}"
			for peer in "${PEERS[@]}"; do
				printf '%10s' "${COST[$peer.$vhost.$i]:--}"
			done
			printf '%9s\n' "$(ratio $vhost $i)"
		done
	done
}

json()
{
	local peer vhost i

	for peer in "${PEERS[@]}"; do
		for vhost in 0 1; do
			for ((i = 0; i < ${#ROWS[@]}; i += 2)); do
				[ -z "${COST[$peer.$vhost.$i]:-}" ] ||
					echo "$peer $vhost ${ROWS[i]} ${COST[$peer.$vhost.$i]}"
			done
		done
	done | jq -R -n --arg kernel "$(uname -r)" --argjson rounds "$ROUNDS" '
		{ kernel: $kernel, rounds: $rounds,
		  tap_cost: [ inputs | split(" ") |
			{ peer: .[0], vhost: (.[1] == "1"), size: (.[2] | tonumber),
			  burst: (.[4] | tonumber), cost: (.[5] | tonumber) } ] }'
}

taps_load
trap peers_away EXIT
for peer in "${PEERS[@]}"; do
	echo "bench: taps: $peer" >&2
	bench_peer "$peer"
done
table
if [ -d "$OUT" ]; then
	json >"$OUT/tap.json"
fi
exit $FAILED
