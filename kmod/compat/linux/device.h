/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_DEVICE_H
#define VMNET_COMPAT_LINUX_DEVICE_H

#include <linux/version.h>
#include_next <linux/device.h>

/* The device that device_type.devnode() is given is constant since 6.2. */
#if KERNEL_VERSION(6, 2, 0) <= LINUX_VERSION_CODE
#define VMNET_DEVNODE_CONST const
#else
#define VMNET_DEVNODE_CONST
#endif /* < 6.2 */

#endif /* VMNET_COMPAT_LINUX_DEVICE_H */
