/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_NET_GENETLINK_H
#define VMNET_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

/* Since 6.2 the hooks around a handler are told of one half of an operation. */
#if KERNEL_VERSION(6, 2, 0) > LINUX_VERSION_CODE
#define genl_split_ops genl_ops
#endif /* < 6.2 */

/* Since 6.6 what a dump was asked with is where a command's is. */
#if KERNEL_VERSION(6, 6, 0) > LINUX_VERSION_CODE
#define genl_info_dump genl_dumpit_info
#endif /* < 6.6 */

#endif /* VMNET_COMPAT_NET_GENETLINK_H */
