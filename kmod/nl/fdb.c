// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of the forwarding tables: shown. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../fdb.h"
#include "gen.h"
#include "nl.h"

/* Where a dump goes on: in the order of networks, of the ports in one, and of
 * the addresses of a port.
 */
struct vmnet_nl_fdb_ctx {
	unsigned long ifindex;
	unsigned int port;
	unsigned int entry;
};

static int vmnet_nl_fill_fdb(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct vmnet_network *nw,
			     const struct vmnet_fdb_entry *entry)
{
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
	    nla_put_u32(skb, VMNET_A_FDB_KIND, server ?
			VMNET_FDB_KIND_SERVER : VMNET_FDB_KIND_OWN))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int vmnet_nl_dump_fdb_port(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  const struct vmnet_network *nw,
				  const struct vmnet_port *port)
{
	struct vmnet_nl_fdb_ctx *ctx = (void *)cb->ctx;
	const struct vmnet_fdb_entry *entry;
	unsigned int n = 0;
	int err;

	list_for_each_entry(entry, &port->addresses, siblings) {
		if (n++ < ctx->entry)
			continue;
		err = vmnet_nl_fill_fdb(skb, cb, nw, entry);
		if (err)
			return err;
		ctx->entry = n;
	}
	ctx->entry = 0;
	return 0;
}

static int vmnet_nl_dump_fdb_network(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     const struct vmnet_network *nw)
{
	struct vmnet_nl_fdb_ctx *ctx = (void *)cb->ctx;
	const struct vmnet_port *port;
	unsigned int n = 0;
	int err;

	list_for_each_entry(port, &nw->members, members) {
		if (n++ < ctx->port)
			continue;
		err = vmnet_nl_dump_fdb_port(skb, cb, nw, port);
		if (err)
			return err;
		ctx->port = n;
	}
	ctx->port = 0;
	return 0;
}

int vmnet_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
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
		if (ifindex != ctx->ifindex) {
			ctx->ifindex = ifindex;
			ctx->port = 0;
			ctx->entry = 0;
		}
		err = vmnet_nl_dump_fdb_network(skb, cb, nw);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
	}
	rtnl_unlock();
	return skb->len ?: err;
}
