/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vmnet

#if !defined(VMNET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VMNET_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "drop.h"

TRACE_EVENT(vmnet_drop,

	TP_PROTO(const struct vmnet_port *port, const struct sk_buff *skb,
		 enum vmnet_drop_reason reason),

	TP_ARGS(port, skb, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__field(int, ifindex)
		__string(port, port->name)
		__string(reason, vmnet_drop_name(reason))
	),

	/* A copy that could not be made has no skb. */
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->len = skb ? skb->len : 0;
		__entry->ifindex = port->dev ? port->dev->ifindex : 0;
		__assign_str(port, port->name);
		__assign_str(reason, vmnet_drop_name(reason));
	),

	TP_printk("port=%s ifindex=%d reason=%s skbaddr=%p len=%u",
		  __get_str(port), __entry->ifindex, __get_str(reason),
		  __entry->skbaddr, __entry->len)
);

#endif /* VMNET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
