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
# lost, by perfdhcp as a relay, and by ours; and what the CPUs did meanwhile.
#
# No server is waited for without end: one that does not come to a level within
# BENCH_LIMIT seconds of the machine's own is left out there, and that is said.
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
# For a server to start, and to be brought to a level; 20 or 90. Where an
# instruction is a nanosecond, a second of these is several of the host's.
LIMIT=${BENCH_LIMIT:-}
PERFDHCP=$(program perfdhcp || :)
MONITOR=
GIVEN=0
HEARD=0
MISSING=0
POOL_BYTES=0
POOL_SIZE=129536
CPUS=$(nproc)
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
	[ -e /sys/module/vmnet_null ] ||
		insmod "$VMNET_BUILD/selftests/bench/kmod/vmnet_null.ko" ||
		die "no null responder"
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
	GIVEN=0
	HEARD=0
}

tear_down()
{
	local pid

	# Not asked: one that is busy with its leases would not hear of it for long.
	for pid in $PID $MONITOR; do
		kill -KILL "$pid" 2>/dev/null
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

# seconds: since the machine was started
seconds()
{
	local up

	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# load COUNT [WORD...]: so many clients that were never seen before; into L
load()
{
	local count=$1 name value

	shift
	L=()
	while IFS='=' read -r name value; do
		L[$name]=$value
	done < <("$LOAD" "$G:eth0" "$count" first "$FIRST" limit "$LIMIT" \
		${MONITOR:+beside "$MONITOR"} "$@")
	FIRST=$((FIRST + count))
	GIVEN=$((GIVEN + ${L[exchanges]:-0}))
	[ "${L[exchanges]:-0}" = "$count" ]
}

# answers: the server does
answers()
{
	load 1 timeout 500
}

# said: the last words of the server
said()
{
	tail -qn 3 "$TMP/out" "$TMP/log" 2>/dev/null | tr '\n' ' '
}

# start_server NAME LEVEL
start_server()
{
	local status until

	fresh
	rm -f "$TMP/out" "$TMP/log"
	LEVEL_NOW=0
	"server_$1" "$2"
	status=$?
	if [ "$status" != 0 ]; then
		say "$1: not to be had here (status $status), left out"
		return 1
	fi
	until=$(($(seconds) + LIMIT))
	while [ "$(seconds)" -lt "$until" ]; do
		if answers; then
			[ -z "$MONITOR" ] || listens
			return
		fi
		if [ -n "$PID" ] && ! [ -d "/proc/$PID" ]; then
			say "$1 has ended: $(said)"
			return 1
		fi
		sleep 0.1
	done
	say "$1 does not answer within $LIMIT s with $2 leases, left out: $(said)"
	return 1
}

# --- the listener to events -----------------------------------------------------------

# heard: how many leases it has been told of as new
heard()
{
	grep -c '"event":"new"' "$TMP/events"
}

# listener: nanoseconds that it has run, without interrupts
listener()
{
	local ns=0

	[ -z "$MONITOR" ] || read -r ns _ <"/proc/$MONITOR/schedstat"
	echo "$ns"
}

# overrun: messages that the kernel could not give it
overrun()
{
	# A socket's number has its process's in its lowest 22 bits.
	awk -v pid="$MONITOR" '$2 == 16 && $3 % 4194304 == pid { sum += $9 } END { print sum + 0 }' \
		/proc/net/netlink
}

# listens: it has begun to, from here on HEARD and GIVEN go together
listens()
{
	local until last=

	until=$(($(seconds) + LIMIT))
	while [ "$(seconds)" -lt "$until" ]; do
		if [ "$(heard)" = 0 ]; then
			answers || break
			continue
		fi
		# Events come in their order: after the last one's none is under way.
		[ -n "$last" ] || load 1 timeout 500 list "$TMP/last" || break
		read -r last <"$TMP/last"
		if grep -qF "\"$last\"" "$TMP/events"; then
			HEARD=$(heard)
			GIVEN=0
			return 0
		fi
		sleep 0.1
	done
	say "the listener does not hear"
	return 1
}

# caught_up: it has been told of all that were given; said if not, and how many
# are missing is in MISSING
caught_up()
{
	local until

	MISSING=0
	[ -n "$MONITOR" ] || return 0
	until=$(($(seconds) + LIMIT))
	while :; do
		MISSING=$((GIVEN - $(heard) + HEARD))
		[ "$MISSING" != 0 ] || return 0
		if ! [ -d "/proc/$MONITOR" ]; then
			say "the listener has died: $(tail -c 300 "$TMP/events")"
			return 1
		fi
		[ "$(seconds)" -lt "$until" ] || break
		sleep 0.1
	done
	say "the listener was told of $((GIVEN - MISSING)) of $GIVEN leases; $(overrun) messages did not fit"
	HEARD=$(heard)
	GIVEN=0
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

# At this level: what an exchange costs, and how long an OFFER takes. What the
# listener to events does, it may do later: it is counted by itself and added.
measure()
{
	local server=$1 level=$2 key=$1.$2 costs='' cost naks=0 lost=0 missing=0 i
	local count=$EXCHANGES samples=100 before listened=0

	# What is done once: pages, caches, code that is patched on its first use.
	load 8 timeout 60000
	if [ "${L[ns]:-0}" -gt 200000000 ]; then
		count=8
		samples=8
	fi
	for ((i = 0; i < ROUNDS; i++)); do
		caught_up
		before=$(listener)
		load "$count" timeout 60000
		[ "${L[exchanges]:-0}" != 0 ] || return 1
		if [ -n "$MONITOR" ]; then
			caught_up || missing=$((missing + MISSING))
			listened=$((($(listener) - before) / L[exchanges]))
			RESULT[$key.listener]=$listened
		fi
		naks=$((naks + ${L[naks]:-0}))
		lost=$((lost + ${L[lost]:-count}))
		# Idle time is known to a hundredth of a second only.
		[ "${L[idle]}" -gt 20000000 ] || L[idle]=0
		cost=$(((L[ns] - L[idle] - L[beside]) / L[exchanges] + listened))
		costs+="$cost "
		# So long that a timer tick more or less does not matter.
		[ $((cost * count)) -lt 10000000 ] || break
	done
	RESULT[$key.naks]=$naks
	RESULT[$key.lost]=$lost
	RESULT[$key.missing]=$missing
	RESULT[$key.total]=$(tr ' ' '\n' <<<"$costs" | grep . | sort -n |
		awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
	load "$samples" window 1 timeout 60000
	RESULT[$key.p50]=${L[offer_p50]}
	RESULT[$key.p95]=${L[offer_p95]}
	say "$server, $level leases: ${RESULT[$key.total]} an exchange, ${RESULT[$key.p50]} to the OFFER"
}

# fill_to SERVER LEVEL: by exchanges, 64 at once
fill_to()
{
	local server=$1 level=$2 count key=$1.$2

	count=$((level - LEVEL_NOW - FIRST))
	[ "$count" -gt 0 ] || return 0
	if ! load "$count" timeout 60000 list "$TMP/given"; then
		say "$server: ${L[exchanges]:-0} of $count leases, ${L[lost]:-?} lost and ${L[naks]:-?} NAKs on the way to $level, which is left out"
		return 1
	fi
	RESULT[$key.filled]=$count
	RESULT[$key.fill_naks]=${L[naks]}
	RESULT[$key.twice]=$(sort "$TMP/given" | uniq -d | wc -l)
	caught_up
	return 0
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
		fill_to "$server" "$level" || break
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

# over A B [MOST]: with one digit behind the point
over()
{
	if [ -n "$1" ] && [ -n "$2" ] && [ "$2" != 0 ]; then
		awk "BEGIN { r = $1 / $2; m = ${3:-0}; printf \"%.1f\", (m && r > m) ? m : r }"
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
		echo "Of vmnet-events, ${RESULT[vmnet-events.$level.listener]} instructions an exchange are the listener's ($level leases); it missed ${RESULT[vmnet-events.$level.missing]} events."
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
		echo "vmnet's pool: $(over "${RESULT[pool]}" "$POOL_SIZE") bytes an address of $POOL_SIZE (Slab and VmallocUsed)."
	echo
	for server in "${SERVERS[@]}"; do
		printf '%-14s%s\n' "$server" "${SERVER_IS[$server]}"
	done
}

# verdict AIM IS TEST: a line; TEST is of awk
verdict()
{
	local met=no

	if [ -z "$2" ] || [ "$2" = - ]; then
		met="not measured"
	elif awk "BEGIN { exit !($3) }"; then
		met=yes
	fi
	printf '%-62s%10s  %s\n' "$1" "${2:--}" "$met"
}

# least NAME...: the lowest of what each of these cost, by what vmnet cost at the
# same level or, if it was not there, at none; from own or from RESULT
least()
{
	local what=$1 server level other mine lowest=

	shift
	for server; do
		for level in $(levels_of "$server"); do
			if [ "$what" = own ]; then
				other=$(own "$server" "$level")
				mine=$(own vmnet "$level")
				: "${mine:=$(own vmnet 0)}"
			else
				other=${RESULT[$server.$level.$what]:-}
				mine=${RESULT[vmnet.$level.$what]:-${RESULT[vmnet.0.$what]:-}}
			fi
			if [ -n "$other" ] && [ -n "$mine" ]; then
				lowest=$(over "$other" "$mine" "${lowest:-1000000}")
			fi
		done
	done
	echo "$lowest"
}

# change A B: in percent, without sign
change()
{
	if [ -n "$1" ] && [ -n "$2" ]; then
		awk "BEGIN { c = ($2 - $1) * 100 / $1; printf \"%.1f\", c < 0 ? -c : c }"
	fi
}

# The aims of issue C.
verdicts_cost()
{
	local top=${LEVELS[-1]} is level bad=0 all=0

	echo
	echo "Against the aims (x and bytes; of several levels the worst):"
	is=$(least own kea)
	verdict "exchanges of a CPU, by Kea's: at least 10" "$is" "${is:-0} >= 10"
	is=$(least own dnsmasq dnsmasq-file)
	verdict "exchanges of a CPU, by dnsmasq's: at least 20" "$is" "${is:-0} >= 20"
	is=$(least p50 dnsmasq dnsmasq-file)
	verdict "p50 to the OFFER, of dnsmasq by vmnet's: more than 3" "$is" "${is:-0} > 3"
	is=$(change "$(own vmnet 0)" "$(own vmnet "$top")")
	verdict "exchanges of a CPU, 0 to $top leases: at most 10 % of change" "$is" "${is:-0} <= 10"
	is=$(change "${RESULT[vmnet.0.p50]:-}" "${RESULT[vmnet.$top.p50]:-}")
	verdict "p50 to the OFFER, 0 to $top leases: at most 10 % of change" "$is" "${is:-0} <= 10"
	is=${RESULT[vmnet.memory]:-}
	verdict "bytes of slab a lease: at most 256" "$is" "${is:-0} <= 256"
	is=
	[ -z "${RESULT[pool]:-}" ] || is=$(over "${RESULT[pool]}" "$POOL_SIZE")
	verdict "bytes an address of the pool: at most 16" "$is" "${is:-0} <= 16"
	for level in "${LEVELS[@]}"; do
		[ -n "${RESULT[vmnet.$level.filled]:-}" ] || continue
		all=$((all + ${RESULT[vmnet.$level.filled]}))
		bad=$((bad + ${RESULT[vmnet.$level.fill_naks]} + ${RESULT[vmnet.$level.twice]}))
	done
	is=
	[ "$all" = 0 ] || is=$bad
	verdict "NAKs and addresses given twice, $all exchanges, 64 at once: 0" "$is" "${is:-1} == 0"
	is=${RESULT[vmnet-events.$top.missing]:-}
	verdict "events that a listener missed with $top leases: 0" "$is" "${is:-1} == 0"
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

# Both: does the server keep up with so many exchanges a second? What was lost,
# and how many clients began when they should, in percent, into LOST and BEGUN.
try_ours()
{
	local rate=$1

	load $((rate * SECS)) rate "$rate" timeout 500
	LOST=$((100 * (${L[lost]:-0} + ${L[naks]:-0}) / (rate * SECS)))
	# Later than planned: the generator is what cannot keep up.
	BEGUN=$((SECS * 100000000000 / ${L[begun]:-1000000000000000}))
	[ "$LOST" -lt 1 ] && [ "$BEGUN" -ge 90 ]
}

try_perfdhcp()
{
	local rate=$1 out

	out=$(LD_LIBRARY_PATH=$LIBS timeout -s KILL $((SECS + 10)) ip netns exec "$G" \
		"$PERFDHCP" -4 -l 10.64.0.2 -g single -r "$rate" -R 100000 -p "$SECS" -W 500000 \
		-b "mac=02:4d:$(printf '%02x' $((RANDOM % 256))):00:00:00" 10.64.0.1 2>&1)
	[ -z "${BENCH_VERBOSE:-}" ] || echo "$out" >&2
	# The rate that it prints has its own waiting for the last ones in it.
	FIRST=$((FIRST + rate * SECS))
	read -r LOST BEGUN < <(awk -v want="$((rate * SECS))" '
		/^drops:/ { drops += $2 }
		/^sent packets:/ { if (!sent) sent = $3 }
		END { print int(sent ? 100 * drops / sent : 100), int(100 * sent / want) }' <<<"$out")
	[ "${LOST:-100}" -lt 1 ] && [ "${BEGUN:-0}" -ge 90 ]
}

# room SERVER COUNT: a server without leases, if so many more are too many for it
room()
{
	[ "$1" != null ] || return 0
	if [ -n "${SLOWER[$1]:-}" ] || [ $((FIRST + $2)) -gt $((POOL_SIZE * 3 / 4)) ]; then
		tear_down
		start_server "$1" 0 || return 1
		ip -n "$G" addr replace 10.64.0.2/15 dev eth0
	fi
}

# highest SERVER TOOL RATE: exchanges a second with less than 1 % lost, into HIGHEST,
# and into BOUND what ended it. RATE is where it is looked for first.
highest()
{
	local server=$1 tool=$2 good=0 bad=0 rate=$3 _

	BOUND=-
	for _ in {1..9}; do
		room "$server" $((rate * SECS)) || break
		if "try_$tool" "$rate"; then
			good=$rate
		else
			bad=$rate
			BOUND=server
			[ "${BEGUN:-0}" -ge 90 ] || BOUND=generator
			[ "$bad" -gt 30 ] || break
		fi
		if [ "$bad" = 0 ]; then
			rate=$((good * 3 / 2))
		elif [ "$good" = 0 ]; then
			rate=$((bad / 2))
		else
			[ $((bad - good)) -gt $((good / 10)) ] || break
			rate=$(((good + bad) / 2))
		fi
	done
	HIGHEST=$good
}

# closed SERVER LEVEL: 64 clients always waiting, then one at a time
closed()
{
	local key=$1.$2 count i

	load 100
	[ "${L[exchanges]:-0}" != 0 ] || return 1
	# For about a second, since idle time is known to a hundredth of one; less
	# where each exchange makes the next one dearer.
	count=200
	[ -n "${SLOWER[$1]:-}" ] || count=$((L[exchanges] * 1000000000 / L[ns]))
	[ "$count" -ge 200 ] || count=200
	for i in 1 2 3; do
		load "$count"
		[ "${L[exchanges]:-0}" != 0 ] || return 1
		echo "$((L[exchanges] * 1000000000 / L[ns]))" \
			"$(((L[ns] * CPUS - L[idle]) / L[exchanges]))" \
			"${L[offer_p50]} ${L[offer_p95]} $((L[lost] + L[naks]))"
	done >"$TMP/rounds"
	# That in which the CPUs did least: this clock is that of a machine which
	# others use too.
	read -r "RESULT[$key.closed]" "RESULT[$key.cpu]" "RESULT[$key.p50]" \
		"RESULT[$key.p95]" "RESULT[$key.lost]" < <(sort -n -k 2 "$TMP/rounds")
	load 200 window 1
	RESULT[$key.alone50]=${L[offer_p50]}
	RESULT[$key.alone95]=${L[offer_p95]}
	caught_up
	say "$1, $2 leases: ${RESULT[$key.closed]} exchanges a second, $((${RESULT[$key.cpu]} / 1000)) us of CPUs each"
}

# open SERVER LEVEL
open()
{
	local server=$1 key=$1.$2 tool first

	ip -n "$G" addr replace 10.64.0.2/15 dev eth0
	for tool in ours perfdhcp; do
		# A relay needs somebody to answer its ARP.
		if [ "$tool" = perfdhcp ] && { [ -z "$PERFDHCP" ] || [ "$server" = null ]; }; then
			continue
		fi
		# perfdhcp does some hundreds here, whoever answers.
		first=$((${RESULT[$key.closed]} * 3 / 4))
		[ "$tool" = ours ] || [ "$first" -lt 400 ] || first=400
		highest "$server" "$tool" "$first"
		RESULT[$key.$tool]=$HIGHEST
		RESULT[$key.$tool.bound]=$BOUND
		say "$server, $2 leases: $HIGHEST a second, $tool, then the $BOUND"
	done
}

bench_rate()
{
	local server=$1 level started=

	for level in $(levels_of "$server"); do
		# So slow that there is no rate; see the other part.
		case $server.$level in
		dnsmasq*.10000) continue ;;
		esac
		if [ -n "$started" ] && [ -n "${RESTARTED[$server]:-}" ]; then
			tear_down
			started=
		fi
		if [ -z "$started" ]; then
			start_server "$server" "$level" || break
			started=1
		fi
		fill_to "$server" "$level" || break
		if ! closed "$server" "$level"; then
			say "$server at $level: no answers"
		elif [ "$level" = 0 ] && [ "$server" != vmnet-events ]; then
			# So many leases are given here that there is no other level.
			tear_down
			started=
			start_server "$server" "$level" || break
			open "$server" "$level"
			tear_down
		fi
	done
	tear_down
}

us()
{
	if [ -z "$1" ]; then
		echo -
	else
		echo $(($1 / 1000))
	fi
}

table_rate()
{
	local server level key own

	echo
	echo "By the clock, with two CPUs. /s: exchanges, 64 clients always waiting. CPU: microseconds"
	echo "of both CPUs an exchange then, interrupts and all; own: above null's. OFFER: microseconds"
	echo "from DISCOVER then, and with one client at a time. open: the highest rate with less than"
	echo "1 % lost, by our generator and by perfdhcp (a relay), and what could not keep up."
	printf '\n%8s  %-13s%8s%7s%7s%7s%7s%7s%7s%8s %-10s%8s %-10s\n' leases server /s CPU own p50 p95 \
		"1: p50" p95 open "" perfdhcp ""
	for level in $(printf '%s\n' "${LEVELS[@]}" "${LEVELS_OF[@]}" | tr ' ' '\n' | sort -nu); do
		for server in "${SERVERS[@]}"; do
			key=$server.$level
			[ -n "${RESULT[$key.closed]:-}" ] || continue
			own=
			[ "$server" = null ] || [ -z "${RESULT[null.0.cpu]:-}" ] ||
				own=$((${RESULT[$key.cpu]} - ${RESULT[null.0.cpu]}))
			printf '%8s  %-13s%8s%7s%7s%7s%7s%7s%7s%8s %-10s%8s %-10s\n' "$level" "$server" \
				"${RESULT[$key.closed]}" "$(us "${RESULT[$key.cpu]}")" "$(us "$own")" \
				"$(us "${RESULT[$key.p50]}")" "$(us "${RESULT[$key.p95]}")" \
				"$(us "${RESULT[$key.alone50]}")" "$(us "${RESULT[$key.alone95]}")" \
				"${RESULT[$key.ours]:--}" "${RESULT[$key.ours.bound]:-}" \
				"${RESULT[$key.perfdhcp]:--}" "${RESULT[$key.perfdhcp.bound]:-}"
		done
	done
	echo
	echo "The generator's own ceiling: ${RESULT[null.0.closed]:--} exchanges a second closed, ${RESULT[null.0.ours]:--} open."
}

verdicts_rate()
{
	local server is

	echo
	echo "Ratios by the clock, with no leases (the aims are held against instructions, see above):"
	for server in "${SERVERS[@]}"; do
		case $server in
		null | vmnet*) continue ;;
		esac
		[ -n "${RESULT[$server.0.closed]:-}" ] || continue
		is="exchanges a second $(over "${RESULT[vmnet.0.closed]:-}" "${RESULT[$server.0.closed]}"),"
		is+=" CPU of its own $(over $((${RESULT[$server.0.cpu]} - ${RESULT[null.0.cpu]:-0})) \
			$((${RESULT[vmnet.0.cpu]:-0} - ${RESULT[null.0.cpu]:-0}))),"
		is+=" p50 alone $(over "${RESULT[$server.0.alone50]}" "${RESULT[vmnet.0.alone50]:-}")"
		echo "vmnet by $server: $is"
	done
}

# --- run --------------------------------------------------------------------------------

part=${1:-cost}
[ "$part" = cost ] || : "${LIMIT:=90}"
: "${LIMIT:=20}"
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
	"verdicts_$part"
	[ ! -d "$OUT" ] || json >"$OUT/dhcp-$part.json"
	;;
*)
	die "cost or rate"
	;;
esac
exit 0
