# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What tests with real NICs need; after lib.sh and netlib.sh. The test machine
# (vm/nics) has
#
#	     initial namespace           namespace lan
#	     host1 (virtio_net) ── segment ── lan1 ─┐
#	                                            ├─ sw  192.0.2.1/24
#	     host2 (e1000e) ───── segment ── lan2 ──┤      2001:db8::1/64
#	                                            │
#	     host3 (virtio_net) ─ segment ── lan3 ──┘
#
# sw is a Linux bridge: the physical switch of that LAN, and a host on it. It
# does not look at VLANs, and learns where a station is from what it sends only.
# virtio_net on a segment has no offloads at all, e1000e has them all; both
# filter by address as hardware does, and virtio_net by VLAN too.

NIC_ROLES=(host1 lan1 host2 lan2 host3 lan3)
# Their netdevs' names, after setup_nics or make_lan; and the LAN's namespace,
# what its DHCP server says, and what streams() has carried.
# shellcheck disable=SC2034 # read by those who use this
host1='' lan1='' host2='' lan2='' host3='' lan3='' lan='' LAN_LOG='' STREAMED=''

# The monitor, once it was opened; see link_set.
MONITOR=
MONITOR_ID=0

# nic_number ROLE: also in QEMU's name of it.
nic_number()
{
	local i

	for i in "${!NIC_ROLES[@]}"; do
		if [ "${NIC_ROLES[i]}" = "$1" ]; then
			echo "$i"
			return 0
		fi
	done
	return 1
}

nic_mac()
{
	printf '52:54:00:76:6d:%02x' "$(nic_number "$1")"
}

# nic_by_role ROLE: the name of its netdev, in the initial namespace. By the
# address that it was made with: what a bond or a VLAN lends is another one's.
nic_by_role()
{
	local mac dev

	mac=$(nic_mac "$1") || return 1
	for dev in /sys/class/net/*; do
		[ -e "$dev/device" ] || continue
		if [[ $(ethtool -P "${dev##*/}" 2>/dev/null) == *" $mac" ]]; then
			echo "${dev##*/}"
			return 0
		fi
	done
	return 1
}

# setup_nics ROLE...: for each, its netdev's name in $ROLE, down and bare now
# and at the end; the script is skipped where one is not to be had.
setup_nics()
{
	local role name

	require ethtool
	modprobe virtio_net
	# With MSI-X QEMU does not tell that the cable has gone.
	modprobe e1000e IntMode=0
	for role; do
		# They come back by themselves, later, when a namespace dies.
		if ! name=$(busywait 20 nic_by_role "$role"); then
			! grep -qsx monitor /sys/class/virtio-ports/*/name || nic_lost "$role"
			skip_all "no NIC $role: the machine was not booted with vm/nics"
		fi
		printf -v "$role" '%s' "$name"
		bare_nic "$name"
		defer nic_home "$role" "$name"
	done
}

# nic_lost ROLE: a machine that was booted with it does not have it any more, and
# that is no reason to skip anything.
nic_lost()
{
	echo "# NIC $1 has not come back to the initial namespace"
	exit 1
}

# nic_home ROLE NAME: it is where it was, as it was.
nic_home()
{
	busywait 10 nic_by_role "$1" && bare_nic "$2"
}

bare_nic()
{
	ip link set "$1" nomaster
	ip link set "$1" down
	ip addr flush dev "$1"
	echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
}

# nic_up [NETNS] NAME: with carrier, which some NICs take their time for.
nic_up()
{
	local ns=

	if [ $# = 2 ]; then
		ns=$1
		shift
	fi
	ip ${ns:+-n "$ns"} link set "$1" up &&
		busywait 20 has_carrier "$ns" "$1" 1
}

# has_carrier NETNS NAME 0|1: NETNS may be empty.
has_carrier()
{
	case $(ip ${1:+-n "$1"} -o link show dev "$2" 2>/dev/null) in
	*NO-CARRIER*) [ "$3" = 0 ] ;;
	*[,\<]LOWER_UP[,\>]*) [ "$3" = 1 ] ;;
	*) false ;;
	esac
}

# --- the LAN ---------------------------------------------------------------------

# make_lan [ROLE...]: namespace $lan with these NICs (all) as ports of the bridge
# sw.
make_lan()
{
	local role

	[ $# != 0 ] || set -- lan1 lan2 lan3
	setup_nics "$@"
	setup_ns lan || return 1
	ip -n "$lan" link add sw type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
		ip -n "$lan" addr add 192.0.2.1/24 dev sw &&
		ip -n "$lan" addr add 2001:db8::1/64 dev sw nodad || return 1
	for role; do
		ip link set "${!role}" netns "$lan" || return 1
		# By hand: the namespace lives on while a socket of it does.
		defer ip -n "$lan" link set "${!role}" netns 1
		# A switch's port is no host.
		ip netns exec "$lan" sh -c "echo 1 >/proc/sys/net/ipv6/conf/${!role}/disable_ipv6"
		ip -n "$lan" link set "${!role}" master sw && nic_up "$lan" "${!role}" || return 1
	done
	nic_up "$lan" sw
}

# lan_dhcp: a DHCP server at sw, 192.0.2.100 to .150. What it says is in
# the file $LAN_LOG.
lan_dhcp()
{
	local dir

	require dnsmasq
	dir=$(mktemp -d)
	defer rm -rf "$dir"
	# shellcheck disable=SC2034
	LAN_LOG=$dir/log
	ip netns exec "$lan" dnsmasq --conf-file=/dev/null --keep-in-foreground \
		--user=root --group=root --pid-file= --port=0 --interface=sw \
		--bind-interfaces --no-ping --dhcp-authoritative --log-dhcp \
		--log-facility="$dir/log" --dhcp-leasefile="$dir/leases" \
		--dhcp-range=192.0.2.100,192.0.2.150,255.255.255.0,1h >/dev/null 2>&1 &
	defer kill $!
	busywait 10 lan_dhcp_ready
}

lan_dhcp_ready()
{
	[ -n "$(ip netns exec "$lan" ss -Hlun 'sport = :67')" ]
}

# lan_knows MAC ROLE: the physical switch has it in its table, at this port.
lan_knows()
{
	[ "$(lan_port_of "$1")" = "${!2}" ]
}

lan_port_of()
{
	bridge -n "$lan" -j fdb show br sw |
		jq -r --arg m "$1" '[.[] | select(.mac == $m and (.flags | index("self") | not))][0].ifname // "none"'
}

# start_capture NETNS IFNAME WORD...: tcpdump with these words (a filter), which
# is listening when this returns. captured: prints all that it has, one line a
# frame, with the Ethernet header, and ends it.
start_capture()
{
	local ns=$1 dev=$2

	shift 2
	[ -n "${CAPTURE:-}" ] || {
		CAPTURE=$(mktemp -d)
		defer rm -rf "$CAPTURE"
	}
	: >"$CAPTURE/err"
	${ns:+ip netns exec "$ns"} tcpdump -n -U --immediate-mode -s 0 -i "$dev" \
		-w "$CAPTURE/pcap" "$@" >/dev/null 2>"$CAPTURE/err" &
	CAPTURE_PID=$!
	defer kill "$CAPTURE_PID"
	busywait 20 grep -q '^tcpdump: listening' "$CAPTURE/err" >/dev/null
}

captured()
{
	kill -INT "$CAPTURE_PID" 2>/dev/null
	wait "$CAPTURE_PID" 2>/dev/null
	tcpdump -n -t -e -r "$CAPTURE/pcap" 2>/dev/null
}

# --- streams -------------------------------------------------------------------------

# streams NETNS SERVER ADDRESS PORT: TCP both ways at once, between NETNS and
# ADDRESS in the namespace SERVER (which may be empty), until 500,000 octets have
# arrived there and here. How fast is the machine's matter: two seconds of it, and
# again, for half a minute at most. What arrived is in $STREAMED.
streams()
{
	local ns=$1 at=$2 to=$3 port=$4 there=0 here=0 server more
	local end=$((SECONDS + 30 * VMNET_SLOW))

	STREAMED="no server"
	${at:+ip netns exec "$at"} iperf3 -s -p "$port" >/dev/null 2>&1 &
	server=$!
	defer kill "$server"
	if busywait 10 streams_ready "$at" "$port"; then
		while [ "$there" -lt 500000 ] || [ "$here" -lt 500000 ]; do
			[ $SECONDS -lt $end ] || break
			more=$(timeout $((40 * VMNET_SLOW)) ip netns exec "$ns" \
				iperf3 -J -c "$to" -p "$port" -t 2 --bidir 2>&1 |
				jq -r '.error // ([.end.sum_received, .end.sum_received_bidir_reverse] |
					map(.bytes) | join(" "))')
			if ! [[ $more =~ ^([0-9]+)\ ([0-9]+)$ ]]; then
				STREAMED="$there there, $here here, then: $more"
				# Its server may not have ended the last one yet.
				sleep 0.05
				continue
			fi
			there=$((there + BASH_REMATCH[1]))
			here=$((here + BASH_REMATCH[2]))
			# shellcheck disable=SC2034 # read by the tests
			STREAMED="$there there, $here here"
		done
	fi
	kill "$server"
	wait "$server" 2>/dev/null
	[ "$there" -ge 500000 ] && [ "$here" -ge 500000 ]
}

streams_ready()
{
	[ -n "$(${1:+ip netns exec "$1"} ss -Hltn "sport = :$2")" ]
}

# --- cables ------------------------------------------------------------------------

# qmp WORDS: QEMU does this, in JSON without braces; false if it refuses.
qmp()
{
	local dir line

	if [ -z "$MONITOR" ]; then
		for dir in /sys/class/virtio-ports/*; do
			if [ "$(<"$dir/name")" = monitor ]; then
				exec {MONITOR}<>"/dev/${dir##*/}"
			fi
		done 2>/dev/null
		[ -n "$MONITOR" ] || return 1
		# Said once in a machine's life, so it is refused the second time.
		qmp '"execute": "qmp_capabilities"'
	fi
	MONITOR_ID=$((MONITOR_ID + 1))
	echo "{ $1, \"id\": \"$$-$MONITOR_ID\" }" >&"$MONITOR"
	# Events come in between.
	while read -r -t "$((10 * VMNET_SLOW))" line <&"$MONITOR"; do
		if [[ $line == *"\"id\": \"$$-$MONITOR_ID\""* ]]; then
			[[ $line == *'"return"'* ]]
			return
		fi
	done
	return 1
}

# link_set ROLE on|off: pulls its cable, or plugs it in again.
link_set()
{
	local up=true

	[ "$2" = on ] || up=false
	[ "$2" = on ] || defer link_set "$1" on
	qmp "\"execute\": \"set_link\", \"arguments\": { \"name\": \"nic$(nic_number "$1")\", \"up\": $up }"
}

# require_cables: skips the script where they cannot be pulled.
require_cables()
{
	grep -qsx monitor /sys/class/virtio-ports/*/name ||
		skip_all "the machine was not booted with --monitor"
}
