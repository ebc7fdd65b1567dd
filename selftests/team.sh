#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Teams: vmnetctl's side of the kernel's bonding driver. The members are ends
# of veth pairs, so that their carrier can be taken away.
#
#	      tm                 tm is in a namespace of its own, as are its members
#	   ┌───┴───┐
#	  m1      m2      m3
#	  p1      p2      p3     their other ends

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

modprobe -q bonding || [ -d /sys/module/bonding ] || skip_all "the kernel has no bonding driver"
modprobe -q dummy

# Our module is not loaded for this: it is not needed.
a=''
setup_ns a
V=$VMNETCTL
silence "$a"
for i in 1 2 3; do
	ip -n "$a" link add "m$i" type veth peer name "p$i"
	ip -n "$a" link set "p$i" up
done

# team_value TEAM JQ: of the team's object.
team_value()
{
	"$V" -n "$a" -j team show "$1" 2>/dev/null | jq -c -r ".[0] | $2"
}

team_is()
{
	[ "$(team_value "$1" "$2")" = "$3" ]
}

# bond_file TEAM FILE: the driver's own word.
bond_file()
{
	ip netns exec "$a" cat "/sys/class/net/$1/bonding/$2"
}

links()
{
	ip -n "$a" -j -d link | jq -S 'map(del(.stats64, .ifindex)) | map([.ifname, .flags, .master, .linkinfo.info_kind, .linkinfo.info_data.mode, .linkinfo.info_data.miimon])'
}

# refusal STATUS PATTERN CLAIM WORD...: of `vmnetctl WORD...`; nothing changes.
refusal()
{
	local was

	test_begin "$3"
	was=$(links)
	refused "$1" "$2" "$V" -n "$a" "${@:4}"
	check_eq "$(links)" "$was" "something has changed"
	log_test
}

# --- made --------------------------------------------------------------------------

test_begin "a team is made of netdevs that are up"
ip -n "$a" link set m1 up
"$V" -n "$a" team add tm member m1,m2
check_err $? "team add"
check_eq "$(team_value tm '[.members[].name]')" '["m1","m2"]' "members"
check_eq "$(bond_file tm slaves)" "m1 m2" "the driver's members"
log_test

test_begin "of the mode active-backup, and it looks at its links"
check_eq "$(team_value tm '[.mode, .miimon]')" '["active-backup",100]' "mode, miimon"
check_eq "$(bond_file tm mode)/$(bond_file tm miimon)" "active-backup 1/100" "the driver's mode/miimon"
log_test

test_begin "it comes up"
busywait 10 team_is tm '[.up, .carrier]' '[true,true]'
check_err $? "$(team_value tm .)"
log_test

test_begin "its members' links and the active one are shown"
busywait 10 team_is tm '[.members[] | [.name, .mii, .carrier]]' '[["m1","up",true],["m2","up",true]]'
check_err $? "$(team_value tm .)"
active=$(team_value tm .active)
check_eq "$active" "$(bond_file tm active_slave)" "active"
check_eq "$(team_value tm '[.members[] | select(.state == "active").name]')" "[\"$active\"]" "state"
log_test

test_begin "for people, too"
check_match "$("$V" -n "$a" team show | tr -s ' ')" "TEAM MODE MIIMON CARRIER ACTIVE MEMBERS.*tm active-backup 100 on $active m1\(up\),m2\(up\)" "table"
check_match "$("$V" -n "$a" team show tm)" "m1 \(mii up, carrier on, (active|backup)\)" "one"
log_test

test_begin "it fails over to the member that is left"
ip -n "$a" link set "p${active#m}" down
busywait 10 team_is tm "[.active != \"$active\", .carrier]" '[true,true]'
check_err $? "$(team_value tm .)"
check_eq "$(team_value tm ".members[] | select(.name == \"$active\") | [.mii, .carrier]")" '["down",false]' "the other"
ip -n "$a" link set "p${active#m}" up
log_test

# --- changed -------------------------------------------------------------------------

test_begin "a member joins"
"$V" -n "$a" team set tm add-member m3
check_err $? "team set"
check_eq "$(bond_file tm slaves)" "m1 m2 m3" "the driver's members"
log_test

test_begin "one leaves as another setting changes"
"$V" -n "$a" team set tm del-member m1,m3 miimon 50
check_err $? "team set"
check_eq "$(bond_file tm slaves)/$(bond_file tm miimon)" "m2/50" "the driver's members/miimon"
log_test

refusal 2 "m1 is no member of this team" "who is no member does not leave" team set tm del-member m1
refusal 1 "\"mode\" is no word that can stand here" "a team keeps its mode" team set tm mode broadcast
refusal 2 "m2 has a master already, tm" "who is a member does not join again" team set tm add-member m1,m2

test_begin "what was half done is undone"
modprobe -q tun
ip -n "$a" tuntap add dev tun7 mode tun
ip -n "$a" link set m1 up
was=$(links)
# A tun, which has no Ethernet header, cannot stand beside Ethernet.
refused 2 "." "$V" -n "$a" team set tm miimon 70 del-member m2 add-member m1,tun7
check_eq "$(links)" "$was" "something has changed"
log_test

test_begin "a team that cannot have all its members is not made"
was=$(links)
refused 2 "at: member tun7" "$V" -n "$a" team add tm2 member m1,tun7
"$V" -n "$a" team exists tm2
check_status $? 3 "team exists tm2"
check_eq "$(links)" "$was" "something has changed"
ip -n "$a" link del tun7
log_test

# --- refused -------------------------------------------------------------------------

refusal 2 "There is already a netdev of this name" "a name that is taken" team add m1
refusal 3 "There is no netdev \"absent\"" "a member that is not there" team add tm2 member m1,absent
refusal 1 "m1 is named twice" "a member twice" team add tm2 member m1,m1
refusal 2 "m2 has a master already, tm" "a member of another team" team add tm2 member m2
refusal 1 "This is not one of the words" "a mode that there is not" team add tm2 mode best
refusal 3 "There is no team absent" "a team that is not there is not shown" team show absent
refusal 3 "There is no team absent" "nor changed" team set absent miimon 100
refusal 3 "There is no team m1" "what is no team is not deleted" team del m1
refusal 2 "." "what the kernel does not take as a member" team set tm add-member lo
refusal 1 "Nothing is said to be set" "nothing to set" team set tm

test_begin "without rights it is refused"
refused 5 "CAP_NET_ADMIN|not permitted" unshare --user --map-root-user "$V" team add tm2
log_test

test_begin "--may-exist and --if-exists"
"$V" -n "$a" --may-exist team add tm
check_err $? "team add tm"
refused 2 "There is already a netdev" "$V" -n "$a" --may-exist team add m1
"$V" -n "$a" --if-exists team del absent
check_err $? "team del absent"
"$V" -n "$a" team exists tm
check_err $? "team exists tm"
log_test

# --- deleted -------------------------------------------------------------------------

test_begin "its members are free when it is deleted"
"$V" -n "$a" team del tm
check_err $? "team del"
"$V" -n "$a" team exists tm
check_status $? 3 "team exists"
check_eq "$(ip -n "$a" -j link | jq 'map(select(.master)) | length')" 0 "members"
log_test

test_begin "each of the driver's modes is made by its name"
for mode in balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb; do
	"$V" -n "$a" team add "t1" mode "$mode" member m1,m2
	check_err $? "$mode"
	check_eq "$(bond_file t1 mode | cut -d' ' -f1)" "$mode" "the driver's mode"
	check_eq "$(team_value t1 '[.mode, .miimon, (.members | length)]')" "[\"$mode\",100,2]" "shown"
	"$V" -n "$a" team del t1
	check_err $? "$mode: del"
done
log_test

test_begin "a team is a line of a batch"
"$V" -n "$a" -b - <<-END
	team add t1 member m1 mode balance-xor miimon 250
	team set t1 add-member m2
END
check_err $? "-b"
check_eq "$(team_value t1 '[.mode, .miimon, (.members | length)]')" '["balance-xor",250,2]' "shown"
"$V" -n "$a" team del t1
log_test

test_end
