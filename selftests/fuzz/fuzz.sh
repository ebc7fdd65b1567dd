#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The pure files of kmod/dhcp under libFuzzer, with the address and the
# undefined behaviour sanitizer: FUZZ_RUNS inputs (200,000; `make fuzz`:
# 10,000,000) made from the seeds and from what earlier runs have found, which
# is kept in FUZZ_CORPUS (none). Needs no kernel. An input that breaks something
# is left in build/fuzz, to be said to $VMNET_BIN/fuzz_dhcp again.

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)
fuzzer=${VMNET_BIN:-$top/build/selftests}/fuzz_dhcp
runs=${FUZZ_RUNS:-200000}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
corpus=${FUZZ_CORPUS:-$tmp/corpus}
# A short run begins from the same every time.
seed=()
[ -n "${FUZZ_CORPUS:-}" ] || seed=(-seed=1)

echo "TAP version 13"
echo "1..1"
mkdir -p "$corpus" "$top/build/fuzz"
if "$fuzzer" -runs="$runs" -max_len=1600 -print_final_stats=1 -artifact_prefix="$top/build/fuzz/" \
	"${seed[@]}" "$corpus" "$here/seeds" >"$tmp/log" 2>&1; then
	sed -n 's/^stat::number_of_executed_units: *\([0-9]*\)$/# figure: \1 executions fuzzed/p; s/^stat::average_exec_per_sec: */# a second: /p' \
		"$tmp/log"
	tac "$tmp/log" | sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/# \1/p' | head -n 1
	echo "ok 1 fuzz: $runs inputs, nothing broken"
else
	grep -E '^broken|ERROR|SUMMARY|runtime error|Test unit written' "$tmp/log" | sed 's/^/# /'
	tail -n 20 "$tmp/log" | sed 's/^/# /'
	echo "not ok 1 fuzz: $runs inputs, nothing broken"
	exit 1
fi
