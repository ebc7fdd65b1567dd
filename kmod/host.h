/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_HOST_H
#define VMNET_HOST_H

#include "vmnet.h"

#define VMNET_NETWORK_KIND	"vmnet"

void vmnet_network_setup(struct net_device *dev);
bool vmnet_is_network(const struct net_device *dev);

/**
 * vmnet_host_set() - make the host a member of a network, or no member
 * @nw: the network
 * @on: which
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 */
int vmnet_host_set(struct vmnet_network *nw, bool on,
		   struct netlink_ext_ack *extack);

/* The host's IPv6 makes no address for itself where it is no member; after
 * registration, RTNL.
 */
void vmnet_host_quiet(struct vmnet_network *nw);

#endif /* VMNET_HOST_H */
