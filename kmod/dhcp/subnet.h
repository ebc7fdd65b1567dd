/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_SUBNET_H
#define VMNET_DHCP_SUBNET_H

#include "../vmnet.h"

/**
 * vmnet_subnet_check() - whether a subnet overlaps with what the namespace has
 * @nw: the network that wants it
 * @key: the scope that it is for
 * @subnet: its first address, in host order
 * @prefix_len: of it
 * @extack: names what it overlaps with
 *
 * Looked at are addresses of netdevs, routes in all tables, and the subnets of
 * scopes, but for those of the same VLAN: pools divide a subnet. The default
 * route and what goes by the network's own netdev
 * are no obstacle.
 *
 * Context: RTNL; may sleep
 * Return: 0 or -EADDRINUSE
 */
int vmnet_subnet_check(struct vmnet_network *nw,
		       const struct vmnet_dhcp_key *key, u32 subnet,
		       u8 prefix_len, struct netlink_ext_ack *extack);

/**
 * vmnet_subnet_find() - choose a free subnet of 254 addresses in 10.0.0.0/8
 * @nw: the network that wants it
 * @key: the scope that it is for; all others count
 * @subnet: filled: its first address, in host order
 * @extack: the reason of a refusal
 *
 * The search begins at a place that follows from the network's name, so that
 * it gets the same one again if nothing else has changed.
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error
 */
int vmnet_subnet_find(struct vmnet_network *nw,
		      const struct vmnet_dhcp_key *key, u32 *subnet,
		      struct netlink_ext_ack *extack);

#endif /* VMNET_DHCP_SUBNET_H */
