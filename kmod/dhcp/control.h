/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_CONTROL_H
#define VMNET_DHCP_CONTROL_H

#include "config.h"
#include "lease.h"

/**
 * vmnet_dhcp_set() - change the settings of a scope, all of them or none
 * @nw: the network
 * @key: the scope; it is made with its first subnet
 * @tb: the wishes, by VMNET_A_DHCP_*; CLEAR forgets everything first, FORCE
 *	takes addresses from clients that use them if need be
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then nothing has changed
 */
int vmnet_dhcp_set(struct vmnet_network *nw, const struct vmnet_dhcp_key *key,
		   struct nlattr **tb, struct netlink_ext_ack *extack);

/**
 * vmnet_dhcp_clear() - take a scope away
 * @nw: the network
 * @key: the scope; that there is none is as good
 * @force: even if clients use what it gave them
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 */
int vmnet_dhcp_clear(struct vmnet_network *nw, const struct vmnet_dhcp_key *key,
		     bool force, struct netlink_ext_ack *extack);

/**
 * vmnet_dhcp_revoke() - take an address from its client
 * @dhcp: the server
 * @address: the address
 *
 * Context: RTNL; may sleep
 * Return: 0, or -ENOENT if nobody has it
 */
int vmnet_dhcp_revoke(struct vmnet_dhcp *dhcp, __be32 address);

/**
 * vmnet_dhcp_next() - walk the leases, one locked look at a time
 * @dhcp: the server
 * @address: where to begin, in host order; where to go on afterwards
 * @info: the lease found
 *
 * Context: RTNL
 * Return: false at the end
 */
bool vmnet_dhcp_next(struct vmnet_dhcp *dhcp, u32 *address,
		     struct vmnet_dhcp_lease_info *info);

#endif /* VMNET_DHCP_CONTROL_H */
