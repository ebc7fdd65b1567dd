/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_SCOPE_H
#define VMNET_DHCP_SCOPE_H

#include <linux/rtnetlink.h>

#include "lease.h"

/**
 * struct vmnet_dhcp_scopes - the DHCP servers of one network
 *
 * Never changed once a network has it, but replaced as a whole, so that a
 * message finds its server without a lock. There is none without a scope.
 *
 * @rcu: for freeing
 * @count: how many
 * @scope: the servers, in the order of their keys
 */
struct vmnet_dhcp_scopes {
	struct rcu_head rcu;
	u32 count;
	struct vmnet_dhcp *scope[];
};

/* Those of a network, or NULL; RTNL or rcu_read_lock(). */
static inline const struct vmnet_dhcp_scopes *
vmnet_dhcp_scopes(const struct vmnet_network *nw)
{
	return rcu_dereference_rtnl(nw->scopes);
}

/* Each of them; @_scopes may be NULL. */
#define vmnet_dhcp_for_each(_scopes, _i, _dhcp)				\
	for ((_i) = 0; (_scopes) && (_i) < (_scopes)->count &&		\
		       ((_dhcp) = (_scopes)->scope[_i]); (_i)++)

/* What a scope serves that nothing was said of: untagged frames of ports that
 * are in no pool.
 */
extern const struct vmnet_dhcp_key vmnet_dhcp_default;

/**
 * vmnet_dhcp_scope() - the server for a VLAN and a pool
 * @nw: the network
 * @key: both
 *
 * Context: RTNL or rcu_read_lock()
 * Return: the server, or NULL
 */
struct vmnet_dhcp *vmnet_dhcp_scope(const struct vmnet_network *nw,
				    const struct vmnet_dhcp_key *key);

/**
 * vmnet_dhcp_scope_place() - where a server is, or would be, among others
 * @scopes: they; may be NULL
 * @key: its key
 *
 * Return: the index of the first that is not before @key; there may be none
 */
u32 vmnet_dhcp_scope_place(const struct vmnet_dhcp_scopes *scopes,
			   const struct vmnet_dhcp_key *key);

/**
 * vmnet_dhcp_scopes_with() - a network's servers, with one in another's place
 * @nw: the network
 * @old: the one that goes, or NULL
 * @new: the one that comes, or NULL
 * @extack: the reason of a refusal
 *
 * Nothing has changed before vmnet_dhcp_scopes_set().
 *
 * Context: RTNL; may sleep
 * Return: what there will be, NULL if that is nothing, or an ERR_PTR()
 */
struct vmnet_dhcp_scopes *
vmnet_dhcp_scopes_with(const struct vmnet_network *nw,
		       const struct vmnet_dhcp *old, struct vmnet_dhcp *new,
		       struct netlink_ext_ack *extack);

/* Takes over what vmnet_dhcp_scopes_with() made; RTNL. */
void vmnet_dhcp_scopes_set(struct vmnet_network *nw,
			   struct vmnet_dhcp_scopes *scopes);

#endif /* VMNET_DHCP_SCOPE_H */
