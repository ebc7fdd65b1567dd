#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A network that reaches the LAN by a real NIC which the host goes on using.
#
#	  lab ── pg  g:eth0 (udhcpc)
#	   │  └─ ph  h:eth0
#	 host1, then host2 (of the host: 192.0.2.2)
#	   │
#	  cable
#	   │
#	  lan: sw (192.0.2.1, dnsmasq)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/niclib.sh"

require udhcpc tcpdump
setup_nics host1 host2
make_lan lan1 lan2 || exit 1
lan_dhcp || exit 1
load_vmnet

g='' h=''
tmp=$(mktemp -d)
defer rm -rf "$tmp"

# udhcpc brings no script of its own on a machine where it was never set up.
cat >"$tmp/script" <<'END'
#!/bin/sh
case $1 in
bound | renew) ip addr replace "$ip/$mask" dev "$interface" ;;
deconfig) ip -4 addr flush dev "$interface" ;;
esac
END
chmod +x "$tmp/script"

# host_up NAME: it is the host's way to the LAN.
host_up()
{
	ip addr add 192.0.2.2/24 dev "$1"
	ip addr add 2001:db8::2/64 dev "$1" nodad
	nic_up "$1"
}

# What the host has; must not change.
host_state()
{
	ip -4 -o addr show dev "$1" | awk '{ print $4 }'
	ip -6 -o addr show dev "$1" scope global | awk '{ print $4 }'
	ip route show dev "$1"
	ip -6 route show dev "$1"
	ip -o link show dev "$1"
}

promiscuity()
{
	ip -d -j link show dev "$1" | jq '.[0].promiscuity'
}

address_of()
{
	ip -n "$1" -4 -o addr show dev eth0 | sed -n 's#.* inet \([0-9.]*\)/.*#\1#p'
}

# lost_segments: those that had to be sent again, and were not there already.
# Where a machine stands still for a while, TCP sends what was not lost.
lost_segments()
{
	nstat -asz TcpRetransSegs TcpExtTCPDSACKRecv | awk '
		$1 == "TcpRetransSegs" { again = $2 }
		$1 == "TcpExtTCPDSACKRecv" { needless = $2 }
		END { print again - needless }'
}

# --- one adapter after the other ---------------------------------------------------------

make_lab g h || exit 1
for ns in g h; do
	# make_lab's are silent.
	ip netns exec "${!ns}" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
done
G=$(mac_of "$g" eth0)

for role in host1 host2; do
	dev=${!role}
	cable=${role/host/lan}
	cable=${!cable}
	what="$role ($(basename "$(readlink "/sys/class/net/$dev/device/driver")"))"

	# The host has another address by the other adapter.
	ip -n "$g" neigh flush all
	ip -n "$lan" neigh flush all
	host_up "$dev"
	busywait 10 pings '' 192.0.2.1 || echo "# the host does not reach the LAN"

	test_begin "$what: bound, the host keeps its addresses and routes"
	before=$(host_state "$dev")
	ctl network set lab uplink "$dev"
	check_err $? "network set lab uplink $dev"
	check_eq "$(network_value lab uplink-state)/$(network_value lab host-path)" up/hook "state/path"
	check_eq "$(host_state "$dev")" "$before" "the host's"
	log_test

	test_begin "$what: a guest gets an address of the LAN"
	start_capture "$lan" "$cable" "ether src $G"
	timeout $((30 * VMNET_SLOW)) ip netns exec "$g" \
		udhcpc -f -q -n -t 10 -T 1 -i eth0 -s "$tmp/script" >"$tmp/udhcpc" 2>&1
	check_err $? "udhcpc: $(tail -n 3 "$tmp/udhcpc")"
	check_match "$(address_of "$g")" '^192\.0\.2\.1[0-5][0-9]$' "address"
	log_test
	guest=$(address_of "$g")

	test_begin "$what: guest, LAN and host reach each other, IPv4"
	busywait 10 pings "$g" 192.0.2.1
	check_err $? "guest to LAN"
	busywait 10 pings "$lan" "$guest"
	check_err $? "LAN to guest"
	busywait 10 pings "$g" 192.0.2.2
	check_err $? "guest to host"
	busywait 10 pings '' "$guest"
	check_err $? "host to guest"
	busywait 10 pings '' 192.0.2.1
	check_err $? "host to LAN"
	busywait 10 pings "$lan" 192.0.2.2
	check_err $? "LAN to host"
	log_test

	test_begin "$what: and IPv6"
	ip -n "$g" addr replace 2001:db8::10/64 dev eth0 nodad
	busywait 10 pings "$g" 2001:db8::1
	check_err $? "guest to LAN"
	busywait 10 pings "$lan" 2001:db8::10
	check_err $? "LAN to guest"
	busywait 10 pings "$g" 2001:db8::2
	check_err $? "guest to host"
	busywait 10 pings '' 2001:db8::10
	check_err $? "host to guest"
	log_test

	test_begin "$what: what the guest sends is on the wire with its own address"
	got=$(captured)
	check_match "$got" "$G > ff:ff:ff:ff:ff:ff, ethertype IPv4 .*BOOTP/DHCP, Request" "DISCOVER"
	check_match "$got" "$G > .*, ethertype IPv4 .* $guest > 192\.0\.2\.1: ICMP echo request" "ping"
	check_match "$got" "$G > .*, ethertype IPv6 .* 2001:db8::10 > 2001:db8::1: ICMP6, echo request" "ping6"
	lan_knows "$G" "${role/host/lan}"
	check_err $? "the LAN's switch has it at $(lan_port_of "$G")"
	log_test

	test_begin "$what: a broadcast reaches all others once"
	wire=(rx "$g:eth0" rx "$h:eth0" rx "$lan:$cable")
	check_frames "0 2 2" "from the guest, at g h wire" "${wire[@]}" fence "$g:eth0" tx "$g:eth0" count 2
	check_frames "2" "from the guest, at the host" rx ":$dev" fence "$g:eth0" tx "$g:eth0" count 2
	check_frames "2 2 2" "from the host, at g h wire" "${wire[@]}" fence ":$dev" tx ":$dev" count 2
	check_frames "2 2 2" "from the LAN, at g h host" rx "$g:eth0" rx "$h:eth0" rx ":$dev" \
		fence "$lan:sw" tx "$lan:sw" count 2
	log_test

	test_begin "$what: unicast between host and guest is not on the wire"
	check_frames "3 0 0" "host to guest, at g h wire" "${wire[@]}" fence ":$dev" \
		tx ":$dev" dst "$G" count 3
	check_frames "3 0" "guest to host, at host wire" rx ":$dev" rx "$lan:$cable" fence "$g:eth0" \
		tx "$g:eth0" dst "@:$dev" count 3
	log_test

	test_begin "$what: nothing makes it promiscuous"
	check_eq "$(promiscuity "$dev")/$(network_value lab uplink-promiscuous)" 0/false "promiscuity"
	check_frames "0" "a stranger's frames, at the host" rx ":$dev" fence "$lan:sw" \
		tx "$lan:sw" dst 02:00:5e:00:53:98
	check_frames "1" "control: the guest's, at the guest" rx "$g:eth0" fence "$lan:sw" \
		tx "$lan:sw" dst "$G"
	log_test

	test_begin "$what: streams between guest and LAN, and guest and host"
	streams "$g" "$lan" 192.0.2.1 5201
	check_err $? "octets to and from the LAN: $STREAMED"
	streams "$g" '' 192.0.2.2 5201
	check_err $? "octets to and from the host: $STREAMED"
	log_test

	test_begin "$what: unbound, the guest is alone, and the host is as before"
	ctl network set lab uplink none
	check_err $? "uplink none"
	check_eq "$(host_state "$dev")" "$before" "the host's"
	pings "$g" 192.0.2.1
	check_fail $? "the guest still reaches the LAN"
	pings '' "$guest"
	check_fail $? "the host still reaches the guest"
	busywait 10 pings '' 192.0.2.1
	check_err $? "the host does not reach the LAN"
	log_test

	test_begin "$what: the counters balance"
	check_balance lab
	log_test

	ip -n "$g" addr flush dev eth0 scope global
	bare_nic "$dev"
done

# --- what the adapter's filter follows -------------------------------------------------------

host_up "$host1"
ctl network set lab uplink "$host1"

# reaches_guest MAC: a frame for it comes in through the filter.
reaches_guest()
{
	[ "$(frame rx "$g:eth0" fence "$lan:sw" tx "$lan:sw" dst "$1" 2>&1)" = 1 ]
}

test_begin "a nic's new address is in the adapter's filter, the old one is not"
ip -n "$g" link set eth0 address 02:00:5e:00:53:10
busywait 5 reaches_guest 02:00:5e:00:53:10
check_err $? "the new one does not arrive"
check_frames "0" "the old one, at the host" rx ":$host1" fence "$lan:sw" tx "$lan:sw" dst "$G"
log_test

test_begin "and so are addresses of what stands on a nic"
ip -n "$g" link add link eth0 name mv0 address 02:00:5e:00:53:11 type macvlan mode bridge
ip -n "$g" link set mv0 up
busywait 5 reaches_guest 02:00:5e:00:53:11
check_err $? "does not arrive"
ip -n "$g" link del mv0
busywait 5 not reaches_guest 02:00:5e:00:53:11
check_err $? "still arrives"
check_eq "$(promiscuity "$host1")" 0 "promiscuity"
log_test

test_begin "a port that learns makes it promiscuous, and that ends with it"
ip link add vb0 type veth peer name vb1
ip link set vb0 master lab up
ip link set vb1 up
check_eq "$(promiscuity "$host1")/$(network_value lab uplink-promiscuous)" 1/true "with it"
check_frames "1" "a station behind it, from the LAN" rx :vb1 fence "$lan:sw" \
	tx "$lan:sw" dst 02:00:5e:00:53:77
ip link del vb0
check_eq "$(promiscuity "$host1")/$(network_value lab uplink-promiscuous)" 0/false "without it"
log_test

# --- the host's own connections ------------------------------------------------------------------

test_begin "a stream of the host goes on while networks come and go"
ctl network set lab uplink none
ip netns exec "$lan" iperf3 -s -1 -p 5202 >/dev/null 2>&1 &
busywait 10 eval "[ -n \"\$(ip netns exec $lan ss -Hltn 'sport = :5202')\" ]"
# Below what the emulated NIC carries: what is lost then is our doing. It streams
# until it is told not to: how long the changes take is not what is asked.
iperf3 -c 192.0.2.1 -p 5202 -t $((600 * VMNET_SLOW)) -b $((4000 / VMNET_SLOW))K >"$tmp/iperf" 2>&1 &
iperf=$!
defer kill "$iperf"
# A gap in what the peer receives is a segment there that came before its turn.
gaps_at_lan()
{
	ip netns exec "$lan" nstat -asz TcpExtTCPOFOQueue | awk '/TCPOFOQueue/ { print $2 }'
}
streaming()
{
	[ -n "$(ss -Htn 'dport = :5202')" ]
}
acked_by_peer()
{
	ss -Htin 'dport = :5202' | grep -o 'bytes_acked:[0-9]*' | awk -F: '{ n += $2 } END { print n + 0 }'
}
busywait 10 streaming
check_err $? "it does not begin"
was=$(lost_segments)
had=$(gaps_at_lan)
before=$(host_state "$host1")
for changes in 1 2 3 4 5; do
	ctl network set lab uplink "$host1" || fail_test "binding"
	check_eq "$(host_state "$host1")" "$before" "the host's, bound"
	ctl network set lab uplink none || fail_test "unbinding"
done
streaming
check_err $? "it has ended: $(tail -n 1 "$tmp/iperf")"
acked=$(acked_by_peer)
goes_on()
{
	[ "$(acked_by_peer)" -ge $((acked + 100000)) ]
}
busywait 20 goes_on
check_err $? "it does not go on: $(acked_by_peer) octets have arrived, $acked at the last change"
said=$(ss -Htin 'dport = :5202')
echo "# $changes times bound and unbound; sent again:" \
	"$(grep -o ' retrans:[^ ]*' <<<"$said" | paste -sd' ')"
check_eq "$(($(lost_segments) - was))" 0 "segments lost: $said"
check_eq "$(($(gaps_at_lan) - had))" 0 "gaps at the peer"
kill -9 "$iperf"
wait "$iperf" 2>/dev/null
log_test

test_begin "the counters balance"
check_balance lab
log_test

test_end
