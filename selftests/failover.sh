#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A team of two adapters below a network: its active cable is pulled from
# outside, and the physical switch learns where everybody is now.
#
#	  lab ── g:eth0, h:eth0 (silent)
#	   │
#	  team0 (active-backup)
#	   ├── host1 ── cable ── lan1 ─┐
#	   └── host3 ── cable ── lan3 ─┴─ sw (192.0.2.1)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/niclib.sh"

require tcpdump
require_cables
setup_nics host1 host3
make_lan lan1 lan3 || exit 1
load_vmnet
modprobe bonding max_bonds=0 || skip_all "there is no bonding"

g='' h=''
make_lab g h || exit 1
ctl team add team0 member "$host1,$host3" mode active-backup miimon 50 || exit 1
defer ctl team del team0
ip addr add 192.0.2.2/24 dev team0
busywait 20 has_carrier '' "$host1" 1 && busywait 20 has_carrier '' "$host3" 1
echo "$host1" >/sys/class/net/team0/bonding/active_slave

tmp=$(mktemp -d)
defer rm -rf "$tmp"
G=$(mac_of "$g" eth0)
H=$(mac_of "$h" eth0)
ip -n "$g" addr add 192.0.2.10/24 dev eth0
ip -n "$h" addr add 192.0.2.11/24 dev eth0

active_is()
{
	[ "$(cat /sys/class/net/team0/bonding/active_slave)" = "${!1}" ]
}

# start_pings NAME NETNS ADDRESS: 100 a second, in the background, 8 seconds.
start_pings()
{
	ip netns exec "$2" ping -i 0.01 -c $((800)) "$3" >"$tmp/$1" 2>&1 &
	PINGS+=($!)
	defer kill $!
}

# answered NAME N: so many by now.
answered()
{
	[ "$(grep -c 'bytes from' "$tmp/$1")" -ge "$2" ]
}

# check_pings NAME: less than a second's were lost, none came twice.
check_pings()
{
	local sent got

	read -r sent got < <(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' "$tmp/$1")
	check_eq "$sent" 800 "$1: sent"
	[ $((sent - got)) -lt 100 ] || fail_test "$1: $((sent - got)) of $sent lost"
	! grep -q 'DUP!\|duplicates' "$tmp/$1" ||
		fail_test "$1: $(grep -c 'DUP!' "$tmp/$1") came twice"
	echo "# $1: $((sent - got)) of $sent lost"
}

# fail_over FROM TO: pulls the cable of FROM, which is the active one.
fail_over()
{
	PINGS=()
	start_pings "guest-to-lan" "$g" 192.0.2.1
	start_pings "lan-to-guest" "$lan" 192.0.2.10
	busywait 20 answered guest-to-lan 150 && busywait 20 answered lan-to-guest 150
	check_err $? "control: pings are not answered"
	link_set "$1" off
	check_err $? "link_set $1 off"
	busywait 10 active_is "$2"
	check_err $? "team0 has not changed over"
	wait "${PINGS[@]}"
	check_pings guest-to-lan
	check_pings lan-to-guest
}

# --- bound to a team -------------------------------------------------------------------

test_begin "a member of a team is no uplink, the team is"
refused 2 "has a master already" "$VMNETCTL" network set lab uplink "$host1"
ctl network set lab uplink team0
check_err $? "uplink team0"
check_eq "$(network_value lab uplink-state)" up "state"
busywait 10 pings "$g" 192.0.2.1 && busywait 10 pings "$h" 192.0.2.1
check_err $? "the guests do not reach the LAN"
busywait 10 pings "$g" 192.0.2.2
check_err $? "g does not reach the host"
lan_knows "$G" lan1 && lan_knows "$H" lan1
check_err $? "the LAN's switch has them at $(lan_port_of "$G"), $(lan_port_of "$H")"
log_test

test_begin "the active cable is pulled: less than a second is lost, nothing comes twice"
start_capture "$lan" "$lan3" "arp or rarp"
fail_over host1 host3
log_test

test_begin "the LAN's switch has heard of every guest, also of one that says nothing"
# h has not sent anything.
busywait 2 lan_knows "$H" lan3
check_err $? "h is at $(lan_port_of "$H")"
lan_knows "$G" lan3
check_err $? "g is at $(lan_port_of "$G")"
got=$(captured)
for who in "$G" "$H"; do
	check_match "$got" "$who > ff:ff:ff:ff:ff:ff, ethertype (Reverse ARP|ARP)" "announced"
done
log_test

test_begin "its cable is plugged in again, that of the other pulled: the same"
link_set host1 on
busywait 20 has_carrier '' "$host1" 1
check_err $? "no carrier"
fail_over host3 host1
busywait 2 lan_knows "$H" lan1
check_err $? "h is at $(lan_port_of "$H")"
log_test

test_begin "both are pulled: the uplink is down, and up with either"
link_set host1 off
busywait 10 network_is lab uplink-state down
check_err $? "state is $(network_value lab uplink-state)"
link_set host3 on
busywait 20 network_is lab uplink-state up
check_err $? "state is $(network_value lab uplink-state)"
busywait 10 pings "$g" 192.0.2.1
check_err $? "g does not reach the LAN"
link_set host1 on
log_test

test_begin "guests of a VLAN are announced in it"
ctl network set lab uplink team0 vlan 10
ip -n "$lan" link add link sw name sw.10 type vlan id 10
ip -n "$lan" link set sw.10 up
busywait 20 has_carrier '' "$host1" 1
check_frames "1:10" "control: from h" tags 1 rx "$lan:$lan3" fence "$h:eth0" tx "$h:eth0"
start_capture "$lan" "$lan1" "vlan 10"
link_set host3 off
busywait 10 active_is host1 && busywait 5 lan_knows "$H" lan1
check_err $? "h is at $(lan_port_of "$H")"
check_match "$(captured)" "$H > ff:ff:ff:ff:ff:ff, ethertype 802\.1Q.* vlan 10, .*ARP" "announced"
log_test

test_begin "the counters balance"
check_balance lab
log_test

test_end
