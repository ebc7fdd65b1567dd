// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family: its start and what all commands share. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../drop.h"
#include "../network.h"
#include "../port.h"
#include "../stats.h"
#include "gen.h"
#include "nl.h"

/* A command refuses nests that it is not about: one that was silently passed
 * over would be a wish that was not granted.
 */
int vmnet_nl_refuse_nests(struct nlattr **attrs, int type,
			  struct netlink_ext_ack *extack)
{
	int i;

	for (i = 1; attrs && i <= VMNET_A_MAX; i++) {
		if (i == type || !attrs[i])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attrs[i],
				    "The command is not about this");
		return -EINVAL;
	}
	return 0;
}

static int vmnet_nl_parse_nest(const struct nlattr *nest, struct nlattr **tb,
			       int max, const struct nla_policy *policy,
			       u64 takes, struct netlink_ext_ack *extack)
{
	int err, i;

	err = nla_parse_nested(tb, max, nest, policy, extack);
	if (err)
		return err;
	for (i = 1; i <= max; i++) {
		if (!tb[i] || takes & VMNET_NL(i))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[i],
				    "The command does not take this");
		return -EINVAL;
	}
	return 0;
}

int vmnet_nl_parse(struct genl_info *info, int type, struct nlattr **tb,
		   int max, const struct nla_policy *policy, u64 takes)
{
	int err;

	err = vmnet_nl_refuse_nests(info->attrs, type, info->extack);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, type)) {
		NL_SET_ERR_MSG(info->extack,
			       "The message does not say what it is about");
		return -EINVAL;
	}
	return vmnet_nl_parse_nest(info->attrs[type], tb, max, policy, takes,
				   info->extack);
}

int vmnet_nl_parse_dump(struct netlink_callback *cb, int type,
			struct nlattr **tb, int max,
			const struct nla_policy *policy, u64 takes)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	int err;

	memset(tb, 0, sizeof(*tb) * (max + 1));
	err = vmnet_nl_refuse_nests(attrs, type, cb->extack);
	if (err || !attrs || !attrs[type])
		return err;
	return vmnet_nl_parse_nest(attrs[type], tb, max, policy, takes,
				   cb->extack);
}

struct vmnet_network *vmnet_nl_network(struct genl_info *info,
				       const struct nlattr *name)
{
	struct vmnet_network *nw;

	if (!name) {
		NL_SET_ERR_MSG(info->extack, "The network is not named");
		return NULL;
	}
	nw = vmnet_network_find(genl_info_net(info), nla_data(name));
	if (!nw)
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, name,
					"There is no network %s",
					(char *)nla_data(name));
	return nw;
}

int vmnet_nl_network_filter(struct netlink_callback *cb,
			    const struct nlattr *name, unsigned long *ifindex)
{
	struct vmnet_network *nw;

	ASSERT_RTNL();

	*ifindex = 0;
	if (!name)
		return 0;
	nw = vmnet_network_find(sock_net(cb->skb->sk), nla_data(name));
	if (!nw) {
		NL_SET_ERR_MSG_ATTR_FMT(cb->extack, name,
					"There is no network %s",
					(char *)nla_data(name));
		return -ENOENT;
	}
	*ifindex = nw->dev->ifindex;
	return 0;
}

struct vmnet_port *vmnet_nl_port(struct genl_info *info,
				 const struct nlattr *name)
{
	struct vmnet_port *port;

	if (!name) {
		NL_SET_ERR_MSG(info->extack, "The port is not named");
		return NULL;
	}
	port = vmnet_port_find(genl_info_net(info), nla_data(name));
	if (!port)
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, name,
					"There is no port %s",
					(char *)nla_data(name));
	return port;
}

static int vmnet_nl_put_drop(struct sk_buff *skb, u32 reason, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, VMNET_A_STATS_DROP);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VMNET_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, VMNET_A_DROP_COUNT, count,
			      VMNET_A_DROP_PAD))
		return -EMSGSIZE; /* the caller gives up the whole object */
	nla_nest_end(skb, nest);
	return 0;
}

int vmnet_nl_put_stats(struct sk_buff *skb, int attr,
		       const struct vmnet_totals *sum)
{
	const struct {
		int attr;
		u64 value;
	} values[] = {
		{ VMNET_A_STATS_RECEIVED, sum->rx_frames },
		{ VMNET_A_STATS_REPLICATED, sum->replicated },
		{ VMNET_A_STATS_SEGMENTED, sum->segmented },
		{ VMNET_A_STATS_DELIVERED, sum->tx_frames },
		{ VMNET_A_STATS_CONSUMED, sum->consumed },
		{ VMNET_A_STATS_DROPPED, vmnet_totals_dropped(sum) },
		{ VMNET_A_STATS_QUEUED, sum->queued },
		{ VMNET_A_STATS_PASSED, sum->passed },
		{ VMNET_A_STATS_RX_BYTES, sum->rx_bytes },
		{ VMNET_A_STATS_TX_BYTES, sum->tx_bytes },
	};
	struct nlattr *nest = nla_nest_start(skb, attr);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (nla_put_u64_64bit(skb, values[i].attr, values[i].value,
				      VMNET_A_STATS_PAD))
			return -EMSGSIZE;
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		if (vmnet_nl_put_drop(skb, i, sum->dropped[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Names and attachments hold still while a command looks at them. */
static int vmnet_nl_pre_doit(const struct genl_split_ops *ops,
			     struct sk_buff *skb, struct genl_info *info)
{
	rtnl_lock();
	return 0;
}

static void vmnet_nl_post_doit(const struct genl_split_ops *ops,
			       struct sk_buff *skb, struct genl_info *info)
{
	rtnl_unlock();
}

static const struct genl_multicast_group vmnet_nl_mcgrps[] = {
	[VMNET_NLGRP_CONFIG] = { .name = VMNET_MCGRP_CONFIG },
	[VMNET_NLGRP_LEASE] = { .name = VMNET_MCGRP_LEASE },
};

struct genl_family vmnet_nl_family __ro_after_init = {
	.name		= VMNET_GENL_NAME,
	.version	= VMNET_GENL_VERSION,
	.maxattr	= VMNET_A_MAX,
	.policy		= vmnet_nl_policy,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.small_ops	= vmnet_nl_ops,
	.n_small_ops	= ARRAY_SIZE(vmnet_nl_ops),
	.resv_start_op	= VMNET_CMD_NETWORK_GET,
	.mcgrps		= vmnet_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vmnet_nl_mcgrps),
	.pre_doit	= vmnet_nl_pre_doit,
	.post_doit	= vmnet_nl_post_doit,
};

int vmnet_nl_init(void)
{
	return genl_register_family(&vmnet_nl_family);
}

void vmnet_nl_exit(void)
{
	genl_unregister_family(&vmnet_nl_family);
}

MODULE_ALIAS_GENL_FAMILY(VMNET_GENL_NAME);
