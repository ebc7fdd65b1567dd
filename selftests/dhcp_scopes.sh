#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Several DHCP scopes in one network: by the VLAN of a request, by the pool of
# the port, and by what a relay says. Part of the rows of Documentation/dhcp.rst.
#
#	lab	untagged: 10.77.0.0/24	VLAN 7: 10.7.0.0/24	...
#	 ├── pa   a:eth0    knows nothing of VLANs; its frames may have tags
#	 ├── pb   b:eth0    access port, later
#	 └── pc   c:eth0    in a pool, later
#
# No test waits for silence: see check_silent, whose control is untagged.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

require udhcpc

load_vmnet
a='' b='' c=''
make_lab a b c || exit 1
tmp=$(mktemp -d)
defer rm -rf "$tmp"
A=$(mac_of "$a" eth0)
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.99 lease 1h
	dhcp set lab vlan 7 subnet 10.7.0.0/24 lease 2h
	port set pa dhcp-limit none dhcp-rate none
	port set pb dhcp-limit none dhcp-rate none
	port set pc dhcp-limit none dhcp-rate none
END
S=$(dhcp_value lab server-mac)

# scopes NETWORK: "vlan/pool subnet" of each, on one line.
scopes()
{
	"$VMNETCTL" -j dhcp show "$1" |
		jq -r '[.[] | "\(.vlan // 0)/\(.pool // "") \(.subnet)"] | join(", ")'
}

# scope_refused PATTERN WORD...: dhcp set lab with these is refused with this
# sentence, and nothing has changed.
scope_refused()
{
	local pattern=$1 before

	shift
	before=$("$VMNETCTL" -j dhcp show lab)
	refused 2 "$pattern" ctl dhcp set lab "$@"
	check_eq "$("$VMNETCTL" -j dhcp show lab)" "$before" "settings after $*"
}

# --- by VLAN ----------------------------------------------------------------------------

test_begin "each scope has its own settings, in the order of the VLANs"
check_eq "$(scopes lab)" "0/ 10.77.0.0, 7/ 10.7.0.0" "scopes"
check_eq "$("$VMNETCTL" -j dhcp show lab vlan 7 | jq -c '[.[] | [.vlan, .lease, .server]]')" \
	'[[7,7200,"10.7.0.1"]]' "that of VLAN 7"
check_eq "$(dhcp_value lab lease)" 3600 "lease of the first"
log_test

test_begin "A15: a tagged request is answered by the scope of its VLAN, with the same tag"
ask "$a" discover vlan 7
check_field type offer vlan 7 ip.src 10.7.0.1 opt.51 00001c20
check_match "${R[yiaddr]}" '^10\.7\.0\.' "address"
ask "$a" get vlan 7 flags 0x8000
check_field type ack vlan 7
log_test

test_begin "A15: an untagged one, or one with a priority tag, by that of no VLAN, untagged"
ask "$a" discover
check_field type offer vlan 0 ip.src 10.77.0.1
ask "$a" discover vlan 0xa000
check_field type offer vlan 0 ip.src 10.77.0.1
ask "$a" discover vlan 0xa007
check_field type offer vlan 7 ip.src 10.7.0.1
log_test

test_begin "A15: a VLAN without scope is not answered by another one"
check_silent "$a" discover vlan 8
ctl dhcp set lab vlan 7 enable off
check_silent "$a" discover vlan 7
ctl dhcp set lab vlan 7 enable on
ctl dhcp set lab enable off
ask "$a" discover wait 200
check_status "$RC" 1 "an answer without a tag"
ask "$a" discover vlan 7
check_field type offer ip.src 10.7.0.1
ctl dhcp set lab enable on
log_test

test_begin "A15: ARP for a server is answered in its VLAN only"
ask "$a" arp 10.7.0.1 vlan 7
check_field mac "$S" vlan 7
ask "$a" arp 10.7.0.1 wait 200
check_status "$RC" 1 "an untagged answer for 10.7.0.1"
ask "$a" arp 10.77.0.1 vlan 7 wait 200
check_status "$RC" 1 "an answer for 10.77.0.1 in VLAN 7"
log_test

test_begin "A16: a server of a VLAN that has a scope is rogue, one of another VLAN is not"
before=$(drop_count lab pb dhcp_rogue)
ask "$b" offer op 2 sport 67 dport 68 vlan 7 wait 1
ask "$b" offer op 2 sport 67 dport 68 vlan 8 wait 1
check_drops lab pb dhcp_rogue "$before" 1
log_test

test_begin "an address is leased in one VLAN and shown with it"
"$VMNETCTL" -j monitor lease >"$tmp/events" 2>/dev/null &
monitor=$!
defer kill "$monitor"
listening()
{
	bind "$a" "$(mac 90)" vlan 7 >/dev/null
	[ -s "$tmp/events" ]
}
busywait 10 listening
got=$(bind "$a" "$(mac 1)" vlan 7)
check_match "$got" '^10\.7\.0\.' "address"
check_eq "$(lease_value lab "$got" vlan)" 7 "VLAN of the lease"
told()
{
	jq -e -s "any(.lease.address == \"$got\" and .lease.vlan == 7)" "$tmp/events" >/dev/null
}
busywait 5 told
check_err $? "no event with the VLAN"
kill "$monitor"
log_test

test_begin "and deleted with it"
refused 3 "has no lease of ${got//./\\.}" ctl lease del lab "$got"
ctl lease del lab "$got" vlan 7
check_err $? "lease del"
check_answer "$a" nak request mac "$(mac 1)" ciaddr "$got" vlan 7
log_test

test_begin "a client of one VLAN is refused what another one gives away"
check_answer "$a" nak request mac "$(mac 1)" requested 10.77.0.20 vlan 7
check_answer "$a" nak request mac "$(mac 1)" requested 10.7.0.20
log_test

test_begin "VLANs of ports: an access port and a trunk get what their VLAN has"
ctl port set pb vlan 20
ctl port set pc trunk 7,20
ctl dhcp set lab vlan 20 subnet 10.20.0.0/24
ask "$b" get
check_field type ack vlan 0 ip.src 10.20.0.1
ask "$c" get vlan 20
check_field type ack vlan 20 ip.src 10.20.0.1
ask "$c" get vlan 7
check_field type ack vlan 7 ip.src 10.7.0.1
ctl port set pc native 20
ask "$c" get
check_field type ack vlan 0 ip.src 10.20.0.1
check_eq "$("$VMNETCTL" -j lease show lab | jq -c '[.[] | select(.vlan == 20) | .port] | sort')" \
	'["pb","pc"]' "ports with leases in VLAN 20"
ctl port set pb vlan none
ctl port set pc trunk none
log_test

test_begin "D8: the host that has the server's address in a VLAN answers there by its own"
ctl network set lab host on
ip link add link lab name lab.7 type vlan id 7
ip link set lab.7 address 02:00:00:00:77:07 up
ip addr add 10.7.0.1/24 dev lab.7
ask "$a" discover vlan 7
check_field type offer eth.src 02:00:00:00:77:07
ask "$a" discover
check_field type offer eth.src "$S"
ip link del lab.7
ctl network set lab host off
ask "$a" discover vlan 7
check_field type offer eth.src "$S"
log_test

cat >"$tmp/script" <<'END'
#!/bin/sh
[ "$1" != bound ] || ip addr replace "$ip/$mask" dev "$interface"
END
chmod +x "$tmp/script"

test_begin "udhcpc on a VLAN device gets an address of that VLAN"
ip -n "$a" link add link eth0 name eth0.7 type vlan id 7
ip -n "$a" link set eth0.7 up
ip netns exec "$a" udhcpc -f -q -n -t 10 -T 1 -i eth0.7 -s "$tmp/script" >"$tmp/out" 2>&1
check_err $? "udhcpc: $(tail -n 3 "$tmp/out")"
check_match "$(ip -n "$a" -4 -o addr show dev eth0.7)" 'inet 10\.7\.0\.' "its address"
pings "$a" 10.7.0.1
check_err $? "no ping of the server"
ip -n "$a" link del eth0.7
log_test

# --- by pool ------------------------------------------------------------------------------

test_begin "two pools divide a subnet: each port gets what its pool has"
ctl dhcp set lab pool red subnet 10.77.0.0/24 range 10.77.0.100-10.77.0.199 lease 3h
check_err $? "dhcp set"
ctl port set pc pool red
check_eq "$(port_value pc pool)" red "pool of pc"
check_eq "$(scopes lab)" "0/ 10.77.0.0, 0/red 10.77.0.0, 7/ 10.7.0.0, 20/ 10.20.0.0" "scopes"
for i in 1 2 3; do
	red=$(bind "$c" "$(mac 2$i)")
	check_match "$red" '^10\.77\.0\.1[0-9][0-9]$' "address of pc"
	check_match "$(bind "$a" "$(mac 2$i)")" '^10\.77\.0\.[2-9][0-9]$' "address of pa"
done
check_eq "$(lease_value lab "$red" pool)" red "pool of the lease"
log_test

test_begin "and is refused what another one has"
check_answer "$c" nak request mac "$(mac 24)" requested 10.77.0.50
check_answer "$a" nak request mac "$(mac 24)" requested 10.77.0.150
ask "$c" discover mac "$(mac 24)" requested 10.77.0.50
check_match "${R[yiaddr]}" '^10\.77\.0\.1[0-9][0-9]$' "what it is offered"
log_test

test_begin "a pool in a VLAN is another scope"
check_silent "$c" discover vlan 7
ctl dhcp set lab vlan 7 pool red subnet 10.7.1.0/24
ask "$c" discover vlan 7
check_field type offer vlan 7 ip.src 10.7.1.1
log_test

test_begin "a pool without scope is served by nobody, and that is counted"
ctl port set pc pool blue
before=$(drop_count lab pc dhcp_no_scope)
frames=$(port_count lab pa tx_frames)
ask "$c" discover wait 200
check_status "$RC" 1 "an answer"
check_drops lab pc dhcp_no_scope "$before" 1
check_eq "$(($(port_count lab pa tx_frames) - frames))" 0 "frames to pa"
ctl port set pc pool none
check_eq "$(port_value pc pool)" null "pool of pc"
check_answer "$c" offer discover
log_test

test_begin "a port is made with its pool"
ctl port add pd pool red guard-chaddr on
check_eq "$(port_value pd pool) $(port_value pd guard-chaddr)" "red true" "words"
ctl port del pd
log_test

test_begin "the name of a pool is a word"
refused 2 'made of letters, digits' ctl port set pc pool 'a b'
refused 2 'made of letters, digits' ctl dhcp set lab pool 'a/b' subnet 10.1.0.0/24
refused 1 'longer than 31 octets' "$VMNETCTL" port set pc pool "$(printf 'a%.0s' {1..32})"
log_test

# --- what does not go together ----------------------------------------------------------------

test_begin "two scopes of one VLAN do not give away one address"
scope_refused 'The range overlaps with that of the scope pool red: 10\.77\.0\.100-10\.77\.0\.199' \
	range 10.77.0.20-10.77.0.100
scope_refused 'The range overlaps with that of the scope default: 10\.77\.0\.20-10\.77\.0\.99' \
	pool blue subnet 10.77.0.0/24
scope_refused 'The range overlaps with that of the scope vlan 7: 10\.7\.0\.2-10\.7\.0\.254' \
	vlan 7 pool red subnet 10.7.0.0/24
log_test

test_begin "nor the server's address of another one"
scope_refused "The server's address 10\.77\.0\.50 is one that the scope default gives away" \
	pool red server 10.77.0.50
ctl dhcp set lab pool red server 10.77.0.10
scope_refused "In the range is the server's address of the scope pool red: 10\.77\.0\.10" \
	range 10.77.0.5-10.77.0.99
ctl dhcp set lab pool red server 10.77.0.1
ctl reservation add lab pool red mac "$(mac 40)" ip 10.77.0.15
check_err $? "reservation add"
scope_refused 'In the range is an address that is reserved in the scope pool red: 10\.77\.0\.15' \
	range 10.77.0.12-10.77.0.99
refused 2 '10\.77\.0\.50 belongs to the scope default' \
	ctl reservation add lab pool red mac "$(mac 41)" ip 10.77.0.50
refused 2 '10\.77\.0\.15 belongs to the scope pool red' \
	ctl reservation add lab mac "$(mac 41)" ip 10.77.0.15
scope_refused "The server's address 10\.77\.0\.15 is one that the scope pool red gives away" \
	server 10.77.0.15
ctl reservation del lab pool red ip 10.77.0.15
log_test

test_begin "two VLANs do not have one subnet, unless it is forced"
scope_refused 'The subnet overlaps with the scope vlan 20: 10\.20\.0\.0/24' vlan 30 subnet 10.20.0.0/16
ctl -f dhcp set lab vlan 30 subnet 10.20.0.0/24
check_err $? "by force"
check_match "$(bind "$a" "$(mac 50)" vlan 30 requested 10.20.0.77)" '^10\.20\.0\.77$' "address in VLAN 30"
check_match "$(bind "$a" "$(mac 51)" vlan 20 requested 10.20.0.77)" '^10\.20\.0\.77$' "and the same in VLAN 20"
ctl -f dhcp set lab vlan 30 none
log_test

test_begin "another network does not take the subnet of a VLAN; auto passes by it"
ctl network add other
refused 2 'The subnet overlaps with the network lab: 10\.20\.0\.0/24' ctl dhcp set other subnet 10.20.0.0/24
ctl network del other
ctl dhcp set lab vlan 31 auto
one=$("$VMNETCTL" -j dhcp show lab vlan 31 | jq -r '.[0].subnet')
ctl dhcp set lab vlan 31 pool red auto
two=$("$VMNETCTL" -j dhcp show lab vlan 31 pool red | jq -r '.[0].subnet')
check_match "$one $two" '^10\.[0-9.]+\.0 10\.[0-9.]+\.0$' "subnets"
check_eq "$([ "$one" != "$two" ]; echo $?)" 0 "the same one twice"
ctl dhcp set lab vlan 31 pool red none
ctl dhcp set lab vlan 31 none
log_test

test_begin "the first thing of a scope is its subnet; leases keep it"
scope_refused 'has no subnet yet: it must come first' vlan 40 lease 1h
scope_refused 'leases in use would end' vlan 7 none
scope_refused 'leases in use would end' pool red none
log_test

# --- together ------------------------------------------------------------------------------------

test_begin "/sys: addresses of the default scope, counters of all"
check_eq "$(cat /sys/class/net/lab/vmnet/dhcp/subnet)" 10.77.0.0/24 "subnet"
check_eq "$(dhcp_count lab leases)" "$(lease_count lab bound)" "leases"
check_eq "$(dhcp_count lab acks)" \
	"$("$VMNETCTL" -s -j dhcp show lab | jq '[.[].acks] | add')" "ACKs"
log_test

test_begin "without the default scope the others go on"
ctl -f dhcp set lab none
check_eq "$(cat /sys/class/net/lab/vmnet/dhcp/subnet)" 0.0.0.0/0 "subnet"
check_eq "$(cat /sys/class/net/lab/vmnet/dhcp/enabled)" 1 "enabled"
check_eq "$(network_value lab dhcp-enabled)/$(network_value lab dhcp-subnet)" true/null "of the network"
ask "$a" discover vlan 7
check_field type offer ip.src 10.7.0.1 eth.src "$S"
before=$(drop_count lab pa dhcp_no_scope)
ask "$a" discover wait 200
check_status "$RC" 1 "an answer without a tag"
check_drops lab pa dhcp_no_scope "$before" 1
ctl dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.99
check_eq "$(dhcp_value lab server-mac)" "$S" "hardware address"
log_test

# --- relays -----------------------------------------------------------------------------------

# What a relay behind pb sends for clients of another subnet.
hex() { printf '%02x%02x%02x%02x' "${1%%.*}" "$(cut -d. -f2 <<<"$1")" "$(cut -d. -f3 <<<"$1")" "${1##*.}"; }
relayed=(src 10.77.0.9 sport 67 dst 10.77.0.1 dmac "$S")
ctl dhcp set lab pool far subnet 10.88.0.0/24
ctl dhcp set lab pool farther subnet 10.89.0.0/24

test_begin "E20: by an untrusted port, for another subnet: silence, counted"
ignored=$(dhcp_value lab ignored)
check_silent "$b" discover mac "$(mac 60)" giaddr 10.88.0.9 "${relayed[@]}"
check_silent "$b" discover mac "$(mac 60)" opt "118:$(hex 10.88.0.0)"
check_silent "$b" discover mac "$(mac 60)" giaddr 10.77.0.9 opt "82:0504$(hex 10.88.0.0)" "${relayed[@]}"
check_eq "$(($(dhcp_value lab ignored) - ignored))" 3 "ignored"
log_test

ctl port set pb guard-dhcp off

test_begin "E19: giaddr chooses the scope, and the reply goes to the relay"
ask "$b" discover mac "$(mac 60)" giaddr 10.88.0.9 "${relayed[@]}"
check_field type offer ip.dst 10.88.0.9 dport 67 ip.src 10.77.0.1 opt.54 0a4d0001 opt.1 ffffff00
check_match "${R[yiaddr]}" '^10\.88\.0\.' "address"
log_test

test_begin "E19: option 118 goes before giaddr, and comes back"
ask "$b" discover mac "$(mac 60)" giaddr 10.88.0.9 opt "118:$(hex 10.89.0.0)" "${relayed[@]}"
check_field type offer opt.118 0a590000
check_match "${R[yiaddr]}" '^10\.89\.0\.' "address"
log_test

test_begin "E19: option 82.5 goes before both; what was not used does not come back"
ask "$b" discover mac "$(mac 61)" giaddr 10.77.0.9 opt "118:$(hex 10.89.0.0)" \
	opt "82:01060504$(hex 10.88.0.0)" "${relayed[@]}"
check_field type offer opt.118 0a590000
check_match "${R[yiaddr]}" '^10\.89\.0\.' "address: what is within another sub-option is none"
ask "$b" discover mac "$(mac 61)" giaddr 10.77.0.9 opt "118:$(hex 10.89.0.0)" \
	opt "82:010203040504$(hex 10.88.0.0)" "${relayed[@]}"
check_field type offer opt.118 absent
check_match "${R[yiaddr]}" '^10\.88\.0\.' "address"
log_test

test_begin "E19: a client behind a router renews, and the reply goes to the router"
got=$(bind "$b" "$(mac 62)" giaddr 10.88.0.9 "${relayed[@]}")
check_match "$got" '^10\.88\.0\.' "address"
B=$(mac_of "$b" eth0)
ask "$b" request mac "$(mac 62)" ciaddr "$got" src "$got" dst 10.77.0.1 dmac "$S"
check_field type ack yiaddr "$got" ip.dst "$got" eth.dst "$B"
check_silent "$b" release mac "$(mac 62)" ciaddr "$got" src "$got" dst 10.77.0.1 dmac "$S" server 10.77.0.1
check_eq "$(lease_value lab "$got" state)" released "state"
log_test

test_begin "E18: option 82.11 says what the server is called"
ask "$b" discover mac "$(mac 63)" giaddr 10.88.0.9 opt "82:0b04$(hex 10.88.0.9)" "${relayed[@]}"
check_field type offer opt.54 0a580009 ip.src 10.77.0.1
got=${R[yiaddr]}
ask "$b" request mac "$(mac 63)" giaddr 10.88.0.9 opt "82:0b04$(hex 10.88.0.9)" \
	requested "$got" server 10.88.0.9 "${relayed[@]}"
check_field type ack opt.54 0a580009 yiaddr "$got"
check_silent "$b" request mac "$(mac 64)" giaddr 10.88.0.9 requested "$got" server 10.88.0.9 "${relayed[@]}"
log_test

test_begin "E18: not by a port that is not trusted"
ctl port set pb guard-dhcp on
ask "$b" discover mac "$(mac 65)" giaddr 10.77.0.9 opt "82:0b04$(hex 10.88.0.9)" "${relayed[@]}"
check_field type offer opt.54 0a4d0001
log_test

test_begin "E20: nor is anybody else's subnet known to one that is"
ctl port set pb guard-dhcp off
ignored=$(dhcp_value lab ignored)
check_silent "$b" discover mac "$(mac 60)" giaddr 10.99.0.9 "${relayed[@]}"
check_eq "$(($(dhcp_value lab ignored) - ignored))" 1 "ignored"
ctl port set pb guard-dhcp on
log_test

# --- in whose name ---------------------------------------------------------------------------

test_begin "A13: with guard-chaddr a message in the name of another address is dropped"
ctl port set pa guard-chaddr on
check_eq "$(port_value pa guard-chaddr)" true "guard-chaddr"
before=$(drop_count lab pa dhcp_chaddr)
check_silent "$a" discover mac "$(mac 70)"
check_drops lab pa dhcp_chaddr "$before" 1
check_answer "$a" offer discover
log_test

test_begin "A13: unless it was relayed"
check_answer "$a" offer discover mac "$(mac 70)" giaddr 10.77.0.9
ctl port set pa guard-chaddr off
check_answer "$a" offer discover mac "$(mac 70)"
log_test

# --- ends ---------------------------------------------------------------------------------------

test_begin "a deleted port's leases are free in all scopes"
ctl port set pc pool red
bind "$c" "$(mac 80)" >/dev/null
bind "$c" "$(mac 80)" vlan 7 >/dev/null
ctl port set pc pool none
bind "$c" "$(mac 80)" >/dev/null
check_eq "$(($(port_value pc leases) >= 3))" 1 "leases of pc"
ctl port del pc
check_eq "$("$VMNETCTL" -j lease show lab | jq '[.[] | select(.port == "pc" or .port == null)] | length')" 0 \
	"leases of a port that is gone"
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_begin "and a deleted network's are gone with it"
check_eq "$(($(port_value pa leases) > 1))" 1 "leases of pa"
ctl network del lab
check_eq "$(port_value pa leases)" 0 "leases of pa"
log_test

test_begin "a network has 256 scopes, shown in order, and no more"
ctl network add many
for ((i = 1; i <= 256; i++)); do
	echo "dhcp set many vlan $((4000 - i)) subnet 10.$((i / 256)).$((i % 256)).0/29"
done | ctl -b -
check_err $? "256 scopes"
refused 2 'A network has at most 256 scopes' ctl dhcp set many subnet 10.5.0.0/24
check_eq "$("$VMNETCTL" -j dhcp show many | jq -c '[.[].vlan] | [length, . == sort]')" "[256,true]" "scopes"
check_eq "$("$VMNETCTL" -j dhcp show | jq length)" 256 "of all networks"
ctl port attach pa network many
busywait 5 carrier "$a" eth0 1
for i in 3744 3800 3999; do
	bind "$a" "$A" vlan "$i" >/dev/null
done
check_eq "$("$VMNETCTL" -j lease show many | jq -c '[.[].vlan]')" "[3744,3800,3999]" "leases"
ctl network del many
log_test

test_end
