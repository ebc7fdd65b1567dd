#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who may do what: every command of vmnetctl, and by them every command of the
# netlink specification, as
#
#   a plain user                            may read
#   root of that user's namespace           may read: the network namespace is not its
#   the same, with a network namespace      may do all but what is the whole host's,
#                                           there, and cannot come to the host's
#
# A verb or a netlink command that is in no row of the table below is a failure.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
load_vmnet_tap
modprobe -q bonding max_bonds=0
silence

# What others run has to be where others can come to.
bin=$(mktemp -d)
defer rm -rf "$bin"
chmod 755 "$bin"
cp "$VMNETCTL" "$VMNET_BIN/dhcpc" "$bin/"
defer ctl reset
defer ctl team del t0

# verb | netlink command, or - for rtnetlink and what asks nothing | right | words.
# In the order of a life: the third sender does it all, one after the other.
rows()
{
	cat <<-END
	network show	network-get	open	network show lab
	network exists	network-get	open	network exists lab
	network set	network-set	owner	network set lab label x
	network add	-		owner	network add extra
	port show	port-get	open	port show pa
	port exists	port-get	open	port exists pa
	port set	port-set	owner	port set pa vm box
	port add	-		owner	port add more
	port attach	port-attach	owner	port attach loose network lab
	port move	port-move	owner	port move loose network other
	port detach	port-detach	owner	port detach pb
	dhcp show	dhcp-get	open	dhcp show lab
	dhcp set	dhcp-set	owner	dhcp set lab lease 2h
	dhcp log	dhcp-log-get	open	dhcp log lab
	dhcp save	lease-get	open	dhcp save lab
	dhcp restore	lease-add	owner	dhcp restore lab BIN/leases
	lease show	lease-get	open	lease show lab
	lease del	lease-del	owner	lease del lab ADDRESS
	reservation show	reservation-get	open	reservation show lab
	reservation add	reservation-add	owner	reservation add lab ip 10.77.0.77 mac 02:00:5e:00:00:77
	reservation del	reservation-del	owner	reservation del lab ip 10.77.0.78
	fdb show	fdb-get		open	fdb show lab
	fdb add		fdb-add		owner	fdb add lab mac 02:00:5e:00:00:01 port pa
	fdb replace	fdb-add		owner	fdb replace lab mac 02:00:5e:00:00:02 port pa
	fdb del		fdb-del		owner	fdb del lab mac 02:00:5e:00:00:02
	fdb flush	fdb-flush	owner	fdb flush lab kind static
	hostif show	hostif-get	open	hostif show
	hostif set	hostif-set	owner	hostif set default allow on
	team show	-		open	team show
	team exists	-		open	team exists t0
	team set	-		owner	team set t0 miimon 200
	team add	-		owner	team add t1
	team del	-		owner	team del t0
	stats show	network-get	open	stats show
	host show	host-get	open	host show
	host set	host-set	host	host set key 000102030405060708090a0b0c0d0e0f
	help		-		open	help
	version		host-get	open	version
	port del	port-del	owner	port del pb
	network del	-		owner	network del other
	reset		reset		owner	reset
	END
}
# Not in the table: "port open" and "monitor" have claims of their own.
mapfile -t table < <(rows | sed 's/\t\t*/|/g')

test_begin "each verb of vmnetctl is in the table"
verbs=$("$VMNETCTL" help | awk '
	/^  [a-z]/ && !/^  -/ { noun = $1; alone[noun] = 1 }
	/^              / && noun { alone[noun] = 0; for (i = 1; i <= NF; i++) print noun, $i }
	/^Options/ { exit }
	END { for (n in alone) if (alone[n]) print n }' | sort)
check_eq "$(wc -l <<<"$verbs" | tr -d ' ')" "$((${#table[@]} + 2))" "verbs"
check_eq "$({ printf '%s\n' "${table[@]%%|*}"; echo "port open"; echo monitor; } | sort | diff - <(echo "$verbs"))" "" "the difference"
log_test

test_begin "and each command of the netlink specification"
check_eq "$(comm -13 <(printf '%s\n' "${table[@]}" | cut -d'|' -f2 | sort -u) \
	<(/usr/bin/python3 "$SELFTESTS/spec.py" "$TOP/Documentation/netlink/specs/vmnet.yaml" commands |
		cut -d' ' -f1 | sort))" "" "without a row"
log_test

test_begin "which has the right that its row says"
while read -r op _ flag; do
	case $flag in
	-) right=open ;;
	uns-admin-perm) right=owner ;;
	*) right=host ;;
	esac
	for row in "${table[@]}"; do
		IFS='|' read -r verb row_op row_right _ <<<"$row"
		[ "$row_op" != "$op" ] || check_eq "$row_right" "$right" "$verb"
	done
done < <(/usr/bin/python3 "$SELFTESTS/spec.py" "$TOP/Documentation/netlink/specs/vmnet.yaml" commands)
log_test

# What the rows are about.
cat >"$bin/life" <<-END
	network add lab dhcp 10.77.0.0/24
	network add other
	port add pa network lab
	port add pb network lab
	port add loose
	reservation add lab ip 10.77.0.78 mac 02:00:5e:00:00:78
	fdb add lab mac 02:00:5e:00:00:02 port pa
	team add t0
END
# One that is not there yet, with its client's port: enter it, if you may.
cat >"$bin/leases" <<-END
	{"vmnet-leases": 1, "saved": $(date +%s), "reservations": [], "leases": [
		{"address": "10.77.0.99", "mac": "02:00:5e:00:00:99", "port": "pa", "state": "bound", "expires": 600}]}
END
chmod 644 "$bin/life" "$bin/leases"

plain() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"; }
user() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }
user_root() { user unshare --user --map-root-user "$@"; }

ctl -b "$bin/life"
ctl port add vt type tap network lab
# An address that a client behind pa has got, so that it can be deleted.
leased()
{
	"$bin/dhcpc" pa get mac "$(cat /sys/class/net/pa/address)" | sed -n 's/^yiaddr=//p' | grep .
}
address=$(busywait 10 leased)

state()
{
	local noun

	for noun in network port dhcp fdb reservation hostif lease host; do
		"$VMNETCTL" -j $noun show | jq -S 'del(.[]?.stats?, .[]?.expires?, .[]?.age?)'
	done
	ip -j link | jq -S 'map(del(.stats64))'
}

# check_refused COMMAND...: every row, as somebody who may only read.
check_refused()
{
	local row verb right words said rc

	for row in "${table[@]}"; do
		IFS='|' read -r verb _ right words <<<"$row"
		words=${words/BIN/$bin}
		# shellcheck disable=SC2086 # words are meant
		said=$("$@" "$bin/vmnetctl" ${words/ADDRESS/$address} 2>&1)
		rc=$?
		saw "$said"
		case $right in
		open) check_status $rc 0 "$words: '$said', status" ;;
		*) check_status $rc 5 "$words: '$said', status" ;;
		esac
	done
}

test_begin "there is a lease to delete"
check_match "$address" "^10\.77\.0\." "its address"
log_test

was=$(state)
test_begin "a plain user may read everything and change nothing"
check_refused plain
log_test

test_begin "nor may root of that user's namespace, where the network namespace is the host's"
check_refused user_root
log_test

test_begin "neither can open the node of a tap that is root's"
for who in plain user_root; do
	$who "$bin/vmnetctl" port open vt -- true >/dev/null 2>&1
	check_fail $? "$who: port open"
done
log_test

# see_event COMMAND...: a monitor of somebody's sees what changes.
see_event()
{
	local pid rc

	"$@" "$bin/vmnetctl" monitor network >"$bin/events" 2>&1 &
	pid=$!
	event_seen() { ctl network set lab notes "$RANDOM"; [ -s "$bin/events" ]; }
	busywait 10 event_seen
	rc=$?
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
	return $rc
}

test_begin "both may watch"
see_event plain
check_err $? "a plain user sees nothing"
see_event user_root
check_err $? "root of a user namespace sees nothing"
ctl network set lab notes none
log_test

test_begin "after all of that the host's networks are as they were"
now=$(state)
[ "$now" = "$was" ] || fail_test "they differ: $(diff <(echo "$was") <(echo "$now"))"
log_test

# --- with a network namespace ----------------------------------------------------------

printf '%s\n' "${table[@]}" >"$bin/rows"
# shellcheck disable=SC2016 # for the other shell
cat >"$bin/own" <<'END'
bin=$1 host=$2
ctl() { "$bin/vmnetctl" "$@"; }
ip link set lo up
ctl -b "$bin/life" 2>&1 || echo "said life $?"
mac=$(ip -o link show pa | sed 's/.*ether \([^ ]*\).*/\1/')
for _ in 1 2 3 4 5; do
	address=$("$bin/dhcpc" pa get mac "$mac" | sed -n 's/^yiaddr=//p')
	[ -z "$address" ] || break
done
while IFS='|' read -r verb _ right words; do
	words=${words/BIN/$bin}
	said=$(ctl ${words/ADDRESS/$address} 2>&1 </dev/null)
	echo "row $? $right $words ($said)" | tr '\n' ' '
	echo
done <"$bin/rows"
# To the host's, by the process that it started from.
nsenter --net="/proc/$host/ns/net" true 2>/dev/null
echo "enter $?"
ctl -n "/proc/$host/ns/net" network show >/dev/null 2>&1
echo "ctl $?"
ctl port add mine >/dev/null 2>&1
ctl port set mine netns "$host" >/dev/null 2>&1
echo "move $?"
ip link set mine netns "$host" 2>/dev/null
echo "link $?"
END
chmod 644 "$bin/rows" "$bin/own"
own=$(user_root unshare --net bash "$bin/own" "$bin" $$ 2>&1)

test_begin "with a network namespace of its own it may do everything there"
count=0
while read -r _ rc right words; do
	count=$((count + 1))
	case $right in
	host) check_status "$rc" 5 "$words: status" ;;
	*) check_status "$rc" 0 "$words: status" ;;
	esac
done < <(grep '^row ' <<<"$own")
check_eq $count "${#table[@]}" "rows ($(grep -v '^row' <<<"$own" | head -5))"
log_test

test_begin "but cannot enter the host's, nor put anything there"
for way in enter ctl move link; do
	rc=$(sed -n "s/^$way //p" <<<"$own")
	check_match "$rc" '^[1-9]' "$way: status"
done
log_test

test_begin "and the host's networks are still as they were"
now=$(state)
[ "$now" = "$was" ] || fail_test "they differ: $(diff <(echo "$was") <(echo "$now"))"
log_test

test_end
