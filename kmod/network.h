/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_NETWORK_H
#define VMNET_NETWORK_H

#include "vmnet.h"

/* ndo_init, ndo_uninit and priv_destructor of a network's netdev. */
int vmnet_network_init(struct net_device *dev);
void vmnet_network_uninit(struct net_device *dev);
void vmnet_network_destructor(struct net_device *dev);

/* Finds a network by its name; RTNL. */
struct vmnet_network *vmnet_network_find(struct net *net, const char *name);

/**
 * vmnet_network_list() - enter a network into its namespace's books
 * @nw: the network; its netdev is registered
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 */
int vmnet_network_list(struct vmnet_network *nw,
		       struct netlink_ext_ack *extack);

/**
 * vmnet_network_unpublish() - the first half of deleting a network
 * @nw: the network
 *
 * Its ports are unplugged: no frame finds it, or them in it, from now on. They
 * are settled when the core has waited for the frames on their way.
 *
 * Context: RTNL
 */
void vmnet_network_unpublish(struct vmnet_network *nw);

/* Texts for people; NULL or empty to clear; RTNL. */
int vmnet_network_set_label(struct vmnet_network *nw, const char *label,
			    struct netlink_ext_ack *extack);
int vmnet_network_set_notes(struct vmnet_network *nw, const char *notes,
			    struct netlink_ext_ack *extack);

#endif /* VMNET_NETWORK_H */
