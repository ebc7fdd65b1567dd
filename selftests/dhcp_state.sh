#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a DHCP server knows, and what is left when it is lost: the log of its
# decisions, saved and restored leases, probes, a table rebuilt from renewals.
#
#	lab, 10.77.0.0/24               old, 10.64.0.0/20
#	 ├── pa   a:eth0                 └── vc   c:eth0  (veth, borrowed)
#	 └── pb   b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
tmp=$(mktemp -d)
defer rm -rf "$tmp"
a='' b='' c=''
make_lab a b || exit 1
setup_ns c
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h
	port set pa dhcp-limit none dhcp-rate none
END

# --- the log ---------------------------------------------------------------------------

# said MAC: what the log says of its last message.
said()
{
	"$VMNETCTL" -j dhcp log lab mac "$1" | jq -r '.[-1].text'
}

# check_said MAC SENTENCE
check_said()
{
	check_eq "$(said "$1")" "$2" "the log"
}

test_begin "log: an offer, a lease, its renewal"
got=$(bind "$a" "$(mac 10)")
check_eq "$("$VMNETCTL" -j dhcp log lab mac "$(mac 10)" | jq -r '.[] | .text')" \
	"OFFER: offered $got"$'\n'"ACK: has $got now" "the log"
check_answer "$a" ack request mac "$(mac 10)" ciaddr "$got"
check_said "$(mac 10)" "ACK: renewed $got"
log_test

test_begin "log: why an address is refused"
check_answer "$a" nak request mac "$(mac 11)" requested 192.168.1.5
check_said "$(mac 11)" "NAK: asked for 192.168.1.5, not in 10.77.0.0/24"
check_answer "$a" nak request mac "$(mac 11)" requested 10.77.0.250
check_said "$(mac 11)" "NAK: asked for 10.77.0.250, which is not one that clients may get"
check_answer "$a" nak request mac "$(mac 11)" requested "$got"
check_said "$(mac 11)" "NAK: asked for $got, which another client has"
check_answer "$a" nak request mac "$(mac 10)" requested 10.77.0.200
check_said "$(mac 10)" "NAK: asked for 10.77.0.200, but has $got"
ask "$b" arp 10.77.0.254 src 10.77.0.201 wait 1
check_answer "$a" nak request mac "$(mac 11)" requested 10.77.0.201
check_said "$(mac 11)" "NAK: asked for 10.77.0.201, which somebody else was seen to use"
ctl lease del lab "$got"
check_answer "$a" nak request mac "$(mac 10)" ciaddr "$got"
check_said "$(mac 10)" "NAK: asked for $got, which was deleted by hand"
log_test

test_begin "log: why there is no answer"
check_silent "$a" request mac "$(mac 12)" requested 10.77.0.30 server 10.9.9.9
check_said "$(mac 12)" "no answer: it speaks to another server"
check_silent "$a" request mac "$(mac 12)"
check_said "$(mac 12)" "no answer: it asks for no address"
check_silent "$a" release mac "$(mac 12)" ciaddr 10.77.0.30
check_said "$(mac 12)" "no answer: it gives up 10.77.0.30, which is not its own"
check_silent "$a" inform mac "$(mac 12)" ciaddr 10.9.9.9
check_said "$(mac 12)" "no answer: its own address is not in the subnet"
check_silent "$a" bootp mac "$(mac 12)"
check_said "$(mac 12)" "no answer: nothing is reserved for it, and it cannot give an address back"
check_silent "$a" discover mac "$(mac 12)" giaddr 10.99.0.1
check_said "$(mac 12)" "no answer: it came by a relay, or is for a link, of another subnet"
log_test

test_begin "log: what is reserved"
ctl reservation add lab mac "$(mac 15)" ip 10.77.0.205
check_answer "$a" offer discover mac "$(mac 15)"
check_said "$(mac 15)" "OFFER: offered 10.77.0.205, which is reserved for it"
check_answer "$a" nak request mac "$(mac 15)" requested 10.77.0.206
check_said "$(mac 15)" "NAK: asked for 10.77.0.206, but 10.77.0.205 is reserved for it"
check_answer "$a" nak request mac "$(mac 16)" requested 10.77.0.205
check_said "$(mac 16)" "NAK: asked for 10.77.0.205, which is reserved for another client"
ask "$a" bootp mac "$(mac 15)"
check_field yiaddr 10.77.0.205
check_said "$(mac 15)" "BOOTP: told 10.77.0.205, which is reserved for it"
ctl reservation del lab ip 10.77.0.205
log_test

test_begin "log: rapid commit"
ctl dhcp set lab rapid-commit on
check_answer "$a" ack discover mac "$(mac 17)" opt 80:
check_said "$(mac 17)" "ACK: has ${R[yiaddr]} now, by rapid commit"
ctl dhcp set lab rapid-commit off
log_test

test_begin "log: each scope has its own, and they are told as one, the oldest first"
ctl dhcp set lab pool red subnet 10.78.0.0/24
ctl port set pb pool red
got=$(bind "$b" "$(mac 18)")
check_match "$got" '^10\.78\.0\.' "the address"
check_eq "$("$VMNETCTL" -j dhcp log lab mac "$(mac 18)" | jq -c '[.[] | [.pool, .decision]]')" \
	'[["red","offered"],["red","bound"]]' "pool and decision"
check_answer "$a" nak request mac "$(mac 18)" requested 192.168.1.5
check_eq "$("$VMNETCTL" -j dhcp log lab mac "$(mac 18)" | jq -r '[.[].decision] | join(" ")')" \
	"offered bound not-in-subnet" "of two scopes"
ctl port set pb pool none
ctl -f dhcp set lab pool red none
log_test

test_begin "log: told, given back, declined"
check_answer "$a" ack inform mac "$(mac 13)" ciaddr 10.77.0.240
check_said "$(mac 13)" "ACK: told the settings; has 10.77.0.240 of its own"
got=$(bind "$a" "$(mac 13)")
check_silent "$a" release mac "$(mac 13)" ciaddr "$got"
check_said "$(mac 13)" "no answer: gave $got back"
got=$(bind "$a" "$(mac 14)")
check_silent "$a" decline mac "$(mac 14)" requested "$got"
check_said "$(mac 14)" "no answer: found $got in use by somebody else"
log_test

test_begin "log: a flood takes one place, the last 1,024 messages are kept"
ctl port set pb dhcp-rate 1
"$VMNET_BIN/dhcpc" "$b:eth0" flood 200 xid 0x66660000
began=${EPOCHREALTIME/[.,]/}
"$VMNETCTL" -j dhcp log lab >"$tmp/log"
took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000 + 1))
check_eq "$(jq '[.[] | select(.decision == "too-often")] | length' "$tmp/log")" 1 "places"
check_eq "$(jq '[.[] | select(.decision == "too-often")][0].times > 150' "$tmp/log")" true "times"
# Each is told as of the moment in which it is told.
check_eq "$(jq --argjson took $took '[.[].ago] | [.[:-1], .[1:]] | transpose |
	all(.[1] - .[0] <= $took)' "$tmp/log")" true "oldest first"
ctl port set pb dhcp-rate none dhcp-limit none
for i in {1..10}; do
	"$VMNET_BIN/dhcpc" "$a:eth0" flood 150 xid 0x66660000 opt 50:c0a80105
done
"$VMNETCTL" -j dhcp log lab >"$tmp/log"
check_eq "$(jq 'length <= 1024' "$tmp/log")" true "entries"
check_match "$("$VMNETCTL" dhcp log lab | head -n 1)" '^AGO +VLAN +POOL +PORT +MAC +MESSAGE +DECISION' "heading"
refused 3 'There is no network nowhere' ctl dhcp log nowhere
log_test

# --- save and restore --------------------------------------------------------------------

ctl -f dhcp set lab none
ctl dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h

# without_time: leases as they are shown, but for what passes.
without_time()
{
	"$VMNETCTL" -j lease show lab | jq -c '[.[] | select(.state != "offered") | del(.expires)]'
}

long=$(printf 'ff%.0s' {1..255})
test_begin "save and restore: hostile client ids and names come back as they were"
bind "$a" "$(mac 20)" id "$long" >/dev/null
bind "$a" "$(mac 21)" id 225c2722 hostname $'"\\\e[31m\nx' >/dev/null
bind "$a" "$(mac 22)" id 00 hostname "$(printf 'h%.0s' {1..63})" >/dev/null
bind "$b" "$(mac 23)" id c3281b5b324a opt 12:ff00fe >/dev/null
bind "$b" "$(mac 24)" lease 0xffffffff >/dev/null
got=$(bind "$a" "$(mac 25)")
check_silent "$a" release mac "$(mac 25)" ciaddr "$got"
before=$(without_time)
check_eq "$(jq length <<<"$before")" 6 "leases"
ctl dhcp save lab "$tmp/leases"
check_err $? "save"
check_eq "$(jq '.leases | length' "$tmp/leases")" 6 "leases in the file"
check_eq "$(ctl dhcp save lab | jq -c '.leases | map(del(.expires))')" \
	"$(jq -c '.leases | map(del(.expires))' "$tmp/leases")" "to the output"
ctl -f dhcp set lab none
ctl dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h
check_eq "$(without_time)" '[]' "leases of a new server"
check_eq "$(ctl dhcp restore lab "$tmp/leases")" "6 leases entered, 0 refused" "restore"
check_eq "$(without_time)" "$before" "leases"
log_test

test_begin "and their clients have them"
check_answer "$b" ack request mac "$(mac 23)" ciaddr "$(jq -r '.[] | select(.mac == "'"$(mac 23)"'").address' <<<"$before")"
check_said "$(mac 23)" "ACK: renewed ${R[yiaddr]}"
ask "$a" get mac "$(mac 25)"
check_field type ack yiaddr "$got"
log_test

test_begin "restore: what is there already is refused, each with its reason; status 4"
out=$(ctl -j dhcp restore lab "$tmp/leases")
check_status $? 4 "restore"
reason=$(jq -r '.refused[].error' <<<"$out")
saw "$reason"
check_match "$reason" 'The client has this lease already' "reason"
log_test

# restore_one FILTER: of the file, the first lease as this jq filter makes it; it
# may make several.
restore_one()
{
	jq ".leases |= [.[0] | .mac = \"02:00:00:00:01:01\" | .address = \"10.77.0.30\" |
		del(.\"client-id\") | $1]" "$tmp/leases" >"$tmp/one"
	"$VMNETCTL" -j dhcp restore lab "$tmp/one" >"$tmp/out" 2>"$tmp/err"
	RC=$?
	saw "$(jq -r '.refused[]?.error' "$tmp/out")"
}

# restore_refused [PATTERN FILTER]...: each of these leases, in one file.
restore_refused()
{
	local before patterns=() filters=() error i=0

	while [ $# != 0 ]; do
		patterns+=("$1")
		filters+=("$2")
		shift 2
	done
	before=$(without_time)
	restore_one "$(printf '(%s),' "${filters[@]}" | sed 's/,$//')"
	check_status "$RC" 4 "restore"
	while IFS= read -r error; do
		check_match "$error" "${patterns[$i]}" "reason of ${filters[$i]}"
		i=$((i + 1))
	done < <(jq -r '.refused[].error' "$tmp/out")
	check_eq "$i" "${#filters[@]}" "leases refused"
	check_eq "$(without_time)" "$before" "leases"
}

test_begin "restore: what no client could have got is refused"
refusals=(
	'is none of the addresses that clients of lab may get' '.address = "10.77.0.250"'
	'is none of the addresses' '.address = "192.168.1.1"'
	'There is no port pz' '.port = "pz"'
	'No client can have this hardware address' '.mac = "01:00:00:00:00:01"'
	'No client can have this hardware address' '.mac = "00:00:00:00:00:00"'
	'Only what is bound, released or expired can be entered' '.state = "declined"'
	'No lease is as long as this' '.expires = 9999999999'
	'is in use by another client' ".address = \"$(jq -r '.leases[0].address' "$tmp/leases")\""
	'The client has 10.77.0.[0-9]* already' '.mac = "'"$(mac 20)"'" | .port = "pa"'
)
for bad in '.address = 5' 'del(.address)' '.mac = "02:00"' 'del(.mac)' 'del(.port)' '.state = "x"' \
	'."client-id" = "zz"' '."client-id" = "0a:"' '.expires = -1' '.expires = "x"' \
	'."hostname-hex" = ("00:" * 63 + "00")' '.vlan = "x"' '.vlan = -1' '.pool = 5'; do
	refusals+=('is missing or wrong in the file' "$bad")
done
restore_refused "${refusals[@]}"
ctl port set pa dhcp-limit 1
restore_refused 'The port has 1 leases, as many as it may have' '.port = "pa"'
ctl port set pa dhcp-limit none
refused 1 'is not a file of leases' ctl dhcp restore lab /dev/null
echo '{"leases": []}' >"$tmp/one"
refused 1 'is not a file of leases' ctl dhcp restore lab "$tmp/one"
refused 3 'There is no network nowhere' ctl dhcp restore nowhere "$tmp/leases"
ctl network add bare
check_match "$(ctl -j dhcp restore bare "$tmp/leases" | jq -r '.refused[0].error' | tee -a "$VMNET_SEEN")" \
	'The network bare has no DHCP server' "without a server"
ctl network del bare
log_test

test_begin "restore: a lease ages in the file"
restore_one '.expires = 3000'
check_status "$RC" 0 "restore"
check_eq "$("$VMNETCTL" -j lease show lab | jq '.[] | select(.address == "10.77.0.30").expires <= 3000')" true "expires"
ctl lease del lab 10.77.0.30
jq ".saved -= 7200 | .leases |= [.[0] | .mac = \"02:00:00:00:01:02\" | .address = \"10.77.0.31\" |
	del(.\"client-id\")]" "$tmp/leases" >"$tmp/one"
ctl dhcp restore lab "$tmp/one" >/dev/null
check_eq "$(lease_value lab 10.77.0.31 state)" expired "state of one that is two hours old"
log_test

test_begin "save and restore: reservations, and the scope of a pool"
ctl -b - <<-END
	dhcp set lab pool red subnet 10.78.0.0/24
	port set pb pool red
	reservation add lab mac $(mac 31) ip 10.77.0.230 hostname r31
	reservation add lab pool red client-id 00ff ip 10.78.0.99
END
red=$(bind "$b" "$(mac 30)")
check_eq "$(bind "$a" "$(mac 31)")" 10.77.0.230 "what is reserved"
before=$(without_time)
ctl dhcp save lab "$tmp/both"
check_eq "$(jq -r ".leases[] | select(.address == \"$red\").pool" "$tmp/both")" red "pool of a lease"
check_eq "$(jq -c '.reservations | map([.pool, .address])' "$tmp/both")" \
	'[[null,"10.77.0.230"],["red","10.78.0.99"]]' "reservations"
reserved=$("$VMNETCTL" -j reservation show lab)
ctl -f -b - <<-END
	dhcp set lab none
	dhcp set lab pool red none
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h
	dhcp set lab pool red subnet 10.78.0.0/24
END
check_eq "$("$VMNETCTL" -j reservation show lab)" '[]' "reservations of new servers"
check_eq "$(ctl dhcp restore lab "$tmp/both")" \
	"2 reservations made, $(jq '.leases | length' "$tmp/both") leases entered, 0 refused" "restore"
check_eq "$(without_time)" "$before" "leases"
check_eq "$("$VMNETCTL" -j reservation show lab)" "$reserved" "reservations"
check_eq "$(ctl -j dhcp restore lab "$tmp/both" |
	jq -c '[.reservations, (.refused | map(select(.error | test("reserved"))) | length)]')" \
	"[0,0]" "once more: what is reserved already is passed over"
log_test

test_begin "restore: what is reserved is its client's, and its client's only address"
restore_refused '10.77.0.230 is reserved for another client' '.address = "10.77.0.230"' \
	'For this client another address is reserved: 10.77.0.230' ".mac = \"$(mac 31)\"" \
	'The network lab has no DHCP server for such leases' '.vlan = 9' \
	'The network lab has no DHCP server for such leases' '.pool = "blue"'
ctl -f -b - <<-END
	port set pb pool none
	dhcp set lab pool red none
	reservation del lab ip 10.77.0.230
END
log_test

# --- probes --------------------------------------------------------------------------------

"$VMNETCTL" -j monitor lease >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"

test_begin "E15: probe on: an address that nobody has is offered after a while"
ctl dhcp set lab probe on
check_eq "$(dhcp_value lab probe)" on "probe"
start=$(date +%s%N)
check_answer "$a" offer discover mac "$(mac 40)"
check_eq "$((($(date +%s%N) - start) / 1000000 >= 350))" 1 "waited"
check_eq "$("$VMNETCTL" -j dhcp log lab mac "$(mac 40)" | jq -r '[.[].decision] | join(" ")')" \
	"probing offered" "decisions"
log_test

test_begin "E15: what the client had before is offered at once"
got=$(bind "$a" "$(mac 41)")
check_silent "$a" release mac "$(mac 41)" ciaddr "$got"
check_answer "$a" offer discover mac "$(mac 41)"
check_eq "$("$VMNETCTL" -j dhcp log lab mac "$(mac 41)" | jq -r '.[-1].decision')" offered "decision"
log_test

test_begin "E15: one that answers keeps its address, another one is offered, and it is told"
# b is a machine with an address of its own, and has not spoken.
ip -n "$b" addr add 10.77.0.150/24 dev eth0
ask "$a" discover mac "$(mac 42)" requested 10.77.0.150
check_field type offer
check_eq "$([ "${R[yiaddr]}" != 10.77.0.150 ]; echo $?)" 0 "the one in use"
# conflicts ADDRESS [COUNT]: so many were told of it.
conflicts()
{
	[ "$(jq -s "map(select(.event == \"conflict\" and .lease.address == \"$1\")) | length" \
		"$tmp/events")" = "${2-1}" ]
}
busywait 5 conflicts 10.77.0.150
check_err $? "no event"
check_eq "$(jq -r 'select(.event == "conflict").lease.port' "$tmp/events" | head -n 1)" pb "its port"
check_eq "$(lease_value lab 10.77.0.150 state)" declined "state"
log_test

test_begin "E15: and may ask for it by DHCP later"
check_answer "$b" ack request mac "$(mac_of "$b" eth0)" requested 10.77.0.150
check_eq "$(lease_value lab 10.77.0.150 state)" bound "state"
ip -n "$b" addr flush dev eth0
log_test

test_begin "E15: one that answers late keeps it too: the offer is withdrawn"
check_answer "$a" offer discover mac "$(mac 46)" requested 10.77.0.170
check_eq "${R[yiaddr]}" 10.77.0.170 "offered"
ask "$b" arp 10.77.0.254 src 10.77.0.170 wait 1
busywait 5 conflicts 10.77.0.170
check_err $? "no event"
check_eq "$(lease_value lab 10.77.0.170 state)" declined "state"
check_answer "$a" nak request mac "$(mac 46)" requested 10.77.0.170 server 10.77.0.1
check_said "$(mac 46)" "NAK: asked for 10.77.0.170, which somebody else was seen to use"
ask "$a" get mac "$(mac 46)"
check_field type ack
check_eq "$([ "${R[yiaddr]}" != 10.77.0.170 ]; echo $?)" 0 "the one in use"
log_test

test_begin "E15: one that answers when it is too late is told of, once"
got=$(bind "$a" "$(mac 47)")
ask "$b" arp 10.77.0.254 src "$got" wait 1
busywait 5 conflicts "$got"
check_err $? "no event"
check_eq "$(jq -r "select(.event == \"conflict\" and .lease.address == \"$got\").lease |
	\"\(.port) \(.mac) \(.state)\"" "$tmp/events")" "pb $(mac_of "$b" eth0) bound" "event"
check_eq "$(lease_value lab "$got" mac)" "$(mac 47)" "holder"
ask "$b" arp 10.77.0.254 src "$got" mac "$(mac 48)" wait 1
check_answer "$a" offer discover mac "$(mac 49)" requested 10.77.0.171
ask "$b" arp 10.77.0.254 src 10.77.0.171 wait 1
busywait 5 conflicts 10.77.0.171
check_err $? "no event after it"
conflicts "$got"
check_err $? "one event"
log_test

test_begin "E15: a client that says to have what is being probed gets it"
check_answer "$b" ack request mac "$(mac 44)" ciaddr 10.77.0.160 after "$(mac 43)"
check_eq "$(lease_value lab 10.77.0.160 mac)" "$(mac 44)" "holder"
log_test

test_begin "E15: a port, a server that go away while something waits leave nothing"
ctl port add px network lab
ip link set px up 2>/dev/null
busywait 5 carrier '' px 1 2>/dev/null
"$VMNET_BIN/dhcpc" px flood 10 xid 0x23450000
ctl port del px
"$VMNET_BIN/dhcpc" "$a:eth0" flood 10 xid 0x34560000
ctl -f dhcp set lab none
ctl dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 probe off
check_answer "$a" offer discover mac "$(mac 45)"
check_balance lab
log_test
kill "$monitor"

# --- a lost table ----------------------------------------------------------------------------

# Old and new ones; fewer where a debug kernel is slow.
count=1000
[ "$VMNET_SLOW" = 1 ] || count=150

start_old()
{
	ctl -b - <<-END
		network add old dhcp 10.64.0.0/20
		port attach vc network old
		port set vc dhcp-limit none dhcp-rate none
	END
}

ip link add vc type veth peer name eth0 netns "$c"
ip link set vc up
ip -n "$c" link set eth0 up
start_old
mkfifo "$tmp/go"
"$VMNET_BIN/dhcpc" "$c:eth0" crash "$count" xid 0x77000000 wait $((200000 * VMNET_SLOW)) \
	<"$tmp/go" >"$tmp/crash" 2>&1 &
crash=$!
exec 9>"$tmp/go"
has_line()
{
	grep -q "^$1=" "$tmp/crash"
}

test_begin "a lost table: $count clients behind a borrowed netdev have an address"
busywait 200 has_line had
check_eq "$(cat "$tmp/crash")" "had=$count" "clients"
check_eq "$(dhcp_count old leases)" "$count" "leases"
log_test

test_begin "a lost table: they renew while $count new ones ask: no NAK, no address twice"
ctl reset
unload_vmnet
check_err $? "the module is not unloaded"
load_vmnet
start_old
check_eq "$(dhcp_count old leases)" 0 "leases of the new server"
check_eq "$(dhcp_value old recovering)" true "recovering"
echo go >&9
busywait 200 has_line served
check_match "$(grep -v had "$tmp/crash" | tr '\n' ' ')" \
	"^served=$((2 * count)) naks=0 twice=0 withdrawn=[0-9]+ \$" "outcome"
check_eq "$(dhcp_count old leases)" "$((2 * count))" "leases"
log_test
exec 9>&-
wait "$crash"

test_begin "a lost table: what is only offered, the one gets who has it and renews it"
check_eq "$(dhcp_value old recovering)" true "recovering"
SERVER=10.64.0.1
check_answer "$c" offer discover mac "$(mac 3001)"
got=${R[yiaddr]}
check_answer "$c" nak request mac "$(mac 3002)" requested "$got" server 10.64.0.1
check_answer "$c" ack request mac "$(mac 3002)" ciaddr "$got"
check_answer "$c" nak request mac "$(mac 3001)" requested "$got" server 10.64.0.1
check_eq "$(lease_value old "$got" mac)" "$(mac 3002)" "holder"
check_answer "$c" nak request mac "$(mac 3003)" ciaddr "$got"
log_test

test_begin "and a network with nics only does not probe by itself"
ctl network add fresh dhcp 10.55.0.0/24
check_eq "$(dhcp_value fresh recovering)" false "recovering"
ctl network del fresh
log_test

# --- overflow --------------------------------------------------------------------------------

test_begin "a monitor that does not keep up says so, and shows how things stand"
"$VMNETCTL" -j monitor lease buffer 4096 >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill -9 "$monitor"
hears()
{
	ctl lease del old "$(lease_address)"
	[ -s "$tmp/events" ]
}
lease_address()
{
	"$VMNETCTL" -j lease show old | jq -r '[.[] | select(.state == "bound")][0].address'
}
busywait 10 hears
check_err $? "it hears nothing"
kill -STOP "$monitor"
for address in $("$VMNETCTL" -j lease show old | jq -r '[.[] | select(.state == "bound")][:60][].address'); do
	echo "lease del old $address"
done >"$tmp/batch"
ctl -b "$tmp/batch"
kill -CONT "$monitor"
lost()
{
	jq -se 'any(.[]; .noun == "monitor" and .event == "lost")' "$tmp/events" >/dev/null
}
busywait 20 lost
check_err $? "not told"
left=$("$VMNETCTL" -j lease show old | jq length)
all_told()
{
	[ "$(jq -s 'map(select(.event == "state")) | length' "$tmp/events")" = "$left" ]
}
busywait 20 all_told
check_err $? "the state is not $left leases"
log_test

test_end
