# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Rows of the contract (Documentation/dhcp.rst) as claims that any server can be
# asked about, in one table; after lib.sh, netlib.sh and dhcplib.sh. Before
# dhcp_rows is called:
#
#	ROW_SERVER	vmnet, dnsmasq or udhcpd: the column
#	ROW_NS		namespace of the client, which asks by eth0
#	ROW_MAC		hardware address of the server
#
# The server is 10.77.0.1/16 with addresses 10.77.1.0 to 10.77.250.255, leases
# of an hour, router, DNS and domain. Some addresses are the client's
# namespace's (row_addresses): its kernel answers ARP for them, which servers
# that have their answers sent by a kernel cannot do without.
#
# A row is a number, the column of each server (vmnet, dnsmasq, udhcpd: + does
# so, - does not, . is not asked), a claim, and steps, which must all hold:
#
#	TYPE: WORD...	asked so by dhcpc, the answer is TYPE, or "silent"
#	get NAME: MAC WORD...	this client gets an address: {NAME} from now on
#	is FIELD VALUE, isnt FIELD VALUE	of the last answer
#	do COMMAND...	succeeds
#	vmnet COMMAND...	the same, for vmnet only
#
# {S} is the server's address, {M} its hardware address, {A} the client's; any
# other {NAME} that "get" has not made is a field of the last answer.

declare -A ROW_VAR=()
ROW_WHY=
# Whose DISCOVER proves that a server lives; see silent-by of dhcpc.
CONTROL_MAC=02:00:00:00:ff:fe

# row_addresses NETNS: of INFORM, of a relay, of a client that is not remembered
row_addresses()
{
	local address

	for address in 10.77.0.5 10.77.0.9 10.77.100.22; do
		ip -n "$1" addr add "$address/32" dev eth0 || return 1
	done
}

# row_words TEXT: into WORDS, with the names in it replaced
row_words()
{
	local text=$1 name

	while [[ $text =~ \{([A-Za-z0-9.]+)\} ]]; do
		name=${BASH_REMATCH[1]}
		text=${text//"{$name}"/${ROW_VAR[$name]-${R[$name]-absent}}}
	done
	read -ra WORDS <<<"$text"
}

# row_step TEXT: whether it holds; if not, ROW_WHY tells why
row_step()
{
	local type
	local -a WORDS

	row_words "$1"
	set -- "${WORDS[@]}"
	case $1 in
	get)
		ROW_VAR[${2%:}]=$(bind "$ROW_NS" "${@:3}")
		[ "${ROW_VAR[${2%:}]}" != none ] && return
		ROW_WHY="no address"
		;;
	is)
		[ "${R[$2]-absent}" = "$3" ] && return
		ROW_WHY="$2 is ${R[$2]-absent}, not $3"
		;;
	isnt)
		[ "${R[$2]-absent}" != "$3" ] && return
		ROW_WHY="$2 is $3"
		;;
	do)
		"${@:2}" && return
		ROW_WHY="not so: ${*:2}"
		;;
	vmnet)
		[ "$ROW_SERVER" = vmnet ] || return 0
		"${@:2}" && return
		ROW_WHY="failed: ${*:2}"
		;;
	*:)
		type=${1%:}
		[ "$type" != silent ] || type=nothing
		ask "$ROW_NS" "${@:2}" silent-by "$CONTROL_MAC"
		# Neither an answer nor the control's: it does not live.
		if [ "$RC" -gt 1 ]; then
			ROW_WHY="$ROW_SERVER does not answer any more"
			ROW_DEAD=1
			return 1
		fi
		[ "${R[type]:-nothing}" = "$type" ] && return
		ROW_WHY="${R[type]:-nothing}, not $type, after ${*:2}"
		;;
	*)
		ROW_WHY="no such step: $*"
		ROW_DEAD=1
		;;
	esac
	return 1
}

# row ID COLUMNS CLAIM STEP...
row()
{
	local id=$1 columns=$2 claim=$3 column got=+ step

	shift 3
	case $ROW_SERVER in
	vmnet) column=${columns:0:1} ;;
	dnsmasq) column=${columns:1:1} ;;
	udhcpd) column=${columns:2:1} ;;
	esac
	[ "$column" != . ] || return 0
	test_begin "$ROW_SERVER $id: $claim: $column"
	ROW_WHY=
	ROW_DEAD=
	for step; do
		if ! row_step "$step"; then
			got=-
			break
		fi
	done
	[ -z "$ROW_DEAD" ] || fail_test "$ROW_WHY"
	check_eq "$got" "$column" "what it does${ROW_WHY:+ ($ROW_WHY)}"
	log_test
}

# --- for "do" ------------------------------------------------------------------------

# before CODE CODE: of the last answer's options, both there, in this order
before()
{
	[[ ,${R[opts]-}, == *,$1,* ]] && [[ ,${R[opts]}, == *,$2,* ]] &&
		[[ ,${R[opts]}, == *,$1,*,$2,* || ,${R[opts]}, == *,$1,$2,* ]]
}

# has CODE...: options of the last answer; lacks CODE...: none of these
has()
{
	local code

	for code; do
		[[ ,${R[opts]-}, == *,$code,* ]] || return 1
	done
}

lacks()
{
	local code

	for code; do
		[[ ,${R[opts]-}, != *,$code,* ]] || return 1
	done
}

# seconds CODE LOWEST HIGHEST: of the last answer
seconds()
{
	local value=$((16#${R[opt.$1]:-0}))

	[ "$value" -ge "$2" ] && [ "$value" -le "$3" ]
}

# differ WORD WORD
differ()
{
	[ "$1" != "$2" ]
}

# --- the table ------------------------------------------------------------------------

dhcp_rows()
{
	local ff id255

	ff=ff:ff:ff:ff:ff:ff
	id255=$(printf 'ab%.0s' {1..255})
	ROW_VAR=([S]=10.77.0.1 [M]=$ROW_MAC [A]=$(mac_of "$ROW_NS" eth0))

	row A1 +++ "broadcast, to the subnet, to the server; from any port" \
		"offer: discover" \
		"offer: discover dst 10.77.255.255 src 10.77.0.5" \
		"offer: discover dst {S} dmac {M} src 10.77.0.5" \
		"offer: discover sport 4011"
	row A2 +++ "IP options, TTL 1, any TOS, DF" \
		"offer: discover ipopts 10 ttl 1 tos 0xfc frag 0x4000"
	row A3 +++ "no UDP checksum is accepted, a wrong one is not" \
		"offer: discover sum none" \
		"silent: discover sum bad"
	row A5 +++ "the headers' lengths bound the message" \
		"offer: discover pad 60" \
		"silent: discover iplen 600" \
		"silent: discover udplen 600" \
		"silent: discover cut 239"
	row A6 +++ "no fragment is taken for a message" \
		"silent: discover frag 0x2000" \
		"silent: discover frag 0x0001"
	row A7 +++ "a request of 244 octets" \
		"offer: discover"
	row A8 +++ "op must be 1" \
		"silent: discover op 2"
	row A9 +++ "the magic cookie must be there" \
		"silent: discover cookie 63825364"
	row A10 +++ "hlen is not above 16" \
		"silent: discover hlen 17" \
		"silent: discover hlen 255"
	row A10 +-- "htype must be 1" \
		"silent: discover htype 6"
	row A11 +-- "17 hops are too many" \
		"offer: discover hops 16" \
		"silent: discover hops 17"
	row A12 +-+ "chaddr is not zero" \
		"silent: discover mac 00:00:00:00:00:00"
	row A12 +-- "chaddr is not everybody's" \
		"silent: discover mac $ff"
	row A12 +-- "chaddr is not a group's" \
		"silent: discover mac 01:00:5e:00:00:01"
	row A15 +++ "a tagged request is none; a priority tag is no VLAN" \
		"offer: discover vlan 0xa000" \
		"silent: discover vlan 7"

	row B1 +-- "an option longer than the message: dropped" \
		"silent: discover raw 3d40010203"
	row B1 +++ "the end may be missing" \
		"offer: discover raw 370103"
	row B2 +++ "any order of options" \
		"offer: bootp mac $(mac 101) opt 55:0103 opt 50:0a4d6401 opt 53:01" \
		"is yiaddr 10.77.100.1"
	row B3 +.. "an option of a wrong length is not there" \
		"offer: discover mac $(mac 102) opt 50:0a4d00 opt 51:00000100ff" \
		"is opt.51 00000e10"
	row B4 +++ "options go on in file and sname" \
		"offer: bootp mac $(mac 103) opt 52:03 sname 350101ff file 32040a4d6402ff" \
		"is yiaddr 10.77.100.2"
	row B5 +-. "pieces of an option are one" \
		"offer: discover mac $(mac 104) opt 50:0a4d opt 50:6403" \
		"is yiaddr 10.77.100.3"
	row B6 +++ "a client id of 1 and of 255 octets" \
		"offer: discover id 07" \
		"offer: discover id $id255"
	row B7 +++ "a list of 255 options, some again and again" \
		"offer: discover prl $(printf '%s,' {1..254} 1)" \
		"do has 1 3 6"

	row C1 +++ "the fixed part comes back" \
		"offer: discover mac $(mac 105) xid 0x12345678 flags 0x8000" \
		"is htype 1" "is hlen 6" "is hops 0" "is secs 0" "is flags 0x8000" \
		"is chaddr 02000000006900000000000000000000"
	row C2 +++ "ciaddr: 0 in an OFFER, copied into an ACK" \
		"get C2: $(mac 106)" \
		"offer: discover mac $(mac 106)" \
		"is ciaddr 0.0.0.0" \
		"ack: request mac $(mac 106) ciaddr {C2} src {C2}" \
		"is ciaddr {C2}"
	row C3 +++ "yiaddr: 0 in a NAK" \
		"ack: request mac $(mac 106) ciaddr {C2} src {C2}" \
		"is yiaddr {C2}" \
		"nak: request mac $(mac 106) requested 192.168.1.5" \
		"is yiaddr 0.0.0.0"
	row C4 +++ "53, 54, 51 in OFFER and ACK, no 51 in a NAK" \
		"offer: discover mac $(mac 106)" \
		"do has 53 54 51" "do lacks 50 55 57" \
		"ack: request mac $(mac 106) ciaddr {C2} src {C2}" \
		"do has 53 54 51" "do lacks 50 55 57" \
		"nak: request mac $(mac 106) requested 192.168.1.5" \
		"do has 53 54" "do lacks 51"
	row C5 ++. "T1 and T2, of half and seven eighths" \
		"offer: discover mac $(mac 106) prl 1,3,58,59" \
		"do seconds 58 1790 1800" "do seconds 59 3140 3150"
	row C6 +-- "the client id comes back" \
		"offer: discover mac $(mac 105) id 0102" \
		"is opt.61 0102"
	row C7 +++ "the mask before the router" \
		"offer: discover mac $(mac 105) prl 15,6,3,1" \
		"do before 1 3" "do has 6 15"
	row C8 +++ "option 57 below 576 counts as 576" \
		"offer: discover mac $(mac 105) max 100 prl 1,3,6,15" \
		"do has 1 3 6 15"
	row C11 +++ "300 octets at least" \
		"nak: request mac $(mac 105) requested 192.168.1.5" \
		"do test {len} -ge 300"
	row C12 +-+ "complete checksums, never left to hardware" \
		"offer: discover" \
		"is udpsum good" "is ipsum good"

	row D1 ++- "by a relay: to it, with its option" \
		"offer: discover mac $(mac 105) giaddr 10.77.0.9 src 10.77.0.9 sport 67 dst {S} dmac {M} opt 82:01020304" \
		"is ip.dst 10.77.0.9" "is dport 67" "is opt.82 01020304"
	row D2 +++ "to ciaddr, if there is one" \
		"get D2: {A}" \
		"ack: request mac {A} ciaddr {D2} src {D2} dst {S} dmac {M}" \
		"is ip.dst {D2}" "is dport 68" "is eth.dst {A}"
	row D3 +++ "broadcast, if the client says so" \
		"offer: discover flags 0x8000" \
		"is ip.dst 255.255.255.255" "is eth.dst $ff" "is dport 68"
	row D4 ++- "else to the address that it is to have" \
		"offer: discover mac $(mac 105) flags 0" \
		"do test {yiaddr} = {ip.dst}" "is eth.dst $(mac 105)"
	row D5 +++ "a NAK is broadcast, whatever the client says" \
		"nak: request mac $(mac 105) ciaddr 0.0.0.0 requested 192.168.1.5" \
		"is ip.dst 255.255.255.255" "is eth.dst $ff"
	row D7 +++ "from the server's address and port" \
		"offer: discover" \
		"is ip.src {S}" "is opt.54 0a4d0001" "is sport 67"

	row E1 +++ "the same address again; what is asked for, if that is free" \
		"get E1: $(mac 110)" \
		"offer: discover mac $(mac 110) requested 10.77.100.10" \
		"is yiaddr {E1}" \
		"offer: discover mac $(mac 111) requested 10.77.100.11" \
		"is yiaddr 10.77.100.11" \
		"offer: discover mac $(mac 112) requested {E1}" \
		"isnt yiaddr {E1}" \
		"offer: discover mac $(mac 113) requested 10.77.0.250" \
		"isnt yiaddr 10.77.0.250"
	row E2 +-+ "what is offered to one is not offered to another" \
		"offer: discover mac $(mac 114) requested 10.77.100.14" \
		"is yiaddr 10.77.100.14" \
		"offer: discover mac $(mac 115) requested 10.77.100.14" \
		"isnt yiaddr 10.77.100.14"
	row E3 +++ "SELECTING: its offer is its own, another's address is refused" \
		"offer: discover mac $(mac 116) requested 10.77.100.16" \
		"is yiaddr 10.77.100.16" \
		"ack: request mac $(mac 116) requested 10.77.100.16 server {S}" \
		"nak: request mac $(mac 117) requested 10.77.100.16 server {S}"
	row E4 +-+ "it takes another server's offer: silence" \
		"offer: discover mac $(mac 118)" \
		"silent: request mac $(mac 118) requested 10.99.0.1 server 10.99.0.254"
	row E5 +++ "INIT-REBOOT: with its own, with one of another net" \
		"get E5: $(mac 119)" \
		"ack: request mac $(mac 119) requested {E5}" \
		"nak: request mac $(mac 119) requested 192.168.1.5"
	row E5 ++- "INIT-REBOOT: with a free one that nobody remembers: taken up" \
		"ack: request mac $(mac 120) requested 10.77.100.20"
	row E6 +++ "renewing, unicast, and rebinding, broadcast" \
		"get E6: $(mac 121)" \
		"ack: request mac $(mac 121) ciaddr {E6} src {E6} dst {S} dmac {M}" \
		"ack: request mac $(mac 121) ciaddr {E6} src {E6}"
	row E6 ++- "renewing what is not remembered and free: taken up" \
		"ack: request mac $(mac 122) ciaddr 10.77.100.22 src 10.77.100.22"
	row E7 ++- "rebinding with an address of another net: NAK" \
		"nak: request mac $(mac 123) ciaddr 192.168.7.7 src 192.168.7.7"
	row E8 +++ "a declined address is not offered again" \
		"get E8: $(mac 124)" \
		"silent: decline mac $(mac 124) requested {E8} server {S}" \
		"offer: discover mac $(mac 124)" \
		"isnt yiaddr {E8}"
	row E9 +++ "who has released an address gets it again" \
		"get E9: $(mac 125)" \
		"silent: release mac $(mac 125) ciaddr {E9} src {E9} server {S} dst {S} dmac {M}" \
		"offer: discover mac $(mac 125)" \
		"is yiaddr {E9}"
	row E9 +.. "nobody else releases it" \
		"get E9: $(mac 125)" \
		"silent: release mac $(mac 126) ciaddr {E9} src {E9} server {S} dst {S} dmac {M}" \
		"nak: request mac $(mac 126) requested {E9}"
	row E10 +++ "INFORM: options, but no lease" \
		"ack: inform mac {A} ciaddr 10.77.0.5 src 10.77.0.5 prl 1,3,6" \
		"is yiaddr 0.0.0.0" "is ip.dst 10.77.0.5" "do lacks 51 58 59" "do has 3 6"
	row E11 ++- "two client ids are two clients (key client-id)" \
		"vmnet ctl dhcp set lab key client-id" \
		"get E11a: $(mac 127) id 0a01" \
		"get E11b: $(mac 127) id 0a02" \
		"do differ {E11a} {E11b}"
	# Nor does dnsmasq tell a copy of a machine from the machine, which is the
	# other half of the row.
	row E12 ++- "a client id with another card is the same client (key client-id)" \
		"get E12a: $(mac 128) id 0b01" \
		"get E12b: $(mac 129) id 0b01" \
		"do test {E12a} = {E12b}" \
		"vmnet ctl dhcp set lab key hwaddr"
	row E13 +++ "the time that is asked for, not more than the most" \
		"offer: discover mac $(mac 130) lease 1000" \
		"do seconds 51 990 1000" \
		"offer: discover mac $(mac 130) lease 0xfffffff0" \
		"do seconds 51 3590 3600"
	row E17 +++ "BOOTP is left alone" \
		"silent: bootp mac $(mac 131)"
	row E20 ++- "by a relay of an unknown net: silence" \
		"silent: discover mac $(mac 132) giaddr 10.99.0.1"
	row E24 +++ "what is not of RFC 2131 is left alone" \
		"silent: 9 mac $(mac 133)" \
		"silent: 10 mac $(mac 133)" \
		"silent: 13 mac $(mac 133)" \
		"offer: discover mac $(mac 133) opt 145:01 opt 90:0102 opt 81:000000"
}
