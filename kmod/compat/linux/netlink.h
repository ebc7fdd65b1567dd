/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_NETLINK_H
#define VMNET_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* Before 6.3 struct netlink_ext_ack keeps no text of its own, only a pointer
 * to a constant one. See compat/extack.c for where formatted ones lie then.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define VMNET_EXTACK_LEN	160

__printf(1, 2) const char *vmnet_extack_text(const char *fmt, ...);

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack)							\
		__extack->_msg = vmnet_extack_text(fmt, ##args);	\
} while (0)

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	struct netlink_ext_ack *__bad = (extack);			\
									\
	NL_SET_ERR_MSG_FMT(__bad, fmt, ##args);				\
	NL_SET_BAD_ATTR(__bad, attr);					\
} while (0)
#endif /* < 6.3 */

#endif /* VMNET_COMPAT_LINUX_NETLINK_H */
