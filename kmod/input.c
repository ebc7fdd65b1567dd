// SPDX-License-Identifier: GPL-2.0-only
/* Handle incoming frames: every frame of every port comes in here.
 *
 *	count, admit, guard, admit its source, decide, forward
 *
 * Each step may refuse the frame, by the name of the drop that it is.
 */

#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/gso.h>

#include "drop.h"
#include "fdb.h"
#include "forward.h"
#include "guard.h"
#include "input.h"
#include "stats.h"
#include "vlan.h"

#define VMNET_ADMITTED	VMNET_DROP_REASONS

/* What a frame must be to be switched at all. A tag is no part of the MTU. */
static unsigned int vmnet_admit(const struct vmnet_network *nw,
				const struct sk_buff *skb)
{
	unsigned int longest = READ_ONCE(nw->longest);

	if (likely(skb->len <= longest))
		return VMNET_ADMITTED;
	if (!longest)
		return VMNET_DROP_NETWORK_DOWN;
	if (skb_is_gso(skb) && skb_gso_validate_mac_len(skb, longest))
		return VMNET_ADMITTED;
	return VMNET_DROP_MTU;
}

/* Addresses beside the netdev's own: in the table, or in nobody's way. */
static noinline unsigned int vmnet_admit_other(struct vmnet_network *nw,
					       struct vmnet_port *port,
					       const u8 *source, u16 vid)
{
	const struct vmnet_fdb_entry *entry;

	if (!is_valid_ether_addr(source))
		return VMNET_DROP_BAD_SOURCE;
	if (READ_ONCE(port->learning))
		return vmnet_fdb_learn(nw, port, source, vid);
	if (port->type == VMNET_PORT_TYPE_UPLINK)
		return vmnet_fdb_outside(nw, port, source, vid);
	if (!READ_ONCE(port->guard_mac))
		return VMNET_ADMITTED;
	entry = vmnet_fdb_find(nw, source, vid);
	if (!entry || READ_ONCE(entry->port) != port)
		return VMNET_DROP_FORGED_SOURCE;
	return VMNET_ADMITTED;
}

static unsigned int vmnet_admit_source(struct vmnet_network *nw,
				       struct vmnet_port *port,
				       const u8 *source, u16 vid)
{
	if (likely(ether_addr_equal(source, port->dev->dev_addr)))
		return VMNET_ADMITTED;
	return vmnet_admit_other(nw, port, source, vid);
}

void vmnet_input(struct vmnet_port *port, struct sk_buff *skb)
{
	const struct ethhdr *eth;
	struct vmnet_network *nw;
	unsigned int verdict;
	u16 vid = 0;

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

	verdict = vmnet_admit(nw, skb);
	if (likely(verdict == VMNET_ADMITTED) && READ_ONCE(port->policy))
		verdict = vmnet_guard(nw, port, skb, &vid);
	/* Where the guards may have put it; no need to look it up. */
	eth = (const struct ethhdr *)skb->data;
	if (likely(verdict == VMNET_ADMITTED))
		verdict = vmnet_admit_source(nw, port, eth->h_source, vid);
	if (unlikely(verdict != VMNET_ADMITTED)) {
		vmnet_drop(port, skb, verdict);
		return;
	}

	vmnet_forward(nw, port, skb, vmnet_decide(nw, port, eth, vid));
}
