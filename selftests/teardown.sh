#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything is taken away under traffic, in every order, and nothing is left.
#
#	   lab1 ... lab10, ten at a time
#	    ├── pa1   a1:eth0   floods on CPU 0
#	    └── pb1   b1:eth0   floods on CPU 1
#
# The orders are all 120 of five deletions: N the network, A and B the ports
# (by vmnetctl and by their owner), X and Y the namespaces a and b.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

unload_vmnet
links=$(ip -o link | sed 's/^[0-9]*: //')
load_vmnet
silence
defer ctl reset

refcount()
{
	[ "$(cat /sys/module/vmnet/refcnt)" = "$1" ]
}

# --- the module is held ------------------------------------------------------------------

test_begin "a loaded module that has made nothing is held by nobody"
check_eq "$(cat /sys/module/vmnet/refcnt)" 0 "references"
log_test

test_begin "rmmod is refused while a network exists"
ctl network add lab
rmmod vmnet 2>/dev/null
check_fail $? "rmmod"
"$VMNETCTL" network exists lab
check_err $? "the network is gone"
ctl network del lab
busywait 10 refcount 0
check_err $? "references after it: $(cat /sys/module/vmnet/refcnt)"
log_test

test_begin "rmmod is refused while a detached port exists"
ctl port add loose
rmmod vmnet 2>/dev/null
check_fail $? "rmmod"
"$VMNETCTL" port exists loose
check_err $? "the port is gone"
ctl port del loose
busywait 10 refcount 0
check_err $? "references after it: $(cat /sys/module/vmnet/refcnt)"
log_test

c=''
setup_ns c
test_begin "rmmod is refused while a port exists in another namespace"
ctl port add away netns "$c"
rmmod vmnet 2>/dev/null
check_fail $? "rmmod"
ip -n "$c" link del away
busywait 10 refcount 0
check_err $? "references after it: $(cat /sys/module/vmnet/refcnt)"
log_test

# --- in every order --------------------------------------------------------------------

# The namespaces to come are silent, as this one is.
inherit=$(cat /proc/sys/net/core/devconf_inherit_init_net)
defer sh -c "echo $inherit >/proc/sys/net/core/devconf_inherit_init_net"
echo 1 >/proc/sys/net/core/devconf_inherit_init_net
all_ipv6=$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6)
defer sh -c "echo $all_ipv6 >/proc/sys/net/ipv6/conf/all/disable_ipv6"
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6

ns_of()
{
	echo "down-$1-$$"
}

# build N: N times the picture above.
build()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		echo "netns add $(ns_of "a$i")"
		echo "netns add $(ns_of "b$i")"
	done | ip -batch -
	for ((i = 1; i <= $1; i++)); do
		echo "network add lab$i
		port add pa$i network lab$i netns $(ns_of "a$i") ifname eth0
		port add pb$i network lab$i netns $(ns_of "b$i") ifname eth0"
	done | ctl -b -
}

flooded()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		[ "$(network_count "lab$i" received)" -gt 50 ] || return 1
	done
}

# flood N: A netdev that is gone is no reason to stop: the others flood on.
flood()
{
	local i x y words_a=() words_b=()

	for ((i = 1; i <= $1; i++)); do
		x=$(ns_of "a$i"):eth0 y=$(ns_of "b$i"):eth0
		words_a+=(tx "$x" dst "@$y" tx "$x" tx "$x" dst "@$y" gso 1448 len 20000)
		words_b+=(tx "$y" dst "@$x" tx "$y")
	done
	"$VMNET_BIN/frame" cpu 0 seconds $((120 * VMNET_SLOW)) pause 3000 "${words_a[@]}" &
	flood_a=$!
	"$VMNET_BIN/frame" cpu 1 seconds $((120 * VMNET_SLOW)) pause 3000 "${words_b[@]}" &
	flood_b=$!
	busywait 20 flooded "$1"
}

unflood()
{
	kill $flood_a $flood_b
	wait $flood_a $flood_b 2>/dev/null
}

# take_away: WHAT NUMBER on each line of the input. What an earlier step took
# along is not there any more, and no failure.
take_away()
{
	local what i by_ctl='' by_ip=''

	while read -r what i; do
		case $what in
		N) by_ctl+="network del lab$i"$'\n' ;;
		A) by_ctl+="port del pa$i"$'\n' ;;
		B) ip -n "$(ns_of "b$i")" link del eth0 ;;
		X) by_ip+="netns del $(ns_of "a$i")"$'\n' ;;
		Y) by_ip+="netns del $(ns_of "b$i")"$'\n' ;;
		esac
	done
	[ -z "$by_ctl" ] || ctl -f -b - <<<"$by_ctl"
	[ -z "$by_ip" ] || ip -force -batch - <<<"$by_ip"
} 2>/dev/null

# What is left of it all; nothing of it may be.
remains()
{
	"$VMNETCTL" -b - <<<"port show
	network show" | grep -v '^PORT\|^NETWORK'
	ip -o link | sed 's/^[0-9]*: //' | grep -vxF "$links"
	ip netns list | grep '^down-'
}

gone()
{
	[ -z "$(remains)" ] && refcount 0
}

# orders DONE LEFT: prints all orders of the letters left.
orders()
{
	local done=$1 left=$2 i

	[ -n "$left" ] || echo "$done"
	for ((i = 0; i < ${#left}; i++)); do
		orders "$done${left:i:1}" "${left:0:i}${left:i+1}"
	done
}

# together ORDER...: each on a network of its own, step by step.
together()
{
	local step i

	build $# || fail_test "$*: cannot be built"
	flood $# || fail_test "$*: no flood"
	for step in 0 1 2 3 4; do
		for ((i = 1; i <= $#; i++)); do
			echo "${!i:step:1} $i"
		done | take_away
	done
	unflood
	busywait 20 gone
	check_err $? "$*: left behind: $(remains)"
}

mapfile -t all < <(orders "" NABXY)
for ((n = 0; n < ${#all[@]}; n += 30)); do
	test_begin "everything is deleted under floods, orders $((n + 1)) to $((n + 30)) of ${#all[@]}: nothing is left"
	for ((m = n; m < n + 30; m += 10)); do
		together "${all[@]:m:10}"
	done
	log_test
done

test_begin "reset under floods leaves nothing"
build 2
flood 2
ctl reset
check_err $? "reset"
unflood
for ns in a1 b1 a2 b2; do
	ip netns del "$(ns_of $ns)"
done
busywait 10 gone
check_err $? "left behind: $(remains)"
log_test

test_begin "a CPU goes and comes back under floods: the sum holds"
build 1
flood 1
if echo 0 2>/dev/null >/sys/devices/system/cpu/cpu1/online; then
	echo 1 >/sys/devices/system/cpu/cpu1/online
	ctl port detach pb1
	ctl port attach pb1 network lab1
	echo 0 >/sys/devices/system/cpu/cpu1/online
	ctl port detach pa1
	echo 1 >/sys/devices/system/cpu/cpu1/online
	unflood
	check_balance lab1
	log_test
else
	unflood
	log_skip "CPUs cannot be switched off here"
fi
ctl reset
ip netns del "$(ns_of a1)"
ip netns del "$(ns_of b1)"

# --- nothing is left -------------------------------------------------------------------

test_begin "then nobody holds the module, and rmmod takes it away"
busywait 10 refcount 0
check_err $? "references: $(cat /sys/module/vmnet/refcnt)"
rmmod vmnet
check_err $? "rmmod"
[ ! -e /sys/module/vmnet ]
check_err $? "/sys/module/vmnet is still there"
log_test

test_begin "ip link, the kernel's symbols and its memory have nothing of it any more"
check_eq "$(ip -o link | sed 's/^[0-9]*: //')" "$links" "ip link"
check_eq "$(grep -c '\[vmnet\]' /proc/kallsyms)" 0 "symbols"
check_eq "$(grep -c vmnet /proc/vmallocinfo)" 0 "areas of memory"
check_eq "$(grep -c vmnet /proc/slabinfo)" 0 "slabs"
check_eq "$(genl ctrl list 2>/dev/null | grep -c 'Name: vmnet')" 0 "netlink families"
log_test

test_begin "it can be loaded and used again"
load_vmnet
ctl network add lab
check_err $? "network add"
ctl network del lab
busywait 10 refcount 0
rmmod vmnet
check_err $? "rmmod"
log_test

test_end
