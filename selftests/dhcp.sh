#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The DHCP server, row by row of Documentation/dhcp.rst: what it accepts, what
# it answers, and where to. Asked in raw frames by dhcpc. What it remembers is
# in dhcp_leases.sh, real clients are in dhcp_clients.sh, settings in
# dhcp_settings.sh, and what is read and written, octet by octet, in
# unit/packet.c.
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
a='' b=''
make_lab a b || exit 1
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h lease-min 60 lease-max 2h
	dhcp set lab router 10.77.0.254 dns 10.77.0.53,10.77.0.54 wins 10.77.0.55 domain example.net
	port set pa dhcp-limit none dhcp-rate none
END
S=$(dhcp_value lab server-mac)
BROADCAST=ff:ff:ff:ff:ff:ff

# hex_of ADDRESS
hex_of()
{
	# shellcheck disable=SC2046 # four numbers are meant
	printf '%02x' $(tr . ' ' <<<"$1")
}

# --- A: what is accepted -----------------------------------------------------------

test_begin "a DISCOVER is answered by an OFFER"
check_answer "$a" offer discover
log_test

test_begin "A1: broadcast, to the subnet, and to the server alone; from any port"
check_answer "$a" offer discover dst 255.255.255.255
check_answer "$a" offer discover dst 10.77.0.255
check_answer "$a" offer discover dst 10.77.0.1 dmac "$S" src 10.77.0.19
check_answer "$a" offer discover sport 4011
log_test

test_begin "A1: and not to somebody else"
check_silent "$a" discover dst 10.77.0.77
check_silent "$a" discover dst 10.78.0.255
check_silent "$a" discover dport 4011
log_test

test_begin "A2: IP options, TTL 1, any TOS, DF or not"
check_answer "$a" offer discover ipopts 10 ttl 1 tos 0xfc frag 0x4000
log_test

test_begin "A3: without UDP checksum, but not with a wrong one"
check_answer "$a" offer discover sum none
check_silent "$a" discover sum bad
log_test

test_begin "A3: not with a wrong IP checksum"
check_silent "$a" discover ipsum 1
log_test

test_begin "A4: a checksum that was left to hardware counts as right"
check_answer "$a" offer discover partial 1
log_test

test_begin "A5: the frame may be padded; no header may say more than there is"
check_answer "$a" offer discover pad 60
check_silent "$a" discover iplen 600
check_silent "$a" discover udplen 600
check_silent "$a" discover cut 239
log_test

test_begin "A5: what is malformed is counted as dhcp_malformed at its port"
before=$(drop_count lab pa dhcp_malformed)
check_silent "$a" discover cut 239
check_drops lab pa dhcp_malformed "$before" 1
log_test

test_begin "A6: no fragment, the first one neither"
check_silent "$a" discover frag 0x2000
check_silent "$a" discover frag 0x0001
log_test

test_begin "A7: a request of 244 octets"
check_answer "$a" offer discover
log_test

test_begin "A8: op must be 1"
ctl port set pa guard-dhcp off
check_silent "$a" discover op 2
check_silent "$a" discover op 0
ctl port set pa guard-dhcp on
log_test

test_begin "A9: the magic cookie must be there"
check_silent "$a" discover cookie 63825364
log_test

test_begin "A10: Ethernet addresses only"
check_silent "$a" discover htype 6
check_silent "$a" discover hlen 16
check_silent "$a" discover hlen 255
log_test

test_begin "A11: 16 hops, not 17"
check_answer "$a" offer discover hops 16
check_silent "$a" discover hops 17
log_test

test_begin "A12: chaddr must be an address of one machine"
check_silent "$a" discover mac 01:00:5e:00:00:01
check_silent "$a" discover mac "$BROADCAST"
check_silent "$a" discover mac 00:00:00:00:00:00
log_test

test_begin "A14: a frame that lies in pages"
ctl network set lab mtu 9000
check_answer "$a" offer discover pad 4500 linear 14
check_answer "$a" offer discover pad 4500 linear 60
ctl network set lab mtu 1500
log_test

test_begin "A15: a request in a VLAN is no request here, a priority tag is no VLAN"
check_answer "$a" offer discover vlan 0xa000
check_silent "$a" discover vlan 7
log_test

test_begin "A16: a server behind a port is dropped as dhcp_rogue"
before=$(drop_count lab pb dhcp_rogue)
ask "$b" offer op 2 sport 67 dport 68 wait 1
ask "$b" ack op 2 sport 67 dport 67 wait 1
ask "$b" offer op 2 sport 1067 dport 68 wait 1
check_drops lab pb dhcp_rogue "$before" 3
log_test

test_begin "A16: unless the port is trusted (guard-dhcp off)"
ctl port set pb guard-dhcp off
before=$(drop_count lab pb dhcp_rogue)
ask "$b" offer op 2 sport 67 dport 68 wait 1
check_drops lab pb dhcp_rogue "$before" 0
ctl port set pb guard-dhcp on
log_test

test_begin "A17: what the server takes reaches no other port"
before=$(port_count lab pb tx_frames)
consumed=$(port_count lab pa consumed)
check_answer "$a" offer discover
check_eq "$(($(port_count lab pb tx_frames) - before))" 0 "frames to pb"
check_eq "$(($(port_count lab pa consumed) - consumed))" 1 "consumed"
log_test

# --- B: options -----------------------------------------------------------------------

test_begin "B1: an option that says to be longer than the message"
check_silent "$a" discover raw 3d40010203
check_silent "$a" discover raw 3d
log_test

test_begin "B1: the end may be missing"
check_answer "$a" offer discover raw 370103
log_test

test_begin "B3: an option of a wrong length is not there"
ask "$a" discover mac "$(mac 1)" opt 50:0a4d00 opt 51:00000100ff
check_field type offer opt.51 00000e10
log_test

test_begin "B4: options go on in file and sname"
free=$(free_address)
# The type is in sname, the requested address in file.
check_answer "$a" offer bootp mac "$(mac 2)" opt 52:03 \
	sname 350101ff file "3204$(hex_of "$free")ff"
check_field yiaddr "$free"
log_test

test_begin "B5: pieces of an option are one"
free=$(free_address)
hex=$(hex_of "$free")
check_answer "$a" offer discover mac "$(mac 3)" \
	opt "50:${hex:0:4}" opt 61:01 opt "50:${hex:4}" opt 61:0203
check_field yiaddr "$free" opt.61 010203
log_test

test_begin "B6: a client id of 1 and of 255 octets; one of none is none"
id=$(printf 'ab%.0s' {1..255})
check_answer "$a" offer discover id "$id"
check_field opt.61 "$id"
check_answer "$a" offer discover id 07
check_field opt.61 07
check_answer "$a" offer discover id ''
check_field opt.61 absent
log_test

test_begin "B7: a list of 255 options, some of them again and again"
prl=$(printf '%s,' {1..254} 1)
check_answer "$a" offer discover prl "$prl"
check_field opts 53,54,51,58,59,1,3,6,15,26,28,44
log_test

# --- C: replies -----------------------------------------------------------------------

test_begin "C1: the fixed part comes back"
ask "$a" discover mac "$(mac 4)" xid 0x12345678 flags 0x8000 hops 3
check_field htype 1 hlen 6 hops 0 secs 0 flags 0x8000 siaddr 0.0.0.0 \
	chaddr 02000000000400000000000000000000 sname zero file zero
log_test

test_begin "C2, C3: ciaddr and yiaddr of OFFER, ACK and NAK"
ask "$a" discover mac "$(mac 5)"
check_field ciaddr 0.0.0.0
got=$(bind "$a" "$(mac 5)")
ask "$a" request mac "$(mac 5)" ciaddr "$got" src "$got"
check_field type ack ciaddr "$got" yiaddr "$got"
ask "$a" request mac "$(mac 5)" requested 10.78.0.5
check_field type nak ciaddr 0.0.0.0 yiaddr 0.0.0.0
log_test

test_begin "C4, C5: what is in an OFFER and an ACK"
ask "$a" discover mac "$(mac 5)" prl 1,3
check_field opt.53 02 opt.54 0a4d0001 opt.51 00000e10 opt.58 00000708 opt.59 00000c4e
ask "$a" request mac "$(mac 5)" ciaddr "$got" prl 1,3
check_field opt.53 05 opt.54 0a4d0001 opt.51 00000e10 opt.58 00000708 opt.59 00000c4e
log_test

test_begin "C4: and what is not in a NAK"
ask "$a" request mac "$(mac 5)" requested 10.78.0.5 prl 1,3,51
check_field opts 53,54
log_test

test_begin "C6: the client id comes back in OFFER, ACK and NAK, if there was one"
ask "$a" discover mac "$(mac 5)" id 0102
check_field type offer opt.61 0102
ask "$a" request mac "$(mac 5)" ciaddr "$got" id 0102
check_field type ack opt.61 0102
ask "$a" request mac "$(mac 5)" requested 10.78.0.5 id 0102
check_field type nak opt.61 0102
ask "$a" discover mac "$(mac 5)"
check_field opt.61 absent
log_test

test_begin "C7: in the order of the request, mask first, relay's option last"
ask "$a" discover mac "$(mac 5)" giaddr 10.77.0.9 prl 44,15,6,3,1,28 opt 82:01020304
check_field opts 53,54,51,58,59,1,44,15,6,3,28,82 opt.82 01020304
log_test

test_begin "C7: what was configured is said as it was"
check_field opt.1 ffffff00 opt.3 0a4d00fe opt.6 0a4d00350a4d0036 \
	opt.15 6578616d706c652e6e6574 opt.44 0a4d0037 opt.28 0a4d00ff
log_test

test_begin "C8: 548 octets unless option 57 allows more"
ask "$a" discover mac "$(mac 5)" id "$id" giaddr 10.77.0.9 opt "82:$id"
check_field type absent
ask "$a" discover mac "$(mac 5)" id "$id" giaddr 10.77.0.9 opt "82:$id" max 1000
check_field type offer opt.82 "$id"
log_test

test_begin "C9: what does not fit goes to file and sname"
ask "$a" discover mac "$(mac 5)" id "$id" prl 15,6,3
check_field type offer opts 53,54,61,51,58,59,1,15,52 opt.52 01 file.opts 6,3 file used sname zero
log_test

test_begin "C11: 300 octets at least"
ask "$a" request mac "$(mac 5)" requested 10.78.0.5
check_field len 300
log_test

test_begin "C12: complete checksums, never left to hardware"
ask "$a" discover
check_field ipsum good udpsum good
log_test

# --- D: where to ------------------------------------------------------------------------

test_begin "D1: by a relay, to the relay, by the door it came in by"
ask "$a" discover mac "$(mac 5)" giaddr 10.77.0.9 src 10.77.0.9 sport 67 dst 10.77.0.1 dmac "$S"
check_field type offer ip.dst 10.77.0.9 dport 67 eth.dst "$A"
log_test

test_begin "D2: to ciaddr, if there is one"
ask "$a" request mac "$A" ciaddr "$(bind "$a" "$A")"
check_field ip.dst "${R[ciaddr]}" dport 68 eth.dst "$A"
log_test

test_begin "D3: broadcast, if the client says so"
ask "$a" discover flags 0x8000
check_field ip.dst 255.255.255.255 eth.dst "$BROADCAST" dport 68
log_test

test_begin "D4: else to the address that it is to have"
ask "$a" discover mac "$(mac 5)" flags 0
check_field ip.dst "${R[yiaddr]}" eth.dst "$(mac 5)"
log_test

test_begin "D5: a NAK is broadcast, whatever the client says"
ask "$a" request mac "$(mac 5)" ciaddr 10.78.0.5
check_field type nak ip.dst 255.255.255.255 eth.dst "$BROADCAST"
ask "$a" request mac "$(mac 5)" requested 10.77.0.250 giaddr 10.77.0.9
check_field type nak ip.dst 10.77.0.9 flags 0x8000
log_test

test_begin "D6: a made-up chaddr sends no answer to another port"
before=$(port_count lab pb tx_frames)
ask "$a" discover mac "$B"
check_field type offer eth.dst "$B"
check_eq "$(($(port_count lab pb tx_frames) - before))" 0 "frames to pb"
log_test

test_begin "D7: from the server's addresses, with TTL 64"
ask "$a" discover
check_field ip.src 10.77.0.1 eth.src "$S" opt.54 0a4d0001 sport 67 ttl 64 ipid 0 frag 16384
log_test

test_begin "D8: ARP for the server's address, a probe and a claim of it too"
ask "$a" arp 10.77.0.1
check_field mac "$S" eth.src "$S" eth.dst "$A"
ask "$a" arp 10.77.0.1 src 10.77.0.1
check_field mac "$S"
log_test

test_begin "D8: and for no other"
ask "$a" arp 10.77.0.2 wait 200
check_status "$RC" 1 "an answer for 10.77.0.2"
log_test

test_begin "D8: a ping of it is answered, small and large"
ip -n "$a" addr add 10.77.0.3/24 dev eth0
pings "$a" 10.77.0.1
check_err $? "ping"
ip netns exec "$a" ping -q -c 1 -W $((2 * VMNET_SLOW)) -s 1472 10.77.0.1 >/dev/null
check_err $? "ping of 1,500 octets"
log_test

test_begin "D8: nothing else is there"
before=$(port_count lab pa consumed)
ip netns exec "$a" timeout $((2 * VMNET_SLOW)) bash -c 'echo x >/dev/udp/10.77.0.1/53'
check_eq "$(($(port_count lab pa consumed) - before))" 0 "consumed"
ip -n "$a" addr flush dev eth0
log_test

test_begin "D8: the host that has the server's address answers by its own"
ctl network set lab host on
ip addr add 10.77.0.1/24 dev lab
H=$(cat /sys/class/net/lab/address)
ask "$a" arp 10.77.0.1
check_field mac "$H"
ask "$a" discover
check_field type offer eth.src "$H"
ask "$a" discover dst 10.77.0.1 dmac "$H"
check_field type offer
ip addr del 10.77.0.1/24 dev lab
ask "$a" arp 10.77.0.1
check_field mac "$S"
ctl network set lab host off
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
