// SPDX-License-Identifier: GPL-2.0-only
/* Ports: plugged in, unplugged, moved; what they are called and whose they are.
 *
 * DOC: When a port is gone
 *
 * A port is found by a frame in four ways: by an entry of the forwarding
 * table, in the network's list of receivers, as the sender itself (by its
 * netdev, through port->network), and in a receive queue. Unpublishing ends the
 * first three for new frames; a grace period ends them for those on their way,
 * because all of that is done under rcu_read_lock(); purging then empties the
 * queues, which nobody fills any more. What is left is a frame in the stack of
 * the netdev itself, and for that the core waits before a netdev is freed.
 */

#include <linux/ctype.h>
#include <linux/error-injection.h>
#include <linux/hashtable.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/stringhash.h>

#include "cycle.h"
#include "dhcp/reservation.h"
#include "dhcp/scope.h"
#include "fdb.h"
#include "mac.h"
#include "nl/nl.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "sysfs.h"
#include "tap.h"
#include "uplink.h"
#include "vlan.h"
#include "xdp.h"

static DEFINE_HASHTABLE(vmnet_port_names, 10);

int vmnet_port_init(struct vmnet_port *port, enum vmnet_port_type type,
		    struct net_device *dev)
{
	port->pcpu = netdev_alloc_pcpu_stats(struct vmnet_pcpu);
	if (!port->pcpu)
		return -ENOMEM;

	port->dev = dev;
	port->type = type;
	port->guard_mac = true;
	port->guard_dhcp = true;
	port->learn_limit = VMNET_LEARN_LIMIT;
	port->dhcp.limit = VMNET_DHCP_LIMIT_DEFAULT;
	port->dhcp.rate = VMNET_DHCP_RATE_DEFAULT;
	get_completed_synchronize_rcu_full(&port->left);
	INIT_LIST_HEAD(&port->addresses);
	INIT_HLIST_NODE(&port->by_name);
	INIT_HLIST_NODE(&port->by_mac);
	INIT_LIST_HEAD(&port->changed);
	return 0;
}

void vmnet_port_free(struct vmnet_port *port)
{
	/* Nobody's any more. */
	kfree(rcu_dereference_protected(port->vlan, true));
	kfree(rcu_dereference_protected(port->dhcp.pool, true));
	kfree(port->xdp);
	free_percpu(port->pcpu);
	port->pcpu = NULL;
}

bool vmnet_port_name_ok(const char *name, struct netlink_ext_ack *extack)
{
	const char *c;

	if (!*name || *name == '-' || !strcmp(name, ".") ||
	    !strcmp(name, "..")) {
		NL_SET_ERR_MSG(extack,
			       "A name must not be empty, '.' or '..', nor begin with '-'");
		return false;
	}
	for (c = name; *c; c++) {
		if (isascii(*c) && (isalnum(*c) || strchr("._:@+-", *c)))
			continue;
		NL_SET_ERR_MSG(extack,
			       "A name is made of letters, digits and . _ : @ + -");
		return false;
	}
	return true;
}

static u32 vmnet_port_name_hash(const struct net *home, const char *name)
{
	return full_name_hash(home, name, strlen(name));
}

struct vmnet_port *vmnet_port_find(const struct net *home, const char *name)
{
	struct vmnet_port *port;

	ASSERT_RTNL();

	hash_for_each_possible(vmnet_port_names, port, by_name,
			       vmnet_port_name_hash(home, name))
		if (port->home == home && !strcmp(port->name, name))
			return port;
	return NULL;
}

int vmnet_port_number(struct vmnet_port *port)
{
	struct vmnet_ns *ns = vmnet_ns(port->home);
	int err;

	ASSERT_RTNL();

	err = xa_alloc_cyclic(&ns->ports, &port->id, port, xa_limit_31b,
			      &ns->next_port_id, GFP_KERNEL);
	return min(err, 0);
}

ALLOW_ERROR_INJECTION(vmnet_port_number, ERRNO);

/* Whether a port may have a good name. In a network's folder in /sys its uplink
 * is beside the ports.
 */
static int vmnet_port_check_name(const struct net *home, const char *name,
				 struct netlink_ext_ack *extack)
{
	if (!strcmp(name, VMNET_UPLINK_NAME)) {
		NL_SET_ERR_MSG(extack,
			       "The uplink of each network is called uplink: a port needs another name");
		return -EINVAL;
	}
	if (vmnet_port_find(home, name)) {
		NL_SET_ERR_MSG_FMT(extack, "There is a port %s already", name);
		return -EEXIST;
	}
	return 0;
}

int vmnet_port_register(struct vmnet_port *port,
			struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();

	err = vmnet_port_check_name(port->home, port->name, extack);
	if (err)
		return err;
	err = vmnet_port_number(port);
	if (err)
		return err;
	hash_add(vmnet_port_names, &port->by_name,
		 vmnet_port_name_hash(port->home, port->name));
	if (vmnet_port_is_nic(port))
		vmnet_mac_list(port);
	vmnet_reservations_port_came(port);
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_port_register, ERRNO);

void vmnet_port_unregister(struct vmnet_port *port)
{
	ASSERT_RTNL();

	if (vmnet_port_is_registered(port)) {
		vmnet_reservations_port_went(port);
		hash_del(&port->by_name);
		vmnet_mac_unlist(port);
	}
	if (port->id)
		xa_erase(&vmnet_ns(port->home)->ports, port->id);
}

static void vmnet_port_rename_to(struct vmnet_port *port, const char *name)
{
	vmnet_reservations_port_went(port);
	hash_del(&port->by_name);
	/* What tells of a lease right now may show a mixture of both names. */
	strscpy(port->name, name, sizeof(port->name));
	hash_add(vmnet_port_names, &port->by_name,
		 vmnet_port_name_hash(port->home, port->name));
	vmnet_reservations_port_came(port);
}

int vmnet_port_rename(struct vmnet_port *port, const char *name,
		      struct netlink_ext_ack *extack)
{
	char old[VMNET_PORT_NAME_MAX + 1];
	int err;

	ASSERT_RTNL();

	if (!strcmp(port->name, name))
		return 0;
	if (!vmnet_port_name_ok(name, extack))
		return -EINVAL;
	err = vmnet_port_check_name(port->home, name, extack);
	if (err)
		return err;
	err = vmnet_sysfs_port_rename(port, name);
	if (err) {
		NL_SET_ERR_MSG(extack, "The port's /sys folder cannot be renamed");
		return err;
	}
	strscpy(old, port->name, sizeof(old));
	vmnet_port_rename_to(port, name);
	err = vmnet_tap_renamed(port, extack);
	if (err) {
		vmnet_port_rename_to(port, old);
		vmnet_sysfs_port_rename(port, old);
	}
	return err;
}

enum vmnet_port_state vmnet_port_state(const struct vmnet_port *port)
{
	if (!rcu_access_pointer(port->network))
		return VMNET_PORT_STATE_DETACHED;
	if (!(port->dev->flags & IFF_UP) || !netif_carrier_ok(port->dev))
		return VMNET_PORT_STATE_DOWN;
	if (port->type == VMNET_PORT_TYPE_TAP && !vmnet_tap_queues_open(port))
		return VMNET_PORT_STATE_DOWN;
	return VMNET_PORT_STATE_UP;
}

void vmnet_port_update_carrier(struct vmnet_port *port)
{
	const struct vmnet_network *nw = rtnl_dereference(port->network);

	if (!vmnet_port_is_nic(port))
		return;
	if (nw && nw->up && vmnet_uplink_allows_carrier(nw))
		netif_carrier_on(port->dev);
	else
		netif_carrier_off(port->dev);
}

/* Whoever stacks on the netdev may veto it, and its XDP program; then larger frames
 * are dropped, and counted so.
 */
void vmnet_port_update_mtu(struct vmnet_port *port)
{
	const struct vmnet_network *nw = rtnl_dereference(port->network);

	ASSERT_RTNL();

	if (!vmnet_port_is_nic(port) || !nw || port->mtu ||
	    port->dev->mtu == nw->mtu || nw->mtu > port->dev->max_mtu)
		return;
	port->mtu_following = true;
	dev_set_mtu(port->dev, nw->mtu);
	port->mtu_following = false;
}

/* What is in force for a port in a network, or in none. */
static u32 vmnet_port_policy(const struct vmnet_port *port,
			     struct vmnet_network *nw)
{
	u32 policy = 0;

	/* A server behind a port harms nobody where there is no other. */
	if (nw && port->guard_dhcp &&
	    (vmnet_dhcp_enabled(nw) || rcu_access_pointer(nw->uplink)))
		policy |= VMNET_POLICY_GUARD_DHCP;
	if (nw && nw->vlan_aware)
		policy |= VMNET_POLICY_VLAN;
	if (port->loop_hold)
		policy |= VMNET_POLICY_LOOP_HOLD;
	if (vmnet_xdp_is_on(port))
		policy |= VMNET_POLICY_XDP;
	return policy;
}

void vmnet_port_policy_for(struct vmnet_port *port, struct vmnet_network *nw)
{
	ASSERT_RTNL();
	WRITE_ONCE(port->policy, vmnet_port_policy(port, nw));
}

void vmnet_port_update_policy(struct vmnet_port *port)
{
	vmnet_port_policy_for(port, rtnl_dereference(port->network));
}

void vmnet_network_carrier(struct vmnet_network *nw)
{
	struct vmnet_port *port;

	ASSERT_RTNL();
	list_for_each_entry(port, &nw->receivers, receivers)
		vmnet_port_update_carrier(port);
}

void vmnet_network_mtu(struct vmnet_network *nw)
{
	struct vmnet_port *port;

	ASSERT_RTNL();
	list_for_each_entry(port, &nw->receivers, receivers)
		vmnet_port_update_mtu(port);
}

void vmnet_network_policy(struct vmnet_network *nw)
{
	struct vmnet_port *port;

	ASSERT_RTNL();
	list_for_each_entry(port, &nw->receivers, receivers)
		vmnet_port_update_policy(port);
}

/* Ports that take what is unknown stand before the others, so that a walk can
 * end there.
 */
static void vmnet_port_enlist(struct vmnet_port *port, struct vmnet_network *nw)
{
	if (vmnet_port_takes_unknown(port))
		list_add_rcu(&port->receivers, &nw->receivers);
	else
		list_add_tail_rcu(&port->receivers, &nw->receivers);
	if (port->learning) {
		WRITE_ONCE(nw->learners, nw->learners + 1);
		vmnet_fdb_start_ageing(nw);
		vmnet_uplink_update_promiscuity(nw);
	}
	if (rcu_access_pointer(port->vlan))
		nw->vlan_ports++;
}

static void vmnet_port_delist(struct vmnet_port *port, struct vmnet_network *nw)
{
	list_del_rcu(&port->receivers);
	if (port->learning) {
		WRITE_ONCE(nw->learners, nw->learners - 1);
		vmnet_uplink_update_promiscuity(nw);
	}
	if (rcu_access_pointer(port->vlan))
		nw->vlan_ports--;
}

void vmnet_port_set_learning(struct vmnet_port *port, bool on)
{
	struct vmnet_network *nw = rtnl_dereference(port->network);

	ASSERT_RTNL();

	if (port->learning == on)
		return;
	if (!nw) {
		port->learning = on;
		return;
	}
	/* Out of the list while it changes its place: a walk on its way must
	 * be over before the list goes on elsewhere.
	 */
	vmnet_port_delist(port, nw);
	synchronize_net();
	WRITE_ONCE(port->learning, on);
	if (!on) {
		synchronize_net();
		vmnet_fdb_flush_port(nw, port, BIT(VMNET_FDB_KIND_LEARNED));
	}
	vmnet_port_enlist(port, nw);
}

/* What is an own address of the port: a borrowed netdev's is its owner's, an
 * uplink's is the host's, who is to be found there.
 */
static int vmnet_port_add_own(struct vmnet_port *port, struct vmnet_network *nw,
			      struct netlink_ext_ack *extack)
{
	int err;

	if (port->type == VMNET_PORT_TYPE_DEV)
		return 0;
	err = vmnet_fdb_add(nw, port, port->dev->dev_addr, 0,
			    VMNET_FDB_KIND_OWN, false, extack);
	if (err || !vmnet_port_is_nic(port))
		return err;
	err = vmnet_fdb_sync_port(nw, port);
	if (err)
		NL_SET_ERR_MSG(extack,
			       "No memory for the port's further addresses");
	return err;
}

/* All reasons why a port is not plugged into a network; a netdev of others
 * was looked at before it became one.
 */
static int vmnet_port_check(struct vmnet_port *port, struct vmnet_network *nw,
			    struct netlink_ext_ack *extack)
{
	const struct vmnet_vlan *vlan = rtnl_dereference(port->vlan);
	int err = 0;

	if (!vmnet_port_is_nic(port))
		return 0;
	if (vlan)
		err = vmnet_uplink_check_port(nw, vlan, extack);
	if (err)
		return err;
	err = vmnet_cycle_check_attach(nw, port->dev, extack);
	if (err)
		return err;
	return vmnet_fdb_check(nw, port, port->dev->dev_addr, extack);
}

int vmnet_port_attach(struct vmnet_port *port, struct vmnet_network *nw,
		      struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();

	if (port->attached) {
		NL_SET_ERR_MSG_FMT(extack, "Port %s is attached to %s already",
				   port->name, netdev_name(port->attached->dev));
		return -EBUSY;
	}
	err = vmnet_port_check(port, nw, extack);
	if (err)
		return err;
	err = vmnet_sysfs_port_add(nw, port);
	if (err) {
		NL_SET_ERR_MSG(extack, "No memory for the port's /sys folder");
		return err;
	}

	/* Before the first frame can find the port: its counts, its tags, and
	 * what it may not send.
	 */
	vmnet_stats_join(nw, port);
	vmnet_vlan_expect(nw, rtnl_dereference(port->vlan));
	vmnet_port_policy_for(port, nw);
	err = vmnet_port_add_own(port, nw, extack);
	if (err)
		goto err_fdb;

	port->attached = nw;
	if (port->type != VMNET_PORT_TYPE_UPLINK)
		WRITE_ONCE(nw->ports_attached, nw->ports_attached + 1);
	rcu_assign_pointer(port->network, nw);
	vmnet_port_enlist(port, nw);
	vmnet_vlan_update(nw);
	vmnet_port_update_mtu(port);
	vmnet_port_update_carrier(port);
	return 0;

err_fdb:
	/* Frames to one of the addresses have perhaps found the port. */
	vmnet_fdb_flush_port(nw, port, VMNET_FDB_ALL_KINDS);
	synchronize_net();
	vmnet_queue_purge(port);
	vmnet_port_policy_for(port, NULL);
	vmnet_vlan_update(nw);
	vmnet_stats_leave(nw, port);
	vmnet_sysfs_port_del(port);
	return err;
}

ALLOW_ERROR_INJECTION(vmnet_port_attach, ERRNO);

void vmnet_port_unpublish(struct vmnet_port *port)
{
	ASSERT_RTNL();

	if (!rcu_access_pointer(port->network))
		return;
	/* First the pointer: what is learned later sees that, under the lock
	 * under which the rest is flushed.
	 */
	RCU_INIT_POINTER(port->network, NULL);
	vmnet_fdb_flush_port(port->attached, port, VMNET_FDB_ALL_KINDS);
	vmnet_port_delist(port, port->attached);
	vmnet_port_update_carrier(port);
	vmnet_vlan_update(port->attached);
}

void vmnet_port_settle(struct vmnet_port *port)
{
	struct vmnet_network *nw = port->attached;

	ASSERT_RTNL();

	if (!nw)
		return;
	/* Not sooner: a frame that had found it must still be judged by it. */
	vmnet_port_policy_for(port, NULL);
	vmnet_queue_purge(port);
	vmnet_stats_leave(nw, port);
	vmnet_sysfs_port_del(port);
	port->attached = NULL;
	if (port->type != VMNET_PORT_TYPE_UPLINK)
		WRITE_ONCE(nw->ports_attached, nw->ports_attached - 1);
}

void vmnet_port_detach(struct vmnet_port *port)
{
	vmnet_port_unpublish(port);
	synchronize_net();
	vmnet_port_settle(port);
}

int vmnet_port_move(struct vmnet_port *port, struct vmnet_network *nw,
		    struct netlink_ext_ack *extack)
{
	struct vmnet_network *old = port->attached;
	int err;

	ASSERT_RTNL();

	if (!old) {
		NL_SET_ERR_MSG_FMT(extack, "Port %s is not attached",
				   port->name);
		return -ENOTCONN;
	}
	if (old == nw)
		return 0;
	err = vmnet_port_check(port, nw, extack);
	if (err)
		return err;

	vmnet_port_detach(port);
	err = vmnet_port_attach(port, nw, extack);
	if (err) /* No memory: what was just freed is most likely to be had. */
		vmnet_port_attach(port, old, NULL);
	return err;
}

int vmnet_port_set_address(struct vmnet_port *port, void *addr)
{
	struct vmnet_network *nw = rtnl_dereference(port->network);
	struct net_device *dev = port->dev;
	const struct sockaddr *sa = addr;
	u8 old[ETH_ALEN];
	int err;

	ASSERT_RTNL();

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	ether_addr_copy(old, dev->dev_addr);

	/* The new one is in the table before a frame is sent from it, and the
	 * old one until none is.
	 */
	if (nw) {
		err = vmnet_fdb_add(nw, port, sa->sa_data, 0,
				    VMNET_FDB_KIND_OWN, false, NULL);
		if (err)
			return err;
	}
	vmnet_mac_unlist(port);
	eth_hw_addr_set(dev, sa->sa_data);
	vmnet_mac_list(port);
	port->mac_auto = false;
	if (nw)
		vmnet_fdb_sync_port(nw, port);
	return 0;
}

/* Ports whose netdev's list of addresses has changed. One work for all, which
 * a port leaves under RTNL: a work of its own would have to hold the netdev,
 * whose removal could then not wait for it.
 */
static DEFINE_SPINLOCK(vmnet_changed_lock); /* protects vmnet_changed; BH */
static LIST_HEAD(vmnet_changed);

static struct vmnet_port *vmnet_changed_take(void)
{
	struct vmnet_port *port;

	spin_lock_bh(&vmnet_changed_lock);
	port = list_first_entry_or_null(&vmnet_changed, struct vmnet_port,
					changed);
	if (port)
		list_del_init(&port->changed);
	spin_unlock_bh(&vmnet_changed_lock);
	return port;
}

static void vmnet_changed_work(struct work_struct *work)
{
	struct vmnet_network *nw;
	struct vmnet_port *port;

	rtnl_lock();
	while ((port = vmnet_changed_take())) {
		nw = rtnl_dereference(port->network);
		if (nw)
			vmnet_fdb_sync_port(nw, port);
	}
	rtnl_unlock();
}

static DECLARE_WORK(vmnet_changed_works, vmnet_changed_work);

void vmnet_port_addresses_changed(struct vmnet_port *port)
{
	if (!rcu_access_pointer(port->network))
		return;

	spin_lock_bh(&vmnet_changed_lock);
	if (list_empty(&port->changed))
		list_add_tail(&port->changed, &vmnet_changed);
	spin_unlock_bh(&vmnet_changed_lock);
	schedule_work(&vmnet_changed_works);
}

void vmnet_port_forget_change(struct vmnet_port *port)
{
	ASSERT_RTNL();

	spin_lock_bh(&vmnet_changed_lock);
	list_del_init(&port->changed);
	spin_unlock_bh(&vmnet_changed_lock);
}

void vmnet_port_exit(void)
{
	cancel_work_sync(&vmnet_changed_works);
}

/* Whether a frame was lost on its way to the port's owner, not from it. */
static bool vmnet_port_reason_is_rx(enum vmnet_drop_reason reason)
{
	return reason == VMNET_DROP_QUEUE_FULL ||
	       reason == VMNET_DROP_PORT_DOWN;
}

void vmnet_port_stats64(const struct vmnet_port *port,
			struct rtnl_link_stats64 *stats)
{
	u64 xdp[VMNET_XDP_COUNTS];
	struct vmnet_totals sum;
	unsigned int i;

	vmnet_port_totals(port, &sum);
	vmnet_totals_own(&sum);
	stats->tx_packets = sum.rx_frames;
	stats->tx_bytes = sum.rx_bytes;
	stats->rx_packets = sum.tx_frames;
	stats->rx_bytes = sum.tx_bytes;
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		if (vmnet_port_reason_is_rx(i))
			stats->rx_dropped += sum.dropped[i];
		else
			stats->tx_dropped += sum.dropped[i];
	vmnet_xdp_counts(port, xdp);
	stats->rx_dropped += xdp[VMNET_XDP_ERROR];
}
