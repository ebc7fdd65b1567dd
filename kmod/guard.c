// SPDX-License-Identifier: GPL-2.0-only
/* Guards: what a port may not send, beyond the rules that hold everywhere. */

#include <linux/skbuff.h>

#include "guard.h"
#include "loop.h"
#include "vlan.h"

unsigned int vmnet_guard(const struct vmnet_network *nw,
			 const struct vmnet_port *port, struct sk_buff *skb)
{
	u32 policy = READ_ONCE(port->policy);
	unsigned int refused;

	if (policy & VMNET_POLICY_LOOP_HOLD && vmnet_loop_is_held(port))
		return VMNET_DROP_LOOP;
	if (policy & VMNET_POLICY_VLAN) {
		refused = vmnet_vlan_input(port, skb);
		if (unlikely(refused != VMNET_DROP_REASONS))
			return refused;
	}
	if (policy & VMNET_POLICY_GUARD_DHCP && vmnet_dhcp_is_rogue(nw, skb))
		return VMNET_DROP_DHCP_ROGUE;
	return VMNET_DROP_REASONS;
}
