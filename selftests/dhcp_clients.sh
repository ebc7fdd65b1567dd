#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The distribution's own DHCP clients, as they are, get, renew, release and
# decline.
#
#	lab, 10.77.0.0/24, leases of 20 seconds, renewed after 5
#	 ├── pa   a:eth0    udhcpc
#	 ├── pb   b:eth0    dhclient
#	 └── pc   c:eth0    dhcpcd

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

require udhcpc dhclient dhcpcd

load_vmnet
a='' b='' c=''
make_lab a b c || exit 1
# Long enough for a slow machine, short enough to see them renew.
lease=$((20 * VMNET_SLOW))
ctl dhcp set lab subnet 10.77.0.0/24 lease "$lease" t1 "$((5 * VMNET_SLOW))" \
	router 10.77.0.254 dns 10.77.0.53 domain example.net

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# udhcpc brings no script of its own on a machine where it was never set up.
cat >"$tmp/script" <<'END'
#!/bin/sh
case $1 in
bound | renew)
	ip addr replace "$ip/$mask" dev "$interface"
	env >"$(dirname "$0")/udhcpc.env" ;;
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
ip netns exec "$c" timeout 30 dhcpcd -4 --noipv6rs eth0 >"$tmp/out.dhcpcd" 2>&1
check_err $? "dhcpcd: $(tail -n 3 "$tmp/out.dhcpcd")"
has_address "$c"
check_err $? "no address"
log_test

test_begin "they are what 'lease show' says"
for port in a b c; do
	address=$(address_of "${!port}")
	check_eq "$(lease_value lab "$address" port)" "p$port" "port of $address"
	check_eq "$(lease_value lab "$address" state)" bound "state of $address"
	check_eq "$(lease_value lab "$address" mac)" "$(mac_of "${!port}" eth0)" "MAC of $address"
done
log_test

test_begin "they reach each other and the server"
pings "$a" "$(address_of "$b")" && pings "$b" "$(address_of "$c")" &&
	pings "$c" "$(address_of "$a")"
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
for ns in "$a" "$b" "$c"; do
	check_eq "$(ip netns exec "$ns" ss -Huln 'sport = :67')" "" "in $ns"
done
check_eq "$(ss -Huln 'sport = :67')" "" "in the host's"
log_test

# --- keeping -----------------------------------------------------------------------

for client in "udhcpc pa" "dhclient pb" "dhcpcd pc"; do
	test_begin "${client% *} renews by itself"
	busywait 20 happened renewed "${client#* }"
	check_err $? "no renewal seen"
	log_test
done

test_begin "udhcpc renews when it is told to (SIGUSR1)"
mark_events
kill -USR1 "$(pgrep -P "$udhcpc" -x udhcpc || echo "$udhcpc")"
busywait 10 happened renewed pa
check_err $? "no renewal seen"
log_test

test_begin "they still have what they had: nobody was refused"
check_eq "$(dhcp_count lab naks)" 0 "NAKs"
check_eq "$(lease_count lab bound)" 3 "leases"
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
