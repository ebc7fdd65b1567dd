// SPDX-License-Identifier: GPL-2.0-only
/* Guards: what a port may not send, beyond the rules that hold everywhere. */

#include <linux/skbuff.h>

#include "drop.h"
#include "guard.h"

bool vmnet_guard(struct vmnet_port *port, struct sk_buff *skb)
{
	if (READ_ONCE(port->policy) & VMNET_POLICY_GUARD_DHCP &&
	    vmnet_dhcp_is_rogue(skb)) {
		vmnet_drop(port, skb, VMNET_DROP_DHCP_ROGUE);
		return false;
	}
	return true;
}
