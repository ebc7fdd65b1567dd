#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every frame is counted, once, for what became of it: at rest
#
#	received + replicated + segmented = delivered + consumed + dropped
#
# exactly, and vmnetctl, /sys and ethtool say the same. Each reason of a drop
# is provoked and is counted at the port that caused it (those of switch.sh
# again in the mix; those of DHCP are in dhcp.sh).
#
#	   lab ─────────────── the host        other
#	    ├── pa   a:eth0                      │
#	    ├── pb   b:eth0  ◂── moves ──────────┤
#	    └── pc   c:eth0  ◂── moves ──────────┘

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b='' c=''
make_lab a b c || exit 1
ctl network add other
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
C=$(mac_of "$c" eth0)

# --- counting at all -----------------------------------------------------------------

test_begin "a new network has counted nothing"
for name in received replicated segmented delivered consumed dropped queued rx_bytes tx_bytes; do
	check_eq "$(network_count lab $name)" 0 "$name"
done
log_test

# counts NAME...: of network lab or, as PORT/NAME, of a port, on one line.
counts()
{
	local name out=()

	for name; do
		case $name in
		*/*) out+=("$(port_count lab "${name%/*}" "${name#*/}")") ;;
		*) out+=("$(network_count lab "$name")") ;;
		esac
	done
	echo "${out[*]}"
}

test_begin "ten unicast frames of 100 octets"
frame rx "$b:eth0" want 10 tx "$a:eth0" dst "$B" len 100 count 10 >/dev/null
check_eq "$(counts received delivered replicated dropped rx_bytes tx_bytes)" \
	"10 10 0 0 1000 1000" "received delivered replicated dropped rx_bytes tx_bytes"
check_eq "$(counts pa/rx_frames pa/rx_bytes pa/tx_frames pa/tx_bytes)" "10 1000 0 0" "of the sender"
check_eq "$(counts pb/rx_frames pb/rx_bytes pb/tx_frames pb/tx_bytes)" "0 0 10 1000" "of the receiver"
check_eq "$(counts pc/rx_frames pc/rx_bytes pc/tx_frames pc/tx_bytes)" "0 0 0 0" "of the other"
log_test

test_begin "ten broadcasts to two others are ten received, ten copies, twenty delivered"
frame rx "$b:eth0" want 10 rx "$c:eth0" want 10 tx "$a:eth0" len 100 count 10 >/dev/null
check_eq "$(counts received replicated delivered dropped)" "20 10 30 0" \
	"received replicated delivered dropped"
check_eq "$(counts pa/replicated pb/replicated pb/tx_frames pc/tx_frames)" "10 0 20 10" \
	"copies at the sender, at the receiver; delivered to b, c"
log_test

test_begin "a super-packet is one frame with all its octets"
frame rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" gso 1448 len 14534 >/dev/null
check_eq "$(counts received delivered segmented rx_bytes tx_bytes)" \
	"21 31 0 16534 17534" "received delivered segmented rx_bytes tx_bytes"
log_test

test_begin "a tag counts with its octets on both sides"
frame rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" vlan 5 len 100 >/dev/null
check_eq "$(counts rx_bytes tx_bytes)" "16634 17634" "rx_bytes tx_bytes"
log_test

test_begin "the netdev's own statistics are the same from its owner's side"
got=$(ip -n "$a" -j -s link show eth0 | jq -r '.[0].stats64 | "\(.tx.packets) \(.tx.bytes) \(.rx.packets)"')
check_eq "$got" "22 16634 0" "tx packets, tx bytes, rx packets of a"
got=$(ip -n "$b" -j -s link show eth0 | jq -r '.[0].stats64 | "\(.rx.packets) \(.rx.bytes) \(.tx.packets)"')
check_eq "$got" "$(counts pb/tx_frames pb/tx_bytes pb/rx_frames)" "rx packets, rx bytes, tx packets of b"
log_test

# --- every reason ----------------------------------------------------------------------

test_begin "a frame shorter than an Ethernet header is dropped at its sender, as too_short"
# Only a device without headers of its own can be made to send one.
modprobe -q tun
ip -n "$a" tuntap add dev short mode tun
ip -n "$a" link set short up
tc -n "$a" qdisc add dev short clsact
tc -n "$a" filter add dev short egress matchall action mirred egress redirect dev eth0
frame tx "$a:short" bare 1 len 8 count 3
frame tx "$a:short" bare 1 len 13
check_drops lab pa too_short 0 4
check_eq "$(counts pa/rx_frames)" 26 "received from a"
log_test

test_begin "one of just a header's length is not (but its source is not the port's)"
frame tx "$a:short" bare 1 len 14
check_drops lab pa too_short 0 4
check_eq "$(($(counts pa/rx_frames) - 26))" 1 "received from a"
log_test

# The largest that passes, and one octet more, past the room for a tag.
test_begin "what is larger than the network's MTU is dropped at its sender, as mtu"
ctl port set pa mtu 9000
frame rx "$b:eth0" want 1 tx "$a:eth0" dst "$B" len 1514 >/dev/null
check_err $? "a frame of 1514 octets does not pass"
was=$(drop_count lab pa mtu)
check_frames 0 "a frame of 1519 octets" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" len 1519
check_frames 0 "a frame of 9000 octets" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" len 9000
check_drops lab pa mtu "$was" 2
log_test

test_begin "a super-packet is measured by its segments"
was=$(drop_count lab pa mtu)
check_frames 1 "segments of 1448" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" gso 1448 len 30000
check_frames 0 "segments of 4000" rx "$b:eth0" fence "$a:eth0" tx "$a:eth0" dst "$B" gso 4000 len 30000
check_drops lab pa mtu "$was" 1
log_test

test_begin "what is larger than the receiver's is dropped there, as mtu"
ctl network set lab mtu 9000
ctl port set pb mtu 1500
check_frames "0 3" "of 3000 octets at b, c" rx "$b:eth0" rx "$c:eth0" fence "$a:eth0" \
	tx "$a:eth0" len 3000 count 3
check_drops lab pb mtu 0 3
check_drops lab pc mtu 0 0
ctl -b - <<-END
	network set lab mtu 1500
	port set pa mtu auto
	port set pb mtu auto
END
log_test

test_begin "a receiver that does not keep up: queue_full, there"
# 1,500 frames wait in a's qdisc and are then sent without a pause in between.
bias=$(cat /proc/sys/net/core/dev_weight_tx_bias)
defer sh -c "echo $bias >/proc/sys/net/core/dev_weight_tx_bias"
echo 100 >/proc/sys/net/core/dev_weight_tx_bias
rx=$(counts pa/rx_frames)
tx=$(counts pb/tx_frames)
tc -n "$a" qdisc add dev eth0 root tbf rate 8bit burst 1600 limit 1000000
check_err $? "no qdisc that holds frames back"
frame tx "$a:eth0" dst "$B" count 1500
tc -n "$a" qdisc change dev eth0 root tbf rate 10gbit burst 1000000 limit 1000000
frame tx "$a:eth0" dst "$B"
all_sent() { [ $(($(counts pa/rx_frames) - rx)) = 1501 ]; }
busywait 10 all_sent
check_err $? "sent: $(($(counts pa/rx_frames) - rx)), not 1501"
tc -n "$a" qdisc del dev eth0 root
echo "$bias" >/proc/sys/net/core/dev_weight_tx_bias
full=$(drop_count lab pb queue_full)
[ "$full" -gt 0 ]
check_err $? "nothing was dropped"
check_eq "$(drop_count lab pa queue_full)" 0 "dropped at the sender"
log_test

test_begin "and none of those frames is missing"
busywait 10 at_rest lab
check_eq "$(($(counts pb/tx_frames) - tx + full))" 1501 "delivered and dropped"
log_test

# flood CPU WORD...: in the background, until stopped.
floods=()
flood()
{
	local cpu=$1

	shift
	"$VMNET_BIN/frame" cpu "$cpu" seconds $((60 * VMNET_SLOW)) "$@" &
	floods+=($!)
}

unflood()
{
	kill "${floods[@]}" 2>/dev/null
	wait "${floods[@]}" 2>/dev/null
	floods=()
}
defer unflood

# seen COUNTER BEFORE COMMAND...: runs the command, until it has grown.
seen()
{
	local port=$1 reason=$2 was=$3

	shift 3
	"$@"
	[ "$(drop_count lab "$port" "$reason")" -gt "$was" ]
}

replug()
{
	ctl port detach pa
	ctl port attach pa network lab
	busywait 5 carrier "$a" eth0 1
}

test_begin "frames of a port that is unplugged while it sends: detached, there"
flood 1 tx "$a:eth0" dst "$B"
busywait 20 seen pa detached 0 replug
check_err $? "never seen"
unflood
log_test

test_begin "they count for the port, and for no network"
check_eq "$(drop_count lab - detached)" 0 "detached, of the network"
check_balance lab
log_test

off_and_on()
{
	ip link set lab down
	ip link set lab up
	busywait 5 carrier "$a" eth0 1
}

test_begin "frames while the network is switched off: network_down, at the sender"
flood 1 tx "$a:eth0" dst "$B"
busywait 20 seen pa network_down 0 off_and_on
check_err $? "never seen"
unflood
check_balance lab
log_test

test_begin "a copy that cannot be made: no_memory, at its receiver"
if [ -d /sys/kernel/debug/failslab ]; then
	fail=/sys/kernel/debug/failslab
	echo Y >$fail/task-filter
	echo 10 >$fail/probability
	echo -1 >$fail/times
	echo 0 >$fail/verbose
	echo N >$fail/ignore-gfp-wait
	defer sh -c "echo 0 >$fail/probability"
	starve()
	{
		frame starve 1 tx "$a:eth0" count 200 >/dev/null 2>&1
		[ "$(drop_count lab - no_memory)" -gt 0 ]
	}
	busywait 20 starve
	check_err $? "never seen"
	echo 0 >$fail/probability
	check_eq "$(drop_count lab pa no_memory)" 0 "at the sender"
	check_balance lab
	log_test
else
	log_skip "no fault injection in this kernel"
fi

test_begin "the other reasons"
# What was sent to a port while it was unplugged, above, is among them already.
declare -A so_far=()
for name in reserved bad_source unknown_unicast same_port no_receiver forged_source; do
	so_far[$name]=$(drop_count lab pa "$name")
done
ip -n "$c" link set eth0 down
frame tx "$a:eth0" dst 01:80:c2:00:00:0e \
	tx "$a:eth0" dst "$B" src 02:00:5e:10:00:01 \
	tx "$a:eth0" dst "$B" src 01:00:5e:00:00:01 \
	tx "$a:eth0" dst 02:00:5e:10:00:01 \
	tx "$a:eth0" dst "$A" \
	tx "$a:eth0" dst "$C" \
	tx :lab
ip -n "$b" link set eth0 down
frame tx "$a:eth0"
ip -n "$b" link set eth0 up
ip -n "$c" link set eth0 up
for name in "${!so_far[@]}"; do
	check_drops lab pa "$name" "${so_far[$name]}" 1
done
check_eq "$(drop_count lab pc port_down)" 1 "pc, port_down"
check_eq "$(drop_count lab - host_off)" 1 "host_off"
log_test

# --- it adds up -------------------------------------------------------------------------

# stats_json NOUN NAME: "name value" for each counter that vmnetctl tells.
stats_json()
{
	"$VMNETCTL" -j stats show "$1" "$2" | jq -r '.[0].stats
		| (del(.drops, .passed) | to_entries[] | "\(.key) \(.value)"),
		  (.drops | to_entries[] | "drop_\(.key) \(.value)")' | tr - _ | sort
}

# stats_sys NETWORK [PORT]
stats_sys()
{
	local dir=/sys/class/net/$1/vmnet name

	if [ $# = 1 ]; then
		for name in received replicated segmented delivered consumed dropped queued rx_bytes tx_bytes; do
			echo "$name $(<"$dir/$name")"
		done
		sed 's/^/drop_/' "$dir/drops/reasons"
	else
		dir+=/ports/$2
		echo "received $(<"$dir/rx_frames")"
		echo "delivered $(<"$dir/tx_frames")"
		for name in replicated segmented consumed dropped queued rx_bytes tx_bytes; do
			echo "$name $(<"$dir/$name")"
		done
		sed 's/^/drop_/' "$dir/drops"
	fi | sort
}

# stats_ethtool NETNS IFNAME: but for what its XDP program has done, which is nobody
# else's.
stats_ethtool()
{
	${1:+ip netns exec "$1"} ethtool -S "$2" |
		sed -n '/ xdp_/d; s/^ *\([a-z_]*\): \([0-9]*\)$/\1 \2/p' | sort
}

# Nine, and one for each reason of a drop.
COUNTERS=$((9 + $(drop_reasons)))

# check_agree NETWORK: the three ways to its figures, and to those of its ports.
check_agree()
{
	local want port

	busywait 10 at_rest "$1"
	want=$(stats_json network "$1")
	check_eq "$(wc -l <<<"$want")" "$COUNTERS" "counters of network $1"
	check_eq "$(stats_sys "$1")" "$want" "/sys and vmnetctl, network $1"
	check_eq "$(stats_ethtool "" "$1")" "$want" "ethtool and vmnetctl, network $1"
	for port in "/sys/class/net/$1/vmnet/ports"/*; do
		[ -d "$port" ] || continue
		port=${port##*/}
		want=$(stats_json port "$port")
		check_eq "$(wc -l <<<"$want")" "$COUNTERS" "counters of port $port"
		check_eq "$(stats_sys "$1" "$port")" "$want" "/sys and vmnetctl, port $port"
	done
}

test_begin "after all of that the network's sum holds, exactly"
check_balance lab
log_test

test_begin "vmnetctl, /sys and ethtool say the same"
check_agree lab
check_eq "$(stats_ethtool "$a" eth0)" "$(stats_json port pa)" "ethtool and vmnetctl, port pa"
log_test

test_begin "dropped is the sum of its reasons"
sum=0
while read -r _ count; do
	sum=$((sum + count))
done <"/sys/class/net/lab/vmnet/drops/reasons"
check_eq "$(network_count lab dropped)" "$sum" "dropped"
check_eq "$(network_count lab drops/total)" "$sum" "drops/total"
log_test

test_begin "the figures of a virtual machine are the sums over its ports"
ctl -b - <<-END
	port set pa vm box
	port set pb vm box
END
want=$("$VMNETCTL" -j stats show | jq -S '[.[] | select(.port == "pa" or .port == "pb") | .stats]
	| .[0] as $x | .[1] as $y
	| (($x | del(.drops)) | with_entries(.value += $y[.key]))
	  + {drops: ($x.drops | with_entries(.value += $y.drops[.key]))}')
check_eq "$("$VMNETCTL" -j stats show vm box | jq -S '.[0].stats')" "$want" "sums of vm box"
log_test

test_begin "host on: the host's frames count, and it is a receiver as any other"
ctl network set lab host on
was=$(counts received replicated delivered)
check_frames "10 10 10" "at a, b, c" rx "$a:eth0" want 10 rx "$b:eth0" want 10 rx "$c:eth0" want 10 \
	tx :lab count 10
read -r r p d <<<"$was"
check_eq "$(counts received replicated delivered)" "$((r + 10)) $((p + 20)) $((d + 30))" \
	"received replicated delivered"
check_balance lab
ctl network set lab host off
check_balance lab
log_test

# --- coming and going ---------------------------------------------------------------------

test_begin "a port that is detached leaves its counts in the network"
was=$(stats_sys lab)
ctl port detach pc
check_eq "$(stats_sys lab)" "$was" "counts of lab"
check_balance lab
log_test

test_begin "and keeps them for itself"
mine=$(stats_json port pc)
check_match "$mine" $'\nreceived ' "counts of pc"
ctl port attach pc network other
check_eq "$(stats_json port pc)" "$mine" "counts of pc"
check_eq "$(stats_sys lab)" "$was" "counts of lab"
log_test

test_begin "another network counts what happens there only"
check_eq "$(counts received)" "$(cat /sys/class/net/lab/vmnet/received)" "received in lab"
check_eq "$(network_count other received) $(network_count other delivered) $(network_count other dropped)" \
	"0 0 0" "received, delivered, dropped in other"
busywait 5 carrier "$c" eth0 1
frame tx "$c:eth0" count 7
check_eq "$(network_count other received) $(drop_count other pc no_receiver)" "7 $(drop_count other - no_receiver)" \
	"received in other, dropped"
check_eq "$(drop_count other - no_receiver)" 7 "no_receiver in other"
check_eq "$(stats_sys lab)" "$was" "counts of lab"
check_balance other
log_test

test_begin "a port that is deleted leaves its counts in the network"
was=$(stats_sys other)
ctl port del pc
check_eq "$(stats_sys other)" "$was" "counts of other"
check_balance other
ctl port add pc network lab netns "$c" ifname eth0 mac "$C"
busywait 5 carrier "$c" eth0 1
log_test

test_begin "ports come, go and move under floods from two CPUs: both sums hold"
ip -n "$c" link set eth0 up
flood 0 tx "$b:eth0" dst "$A" tx "$b:eth0" dst "$C" tx "$b:eth0"
flood 1 tx "$a:eth0" dst "$B" tx "$a:eth0" dst "$C" gso 1448 len 20000 tx "$a:eth0" \
	tx "$a:eth0" dst 02:00:5e:10:00:01 tx "$a:eth0" dst 01:80:c2:00:00:00
for ((i = 0; i < 12; i++)); do
	echo "port move pb network other
	port detach pc
	port attach pc network other
	port move pb network lab
	port detach pa
	port move pc network lab
	port attach pa network lab"
done | ctl -b -
check_err $? "a change was refused"
unflood
check_balance lab
check_balance other
log_test

test_begin "and all ways to the figures agree after it"
check_agree lab
check_agree other
log_test

test_begin "netdevs are switched off and on under floods: the sum holds"
flood 0 tx "$b:eth0" dst "$A" tx "$b:eth0"
flood 1 tx "$a:eth0" dst "$B" tx "$a:eth0" dst "$C" tx "$a:eth0"
for ((i = 0; i < 10; i++)); do
	echo "link set eth0 down
	link set eth0 up"
done | ip -n "$c" -batch -
for ((i = 0; i < 5; i++)); do
	echo "network set lab host on
	network set lab mtu 1400
	network set lab host off
	network set lab mtu 1500"
done | ctl -b -
unflood
check_balance lab
log_test

unplug_receiver()
{
	local i

	for ((i = 0; i < 40; i++)); do
		echo "port detach pb
		port attach pb network lab"
	done | ctl -b -
}

test_begin "frames that wait for a port when it is unplugged: detached, in the network's sum"
# Sent in bursts, so that a queue is long for a while.
echo 100 >/proc/sys/net/core/dev_weight_tx_bias
tc -n "$a" qdisc add dev eth0 root netem limit 5000 slot 30ms 30ms
check_err $? "no qdisc that sends in bursts"
flood 1 tx "$a:eth0" dst "$B"
busywait 30 seen - detached 0 unplug_receiver
check_err $? "never seen"
unflood
tc -n "$a" qdisc del dev eth0 root
echo "$bias" >/proc/sys/net/core/dev_weight_tx_bias
check_balance lab
log_test

test_begin "each drop is traced, with its port and its reason"
trace=/sys/kernel/tracing
if [ -d $trace/events/vmnet/vmnet_drop ]; then
	echo >$trace/trace
	echo 1 >$trace/events/vmnet/vmnet_drop/enable
	frame tx "$a:eth0" dst 02:00:5e:10:00:01 count 3 tx "$b:eth0" dst 01:80:c2:00:00:01 count 2
	echo 0 >$trace/events/vmnet/vmnet_drop/enable
	check_eq "$(grep -c 'vmnet_drop: port=pa .*reason=unknown_unicast' $trace/trace)" 3 "of pa"
	check_eq "$(grep -c 'vmnet_drop: port=pb .*reason=reserved' $trace/trace)" 2 "of pb"
	log_test
else
	log_skip "this kernel has no tracing"
fi

test_begin "each reason of a switch of nics was seen by now"
while read -r reason count; do
	case $reason in
	dhcp_* | no_memory | detached) ;;
	# In borrow.sh and vlan.sh.
	sticky | vlan | loop) ;;
	*)
		[ "$count" != 0 ] || fail_test "$reason was never counted"
		;;
	esac
done <"/sys/class/net/lab/vmnet/drops/reasons"
[ "$(drop_count lab pa detached)" != 0 ]
check_err $? "detached was never counted at pa"
log_test

test_end
