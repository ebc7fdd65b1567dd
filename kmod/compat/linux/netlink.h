/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_NETLINK_H
#define VMNET_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* Before 6.3 struct netlink_ext_ack keeps no text of its own, only a pointer
 * to a constant one. Formatted sentences then lie in a ring of buffers: the
 * acknowledgment is sent right after the handler, so one is overwritten too
 * soon only if as many others are refused within that moment. Its text would
 * be wrong then, and nothing else.
 */
#ifndef NL_SET_ERR_MSG_FMT
char *vmnet_extack_buffer(void);
#define VMNET_EXTACK_BUFFER_LEN	160

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack) {							\
		char *__text = vmnet_extack_buffer();			\
									\
		snprintf(__text, VMNET_EXTACK_BUFFER_LEN, fmt, ##args);	\
		__extack->_msg = __text;				\
	}								\
} while (0)

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	struct netlink_ext_ack *__bad = (extack);			\
									\
	NL_SET_ERR_MSG_FMT(__bad, fmt, ##args);				\
	NL_SET_BAD_ATTR(__bad, attr);					\
} while (0)
#endif /* < 6.3 */

#endif /* VMNET_COMPAT_LINUX_NETLINK_H */
