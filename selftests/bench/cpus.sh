# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Two CPUs send at once, each between two ports of its own in one network: how
# much more gets through than by one. Needs --smp 2 and a clock, not --icount.

# shellcheck disable=SC2034 # read by run
CPUS_PEERS=(floor vmnet bridge)
CPUS_FRAMES=20000
CPUS_TURNS=${BENCH_TURNS:-9}

# cpus_second_PEER: gen1 in A and sink1 in B
cpus_second_floor()
{
	ip -n "$A" link add gen1 type dummy
	ip -n "$B" link add sink1 type dummy
}

cpus_second_vmnet()
{
	"$VMNETCTL" port add gen1 network bench0 netns "$A" &&
		"$VMNETCTL" port add sink1 network bench0 netns "$B"
}

cpus_second_bridge()
{
	ip link add gen1 netns "$A" type veth peer name benchtx1
	ip link add sink1 netns "$B" type veth peer name benchrx1
	ip link set benchtx1 master bench0 up
	ip link set benchrx1 master bench0 up
}

# cpus_send CPU...: each sends its pair's frames; TOOK are the longest's ns
cpus_send()
{
	local cpu

	for cpu; do
		# shellcheck disable=SC2016 # for the inner shell
		ip netns exec "$A" taskset -c "$cpu" bash -c \
			'exec 3<>"$0"; echo "$*" >&3 && cat <&3' "$GEN" \
			dev "gen$cpu" dst "${DST[cpu]}" src "${SRC[cpu]}" burst 32 \
			frames "$CPUS_FRAMES" rounds 5 >"/tmp/bench-cpu$cpu" &
	done
	wait
	TOOK=0
	for cpu; do
		read -r _ _ median _ <"/tmp/bench-cpu$cpu"
		TOOK=$((median > TOOK ? median : TOOK))
	done
}

cpus_peer()
{
	local peer=$1 turn one=() two=() before after median
	local DST=() SRC=()

	if [ "$(nproc)" -lt 2 ]; then
		echo "bench: cpus: there is only one, left out" >&2
		return
	fi
	ready "$peer" || return
	"cpus_second_$peer" || fail "$peer: no second pair"
	ip -n "$A" link set gen1 up
	ip -n "$B" link set sink1 up
	drop_all "$A" gen0 gen1
	drop_all "$B" sink0 sink1
	settle
	for cpu in 0 1; do
		SRC[cpu]=$(address "$A" "gen$cpu")
		DST[cpu]=$(address "$B" "sink$cpu")
		generate "$B" "sink$cpu" "${SRC[cpu]}" "${DST[cpu]}" frames 1 reply 1
	done
	cpus_send 0 1
	before=$(arrived "$B")
	# By turns, since whoever else uses this machine comes and goes.
	for ((turn = 0; turn < CPUS_TURNS; turn++)); do
		cpus_send $((turn % 2))
		one+=("$TOOK")
		cpus_send 0 1
		two+=("$TOOK")
	done
	after=$(arrived "$B")
	if [ "$peer" != floor ] &&
		[ $((after - before)) != $((CPUS_FRAMES * 5 * 3 * CPUS_TURNS)) ]; then
		fail "$peer: two CPUs: $((CPUS_FRAMES * 5 * 3 * CPUS_TURNS)) sent, $((after - before)) arrived"
	fi
	one=("$(printf '%s\n' "${one[@]}" | sort -n | sed -n "$(((CPUS_TURNS + 1) / 2))p")")
	two=("$(printf '%s\n' "${two[@]}" | sort -n | sed -n "$(((CPUS_TURNS + 1) / 2))p")")
	record section=cpus peer="$peer" one=$((one[0] / CPUS_FRAMES)) two=$((two[0] / CPUS_FRAMES)) \
		scaling="$(awk "BEGIN { printf \"%.2f\", 2 * ${one[0]} / ${two[0]} }")"
	tear_down
}
