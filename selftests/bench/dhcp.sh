#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make bench-dhcp: what an exchange of DHCP (DISCOVER, OFFER, REQUEST, ACK) costs
# with vmnet's server and with others, one after the other in one boot of the
# test machine. Runs inside it:
#
#   selftests/vm/run --icount --append slab_nomerge -- selftests/bench/dhcp.sh cost [SERVER]...
#   selftests/vm/run -- selftests/bench/dhcp.sh rate [SERVER]...
#
# cost: one CPU, where a nanosecond is an instruction: what an exchange costs,
# all that is done in interrupts included, for a server that has no leases, and
# with 10,000 and 50,000. The CPU is never idle, since 64 clients are always
# waiting to be served, so that the time of a run is the instructions that the
# generator and the server needed; what the generator needs is known from a
# device that answers by itself, and subtracted.
#
# rate: two CPUs and a clock: exchanges a second with less than one in a hundred
# lost, by perfdhcp as a relay, and by ours. The generator has a CPU of its own.
# See Documentation/performance.rst.
set -u

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/setup/common.sh
. "$here/../setup/common.sh"
SERVERS_DIR=$(vmnet_cache)/servers
# shellcheck source=selftests/bench/dhcpservers.sh
. "$here/dhcpservers.sh"

G=bench-g
S=bench-s
VMNETCTL=${VMNETCTL:-vmnetctl}
LOAD=$VMNET_BIN/dhcpload
OUT=${BENCH_OUT:-/out}
TMP=$(mktemp -d)
# shellcheck disable=SC2034 # read by serve
LIBS=$SERVERS_DIR/usr/lib/x86_64-linux-gnu

# In a round; few, so that a server without leases does not have many at the end.
EXCHANGES=${BENCH_EXCHANGES:-128}
ROUNDS=5
read -ra LEVELS <<<"${BENCH_LEVELS:-0 10000 50000}"
# Of one try at a rate.
SECS=${BENCH_SECONDS:-2}
PERFDHCP=$(program perfdhcp || :)
MONITOR=
POOL_BYTES=0
FIRST=0

# RESULT[server.level.what]
declare -A RESULT=()
declare -A L=()

die()
{
	echo "bench: $*" >&2
	exit 1
}

say()
{
	echo "bench: $*" >&2
}

set_up()
{
	local mod

	for mod in veth vmnet; do
		[ "$mod" = vmnet ] || modprobe "$mod" || die "cannot load $mod"
	done
	[ -e /sys/module/vmnet ] || insmod "$VMNET_KO" || die "cannot load vmnet"
	insmod "$VMNET_BUILD/selftests/bench/kmod/vmnet_null.ko" || die "no null responder"
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	# Answers are broadcast, but those to a relay's clients are not.
	sysctl -qw net.ipv4.neigh.default.gc_thresh3=262144
}

fresh()
{
	local ns

	for ns in "$G" "$S"; do
		ip netns add "$ns" || die "no namespace $ns"
		ip netns exec "$ns" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
		ip -n "$ns" link set lo up
	done
	PID=''
	MONITOR=''
	FIRST=0
}

tear_down()
{
	local pid

	for pid in $PID $MONITOR; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	ip netns del "$G" 2>/dev/null
	ip netns del "$S" 2>/dev/null
	"$VMNETCTL" reset >/dev/null 2>&1
	for _ in {1..100}; do
		[ -n "$(ip -o link show type vmnic 2>/dev/null)" ] || break
		sleep 0.05
	done
}

# load COUNT [WORD...]: so many clients that were never seen before; into L
load()
{
	local count=$1 name value

	shift
	L=()
	while IFS='=' read -r name value; do
		L[$name]=$value
	done < <("$LOAD" "$G:eth0" "$count" first "$FIRST" "$@")
	FIRST=$((FIRST + count))
	[ "${L[exchanges]:-0}" = "$count" ]
}

# answers: the server does
answers()
{
	load 1 timeout 500
}

# start_server NAME LEVEL
start_server()
{
	local status

	fresh
	LEVEL_NOW=0
	"server_$1" "$2"
	status=$?
	if [ "$status" != 0 ]; then
		say "$1: not to be had here (status $status), left out"
		return 1
	fi
	for _ in {1..300}; do
		! answers || return 0
		[ -z "$PID" ] || [ -d "/proc/$PID" ] || break
		sleep 0.1
	done
	say "$1 does not answer: $(tail -n 3 "$TMP/out")"
	return 1
}

# Bytes of the kernel's own: slab, and what it maps beside it.
kernel_memory()
{
	awk '/^(Slab|VmallocUsed):/ { sum += $2 } END { print sum * 1024 }' /proc/meminfo
}

# slab NAME: bytes of a cache, empty places in its pages included
slab()
{
	awk -v name="$1" '$1 == name { print $15 * $6 * 4096 }' /proc/slabinfo
}

# memory SERVER: bytes that grow with leases
memory()
{
	case $1 in
	null) echo 0 ;;
	vmnet*) slab vmnet_dhcp_lease ;;
	*) awk '/^VmRSS:/ { print $2 * 1024 }' "/proc/$PID/status" ;;
	esac
}

# --- cost -----------------------------------------------------------------------------

# Nanoseconds that the listener to events has run, without interrupts.
listener()
{
	local ns=0

	[ -z "$MONITOR" ] || read -r ns _ <"/proc/$MONITOR/schedstat"
	echo "$ns"
}

# At this level: what an exchange costs, and how long an OFFER takes.
measure()
{
	local server=$1 level=$2 key=$1.$2 costs='' cost naks=0 lost=0 i
	local count=$EXCHANGES samples=100 before

	# What is done once: pages, caches, code that is patched on its first use.
	load 8 timeout 60000
	if [ "${L[ns]:-0}" -gt 200000000 ]; then
		count=8
		samples=8
	fi
	for ((i = 0; i < ROUNDS; i++)); do
		before=$(listener)
		load "$count" timeout 60000
		[ -z "$MONITOR" ] || RESULT[$key.listener]=$((($(listener) - before) / count))
		naks=$((naks + ${L[naks]:-0}))
		lost=$((lost + ${L[lost]:-count}))
		[ "${L[exchanges]:-0}" != 0 ] || return 1
		# Idle time is known to a hundredth of a second only.
		[ "${L[idle]}" -gt 20000000 ] || L[idle]=0
		cost=$(((L[ns] - L[idle]) / L[exchanges]))
		costs+="$cost "
		# So long that a timer tick more or less does not matter.
		[ $((cost * count)) -lt 10000000 ] || break
	done
	RESULT[$key.naks]=$naks
	RESULT[$key.lost]=$lost
	RESULT[$key.total]=$(tr ' ' '\n' <<<"$costs" | grep . | sort -n |
		awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
	load "$samples" window 1 timeout 60000
	RESULT[$key.p50]=${L[offer_p50]}
	RESULT[$key.p95]=${L[offer_p95]}
	say "$server, $level leases: ${RESULT[$key.total]} an exchange, ${RESULT[$key.p50]} to the OFFER"
}

fill_to()
{
	local server=$1 level=$2 count

	count=$((level - LEVEL_NOW - FIRST))
	[ "$count" -gt 0 ] || return 0
	load "$count" timeout 60000 ||
		say "$server: ${L[lost]:-?} lost and ${L[naks]:-?} NAKs on the way to $level"
}

levels_of()
{
	echo "${LEVELS_OF[$1]:-${LEVELS[*]}}"
}

bench_cost()
{
	local server=$1 level had=-1 before

	for level in $(levels_of "$server"); do
		if [ "$had" = -1 ] || [ -n "${RESTARTED[$server]:-}" ]; then
			[ "$had" = -1 ] || tear_down
			start_server "$server" "$level" || break
			[ "$had" != -1 ] || before=$(memory "$server")
			had=0
		fi
		fill_to "$server" "$level"
		if [ "$level" != 0 ]; then
			RESULT[$server.memory]=$((($(memory "$server") - before) / level))
			[ -z "$PID" ] || RESULT[$server.rss]=$(memory "$server")
		fi
		measure "$server" "$level" || say "$server at $level: no answers"
	done
	[ "$server" != vmnet ] || RESULT[pool]=$POOL_BYTES
	tear_down
}

# own SERVER LEVEL: instructions of the server's own
own()
{
	local total floor

	total=${RESULT[$1.$2.total]:-}
	floor=${RESULT[null.0.total]:-}

	if [ -n "$total" ] && [ -n "$floor" ]; then
		echo $((total - floor))
	fi
}

# over A B: with one digit behind the point
over()
{
	if [ -n "$1" ] && [ -n "$2" ] && [ "$2" != 0 ]; then
		awk "BEGIN { printf \"%.1f\", $1 / $2 }"
	else
		echo -
	fi
}

table_cost()
{
	local server level own other

	echo
	echo "Instructions (= ns, one CPU) of an exchange, 64 clients at once. own: above null, softirq"
	echo "and everything else included; /s: exchanges in 10^9 instructions of the server's own;"
	echo "x: vmnet's /s by this server's. OFFER: from DISCOVER, one client at a time; null's is the"
	echo "generator's and the way to it."
	printf '\n%8s  %-14s%10s%10s%9s%8s%11s%11s%6s%6s\n' leases server total own /s x \
		"OFFER p50" p95 naks lost
	for level in $(printf '%s\n' "${LEVELS[@]}" "${LEVELS_OF[@]}" | tr ' ' '\n' | sort -nu); do
		for server in "${SERVERS[@]}"; do
			[ -n "${RESULT[$server.$level.total]:-}" ] || continue
			own=$(own "$server" "$level")
			other=$(own vmnet "$level")
			[ "$server" != null ] || own=
			printf '%8s  %-14s%10s%10s%9s%8s%11s%11s%6s%6s\n' "$level" "$server" \
				"${RESULT[$server.$level.total]}" "${own:--}" \
				"$(over 1000000000 "$own" | sed 's/\..*//')" \
				"$(over "$own" "${other:-$(own vmnet 0)}")" \
				"${RESULT[$server.$level.p50]}" "${RESULT[$server.$level.p95]}" \
				"${RESULT[$server.$level.naks]}" "${RESULT[$server.$level.lost]}"
		done
		echo
	done
	for level in "${LEVELS[@]}"; do
		[ -n "${RESULT[vmnet-events.$level.listener]:-}" ] || continue
		echo "Of vmnet-events, ${RESULT[vmnet-events.$level.listener]} instructions an exchange are the listener's ($level leases)."
	done
	echo "The generator's own ceiling: $(over 1000000000 "${RESULT[null.0.total]:-0}" | sed 's/\..*//') exchanges in 10^9 instructions."
	echo
	echo "Memory a lease, bytes, at the highest level:"
	for server in "${SERVERS[@]}"; do
		[ -n "${RESULT[$server.memory]:-}" ] || continue
		if [[ $server == vmnet* ]]; then
			echo "pages of slab vmnet_dhcp_lease"
		else
			echo "growth of RSS, which is $((RESULT[$server.rss] >> 20)) MB then"
		fi | sed "s/^/$(printf '%-14s%8s  ' "$server" "${RESULT[$server.memory]}")/"
	done
	[ -z "${RESULT[pool]:-}" ] ||
		echo "vmnet's pool: $(over "${RESULT[pool]}" 129536) bytes an address of 129,536 (Slab and VmallocUsed)."
	echo
	for server in "${SERVERS[@]}"; do
		printf '%-14s%s\n' "$server" "${SERVER_IS[$server]}"
	done
}

json()
{
	local key

	for key in "${!RESULT[@]}"; do
		echo "$key ${RESULT[$key]}"
	done | jq -R -n --arg kernel "$(uname -r)" '{ kernel: $kernel,
		results: [ inputs | split(" ") | { (.[0]): (.[1] | tonumber? // .) } ] | add }'
}

# --- rate -----------------------------------------------------------------------------

# Both: does the server keep up with so many exchanges a second?
# What was lost and what came of it, in percent, into LOST and DONE.
try_ours()
{
	local rate=$1

	load $((rate * SECS)) rate "$rate" timeout 500
	LOST=$((100 * (${L[lost]:-0} + ${L[naks]:-0}) / (rate * SECS)))
	# Later than planned: the generator is what cannot keep up.
	DONE=$((SECS * 100000000000 / ${L[ns]:-1000000000000000}))
	[ "$LOST" -lt 1 ] && [ "$DONE" -ge 90 ]
}

try_perfdhcp()
{
	local rate=$1 out

	out=$(LD_LIBRARY_PATH=$LIBS ip netns exec "$G" "$PERFDHCP" -4 -l 10.64.0.2 \
		-r "$rate" -R 100000 -p "$SECS" -W 300000 -b "mac=02:4d:$(printf '%02x' $((RANDOM % 256))):00:00:00" \
		10.64.0.1 2>&1)
	# The rate that it prints has its own waiting for the last ones in it.
	read -r LOST DONE < <(awk -v want="$((rate * SECS))" '
		/^received packets:/ { done = $3 }
		/^drops:/ { drops += $2 }
		/^sent packets:/ { if (!sent) sent = $3 }
		END { print int(sent ? 100 * drops / sent : 100), int(100 * done / want) }' <<<"$out")
	[ "${LOST:-100}" -lt 1 ] && [ "${DONE:-0}" -ge 90 ]
}

# highest TOOL: exchanges a second with less than 1 % lost, into HIGHEST, and
# into BOUND what ended it
highest()
{
	local tool=$1 good=0 bad=0 rate=200 _

	BOUND=-
	for _ in {1..14}; do
		if "try_$tool" "$rate"; then
			good=$rate
			[ "$bad" = 0 ] || [ $((bad - good)) -gt $((good / 10)) ] || break
		else
			bad=$rate
			BOUND=generator
			[ "${LOST:-100}" -lt 1 ] || BOUND=server
			[ "$bad" -gt 30 ] || break
			[ "$good" = 0 ] || [ $((bad - good)) -gt $((good / 10)) ] || break
		fi
		if [ "$bad" = 0 ]; then
			rate=$((good * 2))
		else
			rate=$(((good + bad) / 2))
		fi
	done
	HIGHEST=$good
}

bench_rate()
{
	local server=$1 tool

	case $server in
	vmnet-events | dnsmasq-file) return 0 ;;
	esac
	say "$server"
	if start_server "$server" 0; then
		load 100
		load 1000
		RESULT[$server.closed]=$((L[exchanges] * 1000000000 / L[ns]))
		RESULT[$server.p50]=${L[offer_p50]}
		RESULT[$server.p95]=${L[offer_p95]}
		load 300 window 1
		RESULT[$server.alone50]=${L[offer_p50]}
		RESULT[$server.alone95]=${L[offer_p95]}
		ip -n "$G" addr add 10.64.0.2/15 dev eth0
		for tool in ours perfdhcp; do
			# A relay needs somebody to answer its ARP.
			if [ "$tool" = perfdhcp ] && { [ -z "$PERFDHCP" ] || [ "$server" = null ]; }; then
				continue
			fi
			highest "$tool"
			RESULT[$server.$tool]=$HIGHEST
			RESULT[$server.$tool.bound]=$BOUND
		done
	fi
	tear_down
}

us()
{
	[ -z "$1" ] || echo $(($1 / 1000))
}

table_rate()
{
	local server

	echo
	echo "Exchanges a second with two CPUs. closed: 64 clients always waiting, and microseconds from"
	echo "DISCOVER to OFFER then, and with one client at a time. open: the highest rate with less"
	echo "than 1 % lost, by our generator and by perfdhcp (a relay); what could not keep up."
	printf '\n%-10s%9s%9s%9s%9s%9s%9s %-10s%9s %-10s\n' server closed p50 p95 "1: p50" p95 \
		open "" perfdhcp ""
	for server in "${SERVERS[@]}"; do
		[ -n "${RESULT[$server.closed]:-}" ] || continue
		printf '%-10s%9s%9s%9s%9s%9s%9s %-10s%9s %-10s\n' "$server" "${RESULT[$server.closed]}" \
			"$(us "${RESULT[$server.p50]}")" "$(us "${RESULT[$server.p95]}")" \
			"$(us "${RESULT[$server.alone50]}")" "$(us "${RESULT[$server.alone95]}")" \
			"${RESULT[$server.ours]}" "${RESULT[$server.ours.bound]}" \
			"${RESULT[$server.perfdhcp]:--}" "${RESULT[$server.perfdhcp.bound]:-}"
	done
}

# --- run --------------------------------------------------------------------------------

part=${1:-cost}
[ $# = 0 ] || shift
if [ $# -gt 0 ]; then
	for server; do
		[ -n "${SERVER_IS[$server]:-}" ] ||
			die "no server $server; there are: ${SERVERS[*]}"
	done
	# What the others are held against.
	mapfile -t SERVERS < <(printf '%s\n' null "$@" | awk '!seen[$0]++')
fi
set_up
trap 'tear_down; rm -rf "$TMP"' EXIT
case $part in
cost | rate)
	for server in "${SERVERS[@]}"; do
		"bench_$part" "$server"
	done
	"table_$part"
	[ ! -d "$OUT" ] || json >"$OUT/dhcp-$part.json"
	;;
*)
	die "cost or rate"
	;;
esac
exit 0
