#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh with a hundred megabytes each way, and with what else guests could be
# connected by. Minutes on an idle machine: for make check-vm.

export GUEST_MB=${GUEST_MB:-100} GUEST_PEERS=1
exec "$(dirname "$0")/guest.sh"
