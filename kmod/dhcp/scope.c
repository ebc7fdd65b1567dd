// SPDX-License-Identifier: GPL-2.0-only
/* Which server is for whom: the scopes of a network, by VLAN and pool. */

#include <linux/slab.h>
#include <net/netlink.h>

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
	u32 place = vmnet_dhcp_scope_place(scopes, key);

	if (!scopes || place == scopes->count ||
	    vmnet_dhcp_key_cmp(&scopes->scope[place]->key, key))
		return NULL;
	return scopes->scope[place];
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
	u32 i, n = 0;

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
	vmnet_dhcp_for_each(now, i, dhcp) {
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
