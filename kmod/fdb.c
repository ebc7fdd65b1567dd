// SPDX-License-Identifier: GPL-2.0-only
/* Forwarding database: which port has which address. */

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "fdb.h"

/* Under RTNL, which keeps the entry: nobody else removes one. */
static struct vmnet_fdb_entry *vmnet_fdb_peek(const struct vmnet_network *nw,
					      const u8 *addr)
{
	struct vmnet_fdb_entry *entry;

	ASSERT_RTNL();

	rcu_read_lock();
	entry = vmnet_fdb_find(nw, addr);
	rcu_read_unlock();
	return entry;
}

int vmnet_fdb_check(const struct vmnet_network *nw,
		    const struct vmnet_port *port, const u8 *addr,
		    struct netlink_ext_ack *extack)
{
	const struct vmnet_fdb_entry *entry;

	ASSERT_RTNL();

	if (!is_valid_ether_addr(addr)) {
		NL_SET_ERR_MSG(extack,
			       "A port's address must be a unicast address and not zero");
		return -EADDRNOTAVAIL;
	}

	entry = vmnet_fdb_peek(nw, addr);
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
	default:
		NL_SET_ERR_MSG_FMT(extack,
				   "Port %s of the network has this address",
				   entry->port->name);
	}
	return -EADDRINUSE;
}

int vmnet_fdb_add(struct vmnet_network *nw, struct vmnet_port *port,
		  const u8 *addr, struct netlink_ext_ack *extack)
{
	struct vmnet_fdb_entry *entry;
	int err;

	ASSERT_RTNL();

	err = vmnet_fdb_check(nw, port, addr, extack);
	if (err)
		return err;
	if (vmnet_fdb_peek(nw, addr))
		return 0;
	if (atomic_read(&nw->fdb_entries) >= VMNET_FDB_LIMIT) {
		NL_SET_ERR_MSG(extack,
			       "The network's forwarding table is full");
		return -ENOSPC;
	}

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->key = vmnet_fdb_key(addr);
	entry->port = port;

	err = rhashtable_insert_fast(&nw->fdb, &entry->node, vmnet_fdb_params);
	if (err) {
		kfree(entry);
		return err;
	}
	list_add_tail(&entry->siblings, &port->addresses);
	atomic_inc(&nw->fdb_entries);
	return 0;
}

/* A frame on its way may hold the entry, and by it the port: the port's
 * settling waits for it, and the memory of the entry does.
 */
static void vmnet_fdb_remove(struct vmnet_network *nw,
			     struct vmnet_fdb_entry *entry)
{
	rhashtable_remove_fast(&nw->fdb, &entry->node, vmnet_fdb_params);
	list_del(&entry->siblings);
	atomic_dec(&nw->fdb_entries);
	kfree_rcu(entry, rcu);
}

void vmnet_fdb_del(struct vmnet_network *nw, struct vmnet_port *port,
		   const u8 *addr)
{
	struct vmnet_fdb_entry *entry;

	ASSERT_RTNL();

	entry = vmnet_fdb_peek(nw, addr);
	if (entry && entry->port == port)
		vmnet_fdb_remove(nw, entry);
}

void vmnet_fdb_flush_port(struct vmnet_network *nw, struct vmnet_port *port)
{
	struct vmnet_fdb_entry *entry, *next;

	ASSERT_RTNL();

	list_for_each_entry_safe(entry, next, &port->addresses, siblings)
		vmnet_fdb_remove(nw, entry);
}

/* The list of a netdev is under a lock in which nothing can be allocated, so
 * it is copied out first.
 */
static unsigned int vmnet_fdb_collect(struct net_device *dev,
				      u8 (*addrs)[ETH_ALEN])
{
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
		if (entry->key == vmnet_fdb_key(addrs[n]))
			return true;
	return false;
}

void vmnet_fdb_sync_port(struct vmnet_network *nw, struct vmnet_port *port)
{
	struct vmnet_fdb_entry *entry, *next;
	u8 (*addrs)[ETH_ALEN];
	unsigned int i, n;

	ASSERT_RTNL();

	addrs = kmalloc_array(VMNET_PORT_ADDRESSES + 1, ETH_ALEN, GFP_KERNEL);
	if (!addrs)
		return;
	n = vmnet_fdb_collect(port->dev, addrs);

	list_for_each_entry_safe(entry, next, &port->addresses, siblings)
		if (!vmnet_fdb_wanted(entry, addrs, n))
			vmnet_fdb_remove(nw, entry);
	for (i = 0; i < n; i++)
		vmnet_fdb_add(nw, port, addrs[i], NULL);
	kfree(addrs);
}

int vmnet_fdb_server_add(struct vmnet_network *nw, const u8 *mac,
			 struct netlink_ext_ack *extack)
{
	return vmnet_fdb_add(nw, &nw->server, mac, extack);
}

void vmnet_fdb_server_del(struct vmnet_network *nw, const u8 *mac)
{
	vmnet_fdb_del(nw, &nw->server, mac);
}

int vmnet_fdb_init(struct vmnet_network *nw)
{
	return rhashtable_init(&nw->fdb, &vmnet_fdb_params);
}

/* Every port has taken its entries with it when a network is freed. */
void vmnet_fdb_destroy(struct vmnet_network *nw)
{
	rhashtable_destroy(&nw->fdb);
}
