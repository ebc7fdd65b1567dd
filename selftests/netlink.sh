#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Messages that no tool would send (netlink.c): each is refused, most with a
# sentence, and nothing has changed; each is so for root, and for those without
# rights before anything else is looked at.
#
#	   lab
#	    └── pa   a:eth0
#	   loose (a port in no network)

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
make_lab a || exit 1
ctl port add loose

state()
{
	"$VMNETCTL" -j port show | jq -S 'map(del(.stats))'
	"$VMNETCTL" -j network show | jq -S 'map(del(.stats))'
	"$VMNETCTL" -j host show
	ip -j link | jq -S 'map(del(.stats64))'
}

# Its carrier follows in its own time.
no_carrier() { [[ $(ip -o link show loose) == *NO-CARRIER* ]]; }
busywait 5 no_carrier

check_state()
{
	local now

	now=$(state)
	[ "$now" = "$was" ] || fail_test "it differs: $(diff <(echo "$was") <(echo "$now"))"
}

was=$(state)
claims "$VMNET_BIN/netlink" cases lab pa loose

test_begin "after all of that everything is as it was"
check_state
log_test

# In a user namespace of its own, root has no rights over this network namespace.
claims unshare --user --map-root-user "$VMNET_BIN/netlink" denied lab pa

test_begin "after that, too"
check_state
log_test

test_begin "root of a user namespace has networks in a network namespace of its own"
out=$(unshare --user --map-root-user --net sh -c "
	ip link add lab type vmnet && ip link set lab up &&
	'$VMNETCTL' port add mine network lab &&
	'$VMNETCTL' port set mine mtu 1400 &&
	'$VMNETCTL' -j port show" 2>&1)
check_err $? "$out"
check_eq "$(jq -r '.[] | "\(.name) \(.network) \(.mtu)"' <<<"$out" 2>&1)" "mine lab 1400" "its ports"
log_test

test_begin "but may not set the host's key, which is everybody's"
refused 5 "CAP_NET_ADMIN|not permitted" unshare --user --map-root-user --net \
	"$VMNETCTL" host set key 000102030405060708090a0b0c0d0e0f
log_test

test_begin "its networks are nobody else's"
check_state
log_test

claims "$VMNET_BIN/netlink" fuzz lab pa 1 2000
claims "$VMNET_BIN/netlink" fuzz lab loose 2 2000

test_begin "networks and ports still work after it"
ctl port set pa mac auto 2>/dev/null
"$VMNETCTL" -j port show >/dev/null
check_err $? "port show"
ctl network add lab2
check_err $? "network add"
ctl network del lab2
check_err $? "network del"
log_test

ctl reset
ctl -b - <<-END
	network add lab
	port add pa network lab
END
claims "$VMNET_BIN/netlink" reset lab pa

test_end
