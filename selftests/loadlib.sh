# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Many workers at once, that are watched, and the kernel's memory before and after;
# after lib.sh.
#
# A worker NAME does work_NAME (without a number at its end) again and again. What it
# has done it counts by its kind (count); who has begun nothing new for a while hangs,
# and that is a failure.

# Where the workers report, and whoever wants to tell the others something.
LOAD=$(mktemp -d)
defer rm -rf "$LOAD"

declare -A DID=() WORKER_PIDS=()

# Seconds that one turn of a worker may take, in the worst of cases.
LOAD_PATIENCE=$((90 * VMNET_SLOW))

# --- in a worker ------------------------------------------------------------------

# count KIND N: so much was done.
count()
{
	DID[$1]=$((${DID[$1]:-0} + $2))
}

# report: what was counted since the last report; one write, for two may report at once.
report()
{
	local kind text=$'1 turns\n'

	for kind in "${!DID[@]}"; do
		text+="${DID[$kind]} $kind"$'\n'
	done
	DID=()
	printf '%s' "$text" >>"$LOAD/did.$ME"
}

# others_do N: waits until the first worker has had so many turns; or the end.
others_do()
{
	local had now

	had=$(grep -c turns "$LOAD/did.$FIRST_WORKER")
	until [ -e "$LOAD/stop" ]; do
		now=$(grep -c turns "$LOAD/did.$FIRST_WORKER")
		[ $((now - had)) -lt "$1" ] || break
		sleep 0.2
	done
}

# plan KIND LINE: a line of the next batch, and what it counts as.
plan()
{
	kinds+=("$1")
	lines+=("$2")
}

# perform COMMAND...: the lines that were planned, with -b - or -batch - on its command
# line. Those that are refused, as many are by the others' doing, do not count.
perform()
{
	local -A refused=()
	local line i

	while read -r line; do
		[[ ! $line =~ ^(Error: standard input:|Command failed -:)([0-9]+) ]] ||
			refused[${BASH_REMATCH[2]}]=1
	done < <(printf '%s\n' "${lines[@]}" | "$@" 2>&1 >/dev/null)
	for i in "${!lines[@]}"; do
		[ -n "${refused[$((i + 1))]-}" ] || count "${kinds[i]}" 1
	done
	lines=() kinds=()
}

by_ctl()
{
	perform "$VMNETCTL" ${1:+-n "$1"} -f -b -
}

by_ip()
{
	perform ip ${1:+-n "$1"} -force -batch -
}

# one WORD...: one of them, in $ONE.
one()
{
	local which=$((RANDOM % $# + 1))

	# shellcheck disable=SC2034 # for the scripts
	ONE=${!which}
}

worker()
{
	trap - EXIT INT TERM
	ME=$1 RANDOM=$2
	[ -z "${LOAD_CPU-}" ] || taskset -pc "$LOAD_CPU" "$BASHPID" >/dev/null
	until [ -e "$LOAD/stop" ]; do
		"work_${ME%[0-9]}"
		report
	done
}

# --- in the script ------------------------------------------------------------------

# workers_start SEED NAME...: their random numbers follow from the seed; they run on the
# CPU LOAD_CPU only, if there is one.
workers_start()
{
	local seed=$1 name

	shift
	FIRST_WORKER=$1
	rm -f "$LOAD"/did.* "$LOAD/stop"
	for name; do
		: >"$LOAD/did.$name"
	done
	for name; do
		seed=$((seed + 1))
		worker "$name" "$seed" &
		WORKER_PIDS[$name]=$!
	done
	defer workers_kill
}

# total KIND: what all workers have done of it.
total()
{
	cat "$LOAD"/did.* | awk -v kind="$1" '{ n = $1; sub(/^[^ ]* /, "") }
		$0 == kind { sum += n } END { print sum + 0 }'
}

# totals: all kinds, as diagnostics.
totals()
{
	cat "$LOAD"/did.* | awk '{ n = $1; sub(/^[^ ]* /, ""); sum[$0] += n }
		END { for (kind in sum) print "# " sum[kind] " " kind }' | sort -k 3
}

# kinds_missing KIND...: those that nobody has done yet.
kinds_missing()
{
	local kind

	for kind; do
		grep -qs " $kind\$" "$LOAD"/did.* || echo "$kind"
	done
}

# Who is where in the kernel, of those that do not run.
say_stacks()
{
	local dir state

	for dir in /proc/[0-9]*; do
		state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "$dir/status" 2>/dev/null)
		[ "$state" = D ] || continue
		echo "# $(cat "$dir/comm") (${dir#/proc/}): $(head -n 12 "$dir/stack" | paste -sd' ')"
	done 2>/dev/null
}

# workers_watch SECONDS COMMAND...: until the command succeeds. Fails if a worker ends or
# hangs, or after so many seconds.
workers_watch()
{
	local limit=$((SECONDS + $1)) name size bad=''
	local -A was=() since=()

	shift
	while [ -z "$bad" ]; do
		sleep 1
		while read -r name size; do
			name=${name##*/did.}
			[ "$size" != "${was[$name]-}" ] || continue
			was[$name]=$size
			since[$name]=$SECONDS
		done < <(stat -c '%n %s' "$LOAD"/did.*)
		for name in "${!WORKER_PIDS[@]}"; do
			if ! kill -0 "${WORKER_PIDS[$name]}" 2>/dev/null; then
				bad+="worker $name has ended; "
			elif [ $((SECONDS - since[$name])) -gt "$LOAD_PATIENCE" ]; then
				bad+="worker $name hangs; "
			fi
		done
		[ -z "$bad" ] || break
		! "$@" || return 0
		[ "$SECONDS" -lt "$limit" ] || bad+="it takes too long; "
	done
	say_stacks
	fail_test "${bad%; }"
	return 1
}

# workers_stop: they end with what they are at.
workers_stop()
{
	local name

	: >"$LOAD/stop"
	for name in "${!WORKER_PIDS[@]}"; do
		busywait 90 not kill -0 "${WORKER_PIDS[$name]}" ||
			fail_test "worker $name does not end"
	done
	workers_kill
}

# workers_kill: and their children; most often there are none any more.
workers_kill()
{
	local name children

	: >"$LOAD/stop"
	for name in "${!WORKER_PIDS[@]}"; do
		children=$(pgrep -P "${WORKER_PIDS[$name]}")
		# shellcheck disable=SC2086 # several numbers are meant
		kill -KILL "${WORKER_PIDS[$name]}" $children
		wait "${WORKER_PIDS[$name]}"
	done 2>/dev/null
	WORKER_PIDS=()
}

# --- memory -------------------------------------------------------------------------

# Caches of processes, which are the tests' own. A few that live on keep half empty slabs of
# thousands that have ended: half a megabyte, which is one or two percent where a network is
# small. (A machine that merges caches, without slab_nomerge, has no such names.)
PROCESSES="task_struct sighand_cache signal_cache files_cache fs_cache mm_struct \
	vm_area_struct vmap_area anon_vma anon_vma_chain pid cred_jar"

# memory: of Slab and Percpu, in kB, without those, and without what is only kept because
# nobody else wants it: caches of files, and empty pages of the allocator (with which KASAN
# gives up what it keeps, too).
memory()
{
	local dir

	echo 3 >/proc/sys/vm/drop_caches
	for dir in /sys/kernel/slab/*; do
		[ -L "$dir" ] || echo 1 >"$dir/shrink"
	done 2>/dev/null
	{
		awk '/^(Slab|Percpu):/ { print "all", $2 }' /proc/meminfo
		slabs
	} | awk -v processes="$PROCESSES" '
		BEGIN { split(processes, names); for (i in names) ours[names[i]] = 1 }
		$1 == "all" { sum += $2 }
		$1 in ours { sum -= $2 }
		END { print sum }'
}

# memory_settled: once it does not become less any more; freeing is done by works and
# RCU, after the fact.
memory_settled()
{
	local now least

	least=$(memory)
	while :; do
		sleep 1
		now=$(memory)
		[ "$now" -lt "$least" ] || break
		least=$now
	done
	slabs >"$LOAD/slabs"
	echo "$least"
}

# slabs: each cache and its kB
slabs()
{
	awk '/^Percpu:/ { print "percpu", $2 }' /proc/meminfo
	awk 'NR > 2 { print $1, $15 * $6 * 4 }' /proc/slabinfo
}

memory_is_back()
{
	MEMORY=$(memory)
	echo "$MEMORY"
	[ $((MEMORY * 1000)) -le $(($1 * 1010)) ]
}

# check_memory BEFORE: it is what it was, within one percent.
check_memory()
{
	local after

	after=$(busywait 60 memory_is_back "$1")
	check_err $? "Slab and Percpu have grown from $1 to $after kB"
	echo "# Slab and Percpu: $1 kB after the warm-up, $after kB at the end"
	echo "# most of it (kB): $(join <(sort "$LOAD/slabs") <(slabs | sort) |
		awk '$3 - $2 { print $3 - $2, $1 }' | sort -rn | head -n 8 | paste -sd,)"
}
