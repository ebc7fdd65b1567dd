// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of networks: shown, changed, told of; and all of them deleted. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../fdb.h"
#include "../host.h"
#include "../link.h"
#include "../network.h"
#include "../port.h"
#include "../stats.h"
#include "../uplink.h"
#include "gen.h"
#include "nl.h"
#include "uplink.h"

#define VMNET_NETWORK_TB	(VMNET_A_NETWORK_MAX + 1)

static int vmnet_nl_put_network_dhcp(struct sk_buff *skb,
				     struct vmnet_network *nw)
{
	struct vmnet_dhcp_info info = {};

	rcu_read_lock();
	if (!vmnet_dhcp_info(nw, &info)) {
		rcu_read_unlock();
		return 0;
	}
	rcu_read_unlock();

	if (nla_put_u8(skb, VMNET_A_NETWORK_DHCP_ENABLED, info.enabled))
		return -EMSGSIZE;
	if (!info.prefix_len)
		return 0;
	if (nla_put_in_addr(skb, VMNET_A_NETWORK_DHCP_SUBNET, info.subnet) ||
	    nla_put_u8(skb, VMNET_A_NETWORK_DHCP_PREFIX_LEN, info.prefix_len))
		return -EMSGSIZE;
	return 0;
}

/* One form for replies, dumps and notifications. */
static int vmnet_nl_fill_network(struct sk_buff *skb, u32 portid, u32 seq,
				 int flags, u8 cmd, struct vmnet_network *nw)
{
	struct vmnet_totals sum;
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_NETWORK);
	if (!nest)
		goto cancel;

	vmnet_network_totals(nw, &sum);
	sum.passed = vmnet_uplink_passed(nw);
	if (nla_put_string(skb, VMNET_A_NETWORK_NAME, nw->dev->name) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_IFINDEX, nw->dev->ifindex) ||
	    nla_put_string(skb, VMNET_A_NETWORK_LABEL, nw->label) ||
	    nla_put_string(skb, VMNET_A_NETWORK_NOTES, nw->notes ?: "") ||
	    nla_put_u32(skb, VMNET_A_NETWORK_MTU, nw->mtu) ||
	    nla_put_u8(skb, VMNET_A_NETWORK_HOST, nw->host_on) ||
	    nla_put_u8(skb, VMNET_A_NETWORK_UP, nw->up) ||
	    nla_put(skb, VMNET_A_NETWORK_MAC, ETH_ALEN, nw->dev->dev_addr) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_PORTS_ATTACHED,
			nw->ports_attached) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_FDB_ENTRIES,
			atomic_read(&nw->fdb_entries)) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_FDB_LIMIT, VMNET_FDB_LIMIT) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_AGEING, nw->ageing) ||
	    vmnet_nl_put_uplink(skb, nw) ||
	    vmnet_nl_put_network_dhcp(skb, nw) ||
	    vmnet_nl_put_stats(skb, VMNET_A_NETWORK_STATS, &sum))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/* Notes may be longer than all the rest. */
static struct sk_buff *vmnet_nl_network_msg(void)
{
	return genlmsg_new(GENLMSG_DEFAULT_SIZE + VMNET_NOTES_MAX + 1 +
			   VMNET_VLAN_RANGES_MAX * 2 * sizeof(u16), GFP_KERNEL);
}

void vmnet_nl_notify_network(struct vmnet_network *nw, u8 cmd)
{
	struct net *net = dev_net(nw->dev);
	struct sk_buff *msg;

	ASSERT_RTNL();

	if (!genl_has_listeners(&vmnet_nl_family, net, VMNET_NLGRP_CONFIG))
		return;
	msg = vmnet_nl_network_msg();
	if (!msg)
		return;
	if (vmnet_nl_fill_network(msg, 0, 0, 0, cmd, nw)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&vmnet_nl_family, net, msg, 0,
				VMNET_NLGRP_CONFIG, GFP_KERNEL);
}

static struct vmnet_network *
vmnet_nl_network_parse(struct genl_info *info, struct nlattr **tb, u64 takes,
		       int *err)
{
	struct vmnet_network *nw;

	*err = vmnet_nl_parse(info, VMNET_A_NETWORK, tb, VMNET_A_NETWORK_MAX,
			      vmnet_network_nl_policy,
			      takes | VMNET_NL(VMNET_A_NETWORK_NAME));
	if (*err)
		return NULL;
	nw = vmnet_nl_network(info, tb[VMNET_A_NETWORK_NAME]);
	if (!nw)
		*err = tb[VMNET_A_NETWORK_NAME] ? -ENOENT : -EINVAL;
	return nw;
}

int vmnet_nl_network_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_NETWORK_TB];
	struct vmnet_network *nw;
	struct sk_buff *msg;
	int err;

	nw = vmnet_nl_network_parse(info, tb, 0, &err);
	if (!nw)
		return err;
	msg = vmnet_nl_network_msg();
	if (!msg)
		return -ENOMEM;
	err = vmnet_nl_fill_network(msg, info->snd_portid, info->snd_seq, 0,
				    VMNET_CMD_NETWORK_GET, nw);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/* Where a dump goes on: networks are in the order of their ifindex. */
struct vmnet_nl_network_ctx {
	unsigned long ifindex;
};

int vmnet_nl_network_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct vmnet_nl_network_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_NETWORK_TB];
	struct vmnet_network *nw;
	unsigned long ifindex;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_NETWORK, tb, VMNET_A_NETWORK_MAX,
				  vmnet_network_nl_policy, 0);
	if (err)
		return err;

	rtnl_lock();
	xa_for_each_start(&ns->networks, ifindex, nw, ctx->ifindex) {
		err = vmnet_nl_fill_network(skb, NETLINK_CB(cb->skb).portid,
					    cb->nlh->nlmsg_seq, NLM_F_MULTI,
					    VMNET_CMD_NETWORK_GET, nw);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
	}
	rtnl_unlock();
	/* One that does not fit into an empty message never will. */
	return skb->len ?: err;
}

static int vmnet_nl_network_mtu(struct vmnet_network *nw,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	u32 mtu = nla_get_u32(attr);

	if (mtu < ETH_MIN_MTU || mtu > ETH_MAX_MTU) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A network's MTU is 68 to 65535");
		return -EINVAL;
	}
	if (vmnet_uplink_dev(nw) && mtu > vmnet_uplink_dev(nw)->mtu) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"The uplink's MTU is only %u",
					vmnet_uplink_dev(nw)->mtu);
		return -EINVAL;
	}
	if (dev_set_mtu(nw->dev, mtu)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A device on top of the network refuses this MTU");
		return -EBUSY;
	}
	return 0;
}

/* What a change that is refused halfway goes back to. */
struct vmnet_network_undo {
	unsigned int mtu;
	bool host;
	char label[VMNET_LABEL_MAX + 1];
	char *notes;
};

static void vmnet_nl_network_save(struct vmnet_network *nw,
				  struct vmnet_network_undo *undo)
{
	undo->mtu = nw->mtu;
	undo->host = nw->host_on;
	strscpy(undo->label, nw->label, sizeof(undo->label));
	undo->notes = nw->notes;
}

static void vmnet_nl_network_undo(struct vmnet_network *nw,
				  struct vmnet_network_undo *undo)
{
	if (nw->mtu != undo->mtu)
		dev_set_mtu(nw->dev, undo->mtu);
	vmnet_host_set(nw, undo->host, NULL);
	strscpy(nw->label, undo->label, sizeof(nw->label));
	if (nw->notes != undo->notes)
		kfree(nw->notes);
	nw->notes = undo->notes;
}

static int vmnet_nl_network_label(struct vmnet_network *nw,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	int err = vmnet_network_set_label(nw, nla_data(attr), extack);

	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/* The old ones are kept for the undoing. */
static int vmnet_nl_network_notes(struct vmnet_network *nw,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	char *old = nw->notes;
	int err;

	nw->notes = NULL;
	err = vmnet_network_set_notes(nw, nla_data(attr), extack);
	if (err) {
		NL_SET_BAD_ATTR(extack, attr);
		nw->notes = old;
	}
	return err;
}

/* What can be refused, in an order in which each stands on those before. */
static int vmnet_nl_network_words(struct vmnet_network *nw, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	int err = 0;

	if (tb[VMNET_A_NETWORK_MTU])
		err = vmnet_nl_network_mtu(nw, tb[VMNET_A_NETWORK_MTU], extack);
	if (!err && tb[VMNET_A_NETWORK_LABEL])
		err = vmnet_nl_network_label(nw, tb[VMNET_A_NETWORK_LABEL],
					     extack);
	if (!err && tb[VMNET_A_NETWORK_NOTES])
		err = vmnet_nl_network_notes(nw, tb[VMNET_A_NETWORK_NOTES],
					     extack);
	if (!err && tb[VMNET_A_NETWORK_HOST])
		err = vmnet_host_set(nw, nla_get_u8(tb[VMNET_A_NETWORK_HOST]),
				     extack);
	if (!err)
		err = vmnet_nl_set_uplink(nw, tb, extack);
	return err;
}

int vmnet_nl_network_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_NETWORK_TB];
	struct vmnet_network_undo undo;
	struct vmnet_network *nw;
	int err;

	nw = vmnet_nl_network_parse(info, tb,
				    VMNET_NL(VMNET_A_NETWORK_LABEL) |
				    VMNET_NL(VMNET_A_NETWORK_NOTES) |
				    VMNET_NL(VMNET_A_NETWORK_MTU) |
				    VMNET_NL(VMNET_A_NETWORK_AGEING) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK_VLAN) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK_TRUNK) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK_NATIVE) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK_DHCP) |
				    VMNET_NL(VMNET_A_NETWORK_UPLINK_FOLLOW) |
				    VMNET_NL(VMNET_A_NETWORK_HOST), &err);
	if (!nw)
		return err;

	vmnet_nl_network_save(nw, &undo);
	err = vmnet_nl_network_words(nw, tb, info->extack);
	if (err) {
		vmnet_nl_network_undo(nw, &undo);
		return err;
	}
	if (nw->notes != undo.notes)
		kfree(undo.notes);
	if (tb[VMNET_A_NETWORK_AGEING])
		vmnet_fdb_set_ageing(nw,
				     nla_get_u32(tb[VMNET_A_NETWORK_AGEING]));
	vmnet_nl_set_uplink_words(nw, tb);
	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
	return 0;
}

/* Ten thousand ports take seconds, and whoever configures anything of the network
 * waits for RTNL: others have it after each so many.
 */
#define VMNET_RESET_BATCH	256

static void vmnet_nl_reset_next(struct list_head *gone, unsigned int *n)
{
	ASSERT_RTNL();

	if (++*n % VMNET_RESET_BATCH)
		return;
	unregister_netdevice_many(gone);
	INIT_LIST_HEAD(gone);
	rtnl_unlock();
	cond_resched();
	rtnl_lock();
}

/* What is made meanwhile, by those others, may stay. */
int vmnet_nl_reset_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vmnet_ns *ns = vmnet_ns(genl_info_net(info));
	struct vmnet_network *nw;
	struct vmnet_port *port;
	unsigned long index;
	unsigned int n = 0;
	LIST_HEAD(gone);
	int err;

	err = vmnet_nl_refuse_nests(info->attrs, 0, info->extack);
	if (err)
		return err;
	xa_for_each(&ns->ports, index, port) {
		vmnet_port_delete(port, &gone);
		vmnet_nl_reset_next(&gone, &n);
	}
	xa_for_each(&ns->networks, index, nw) {
		vmnet_network_dellink(nw->dev, &gone);
		vmnet_nl_reset_next(&gone, &n);
	}
	unregister_netdevice_many(&gone);
	return 0;
}
