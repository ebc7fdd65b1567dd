#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Addresses that are reserved for one DHCP client, by hardware address, client
# id and port. Rows E17 and E23 of Documentation/dhcp.rst.
#
#	lab, 10.77.0.0/24, clients get 10.77.0.20 to 10.77.0.39
#	 ├── pa   a:eth0    no limits: the one that asks
#	 ├── pb   b:eth0    its neighbour
#	 └── pc   c:eth0    has reservations of its own

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

require dhclient

load_vmnet
a='' b='' c='' e=''
make_lab a b c || exit 1
tmp=$(mktemp -d)
defer rm -rf "$tmp"
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.39 router 10.77.0.254 lease 1h
	port set pa dhcp-limit none dhcp-rate none
	port set pb dhcp-limit none dhcp-rate none
	port set pc dhcp-limit none dhcp-rate none
END

# reserved NETWORK: "address" of each, on one line.
reserved()
{
	"$VMNETCTL" -j reservation show "$1" | jq -r '[.[].address] | join(" ")'
}

# not_done VERB PATTERN WORD...: a reservation command on lab is refused with
# this sentence, and nothing has changed.
not_done()
{
	local verb=$1 pattern=$2 before

	shift 2
	before=$("$VMNETCTL" -j reservation show lab)
	refused 2 "$pattern" ctl reservation "$verb" lab "$@"
	check_eq "$("$VMNETCTL" -j reservation show lab)" "$before" "reservations after $verb $*"
}

"$VMNETCTL" -j monitor lease reservation >"$tmp/events" 2>/dev/null &
defer kill $!
# told FILTER: an event of which this is true.
told()
{
	jq -e -s "any($1)" "$tmp/events" >/dev/null
}
# It listens when it has told of something.
listening()
{
	bind "$a" "$(mac 99)" >/dev/null
	[ -s "$tmp/events" ]
}
busywait 10 listening

# --- E23: who gets it ----------------------------------------------------------------------

test_begin "E23: by hardware address, within the range"
ctl reservation add lab mac "$(mac 1)" ip 10.77.0.30
check_err $? "reservation add"
check_eq "$("$VMNETCTL" -j reservation show lab | jq -c '.[] | [.network, .address, .mac]')" \
	'["lab","10.77.0.30","02:00:00:00:00:01"]' "as it is shown"
check_eq "$(bind "$a" "$(mac 1)")" 10.77.0.30 "address"
check_eq "$(bind "$a" "$(mac 1)" requested 10.77.0.25)" 10.77.0.30 "address, if it asks for another one"
log_test

test_begin "E23: it is told of"
busywait 5 told '.noun == "reservation" and .event == "new" and .reservation.address == "10.77.0.30"'
check_err $? "no event"
log_test

test_begin "E23: by client id, outside of the range"
ctl reservation add lab client-id 01:aa:bb:cc ip 10.77.0.200
check_eq "$(bind "$a" "$(mac 2)" id 01aabbcc)" 10.77.0.200 "address"
check_eq "$(lease_value lab 10.77.0.200 state)" bound "state"
check_match "$(bind "$a" "$(mac 3)" id 01aabb)" '^10\.77\.0\.[23][0-9]$' "address of another id"
log_test

test_begin "E23: a client id of 255 octets"
id=$(printf 'ab%.0s' {1..255})
ctl reservation add lab client-id "$id" ip 10.77.0.10
ask "$a" get mac "$(mac 4)" id "$id" max 1000
check_field type ack yiaddr 10.77.0.10
log_test

test_begin "E23: by port, whoever is behind it"
ctl reservation add lab port pc ip 10.77.0.250
check_eq "$(bind "$c" "$(mac 5)" requested 10.77.0.22)" 10.77.0.250 "address"
check_match "$(bind "$a" "$(mac 5)")" '^10\.77\.0\.[23][0-9]$' "address of the same client elsewhere"
log_test

test_begin "E23: and of two behind it the first one"
check_match "$(bind "$c" "$(mac 6)")" '^10\.77\.0\.[23][0-9]$' "address of the second"
check_eq "$(bind "$c" "$(mac 5)")" 10.77.0.250 "address of the first"
log_test

test_begin "E23: if several match, client id before hardware address before port"
ctl reservation add lab mac "$(mac 7)" ip 10.77.0.201
ctl reservation add lab client-id 0707 ip 10.77.0.202
ctl port set pc dhcp-limit 16
check_eq "$(bind "$c" "$(mac 7)" id 0707)" 10.77.0.202 "by client id"
check_eq "$(bind "$c" "$(mac 7)" id 0708)" 10.77.0.201 "by hardware address"
check_eq "$(bind "$c" "$(mac 5)")" 10.77.0.250 "by port"
check_eq "$(lease_value lab 10.77.0.202 state)" "" "state of what it had before"
log_test

test_begin "E23: nobody else gets it, asked for or by chance"
check_answer "$a" nak request mac "$(mac 8)" requested 10.77.0.200
check_answer "$a" nak request mac "$(mac 8)" requested 10.77.0.30
ctl reservation add lab mac "$(mac 9)" ip 10.77.0.31
check_answer "$a" nak request mac "$(mac 8)" requested 10.77.0.31
# All that there are, and one more.
out=$("$VMNET_BIN/dhcpc" "$a:eth0" many 20 xid 0x77770000 wait 500)
check_eq "$(grep -cE 'address=10\.77\.0\.(30|31|200|201|202|250|10)$' <<<"$out")" 0 "reserved ones among theirs"
check_eq "$(bind "$a" "$(mac 9)")" 10.77.0.31 "the one that it is reserved for, when all is full"
ctl dhcp set lab range 10.77.0.20-10.77.0.99
log_test

test_begin "E23: they are leases as others, in the order of their addresses"
check_eq "$("$VMNETCTL" -j lease show lab | jq -r '.[].address' >"$tmp/leases"
	sort -t. -n -k4,4 "$tmp/leases" | cmp - "$tmp/leases" 2>&1)" "" "order"
for address in 10 30 31 200 250; do
	grep -qx "10.77.0.$address" "$tmp/leases" || fail_test "10.77.0.$address is missing"
done
log_test

test_begin "E23: released, declined, expired: it is still the client's"
check_silent "$a" release mac "$(mac 1)" ciaddr 10.77.0.30 server 10.77.0.1
check_eq "$(lease_value lab 10.77.0.30 state)" released "state"
check_eq "$(bind "$a" "$(mac 1)")" 10.77.0.30 "address"
ctl lease del lab 10.77.0.30
check_answer "$a" nak request mac "$(mac 1)" ciaddr 10.77.0.30
check_eq "$(bind "$a" "$(mac 1)")" 10.77.0.30 "address after lease del"
check_silent "$a" decline mac "$(mac 9)" requested 10.77.0.31 server 10.77.0.1
check_eq "$(lease_value lab 10.77.0.31 state)" declined "state"
ask "$a" discover mac "$(mac 9)"
check_field type offer
check_eq "$([ "${R[yiaddr]}" != 10.77.0.31 ]; echo $?)" 0 "the one that it has declined"
ctl lease del lab 10.77.0.31
check_eq "$(bind "$a" "$(mac 9)")" 10.77.0.31 "address after lease del"
log_test

test_begin "E23: the machine behind another port waits while the first one has it"
check_match "$(bind "$b" "$(mac 1)")" '^10\.77\.0\.[2-9][0-9]$' "address of the second"
check_eq "$(lease_value lab 10.77.0.30 port)" pa "port of the first"
ctl port detach pa
check_eq "$(bind "$b" "$(mac 1)")" 10.77.0.30 "address when the first is unplugged"
check_eq "$(lease_value lab 10.77.0.30 port)" pb "port"
ctl port attach pa network lab
busywait 5 carrier "$a" eth0 1
log_test

test_begin "the host name is said to who asks for it"
ctl reservation add lab mac "$(mac 10)" ip 10.77.0.210 hostname web-1
ask "$a" get mac "$(mac 10)" prl 1,3,12
check_field yiaddr 10.77.0.210 opts 53,54,51,58,59,1,3,12 opt.12 7765622d31
ask "$a" get mac "$(mac 10)" prl 1,3
check_field opt.12 absent
ask "$a" get mac "$(mac 11)" prl 1,3,12
check_field opt.12 absent
check_eq "$("$VMNETCTL" -j reservation show lab | jq -r '.[] | select(.address == "10.77.0.210") | .hostname')" web-1 "hostname"
log_test

# --- E17: BOOTP -------------------------------------------------------------------------------

test_begin "E17: BOOTP is answered for a reservation, without options of DHCP"
ask "$a" bootp mac "$(mac 10)" opt 55:0103
check_field type none yiaddr 10.77.0.210 opt.53 absent opt.51 absent opt.54 absent \
	opt.58 absent opt.1 ffffff00 opt.3 0a4d00fe len 300
check_silent "$c" bootp mac "$(mac 12)"
check_silent "$a" bootp mac "$(mac 12)"
log_test

test_begin "E17: what a neighbour of the port has is not given to BOOTP either"
check_silent "$c" release mac "$(mac 5)" ciaddr 10.77.0.250 server 10.77.0.1
ask "$c" bootp mac "$(mac 12)"
check_field type none yiaddr 10.77.0.250
log_test

# --- what there was before ----------------------------------------------------------------------

test_begin "a reservation of what its client has already changes nothing for it"
got=$(bind "$a" "$(mac 13)")
ctl reservation add lab mac "$(mac 13)" ip "$got"
check_err $? "reservation add"
check_eq "$(lease_value lab "$got" state)" bound "state"
check_answer "$a" ack request mac "$(mac 13)" ciaddr "$got"
log_test

test_begin "a client that has another address is refused when it renews, and moves"
got=$(bind "$a" "$(mac 14)")
ctl reservation add lab mac "$(mac 14)" ip 10.77.0.214
check_answer "$a" nak request mac "$(mac 14)" ciaddr "$got"
check_eq "$(bind "$a" "$(mac 14)")" 10.77.0.214 "address"
check_eq "$(lease_value lab "$got" state)" "" "state of the old one"
log_test

test_begin "what another client has is not reserved, unless by force: it is refused then"
got=$(bind "$a" "$(mac 15)")
not_done add "${got//./\\.} is leased to 02:00:00:00:00:0f now; use force" mac "$(mac 16)" ip "$got"
ctl -f reservation add lab mac "$(mac 16)" ip "$got"
check_err $? "by force"
busywait 5 told ".noun == \"lease\" and .event == \"deleted\" and .lease.address == \"$got\""
check_err $? "no event"
check_answer "$a" nak request mac "$(mac 15)" ciaddr "$got"
check_eq "$(bind "$a" "$(mac 16)")" "$got" "address"
log_test

# --- deleted --------------------------------------------------------------------------------------

test_begin "deleted: within the range the lease goes on, then anybody may have it"
ctl reservation del lab ip "$got"
check_err $? "reservation del"
check_answer "$a" ack request mac "$(mac 16)" ciaddr "$got"
check_silent "$a" release mac "$(mac 16)" ciaddr "$got" server 10.77.0.1
check_answer "$a" ack request mac "$(mac 17)" requested "$got"
log_test

test_begin "deleted: outside of it, only by force, and its client is refused"
not_done del '10\.77\.0\.214 is in use and would be nobody.s; use force' mac "$(mac 14)"
ctl -f reservation del lab mac "$(mac 14)"
check_err $? "by force"
check_answer "$a" nak request mac "$(mac 14)" ciaddr 10.77.0.214
busywait 5 told '.noun == "reservation" and .event == "del" and .reservation.address == "10.77.0.214"'
check_err $? "no event"
log_test

test_begin "deleted: by client id; what is not there, is not"
ctl -f reservation del lab client-id 0707
check_err $? "by client id"
refused 3 'Nothing of that is reserved' ctl reservation del lab client-id 0707
refused 3 'Nothing of that is reserved' ctl reservation del lab ip 10.77.0.99
refused 3 'Nothing of that is reserved' ctl reservation del lab port nobody
ctl --if-exists reservation del lab port nobody
check_err $? "--if-exists"
log_test

# --- ports come and go -------------------------------------------------------------------------------

test_begin "a port's reservation waits for it, and for the next one of that name"
ctl reservation add lab port pe ip 10.77.0.240
check_err $? "before there is one"
setup_ns e
silence "$e"
ctl port add pe network lab netns "$e" ifname eth0
busywait 5 carrier "$e" eth0 1
check_eq "$(bind "$e" "$(mac 18)")" 10.77.0.240 "address"
ctl port del pe
check_eq "$(lease_value lab 10.77.0.240 state)" "" "state after its end"
check_eq "$("$VMNETCTL" -j reservation show lab | jq -r '.[] | select(.address == "10.77.0.240") | .port')" pe "reservation"
ctl port add pf network lab netns "$e" ifname eth0
busywait 5 carrier "$e" eth0 1
check_match "$(bind "$e" "$(mac 19)")" '^10\.77\.0\.[2-9][0-9]$' "address by another port"
ctl port set pf name pe
check_eq "$(bind "$e" "$(mac 19)")" 10.77.0.240 "address, when it has the name"
ctl port set pe name pf
check_answer "$e" nak request mac "$(mac 20)" requested 10.77.0.240
ctl port del pf
ctl reservation del lab port pe
check_err $? "reservation del"
log_test

# --- refusals ----------------------------------------------------------------------------------------

test_begin "addresses that no client can have"
not_done add '10\.78\.0\.1 is not in 10\.77\.0\.0/24' mac "$(mac 30)" ip 10.78.0.1
for address in 0 1 255; do
	not_done add "10\.77\.0\.$address is the server's address or that of the subnet or of all of it" \
		mac "$(mac 30)" ip 10.77.0.$address
done
log_test

test_begin "one address for two, one client with two"
not_done add '10\.77\.0\.30 is reserved already' mac "$(mac 30)" ip 10.77.0.30
not_done add '10\.77\.0\.30 is reserved for this client already' mac "$(mac 1)" ip 10.77.0.231
not_done add '10\.77\.0\.250 is reserved for this client already' port pc ip 10.77.0.231
ctl --may-exist reservation add lab mac "$(mac 1)" ip 10.77.0.30
check_err $? "--may-exist, the same"
refused 2 'is reserved already' ctl --may-exist reservation add lab mac "$(mac 30)" ip 10.77.0.30
log_test

test_begin "clients that are none"
not_done add 'must be a unicast address and not zero' mac 01:00:5e:00:00:01 ip 10.77.0.231
not_done add 'must be a unicast address and not zero' mac 00:00:00:00:00:00 ip 10.77.0.231
not_done add 'made of letters, digits' port 'a b' ip 10.77.0.231
not_done add 'A host name is letters, digits and hyphens between them' mac "$(mac 30)" ip 10.77.0.231 hostname 'a b'
not_done add 'A host name is letters' mac "$(mac 30)" ip 10.77.0.231 hostname -a
not_done add 'A host name is letters' mac "$(mac 30)" ip 10.77.0.231 hostname a.b
refused 1 'A client is named by one of' "$VMNETCTL" reservation add lab ip 10.77.0.231
refused 1 'A client is named by one of' "$VMNETCTL" reservation add lab mac "$(mac 30)" port pa ip 10.77.0.231
refused 1 'A reservation is named by one of' "$VMNETCTL" reservation del lab ip 10.77.0.1 port pa
log_test

test_begin "networks and scopes that are not there"
refused 3 'There is no network nowhere' ctl reservation add nowhere mac "$(mac 30)" ip 10.77.0.231
refused 3 'There is no network nowhere' ctl reservation show nowhere
refused 3 'The network lab has no such scope' ctl reservation add lab vlan 9 mac "$(mac 30)" ip 10.77.0.231
log_test

# What vmnetctl would not send.
before=$("$VMNETCTL" -j reservation show lab)
while read -r word rest; do
	case $word in
	said)
		saw "$rest"
		continue ;;
	fail) fail_test "$rest" ;;
	esac
	log_test "by netlink: ${rest%%:*}"
done < <("$VMNET_BIN/dhcpnl" lab reservation)

test_begin "by netlink: nothing has changed"
check_eq "$("$VMNETCTL" -j reservation show lab)" "$before" "reservations"
log_test

test_begin "settings that a reservation does not go with are refused"
settings=$("$VMNETCTL" -j dhcp show lab)
refused 2 '10\.77\.0\.10 is reserved and would not be a client.s any more; use force' \
	ctl dhcp set lab server 10.77.0.10
refused 2 'is reserved and would not be a client.s any more; use force' \
	ctl dhcp set lab subnet 10.79.0.0/24 range 10.79.0.20-10.79.0.99 router none
check_eq "$("$VMNETCTL" -j dhcp show lab)" "$settings" "settings"
log_test

test_begin "another range keeps them, inside and outside"
before=$(reserved lab)
ctl -f dhcp set lab range 10.77.0.100-10.77.0.230
check_eq "$(reserved lab)" "$before" "reservations"
check_eq "$(lease_value lab 10.77.0.30 state)" bound "state of one that is outside now"
check_answer "$b" ack request mac "$(mac 1)" ciaddr 10.77.0.30
check_answer "$a" ack request mac "$(mac 10)" ciaddr 10.77.0.210
check_answer "$a" nak request mac "$(mac 40)" requested 10.77.0.201
ctl dhcp set lab key client-id
ctl dhcp set lab key hwaddr
check_answer "$b" ack request mac "$(mac 1)" ciaddr 10.77.0.30
log_test

test_begin "by force those that do not fit are gone"
ctl -f dhcp set lab subnet 10.77.0.128/25 server 10.77.0.129 range 10.77.0.140-10.77.0.199
check_err $? "by force"
check_eq "$(reserved lab)" "10.77.0.200 10.77.0.201 10.77.0.210 10.77.0.250" "reservations"
check_answer "$b" nak request mac "$(mac 1)" ciaddr 10.77.0.30
ctl -f dhcp set lab none
check_eq "$(reserved lab)" "" "reservations after none"
check_eq "$(port_value pa leases)" 0 "leases of pa"
log_test

# --- a real client ----------------------------------------------------------------------------------

test_begin "dhclient gets what is reserved for its card, and the host name"
ctl dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.99
B=$(mac_of "$b" eth0)
ctl reservation add lab mac "$B" ip 10.77.0.222 hostname dhclient-1
ip netns exec "$b" dhclient -1 -4 -lf "$tmp/dhclient.leases" -pf "$tmp/dhclient.pid" eth0 >"$tmp/out" 2>&1
check_err $? "dhclient: $(tail -n 3 "$tmp/out")"
check_match "$(ip -n "$b" -4 -o addr show dev eth0)" 'inet 10\.77\.0\.222/24' "its address"
check_match "$(cat "$tmp/dhclient.leases")" 'option host-name "dhclient-1"' "what it was told"
ip netns exec "$b" dhclient -r -lf "$tmp/dhclient.leases" -pf "$tmp/dhclient.pid" eth0 >/dev/null 2>&1
check_eq "$(lease_value lab 10.77.0.222 state)" released "state after -r"
ctl reservation del lab ip 10.77.0.222
log_test

# --- many ------------------------------------------------------------------------------------------------

test_begin "a network has 16,384 reservations, and no more"
ctl network add big dhcp 10.64.0.0/16
"$VMNET_BIN/dhcpnl" big fill 16384
check_err $? "not all were taken"
refused 2 'A network has at most 16384 reservations' ctl reservation add big mac "$(mac 1)" ip 10.64.250.1
check_eq "$("$VMNETCTL" -j reservation show big | jq -r '[.[].address] | unique | length')" 16384 "shown"
ctl port move pa network big
busywait 5 carrier "$a" eth0 1
ask "$a" get mac 02:01:00:00:3f:ff
check_field yiaddr 10.64.64.15
log_test

test_begin "they are gone with it"
ctl network del big
check_err $? "network del"
check_eq "$("$VMNETCTL" -j reservation show)" "[]" "reservations"
check_eq "$(port_value pa leases)" 0 "leases of pa"
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
