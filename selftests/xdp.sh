#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# XDP on nics: what a program does with the frames for its port, what comes in by
# XDP, and that neither passes anything by.
#
#	   lab			 dmz
#	    ├── pa   a:eth0
#	    ├── pb   b:eth0	  ├── pe   b:eth1
#	    └── pc   c:eth0	  └── pf   c:eth1
#	             b:v0 ── v1	  (a cable, for want of a physical adapter)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/xdplib.sh"

require ethtool
load_vmnet_tap
silence
a='' b='' c=''
make_lab a b c || exit 1
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
STRANGER=02:00:5e:00:53:01

for name in pass drop back abort nonsense; do
	program "$name" "$name" || exit 1
done
program frags frags pass
program longer longer 8
ip netns exec "$b" "$VMNET_BIN/xdp" "$BPF/to-itself" redirect eth0

# counting NAME...: what they are at b now; counted: what they have grown by
counting()
{
	local name

	COUNTING=("$@")
	declare -gA COUNTED=()
	for name; do
		COUNTED[$name]=$(xdp_count "$b" eth0 "$name")
	done
}

counted()
{
	local name grown=()

	for name in "${COUNTING[@]}"; do
		grown+=($(($(xdp_count "$b" eth0 "$name") - COUNTED[$name])))
	done
	echo "${grown[*]}"
}

# --- what a program says ----------------------------------------------------------------

test_begin "XDP_PASS: frames go on to the owner's stack"
check_frames 5 "control: no program" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" count 5
give "$b" eth0 pass
check_err $? "ip link set xdpdrv"
check_match "$(ip -n "$b" -d link show dev eth0)" "prog/xdp id [0-9]" "ip -d link"
counting xdp_pass delivered xdp_no_skb
check_frames 5 "arrived" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" count 5
check_eq "$(counted)" "6 6 0" "passed, delivered, without an skb"
check_balance lab
log_test

test_begin "XDP_DROP: they do not, and are counted"
give "$b" eth0 drop
check_err $? "the program is not replaced"
counting xdp_drop xdp_pass delivered dropped
check_frames 0 "arrived" rx "$b:eth0" tx "$a:eth0" dst "$B" count 5
check_eq "$(counted)" "5 0 5 0" "dropped by the program, passed, delivered, dropped by the switch"
check_balance lab
log_test

test_begin "XDP_TX: they go back into the switch"
give "$b" eth0 back
counting xdp_tx received
check_frames 5 "back at the sender" rx "$a:eth0" want 5 tx "$a:eth0" dst "$B" count 5
check_eq "$(counted)" "5 5" "sent back, received by the switch"
check_balance lab
log_test

test_begin "XDP_TX with a foreign source is dropped as forged_source"
program tx tx
give "$b" eth0 tx
before=$(drop_count lab pb forged_source)
frame tx "$a:eth0" dst "$B" count 5
check_balance lab
check_drops lab pb forged_source "$before" 5
log_test

for name in abort nonsense; do
	test_begin "$name: frames are lost, and counted"
	give "$b" eth0 "$name"
	counting xdp_error delivered
	lost=$(ip netns exec "$b" cat /sys/class/net/eth0/statistics/rx_dropped)
	frame tx "$a:eth0" dst "$B" count 5
	check_balance lab
	check_eq "$(counted)" "5 5" "errors, delivered"
	check_eq "$(($(ip netns exec "$b" cat /sys/class/net/eth0/statistics/rx_dropped) - lost))" 5 \
		"rx_dropped"
	log_test
done

test_begin "a program makes a frame longer"
give "$b" eth0 longer
check_eq "$(frame show 1 rx "$b:eth0" want 1 tx "$a:eth0" dst "$B")" \
	"sent 1
1 68 0 0 0 0" "at b"
log_test

test_begin "without a program again, its counters stay"
counting xdp_drop xdp_pass
take "$b" eth0
check_err $? "xdp off"
check_eq "$(counted)" "0 0" "counters"
check_frames 5 "arrived" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" count 5
check_balance lab
log_test

# --- what a program sees ----------------------------------------------------------------

ip netns exec "$b" ethtool -K eth0 gro off
give "$b" eth0 pass

test_begin "a super-packet comes in segments, whose checksums are complete"
segmented=$(network_count lab segmented)
check_eq "$(frame show 1 rx "$b:eth0" want 10 tx "$a:eth0" dst "$B" gso 1448 len 14534)" \
	"sent 1
10 1502 0 0 0 0" "at b"
check_eq "$(($(network_count lab segmented) - segmented))" 9 "segmented"
check_eq "$(frame show 1 rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" csum 1 len 200)" \
	"sent 1
1 200 0 0 0 0" "an open checksum"
check_balance lab
log_test

test_begin "a super-packet to all comes whole where there is no program"
check_eq "$(frame show 1 rx "$b:eth0" want 10 rx "$c:eth0" want 1 tx "$a:eth0" gso 1448 len 14534)" \
	"sent 1
10 1502 0 0 0 0
1 14534 1 1 0 0" "at b and c"
check_balance lab
log_test

test_begin "a tag is in the frame, wherever it was"
ip -n "$a" link add link eth0 name eth0.5 type vlan id 5
ip -n "$a" link set eth0.5 up
check_frames 1:5 "in it" tags 1 rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" vlan 5
check_frames 1:5 "beside it" tags 1 rx "$b:eth0" want 1 tx "$a:eth0.5" dst "$B"
ip -n "$a" link del eth0.5
log_test

test_begin "TCP and ping pass through programs on both sides"
give "$a" eth0 pass
ip netns exec "$b" ethtool -K eth0 gro on
ip -n "$a" addr add 192.0.2.1/24 dev eth0
ip -n "$b" addr add 192.0.2.2/24 dev eth0
pings "$a" 192.0.2.2
check_err $? "no answer"
ip netns exec "$b" iperf3 -s -1 >/dev/null 2>&1 &
defer kill $!
listens() { [ -n "$(ip netns exec "$b" ss -Hltn 'sport = :5201')" ]; }
busywait 10 listens
check_match "$(timeout $((30 * VMNET_SLOW)) ip netns exec "$a" iperf3 -J -c 192.0.2.2 -t 1 2>&1 |
	jq -r '.error // .end.sum_received.bytes')" '^[1-9][0-9]{4,}$' "octets in one second"
take "$a" eth0
ip -n "$a" addr flush dev eth0
ip -n "$b" addr flush dev eth0
check_balance lab
log_test

# --- MTU -----------------------------------------------------------------------------------

test_begin "a program without frags takes what one page does"
for words in "ip -n $b link set dev eth0 mtu 9000" "ctl port set pb mtu 9000"; do
	$words 2>/dev/null
	check_fail $? "$words"
done
refused 2 "The port's XDP program has no frags, so its MTU is [0-9]+ at most" \
	ctl port set pb mtu 9000
ip -n "$b" link set dev eth0 mtu 3000
check_err $? "an MTU of 3000"
take "$b" eth0
ip -n "$b" link set dev eth0 mtu 9000
check_err $? "9000 without a program"
refused 2 "The program has no frags, so the port's MTU must be [0-9]+ at most" \
	ip -n "$b" link set dev eth0 xdpdrv pinned "$BPF/pass"
[[ $(ip -n "$b" -d link show dev eth0) != *prog/xdp* ]]
check_err $? "there is a program after the refusal"
log_test

test_begin "one with frags takes more, in several pages"
give "$b" eth0 frags
check_err $? "refused"
ctl network set lab mtu 9000
check_eq "$(frame show 1 rx "$b:eth0" want 3 tx "$a:eth0" dst "$B" len 9014 count 3)" \
	"sent 3
3 9014 0 0 0 0" "at b"
check_balance lab
refused 2 "The program has no frags" \
	ip -force -n "$b" link set dev eth0 xdpdrv pinned "$BPF/drop"
check_frames 1 "and is still there" rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" len 9014
ctl port set pb mtu auto
ctl network set lab mtu 1500
log_test

test_begin "a network's larger MTU is not a port's that cannot take it"
give "$b" eth0 pass
ctl network set lab mtu 9000
before=$(drop_count lab pb mtu)
check_frames 0:- "at b" tags 1 rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" len 9014
check_drops lab pb mtu "$before" 1
take "$b" eth0
check_frames 1 "when the program has gone" rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" len 9014
ctl network set lab mtu 1500
check_balance lab
log_test

# --- to other netdevs ------------------------------------------------------------------------

ip -n "$b" link add v0 type veth peer name v1
ip netns exec "$b" ethtool -K v0 gro on
ip netns exec "$b" ethtool -K v1 gro on
ip -n "$b" link set v0 up
ip -n "$b" link set v1 up
busywait 5 carrier "$b" v0 1
ip netns exec "$b" "$VMNET_BIN/xdp" "$BPF/to-veth" redirect v0
ctl network add dmz
ctl port add pe network dmz netns "$b" ifname eth1
ctl port add pf network dmz netns "$c" ifname eth1
busywait 5 carrier "$c" eth1 1
ip netns exec "$b" "$VMNET_BIN/xdp" "$BPF/to-dmz" redirect eth1

test_begin "XDP_REDIRECT: out of a nic by another netdev"
give "$b" eth0 to-veth
counting xdp_redirect
check_frames 5 "at the other end of the cable" rx "$b:v1" want 5 tx "$a:eth0" dst "$B" count 5
check_eq "$(counted)" 5 "redirected"
check_balance lab
log_test

test_begin "XDP_REDIRECT: from a network into another, where the guard is not passed by"
give "$b" eth0 to-dmz
before=$(drop_count dmz pe forged_source)
check_frames 0 "with a foreign source" rx "$c:eth1" tx "$a:eth0" count 5
check_drops dmz pe forged_source "$before" 5
ctl port set pe guard-mac off
check_frames 5 "where that may be" rx "$c:eth1" want 5 tx "$a:eth0" count 5
ctl port set pe guard-mac on
check_balance lab
check_balance dmz
log_test

test_begin "XDP_REDIRECT: to a netdev that is down is an error, and counted"
ip -n "$b" link set eth1 down
counting xdp_error xdp_redirect
frame tx "$a:eth0" dst "$B" count 5
check_balance lab
check_eq "$(counted)" "5 0" "errors, redirected"
log_test

test_begin "a frame that a program sends round in its own network ends at the guard"
give "$b" eth0 to-itself
before=$(drop_count lab pb forged_source)
frame tx "$a:eth0" dst "$B" count 5
check_balance lab
check_drops lab pb forged_source "$before" 5
take "$b" eth0
log_test

test_begin "from an adapter's program into a network, and the guards there"
ip netns exec "$b" "$VMNET_BIN/xdp" "$BPF/to-lab" redirect eth0
give "$b" v0 to-lab
before=$(drop_count lab pb forged_source)
check_frames 0 "with a foreign source" rx "$a:eth0" tx "$b:v1" dst "$A" src $STRANGER count 5
check_drops lab pb forged_source "$before" 5
check_frames 5 "with the port's own" rx "$a:eth0" want 5 tx "$b:v1" dst "$A" src "$B" count 5
ctl dhcp set lab subnet 10.77.0.0/24
give "$a" eth0 drop
before=$(drop_count lab pb dhcp_rogue)
rogue=(offer op 2 sport 67 dport 68 smac "$B" dmac "$A" wait 1)
"$VMNET_BIN/dhcpc" "$b:v1" "${rogue[@]}" >/dev/null
check_balance lab
check_drops lab pb dhcp_rogue "$before" 1
ctl port set pb guard-dhcp off
before=$(xdp_count "$a" eth0 xdp_no_skb)
"$VMNET_BIN/dhcpc" "$b:v1" "${rogue[@]}" >/dev/null
check_balance lab
check_eq "$(($(xdp_count "$a" eth0 xdp_no_skb) - before))" 1 "control: guard-dhcp off"
ctl port set pb guard-dhcp on
take "$a" eth0
ip -n "$b" link del v0
log_test

test_begin "a DHCP client is served through a program"
give "$b" eth0 pass
check_match "$("$VMNET_BIN/dhcpc" "$b:eth0" get mac "$B" 2>&1)" 'yiaddr=10\.77\.0\.' "by dhcpc"
ip netns exec "$b" udhcpc -i eth0 -n -q -f -t 5 -T $((2 * VMNET_SLOW)) -s /bin/true >/dev/null 2>&1
check_err $? "by udhcpc"
take "$b" eth0
check_balance lab
log_test

# --- what comes in by XDP ------------------------------------------------------------------

test_begin "frames that come in by XDP arrive, with and without a program at the receiver"
for there in none pass; do
	[ $there = none ] || give "$b" eth0 $there
	check_frames 100 "unicast, program: $there" rx "$b:eth0" want 100 \
		tx "$a:eth0" dst "$B" count 100 xdp 16
	check_frames "32 32" "to all, program: $there" rx "$b:eth0" want 32 rx "$c:eth0" want 32 \
		tx "$a:eth0" count 32 xdp 16
done
check_balance lab
log_test

# no_skb WANTED MESSAGE [WORD...]: of 32 frames by XDP from pa to pb, so many come
# without an skb
no_skb()
{
	local wanted=$1 message=$2

	shift 2
	give "$b" eth0 drop
	counting xdp_no_skb xdp_drop
	frame tx "$a:eth0" dst "$B" count 32 xdp 16 "$@"
	check_balance lab
	check_eq "$(counted)" "$wanted 32" "$message: without an skb, of"
}

test_begin "from XDP to XDP there is no skb, whatever else the network has"
no_skb 32 "with DHCP"
no_skb 0 "to all" dst ff:ff:ff:ff:ff:ff
ctl -f dhcp set lab none
no_skb 32 "plain"
ctl port set pc learning on
no_skb 32 "another port learns"
ctl port set pc learning off
ctl port set pa guard-mac off
no_skb 32 "a foreign source" src $STRANGER
ctl port set pa learning on
no_skb 0 "the sender learns" src $STRANGER
ctl port set pa learning off guard-mac on
ctl port set pa loop-hold 1
no_skb 0 "the sender may be held"
ctl port set pa loop-hold none
ctl port set pc vlan 7
no_skb 0 "tags are looked at"
ctl port set pc vlan none
log_test

# state: all counters of lab and its ports, one a line
state()
{
	local dir=/sys/class/net/lab/vmnet name port reason count

	for name in received replicated segmented delivered consumed dropped rx_bytes tx_bytes; do
		echo "lab.$name $(<$dir/$name)"
	done
	for port in pa pb pc; do
		[ -e "$dir/ports/$port" ] || continue
		for name in rx_frames rx_bytes tx_frames tx_bytes dropped; do
			echo "$port.$name $(<$dir/ports/$port/$name)"
		done
		while read -r reason count; do
			echo "$port.$reason $count"
		done <$dir/ports/$port/drops
	done
}

# changes WORD...: what these words of `frame` change of that
changes()
{
	local before

	before=$(state)
	frame "$@"
	busywait 10 at_rest lab
	join <(sort <<<"$before") <(state | sort) |
		awk '$2 != $3 { printf "%s+%d ", $1, $3 - $2 }'
}

# same MESSAGE PATTERN WORD...: 48 frames from pa change the same counters whether
# they are transmitted or come in by XDP, the receiver has a program or has none;
# and one of the changes is PATTERN
same()
{
	local message=$1 pattern=$2 there by told told_first=

	shift 2
	for there in none drop; do
		if [ $there = none ]; then
			take "$b" eth0
		else
			give "$b" eth0 $there
		fi
		for by in 0 16; do
			told=$(changes tx "$a:eth0" count 48 "$@" xdp $by)
			told_first=${told_first:-$told}
			check_match "$told" "$pattern" "$message, program: $there, xdp $by"
			check_eq "$told" "$told_first" "$message, program: $there, xdp $by"
		done
	done
	check_balance lab
}

test_begin "the same verdicts and counters by XDP as without"
same "unicast" "pb.tx_frames\+48" dst "$B"
same "long ones" "pb.tx_bytes\+72672" dst "$B" len 1514
same "to all" "lab.delivered\+96" dst ff:ff:ff:ff:ff:ff
same "unknown" "pa.unknown_unicast\+48" dst $STRANGER
same "to itself" "pa.same_port\+48" dst "$A"
same "forged" "pa.forged_source\+48" dst "$B" src $STRANGER
same "from a group" "pa.bad_source\+48" dst "$B" src 01:00:5e:00:00:01
same "reserved" "pa.reserved\+48" dst 01:80:c2:00:00:0e
log_test

test_begin "the same with a tag in a network that does not look at tags"
same "tagged" "pb.tx_frames\+48" dst "$B" vlan 9
log_test

test_begin "the same where MTUs differ"
ctl port set pa mtu 3000
same "beyond the network's" "pa.mtu\+48" dst "$B" len 2000
ctl network set lab mtu 3000
ctl port set pb mtu 1400
same "beyond the receiver's" "pb.mtu\+48" dst "$B" len 1500
ctl port set pa mtu auto
ctl port set pb mtu auto
ctl network set lab mtu 1500
log_test

test_begin "the same with VLANs"
ctl port set pa vlan 10
ctl port set pb vlan 20
same "in different ones" "pa.vlan\+48" dst "$B"
ctl port set pb vlan 10
same "in the same one" "pb.tx_frames\+48" dst "$B"
same "with a tag from an access port" "pa.vlan\+48" dst "$B" vlan 10
ctl port set pb trunk 10
give "$b" eth0 pass
check_frames 16:10 "what the trunk's program sees" tags 1 rx "$b:eth0" want 16 \
	tx "$a:eth0" dst "$B" count 16 xdp 16
ctl port set pa vlan none
ctl port set pb vlan none
log_test

test_begin "the same where the receiver is down"
ip -n "$b" link set eth0 down
same "down" "pb.port_down\+48" dst "$B"
ip -n "$b" link set eth0 up
log_test

# Without a carrier the kernel's own qdisc would have refused transmitted ones.
test_begin "by XDP into a network that is down: network_down"
ip link set lab down
check_match "$(changes tx "$a:eth0" dst "$B" count 48 xdp 16)" "pa.network_down\+48" "changes"
ip link set lab up
busywait 5 carrier "$b" eth0 1
check_balance lab
log_test

test_begin "by XDP into a detached port: detached"
take "$b" eth0
ctl port detach pa
before=$(xdp_count "$a" eth0 drop_detached)
frame tx "$a:eth0" dst "$B" count 48 xdp 16
check_eq "$(($(xdp_count "$a" eth0 drop_detached) - before))" 48 "drop_detached"
ctl port attach pa network lab
busywait 5 carrier "$a" eth0 1
check_balance lab
log_test

# --- a ring that is full ---------------------------------------------------------------------

# The NAPI in a thread that hardly ever runs, on the sender's CPU.
test_begin "what the ring has no room for is dropped as queue_full"
give "$b" eth0 drop
ip netns exec "$b" sh -c 'echo 1 >/sys/class/net/eth0/threaded'
thread=$(pgrep '^napi/eth0-' | tail -n 1)
chrt -i -p 0 "$thread" && taskset -p -c 0 "$thread" >/dev/null
check_err $? "no thread of the NAPI: '$thread'"
for by in 0 64; do
	before=$(drop_count lab pb queue_full)
	frame cpu 0 tx "$a:eth0" dst "$B" count 20000 xdp $by
	[ "$(drop_count lab pb queue_full)" -gt "$before" ]
	check_err $? "none was dropped, xdp $by"
	check_balance lab
done
ip netns exec "$b" sh -c 'echo 0 >/sys/class/net/eth0/threaded'
take "$b" eth0
log_test

# --- while frames are under way ----------------------------------------------------------------

# under_way FILE WORD...: a sender, whose last words go to FILE, until it is killed
under_way()
{
	local file=$1

	shift
	"$VMNET_BIN/frame" cpu 1 seconds $((120 * VMNET_SLOW)) "$@" >"$file" &
	SENDER=$!
	defer kill $SENDER
	RECEIVED=$(network_count lab received)
	busywait 20 more_received 100
}

more_received()
{
	[ "$(network_count lab received)" -ge $((RECEIVED + $1)) ]
}

# more_frames N: that many more have come since the last time
more_frames()
{
	RECEIVED=$(network_count lab received)
	busywait 20 more_received "$1"
}

arrest()
{
	kill $SENDER
	wait $SENDER 2>/dev/null
}

said=$(mktemp)
defer rm -f "$said"

for by in 0 16; do
	test_begin "programs come, are replaced and go while frames pass; none is lost (xdp $by)"
	dropped=$(network_count lab dropped)
	under_way "$said" show 1 pause 1000 rx "$b:eth0" tx "$a:eth0" dst "$B" xdp $by
	check_err $? "no frames"
	for _ in 1 2 3; do
		for name in pass frags longer pass; do
			give "$b" eth0 "$name"
			check_err $? "$name"
			more_frames 5
		done
		take "$b" eth0
		more_frames 5
	done
	arrest
	check_balance lab
	check_eq "$(($(network_count lab dropped) - dropped))" 0 "dropped"
	read -r _ sent <"$said"
	read -r arrived _ < <(tail -n 1 "$said")
	[ "$sent" -gt 100 ]
	check_err $? "only ${sent:-none} were sent"
	check_eq "$arrived" "$sent" "arrived"
	log_test
done

test_begin "the receiver's cable is pulled and plugged in while frames come by XDP"
give "$b" eth0 pass
under_way "$said" pause 200 tx "$a:eth0" dst "$B" xdp 64 tx "$a:eth0" xdp 16
for _ in 1 2 3 4; do
	ctl port detach pb
	more_frames 50
	ctl port attach pb network lab
	more_frames 50
	ip -n "$b" link set eth0 down
	more_frames 50
	ip -n "$b" link set eth0 up
done
busywait 5 carrier "$b" eth0 1
check_err $? "no carrier"
arrest
check_balance lab
check_frames 16 "afterwards" rx "$b:eth0" want 16 tx "$a:eth0" dst "$B" count 16 xdp 16
log_test

test_begin "ports with programs, and namespaces with them, are deleted while frames come by XDP"
under_way "$said" pause 200 tx "$a:eth0" dst "$B" xdp 64 tx "$a:eth0" xdp 16
for i in 1 2 3 4; do
	d=
	setup_ns d
	silence "$d"
	ctl port add "px$i" network lab netns "$d" ifname eth0 mac "02:00:00:00:10:0$i"
	give "$d" eth0 back
	check_err $? "program $i"
	"$VMNET_BIN/frame" cpu 0 seconds $((20 * VMNET_SLOW)) pause 200 \
		tx "$a:eth0" dst "02:00:00:00:10:0$i" xdp 64 &
	other=$!
	more_frames 200
	case $i in
	1) ctl port del px1 ;;
	2) ip -n "$d" link del eth0 ;;
	3) ip netns del "$d" ;;
	4) ip -n "$d" link set eth0 netns "$c" name moved ;;
	esac
	check_err $? "deletion $i"
	more_frames 200
	check_err $? "no more frames"
	kill $other
	wait $other 2>/dev/null
done
check_match "$(ip -n "$c" -d link show dev moved)" "prog/xdp id" "a program that has moved with its nic"
ctl port del px4
arrest
gone() { ! "$VMNETCTL" port show name px3 2>/dev/null | grep -q px3; }
busywait 20 gone
check_err $? "px3 is still there"
check_balance lab
log_test

test_begin "a network is deleted while its frames come by XDP; its nics keep their programs"
ctl network add gone
ctl port move pb network gone
ctl port move pa network gone
ctl port move pc network gone
busywait 5 carrier "$a" eth0 1
"$VMNET_BIN/frame" cpu 1 seconds $((20 * VMNET_SLOW)) pause 200 tx "$a:eth0" dst "$B" xdp 64 tx "$a:eth0" xdp 16 &
other=$!
counting delivered
passing() { [ "$(counted)" -gt 100 ]; }
busywait 20 passing
check_err $? "no frames"
ctl network del gone
check_err $? "not deleted"
kill $other
wait $other 2>/dev/null
check_match "$(ip -n "$b" -d link show dev eth0)" "prog/xdp id" "the program"
for port in pa pb pc; do
	ctl port attach $port network lab
done
busywait 5 carrier "$b" eth0 1
check_frames 16 "in another network" rx "$b:eth0" want 16 tx "$a:eth0" dst "$B" count 16 xdp 16
check_balance lab
log_test

# --- others --------------------------------------------------------------------------------------

test_begin "a tap has the kernel's generic XDP, without being asked for by name"
ctl port add vm1 type tap network lab
refused 2 "" ip link set dev vm1 xdpdrv pinned "$BPF/pass"
ip link set dev vm1 xdp pinned "$BPF/pass"
check_err $? "xdp"
check_match "$(ip link show dev vm1)" "xdpgeneric" "mode"
ip link set dev vm1 xdp off
ctl port del vm1
log_test

test_begin "a nic has it if it is asked for by name"
take "$b" eth0
ip -n "$b" link set dev eth0 xdpgeneric pinned "$BPF/drop"
check_err $? "xdpgeneric"
counting xdp_drop
check_frames 0 "arrived" rx "$b:eth0" tx "$a:eth0" dst "$B" count 5
check_eq "$(counted)" 0 "in the native program"
ip -n "$b" link set dev eth0 xdpgeneric off
check_frames 5 "without it" rx "$b:eth0" want 5 tx "$a:eth0" dst "$B" count 5
log_test

test_end
