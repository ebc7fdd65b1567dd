#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The test machine's NICs, without vmnet: what the tests of uplinks rest on.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/niclib.sh"

setup_nics host1 host2 host3
require_cables
make_lan || exit 1

for role in host1 host2 host3; do
	# So that each can only reach the LAN by its own cable.
	test_begin "$role carries a ping to the LAN"
	ip addr add 192.0.2.2/24 dev "${!role}"
	ip addr add 2001:db8::2/64 dev "${!role}" nodad
	nic_up "${!role}"
	check_err $? "no carrier"
	busywait 10 pings '' 192.0.2.1
	check_err $? "no answer by IPv4"
	busywait 10 pings '' 2001:db8::1
	check_err $? "no answer by IPv6"
	log_test

	test_begin "the LAN's switch has learned it behind ${role/host/lan}"
	lan_knows "$(nic_mac "$role")" "${role/host/lan}"
	check_err $? "it is at $(lan_port_of "$(nic_mac "$role")")"
	log_test

	test_begin "$role filters by address: a frame for another does not arrive"
	check_frames 1 "control: for all" rx ":${!role}" want 1 tx "$lan:sw" pause 1000
	check_frames 0 "for a stranger" rx ":${!role}" fence "$lan:sw" \
		tx "$lan:sw" dst 02:00:5e:00:53:01
	log_test

	# The driver of the e1000e leaves that filter off in QEMU's.
	test_begin "$role filters by VLAN"
	[ "$role" = host2 ] ||
		check_frames 0:- "in VLAN 7" tags 1 rx ":${!role}" fence "$lan:sw" \
			tx "$lan:sw" vlan 7
	ip link add link "${!role}" name seven type vlan id 7
	ip link set seven up
	check_frames 1:7 "in VLAN 7, with a VLAN device" tags 1 rx ":${!role}" fence "$lan:sw" \
		tx "$lan:sw" vlan 7
	ip link del seven
	log_test

	test_begin "$role: its cable is pulled"
	link_set "$role" off
	check_err $? "link_set off"
	busywait 10 has_carrier '' "${!role}" 0
	check_err $? "carrier still"
	check_eq "$(cat "/sys/class/net/${!role}/carrier")" 0 "carrier"
	pings '' 192.0.2.1
	check_fail $? "it still carries a ping"
	log_test

	test_begin "$role: and plugged in again"
	link_set "$role" on
	check_err $? "link_set on"
	busywait 20 has_carrier '' "${!role}" 1
	check_err $? "no carrier"
	busywait 10 pings '' 192.0.2.1
	check_err $? "no answer"
	log_test
	bare_nic "${!role}"
done

test_begin "the LAN's DHCP server answers"
lan_dhcp
check_err $? "dnsmasq does not start"
nic_up "$host1"
got=$("$VMNET_BIN/dhcpc" "$host1" get mac "$(nic_mac host1)" 2>&1)
check_match "$got" 'yiaddr=192\.0\.2\.1[0-4][0-9]' "answer"
log_test

test_begin "a capture has what was sent, with its tags"
start_capture "$lan" "$lan1" ether proto 0x88b5 or vlan
frame rx "$lan:$lan1" want 2 tx ":$host1" tx ":$host1" vlan 9 >/dev/null
got=$(captured)
check_match "$got" "$(nic_mac host1) > ff:ff:ff:ff:ff:ff, ethertype Unknown \(0x88b5\)" "untagged"
check_match "$got" 'ethertype 802\.1Q \(0x8100\).* vlan 9, ' "tagged"
log_test

test_begin "when the LAN's namespace goes, the NICs come back"
cleanup
check_eq "$(nic_by_role lan1) $(nic_by_role lan2) $(nic_by_role lan3)" \
	"$lan1 $lan2 $lan3" "their names"
log_test

test_end
