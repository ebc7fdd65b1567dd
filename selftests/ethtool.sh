#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What ethtool says of a nic and of a network.
#
#	   lab
#	    └── pa   a:eth0

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

load_vmnet
silence
a=''
make_lab a || exit 1

nic() { ip netns exec "$a" ethtool "$@"; }

test_begin "ethtool -i: a nic's driver is vmnic, with vmnet's version"
check_match "$(nic -i eth0)" "driver: vmnic" "driver"
check_match "$(nic -i eth0)" "version: $(cat /sys/module/vmnet/version)" "version"
log_test

test_begin "ethtool -i: a network's is vmnet"
check_match "$(ethtool -i lab)" "driver: vmnet"$'\n' "driver"
log_test

test_begin "ethtool: link, speed and duplex, as bonding wants to hear them"
check_match "$(nic eth0)" "Link detected: yes" "link"
check_match "$(nic eth0)" "Speed: [0-9]+Mb/s" "speed"
check_match "$(nic eth0)" "Duplex: Full" "duplex"
log_test

test_begin "ethtool: no link when it is unplugged"
ctl port detach pa
check_match "$(nic eth0)" "Link detected: no" "link"
ctl port attach pa network lab
log_test

# xdp_ counters are for XDP, which is the nic's alone.
test_begin "ethtool -S: all counters and all reasons, by the names of /sys"
names=$(nic -S eth0 | sed -n 's/^ *drop_\([a-z_]*\):.*/\1/p')
check_eq "$names" "$(cut -d' ' -f1 /sys/class/net/lab/vmnet/drops/reasons)" "reasons"
check_eq "$(ethtool -S lab | grep -c :)" "$(nic -S eth0 | grep -v ' xdp_' | grep -c :)" "counters of the network and of the nic"
log_test

test_begin "ethtool -l, -L: the queues in use"
ctl port add pq network lab netns "$a" ifname ethq queues 4
check_match "$(nic -l ethq)" "TX:[[:space:]]*4" "queues"
nic -L ethq tx 2 rx 2
check_err $? "ethtool -L"
check_eq "$(port_value pq queues)" 2 "queues in use"
check_eq "$(frame rx "$a:eth0" want 5 tx "$a:ethq" count 5)" 5 "frames with two queues"
log_test

test_begin "ethtool -L: no more than it was made with, and not none"
nic -L ethq tx 5 2>/dev/null
check_fail $? "five of four"
nic -L ethq tx 0 2>/dev/null
check_fail $? "none"
check_eq "$(port_value pq queues)" 2 "queues in use"
log_test

test_begin "ethtool -K: offloads are switched off and on"
nic -K eth0 tso off
check_match "$(nic -k eth0)" "tcp-segmentation-offload: off" "off"
nic -K eth0 tso on
check_match "$(nic -k eth0)" "tcp-segmentation-offload: on" "on"
log_test

test_begin "ethtool -T: software time stamps"
check_match "$(nic -T eth0)" "software-transmit" "time stamps"
log_test

test_end
