#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many of everything: 4,096 ports on one network, 1,000 networks, 10,000 ports
# in all; a quarter of each where a debug kernel is slow. The times are for
# people; nothing is judged by them.
#
#	   big                          n1 ... n999        p4097 ... p10000
#	    └── p1 ... p4096            (empty)            (detached)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a=''
setup_ns a
silence "$a"
C() { ip netns exec "$a" "$VMNETCTL" "$@"; }
defer C reset

ports=4096 all=10000 networks=1000
[ "$VMNET_SLOW" = 1 ] || ports=1024 all=2500 networks=250
# Deleted while a dump goes on.
from=$((all / 2)) to=$((all / 2 + all / 25))

# timed WHAT COMMAND...
timed()
{
	local what=$1 begin=${EPOCHREALTIME/[.,]/} rc

	shift
	"$@"
	rc=$?
	echo "# $what: $(((${EPOCHREALTIME/[.,]/} - begin) / 1000)) ms"
	return $rc
}

make_ports()
{
	local i

	echo "network add big"
	for ((i = 1; i <= ports; i++)); do
		echo "port add p$i network big"
	done
}

make_detached()
{
	local i

	for ((i = ports + 1; i <= all; i++)); do
		echo "link add p$i type vmnic"
	done
}

make_networks()
{
	local i

	for ((i = 1; i < networks; i++)); do
		echo "network add n$i"
	done
}

test_begin "one network takes $(dotted $ports) ports"
timed "$ports ports" C -b - < <(make_ports)
check_err $? "vmnetctl -b"
check_eq "$(C -j network show big | jq '.[0]["ports-attached"]')" $ports "ports attached"
log_test

test_begin "its forwarding table has an address of each"
check_eq "$(timed "the table" C -j fdb show big | grep -v '^#' | jq '[.[].mac] | unique | length')" $ports "addresses"
log_test

test_begin "a broadcast reaches all of them"
stat() { C -j stats show network big | jq ".[0].stats.$1"; }
before=$(stat delivered)
frame tx "$a:p1" count 3
delivered() { [ $(($(stat delivered) - before)) = $((3 * (ports - 1))) ]; }
busywait 10 delivered
check_err $? "delivered: $(($(stat delivered) - before)), not $((3 * (ports - 1)))"
check_eq "$(stat dropped)" 0 "dropped"
log_test

test_begin "a unicast reaches its port among them"
check_eq "$(frame rx "$a:p$ports" want 5 tx "$a:p1" dst "@$a:p$ports" count 5)" 5 "frames"
log_test

test_begin "one namespace takes $(dotted $networks) networks"
timed "$((networks - 1)) networks" C -b - < <(make_networks)
check_err $? "vmnetctl -b"
check_eq "$(C -j network show | jq '[.[].name] | unique | length')" $networks "networks"
log_test

test_begin "and $(dotted $all) ports"
timed "$((all - ports)) detached ports" ip -n "$a" -batch - < <(make_detached)
check_err $? "ip -batch"
log_test

test_begin "a dump tells of each of $(dotted $all) ports, once"
C -j port show >/tmp/dump.$$
check_err $? "port show"
defer rm -f "/tmp/dump.$$"
check_eq "$(jq length /tmp/dump.$$)" $all "ports"
check_eq "$(jq '[.[].name] | unique | length' /tmp/dump.$$)" $all "names"
log_test

test_begin "all of them have addresses of their own"
check_eq "$(jq '[.[].mac] | unique | length' /tmp/dump.$$)" $all "addresses"
log_test

test_begin "filters choose among them"
check_eq "$(C -j port show network big | jq length)" $ports "of big"
check_eq "$(C -j port show detached | jq length)" $((all - ports)) "detached"
log_test

test_begin "a dump goes on while ports come and go: none that stays is missing, none twice"
for ((i = from; i < to; i++)); do
	echo "port del p$i"
done | C -b - &
deleting=$!
C -j port show >/tmp/dump.$$
check_err $? "port show"
wait $deleting
check_err $? "port del"
check_eq "$(jq '[.[].name] | length == (unique | length)' /tmp/dump.$$)" true "no port twice"
check_eq "$(jq '[.[].name | ltrimstr("p") | tonumber | select(. < '$from' or . >= '$to')] | length' /tmp/dump.$$)" \
	$((all - to + from)) "ports that stay"
log_test

test_begin "a network with $(dotted $ports) ports is deleted, and they are detached"
timed "the deletion" C network del big
check_err $? "network del"
check_eq "$(C -j port show detached | jq length)" $((all - to + from)) "detached"
log_test

# Somebody else who wants RTNL, and how many netdevs there are when he has had it.
turns()
{
	while ip link set lo up; do
		ip netns exec "$a" ls /sys/class/net | wc -l
	done
}

test_begin "reset deletes everything"
defer rm -f "/tmp/turns.$$"
turns >"/tmp/turns.$$" &
others=$!
timed "the reset" C reset
check_err $? "reset"
kill $others
wait $others 2>/dev/null
check_eq "$(C -j port show | jq length) $(C -j network show | jq length)" "0 0" "ports, networks"
log_test

test_begin "a few hundred at a time: others have RTNL in between"
[ "$(sort -u "/tmp/turns.$$" | wc -l)" -ge 5 ]
check_err $? "$(sort -u "/tmp/turns.$$" | tr '\n' ' ')"
log_test

# And a few.
figure $((ports + networks + all)) "objects created and destroyed"
test_end
