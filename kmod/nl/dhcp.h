/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_NL_DHCP_H
#define VMNET_NL_DHCP_H

#include "../vmnet.h"

struct vmnet_dhcp;
struct vmnet_dhcp_config;
struct vmnet_dhcp_lease_info;

/* Whether somebody listens to what happens to leases; any context. */
bool vmnet_nl_lease_is_heard(const struct vmnet_dhcp *dhcp);

/**
 * vmnet_nl_notify_lease() - tell listeners what happened to a lease
 * @dhcp: its server
 * @event: what happened
 * @info: the lease; without an address if there was none left
 *
 * Context: any but hard interrupts
 */
void vmnet_nl_notify_lease(const struct vmnet_dhcp *dhcp,
			   enum vmnet_lease_event event,
			   const struct vmnet_dhcp_lease_info *info);

/* Puts what clients are told beside router, DNS, WINS and domain. */
int vmnet_nl_put_dhcp_options(struct sk_buff *skb,
			      const struct vmnet_dhcp_config *config);

#endif /* VMNET_NL_DHCP_H */
