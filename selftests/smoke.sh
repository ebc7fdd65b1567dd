#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module loads, makes a network, and goes away again. Nothing else can
# work where this does not.
#
#   lab (a network without ports)

. "$(dirname "$0")/lib.sh"

unload_vmnet

test_begin "without the module there is no link kind vmnet"
ip link add lab type vmnet 2>/dev/null
check_fail $? "a network was made without the module"
log_test

test_begin "insmod loads the module"
insmod "$VMNET_KO"
check_err $? "insmod"
defer unload_vmnet
log_test

test_begin "ip link add makes a network"
ip link add lab type vmnet
check_err $? "ip link add"
defer ip link del lab
log_test

test_begin "it is shown with its kind"
check_eq "$(ip -d -j link show lab | jq -r '.[0].linkinfo.info_kind')" vmnet "link kind"
log_test

test_begin "ip link del takes it away"
ip link del lab
check_err $? "ip link del"
ip link show lab >/dev/null 2>&1
check_fail $? "the network is still there"
log_test

test_begin "rmmod unloads the module"
rmmod vmnet
check_err $? "rmmod"
[ ! -d /sys/module/vmnet ]
check_err $? "the module is still there"
log_test

test_end
