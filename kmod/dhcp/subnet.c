// SPDX-License-Identifier: GPL-2.0-only
/* Which subnets are free: a walk over all that the namespace knows. */

#include <linux/bitmap.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/fib_notifier.h>
#include <net/ip_fib.h>
#include <net/nexthop.h>

#include "config.h"
#include "scope.h"
#include "subnet.h"

#define VMNET_SUBNET_AUTO	0x0a000000U	/* 10.0.0.0/8 */
#define VMNET_SUBNET_AUTO_BITS	8
#define VMNET_SUBNET_BITS	24
#define VMNET_SUBNETS		(1U << (VMNET_SUBNET_BITS - VMNET_SUBNET_AUTO_BITS))

/**
 * struct vmnet_subnet_walk - a walk over prefixes in use
 * @nw: the network that it is for; its own netdev does not count
 * @key: the scope that it is for
 * @routes: how the kernel hands out its routes
 * @subnet: the first address of the one looked for
 * @prefix_len: its prefix length
 * @taken: instead of that, the subnets of VMNET_SUBNET_AUTO that are not free
 * @extack: told what @subnet overlaps with
 * @found: that it does
 */
struct vmnet_subnet_walk {
	struct vmnet_network *nw;
	const struct vmnet_dhcp_key *key;
	struct notifier_block routes;
	u32 subnet;
	u8 prefix_len;
	unsigned long *taken;
	struct netlink_ext_ack *extack;
	bool found;
};

static u32 vmnet_subnet_mask(u8 prefix_len)
{
	return prefix_len ? ~0U << (32 - prefix_len) : 0;
}

static bool vmnet_subnets_overlap(u32 a, u8 a_len, u32 b, u8 b_len)
{
	return !((a ^ b) & vmnet_subnet_mask(min(a_len, b_len)));
}

static void vmnet_subnet_take(unsigned long *taken, u32 prefix, u8 len)
{
	u32 first = (prefix & vmnet_subnet_mask(len)) - VMNET_SUBNET_AUTO;
	u32 count = 1;

	if (!vmnet_subnets_overlap(prefix, len, VMNET_SUBNET_AUTO,
				   VMNET_SUBNET_AUTO_BITS))
		return;
	if (len < VMNET_SUBNET_AUTO_BITS) {
		first = 0;
		len = VMNET_SUBNET_AUTO_BITS;
	}
	if (len < VMNET_SUBNET_BITS)
		count <<= VMNET_SUBNET_BITS - len;
	bitmap_set(taken, first >> (32 - VMNET_SUBNET_BITS), count);
}

/* One prefix that is in use; @what says by what, with a name. */
static void vmnet_subnet_visit(struct vmnet_subnet_walk *walk, u32 prefix,
			       u8 len, const char *what, const char *name)
{
	__be32 addr = htonl(prefix);

	if (walk->taken) {
		vmnet_subnet_take(walk->taken, prefix, len);
		return;
	}
	if (walk->found || !vmnet_subnets_overlap(prefix, len, walk->subnet,
						  walk->prefix_len))
		return;
	walk->found = true;
	NL_SET_ERR_MSG_FMT(walk->extack,
			   "The subnet overlaps with %s %s: %pI4/%u",
			   what, name, &addr, len);
}

/* Of the scopes of one VLAN each has a part of the subnet; where one is to be
 * found, it shall have its own.
 */
static bool vmnet_subnet_may_share(const struct vmnet_subnet_walk *walk,
				   const struct vmnet_dhcp *dhcp)
{
	if (dhcp->nw != walk->nw || dhcp->key.vlan != walk->key->vlan)
		return false;
	return !walk->taken || !strcmp(dhcp->key.pool, walk->key->pool);
}

static void vmnet_subnet_visit_scope(struct vmnet_subnet_walk *walk,
				     const struct vmnet_dhcp *dhcp)
{
	const struct vmnet_dhcp_config *config = rtnl_dereference(dhcp->config);
	char name[VMNET_DHCP_SCOPE_NAME];

	if (vmnet_subnet_may_share(walk, dhcp))
		return;
	if (dhcp->nw == walk->nw)
		vmnet_subnet_visit(walk, config->subnet, config->prefix_len,
				   "the scope",
				   vmnet_dhcp_scope_name(dhcp, name));
	else
		vmnet_subnet_visit(walk, config->subnet, config->prefix_len,
				   "the network", netdev_name(dhcp->nw->dev));
}

static void vmnet_subnet_walk_networks(struct vmnet_subnet_walk *walk)
{
	struct vmnet_ns *ns = vmnet_ns(dev_net(walk->nw->dev));
	const struct vmnet_dhcp_scopes *scopes;
	struct vmnet_network *nw;
	struct vmnet_dhcp *dhcp;
	unsigned long ifindex;

	xa_for_each(&ns->networks, ifindex, nw) {
		scopes = vmnet_dhcp_scopes(nw);
		vmnet_dhcp_for_each(scopes, dhcp)
			vmnet_subnet_visit_scope(walk, dhcp);
	}
}

static void vmnet_subnet_walk_addresses(struct vmnet_subnet_walk *walk)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct net_device *dev;

	for_each_netdev(dev_net(walk->nw->dev), dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev || dev == walk->nw->dev)
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			vmnet_subnet_visit(walk, ntohl(ifa->ifa_address),
					   ifa->ifa_prefixlen,
					   "an address of", netdev_name(dev));
	}
}

/* What is local is the address of a netdev, and has been visited as that. The
 * default route is no obstacle, nor are the two halves that VPNs put over it.
 */
static int vmnet_subnet_route(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	struct vmnet_subnet_walk *walk =
		container_of(nb, struct vmnet_subnet_walk, routes);
	const struct fib_entry_notifier_info *route = ptr;
	const struct fib_notifier_info *info = ptr;
	const struct net_device *dev;

	if (info->family != AF_INET || event != FIB_EVENT_ENTRY_REPLACE ||
	    route->dst_len <= 1 || route->tb_id == RT_TABLE_LOCAL)
		return NOTIFY_DONE;
	dev = fib_info_nhc(route->fi, 0)->nhc_dev;
	if (dev != walk->nw->dev)
		vmnet_subnet_visit(walk, route->dst, route->dst_len,
				   "a route by",
				   dev ? netdev_name(dev) : "no device");
	return NOTIFY_DONE;
}

/* Who listens to changes of the routes is first told of all that there are.
 * Nothing else shows them all; listening itself would take RTNL, which we have,
 * so that nothing changes meanwhile.
 */
static int vmnet_subnet_walk_routes(struct vmnet_subnet_walk *walk)
{
	struct net *net = dev_net(walk->nw->dev);
	int err;

	walk->routes.notifier_call = vmnet_subnet_route;
	rcu_read_lock();
	err = net->ipv4.notifier_ops->fib_dump(net, &walk->routes, NULL);
	rcu_read_unlock();
	return err;
}

static int vmnet_subnet_walk(struct vmnet_subnet_walk *walk)
{
	ASSERT_RTNL();

	vmnet_subnet_walk_networks(walk);
	vmnet_subnet_walk_addresses(walk);
	return vmnet_subnet_walk_routes(walk);
}

int vmnet_subnet_check(struct vmnet_network *nw,
		       const struct vmnet_dhcp_key *key, u32 subnet,
		       u8 prefix_len, struct netlink_ext_ack *extack)
{
	struct vmnet_subnet_walk walk = {
		.nw = nw,
		.key = key,
		.subnet = subnet,
		.prefix_len = prefix_len,
		.extack = extack,
	};
	int err = vmnet_subnet_walk(&walk);

	if (err)
		return err;
	return walk.found ? -EADDRINUSE : 0;
}

int vmnet_subnet_find(struct vmnet_network *nw,
		      const struct vmnet_dhcp_key *key, u32 *subnet,
		      struct netlink_ext_ack *extack)
{
	struct vmnet_subnet_walk walk = { .nw = nw, .key = key };
	const char *name = netdev_name(nw->dev);
	u32 from, index;
	int err;

	walk.taken = bitmap_zalloc(VMNET_SUBNETS, GFP_KERNEL);
	if (!walk.taken)
		return -ENOMEM;
	err = vmnet_subnet_walk(&walk);
	if (err)
		goto free_taken;

	from = jhash(name, strlen(name), 0) % VMNET_SUBNETS;
	index = find_next_zero_bit(walk.taken, VMNET_SUBNETS, from);
	if (index >= VMNET_SUBNETS)
		index = find_first_zero_bit(walk.taken, VMNET_SUBNETS);
	if (index >= VMNET_SUBNETS) {
		NL_SET_ERR_MSG(extack,
			       "No /24 of 10.0.0.0/8 is free: name a subnet");
		err = -EADDRNOTAVAIL;
		goto free_taken;
	}
	*subnet = VMNET_SUBNET_AUTO + (index << (32 - VMNET_SUBNET_BITS));

free_taken:
	bitmap_free(walk.taken);
	return err;
}
