// SPDX-License-Identifier: GPL-2.0-only
/* Binding networks to netdevs, and what has to follow: the adapter's unicast
 * filter, its VLAN filter, its promiscuity.
 */

#include <linux/error-injection.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "adapter.h"
#include "cycle.h"
#include "fdb.h"
#include "host.h"
#include "hostif.h"
#include "nl/nl.h"
#include "port.h"
#include "queue.h"
#include "vlan.h"

/* Adapters */

struct vmnet_adapter *vmnet_adapter_find(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != vmnet_uplink_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static void vmnet_adapter_free(struct vmnet_adapter *adapter)
{
	free_percpu(adapter->passed);
	kfree_rcu(adapter, rcu);
}

/* After the host's own rules for its egress have been applied. A kernel that is made
 * without the hook binds all the same; one that has no memory for it does not.
 */
static int vmnet_adapter_hook(struct vmnet_adapter *adapter,
			      struct netlink_ext_ack *extack)
{
	int err;

	adapter->hook.hook = vmnet_uplink_tx;
	adapter->hook.dev = adapter->dev;
	adapter->hook.priv = adapter;
	adapter->hook.pf = NFPROTO_NETDEV;
	adapter->hook.hooknum = NF_NETDEV_EGRESS;
	adapter->hook.priority = INT_MAX;
	err = nf_register_net_hook(dev_net(adapter->dev), &adapter->hook);
	adapter->hooked = !err;
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "No memory for the adapter's egress hook");
	if (err != -EOPNOTSUPP)
		return err;
	NL_SET_ERR_MSG(extack,
		       "This kernel has no egress hook: the host reaches guests by the wire only");
	return 0;
}

static struct vmnet_adapter *vmnet_adapter_get(struct net_device *dev,
					       struct netlink_ext_ack *extack)
{
	struct vmnet_adapter *adapter = vmnet_adapter_find(dev);
	int err;

	if (adapter) {
		adapter->bindings++;
		return adapter;
	}
	adapter = kzalloc(sizeof(*adapter), GFP_KERNEL_ACCOUNT);
	if (!adapter)
		return ERR_PTR(-ENOMEM);
	adapter->dev = dev;
	adapter->bindings = 1;
	adapter->passed = alloc_percpu_gfp(unsigned long, GFP_KERNEL_ACCOUNT);
	err = -ENOMEM;
	if (!adapter->passed)
		goto free;
	err = netdev_rx_handler_register(dev, vmnet_uplink_rx, adapter);
	if (err)
		goto free;
	err = vmnet_adapter_hook(adapter, extack);
	if (err)
		goto unregister;
	dev_disable_lro(dev);
	return adapter;

unregister:
	/* Waits for frames that have found it. */
	netdev_rx_handler_unregister(dev);
free:
	free_percpu(adapter->passed);
	kfree(adapter);
	return ERR_PTR(err);
}

/* The rx_handler's end waits for frames on their way, the hook's does not: the
 * adapter is freed by RCU.
 */
static void vmnet_adapter_put(struct vmnet_adapter *adapter)
{
	if (--adapter->bindings)
		return;
	if (adapter->hooked)
		nf_unregister_net_hook(dev_net(adapter->dev), &adapter->hook);
	netdev_rx_handler_unregister(adapter->dev);
	synchronize_net();
	vmnet_adapter_free(adapter);
}

/* What follows the ports */

void vmnet_uplink_filter(struct vmnet_network *nw, const u8 *addr, bool on)
{
	struct net_device *dev = vmnet_uplink_dev(nw);

	ASSERT_RTNL();

	/* Without memory for it the adapter would be deaf for this port alone,
	 * until it is bound anew; dev_uc_del() forgives.
	 */
	if (!dev)
		return;
	if (!on)
		dev_uc_del(dev, addr);
	else if (dev_uc_add(dev, addr))
		netdev_warn(nw->dev, "no memory for %pM in the filter of %s\n",
			    addr, netdev_name(dev));
}

static void vmnet_uplink_filter_all(struct vmnet_network *nw, bool on)
{
	struct vmnet_port *port;
	u8 addr[ETH_ALEN];

	list_for_each_entry(port, &nw->members, members)
		while (vmnet_fdb_next_filter(nw, port, on, addr))
			vmnet_uplink_filter(nw, addr, on);
}

void vmnet_uplink_update_promiscuity(struct vmnet_network *nw)
{
	struct vmnet_uplink *up = vmnet_uplink_get(nw);
	bool want = nw->learners;

	ASSERT_RTNL();

	if (!up || up->promiscuous == want)
		return;
	if (!dev_set_promiscuity(up->port.dev, want ? 1 : -1))
		up->promiscuous = want;
}

/* What the adapter must let through: one VLAN, a trunk's tagged ones, or those
 * of the ports.
 */
static void vmnet_uplink_wanted_vids(const struct vmnet_network *nw, u16 vid,
				     const struct vmnet_vlan *vlan,
				     unsigned long *vids)
{
	if (vid) {
		bitmap_zero(vids, VLAN_N_VID);
		__set_bit(vid, vids);
	} else if (vlan) {
		bitmap_copy(vids, vlan->carries, VLAN_N_VID);
		__clear_bit(vlan->untagged, vids);
	} else {
		vmnet_vlan_used(nw, rtnl_dereference(nw->uplink), vids);
	}
}

static void vmnet_uplink_set_vids(struct vmnet_uplink *up,
				  const unsigned long *vids)
{
	struct net_device *dev = up->port.dev;
	unsigned int vid;

	for_each_set_bit(vid, vids, VLAN_N_VID)
		if (!test_bit(vid, up->vids) &&
		    !vlan_vid_add(dev, htons(ETH_P_8021Q), vid))
			__set_bit(vid, up->vids);
	for_each_set_bit(vid, up->vids, VLAN_N_VID)
		if (!test_bit(vid, vids)) {
			vlan_vid_del(dev, htons(ETH_P_8021Q), vid);
			__clear_bit(vid, up->vids);
		}
}

void vmnet_uplink_update_vids(struct vmnet_network *nw)
{
	struct vmnet_uplink *up = vmnet_uplink_get(nw);
	DECLARE_BITMAP(vids, VLAN_N_VID);

	ASSERT_RTNL();

	if (!up)
		return;
	vmnet_uplink_wanted_vids(nw, up->vid, rtnl_dereference(up->port.vlan),
				 vids);
	vmnet_uplink_set_vids(up, vids);
}

/* Binding */

/* VLANs that a binding takes from the wire must be nobody's on the host, whose
 * VLAN devices take their frames before we see them.
 */
static int vmnet_uplink_check_vids(struct net_device *dev,
				   const unsigned long *vids,
				   struct netlink_ext_ack *extack)
{
	const struct net_device *taken = NULL;
	unsigned int vid;

	rcu_read_lock();
	for_each_set_bit(vid, vids, VLAN_N_VID) {
		taken = __vlan_find_dev_deep_rcu(dev, htons(ETH_P_8021Q), vid);
		if (taken)
			break;
	}
	if (taken)
		NL_SET_ERR_MSG_FMT(extack,
				   "The host has the VLAN device %s there",
				   netdev_name(taken));
	rcu_read_unlock();
	return taken ? -EBUSY : 0;
}

int vmnet_uplink_check_port(const struct vmnet_network *nw,
			    const struct vmnet_vlan *vlan,
			    struct netlink_ext_ack *extack)
{
	const struct vmnet_uplink *up = vmnet_uplink_get(nw);

	ASSERT_RTNL();

	if (nw->uplink_words.vid) {
		NL_SET_ERR_MSG(extack,
			       "The whole network is one VLAN of its uplink: its ports have none");
		return -EBUSY;
	}
	/* A trunk takes what it was given, whatever the ports have. */
	if (!up || rcu_access_pointer(up->port.vlan))
		return 0;
	return vmnet_uplink_check_vids(up->port.dev, vlan->carries, extack);
}

/* What kind of netdev it is. */
static int vmnet_uplink_check_dev(const struct net_device *dev,
				  struct netlink_ext_ack *extack)
{
	if (vmnet_is_network(dev))
		NL_SET_ERR_MSG(extack,
			       "A network cannot be the uplink of a network");
	else if (dev->flags & IFF_LOOPBACK)
		NL_SET_ERR_MSG(extack, "The loopback device cannot be an uplink");
	else if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN)
		NL_SET_ERR_MSG(extack, "The uplink is no Ethernet device");
	else if (dev->priv_flags & IFF_DONT_BRIDGE)
		NL_SET_ERR_MSG(extack,
			       "A Wi-Fi station cannot be an uplink: it cannot carry the frames of others");
	else
		return 0;
	return -EOPNOTSUPP;
}

int vmnet_uplink_check(struct vmnet_network *nw, struct net_device *dev,
		       const struct vmnet_uplink_words *words,
		       struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(vids, VLAN_N_VID);
	int err;

	err = vmnet_uplink_check_dev(dev, extack);
	if (err)
		return err;
	err = vmnet_hostif_may_bind(dev_net(dev), dev, extack);
	if (err)
		return err;
	if (netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s has a master already: use that",
				   netdev_name(dev));
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev) && !vmnet_adapter_find(dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s is in use already, by macvlan or the like",
				   netdev_name(dev));
		return -EBUSY;
	}
	if (nw->mtu > dev->mtu) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The network's MTU is %u, that of %s only %u",
				   nw->mtu, netdev_name(dev), dev->mtu);
		return -EINVAL;
	}
	if (words->vid && vmnet_vlan_any(nw)) {
		NL_SET_ERR_MSG(extack,
			       "Ports have VLANs: give the uplink a trunk, not one VLAN");
		return -EBUSY;
	}
	vmnet_uplink_wanted_vids(nw, words->vid, words->vlan, vids);
	err = vmnet_uplink_check_vids(dev, vids, extack);
	if (err)
		return err;
	err = vmnet_cycle_check_bind(nw, dev, extack);
	if (err)
		return err;
	return vmnet_fdb_check(nw, rtnl_dereference(nw->uplink), dev->dev_addr,
			       extack);
}

static struct vmnet_uplink *vmnet_uplink_alloc(struct net_device *dev,
					       const struct vmnet_uplink_words *words)
{
	struct vmnet_vlan *vlan = NULL;
	struct vmnet_uplink *up;

	up = kzalloc(sizeof(*up), GFP_KERNEL_ACCOUNT);
	if (!up)
		return NULL;
	if (words->vlan) {
		vlan = kmemdup(words->vlan, sizeof(*vlan), GFP_KERNEL_ACCOUNT);
		if (!vlan)
			goto free;
	}
	if (vmnet_port_init(&up->port, VMNET_PORT_TYPE_UPLINK, dev))
		goto free;
	netdev_hold(dev, &up->port.dev_tracker, GFP_KERNEL);
	up->vid = words->vid;
	up->port.home = dev_net(dev);
	RCU_INIT_POINTER(up->port.vlan, vlan);
	up->port.guard_mac = false;
	up->port.guard_dhcp = false;
	/* The LAN is not one client. */
	up->port.dhcp.limit = 0;
	up->port.dhcp.rate = 0;
	strscpy(up->port.name, VMNET_UPLINK_NAME, sizeof(up->port.name));
	return up;

free:
	kfree(vlan);
	kfree(up);
	return NULL;
}

static void vmnet_uplink_free(struct vmnet_uplink *up)
{
	netdev_put(up->port.dev, &up->port.dev_tracker);
	vmnet_port_free(&up->port);
	kfree(up);
}

static void vmnet_uplink_enlist(struct vmnet_network *nw,
				struct vmnet_uplink *up)
{
	struct vmnet_adapter *adapter = up->adapter;

	hlist_add_head_rcu(&up->node, up->vid ?
			   &adapter->by_vid[up->vid % VMNET_ADAPTER_BUCKETS] :
			   &adapter->wide);
	rcu_assign_pointer(nw->uplink, &up->port);
	vmnet_uplink_filter_all(nw, true);
	vmnet_uplink_update_vids(nw);
	vmnet_uplink_update_promiscuity(nw);
	vmnet_network_policy(nw);
	vmnet_network_carrier(nw);
}

int vmnet_uplink_bind(struct vmnet_network *nw, struct net_device *dev,
		      const struct vmnet_uplink_words *words,
		      struct netlink_ext_ack *extack)
{
	struct vmnet_adapter *adapter;
	struct vmnet_uplink *up;
	int err = -ENOMEM;

	up = vmnet_uplink_alloc(dev, words);
	if (!up)
		return -ENOMEM;
	adapter = vmnet_adapter_get(dev, extack);
	if (IS_ERR(adapter)) {
		err = PTR_ERR(adapter);
		goto free;
	}
	up->adapter = adapter;
	err = netdev_upper_dev_link(dev, nw->dev, extack);
	if (err)
		goto put;
	err = vmnet_port_number(&up->port);
	if (err)
		goto unlink;
	err = vmnet_port_attach(&up->port, nw, extack);
	if (err)
		goto unnumber;
	vmnet_uplink_enlist(nw, up);
	up->port.announced = true;
	vmnet_nl_notify_port(&up->port, VMNET_CMD_PORT_NEW_NTF);
	return 0;

unnumber:
	vmnet_port_unregister(&up->port);
unlink:
	netdev_upper_dev_unlink(dev, nw->dev);
put:
	vmnet_adapter_put(adapter);
free:
	vmnet_uplink_free(up);
	return err;
}

ALLOW_ERROR_INJECTION(vmnet_uplink_bind, ERRNO);

void vmnet_uplink_release(struct vmnet_network *nw)
{
	struct vmnet_uplink *up = vmnet_uplink_get(nw);
	DECLARE_BITMAP(vids, VLAN_N_VID);
	struct net_device *dev;

	if (!up)
		return;
	dev = up->port.dev;
	if (up->promiscuous)
		dev_set_promiscuity(dev, -1);
	bitmap_zero(vids, VLAN_N_VID);
	vmnet_uplink_set_vids(up, vids);
	vmnet_uplink_filter_all(nw, false);

	hlist_del_rcu(&up->node);
	RCU_INIT_POINTER(nw->uplink, NULL);
	vmnet_port_unpublish(&up->port);
	vmnet_adapter_put(up->adapter);
	synchronize_net();
	vmnet_port_settle(&up->port);
	vmnet_dhcp_port_deleted(&up->port);
	netdev_upper_dev_unlink(dev, nw->dev);
	vmnet_nl_notify_port(&up->port, VMNET_CMD_PORT_DEL_NTF);
	vmnet_port_unregister(&up->port);
	/* Readers of the network's counters may still be at this port's. */
	synchronize_net();
	vmnet_uplink_free(up);
	vmnet_network_policy(nw);
	vmnet_network_carrier(nw);
}

static void vmnet_uplink_forget(struct vmnet_network *nw)
{
	vmnet_uplink_set_missing(nw, false);
	nw->uplink_words.name[0] = '\0';
	nw->uplink_words.vid = 0;
	kfree(nw->uplink_words.vlan);
	nw->uplink_words.vlan = NULL;
}

void vmnet_uplink_unbind(struct vmnet_network *nw)
{
	ASSERT_RTNL();

	vmnet_uplink_release(nw);
	vmnet_uplink_forget(nw);
}

/* What is there stays if the new one is refused; only memory can then fail. */
int vmnet_uplink_set(struct vmnet_network *nw,
		     struct vmnet_uplink_words *words,
		     struct netlink_ext_ack *extack)
{
	struct net_device *dev, *old = vmnet_uplink_dev(nw);
	int err;

	ASSERT_RTNL();

	if (!words->name[0]) {
		vmnet_uplink_unbind(nw);
		return 0;
	}
	dev = __dev_get_by_name(dev_net(nw->dev), words->name);
	if (!dev) {
		NL_SET_ERR_MSG_FMT(extack, "There is no device %s",
				   words->name);
		return -ENODEV;
	}
	err = vmnet_uplink_check(nw, dev, words, extack);
	if (err)
		return err;
	vmnet_uplink_release(nw);
	err = vmnet_uplink_bind(nw, dev, words, extack);
	if (err) {
		if (old && vmnet_uplink_bind(nw, old, &nw->uplink_words, NULL))
			vmnet_uplink_set_missing(nw, true);
		return err;
	}
	vmnet_uplink_forget(nw);
	nw->uplink_words = *words;
	words->vlan = NULL;
	return 0;
}

struct net_device *vmnet_uplink_dev(const struct vmnet_network *nw)
{
	const struct vmnet_uplink *up = vmnet_uplink_get(nw);

	return up ? up->port.dev : NULL;
}

enum vmnet_uplink_state vmnet_uplink_state(const struct vmnet_network *nw)
{
	const struct net_device *dev = vmnet_uplink_dev(nw);

	if (!dev)
		return VMNET_UPLINK_STATE_MISSING;
	return dev->flags & IFF_UP && netif_carrier_ok(dev) ?
	       VMNET_UPLINK_STATE_UP : VMNET_UPLINK_STATE_DOWN;
}

bool vmnet_uplink_is_promiscuous(const struct vmnet_network *nw)
{
	const struct vmnet_uplink *up = vmnet_uplink_get(nw);

	return up && up->promiscuous;
}

bool vmnet_uplink_has_hook(const struct vmnet_network *nw)
{
	const struct vmnet_uplink *up = vmnet_uplink_get(nw);

	return up && up->adapter->hooked;
}

bool vmnet_uplink_allows_carrier(const struct vmnet_network *nw)
{
	return !nw->uplink_follow || !nw->uplink_words.name[0] ||
	       vmnet_uplink_state(nw) == VMNET_UPLINK_STATE_UP;
}

u64 vmnet_uplink_passed(const struct vmnet_network *nw)
{
	struct vmnet_adapter *adapter;
	struct vmnet_port *port;
	u64 frames = 0;
	int cpu;

	rcu_read_lock();
	port = rcu_dereference(nw->uplink);
	adapter = port ? vmnet_uplink_of(port)->adapter : NULL;
	if (adapter)
		for_each_possible_cpu(cpu)
			frames += READ_ONCE(*per_cpu_ptr(adapter->passed, cpu));
	rcu_read_unlock();
	return frames;
}
