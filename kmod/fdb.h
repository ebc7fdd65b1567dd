/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_FDB_H
#define VMNET_FDB_H

#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/unaligned.h>

#include "vmnet.h"

/* Unicast addresses that one netdev may have beside its own: macvlans on it,
 * VLAN devices with an address of their own. Bounds what its owner can fill.
 */
#define VMNET_PORT_ADDRESSES	128

/* Entries of one network, all ports together. */
#define VMNET_FDB_LIMIT		BIT(20)

#define VMNET_LEARN_LIMIT	1024	/* of one port */
#define VMNET_AGEING		300	/* seconds */

/**
 * struct vmnet_fdb_entry - an address and the port that has it
 *
 * A lookup reads one cache line. @port and @updated of a learned entry, @port
 * and @sticky of a static one change in place, by WRITE_ONCE(); those of a
 * learned one only if they do.
 *
 * @node: in network->fdb
 * @key: the address and the VLAN, by vmnet_fdb_key()
 * @port: that has it; the network's server for the server's address
 * @updated: jiffies of the last frame from it; of learned ones
 * @kind: enum vmnet_fdb_kind
 * @sticky: does not follow its station
 * @filtered: it is in the uplink's unicast filter, too; RTNL
 * @siblings: in port->addresses; network->fdb_lock
 * @rcu: for freeing
 */
struct vmnet_fdb_entry {
	struct rhash_head node;
	u64 key;
	struct vmnet_port *port;
	unsigned long updated;
	u8 kind;
	bool sticky;
	bool filtered;
	struct list_head siblings;
	struct rcu_head rcu;
};

/* Address and VLAN as one number, so that a comparison is one instruction. */
static inline u64 vmnet_fdb_key(const u8 *addr, u16 vid)
{
	return get_unaligned((const u32 *)addr) |
	       (u64)get_unaligned((const u16 *)(addr + 4)) << 32 |
	       (u64)vid << 48;
}

static inline u16 vmnet_fdb_key_vid(u64 key)
{
	return key >> 48;
}

static inline void vmnet_fdb_key_addr(u64 key, u8 *addr)
{
	put_unaligned((u32)key, (u32 *)addr);
	put_unaligned((u16)(key >> 32), (u16 *)(addr + 4));
}

/* Multiplication by an odd number carries differences upwards only, and the
 * octets in which the addresses of one maker differ are high in the key: so
 * the best bits are the product's highest, and a table takes its bucket from
 * the lowest. The seed is in the factor, which keeps a guest that may choose
 * addresses from choosing buckets.
 */
static inline u32 vmnet_fdb_hash(const void *data, u32 len, u32 seed)
{
	u64 factor = GOLDEN_RATIO_64 ^ (u64)seed << 1;

	return swab32((*(const u64 *)data * factor) >> 32);
}

/* The same by the table's own lookup, for a table that is in pieces or on the
 * move.
 */
struct vmnet_fdb_entry *vmnet_fdb_find_moving(const struct vmnet_network *nw,
					      u64 key);

/**
 * vmnet_fdb_find_exact() - the entry of just this address and VLAN
 * @nw: the network
 * @addr: a unicast address
 * @vid: the VLAN, or 0
 *
 * What rhashtable_lookup() does, but for what is rare: each frame pays for it
 * at least once.
 *
 * Context: rcu_read_lock()
 * Return: the entry, or NULL
 */
static __always_inline struct vmnet_fdb_entry *
vmnet_fdb_find_exact(const struct vmnet_network *nw, const u8 *addr, u16 vid)
{
	struct rhashtable *ht = (struct rhashtable *)&nw->fdb;
	u64 key = vmnet_fdb_key(addr, vid);
	struct rhash_lock_head __rcu *const *bucket;
	struct vmnet_fdb_entry *entry;
	struct bucket_table *tbl;
	struct rhash_head *node;

	tbl = rht_dereference_rcu(ht->tbl, ht);
	if (unlikely(tbl->nest))
		return vmnet_fdb_find_moving(nw, key);
	bucket = &tbl->buckets[vmnet_fdb_hash(&key, sizeof(key), tbl->hash_rnd) &
			       (tbl->size - 1)];
	rht_for_each_entry_rcu_from(entry, node, rht_ptr_rcu(bucket), tbl, 0,
				    node)
		if (entry->key == key)
			return entry;
	/* The entry may have gone over to the next table, or the walk with one
	 * that has; pairs with the barrier in the table's resizing.
	 */
	smp_rmb();
	if (unlikely(node != RHT_NULLS_MARKER(bucket) ||
		     rcu_access_pointer(tbl->future_tbl)))
		return vmnet_fdb_find_moving(nw, key);
	return NULL;
}

/* The second lookup, of an address that is no port's own. */
struct vmnet_fdb_entry *vmnet_fdb_find_vlan(const struct vmnet_network *nw,
					    const u8 *addr, u16 vid);

/* A port's own address is its in every VLAN. */
static inline bool vmnet_fdb_is_own(const struct vmnet_fdb_entry *entry)
{
	return entry->kind == VMNET_FDB_KIND_OWN ||
	       entry->kind == VMNET_FDB_KIND_SERVER;
}

/**
 * vmnet_fdb_find() - the entry of an address in a VLAN
 * @nw: the network
 * @addr: a unicast address
 * @vid: the VLAN, or 0 for none
 *
 * Context: rcu_read_lock()
 * Return: the entry, or NULL
 */
static inline struct vmnet_fdb_entry *
vmnet_fdb_find(const struct vmnet_network *nw, const u8 *addr, u16 vid)
{
	struct vmnet_fdb_entry *entry = vmnet_fdb_find_exact(nw, addr, 0);

	if (likely(!vid) || (entry && vmnet_fdb_is_own(entry)))
		return entry;
	return vmnet_fdb_find_vlan(nw, addr, vid);
}

/**
 * vmnet_fdb_learn() - a frame came from a station behind a port that learns
 * @nw: the network
 * @port: the port
 * @addr: the source, a unicast address
 * @vid: the VLAN, or 0
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: VMNET_DROP_REASONS if the frame goes on, else why it does not
 */
unsigned int vmnet_fdb_learn(struct vmnet_network *nw, struct vmnet_port *port,
			     const u8 *addr, u16 vid);

/**
 * vmnet_fdb_outside() - a frame came from the uplink
 * @nw: the network
 * @port: the uplink's port
 * @addr: the source, a unicast address
 * @vid: the VLAN, or 0
 *
 * Nothing is learned there: what is unknown is sought there anyway. But a
 * station that was behind a port has moved away.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: VMNET_DROP_REASONS if the frame goes on, else why it does not
 */
unsigned int vmnet_fdb_outside(struct vmnet_network *nw,
			       struct vmnet_port *port, const u8 *addr,
			       u16 vid);

/**
 * vmnet_fdb_check() - whether a port may have an address of its own
 * @nw: the network
 * @port: the port that wants it
 * @addr: the address
 * @extack: says who has it, if somebody has
 *
 * A learned entry is in nobody's way: it is replaced.
 *
 * Context: RTNL
 * Return: 0, -EADDRINUSE, or -EADDRNOTAVAIL for what is no unicast address
 */
int vmnet_fdb_check(const struct vmnet_network *nw,
		    const struct vmnet_port *port, const u8 *addr,
		    struct netlink_ext_ack *extack);

/**
 * vmnet_fdb_add() - give an address to a port
 * @nw: the network
 * @port: the port
 * @addr: the address
 * @vid: of a static one, the VLAN, or 0
 * @kind: VMNET_FDB_KIND_OWN, _SERVER or _STATIC
 * @sticky: of a static one: frames from it by another port are dropped
 * @extack: the reason of a refusal
 *
 * Frames for it reach the port from now on.
 *
 * Context: RTNL; may sleep
 */
int vmnet_fdb_add(struct vmnet_network *nw, struct vmnet_port *port,
		  const u8 *addr, u16 vid, enum vmnet_fdb_kind kind,
		  bool sticky, struct netlink_ext_ack *extack);

/**
 * vmnet_fdb_del() - take an address from whoever has it
 * @nw: the network
 * @port: only from this port, or NULL for any
 * @addr: the address
 * @vid: the VLAN, or 0
 * @kinds: BIT() of the kinds that may be deleted
 *
 * Context: RTNL. Frames may find the entry until a grace period has passed.
 * Return: 0, -ENOENT, or -EPERM for one of another kind
 */
int vmnet_fdb_del(struct vmnet_network *nw, const struct vmnet_port *port,
		  const u8 *addr, u16 vid, unsigned long kinds);

#define VMNET_FDB_ALL_KINDS	(~0UL)
/* Those that no port has by itself. */
#define VMNET_FDB_FOREIGN_KINDS	(BIT(VMNET_FDB_KIND_STATIC) | \
				 BIT(VMNET_FDB_KIND_LEARNED))

/**
 * vmnet_fdb_set_static() - bind an address to a port by hand
 * @nw: the network
 * @port: a port of it
 * @addr: the address
 * @vid: the VLAN, or 0
 * @sticky: drop frames from it by other ports
 * @replace: change what is there, if it is no port's own
 * @extack: the reason of a refusal
 *
 * What is replaced needs no memory, and no frame finds the address unknown.
 *
 * Context: RTNL; may sleep
 */
int vmnet_fdb_set_static(struct vmnet_network *nw, struct vmnet_port *port,
			 const u8 *addr, u16 vid, bool sticky, bool replace,
			 struct netlink_ext_ack *extack);

/**
 * vmnet_fdb_flush_port() - take addresses from a port
 * @nw: the network
 * @port: the port
 * @kinds: BIT() of the kinds that are deleted
 *
 * Context: as vmnet_fdb_del()
 */
void vmnet_fdb_flush_port(struct vmnet_network *nw, struct vmnet_port *port,
			  unsigned long kinds);

/* The same for all ports of a network. */
void vmnet_fdb_flush(struct vmnet_network *nw, unsigned long kinds);

/**
 * vmnet_fdb_next_filter() - mark an address of a port as filtered, or not
 * @nw: the network
 * @port: the port; an uplink's own address is its netdev's anyway
 * @on: which
 * @addr: filled
 *
 * Context: RTNL
 * Return: whether there was one that was not so yet
 */
bool vmnet_fdb_next_filter(struct vmnet_network *nw, struct vmnet_port *port,
			   bool on, u8 *addr);

/**
 * vmnet_fdb_sync_port() - give a port the addresses of its netdev, no others
 * @nw: the network that it is attached to
 * @port: the port
 *
 * Those that somebody else has, and what is over VMNET_PORT_ADDRESSES, are
 * left out: nobody waits for an answer here. What there was no memory for is
 * left out, too; whoever can still be refused is.
 *
 * Context: RTNL; may sleep
 * Return: 0 or -ENOMEM
 */
int vmnet_fdb_sync_port(struct vmnet_network *nw, struct vmnet_port *port);

/* The address of a network's DHCP server; as vmnet_fdb_add() and _del(). */
int vmnet_fdb_server_add(struct vmnet_network *nw, const u8 *mac,
			 struct netlink_ext_ack *extack);
void vmnet_fdb_server_del(struct vmnet_network *nw, const u8 *mac);

/* Forget learned addresses after so many seconds, 0 for never; RTNL. */
void vmnet_fdb_set_ageing(struct vmnet_network *nw, u32 seconds);

/* There is a port that learns now; RTNL. */
void vmnet_fdb_start_ageing(struct vmnet_network *nw);

int vmnet_fdb_init(struct vmnet_network *nw);
void vmnet_fdb_stop(struct vmnet_network *nw);
void vmnet_fdb_destroy(struct vmnet_network *nw);

#endif /* VMNET_FDB_H */
