#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The rows of dhcprows.sh, asked of vmnet, dnsmasq and udhcpd alike: vmnet has
# them all, and the others lack those that the contract says they lack. A claim
# that no server fails, or that all do, would be one that cannot fail.
#
#	lab, 10.77.0.0/16, the server is 10.77.0.1
#	 └── pa   a:eth0    no limits
#
#	d:eth0 ── srv0:ds   dnsmasq, 10.77.0.1
#	u:eth0 ── srv0:us   udhcpd, 10.77.0.1

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"
. "$(dirname "$0")/dhcprows.sh"

require dnsmasq busybox jq
busybox --list | grep -qx udhcpd || skip_all "busybox has no udhcpd"

load_vmnet
tmp=$(mktemp -d)
defer rm -rf "$tmp"

# listens NETNS: somebody has port 67 there
listens()
{
	[ -n "$(ip netns exec "$1" ss -Hlun 'sport = :67')" ]
}

# cable CLIENT SERVER: namespaces, in $CLIENT and $SERVER. Answers to the relay of
# an unknown net would find their way, if there were any.
cable()
{
	setup_ns "$1" "$2" && silence "${!1}" "${!2}" &&
		ip -n "${!1}" link add eth0 type veth peer name srv0 netns "${!2}" &&
		ip -n "${!1}" link set eth0 up &&
		ip -n "${!2}" link set srv0 up &&
		ip -n "${!2}" addr add 10.77.0.1/16 broadcast 10.77.255.255 dev srv0 &&
		ip -n "${!2}" route add 10.99.0.0/16 via 10.77.0.9 &&
		busywait 5 carrier "${!1}" eth0 1 && row_addresses "${!1}"
}

# --- vmnet --------------------------------------------------------------------------

a=''
make_lab a && row_addresses "$a" || exit 1
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/16 range 10.77.1.0-10.77.250.255 lease 1h
	dhcp set lab router 10.77.0.254 dns 10.77.0.53 domain example.net
	port set pa dhcp-limit none dhcp-rate none guard-dhcp off
END
ROW_SERVER=vmnet ROW_NS=$a ROW_MAC=$(dhcp_value lab server-mac)
dhcp_rows

# --- dnsmasq ------------------------------------------------------------------------

d='' ds=''
cable d ds || exit 1
ip netns exec "$ds" dnsmasq --conf-file=/dev/null --keep-in-foreground --user=root \
	--group=root --pid-file= --port=0 --interface=srv0 --bind-interfaces --no-ping \
	--dhcp-authoritative --log-facility="$tmp/dnsmasq.log" --leasefile-ro \
	--dhcp-range=10.77.1.0,10.77.250.255,255.255.0.0,1h --domain=example.net \
	--dhcp-option=3,10.77.0.254 --dhcp-option=6,10.77.0.53 >"$tmp/dnsmasq.out" 2>&1 &
defer kill $!
busywait 10 listens "$ds" || { cat "$tmp/dnsmasq.out"; exit 1; }
ROW_SERVER=dnsmasq ROW_NS=$d ROW_MAC=$(mac_of "$ds" srv0)
dhcp_rows

# --- udhcpd -------------------------------------------------------------------------

u='' us=''
cable u us || exit 1
cat >"$tmp/udhcpd.conf" <<-END
	start 10.77.1.0
	end 10.77.250.255
	interface srv0
	max_leases 200
	lease_file $tmp/udhcpd.leases
	pidfile $tmp/udhcpd.pid
	option subnet 255.255.0.0
	option router 10.77.0.254
	option dns 10.77.0.53
	option domain example.net
	option lease 3600
END
touch "$tmp/udhcpd.leases"
# -a: not two seconds of ARP for each address that is given.
ip netns exec "$us" busybox udhcpd -f -a 1 "$tmp/udhcpd.conf" >"$tmp/udhcpd.out" 2>&1 &
defer kill $!
busywait 10 listens "$us" || { cat "$tmp/udhcpd.out"; exit 1; }
# shellcheck disable=SC2034 # read by dhcp_rows
ROW_SERVER=udhcpd ROW_NS=$u ROW_MAC=$(mac_of "$us" srv0)
dhcp_rows

test_end
