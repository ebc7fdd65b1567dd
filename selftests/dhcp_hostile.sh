#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Clients that want to do harm: what they get, what is counted, and that the
# others are served meanwhile.
#
#	lab, 10.77.0.0/24, the server is 10.77.0.1
#	 ├── pa   a:eth0    good clients, without limits
#	 ├── pb   b:eth0    the hostile one, with the limits that ports have
#	 └── pc   c:eth0    a server of its own

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

load_vmnet
tmp=$(mktemp -d)
defer rm -rf "$tmp"
a='' b='' c=''
make_lab a b c || exit 1
ctl -b - <<-END || exit 1
	dhcp set lab subnet 10.77.0.0/24 lease 1h
	port set pa dhcp-limit none dhcp-rate none
END

# renews: each good client has what it had; its messages are answered.
renews()
{
	local i

	for i in "${!held[@]}"; do
		ask "$a" request mac "$(mac "$i")" ciaddr "${held[$i]}"
		check_field type ack yiaddr "${held[$i]}"
	done
}

declare -A held=()
for i in {1..10}; do
	held[$i]=$(bind "$a" "$(mac "$i")")
done

# --- starvation --------------------------------------------------------------------------

test_begin "E21: dhcpstarv gets as many leases as a port may have, and no more"
if ! command -v dhcpstarv >/dev/null; then
	log_skip "no dhcpstarv"
else
	# It sends from hardware addresses that it makes up.
	before=$(drop_count lab pb dhcp_limit)
	ctl port set pb guard-mac off
	ip netns exec "$b" timeout $((20 * VMNET_SLOW)) dhcpstarv -i eth0 >"$tmp/starv" 2>&1 &
	starv=$!
	defer kill "$starv"
	full()
	{
		[ "$(port_value pb leases)" = 16 ] && [ "$(drop_count lab pb dhcp_limit)" -gt "$before" ]
	}
	busywait 20 full
	check_err $? "leases: $(port_value pb leases), dropped: $(drop_count lab pb dhcp_limit)"
	renews
	check_answer "$a" offer discover mac "$(mac 50)"
	check_eq "$(port_value pb leases)" 16 "leases of the port"
	kill "$starv" 2>/dev/null
	wait "$starv" 2>/dev/null
	check_eq "$(dhcp_count lab exhausted)" 0 "times that no address was left"
	log_test
fi

test_begin "E21: a flood of made-up clients is cut off while others renew"
before=$(drop_count lab pb dhcp_limit)
"$VMNET_BIN/dhcpc" "$b:eth0" flood 20000 xid 0x66660000 &
flood=$!
renews
check_answer "$a" ack get mac "$(mac 51)"
wait "$flood"
check_eq "$(($(port_value pb leases) <= 16))" 1 "16 leases of the port at most"
check_eq "$(($(drop_count lab pb dhcp_limit) - before >= 15000))" 1 \
	"three quarters of 20,000 are counted as dropped"
renews
log_test

test_begin "E21: declining all that is offered empties nothing"
ctl port set pb dhcp-rate none
for i in {100..130}; do
	ask "$b" discover mac "$(mac "$i")" wait 300
	[ "${R[type]-}" != offer ] ||
		check_silent "$b" decline mac "$(mac "$i")" requested "${R[yiaddr]}"
done
check_eq "$(($(lease_count lab declined) <= 16))" 1 "16 declined addresses at most"
check_answer "$a" offer discover mac "$(mac 52)"
log_test

test_begin "E9: nobody gives up or takes what another port has"
check_silent "$b" release mac "$(mac 1)" ciaddr "${held[1]}"
check_silent "$b" decline mac "$(mac 1)" requested "${held[1]}"
ask "$b" request mac "$(mac 1)" ciaddr "${held[1]}" wait 500
check_eq "$([ "${R[type]-none}" != ack ]; echo $?)" 0 "an ACK"
renews
log_test

# --- rogue servers ---------------------------------------------------------------------------

test_begin "A16: a rogue server is not heard, and counted"
before=$(drop_count lab pc dhcp_rogue)
for type in offer ack nak; do
	"$VMNET_BIN/dhcpc" "$c:eth0" "$type" op 2 sport 67 dport 68 wait 1 >/dev/null
done
check_drops lab pc dhcp_rogue "$before" 3
if command -v dnsmasq >/dev/null; then
	ip -n "$c" addr add 10.77.0.240/24 dev eth0
	ip netns exec "$c" dnsmasq --no-daemon --port=0 --conf-file=/dev/null --bind-interfaces \
		--interface=eth0 --dhcp-range=10.77.0.241,10.77.0.250,1h --dhcp-broadcast \
		--dhcp-authoritative --leasefile-ro >"$tmp/dnsmasq" 2>&1 &
	rogue=$!
	defer kill "$rogue"
	ctl dhcp set lab enable off
	serves()
	{
		ask "$a" discover mac "$(mac 53)" wait 1000
		[ "${R[opt.54]-}" = 0a4d00f0 ]
	}
	busywait 20 serves
	check_err $? "the control: no answer of dnsmasq's where ours is off"
	ctl dhcp set lab enable on
	check_answer "$a" offer discover mac "$(mac 54)"
	check_field opt.54 0a4d0001
	kill "$rogue"
fi
log_test

# --- every octet ----------------------------------------------------------------------------

mutated=0
for type in discover request decline release inform; do
	test_begin "B1..B7: a $type that is wrong in every octet and cut at every length"
	out=$("$VMNET_BIN/dhcpc" "$a:eth0" mutate "$type" mac "$(mac 60)" requested 10.77.0.77 \
		id ff0001020304 hostname fuzz prl 1,3,6,15,121 max 1500 opt 52:00 opt 82:010203)
	check_match "$out" '^sent=[0-9]{4,}$' "frames"
	mutated=$((mutated + ${out#sent=}))
	check_answer "$a" offer discover mac "$(mac 61)"
	log_test
done

test_begin "afterwards everybody has what he had, and the sums are right"
renews
check_answer "$a" ack get mac "$(mac 62)"
check_balance lab
log_test

figure $mutated "executions fuzzed"
test_end
