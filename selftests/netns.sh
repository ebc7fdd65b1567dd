#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ports move between namespaces while they are attached; namespaces die with
# ports in them, or with the network of ports elsewhere; and who may do what.
#
#	   lab (of this namespace)
#	    ├── pa   a:en0 ──▸ c ──▸ here ──▸ a
#	    └── pb   b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b='' c=''
setup_ns c
silence "$c"
make_lab a b || exit 1
# This namespace may have an eth0, where the machine's own NICs have a driver.
ip -n "$a" link set eth0 down
ip -n "$a" link set eth0 name en0
ip -n "$a" link set en0 up
ip -n "$a" addr add 192.0.2.1/24 dev en0
ip -n "$b" addr add 192.0.2.2/24 dev eth0

test_begin "an attached port moves to another namespace and stays attached"
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping to begin with"
ip -n "$a" link set en0 netns "$c"
check_err $? "ip link set netns"
check_eq "$(port_value pa network)" lab "network"
check_eq "$(port_value pa netns)" "$c" "namespace"
check_eq "$(network_value lab ports-attached)" 2 "ports attached"
log_test

test_begin "up again there it has its traffic"
ip -n "$c" addr add 192.0.2.3/24 dev en0
ip -n "$c" link set en0 up
busywait 5 pings "$c" 192.0.2.2
check_err $? "no ping"
log_test

test_begin "its address, MTU and counters stay"
was=$(port_count lab pa rx_frames)
mac=$(port_value pa mac)
ctl port set pa netns "$a"
check_err $? "port set netns"
check_eq "$(port_value pa netns) $(port_value pa mac) $(port_value pa mtu)" "$a $mac 1500" \
	"namespace, address, MTU"
[ "$(port_count lab pa rx_frames)" -ge "$was" ]
check_err $? "its counters were reset"
log_test

test_begin "it moves home, into the network's own namespace"
ctl port set pa netns 1
check_err $? "port set netns 1"
check_eq "$(port_value pa netns)" null "namespace"
ip link show en0 >/dev/null
check_err $? "no en0 here"
log_test

test_begin "unicast addresses of devices on top do not stay behind"
ip link set en0 up
modprobe -q macvlan
ip link add link en0 name mv0 address 02:00:5e:10:00:11 type macvlan
ip link set mv0 up
in_fdb() { "$VMNETCTL" -j fdb show lab | jq -e --arg mac "$1" 'any(.[]; .mac == $mac)' >/dev/null; }
busywait 5 in_fdb 02:00:5e:10:00:11
check_err $? "the macvlan's address is not in the table to begin with"
ip link set en0 netns "$a"
busywait 5 not in_fdb 02:00:5e:10:00:11
check_err $? "the macvlan's address is still in the table"
in_fdb "$mac"
check_err $? "its own address is not in the table"
log_test

test_begin "every verb takes a port wherever its netdev is"
ctl -b - <<-END
	port set pa mtu 1400
	port set pa mtu auto
	port set pa vm box
	port set pa mac 02:00:5e:10:00:01
	port set pa mac auto
	port detach pa
	port attach pa network lab
	port set pa name px
	port set px name pa
END
check_err $? "vmnetctl -b"
log_test

test_begin "it moves in circles under a flood, and the sum holds"
ip -n "$a" link set en0 up
"$VMNET_BIN/frame" cpu 1 seconds $((60 * VMNET_SLOW)) tx "$b:eth0" dst "$mac" tx "$b:eth0" &
flood=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	echo "port set pa netns $c"
	echo "port set pa netns $a"
done | ctl -b -
check_err $? "a move was refused"
kill $flood
wait $flood 2>/dev/null
check_balance lab
log_test

test_begin "a port in a namespace of another user's is not for that user to take"
# A user namespace with a network namespace of its own; its network "theirs"
# has a port whose netdev was moved to b by us, and one of their own.
mkfifo "/tmp/go.$$" "/tmp/out.$$"
defer rm -f "/tmp/go.$$" "/tmp/out.$$"
# shellcheck disable=SC2016 # for the other shell
unshare --user --map-root-user --net bash -c '
	exec 3<"$1" 4>"$2"
	"$3" network add theirs
	"$3" port add mine network theirs
	"$3" port add away network theirs
	echo made >&4
	read -r _ <&3
	for verb in "set away mtu 1400" "detach away" "del away"; do
		# shellcheck disable=SC2086
		"$3" port $verb >&4 2>&1
		echo "status $?" >&4
	done
	"$3" port set mine netns 1 >&4 2>&1
	echo "status $?" >&4
	"$3" port set mine netns "/run/netns/$4" >&4 2>&1
	echo "status $?" >&4
	"$3" port set mine mtu 1400 >&4 2>&1
	echo "status $?" >&4
	read -r _ <&3
' bash "/tmp/go.$$" "/tmp/out.$$" "$VMNETCTL" "$a" &
theirs=$!
exec 8>"/tmp/go.$$" 9<"/tmp/out.$$"
read -r -t 20 line <&9
check_eq "$line" made "their network"
nsenter -t "$theirs" -n ip link set away netns "$b"
check_err $? "away cannot be moved"
echo go >&8
said='' statuses=''
while [ "$(wc -w <<<"$statuses")" -lt 6 ] && read -r -t 20 line <&9; do
	case $line in
	status*) statuses+="${line#status } " ;;
	*) said+="$line"$'\n' ;;
	esac
done
saw "$said"
read -r s1 s2 s3 s4 s5 s6 <<<"$statuses"
check_eq "$s1 $s2 $s3" "5 5 5" "set, detach and del of their port in b: exit status"
check_match "$said" "The port's netdev is in a namespace that you may not administrate" "the sentence"
log_test

test_begin "nor may they put one of their own into a namespace of others"
[ "$s4" != 0 ] && [ "$s5" = 5 ]
check_err $? "exit status $s4, $s5"
check_match "$said" "You may not administrate that namespace" "the sentence"
log_test

test_begin "while they may do with their own what they like"
check_eq "$s6" 0 "port set mine mtu"
log_test

test_begin "when the network's namespace dies, its ports in others die, too"
ip -n "$b" link show away >/dev/null
check_err $? "no away in b to begin with"
echo end >&8
exec 8>&- 9<&-
wait "$theirs" 2>/dev/null
busywait 10 not ip -n "$b" link show away
check_err $? "away is still in b"
log_test

test_begin "two namespaces may have networks and ports of the same names"
ip netns exec "$c" "$VMNETCTL" -b - <<-END
	network add lab
	port add pa network lab
	port add pz network lab
END
check_err $? "vmnetctl -b"
check_eq "$(ip netns exec "$c" "$VMNETCTL" -j port show | jq -r '[.[].name] | join(" ")')" "pa pz" "ports there"
check_eq "$("$VMNETCTL" -j port show | jq -r '[.[].name] | join(" ")')" "pa pb" "ports here"
[ "$(port_value pa mac)" != "$("$VMNETCTL" -n "$c" -j port show pa | jq -r '.[0].mac')" ]
check_err $? "they have the same address"
log_test

test_begin "vmnetctl -n works in another namespace"
check_eq "$("$VMNETCTL" -n "$c" -j network show | jq -r '[.[].name] | join(" ")')" lab "networks"
log_test

test_begin "a namespace that dies takes the nics in it along"
ip netns del "$a"
busywait 10 not "$VMNETCTL" port exists pa
check_err $? "port pa is still there"
check_eq "$(network_value lab ports-attached)" 1 "ports attached"
check_balance lab
log_test

test_begin "and its networks"
ip netns del "$c"
busywait 10 not ip netns exec "$c" true
check_balance lab
log_test

test_end
