#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# /sys/class/net/NETWORK/vmnet: what is there, what it says, and that reading
# it never is in the way.
#
#	   lab
#	    ├── pa   a:eth0
#	    └── pb   b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b=''
make_lab a b || exit 1
frame rx "$b:eth0" want 5 tx "$a:eth0" count 5 tx "$a:eth0" dst 02:00:5e:10:00:01 >/dev/null
sys=/sys/class/net/lab/vmnet

test_begin "a network has these files"
for name in host mtu ports_attached fdb_entries fdb_limit received replicated segmented delivered \
	consumed dropped queued rx_bytes tx_bytes drops/total drops/reasons \
	dhcp/enabled dhcp/subnet dhcp/server dhcp/range_start dhcp/range_end dhcp/leases \
	dhcp/offers dhcp/acks dhcp/naks dhcp/declines dhcp/exhausted; do
	[ -r $sys/$name ]
	check_err $? "no $name"
done
log_test

test_begin "a port has these, not more than 20, wherever its netdev is"
for name in type ifname mac state queued rx_frames rx_bytes tx_frames tx_bytes dropped drops; do
	[ -r $sys/ports/pa/$name ]
	check_err $? "no ports/pa/$name"
done
files=("$sys"/ports/pa/*)
[ ${#files[@]} -le 20 ]
check_err $? "${#files[@]} files"
log_test

test_begin "each has one value, but for the drops, which have a reason and a count on a line"
while read -r file; do
	case $file in
	*/drops | */reasons)
		check_eq "$(grep -cvE '^[a-z_]+ [0-9]+$' "$file")" 0 "odd lines in $file"
		check_eq "$(wc -l <"$file")" "$(drop_reasons)" "lines in $file"
		;;
	*) check_eq "$(wc -lw <"$file" | tr -s ' ')" " 1 1" "lines and words in $file" ;;
	esac
done < <(find -L $sys -maxdepth 3 -type f)
log_test

test_begin "all are read only, and nothing can be written"
check_eq "$(find -L $sys -maxdepth 3 -type f ! -perm 444)" "" "files of another mode"
(echo 1 >$sys/mtu) 2>/dev/null
check_fail $? "mtu was written"
log_test

test_begin "they say what vmnetctl says"
ctl network set lab mtu 1600
got=$(cat $sys/host $sys/mtu $sys/ports_attached $sys/fdb_entries $sys/fdb_limit | paste -sd' ')
want=$("$VMNETCTL" -j network show lab | jq -r '.[0] | "\(if .host then 1 else 0 end) \(.mtu) \(.["ports-attached"]) \(.["fdb-entries"]) \(.["fdb-limit"])"')
check_eq "$got" "$want" "host mtu ports_attached fdb_entries fdb_limit"
got=$(cat $sys/ports/pa/type $sys/ports/pa/ifname $sys/ports/pa/mac $sys/ports/pa/state | paste -sd' ')
want=$("$VMNETCTL" -j port show pa | jq -r '.[0] | "\(.type) \(.ifname) \(.mac) \(.state)"')
check_eq "$got" "$want" "type ifname mac state"
log_test

test_begin "the state of a port follows"
ip -n "$a" link set eth0 down
check_eq "$(cat $sys/ports/pa/state)" down "state"
ip -n "$a" link set eth0 up
check_eq "$(cat $sys/ports/pa/state)" up "state"
log_test

test_begin "a detached port's folder is gone, an attached one's is there"
ctl port detach pb
[ ! -e $sys/ports/pb ]
check_err $? "the folder of pb is there"
check_eq "$(cat $sys/ports_attached)" 1 "ports_attached"
ctl port attach pb network lab
[ -e $sys/ports/pb ]
check_err $? "the folder of pb is not there"
log_test

test_begin "every counter that vmnetctl -s shows is there"
for name in $("$VMNETCTL" -j stats show network lab | jq -r '.[0].stats | del(.drops, .passed) | keys[]' | tr - _); do
	[ -r "$sys/$name" ]
	check_err $? "no $name"
done
check_eq "$("$VMNETCTL" -j stats show network lab | jq -r '.[0].stats.drops | keys_unsorted[]' | tr - _)" \
	"$(cut -d' ' -f1 $sys/drops/reasons)" "reasons"
log_test

test_begin "readers are not in the way of ports and networks that come and go, nor they in theirs"
(
	while :; do
		cat /sys/class/net/*/vmnet/* /sys/class/net/*/vmnet/*/* /sys/class/net/*/vmnet/ports/*/*
	done >/dev/null 2>&1
) &
reader=$!
for ((i = 0; i < 25; i++)); do
	echo "port detach pb
	network add other
	port attach pb network other
	port set pb name pc
	network del other
	port attach pc network lab
	port set pc name pb
	port move pb network lab"
done | timeout $((60 * VMNET_SLOW)) "$VMNETCTL" -b -
check_err $? "vmnetctl -b"
kill -0 $reader
check_err $? "the reader has ended"
kill $reader
wait $reader 2>/dev/null
log_test

test_begin "nothing is left of a network that is deleted"
ctl network del lab
[ ! -e /sys/class/net/lab ]
check_err $? "/sys/class/net/lab is there"
log_test

test_end
