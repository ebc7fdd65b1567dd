# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Many ports, many networks: what a frame costs among them, what each takes of
# memory, and how long it takes to make and to delete them. The last two need a
# clock: where an instruction is a nanosecond, the time leaps while all wait, and
# memory is one CPU's.

read -ra SCALE_PORTS <<<"${BENCH_PORTS:-2 100 1000 4096}"
read -ra SCALE_NETWORKS <<<"${BENCH_NETWORKS:-1 1000}"
# shellcheck disable=SC2034 # read by run; a bridge has at most 1,023 ports
SCALE_PEERS=(dummy vmnet bridge)

# scale_VERB_PEER FROM TO: what is written for a batch
scale_add_vmnet()
{
	for ((i = $1; i <= $2; i++)); do
		echo "port add bench-$i network bench0"
	done
}

scale_del_vmnet()
{
	for ((i = $1; i <= $2; i++)); do
		echo "port del bench-$i"
	done
}

scale_add_bridge()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link add bench-$i type veth peer name bench_$i"
		echo "link set bench_$i master bench0 up"
		echo "link set bench-$i up"
	done
}

scale_del_bridge()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link del bench-$i"
	done
}

# A netdev and nothing else, to be held against.
scale_add_dummy()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link add bench-$i type dummy"
		echo "link set bench-$i up"
	done
}

scale_del_dummy()
{
	scale_del_bridge "$@"
}

scale_addnet_vmnet()
{
	for ((i = $1; i <= $2; i++)); do
		echo "network add benchn$i"
	done
}

scale_delnet_vmnet()
{
	for ((i = $1; i <= $2; i++)); do
		echo "network del benchn$i"
	done
}

scale_addnet_bridge()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link add benchn$i type bridge"
		echo "link set benchn$i up"
	done
}

scale_delnet_bridge()
{
	for ((i = $1; i <= $2; i++)); do
		echo "link del benchn$i"
	done
}

# What is not to be had back, in KiB.
scale_memory()
{
	sync
	sleep 1
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "MemFree:" { free = $2 } $1 ~ /^(Cached|Buffers):/ { cached += $2 }
	     END { print -free - cached }' /proc/meminfo
}

# scale_record NAME=VALUE...: what needs a clock
scale_record()
{
	[ "${BENCH_NAME:-}" = icount ] || record "$@"
}

# scale_batch PEER VERB FROM TO: TOOK are the microseconds of it
scale_batch()
{
	local batch=/tmp/bench-batch start

	"scale_$2_$1" "$3" "$4" >$batch
	start=$(now_us)
	if [ "$1" = vmnet ]; then
		"$VMNETCTL" -b $batch >/dev/null
	else
		ip -batch $batch
	fi || fail "$1: $2 $3 to $4 failed"
	TOOK=$(($(now_us) - start))
}

scale_frame()
{
	local peer=$1 src dst
	shift

	[ "$peer" != dummy ] || return
	src=$(address "$A" gen0)
	dst=$(address "$B" sink0)
	settle
	teach "$src" "$dst" || fail "$peer: no frame from $B to $A"
	generate "$A" gen0 "$dst" "$src" frames 64 rounds 4
	generate "$A" gen0 "$dst" "$src" frames "$FRAMES" rounds "$ROUNDS"
	record section=scale peer="$peer" "$@" cost="$(per_frame)"
}

peer_dummy()
{
	peer_floor
}

scale_peer()
{
	local peer=$1 ports have=0 from networks kib took

	if [ "$peer" = dummy ] && [ "${BENCH_NAME:-}" = icount ]; then
		return
	fi
	ready "$peer" || return
	drop_all "$A" gen0
	drop_all "$B" sink0

	for ports in "${SCALE_PORTS[@]}"; do
		# The two that are there besides.
		if [ "$peer" = bridge ] && [ "$ports" -gt 1000 ]; then
			break
		fi
		if [ "$ports" -gt 2 ]; then
			from=$((have + 1))
			kib=$(scale_memory)
			scale_batch "$peer" add $from $((ports - 2))
			took=$TOOK
			kib=$(($(scale_memory) - kib))
			have=$((ports - 2))
			scale_record section=make peer="$peer" what=port upto="$ports" \
				us=$((took / (have - from + 1))) \
				bytes=$((kib * 1024 / (have - from + 1)))
		fi
		scale_frame "$peer" ports="$ports"
	done
	# The last thousand of many, and then those that are left.
	if [ "$have" -gt 1000 ]; then
		scale_batch "$peer" del $((have - 999)) "$have"
		scale_record section=unmake peer="$peer" what=port of="$((have + 2))" us=$((TOOK / 1000))
		have=$((have - 1000))
		while [ "$have" -gt 998 ]; do
			from=$((have - 998 > 1000 ? have - 999 : 999))
			scale_batch "$peer" del $from "$have"
			have=$((from - 1))
		done
	fi
	scale_batch "$peer" del 1 "$have"
	scale_record section=unmake peer="$peer" what=port of="$((have + 2))" us=$((TOOK / have))

	[ "$peer" = dummy ] || for networks in "${SCALE_NETWORKS[@]}"; do
		if [ "$networks" -gt 1 ]; then
			kib=$(scale_memory)
			scale_batch "$peer" addnet 1 "$networks"
			took=$TOOK
			kib=$(($(scale_memory) - kib))
			scale_record section=make peer="$peer" what=network upto="$networks" \
				us=$((took / networks)) bytes=$((kib * 1024 / networks))
			scale_frame "$peer" networks="$networks"
			scale_batch "$peer" delnet 1 "$networks"
			scale_record section=unmake peer="$peer" what=network of="$networks" \
				us=$((TOOK / networks))
		fi
	done
	tear_down
}
