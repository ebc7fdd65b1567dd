# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Ports come and go and the table changes while frames pass between two others:
# none may be lost. With --smp 2 the two go on at once.

# shellcheck disable=SC2034 # read by run
CHURN_PEERS=(vmnet)
CHURN=${BENCH_CHURN:-10000}

churn_lines_attach()
{
	for ((i = 0; i < CHURN; i += 2)); do
		echo "port attach bench-1 network bench0"
		echo "port detach bench-1"
	done
}

churn_lines_fdb()
{
	for ((i = 0; i < CHURN; i += 2)); do
		echo "fdb add bench0 mac 02:00:5e:10:00:01 port bench-2"
		echo "fdb del bench0 mac 02:00:5e:10:00:01"
	done
}

# churn_flow: sends in rounds until /tmp/bench-stop is there; prints how many
churn_flow()
{
	local sent=0

	while [ ! -e /tmp/bench-stop ]; do
		generate "$A" gen0 "$1" "$2" frames 256 rounds 100 || break
		sent=$((sent + 25600))
	done
	echo "$sent" >/tmp/bench-sent
}

churn_peer()
{
	local peer=$1 src dst what before after start took sent

	ready "$peer" || return
	"$VMNETCTL" port add bench-1 || fail "churn: no port"
	"$VMNETCTL" port add bench-2 network bench0 || fail "churn: no port"
	drop_all "$A" gen0
	drop_all "$B" sink0
	settle
	src=$(address "$A" gen0)
	dst=$(address "$B" sink0)
	generate "$A" gen0 "$dst" "$src" frames 256 rounds 25
	for what in attach fdb; do
		"churn_lines_$what" >/tmp/bench-batch
		rm -f /tmp/bench-stop
		before=$(arrived "$B" sink0)
		churn_flow "$dst" "$src" &
		start=$(now_us)
		"$VMNETCTL" -b /tmp/bench-batch >/dev/null || fail "churn: $what failed"
		took=$(($(now_us) - start))
		touch /tmp/bench-stop
		wait
		sent=$(cat /tmp/bench-sent)
		after=$(arrived "$B" sink0)
		record section=churn peer="$peer" what="$what" changes="$CHURN" \
			per_second="$((CHURN * 1000000 / took))" sent="$sent" \
			lost=$((sent - (after - before)))
		[ $((after - before)) = "$sent" ] || fail "churn: $what lost $((sent - (after - before))) of $sent frames"
	done
	"$VMNETCTL" port del bench-1
	"$VMNETCTL" port del bench-2
	tear_down
}
