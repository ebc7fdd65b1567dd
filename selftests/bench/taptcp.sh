#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TCP from one virtual machine's tap to another's: through vmnet, through a Linux
# bridge between two tun/tap devices, and between two macvtaps, without vhost-net and
# with it, one after the other in one boot of the test machine. Runs inside it:
#
#   selftests/vm/run --icount --out DIR -- selftests/bench/taptcp.sh [PEER]...
#
#	namespace a: eth0 -> tapcarry -> tapa ... what is compared ... tapb -> tapcarry -> eth0 :b
#
# In the place of each guest is a namespace's stack, and a program (tapcarry.c) in that of
# QEMU or of the guest's driver. What an emulated guest costs, some hundred times as much
# as a switch (guests.sh), is not in these figures; what is, apart from the switch, is in
# all alike. See Documentation/performance.rst.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/bench/tappeers.sh
. "$here/tappeers.sh"

OUT=${BENCH_OUT:-/out}
ROUNDS=${BENCH_ROUNDS:-5}
[ $# = 0 ] || PEERS=("$@")

# Name; words for benchsock: what, how many (octets or requests), flows; octets in a KB,
# of what the table counts.
ROWS=("stream" stream 33554432 1 1024
      "8 streams" stream 8388608 8 1024
      "requests" tcp-rr 2000 1 1)
STACKS=(a b)

declare -A RATES=() CARRIES=()
FAILED=0

say()
{
	echo "bench: taptcp: $*" >&2
}

# stack_up STACK NUMBER VHOST: namespace, eth0 in it, carried to and from tapSTACK
stack_up()
{
	local stack=$1 tap=tap$1 word='' fd ready

	[ "$3" = off ] || word=vhost
	ip netns add "$stack" && ip tuntap add dev "stack$stack" mode tap vnet_hdr || return
	# shellcheck disable=SC2086 # a word or none is meant
	exec {fd}< <(exec "$VMNET_BIN/tapcarry" "${NODE[$tap]:-tun:$tap}" "tun:stack$stack" $word)
	CARRIES[$stack]=$!
	read -r -t 60 -u $fd ready
	exec {fd}<&-
	[ "$ready" = ready ] || return
	ip link set "stack$stack" address "${MAC[$tap]}" netns "$stack" name eth0 &&
		ip -n "$stack" addr add "10.1.1.$2/24" dev eth0 &&
		ip -n "$stack" link set lo up && ip -n "$stack" link set eth0 up
}

stacks_down()
{
	local stack

	for stack in "${STACKS[@]}"; do
		[ -z "${CARRIES[$stack]-}" ] || kill -9 "${CARRIES[$stack]}" 2>/dev/null
		ip netns del "$stack" 2>/dev/null
		ip link del "stack$stack" 2>/dev/null
	done
	CARRIES=()
	peers_away
}

# measure PEER VHOST
measure()
{
	local peer=$1 vhost=$2 i round ns key

	"peer_$peer" && stack_up a 1 "$vhost" && stack_up b 2 "$vhost" || return
	ip -n a neigh replace 10.1.1.2 lladdr "${MAC[tapb]}" dev eth0 nud permanent
	ip -n b neigh replace 10.1.1.1 lladdr "${MAC[tapa]}" dev eth0 nud permanent
	# The bridge learns.
	for ((i = 0; ; i++)); do
		! ip netns exec a ping -qc 1 -W 1 10.1.1.2 >/dev/null || break
		[ $i -lt 30 ] || { say "$peer, vhost $vhost: no ping"; return 1; }
	done
	for ((i = 0; i < ${#ROWS[@]}; i += 5)); do
		key=$peer.$vhost.$i
		# One round before the first.
		for ((round = 0; round <= ROUNDS; round++)); do
			ns=$(chrt -f 1 "$VMNET_BIN/benchsock" "${ROWS[i + 1]}" a b 10.1.1.2 \
				"${ROWS[i + 2]}" "${ROWS[i + 3]}") || return
			[ $round = 0 ] || RATES[$key]+=$(awk "BEGIN { printf \"%d\\n\", \
				${ROWS[i + 2]} * ${ROWS[i + 3]} / ${ROWS[i + 4]} * 1e9 / $ns }")$'\n'
		done
		RATE[$key]=$(printf '%s' "${RATES[$key]}" | median)
	done
}

table()
{
	local vhost peer i

	echo
	echo "TCP from tap to tap: KB, or requests of 64 octets, in a second, or in 10^9"
	echo "instructions where the machine runs with --icount; median of $ROUNDS rounds (the"
	echo "least and the most below). ratio: vmnet by the better of the others."
	for vhost in off on; do
		[ -n "${RATE[${PEERS[0]}.$vhost.0]:-}" ] || continue
		echo
		printf '%-12s' "vhost $vhost"
		printf '%10s' "${PEERS[@]}"
		printf '%9s\n' ratio
		for ((i = 0; i < ${#ROWS[@]}; i += 5)); do
			printf '%-12s' "${ROWS[i]}"
			for peer in "${PEERS[@]}"; do
				printf '%10s' "${RATE[$peer.$vhost.$i]:--}"
			done
			printf '%9s\n' "$(throughput_ratio "$vhost.$i")"
		done
	done
	echo
	for vhost in off on; do
		for ((i = 0; i < ${#ROWS[@]}; i += 5)); do
			for peer in "${PEERS[@]}"; do
				[ -z "${RATES[$peer.$vhost.$i]:-}" ] ||
					echo "($peer, vhost $vhost, ${ROWS[i]}:" \
						"$(printf '%s' "${RATES[$peer.$vhost.$i]}" | sort -n |
						sed -n '1p;$p' | paste -sd' ' | sed 's/ / to /'))"
			done
		done
	done
}

json()
{
	local peer vhost i

	for peer in "${PEERS[@]}"; do
		for vhost in off on; do
			for ((i = 0; i < ${#ROWS[@]}; i += 5)); do
				[ -z "${RATE[$peer.$vhost.$i]:-}" ] ||
					echo "$peer $vhost ${ROWS[i + 1]} ${ROWS[i + 3]} ${RATE[$peer.$vhost.$i]}"
			done
		done
	done | jq -R -n --arg kernel "$(uname -r)" --argjson rounds "$ROUNDS" '
		{ kernel: $kernel, rounds: $rounds,
		  tap_tcp: [ inputs | split(" ") |
			{ peer: .[0], vhost: (.[1] == "on"), what: .[2], flows: (.[3] | tonumber),
			  rate: (.[4] | tonumber) } ] }'
}

taps_load
trap stacks_down EXIT
for peer in "${PEERS[@]}"; do
	for vhost in off on; do
		[ $vhost = off ] || [ -e /dev/vhost-net ] || continue
		say "$peer, vhost $vhost"
		if ! measure "$peer" $vhost; then
			say "$peer, vhost $vhost: no figure"
			FAILED=1
		fi
		stacks_down >/dev/null 2>&1
	done
done
table
[ ! -d "$OUT" ] || json >"$OUT/taptcp.json"
exit $FAILED
