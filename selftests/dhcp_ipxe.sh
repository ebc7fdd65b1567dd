#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# iPXE, the network boot program of QEMU's network cards, in a virtual machine
# in the test machine: gets an address from vmnet.
#
#	lab, 10.77.0.0/24, the server is 10.77.0.1
#	 └── tap7   a virtual machine whose only boot device is its network card

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"

require qemu-system-x86_64 jq
for rom in /usr/lib/ipxe/qemu/efi-virtio.rom /usr/share/qemu/efi-virtio.rom ''; do
	[ ! -e "$rom" ] || break
done
[ -n "$rom" ] || skip_all "no iPXE for QEMU's virtio network card"
modprobe tun 2>/dev/null
[ -e /dev/net/tun ] || skip_all "no /dev/net/tun"

load_vmnet
tmp=$(mktemp -d)
defer rm -rf "$tmp"
MAC=52:54:00:12:34:56

defer ctl reset
silence
ip tuntap add dev tap7 mode tap || exit 1
defer ip link del tap7
ip link set tap7 up
ctl -b - <<-END || exit 1
	network add lab
	dhcp set lab subnet 10.77.0.0/24 router 10.77.0.254 dns 10.77.0.53
	port attach tap7 network lab
END

# boot: the machine, its console in $tmp/console
boot()
{
	: >"$tmp/console"
	# Without graphics, what the BIOS prints goes to the serial line. iPXE is in
	# the card's ROM.
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc,graphics=off -accel tcg -m 64 -serial "file:$tmp/console" \
		-netdev tap,id=lan,ifname=tap7,script=no,downscript=no \
		-device "virtio-net-pci,netdev=lan,mac=$MAC,bootindex=0" \
		</dev/null >"$tmp/qemu" 2>&1 &
	qemu=$!
	defer kill -9 "$qemu"
}

power_off()
{
	kill -9 "$qemu"
	wait "$qemu" 2>/dev/null
}

# leased: the machine has got an address, which is printed
leased()
{
	"$VMNETCTL" -j lease show lab | jq -r -e ".[] |
		select(.mac == \"$MAC\" and .state == \"bound\") | .address"
}

# console TEXT: it has been printed there
console()
{
	grep -aqF -- "$1" "$tmp/console"
}

# What it printed last, for those who look for the reason.
last_words()
{
	cat "$tmp/qemu" "$tmp/console" | tr -cd '[:print:]\n' | tail -n 12
}

test_begin "iPXE gets an address"
boot
address=$(busywait 120 leased)
check_err $? "no lease: $(last_words)"
check_match "$address" '^10\.77\.0\.' "address"
log_test

test_begin "and says so: address, mask, gateway"
busywait 30 console "$address/255.255.255.0 gw 10.77.0.254"
check_err $? "on its console: $(last_words)"
log_test

test_begin "there is one lease, of its port, and nobody was refused"
check_eq "$(lease_value lab "$address" port)" tap7 "port"
check_eq "$(dhcp_count lab naks)" 0 "NAKs"
log_test

test_begin "switched on again, it gets the same address"
power_off
boot
busywait 120 console "$address/255.255.255.0"
check_err $? "on its console: $(last_words)"
check_eq "$(lease_count lab bound)" 1 "leases"
power_off
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
