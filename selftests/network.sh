#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Networks: how they are made, shown, changed and told of.
#
#	   lab
#	    ├── pa   a:eth0
#	    └── pb   b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b=''

# --- by ip link -----------------------------------------------------------------------

defer ctl reset
test_begin "ip link add makes a network, which is off"
ip link add lab type vmnet
check_err $? "ip link add"
check_eq "$(network_value lab up)" false "up"
log_test

test_begin "ip link set up switches it on"
ip link set lab up
check_eq "$(network_value lab up)" true "up"
log_test

test_begin "ip -d -j link tells its kind and whether the host is in it"
got=$(ip -d -j link show lab | jq -r '.[0] | "\(.linkinfo.info_kind) \(.mtu) \(.min_mtu) \(.max_mtu) \(.link_type)"')
check_eq "$got" "vmnet 1500 68 65535 ether" "kind, MTU, smallest, largest, type"
log_test

test_begin "ip link del takes it away, by kind too"
ip link add lab2 type vmnet
ip link del lab2 type vmnet
check_err $? "ip link del"
ctl network exists lab2
check_status $? 3 "network exists"
log_test

test_begin "a netdev name with a number to be filled in"
ip link add name "net%d" type vmnet
check_err $? "ip link add"
ctl network exists net0
check_err $? "network exists net0"
ctl network del net0
log_test

# --- by vmnetctl ----------------------------------------------------------------------

ctl network del lab
test_begin "network add makes one that is on, without the host"
ctl network add lab
check_err $? "network add"
got=$("$VMNETCTL" -j network show lab | jq -r '.[0] | "\(.up) \(.host) \(.mtu) \(.["ports-attached"]) \(.label) \(.notes)"')
check_eq "$got" "true false 1500 0  " "up, host, MTU, ports, label, notes"
log_test

test_begin "its words are taken in one line"
ctl network add lab2 label "The <second> \"lab\" ä" notes $'two\nlines\tof notes' mtu 9000 host on
check_err $? "network add"
got=$("$VMNETCTL" -j network show lab2 | jq -c '.[0] | [.label, .notes, .mtu, .host]')
check_eq "$got" '["The <second> \"lab\" ä","two\nlines\tof notes",9000,true]' "label, notes, MTU, host"
log_test

test_begin "label and notes are changed and cleared"
ctl network set lab2 label other notes none
check_err $? "network set"
check_eq "$(network_value lab2 label) $(network_value lab2 notes)" "other " "label, notes"
ctl network set lab2 label none
check_eq "$(network_value lab2 label)" "" "label"
log_test

long_label=$(printf '%255s' x | tr ' ' l)
long_notes=$(printf '%2047s' x | tr ' ' n)
test_begin "a label of 255 octets and notes of 2047 are kept whole"
ctl network set lab2 label "$long_label" notes "$long_notes"
check_err $? "network set"
check_eq "$(network_value lab2 label)" "$long_label" "label"
check_eq "$(network_value lab2 notes)" "$long_notes" "notes"
log_test

test_begin "keys that are not named keep their values"
ctl network set lab2 mtu 2000
check_eq "$(network_value lab2 label) $(network_value lab2 host)" "$long_label true" "label, host"
log_test

test_begin "network show lists all, in JSON for jq and as a table"
check_eq "$("$VMNETCTL" -j network show | jq -r '[.[].name] | sort | join(" ")')" "lab lab2" "names"
check_match "$("$VMNETCTL" network)" "NETWORK.*lab .*lab2 " "table"
log_test

test_begin "network exists: 0, or 3"
ctl network exists lab
check_err $? "lab"
"$VMNETCTL" network exists nolab 2>/dev/null
check_status $? 3 "nolab"
log_test

test_begin "network del deletes it"
ctl network del lab2
check_err $? "network del"
ip link show lab2 >/dev/null 2>&1
check_fail $? "its netdev is still there"
log_test

# --- names ----------------------------------------------------------------------------

ctl network del lab
make_lab a b || exit 1
ip -n "$a" addr add 192.0.2.1/24 dev eth0
ip -n "$b" addr add 192.0.2.2/24 dev eth0

test_begin "a network is renamed, and its ports stay in it and at work"
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping to begin with"
ip link set lab down
ctl network set lab name office
check_err $? "network set name"
ip link set office up
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping after it"
check_eq "$(port_value pa network) $(port_value pb network)" "office office" "the ports' network"
log_test

test_begin "its /sys folder and its old name: there and gone"
[ -d /sys/class/net/office/vmnet/ports/pa ]
check_err $? "no /sys/class/net/office/vmnet/ports/pa"
"$VMNETCTL" network exists lab 2>/dev/null
check_status $? 3 "network exists lab"
log_test

test_begin "its address stays when it is renamed"
mac=$(network_value office mac)
ip link set office down
ip link set office name lab
ip link set lab up
check_eq "$(network_value lab mac)" "$mac" "address"
log_test

# --- MTU ------------------------------------------------------------------------------

test_begin "the ports' MTU follows the network's"
ctl network set lab mtu 9000
check_err $? "network set mtu"
check_eq "$(port_value pa mtu) $(port_value pb mtu)" "9000 9000" "MTU of the ports"
log_test

test_begin "so that jumbo frames pass"
check_frames 5 "of 9014 octets" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "@$b:eth0" len 9014 count 5
ip netns exec "$a" ping -q -c 2 -i 0.1 -M "do" -s 8972 192.0.2.2 >/dev/null
check_err $? "ping of 9000 octets"
log_test

test_begin "also when it is set by ip link"
ip link set lab mtu 1400
check_eq "$(port_value pa mtu) $(network_value lab mtu)" "1400 1400" "MTU of port and network"
log_test

test_begin "65535 is the largest, and such frames pass"
ctl network set lab mtu 65535
check_err $? "network set mtu 65535"
check_frames 3 "of 65549 octets" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "@$b:eth0" len 65549 count 3
log_test

test_begin "68 is the smallest, and such frames pass"
ctl network set lab mtu 68
check_err $? "network set mtu 68"
check_eq "$(port_value pa mtu)" 68 "MTU of the port"
check_frames 3 "of 82 octets" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "@$b:eth0" len 82 count 3
log_test

test_begin "a port whose MTU was set by hand does not follow"
ctl port set pa mtu 600
ctl network set lab mtu 1500
check_eq "$(port_value pa mtu) $(port_value pa mtu-auto) $(port_value pb mtu)" "600 false 1500" \
	"MTU of pa, whether it follows, of pb"
log_test

test_begin "nor one whose MTU its owner has set"
ip -n "$b" link set eth0 mtu 700
ctl network set lab mtu 1600
check_eq "$(port_value pb mtu) $(port_value pb mtu-auto)" "700 false" "MTU of pb, whether it follows"
log_test

test_begin "until it is told to again"
ctl port set pa mtu auto
ctl port set pb mtu auto
check_eq "$(port_value pa mtu) $(port_value pb mtu) $(port_value pb mtu-auto)" "1600 1600 true" \
	"MTU of pa, of pb, whether it follows"
ctl network set lab mtu 1500
log_test

# --- events ---------------------------------------------------------------------------

events=$(mktemp)
defer rm -f "$events"
# Appending, so that it may be emptied.
"$VMNETCTL" -j monitor >>"$events" &
monitor=$!
defer kill "$monitor"

# told NOUN EVENT NAME [JQ-CONDITION]
told()
{
	jq -e -s --arg noun "$1" --arg event "$2" --arg name "$3" \
		"any(.[]; .noun == \$noun and .event == \$event and .[\$noun].name == \$name and (.[\$noun] | ${4:-true}))" \
		"$events" >/dev/null
}

# event COMMAND...: runs it until the monitor, which may not listen yet, tells of something.
listens()
{
	ctl network set lab label listening
	[ -s "$events" ]
}
busywait 10 listens

# tells CLAIM NOUN EVENT NAME CONDITION COMMAND...
tells()
{
	test_begin "an event tells of $1"
	: >"$events"
	"${@:6}"
	check_err $? "${*:6}"
	busywait 5 told "$2" "$3" "$4" "$5"
	check_err $? "not told: $(<"$events")"
	log_test
}

tells "a new network" network new new 'true' ip link add new type vmnet
tells "a network that goes up" network change new '.up' ip link set new up
tells "its label" network change new '.label == "text"' "$VMNETCTL" network set new label text
tells "its MTU" network change new '.mtu == 1300' "$VMNETCTL" network set new mtu 1300
tells "its MTU by ip link" network change new '.mtu == 1200' ip link set new mtu 1200
tells "the host's membership" network change new '.host' "$VMNETCTL" network set new host on
tells "the host's address" network change new '.mac == "02:00:5e:10:00:01"' ip link set new address 02:00:5e:10:00:01
tells "a network that goes down" network change new '.up == false' ip link set new down
tells "its new name" network change new2 'true' ip link set new name new2
tells "a new port" port new p9 '.network == "new2"' "$VMNETCTL" port add p9 network new2
test_begin "the first that is told of a new port is that it is new"
check_eq "$(jq -r -s '[.[] | select(.noun == "port")][0].event' "$events")" new "the first event"
log_test

tells "a detached port" port change p9 '.state == "detached"' "$VMNETCTL" port detach p9
tells "an attached port" port change p9 '.network == "new2"' "$VMNETCTL" port attach p9 network new2
tells "a moved port" port change p9 '.network == "lab"' "$VMNETCTL" port move p9 network lab
tells "a port's machine" port change p9 '.vm == "box"' "$VMNETCTL" port set p9 vm box
tells "a port's MTU" port change p9 '.mtu == 1300' "$VMNETCTL" port set p9 mtu 1300
tells "a port's MTU that its owner sets" port change p9 '.mtu == 1301' ip link set p9 mtu 1301
tells "a port's address" port change p9 '.mac == "02:00:5e:10:00:02"' "$VMNETCTL" port set p9 mac 02:00:5e:10:00:02
tells "a port's address that its owner sets" port change p9 '.mac == "02:00:5e:10:00:03"' \
	ip link set p9 address 02:00:5e:10:00:03
tells "a port's guards" port change p9 '."guard-mac" == false' "$VMNETCTL" port set p9 guard-mac off
tells "a port that goes down" port change p9 '.state == "down"' ip link set p9 down
tells "a port that goes up" port change p9 '.state == "up"' ip link set p9 up
tells "a port's new name" port change p10 '.ifname == "p9"' "$VMNETCTL" port set p9 name p10
ip link set p9 down
tells "its netdev's new name" port change p10 '.ifname == "x9"' "$VMNETCTL" port set p10 ifname x9
tells "a port in another namespace" port change p10 'has("netnsid")' "$VMNETCTL" port set p10 netns "$a"
tells "a deleted port" port del p10 'true' "$VMNETCTL" port del p10
ctl port add p11 network new2
tells "a port that its network leaves" port change p11 '.state == "detached"' "$VMNETCTL" network del new2
tells "a network that is deleted" network del lab 'true' ip link del lab
tells "a port that goes with its namespace" port del pb 'true' ip netns del "$b"

test_begin "a deleted network's ports are detached, not deleted, and have no carrier"
check_eq "$(port_value pa state)" detached "state of pa"
busywait 5 carrier "$a" eth0 0
check_err $? "pa has a carrier"
log_test

test_end
