# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # much is read by run and the sections
#
# What all parts of the bench need: two namespaces $A and $B, frames from the
# one to the other, and a place for what was measured. See run.


A=bench-a
B=bench-b
GEN=/proc/vmnet_gen
VMNETCTL=${VMNETCTL:-vmnetctl}
OUT=${BENCH_OUT:-/out}
# Short rounds, so that the median one has no timer tick in it.
FRAMES=256
ROUNDS=${BENCH_ROUNDS:-25}

# Unpacked by setup --bench, or installed.
BENCH_TOOLS=${BENCH_TOOLS:-/var/cache/vmnet/bench}

FAILED=0
RECORDS=()
RESULT=

die()
{
	echo "bench: $*" >&2
	exit 1
}

fail()
{
	echo "bench: $*" >&2
	FAILED=1
}

# record NAME=VALUE...: one measurement; see json and pivot in run
record()
{
	RECORDS+=("$*")
	echo "bench:   $*" >&2
}

set_up()
{
	local mod

	# Everybody's, before anybody is measured: some modules make all pay.
	for mod in dummy veth macvlan ipvlan bridge sch_ingress cls_matchall act_gact act_mirred; do
		modprobe "$mod" || die "cannot load $mod"
	done
	[ -e /sys/module/vmnet ] || insmod "$VMNET_KO" || die "cannot load vmnet"
	[ -e "$GEN" ] ||
		insmod "$VMNET_BUILD/selftests/bench/kmod/vmnet_gen.ko" ||
		die "cannot load the generator"
	# Frames of the stack's own would be counted too. A flood must fit into
	# the backlog that veth and macvlan share, and end within its softirq.
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1 \
		net.core.netdev_max_backlog=200000 net.core.netdev_budget=200000 \
		net.core.netdev_budget_usecs=2000000
}

fresh_namespaces()
{
	local ns

	for ns in "$A" "$B"; do
		ip netns add "$ns" || die "no namespace $ns"
		ip netns exec "$ns" sysctl -qw net.ipv6.conf.default.disable_ipv6=1 \
			net.ipv6.conf.all.disable_ipv6=1
	done
}

ovs_dpctl()
{
	LD_LIBRARY_PATH=$BENCH_TOOLS/usr/lib/x86_64-linux-gnu \
		PATH=$BENCH_TOOLS/usr/bin:$PATH ovs-dpctl "$@"
}

tear_down()
{
	local dev

	ip netns del "$A" 2>/dev/null
	ip netns del "$B" 2>/dev/null
	# Namespaces die later than they are deleted, and their nics with them;
	# of each veth pair one end is in one of them.
	for _ in {1..1200}; do
		[ -n "$(ip -o link show type vmnic 2>/dev/null)" ] ||
			[ -n "$(ip -o link show type veth 2>/dev/null)" ] || break
		sleep 0.05
	done
	if [ -e /sys/module/openvswitch ] && [ -e /sys/class/net/bench0 ]; then
		ovs_dpctl del-dp bench0 2>/dev/null
	fi
	for dev in /sys/class/net/bench*; do
		[ ! -e "$dev" ] || ip link del "${dev##*/}" 2>/dev/null
	done
}

address()
{
	cat_in "$1" "/sys/class/net/$2/address"
}

# /sys of another namespace is seen by those that mount it there, as ip does.
cat_in()
{
	ip netns exec "$1" cat "$2"
}

# drop_all NS DEV...: they receive nothing but count it, see arrived
drop_all()
{
	local ns=$1 dev

	shift
	{
		for dev; do
			echo "qdisc add dev $dev clsact"
			echo "filter add dev $dev ingress matchall action drop"
		done
	} | tc -n "$ns" -batch -
}

# arrived NS [DEV]: how many frames have
arrived()
{
	tc -n "$1" -s qdisc show ${2:+dev "$2"} |
		awk '/^qdisc/ { ours = $2 == "clsact" }
		     ours && /Sent/ { gsub(/,/, ""); sum += $7 } END { print sum + 0 }'
}

# generate NS DEV DST SRC [WORD VALUE]...: RESULT is then what the generator says
generate()
{
	local ns=$1 dev=$2 dst=$3 src=$4
	shift 4

	# shellcheck disable=SC2016 # for the inner shell
	RESULT=$(ip netns exec "$ns" bash -c 'exec 3<>"$0"; echo "$*" >&3 && cat <&3' "$GEN" \
		dev "$dev" dst "$dst" src "$src" "$@")
}

# per_frame: of RESULT, the median
per_frame()
{
	local frames median

	read -r _ frames median _ <<<"$RESULT"
	echo $(((median + frames / 2) / frames))
}

# teach SOURCE DESTINATION: a frame from the receiver back, so that switches
# that learn know it and do not flood; again until the way is open
teach()
{
	local _

	for _ in {1..100}; do
		generate "$B" sink0 "$1" "$2" frames 1 reply 1
		[ "$(arrived "$A" gen0)" = 0 ] || return 0
		sleep 0.05
	done
	return 1
}

# The kernel holds link events back for up to a second; a bridge forgets what
# it has learned when one comes.
settle()
{
	sleep 2
}

now_us()
{
	echo "${EPOCHREALTIME/[.,]/}"
}
