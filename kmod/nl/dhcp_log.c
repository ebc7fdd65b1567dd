// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of the log of DHCP messages. */

#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dhcp/lease.h"
#include "../dhcp/scope.h"
#include "../network.h"
#include "gen.h"
#include "nl.h"

#define VMNET_DHCP_LOG_TB	(VMNET_A_DHCP_LOG_MAX + 1)

/* Where a dump goes on: networks in the order of their ifindex, scopes in that
 * of their keys, messages in that of their coming.
 */
struct vmnet_nl_log_ctx {
	u64 at;
	u32 ifindex;
	struct vmnet_dhcp_key key;
};

static_assert(sizeof(struct vmnet_nl_log_ctx) <=
	      sizeof_field(struct netlink_callback, ctx));

static int vmnet_nl_put_log_port(struct sk_buff *skb,
				 const struct vmnet_network *nw, u32 id)
{
	const struct vmnet_port *port = &nw->host;

	ASSERT_RTNL();

	if (id)
		port = xa_load(&vmnet_ns(dev_net(nw->dev))->ports, id);
	if (!port)
		return 0;
	return nla_put_string(skb, VMNET_A_DHCP_LOG_PORT, port->name);
}

static int vmnet_nl_put_log(struct sk_buff *skb, const struct vmnet_dhcp *dhcp,
			    const struct vmnet_dhcp_log_entry *entry)
{
	const struct vmnet_dhcp_key *key = &dhcp->key;
	const struct vmnet_network *nw = dhcp->nw;
	u64 now = ktime_to_ns(ktime_get_boottime());
	u64 ago = div_u64(now - entry->when, NSEC_PER_MSEC);

	if ((key->vlan && nla_put_u16(skb, VMNET_A_DHCP_LOG_VLAN, key->vlan)) ||
	    (*key->pool &&
	     nla_put_string(skb, VMNET_A_DHCP_LOG_POOL, key->pool)))
		return -EMSGSIZE;
	if (nla_put_string(skb, VMNET_A_DHCP_LOG_NETWORK, nw->dev->name) ||
	    nla_put(skb, VMNET_A_DHCP_LOG_MAC, ETH_ALEN, entry->mac) ||
	    vmnet_nl_put_log_port(skb, nw, entry->port) ||
	    nla_put_u64_64bit(skb, VMNET_A_DHCP_LOG_AGO, ago,
			      VMNET_A_DHCP_LOG_PAD) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LOG_TYPE, entry->type) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LOG_DECISION, entry->decision) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LOG_TIMES, entry->times))
		return -EMSGSIZE;
	if (entry->asked &&
	    nla_put_in_addr(skb, VMNET_A_DHCP_LOG_ASKED, entry->asked))
		return -EMSGSIZE;
	if (entry->reply != VMNET_DHCP_LOG_SILENT &&
	    nla_put_u32(skb, VMNET_A_DHCP_LOG_REPLY, entry->reply))
		return -EMSGSIZE;
	if (entry->address &&
	    nla_put_in_addr(skb, VMNET_A_DHCP_LOG_ADDRESS, entry->address))
		return -EMSGSIZE;
	if (entry->prefix_len &&
	    nla_put_u8(skb, VMNET_A_DHCP_LOG_PREFIX_LEN, entry->prefix_len))
		return -EMSGSIZE;
	return 0;
}

static int vmnet_nl_fill_log(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct vmnet_dhcp *dhcp,
			     const struct vmnet_dhcp_log_entry *entry)
{
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vmnet_nl_family, NLM_F_MULTI,
			  VMNET_CMD_DHCP_LOG_GET);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_DHCP_LOG);
	if (!nest || vmnet_nl_put_log(skb, dhcp, entry)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;
}

/* Those of one scope, from ctx->at on; of one client, if there is a @mac. */
static int vmnet_nl_dump_log_of(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vmnet_dhcp *dhcp, const u8 *mac,
				struct vmnet_nl_log_ctx *ctx)
{
	struct vmnet_dhcp_log_entry entry;
	u64 at = ctx->at;
	int err;

	while (vmnet_dhcp_log_read(dhcp, &at, &entry)) {
		if (!mac || ether_addr_equal_unaligned(mac, entry.mac)) {
			err = vmnet_nl_fill_log(skb, cb, dhcp, &entry);
			if (err)
				return err;
		}
		ctx->at = at;
	}
	return 0;
}

/* Those of one network, from ctx->key on. */
static int vmnet_nl_dump_log(struct sk_buff *skb, struct netlink_callback *cb,
			     struct vmnet_network *nw, const u8 *mac,
			     struct vmnet_nl_log_ctx *ctx)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	u32 i = vmnet_dhcp_scope_place(scopes, &ctx->key);
	struct vmnet_dhcp *dhcp;
	int err;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++))) {
		/* It may have gone since. */
		if (memcmp(&ctx->key, &dhcp->key, sizeof(ctx->key)))
			ctx->at = 0;
		ctx->key = dhcp->key;
		err = vmnet_nl_dump_log_of(skb, cb, dhcp, mac, ctx);
		if (err)
			return err;
		ctx->at = 0;
	}
	return 0;
}

int vmnet_nl_dhcp_log_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct vmnet_nl_log_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_DHCP_LOG_TB];
	unsigned long ifindex, only;
	struct vmnet_network *nw;
	const u8 *mac = NULL;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_DHCP_LOG, tb,
				  VMNET_A_DHCP_LOG_MAX,
				  vmnet_dhcp_log_nl_policy,
				  VMNET_NL(VMNET_A_DHCP_LOG_NETWORK) |
				  VMNET_NL(VMNET_A_DHCP_LOG_MAC));
	if (err)
		return err;
	if (tb[VMNET_A_DHCP_LOG_MAC])
		mac = nla_data(tb[VMNET_A_DHCP_LOG_MAC]);

	rtnl_lock();
	err = vmnet_nl_network_filter(cb, tb[VMNET_A_DHCP_LOG_NETWORK], &only);
	if (err)
		goto unlock;
	xa_for_each_start(&ns->networks, ifindex, nw, ctx->ifindex) {
		if (ifindex != ctx->ifindex) {
			ctx->key = vmnet_dhcp_default;
			ctx->at = 0;
		}
		ctx->ifindex = ifindex;
		if (only && ifindex != only)
			continue;
		err = vmnet_nl_dump_log(skb, cb, nw, mac, ctx);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
		ctx->key = vmnet_dhcp_default;
		ctx->at = 0;
	}
unlock:
	rtnl_unlock();
	return skb->len ?: err;
}
