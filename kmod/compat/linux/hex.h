/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_HEX_H
#define VMNET_COMPAT_LINUX_HEX_H

#include <linux/version.h>

/* Before 6.4 what it declares was in linux/kernel.h. */
#if KERNEL_VERSION(6, 4, 0) <= LINUX_VERSION_CODE
#include_next <linux/hex.h>
#else
#include <linux/kernel.h>
#endif /* < 6.4 */

#endif /* VMNET_COMPAT_LINUX_HEX_H */
