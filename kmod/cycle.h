/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_CYCLE_H
#define VMNET_CYCLE_H

#include "vmnet.h"

/**
 * vmnet_cycle_check_bind() - whether a network may stand on a netdev
 * @nw: the network
 * @dev: to be its uplink, or a port of it
 * @extack: the reason of a refusal
 *
 * Networks stand on netdevs, those on others, and one of these may be a nic of
 * a network: round such a circle a broadcast would go for ever.
 *
 * Context: RTNL
 * Return: 0 or -ELOOP
 */
int vmnet_cycle_check_bind(struct vmnet_network *nw, struct net_device *dev,
			   struct netlink_ext_ack *extack);

/**
 * vmnet_cycle_check_attach() - whether a nic may be plugged into a network
 * @nw: the network
 * @dev: the nic's netdev, on which something may stand
 * @extack: the reason of a refusal
 *
 * Context: RTNL
 * Return: 0 or -ELOOP
 */
int vmnet_cycle_check_attach(struct vmnet_network *nw, struct net_device *dev,
			     struct netlink_ext_ack *extack);

/* The same for a netdev that is to stand on another; RTNL. */
int vmnet_cycle_check_upper(struct net_device *upper, struct net_device *lower,
			    struct netlink_ext_ack *extack);

#endif /* VMNET_CYCLE_H */
