// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of host adapters: shown, put off limits and opened again. */

#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../hostif.h"
#include "gen.h"
#include "nl.h"

/* Names of networks in one message, so that it stays below a page. */
#define VMNET_NL_HOSTIF_NETWORKS	128

/* One adapter, one name without an adapter, or (neither) the default. */
struct vmnet_nl_hostif {
	struct net *net;
	struct net_device *dev;
	const struct vmnet_hostif *hostif;
};

static const char *vmnet_nl_hostif_name(const struct vmnet_nl_hostif *what)
{
	if (what->dev)
		return what->dev->name;
	return what->hostif ? what->hostif->name : VMNET_HOSTIF_DEFAULT;
}

/* As /sys does, for running ones only: some drivers know nothing before. */
static u32 vmnet_nl_hostif_speed(struct net_device *dev)
{
	struct ethtool_link_ksettings ks;

	if (!netif_running(dev) || !netif_device_present(dev) ||
	    __ethtool_get_link_ksettings(dev, &ks) ||
	    ks.base.speed == (u32)SPEED_UNKNOWN)
		return 0;
	return ks.base.speed;
}

static int vmnet_nl_put_hostif_networks(struct sk_buff *skb,
					const struct net_device *dev)
{
	struct vmnet_ns *ns = vmnet_ns(dev_net(dev));
	struct vmnet_network *nw;
	unsigned long ifindex;
	u32 bound = 0;

	xa_for_each(&ns->networks, ifindex, nw) {
		if (!vmnet_hostif_bound(nw, dev))
			continue;
		if (bound++ < VMNET_NL_HOSTIF_NETWORKS &&
		    nla_put_string(skb, VMNET_A_HOSTIF_NETWORK, nw->dev->name))
			return -EMSGSIZE;
	}
	return nla_put_u32(skb, VMNET_A_HOSTIF_NETWORKS_BOUND, bound);
}

static int vmnet_nl_put_hostif_netdev(struct sk_buff *skb,
				      struct net_device *dev)
{
	const struct device *parent = dev->dev.parent;
	u32 speed = vmnet_nl_hostif_speed(dev);

	if (nla_put_u32(skb, VMNET_A_HOSTIF_IFINDEX, dev->ifindex) ||
	    (parent && parent->driver &&
	     nla_put_string(skb, VMNET_A_HOSTIF_DRIVER,
			    parent->driver->name)) ||
	    (speed && nla_put_u32(skb, VMNET_A_HOSTIF_SPEED, speed)) ||
	    nla_put_u32(skb, VMNET_A_HOSTIF_MTU, dev->mtu) ||
	    nla_put_u8(skb, VMNET_A_HOSTIF_CARRIER,
		       netif_running(dev) && netif_carrier_ok(dev)) ||
	    nla_put(skb, VMNET_A_HOSTIF_MAC, ETH_ALEN, dev->dev_addr) ||
	    vmnet_nl_put_hostif_networks(skb, dev))
		return -EMSGSIZE;
	return 0;
}

/* One form for replies, dumps and notifications. */
static int vmnet_nl_fill_hostif(struct sk_buff *skb, u32 portid, u32 seq,
				int flags, u8 cmd,
				const struct vmnet_nl_hostif *what)
{
	const struct vmnet_hostif *hostif = what->hostif;
	bool allow = hostif ? hostif->allow :
			      vmnet_ns(what->net)->hostif_default;
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_HOSTIF);
	if (!nest)
		goto cancel;

	if (nla_put_string(skb, VMNET_A_HOSTIF_NAME,
			   vmnet_nl_hostif_name(what)) ||
	    ((what->dev || hostif) &&
	     nla_put_u8(skb, VMNET_A_HOSTIF_PRESENT, !!what->dev)) ||
	    nla_put_u8(skb, VMNET_A_HOSTIF_ALLOW, allow) ||
	    (what->dev && !hostif &&
	     nla_put_flag(skb, VMNET_A_HOSTIF_ALLOW_DEFAULT)) ||
	    (what->dev && vmnet_nl_put_hostif_netdev(skb, what->dev)))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static bool vmnet_nl_find_hostif(struct net *net, const char *name,
				 struct vmnet_nl_hostif *what)
{
	what->net = net;
	what->dev = __dev_get_by_name(net, name);
	if (what->dev && !vmnet_hostif_is_adapter(what->dev))
		return false;
	what->hostif = what->dev ? vmnet_hostif_of(what->dev) :
				   vmnet_hostif_find(net, name);
	return what->dev || what->hostif ||
	       !strcmp(name, VMNET_HOSTIF_DEFAULT);
}

static struct sk_buff *vmnet_nl_hostif_msg(void)
{
	return genlmsg_new(GENLMSG_DEFAULT_SIZE +
			   VMNET_NL_HOSTIF_NETWORKS * nla_total_size(IFNAMSIZ),
			   GFP_KERNEL);
}

void vmnet_nl_notify_hostif(struct net *net, const char *name)
{
	struct vmnet_nl_hostif what;
	struct sk_buff *msg;

	ASSERT_RTNL();

	if (!genl_has_listeners(&vmnet_nl_family, net, VMNET_NLGRP_CONFIG) ||
	    !vmnet_nl_find_hostif(net, name, &what))
		return;
	msg = vmnet_nl_hostif_msg();
	if (!msg)
		return;
	if (vmnet_nl_fill_hostif(msg, 0, 0, 0, VMNET_CMD_HOSTIF_CHANGE_NTF,
				 &what)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&vmnet_nl_family, net, msg, 0,
				VMNET_NLGRP_CONFIG, GFP_KERNEL);
}

static int vmnet_nl_hostif_parse(struct genl_info *info, struct nlattr **tb,
				 u64 takes)
{
	int err;

	err = vmnet_nl_parse(info, VMNET_A_HOSTIF, tb, VMNET_A_HOSTIF_MAX,
			     vmnet_hostif_nl_policy,
			     takes | VMNET_NL(VMNET_A_HOSTIF_NAME));
	if (err || tb[VMNET_A_HOSTIF_NAME])
		return err;
	NL_SET_ERR_MSG(info->extack, "The adapter is not named");
	return -EINVAL;
}

int vmnet_nl_hostif_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_HOSTIF_MAX + 1];
	struct vmnet_nl_hostif what;
	struct sk_buff *msg;
	const char *name;
	int err;

	err = vmnet_nl_hostif_parse(info, tb, 0);
	if (err)
		return err;
	name = nla_data(tb[VMNET_A_HOSTIF_NAME]);
	if (!vmnet_nl_find_hostif(genl_info_net(info), name, &what)) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, tb[VMNET_A_HOSTIF_NAME],
					"There is no host adapter %s", name);
		return -ENOENT;
	}
	msg = vmnet_nl_hostif_msg();
	if (!msg)
		return -ENOMEM;
	err = vmnet_nl_fill_hostif(msg, info->snd_portid, info->snd_seq, 0,
				   VMNET_CMD_HOSTIF_GET, &what);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/* Where a dump goes on: adapters are in the order of their ifindex, what waits
 * for one follows them in the order of names.
 */
struct vmnet_nl_hostif_ctx {
	int ifindex;
	char name[IFNAMSIZ];		/* the last one told */
};

static int vmnet_nl_dump_hostif(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct vmnet_nl_hostif *what)
{
	return vmnet_nl_fill_hostif(skb, NETLINK_CB(cb->skb).portid,
				    cb->nlh->nlmsg_seq, NLM_F_MULTI,
				    VMNET_CMD_HOSTIF_GET, what);
}

int vmnet_nl_hostif_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	struct vmnet_nl_hostif_ctx *ctx = (void *)cb->ctx;
	struct vmnet_nl_hostif what = { .net = sock_net(skb->sk) };
	struct nlattr *tb[VMNET_A_HOSTIF_MAX + 1];
	const struct vmnet_hostif *hostif;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));

	err = vmnet_nl_parse_dump(cb, VMNET_A_HOSTIF, tb, VMNET_A_HOSTIF_MAX,
				  vmnet_hostif_nl_policy, 0);
	if (err)
		return err;

	rtnl_lock();
	while ((what.dev = vmnet_hostif_next(what.net, ctx->ifindex))) {
		what.hostif = vmnet_hostif_of(what.dev);
		err = vmnet_nl_dump_hostif(skb, cb, &what);
		if (err)
			goto out;
		ctx->ifindex = what.dev->ifindex + 1;
	}
	list_for_each_entry(hostif, &vmnet_ns(what.net)->hostifs, list) {
		if (hostif->ifindex || strcmp(hostif->name, ctx->name) <= 0)
			continue;
		what.hostif = hostif;
		err = vmnet_nl_dump_hostif(skb, cb, &what);
		if (err)
			goto out;
		strscpy(ctx->name, hostif->name, sizeof(ctx->name));
	}
out:
	rtnl_unlock();
	return skb->len ?: err;
}

int vmnet_nl_hostif_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_HOSTIF_MAX + 1];
	enum vmnet_hostif_word word;
	const char *name;
	int err;

	err = vmnet_nl_hostif_parse(info, tb,
				    VMNET_NL(VMNET_A_HOSTIF_ALLOW) |
				    VMNET_NL(VMNET_A_HOSTIF_ALLOW_DEFAULT) |
				    VMNET_NL(VMNET_A_HOSTIF_FORCE));
	if (err)
		return err;
	if (!tb[VMNET_A_HOSTIF_ALLOW] == !tb[VMNET_A_HOSTIF_ALLOW_DEFAULT]) {
		NL_SET_ERR_MSG(info->extack,
			       "One is needed: allow on or off, or to follow the default");
		return -EINVAL;
	}
	if (tb[VMNET_A_HOSTIF_ALLOW_DEFAULT])
		word = VMNET_HOSTIF_FOLLOW;
	else if (nla_get_u8(tb[VMNET_A_HOSTIF_ALLOW]))
		word = VMNET_HOSTIF_ON;
	else
		word = VMNET_HOSTIF_OFF;

	name = nla_data(tb[VMNET_A_HOSTIF_NAME]);
	err = vmnet_hostif_set(genl_info_net(info), name, word,
			       tb[VMNET_A_HOSTIF_FORCE], info->extack);
	if (err) {
		NL_SET_BAD_ATTR(info->extack, tb[VMNET_A_HOSTIF_NAME]);
		return err;
	}
	vmnet_nl_notify_hostif(genl_info_net(info), name);
	return 0;
}
