/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_UPLINK_H
#define VMNET_UPLINK_H

#include "vlan.h"
#include "vmnet.h"

#define VMNET_UPLINK_NAME	"uplink"	/* of its port, in each network */

/**
 * vmnet_uplink_set() - bind a network to a netdev, or to none
 * @nw: the network
 * @words: what it is to be; @words->vlan is taken over if this succeeds
 * @extack: the reason of a refusal; nothing has changed then
 *
 * The netdev's own addresses, routes and connections stay where they are.
 *
 * Context: RTNL; sleeps for grace periods
 */
int vmnet_uplink_set(struct vmnet_network *nw,
		     struct vmnet_uplink_words *words,
		     struct netlink_ext_ack *extack);

/**
 * vmnet_uplink_unbind() - let a network go, for good
 * @nw: the network; nothing happens if it is bound to nothing
 *
 * Context: RTNL; sleeps for grace periods
 */
void vmnet_uplink_unbind(struct vmnet_network *nw);

/**
 * vmnet_uplink_check_port() - whether a port of a network may have VLANs
 * @nw: the network
 * @vlan: what the port is to have
 * @extack: the reason of a refusal
 *
 * Context: RTNL
 */
int vmnet_uplink_check_port(const struct vmnet_network *nw,
			    const struct vmnet_vlan *vlan,
			    struct netlink_ext_ack *extack);

/* The netdev that a network is bound to, or NULL; RTNL. */
struct net_device *vmnet_uplink_dev(const struct vmnet_network *nw);

/* What is shown of it; RTNL. */
enum vmnet_uplink_state vmnet_uplink_state(const struct vmnet_network *nw);
bool vmnet_uplink_is_promiscuous(const struct vmnet_network *nw);
bool vmnet_uplink_has_hook(const struct vmnet_network *nw);

/* Frames of a network that its uplink's host has got instead; any context. */
u64 vmnet_uplink_passed(const struct vmnet_network *nw);

/* Whether the ports of a network should have carrier, as far as its uplink is
 * asked; RTNL.
 */
bool vmnet_uplink_allows_carrier(const struct vmnet_network *nw);

/**
 * vmnet_uplink_deliver() - send a frame out into the segment of an uplink
 * @port: the uplink's port
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_uplink_deliver(struct vmnet_port *port, struct sk_buff *skb);

/* To the wire only, and not to the host or to other networks; else the same. */
void vmnet_uplink_wire(struct vmnet_port *port, struct sk_buff *skb);

/* Up into the host's stack, as if the adapter had received it. */
void vmnet_uplink_receive(struct sk_buff *skb);

/* The unicast filter of the netdev follows the table; RTNL. */
void vmnet_uplink_filter(struct vmnet_network *nw, const u8 *addr, bool on);

/* The VLANs of the ports, or whether one learns, have changed; RTNL. */
void vmnet_uplink_update_vids(struct vmnet_network *nw);
void vmnet_uplink_update_promiscuity(struct vmnet_network *nw);

/* What the stack says of netdevs that may be uplinks; RTNL. */
int vmnet_uplink_event(struct net_device *dev, unsigned long event, void *ptr);

void vmnet_uplink_exit(void);

#endif /* VMNET_UPLINK_H */
