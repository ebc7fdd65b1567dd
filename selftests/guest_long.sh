#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh with guests that boot themselves and send a hundred megabytes each way.
# Minutes on an idle machine: for make check-vm.

export GUEST_MB=${GUEST_MB:-100} GUEST_BOOTS=1
exec "$(dirname "$0")/guest.sh"
