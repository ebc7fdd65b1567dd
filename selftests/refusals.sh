#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Wishes that are refused: with a sentence, an exit code, and without any
# change. (Messages that the tools do not send are in netlink.sh, those about
# DHCP in dhcp.sh, those about other namespaces in netns.sh.)
#
#	   lab              other            loose (a port in no network)
#	    ├── pa a:eth0     └── pb b:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a='' b=''
setup_ns b
silence "$b"
make_lab a || exit 1
ctl -b - <<-END
	network add other
	port add pb network other netns $b ifname eth0
	port add loose
END
A=$(mac_of "$a" eth0)
lab_mac=$(network_value lab mac)
ip link add dum type dummy

# With the counters, which stand still.
state()
{
	"$VMNETCTL" -b - <<<"network show
	port show
	stats show"
}

# What a refusal must leave as it is: after each change that is meant.
settled()
{
	now=$(state)
}

# unchanged: since then.
unchanged()
{
	local was=$now

	settled
	check_eq "$now" "$was" "something has changed"
}

# refusal STATUS PATTERN CLAIM COMMAND...
refusal()
{
	test_begin "$3"
	refused "$1" "$2" "${@:4}"
	unchanged
	log_test
}

# The control: what follows is refused for what it says, not because nothing works.
test_begin "a network and a port are made, attached, moved and deleted"
ctl -b - <<-END
	network add control mtu 1400 label "a label"
	port add pc network control mac 02:00:5e:10:00:01 vm box
	port move pc network lab
	port detach pc
	port attach pc network control
	port set pc name pd
	port del pd
	network del control
END
check_err $? "vmnetctl -b"
log_test

V=$VMNETCTL
links=$(ip -o link)
settled

# --- networks ---------------------------------------------------------------------

refusal 2 "already a netdev of this name" "a network of a name that is taken" "$V" network add lab
refusal 2 "already a netdev of this name" "a network with a netdev's name" "$V" network add dum
refusal 2 "." "--may-exist does not excuse a netdev that is no network" "$V" --may-exist network add dum
refusal 2 "not a name that a netdev can have" "a network named with a slash" "$V" network add a/b
refusal 1 "longer than 15 octets" "a network with a name of 16 letters" "$V" network add abcdefghijklmnop
refusal 1 "cannot be empty" "a network without a name" "$V" network add ""
refusal 1 "is missing" "a network of which no name is said" "$V" network add
refusal 3 "There is no network absent" "a change of a network that is not there" "$V" network set absent label x
refusal 3 "There is no network absent" "the deletion of one" "$V" network del absent
refusal 3 "There is no network absent" "the showing of one" "$V" network show absent
refusal 3 "There is no network dum" "the deletion of a netdev that is no network" "$V" network del dum
refusal 3 "There is no network lo" "the deletion of the loopback" "$V" network del lo
refusal 2 "A network's MTU is 68 to 65535" "an MTU of 67" "$V" network set lab mtu 67
refusal 2 "A network's MTU is 68 to 65535" "an MTU of 65536" "$V" network set lab mtu 65536
refusal 2 "mtu" "a network with an MTU of 67" "$V" network add new mtu 67
refusal 2 "mtu" "a network with an MTU of 65536" "$V" network add new mtu 65536
refusal 1 "not a whole number" "an MTU of -1" "$V" network set lab mtu -1
refusal 1 "neither on nor off" "host maybe" "$V" network set lab host maybe
refusal 1 "Nothing is said to be set" "a change of nothing" "$V" network set lab
refusal 1 "is no word that can stand here" "a word that nobody knows" "$V" network set lab colour red
refusal 1 "is given twice" "a word given twice" "$V" network set lab mtu 1400 mtu 1500
refusal 2 "The text must not have control characters" "a label with an escape" "$V" network set lab label $'a\eb'
refusal 2 "The text must not have control characters" "a label of two lines" "$V" network set lab label $'a\nb'
refusal 2 "The text must not have control characters" "notes with a bell" "$V" network set lab notes $'a\ab'
refusal 2 "The text must not have control characters" "a new network with such notes" "$V" network add new notes $'a\ab'
refusal 1 "longer than" "a label of 256 octets" "$V" network set lab label "$(printf '%256s' x)"
refusal 1 "longer than" "notes of 2048 octets" "$V" network set lab notes "$(printf '%2048s' x)"
ip link set lab down
settled
refusal 2 "already a netdev of this name" "a rename to a name that is taken" "$V" network set lab name dum
refusal 2 "A network's MTU" "a rename together with what is refused is undone" "$V" network set lab name lab9 mtu 5
ip link set lab up
settled
refusal 3 "There is no port absent" "a new network with a port that is not there" "$V" network add new attach loose,absent
refusal 2 "Port pa is attached to lab already" "a new network with an attached port" "$V" network add new attach pa
refusal 1 "subnet" "a new network with a subnet that is none" "$V" network add new dhcp 10.77.0.0/33
refusal 2 "Invalid|namespace|NETIF|The interface netns is immutable|Error" "a network cannot be moved to another namespace" \
	ip link set lab netns "$a"
refusal 2 "An Ethernet address has six octets" "a network with an address of five octets" \
	ip link add new address 02:00:5e:10:00 type vmnet
refusal 2 "must be a unicast address" "a network with a multicast address" \
	ip link add new address 01:00:5e:00:00:01 type vmnet
refusal 2 "must be a unicast address" "a network with the address zero" \
	ip link add new address 00:00:00:00:00:00 type vmnet

# --- ports ------------------------------------------------------------------------

refusal 2 "There is a port pa already" "a port of a name that is taken" "$V" port add pa ifname eth7
refusal 2 "already" "a port with a netdev's name" "$V" port add dum
refusal 2 "already" "a netdev's name that is taken where it shall be" "$V" port add pn netns "$a" ifname eth0
refusal 2 "A name must not be empty, '.' or '..', nor begin with '-'" "a port named .." "$V" port add .. ifname eth7
refusal 2 "A name is made of letters, digits and . _ : @ \+ -" "a port named with a slash" "$V" port add a/b ifname eth7
refusal 2 "A name is made of" "a port named with a blank" "$V" port add "a b" ifname eth7
refusal 2 "uplink of each network is called uplink" "a port named as uplinks are" "$V" port add uplink ifname eth7
refusal 1 "longer than" "a port with a name of 64 letters" "$V" port add "$(printf '%64s' x | tr ' ' y)" ifname eth7
refusal 3 "There is no network absent" "a port for a network that is not there" "$V" port add new network absent
refusal 3 "namespace .*absent" "a port for a namespace that is not there" "$V" port add new netns absent
refusal 2 "must be a unicast address" "a port with a multicast address" "$V" port add new mac 01:00:5e:00:00:01
refusal 2 "must be a unicast address" "a port with the broadcast address" "$V" port add new mac ff:ff:ff:ff:ff:ff
refusal 2 "must be a unicast address" "a port with the address zero" "$V" port add new mac 00:00:00:00:00:00
refusal 1 "not a MAC address" "a port with an address of five octets" "$V" port add new mac 02:00:5e:10:00
refusal 2 "Port pa of the network has this address" "a port with the address of another" "$V" port add new network lab mac "$A"
refusal 2 "A vmnic has 256 queues at the most" "a port with 257 queues" "$V" port add new queues 257
refusal 2 "." "a port with 0 queues" "$V" port add new queues 0
refusal 2 "A name is made of" "a port of a machine with a slash" "$V" port add new vm a/b
refusal 2 "The link of a vmnic must be a network" "a vmnic linked to the loopback" ip link add new link lo type vmnic
refusal 2 "The link of a vmnic must be a network" "a vmnic linked to a dummy" ip link add new link dum type vmnic
refusal 2 "must be a unicast address" "a vmnic with a multicast address" \
	ip link add new address 01:00:5e:00:00:01 type vmnic
refusal 2 "A vmnic has 256 queues at the most" "a vmnic with 300 receive queues" ip link add new numrxqueues 300 type vmnic

for verb in del detach; do
	refusal 3 "There is no port absent" "port $verb of one that is not there" "$V" port $verb absent
done
for verb in attach move; do
	refusal 3 "There is no port absent" "port $verb of one that is not there" "$V" port $verb absent network lab
done
refusal 3 "There is no port absent" "port set of one that is not there" "$V" port set absent mtu 1400
refusal 3 "There is no port absent" "port show of one that is not there" "$V" port show absent
refusal 3 "" "port exists of one that is not there" "$V" port exists absent
refusal 3 "" "network exists of one that is not there" "$V" network exists absent
refusal 2 "Port pa is attached to lab already" "the attachment of an attached port" "$V" port attach pa network lab
refusal 2 "Port pa is attached to lab already" "the attachment of it to another network" "$V" port attach pa network other
refusal 3 "There is no network absent" "the attachment to a network that is not there" "$V" port attach loose network absent
refusal 3 "There is no network lo" "the attachment to a netdev that is no network" "$V" port attach loose network lo
refusal 2 "Port loose is not attached" "the detachment of a detached port" "$V" port detach loose
refusal 2 "Port loose is not attached" "the move of a detached port" "$V" port move loose network lab
refusal 3 "There is no network absent" "the move to a network that is not there" "$V" port move pa network absent
refusal 1 "missing" "an attachment to nothing" "$V" port attach loose

ctl port set pb mac "$A"
settled
refusal 2 "Port pa of the network has this address" "the move of a port with the address of another" "$V" port move pb network lab
ctl port set loose mac "$A"
settled
refusal 2 "Port pa of the network has this address" "the attachment of one" "$V" port attach loose network lab
ctl -b - <<-END
	port set pb mac auto
	port set loose mac auto
END
ctl port add px network lab
settled
refusal 2 "Port pa of the network has this address" "a change to another port's address" "$V" port set px mac "$A"
refusal 2 "Port pa of the network has this address" "the same by ip link" ip link set px address "$A"
refusal 2 "must be a unicast address" "a change to a multicast address" "$V" port set px mac 01:00:5e:00:00:01
ctl network set lab host on
settled
refusal 2 "The host has this address in the network" "a change to the host's address" "$V" port set px mac "$(network_value lab mac)"
refusal 2 "The host has this address in the network" "a port with the host's address" "$V" port add new network lab mac "$(network_value lab mac)"
refusal 2 "Port pa of the network has this address" "the host's change to a port's address" ip link set lab address "$A"
ctl network set lab host off
ip link set lab address "$A"
settled
refusal 2 "Port pa of the network has this address" "host on with a port's address" "$V" network set lab host on
ip link set lab address 02:00:5e:10:00:fe
settled
refusal 2 "There is a port pa already" "a rename to a name that is taken" "$V" port set px name pa
refusal 2 "uplink of each network is called uplink" "a rename to what uplinks are called" "$V" port set px name uplink
refusal 2 "A name must not be empty" "a rename to '-x'" "$V" port set px name -x
refusal 2 "A port's MTU is 68 to 65535, or 0 to follow the network's" "an MTU of 67" "$V" port set px mtu 67
refusal 2 "A port's MTU is 68 to 65535, or 0 to follow the network's" "an MTU of 65536" "$V" port set px mtu 65536
refusal 2 "mtu" "an MTU of 67 by ip link" ip link set px mtu 67
refusal 2 "mtu" "an MTU of 65536 by ip link" ip link set px mtu 65536
refusal 2 "A name is made of" "a machine with a blank" "$V" port set px vm "a b"
refusal 1 "neither on nor off" "guard-mac maybe" "$V" port set px guard-mac maybe
refusal 3 "namespace .*absent" "a move to a namespace that is not there" "$V" port set px netns absent

test_begin "a move to a namespace where its netdev's name is taken"
ctl port add mover network lab
ip -n "$a" link add mover type dummy
settled
refused 2 "The port cannot be moved there: is its name taken\?" "$V" port set mover netns "$a"
unchanged
ctl port del mover
ip -n "$a" link del mover
log_test

settled

# --- other devices --------------------------------------------------------------------

refusal 2 "The loopback device cannot be plugged into a network" "the loopback as a port" "$V" port attach lo network lab
refusal 2 "A network cannot be plugged into a network" "a network as a port" "$V" port attach other network lab
refusal 2 "A vmnic is plugged in with 'vmnetctl port attach', not by a master" "a vmnic with master" ip link set px master lab
refusal 2 "A network cannot be plugged into a network" "a network with master" ip link set other master lab

test_begin "a physical adapter as a port"
# The machine's own, if it has any.
adapter=$(for dev in /sys/class/net/*/device; do
	[ ! -e "$dev" ] || basename "${dev%/device}"
done | head -n 1)
if [ -n "$adapter" ]; then
	settled
	refused 2 "A physical adapter, bond or VLAN device cannot be plugged in as a port: it would cut the host off" \
		"$V" port attach "$adapter" network lab
	unchanged
	log_test
else
	log_skip "no adapters"
fi

test_begin "an MTU that a device on top refuses"
if modprobe -q team; then
	ip link add team0 type team
	ip link set px down
	ip link set px master team0
	check_err $? "px cannot be a port of a team"
	settled
	refused 2 "A device on top of the port refuses this MTU" "$V" port set px mtu 1400
	unchanged
	ip link set px nomaster
	ip link set lab down
	ip link set lab master team0
	check_err $? "lab cannot be a port of a team"
	settled
	refused 2 "A device on top of the network refuses this MTU" "$V" network set lab mtu 1400
	unchanged
	ip link set lab nomaster
	ip link del team0
	ip link set lab up
	log_test
else
	log_skip "no team devices"
fi

settled

# --- the host, the tool -----------------------------------------------------------------

refusal 2 "." "a host key of 15 octets" "$V" host set key 000102030405060708090a0b0c0d0e
refusal 1 "hexadecimal" "a host key that is none" "$V" host set key xyz
refusal 1 "There is no noun" "a noun that nobody knows" "$V" fish show
refusal 1 "has no verb" "a verb that nobody knows" "$V" network paint lab
refusal 3 "No port belongs to a virtual machine absent" "statistics of a machine that is not there" "$V" stats show vm absent
refusal 3 "There is no network absent" "the forwarding table of a network that is not there" "$V" fdb show absent
refusal 3 "namespace absent" "a namespace that is not there" "$V" -n absent network show
refusal 4 "There is no port absent" "a batch with a part that fails" "$V" -b <(echo "port del absent")

test_begin "--if-exists and --may-exist excuse what is so already"
"$V" --if-exists network del absent
check_err $? "network del"
"$V" --if-exists port del absent
check_err $? "port del"
"$V" --may-exist network add lab
check_err $? "network add"
"$V" --may-exist port add pa
check_err $? "port add"
"$V" --may-exist port attach pa network lab
check_err $? "port attach"
"$V" --if-exists port detach loose
check_err $? "port detach"
log_test

test_begin "in JSON a refusal has its code, its errno and its sentence"
said=$("$V" -j port attach pa network lab 2>&1 >/dev/null)
check_eq "$(jq -r '.error | "\(.code) \(.errno) \(.message)"' <<<"$said")" \
	"2 EBUSY Port pa is attached to lab already" "the error"
log_test

ip link set lab address "$lab_mac"
ctl port del px
test_begin "after all of that the netdevs are as they were"
check_eq "$(ip -o link)" "$links" "ip link"
log_test

ip link del dum
test_end
