// SPDX-License-Identifier: GPL-2.0-only
/* Forwarding: a frame to one port, to all of them, or to nobody. */

#include <linux/rculist.h>
#include <linux/skbuff.h>

#include "drop.h"
#include "forward.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "vlan.h"

/* All reasons why a frame for everybody is not for this port. */
static bool vmnet_should_flood(const struct vmnet_network *nw,
			       const struct vmnet_port *port,
			       const struct vmnet_port *from,
			       struct vmnet_decision to)
{
	if (port == from || !(port->dev->flags & IFF_UP))
		return false;
	/* Behind an uplink is more than a cable: the host, other networks. */
	if (port->type == VMNET_PORT_TYPE_UPLINK ? to.inside :
						   !netif_carrier_ok(port->dev))
		return false;
	/* A machine that is off, as a netdev that is down. */
	if (port->type == VMNET_PORT_TYPE_TAP && !vmnet_tap_queues_open(port))
		return false;
	return likely(!READ_ONCE(nw->vlan_aware)) ||
	       vmnet_vlan_carries(port, to.vid);
}

/* Return: a copy that further ones may be made from, or NULL. */
static struct sk_buff *vmnet_flood_copy(struct vmnet_port *port,
					struct sk_buff *skb,
					struct sk_buff *model)
{
	struct sk_buff *copy;

	if (likely(model) && vmnet_receive_like(port, model))
		return model;
	copy = skb_clone(skb, GFP_ATOMIC);
	if (unlikely(!copy)) {
		vmnet_drop(port, NULL, VMNET_DROP_NO_MEMORY);
		return model;
	}
	vmnet_deliver(port, copy);
	/* To its owner, a unicast frame is or is not for his own address. */
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	    vmnet_receive_is_queued(port, copy))
		return copy;
	return model;
}

/* One walk. A receiver is served when the next one is known, so that a clone
 * is made only for those before the last, which gets the original. Ports that
 * learn, and the uplink, stand first, so a walk to them alone ends at the first
 * other.
 */
static void vmnet_flood(struct vmnet_network *nw, struct vmnet_port *from,
			struct sk_buff *skb, struct vmnet_decision to)
{
	struct vmnet_port *port, *last = NULL;
	struct sk_buff *model = NULL;
	unsigned int depth = vmnet_receive_defer();
	unsigned int copies = 0;

	list_for_each_entry_rcu(port, &nw->receivers, receivers) {
		if (to.verdict == VMNET_TO_LEARNERS &&
		    !vmnet_port_takes_unknown(port))
			break;
		if (!vmnet_should_flood(nw, port, from, to))
			continue;
		if (last) {
			copies++;
			model = vmnet_flood_copy(last, skb, model);
		}
		last = port;
	}

	if (likely(last)) {
		vmnet_count_replicated(from, copies);
		vmnet_deliver(last, skb);
	} else {
		vmnet_drop(from, skb, to.reason);
	}
	vmnet_receive_resume(depth);
}

void vmnet_forward_others(struct vmnet_network *nw, struct vmnet_port *from,
			  struct sk_buff *skb, struct vmnet_decision to)
{
	if (unlikely(to.ask_server) && vmnet_dhcp_input(nw, from, skb))
		return;

	switch (to.verdict) {
	case VMNET_TO_NIC:
	case VMNET_TO_VLAN_NIC:
	case VMNET_TO_PORT:
		vmnet_deliver(to.port, skb);
		break;
	case VMNET_TO_ALL:
	case VMNET_TO_LEARNERS:
		vmnet_flood(nw, from, skb, to);
		break;
	case VMNET_TO_NOBODY:
		vmnet_drop(from, skb, to.reason);
		break;
	}
}

void vmnet_reply(struct vmnet_network *nw, struct vmnet_port *port,
		 struct sk_buff *skb)
{
	skb->dev = nw->dev;
	vmnet_count_rx(&nw->server, skb->len);
	vmnet_deliver(port, skb);
}

void vmnet_announce_all(struct vmnet_network *nw, struct sk_buff *skb)
{
	const struct vmnet_decision to = {
		.verdict = VMNET_TO_ALL,
		.reason = VMNET_DROP_NO_RECEIVER,
		.vid = vmnet_vlan_of(nw, skb),
	};

	skb->dev = nw->dev;
	vmnet_count_rx(&nw->server, skb->len);
	vmnet_flood(nw, &nw->server, skb, to);
}
