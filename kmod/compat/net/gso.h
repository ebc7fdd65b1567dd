/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_NET_GSO_H
#define VMNET_COMPAT_NET_GSO_H

#include <linux/version.h>

/* Before 6.5 what it declares was in linux/netdevice.h. */
#if KERNEL_VERSION(6, 5, 0) <= LINUX_VERSION_CODE
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif /* < 6.5 */

#endif /* VMNET_COMPAT_NET_GSO_H */
