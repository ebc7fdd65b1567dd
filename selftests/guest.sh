#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two virtual machines on taps, run by ordinary users; see guestlib.sh. They are
# booted once for all claims. GUEST_MB is what is transferred each way (1).
#
#	   lab 192.0.2.0/24            dmz 198.51.100.0/24
#	    ├── g1   QEMU of user 1001, by vmnet-helper
#	    ├── g2   QEMU of user 1002, by port open, with vhost-net if there is
#	    ├── pc   c:eth0
#	   up0       (veth) w:eth0
#
# With GUEST_BOOTS=1 (guest_long.sh) they boot themselves, with memory for the file,
# instead of going on from the state of one that has.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
# shellcheck source=selftests/guestlib.sh
. "$(dirname "$0")/guestlib.sh"

require tcpdump
guest_setup
load_vmnet_tap
silence

MB=${GUEST_MB:-1}
# A guest's second is longer than ours, and it has a hundred thousand of our
# instructions to do for a kilobyte.
LONG=$((60 + 20 * MB))

defer ctl reset
c='' w=''
setup_ns c
silence "$c"
ctl -b - <<-BATCH
network add lab dhcp 192.0.2.0/24
network add dmz dhcp 198.51.100.0/24
port add g1 type tap network lab uid 1001
port add g2 type tap network lab uid 1002
port add pc network lab netns $c ifname eth0
BATCH
ip -n "$c" addr add 192.0.2.250/24 dev eth0

vhost=off
modprobe -q vhost_net
if [ -e /dev/vhost-net ]; then
	vhost=on
	chmod 666 /dev/vhost-net
fi

test_begin "two guests run, as ordinary users"
memory=0
# What is sent and what has come are both in a file system that takes half of it.
[ -z "${GUEST_BOOTS:-}" ] || memory=$((144 + 5 * MB))
guest_boot g1 1001 $memory "bridge,id=n,br=g1,helper=$GUESTS/vmnet-helper"
if [ $vhost = on ]; then
	guest_boot g2 1002 $memory "tap,id=n,fd=3,vhost=on,vhostfd=4" -- \
		"$GUESTS/vmnetctl" port open g2 vhost on --
else
	guest_boot g2 1002 $memory "tap,id=n,fd=3" -- "$GUESTS/vmnetctl" port open g2 --
fi
started=$SECONDS
for name in g1 g2; do
	guest_ready $name 600 "$(cat /sys/class/net/$name/address)"
	check_err $? "$name does not boot: $(guest_last_words $name)"
done
echo "# booted in $((SECONDS - started)) s; vhost $vhost"
check_eq "$(stat -c %u "/proc/${GUEST_PID[g1]}" "/proc/${GUEST_PID[g2]}" | paste -sd' ')" \
	"1001 1002" "users"
check_eq "$(port_value g1 state) $(port_value g2 state)" "up up" "ports"
booted=$RET
log_test
# Without them every other claim would wait for its deadline.
[ "$booted" = 0 ] || test_end

test_begin "each gets its address from vmnet's DHCP server"
for name in g1 g2; do
	guest_lease $name
	check_err $? "udhcpc in $name"
done
A1=$(guest_address g1) A2=$(guest_address g2)
check_eq "$A1" "$("$VMNETCTL" -j lease show lab |
	jq -r '.[] | select(.port == "g1") | .address')" "g1's, and its lease"
check_eq "$A2" "$("$VMNETCTL" -j lease show lab |
	jq -r '.[] | select(.port == "g2") | .address')" "g2's, and its lease"
log_test

test_begin "they reach each other and a nic, and it them"
guest_pings g1 "$A2"
check_err $? "g1 to g2"
guest_pings g2 192.0.2.250
check_err $? "g2 to the nic"
busywait 30 pings "$c" "$A1"
check_err $? "the nic to g1"
log_test

test_begin "$MB MB go both ways between them intact"
started=$SECONDS
for name in g1 g2; do
	guest_file $name "$MB"
	check_err $? "the file in $name"
done
timeout $((LONG * VMNET_SLOW)) tcpdump -n -c 1 -i g2 'tcp and greater 1600' \
	>"$GUESTS/super" 2>&1 &
watcher=$!
busywait 20 grep -q listening "$GUESTS/super" >/dev/null
check_err $? "tcpdump does not listen"
guest_transfer g1 g2 "$A2" 5001 $LONG
kill $watcher 2>/dev/null
wait $watcher
guest_transfer g2 g1 "$A1" 5002 $LONG
echo "# $((SECONDS - started)) s"
log_test

test_begin "some of it in super-packets larger than the MTU"
grep -q '^1 packet captured' "$GUESTS/super"
check_err $? "$(tail -n 3 "$GUESTS/super")"
log_test

test_begin "and between a guest and a nic"
mkfifo "$GUESTS/hold"
ip netns exec "$c" "$BUSYBOX" nc -l -p 5003 <>"$GUESTS/hold" >"$GUESTS/got" &
receiver=$!
listening() { ip netns exec "$c" ss -Htln sport = :5003 | grep -q .; }
busywait 10 listening
guest_ask g1 $LONG "nc 192.0.2.250 5003 </tmp/file"
check_err $? "nc in g1"
wait $receiver
sum=$(guest_ask g1 $LONG "md5sum </tmp/file")
check_eq "$(md5sum <"$GUESTS/got")" "$sum" "from g1"
guest_listen g2 5004 /tmp/got
ip netns exec "$c" "$BUSYBOX" nc "$A2" 5004 <"$GUESTS/got"
check_eq "$(guest_ask g2 $LONG "wait; md5sum </tmp/got; rm /tmp/got")" "$sum" "to g2"
rm "$GUESTS/got"
log_test

if [ $vhost = on ]; then
	test_begin "vhost-net carries g2's frames"
	# A thread of the kernel's; since 6.4, one of QEMU's.
	grep -qsx "vhost-${GUEST_PID[g2]}" /proc/[0-9]*/comm "/proc/${GUEST_PID[g2]}"/task/*/comm
	check_err $? "there is no thread of vhost's"
	log_test
else
	log_skip "no /dev/vhost-net" "vhost-net carries g2's frames"
fi

test_begin "they reach the host, and what is behind an uplink, and these them"
setup_ns w
silence "$w"
ip link add up0 type veth peer name eth0 netns "$w"
defer ip link del up0
ip link set up0 up
ip -n "$w" link set eth0 up
ip -n "$w" addr add 192.0.2.251/24 dev eth0
ctl network set lab uplink up0
check_err $? "uplink"
ctl network set lab host on
check_err $? "host on"
ip link set lab up
ip addr add 192.0.2.252/24 dev lab
guest_pings g1 192.0.2.252
check_err $? "g1 to the host"
busywait 30 pings '' "$A2"
check_err $? "the host to g2"
guest_pings g1 192.0.2.251
check_err $? "g1 to the uplink"
busywait 30 pings "$w" "$A2"
check_err $? "from the uplink to g2"
log_test

# --- pulled and plugged ------------------------------------------------------------

test_begin "detached, a guest is alone; attached, it is back"
ctl port detach g1
guest_ask g1 60 "ping -q -c 1 -W 2 192.0.2.250 >/dev/null"
check_fail $? "it is not alone"
ctl port attach g1 network lab
busywait 60 pings "$c" "$A1"
check_err $? "it is not back"
log_test

test_begin "moved while it runs, it gets an address there, and its own at home again"
ctl port move g1 network dmz
guest_lease g1
check_err $? "udhcpc"
check_match "$(guest_address g1)" "^198\.51\.100\." "its address there"
ctl port move g1 network lab
guest_lease g1
check_eq "$(guest_address g1)" "$A1" "its address back home"
log_test

test_begin "a stopped guest harms nobody"
kill -STOP "${GUEST_PID[g1]}"
before=$(drop_count lab g1 queue_full)
# Broadcasts fill its ring; the nic's unicasts to it, too.
frame tx "$c:eth0" count 1500 pause 100 >/dev/null
frame tx "$c:eth0" dst "$(cat /sys/class/net/g1/address)" count 500 >/dev/null
busywait 60 pings "$c" "$A2"
check_err $? "the nic does not reach g2 meanwhile"
busywait 60 guest_pings g2 192.0.2.250
check_err $? "g2 does not reach the nic meanwhile"
[ $(($(drop_count lab g1 queue_full) - before)) -gt 500 ]
check_err $? "queue_full of g1: $(($(drop_count lab g1 queue_full) - before))"
kill -CONT "${GUEST_PID[g1]}"
busywait 60 pings "$c" "$A1"
check_err $? "it does not answer when it goes on"
log_test

# Its ring has room for a thousand datagrams, its sender's socket for a tenth of that.
test_begin "nor holds its sender's memory"
ip -n "$c" neigh replace "$A1" lladdr "$(cat /sys/class/net/g1/address)" dev eth0
kill -STOP "${GUEST_PID[g1]}"
ip netns exec "$c" timeout $((30 * VMNET_SLOW)) bash -c "exec 5<>/dev/udp/$A1/9
	for ((i = 0; i < 700; i++)); do printf '%01400d' 0 >&5; done"
check_err $? "its sender waits"
kill -CONT "${GUEST_PID[g1]}"
log_test

# One figure is read after the other, so nobody may send meanwhile.
test_begin "the network's counters add up"
kill -STOP "${GUEST_PID[g1]}" "${GUEST_PID[g2]}"
check_balance lab
log_test

test_end
