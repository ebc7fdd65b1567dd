// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of DHCP: settings and counters, leases, and what happens to them. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dhcp/control.h"
#include "../dhcp/probe.h"
#include "../dhcp/scope.h"
#include "../network.h"
#include "dhcp.h"
#include "gen.h"
#include "nl.h"

#define VMNET_DHCP_TB	(VMNET_A_DHCP_MAX + 1)
#define VMNET_LEASE_TB	(VMNET_A_LEASE_MAX + 1)

/* A message with all settings: sixteen domains and eleven boot files and names
 * of 255 octets, a kilobyte of options in sixteen pieces, and 2 KiB for all
 * that is small.
 */
#define VMNET_DHCP_MSG_SIZE	12288

static int vmnet_nl_put_addresses(struct sk_buff *skb,
				  const struct vmnet_dhcp_config *config)
{
	const struct vmnet_dhcp_options *options = &config->options;

	if (nla_put_in_addr(skb, VMNET_A_DHCP_SUBNET, htonl(config->subnet)) ||
	    nla_put_u8(skb, VMNET_A_DHCP_PREFIX_LEN, config->prefix_len) ||
	    nla_put_in_addr(skb, VMNET_A_DHCP_SERVER, htonl(config->server)) ||
	    nla_put(skb, VMNET_A_DHCP_SERVER_MAC, ETH_ALEN,
		    config->server_mac) ||
	    nla_put_in_addr(skb, VMNET_A_DHCP_RANGE_START,
			    htonl(config->range_start)) ||
	    nla_put_in_addr(skb, VMNET_A_DHCP_RANGE_END,
			    htonl(config->range_end)) ||
	    nla_put_in_addr(skb, VMNET_A_DHCP_ROUTER, options->router) ||
	    nla_put(skb, VMNET_A_DHCP_DNS,
		    options->dns_count * sizeof(*options->dns),
		    options->dns) ||
	    nla_put(skb, VMNET_A_DHCP_WINS,
		    options->wins_count * sizeof(*options->wins),
		    options->wins))
		return -EMSGSIZE;
	return 0;
}

static int vmnet_nl_put_domain(struct sk_buff *skb,
			       const struct vmnet_dhcp_options *options)
{
	char domain[sizeof(options->domain) + 1];

	memcpy(domain, options->domain, options->domain_len);
	domain[options->domain_len] = '\0';
	return nla_put_string(skb, VMNET_A_DHCP_DOMAIN, domain);
}

/* What follows from others is shown as it is in force. */
static int vmnet_nl_put_times(struct sk_buff *skb,
			      const struct vmnet_dhcp_config *config)
{
	if (nla_put_u32(skb, VMNET_A_DHCP_LEASE, config->lease) ||
	    nla_put_u32(skb, VMNET_A_DHCP_T1,
			config->t1 ?: vmnet_dhcp_default_t1(config->lease)) ||
	    nla_put_u32(skb, VMNET_A_DHCP_T2,
			config->t2 ?: vmnet_dhcp_default_t2(config->lease)) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LEASE_MIN, config->lease_min) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LEASE_MAX,
			config->lease_max ?: config->lease) ||
	    nla_put_u32(skb, VMNET_A_DHCP_KEY, config->key) ||
	    nla_put_u32(skb, VMNET_A_DHCP_PROBE, config->probe))
		return -EMSGSIZE;
	return 0;
}

static int vmnet_nl_put_counts(struct sk_buff *skb, struct vmnet_dhcp *dhcp)
{
	u64 counts[VMNET_DHCP_COUNTS];
	u32 bound, size;
	int i;

	BUILD_BUG_ON(VMNET_A_DHCP_EXHAUSTED - VMNET_A_DHCP_DISCOVERS !=
		     VMNET_DHCP_EXHAUSTED - VMNET_DHCP_DISCOVERS);

	spin_lock_bh(&dhcp->lock);
	bound = dhcp->bound;
	size = dhcp->pool.size;
	memcpy(counts, dhcp->counts, sizeof(counts));
	spin_unlock_bh(&dhcp->lock);

	if (nla_put_u8(skb, VMNET_A_DHCP_RECOVERING,
		       vmnet_dhcp_recovering(dhcp,
					     ktime_get_boottime_seconds())) ||
	    nla_put_u32(skb, VMNET_A_DHCP_LEASES, bound) ||
	    nla_put_u32(skb, VMNET_A_DHCP_POOL_SIZE, size))
		return -EMSGSIZE;
	for (i = 0; i < VMNET_DHCP_COUNTS; i++)
		if (nla_put_u64_64bit(skb, VMNET_A_DHCP_DISCOVERS + i,
				      counts[i], VMNET_A_DHCP_PAD))
			return -EMSGSIZE;
	return 0;
}

/* One form for replies, dumps and notifications. A scope that is not there has
 * nothing but its key, and is not enabled.
 */
static int vmnet_nl_fill_dhcp(struct sk_buff *skb, u32 portid, u32 seq,
			      int flags, u8 cmd, struct vmnet_network *nw,
			      const struct vmnet_dhcp_key *key)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_scope(nw, key);
	const struct vmnet_dhcp_config *config = NULL;
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_DHCP);
	if (!nest)
		goto cancel;

	if (dhcp)
		config = rtnl_dereference(dhcp->config);
	if (nla_put_string(skb, VMNET_A_DHCP_NETWORK, nw->dev->name) ||
	    (key->vlan && nla_put_u16(skb, VMNET_A_DHCP_VLAN, key->vlan)) ||
	    (*key->pool && nla_put_string(skb, VMNET_A_DHCP_POOL, key->pool)) ||
	    nla_put_u8(skb, VMNET_A_DHCP_ENABLED, config && config->enabled))
		goto cancel;
	if (config && (vmnet_nl_put_addresses(skb, config) ||
		       vmnet_nl_put_domain(skb, &config->options) ||
		       vmnet_nl_put_dhcp_options(skb, config) ||
		       vmnet_nl_put_times(skb, config) ||
		       vmnet_nl_put_counts(skb, dhcp)))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static void vmnet_nl_notify_dhcp(struct vmnet_network *nw,
				 const struct vmnet_dhcp_key *key)
{
	struct net *net = dev_net(nw->dev);
	struct sk_buff *msg;

	if (!genl_has_listeners(&vmnet_nl_family, net, VMNET_NLGRP_CONFIG))
		return;
	msg = genlmsg_new(VMNET_DHCP_MSG_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	if (vmnet_nl_fill_dhcp(msg, 0, 0, 0, VMNET_CMD_DHCP_CHANGE_NTF, nw,
			       key)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&vmnet_nl_family, net, msg, 0,
				VMNET_NLGRP_CONFIG, GFP_KERNEL);
}

static struct vmnet_network *
vmnet_nl_dhcp_parse(struct genl_info *info, struct nlattr **tb, u64 takes,
		    struct vmnet_dhcp_key *key, int *err)
{
	struct vmnet_network *nw;

	*err = vmnet_nl_parse(info, VMNET_A_DHCP, tb, VMNET_A_DHCP_MAX,
			      vmnet_dhcp_nl_policy,
			      takes | VMNET_NL(VMNET_A_DHCP_NETWORK) |
			      VMNET_NL(VMNET_A_DHCP_VLAN) |
			      VMNET_NL(VMNET_A_DHCP_POOL));
	if (*err)
		return NULL;
	nw = vmnet_nl_network(info, tb[VMNET_A_DHCP_NETWORK]);
	if (!nw)
		*err = tb[VMNET_A_DHCP_NETWORK] ? -ENOENT : -EINVAL;
	else
		*err = vmnet_dhcp_key_read(key, tb[VMNET_A_DHCP_VLAN],
					   tb[VMNET_A_DHCP_POOL],
					   info->extack);
	return *err ? NULL : nw;
}

int vmnet_nl_dhcp_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_DHCP_TB];
	struct vmnet_dhcp_key key;
	struct vmnet_network *nw;
	struct sk_buff *msg;
	int err;

	nw = vmnet_nl_dhcp_parse(info, tb, 0, &key, &err);
	if (!nw)
		return err;
	msg = genlmsg_new(VMNET_DHCP_MSG_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = vmnet_nl_fill_dhcp(msg, info->snd_portid, info->snd_seq, 0,
				 VMNET_CMD_DHCP_GET, nw, &key);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/* Where a dump goes on: networks in the order of their ifindex, scopes in that
 * of their keys, leases in that of their addresses.
 */
struct vmnet_nl_dhcp_ctx {
	unsigned long ifindex;
	u32 address;
	struct vmnet_dhcp_key key;
};

static_assert(sizeof(struct vmnet_nl_dhcp_ctx) <=
	      sizeof_field(struct netlink_callback, ctx));

/* The scopes of one network, from ctx->key on. */
static int vmnet_nl_dump_scopes(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vmnet_network *nw,
				struct vmnet_nl_dhcp_ctx *ctx)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	u32 i = vmnet_dhcp_scope_place(scopes, &ctx->key);
	struct vmnet_dhcp *dhcp;
	int err;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++))) {
		ctx->key = dhcp->key;
		err = vmnet_nl_fill_dhcp(skb, NETLINK_CB(cb->skb).portid,
					 cb->nlh->nlmsg_seq, NLM_F_MULTI,
					 VMNET_CMD_DHCP_GET, nw, &dhcp->key);
		if (err)
			return err;
	}
	return 0;
}

/* Networks without DHCP are left out. */
int vmnet_nl_dhcp_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vmnet_nl_dhcp_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_DHCP_TB];
	unsigned long ifindex, only;
	struct vmnet_network *nw;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_DHCP, tb, VMNET_A_DHCP_MAX,
				  vmnet_dhcp_nl_policy,
				  VMNET_NL(VMNET_A_DHCP_NETWORK));
	if (err)
		return err;

	rtnl_lock();
	err = vmnet_nl_network_filter(cb, tb[VMNET_A_DHCP_NETWORK], &only);
	if (err)
		goto unlock;
	xa_for_each_start(&ns->networks, ifindex, nw, ctx->ifindex) {
		if (ifindex != ctx->ifindex)
			ctx->key = vmnet_dhcp_default;
		ctx->ifindex = ifindex;
		if (only && ifindex != only)
			continue;
		err = vmnet_nl_dump_scopes(skb, cb, nw, ctx);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
		ctx->key = vmnet_dhcp_default;
	}
unlock:
	rtnl_unlock();
	/* One that does not fit into an empty message never will: messages are
	 * as large as what the asker has received into on this socket, and
	 * whoever has asked for the family's number has shown 16 KiB.
	 */
	return skb->len ?: err;
}

#define VMNET_DHCP_SETTINGS						\
	(VMNET_NL(VMNET_A_DHCP_ENABLED) | VMNET_NL(VMNET_A_DHCP_SUBNET) | \
	 VMNET_NL(VMNET_A_DHCP_PREFIX_LEN) | VMNET_NL(VMNET_A_DHCP_AUTO) | \
	 VMNET_NL(VMNET_A_DHCP_SERVER) | VMNET_NL(VMNET_A_DHCP_RANGE_START) | \
	 VMNET_NL(VMNET_A_DHCP_RANGE_END) | VMNET_NL(VMNET_A_DHCP_ROUTER) | \
	 VMNET_NL(VMNET_A_DHCP_DNS) | VMNET_NL(VMNET_A_DHCP_WINS) |	\
	 VMNET_NL(VMNET_A_DHCP_DOMAIN) | VMNET_NL(VMNET_A_DHCP_LEASE) |	\
	 VMNET_NL(VMNET_A_DHCP_T1) | VMNET_NL(VMNET_A_DHCP_T2) |	\
	 VMNET_NL(VMNET_A_DHCP_LEASE_MIN) |				\
	 VMNET_NL(VMNET_A_DHCP_LEASE_MAX) | VMNET_NL(VMNET_A_DHCP_KEY) | \
	 VMNET_NL(VMNET_A_DHCP_SEARCH) | VMNET_NL(VMNET_A_DHCP_NTP) |	\
	 VMNET_NL(VMNET_A_DHCP_MTU) | VMNET_NL(VMNET_A_DHCP_ROUTES) |	\
	 VMNET_NL(VMNET_A_DHCP_NEXT_SERVER) |				\
	 VMNET_NL(VMNET_A_DHCP_TFTP_SERVER) |				\
	 VMNET_NL(VMNET_A_DHCP_BOOT_FILE) |				\
	 VMNET_NL(VMNET_A_DHCP_BOOT_FILE_ARCH) |			\
	 VMNET_NL(VMNET_A_DHCP_BOOT_FILE_IPXE) |			\
	 VMNET_NL(VMNET_A_DHCP_V6ONLY) |				\
	 VMNET_NL(VMNET_A_DHCP_AUTO_CONFIGURE) |			\
	 VMNET_NL(VMNET_A_DHCP_RAPID_COMMIT) |				\
	 VMNET_NL(VMNET_A_DHCP_OPTION) | VMNET_NL(VMNET_A_DHCP_EXCLUDE) | \
	 VMNET_NL(VMNET_A_DHCP_PROBE))

static bool vmnet_nl_has_settings(struct nlattr **tb)
{
	int i;

	for (i = 1; i <= VMNET_A_DHCP_MAX; i++)
		if (tb[i] && VMNET_DHCP_SETTINGS & VMNET_NL(i))
			return true;
	return false;
}

int vmnet_nl_dhcp_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_DHCP_TB];
	struct vmnet_dhcp_key key;
	struct vmnet_network *nw;
	int err;

	nw = vmnet_nl_dhcp_parse(info, tb, VMNET_DHCP_SETTINGS |
					   VMNET_NL(VMNET_A_DHCP_FORCE) |
					   VMNET_NL(VMNET_A_DHCP_CLEAR),
				 &key, &err);
	if (!nw)
		return err;
	if (vmnet_nl_has_settings(tb)) {
		err = vmnet_dhcp_set(nw, &key, tb, info->extack);
	} else if (tb[VMNET_A_DHCP_CLEAR]) {
		err = vmnet_dhcp_clear(nw, &key, tb[VMNET_A_DHCP_FORCE],
				       info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "The message does not say what to change");
		err = -EINVAL;
	}
	if (!err)
		vmnet_nl_notify_dhcp(nw, &key);
	return err;
}

/* The port may be gone. Its name may be changed by somebody else right now;
 * a notification then tells of the old or the new one, or of what is between.
 */
static int vmnet_nl_put_port_name(struct sk_buff *skb,
				  struct vmnet_network *nw, u32 id)
{
	const struct vmnet_port *port = &nw->host;
	int err = 0;

	rcu_read_lock();
	if (id)
		port = xa_load(&vmnet_ns(dev_net(nw->dev))->ports, id);
	if (port)
		err = nla_put_string(skb, VMNET_A_LEASE_PORT, port->name);
	rcu_read_unlock();
	return err;
}

static int vmnet_nl_put_lease(struct sk_buff *skb,
			      const struct vmnet_dhcp *dhcp,
			      const struct vmnet_dhcp_lease_info *info)
{
	const struct vmnet_dhcp_key *key = &dhcp->key;
	struct vmnet_network *nw = dhcp->nw;

	if ((key->vlan && nla_put_u16(skb, VMNET_A_LEASE_VLAN, key->vlan)) ||
	    (*key->pool && nla_put_string(skb, VMNET_A_LEASE_POOL, key->pool)))
		return -EMSGSIZE;
	if (nla_put_string(skb, VMNET_A_LEASE_NETWORK, nw->dev->name) ||
	    nla_put(skb, VMNET_A_LEASE_MAC, ETH_ALEN, info->mac) ||
	    vmnet_nl_put_port_name(skb, nw, info->port))
		return -EMSGSIZE;
	if (info->address &&
	    (nla_put_in_addr(skb, VMNET_A_LEASE_ADDRESS, info->address) ||
	     nla_put_u32(skb, VMNET_A_LEASE_STATE, info->state)))
		return -EMSGSIZE;
	if (info->id_len &&
	    nla_put(skb, VMNET_A_LEASE_CLIENT_ID, info->id_len, info->id))
		return -EMSGSIZE;
	if (info->hostname_len &&
	    nla_put(skb, VMNET_A_LEASE_HOSTNAME, info->hostname_len,
		    info->hostname))
		return -EMSGSIZE;
	if (info->expires != VMNET_DHCP_NEVER &&
	    nla_put_u64_64bit(skb, VMNET_A_LEASE_EXPIRES, info->expires,
			      VMNET_A_LEASE_PAD))
		return -EMSGSIZE;
	return 0;
}

/* @event is below zero where there is none. */
static int vmnet_nl_fill_lease(struct sk_buff *skb, u32 portid, u32 seq,
			       int flags, u8 cmd, const struct vmnet_dhcp *dhcp,
			       const struct vmnet_dhcp_lease_info *info,
			       int event)
{
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_LEASE);
	if (!nest)
		goto cancel;
	if (vmnet_nl_put_lease(skb, dhcp, info) ||
	    (event >= 0 && nla_put_u32(skb, VMNET_A_LEASE_EVENT, event)))
		goto cancel;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

bool vmnet_nl_lease_is_heard(const struct vmnet_dhcp *dhcp)
{
	return genl_has_listeners(&vmnet_nl_family, dev_net(dhcp->nw->dev),
				  VMNET_NLGRP_LEASE);
}

void vmnet_nl_notify_lease(const struct vmnet_dhcp *dhcp,
			   enum vmnet_lease_event event,
			   const struct vmnet_dhcp_lease_info *info)
{
	struct net *net = dev_net(dhcp->nw->dev);
	struct sk_buff *msg;

	if (!vmnet_nl_lease_is_heard(dhcp))
		return;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!msg)
		return;
	if (vmnet_nl_fill_lease(msg, 0, 0, 0, VMNET_CMD_LEASE_NTF, dhcp, info,
				event)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&vmnet_nl_family, net, msg, 0,
				VMNET_NLGRP_LEASE, GFP_ATOMIC | __GFP_NOWARN);
}

/* Those of one scope, from ctx->address on. */
static int vmnet_nl_dump_leases_of(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct vmnet_dhcp *dhcp,
				   struct vmnet_nl_dhcp_ctx *ctx)
{
	struct vmnet_dhcp_lease_info info;
	u32 address = ctx->address;
	int err;

	while (vmnet_dhcp_next(dhcp, &address, &info)) {
		err = vmnet_nl_fill_lease(skb, NETLINK_CB(cb->skb).portid,
					  cb->nlh->nlmsg_seq, NLM_F_MULTI,
					  VMNET_CMD_LEASE_GET, dhcp, &info, -1);
		if (err)
			return err;
		ctx->address = address;
	}
	return 0;
}

/* Those of one network, from ctx->key on. */
static int vmnet_nl_dump_leases(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vmnet_network *nw,
				struct vmnet_nl_dhcp_ctx *ctx)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	u32 i = vmnet_dhcp_scope_place(scopes, &ctx->key);
	struct vmnet_dhcp *dhcp;
	int err;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++))) {
		/* It may have gone since. */
		if (memcmp(&ctx->key, &dhcp->key, sizeof(ctx->key)))
			ctx->address = 0;
		ctx->key = dhcp->key;
		err = vmnet_nl_dump_leases_of(skb, cb, dhcp, ctx);
		if (err)
			return err;
		ctx->address = 0;
	}
	return 0;
}

int vmnet_nl_lease_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vmnet_nl_dhcp_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_LEASE_TB];
	unsigned long ifindex, only;
	struct vmnet_network *nw;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_LEASE, tb, VMNET_A_LEASE_MAX,
				  vmnet_lease_nl_policy,
				  VMNET_NL(VMNET_A_LEASE_NETWORK));
	if (err)
		return err;

	rtnl_lock();
	err = vmnet_nl_network_filter(cb, tb[VMNET_A_LEASE_NETWORK], &only);
	if (err)
		goto unlock;
	xa_for_each_start(&ns->networks, ifindex, nw, ctx->ifindex) {
		if (ifindex != ctx->ifindex) {
			ctx->key = vmnet_dhcp_default;
			ctx->address = 0;
		}
		ctx->ifindex = ifindex;
		if (only && ifindex != only)
			continue;
		err = vmnet_nl_dump_leases(skb, cb, nw, ctx);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
		ctx->key = vmnet_dhcp_default;
		ctx->address = 0;
	}
unlock:
	rtnl_unlock();
	return skb->len ?: err;
}

int vmnet_nl_lease_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_LEASE_TB];
	struct vmnet_dhcp_key key;
	struct vmnet_network *nw;
	struct vmnet_dhcp *dhcp;
	struct nlattr *address;
	__be32 addr;
	int err;

	err = vmnet_nl_parse(info, VMNET_A_LEASE, tb, VMNET_A_LEASE_MAX,
			     vmnet_lease_nl_policy,
			     VMNET_NL(VMNET_A_LEASE_NETWORK) |
			     VMNET_NL(VMNET_A_LEASE_VLAN) |
			     VMNET_NL(VMNET_A_LEASE_POOL) |
			     VMNET_NL(VMNET_A_LEASE_ADDRESS));
	if (err)
		return err;
	nw = vmnet_nl_network(info, tb[VMNET_A_LEASE_NETWORK]);
	if (!nw)
		return tb[VMNET_A_LEASE_NETWORK] ? -ENOENT : -EINVAL;
	address = tb[VMNET_A_LEASE_ADDRESS];
	if (!address) {
		NL_SET_ERR_MSG(info->extack, "The lease's address is not named");
		return -EINVAL;
	}

	err = vmnet_dhcp_key_read(&key, tb[VMNET_A_LEASE_VLAN],
				  tb[VMNET_A_LEASE_POOL], info->extack);
	if (err)
		return err;

	addr = nla_get_in_addr(address);
	dhcp = vmnet_dhcp_scope(nw, &key);
	err = dhcp ? vmnet_dhcp_revoke(dhcp, addr) : -ENOENT;
	if (err)
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, address,
					"The network %s has no lease of %pI4",
					nw->dev->name, &addr);
	return err;
}
