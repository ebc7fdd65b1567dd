// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of ports: shown, changed, plugged in and out, deleted, told of. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "../borrow.h"
#include "../dhcp/scope.h"
#include "../link.h"
#include "../mac.h"
#include "../network.h"
#include "../port.h"
#include "../stats.h"
#include "../tap.h"
#include "../uplink.h"
#include "../vlan.h"
#include "gen.h"
#include "nl.h"

#define VMNET_PORT_TB	(VMNET_A_PORT_MAX + 1)

/* The namespace of the netdev as the port's home numbers it: it is told in
 * relation to the home, where the reader is.
 */
static int vmnet_nl_put_port_netns(struct sk_buff *skb,
				   const struct vmnet_port *port)
{
	struct net *net = dev_net(port->dev);

	if (net_eq(net, port->home))
		return 0;
	return nla_put_s32(skb, VMNET_A_PORT_NETNSID,
			   peernet2id_alloc(port->home, net, GFP_KERNEL));
}

static int vmnet_nl_put_port_netdev(struct sk_buff *skb,
				    const struct vmnet_port *port)
{
	const struct net_device *dev = port->dev;

	if (nla_put_u32(skb, VMNET_A_PORT_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, VMNET_A_PORT_IFNAME, dev->name) ||
	    vmnet_nl_put_port_netns(skb, port) ||
	    nla_put(skb, VMNET_A_PORT_MAC, ETH_ALEN, dev->dev_addr) ||
	    nla_put_u8(skb, VMNET_A_PORT_MAC_AUTO, port->mac_auto) ||
	    nla_put_u32(skb, VMNET_A_PORT_MTU, dev->mtu) ||
	    nla_put_u8(skb, VMNET_A_PORT_MTU_AUTO, !port->mtu) ||
	    nla_put_u32(skb, VMNET_A_PORT_QUEUES, dev->real_num_tx_queues))
		return -EMSGSIZE;
	return 0;
}

static int vmnet_nl_put_port_vlans(struct sk_buff *skb,
				   const struct vmnet_port *port)
{
	const struct vmnet_vlan *vlan = rtnl_dereference(port->vlan);

	if (!vlan)
		return 0;
	if (vlan->access)
		return nla_put_u16(skb, VMNET_A_PORT_VLAN, vlan->untagged);
	if (vmnet_vlan_put_ranges(skb, VMNET_A_PORT_TRUNK, vlan))
		return -EMSGSIZE;
	return vlan->untagged ?
	       nla_put_u16(skb, VMNET_A_PORT_NATIVE, vlan->untagged) : 0;
}

static int vmnet_nl_put_port_words(struct sk_buff *skb,
				   const struct vmnet_port *port)
{
	const struct vmnet_dhcp_pool_name *pool =
		rtnl_dereference(port->dhcp.pool);

	if (vmnet_nl_put_port_vlans(skb, port) ||
	    (pool && nla_put_string(skb, VMNET_A_PORT_POOL, pool->name)) ||
	    nla_put_u8(skb, VMNET_A_PORT_GUARD_CHADDR,
		       port->dhcp.guard_chaddr) ||
	    nla_put_u8(skb, VMNET_A_PORT_L2PROTO, port->l2proto) ||
	    nla_put_u32(skb, VMNET_A_PORT_LOOP_HOLD, port->loop_hold) ||
	    nla_put_u8(skb, VMNET_A_PORT_LEARNING, port->learning) ||
	    nla_put_u32(skb, VMNET_A_PORT_LEARN_LIMIT, port->learn_limit) ||
	    nla_put_u32(skb, VMNET_A_PORT_LEARNED, READ_ONCE(port->learned)) ||
	    nla_put_u64_64bit(skb, VMNET_A_PORT_NOT_LEARNED,
			      READ_ONCE(port->not_learned), VMNET_A_PORT_PAD) ||
	    nla_put_u8(skb, VMNET_A_PORT_GUARD_MAC, port->guard_mac) ||
	    nla_put_u8(skb, VMNET_A_PORT_GUARD_DHCP, port->guard_dhcp) ||
	    nla_put_u32(skb, VMNET_A_PORT_DHCP_LIMIT, port->dhcp.limit) ||
	    nla_put_u32(skb, VMNET_A_PORT_DHCP_RATE, port->dhcp.rate) ||
	    nla_put_u32(skb, VMNET_A_PORT_LEASES,
			atomic_read(&port->dhcp.leases)))
		return -EMSGSIZE;
	return 0;
}

static int vmnet_nl_put_port_tap(struct sk_buff *skb,
				 const struct vmnet_port *port)
{
	char node[VMNET_NODE_MAX + 1];

	if (!port->tap)
		return 0;
	snprintf(node, sizeof(node), "/dev/vmnet/%s", port->name);
	if (nla_put_string(skb, VMNET_A_PORT_NODE, node) ||
	    vmnet_tap_put_owner(skb, port, VMNET_A_PORT_UID,
				VMNET_A_PORT_GID) ||
	    nla_put_u32(skb, VMNET_A_PORT_QUEUES_OPEN,
			vmnet_tap_queues_open(port)))
		return -EMSGSIZE;
	return 0;
}

/* One form for replies, dumps and notifications. */
static int vmnet_nl_fill_port(struct sk_buff *skb, u32 portid, u32 seq,
			      int flags, u8 cmd, const struct vmnet_port *port)
{
	const struct vmnet_network *nw = rtnl_dereference(port->network);
	struct vmnet_totals sum;
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vmnet_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VMNET_A_PORT);
	if (!nest)
		goto cancel;

	vmnet_port_totals(port, &sum);
	vmnet_totals_own(&sum);
	if (nla_put_string(skb, VMNET_A_PORT_NAME, port->name) ||
	    nla_put_u32(skb, VMNET_A_PORT_ID, port->id) ||
	    nla_put_u32(skb, VMNET_A_PORT_TYPE, port->type) ||
	    nla_put_u32(skb, VMNET_A_PORT_STATE, vmnet_port_state(port)) ||
	    (nw && nla_put_string(skb, VMNET_A_PORT_NETWORK, nw->dev->name)) ||
	    nla_put_string(skb, VMNET_A_PORT_VM, port->vm) ||
	    vmnet_nl_put_port_netdev(skb, port) ||
	    vmnet_nl_put_port_words(skb, port) ||
	    vmnet_nl_put_port_tap(skb, port) ||
	    vmnet_nl_put_stats(skb, VMNET_A_PORT_STATS, &sum))
		goto cancel;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/* More than the usual, for the ranges of a trunk. */
static struct sk_buff *vmnet_nl_port_msg(void)
{
	return genlmsg_new(GENLMSG_DEFAULT_SIZE +
			   VMNET_VLAN_RANGES_MAX * 2 * sizeof(u16), GFP_KERNEL);
}

void vmnet_nl_notify_loop(const struct vmnet_network *nw,
			  const struct vmnet_port *port,
			  const struct vmnet_port *owner, const u8 *addr)
{
	struct net *net = dev_net(nw->dev);
	struct nlattr *nest;
	struct sk_buff *msg;
	void *hdr;

	if (!genl_has_listeners(&vmnet_nl_family, net, VMNET_NLGRP_CONFIG))
		return;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		return;
	hdr = genlmsg_put(msg, 0, 0, &vmnet_nl_family, 0,
			  VMNET_CMD_PORT_LOOP_NTF);
	nest = hdr ? nla_nest_start(msg, VMNET_A_PORT) : NULL;
	if (!nest ||
	    nla_put_string(msg, VMNET_A_PORT_NAME, port->name) ||
	    nla_put_u32(msg, VMNET_A_PORT_TYPE, port->type) ||
	    nla_put_string(msg, VMNET_A_PORT_NETWORK, nw->dev->name) ||
	    nla_put(msg, VMNET_A_PORT_LOOP_MAC, ETH_ALEN, addr) ||
	    nla_put_string(msg, VMNET_A_PORT_LOOP_PORT, owner->name)) {
		nlmsg_free(msg);
		return;
	}
	nla_nest_end(msg, nest);
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&vmnet_nl_family, net, msg, 0,
				VMNET_NLGRP_CONFIG, GFP_ATOMIC);
}

void vmnet_nl_notify_port(struct vmnet_port *port, u8 cmd)
{
	struct sk_buff *msg;

	ASSERT_RTNL();

	/* Nothing of one that is still being made, or was refused. */
	if (!port->announced ||
	    !genl_has_listeners(&vmnet_nl_family, port->home,
				VMNET_NLGRP_CONFIG))
		return;
	msg = vmnet_nl_port_msg();
	if (!msg)
		return;
	if (vmnet_nl_fill_port(msg, 0, 0, 0, cmd, port)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_multicast_netns(&vmnet_nl_family, port->home, msg, 0,
				VMNET_NLGRP_CONFIG, GFP_KERNEL);
}

static struct vmnet_port *vmnet_nl_port_parse(struct genl_info *info,
					      struct nlattr **tb, u64 takes,
					      int *err)
{
	struct vmnet_port *port;

	*err = vmnet_nl_parse(info, VMNET_A_PORT, tb, VMNET_A_PORT_MAX,
			      vmnet_port_nl_policy,
			      takes | VMNET_NL(VMNET_A_PORT_NAME));
	if (*err)
		return NULL;
	port = vmnet_nl_port(info, tb[VMNET_A_PORT_NAME]);
	if (!port)
		*err = tb[VMNET_A_PORT_NAME] ? -ENOENT : -EINVAL;
	return port;
}

int vmnet_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_PORT_TB];
	struct vmnet_port *port;
	struct sk_buff *msg;
	int err;

	port = vmnet_nl_port_parse(info, tb, 0, &err);
	if (!port)
		return err;
	msg = vmnet_nl_port_msg();
	if (!msg)
		return -ENOMEM;
	err = vmnet_nl_fill_port(msg, info->snd_portid, info->snd_seq, 0,
				 VMNET_CMD_PORT_GET, port);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/* Where a dump goes on: ports are in the order of their number. */
struct vmnet_nl_port_ctx {
	unsigned long id;
};

static bool vmnet_nl_port_wanted(const struct vmnet_port *port,
				 struct nlattr **tb)
{
	const struct vmnet_network *nw = rtnl_dereference(port->network);

	if (tb[VMNET_A_PORT_DETACHED] && nw)
		return false;
	if (tb[VMNET_A_PORT_NETWORK] &&
	    (!nw || nla_strcmp(tb[VMNET_A_PORT_NETWORK], nw->dev->name)))
		return false;
	return !tb[VMNET_A_PORT_VM] ||
	       !nla_strcmp(tb[VMNET_A_PORT_VM], port->vm);
}

int vmnet_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vmnet_nl_port_ctx *ctx = (void *)cb->ctx;
	struct vmnet_ns *ns = vmnet_ns(sock_net(skb->sk));
	struct nlattr *tb[VMNET_PORT_TB];
	struct vmnet_port *port;
	unsigned long id;
	int err;

	err = vmnet_nl_parse_dump(cb, VMNET_A_PORT, tb, VMNET_A_PORT_MAX,
				  vmnet_port_nl_policy,
				  VMNET_NL(VMNET_A_PORT_NETWORK) |
				  VMNET_NL(VMNET_A_PORT_VM) |
				  VMNET_NL(VMNET_A_PORT_DETACHED));
	if (err)
		return err;

	rtnl_lock();
	xa_for_each_start(&ns->ports, id, port, ctx->id) {
		if (!vmnet_nl_port_wanted(port, tb))
			continue;
		err = vmnet_nl_fill_port(skb, NETLINK_CB(cb->skb).portid,
					 cb->nlh->nlmsg_seq, NLM_F_MULTI,
					 VMNET_CMD_PORT_GET, port);
		if (err)
			break;
		ctx->id = id + 1;
	}
	rtnl_unlock();
	return skb->len ?: err;
}

/* The rights over the port's home were checked by the family; its netdev may
 * be where the caller has none.
 */
static int vmnet_nl_port_may(struct sk_buff *skb, const struct vmnet_port *port,
			     struct netlink_ext_ack *extack)
{
	const struct net *net = dev_net(port->dev);

	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The port's netdev is in a namespace that you may not administrate");
	return -EPERM;
}

static int vmnet_nl_set_mac(struct vmnet_port *port, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	struct sockaddr sa = { .sa_family = port->dev->type };
	bool want_auto = is_zero_ether_addr(nla_data(attr));
	int err;

	if (want_auto && port->mac_auto)
		return 0;
	if (want_auto)
		vmnet_mac_auto(sa.sa_data, "port", port->name);
	else
		ether_addr_copy(sa.sa_data, nla_data(attr));
	if (!is_valid_ether_addr(sa.sa_data)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A port's address must be a unicast address and not zero");
		return -EADDRNOTAVAIL;
	}

	err = vmnet_set_mac_address(port->dev, &sa, extack);
	if (err) {
		NL_SET_BAD_ATTR(extack, attr);
		return err;
	}
	port->mac_auto = want_auto;
	return 0;
}

static int vmnet_nl_set_mtu(struct vmnet_port *port, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	u32 mtu = nla_get_u32(attr);

	if (!mtu) {
		port->mtu = 0;
		vmnet_port_update_mtu(port);
		return 0;
	}
	if (mtu < ETH_MIN_MTU || mtu > ETH_MAX_MTU) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A port's MTU is 68 to 65535, or 0 to follow the network's");
		return -EINVAL;
	}
	if (mtu > port->dev->max_mtu) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"The port's XDP program has no frags, so its MTU is %u at most",
					port->dev->max_mtu);
		return -EINVAL;
	}
	if (dev_set_mtu(port->dev, mtu)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A device on top of the port refuses this MTU");
		return -EBUSY;
	}
	return 0;
}

static int vmnet_nl_set_vm(struct vmnet_port *port, const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	const char *vm = nla_data(attr);

	if (*vm && !vmnet_port_name_ok(vm, extack)) {
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	strscpy(port->vm, vm, sizeof(port->vm));
	return 0;
}

static int vmnet_nl_set_netns(struct sk_buff *skb, struct vmnet_port *port,
			      const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct net *net = get_net_ns_by_fd(nla_get_u32(attr));
	int err;

	if (IS_ERR(net)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The descriptor is not a network namespace's");
		return PTR_ERR(net);
	}
	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "You may not administrate that namespace");
		err = -EPERM;
	} else {
		err = dev_change_net_namespace(port->dev, net, NULL);
		if (err)
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "The port cannot be moved there: is its name taken?");
	}
	put_net(net);
	return err;
}

/* Nothing is there or everything: @vlan is for the port to take later. */
static int vmnet_nl_port_vlans(const struct vmnet_port *port,
			       struct nlattr **tb, struct vmnet_vlan **vlan,
			       struct netlink_ext_ack *extack)
{
	const struct vmnet_vlan_words words = {
		.vlan = tb[VMNET_A_PORT_VLAN],
		.trunk = tb[VMNET_A_PORT_TRUNK],
		.native = tb[VMNET_A_PORT_NATIVE],
	};
	const struct vmnet_network *nw = rtnl_dereference(port->network);
	const struct nlattr *any = words.vlan ?: words.trunk ?: words.native;
	int err;

	*vlan = NULL;
	if (!any)
		return 0;
	err = vmnet_vlan_read(&words, rtnl_dereference(port->vlan), vlan,
			      extack);
	if (!err && *vlan && nw) {
		err = vmnet_uplink_check_port(nw, *vlan, extack);
		if (err) {
			NL_SET_BAD_ATTR(extack, any);
			kfree(*vlan);
		}
	}
	return err;
}

/* Words that cannot be refused, once all others were taken. */
static void vmnet_nl_set_guards(struct vmnet_port *port, struct nlattr **tb)
{
	if (tb[VMNET_A_PORT_LEARNING])
		vmnet_port_set_learning(port,
					nla_get_u8(tb[VMNET_A_PORT_LEARNING]));
	if (tb[VMNET_A_PORT_L2PROTO])
		WRITE_ONCE(port->l2proto,
			   nla_get_u8(tb[VMNET_A_PORT_L2PROTO]));
	if (tb[VMNET_A_PORT_LOOP_HOLD])
		WRITE_ONCE(port->loop_hold,
			   nla_get_u32(tb[VMNET_A_PORT_LOOP_HOLD]));
	if (tb[VMNET_A_PORT_LEARN_LIMIT])
		WRITE_ONCE(port->learn_limit,
			   nla_get_u32(tb[VMNET_A_PORT_LEARN_LIMIT]));
	if (tb[VMNET_A_PORT_GUARD_MAC])
		WRITE_ONCE(port->guard_mac,
			   nla_get_u8(tb[VMNET_A_PORT_GUARD_MAC]));
	if (tb[VMNET_A_PORT_GUARD_DHCP])
		WRITE_ONCE(port->guard_dhcp,
			   nla_get_u8(tb[VMNET_A_PORT_GUARD_DHCP]));
	if (tb[VMNET_A_PORT_GUARD_CHADDR])
		WRITE_ONCE(port->dhcp.guard_chaddr,
			   nla_get_u8(tb[VMNET_A_PORT_GUARD_CHADDR]));
	if (tb[VMNET_A_PORT_DHCP_LIMIT])
		WRITE_ONCE(port->dhcp.limit,
			   nla_get_u32(tb[VMNET_A_PORT_DHCP_LIMIT]));
	if (tb[VMNET_A_PORT_DHCP_RATE])
		WRITE_ONCE(port->dhcp.rate,
			   nla_get_u32(tb[VMNET_A_PORT_DHCP_RATE]));
	vmnet_port_update_policy(port);
}

/* Changes that may be refused are taken one to a message, so that a refusal
 * has changed nothing.
 */
static int vmnet_nl_port_one(struct genl_info *info, struct nlattr **tb)
{
	static const int single[] = {
		VMNET_A_PORT_NEW_NAME, VMNET_A_PORT_MAC, VMNET_A_PORT_MTU,
		VMNET_A_PORT_VM, VMNET_A_PORT_NETNS_FD,
	};
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(single); i++) {
		if (!tb[single[i]] || !n++)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, tb[single[i]],
				    "Name, address, MTU, machine and namespace are changed one at a time");
		return -EINVAL;
	}
	if (n && (tb[VMNET_A_PORT_UID] || tb[VMNET_A_PORT_GID])) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    tb[VMNET_A_PORT_UID] ?: tb[VMNET_A_PORT_GID],
				    "A node's owner is not changed together with name, address, MTU, machine or namespace");
		return -EINVAL;
	}
	return 0;
}

static int vmnet_nl_set_owner(struct vmnet_port *port, struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[VMNET_A_PORT_UID] ?:
				    tb[VMNET_A_PORT_GID];
	kuid_t uid;
	kgid_t gid;
	int err;

	if (!port->tap) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "Only a tap has a node that belongs to somebody");
		return -EINVAL;
	}
	uid = port->tap->uid;
	gid = port->tap->gid;
	err = vmnet_tap_read_owner(tb[VMNET_A_PORT_UID], tb[VMNET_A_PORT_GID],
				   &uid, &gid, extack);
	return err ?: vmnet_tap_set_owner(port, uid, gid, extack);
}

static int vmnet_nl_port_words(struct sk_buff *skb, struct genl_info *info,
			       struct vmnet_port *port, struct nlattr **tb)
{
	struct netlink_ext_ack *extack = info->extack;
	int err;

	if (tb[VMNET_A_PORT_NEW_NAME]) {
		err = vmnet_port_rename(port,
					nla_data(tb[VMNET_A_PORT_NEW_NAME]),
					extack);
		if (err)
			NL_SET_BAD_ATTR(extack, tb[VMNET_A_PORT_NEW_NAME]);
		return err;
	}
	if (tb[VMNET_A_PORT_MAC])
		return vmnet_nl_set_mac(port, tb[VMNET_A_PORT_MAC], extack);
	if (tb[VMNET_A_PORT_MTU])
		return vmnet_nl_set_mtu(port, tb[VMNET_A_PORT_MTU], extack);
	if (tb[VMNET_A_PORT_VM])
		return vmnet_nl_set_vm(port, tb[VMNET_A_PORT_VM], extack);
	if (tb[VMNET_A_PORT_NETNS_FD])
		return vmnet_nl_set_netns(skb, port, tb[VMNET_A_PORT_NETNS_FD],
					  extack);
	if (tb[VMNET_A_PORT_UID] || tb[VMNET_A_PORT_GID])
		return vmnet_nl_set_owner(port, tb, extack);
	return 0;
}

/* The netdev of a borrowed port is its owner's, and so are its words. */
static int vmnet_nl_port_lent(struct vmnet_port *port, struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	static const int owners[] = {
		VMNET_A_PORT_MAC, VMNET_A_PORT_MTU, VMNET_A_PORT_NETNS_FD,
		VMNET_A_PORT_LEARNING,
	};
	unsigned int i;

	for (i = 0; !vmnet_port_is_nic(port) && i < ARRAY_SIZE(owners); i++) {
		if (!tb[owners[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[owners[i]],
				    "The port is borrowed: it always learns, and its netdev is changed with 'ip'");
		return -EOPNOTSUPP;
	}
	return 0;
}

int vmnet_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vmnet_dhcp_pool_name *pool = NULL;
	struct nlattr *tb[VMNET_PORT_TB];
	struct vmnet_vlan *vlan;
	struct vmnet_port *port;
	int err;

	port = vmnet_nl_port_parse(info, tb,
				   VMNET_NL(VMNET_A_PORT_NEW_NAME) |
				   VMNET_NL(VMNET_A_PORT_MAC) |
				   VMNET_NL(VMNET_A_PORT_MTU) |
				   VMNET_NL(VMNET_A_PORT_VM) |
				   VMNET_NL(VMNET_A_PORT_NETNS_FD) |
				   VMNET_NL(VMNET_A_PORT_VLAN) |
				   VMNET_NL(VMNET_A_PORT_TRUNK) |
				   VMNET_NL(VMNET_A_PORT_NATIVE) |
				   VMNET_NL(VMNET_A_PORT_L2PROTO) |
				   VMNET_NL(VMNET_A_PORT_LOOP_HOLD) |
				   VMNET_NL(VMNET_A_PORT_LEARNING) |
				   VMNET_NL(VMNET_A_PORT_LEARN_LIMIT) |
				   VMNET_NL(VMNET_A_PORT_GUARD_MAC) |
				   VMNET_NL(VMNET_A_PORT_GUARD_DHCP) |
				   VMNET_NL(VMNET_A_PORT_DHCP_LIMIT) |
				   VMNET_NL(VMNET_A_PORT_DHCP_RATE) |
				   VMNET_NL(VMNET_A_PORT_POOL) |
				   VMNET_NL(VMNET_A_PORT_GUARD_CHADDR) |
				   VMNET_NL(VMNET_A_PORT_UID) |
				   VMNET_NL(VMNET_A_PORT_GID), &err);
	if (!port)
		return err;
	err = vmnet_nl_port_may(skb, port, info->extack);
	if (err)
		return err;
	err = vmnet_nl_port_lent(port, tb, info->extack);
	if (err)
		return err;
	err = vmnet_nl_port_one(info, tb);
	if (err)
		return err;
	err = vmnet_nl_port_vlans(port, tb, &vlan, info->extack);
	if (err)
		return err;
	if (tb[VMNET_A_PORT_POOL])
		err = vmnet_dhcp_pool_name_read(tb[VMNET_A_PORT_POOL], &pool,
						info->extack);
	if (err)
		goto free_vlan;
	err = vmnet_nl_port_words(skb, info, port, tb);
	if (err)
		goto free_pool;
	if (tb[VMNET_A_PORT_VLAN] || tb[VMNET_A_PORT_TRUNK] ||
	    tb[VMNET_A_PORT_NATIVE])
		vmnet_vlan_set(port, vlan);
	if (tb[VMNET_A_PORT_POOL])
		vmnet_dhcp_port_set_pool(port, pool);
	vmnet_nl_set_guards(port, tb);
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
	return 0;

free_pool:
	kfree(pool);
free_vlan:
	kfree(vlan);
	return err;
}

/* The port and the network of an attach or a move. Where @dev is asked for, the
 * name may be a netdev's instead, which can be borrowed; then there is no port.
 */
static int vmnet_nl_port_to_network(struct sk_buff *skb, struct genl_info *info,
				    struct vmnet_port **port,
				    struct net_device **dev,
				    struct vmnet_network **nw)
{
	struct nlattr *tb[VMNET_PORT_TB];
	const struct nlattr *name;
	int err;

	err = vmnet_nl_parse(info, VMNET_A_PORT, tb, VMNET_A_PORT_MAX,
			     vmnet_port_nl_policy,
			     VMNET_NL(VMNET_A_PORT_NAME) |
			     VMNET_NL(VMNET_A_PORT_NETWORK));
	if (err)
		return err;
	name = tb[VMNET_A_PORT_NAME];
	if (name && dev &&
	    !vmnet_port_find(genl_info_net(info), nla_data(name))) {
		*port = NULL;
		*dev = __dev_get_by_name(genl_info_net(info), nla_data(name));
		if (!*dev) {
			NL_SET_ERR_MSG_ATTR_FMT(info->extack, name,
						"There is no port %s, and no device to borrow in this namespace",
						(char *)nla_data(name));
			return -ENOENT;
		}
	} else {
		if (dev)
			*dev = NULL;
		*port = vmnet_nl_port(info, name);
		if (!*port)
			return name ? -ENOENT : -EINVAL;
	}
	*nw = vmnet_nl_network(info, tb[VMNET_A_PORT_NETWORK]);
	if (!*nw)
		return tb[VMNET_A_PORT_NETWORK] ? -ENOENT : -EINVAL;
	/* What is refused from here on, is for this port in this network. */
	NL_SET_BAD_ATTR(info->extack,
			*port ? tb[VMNET_A_PORT_NETWORK] : name);
	return *port ? vmnet_nl_port_may(skb, *port, info->extack) : 0;
}

int vmnet_nl_port_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vmnet_network *nw;
	struct vmnet_port *port;
	struct net_device *dev;
	int err;

	err = vmnet_nl_port_to_network(skb, info, &port, &dev, &nw);
	if (err)
		return err;
	if (dev)
		return vmnet_borrow_attach(nw, dev, info->extack);
	err = vmnet_port_attach(port, nw, info->extack);
	if (!err)
		vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
	return err;
}

/* A borrowed netdev is given back and borrowed anew. */
static int vmnet_nl_move_lent(struct vmnet_port *port, struct vmnet_network *nw,
			      struct netlink_ext_ack *extack)
{
	struct vmnet_network *old = port->attached;
	struct net_device *dev = port->dev;
	int err;

	if (old == nw)
		return 0;
	vmnet_borrow_detach(port);
	err = vmnet_borrow_attach(nw, dev, extack);
	if (err)
		vmnet_borrow_attach(old, dev, NULL);
	return err;
}

int vmnet_nl_port_move_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vmnet_network *nw;
	struct vmnet_port *port;
	int err;

	err = vmnet_nl_port_to_network(skb, info, &port, NULL, &nw);
	if (err)
		return err;
	if (!vmnet_port_is_nic(port))
		return vmnet_nl_move_lent(port, nw, info->extack);
	err = vmnet_port_move(port, nw, info->extack);
	if (!err)
		vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
	return err;
}

int vmnet_nl_port_detach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_PORT_TB];
	struct vmnet_port *port;
	int err;

	port = vmnet_nl_port_parse(info, tb, 0, &err);
	if (!port)
		return err;
	err = vmnet_nl_port_may(skb, port, info->extack);
	if (err)
		return err;
	if (!port->attached) {
		NL_SET_ERR_MSG_FMT(info->extack, "Port %s is not attached",
				   port->name);
		return -ENOTCONN;
	}
	if (!vmnet_port_is_nic(port)) {
		vmnet_borrow_detach(port);
		return 0;
	}
	vmnet_port_detach(port);
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
	return 0;
}

int vmnet_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_PORT_TB];
	struct vmnet_port *port;
	LIST_HEAD(gone);
	int err;

	port = vmnet_nl_port_parse(info, tb, 0, &err);
	if (!port)
		return err;
	err = vmnet_nl_port_may(skb, port, info->extack);
	if (err)
		return err;
	vmnet_port_delete(port, &gone);
	unregister_netdevice_many(&gone);
	return 0;
}
