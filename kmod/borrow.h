/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_BORROW_H
#define VMNET_BORROW_H

#include "vmnet.h"

/**
 * vmnet_borrow_attach() - plug somebody else's netdev into a network
 * @nw: the network
 * @dev: a virtual Ethernet netdev of its namespace
 * @extack: the reason of a refusal
 *
 * Makes a port of the netdev's name, which lasts until it is unplugged.
 *
 * Context: RTNL; may sleep
 */
int vmnet_borrow_attach(struct vmnet_network *nw, struct net_device *dev,
			struct netlink_ext_ack *extack);

/**
 * vmnet_borrow_detach() - give a netdev back to its owner
 * @port: a borrowed port; gone afterwards
 *
 * Context: RTNL; sleeps for grace periods
 */
void vmnet_borrow_detach(struct vmnet_port *port);

/* The port that a netdev is lent to, or NULL; RTNL. */
struct vmnet_port *vmnet_borrow_port(const struct net_device *dev);

/**
 * vmnet_borrow_deliver() - send a frame out by a borrowed netdev
 * @port: the port
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_borrow_deliver(struct vmnet_port *port, struct sk_buff *skb);

#endif /* VMNET_BORROW_H */
