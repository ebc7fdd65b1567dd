#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Borrowed ports and the learning of stations behind them.
#
#	              lab
#	   ┌───────┬───┴────┬─────────┐
#	  pa      vb       vc        pd
#	a:eth0  (veth)   (veth)    d:eth0
#	        b:eth0   c:eth0
#
# pa and pd are nics, whose addresses are known; vb and vc are the ends of veth
# pairs, lent to the network, and what is behind them is learned.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
a='' b='' c='' d='' e=''
silence
make_lab a d || exit 1
setup_ns b c
silence "$b" "$c"

V=$VMNETCTL
for x in b c; do
	ip link add "v$x" type veth peer name eth0 netns "${!x}"
	ip link set "v$x" up
	ip -n "${!x}" link set eth0 up
	defer ip link del "v$x"
done
A=$(mac_of "$a" eth0)
B=$(mac_of "$b" eth0)
all=(rx "$a:eth0" rx "$b:eth0" rx "$c:eth0" rx "$d:eth0")
S=02:00:5e:00:53
tmp=$(mktemp -d)
defer rm -rf "$tmp"

fdb_has()
{
	"$V" -j fdb show lab | jq -e --arg m "$1" --arg p "$2" --arg k "$3" \
		'any(.[]; .mac == $m and .port == $p and .kind == $k)' >/dev/null
}

fdb_count()
{
	[ "$("$V" -j fdb show lab | jq --arg k "$1" 'map(select(.kind == $k)) | length')" = "$2" ]
}

# --- plugging in -------------------------------------------------------------------

test_begin "before it is lent, nothing passes"
check_frames "0 0" "frames at a, d from b" rx "$a:eth0" rx "$d:eth0" tx "$b:eth0" count 2
check_frames "0 0" "frames at b, c from a" rx "$b:eth0" rx "$c:eth0" tx "$a:eth0" count 2
log_test

test_begin "a veth is borrowed by its name"
ctl port attach vb network lab
check_err $? "port attach vb"
check_eq "$(port_value vb type)/$(port_value vb network)" dev/lab "type/network"
log_test

test_begin "and by ip link set master"
ip link set vc master lab
check_err $? "ip link set vc master lab"
check_eq "$(port_value vc type)/$(port_value vc learning)" dev/true "type/learning"
log_test

test_begin "a broadcast from behind it reaches all others, and not itself"
check_frames "2 0 2 2" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" count 2
log_test

test_begin "a broadcast from a nic reaches it"
check_frames "0 2 2 2" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" count 2
log_test

# --- learning ----------------------------------------------------------------------

test_begin "the station behind it was learned"
fdb_has "$B" vb learned
check_err $? "$B is not in the table"
log_test

test_begin "a unicast to it goes there only"
check_frames "0 3 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst "$B" count 3
log_test

test_begin "a unicast to an unknown address goes to the ports that learn, to no nic"
check_frames "0 2 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:99 count 2
log_test

test_begin "a unicast from behind it to a nic"
check_frames "3 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" dst "$A" count 3
log_test

test_begin "a station that moves is found at its new place"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:01 >/dev/null
fdb_has $S:01 vb learned
check_err $? "control: not learned at vb"
frame rx "$a:eth0" fence "$c:eth0" tx "$c:eth0" src $S:01 >/dev/null
fdb_has $S:01 vc learned
check_err $? "not moved to vc"
check_frames "0 0 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:01 count 2
log_test

test_begin "an address of a nic from behind it is dropped as a loop, and not learned"
was=$(drop_count lab vb loop)
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" src "$A" count 2
check_drops lab vb loop "$was" 2
fdb_has "$A" pa own
check_err $? "$A has left its port"
log_test

test_begin "no more are learned than the port's limit, and that is counted"
ctl fdb flush lab
ctl port set vb learn-limit 3
sources=()
for i in 1 2 3 4 5; do
	sources+=(tx "$b:eth0" src "$S:1$i")
done
# The fence comes from b's own address, a sixth.
frame rx "$a:eth0" fence "$b:eth0" "${sources[@]}" >/dev/null
check_eq "$(port_value vb learned)" 3 "learned"
check_eq "$(port_value vb not-learned)" 3 "not learned"
ctl port set vb learn-limit 1024
log_test

test_begin "what was not learned was delivered all the same"
check_frames "1 0 1 1" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" src $S:77
log_test

test_begin "an address that is silent for longer than ageing is forgotten"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:21 >/dev/null
fdb_has $S:21 vb learned
check_err $? "control: not learned"
ctl network set lab ageing 1s
busywait 20 not fdb_has $S:21 vb learned
check_err $? "still there"
ctl network set lab ageing 300
log_test

test_begin "a nic that is a switch itself learns when it is told to"
check_frames "0 0 0 0" "control: dropped" "${all[@]}" fence "$a:eth0" tx "$d:eth0" src $S:31
ctl port set pd learning on
check_frames "1 1 1 0" "frames at a, b, c, d" "${all[@]}" fence "$d:eth0" tx "$d:eth0" src $S:31
fdb_has $S:31 pd learned
check_err $? "not learned at pd"
check_frames "0 0 0 2" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:31 count 2
log_test

test_begin "and forgets them when it is told to stop"
ctl port set pd learning off
check_err $? "learning off"
fdb_has $S:31 pd learned
check_fail $? "still learned"
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$d:eth0" src $S:31
log_test

# --- frames that a switch keeps to itself -----------------------------------------------

# $1: the last octet; $2: whose they are
reserved()
{
	test_begin "$2 between ports that learn are forwarded"
	check_frames "0 0 2 0" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" \
		tx "$b:eth0" dst "01:80:c2:00:00:$1" count 2
	log_test

	test_begin "$2 from a nic are dropped, and counted"
	was=$(drop_count lab pa reserved)
	check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" \
		tx "$a:eth0" dst "01:80:c2:00:00:$1" count 2
	check_drops lab pa reserved "$was" 2
	log_test
}
reserved 00 "spanning tree's frames"
reserved 02 "LACP's frames"
reserved 0e "LLDP's frames"

test_begin "those of a nic that learns reach the ports that learn, too"
ctl port set pd learning on
check_frames "0 1 1 0" "frames at a, b, c, d" "${all[@]}" fence "$d:eth0" tx "$d:eth0" dst 01:80:c2:00:00:00
check_frames "0 0 1 1" "frames at a, b, c, d" "${all[@]}" fence "$b:eth0" tx "$b:eth0" dst 01:80:c2:00:00:00
ctl port set pd learning off
log_test

test_begin "with no other port that learns they are dropped, and counted"
ctl port detach vc
was=$(drop_count lab vb reserved)
check_frames "0 0 0" "frames at a, b, d" rx "$a:eth0" rx "$b:eth0" rx "$d:eth0" fence "$b:eth0" \
	tx "$b:eth0" dst 01:80:c2:00:00:00 count 2
check_drops lab vb reserved "$was" 2
ctl port attach vc network lab
log_test

# --- the table by hand ----------------------------------------------------------------

test_begin "a static entry sends to its port what nobody has sent from"
ctl fdb add lab mac $S:41 port vc
check_err $? "fdb add"
check_frames "0 0 2 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:41 count 2
log_test

test_begin "it is there once, unless it is replaced"
refused 2 "The address is in the table already" "$V" fdb add lab mac $S:41 port vb
ctl fdb replace lab mac $S:41 port vb
check_err $? "fdb replace"
fdb_has $S:41 vb static
check_err $? "not at vb"
log_test

test_begin "while it is replaced, each frame goes to one of the two"
for ((i = 0; i < 200; i++)); do
	echo "fdb replace lab mac $S:41 port vc"
	echo "fdb replace lab mac $S:41 port vb"
done >"$tmp/replace"
"$VMNET_BIN/frame" show 1 seconds $((60 * VMNET_SLOW)) pause 50 rx "$b:eth0" rx "$c:eth0" fence "$a:eth0" \
	tx "$a:eth0" dst $S:41 >"$tmp/frames" &
sender=$!
was=$(network_count lab delivered)
passing() { [ "$(network_count lab delivered)" -gt $((was + 100)) ]; }
busywait 20 passing
check_err $? "no frames"
ctl -b "$tmp/replace"
check_err $? "fdb replace"
kill $sender
wait $sender
check_err $? "the frames: $(paste -sd' ' "$tmp/frames")"
check_eq "$(awk '$1 == "sent" { sent = $2; next } { sum += $1 } END { print sum - sent }' "$tmp/frames")" 0 \
	"came more than once: $(paste -sd' ' "$tmp/frames")"
log_test

test_begin "of several static ones, each is at its own port"
ctl fdb add lab mac $S:42 port vb
ctl fdb add lab mac $S:43 port pd
check_frames "0 1 0 1" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" \
	tx "$a:eth0" dst $S:42 tx "$a:eth0" dst $S:43
ctl fdb del lab mac $S:42
ctl fdb del lab mac $S:43
log_test

test_begin "a sticky one does not follow its station"
ctl fdb replace lab mac $S:41 port vb sticky on
was=$(drop_count lab vc sticky)
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$c:eth0" tx "$c:eth0" src $S:41 count 2
check_drops lab vc sticky "$was" 2
log_test

test_begin "it is deleted"
ctl fdb del lab mac $S:41
check_err $? "fdb del"
fdb_has $S:41 vb static
check_fail $? "still there"
log_test

test_begin "flushing takes the learned ones and leaves the others"
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:51 >/dev/null
ctl fdb add lab mac $S:52 port vc
ctl fdb flush lab
fdb_count learned 0 && fdb_has $S:52 vc static && fdb_has "$A" pa own
check_err $? "wrong ones"
ctl fdb flush lab kind static
fdb_count static 0
check_err $? "static ones are left"
log_test

test_begin "refusals of the table"
refused 3 "There is no such address in the table" "$V" fdb del lab mac $S:60
refused 2 "The address is a port's own: change it there" "$V" fdb del lab mac "$A"
refused 2 "Port pa of the network has this address" "$V" fdb add lab mac "$A" port vb
refused 2 "The address is the port's own" "$V" fdb add lab mac "$A" port pa
refused 2 "Only learned and static addresses are flushed" "$V" fdb flush lab kind own
ctl network add other
refused 2 "The port is not attached to this network" "$V" fdb add other mac $S:61 port vb
ctl network del other
log_test

# --- what cannot be borrowed --------------------------------------------------------------

test_begin "a device of another master"
ip link add br0 type bridge
ip link add dum0 type dummy
ip link set dum0 master br0
defer ip link del br0
defer ip link del dum0
refused 2 "The device has a master already" "$V" port attach dum0 network lab
log_test

test_begin "a device that macvlan uses"
ip link set dum0 nomaster
ip link add link dum0 name mv0 type macvlan
refused 2 "The device is in use already" "$V" port attach dum0 network lab
ip link del mv0
log_test

test_begin "a VLAN device"
ip link add link dum0 name dum0.5 type vlan id 5
refused 2 "A physical adapter, bond or VLAN device" "$V" port attach dum0.5 network lab
ip link del dum0.5
log_test

test_begin "what is no Ethernet device"
modprobe -q tun
ip tuntap add tun0 mode tun
refused 2 "The device is no Ethernet device" "$V" port attach tun0 network lab
ip link del tun0
log_test

test_begin "a bond, a bridge"
ip link add bo0 type bond
refused 2 "A physical adapter, bond or VLAN device" "$V" port attach bo0 network lab
refused 2 "A physical adapter, bond or VLAN device" ip link set bo0 master lab
ip link del bo0
refused 2 "A bridge cannot be plugged in" "$V" port attach br0 network lab
log_test

test_begin "a team"
if ip link add te0 type team 2>/dev/null; then
	refused 2 "A physical adapter, bond or VLAN device" "$V" port attach te0 network lab
	ip link del te0
	log_test
else
	log_skip "no team driver"
fi

test_begin "a Wi-Fi station"
if modprobe mac80211_hwsim radios=1 2>/dev/null; then
	defer rmmod mac80211_hwsim
	wlan=$(set -- /sys/class/net/*/phy80211; basename "${1%/phy80211}")
	refused 2 "The device may not be bridged: a Wi-Fi station" "$V" port attach "$wlan" network lab
	rmmod mac80211_hwsim
	log_test
else
	log_skip "no simulated Wi-Fi"
fi

test_begin "the loopback, a network, and a vmnic by ip"
refused 2 "The loopback device cannot be" "$V" port attach lo network lab
ctl network add other
refused 2 "A network cannot be plugged into a network" "$V" port attach other network lab
refused 2 "A network cannot be plugged into a network" ip link set other master lab
ctl network del other
ctl port add loose
refused 2 "A vmnic is plugged in with 'vmnetctl port attach'" ip link set loose master lab
ctl port del loose
log_test

test_begin "one of a name that is none for a port"
ip link add 'dum#1' type dummy
refused 2 "A name is made of letters" "$V" port attach 'dum#1' network lab
ip link del 'dum#1'
log_test

test_begin "one in another namespace"
ip -n "$d" link add far type dummy
refused 3 "There is no port far, and no device to borrow in this namespace" "$V" port attach far network lab
refused 3 "There is no port far" "$V" port move far network lab
log_test

test_begin "one that is lent already"
refused 2 "Port vb is attached to lab already" "$V" port attach vb network lab
ctl network add other
log_test

# The core takes it from the one before it asks the other.
test_begin "which another master gets all the same, by ip or by move"
ip link set vb master other
check_err $? "ip link set vb master other"
check_eq "$(port_value vb network)" other "network"
ctl port move vb network lab
check_err $? "port move"
check_eq "$(port_value vb network)" lab "network"
ctl network del other
log_test

test_begin "what is stacked on a nic: a loop"
ctl port add loose
ip link add link loose name mv1 type macvlan
refused 2 "The device is stacked on one of vmnet" "$V" port attach mv1 network lab
ip link del mv1
ctl port del loose
log_test

test_begin "the words of its netdev are its owner's"
refused 2 "The port is borrowed" "$V" port set vb mtu 1400
log_test

# --- other virtual netdevs --------------------------------------------------------------

test_begin "a dummy takes frames and gives none"
ip link set dum0 up
ctl port attach dum0 network lab
check_err $? "port attach"
was=$(port_count lab dum0 tx_frames)
check_frames "0 1 1 1" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0"
check_eq "$(($(port_count lab dum0 tx_frames) - was))" 2 "frames at the dummy, with the fence"
ctl port detach dum0
log_test

# tunnel NAME WORD...: lends it; behind it is e:eth0
setup_ns e
silence "$e"
ip link add under type veth peer name under netns "$e"
defer ip link del under
ip addr add 192.0.2.1/24 dev under
ip -n "$e" addr add 192.0.2.2/24 dev under
ip link set under up
ip -n "$e" link set under up
busywait 10 pings '' 192.0.2.2
tunnel()
{
	local kind=$1

	shift
	test_begin "$kind is borrowed, and its stations learned"
	if ! ip link add tu0 type "$@" local 192.0.2.1 remote 192.0.2.2 2>/dev/null; then
		log_skip "no ${kind#a } here"
		return
	fi
	ip -n "$e" link add eth0 type "$@" local 192.0.2.2 remote 192.0.2.1
	ip -n "$e" link set eth0 mtu 1400 up
	ip link set tu0 mtu 1400 up
	ip link set tu0 master lab
	check_err $? "master"
	check_frames "2 0" "frames at a, e from e" rx "$a:eth0" rx "$e:eth0" fence "$e:eth0" tx "$e:eth0" count 2
	fdb_has "$(mac_of "$e" eth0)" tu0 learned
	check_err $? "not learned"
	check_frames "0 3 0" "frames at a, e, b to e" rx "$a:eth0" rx "$e:eth0" rx "$b:eth0" \
		fence "$a:eth0" tx "$a:eth0" dst "@$e:eth0" count 3
	was=$(drop_count lab tu0 mtu)
	check_frames "0 0" "too long ones" rx "$e:eth0" rx "$d:eth0" \
		fence "$a:eth0" tx "$a:eth0" dst "@$e:eth0" len 1500
	check_drops lab tu0 mtu "$was" 1
	ip link set tu0 nomaster
	"$V" port exists tu0
	check_status $? 3 "port exists, after nomaster"
	ip link del tu0
	ip -n "$e" link del eth0
	log_test
}
tunnel "a vxlan" vxlan id 7 dstport 4789
tunnel "a gretap" gretap

# A program that has a tap open: "send SRC" sends a broadcast, "count DST" says
# how many frames for it have come, when one from it has.
tap_program()
{
	exec perl -e '
		use IO::Select;
		open my $tap, "+<", "/dev/net/tun" or die;
		ioctl $tap, 0x400454ca, my $ifr = pack "a16sx22", shift, 0x1002 or die;
		$| = 1;
		print "open\n";
		my ($seen, $both) = ("", IO::Select->new($tap, \*STDIN));
		my %count;
		while (1) {
			for my $ready ($both->can_read) {
				if ($ready == $tap) {
					sysread $tap, my $frame, 65536 or die;
					$count{unpack "H12", $frame}++;
					next;
				}
				sysread STDIN, my $line, 4096 or exit;
				my ($verb, $mac) = split " ", $line;
				$mac =~ s/://g;
				syswrite $tap, pack "H12H12H4x46", "f" x 12, $mac, "88b5"
					if $verb eq "send";
				print $verb eq "send" ? "sent" : $count{$mac} // 0, "\n";
			}
		}' "$@"
}

tap_says()
{
	local answer

	echo "$1" >&"${TAP[1]}"
	read -r -t 20 -u "${TAP[0]}" answer
	echo "$answer"
}

tap_counts()
{
	[ "$(tap_says "count $1")" = "$2" ]
}

test_begin "a tap of another program"
ip tuntap add tap7 mode tap
defer ip link del tap7
ip link set tap7 up
ctl port attach tap7 network lab
check_err $? "port attach"
check_eq "$(port_value tap7 state)" down "state while nobody has it open"
was=$(port_count lab tap7 tx_frames)
check_frames "0 1 1 1" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0"
check_eq "$(port_count lab tap7 tx_frames)" "$was" "frames to one that nobody has open"
coproc TAP { tap_program tap7; }
read -r -t 20 -u "${TAP[0]}" line
check_eq "$line" open "the program"
busywait 10 port_is tap7 state up
check_err $? "state while somebody has it open"
check_eq "$(tap_says "send $S:71")" sent "a frame from it"
busywait 10 fdb_has $S:71 tap7 learned
check_err $? "$S:71 was not learned"
check_frames "0 0 0 0" "frames at a, b, c, d" "${all[@]}" fence "$a:eth0" tx "$a:eth0" dst $S:71 count 3
busywait 10 tap_counts $S:71 3
check_err $? "frames at the tap: $(tap_says "count $S:71")"
kill "$TAP_PID"
wait "$TAP_PID" 2>/dev/null
busywait 10 port_is tap7 state down
check_err $? "state after the program's end"
ip link del tap7
"$V" port exists tap7
check_status $? 3 "port exists, without the tap"
log_test

# --- by bridge(8) -------------------------------------------------------------------------

# bridge_fdb FILTER: of `bridge -s -j fdb show dev lab`, how many fit.
bridge_fdb()
{
	bridge -s -j fdb show dev lab | jq "map(select($1)) | length"
}

test_begin "bridge fdb show has each entry once, with its port"
ctl fdb flush lab
frame rx "$a:eth0" fence "$b:eth0" tx "$b:eth0" src $S:81 >/dev/null
ctl fdb add lab mac $S:82 port vc sticky on
check_eq "$(bridge_fdb ".mac == \"$S:81\" and .viaIf == \"vb\" and .state == \"\" and .updated < 60")" 1 "learned"
check_eq "$(bridge_fdb ".mac == \"$S:82\" and .viaIf == \"vc\" and .state == \"static\" and .flags == [\"self\", \"sticky\"]")" 1 "static"
check_eq "$(bridge_fdb ".mac == \"$A\" and .state == \"permanent\"")" 1 "a nic's own"
check_eq "$(bridge_fdb true)" "$("$V" -j fdb show lab | jq length)" "entries, here and there"
check_eq "$(bridge -j fdb show | jq "map(select(.ifname == \"lab\")) | length")" "$(bridge_fdb true)" "entries among those of all"
log_test

test_begin "bridge fdb get"
check_eq "$(bridge -j fdb get $S:82 dev lab self | jq -r '.[0].viaIf')" vc "port"
refused 254 "There is no such address in the table" bridge fdb get $S:83 dev lab self
log_test

test_begin "bridge fdb del"
bridge fdb del $S:82 dev lab self
check_err $? "a static one"
bridge fdb del $S:81 dev lab self via vb
check_err $? "a learned one"
check_eq "$(bridge_fdb "(.mac == \"$S:81\") or (.mac == \"$S:82\")")" 0 "left"
refused 255 "There is no such address in the table" bridge fdb del $S:82 dev lab self
refused 255 "The address is a port's own: change it there" bridge fdb del "$A" dev lab self
log_test

test_begin "bridge fdb add: a static entry at a port"
bridge fdb add $S:84 dev lab self static via vb
check_err $? "add"
fdb_has $S:84 vb static
check_err $? "not there"
refused 255 "The address is in the table already" bridge fdb add $S:84 dev lab self static via vc
bridge fdb replace $S:84 dev lab self static via vc
check_err $? "replace"
fdb_has $S:84 vc static
check_err $? "not at vc"
bridge fdb del $S:84 dev lab self
log_test

test_begin "bridge fdb add: an address of the host"
refused 255 "The host is no member of the network" bridge fdb add $S:85 dev lab self
ctl network set lab host on
bridge fdb add $S:85 dev lab self
check_err $? "add"
check_eq "$(bridge_fdb ".mac == \"$S:85\" and .state == \"permanent\" and .viaIf == null")" 1 "entries"
check_frames "2 0 0" "frames at the host, b, c" rx :lab rx "$b:eth0" rx "$c:eth0" fence "$a:eth0" tx "$a:eth0" dst $S:85 count 2
refused 255 "The host has this address already" bridge fdb add $S:85 dev lab self
refused 255 "Port pa of the network has this address" bridge fdb add "$A" dev lab self
refused 255 "An address of the host is permanent" bridge fdb add $S:86 dev lab self static
refused 255 "must be a unicast address" bridge fdb add 01:00:5e:00:00:01 dev lab self
bridge fdb del $S:85 dev lab self
check_err $? "del"
check_eq "$(bridge_fdb ".mac == \"$S:85\"")" 0 "entries, deleted"
refused 255 "The address is a port's own" bridge fdb del "$(cat /sys/class/net/lab/address)" dev lab self
for i in {0..127}; do
	printf 'fdb add 02:00:5e:00:54:%02x dev lab self\n' "$i"
done | bridge -b -
check_err $? "128 addresses"
refused 255 "The host has 128 more addresses" bridge fdb add $S:87 dev lab self
for i in {0..127}; do
	printf 'fdb del 02:00:5e:00:54:%02x dev lab self\n' "$i"
done | bridge -b -
check_err $? "128 deletions"
ctl network set lab host off
log_test

test_begin "bridge fdb: a static entry of one VLAN"
bridge fdb add $S:87 dev lab self static via vb vlan 7
check_err $? "bridge fdb add"
check_eq "$(bridge_fdb ".mac == \"$S:87\" and .vlan == 7")" 1 "entries"
bridge fdb del $S:87 dev lab self vlan 7
check_err $? "bridge fdb del"
log_test

test_begin "bridge fdb: what it is refused"
refused 255 "An address of the host is its in all VLANs" bridge fdb add $S:88 dev lab self vlan 7
refused 255 "What follows 'via' is no port of the network" bridge fdb add $S:88 dev lab self static via under
refused 255 "An address of a network has no tunnel" bridge fdb add $S:88 dev lab self static via vb dst 192.0.2.2
refused 255 "An entry by hand is static" bridge fdb add $S:88 dev lab self dynamic via vb
refused 255 "Operation not supported" bridge fdb add $S:88 dev vb master static
check_eq "$(bridge_fdb ".mac == \"$S:88\"")" 0 "entries"
log_test

# --- a large table --------------------------------------------------------------------------

large=100000
[ "$VMNET_SLOW" = 1 ] || large=20000
test_begin "a table of $large learned addresses is shown whole"
ctl port set pd learning on learn-limit 200000
frame tx "$d:eth0" src 02:00:5f:00:00:00 step 1 count $large >/dev/null
busywait 60 port_is pd learned $large
check_err $? "learned: $(port_value pd learned)"
for tool in "$V -j fdb show lab" "bridge -j fdb show dev lab"; do
	began=${EPOCHREALTIME/[.,]/}
	$tool >"$tmp/fdb.json"
	check_err $? "$tool"
	echo "# $tool: $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) ms for $large entries"
	check_eq "$(jq -r '.[].mac' "$tmp/fdb.json" | grep -c '^02:00:5f')" $large "$tool: entries"
	check_eq "$(jq -r '.[].mac' "$tmp/fdb.json" | grep '^02:00:5f' | sort -u | wc -l)" $large "$tool: addresses"
done
log_test

test_begin "it is flushed"
began=${EPOCHREALTIME/[.,]/}
ctl fdb flush lab port pd
check_err $? "flush"
echo "# $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) ms"
check_eq "$(port_value pd learned)" 0 "learned"
ctl port set pd learning off learn-limit 1024
log_test

# --- going away -------------------------------------------------------------------------

test_begin "given back, its frames are the host's again"
ctl port detach vb
check_err $? "port detach vb"
"$V" port exists vb
check_status $? 3 "port exists"
check_eq "$(cat /sys/class/net/vb/flags)" 0x1003 "flags: promiscuous still"
check_frames "0 0 0" "frames at a, c, d" rx "$a:eth0" rx "$c:eth0" rx "$d:eth0" tx "$b:eth0" count 2
log_test

test_begin "a netdev that is deleted takes its port along"
ip link add vx type veth peer name vy
ctl port attach vx network lab
ip link del vx
"$V" port exists vx
check_status $? 3 "port exists"
log_test

test_begin "one that is moved to another namespace is no port any more"
ip link add vx type veth peer name vy
ctl port attach vx network lab
ip link set vx netns "$d"
"$V" port exists vx
check_status $? 3 "port exists"
ip -n "$d" link del vx
log_test

# Reads the sum over all ports, without RTNL, while ports go away.
read_sums()
{
	while [ ! -e "$tmp/enough" ]; do
		cat /sys/class/net/lab/vmnet/{received,drops/total} /sys/class/net/lab/vmnet/ports/*/rx_frames
	done
}

test_begin "borrowed and given back many times, with traffic, while counters are read"
read_sums >/dev/null 2>&1 &
reader=$!
"$VMNET_BIN/frame" seconds $((60 * VMNET_SLOW)) tx "$c:eth0" src $S:91 step 1 >/dev/null &
sender=$!
for i in {1..20}; do
	ctl port detach vc
	check_err $? "port detach, time $i"
	ctl port attach vc network lab
	check_err $? "port attach, time $i"
done
kill "$sender"
touch "$tmp/enough"
wait "$reader" "$sender"
check_eq "$(port_value vc network)" lab "network"
# What has been sent before is through as well.
frame rx "$a:eth0" fence "$c:eth0" >/dev/null
check_err $? "the fence"
log_test

test_begin "the counters balance"
check_balance lab
log_test

test_begin "a network that is deleted gives its borrowed netdevs back"
ctl port attach vb network lab
ctl network del lab
check_err $? "network del"
"$V" port exists vb
check_status $? 3 "port exists vb"
ip link show vb >/dev/null && ip link show vc >/dev/null
check_err $? "the netdevs are gone"
log_test

test_end
