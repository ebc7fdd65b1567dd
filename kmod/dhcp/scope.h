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

/* One of them by its index, NULL behind the last; @scopes may be NULL. */
static inline struct vmnet_dhcp *
vmnet_dhcp_nth(const struct vmnet_dhcp_scopes *scopes, u32 i)
{
	return scopes && i < scopes->count ? scopes->scope[i] : NULL;
}

/* Each of them, in order. */
#define vmnet_dhcp_for_each(_scopes, _dhcp)				\
	for (u32 __i = 0; (_dhcp = vmnet_dhcp_nth(_scopes, __i)); __i++)

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

/* "vlan 20 pool red", or "default". */
#define VMNET_DHCP_SCOPE_NAME	(sizeof("vlan 4094 pool ") + VMNET_POOL_NAME_MAX)

const char *vmnet_dhcp_scope_name(const struct vmnet_dhcp *dhcp, char *name);

/**
 * vmnet_dhcp_scope_check() - whether settings go with the other scopes
 * @nw: the network
 * @key: the scope that they are for
 * @config: the settings
 * @tb: what was wished for, by VMNET_A_DHCP_*
 * @extack: names the scope that they do not go with, and the attribute
 *
 * No two scopes of one VLAN may give away the same address.
 *
 * Context: RTNL
 */
int vmnet_dhcp_scope_check(const struct vmnet_network *nw,
			   const struct vmnet_dhcp_key *key,
			   const struct vmnet_dhcp_config *config,
			   struct nlattr **tb, struct netlink_ext_ack *extack);

/**
 * vmnet_dhcp_scope_check_address() - the same for one address
 * @dhcp: the scope that shall give it away
 * @address: the address, in host order
 * @at: the attribute
 * @extack: names the scope that has it
 */
int vmnet_dhcp_scope_check_address(const struct vmnet_dhcp *dhcp, u32 address,
				   const struct nlattr *at,
				   struct netlink_ext_ack *extack);

/**
 * vmnet_dhcp_scope_of() - the server for what a port sends
 * @nw: the network
 * @port: the port
 * @vlan: the VLAN of the frame
 *
 * Context: rcu_read_lock()
 */
struct vmnet_dhcp *vmnet_dhcp_scope_of(const struct vmnet_network *nw,
				       const struct vmnet_port *port, u16 vlan);

/* Whether somebody is served in a VLAN; rcu_read_lock(). */
bool vmnet_dhcp_serves(const struct vmnet_network *nw, u16 vlan);

/**
 * vmnet_dhcp_scope_giving() - the server that gives an address away
 * @nw: the network
 * @vlan: the VLAN
 * @address: the address, in host order
 *
 * Context: rcu_read_lock()
 * Return: one that answers and has the address in its range, or NULL
 */
struct vmnet_dhcp *vmnet_dhcp_scope_giving(const struct vmnet_network *nw,
					   u16 vlan, u32 address);

/**
 * vmnet_dhcp_scope_for() - the server for a message that speaks of an address
 * @door: that of the port
 * @port: the port
 * @address: whose subnet it shall be
 *
 * Only a port that is trusted may ask for what is not its own.
 *
 * Context: rcu_read_lock()
 * Return: a server; @door if there is no better one
 */
struct vmnet_dhcp *vmnet_dhcp_scope_for(struct vmnet_dhcp *door,
					const struct vmnet_port *port,
					__be32 address);

/**
 * struct vmnet_dhcp_pool_name - the pool that a port is in
 * @rcu: for freeing
 * @name: as in struct vmnet_dhcp_key, padded
 */
struct vmnet_dhcp_pool_name {
	struct rcu_head rcu;
	char name[VMNET_POOL_NAME_MAX + 1];
};

/* Reads the attributes that name a scope; either may be missing. */
int vmnet_dhcp_key_read(struct vmnet_dhcp_key *key, const struct nlattr *vlan,
			const struct nlattr *pool,
			struct netlink_ext_ack *extack);

/**
 * vmnet_dhcp_pool_name_read() - the pool that a port shall be in
 * @attr: its name; empty for none
 * @name: filled: a new one, or NULL
 * @extack: the reason of a refusal, and the attribute
 *
 * Context: may sleep
 */
int vmnet_dhcp_pool_name_read(const struct nlattr *attr,
			      struct vmnet_dhcp_pool_name **name,
			      struct netlink_ext_ack *extack);

/* Puts a port into it; RTNL. */
void vmnet_dhcp_port_set_pool(struct vmnet_port *port,
			      struct vmnet_dhcp_pool_name *name);

#endif /* VMNET_DHCP_SCOPE_H */
