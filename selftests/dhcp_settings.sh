#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The settings of a DHCP server, what is refused and in which words; leases as
# they are shown, deleted and told of.
#
#	lab, 10.77.0.0/24               other (a second network)
#	 └── pa   a:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
a=''
make_lab a || exit 1
ctl network add other

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# --- before and with the first subnet -------------------------------------------------

test_begin "without a subnet there is no DHCP, and no other setting"
check_eq "$(dhcp_value lab enabled)" false "enabled"
check_eq "$(dhcp_value lab subnet)" null "subnet"
ask "$a" discover wait 200
check_status "$RC" 1 "an answer"
set_refused 'has no subnet yet: it must come first' lease 1h
set_refused 'has no subnet yet: it must come first' enable on
log_test

test_begin "the first subnet switches it on, with the rest by default"
ctl dhcp set lab subnet 10.77.0.0/24
check_err $? "dhcp set"
check_eq "$(settings lab | jq -c '[.enabled, .server, ."range-start", ."range-end", .lease, .t1, .t2, ."lease-min", ."lease-max", .key, ."pool-size"]')" \
	'[true,"10.77.0.1","10.77.0.2","10.77.0.254",43200,21600,37800,5,43200,"hwaddr",253]' "settings"
check_answer "$a" offer discover
log_test

test_begin "unless it is told not to"
ctl dhcp set other subnet 10.78.0.0/24 enable off
check_eq "$(dhcp_value other enabled)" false "enabled"
ctl dhcp set other none
log_test

test_begin "enable off and on"
ctl dhcp set lab enable off
ask "$a" discover wait 200
check_status "$RC" 1 "an answer"
check_eq "$("$VMNETCTL" -j fdb show lab | jq '[.[] | select(.kind == "server")] | length')" 0 "server's address"
ctl dhcp set lab enable on
check_answer "$a" offer discover
log_test

test_begin "the server's address is in the table, and no port may take it"
S=$(dhcp_value lab server-mac)
check_eq "$("$VMNETCTL" -j fdb show lab | jq -r '.[] | select(.kind == "server") | .mac')" "$S" "address"
refused 2 'DHCP server has this address' ctl port set pa mac "$S"
log_test

test_begin "what /sys shows"
check_eq "$(cd /sys/class/net/lab/vmnet/dhcp && cat enabled subnet server range_start range_end | paste -sd' ')" \
	"1 10.77.0.0/24 10.77.0.1 10.77.0.2 10.77.0.254" "files"
log_test

# --- what follows from what --------------------------------------------------------------

# range_with SERVER: what is left for clients.
range_with()
{
	ctl dhcp set lab server "$1"
	"$VMNETCTL" -j dhcp show lab | jq -r '.[0] | ."range-start" + "-" + ."range-end"'
}

test_begin "a server inside the subnet leaves the larger side of it to clients"
check_eq "$(range_with 10.77.0.254)" 10.77.0.1-10.77.0.253 "server at the end"
check_eq "$(range_with 10.77.0.100)" 10.77.0.101-10.77.0.254 "server below the middle"
check_eq "$(range_with 10.77.0.200)" 10.77.0.1-10.77.0.199 "server above the middle"
check_eq "$(range_with 10.77.0.1)" 10.77.0.2-10.77.0.254 "server at the beginning"
log_test

test_begin "another subnet takes server and range along"
ctl dhcp set lab none
ctl dhcp set lab subnet 10.77.0.0/24
ctl dhcp set lab subnet 10.76.0.0/30
check_eq "$(settings lab | jq -c '[.server, ."range-start", ."range-end"]')" \
	'["10.76.0.1","10.76.0.2","10.76.0.2"]' "settings"
ctl dhcp set lab subnet 10.0.0.0/8
check_eq "$(dhcp_value lab pool-size)" 1048576 "addresses of a large one"
ctl dhcp set lab subnet 10.77.0.0/24
log_test

test_begin "what is not named keeps its value"
ctl dhcp set lab lease 2h dns 10.77.0.53,10.77.0.54 router 10.77.0.254
ctl dhcp set lab domain example.net
check_eq "$(settings lab | jq -c '[.lease, .t1, .t2, .dns, .router, .domain]')" \
	'[7200,3600,6300,["10.77.0.53","10.77.0.54"],"10.77.0.254","example.net"]' "settings"
ctl dhcp set lab dns none router none domain none
check_eq "$(settings lab | jq -c '[.dns, .router, .domain]')" '[[],"0.0.0.0",""]' "settings"
log_test

test_begin "servers that clients are told of are given to none of them"
ctl dhcp set lab range 10.77.0.100-10.77.0.103 router 10.77.0.100 dns 10.77.0.101 wins 10.77.0.102
check_eq "$(bind "$a" 02:00:00:00:00:01)" 10.77.0.103 "the only address"
check_answer "$a" nak request mac 02:00:00:00:00:02 requested 10.77.0.100
log_test

test_begin "E16: none is left: silence, a counter and an event"
"$VMNETCTL" -j monitor lease >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"
# It is told of at most once a second.
exhausted()
{
	ask "$a" discover mac 02:00:00:00:00:02 silent "$SERVER"
	jq -e -s 'any(.event == "exhausted")' "$tmp/events" >/dev/null
}
busywait 10 exhausted
check_err $? "no event"
check_eq "$(($(dhcp_count lab exhausted) > 0))" 1 "counter"
kill "$monitor"
log_test

# --- refusals ---------------------------------------------------------------------------

ctl -f dhcp set lab none
ctl dhcp set lab subnet 10.77.0.0/24

test_begin "a subnet that does not begin where it should"
set_refused '10\.77\.5\.9/24 does not begin where a subnet does: 10\.77\.5\.0/24 would' subnet 10.77.5.9/24
log_test

test_begin "a subnet of loopback, multicast or no network"
set_refused '127\.0\.0\.0/24 has addresses that no host can have' subnet 127.0.0.0/24
set_refused '224\.1\.0\.0/16 has addresses that no host can have' subnet 224.1.0.0/16
set_refused '0\.0\.0\.0/8 has addresses that no host can have' subnet 0.0.0.0/8
set_refused '64\.0\.0\.0/2 has addresses that no host can have' subnet 64.0.0.0/2
log_test

test_begin "a server outside of the subnet, or at its ends"
set_refused "The server's address 10\.78\.0\.1 is not in 10\.77\.0\.0/24" server 10.78.0.1
set_refused "The server's address 10\.77\.0\.0 is the address of the subnet itself" server 10.77.0.0
set_refused "The server's address 10\.77\.0\.255 is the broadcast address" server 10.77.0.255
log_test

test_begin "a range outside of the subnet, or with its ends"
set_refused "The range's first address 10\.76\.0\.9 is not in 10\.77\.0\.0/24" range 10.76.0.9-10.77.0.20
set_refused "The range's last address 10\.78\.0\.9 is not in 10\.77\.0\.0/24" range 10.77.0.9-10.78.0.9
set_refused "The range's last address 10\.77\.0\.255 is the broadcast address" range 10.77.0.9-10.77.0.255
set_refused "The range's first address 10\.77\.0\.0 is the address of the subnet itself" range 10.77.0.0-10.77.0.9
log_test

test_begin "a range with the server in it"
set_refused "The server's address 10\.77\.0\.1 is inside the range" range 10.77.0.1-10.77.0.9
set_refused "The server's address 10\.77\.0\.5 is inside the range" range 10.77.0.2-10.77.0.9 server 10.77.0.5
log_test

test_begin "a range that is too large"
set_refused 'The range has more than 1048576 addresses' subnet 10.0.0.0/8 range 10.0.0.2-10.200.0.0
log_test

test_begin "a router outside of the subnet"
set_refused "The router's address 10\.1\.1\.1 is not in 10\.77\.0\.0/24" router 10.1.1.1
log_test

test_begin "servers that cannot be"
set_refused '224\.0\.0\.5 is not a server.s address' dns 224.0.0.5
set_refused '127\.0\.0\.1 is not a server.s address' wins 127.0.0.1
log_test

test_begin "a domain that is none"
for domain in -a a- a..b .a a. 'a b' 'a;b' "$(printf 'a%.0s' {1..64})"; do
	set_refused 'A domain is labels of letters, digits and hyphens with dots between' domain "$domain"
done
ctl dhcp set lab domain "_x.a-b.$(printf 'a%.0s' {1..63}).EXAMPLE.net"
check_err $? "a good one"
log_test

test_begin "times that do not fit"
set_refused 'A lease of 0 seconds is none' lease 0
set_refused 'The lease of 4 s is below the minimum of 5 s' lease 4
set_refused 'The lease of 43200 s is below the minimum of 50000 s' lease-min 50000
set_refused 'The lease of 43200 s is above the maximum of 100 s' lease-max 100
set_refused 'T1 of 600 s is not below T2 of 600 s' lease 1h t1 600 t2 600
set_refused 'T1 of 40000 s is not below T2 of 37800 s' t1 40000
set_refused 'T2 of 43200 s is not below the lease of 43200 s' t2 43200
set_refused 'T2 of 50000 s is not below the lease of 43200 s' t2 50000
log_test

test_begin "a network that is not there"
refused 3 'There is no network nowhere' ctl dhcp set nowhere subnet 10.80.0.0/24
refused 3 'There is no network nowhere' ctl dhcp show nowhere
refused 3 'There is no network nowhere' ctl lease show nowhere
log_test

# What vmnetctl would not send.
before=$(settings lab)
while read -r word rest; do
	case $word in
	said)
		saw "$rest"
		continue ;;
	fail) fail_test "$rest" ;;
	esac
	log_test "by netlink: ${rest%%:*}"
done < <("$VMNET_BIN/dhcpnl" lab)

test_begin "by netlink: nothing has changed"
check_eq "$(settings lab)" "$before" "settings"
log_test

# --- overlap --------------------------------------------------------------------------------

test_begin "another network's subnet is not taken twice"
refused 2 'The subnet overlaps with the network lab: 10\.77\.0\.0/24' ctl dhcp set other subnet 10.77.0.128/25
refused 2 'The subnet overlaps with the network lab: 10\.77\.0\.0/24' ctl dhcp set other subnet 10.0.0.0/8
check_eq "$(dhcp_value other subnet)" null "subnet"
log_test

ip link add d0 type dummy
defer ip link del d0
ip link set d0 up
ip addr add 10.90.0.1/24 dev d0
ip route add 10.91.0.0/24 via 10.90.0.9
ip route add 10.92.0.0/25 dev d0 table 77
ip route add 0.0.0.0/1 dev d0

test_begin "nor one of an address or a route, in any table, wider or narrower"
refused 2 'The subnet overlaps with an address of d0: 10\.90\.0\.[01]/24' ctl dhcp set other subnet 10.90.0.0/24
refused 2 'The subnet overlaps with a route by d0: 10\.91\.0\.0/24' ctl dhcp set other subnet 10.91.0.64/26
refused 2 'The subnet overlaps with a route by d0: 10\.92\.0\.0/25' ctl dhcp set other subnet 10.92.0.0/16
log_test

test_begin "unless it is forced; a default route, or half of one, is no obstacle"
ctl -f dhcp set other subnet 10.90.0.0/24
check_err $? "by force"
ctl dhcp set other none
ctl dhcp set other subnet 10.93.0.0/24
check_err $? "under a default route"
log_test

test_begin "the network's own netdev may have an address of it"
ctl dhcp set other none
ctl network set other host on
ip addr add 10.94.0.1/24 dev other
ctl dhcp set other subnet 10.94.0.0/24
check_err $? "dhcp set"
ctl dhcp set other none
log_test

test_begin "auto finds a free subnet, the same one each time"
ctl dhcp set other auto
first=$(dhcp_value other subnet)
check_match "$first" '^10\.[0-9]+\.[0-9]+\.0$' "subnet"
check_eq "$(dhcp_value other prefix-len)" 24 "prefix length"
ctl dhcp set other none
ctl dhcp set other auto
check_eq "$(dhcp_value other subnet)" "$first" "the second time"
log_test

test_begin "and passes by what is taken"
ctl dhcp set other none
ip route add "$first/24" dev d0
ctl dhcp set other auto
check_match "$(dhcp_value other subnet)" '^10\.[0-9]+\.[0-9]+\.0$' "subnet"
check_eq "$([ "$(dhcp_value other subnet)" != "$first" ]; echo $?)" 0 "the one that is taken"
ctl dhcp set other none
log_test

test_begin "until there is none left"
ip route add 10.0.0.0/8 dev d0
refused 2 'No /24 of 10\.0\.0\.0/8 is free: name a subnet' ctl dhcp set other auto
ip link del d0
log_test

# --- leases ---------------------------------------------------------------------------------

"$VMNETCTL" -j monitor lease dhcp >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"
# events: what has been told so far of client 02:…:MAC
events()
{
	jq -r -s "[.[] | select(.lease.mac == \"02:00:00:00:00:$1\") | .event] | join(\" \")" "$tmp/events"
}
events_are()
{
	[ "$(events "$1")" = "$2" ]
}
# It listens when it has told of a change.
listening()
{
	ctl dhcp set lab lease 1h
	[ -s "$tmp/events" ]
}
busywait 10 listening

test_begin "a lease as it is shown"
got=$(bind "$a" 02:00:00:00:00:10 id 01020304 hostname web-1)
check_eq "$("$VMNETCTL" -j lease show lab | jq -c ".[] | select(.address == \"$got\") | [.network, .mac, .port, .state, .\"client-id\", .hostname]")" \
	'["lab","02:00:00:00:00:10","pa","bound","01:02:03:04","web-1"]' "lease"
left=$(lease_value lab "$got" expires)
check_eq "$((left > 3500 && left <= 3600))" 1 "$left seconds left of 3,600"
check_eq "$(dhcp_count lab leases) $(dhcp_value lab leases) $(port_value pa leases)" "1 1 1" "counted"
log_test

test_begin "a host name is not believed: no control character is printed"
bind "$a" 02:00:00:00:00:11 opt 12:1b5b326a0a78 >/dev/null
check_eq "$("$VMNETCTL" lease show lab | grep -c $'\e')" 0 "escape characters"
"$VMNETCTL" -j lease show lab | jq . >/dev/null
check_err $? "JSON"
log_test

test_begin "lease del frees it; its client is refused once, and gets one again"
ctl lease del lab "$got"
check_err $? "lease del"
check_eq "$(lease_value lab "$got" state)" "" "state"
check_answer "$a" nak request mac 02:00:00:00:00:10 ciaddr "$got"
check_eq "$(bind "$a" 02:00:00:00:00:10)" "$got" "address"
log_test

test_begin "what is not leased cannot be deleted"
refused 3 'The network lab has no lease of 10\.77\.0\.250' ctl lease del lab 10.77.0.250
refused 3 'The network lab has no lease of 192\.168\.0\.1' ctl lease del lab 192.168.0.1
refused 3 'There is no network nowhere' ctl lease del nowhere 10.77.0.250
log_test

test_begin "events: new, renewed, released, declined, deleted, in order"
got=$(bind "$a" 02:00:00:00:00:12)
ask "$a" request mac 02:00:00:00:00:12 ciaddr "$got"
ask "$a" release mac 02:00:00:00:00:12 ciaddr "$got" wait 1
got=$(bind "$a" 02:00:00:00:00:12)
ask "$a" decline mac 02:00:00:00:00:12 requested "$got" wait 1
got=$(bind "$a" 02:00:00:00:00:12)
ctl lease del lab "$got"
wanted="new renewed released new declined new deleted"
busywait 5 events_are 12 "$wanted"
check_eq "$(events 12)" "$wanted" "events"
log_test

test_begin "a lease that is not renewed expires, is told of, and is remembered"
ctl dhcp set lab lease 5
got=$(bind "$a" 02:00:00:00:00:13)
busywait 20 events_are 13 "new expired"
check_eq "$(events 13)" "new expired" "events"
check_eq "$(lease_value lab "$got" state)" expired "state"
check_eq "$(bind "$a" 02:00:00:00:00:13)" "$got" "address of the same client, later"
ctl dhcp set lab lease 1h
log_test

test_begin "E14: until a lease is over its address is nobody else's, then it may be"
ctl dhcp set lab lease 5
start=$(date +%s)
got=$(bind "$a" 02:00:00:00:00:15)
# Another one asks until it gets it: each time before that it is refused.
busywait 20 acked "$a" request mac 02:00:00:00:00:16 requested "$got"
check_err $? "never given away"
check_eq "$(($(date +%s) - start >= 5))" 1 "five seconds later"
check_eq "$(lease_value lab "$got" mac)" 02:00:00:00:00:16 "holder"
ctl dhcp set lab lease 1h
log_test

test_begin "a lease for ever has no end"
ctl dhcp set lab lease forever
ask "$a" get mac 02:00:00:00:00:14
got=${R[yiaddr]}
check_field opt.51 ffffffff opt.58 absent opt.59 absent
check_eq "$(lease_value lab "$got" expires)" null "expires"
ctl dhcp set lab lease 1h
log_test

test_begin "changes of settings are told of"
jq -e -s 'any(.noun == "dhcp" and .event == "change")' "$tmp/events" >/dev/null
check_err $? "no event"
log_test
kill "$monitor"

# --- orphans -------------------------------------------------------------------------------

test_begin "a change that ends leases in use is refused, and names them"
for i in 20 21 22 23; do
	bind "$a" 02:00:00:00:00:$i requested 10.77.0.2$i >/dev/null
done
set_refused '[0-9]+ leases in use would end: 10\.77\.0\.[0-9]+, 10\.77\.0\.[0-9]+, 10\.77\.0\.[0-9]+, \.\.\.; use force' \
	range 10.77.0.2-10.77.0.3
set_refused 'leases in use would end' subnet 10.79.0.0/24
set_refused 'leases in use would end' none
set_refused '1 leases in use would end: 10\.77\.0\.220; use force' router 10.77.0.220
log_test

test_begin "one that keeps them is not"
# Where a client's address is follows from its hardware address, which may be random.
highest=$("$VMNETCTL" -j lease show lab | jq '[.[].address | split(".")[3] | tonumber] | max')
ctl dhcp set lab range "10.77.0.2-10.77.0.$highest"
check_err $? "a smaller range"
check_eq "$(lease_value lab 10.77.0.220 state)" bound "a lease"
check_answer "$a" ack request mac 02:00:00:00:00:20 ciaddr 10.77.0.220
log_test

test_begin "by force they end, and their clients are refused"
ctl -f dhcp set lab range 10.77.0.2-10.77.0.210
check_err $? "by force"
check_eq "$(lease_value lab 10.77.0.220 state)" "" "a lease"
check_answer "$a" nak request mac 02:00:00:00:00:20 ciaddr 10.77.0.220
log_test

test_begin "none ends it all"
ctl -f dhcp set lab none
check_eq "$(dhcp_value lab enabled)" false "enabled"
check_eq "$("$VMNETCTL" -j lease show lab)" "[]" "leases"
check_eq "$(port_value pa leases)" 0 "leases of the port"
log_test

test_begin "and it begins anew, with the same hardware address"
ctl dhcp set lab subnet 10.77.0.0/24
check_eq "$(dhcp_value lab server-mac)" "$S" "address"
check_eq "$(dhcp_value lab offers)" 0 "offers"
log_test

test_begin "a deleted network takes its leases along"
bind "$a" 02:00:00:00:00:30 >/dev/null
check_eq "$(port_value pa leases)" 1 "leases of the port"
ctl network del lab
check_eq "$(port_value pa leases)" 0 "leases of the port"
log_test

test_begin "a network is made with DHCP in one line"
ctl network add lab dhcp 10.77.0.0/24 attach pa
check_err $? "network add"
busywait 5 carrier "$a" eth0 1
check_answer "$a" offer discover
ctl network del lab
ctl network add lab dhcp auto
check_err $? "network add with auto"
check_eq "$(dhcp_value lab enabled)" true "enabled"
log_test

test_end
