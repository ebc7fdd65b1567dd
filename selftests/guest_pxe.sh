#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A virtual machine on a tap, with nothing to boot from but its network card: iPXE
# in that card's ROM gets an address and the name of a file from vmnet, the file by
# TFTP, and by what is in that a stock kernel and an initramfs by HTTP. Minutes, as
# the kernel unpacks itself: for make check-vm.
#
#	   lab 10.77.0.0/24
#	    ├── vm    QEMU of user 1001
#	    └── srv   s:eth0, 10.77.0.69: TFTP, HTTP

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"
. "$(dirname "$0")/dhcplib.sh"
# shellcheck source=selftests/guestlib.sh
. "$(dirname "$0")/guestlib.sh"

require dnsmasq jq
for rom in /usr/lib/ipxe/qemu/efi-virtio.rom /usr/share/qemu/efi-virtio.rom ''; do
	[ ! -e "$rom" ] || break
done
[ -n "$rom" ] || skip_all "no iPXE for QEMU's virtio network card"
guest_setup
load_vmnet_tap
silence

defer ctl reset
s=''
setup_ns s
silence "$s"
ctl -b - <<-BATCH
network add lab dhcp 10.77.0.0/24
dhcp set lab next-server 10.77.0.69 boot-file no-such-file boot-file-ipxe boot.ipxe
port add vm type tap network lab uid 1001
port add srv network lab netns $s ifname eth0
BATCH
ip -n "$s" addr add 10.77.0.69/24 dev eth0
MAC=$(cat /sys/class/net/vm/address)

mkdir "$GUESTS/tftp" "$GUESTS/http"
cat >"$GUESTS/tftp/boot.ipxe" <<-SCRIPT
#!ipxe
kernel http://10.77.0.69/vmlinuz $GUEST_WORDS vmnet.booted=network
initrd http://10.77.0.69/initramfs
boot
SCRIPT
rel=$(vmnet_kernel_release)
cp "$(vmnet_cache)/kernel/$rel/boot/vmlinuz-$rel" "$GUESTS/http/vmlinuz"
cp "$GUESTS/initramfs" "$GUESTS/http/initramfs"
chmod -R a+rX "$GUESTS"
ip netns exec "$s" dnsmasq --keep-in-foreground --port=0 --enable-tftp \
	--tftp-root="$GUESTS/tftp" --conf-file=/dev/null --user=root --pid-file= \
	--log-facility="$GUESTS/dnsmasq.log" &
defer kill -9 $!
ip netns exec "$s" "$BUSYBOX" httpd -f -vv -p 80 -h "$GUESTS/http" 2>"$GUESTS/httpd.log" &
defer kill -9 $!

# lease: iPXE's or the kernel's
lease()
{
	"$VMNETCTL" -j lease show lab | jq -r -e ".[] |
		select(.mac == \"$MAC\" and .state == \"bound\") | .address"
}

test_begin "iPXE gets an address from vmnet"
guest_start vm 1001 "$GUESTS/vmnetctl" port open vm -- qemu-system-x86_64 \
	-machine pc,graphics=off -accel tcg,tb-size=64 -m 256 -netdev tap,id=n,fd=3 \
	-device "virtio-net-pci,netdev=n,mac=$MAC,bootindex=0" -icount shift=6,sleep=on
address=$(busywait 120 lease)
check_err $? "no lease: $(guest_last_words vm)"
log_test

test_begin "and the file that vmnet names to iPXE, by TFTP"
sent() { grep -q "sent $GUESTS/tftp/boot.ipxe" "$GUESTS/dnsmasq.log"; }
busywait 120 sent
check_err $? "$(tail -n 3 "$GUESTS/dnsmasq.log")"
log_test

test_begin "the kernel and the initramfs by HTTP, and the kernel runs"
guest_ready vm 600 "$MAC"
check_err $? "it does not: $(guest_last_words vm) $(tail -n 2 "$GUESTS/httpd.log")"
check_match "$(guest_ask vm 30 "cat /proc/cmdline")" "vmnet.booted=network" "its words"
log_test

test_begin "whose own DHCP client gets the same address"
guest_lease vm
check_err $? "udhcpc"
check_eq "$(guest_address vm)" "$address" "address"
check_eq "$(lease)" "$address" "leases"
guest_pings vm 10.77.0.69
check_err $? "it does not reach the server"
log_test

test_begin "the network's counters add up"
check_balance lab
log_test

test_end
