// SPDX-License-Identifier: GPL-2.0-only
/* The forwarding table as the stock tool `bridge` reaches it.
 *
 * DOC: What it reaches
 *
 * `bridge fdb ... dev lab self` is about the network lab: its whole table is
 * shown, an address without a port is one that the host is to have there, and
 * with `via PORT` it is a static entry. `bridge fdb ... dev PORT master` cannot
 * reach us: the core asks the master of ports of the kernel's bridge only, and
 * whoever calls a netdev such a port has its rx_handler's data taken for one.
 */

#include <linux/if_bridge.h>
#include <linux/neighbour.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "borrow.h"
#include "fdb.h"
#include "fdb_rtnl.h"
#include "fdb_walk.h"
#include "nic.h"

/* What a message is filled in for. */
struct vmnet_fdb_rtnl_msg {
	struct sk_buff *skb;
	u32 portid;
	u32 seq;
	u16 flags;
};

static u16 vmnet_fdb_rtnl_state(const struct vmnet_fdb_entry *entry)
{
	switch (entry->kind) {
	case VMNET_FDB_KIND_LEARNED:
		return NUD_REACHABLE;
	case VMNET_FDB_KIND_STATIC:
		return NUD_NOARP;
	default:
		return NUD_PERMANENT;
	}
}

/* The port's netdev, if it has a number that the reader can make use of. */
static int vmnet_fdb_rtnl_put_port(struct sk_buff *skb,
				   const struct vmnet_network *nw,
				   const struct vmnet_port *port)
{
	const struct net *net = dev_net(nw->dev);
	int nsid;

	if (port == &nw->host || port == &nw->server)
		return 0;
	if (!net_eq(net, dev_net(port->dev))) {
		nsid = peernet2id(net, dev_net(port->dev));
		if (nsid < 0)
			return 0;
		if (nla_put_s32(skb, NDA_LINK_NETNSID, nsid))
			return -EMSGSIZE;
	}
	return nla_put_u32(skb, NDA_IFINDEX, port->dev->ifindex);
}

static int vmnet_fdb_rtnl_put_age(struct sk_buff *skb,
				  const struct vmnet_fdb_entry *entry)
{
	clock_t age = jiffies_to_clock_t(jiffies - READ_ONCE(entry->updated));
	struct nda_cacheinfo info = {
		.ndm_used = age,
		.ndm_updated = age,
	};

	return nla_put(skb, NDA_CACHEINFO, sizeof(info), &info);
}

static int vmnet_fdb_rtnl_fill(const struct vmnet_network *nw,
			       const struct vmnet_fdb_entry *entry, void *arg)
{
	const struct vmnet_fdb_rtnl_msg *msg = arg;
	struct sk_buff *skb = msg->skb;
	struct nlmsghdr *nlh;
	u8 addr[ETH_ALEN];
	struct ndmsg *ndm;
	u16 vid;

	nlh = nlmsg_put(skb, msg->portid, msg->seq, RTM_NEWNEIGH, sizeof(*ndm),
			msg->flags);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_flags = NTF_SELF | (entry->sticky ? NTF_STICKY : 0);
	ndm->ndm_ifindex = nw->dev->ifindex;
	ndm->ndm_state = vmnet_fdb_rtnl_state(entry);

	vmnet_fdb_key_addr(entry->key, addr);
	vid = vmnet_fdb_key_vid(entry->key);
	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, addr) ||
	    (vid && nla_put_u16(skb, NDA_VLAN, vid)) ||
	    vmnet_fdb_rtnl_put_port(skb, nw, READ_ONCE(entry->port)) ||
	    (entry->kind == VMNET_FDB_KIND_LEARNED &&
	     vmnet_fdb_rtnl_put_age(skb, entry))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* The core counts the entries told of in args[2]; for us, whether some were. */
int vmnet_fdb_rtnl_dump(struct sk_buff *skb, struct netlink_callback *cb,
			struct net_device *dev, struct net_device *filter_dev,
			int *idx)
{
	struct vmnet_fdb_rtnl_msg msg = {
		.skb = skb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
	};
	struct vmnet_fdb_cursor *cursor;
	int err;

	/* Behind what the core keeps there. */
	BUILD_BUG_ON(24 < 3 * sizeof(cb->args[0]));
	BUILD_BUG_ON(24 + sizeof(*cursor) > sizeof(cb->ctx));
	cursor = (void *)(cb->ctx + 24);

	if (!cb->args[2])
		memset(cursor, 0, sizeof(*cursor));
	err = vmnet_fdb_walk(netdev_priv(dev), cursor, vmnet_fdb_rtnl_fill,
			     &msg);
	if (err)
		*idx = 1;
	return err;
}

/* The port that is meant by `via`: NULL for none, which is the host's. */
static struct vmnet_port *vmnet_fdb_rtnl_port(struct vmnet_network *nw,
					      struct nlattr *tb[],
					      struct netlink_ext_ack *extack)
{
	const struct nlattr *via = tb[NDA_IFINDEX];
	struct net_device *dev = NULL;
	struct vmnet_port *port = NULL;

	if (!via)
		return NULL;
	/* The core has parsed without a policy. */
	if (nla_len(via) == sizeof(u32))
		dev = __dev_get_by_index(dev_net(nw->dev), nla_get_u32(via));
	if (dev)
		port = vmnet_is_nic(dev) ? netdev_priv(dev) :
					   vmnet_borrow_port(dev);
	if (port && rtnl_dereference(port->network) == nw)
		return port;
	NL_SET_ERR_MSG_ATTR(extack, via,
			    "What follows 'via' is no port of the network in this namespace");
	return ERR_PTR(-ENODEV);
}

/* What only other kinds of tables have. */
static int vmnet_fdb_rtnl_refuse(struct nlattr *tb[],
				 struct netlink_ext_ack *extack)
{
	static const int others[] = {
		NDA_DST, NDA_PORT, NDA_VNI, NDA_SRC_VNI, NDA_NH_ID,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (!tb[others[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[others[i]],
				    "An address of a network has no tunnel: name its port with 'via'");
		return -EINVAL;
	}
	return 0;
}

/* The host's own are those of the netdev's list, from where the table takes
 * them: nobody but the list knows who else wants an address there.
 */
static int vmnet_fdb_rtnl_add_host(struct vmnet_network *nw, const u8 *addr,
				   u16 state, u16 flags,
				   struct netlink_ext_ack *extack)
{
	struct net_device *dev = nw->dev;
	int err;

	if (!nw->host_on) {
		NL_SET_ERR_MSG(extack,
			       "The host is no member of the network: name a port with 'via', or set 'host on'");
		return -ENOTCONN;
	}
	if (state && !(state & NUD_PERMANENT)) {
		NL_SET_ERR_MSG(extack,
			       "An address of the host is permanent: name a port with 'via' for a static one");
		return -EINVAL;
	}
	err = vmnet_fdb_check(nw, &nw->host, addr, extack);
	if (err)
		return err;
	if (netdev_uc_count(dev) >= VMNET_PORT_ADDRESSES) {
		NL_SET_ERR_MSG(extack,
			       "The host has 128 more addresses in the network already");
		return -ENOSPC;
	}
	err = dev_uc_add_excl(dev, addr);
	if (err == -EEXIST && !(flags & NLM_F_EXCL))
		return 0;
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "The host has this address already");
	if (!err)
		err = vmnet_fdb_sync_port(nw, &nw->host);
	if (err == -ENOMEM) {
		NL_SET_ERR_MSG(extack, "No memory for the address");
		if (!dev_uc_del(dev, addr))
			vmnet_fdb_sync_port(nw, &nw->host);
	}
	return err;
}

int vmnet_fdb_rtnl_add(struct ndmsg *ndm, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, u16 flags, VMNET_FDB_NOTIFIED
		       struct netlink_ext_ack *extack)
{
	struct vmnet_network *nw = netdev_priv(dev);
	struct vmnet_port *port;
	int err;

	ASSERT_RTNL();

	err = vmnet_fdb_rtnl_refuse(tb, extack);
	if (err)
		return err;
	port = vmnet_fdb_rtnl_port(nw, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (!port && vid) {
		NL_SET_ERR_MSG(extack,
			       "An address of the host is its in all VLANs: name a port with 'via'");
		return -EINVAL;
	}
	if (!port)
		return vmnet_fdb_rtnl_add_host(nw, addr, ndm->ndm_state, flags,
					       extack);

	if (!(ndm->ndm_state & (NUD_NOARP | NUD_PERMANENT))) {
		NL_SET_ERR_MSG(extack,
			       "An entry by hand is static: others are learned from frames");
		return -EINVAL;
	}
	return vmnet_fdb_set_static(nw, port, addr, vid,
				    ndm->ndm_flags & NTF_STICKY,
				    flags & NLM_F_REPLACE, extack);
}

int vmnet_fdb_rtnl_del(struct ndmsg *ndm, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, VMNET_FDB_NOTIFIED
		       struct netlink_ext_ack *extack)
{
	struct vmnet_network *nw = netdev_priv(dev);
	struct vmnet_port *port;
	int err;

	ASSERT_RTNL();

	port = vmnet_fdb_rtnl_port(nw, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);

	err = vmnet_fdb_del(nw, port, addr, vid, VMNET_FDB_FOREIGN_KINDS);
	/* Or one of the host's that was added so, member or not. */
	if (err && !port && !dev_uc_del(dev, addr)) {
		if (nw->host_on)
			vmnet_fdb_sync_port(nw, &nw->host);
		return 0;
	}
	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack,
			       "There is no such address in the table");
	if (err == -EPERM) {
		NL_SET_ERR_MSG(extack,
			       "The address is a port's own: change it there");
		err = -EADDRINUSE; /* a matter of the table, not of rights */
	}
	return err;
}

int vmnet_fdb_rtnl_get(struct sk_buff *skb, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, u32 portid, u32 seq,
		       struct netlink_ext_ack *extack)
{
	struct vmnet_fdb_rtnl_msg msg = {
		.skb = skb,
		.portid = portid,
		.seq = seq,
	};
	struct vmnet_network *nw = netdev_priv(dev);
	const struct vmnet_fdb_entry *entry;
	int err = -ENOENT;

	ASSERT_RTNL();

	rcu_read_lock();
	entry = vmnet_fdb_find(nw, addr, vid);
	if (entry)
		err = vmnet_fdb_rtnl_fill(nw, entry, &msg);
	rcu_read_unlock();
	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack,
			       "There is no such address in the table");
	return err;
}
