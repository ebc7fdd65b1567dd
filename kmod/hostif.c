// SPDX-License-Identifier: GPL-2.0-only
/* Host adapters: which of them networks may bind.
 *
 * A word of the administrator, kept for a name and, while there is a netdev of
 * that name, for the netdev. It is asked when a network takes a netdev, when
 * something is put under one that a network has, and when it is changed; so no
 * frame has to ask.
 */

#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "borrow.h"
#include "host.h"
#include "hostif.h"
#include "nl/nl.h"
#include "uplink.h"

bool vmnet_hostif_is_adapter(const struct net_device *dev)
{
	return dev->dev.parent && dev->type == ARPHRD_ETHER;
}

struct vmnet_hostif *vmnet_hostif_of(const struct net_device *dev)
{
	struct vmnet_hostif *hostif;

	ASSERT_RTNL();

	list_for_each_entry(hostif, &vmnet_ns(dev_net(dev))->hostifs, list)
		if (hostif->ifindex == dev->ifindex)
			return hostif;
	return NULL;
}

struct vmnet_hostif *vmnet_hostif_find(struct net *net, const char *name)
{
	struct vmnet_hostif *hostif;

	ASSERT_RTNL();

	list_for_each_entry(hostif, &vmnet_ns(net)->hostifs, list)
		if (!strcmp(hostif->name, name))
			return hostif;
	return NULL;
}

/* Adapters are few and asked for by people, so nothing is kept in order for
 * this.
 */
struct net_device *vmnet_hostif_next(struct net *net, int ifindex)
{
	struct net_device *dev, *next = NULL;

	ASSERT_RTNL();

	for_each_netdev(net, dev)
		if (dev->ifindex >= ifindex && vmnet_hostif_is_adapter(dev) &&
		    (!next || dev->ifindex < next->ifindex))
			next = dev;
	return next;
}

/* In the order of names, by which a dump goes on. */
static void vmnet_hostif_enlist(struct vmnet_ns *ns,
				struct vmnet_hostif *hostif)
{
	struct vmnet_hostif *other;

	list_for_each_entry(other, &ns->hostifs, list)
		if (strcmp(other->name, hostif->name) > 0)
			break;
	list_add_tail(&hostif->list, &other->list);
}

static void vmnet_hostif_forget(struct vmnet_ns *ns,
				struct vmnet_hostif *hostif)
{
	list_del(&hostif->list);
	ns->hostifs_named--;
	kfree(hostif);
}

/* One device by itself; what is no adapter is open. */
static bool vmnet_hostif_open(const struct net_device *dev)
{
	const struct vmnet_hostif *hostif;

	if (!vmnet_hostif_is_adapter(dev))
		return true;
	hostif = vmnet_hostif_of(dev);
	return hostif ? hostif->allow : vmnet_ns(dev_net(dev))->hostif_default;
}

static int vmnet_hostif_look(struct net_device *lower,
			     struct netdev_nested_priv *priv)
{
	if (vmnet_hostif_open(lower))
		return 0;
	priv->data = lower;
	return 1;
}

/* The device off limits, which is @dev or below it; NULL for none. */
static struct net_device *vmnet_hostif_denied(struct net_device *dev)
{
	struct netdev_nested_priv priv = {};

	if (!vmnet_hostif_open(dev))
		return dev;
	netdev_walk_all_lower_dev(dev, vmnet_hostif_look, &priv);
	return priv.data;
}

int vmnet_hostif_may_bind(struct net *net, struct net_device *dev,
			  struct netlink_ext_ack *extack)
{
	const struct net_device *adapter;

	ASSERT_RTNL();

	adapter = vmnet_hostif_denied(dev);
	if (!adapter)
		return 0;
	/* Another namespace's names are not told. */
	if (net_eq(dev_net(adapter), net))
		NL_SET_ERR_MSG_FMT(extack,
				   "Adapter %s is off limits to networks (hostif)",
				   adapter->name);
	else
		NL_SET_ERR_MSG(extack,
			       "An adapter below it, in another namespace, is off limits to networks (hostif)");
	return -EPERM;
}

static int vmnet_hostif_is(struct net_device *lower,
			   struct netdev_nested_priv *priv)
{
	return lower == priv->data;
}

static bool vmnet_hostif_above(struct net_device *dev,
			       const struct net_device *adapter)
{
	struct netdev_nested_priv priv = { .data = (void *)adapter };

	return dev == adapter ||
	       netdev_walk_all_lower_dev(dev, vmnet_hostif_is, &priv);
}

bool vmnet_hostif_bound(const struct vmnet_network *nw,
			const struct net_device *adapter)
{
	struct net_device *uplink = vmnet_uplink_dev(nw);
	const struct vmnet_port *port;

	ASSERT_RTNL();

	if (uplink && vmnet_hostif_above(uplink, adapter))
		return true;
	list_for_each_entry(port, &nw->members, members)
		if (port->type == VMNET_PORT_TYPE_DEV &&
		    vmnet_hostif_above(port->dev, adapter))
			return true;
	return false;
}

/* A network that has what is off limits: @port if it was lent, the uplink
 * else.
 */
struct vmnet_hostif_trespass {
	struct vmnet_network *nw;
	struct vmnet_port *port;
	const struct net_device *adapter;
};

static bool vmnet_hostif_trespasses(struct vmnet_network *nw,
				    struct vmnet_hostif_trespass *found)
{
	struct net_device *uplink = vmnet_uplink_dev(nw);
	struct vmnet_port *port;

	found->nw = nw;
	found->port = NULL;
	found->adapter = uplink ? vmnet_hostif_denied(uplink) : NULL;
	if (found->adapter)
		return true;
	list_for_each_entry(port, &nw->members, members) {
		if (port->type != VMNET_PORT_TYPE_DEV)
			continue;
		found->port = port;
		found->adapter = vmnet_hostif_denied(port->dev);
		if (found->adapter)
			return true;
	}
	return false;
}

/* A VLAN device may have left the namespace of what it lies on. */
static bool vmnet_hostif_find_trespass(struct vmnet_hostif_trespass *found)
{
	struct vmnet_network *nw;
	unsigned long ifindex;
	bool any = false;
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net) {
		xa_for_each(&vmnet_ns(net)->networks, ifindex, nw) {
			any = vmnet_hostif_trespasses(nw, found);
			if (any)
				goto out;
		}
	}
out:
	up_read(&net_rwsem);
	return any; /* and stays: RTNL */
}

static int vmnet_hostif_busy(struct net *net,
			     const struct vmnet_hostif_trespass *found,
			     struct netlink_ext_ack *extack)
{
	if (net_eq(dev_net(found->nw->dev), net))
		NL_SET_ERR_MSG_FMT(extack,
				   "Network %s is bound to %s, or to what lies above it",
				   found->nw->dev->name, found->adapter->name);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "A network of another namespace is bound to what lies above %s",
				   found->adapter->name);
	return -EBUSY;
}

/* After a change: with @force, what it forbids is detached, else the caller
 * takes the change back.
 */
static int vmnet_hostif_settle(struct net *net, bool force,
			       struct netlink_ext_ack *extack)
{
	struct vmnet_hostif_trespass found;

	while (vmnet_hostif_find_trespass(&found)) {
		if (!force)
			return vmnet_hostif_busy(net, &found, extack);
		if (found.port)
			vmnet_borrow_detach(found.port);
		else
			vmnet_uplink_unbind(found.nw);
	}
	return 0;
}

static int vmnet_hostif_set_default(struct net *net, bool allow, bool force,
				    struct netlink_ext_ack *extack)
{
	struct vmnet_ns *ns = vmnet_ns(net);
	bool old = ns->hostif_default;
	int err;

	ns->hostif_default = allow;
	err = vmnet_hostif_settle(net, force, extack);
	if (err)
		ns->hostif_default = old;
	return err;
}

static struct vmnet_hostif *
vmnet_hostif_new(struct net *net, const char *name,
		 const struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct vmnet_ns *ns = vmnet_ns(net);
	struct vmnet_hostif *hostif;

	if (!dev && !dev_valid_name(name)) {
		NL_SET_ERR_MSG(extack,
			       "This is not a name that an adapter can have");
		return ERR_PTR(-EINVAL);
	}
	if (ns->hostifs_named >= VMNET_HOSTIF_NAMES_MAX) {
		NL_SET_ERR_MSG(extack,
			       "Something was said of 256 adapters already: set the default instead");
		return ERR_PTR(-ENOSPC);
	}
	hostif = kzalloc(sizeof(*hostif), GFP_KERNEL_ACCOUNT);
	if (!hostif)
		return ERR_PTR(-ENOMEM);
	/* By another name of it (altname), too. */
	strscpy(hostif->name, dev ? dev->name : name, sizeof(hostif->name));
	hostif->ifindex = dev ? dev->ifindex : 0;
	hostif->allow = ns->hostif_default;
	ns->hostifs_named++;
	vmnet_hostif_enlist(ns, hostif);
	return hostif;
}

static int vmnet_hostif_set_one(struct net *net, const char *name,
				enum vmnet_hostif_word word, bool force,
				struct netlink_ext_ack *extack)
{
	struct vmnet_ns *ns = vmnet_ns(net);
	struct vmnet_hostif *hostif;
	struct net_device *dev;
	bool old, made = false;
	int err;

	dev = __dev_get_by_name(net, name);
	if (dev && !vmnet_hostif_is_adapter(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is no host adapter: name the adapters below it",
				   dev->name);
		return -EINVAL;
	}
	hostif = dev ? vmnet_hostif_of(dev) : vmnet_hostif_find(net, name);
	if (!hostif && word == VMNET_HOSTIF_FOLLOW)
		return 0;
	if (!hostif) {
		hostif = vmnet_hostif_new(net, name, dev, extack);
		if (IS_ERR(hostif))
			return PTR_ERR(hostif);
		made = true;
	}

	old = hostif->allow;
	hostif->allow = word == VMNET_HOSTIF_FOLLOW ? ns->hostif_default :
						      word == VMNET_HOSTIF_ON;
	err = vmnet_hostif_settle(net, force, extack);
	if (err)
		hostif->allow = old;
	if (err ? made : word == VMNET_HOSTIF_FOLLOW)
		vmnet_hostif_forget(ns, hostif);
	return err;
}

int vmnet_hostif_set(struct net *net, const char *name,
		     enum vmnet_hostif_word word, bool force,
		     struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();

	if (strcmp(name, VMNET_HOSTIF_DEFAULT))
		return vmnet_hostif_set_one(net, name, word, force, extack);
	/* As it is before anything was said. */
	return vmnet_hostif_set_default(net, word != VMNET_HOSTIF_OFF, force,
					extack);
}

static int vmnet_hostif_is_network(struct net_device *upper,
				   struct netdev_nested_priv *priv)
{
	return vmnet_is_network(upper);
}

/* A network that is above has a way to everything below, also to what comes
 * there later; this is asked of a network's own taking, too.
 */
static int vmnet_hostif_check_upper(struct net_device *dev,
				    struct netdev_notifier_changeupper_info *info)
{
	struct net_device *upper = info->upper_dev;
	struct netdev_nested_priv priv = {};
	int found;

	if (!info->linking)
		return 0;
	found = vmnet_is_network(upper);
	if (!found) {
		rcu_read_lock();
		found = netdev_walk_all_upper_dev_rcu(upper,
						      vmnet_hostif_is_network,
						      &priv);
		rcu_read_unlock();
	}
	if (!found)
		return 0;
	return vmnet_hostif_may_bind(dev_net(dev), dev, info->info.extack);
}

/* Under a name that something was said of. One that is already bound stays so:
 * this cannot be refused with a sentence.
 */
static void vmnet_hostif_arrived(const struct net_device *dev)
{
	struct vmnet_hostif *hostif = vmnet_hostif_find(dev_net(dev),
							dev->name);

	if (hostif && !hostif->ifindex && vmnet_hostif_is_adapter(dev))
		hostif->ifindex = dev->ifindex;
}

static void vmnet_hostif_renamed(struct net_device *dev)
{
	struct vmnet_hostif *hostif = vmnet_hostif_of(dev);
	struct vmnet_ns *ns = vmnet_ns(dev_net(dev));
	struct vmnet_hostif *waiting;

	if (!hostif) {
		vmnet_hostif_arrived(dev);
		return;
	}
	/* Where the new name was waited for, off limits wins. */
	waiting = vmnet_hostif_find(dev_net(dev), dev->name);
	if (waiting && waiting != hostif) {
		hostif->allow &= waiting->allow;
		vmnet_hostif_forget(ns, waiting);
	}
	list_del(&hostif->list);
	strscpy(hostif->name, dev->name, sizeof(hostif->name));
	vmnet_hostif_enlist(ns, hostif);
	vmnet_nl_notify_hostif(dev_net(dev), hostif->name);
}

int vmnet_hostif_event(struct net_device *dev, unsigned long event, void *ptr)
{
	struct vmnet_hostif *hostif;

	switch (event) {
	case NETDEV_REGISTER: /* also out of another namespace */
		vmnet_hostif_arrived(dev);
		break;
	case NETDEV_CHANGENAME:
		vmnet_hostif_renamed(dev);
		break;
	case NETDEV_UNREGISTER:
		hostif = vmnet_hostif_of(dev);
		if (hostif)
			hostif->ifindex = 0;
		break;
	case NETDEV_PRECHANGEUPPER:
		return notifier_from_errno(vmnet_hostif_check_upper(dev, ptr));
	}
	return NOTIFY_DONE;
}

void vmnet_hostif_ns_init(struct vmnet_ns *ns)
{
	INIT_LIST_HEAD(&ns->hostifs);
	ns->hostif_default = true;
}

void vmnet_hostif_ns_exit(struct vmnet_ns *ns)
{
	struct vmnet_hostif *hostif, *next;

	list_for_each_entry_safe(hostif, next, &ns->hostifs, list)
		vmnet_hostif_forget(ns, hostif);
}
