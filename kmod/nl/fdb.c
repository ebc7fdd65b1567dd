// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of the forwarding tables: shown, added to, deleted from. */

#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../fdb.h"
#include "../fdb_walk.h"
#include "../network.h"
#include "../port.h"
#include "gen.h"
#include "nl.h"

/* Where a dump goes on: in the order of networks, and in one of them. */
struct vmnet_nl_fdb_ctx {
	unsigned long ifindex;
	struct vmnet_fdb_cursor cursor;
};

/* What a dump fills. */
struct vmnet_nl_fdb_dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

static int vmnet_nl_fill_fdb(const struct vmnet_network *nw,
			     const struct vmnet_fdb_entry *entry, void *arg)
{
	const struct vmnet_nl_fdb_dump *dump = arg;
	struct netlink_callback *cb = dump->cb;
	struct sk_buff *skb = dump->skb;
	const struct vmnet_port *port = entry->port;
	bool server = port->type == VMNET_PORT_TYPE_SERVER;
	struct nlattr *nest;
	u8 addr[ETH_ALEN];
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vmnet_nl_family, NLM_F_MULTI, VMNET_CMD_FDB_GET);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_FDB);
	if (!nest)
		goto cancel;

	vmnet_fdb_key_addr(entry->key, addr);
	if (nla_put_string(skb, VMNET_A_FDB_NETWORK, nw->dev->name) ||
	    nla_put(skb, VMNET_A_FDB_MAC, ETH_ALEN, addr) ||
	    (!server && port != &nw->host &&
	     nla_put_string(skb, VMNET_A_FDB_PORT, port->name)) ||
	    nla_put_u32(skb, VMNET_A_FDB_PORT_TYPE, port->type) ||
	    nla_put_u32(skb, VMNET_A_FDB_KIND, entry->kind) ||
	    nla_put_u8(skb, VMNET_A_FDB_STICKY, entry->sticky) ||
	    (!vmnet_fdb_is_own(entry) &&
	     nla_put_u16(skb, VMNET_A_FDB_VLAN,
			 vmnet_fdb_key_vid(entry->key))) ||
	    (entry->kind == VMNET_FDB_KIND_LEARNED &&
	     nla_put_u32(skb, VMNET_A_FDB_AGE,
			 (jiffies - READ_ONCE(entry->updated)) / HZ)))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

int vmnet_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vmnet_nl_fdb_dump dump = { .skb = skb, .cb = cb };
	struct vmnet_nl_fdb_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_A_FDB_MAX + 1];
	struct vmnet_network *nw;
	unsigned long ifindex;
	int err;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));

	err = vmnet_nl_parse_dump(cb, VMNET_A_FDB, tb, VMNET_A_FDB_MAX,
				  vmnet_fdb_nl_policy,
				  VMNET_NL(VMNET_A_FDB_NETWORK));
	if (err)
		return err;

	rtnl_lock();
	xa_for_each_start(&ns->networks, ifindex, nw, ctx->ifindex) {
		if (tb[VMNET_A_FDB_NETWORK] &&
		    nla_strcmp(tb[VMNET_A_FDB_NETWORK], nw->dev->name))
			continue;
		/* One that is gone meanwhile leaves its place in the middle. */
		if (ifindex != ctx->ifindex)
			memset(&ctx->cursor, 0, sizeof(ctx->cursor));
		ctx->ifindex = ifindex;
		err = vmnet_fdb_walk(nw, &ctx->cursor, vmnet_nl_fill_fdb,
				     &dump);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
		memset(&ctx->cursor, 0, sizeof(ctx->cursor));
	}
	rtnl_unlock();
	return skb->len ?: err;
}

/* The network, and the port if there is one, of a command. */
static int vmnet_nl_fdb_parse(struct genl_info *info, struct nlattr **tb,
			      u64 takes, struct vmnet_network **nw,
			      struct vmnet_port **port)
{
	int err;

	err = vmnet_nl_parse(info, VMNET_A_FDB, tb, VMNET_A_FDB_MAX,
			     vmnet_fdb_nl_policy,
			     takes | VMNET_NL(VMNET_A_FDB_NETWORK) |
			     VMNET_NL(VMNET_A_FDB_PORT));
	if (err)
		return err;
	*nw = vmnet_nl_network(info, tb[VMNET_A_FDB_NETWORK]);
	if (!*nw)
		return tb[VMNET_A_FDB_NETWORK] ? -ENOENT : -EINVAL;

	*port = NULL;
	if (!tb[VMNET_A_FDB_PORT])
		return 0;
	*port = vmnet_nl_port(info, tb[VMNET_A_FDB_PORT]);
	if (!*port)
		return -ENOENT;
	if ((*port)->attached == *nw)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, tb[VMNET_A_FDB_PORT],
			    "The port is not attached to this network");
	return -ENOTCONN;
}

/* The VLAN of an entry, or none. */
static int vmnet_nl_fdb_vlan(const struct nlattr *attr, u16 *vid,
			     struct netlink_ext_ack *extack)
{
	*vid = attr ? nla_get_u16(attr) : 0;
	if (*vid <= VLAN_N_VID - 2)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "A VLAN is a number from 1 to 4094");
	return -EINVAL;
}

int vmnet_nl_fdb_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_FDB_MAX + 1];
	struct vmnet_network *nw;
	struct vmnet_port *port;
	const u8 *mac;
	bool sticky;
	u16 vid;
	int err;

	err = vmnet_nl_fdb_parse(info, tb, VMNET_NL(VMNET_A_FDB_MAC) |
					   VMNET_NL(VMNET_A_FDB_STICKY) |
					   VMNET_NL(VMNET_A_FDB_VLAN) |
					   VMNET_NL(VMNET_A_FDB_REPLACE),
				 &nw, &port);
	if (err)
		return err;
	if (!tb[VMNET_A_FDB_MAC] || !port) {
		NL_SET_ERR_MSG(info->extack,
			       "An entry needs an address and a port");
		return -EINVAL;
	}
	mac = nla_data(tb[VMNET_A_FDB_MAC]);
	sticky = tb[VMNET_A_FDB_STICKY] && nla_get_u8(tb[VMNET_A_FDB_STICKY]);

	err = vmnet_nl_fdb_vlan(tb[VMNET_A_FDB_VLAN], &vid, info->extack);
	if (err)
		return err;
	err = vmnet_fdb_set_static(nw, port, mac, vid, sticky,
				   tb[VMNET_A_FDB_REPLACE], info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, tb[VMNET_A_FDB_MAC]);
	return err;
}

int vmnet_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_FDB_MAX + 1];
	struct vmnet_network *nw;
	struct vmnet_port *port;
	u16 vid;
	int err;

	err = vmnet_nl_fdb_parse(info, tb, VMNET_NL(VMNET_A_FDB_MAC) |
					   VMNET_NL(VMNET_A_FDB_VLAN),
				 &nw, &port);
	if (err)
		return err;
	if (!tb[VMNET_A_FDB_MAC]) {
		NL_SET_ERR_MSG(info->extack, "The address is missing");
		return -EINVAL;
	}
	err = vmnet_nl_fdb_vlan(tb[VMNET_A_FDB_VLAN], &vid, info->extack);
	if (err)
		return err;
	err = vmnet_fdb_del(nw, port, nla_data(tb[VMNET_A_FDB_MAC]), vid,
			    VMNET_FDB_FOREIGN_KINDS);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, tb[VMNET_A_FDB_MAC],
				    "There is no such address in the table");
	if (err == -EPERM) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[VMNET_A_FDB_MAC],
				    "The address is a port's own: change it there");
		err = -EADDRINUSE; /* a matter of the table, not of rights */
	}
	return err;
}

int vmnet_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	unsigned long kinds = BIT(VMNET_FDB_KIND_LEARNED);
	struct nlattr *tb[VMNET_A_FDB_MAX + 1];
	struct vmnet_network *nw;
	struct vmnet_port *port;
	int err;

	err = vmnet_nl_fdb_parse(info, tb, VMNET_NL(VMNET_A_FDB_KIND), &nw,
				 &port);
	if (err)
		return err;
	if (tb[VMNET_A_FDB_KIND])
		kinds = BIT(nla_get_u32(tb[VMNET_A_FDB_KIND]));
	if (kinds & ~VMNET_FDB_FOREIGN_KINDS) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[VMNET_A_FDB_KIND],
				    "Only learned and static addresses are flushed");
		return -EINVAL;
	}

	if (port) {
		vmnet_fdb_flush_port(nw, port, kinds);
		return 0;
	}
	list_for_each_entry(port, &nw->members, members)
		vmnet_fdb_flush_port(nw, port, kinds);
	return 0;
}
