// SPDX-License-Identifier: GPL-2.0-only
/* Forwarding database: which port has which address.
 *
 * DOC: Who writes it
 *
 * Own, server and static entries come and go under RTNL. Learned ones come on a
 * frame's way and go by age. All of them are entered and removed under
 * network->fdb_lock, so that the table, a port's list and the counts agree;
 * nothing on the way of a frame takes it unless a station is new.
 */

#include <linux/error-injection.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fdb.h"
#include "loop.h"
#include "uplink.h"

static inline int vmnet_fdb_cmp(struct rhashtable_compare_arg *arg,
				const void *obj)
{
	const struct vmnet_fdb_entry *entry = obj;

	return entry->key != *(const u64 *)arg->key;
}

static const struct rhashtable_params vmnet_fdb_params = {
	.head_offset = offsetof(struct vmnet_fdb_entry, node),
	.key_offset = offsetof(struct vmnet_fdb_entry, key),
	.key_len = sizeof(u64),
	.hashfn = vmnet_fdb_hash,
	.obj_cmpfn = vmnet_fdb_cmp,
	.automatic_shrinking = true,
};

/* Under RTNL an entry stays, unless it is a learned one. */
static struct vmnet_fdb_entry *vmnet_fdb_peek(const struct vmnet_network *nw,
					      const u8 *addr, u16 vid)
{
	struct vmnet_fdb_entry *entry;

	ASSERT_RTNL();

	rcu_read_lock();
	entry = vmnet_fdb_find(nw, addr, vid);
	if (entry && entry->kind == VMNET_FDB_KIND_LEARNED)
		entry = NULL;
	rcu_read_unlock();
	return entry;
}

struct vmnet_fdb_entry *vmnet_fdb_find_moving(const struct vmnet_network *nw,
					      u64 key)
{
	return rhashtable_lookup((struct rhashtable *)&nw->fdb, &key,
				 vmnet_fdb_params);
}

struct vmnet_fdb_entry *vmnet_fdb_find_vlan(const struct vmnet_network *nw,
					    const u8 *addr, u16 vid)
{
	return vmnet_fdb_find_exact(nw, addr, vid);
}

int vmnet_fdb_check(const struct vmnet_network *nw,
		    const struct vmnet_port *port, const u8 *addr,
		    struct netlink_ext_ack *extack)
{
	const struct vmnet_fdb_entry *entry;

	if (!is_valid_ether_addr(addr)) {
		NL_SET_ERR_MSG(extack,
			       "A port's address must be a unicast address and not zero");
		return -EADDRNOTAVAIL;
	}

	entry = vmnet_fdb_peek(nw, addr, 0);
	if (!entry || entry->port == port)
		return 0;

	switch (entry->port->type) {
	case VMNET_PORT_TYPE_SERVER:
		NL_SET_ERR_MSG(extack,
			       "The network's DHCP server has this address");
		break;
	case VMNET_PORT_TYPE_HOST:
		NL_SET_ERR_MSG(extack,
			       "The host has this address in the network");
		break;
	case VMNET_PORT_TYPE_UPLINK:
		NL_SET_ERR_MSG_FMT(extack, "The uplink %s has this address",
				   netdev_name(entry->port->dev));
		break;
	default:
		NL_SET_ERR_MSG_FMT(extack,
				   "Port %s of the network has this address",
				   entry->port->name);
	}
	return -EADDRINUSE;
}

/* Marked, for they are shown without the lock. */
static void vmnet_fdb_learned(struct vmnet_port *port, int n)
{
	WRITE_ONCE(port->learned, port->learned + n);
}

static void vmnet_fdb_not_learned(struct vmnet_port *port)
{
	WRITE_ONCE(port->not_learned, port->not_learned + 1);
}

static int vmnet_fdb_insert(struct vmnet_network *nw,
			    struct vmnet_fdb_entry *entry)
{
	struct vmnet_port *port = entry->port;
	int err;

	lockdep_assert_held(&nw->fdb_lock);

	err = rhashtable_insert_fast(&nw->fdb, &entry->node, vmnet_fdb_params);
	if (err)
		return err;
	list_add_tail(&entry->siblings, &port->addresses);
	atomic_inc(&nw->fdb_entries);
	if (entry->kind == VMNET_FDB_KIND_LEARNED)
		vmnet_fdb_learned(port, 1);
	return 0;
}

/* A frame on its way may hold the entry, and by it the port: the port's
 * settling waits for it, and the memory of the entry does.
 */
static void vmnet_fdb_remove(struct vmnet_network *nw,
			     struct vmnet_fdb_entry *entry,
			     struct list_head *filtered)
{
	lockdep_assert_held(&nw->fdb_lock);

	rhashtable_remove_fast(&nw->fdb, &entry->node, vmnet_fdb_params);
	list_del(&entry->siblings);
	atomic_dec(&nw->fdb_entries);
	if (entry->kind == VMNET_FDB_KIND_LEARNED)
		vmnet_fdb_learned(entry->port, -1);
	if (entry->filtered)
		list_add(&entry->siblings, filtered);
	else
		kfree_rcu(entry, rcu);
}

/* Under the lock, so it stays. */
static struct vmnet_fdb_entry *vmnet_fdb_locked(struct vmnet_network *nw,
						const u8 *addr, u16 vid)
{
	struct vmnet_fdb_entry *entry;

	lockdep_assert_held(&nw->fdb_lock);

	rcu_read_lock();
	entry = vmnet_fdb_find(nw, addr, vid);
	rcu_read_unlock();
	return entry;
}

static bool vmnet_fdb_is_filterable(const struct vmnet_fdb_entry *entry)
{
	return entry->kind != VMNET_FDB_KIND_LEARNED &&
	       entry->port->type != VMNET_PORT_TYPE_UPLINK;
}

bool vmnet_fdb_next_filter(struct vmnet_network *nw, struct vmnet_port *port,
			   bool on, u8 *addr)
{
	struct vmnet_fdb_entry *entry;
	bool found = false;

	ASSERT_RTNL();

	spin_lock_bh(&nw->fdb_lock);
	list_for_each_entry(entry, &port->addresses, siblings) {
		if (entry->filtered == on || !vmnet_fdb_is_filterable(entry))
			continue;
		entry->filtered = on;
		vmnet_fdb_key_addr(entry->key, addr);
		found = true;
		break;
	}
	spin_unlock_bh(&nw->fdb_lock);
	return found;
}

/* What was removed under the lock, and is now out of the filter: those stand in
 * a list, for the filter has locks of its own.
 */
static void vmnet_fdb_free_filtered(struct vmnet_network *nw,
				    struct list_head *gone)
{
	struct vmnet_fdb_entry *entry, *next;
	u8 addr[ETH_ALEN];

	list_for_each_entry_safe(entry, next, gone, siblings) {
		vmnet_fdb_key_addr(entry->key, addr);
		vmnet_uplink_filter(nw, addr, false);
		kfree_rcu(entry, rcu);
	}
}

int vmnet_fdb_add(struct vmnet_network *nw, struct vmnet_port *port,
		  const u8 *addr, u16 vid, enum vmnet_fdb_kind kind,
		  bool sticky, struct netlink_ext_ack *extack)
{
	struct vmnet_fdb_entry *entry, *old;
	int err;

	ASSERT_RTNL();

	err = vmnet_fdb_check(nw, port, addr, extack);
	if (err)
		return err;
	if (vmnet_fdb_peek(nw, addr, vid))
		return 0;
	if (atomic_read(&nw->fdb_entries) >= VMNET_FDB_LIMIT) {
		NL_SET_ERR_MSG(extack,
			       "The network's forwarding table is full");
		return -ENOSPC;
	}

	entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	if (!entry)
		return -ENOMEM;
	entry->key = vmnet_fdb_key(addr, vid);
	entry->port = port;
	entry->kind = kind;
	entry->sticky = sticky;

	spin_lock_bh(&nw->fdb_lock);
	/* A learned one; those are in no filter. */
	old = vmnet_fdb_locked(nw, addr, vid);
	if (old)
		vmnet_fdb_remove(nw, old, NULL);
	err = vmnet_fdb_insert(nw, entry);
	spin_unlock_bh(&nw->fdb_lock);
	if (err) {
		kfree(entry);
		return err;
	}
	/* RTNL keeps it. */
	if (vmnet_fdb_is_filterable(entry) && vmnet_uplink_dev(nw)) {
		entry->filtered = true;
		vmnet_uplink_filter(nw, addr, true);
	}
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_fdb_add, ERRNO);

int vmnet_fdb_del(struct vmnet_network *nw, const struct vmnet_port *port,
		  const u8 *addr, u16 vid, unsigned long kinds)
{
	struct vmnet_fdb_entry *entry;
	LIST_HEAD(filtered);
	int err = 0;

	ASSERT_RTNL();

	spin_lock_bh(&nw->fdb_lock);
	entry = vmnet_fdb_locked(nw, addr, vid);
	if (!entry || (port && entry->port != port))
		err = -ENOENT;
	else if (!(kinds & BIT(entry->kind)))
		err = -EPERM;
	else
		vmnet_fdb_remove(nw, entry, &filtered);
	spin_unlock_bh(&nw->fdb_lock);
	vmnet_fdb_free_filtered(nw, &filtered);
	return err;
}

/* Frames of new stations wait for the lock, and BHs for us. */
#define VMNET_FDB_BATCH	1024

/* Whether there may be more. */
static bool vmnet_fdb_flush_batch(struct vmnet_network *nw,
				  struct vmnet_port *port, unsigned long kinds)
{
	struct vmnet_fdb_entry *entry, *next;
	unsigned int left = VMNET_FDB_BATCH;
	LIST_HEAD(filtered);

	spin_lock_bh(&nw->fdb_lock);
	list_for_each_entry_safe(entry, next, &port->addresses, siblings) {
		if (!(kinds & BIT(entry->kind)))
			continue;
		vmnet_fdb_remove(nw, entry, &filtered);
		if (!--left)
			break;
	}
	spin_unlock_bh(&nw->fdb_lock);
	vmnet_fdb_free_filtered(nw, &filtered);
	return !left;
}

/* New ones are at the end: those that were there are gone after so many
 * batches, however fast stations come. One more is for what other CPUs are
 * entering right now.
 */
void vmnet_fdb_flush_port(struct vmnet_network *nw, struct vmnet_port *port,
			  unsigned long kinds)
{
	unsigned int batches = atomic_read(&nw->fdb_entries) / VMNET_FDB_BATCH;

	ASSERT_RTNL();

	for (batches += 2; batches; batches--) {
		if (!vmnet_fdb_flush_batch(nw, port, kinds))
			break;
		cond_resched();
	}
}

void vmnet_fdb_flush(struct vmnet_network *nw, unsigned long kinds)
{
	struct vmnet_port *port;

	ASSERT_RTNL();

	list_for_each_entry(port, &nw->members, members)
		vmnet_fdb_flush_port(nw, port, kinds);
}

/* In its place, so that it cannot fail halfway, and no frame comes between.
 * One who has read the old port takes the frame there, as if it had been
 * earlier.
 */
static void vmnet_fdb_move_static(struct vmnet_network *nw,
				  struct vmnet_fdb_entry *entry,
				  struct vmnet_port *port, bool sticky)
{
	u8 addr[ETH_ALEN];
	bool filtered;

	ASSERT_RTNL();

	spin_lock_bh(&nw->fdb_lock);
	WRITE_ONCE(entry->port, port);
	WRITE_ONCE(entry->sticky, sticky);
	list_move_tail(&entry->siblings, &port->addresses);
	filtered = vmnet_fdb_is_filterable(entry) && vmnet_uplink_dev(nw);
	swap(entry->filtered, filtered);
	spin_unlock_bh(&nw->fdb_lock);

	/* RTNL keeps it. */
	if (entry->filtered != filtered) {
		vmnet_fdb_key_addr(entry->key, addr);
		vmnet_uplink_filter(nw, addr, entry->filtered);
	}
}

int vmnet_fdb_set_static(struct vmnet_network *nw, struct vmnet_port *port,
			 const u8 *addr, u16 vid, bool sticky, bool replace,
			 struct netlink_ext_ack *extack)
{
	struct vmnet_fdb_entry *old = vmnet_fdb_peek(nw, addr, vid);

	if (old && old->kind == VMNET_FDB_KIND_STATIC) {
		if (!replace) {
			NL_SET_ERR_MSG(extack,
				       "The address is in the table already");
			return -EEXIST;
		}
		vmnet_fdb_move_static(nw, old, port, sticky);
		return 0;
	}
	if (old && old->port == port) {
		NL_SET_ERR_MSG(extack, "The address is the port's own");
		return -EEXIST;
	}
	return vmnet_fdb_add(nw, port, addr, vid, VMNET_FDB_KIND_STATIC, sticky,
			     extack);
}

/* Learning */

static void vmnet_fdb_learn_new(struct vmnet_network *nw,
				struct vmnet_port *port, const u8 *addr,
				u16 vid)
{
	struct vmnet_fdb_entry *entry;

	spin_lock(&nw->fdb_lock);
	if (vmnet_fdb_locked(nw, addr, vid))
		goto unlock; /* by another CPU, meanwhile */
	/* Unplugged meanwhile: its addresses were flushed already. */
	if (rcu_access_pointer(port->network) != nw)
		goto unlock;
	if (port->learned >= READ_ONCE(port->learn_limit) ||
	    atomic_read(&nw->fdb_entries) >= VMNET_FDB_LIMIT) {
		vmnet_fdb_not_learned(port);
		goto unlock;
	}
	entry = kzalloc(sizeof(*entry), GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		goto unlock;
	entry->key = vmnet_fdb_key(addr, vid);
	entry->port = port;
	entry->kind = VMNET_FDB_KIND_LEARNED;
	entry->updated = jiffies;
	if (vmnet_fdb_insert(nw, entry))
		kfree(entry);
unlock:
	spin_unlock(&nw->fdb_lock);
}

/* A station that was behind another port a moment ago. */
static void vmnet_fdb_learn_move(struct vmnet_network *nw,
				 struct vmnet_port *port, const u8 *addr,
				 u16 vid)
{
	struct vmnet_fdb_entry *entry;

	spin_lock(&nw->fdb_lock);
	entry = vmnet_fdb_locked(nw, addr, vid);
	if (!entry || entry->kind != VMNET_FDB_KIND_LEARNED ||
	    entry->port == port || rcu_access_pointer(port->network) != nw)
		goto unlock; /* by another CPU, or unplugged, meanwhile */
	if (port->learned >= READ_ONCE(port->learn_limit)) {
		vmnet_fdb_not_learned(port);
		goto unlock;
	}
	vmnet_fdb_learned(entry->port, -1);
	vmnet_fdb_learned(port, 1);
	WRITE_ONCE(entry->port, port);
	WRITE_ONCE(entry->updated, jiffies);
	list_move_tail(&entry->siblings, &port->addresses);
unlock:
	spin_unlock(&nw->fdb_lock);
}

/* A frame from an address that is not where it should be. */
static unsigned int vmnet_fdb_misplaced(struct vmnet_network *nw,
					struct vmnet_port *port,
					const struct vmnet_fdb_entry *entry)
{
	if (entry->kind == VMNET_FDB_KIND_STATIC)
		return READ_ONCE(entry->sticky) ? VMNET_DROP_STICKY :
						  VMNET_DROP_REASONS;
	/* One of ours, come back from outside. */
	vmnet_loop_seen(nw, port, entry);
	return VMNET_DROP_LOOP;
}

unsigned int vmnet_fdb_learn(struct vmnet_network *nw, struct vmnet_port *port,
			     const u8 *addr, u16 vid)
{
	struct vmnet_fdb_entry *entry = vmnet_fdb_find(nw, addr, vid);
	unsigned long now = jiffies;

	if (unlikely(!entry)) {
		vmnet_fdb_learn_new(nw, port, addr, vid);
		return VMNET_DROP_REASONS;
	}
	if (likely(READ_ONCE(entry->port) == port)) {
		if (READ_ONCE(entry->updated) != now)
			WRITE_ONCE(entry->updated, now);
		return VMNET_DROP_REASONS;
	}
	if (entry->kind != VMNET_FDB_KIND_LEARNED)
		return vmnet_fdb_misplaced(nw, port, entry);
	vmnet_fdb_learn_move(nw, port, addr, vid);
	return VMNET_DROP_REASONS;
}

unsigned int vmnet_fdb_outside(struct vmnet_network *nw,
			       struct vmnet_port *port, const u8 *addr,
			       u16 vid)
{
	struct vmnet_fdb_entry *entry = vmnet_fdb_find(nw, addr, vid);

	if (likely(!entry) || READ_ONCE(entry->port) == port)
		return VMNET_DROP_REASONS;
	if (entry->kind != VMNET_FDB_KIND_LEARNED)
		return vmnet_fdb_misplaced(nw, port, entry);

	spin_lock(&nw->fdb_lock);
	if (vmnet_fdb_locked(nw, addr, vid) == entry)
		vmnet_fdb_remove(nw, entry, NULL);
	spin_unlock(&nw->fdb_lock);
	return VMNET_DROP_REASONS;
}

/* Ageing */

static unsigned long vmnet_fdb_gc_period(const struct vmnet_network *nw)
{
	return max(READ_ONCE(nw->ageing) * HZ / 4UL, (unsigned long)HZ);
}

static void vmnet_fdb_expire(struct vmnet_network *nw,
			     struct vmnet_fdb_entry *entry)
{
	unsigned long ageing = READ_ONCE(nw->ageing) * (unsigned long)HZ;
	u8 addr[ETH_ALEN];

	if (entry->kind != VMNET_FDB_KIND_LEARNED ||
	    time_before(jiffies, READ_ONCE(entry->updated) + ageing))
		return;

	/* It may be gone meanwhile, or replaced by one that is not learned. */
	vmnet_fdb_key_addr(entry->key, addr);
	spin_lock_bh(&nw->fdb_lock);
	if (vmnet_fdb_locked(nw, addr, vmnet_fdb_key_vid(entry->key)) == entry)
		vmnet_fdb_remove(nw, entry, NULL);
	spin_unlock_bh(&nw->fdb_lock);
}

static void vmnet_fdb_gc(struct work_struct *work)
{
	struct vmnet_network *nw = container_of(to_delayed_work(work),
						struct vmnet_network, fdb_gc);
	struct vmnet_fdb_entry *entry;
	struct rhashtable_iter iter;

	/* Started again by whoever changes that. */
	if (!READ_ONCE(nw->ageing) || !READ_ONCE(nw->learners))
		return;

	rhashtable_walk_enter(&nw->fdb, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		/* The table is being resized; what is missed is old next time. */
		if (IS_ERR(entry))
			continue;
		vmnet_fdb_expire(nw, entry);
		if (need_resched()) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	queue_delayed_work(system_long_wq, &nw->fdb_gc, vmnet_fdb_gc_period(nw));
}

void vmnet_fdb_start_ageing(struct vmnet_network *nw)
{
	ASSERT_RTNL();

	if (nw->ageing && nw->learners)
		mod_delayed_work(system_long_wq, &nw->fdb_gc,
				 vmnet_fdb_gc_period(nw));
}

void vmnet_fdb_set_ageing(struct vmnet_network *nw, u32 seconds)
{
	ASSERT_RTNL();

	WRITE_ONCE(nw->ageing, seconds);
	vmnet_fdb_start_ageing(nw);
}

/* The list of a netdev is under a lock in which nothing can be allocated, so
 * it is copied out first: to here, under RTNL, since what was taken off the list
 * must go, whether or not there is memory.
 */
static u8 vmnet_fdb_collected[VMNET_PORT_ADDRESSES + 1][ETH_ALEN];

static unsigned int vmnet_fdb_collect(struct net_device *dev)
{
	u8 (*addrs)[ETH_ALEN] = vmnet_fdb_collected;
	struct netdev_hw_addr *ha;
	unsigned int n = 0;

	ether_addr_copy(addrs[n++], dev->dev_addr);

	netif_addr_lock_bh(dev);
	netdev_for_each_uc_addr(ha, dev) {
		if (n > VMNET_PORT_ADDRESSES)
			break;
		ether_addr_copy(addrs[n++], ha->addr);
	}
	netif_addr_unlock_bh(dev);
	return n;
}

static bool vmnet_fdb_wanted(const struct vmnet_fdb_entry *entry,
			     u8 (*addrs)[ETH_ALEN], unsigned int n)
{
	while (n--)
		if (entry->key == vmnet_fdb_key(addrs[n], 0))
			return true;
	return false;
}

int vmnet_fdb_sync_port(struct vmnet_network *nw, struct vmnet_port *port)
{
	u8 (*addrs)[ETH_ALEN] = vmnet_fdb_collected;
	struct vmnet_fdb_entry *entry, *next;
	LIST_HEAD(filtered);
	unsigned int i, n;
	int err = 0;

	ASSERT_RTNL();

	n = vmnet_fdb_collect(port->dev);

	spin_lock_bh(&nw->fdb_lock);
	list_for_each_entry_safe(entry, next, &port->addresses, siblings)
		if (entry->kind == VMNET_FDB_KIND_OWN &&
		    !vmnet_fdb_wanted(entry, addrs, n))
			vmnet_fdb_remove(nw, entry, &filtered);
	spin_unlock_bh(&nw->fdb_lock);
	vmnet_fdb_free_filtered(nw, &filtered);
	for (i = 0; i < n; i++)
		if (vmnet_fdb_add(nw, port, addrs[i], 0, VMNET_FDB_KIND_OWN,
				  false, NULL) == -ENOMEM)
			err = -ENOMEM;
	return err;
}

int vmnet_fdb_server_add(struct vmnet_network *nw, const u8 *mac,
			 struct netlink_ext_ack *extack)
{
	return vmnet_fdb_add(nw, &nw->server, mac, 0, VMNET_FDB_KIND_SERVER,
			     false, extack);
}

ALLOW_ERROR_INJECTION(vmnet_fdb_server_add, ERRNO);

void vmnet_fdb_server_del(struct vmnet_network *nw, const u8 *mac)
{
	vmnet_fdb_del(nw, &nw->server, mac, 0, BIT(VMNET_FDB_KIND_SERVER));
}

int vmnet_fdb_init(struct vmnet_network *nw)
{
	spin_lock_init(&nw->fdb_lock);
	INIT_DELAYED_WORK(&nw->fdb_gc, vmnet_fdb_gc);
	nw->ageing = VMNET_AGEING;
	return rhashtable_init(&nw->fdb, &vmnet_fdb_params);
}

/* The work takes no RTNL, so it can be waited for under it. */
void vmnet_fdb_stop(struct vmnet_network *nw)
{
	cancel_delayed_work_sync(&nw->fdb_gc);
}

/* Every port has taken its entries with it when a network is freed. */
void vmnet_fdb_destroy(struct vmnet_network *nw)
{
	rhashtable_destroy(&nw->fdb);
}
