/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_NET_XDP_H
#define VMNET_COMPAT_NET_XDP_H

#include <linux/version.h>
#include_next <net/xdp.h>

/* Since 6.14 a frame says of what kind its memory is, but not whose, which its pages
 * know.
 */
#if KERNEL_VERSION(6, 14, 0) <= LINUX_VERSION_CODE
#define VMNET_XDP_MEM_TYPE	mem_type
#else
#define VMNET_XDP_MEM_TYPE	mem.type
#endif /* < 6.14 */

static inline void vmnet_xdp_mem_of(struct xdp_mem_info *mem,
				    const struct xdp_frame *frame)
{
#if KERNEL_VERSION(6, 14, 0) <= LINUX_VERSION_CODE
	mem->type = frame->mem_type;
#else
	*mem = frame->mem;
#endif /* < 6.14 */
}

#endif /* VMNET_COMPAT_NET_XDP_H */
