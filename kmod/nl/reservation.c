// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of reservations: made, deleted, shown, told of. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "../dhcp/reservation.h"
#include "../dhcp/scope.h"
#include "../network.h"
#include "../port.h"
#include "gen.h"
#include "nl.h"

#define VMNET_RESERVATION_TB	(VMNET_A_RESERVATION_MAX + 1)

/* In the order of enum vmnet_reservation_kind. */
static const int vmnet_reservation_attrs[VMNET_RESERVED_KINDS] = {
	VMNET_A_RESERVATION_CLIENT_ID,
	VMNET_A_RESERVATION_MAC,
	VMNET_A_RESERVATION_PORT,
};

static int vmnet_nl_put_who(struct sk_buff *skb,
			    const struct vmnet_reservation *r)
{
	if (r->kind == VMNET_RESERVED_PORT)
		return nla_put_string(skb, VMNET_A_RESERVATION_PORT, r->who);
	return nla_put(skb, vmnet_reservation_attrs[r->kind], r->who_len,
		       r->who);
}

static int vmnet_nl_put_hostname(struct sk_buff *skb,
				 const struct vmnet_reservation *r)
{
	char name[VMNET_HOSTNAME_MAX + 1];

	if (!r->hostname_len)
		return 0;
	memcpy(name, r->hostname, r->hostname_len);
	name[r->hostname_len] = '\0';
	return nla_put_string(skb, VMNET_A_RESERVATION_HOSTNAME, name);
}

static int vmnet_nl_fill_reservation(struct sk_buff *skb, u32 portid, u32 seq,
				     int flags, u8 cmd,
				     const struct vmnet_dhcp *dhcp,
				     const struct vmnet_reservation *r)
{
	const struct vmnet_dhcp_key *key = &dhcp->key;
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_RESERVATION);
	if (!nest)
		goto cancel;
	if (nla_put_string(skb, VMNET_A_RESERVATION_NETWORK,
			   dhcp->nw->dev->name) ||
	    (key->vlan &&
	     nla_put_u16(skb, VMNET_A_RESERVATION_VLAN, key->vlan)) ||
	    (*key->pool &&
	     nla_put_string(skb, VMNET_A_RESERVATION_POOL, key->pool)) ||
	    nla_put_in_addr(skb, VMNET_A_RESERVATION_ADDRESS,
			    htonl(r->address)) ||
	    vmnet_nl_put_who(skb, r) || vmnet_nl_put_hostname(skb, r))
		goto cancel;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/* What will be told, before it may be gone; NULL if nobody listens. */
static struct sk_buff *
vmnet_nl_reservation_ntf(const struct vmnet_dhcp *dhcp,
			 const struct vmnet_reservation *r, u8 cmd)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&vmnet_nl_family, dev_net(dhcp->nw->dev),
				VMNET_NLGRP_CONFIG))
		return NULL;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (msg && vmnet_nl_fill_reservation(msg, 0, 0, 0, cmd, dhcp, r)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

static void vmnet_nl_reservation_tell(const struct vmnet_dhcp *dhcp,
				      struct sk_buff *msg)
{
	if (msg)
		genlmsg_multicast_netns(&vmnet_nl_family,
					dev_net(dhcp->nw->dev), msg, 0,
					VMNET_NLGRP_CONFIG, GFP_KERNEL);
}

/* The scope that a command is about, or NULL with the sentence set. */
static struct vmnet_dhcp *vmnet_nl_reservation_scope(struct genl_info *info,
						     struct nlattr **tb,
						     int *err)
{
	struct vmnet_dhcp_key key;
	struct vmnet_network *nw;
	struct vmnet_dhcp *dhcp;

	*err = vmnet_nl_parse(info, VMNET_A_RESERVATION, tb,
			      VMNET_A_RESERVATION_MAX,
			      vmnet_reservation_nl_policy, ~0ULL);
	if (*err)
		return NULL;
	nw = vmnet_nl_network(info, tb[VMNET_A_RESERVATION_NETWORK]);
	if (!nw) {
		*err = tb[VMNET_A_RESERVATION_NETWORK] ? -ENOENT : -EINVAL;
		return NULL;
	}
	*err = vmnet_dhcp_key_read(&key, tb[VMNET_A_RESERVATION_VLAN],
				   tb[VMNET_A_RESERVATION_POOL], info->extack);
	if (*err)
		return NULL;
	dhcp = vmnet_dhcp_scope(nw, &key);
	if (!dhcp) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					tb[VMNET_A_RESERVATION_POOL] ?:
					tb[VMNET_A_RESERVATION_VLAN] ?:
					tb[VMNET_A_RESERVATION_NETWORK],
					"The network %s has no such scope: its subnet must come first",
					nw->dev->name);
		*err = -ENOENT;
	}
	return dhcp;
}

/* The one kind of client that a message names; below zero if there is none or
 * more than one.
 */
static int vmnet_nl_reservation_kind(struct nlattr **tb,
				     struct netlink_ext_ack *extack)
{
	int kind = -1, i;

	for (i = 0; i < VMNET_RESERVED_KINDS; i++) {
		if (!tb[vmnet_reservation_attrs[i]])
			continue;
		if (kind >= 0) {
			NL_SET_ERR_MSG_ATTR(extack,
					    tb[vmnet_reservation_attrs[i]],
					    "A client is named by one of hardware address, client id and port");
			return -EINVAL;
		}
		kind = i;
	}
	if (kind < 0) {
		NL_SET_ERR_MSG(extack,
			       "The message does not say for whom it is reserved");
		return -EINVAL;
	}
	return kind;
}

static int vmnet_nl_check_who(int kind, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	if (kind == VMNET_RESERVED_CLIENT_ID &&
	    (!nla_len(attr) || nla_len(attr) > 255)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A client id has 1 to 255 octets");
		return -EINVAL;
	}
	if (kind == VMNET_RESERVED_MAC &&
	    !is_valid_ether_addr(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A client's address must be a unicast address and not zero");
		return -EINVAL;
	}
	if (kind == VMNET_RESERVED_PORT &&
	    !vmnet_port_name_ok(nla_data(attr), extack)) {
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	return 0;
}

/* RFC 1123 section 2.1: one label, as a client may use it. */
static int vmnet_nl_check_hostname(const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);
	size_t len = strlen(name), i;

	for (i = 0; i < len; i++)
		if (!isascii(name[i]) ||
		    !(isalnum(name[i]) || (name[i] == '-' && i && i < len - 1)))
			break;
	if (len && i == len)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "A host name is letters, digits and hyphens between them");
	return -EINVAL;
}

static u8 vmnet_nl_who_len(int kind, const struct nlattr *attr)
{
	return kind == VMNET_RESERVED_PORT ? strlen(nla_data(attr)) :
					     nla_len(attr);
}

static struct vmnet_reservation *
vmnet_nl_reservation_read(int kind, struct nlattr **tb)
{
	const struct nlattr *who = tb[vmnet_reservation_attrs[kind]];
	const struct nlattr *name = tb[VMNET_A_RESERVATION_HOSTNAME];
	u8 len = vmnet_nl_who_len(kind, who);
	struct vmnet_reservation *r;

	/* A name has its end. */
	r = kzalloc(struct_size(r, who, len + 1), GFP_KERNEL_ACCOUNT);
	if (!r)
		return NULL;
	r->kind = kind;
	r->address = ntohl(nla_get_in_addr(tb[VMNET_A_RESERVATION_ADDRESS]));
	r->who_len = len;
	memcpy(r->who, nla_data(who), len);
	if (name) {
		r->hostname_len = strlen(nla_data(name));
		memcpy(r->hostname, nla_data(name), r->hostname_len);
	}
	return r;
}

int vmnet_nl_reservation_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr *tb[VMNET_RESERVATION_TB];
	struct vmnet_reservation *r;
	struct vmnet_dhcp *dhcp;
	int err, kind;

	dhcp = vmnet_nl_reservation_scope(info, tb, &err);
	if (!dhcp)
		return err;
	kind = vmnet_nl_reservation_kind(tb, extack);
	if (kind < 0)
		return kind;
	err = vmnet_nl_check_who(kind, tb[vmnet_reservation_attrs[kind]],
				 extack);
	if (!err && tb[VMNET_A_RESERVATION_HOSTNAME])
		err = vmnet_nl_check_hostname(tb[VMNET_A_RESERVATION_HOSTNAME],
					      extack);
	if (err)
		return err;
	if (!tb[VMNET_A_RESERVATION_ADDRESS]) {
		NL_SET_ERR_MSG(extack, "The address to reserve is not named");
		return -EINVAL;
	}

	r = vmnet_nl_reservation_read(kind, tb);
	if (!r)
		return -ENOMEM;
	err = vmnet_reservation_add(dhcp, r, tb, extack);
	if (err) {
		kfree(r);
		return err;
	}
	vmnet_nl_reservation_tell(dhcp,
				  vmnet_nl_reservation_ntf(dhcp, r,
							   VMNET_CMD_RESERVATION_NEW_NTF));
	return 0;
}

static struct vmnet_reservation *
vmnet_nl_reservation_find(struct vmnet_dhcp *dhcp, struct nlattr **tb,
			  struct netlink_ext_ack *extack, int *err)
{
	const struct nlattr *at = tb[VMNET_A_RESERVATION_ADDRESS];
	struct vmnet_reservation *r = NULL;
	int kind = 0;

	if (!at) {
		kind = vmnet_nl_reservation_kind(tb, extack);
		*err = kind;
		if (kind < 0)
			return NULL;
		at = tb[vmnet_reservation_attrs[kind]];
		*err = vmnet_nl_check_who(kind, at, extack);
		if (*err)
			return NULL;
		r = vmnet_reservation_of(dhcp, kind, nla_data(at),
					 vmnet_nl_who_len(kind, at));
	} else {
		r = vmnet_reservation_at(dhcp, ntohl(nla_get_in_addr(at)));
	}
	if (!r) {
		NL_SET_ERR_MSG_ATTR(extack, at, "Nothing of that is reserved");
		*err = -ENOENT;
	}
	return r;
}

int vmnet_nl_reservation_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_RESERVATION_TB];
	struct vmnet_reservation *r;
	struct vmnet_dhcp *dhcp;
	struct sk_buff *msg;
	int err;

	dhcp = vmnet_nl_reservation_scope(info, tb, &err);
	if (!dhcp)
		return err;
	r = vmnet_nl_reservation_find(dhcp, tb, info->extack, &err);
	if (!r)
		return err;
	msg = vmnet_nl_reservation_ntf(dhcp, r, VMNET_CMD_RESERVATION_DEL_NTF);
	err = vmnet_reservation_del(dhcp, r, tb[VMNET_A_RESERVATION_FORCE],
				    info->extack);
	if (err)
		nlmsg_free(msg);
	else
		vmnet_nl_reservation_tell(dhcp, msg);
	return err;
}

/* Where a dump goes on. */
struct vmnet_nl_reservation_ctx {
	unsigned long ifindex;
	u32 address;
	struct vmnet_dhcp_key key;
};

static_assert(sizeof(struct vmnet_nl_reservation_ctx) <=
	      sizeof_field(struct netlink_callback, ctx));

static int vmnet_nl_dump_reservations_of(struct sk_buff *skb,
					 struct netlink_callback *cb,
					 const struct vmnet_dhcp *dhcp,
					 u32 *address)
{
	const struct vmnet_reservation *r;
	int err;

	while ((r = vmnet_reservation_next(dhcp, address, false))) {
		err = vmnet_nl_fill_reservation(skb, NETLINK_CB(cb->skb).portid,
						cb->nlh->nlmsg_seq, NLM_F_MULTI,
						VMNET_CMD_RESERVATION_GET,
						dhcp, r);
		if (err)
			return err;
		++*address;
	}
	return 0;
}

static int vmnet_nl_dump_reservations(struct sk_buff *skb,
				      struct netlink_callback *cb,
				      const struct vmnet_network *nw,
				      struct vmnet_nl_reservation_ctx *ctx)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	u32 i = vmnet_dhcp_scope_place(scopes, &ctx->key);
	const struct vmnet_dhcp *dhcp;
	int err;

	while ((dhcp = vmnet_dhcp_nth(scopes, i++))) {
		/* It may have gone since. */
		if (memcmp(&ctx->key, &dhcp->key, sizeof(ctx->key)))
			ctx->address = 0;
		ctx->key = dhcp->key;
		err = vmnet_nl_dump_reservations_of(skb, cb, dhcp,
						    &ctx->address);
		if (err)
			return err;
		ctx->address = 0;
	}
	return 0;
}

int vmnet_nl_reservation_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	struct vmnet_nl_reservation_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_RESERVATION_TB];
	unsigned long ifindex, only;
	struct vmnet_network *nw;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_RESERVATION, tb,
				  VMNET_A_RESERVATION_MAX,
				  vmnet_reservation_nl_policy,
				  VMNET_NL(VMNET_A_RESERVATION_NETWORK));
	if (err)
		return err;

	rtnl_lock();
	err = vmnet_nl_network_filter(cb, tb[VMNET_A_RESERVATION_NETWORK],
				      &only);
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
		err = vmnet_nl_dump_reservations(skb, cb, nw, ctx);
		if (err)
			break;
		ctx->ifindex = ifindex + 1;
		ctx->key = vmnet_dhcp_default;
	}
unlock:
	rtnl_unlock();
	return skb->len ?: err;
}
