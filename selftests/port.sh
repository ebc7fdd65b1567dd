#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ports: plugged in, unplugged and moved while they are in use; their names,
# addresses and words.
#
#	   lab              other
#	    ├── pa  a:eth0    │
#	    └── pb  b:eth0 ───┘ (moves)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b=''
make_lab a b || exit 1
ctl network add other
ip -n "$a" addr add 192.0.2.1/24 dev eth0
ip -n "$b" addr add 192.0.2.2/24 dev eth0

# --- birth ----------------------------------------------------------------------------

test_begin "ip link add makes a vmnic in a network, named after its netdev"
ip link add web0 link lab type vmnic
check_err $? "ip link add"
got=$("$VMNETCTL" -j port show web0 | jq -r '.[0] | "\(.name) \(.network) \(.ifname) \(.type) \(.state)"')
check_eq "$got" "web0 lab web0 nic down" "name, network, netdev, type, state"
log_test

test_begin "ip -d -j link tells its kind and its network's netdev"
got=$(ip -d -j link show web0 | jq -r '.[0] | "\(.linkinfo.info_kind) \(.link) \(.min_mtu) \(.max_mtu)"')
check_eq "$got" "vmnic lab 68 65535" "kind, link, smallest and largest MTU"
log_test

test_begin "one without a link is detached and has no carrier"
ip link add web1 type vmnic
check_err $? "ip link add"
ip link set web1 up
check_eq "$(port_value web1 state) $(cat /sys/class/net/web1/carrier)" "detached 0" "state, carrier"
log_test

test_begin "ip link add netns makes it there"
ip link add web2 netns "$a" link lab type vmnic
check_err $? "ip link add"
check_eq "$(port_value web2 network)" lab "network"
ip -n "$a" link show web2 >/dev/null
check_err $? "it is not in a"
log_test

test_begin "a netdev name with a number to be filled in names the port"
ip link add name "nic%d" link lab type vmnic
check_err $? "ip link add"
check_eq "$(port_value nic0 ifname)" nic0 "netdev"
log_test

test_begin "port add takes its words in one line, and switches the netdev on"
ctl port add many network lab netns "$a" ifname net7 mac 02:00:5e:10:00:07 queues 3 vm box
check_err $? "port add"
got=$("$VMNETCTL" -j port show many | jq -r '.[0] | "\(.network) \(.netns) \(.ifname) \(.mac) \(.["mac-auto"]) \(.queues) \(.vm) \(.state)"')
check_eq "$got" "lab $a net7 02:00:5e:10:00:07 false 3 box up" "what it shows"
log_test

test_begin "a name of 63 letters with all signs"
name=$(printf '%55s' x | tr ' ' y)._:@+-1z
ctl port add "$name" ifname x1 network lab
check_err $? "port add"
check_eq "$(port_value "$name" network)" lab "network"
[ -d "/sys/class/net/lab/vmnet/ports/$name" ]
check_err $? "no /sys folder"
log_test

test_begin "deleted by vmnetctl, or by ip link"
ctl -b - <<-END
	port del $name
	port del many
	port del nic0
END
check_err $? "port del"
ip link del web0
check_err $? "ip link del"
ip -n "$a" link del web2
ip link del web1 type vmnic
check_eq "$("$VMNETCTL" -j port show | jq -r '[.[].name] | sort | join(" ")')" "pa pb" "ports that are left"
check_eq "$(network_value lab ports-attached)" 2 "ports attached to lab"
log_test

# --- in use ---------------------------------------------------------------------------

test_begin "a port that is unplugged loses its carrier, and says so"
operstate "$a" eth0 UP
check_err $? "its state is not UP to begin with"
ctl port detach pa
check_err $? "port detach"
# Kernels since 6.3 say so only where the network is in the same namespace.
unplugged() { operstate "$a" eth0 LOWERLAYERDOWN || operstate "$a" eth0 DOWN; }
busywait 5 unplugged
check_err $? "its state is neither LOWERLAYERDOWN nor DOWN"
carrier "$a" eth0 0
check_err $? "it has a carrier"
check_eq "$(port_value pa state)" detached "state"
log_test

test_begin "nothing comes through"
pings "$b" 192.0.2.1
check_fail $? "a ping"
log_test

test_begin "plugged in again it has its carrier and its traffic again"
ctl port attach pa network lab
check_err $? "port attach"
busywait 5 operstate "$a" eth0 UP
check_err $? "its state is not UP"
busywait 5 pings "$b" 192.0.2.1
check_err $? "no ping"
log_test

test_begin "unplugged and plugged in while it is in use, its address, routes and connections stay"
ip netns exec "$b" iperf3 -s -1 -p 5201 >/dev/null 2>&1 &
server=$!
listening() { ip netns exec "$b" ss -Htln sport = :5201 | grep -q .; }
busywait 10 listening
ip netns exec "$a" iperf3 -c 192.0.2.2 -t 4 -J >/tmp/iperf.$$ 2>&1 &
client=$!
running() { ip netns exec "$b" ss -Htn state established sport = :5201 | grep -q .; }
busywait 10 running
check_err $? "no traffic to begin with"
for _ in 1 2 3; do
	ctl -b - <<-END
		port detach pa
		port attach pa network lab
	END
done
wait "$client"
check_err $? "the client: $(jq -r .error /tmp/iperf.$$)"
wait "$server"
check_err $? "the server"
[ "$(jq '.end.sum_received.bytes' /tmp/iperf.$$)" -gt 100000 ]
check_err $? "hardly anything came through"
rm -f /tmp/iperf.$$
check_balance lab
log_test

test_begin "a move takes it to another network at once"
ctl port move pb network other
check_err $? "port move"
check_eq "$(port_value pb network)" other "network"
check_eq "$(network_value lab ports-attached) $(network_value other ports-attached)" "1 1" "ports of lab, of other"
[ -d /sys/class/net/other/vmnet/ports/pb ] && [ ! -d /sys/class/net/lab/vmnet/ports/pb ]
check_err $? "its /sys folder has not moved"
pings "$a" 192.0.2.2
check_fail $? "a ping between networks"
log_test

test_begin "and back, with its traffic"
ctl port move pb network lab
busywait 5 pings "$a" 192.0.2.2
check_err $? "no ping"
log_test

test_begin "a move to where it is changes nothing"
ctl port move pb network lab
check_err $? "port move"
pings "$a" 192.0.2.2
check_err $? "no ping"
log_test

test_begin "while the network is off its ports are down, detached ones detached"
ip link set lab down
busywait 5 port_is pa state down
check_err $? "state of pa: $(port_value pa state)"
ip link set lab up
busywait 5 port_is pa state up
check_err $? "state of pa: $(port_value pa state)"
log_test

# --- names ----------------------------------------------------------------------------

test_begin "a port's name stays when its netdev is renamed, in use"
ctl port set pa ifname wan
if [ "$(port_value pa ifname)" = eth0 ]; then
	# Kernels before 6.2 or so rename no netdev that is up.
	ip -n "$a" link set eth0 down
	ctl port set pa ifname wan
	ip -n "$a" link set wan up
fi
check_eq "$(port_value pa ifname)" wan "netdev"
check_eq "$(cat /sys/class/net/lab/vmnet/ports/pa/ifname)" wan "netdev in /sys"
busywait 5 pings "$b" 192.0.2.1
check_err $? "no ping"
log_test

test_begin "a netdev's name stays when its port is renamed"
ctl port set pa name server
check_err $? "port set name"
check_eq "$(port_value server ifname) $(port_value server network)" "wan lab" "netdev, network"
"$VMNETCTL" port exists pa 2>/dev/null
check_status $? 3 "port exists pa"
[ -d /sys/class/net/lab/vmnet/ports/server ] && [ ! -d /sys/class/net/lab/vmnet/ports/pa ]
check_err $? "its /sys folder is not renamed"
pings "$b" 192.0.2.1
check_err $? "no ping"
log_test

test_begin "the old name is free for another"
ctl port add pa network lab
check_err $? "port add"
ctl port del pa
ctl port set server name pa
log_test

test_begin "a detached port is renamed, too"
ctl port detach pb
ctl port set pb name pz
check_err $? "port set name"
ctl port attach pz network lab
[ -d /sys/class/net/lab/vmnet/ports/pz ]
check_err $? "no /sys folder"
ctl port set pz name pb
log_test

# --- addresses ------------------------------------------------------------------------

ctl host set key 000102030405060708090a0b0c0d0e0f
test_begin "an automatic address is local, unicast, and the port's alone"
ctl port add auto1 network lab
ctl port add auto2 network lab
m1=$(port_value auto1 mac) m2=$(port_value auto2 mac)
check_eq "$((0x${m1%%:*} & 3))" 2 "the lowest bits of $m1"
[ "$m1" != "$m2" ]
check_err $? "two ports with $m1"
check_eq "$(port_value auto1 mac-auto)" true "mac-auto"
log_test

test_begin "it stays over detaching, attaching, moving and renaming"
ip link set auto1 down
ctl -b - <<-END
	port detach auto1
	port attach auto1 network other
	port move auto1 network lab
	port set auto1 ifname auto9
	port set auto1 name auto8
END
check_eq "$(port_value auto8 mac)" "$m1" "address"
ctl port set auto8 name auto1
log_test

test_begin "and over deletion and making"
ctl -b - <<-END
	port del auto1
	port add auto1 network other
END
check_eq "$(port_value auto1 mac)" "$m1" "address"
log_test

test_begin "another key of the host gives another, to new ports only"
ctl host set key ffffffffffffffffffffffffffffffff
check_err $? "host set key"
check_eq "$(port_value auto2 mac)" "$m2" "address of an old port"
ctl -b - <<-END
	port del auto1
	port add auto1 network lab
END
[ "$(port_value auto1 mac)" != "$m1" ]
check_err $? "the same address with another key"
check_eq "$("$VMNETCTL" -j host show | jq -r '.[0]."key-source" // ."key-source"')" administrator "source of the key"
log_test

test_begin "with the old key it is the old one, also after the module was away"
ctl host set key 000102030405060708090a0b0c0d0e0f
ctl port del auto1
ctl port add auto1 network lab
check_eq "$(port_value auto1 mac)" "$m1" "address"
log_test

test_begin "a static address is taken, and given up for the automatic one"
ctl port set auto1 mac 02:00:5e:10:00:01
check_eq "$(port_value auto1 mac) $(port_value auto1 mac-auto)" "02:00:5e:10:00:01 false" "address, automatic"
ctl port set auto1 mac auto
check_eq "$(port_value auto1 mac) $(port_value auto1 mac-auto)" "$m1 true" "address, automatic"
log_test

test_begin "automatic again twice is no change"
ctl port set auto1 mac auto
check_err $? "port set mac auto"
check_eq "$(port_value auto1 mac)" "$m1" "address"
log_test

test_begin "an address that somebody has is not chosen automatically"
ctl port del auto1
ctl port set auto2 mac "$m1"
ctl port add auto1 network lab
check_err $? "port add"
[ "$(port_value auto1 mac)" != "$m1" ]
check_err $? "the same address twice"
ctl -b - <<-END
	port del auto1
	port del auto2
END
log_test

# --- words ----------------------------------------------------------------------------

test_begin "the machine of a port is shown, filters, and is cleared"
ctl port set pa vm box
ctl port set pb vm box
check_eq "$("$VMNETCTL" -j port show vm box | jq -r '[.[].name] | sort | join(" ")')" "pa pb" "ports of box"
check_eq "$("$VMNETCTL" -j stats show vm box | jq -r '.[0].ports')" 2 "ports that are summed"
ctl port set pa vm none
check_eq "$("$VMNETCTL" -j port show vm box | jq -r '[.[].name] | join(" ")')" pb "ports of box"
log_test

test_begin "port show chooses by network, and those that are detached"
ctl port add loose
check_eq "$("$VMNETCTL" -j port show network lab | jq -r '[.[].name] | sort | join(" ")')" "pa pb" "of lab"
check_eq "$("$VMNETCTL" -j port show detached | jq -r '[.[].name] | join(" ")')" loose "detached"
check_eq "$("$VMNETCTL" -j port show network other | jq length)" 0 "of other"
log_test

test_begin "guards and limits are set, shown, and back to none"
ctl port set pa guard-mac off guard-dhcp off dhcp-limit 3 dhcp-rate none
check_err $? "port set"
got=$("$VMNETCTL" -j port show pa | jq -r '.[0] | "\(.["guard-mac"]) \(.["guard-dhcp"]) \(.["dhcp-limit"]) \(.["dhcp-rate"])"')
check_eq "$got" "false false 3 0" "guard-mac, guard-dhcp, dhcp-limit, dhcp-rate"
ctl port set pa guard-mac on guard-dhcp on
log_test

test_begin "network add attach takes ports along"
ctl network add third attach loose
check_err $? "network add"
check_eq "$(port_value loose network)" third "network"
log_test

test_begin "a network that is deleted leaves its ports detached"
ctl network del third
check_eq "$(port_value loose state)" detached "state"
log_test

test_begin "reset deletes everything"
ctl reset
check_err $? "reset"
check_eq "$("$VMNETCTL" -j port show | jq length) $("$VMNETCTL" -j network show | jq length)" "0 0" "ports, networks"
log_test

test_end
