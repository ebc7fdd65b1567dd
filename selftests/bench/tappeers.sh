# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the scripts
#
# What tap.sh, taptcp.sh and guests.sh compare: two taps with a switch between them. Each is a
# function peer_NAME, which makes the devices tapa and tapb, and for each
#
#	NODE	the file that is opened for it; none for a tun/tap device
#	MAC	the address that whoever is behind it has
#
#	tapa --- bench0 --- tapb

VMNETCTL=${VMNETCTL:-vmnetctl}
PEERS=(vmnet bridge macvtap)
# Of each "PEER.ROW", its median, by the script.
declare -A NODE=() MAC=() RATE=()

address()
{
	cat "/sys/class/net/$1/address"
}

peer_vmnet()
{
	local name

	"$VMNETCTL" network add bench0 || return
	for name in tapa tapb; do
		"$VMNETCTL" port add "$name" type tap network bench0 || return
		NODE[$name]=/dev/vmnet/$name MAC[$name]=$(address "$name")
	done
}

# With the devices that guests of bridges have: the guests' addresses are none of the
# host's, so the bridge learns them.
peer_bridge()
{
	local name

	# With --icount, time leaps while the machine waits for the host's disk.
	ip link add bench0 type bridge ageing_time 100000000 &&
		ip link set bench0 up || return
	for name in tapa tapb; do
		ip tuntap add dev "$name" mode tap vnet_hdr &&
			ip link set "$name" master bench0 up || return
		NODE[$name]=
	done
	MAC[tapa]=02:00:5e:00:53:01 MAC[tapb]=02:00:5e:00:53:02
}

# bench0 is a dummy, their lower device.
peer_macvtap()
{
	local name

	ip link add bench0 type dummy && ip link set bench0 up || return
	for name in tapa tapb; do
		ip link add "$name" link bench0 type macvtap mode bridge &&
			ip link set "$name" up || return
		NODE[$name]=/dev/tap$(cat "/sys/class/net/$name/ifindex")
		MAC[$name]=$(address "$name")
	done
}

# peers_load: the modules; and frames of the stack's own would be in the way
peers_load()
{
	local mod

	for mod in dummy bridge tun macvtap; do
		modprobe "$mod" || return
	done
	modprobe -q vhost_net
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
}

# taps_load: vmnet and its taps, too
taps_load()
{
	if ! { peers_load && modprobe tap; } ||
		! { [ -e /sys/module/vmnet ] || insmod "$VMNET_KO"; } ||
		! { [ -e /sys/module/vmnet_tap ] || insmod "${VMNET_KO%/*}/vmnet_tap.ko"; }; then
		echo "bench: a module cannot be loaded" >&2
		exit 1
	fi
	# Who has a real-time priority (tapend.c) is not held up for others.
	sysctl -qw kernel.sched_rt_runtime_us=-1
}

peers_away()
{
	"$VMNETCTL" reset
	ip link del tapa 2>/dev/null
	ip link del tapb 2>/dev/null
	ip link del bench0 2>/dev/null
}

median()
{
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# throughput_ratio ROW: vmnet's by the better other's
throughput_ratio()
{
	local peer best=0

	for peer in bridge macvtap; do
		[ "${RATE[$peer.$1]:-0}" -le "$best" ] || best=${RATE[$peer.$1]}
	done
	if [ "$best" = 0 ] || [ -z "${RATE[vmnet.$1]:-}" ]; then
		echo -
	else
		awk "BEGIN { printf \"%.3f\", ${RATE[vmnet.$1]} / $best }"
	fi
}
