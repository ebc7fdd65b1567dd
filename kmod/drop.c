// SPDX-License-Identifier: GPL-2.0-only
/* Dropping a frame: counted, traced, freed; the one place where it is done. */

#include <linux/export.h>
#include <linux/skbuff.h>

#include "drop.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static const char *const vmnet_drop_names[] = {
	[VMNET_DROP_TOO_SHORT] = "too_short",
	[VMNET_DROP_BAD_SOURCE] = "bad_source",
	[VMNET_DROP_FORGED_SOURCE] = "forged_source",
	[VMNET_DROP_RESERVED] = "reserved",
	[VMNET_DROP_DETACHED] = "detached",
	[VMNET_DROP_NETWORK_DOWN] = "network_down",
	[VMNET_DROP_HOST_OFF] = "host_off",
	[VMNET_DROP_UNKNOWN_UNICAST] = "unknown_unicast",
	[VMNET_DROP_NO_RECEIVER] = "no_receiver",
	[VMNET_DROP_SAME_PORT] = "same_port",
	[VMNET_DROP_PORT_DOWN] = "port_down",
	[VMNET_DROP_MTU] = "mtu",
	[VMNET_DROP_QUEUE_FULL] = "queue_full",
	[VMNET_DROP_NO_MEMORY] = "no_memory",
	[VMNET_DROP_DHCP_LIMIT] = "dhcp_limit",
	[VMNET_DROP_DHCP_MALFORMED] = "dhcp_malformed",
	[VMNET_DROP_DHCP_ROGUE] = "dhcp_rogue",
	[VMNET_DROP_STICKY] = "sticky",
	[VMNET_DROP_VLAN] = "vlan",
	[VMNET_DROP_LOOP] = "loop",
	[VMNET_DROP_DHCP_CHADDR] = "dhcp_chaddr",
	[VMNET_DROP_DHCP_NO_SCOPE] = "dhcp_no_scope",
};

static_assert(ARRAY_SIZE(vmnet_drop_names) == VMNET_DROP_REASONS);

const char *vmnet_drop_name(enum vmnet_drop_reason reason)
{
	return vmnet_drop_names[reason];
}

void vmnet_drop(struct vmnet_port *port, struct sk_buff *skb,
		enum vmnet_drop_reason reason)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_inc(&pcpu->dropped[reason]);
	u64_stats_update_end(&pcpu->syncp);

	trace_vmnet_drop(port, skb, reason);
	kfree_skb(skb);
}
EXPORT_SYMBOL_GPL(vmnet_drop); /* to vmnet_tap */

void vmnet_drop_detached(struct vmnet_port *port, struct sk_buff *skb)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_inc(&pcpu->unplugged);
	u64_stats_update_end(&pcpu->syncp);

	trace_vmnet_drop(port, skb, VMNET_DROP_DETACHED);
	kfree_skb(skb);
}
