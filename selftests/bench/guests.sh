#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TCP from one virtual machine to another: through vmnet, through a Linux bridge
# between two tun/tap devices, and between two macvtaps, without vhost-net and with
# it, one after the other in one boot of the test machine. Runs inside it:
#
#   selftests/vm/run --icount --out DIR -- selftests/bench/guests.sh [PEER]...
#
#	QEMU a -> tapa ... what is compared ... tapb -> QEMU b
#
# Both guests go on from the same state for each peer (see guestlib.sh). What QEMU and
# the guests need, which is nearly all, is in all figures alike: the ratio is one of
# whole throughputs. See Documentation/performance.rst.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/lib.sh
. "$here/../lib.sh" >/dev/null
# shellcheck source=selftests/guestlib.sh
. "$here/../guestlib.sh"
# shellcheck source=selftests/bench/tappeers.sh
. "$here/tappeers.sh"

OUT=${BENCH_OUT:-/out}
ROUNDS=${BENCH_ROUNDS:-5}
MB=${BENCH_MB:-32}
# No transfer tells the next one how large its window may be, and it grows while nothing
# is lost: cubic guesses from the times between two emulated machines when to stop.
TCP='cd /proc/sys/net/ipv4 && echo 1 >tcp_no_metrics_save && echo reno >tcp_congestion_control'
read -ra VHOSTS <<<"${BENCH_VHOST:-off on}"
# Instructions of a nested machine: no transfer is given up that goes on.
LONG=$((60 + 20 * MB))
[ $# = 0 ] || PEERS=("$@")

declare -A RATES=()
FAILED=0

say()
{
	echo "bench: guests: $*" >&2
}

set_up()
{
	guest_setup
	peers_load || exit 1
	load_vmnet_tap
	defer peers_away
}

# boot NAME WORDS-FOR-VHOST
boot()
{
	if [ -n "${NODE[$1]}" ]; then
		guest_boot "$1" 0 0 "tap,id=n,fd=3$2" -- \
			bash -c "exec 3<>${NODE[$1]}; exec \"\$@\"" qemu
	else
		guest_boot "$1" 0 0 "tap,id=n,ifname=$1,script=no,downscript=no$2"
	fi
}

power_off()
{
	local name

	for name; do
		kill -9 "${GUEST_PID[$name]}"
		wait "${GUEST_PID[$name]}"
	done 2>/dev/null
}

# rate: KB a second from a to b. By a server that has the kernel send the whole file, so
# that frames are as large as TCP lets them be; nc would write 1 KB at a time.
rate()
{
	local start

	start=${EPOCHREALTIME/[.,]/}
	guest_ask tapb $LONG "wget -q -O /dev/null http://10.1.1.1/file" || return
	echo $((MB * 1024 * 1000000 / (${EPOCHREALTIME/[.,]/} - start)))
}

# measure PEER VHOST
measure()
{
	local peer=$1 vhost='' name n=0 round kbs

	[ "$2" = off ] || vhost=,vhost=on
	"peer_$peer" || return
	for name in tapa tapb; do
		boot $name "$vhost"
	done
	for name in tapa tapb; do
		n=$((n + 1))
		if ! guest_ready $name 600 "${MAC[$name]}" ||
		   ! guest_ask $name 60 "ip addr add 10.1.1.$n/24 dev eth0"; then
			say "$name does not run: $(guest_last_words $name)"
			return 1
		fi
	done
	say "$peer, vhost $2: both run"
	for name in tapa tapb; do
		guest_ask $name 60 "$TCP" || return
	done
	guest_file tapa "$MB" && guest_ask tapa 60 "httpd -h /tmp" || return
	# One round before the first.
	for ((round = 0; round <= ROUNDS; round++)); do
		kbs=$(rate) || return
		say "$peer, vhost $2: $kbs"
		[ $round = 0 ] || RATES[$peer.$2]+=${RATES[$peer.$2]:+$'\n'}$kbs
	done
	RATE[$peer.$2]=$(median <<<"${RATES[$peer.$2]}")
}

table()
{
	local vhost peer

	echo
	echo "TCP from guest to guest: KB in a second, or in 10^9 instructions where the machine"
	echo "runs with --icount; median of $ROUNDS transfers of $MB MB (all of them). ratio: vmnet"
	echo "by the better of the others."
	echo
	printf '%-12s' vhost
	printf '%10s' "${PEERS[@]}"
	printf '%9s\n' ratio
	for vhost in "${VHOSTS[@]}"; do
		printf '%-12s' "$vhost"
		for peer in "${PEERS[@]}"; do
			printf '%10s' "${RATE[$peer.$vhost]:--}"
		done
		printf '%9s\n' "$(throughput_ratio "$vhost")"
	done
	for peer in "${PEERS[@]}"; do
		for vhost in "${VHOSTS[@]}"; do
			echo "($peer, vhost $vhost: $(paste -sd' ' <<<"${RATES[$peer.$vhost]:-none}"))"
		done
	done
}

json()
{
	local key

	for key in "${!RATE[@]}"; do
		echo "${key/./ } ${RATE[$key]}"
	done | jq -R -n --arg kernel "$(uname -r)" --argjson rounds "$ROUNDS" --argjson mb "$MB" '
		{ kernel: $kernel, rounds: $rounds, mb: $mb,
		  guest_tcp: [ inputs | split(" ") |
			{ peer: .[0], vhost: (.[1] == "on"), kb_per_second: (.[2] | tonumber) } ] }'
}

set_up
for peer in "${PEERS[@]}"; do
	for vhost in "${VHOSTS[@]}"; do
		[ "$vhost" = off ] || [ -e /dev/vhost-net ] || continue
		if ! measure "$peer" "$vhost"; then
			say "$peer, vhost $vhost: no figure"
			FAILED=1
		fi
		power_off tapa tapb
		peers_away >/dev/null 2>&1
	done
done
table
[ ! -d "$OUT" ] || json >"$OUT/guests.json"
ENDED=1
exit "$FAILED"
