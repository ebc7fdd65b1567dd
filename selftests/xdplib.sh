# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# XDP programs for netdevs (see xdp.c), and their counters; after lib.sh.

# Where they are pinned.
BPF=$(mktemp -d)
defer rmdir "$BPF"
mount -t bpf bpf "$BPF" || skip_all "no BPF file system"
defer umount "$BPF"

# program FILE WORD...: one more of them
program()
{
	local file=$1

	shift
	"$VMNET_BIN/xdp" "$BPF/$file" "$@"
}

# give NETNS IFNAME FILE, take NETNS IFNAME
give()
{
	ip -force -n "$1" link set dev "$2" xdpdrv pinned "$BPF/$3"
}

take()
{
	ip -n "$1" link set dev "$2" xdpdrv off
}

# xdp_count NETNS IFNAME NAME: of ethtool's counters; without a namespace, of this one
xdp_count()
{
	${1:+ip netns exec "$1"} ethtool -S "$2" | sed -n "s/^ *$3: //p"
}
