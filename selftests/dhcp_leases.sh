#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The DHCP server, part E of Documentation/dhcp.rst: what it remembers of its
# clients, and what it does about those that want too much.
#
#	lab, 10.77.0.0/24, the server is 10.77.0.1
#	 ├── pa   a:eth0    no limits: the one that asks
#	 └── pb   b:eth0    its neighbour
#
# Clients behind a port differ by chaddr; the frames come from the port's own
# address. No test waits for silence: see check_silent.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
tmp=$(mktemp)
defer rm -f "$tmp"
a='' b=''
make_lab a b || exit 1
A=$(mac_of "$a" eth0)
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h
	dhcp set lab router 10.77.0.254 dns 10.77.0.53,10.77.0.54 wins 10.77.0.55 domain example.net
	port set pa dhcp-limit none dhcp-rate none
END
S=$(dhcp_value lab server-mac)

# --- E: what is remembered ----------------------------------------------------------------

test_begin "E1: an address is where the client's hash leads, again and again"
got=$(bind "$a" "$(mac 10)")
ask "$a" discover mac "$(mac 10)"
check_field yiaddr "$got"
log_test

test_begin "E1: what it has before what it asks for"
ask "$a" discover mac "$(mac 10)" requested "$(free_address)"
check_field yiaddr "$got"
log_test

test_begin "E1: what it asks for, if that is free and in the range"
free=$(free_address)
ask "$a" discover mac "$(mac 11)" requested "$free"
check_field yiaddr "$free"
ask "$a" discover mac "$(mac 12)" requested "$free"
check_eq "$([ "${R[yiaddr]}" != "$free" ]; echo $?)" 0 "the same to two"
ask "$a" discover mac "$(mac 13)" requested 10.77.0.250
check_match "${R[yiaddr]}" '^10\.77\.0\.' "an address"
check_eq "$([ "${R[yiaddr]}" != 10.77.0.250 ]; echo $?)" 0 "one outside of the range"
log_test

test_begin "E2: 64 clients at once get 64 addresses"
out=$("$VMNET_BIN/dhcpc" "$a:eth0" many 64 xid 0x77770000)
check_err $? "not all got one"
check_eq "$(echo "$out" | sort -u | grep -c address=)" 64 "different addresses"
log_test

test_begin "E3: what was not offered, but is free, is given; what is not, is refused"
free=$(free_address)
ask "$a" request mac "$(mac 14)" requested "$free" server 10.77.0.1
check_field type ack yiaddr "$free"
ask "$a" request mac "$(mac 15)" requested "$free" server 10.77.0.1
check_field type nak
log_test

test_begin "E4: one that takes another server's offer is left alone"
free=$(free_address)
ask "$a" discover mac "$(mac 16)" requested "$free"
check_field yiaddr "$free"
check_silent "$a" request mac "$(mac 16)" requested 10.99.0.1 server 10.99.0.254
check_eq "$(lease_value lab "$free" state)" "" "the offer"
log_test

test_begin "E5: INIT-REBOOT with its own address"
got=$(bind "$a" "$(mac 17)")
check_answer "$a" ack request mac "$(mac 17)" requested "$got"
log_test

test_begin "E5: INIT-REBOOT with an address of another net, of another client, of none"
check_answer "$a" nak request mac "$(mac 17)" requested 192.168.1.5
check_answer "$a" nak request mac "$(mac 18)" requested "$got"
check_answer "$a" nak request mac "$(mac 18)" requested 10.77.0.1
check_answer "$a" nak request mac "$(mac 18)" requested 10.77.0.250
log_test

test_begin "E5: INIT-REBOOT with a free address that nobody remembers"
free=$(free_address)
check_answer "$a" ack request mac "$(mac 18)" requested "$free"
check_eq "$(lease_value lab "$free" state)" bound "state"
log_test

test_begin "E6: renewing, unicast, and rebinding, broadcast"
check_answer "$a" ack request mac "$(mac 17)" ciaddr "$got" src "$got" dst 10.77.0.1 dmac "$S"
check_answer "$a" ack request mac "$(mac 17)" ciaddr "$got" src "$got"
log_test

test_begin "E6: one that is not remembered is taken up"
free=$(free_address)
check_answer "$a" ack request mac "$(mac 19)" ciaddr "$free" src "$free"
check_eq "$(lease_value lab "$free" mac)" "$(mac 19)" "its holder"
log_test

test_begin "E6, E7: with an address of another client, or of another net: NAK"
check_answer "$a" nak request mac "$(mac 20)" ciaddr "$got"
check_answer "$a" nak request mac "$(mac 20)" ciaddr 192.168.7.7
log_test

test_begin "a REQUEST without any address is left alone"
check_silent "$a" request mac "$(mac 20)"
log_test

test_begin "E8: a declined address is set aside, and another one is offered"
got=$(bind "$a" "$(mac 21)")
check_silent "$a" decline mac "$(mac 21)" requested "$got" server 10.77.0.1
check_eq "$(lease_value lab "$got" state)" declined "state"
ask "$a" discover mac "$(mac 21)" requested "$got"
check_field type offer
check_eq "$([ "${R[yiaddr]}" != "$got" ]; echo $?)" 0 "the same again"
check_answer "$a" nak request mac "$(mac 22)" requested "$got"
log_test

test_begin "E8: only its holder can decline it"
got=$(bind "$a" "$(mac 23)")
check_silent "$a" decline mac "$(mac 24)" requested "$got" server 10.77.0.1
check_silent "$b" decline mac "$(mac 23)" requested "$got" server 10.77.0.1
check_eq "$(lease_value lab "$got" state)" bound "state"
log_test

test_begin "E9: only its holder, behind its port, can release it"
check_silent "$a" release mac "$(mac 24)" ciaddr "$got" server 10.77.0.1
check_silent "$b" release mac "$(mac 23)" ciaddr "$got" server 10.77.0.1
check_eq "$(lease_value lab "$got" state)" bound "state"
check_silent "$a" release mac "$(mac 23)" ciaddr "$got" server 10.77.0.1
check_eq "$(lease_value lab "$got" state)" released "state"
log_test

test_begin "E9: who has released it gets the same again"
check_eq "$(bind "$a" "$(mac 23)")" "$got" "address"
log_test

test_begin "E10: INFORM, with ciaddr and without: options, but no lease"
ask "$a" inform mac "$(mac 25)" ciaddr 10.77.0.5 src 10.77.0.5 prl 3,6,51
check_field type ack ciaddr 10.77.0.5 yiaddr 0.0.0.0 ip.dst 10.77.0.5 opts 53,54,1,3,6
ask "$a" inform mac "$(mac 25)" src 10.77.0.5 prl 3
check_field type ack ip.dst 10.77.0.5 dport 68 eth.dst "$(mac 25)"
check_eq "$(lease_value lab 10.77.0.5 state)" "" "a lease"
check_silent "$a" inform mac "$(mac 25)" ciaddr 10.99.0.5
log_test

test_begin "key hwaddr: one machine with two client ids is one client"
got=$(bind "$a" "$(mac 26)" id 0101)
check_eq "$(bind "$a" "$(mac 26)" id 0202)" "$got" "address"
log_test

test_begin "key hwaddr: one hardware address behind two ports is two clients"
other=$(bind "$b" "$(mac 26)" id 0101)
check_match "$other" '^10\.77\.' "address"
check_eq "$([ "$other" != "$got" ]; echo $?)" 0 "the same to both"
log_test

ctl dhcp set lab key client-id

test_begin "E11: by key client-id they are two, and one with two cards is one"
one=$(bind "$a" "$(mac 27)" id 0a01)
two=$(bind "$a" "$(mac 27)" id 0a02)
check_eq "$([ "$one" != "$two" ]; echo $?)" 0 "the same for two ids"
check_eq "$(bind "$a" "$(mac 28)" id 0a01)" "$one" "address of the other card"
check_eq "$(lease_value lab "$one" mac)" "$(mac 28)" "its hardware address"
log_test

test_begin "E12: a copy of it behind another port is another client"
copy=$(bind "$b" "$(mac 29)" id 0a01)
check_match "$copy" '^10\.77\.' "address"
check_eq "$([ "$copy" != "$one" ]; echo $?)" 0 "the same to both"
log_test

test_begin "E12: but it may move, when it has released its address"
check_silent "$b" release mac "$(mac 29)" id 0a01 ciaddr "$copy" server 10.77.0.1
check_silent "$a" release mac "$(mac 27)" id 0a02 ciaddr "$two" server 10.77.0.1
check_eq "$(bind "$b" "$(mac 30)" id 0a02)" "$two" "address"
check_eq "$(lease_value lab "$two" port)" pb "port"
log_test

ctl dhcp set lab key hwaddr

test_begin "E13: the time that is asked for, within limits"
ask "$a" discover mac "$(mac 31)" lease 1000
check_field opt.51 000003e8 opt.58 000001f4 opt.59 0000036b
ask "$a" discover mac "$(mac 31)" lease 1
check_field opt.51 0000003c
ask "$a" discover mac "$(mac 31)" lease 0xffffffff
check_field opt.51 00001c20
ask "$a" discover mac "$(mac 31)"
check_field opt.51 00000e10
log_test

test_begin "E15: an address that somebody was seen to have is not given away"
free=$(free_address)
ask "$b" arp 10.77.0.254 src "$free" wait 1
ask "$a" discover mac "$(mac 32)" requested "$free"
check_field type offer
check_eq "$([ "${R[yiaddr]}" != "$free" ]; echo $?)" 0 "the one that was seen"
check_answer "$a" nak request mac "$(mac 32)" requested "$free"
log_test

test_begin "E17: BOOTP is left alone"
ignored=$(dhcp_value lab ignored)
check_silent "$a" bootp mac "$(mac 33)"
check_eq "$(($(dhcp_value lab ignored) - ignored))" 1 "ignored"
log_test

test_begin "E20: by a relay of an unknown net: silence"
ignored=$(dhcp_value lab ignored)
check_silent "$a" discover mac "$(mac 34)" giaddr 10.99.0.1
check_eq "$(($(dhcp_value lab ignored) - ignored))" 1 "ignored"
log_test

test_begin "E24: what is not of RFC 2131 is left alone"
for type in 0 2 5 6 9 10 13 18 255; do
	check_silent "$a" "$type" mac "$(mac 35)"
done
check_answer "$a" offer discover mac "$(mac 35)" opt 145:01 opt 90:0102 opt 81:000000
log_test

# --- limits --------------------------------------------------------------------------------

test_begin "E21: a port gets 16 leases, its other clients none"
before=$(drop_count lab pb dhcp_limit)
ctl port set pb dhcp-rate none
have=$(port_value pb leases)
out=$("$VMNET_BIN/dhcpc" "$b:eth0" many 20 xid 0x55550000 wait 500)
check_eq "$(echo "$out" | grep -c address=)" "$((16 - have))" "addresses"
check_eq "$(port_value pb leases)" 16 "leases of the port"
check_drops lab pb dhcp_limit "$before" "$((4 + have))"
log_test

test_begin "E21: those that have one renew it"
first=$(echo "$out" | head -n 1)
first=${first#address=}
check_answer "$b" ack request mac "$(lease_value lab "$first" mac)" ciaddr "$first"
log_test

test_begin "E21: a flood is cut off, and its port's leases are renewed all the same"
ctl port set pb dhcp-rate 1 dhcp-limit none
before=$(drop_count lab pb dhcp_limit)
"$VMNET_BIN/dhcpc" "$b:eth0" flood 300 xid 0x66660000
check_eq "$(($(drop_count lab pb dhcp_limit) - before > 250))" 1 "more than 250 of 300 dropped"
# One a second and lease is free.
busywait 5 acked "$b" request mac "$(lease_value lab "$first" mac)" ciaddr "$first"
check_err $? "no ACK"
log_test

test_begin "E21: and other ports notice nothing"
check_answer "$a" offer discover mac "$(mac 36)"
log_test

test_begin "E21: what was only offered is not remembered for long, and never all"
check_eq "$(($(lease_count lab offered) <= 100))" 1 "half of the range at most"
log_test

# --- ports -----------------------------------------------------------------------------------

test_begin "E22: an unplugged port keeps its leases and gets the same again"
got=$(bind "$a" "$A")
ctl port detach pa
check_eq "$(lease_value lab "$got" state)" bound "state"
ctl port attach pa network lab
busywait 5 carrier "$a" eth0 1
check_eq "$(bind "$a" "$A")" "$got" "address"
log_test

test_begin "E22: a deleted port's leases are free at once"
ctl port set pb dhcp-rate none
check_eq "$(lease_value lab "$first" port)" pb "port"
ctl port del pb
check_eq "$("$VMNETCTL" -j lease show lab | jq '[.[] | select(.port == "pb" or .port == null)] | length')" 0 \
	"leases of a port that is gone"
check_answer "$a" ack request mac "$(mac 37)" requested "$first"
log_test

# --- many -------------------------------------------------------------------------------------

test_begin "10,000 clients get an address each, and are all shown, in order"
ctl network add big dhcp 10.64.0.0/16
ctl port move pa network big
busywait 5 carrier "$a" eth0 1
out=$("$VMNET_BIN/dhcpc" "$a:eth0" many 10000 window 32 xid 0x11110000)
check_eq "$(echo "$out" | sort -u | grep -c address=)" 10000 "addresses"
"$VMNETCTL" -j lease show big | jq -r '.[].address' >"$tmp"
check_eq "$(wc -l <"$tmp")" 10000 "leases shown"
check_eq "$(sort -u -t. -n -k3,3 -k4,4 "$tmp" | cmp - "$tmp" 2>&1)" "" "order"
check_eq "$(dhcp_count big leases)" 10000 "counted"
# With what it still has of the other network, some of which is about to end.
check_eq "$(($(port_value pa leases) >= 10000))" 1 "counted at the port"
check_eq "$("$VMNETCTL" -j lease show | jq '[.[] | select(.network == "big")] | length')" 10000 "of all networks"
log_test

test_begin "and are gone with their port, at once"
ctl port del pa
check_eq "$(dhcp_count big leases)" 0 "leases"
ctl network del big
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
