#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# VLANs within a network: access ports, trunks, native VLANs, and ports that
# know nothing of them.
#
#	                        lab
#	  ┌────┬────┬──────┬──────────┬───────┬─────┬────┐
#	 pa   pb   pc     pt         pd      px    pf   pg
#	 10   10   20   10,20   10,20-29    none   10   20
#	               no native  native 20
#
# pf and pg send the fences, which everybody hears one of. A frame is told with
# its tags, from the outermost on: 1:20 is one in VLAN 20, 1:- one without a tag.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
a='' b='' c='' t='' d='' x='' f='' g=''
make_lab a b c t d x f g || exit 1

V=$VMNETCTL
S=02:00:5e:00:53
A=$(mac_of "$a" eth0)
C=$(mac_of "$c" eth0)
X=$(mac_of "$x" eth0)
all=(tags 1 rx "$a:eth0" rx "$b:eth0" rx "$c:eth0" rx "$t:eth0" rx "$d:eth0" rx "$x:eth0")

# arrives WANTED MESSAGE WORD...: at a, b, c, t, d and x.
arrives()
{
	local wanted=$1 message=$2

	shift 2
	check_frames "$wanted" "$message, at a b c t d x" "${all[@]}" \
		fence "$f:eth0" fence "$g:eth0" "$@"
}

nothing="0:- 0:- 0:- 0:- 0:- 0:-"

# fdb_port MAC VLAN: where the table has it.
fdb_port()
{
	"$V" -j fdb show lab | jq -r --arg m "$1" --argjson v "$2" \
		'[.[] | select(.mac == $m and (.vlan // 0) == $v)][0].port // "none"'
}

# --- words -------------------------------------------------------------------------

test_begin "without VLAN words a network carries every tag as it is"
check_frames "1:- 1:-" "untagged" tags 1 rx "$b:eth0" rx "$x:eth0" fence "$c:eth0" tx "$a:eth0"
check_frames "1:10 1:10" "tagged" tags 1 rx "$b:eth0" rx "$x:eth0" fence "$c:eth0" \
	tx "$a:eth0" vlan 10
check_frames "1:ad7.10 1:ad7.10" "of a provider" tags 1 rx "$b:eth0" rx "$x:eth0" \
	fence "$c:eth0" tx "$a:eth0" qinq 7 vlan 10
log_test

test_begin "VLANs are given to ports"
for port in pa pb pf; do
	ctl port set $port vlan 10 || fail_test "$port vlan 10"
done
for port in pc pg; do
	ctl port set $port vlan 20 || fail_test "$port vlan 20"
done
ctl port set pt trunk 10,20 || fail_test "pt trunk 10,20"
ctl port set pd trunk 20-29,10 native 20 || fail_test "pd trunk 20-29,10 native 20"
log_test

test_begin "and shown: sorted, what is not set is not there"
check_eq "$(port_value pa vlan)/$(port_value pa trunk)" 10/null "pa"
check_eq "$(port_value pt vlan)/$(port_value pt trunk)/$(port_value pt native)" \
	null/10,20/null "pt"
check_eq "$(port_value pd trunk)/$(port_value pd native)" 10,20-29/20 "pd"
check_eq "$(port_value px vlan)/$(port_value px trunk)" null/null "px"
log_test

test_begin "refusals: what is no VLAN, what excludes each other"
refused 1 '1 to 4094' "$V" port set pa vlan 4095
refused 1 'not a list of VLANs' "$V" port set pa trunk 4090-4095
refused 1 'not a list of VLANs' "$V" port set pa trunk 30-20
refused 2 "One VLAN and a trunk exclude each other" "$V" port set pa vlan 10 trunk 10,20
refused 2 "Only a trunk has a native VLAN" "$V" port set pa native 10
refused 2 "Only a trunk has a native VLAN" "$V" port set px native 10
refused 1 "more than 128 ranges" "$V" port set pa trunk "$(seq -s, 2 2 280)"
check_eq "$(port_value pa vlan)/$(port_value pa trunk)" 10/null "pa is changed"
log_test

# --- who gets what ------------------------------------------------------------------

test_begin "a broadcast of an access port: untagged for those of its VLAN, tagged on trunks"
arrives "0:- 1:- 0:- 1:10 1:10 1:10" "from a" tx "$a:eth0"
log_test

test_begin "of the native VLAN it is untagged on that trunk only"
arrives "0:- 0:- 0:- 1:20 1:- 1:20" "from c" tx "$c:eth0"
log_test

test_begin "a trunk's tagged frames go to their VLANs"
arrives "1:- 1:- 0:- 0:- 1:10 1:10" "VLAN 10" tx "$t:eth0" vlan 10
arrives "0:- 0:- 1:- 0:- 1:- 1:20" "VLAN 20" tx "$t:eth0" vlan 20
arrives "0:- 0:- 0:- 0:- 0:- 1:29" "VLAN 29" tx "$d:eth0" vlan 29
log_test

test_begin "a trunk's untagged frames are of its native VLAN"
arrives "0:- 0:- 1:- 1:20 0:- 1:20" "from d" tx "$d:eth0"
log_test

test_begin "a native VLAN that arrives tagged is the same VLAN"
arrives "0:- 0:- 1:- 1:20 0:- 1:20" "from d" tx "$d:eth0" vlan 20
log_test

test_begin "without a native VLAN they are dropped"
was=$(drop_count lab pt vlan)
arrives "$nothing" "from t" tx "$t:eth0" count 2
check_drops lab pt vlan "$was" 2
log_test

test_begin "frames of VLANs that a trunk does not carry are dropped"
was=$(drop_count lab pt vlan)
arrives "$nothing" "VLAN 21 from t" tx "$t:eth0" vlan 21 tx "$t:eth0" vlan 4094
check_drops lab pt vlan "$was" 2
was=$(drop_count lab pd vlan)
arrives "$nothing" "VLAN 30 from d" tx "$d:eth0" vlan 30
check_drops lab pd vlan "$was" 1
log_test

test_begin "an access port sends no tag, not even its own VLAN's"
was=$(drop_count lab pa vlan)
arrives "$nothing" "from a" tx "$a:eth0" vlan 10 tx "$a:eth0" vlan 20 \
	tx "$a:eth0" tag 10 vlan 20 tx "$a:eth0" tag 20 vlan 10
check_drops lab pa vlan "$was" 4
log_test

test_begin "a priority tag says no VLAN, and its priority is kept where there is a tag"
arrives "0:- 1:- 0:- 1:10p5 1:10p5 1:10p5" "from a" tx "$a:eth0" vlan 0 pcp 5
arrives "0:- 0:- 1:- 1:20p3 0:- 1:20p3" "from d" tx "$d:eth0" vlan 0 pcp 3
was=$(drop_count lab pt vlan)
arrives "$nothing" "from t, which has no native VLAN" tx "$t:eth0" vlan 0 pcp 5
check_drops lab pt vlan "$was" 1
log_test

test_begin "a port without VLAN words is in all VLANs, tagged"
arrives "1:- 1:- 0:- 1:10 1:10 0:-" "VLAN 10 from x" tx "$x:eth0" vlan 10
arrives "0:- 0:- 1:- 1:20 1:- 0:-" "VLAN 20 from x" tx "$x:eth0" vlan 20
arrives "$nothing" "untagged from x, where nobody else is" tx "$x:eth0"
log_test

test_begin "and untagged frames pass between such ports alone"
ctl port set pb vlan none
check_err $? "pb vlan none"
check_eq "$(port_value pb vlan)" null "vlan of pb"
arrives "0:- 1:- 0:- 0:- 0:- 0:-" "untagged from x" tx "$x:eth0"
arrives "0:- 1:10 0:- 1:10 1:10 1:10" "from a, access to VLAN 10" tx "$a:eth0"
ctl port set pb vlan 10
log_test

test_begin "a unicast stays in its VLAN"
B=$(mac_of "$b" eth0)
arrives "0:- 2:- 0:- 0:- 0:- 0:-" "control: to b" tx "$a:eth0" dst "$B" count 2
was=$(drop_count lab pa vlan)
arrives "$nothing" "from a to c" tx "$a:eth0" dst "$C" count 3
check_drops lab pa vlan "$was" 3
was=$(drop_count lab pd vlan)
arrives "$nothing" "VLAN 21 from d to a" tx "$d:eth0" vlan 21 dst "$A"
check_drops lab pd vlan "$was" 1
arrives "0:- 0:- 0:- 0:- 0:- 1:21" "VLAN 21 from d to x" tx "$d:eth0" vlan 21 dst "$X"
log_test

test_begin "multicast, and broadcast with another's address, stay in theirs"
arrives "0:- 1:- 0:- 1:10 1:10 1:10" "multicast from a" tx "$a:eth0" dst 01:00:5e:00:53:01
was=$(drop_count lab pa forged_source)
arrives "$nothing" "with the address of c" tx "$a:eth0" src "$C"
check_drops lab pa forged_source "$was" 1
log_test

# --- tags in tags ---------------------------------------------------------------------

test_begin "a provider's tag is payload of an untagged frame"
arrives "0:- 1:ad7 0:- 1:10.ad7 1:10.ad7 1:10.ad7" "from a" tx "$a:eth0" qinq 7
arrives "0:- 0:- 1:ad7.10 1:20.ad7.10 0:- 1:20.ad7.10" "from d, with VLAN 10 within" \
	tx "$d:eth0" qinq 7 vlan 10
was=$(drop_count lab pt vlan)
arrives "$nothing" "from t, which has no native VLAN" tx "$t:eth0" qinq 10
check_drops lab pt vlan "$was" 1
log_test

test_begin "of two tags the outer one is the VLAN, the inner one payload"
arrives "1:20 1:20 0:- 0:- 1:10.20 1:10.20" "from t" tx "$t:eth0" tag 10 vlan 20
log_test

# vlan devices, whose tags are beside the frame, or in it
for at in t d; do
	for vid in 10 20; do
		ip -n "${!at}" link add link eth0 name v$vid type vlan id $vid
		ip -n "${!at}" link set v$vid up
	done
done

test_begin "tags beside the frame and tags in it are the same"
for offload in on off; do
	ip netns exec "$t" ethtool -K eth0 txvlan $offload
	check_err $? "txvlan $offload"
	arrives "1:- 1:- 0:- 0:- 1:10 1:10" "txvlan $offload: VLAN 10 from t" tx "$t:v10"
	arrives "0:- 0:- 1:- 0:- 1:- 1:20" "txvlan $offload: VLAN 20 from t" tx "$t:v20"
	check_frames 1 "txvlan $offload: from a to the VLAN device of t" rx "$t:v10" want 1 \
		tx "$a:eth0"
done
ip netns exec "$t" ethtool -K eth0 txvlan on
log_test

test_begin "a super-packet stays whole from an access port to a trunk and back"
check_eq "$(frame show 1 rx "$t:eth0" want 1 tx "$a:eth0" gso 1000 len 20014 dst "@$t:eth0" | tail -1)" \
	"1 20014 1 1 1 10" "frames, longest, open, super, tagged, VLAN at t"
check_eq "$(frame show 1 rx "$a:eth0" want 1 tx "$t:v10" gso 1000 len 20014 dst "$A" | tail -1)" \
	"1 20014 1 1 0 0" "at a"
log_test

test_begin "VLAN devices talk to access ports"
ip -n "$a" addr add 198.51.100.1/24 dev eth0
ip -n "$t" addr add 198.51.100.2/24 dev v10
ip -n "$d" addr add 198.51.100.3/24 dev v10
ip -n "$c" addr add 198.51.100.4/24 dev eth0
busywait 5 pings "$a" 198.51.100.2 && busywait 5 pings "$d" 198.51.100.1 &&
	busywait 5 pings "$t" 198.51.100.3
check_err $? "no ping in VLAN 10"
pings "$a" 198.51.100.4
check_fail $? "a ping from VLAN 10 to VLAN 20"
log_test

# --- the table ------------------------------------------------------------------------

test_begin "an address is learned in each VLAN by itself"
ctl port set pt learning on
ctl port set pd learning on
arrives "1:- 1:- 0:- 0:- 1:10 1:10" "VLAN 10 behind t" tx "$t:eth0" vlan 10 src $S:01
arrives "0:- 0:- 1:- 1:20 0:- 1:20" "VLAN 20 behind d" tx "$d:eth0" src $S:01
check_eq "$(fdb_port $S:01 10)/$(fdb_port $S:01 20)" pt/pd "ports in VLAN 10/20"
arrives "0:- 0:- 0:- 1:10 0:- 0:-" "to it from a" tx "$a:eth0" dst $S:01
arrives "0:- 0:- 0:- 0:- 1:- 0:-" "to it from c" tx "$c:eth0" dst $S:01
log_test

test_begin "an unknown one is sent to the learning ports of the VLAN"
arrives "0:- 0:- 0:- 1:10 1:10 0:-" "from a" tx "$a:eth0" dst $S:99
arrives "0:- 0:- 0:- 0:- 1:29 0:-" "VLAN 29 from x" tx "$x:eth0" vlan 29 dst $S:99
log_test

test_begin "a static entry is of one VLAN"
ctl fdb add lab mac $S:41 port pt vlan 10
check_err $? "fdb add"
check_eq "$(fdb_port $S:41 10)/$(fdb_port $S:41 20)" pt/none "ports in VLAN 10/20"
arrives "0:- 0:- 0:- 1:10 0:- 0:-" "to it from a" tx "$a:eth0" dst $S:41
arrives "0:- 0:- 0:- 1:20 1:- 0:-" "to it from c: unknown there" tx "$c:eth0" dst $S:41
ctl fdb del lab mac $S:41 vlan 10
check_err $? "fdb del"
check_eq "$(fdb_port $S:41 10)" none "it is still there"
refused 1 '1 to 4094' "$V" fdb add lab mac $S:41 port pt vlan 4095
log_test

test_begin "ports that do not learn any more have nothing in the table"
ctl port set pt learning off
ctl port set pd learning off
check_eq "$(fdb_port $S:01 10)/$(fdb_port $S:01 20)" none/none "ports in VLAN 10/20"
log_test

# --- services --------------------------------------------------------------------------

test_begin "DHCP is answered in the VLAN in which it was asked"
ctl dhcp set lab subnet 10.77.0.0/24
ctl dhcp set lab vlan 10 subnet 10.77.10.0/24
ctl dhcp set lab vlan 20 subnet 10.77.20.0/24
for where in "$a:eth0 10" "$t:v10 10" "$t:v20 20" "$d:eth0 20" "$x:eth0 0"; do
	got=$("$VMNET_BIN/dhcpc" "${where% *}" get)
	check_match "$got" "yiaddr=10\.77\.${where#* }\." "answer at $where"
done
log_test

test_begin "and nowhere else: an answer to all is heard in that VLAN only"
tmp=$(mktemp -d)
defer rm -rf "$tmp"
ip netns exec "$x" tcpdump -n -e -l --immediate-mode -i eth0 'vlan and udp src port 67' \
	>"$tmp/said" 2>"$tmp/err" &
defer kill $!
busywait 20 grep -q '^listening' "$tmp/err"
check_err $? "tcpdump does not start"
# The answer goes by the port that was asked by; in VLAN 20 first, so that one
# that strays is there when the other is.
"$VMNET_BIN/dhcpc" "$t:v20" get mac 02:00:00:00:00:77 flags 0x8000 >/dev/null
"$VMNET_BIN/dhcpc" "$x:eth0" get mac 02:00:00:00:00:78 flags 0x8000 >/dev/null
check_eq "$(cat "$tmp/said")" "" "x has heard"
log_test

# --- protocols of the link ---------------------------------------------------------------

test_begin "link protocols stop at a port, unless it is told to pass them"
was=$(drop_count lab pa reserved)
arrives "$nothing" "LLDP from a" tx "$a:eth0" dst 01:80:c2:00:00:0e type 88cc
check_drops lab pa reserved "$was" 1
ctl port set pa l2proto on
check_err $? "l2proto on"
check_eq "$(port_value pa l2proto)" true "l2proto"
arrives "0:- 1:- 0:- 1:10 1:10 1:10" "LLDP from a, l2proto on" \
	tx "$a:eth0" dst 01:80:c2:00:00:0e type 88cc
ctl port set pa l2proto off
log_test

# --- afterwards --------------------------------------------------------------------------

test_begin "a port keeps its words in another network"
ctl network add other
ctl port move pa network other
check_err $? "port move"
check_eq "$(port_value pa vlan)" 10 "vlan"
ctl port move pa network lab
arrives "0:- 1:- 0:- 1:10 1:10 1:10" "from a" tx "$a:eth0"
check_balance other
ctl network del other
log_test

test_begin "when the last one has none, the network carries every tag again"
for port in pa pb pc pf pg; do
	ctl port set $port vlan none || fail_test "$port vlan none"
done
for port in pt pd; do
	ctl port set $port trunk none || fail_test "$port trunk none"
done
arrives "0:- 1:10 1:10 1:10 1:10 1:10" "from a" tx "$a:eth0" vlan 10
arrives "0:- 1:- 1:- 1:- 1:- 1:-" "untagged from a" tx "$a:eth0"
log_test

test_begin "the counters balance"
check_balance lab
log_test

test_end
