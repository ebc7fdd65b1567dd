#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What clients are told beside their address, row by row of
# Documentation/dhcp.rst: by raw frames, and what the distribution's own clients
# make of it. The encodings, octet by octet, are in unit/packet.c.
#
#	lab, 10.77.0.0/24, the server is 10.77.0.1
#	 ├── pa   a:eth0    raw frames
#	 ├── pb   b:eth0    dhclient, udhcpc
#	 └── pc   c:eth0    dhcpcd

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
a='' b='' c=''
make_lab a b c || exit 1
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 lease 1h
	port set pa dhcp-limit none dhcp-rate none
END

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# hex TEXT: its octets.
hex()
{
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# repeat N TEXT
repeat()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '%s' "$2"
	done
}

# json KEY: a setting, as it is shown.
json()
{
	"$VMNETCTL" -j dhcp show lab | jq -c ".[0].\"$1\""
}

# set_options WORD...: dhcp set lab, which must work.
set_options()
{
	ctl dhcp set lab "$@"
	check_err $? "dhcp set $1"
}

# --- C16: names and numbers --------------------------------------------------------

test_begin "C16: 42, 119: NTP servers and the search list, whose names share their ends"
set_options ntp 10.77.0.123,10.77.0.124 search eng.example.net,example.net,lab.example.net
ask "$a" discover prl 119,42
check_field opts 53,54,51,58,59,1,119,42 opt.42 0a4d007b0a4d007c
check_field opt.119 "03$(hex eng)07$(hex example)03$(hex net)00c00403$(hex lab)c004"
check_eq "$(json ntp) $(json search)" \
	'["10.77.0.123","10.77.0.124"] ["eng.example.net","example.net","lab.example.net"]' "shown"
log_test

test_begin "C16: 26: the network's MTU of the moment, unless it is off"
ask "$a" discover prl 26
check_field opt.26 05dc
ctl network set lab mtu 1400
ask "$a" discover prl 26
check_field opt.26 0578
set_options mtu off
ask "$a" discover prl 26
check_field opt.26 absent
set_options mtu on
ctl network set lab mtu 1500
ask "$a" discover prl 3
check_field opt.26 absent
log_test

test_begin "C16: who asks for nothing is told all that old clients understand"
set_options router 10.77.0.254 option 252=00 routes 10.1.0.0/16-10.77.0.2 v6only 30m
ask "$a" discover
check_field opts 53,54,51,58,59,1,3,26,28,42,119,252
log_test

test_begin "C16: none forgets"
set_options ntp none search none option none routes none v6only none router none
check_eq "$(json ntp)$(json search)$(json option)$(json routes) $(json v6only)" "[][][][] 0" "shown"
ask "$a" discover prl 3,42,108,119,121,252
check_field opts 53,54,51,58,59,1
log_test

# --- C14: routes -----------------------------------------------------------------

test_begin "C14: 121 and 249: significant octets, and the default through the router"
set_options router 10.77.0.254 routes 10.1.0.0/16-10.77.0.2,192.0.2.1/32-0.0.0.0
ask "$a" discover prl 121,3,249
check_field opts 53,54,51,58,59,1,121,3,249
check_field opt.121 100a010a4d000220c000020100000000000a4d00fe opt.249 "${R[opt.121]}"
check_eq "$(json routes)" '["10.1.0.0/16-10.77.0.2","192.0.2.1/32-0.0.0.0"]' "shown"
log_test

test_begin "C14: a default route of their own stands alone, and they are told if asked for"
set_options routes 0.0.0.0/0-10.77.0.253
ask "$a" discover prl 121,3
check_field opt.121 000a4d00fd opt.3 0a4d00fe
ask "$a" discover prl 3
check_field opt.121 absent
log_test

# many_routes N
many_routes()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '%s192.0.2.%s/32-10.77.0.2' "$([ "$i" = 0 ] || echo ,)" "$i"
	done
}

test_begin "C10: what is longer than 255 octets goes in two pieces, where there is room"
set_options routes "$(many_routes 32)"
ask "$a" discover prl 121,3 max 1500
check_field opts 53,54,51,58,59,1,121,121,3
check_eq "${#R[opt.121]}" "$((2 * (32 * 9 + 5)))" "digits of 121"
check_match "${R[opt.121]}" '^20c00002000a4d000220c00002010a4d0002.*20c000021f0a4d0002000a4d00fe$' "121"
ask "$a" discover prl 121,3
check_field opts 53,54,51,58,59,1,3
set_options routes none
log_test

# --- C10: any option by number -----------------------------------------------------

test_begin "C10: options by number, in pieces if they are long, empty if they are"
long=$(repeat 300 5a)
set_options option "43=$long,150=0a:4d:00:05,252="
ask "$a" discover prl 252,150,43,3 max 1500
check_field opts 53,54,51,58,59,1,252,150,43,43,3 opt.43 "$long" opt.150 0a4d0005 opt.252 ""
check_eq "$(json option)" "[\"43=$long\",\"150=0a4d0005\",\"252=\"]" "shown"
log_test

test_begin "C7, C9: what does not fit is left out whole, the relay's option is last"
ask "$a" discover prl 43,150,3 giaddr 10.77.0.9 opt 82:0102 opt 61:"$(repeat 100 ab)"
check_field opts 53,54,61,51,58,59,1,150,3,82
set_options option none
log_test

# --- C15: machines that boot -----------------------------------------------------------

# shellcheck disable=SC2016 # iPXE's own, not the shell's
url='http://10.77.0.69/boot.ipxe?mac=${net0/mac}'
set_options next-server 10.77.0.69 tftp-server boot.example.net boot-file pxelinux.0 \
	boot-file-arch 7=grubx64.efi,11=grubaa64.efi,16=http://10.77.0.69/shim.efi \
	boot-file-ipxe "$url"

test_begin "C15: siaddr, sname and file, 66 and 67"
ask "$a" discover prl 66,67,3
check_field siaddr 10.77.0.69 sname.text boot.example.net file.text pxelinux.0 \
	opt.66 "$(hex boot.example.net)" opt.67 "$(hex pxelinux.0)"
ask "$a" discover prl 3
check_field file.text pxelinux.0 opt.67 absent
log_test

test_begin "C15: nothing of it in a NAK"
ask "$a" request requested 10.78.0.5
check_field type nak siaddr 0.0.0.0 sname zero file zero
log_test

test_begin "C15: by architecture (93), the first that has a file"
ask "$a" discover opt 93:0007 prl 67
check_field file.text grubx64.efi opt.67 "$(hex grubx64.efi)"
ask "$a" discover opt 93:0000 prl 67
check_field file.text pxelinux.0
ask "$a" discover opt 93:0006000b prl 67
check_field file.text grubaa64.efi
log_test

test_begin "C15: iPXE gets its own, by its user class (77) or its option (175)"
ask "$a" discover opt 93:0007 opt "77:$(hex iPXE)"
check_field file.text "$url"
ask "$a" discover opt 175:b105018086100e prl 67
check_field file.text "$url" opt.67 "$(hex "$url")"
ask "$a" discover opt 93:0007 opt "77:$(hex iPX)"
check_field file.text grubx64.efi
log_test

test_begin "C15: UEFI's HTTP boot is told HTTPClient (60) with a URL; a PXE ROM is not told its own class"
ask "$a" discover opt "60:$(hex HTTPClient:Arch:00016:UNDI:003001)" opt 93:0010 prl 1,67
check_field opts 53,54,51,58,59,1,60,67 opt.60 "$(hex HTTPClient)" file.text http://10.77.0.69/shim.efi
ask "$a" discover opt "60:$(hex PXEClient:Arch:00007:UNDI:003001)" opt 93:0007 prl 1,60,67
check_field opts 53,54,51,58,59,1,67
log_test

test_begin "C15: what a PXE ROM needs beyond that is told by number (43, 60), 175 too"
set_options option "43=060108,60=$(hex PXEClient),175=b00101"
ask "$a" discover opt "60:$(hex PXEClient:Arch:00007)" prl 43,60,67,175
check_field opt.43 060108 opt.60 "$(hex PXEClient)" opt.175 b00101
set_options option none
log_test

test_begin "C9: fields that are in use are not lent to options"
set_options dns 10.77.0.53,10.77.0.54 wins 10.77.0.55 domain "$(repeat 60 a).example.net"
ask "$a" discover id "$(repeat 250 ab)" prl 6,44,15
check_field opt.52 absent file.text pxelinux.0 sname.text boot.example.net opt.15 absent
set_options boot-file none boot-file-arch none boot-file-ipxe none tftp-server none next-server none
ask "$a" discover id "$(repeat 250 ab)" prl 6,44,15
check_field siaddr 0.0.0.0 opt.52 01 file.opts 15
set_options dns none wins none domain none
log_test

# --- C17: without IPv4 -----------------------------------------------------------

test_begin "C17: 108 only if it is asked for and enabled; who wants an address gets one"
ask "$a" discover prl 1,108
check_field opt.108 absent
set_options v6only 30m
ask "$a" discover prl 1,108
check_field type offer opt.108 00000708
ask "$a" discover prl 1,3
check_field opt.108 absent
ask "$a" get mac "$(mac 1)" prl 1,108
check_field type ack opt.108 00000708
set_options v6only none
log_test

# --- C18: no address left ---------------------------------------------------------

ctl -f dhcp set lab range 10.77.0.20-10.77.0.20 auto-configure off
bind "$a" "$(mac 1)" >/dev/null

test_begin "C18: 116: no address, and none of the link either"
ask "$a" discover mac "$(mac 2)" opt 116:01
check_field type offer yiaddr 0.0.0.0 opts 53,54,116 opt.116 00 ip.dst 255.255.255.255
set_options auto-configure on
ask "$a" discover mac "$(mac 2)" opt 116:01
check_field type offer yiaddr 0.0.0.0 opt.116 01
log_test

test_begin "C18: only if asked for, only if there is none, only if it is set"
check_silent "$a" discover mac "$(mac 2)"
check_silent "$a" discover mac "$(mac 2)" opt 116:0101
ask "$a" discover mac "$(mac 1)" opt 116:01
check_field type offer yiaddr 10.77.0.20 opt.116 absent
set_options auto-configure none
check_silent "$a" discover mac "$(mac 2)" opt 116:01
set_options range 10.77.0.20-10.77.0.219
log_test

# --- C19: two messages ---------------------------------------------------------------

test_begin "C19: 80 in a DISCOVER: the lease at once, by an ACK that says so"
ask "$a" discover mac "$(mac 3)" opt 80:
check_field type offer opt.80 absent
set_options rapid-commit on
offers=$(dhcp_count lab offers) acks=$(dhcp_count lab acks)
ask "$a" discover mac "$(mac 3)" opt 80: prl 3
check_field type ack opts 53,54,80,51,58,59,1,3 opt.51 00000e10 ciaddr 0.0.0.0
check_eq "$(lease_value lab "${R[yiaddr]}" state)" bound "state"
check_eq "$(($(dhcp_count lab offers) - offers)) $(($(dhcp_count lab acks) - acks))" "0 1" "offers and ACKs"
log_test

test_begin "C19: not to who does not ask for it, nor if it has another form"
ask "$a" discover mac "$(mac 4)"
check_field type offer opt.80 absent
ask "$a" discover mac "$(mac 4)" opt 80:00
check_field type offer opt.80 absent
ask "$a" get mac "$(mac 4)" opt 80: requested 10.77.0.99
check_field type ack opt.80 absent
log_test

test_begin "C19: a renewal is none"
ask "$a" request mac "$(mac 3)" ciaddr "$(bind "$a" "$(mac 3)")" opt 80:
check_field type ack opt.80 absent
log_test

# --- exclusions --------------------------------------------------------------------

test_begin "what is excluded is given to nobody"
ctl -f dhcp set lab range 10.77.0.100-10.77.0.104
set_options exclude 10.77.0.101-10.77.0.103,10.77.0.200
check_eq "$(json exclude)" '["10.77.0.101-10.77.0.103","10.77.0.200"]' "shown"
check_eq "$(for i in 5 6 7; do bind "$a" "$(mac $i)"; done | sort | paste -sd' ')" \
	"10.77.0.100 10.77.0.104 none" "addresses"
check_answer "$a" nak request mac "$(mac 7)" requested 10.77.0.102
log_test

test_begin "a lease in use is not excluded, but by force"
set_refused '1 leases in use would end: 10\.77\.0\.104; use force' exclude 10.77.0.104
ctl -f dhcp set lab exclude 10.77.0.104
check_err $? "by force"
check_eq "$(lease_value lab 10.77.0.104 state)" "" "a lease"
check_answer "$a" nak request mac "$(mac 6)" ciaddr 10.77.0.104
log_test

test_begin "time servers, routers of routes and the boot server are nobody's address either"
ctl -f dhcp set lab none
set_options subnet 10.77.0.0/24 range 10.77.0.100-10.77.0.103 ntp 10.77.0.100 \
	routes 10.1.0.0/16-10.77.0.101 next-server 10.77.0.102
check_eq "$(for i in 5 6; do bind "$a" "$(mac $i)"; done | sort | paste -sd' ')" \
	"10.77.0.103 none" "addresses"
log_test

# --- refusals --------------------------------------------------------------------------

ctl -f dhcp set lab none
set_options subnet 10.77.0.0/24

# not_set PATTERN WORD...: dhcp set lab with these is refused with this sentence.
not_set()
{
	local pattern=$1

	shift
	refused 2 "$pattern" ctl dhcp set lab "$@"
}

before=$(settings_but_leases)

test_begin "refused: what no client could be told"
not_set '224\.0\.0\.1 is not a server.s address' ntp 224.0.0.1
not_set '127\.0\.0\.1 is not the address of a TFTP server' next-server 127.0.0.1
not_set 'A TFTP server.s name is labels of letters' tftp-server 'a b'
not_set 'A boot file.s name has printable ASCII' boot-file 'a b'
not_set 'A boot file.s name has printable ASCII' boot-file-ipxe $'a\x1b[2J'
not_set 'A boot file.s name has printable ASCII' boot-file-arch $'7=a\nb'
log_test

test_begin "refused: search lists"
for domain in a..b -a a_ü "$(repeat 64 a)" 'a;b'; do
	not_set 'A domain to search in is labels of letters' search "good.net,$domain"
done
not_set 'Clients search in 16 domains at most' search "$(printf 'd%d.net,' {1..16})last.net"
not_set 'The search list does not fit into 512 octets' \
	search "$(for i in {1..9}; do printf '%s%s,' "$i" "$(repeat 62 x)"; done)net"
log_test

test_begin "refused: routes"
not_set 'The route to 10\.1\.2\.0/16 does not begin where a subnet does: 10\.1\.0\.0/16 would' \
	routes 10.1.2.0/16-10.77.0.2
not_set 'There are two routes to 10\.1\.0\.0/16' routes 10.1.0.0/16-10.77.0.2,10.1.0.0/16-10.77.0.3
not_set 'The router of a route 10\.78\.0\.1 is not in 10\.77\.0\.0/24' routes 10.1.0.0/16-10.78.0.1
not_set 'Clients are told of 32 routes at most' routes "$(many_routes 33)"
log_test

test_begin "refused: boot files by architecture"
not_set 'There are two boot files for architecture 7' boot-file-arch 7=a,7=b
not_set '8 architectures at most have a boot file of their own' \
	boot-file-arch "$(printf '%d=f,' {1..8})9=f"
log_test

test_begin "refused: options that are the server's, or have a word"
for code in 0 1 12 50 59 61 82 93 255; do
	not_set "Option $code is not the network's to tell" option "$code=00"
done
for word in 3=router 26=mtu 67=boot-file 108=v6only 121=routes 249=routes; do
	not_set "Option ${word%=*} has a word of its own: ${word#*=}" option "${word%=*}=00"
done
log_test

test_begin "refused: too many options, twice the same one, too many octets"
not_set 'Option 43 is there twice' option 43=01,43=02
not_set 'A network has 16 options by number at most' option "$(printf '%d=00,' {160..175})176=00"
not_set 'Options by number have 1024 octets together at most' \
	option "43=$(repeat 1000 00),150=$(repeat 25 00)"
log_test

test_begin "refused: times and exclusions"
not_set 'Clients do without IPv4 for 300 seconds at least' v6only 299
not_set '10\.78\.0\.9, which no client shall get, is not in 10\.77\.0\.0/24' exclude 10.77.0.9-10.78.0.9
not_set '10\.76\.0\.9, which no client shall get, is not in 10\.77\.0\.0/24' exclude 10.76.0.9
not_set '10\.77\.0\.9-10\.77\.0\.8 ends before it begins' exclude 10.77.0.9-10.77.0.8
not_set 'A network has 32 exclusions at most' exclude "$(printf '10.77.0.%d,' {1..32})10.77.0.33"
log_test

test_begin "what was refused has changed nothing"
check_eq "$(settings_but_leases)" "$before" "settings"
log_test

test_begin "refused: a subnet that routers of routes, or exclusions, are not in"
set_options routes 10.1.0.0/16-10.77.0.2
not_set 'The router of a route 10\.77\.0\.2 is not in 10\.76\.0\.0/24' subnet 10.76.0.0/24
set_options routes none exclude 10.77.0.9
not_set '10\.77\.0\.9, which no client shall get, is not in 10\.76\.0\.0/24' subnet 10.76.0.0/24
set_options exclude none
log_test

# not_sent PATTERN WORD...: what vmnetctl itself does not take.
not_sent()
{
	local pattern=$1

	shift
	refused 1 "$pattern" ctl dhcp set lab "$@"
}

test_begin "what is no list is not even sent"
not_sent 'not a list of domains' search a,,b
not_sent 'not a list of domains' search a,
not_sent 'not a list of routes' routes 10.1.0.0-10.77.0.2
not_sent 'not a list of routes' routes 10.1.0.0/33-10.77.0.2
not_sent 'not a list of routes' routes 10.1.0.0/16
not_sent 'not a list of architectures' boot-file-arch 7
not_sent 'not a list of architectures' boot-file-arch 65536=a
not_sent 'not a list of options' option 43
not_sent 'not a list of options' option 256=00
not_sent 'not a list of options' option 43=0
not_sent 'not a list of addresses' exclude 10.77.0.9-
log_test

test_begin "the longest settings are shown, alone and among all"
set_options search "$(for i in {1..16}; do printf '%s%s' "${comma-}" "$i.$(repeat 60 x).$(repeat 60 y).$(repeat 60 z).$(repeat 60 w)"; comma=,; done)" \
	routes "$(many_routes 32)" option "43=$(repeat 1009 5a),$(printf '%d=00,' {160..173})174=00" \
	boot-file "$(repeat 255 a)" boot-file-ipxe "$(repeat 255 b)" \
	exclude "$(printf '10.77.0.%d-10.77.0.200,' {101..131})10.77.0.132"
set_options boot-file-arch "$(for i in {1..7}; do printf '%s' "$i=$(repeat 255 c),"; done)8=$(repeat 255 c)"
check_eq "$("$VMNETCTL" -j dhcp show lab | jq -r '.[0] | [(.search, .routes, .option, .["boot-file-arch"], .exclude) | length] | join(" ")')" \
	"16 32 16 8 32" "alone"
check_eq "$("$VMNETCTL" -j dhcp show | jq -r '.[] | select(.network == "lab") | [(.search, .routes, .option, .["boot-file-arch"], .exclude) | length] | join(" ")')" \
	"16 32 16 8 32" "among all"
for word in search routes option boot-file-arch exclude; do
	before=$(json "$word")
	set_options "$word" "$(jq -r 'join(",")' <<<"$before")"
	check_eq "$(json "$word")" "$before" "$word, set as it was shown"
done
ask "$a" discover max 1500 prl 43,119,121,67
check_field type offer
log_test

# --- the distribution's clients ------------------------------------------------------------

ctl -f dhcp set lab none
ctl network set lab mtu 1400
set_options subnet 10.77.0.0/24 range 10.77.0.20-10.77.0.219 router 10.77.0.254 \
	routes 10.1.0.0/16-10.77.0.2,10.2.3.0/24-10.77.0.3 ntp 10.77.0.123 dns 10.77.0.53 \
	search eng.example.net,example.net next-server 10.77.0.69 boot-file pxelinux.0 \
	option 150=0a4d0045 rapid-commit on

# has_address NETNS: one of the network's.
has_address()
{
	ip -n "$1" -4 -o addr show dev eth0 | grep -q 'inet 10\.77\.0\.'
}

# routes_of NETNS: destinations and routers.
routes_of()
{
	ip -n "$1" -4 route show dev eth0 | sed -nE 's/^([^ ]*) via ([^ ]*).*/\1-\2/p' | sort | paste -sd' '
}

cat >"$tmp/script" <<'END'
#!/bin/sh
env >"$(dirname "$0")/env.$1${reason-}"
END
chmod +x "$tmp/script"

# told FILE NAME: what a client's script was told.
told()
{
	sed -n "s/^$2=//p" "$tmp/$1"
}

if command -v udhcpc >/dev/null; then
	test_begin "C14, C15, C16: udhcpc is told routes, MTU, search list, NTP and boot file"
	ip netns exec "$b" udhcpc -f -q -n -i eth0 -s "$tmp/script" -O staticroutes -O mtu \
		-O search -O ntpsrv -O bootfile -O 150 >"$tmp/out" 2>&1
	check_err $? "udhcpc: $(tail -n 1 "$tmp/out")"
	check_eq "$(told env.bound staticroutes)" \
		"10.1.0.0/16 10.77.0.2 10.2.3.0/24 10.77.0.3 0.0.0.0/0 10.77.0.254" "routes"
	check_eq "$(told env.bound mtu) $(told env.bound ntpsrv) $(told env.bound opt150)" \
		"1400 10.77.0.123 0a4d0045" "MTU, NTP, 150"
	check_eq "$(told env.bound search)" "eng.example.net example.net" "search list"
	check_eq "$(told env.bound siaddr) $(told env.bound boot_file) $(told env.bound bootfile)" \
		"10.77.0.69 pxelinux.0 pxelinux.0" "boot server, file and option 67"
	log_test
fi

if command -v dhclient >/dev/null; then
	test_begin "C14, C16: dhclient is told routes, MTU, search list and NTP"
	cat >"$tmp/dhclient.conf" <<-'END'
		option classless code 121 = array of unsigned integer 8;
		request subnet-mask, classless, routers, interface-mtu, domain-search,
			ntp-servers;
	END
	ip netns exec "$b" timeout $((60 * VMNET_SLOW)) dhclient -1 -cf "$tmp/dhclient.conf" -lf "$tmp/leases" \
		-pf "$tmp/dhclient.pid" -sf "$tmp/script" eth0 >"$tmp/out" 2>&1
	check_err $? "dhclient: $(tail -n 1 "$tmp/out")"
	[ ! -s "$tmp/dhclient.pid" ] || defer kill "$(cat "$tmp/dhclient.pid")"
	check_eq "$(told env.BOUND new_classless)" \
		"16 10 1 10 77 0 2 24 10 2 3 10 77 0 3 0 10 77 0 254" "routes"
	check_eq "$(told env.BOUND new_interface_mtu) $(told env.BOUND new_ntp_servers)" \
		"1400 10.77.0.123" "MTU, NTP"
	check_eq "$(told env.BOUND new_domain_search)" "eng.example.net. example.net." "search list"
	log_test
fi

if command -v dhcpcd >/dev/null; then
	test_begin "C14, C19: dhcpcd gets its address by two messages and sets its routes"
	offers=$(dhcp_count lab offers)
	defer ip netns exec "$c" dhcpcd -4 -x eth0
	ip netns exec "$c" timeout $((60 * VMNET_SLOW)) dhcpcd -4 --noipv6rs eth0 >"$tmp/out" 2>&1
	check_err $? "dhcpcd: $(tail -n 3 "$tmp/out")"
	has_address "$c"
	check_err $? "no address"
	check_eq "$(($(dhcp_count lab offers) - offers))" 0 "offers"
	check_eq "$(routes_of "$c")" \
		"10.1.0.0/16-10.77.0.2 10.2.3.0/24-10.77.0.3 default-10.77.0.254" "routes"
	log_test
fi

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
