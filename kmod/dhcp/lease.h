/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_LEASE_H
#define VMNET_DHCP_LEASE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "../vmnet.h"
#include "log.h"
#include "pool.h"

/* Seconds. What is offered is kept for a client that much longer than it may
 * take to ask for it, and what has run out that much longer than its client
 * may believe to have it.
 */
#define VMNET_DHCP_OFFER_TIME	30
#define VMNET_DHCP_DECLINE_TIME	600
#define VMNET_DHCP_GRACE	2

#define VMNET_DHCP_NEVER	U64_MAX
#define VMNET_DHCP_WHEEL	128	/* seconds in one turn */
#define VMNET_DHCP_SEEN		256	/* addresses seen in ARP that are known */
#define VMNET_DHCP_ID_INLINE	64

/* Beside enum vmnet_lease_state. */
enum {
	/* Deleted by the administrator: free, but its client is refused once. */
	VMNET_DHCP_REVOKED = VMNET_LEASE_STATE_DECLINED + 1,
	VMNET_DHCP_FRESH,		/* not in any state yet */
};

/**
 * struct vmnet_dhcp_client - who asks, as far as leases care
 * @port: the id of the port that it is behind
 * @by_id: known by its client id, else by port and hardware address
 * @from: that port, if it is to have a lease
 * @id_len: octets of @id, 0 if it sent none
 * @hostname_len: octets of @hostname
 * @hash: of what it is known by
 * @mac: hardware address
 * @id: client id
 * @hostname: what it calls itself
 */
struct vmnet_dhcp_client {
	u32 port;
	bool by_id;
	u8 id_len;
	u8 hostname_len;
	u32 hash;
	struct vmnet_port *from;
	const u8 *mac;
	const u8 *id;
	const u8 *hostname;
};

/**
 * struct vmnet_dhcp_lease - an address and the client that has or had it
 *
 * @node: in the pool's buckets; not there while declined
 * @link: in the wheel while time matters to it, else in the list of idle ones
 * @due: boottime second when it leaves its state
 * @expires: boottime second that the client was told; VMNET_DHCP_NEVER
 * @address: in host order
 * @port: the id of its client's port
 * @renewed: the low bits of the second of the last ACK
 * @state: enum vmnet_lease_state, or VMNET_DHCP_REVOKED
 * @by_id: its client is known by its client id
 * @known: was bound once; an offer that was not taken leaves no trace else
 * @reserved: it hangs on a reservation, not in the pool
 * @probing: it is being asked who has the address; not offered before that
 * @probed: it was, before it was offered; cleared when somebody else turned out
 *	to have it nevertheless
 * @conflict: nobody's because somebody else answered; @port and @mac are his
 * @id_len: octets of the client id
 * @hostname_len: octets of the host name
 * @mac: hardware address
 * @long_id: the client id, where it is longer than @id; else NULL
 * @id: the client id
 * @hostname: the host name
 */
struct vmnet_dhcp_lease {
	struct hlist_node node;
	struct list_head link;
	u64 due;
	u64 expires;
	u8 *long_id;
	u32 address;
	u32 port;
	u32 renewed;
	u8 state;
	u8 id_len;
	u8 hostname_len;
	bool by_id : 1;
	bool known : 1;
	bool reserved : 1;
	bool probing : 1;
	bool probed : 1;
	bool conflict : 1;
	u8 mac[6];
	u8 id[VMNET_DHCP_ID_INLINE];
	u8 hostname[63];
};

/* What there is to tell of a lease; a copy, so that no lock is needed. */
struct vmnet_dhcp_lease_info {
	__be32 address;
	u32 port;
	u64 expires;		/* seconds from now, or VMNET_DHCP_NEVER */
	u8 state;
	u8 id_len;
	u8 hostname_len;
	u8 mac[6];
	u8 id[255];
	u8 hostname[63];
};

/* Counted, in the order of the attributes. */
enum vmnet_dhcp_count {
	VMNET_DHCP_DISCOVERS,
	VMNET_DHCP_OFFERS,
	VMNET_DHCP_REQUESTS,
	VMNET_DHCP_ACKS,
	VMNET_DHCP_NAKS,
	VMNET_DHCP_DECLINES,
	VMNET_DHCP_RELEASES,
	VMNET_DHCP_INFORMS,
	VMNET_DHCP_IGNORED,
	VMNET_DHCP_EXHAUSTED,
	VMNET_DHCP_COUNTS
};

/**
 * struct vmnet_dhcp_probes - messages that wait until an address was asked for
 *
 * @list: struct vmnet_dhcp_hold, the oldest first
 * @count: of them
 * @since: boottime second when the server began
 * @work: looks at the oldest again
 */
struct vmnet_dhcp_probes {
	struct list_head list;
	u32 count;
	u64 since;
	struct delayed_work work;
};

/* An address that somebody was seen to have. */
struct vmnet_dhcp_seen {
	u32 address;
	u32 when;		/* boottime second */
	u8 mac[6];
};

/* Whom a server is for: the VLAN of a frame in its network, 0 for none, and the
 * pool of the port that sent it, empty for none.
 */
struct vmnet_dhcp_key {
	u16 vlan;
	char pool[VMNET_POOL_NAME_MAX + 1];
};

/**
 * struct vmnet_dhcp - a scope: one of a network's DHCP servers
 * @nw: the network
 * @key: whom it is for
 * @config: RCU; written under RTNL and @lock
 * @lock: the lock
 * @retired: it is not the network's any more
 * @pool: the addresses
 * @idle: leases that nobody needs, the oldest first
 * @wheel: those that wait for their time, by its second
 * @due: those whose second has come, while the work looks at them
 * @clock: the second that the wheel is turned to
 * @wake: the second that the work is set to
 * @rearm: @wake has come nearer
 * @bound: leases in that state
 * @offered: the same
 * @exhausted_at: second when that was told last
 * @echo: pings that are answered
 * @counts: by enum vmnet_dhcp_count
 * @seen: addresses seen in ARP, each in the one place that it may have
 * @reservations: struct vmnet_reservation by address; written under RTNL too
 * @reserved: the same by client; NULL before the first one
 * @reserved_ports: those of ports; RTNL
 * @reservation_count: all of them; RTNL
 * @log: the last messages
 * @probes: messages that wait for a probe
 * @expiry: turns the wheel
 * @rcu: for freeing
 */
struct vmnet_dhcp {
	struct vmnet_network *nw;
	struct vmnet_dhcp_key key;
	struct vmnet_dhcp_config __rcu *config;
	spinlock_t lock; /* protects what follows; BH */
	bool retired;
	struct vmnet_dhcp_pool pool;
	struct list_head idle;
	struct list_head wheel[VMNET_DHCP_WHEEL];
	struct list_head due;
	u64 clock;
	u64 wake;
	bool rearm;
	u32 bound;
	u32 offered;
	u32 exhausted_at;
	struct vmnet_dhcp_bucket echo;
	u64 counts[VMNET_DHCP_COUNTS];
	struct vmnet_dhcp_seen seen[VMNET_DHCP_SEEN];
	struct xarray reservations;
	struct hlist_head *reserved;
	struct list_head reserved_ports;
	u32 reservation_count;
	struct vmnet_dhcp_log log;
	struct vmnet_dhcp_probes probes;
	struct delayed_work expiry;
	struct rcu_head rcu;
};

/* Ends what spin_lock_bh() began, and sets the work if a lease asked for it. */
void vmnet_dhcp_unlock(struct vmnet_dhcp *dhcp) __releases(&dhcp->lock);

/* Takes one of a bucket that @rate fill a second and four times as many fill
 * at all; false if it is empty. A rate of 0 is none. Any lock, or none.
 */
bool vmnet_dhcp_take(struct vmnet_dhcp_bucket *bucket, u32 rate);

/* Fills what is derived from the rest. */
void vmnet_dhcp_client_hash(struct vmnet_dhcp_client *client);

/* Where among @size addresses the search for the client's begins; the same on
 * every machine.
 */
u32 vmnet_dhcp_client_place(const struct vmnet_dhcp_client *client, u32 size);

/* All of the following under the lock. */

/**
 * vmnet_dhcp_lease_find() - what a client has, or had
 * @dhcp: the server
 * @client: the client
 *
 * By client id, what the same client had behind another port is found too,
 * unless that is in use: two with one id are a machine and its copy.
 *
 * Return: a lease or NULL
 */
struct vmnet_dhcp_lease *
vmnet_dhcp_lease_find(struct vmnet_dhcp *dhcp,
		      const struct vmnet_dhcp_client *client);

/* An active one is its client's alone and counts for its port. */
static inline bool vmnet_dhcp_state_is_active(u8 state)
{
	return state == VMNET_LEASE_STATE_OFFERED ||
	       state == VMNET_LEASE_STATE_BOUND ||
	       state == VMNET_LEASE_STATE_DECLINED;
}

/* The lease of an address, or NULL. */
struct vmnet_dhcp_lease *vmnet_dhcp_lease_at(const struct vmnet_dhcp *dhcp,
					     u32 address);

/* Walks all leases in order of address, from @address on; that of the one found
 * is put there.
 */
struct vmnet_dhcp_lease *vmnet_dhcp_lease_next(const struct vmnet_dhcp *dhcp,
					       u32 *address);

/* Whether a client may be given an address of which it is not the holder. */
bool vmnet_dhcp_address_is_free(const struct vmnet_dhcp *dhcp, u32 address);

/**
 * vmnet_dhcp_lease_create() - give a client an address
 * @dhcp: the server
 * @client: the client; it has no lease
 * @address: one that is free; what was remembered with it is forgotten
 *
 * Return: a lease without state, or NULL if there is no memory
 */
struct vmnet_dhcp_lease *
vmnet_dhcp_lease_create(struct vmnet_dhcp *dhcp,
			const struct vmnet_dhcp_client *client, u32 address);

/* Keeps what the client says of itself now, and where it is. */
void vmnet_dhcp_lease_update(struct vmnet_dhcp *dhcp,
			     struct vmnet_dhcp_lease *lease,
			     const struct vmnet_dhcp_client *client);

/**
 * vmnet_dhcp_lease_set() - bring a lease into a state
 * @dhcp: the server
 * @lease: the lease
 * @state: the state
 * @due: boottime second when it leaves it; of no meaning if it is not active
 */
void vmnet_dhcp_lease_set(struct vmnet_dhcp *dhcp,
			  struct vmnet_dhcp_lease *lease, u8 state, u64 due);

/**
 * vmnet_dhcp_lease_rest() - end a lease that its client may want again
 * @dhcp: the server
 * @lease: the lease
 * @state: VMNET_LEASE_STATE_RELEASED or _EXPIRED
 *
 * It is remembered as long as nobody needs the address, unless it was never
 * bound, or so much is remembered of its port that somebody must be making up
 * clients: it is gone then.
 */
void vmnet_dhcp_lease_rest(struct vmnet_dhcp *dhcp,
			   struct vmnet_dhcp_lease *lease, u8 state);

void vmnet_dhcp_lease_free(struct vmnet_dhcp *dhcp,
			   struct vmnet_dhcp_lease *lease);

void vmnet_dhcp_lease_info(const struct vmnet_dhcp_lease *lease,
			   struct vmnet_dhcp_lease_info *info, u64 now);

/**
 * vmnet_dhcp_lease_move_all() - go over to another pool
 * @dhcp: the server
 * @pool: a new one; the old one afterwards, without leases
 * @key: what clients are known by from now on
 *
 * What does not fit into the new pool is freed.
 */
void vmnet_dhcp_lease_move_all(struct vmnet_dhcp *dhcp,
			       struct vmnet_dhcp_pool *pool, u8 key);

/* The work that ends what has run out; not under the lock. */
void vmnet_dhcp_expire(struct work_struct *work);

int vmnet_dhcp_lease_init(void);
void vmnet_dhcp_lease_exit(void);

#endif /* VMNET_DHCP_LEASE_H */
