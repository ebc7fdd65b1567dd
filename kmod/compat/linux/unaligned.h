/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_UNALIGNED_H
#define VMNET_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

/* Before 6.12 the header was the architecture's. */
#if KERNEL_VERSION(6, 12, 0) <= LINUX_VERSION_CODE
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif /* < 6.12 */

#endif /* VMNET_COMPAT_LINUX_UNALIGNED_H */
