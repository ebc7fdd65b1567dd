#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ports of the type tap, with a program at the other end of the descriptor that
# does what a virtual machine's does (tapio.c). For virtual machines themselves
# see guest.sh.
#
#	   lab
#	    ├── va   /dev/vmnet/va, descriptor 11 here
#	    ├── vb   /dev/vmnet/vb, descriptor 12 here
#	    └── pc   c:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

require tcpdump tc setpriv
unload_vmnet
load_vmnet
silence

tapio()
{
	"$VMNET_BIN/tapio" "$@"
}

HELPER=$TOP/tools/vmnet-helper/vmnet-helper

# check_read WANTED MESSAGE DESCRIPTOR[,DESCRIPTOR]... [WORD VALUE]...
check_read()
{
	local wanted=$1 message=$2

	shift 2
	check_eq "$(tapio read "$@" 2>&1)" "$wanted" "$message"
}

# drain DESCRIPTOR...: what is left of the last test.
drain()
{
	local fd

	for fd; do
		tapio read "$fd" >/dev/null
	done
}

# owner PATH: user, group and mode
owner()
{
	stat -c '%u %g %a %F' "$1" 2>&1
}

# here NETDEV FILE: of its folder in this namespace's /sys.
here()
{
	cat "/sys/class/net/$1/$2"
}

up()
{
	[ "$(here "$1" carrier 2>/dev/null)" = 1 ]
}

gone()
{
	[ ! -e "$1" ]
}

# --- the module ------------------------------------------------------------------

# The kernel asks this for modules: one that knows where ours lies.
asked=$(mktemp)
asker=$(mktemp)
cat >"$asker" <<SCRIPT
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
echo "\$*" >>$asked
case " \$* " in
*" vmnet_tap "*)
	[ ! -e $asked.not ] || exit 1
	modprobe -q tap
	exec insmod $VMNET_TAP_KO
	;;
esac
exec modprobe "\$@"
SCRIPT
chmod 755 "$asker"
old_asker=$(cat /proc/sys/kernel/modprobe)
defer rm -f "$asker" "$asked" "$asked.not"
defer sh -c "echo $old_asker >/proc/sys/kernel/modprobe"
echo "$asker" >/proc/sys/kernel/modprobe
defer ctl reset

test_begin "without the module vmnet_tap a tap is refused, and nothing is made"
touch "$asked.not"
ctl network add lab
refused 2 "vmnet_tap cannot be loaded" ctl port add va type tap network lab
rm "$asked.not"
ctl port exists va 2>/dev/null || [ -e /sys/class/net/va ]
check_fail $? "something was made"
log_test

test_begin "vmnet_tap is requested when the first tap is made"
: >"$asked"
ctl port add va type tap network lab
check_err $? "port add"
grep -q vmnet_tap "$asked"
check_err $? "it was not"
[ -d /sys/module/vmnet_tap ]
check_err $? "it is not loaded"
log_test

# --- what it looks like -------------------------------------------------------------

test_begin "its node is /dev/vmnet/PORT, root's alone"
check_eq "$(owner /dev/vmnet/va)" "0 0 600 character special file" "user, group, mode"
check_eq "$(port_value va node)" /dev/vmnet/va "as port show says"
check_eq "$(port_value va uid)" 0 "the user there"
check_eq "$(port_value va gid)" null "the group there"
check_eq "$(port_value va type)" tap "the type there"
check_eq "$(cat /sys/class/net/lab/vmnet/ports/va/type)" tap "in /sys"
log_test

test_begin "and /dev/tapIFINDEX, where libvirt looks"
check_eq "$(owner "/dev/tap$(cat /sys/class/net/va/ifindex)")" \
	"0 0 600 character special file" "user, group, mode"
log_test

test_begin "it belongs to the user and the group that are named"
ctl port add vb type tap network lab queues 4 uid 1001 gid 1002
check_err $? "port add"
check_eq "$(owner /dev/vmnet/vb)" "1001 1002 660 character special file" "user, group, mode"
check_eq "$(port_value vb uid) $(port_value vb gid)" "1001 1002" "as port show says"
check_eq "$(port_value vb queues)" 4 "queues"
log_test

test_begin "and to others later"
ctl port set vb uid 1003
check_err $? "port set uid"
check_eq "$(owner /dev/vmnet/vb)" "1003 1002 660 character special file" "after uid"
ctl port set vb gid none
check_err $? "port set gid"
check_eq "$(owner /dev/vmnet/vb)" "1003 0 600 character special file" "after gid none"
check_eq "$(owner "/dev/tap$(cat /sys/class/net/vb/ifindex)")" \
	"1003 0 600 character special file" "the other node"
log_test

test_begin "it is down until a program has it open"
check_eq "$(port_value va state) $(port_value va queues-open)" "down 0" "before"
exec 11<>/dev/vmnet/va
check_eq "$(port_value va state) $(port_value va queues-open)" "up 1" "with it open"
check_eq "$(tapio name 11)" va "TUNGETIFF"
log_test

test_begin "the host's own IPv6 is not on it"
check_eq "$(ip -6 addr show dev va)" "" "addresses"
log_test

# --- refusals --------------------------------------------------------------------------

test_begin "refusals have their sentence, and change nothing"
refused 2 "nic or tap" ctl port add vx type dev
refused 2 "Only a tap has a node" ctl port add vx uid 5
ctl port add web type nic
refused 2 "Only a tap has a node" ctl port set web uid 5
refused 2 "no user's number" ctl port add vx type tap uid 4294967295
refused 2 "no user's number" ctl port set va uid 4294967295
refused 2 "owner is not changed together" ctl port set va uid 5 mtu 1400
refused 1 "no user of this name" ctl port set va uid no-such-user
refused 2 "is no tap" ctl port open web -- true
refused 1 "PROGRAM.* is missing" ctl port open va
refused 3 "no port nobody" ctl port open nobody -- true
refused 1 "1 to 256 queues" ctl port open va queues 257 -- true
check_eq "$(owner /dev/vmnet/va)" "0 0 600 character special file" "va's node"
ctl port exists vx 2>/dev/null
check_fail $? "vx was made"
ctl port del web
log_test

test_begin "the node of a port of another namespace is not taken away"
other=''
setup_ns other
refused 2 "/dev/vmnet/va is the node of a port in another namespace" \
	ctl -n "$other" port add va type tap
ctl -n "$other" port add vc type tap
refused 2 "/dev/vmnet/va is the node of a port in another namespace" \
	ctl -n "$other" port set vc name va
[ -c /dev/vmnet/vc ] && ctl -n "$other" port exists vc
check_err $? "the port that was not renamed"
ctl -n "$other" port del vc
log_test

test_begin "a network of a user namespace has no taps"
said=$(unshare -Urn "$VMNETCTL" port add vu type tap 2>&1)
saw "$said"
check_match "$said" "must be of the initial user namespace" "said"
log_test

# --- frames -----------------------------------------------------------------------------

c=''
setup_ns c
silence "$c"
ctl port add pc network lab netns "$c" ifname eth0
busywait 5 carrier "$c" eth0 1
exec 12<>/dev/vmnet/vb
tapio if 12
A=$(here va address) B=$(here vb address) N=$(mac_of "$c" eth0)

test_begin "a frame from tap to tap"
check_eq "$(tapio write 11 src "$A" dst "$B" len 100 count 3)" "sent 3" "write"
check_read "3 100 0 0 0 0" "at vb" 12
check_read "0 0 0 0 0 0" "at va" 11
log_test

test_begin "to a nic, and back"
before=$(port_count lab pc tx_frames)
tapio write 11 src "$A" dst "$N" count 5 >/dev/null
delivered() { [ "$(port_count lab pc tx_frames)" = $((before + 5)) ]; }
busywait 5 delivered
check_err $? "at pc: $(($(port_count lab pc tx_frames) - before))"
frame tx "$c:eth0" dst "$A" count 4 len 200 >/dev/null
check_read "4 200 0 0 0 0" "at va" 11 want 4
log_test

test_begin "a broadcast goes to all others"
frame tx "$c:eth0" count 2 len 300 >/dev/null
check_read "2 300 0 0 0 0
2 300 0 0 0 0" "at va and vb" 11,12 want 4
log_test

test_begin "a forged source is dropped"
before=$(drop_count lab va forged_source)
tapio write 11 src 02:00:5e:00:53:99 dst "$B" >/dev/null
check_drops lab va forged_source "$before" 1
check_read "0 0 0 0 0 0" "at vb" 12
log_test

test_begin "a tag passes, in the frame"
tapio write 11 src "$A" dst "$B" vlan 5 len 100 >/dev/null
check_read "1 100 0 0 1 0" "at vb" 12
log_test

test_begin "a super-packet passes whole, its checksum open"
tapio offload 12 tso
tapio write 11 src "$A" dst "$B" gso 1448 len 60000 >/dev/null
check_read "1 60000 1 1 0 0" "at vb" 12
frame tx "$c:eth0" dst "$B" gso 1448 len 60000 >/dev/null
check_read "1 60000 1 1 0 0" "from pc at vb" 12 want 1
log_test

test_begin "for a reader that cannot take it, it is cut and summed up; each segment counts"
tapio offload 12 none
segmented=$(network_count lab segmented) frames=$(port_count lab vb tx_frames)
tapio write 11 src "$A" dst "$B" gso 1448 len 14534 >/dev/null
check_read "10 1502 0 0 0 0" "at vb" 12
check_eq "$(($(network_count lab segmented) - segmented))" 9 "segmented"
check_eq "$(($(port_count lab vb tx_frames) - frames))" 10 "delivered to vb"
check_balance lab
log_test

test_begin "one that can sum up gets segments with open checksums"
tapio offload 12 csum
tapio write 11 src "$A" dst "$B" gso 1448 len 14534 >/dev/null
check_read "10 1502 10 0 0 0" "at vb" 12
tapio write 11 src "$A" dst "$B" csum 1 len 400 >/dev/null
check_read "1 400 1 0 0 0" "a small one" 12
tapio offload 12 none
tapio write 11 src "$A" dst "$B" csum 1 len 400 >/dev/null
check_read "1 400 0 0 0 0" "for one that cannot" 12
log_test

test_begin "a reader without a virtio_net_hdr gets plain frames"
tapio if 12 plain
tapio write 11 src "$A" dst "$B" gso 1448 len 14534 >/dev/null
tapio write 11 src "$A" dst "$B" csum 1 len 400 >/dev/null
check_read "11 1502 0 0 0 0" "at vb" 12
tapio if 12
log_test

test_begin "a longer virtio_net_hdr is kept to"
tapio hdrsz 12 12
tapio write 12 src "$B" dst "$A" len 150 >/dev/null
check_read "1 150 0 0 0 0" "at va" 11
tapio write 11 src "$A" dst "$B" len 160 >/dev/null
check_read "1 160 0 0 0 0" "at vb" 12
tapio hdrsz 12 10
log_test

test_begin "a frame larger than the reader's MTU is dropped, by its reason"
before=$(drop_count lab vb mtu)
ctl port set vb mtu 1000
tapio write 11 src "$A" dst "$B" len 1200 >/dev/null
check_read "0 0 0 0 0 0" "at vb" 12
check_drops lab vb mtu "$before" 1
ctl port set vb mtu auto
log_test

# --- its netdev is listened to ------------------------------------------------------------

test_begin "who listens at the netdev sees what the machine gets"
dump=$(mktemp)
defer rm -f "$dump" "$dump.err"
timeout $((30 * VMNET_SLOW)) tcpdump -n -c 3 -i vb -Q in -w "$dump" 2>"$dump.err" &
pid=$!
busywait 10 grep -q listening "$dump.err"
tapio write 11 src "$A" dst "$B" len 100 count 3 >/dev/null
check_read "3 100 0 0 0 0" "at vb" 12 want 3
wait $pid
check_err $? "tcpdump: $(<"$dump.err")"
log_test

test_begin "tc at its ingress is obeyed, and only there"
tc qdisc add dev vb clsact
tc filter add dev vb ingress matchall action drop
tapio write 11 src "$A" dst "$B" len 100 count 3 >/dev/null
drained() { [ "$(tc -j -s qdisc show dev vb clsact | jq '[.[].drops] | add')" = 3 ]; }
busywait 10 drained
check_err $? "drops: $(tc -j -s qdisc show dev vb clsact | jq '[.[].drops] | add')"
check_read "0 0 0 0 0 0" "at vb" 12
tc qdisc del dev vb clsact
tapio write 11 src "$A" dst "$B" len 100 >/dev/null
check_read "1 100 0 0 0 0" "without it" 12 want 1
check_balance lab
log_test

# taken DESCRIPTOR...: how many frames there are. (A ring has a few less than
# its size right after a read: it frees what was read by the cache line.)
taken()
{
	tapio read "$(IFS=,; echo "$*")" | awk '{ n += $1 } END { print n }'
}

# --- a reader that does not read ------------------------------------------------------------

test_begin "what does not fit its ring is dropped as queue_full, to the frame"
before=$(drop_count lab vb queue_full)
room=$(cat /sys/class/net/vb/tx_queue_len)
tapio write 11 src "$A" dst "$B" len 100 count $((room + 200)) >/dev/null
took=$(taken 12)
[ "$took" -gt $((room - 20)) ] && [ "$took" -le "$room" ]
check_err $? "$took frames in a ring for $room"
check_drops lab vb queue_full "$before" $((room + 200 - took))
check_balance lab
log_test

test_begin "a sender's memory is not held by it"
drain 12
tapio sndbuf 11 20000
check_eq "$(tapio write 11 src "$A" dst "$B" len 1400 count $((room / 2)))" \
	"sent $((room / 2))" "written at once, with a send buffer for a few"
tapio sndbuf 11 2000000000
log_test

test_begin "and nobody else's traffic"
# Broadcasts fill the ring of vb, which is not read, and all come to va.
drain 12
tapio write 12 src "$B" dst "$A" count 1 >/dev/null
drain 11
before=$(drop_count lab vb queue_full)
for _ in 1 2 3 4; do
	frame tx "$c:eth0" count 500 >/dev/null
	check_read "500 60 0 0 0 0" "at va" 11 want 500
done
check_drops lab vb queue_full "$before" $((2000 - $(taken 12)))
check_balance lab
log_test

test_begin "a super-packet that finds no room for its last segments counts them"
tapio offload 12 none
before=$(drop_count lab vb queue_full)
frames=$((room / 10 + 5)) segmented=$(network_count lab segmented)
tapio write 11 src "$A" dst "$B" gso 1448 len 14534 count $frames >/dev/null
took=$(taken 12)
check_drops lab vb queue_full "$before" $((10 * frames - took))
check_eq "$(($(network_count lab segmented) - segmented))" $((9 * frames)) "segmented"
check_balance lab
log_test

test_begin "its length is the netdev's, and changes while it is used"
ip link set vb txqueuelen 50
check_err $? "ip link set txqueuelen"
before=$(drop_count lab vb queue_full)
tapio write 11 src "$A" dst "$B" count 60 >/dev/null
took=$(taken 12)
[ "$took" -gt 30 ] && [ "$took" -le 50 ]
check_err $? "$took frames in a ring for 50"
check_drops lab vb queue_full "$before" $((60 - took))
ip link set vb txqueuelen "$room"
log_test

test_begin "with nobody reading, a frame for it is dropped as port_down"
exec 12>&-
closed() { port_is vb queues-open 0; }
busywait 5 closed
before=$(drop_count lab vb port_down)
tapio write 11 src "$A" dst "$B" count 2 >/dev/null
check_drops lab vb port_down "$before" 2
check_balance lab
log_test

test_begin "and it gets no copy of a broadcast"
before=$(network_count lab replicated)
down=$(drop_count lab vb port_down)
frame tx "$c:eth0" count 2 >/dev/null
check_read "2 60 0 0 0 0" "at va" 11 want 2
check_eq "$(($(network_count lab replicated) - before))" 0 "copies"
check_drops lab vb port_down "$down" 0
log_test

# --- several queues ---------------------------------------------------------------------------

test_begin "with four queues each flow stays on one, and all are used"
exec 13<>/dev/vmnet/vb 14<>/dev/vmnet/vb 15<>/dev/vmnet/vb 16<>/dev/vmnet/vb
for fd in 13 14 15 16; do
	tapio if $fd mq
	check_err $? "TUNSETIFF"
done
check_eq "$(port_value vb queues-open)" 4 "queues open"
for flow in {1..32}; do
	tapio write 11 src "$A" dst "$B" tcp 1 len 100 flow "$flow" count 4 >/dev/null
done
got=$(tapio read 13,14,15,16 flow 1)
check_eq "$(awk '{ n += $1; f += $7 } END { print n, f }' <<<"$got")" "128 32" \
	"frames, and flows over all queues: ${got//$'\n'/, }"
check_eq "$(awk '$1 == 0' <<<"$got")" "" "queues without a frame"
log_test

test_begin "a queue that is disabled gets nothing, and is used again when enabled"
tapio queue 14 detach
check_eq "$(port_value vb queues-open)" 3 "queues open"
for flow in {1..32}; do
	tapio write 11 src "$A" dst "$B" tcp 1 len 100 flow "$flow" >/dev/null
done
got=$(tapio read 13,14,15,16)
check_eq "$(awk '{ n += $1 } END { print n }' <<<"$got")" 32 "frames"
check_eq "$(sed -n 2p <<<"$got")" "0 0 0 0 0 0" "the disabled queue"
tapio queue 14 attach
check_eq "$(port_value vb queues-open)" 4 "queues open again"
log_test

test_begin "segments of one super-packet stay together"
tapio offload 13 none
tapio write 11 src "$A" dst "$B" gso 1448 len 14534 >/dev/null
check_eq "$(tapio read 13,14,15,16 | awk '$1 { print $1 }')" 10 "frames in the only queue that has any"
exec 14>&- 15>&- 16>&-
log_test

# --- plugged in and out -------------------------------------------------------------------------

test_begin "detached, no frame comes or goes; attached again, they do"
ctl port detach vb
check_eq "$(port_value vb state)" detached "state"
[ "$(cat /sys/class/net/vb/carrier)" = 0 ]
check_err $? "carrier"
tapio write 11 src "$A" dst "$B" >/dev/null
tapio write 13 src "$B" dst "$A" >/dev/null
check_read "0 0 0 0 0 0
0 0 0 0 0 0" "at va and vb" 11,13
ctl port attach vb network lab
passes() { tapio write 13 src "$B" dst "$A" >/dev/null; [ "$(tapio read 11)" = "1 60 0 0 0 0" ]; }
busywait 5 passes
check_err $? "no frame from vb"
tapio write 11 src "$A" dst "$B" >/dev/null
check_read "1 60 0 0 0 0" "at vb" 13
log_test

test_begin "moved to another network while it is open"
ctl network add dmz
ctl port add vd type tap network dmz
exec 17<>/dev/vmnet/vd
ctl port move vb network dmz
D=$(here vd address)
passes() { tapio write 13 src "$B" dst "$D" >/dev/null; [ "$(tapio read 17)" = "1 60 0 0 0 0" ]; }
busywait 5 passes
check_err $? "no frame from vb"
check_balance lab
ctl port move vb network lab
log_test

test_begin "renamed, its node has the new name, and who has it open keeps it"
ctl port set vb name vb2
check_err $? "port set name"
check_eq "$(owner /dev/vmnet/vb2)" "1003 0 600 character special file" "new"
gone /dev/vmnet/vb
check_err $? "the old one is still there"
busywait 5 up vb
tapio write 11 src "$A" dst "$B" >/dev/null
check_read "1 60 0 0 0 0" "at vb2" 13 want 1
ctl port set vb2 name vb
log_test

test_begin "with its netdev in another namespace, its node is the same, and /dev/tapIFINDEX is gone"
index=/dev/tap$(cat /sys/class/net/vb/ifindex)
ctl port set vb netns "$c"
gone "$index"
check_err $? "$index is still there"
[ -c /dev/vmnet/vb ]
check_err $? "/dev/vmnet/vb is gone"
ip -n "$c" link set vb up
busywait 5 carrier "$c" vb 1
tapio write 11 src "$A" dst "$B" >/dev/null
check_read "1 60 0 0 0 0" "at vb" 13 want 1
# Back by a process that is in the first one.
ctl port set vb netns $$
ip link set vb up
[ -c "/dev/tap$(cat /sys/class/net/vb/ifindex)" ]
check_err $? "/dev/tapIFINDEX is not back"
log_test

# --- other people -----------------------------------------------------------------------------------

# Where everybody may go, which our folders need not be.
public=$(mktemp -d)
defer rm -rf "$public"
chmod 755 "$public"
cp "$VMNETCTL" "$VMNET_BIN/tapio" "$HELPER" "$public"
PATH=$public:$PATH

as_user()
{
	setpriv --reuid 1003 --regid 1003 --clear-groups "$@"
}

test_begin "its owner opens it without privilege, a stranger does not"
as_user vmnetctl port open vb -- "$public/tapio" name 3 >/dev/null
check_err $? "the owner"
said=$(setpriv --reuid 1004 --regid 1004 --clear-groups vmnetctl port open vb -- true 2>&1)
check_status $? 5 "a stranger"
check_match "$said" "You may not open /dev/vmnet/vb: it belongs to user 1003" "said"
log_test

test_begin "port open passes the queues from descriptor 3 on, and nothing else"
got=$(as_user vmnetctl port open vb queues 2 -- /bin/sh -c 'ls /proc/$$/fd | sort -n | paste -sd" "')
# sh has no others of its own but for what this script has open.
check_match "$got" "^0 1 2 3 4( |$)" "descriptors"
check_eq "$(as_user vmnetctl port open vb queues 2 -- /bin/sh -c \
	'readlink /proc/$$/fd/3 /proc/$$/fd/4; test -e /proc/$$/fd/5 && echo 5')" \
	"/dev/vmnet/vb
/dev/vmnet/vb" "what they are"
refused 1 "cannot be run" as_user vmnetctl port open vb -- /no/such/program
log_test

test_begin "vmnet-helper passes the queue as qemu-bridge-helper does"
got=$(as_user "$public/tapio" helper "$public/vmnet-helper" vb "$public/tapio" name 3)
check_eq "$got" vb "the netdev of what was passed"
as_user "$public/tapio" helper "$public/vmnet-helper" va true 2>/dev/null
check_fail $? "it passed what its user may not open"
"$public/vmnet-helper" --br=../null --fd=1 2>/dev/null
check_fail $? "it took a path"
log_test

# --- harm --------------------------------------------------------------------------------------------

test_begin "whatever is written, the others are not disturbed"
tapio offload 11 tso
for seed in 1 2 3; do
	check_eq "$(TAPIO_SEED=$seed tapio hostile 13 seconds 3)" "taken 1 refused 1" "writes"
	drain 11
	tapio write 11 src "$A" dst "$N" count 1 >/dev/null
	check_err $? "va writes"
done
exec 13>&-
ctl port set vb guard-mac off
exec 13<>/dev/vmnet/vb
TAPIO_SEED=4 tapio hostile 13 seconds 3 >/dev/null
exec 13>&-
drain 11
check_balance lab
log_test

test_begin "queues come, go and are switched under traffic"
tapio churn /dev/vmnet/vb seconds 5 >/dev/null &
one=$!
tapio churn /dev/vmnet/vb seconds 5 >/dev/null &
two=$!
frame seconds 5 cpu 1 tx "$c:eth0" dst "$B" gso 1448 len 20000 >/dev/null &
three=$!
tapio write 11 src "$A" seconds 5 len 500 pause 50 >/dev/null
wait $one $two $three
check_balance lab
log_test

test_begin "ports come and go under open descriptors"
exec 18<>/dev/vmnet/va
frame seconds 4 cpu 1 tx "$c:eth0" dst "$B" >/dev/null &
sender=$!
tapio churn /dev/vmnet/vb seconds 4 >/dev/null &
churn=$!
for _ in 1 2 3; do
	ctl port del vb
	ctl port add vb type tap network lab
done
wait $sender $churn
exec 18>&-
check_balance lab
log_test

# --- the end -------------------------------------------------------------------------------------------

test_begin "a deleted port leaves a descriptor of nobody's"
exec 13<>/dev/vmnet/vb
B=$(here vb address)
busywait 5 up vb
tapio write 11 src "$A" dst "$B" len 100 >/dev/null
ctl port del vb
gone /dev/vmnet/vb
check_err $? "its node is still there"
check_read "1 100 0 0 0 0" "what was in its ring" 13
tapio write 13 src "$B" dst "$A" >/dev/null
check_err $? "a write"
tapio name 13 2>/dev/null
check_fail $? "TUNGETIFF succeeds"
check_balance lab
log_test

test_begin "vmnet_tap stays while a descriptor is open or a tap exists"
rmmod vmnet_tap 2>/dev/null
check_fail $? "it was unloaded with both"
exec 11>&- 17>&-
ctl reset
rmmod vmnet_tap 2>/dev/null
check_fail $? "it was unloaded with a descriptor open"
exec 13>&-
unloads() { rmmod vmnet_tap; }
busywait 10 unloads
check_err $? "it cannot be unloaded"
gone /dev/vmnet
check_err $? "/dev/vmnet is still there"
gone /sys/class/vmnet
check_err $? "its class is"
log_test

test_end
