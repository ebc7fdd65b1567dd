#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job, as a person would type it, in the test machine (make demo):
#
#       alice            bob             carol        three namespaces
#      (udhcpc)       (dhclient)       (dhcpcd)       with a client each
#        eth0            eth0             eth0
#          |               |                |
#    ------+---------------+----------------+------   network lab, with DHCP
#
# Ends with an error at the first thing that does not work.
set -euo pipefail

top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# What the test machine built for its kernel; by hand, what make built.
ko=${VMNET_KO:-$top/kmod/vmnet.ko}
PATH=$top/tools/vmnetctl:$PATH:/usr/sbin:/sbin

step()
{
	printf '\n=== %s\n' "$*"
}

# Shows the words as they are typed, then does them.
type_in()
{
	printf '\n# %s\n' "$1"
	eval "$1"
}

fail()
{
	echo "demo: $*" >&2
	exit 1
}

# wait_for COMMAND...: until it succeeds, ten seconds at the most.
wait_for()
{
	local end=$((SECONDS + 10))

	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

address()
{
	ip -n "$1" -4 -o addr show dev eth0 scope global | awk '{ sub("/.*", "", $4); print $4 }'
}

no_server_but_ours()
{
	local ns

	type_in 'ss -ulpn'
	for ns in alice bob carol; do
		type_in "ip netns exec $ns ss -ulpn"
	done
	for ns in alice bob carol; do
		if ip netns exec "$ns" ss -uln | awk '{ print $4 }' | grep -q ':67$'; then
			fail "somebody listens on port 67 in $ns"
		fi
	done
	if ss -uln | awk '{ print $4 }' | grep -q ':67$'; then
		fail 'somebody listens on port 67'
	fi
}

listens()
{
	ip netns exec bob ss -ltn | grep -q ':5201'
}

replies()
{
	[ "$(grep -c 'bytes from' "$pings")" -ge "$1" ]
}

[ -d /sys/module/vmnet ] || type_in "insmod $ko"

step 'A network with a DHCP server, and three NICs, each in a namespace'
type_in 'vmnetctl network add lab label "Demo" dhcp 10.77.0.0/24'
for ns in alice bob carol; do
	type_in "ip netns add $ns"
	ip -n "$ns" link set lo up
	type_in "vmnetctl port add $ns network lab netns $ns ifname eth0"
done
type_in 'vmnetctl network show lab'
type_in 'vmnetctl port show'

step 'Three clients of the distribution ask for addresses'
type_in 'ip netns exec alice udhcpc -i eth0 -n -q'
type_in 'ip netns exec bob dhclient -1 -v -pf /run/dhclient.bob -lf /run/leases.bob eth0'
type_in 'ip netns exec carol dhcpcd -4 -1 -w eth0'
type_in 'vmnetctl lease show lab'
for ns in alice bob carol; do
	[ -n "$(address "$ns")" ] || fail "$ns has no address"
done

step 'Nobody listens on port 67: the answers came from the kernel'
no_server_but_ours

step 'They talk to each other'
type_in "ip netns exec alice ping -c 3 -i 0.2 $(address bob)"
type_in "ip netns exec carol ping -c 3 -i 0.2 $(address alice)"
ip netns exec bob iperf3 -s -1 -D >/dev/null
wait_for listens || fail 'iperf3 does not listen'
type_in "ip netns exec alice iperf3 -c $(address bob) -t 3"

step 'One is unplugged while it is talked to, and plugged in again'
pings=$(mktemp)
ip netns exec alice ping -i 0.1 "$(address bob)" >"$pings" &
ping=$!
wait_for replies 5 || fail 'no reply before'
type_in 'vmnetctl port detach bob'
type_in 'ip -n bob link show eth0'
type_in 'vmnetctl port show detached'
before=$(grep -c 'bytes from' "$pings")
type_in 'vmnetctl port attach bob network lab'
wait_for replies $((before + 5)) || fail 'no reply after'
kill -INT "$ping"
wait "$ping" || :
printf '\n'
tail -n 3 "$pings"

step 'What was counted'
type_in 'vmnetctl stats show network lab'
type_in 'vmnetctl -s port show'
type_in 'cat /sys/class/net/lab/vmnet/received /sys/class/net/lab/vmnet/delivered'
type_in 'grep -v " 0$" /sys/class/net/lab/vmnet/drops/reasons'
type_in 'grep . /sys/class/net/lab/vmnet/ports/bob/{ifname,state,rx_frames,tx_frames}'
type_in 'grep . /sys/class/net/lab/vmnet/dhcp/{subnet,leases,offers,acks}'

step 'The network is deleted; the ports stay, unplugged'
type_in 'vmnetctl network del lab'
type_in 'vmnetctl port show'
[ "$(vmnetctl -j port show detached | jq length)" = 3 ] || fail 'the ports are not detached'
type_in 'vmnetctl reset'
printf '\nThat was it.\n'
