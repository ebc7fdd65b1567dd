/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_RESTORE_H
#define VMNET_DHCP_RESTORE_H

#include "lease.h"

struct netlink_ext_ack;
struct nlattr;

/**
 * vmnet_dhcp_restore() - enter a lease by hand
 * @nw: the network
 * @key: the scope
 * @tb: the lease, by VMNET_A_LEASE_*
 * @extack: the reason of a refusal, and the attribute
 *
 * What a client could not have got from the server by its messages, it does
 * not get here either.
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then nothing has changed
 */
int vmnet_dhcp_restore(struct vmnet_network *nw,
		       const struct vmnet_dhcp_key *key, struct nlattr **tb,
		       struct netlink_ext_ack *extack);

#endif /* VMNET_DHCP_RESTORE_H */
