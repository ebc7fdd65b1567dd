#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Host adapters: shown, and put off limits to networks.
#
# X is an adapter of the machine, Y another one where there are two. A network
# comes above them by what can be lent to it today, a macvlan:
#
#	   lab             lab               lab
#	    │               │                 │
#	   mv              mv                mv
#	    │               │                 │
#	    X            X.5 (VLAN)         tm (bond)
#	                    │                 │
#	                    X                 X

. "$(dirname "$0")/lib.sh"

for module in virtio_net e1000e igb 8021q bonding macvlan dummy; do
	modprobe -q "$module"
done

# The machine's Ethernet adapters in this namespace.
adapters()
{
	local dir

	for dir in /sys/class/net/*/device; do
		dir=${dir%/device}
		# Without any, the pattern is left as it is.
		if [ -e "$dir/device" ] && [ "$(<"$dir/type")" = 1 ]; then
			basename "$dir"
		fi
	done
}
some_adapter()
{
	[ -n "$(adapters)" ]
}
# A driver probes in its own time.
busywait 5 some_adapter
mapfile -t found < <(adapters)
# Before netlib.sh, which would count this script among those that have run.
[ ${#found[@]} != 0 ] || skip_all "the machine has no network adapter (vm --nic MODEL)"
X=${found[0]}
Y=${found[1]:-}

. "$(dirname "$0")/netlib.sh"

load_vmnet
b=''
setup_ns b
V=$VMNETCTL
off="Adapter $X is off limits to networks \(hostif\)"

# What this script says of adapters must not stay.
restore()
{
	"$V" hostif set default allow on
	"$V" -j hostif show | jq -r '.[].name' | while read -r name; do
		"$V" hostif set "$name" allow default
	done
}
defer restore
defer "$V" reset

# hostif_value NAME KEY
hostif_value()
{
	"$V" -j hostif show "$1" 2>/dev/null | jq -r ".[0].\"$2\""
}

hostif_is()
{
	[ "$(hostif_value "$1" "$2")" = "$3" ]
}

# All that was said, and what is plugged in.
state()
{
	"$V" -j hostif show
	"$V" -j hostif show default
	"$V" -j port show | jq -c 'map([.name, .network, .type])'
}

# refusal STATUS PATTERN CLAIM COMMAND...
refusal()
{
	local was

	test_begin "$3"
	was=$(state)
	refused "$1" "$2" "${@:4}"
	check_eq "$(state)" "$was" "something has changed"
	log_test
}

ctl network add lab
ip link add dum type dummy
defer ip link del dum

# --- shown ----------------------------------------------------------------------

test_begin "every physical adapter is listed, and nothing else"
check_eq "$("$V" -j hostif show | jq -r '.[].name' | sort)" "$(printf '%s\n' "${found[@]}" | sort)" "names"
log_test

test_begin "with what /sys says of it"
ip link set "$X" up
busywait 20 hostif_is "$X" carrier true
check_err $? "no carrier"
for name in "${found[@]}"; do
	sys=/sys/class/net/$name
	check_eq "$(hostif_value "$name" driver)" "$(basename "$(readlink "$sys/device/driver")")" "$name: driver"
	check_eq "$(hostif_value "$name" mtu)" "$(<"$sys/mtu")" "$name: mtu"
	check_eq "$(hostif_value "$name" mac)" "$(<"$sys/address")" "$name: mac"
	check_eq "$(hostif_value "$name" ifindex)" "$(<"$sys/ifindex")" "$name: ifindex"
	check_eq "$(hostif_value "$name" present)" true "$name: present"
done
speed=$(cat "/sys/class/net/$X/speed" 2>/dev/null)
[ "${speed:--1}" != -1 ] || speed=null
check_eq "$(hostif_value "$X" speed)" "$speed" "$X: speed"
log_test

test_begin "networks may bind it unless something else was said"
check_eq "$(hostif_value "$X" allow)/$(hostif_value "$X" allow-default)" true/true "allow/allow-default"
check_eq "$(hostif_value default allow)" true "the default"
check_match "$("$V" hostif show | tr -s ' ')" "ADAPTER DRIVER SPEED MTU CARRIER ALLOWED NETWORKS.*$X [^ ]* [^ ]* [0-9]* on on \(default\) -" "the table"
log_test

# --- off limits -------------------------------------------------------------------

# lend DEVICE: a macvlan on it, lent to lab.
lend()
{
	ip link add link "$1" name mv type macvlan && ctl port attach mv network lab
}
unlend()
{
	ip link del mv
}

test_begin "control: what lies on it can be lent, and that is shown"
lend "$X"
check_err $? "port attach"
check_eq "$(hostif_value "$X" 'network' | tr -d ' \n')/$(hostif_value "$X" networks-bound)" '["lab"]/1' "networks"
log_test

refusal 2 "Network lab is bound to $X, or to what lies above it" \
	"it is not put off limits under a network" "$V" hostif set "$X" allow off
refusal 2 "Network lab is bound to $X" \
	"nor by the default" "$V" hostif set default allow off

test_begin "unless that is forced, which detaches the network"
ctl -f hostif set "$X" allow off
check_err $? "hostif set"
check_eq "$(hostif_value "$X" allow)/$(hostif_value "$X" allow-default)" false/null "allow/allow-default"
check_eq "$(hostif_value "$X" networks-bound)" 0 "networks bound"
"$V" port exists mv
check_status $? 3 "port exists mv"
ip link show mv >/dev/null
check_err $? "its netdev is gone"
log_test

refusal 5 "$off" "then what lies on it is not lent" "$V" port attach mv network lab
test_begin "nor by ip"
refused 2 "$off" ip link set mv master lab
log_test
unlend

ip link add link "$X" name "$X.5" type vlan id 5
ip link add link "$X.5" name mv type macvlan
refusal 5 "$off" "nor on a VLAN device above it" "$V" port attach mv network lab
unlend
ip link del "$X.5"

ip link set "$X" down
ip link add tm type bond mode active-backup miimon 100
ip link set "$X" master tm
ip link add link tm name mv type macvlan
refusal 5 "$off" "nor on a bond above it" "$V" port attach mv network lab
unlend
ip link set "$X" nomaster

test_begin "it does not become a member of a bond that a network has"
lend tm
check_err $? "control: the bond without it"
refused 2 "$off" ip link set "$X" master tm
[ ! -e "/sys/class/net/$X/master" ]
check_err $? "it is a member"
ctl hostif set "$X" allow on
ip link set "$X" master tm
check_err $? "control: allowed again, it does"
check_eq "$(hostif_value "$X" networks-bound)" 1 "networks bound through the bond"
log_test
refusal 2 "Network lab is bound to $X" "and is not put off limits there" "$V" hostif set "$X" allow off
unlend
ip link del tm

# --- the default ------------------------------------------------------------------

test_begin "the default holds for those that are not named"
ctl hostif set "$X" allow default
check_err $? "allow default"
ctl hostif set default allow off
check_err $? "default allow off"
check_eq "$(hostif_value "$X" allow)/$(hostif_value "$X" allow-default)" false/true "allow/allow-default"
ip link add link "$X" name mv type macvlan
refused 5 "$off" "$V" port attach mv network lab
log_test

test_begin "what is said of one goes before it"
ctl hostif set "$X" allow on
ctl port attach mv network lab
check_err $? "port attach"
log_test

refusal 2 "Network lab is bound to $X" "it cannot be forgotten under a network" \
	"$V" hostif set "$X" allow default
unlend
ctl hostif set default allow on

test_begin "what is no adapter is none of its business"
ctl hostif set default allow off
lend dum
check_err $? "a macvlan on a dummy"
unlend
ctl hostif set default allow on
log_test

# --- other namespaces ---------------------------------------------------------------

test_begin "its word holds for what lies on it in another namespace"
ctl -n "$b" network add far
ip link add link "$X" name mv netns "$b" type macvlan
ctl hostif set "$X" allow off
refused 5 "An adapter below it, in another namespace, is off limits to networks \(hostif\)" \
	"$V" -n "$b" port attach mv network far
ctl hostif set "$X" allow on
ctl -n "$b" port attach mv network far
check_err $? "control: allowed again"
log_test

refusal 2 "A network of another namespace is bound to what lies above $X" \
	"and is not changed under a network there" "$V" hostif set "$X" allow off

test_begin "unless that is forced"
ctl -f hostif set "$X" allow off
check_err $? "hostif set"
"$V" -n "$b" port exists mv
check_status $? 3 "port exists mv"
ip -n "$b" link del mv
log_test

test_begin "another namespace has words of its own"
ip link set "$X" netns "$b"
check_eq "$("$V" -n "$b" -j hostif show "$X" | jq -r '.[0].allow')" true "there"
check_eq "$(hostif_value "$X" present)/$(hostif_value "$X" allow)" false/false "present/allow here"
ip -n "$b" link set "$X" netns 1
check_eq "$(hostif_value "$X" present)/$(hostif_value "$X" allow)" true/false "present/allow when it is back"
log_test

# --- names --------------------------------------------------------------------------

test_begin "a new name does not free it"
ip link set "$X" name renamed0
check_eq "$(hostif_value renamed0 allow)" false "allow"
"$V" hostif show "$X" >/dev/null 2>&1
check_status $? 3 "the old name"
ip link set renamed0 name "$X"
check_eq "$(hostif_value "$X" allow)" false "allow when it has its old name again"
log_test

test_begin "a name waits for its adapter"
ctl hostif set "$X" allow default
ctl hostif set later0 allow off
check_eq "$(hostif_value later0 present)/$(hostif_value later0 allow)" false/false "present/allow"
ip link set "$X" name later0
check_eq "$(hostif_value later0 present)/$(hostif_value later0 allow)" true/false "when it has come"
log_test

test_begin "off limits wins where both had a word"
ctl hostif set "$X" allow off
ctl hostif set later0 allow on
ip link set later0 name "$X"
check_eq "$(hostif_value "$X" allow)" false "allow"
check_eq "$("$V" -j hostif show | jq length)" "${#found[@]}" "adapters and names"
log_test

test_begin "reset leaves it alone"
ctl reset
check_eq "$(hostif_value "$X" allow)" false "allow"
ctl network add lab
log_test

# --- refusals -------------------------------------------------------------------------

refusal 2 "dum is no host adapter: name the adapters below it" "a netdev that is no adapter" \
	"$V" hostif set dum allow off
refusal 2 "This is not a name that an adapter can have" "a name that cannot be" \
	"$V" hostif set a/b allow off
refusal 3 "There is no host adapter absent" "one that is not there is not shown" \
	"$V" hostif show absent
refusal 1 "\"allow on\|off\|default\" is missing" "nothing to set" "$V" hostif set "$X"
refusal 5 "CAP_NET_ADMIN" "without rights" \
	unshare --user --map-root-user "$V" hostif set "$X" allow on

test_begin "names are bounded"
for ((i = 0; i < 256; i++)); do
	echo "hostif set n$i allow off"
done | "$V" -f -b - >/dev/null 2>&1
refused 2 "Something was said of 256 adapters already: set the default instead" "$V" hostif set more allow off
check_eq "$("$V" -j hostif show | jq 'map(select(.present | not)) | length')" 255 "names that wait"
for ((i = 0; i < 256; i++)); do
	echo "hostif set n$i allow default"
done | "$V" -f -b - >/dev/null 2>&1
check_eq "$("$V" -j hostif show | jq length)" "${#found[@]}" "when they are forgotten"
log_test

# --- events -----------------------------------------------------------------------------

events=$(mktemp)
defer rm -f "$events"
"$V" -j monitor hostif >"$events" &
monitor=$!
defer kill "$monitor"

listens()
{
	ctl hostif set default allow on
	[ -s "$events" ]
}
told()
{
	jq -e -s --arg n "$1" --argjson a "$2" \
		'any(.[]; .noun == "hostif" and .event == "change" and .hostif.name == $n and .hostif.allow == $a)' \
		"$events" >/dev/null
}
busywait 10 listens

test_begin "an event tells of a change"
ctl hostif set "$X" allow on
busywait 5 told "$X" true
check_err $? "not told: $(<"$events")"
log_test

test_begin "and of a new name"
ip link set "$X" name renamed0
busywait 5 told renamed0 true
check_err $? "not told: $(<"$events")"
ip link set renamed0 name "$X"
log_test
kill "$monitor"

# --- uplinks ------------------------------------------------------------------------------

# bound_refused DEVICE CLAIM, with X off limits and then allowed
bound_refused()
{
	test_begin "$2"
	ctl hostif set "$X" allow off
	refused 5 "$off" "$V" network set lab uplink "$1"
	ctl hostif set "$X" allow on
	ctl network set lab uplink "$1"
	check_err $? "control: allowed, it is bound"
	check_eq "$(hostif_value "$X" networks-bound)" 1 "networks bound"
	refused 2 "Network lab is bound to $X" "$V" hostif set "$X" allow off
	ctl -f hostif set "$X" allow off
	check_err $? "-f"
	check_eq "$(hostif_value "$X" networks-bound)" 0 "networks bound after -f"
	ctl hostif set "$X" allow on
	log_test
}

bound_refused "$X" "no uplink while it is off limits; -f detaches it"
ip link add link "$X" name "$X.5" type vlan id 5
bound_refused "$X.5" "nor a VLAN device above it"
ip link del "$X.5"
ip link set "$X" down
ip link add tm type bond mode active-backup miimon 100
ip link set "$X" master tm
bound_refused tm "nor a bond above it"

if [ -n "$Y" ]; then
	test_begin "nor does it become a member of a bond that is an uplink"
	ip link set "$X" nomaster
	ip link set "$Y" down
	ip link set "$Y" master tm
	ctl network set lab uplink tm
	check_err $? "control: bound"
	ctl hostif set "$X" allow off
	refused 2 "$off" ip link set "$X" master tm
	ctl hostif set "$X" allow on
	log_test
fi
ip link del tm

test_end
