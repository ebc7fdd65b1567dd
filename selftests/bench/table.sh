# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a frame costs when the table has many addresses and the frames come for
# all of them in random order. Instructions say how much is done for a lookup;
# only a clock says what it misses in the caches.

read -ra TABLE_SIZES <<<"${BENCH_TABLES:-10 1000 100000 1000000}"
# shellcheck disable=SC2034 # read by run
TABLE_PEERS=(floor vmnet bridge)

# All of them are behind one port, which has to learn them.
table_prepare_vmnet()
{
	"$VMNETCTL" network set bench0 ageing none &&
		"$VMNETCTL" port set sink0 learning on learn-limit 1048576
}

table_peer()
{
	local peer=$1 size src dst=02:00:5e:10:00:00 want before after best

	ready "$peer" || return
	drop_all "$A" gen0
	drop_all "$B" sink0
	if [ "$peer" = vmnet ] && ! table_prepare_vmnet; then
		fail "vmnet does not learn"
	fi
	settle
	src=$(address "$A" gen0)
	for size in "${TABLE_SIZES[@]}"; do
		[ "$peer" = floor ] ||
			generate "$B" sink0 "$src" "$dst" reply 1 srcs "$size" burst 32 \
				frames "$size" || fail "$peer: cannot learn $size addresses"
		generate "$A" gen0 "$dst" "$src" dsts "$size" frames 4096 rounds 2
		before=$(arrived "$B" sink0)
		generate "$A" gen0 "$dst" "$src" dsts "$size" frames 1024 rounds "$((ROUNDS * 4))"
		after=$(arrived "$B" sink0)
		want=$((ROUNDS * 4 * 1024))
		[ "$peer" != floor ] || want=0
		if [ $((after - before)) != "$want" ]; then
			fail "$peer: table of $size: $want sent, $((after - before)) arrived"
			continue
		fi
		read -r _ _ _ best _ <<<"$RESULT"
		record section=table peer="$peer" addresses="$size" cost="$(per_frame)" \
			shortest=$((best / 1024))
	done
	tear_down
}
