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
		__array(char, port, VMNET_PORT_NAME_MAX + 1)
		__array(char, reason, VMNET_DROP_NAME_MAX + 1)
	),

	/* A copy that could not be made has no skb. */
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->len = skb ? skb->len : 0;
		__entry->ifindex = port->dev ? port->dev->ifindex : 0;
		strscpy(__entry->port, port->name, sizeof(__entry->port));
		strscpy(__entry->reason, vmnet_drop_name(reason),
			sizeof(__entry->reason));
	),

	TP_printk("port=%s ifindex=%d reason=%s skbaddr=%p len=%u",
		  __entry->port, __entry->ifindex, __entry->reason,
		  __entry->skbaddr, __entry->len)
);

#endif /* VMNET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
