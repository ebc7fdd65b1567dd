// SPDX-License-Identifier: GPL-2.0-only
/* Which server is for whom: the scopes of a network, by VLAN and pool. */

#include <linux/slab.h>
#include <net/netlink.h>

#include "../port.h"
#include "config.h"
#include "reservation.h"
#include "scope.h"

const struct vmnet_dhcp_key vmnet_dhcp_default;

static int vmnet_dhcp_key_cmp(const struct vmnet_dhcp_key *a,
			      const struct vmnet_dhcp_key *b)
{
	if (a->vlan != b->vlan)
		return a->vlan < b->vlan ? -1 : 1;
	return strcmp(a->pool, b->pool);
}

u32 vmnet_dhcp_scope_place(const struct vmnet_dhcp_scopes *scopes,
			   const struct vmnet_dhcp_key *key)
{
	u32 low = 0, high = scopes ? scopes->count : 0, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (vmnet_dhcp_key_cmp(&scopes->scope[middle]->key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct vmnet_dhcp *vmnet_dhcp_scope(const struct vmnet_network *nw,
				    const struct vmnet_dhcp_key *key)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	struct vmnet_dhcp *dhcp;

	dhcp = vmnet_dhcp_nth(scopes, vmnet_dhcp_scope_place(scopes, key));
	return dhcp && !vmnet_dhcp_key_cmp(&dhcp->key, key) ? dhcp : NULL;
}

struct vmnet_dhcp_scopes *
vmnet_dhcp_scopes_with(const struct vmnet_network *nw,
		       const struct vmnet_dhcp *old, struct vmnet_dhcp *new,
		       struct netlink_ext_ack *extack)
{
	const struct vmnet_dhcp_scopes *now = vmnet_dhcp_scopes(nw);
	u32 count = (now ? now->count : 0) + !!new - !!old;
	struct vmnet_dhcp_scopes *scopes;
	struct vmnet_dhcp *dhcp;
	u32 n = 0;

	ASSERT_RTNL();

	if (!count)
		return NULL;
	if (count > VMNET_SCOPES_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "A network has at most %u scopes",
				   VMNET_SCOPES_MAX);
		return ERR_PTR(-ENOSPC);
	}
	scopes = kzalloc(struct_size(scopes, scope, count),
			 GFP_KERNEL_ACCOUNT);
	if (!scopes)
		return ERR_PTR(-ENOMEM);
	scopes->count = count;
	vmnet_dhcp_for_each(now, dhcp) {
		if (new && vmnet_dhcp_key_cmp(&new->key, &dhcp->key) <= 0) {
			scopes->scope[n++] = new;
			new = NULL;
		}
		if (dhcp != old)
			scopes->scope[n++] = dhcp;
	}
	if (new)
		scopes->scope[n++] = new;
	return scopes;
}

void vmnet_dhcp_scopes_set(struct vmnet_network *nw,
			   struct vmnet_dhcp_scopes *scopes)
{
	struct vmnet_dhcp_scopes *old = rtnl_dereference(nw->scopes);

	rcu_assign_pointer(nw->scopes, scopes);
	if (old)
		kfree_rcu(old, rcu);
}

const char *vmnet_dhcp_scope_name(const struct vmnet_dhcp *dhcp, char *name)
{
	const struct vmnet_dhcp_key *key = &dhcp->key;
	int len = 0;

	if (!key->vlan && !*key->pool)
		return "default";
	if (key->vlan)
		len = scnprintf(name, VMNET_DHCP_SCOPE_NAME, "vlan %u%s",
				key->vlan, *key->pool ? " " : "");
	if (*key->pool)
		scnprintf(name + len, VMNET_DHCP_SCOPE_NAME - len, "pool %s",
			  key->pool);
	return name;
}

/* Words */

static int vmnet_dhcp_pool_copy(char *to, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (*name && !vmnet_port_name_ok(name, extack)) {
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	strscpy_pad(to, name, VMNET_POOL_NAME_MAX + 1);
	return 0;
}

int vmnet_dhcp_key_read(struct vmnet_dhcp_key *key, const struct nlattr *vlan,
			const struct nlattr *pool,
			struct netlink_ext_ack *extack)
{
	*key = vmnet_dhcp_default;
	if (vlan)
		key->vlan = nla_get_u16(vlan);
	return pool ? vmnet_dhcp_pool_copy(key->pool, pool, extack) : 0;
}

int vmnet_dhcp_pool_name_read(const struct nlattr *attr,
			      struct vmnet_dhcp_pool_name **name,
			      struct netlink_ext_ack *extack)
{
	int err;

	*name = NULL;
	if (!*(const char *)nla_data(attr))
		return 0;
	*name = kzalloc(sizeof(**name), GFP_KERNEL_ACCOUNT);
	if (!*name)
		return -ENOMEM;
	err = vmnet_dhcp_pool_copy((*name)->name, attr, extack);
	if (err)
		kfree(*name);
	return err;
}

void vmnet_dhcp_port_set_pool(struct vmnet_port *port,
			      struct vmnet_dhcp_pool_name *name)
{
	struct vmnet_dhcp_pool_name *old = rtnl_dereference(port->dhcp.pool);

	rcu_assign_pointer(port->dhcp.pool, name);
	if (old)
		kfree_rcu(old, rcu);
}

/* Two scopes of one VLAN */

/* Each other scope of a VLAN; 0 or the first error. */
static int
vmnet_dhcp_each_beside(const struct vmnet_network *nw,
		       const struct vmnet_dhcp_key *key,
		       int (*check)(const struct vmnet_dhcp *other, void *arg),
		       void *arg)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	const struct vmnet_dhcp_key first = { .vlan = key->vlan };
	const struct vmnet_dhcp *other;
	u32 i = vmnet_dhcp_scope_place(scopes, &first);
	int err = 0;

	while (!err && (other = vmnet_dhcp_nth(scopes, i++)) &&
	       other->key.vlan == key->vlan) {
		if (vmnet_dhcp_key_cmp(&other->key, key))
			err = check(other, arg);
	}
	return err;
}

struct vmnet_dhcp_beside {
	const struct vmnet_dhcp_config *config;
	struct nlattr **tb;
	u32 address;
	const struct nlattr *at;
	struct netlink_ext_ack *extack;
};

static bool vmnet_dhcp_in_range(const struct vmnet_dhcp_config *config,
				u32 address)
{
	return address >= config->range_start && address <= config->range_end;
}

static int vmnet_dhcp_check_beside(const struct vmnet_dhcp *other, void *arg)
{
	const struct vmnet_dhcp_config *theirs = rtnl_dereference(other->config);
	const struct vmnet_dhcp_beside *beside = arg;
	const struct vmnet_dhcp_config *ours = beside->config;
	struct netlink_ext_ack *extack = beside->extack;
	__be32 start = htonl(theirs->range_start);
	__be32 end = htonl(theirs->range_end);
	char buf[VMNET_DHCP_SCOPE_NAME];
	const char *name = vmnet_dhcp_scope_name(other, buf);
	u32 reserved = ours->range_start;
	__be32 addr = htonl(ours->server);

	if (ours->range_start <= theirs->range_end &&
	    theirs->range_start <= ours->range_end) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The range overlaps with that of the scope %s: %pI4-%pI4",
				   name, &start, &end);
		return -EADDRINUSE;
	}
	if (vmnet_dhcp_in_range(theirs, ours->server) ||
	    vmnet_reservation_at(other, ours->server)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The server's address %pI4 is one that the scope %s gives away",
				   &addr, name);
		return -EADDRINUSE;
	}
	if (vmnet_dhcp_in_range(ours, theirs->server)) {
		addr = htonl(theirs->server);
		NL_SET_ERR_MSG_FMT(extack,
				   "In the range is the server's address of the scope %s: %pI4",
				   name, &addr);
		return -EADDRINUSE;
	}
	if (vmnet_reservation_next(other, &reserved, false) &&
	    vmnet_dhcp_in_range(ours, reserved)) {
		addr = htonl(reserved);
		NL_SET_ERR_MSG_FMT(extack,
				   "In the range is an address that is reserved in the scope %s: %pI4",
				   name, &addr);
		return -EADDRINUSE;
	}
	return 0;
}

int vmnet_dhcp_scope_check(const struct vmnet_network *nw,
			   const struct vmnet_dhcp_key *key,
			   const struct vmnet_dhcp_config *config,
			   struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp_beside beside = {
		.config = config,
		.extack = extack,
	};
	int err;

	ASSERT_RTNL();

	err = vmnet_dhcp_each_beside(nw, key, vmnet_dhcp_check_beside, &beside);
	if (err)
		NL_SET_BAD_ATTR(extack, tb[VMNET_A_DHCP_RANGE_START] ?:
					tb[VMNET_A_DHCP_SERVER] ?:
					tb[VMNET_A_DHCP_SUBNET]);
	return err;
}

static int vmnet_dhcp_check_address(const struct vmnet_dhcp *other, void *arg)
{
	const struct vmnet_dhcp_config *theirs = rtnl_dereference(other->config);
	const struct vmnet_dhcp_beside *beside = arg;
	__be32 addr = htonl(beside->address);
	char buf[VMNET_DHCP_SCOPE_NAME];

	if (!vmnet_dhcp_in_range(theirs, beside->address) &&
	    beside->address != theirs->server &&
	    !vmnet_reservation_at(other, beside->address))
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(beside->extack, beside->at,
				"%pI4 belongs to the scope %s", &addr,
				vmnet_dhcp_scope_name(other, buf));
	return -EADDRINUSE;
}

int vmnet_dhcp_scope_check_address(const struct vmnet_dhcp *dhcp, u32 address,
				   const struct nlattr *at,
				   struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp_beside beside = {
		.address = address,
		.at = at,
		.extack = extack,
	};

	ASSERT_RTNL();

	return vmnet_dhcp_each_beside(dhcp->nw, &dhcp->key,
				      vmnet_dhcp_check_address, &beside);
}

/* On a frame's way */

struct vmnet_dhcp *vmnet_dhcp_scope_of(const struct vmnet_network *nw,
				       const struct vmnet_port *port, u16 vlan)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	const struct vmnet_dhcp_pool_name *pool =
		rcu_dereference(port->dhcp.pool);
	struct vmnet_dhcp *first = vmnet_dhcp_nth(scopes, 0);
	struct vmnet_dhcp_key key;

	/* The default scope is before all others, and mostly the only one. */
	if (!vlan && !pool)
		return first && !first->key.vlan && !*first->key.pool ?
		       first : NULL;
	key = (struct vmnet_dhcp_key) { .vlan = vlan };
	if (pool)
		memcpy(key.pool, pool->name, sizeof(key.pool));
	return vmnet_dhcp_scope(nw, &key);
}

bool vmnet_dhcp_serves(const struct vmnet_network *nw, u16 vlan)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	const struct vmnet_dhcp_key first = { .vlan = vlan };
	u32 i = vmnet_dhcp_scope_place(scopes, &first);
	const struct vmnet_dhcp *dhcp;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++)) && dhcp->key.vlan == vlan)
		if (rcu_dereference(dhcp->config)->enabled)
			return true;
	return false;
}

struct vmnet_dhcp *vmnet_dhcp_scope_giving(const struct vmnet_network *nw,
					   u16 vlan, u32 address)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	const struct vmnet_dhcp_key first = { .vlan = vlan };
	u32 i = vmnet_dhcp_scope_place(scopes, &first);
	const struct vmnet_dhcp_config *config;
	struct vmnet_dhcp *dhcp;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++)) && dhcp->key.vlan == vlan) {
		config = rcu_dereference(dhcp->config);
		if (config->enabled && vmnet_dhcp_in_range(config, address))
			return dhcp;
	}
	return NULL;
}

struct vmnet_dhcp *vmnet_dhcp_scope_for(struct vmnet_dhcp *door,
					const struct vmnet_port *port,
					__be32 address)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(door->nw);
	const struct vmnet_dhcp_config *config;
	struct vmnet_dhcp_key first;
	struct vmnet_dhcp *dhcp;
	u32 i;

	if (READ_ONCE(port->guard_dhcp) ||
	    vmnet_dhcp_in_subnet(rcu_dereference(door->config), address))
		return door;
	first = (struct vmnet_dhcp_key) { .vlan = door->key.vlan };
	i = vmnet_dhcp_scope_place(scopes, &first);
	while ((dhcp = vmnet_dhcp_nth(scopes, i++)) &&
	       dhcp->key.vlan == door->key.vlan) {
		config = rcu_dereference(dhcp->config);
		if (config->enabled && vmnet_dhcp_in_subnet(config, address))
			return dhcp;
	}
	return door;
}
