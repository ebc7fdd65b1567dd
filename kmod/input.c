// SPDX-License-Identifier: GPL-2.0-only
/* Handle incoming frames: every frame of every port comes in here.
 *
 *	count, admit, guard, decide, forward
 *
 * Each step may refuse the frame, by the name of the drop that it is.
 */

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "drop.h"
#include "fdb.h"
#include "forward.h"
#include "guard.h"
#include "input.h"
#include "stats.h"

#define VMNET_ADMITTED	VMNET_DROP_REASONS

/* Addresses beside the netdev's own: in the table, or in nobody's way. */
static unsigned int vmnet_admit_source(struct vmnet_network *nw,
				       struct vmnet_port *port,
				       const u8 *source)
{
	const struct vmnet_fdb_entry *entry;

	if (!is_valid_ether_addr(source))
		return VMNET_DROP_BAD_SOURCE;
	if (READ_ONCE(port->learning))
		return vmnet_fdb_learn(nw, port, source);
	if (!READ_ONCE(port->guard_mac))
		return VMNET_ADMITTED;
	entry = vmnet_fdb_find(nw, source);
	if (!entry || entry->port != port)
		return VMNET_DROP_FORGED_SOURCE;
	return VMNET_ADMITTED;
}

/* What a frame must be to be switched at all. A tag is no part of the MTU. */
static unsigned int vmnet_admit(struct vmnet_network *nw,
				struct vmnet_port *port,
				const struct sk_buff *skb,
				const struct ethhdr *eth)
{
	unsigned int longest = READ_ONCE(nw->mtu) + VLAN_ETH_HLEN;

	if (unlikely(!READ_ONCE(nw->up)))
		return VMNET_DROP_NETWORK_DOWN;

	if (unlikely(skb->len > longest) &&
	    !(skb_is_gso(skb) && skb_gso_validate_mac_len(skb, longest)))
		return VMNET_DROP_MTU;

	if (unlikely(!ether_addr_equal(eth->h_source, port->dev->dev_addr)))
		return vmnet_admit_source(nw, port, eth->h_source);
	return VMNET_ADMITTED;
}

void vmnet_input(struct vmnet_port *port, struct sk_buff *skb)
{
	struct vmnet_network *nw;
	unsigned int verdict;

	nw = rcu_dereference(port->network);
	if (unlikely(!nw)) {
		vmnet_drop_detached(port, skb);
		return;
	}

	vmnet_count_rx(port, skb->len);

	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vmnet_drop(port, skb, skb->len < ETH_HLEN ?
			   VMNET_DROP_TOO_SHORT : VMNET_DROP_NO_MEMORY);
		return;
	}
	skb_reset_mac_header(skb);

	verdict = vmnet_admit(nw, port, skb, eth_hdr(skb));
	if (unlikely(verdict != VMNET_ADMITTED)) {
		vmnet_drop(port, skb, verdict);
		return;
	}

	if (READ_ONCE(port->policy) && !vmnet_guard(port, skb))
		return;

	vmnet_forward(nw, port, skb,
		      vmnet_decide(nw, port, eth_hdr(skb)));
}
