// SPDX-License-Identifier: GPL-2.0-only
/* The buffers of compat/linux/netlink.h, where the kernel has none. */

#include <linux/atomic.h>
#include <linux/netlink.h>

#ifdef VMNET_EXTACK_BUFFER_LEN
#define VMNET_EXTACK_BUFFERS	64

char *vmnet_extack_buffer(void)
{
	static char text[VMNET_EXTACK_BUFFERS][VMNET_EXTACK_BUFFER_LEN];
	static atomic_t next;

	return text[(unsigned int)atomic_inc_return(&next) %
		    VMNET_EXTACK_BUFFERS];
}
#endif
