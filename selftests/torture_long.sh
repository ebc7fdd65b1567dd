#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# torture.sh for ten minutes: for make check-vm.

export VMNET_TORTURE=${VMNET_TORTURE:-600}
exec "$(dirname "$0")/torture.sh"
