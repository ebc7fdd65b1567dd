// SPDX-License-Identifier: GPL-2.0-only
/* What the stack says of netdevs that networks are bound to: they go, come back,
 * change their name, address, carrier or path.
 */

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/rwsem.h>
#include <net/net_namespace.h>

#include "adapter.h"
#include "announce.h"
#include "fdb.h"
#include "host.h"
#include "nl/nl.h"
#include "port.h"

/* Networks with an uplink that is missing: while there is none, nobody looks
 * at what becomes of other netdevs. RTNL.
 */
static unsigned int vmnet_uplinks_missing;

void vmnet_uplink_set_missing(struct vmnet_network *nw, bool missing)
{
	if (nw->uplink_missing == missing)
		return;
	nw->uplink_missing = missing;
	vmnet_uplinks_missing += missing ? 1 : -1;
}

/* Coming back */

/* Whether something may fit now that did not before: a netdev has come, it has
 * another name, MTU or address, or what was on it has gone. Our own bindings do
 * not count: one that fails would try again for ever.
 */
static bool vmnet_uplink_may_fit(unsigned long event, void *ptr)
{
	const struct netdev_notifier_changeupper_info *upper = ptr;

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEADDR:
	case NETDEV_UNREGISTER:
		return true;
	case NETDEV_CHANGEUPPER:
		return !upper->linking && !vmnet_is_network(upper->upper_dev);
	default:
		return false;
	}
}

/* Then networks whose uplink is missing are looked through. Not in the notifier,
 * where a netdev is not yet whole for everybody.
 */
static void vmnet_uplink_rebind_net(struct net *net)
{
	struct vmnet_ns *ns = vmnet_ns(net);
	struct vmnet_network *nw;
	struct net_device *dev;
	unsigned long ifindex;

	xa_for_each(&ns->networks, ifindex, nw) {
		if (!nw->uplink_missing)
			continue;
		dev = __dev_get_by_name(net, nw->uplink_words.name);
		if (!dev || vmnet_uplink_check(nw, dev, &nw->uplink_words,
					       NULL) ||
		    vmnet_uplink_bind(nw, dev, &nw->uplink_words, NULL))
			continue;
		vmnet_uplink_set_missing(nw, false);
		vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
	}
}

static void vmnet_uplink_rebind(struct work_struct *work)
{
	struct net *net;

	rtnl_lock();
	down_read(&net_rwsem);
	for_each_net(net)
		vmnet_uplink_rebind_net(net);
	up_read(&net_rwsem);
	rtnl_unlock();
}

static DECLARE_WORK(vmnet_uplink_rebind_work, vmnet_uplink_rebind);

void vmnet_uplink_exit(void)
{
	cancel_work_sync(&vmnet_uplink_rebind_work);
}

/* What the stack says of netdevs */

typedef void (*vmnet_uplink_fn)(struct vmnet_network *nw,
				struct vmnet_uplink *up, void *arg);

/* For each network that is bound to an adapter; it may be released. */
static void vmnet_adapter_for_each(struct vmnet_adapter *adapter,
				   vmnet_uplink_fn fn, void *arg)
{
	struct vmnet_ns *ns = vmnet_ns(dev_net(adapter->dev));
	struct vmnet_uplink *up;
	struct vmnet_network *nw;
	unsigned long ifindex;

	xa_for_each(&ns->networks, ifindex, nw) {
		up = vmnet_uplink_get(nw);
		if (up && up->adapter == adapter)
			fn(nw, up, arg);
	}
}

static void vmnet_uplink_gone(struct vmnet_network *nw, struct vmnet_uplink *up,
			      void *arg)
{
	vmnet_uplink_release(nw);
	vmnet_uplink_set_missing(nw, true);
	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
}

static void vmnet_uplink_renamed(struct vmnet_network *nw,
				 struct vmnet_uplink *up, void *arg)
{
	strscpy(nw->uplink_words.name, up->port.dev->name,
		sizeof(nw->uplink_words.name));
	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
}

static void vmnet_uplink_changed(struct vmnet_network *nw,
				 struct vmnet_uplink *up, void *arg)
{
	vmnet_network_carrier(nw);
	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
}

static void vmnet_uplink_check_addr(struct vmnet_network *nw,
				    struct vmnet_uplink *up, void *arg)
{
	struct netdev_notifier_pre_changeaddr_info *change = arg;

	if (change->dev_addr &&
	    vmnet_fdb_check(nw, &up->port, change->dev_addr,
			    change->info.extack))
		change->dev_addr = NULL; /* refused */
}

static void vmnet_uplink_new_addr(struct vmnet_network *nw,
				  struct vmnet_uplink *up, void *arg)
{
	vmnet_fdb_flush_port(nw, &up->port, BIT(VMNET_FDB_KIND_OWN));
	vmnet_fdb_add(nw, &up->port, up->port.dev->dev_addr, 0,
		      VMNET_FDB_KIND_OWN, false, NULL);
	vmnet_uplink_changed(nw, up, arg);
}

static void vmnet_uplink_failover(struct vmnet_network *nw,
				  struct vmnet_uplink *up, void *arg)
{
	vmnet_announce(nw, &up->port, up->vid);
}

/* The host has made a VLAN device where a network has the VLAN already: it
 * takes the frames from now on.
 */
static void vmnet_uplink_robbed(struct vmnet_network *nw,
				struct vmnet_uplink *up, void *arg)
{
	const struct net_device *vlan = arg;

	if (!test_bit(vlan_dev_vlan_id(vlan), up->vids))
		return;
	netdev_warn(nw->dev, "%s takes VLAN %u of the uplink from the network\n",
		    netdev_name(vlan), vlan_dev_vlan_id(vlan));
	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_CHANGE_NTF);
}

static int vmnet_adapter_event(struct vmnet_adapter *adapter,
			       unsigned long event, void *ptr)
{
	struct netdev_notifier_pre_changeaddr_info *change = ptr;
	const char *addr;

	switch (event) {
	case NETDEV_UNREGISTER: /* also on its way to another namespace */
		vmnet_adapter_for_each(adapter, vmnet_uplink_gone, NULL);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	case NETDEV_CHANGENAME:
		vmnet_adapter_for_each(adapter, vmnet_uplink_renamed, NULL);
		break;
	case NETDEV_PRE_CHANGEADDR:
		addr = change->dev_addr;
		vmnet_adapter_for_each(adapter, vmnet_uplink_check_addr,
				       change);
		if (!change->dev_addr) {
			change->dev_addr = addr;
			return notifier_from_errno(-EADDRINUSE);
		}
		break;
	case NETDEV_CHANGEADDR:
		vmnet_adapter_for_each(adapter, vmnet_uplink_new_addr, NULL);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEMTU:
		vmnet_adapter_for_each(adapter, vmnet_uplink_changed, NULL);
		break;
	case NETDEV_NOTIFY_PEERS:
	case NETDEV_BONDING_FAILOVER:
		vmnet_adapter_for_each(adapter, vmnet_uplink_failover, NULL);
		break;
	}
	return NOTIFY_DONE;
}

int vmnet_uplink_event(struct net_device *dev, unsigned long event, void *ptr)
{
	struct vmnet_adapter *adapter = vmnet_adapter_find(dev);

	ASSERT_RTNL();

	if (vmnet_uplinks_missing && vmnet_uplink_may_fit(event, ptr))
		schedule_work(&vmnet_uplink_rebind_work);
	if (adapter)
		return vmnet_adapter_event(adapter, event, ptr);
	if ((event == NETDEV_REGISTER || event == NETDEV_CHANGENAME) &&
	    is_vlan_dev(dev)) {
		adapter = vmnet_adapter_find(vlan_dev_real_dev(dev));
		if (adapter)
			vmnet_adapter_for_each(adapter, vmnet_uplink_robbed,
					       dev);
	}
	return NOTIFY_DONE;
}
