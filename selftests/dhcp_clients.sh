#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The distribution's own DHCP clients, as they are, get, renew, rebind, release
# and decline.
#
#	lab, 10.77.0.0/24, leases of 20 seconds, renewed after 5, rebound after 9
#	 ├── pa   a:eth0    udhcpc
#	 ├── pb   b:eth0    dhclient
#	 ├── pc   c:eth0    dhcpcd
#	 └── pd   d:eth0    systemd-networkd

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

networkd=/lib/systemd/systemd-networkd
require udhcpc dhclient dhcpcd iptables unshare
[ -x "$networkd" ] || skip_all "no systemd-networkd"

load_vmnet
a='' b='' c='' d=''
make_lab a b c d || exit 1
# Long enough for a slow machine, short enough to see them renew.
lease=$((20 * VMNET_SLOW))
ctl dhcp set lab subnet 10.77.0.0/24 lease "$lease" t1 "$((5 * VMNET_SLOW))" \
	t2 "$((9 * VMNET_SLOW))" router 10.77.0.254 dns 10.77.0.53 domain example.net

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# udhcpc brings no script of its own on a machine where it was never set up.
cat >"$tmp/script" <<'END'
#!/bin/sh
case $1 in
bound | renew)
	ip addr replace "$ip/$mask" dev "$interface"
	# At once, for somebody may be reading it.
	env >"$(dirname "$0")/env.new"
	mv "$(dirname "$0")/env.new" "$(dirname "$0")/udhcpc.env" ;;
deconfig) ip addr flush dev "$interface" ;;
esac
END
chmod +x "$tmp/script"

"$VMNETCTL" -j monitor lease >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"

# happened EVENT PORT: since the mark.
happened()
{
	tail -n "+$mark" "$tmp/events" | jq -e -s \
		"any(.event == \"$1\" and .lease.port == \"$2\")" >/dev/null
}

mark_events()
{
	mark=$(($(wc -l <"$tmp/events") + 1))
}
mark_events

# has_address NETNS: one of the network's.
has_address()
{
	ip -n "$1" -4 -o addr show dev eth0 | grep -q 'inet 10\.77\.0\.'
}

# address_of NETNS
address_of()
{
	ip -n "$1" -4 -o addr show dev eth0 | sed -n 's#.* inet \(10\.77\.0\.[0-9]*\)/.*#\1#p'
}

# start NETNS COMMAND...: in the background, its process in $pid.
start()
{
	local ns=$1

	shift
	ip netns exec "$ns" "$@" >"$tmp/out.$1" 2>&1 &
	pid=$!
	defer kill "$pid"
}

# start_networkd: in namespace d, on eth0. It gets folders of its own, no bus, and
# a /sys that cannot be written, by which it knows that there is no udev to wait
# for.
start_networkd()
{
	printf '%s\n' "[Match]" Name=eth0 "[Network]" DHCP=ipv4 LinkLocalAddressing=no \
		IPv6AcceptRA=no >"$tmp/eth0.network"
	# shellcheck disable=SC2016 # expanded there
	ip netns exec "$d" unshare -m sh -c '
		mount -o remount,bind,ro /sys || exit
		mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd || exit
		mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases
		cp "$1" /run/systemd/network/
		chown -R systemd-network: /run/systemd/netif
		exec env SYSTEMD_LOG_TARGET=console "$2"' \
		- "$tmp/eth0.network" "$networkd" >"$tmp/out.networkd" 2>&1 &
	networkd_pid=$!
	defer kill "$networkd_pid"
}

# --- getting -----------------------------------------------------------------------

test_begin "udhcpc gets an address"
start "$a" udhcpc -f -i eth0 -s "$tmp/script"
udhcpc=$pid
busywait 20 has_address "$a"
check_err $? "no address: $(tail -n 3 "$tmp/out.udhcpc")"
log_test

test_begin "dhclient gets an address"
start "$b" dhclient -d -lf "$tmp/leases" -pf "$tmp/dhclient.pid" eth0
busywait 20 has_address "$b"
check_err $? "no address: $(tail -n 3 "$tmp/out.dhclient")"
log_test

test_begin "dhcpcd gets an address"
# It goes into the background when it has one.
defer ip netns exec "$c" dhcpcd -4 -x eth0
ip netns exec "$c" timeout $((90 * VMNET_SLOW)) dhcpcd -4 --noipv6rs eth0 >"$tmp/out.dhcpcd" 2>&1
check_err $? "dhcpcd: $(tail -n 3 "$tmp/out.dhcpcd")"
has_address "$c"
check_err $? "no address"
log_test

test_begin "systemd-networkd gets an address"
start_networkd
busywait 30 has_address "$d"
check_err $? "no address: $(tail -n 3 "$tmp/out.networkd")"
log_test

test_begin "they are what 'lease show' says"
for port in a b c d; do
	address=$(address_of "${!port}")
	check_eq "$(lease_value lab "$address" port)" "p$port" "port of $address"
	check_eq "$(lease_value lab "$address" state)" bound "state of $address"
	check_eq "$(lease_value lab "$address" mac)" "$(mac_of "${!port}" eth0)" "MAC of $address"
done
log_test

test_begin "they reach each other and the server"
pings "$a" "$(address_of "$b")" && pings "$b" "$(address_of "$c")" &&
	pings "$c" "$(address_of "$d")" && pings "$d" "$(address_of "$a")"
check_err $? "no ping"
pings "$a" 10.77.0.1
check_err $? "no ping of the server"
log_test

test_begin "udhcpc was told mask, router, DNS, domain and lease"
check_eq "$(grep -E '^(subnet|router|dns|domain|lease|serverid)=' "$tmp/udhcpc.env" | sort | paste -sd' ')" \
	"dns=10.77.0.53 domain=example.net lease=$lease router=10.77.0.254 serverid=10.77.0.1 subnet=255.255.255.0" \
	"its environment"
log_test

test_begin "nobody listens on port 67, anywhere"
for ns in "$a" "$b" "$c" "$d"; do
	check_eq "$(ip netns exec "$ns" ss -Huln 'sport = :67')" "" "in $ns"
done
check_eq "$(ss -Huln 'sport = :67')" "" "in the host's"
log_test

# --- keeping -----------------------------------------------------------------------

clients=("udhcpc pa" "dhclient pb" "dhcpcd pc" "systemd-networkd pd")
for client in "${clients[@]}"; do
	test_begin "${client% *} renews by itself"
	busywait 20 happened renewed "${client#* }"
	check_err $? "no renewal seen"
	log_test
done

# When renewing does not reach the server, they ask everybody; that goes past
# the packet filter, since it needs no address.
for ns in "$a" "$b" "$c" "$d"; do
	ip netns exec "$ns" iptables -A OUTPUT -d 10.77.0.1 -p udp --dport 67 -j DROP
done
was_dropped()
{
	[ "$(ip netns exec "$1" iptables -nvxL OUTPUT | awk '/DROP/ { print $1 }')" -gt 0 ]
}
for client in "${clients[@]}"; do
	ns=${client##* p}
	test_begin "${client% *} rebinds when it cannot renew"
	busywait 30 was_dropped "${!ns}"
	check_err $? "it has not tried to renew first"
	# From here on: what was told late is of a renewal before the rule.
	mark_events
	busywait 30 happened renewed "${client#* }"
	check_err $? "no rebinding seen"
	log_test
done
for ns in "$a" "$b" "$c" "$d"; do
	ip netns exec "$ns" iptables -F OUTPUT
done

test_begin "udhcpc renews when it is told to (SIGUSR1)"
mark_events
kill -USR1 "$(pgrep -P "$udhcpc" -x udhcpc || echo "$udhcpc")"
busywait 10 happened renewed pa
check_err $? "no renewal seen"
log_test

test_begin "they still have what they had: nobody was refused"
check_eq "$(dhcp_count lab naks)" 0 "NAKs"
check_eq "$(lease_count lab bound)" 4 "leases"
log_test

# --- giving back ----------------------------------------------------------------------

test_begin "udhcpc releases its address (SIGUSR2)"
address=$(address_of "$a")
mark_events
kill -USR2 "$(pgrep -P "$udhcpc" -x udhcpc || echo "$udhcpc")"
busywait 10 happened released pa
check_err $? "no release seen"
check_eq "$(lease_value lab "$address" state)" released "state"
kill "$udhcpc"
log_test

test_begin "dhclient releases its address (-r)"
mark_events
ip netns exec "$b" dhclient -r -lf "$tmp/leases" -pf "$tmp/dhclient.pid" eth0 >/dev/null 2>&1
busywait 10 happened released pb
check_err $? "no release seen"
log_test

# It gives up waiting for itself on a slow machine.
dhcpcd_released()
{
	ip netns exec "$c" dhcpcd -4 -k eth0
	happened released pc
}
test_begin "dhcpcd releases its address (-k)"
mark_events
busywait 20 dhcpcd_released >/dev/null
check_err $? "no release seen"
log_test

test_begin "systemd-networkd releases its address when it ends"
mark_events
kill "$networkd_pid"
busywait 20 happened released pd
check_err $? "no release seen: $(tail -n 3 "$tmp/out.networkd")"
log_test

# --- other ways of asking ----------------------------------------------------------------

test_begin "udhcpc gets the same again, by broadcast answers (-B)"
ip netns exec "$a" udhcpc -f -q -n -B -i eth0 -s "$tmp/script" >"$tmp/out" 2>&1
check_err $? "udhcpc -B: $(tail -n 1 "$tmp/out")"
check_eq "$(address_of "$a")" "$address" "address"
log_test

test_begin "udhcpc asks for an address of its choice and gets it (-r)"
ip -n "$a" addr flush dev eth0
"$VMNETCTL" lease del lab "$address"
free=$(free_address)
ip netns exec "$a" udhcpc -f -q -n -C -x 0x3d:aabbcc -r "$free" -i eth0 -s "$tmp/script" >"$tmp/out" 2>&1
check_eq "$(address_of "$a")" "$free" "address"
log_test

test_begin "udhcpc declines an address that somebody has, and gets another one (-a)"
ip -n "$a" addr flush dev eth0
ip -n "$b" addr flush dev eth0
ip -n "$b" addr add "$free/24" dev eth0
mark_events
ip netns exec "$a" udhcpc -f -q -n -a -t 5 -T 1 -A 1 -i eth0 -s "$tmp/script" >"$tmp/out" 2>&1
check_err $? "udhcpc -a: $(tail -n 1 "$tmp/out")"
happened declined pa
check_err $? "no decline seen"
check_eq "$(lease_value lab "$free" state)" declined "state of the address"
check_match "$(address_of "$a")" '^10\.77\.0\.' "another address"
check_eq "$([ "$(address_of "$a")" != "$free" ]; echo $?)" 0 "the same again"
log_test

test_begin "dhclient declines what its script refuses, and asks again"
# What dhclient-script does when the address answers is to say 1 or 2.
cat >"$tmp/refuse" <<'END'
#!/bin/sh
case $reason in
BOUND | REBOOT)
	[ -e "$(dirname "$0")/refused" ] || { touch "$(dirname "$0")/refused"; exit 2; }
	ip addr replace "$new_ip_address/24" dev "$interface" ;;
esac
exit 0
END
chmod +x "$tmp/refuse"
ip -n "$b" addr flush dev eth0
rm -f "$tmp/leases"
mark_events
start "$b" dhclient -d -sf "$tmp/refuse" -lf "$tmp/leases" -pf "$tmp/dhclient.pid" eth0
dhclient=$pid
busywait 30 has_address "$b"
check_err $? "no address: $(tail -n 3 "$tmp/out.dhclient")"
happened declined pb
check_err $? "no decline seen"
check_eq "$(lease_value lab "$(address_of "$b")" state)" bound "state of the other address"
kill "$dhclient"
log_test

# It looks for somebody who has the address for some seconds and, when there is,
# waits for ten: with a lease that is longer than that. systemd-networkd 252 looks
# too (SendDecline), but says nothing and does not ask again.
test_begin "dhcpcd declines an address that somebody has, and gets another one"
ctl dhcp set lab lease 600 t1 300 t2 500
ip -n "$a" addr flush dev eth0
ip -n "$c" addr flush dev eth0
rm -f /var/lib/dhcpcd/eth0.lease
ask "$c" discover
address=${R[yiaddr]}
ip -n "$a" addr add "$address/24" dev eth0
mark_events
start "$c" dhcpcd -4 --noipv6rs -B eth0
busywait 60 has_address "$c"
check_err $? "no address: $(tail -n 3 "$tmp/out.dhcpcd")"
happened declined pc
check_err $? "no decline seen"
check_eq "$(lease_value lab "$address" state)" declined "state of the address"
check_eq "$([ "$(address_of "$c")" != "$address" ]; echo $?)" 0 "the same again"
kill "$pid"
ctl dhcp set lab lease "$lease" t1 "$((5 * VMNET_SLOW))" t2 "$((9 * VMNET_SLOW))"
log_test

test_begin "a client that is refused (NAK) starts again and gets an address"
ip -n "$a" addr flush dev eth0
start "$a" udhcpc -f -i eth0 -s "$tmp/script"
udhcpc=$pid
busywait 20 has_address "$a"
address=$(address_of "$a")
"$VMNETCTL" lease del lab "$address"
mark_events
naks=$(dhcp_count lab naks)
kill -USR1 "$(pgrep -P "$udhcpc" -x udhcpc || echo "$udhcpc")"
busywait 20 happened new pa
check_err $? "no new lease"
check_eq "$(($(dhcp_count lab naks) > naks))" 1 "a NAK"
log_test

test_begin "the network's counters add up"
kill "$udhcpc"
check_balance lab
log_test

test_end
