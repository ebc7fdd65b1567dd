#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Random netlink messages about everything that the specification has (nlfuzz.c),
# from four senders: root in a namespace of its own, root of a user namespace with
# a network namespace of its own, the same without one, and a plain user. The first
# two may do what they like there; the others nothing. Beside them a network with a
# DHCP server serves on.
#
#	   lab ── pa a:eth0        f: fz0 ... fp0 ... (random)
#	    └── DHCP               fd0, fd1: a veth pair, for uplinks
#
# VMNET_FUZZ_MESSAGES=N messages altogether (make check: 20,000), VMNET_SEED=N.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

messages=${VMNET_FUZZ_MESSAGES:-20000}
seed=${VMNET_SEED:-$((RANDOM * 32768 + RANDOM))}

load_vmnet
modprobe -q veth
silence
a='' f='' g=''
setup_ns f g
make_lab a || exit 1
ctl dhcp set lab subnet 10.77.0.0/24

lease_there()
{
	test_begin "$1"
	busywait 5 acked "$a" get mac "$(mac "$2")"
	check_err $? "no lease: ${R[*]}"
	log_test
}

state()
{
	"$VMNETCTL" -j port show | jq -S 'map(del(.stats, .leases))'
	"$VMNETCTL" -j network show | jq -S 'map(del(.stats))'
	"$VMNETCTL" -j dhcp show | jq -S 'map(del(.leases))'
	ip -j link | jq -S 'map(del(.stats64))'
}

# As long as nobody has taken anything of ours.
check_untouched()
{
	local now

	test_begin "$1"
	now=$(state)
	[ "$now" = "$was" ] || fail_test "it differs: $(diff <(echo "$was") <(echo "$now"))"
	log_test
}

# Where the kernel has KCOV, a message that came to new code is a seed of others. Opened
# here: the senders may not, and ip netns exec hides its folder.
kcov=/sys/kernel/debug/kcov
fuzz()
{
	if [ -w "$kcov" ]; then
		NLFUZZ_KCOV=3 claims "$@" 3<>"$kcov"
	else
		claims "$@"
	fi
}

# Where a plain user can come to.
bin=$(mktemp -d)
defer rm -rf "$bin"
chmod 755 "$bin"
cp "$VMNET_BIN/nlfuzz" "$bin/"
plain() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }

lease_there "a client has a lease before all" 1
was=$(state)

# A daemon of the fuzzer's own namespace is not there to be disturbed.
export NLFUZZ_NETNS=/run/netns/$g
ip -n "$f" link add fd0 type veth peer name fd1
ip -n "$f" link set fd0 up
ip -n "$f" link set fd1 up
fuzz ip netns exec "$f" "$VMNET_BIN/nlfuzz" "$seed" $((messages / 2)) changes
check_untouched "networks of other namespaces are as they were"
lease_there "and their DHCP servers serve" 2

test_begin "where it was, a network with DHCP can be made"
# Its ports may have been moved.
ip netns exec "$g" "$VMNETCTL" reset
check_err $? "reset of the other namespace"
ip netns exec "$f" "$VMNETCTL" reset
check_err $? "reset"
ip netns exec "$f" "$VMNETCTL" -b - <<-END
	network add lab dhcp 10.77.0.0/24
	port add pf network lab ifname eth0
END
check_err $? "vmnetctl -b"
busywait 5 acked "$f" get mac "$(mac 9)"
check_err $? "no lease: ${R[*]}"
ip netns exec "$f" "$VMNETCTL" reset
log_test

unset NLFUZZ_NETNS
# shellcheck disable=SC2016 # for the other shell
fuzz plain unshare --user --map-root-user --net bash -c '
	ip link add fd0 type veth peer name fd1
	exec "$0/nlfuzz" "$@"' "$bin" $((seed + 1)) $((messages / 4)) changes
check_untouched "networks of the host are as they were after root of a user namespace"

# Now about what is there: the names that it knows are given to the host's.
ctl network add fz0
ctl port add fp0 network fz0
busywait 5 network_is fz0 ports-attached 1
was=$(state)
fuzz plain unshare --user --map-root-user "$bin/nlfuzz" $((seed + 2)) $((messages / 8)) none
check_untouched "root of a user namespace has changed nothing of the host's"
fuzz plain "$bin/nlfuzz" $((seed + 3)) $((messages / 8)) none
check_untouched "nor has a plain user"

lease_there "the DHCP server still serves" 3

figure "$messages" "executions fuzzed"
test_end
