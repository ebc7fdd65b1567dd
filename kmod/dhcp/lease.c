// SPDX-License-Identifier: GPL-2.0-only
/* Leases: who has which address, and until when.
 *
 * Found by client and by address in constant time; time is a wheel of lists,
 * one for each second of a turn, so that nothing has to be sorted. What is
 * not in use any more is kept as long as nobody needs the address: a client
 * that comes back gets the same.
 */

#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "../nl/dhcp.h"
#include "lease.h"
#include "reservation.h"

static struct kmem_cache *vmnet_dhcp_leases;
static struct kmem_cache *vmnet_dhcp_ids;
static hsiphash_key_t vmnet_dhcp_key;

/* Nothing that a guest sends may write to the log, a want of memory either. */
#define VMNET_DHCP_GFP	(GFP_ATOMIC | __GFP_NOWARN)

#define VMNET_DHCP_BATCH	64	/* leases looked at before others may */
#define VMNET_DHCP_RECORDS	8	/* times its limit, of a port */

void vmnet_dhcp_unlock(struct vmnet_dhcp *dhcp)
	__releases(&dhcp->lock)
{
	bool rearm = dhcp->rearm;
	u64 wake = dhcp->wake;
	u64 now;

	dhcp->rearm = false;
	spin_unlock_bh(&dhcp->lock);
	if (!rearm)
		return;
	now = ktime_get_boottime_seconds();
	mod_delayed_work(system_power_efficient_wq, &dhcp->expiry,
			 wake > now ? (wake - now) * HZ : 0);
}

/* It is full when so much time has passed that all has flowed in again; what is
 * taken moves that time on.
 */
bool vmnet_dhcp_take(struct vmnet_dhcp_bucket *bucket, u32 rate)
{
	s64 now, next, full;

	if (!rate)
		return true;
	now = ktime_get_coarse_ns();
	full = atomic64_read(&bucket->full);
	do {
		next = max(full, now) + NSEC_PER_SEC / rate;
		if (next - now > 4LL * NSEC_PER_SEC)
			return false;
	} while (!atomic64_try_cmpxchg(&bucket->full, &full, next));
	return true;
}

/* Guests choose what they are known by, so the buckets that they fill must not
 * be foreseeable.
 */
void vmnet_dhcp_client_hash(struct vmnet_dhcp_client *client)
{
	const u8 *mac = client->mac;

	if (client->by_id)
		client->hash = hsiphash(client->id, client->id_len,
					&vmnet_dhcp_key);
	else
		client->hash = hsiphash_3u32(get_unaligned((const u32 *)mac),
					     get_unaligned((const u16 *)(mac + 4)),
					     client->port, &vmnet_dhcp_key);
}

/* Where the search for an address begins must be foreseeable, after a reboot
 * too.
 */
u32 vmnet_dhcp_client_place(const struct vmnet_dhcp_client *client, u32 size)
{
	u32 hash = client->by_id ? jhash(client->id, client->id_len, 0) :
				   jhash(client->mac, ETH_ALEN, 0);

	return reciprocal_scale(hash, size);
}

static const u8 *vmnet_dhcp_lease_id(const struct vmnet_dhcp_lease *lease)
{
	return lease->long_id ?: lease->id;
}

static bool vmnet_dhcp_lease_is_of(const struct vmnet_dhcp_lease *lease,
				   const struct vmnet_dhcp_client *client)
{
	if (lease->by_id != client->by_id)
		return false;
	if (client->by_id)
		return lease->id_len == client->id_len &&
		       !memcmp(vmnet_dhcp_lease_id(lease), client->id,
			       client->id_len);
	return lease->port == client->port &&
	       ether_addr_equal_unaligned(lease->mac, client->mac);
}

struct vmnet_dhcp_lease *
vmnet_dhcp_lease_find(struct vmnet_dhcp *dhcp,
		      const struct vmnet_dhcp_client *client)
{
	struct vmnet_dhcp_lease *lease, *elsewhere = NULL;

	lockdep_assert_held(&dhcp->lock);

	hlist_for_each_entry(lease,
			     &dhcp->pool.buckets[client->hash & dhcp->pool.mask],
			     node) {
		if (!vmnet_dhcp_lease_is_of(lease, client))
			continue;
		if (lease->port == client->port)
			return lease;
		if (!vmnet_dhcp_state_is_active(lease->state))
			elsewhere = lease;
	}
	return elsewhere;
}

struct vmnet_dhcp_lease *vmnet_dhcp_lease_at(const struct vmnet_dhcp *dhcp,
					     u32 address)
{
	const struct vmnet_reservation *r = vmnet_reservation_at(dhcp, address);

	if (r)
		return r->lease;
	return vmnet_dhcp_pool_has(&dhcp->pool, address) ?
	       vmnet_dhcp_pool_lease(&dhcp->pool, address) : NULL;
}

struct vmnet_dhcp_lease *vmnet_dhcp_lease_next(const struct vmnet_dhcp *dhcp,
					       u32 *address)
{
	const struct vmnet_reservation *r;
	struct vmnet_dhcp_lease *lease;
	u32 at = *address;

	r = vmnet_reservation_next(dhcp, &at, true);
	lease = vmnet_dhcp_pool_next(&dhcp->pool, address);
	if (!r || (lease && *address < at))
		return lease;
	*address = at;
	return r->lease;
}

bool vmnet_dhcp_address_is_free(const struct vmnet_dhcp *dhcp, u32 address)
{
	const struct vmnet_dhcp_lease *lease;

	if (!vmnet_dhcp_pool_has(&dhcp->pool, address) ||
	    vmnet_dhcp_pool_held(&dhcp->pool, address))
		return false;
	lease = vmnet_dhcp_pool_lease(&dhcp->pool, address);
	return !lease || !vmnet_dhcp_state_is_active(lease->state);
}

/* It may be gone; the host is none of the namespace's ports; RCU. */
static struct vmnet_port *vmnet_dhcp_port(struct vmnet_dhcp *dhcp, u32 id)
{
	if (!id)
		return &dhcp->nw->host;
	return xa_load(&vmnet_ns(dev_net(dhcp->nw->dev))->ports, id);
}

/* A port counts what it holds. */
static void vmnet_dhcp_port_count(struct vmnet_dhcp *dhcp, u32 id,
				  int leases, int records)
{
	struct vmnet_port *port;

	rcu_read_lock();
	port = vmnet_dhcp_port(dhcp, id);
	if (port) {
		atomic_add(leases, &port->dhcp.leases);
		atomic_add(records, &port->dhcp.records);
	}
	rcu_read_unlock();
}

/* Where there is no memory for a long id, there is none for the id: the lease
 * is then found by its address only, which is as if it were not remembered.
 */
static void vmnet_dhcp_lease_keep_id(struct vmnet_dhcp_lease *lease,
				     const u8 *id, u8 len)
{
	if (lease->id_len == len && !memcmp(vmnet_dhcp_lease_id(lease), id, len))
		return;
	if (len > sizeof(lease->id) && !lease->long_id)
		lease->long_id = kmem_cache_alloc(vmnet_dhcp_ids,
						  VMNET_DHCP_GFP);
	if (len <= sizeof(lease->id) && lease->long_id) {
		kmem_cache_free(vmnet_dhcp_ids, lease->long_id);
		lease->long_id = NULL;
	}
	if (len > sizeof(lease->id) && !lease->long_id)
		len = 0;
	memcpy(lease->long_id ?: lease->id, id, len);
	lease->id_len = len;
}

void vmnet_dhcp_lease_update(struct vmnet_dhcp *dhcp,
			     struct vmnet_dhcp_lease *lease,
			     const struct vmnet_dhcp_client *client)
{
	int active = vmnet_dhcp_state_is_active(lease->state);

	lockdep_assert_held(&dhcp->lock);

	if (lease->port != client->port) {
		vmnet_dhcp_port_count(dhcp, lease->port, -active, -1);
		lease->port = client->port;
		vmnet_dhcp_port_count(dhcp, lease->port, active, 1);
	}
	ether_addr_copy(lease->mac, client->mac);
	vmnet_dhcp_lease_keep_id(lease, client->id, client->id_len);
	/* Not every message has it. */
	if (client->hostname_len) {
		memcpy(lease->hostname, client->hostname,
		       client->hostname_len);
		lease->hostname_len = client->hostname_len;
	}
}

struct vmnet_dhcp_lease *
vmnet_dhcp_lease_create(struct vmnet_dhcp *dhcp,
			const struct vmnet_dhcp_client *client, u32 address)
{
	struct vmnet_reservation *r = vmnet_reservation_at(dhcp, address);
	struct vmnet_dhcp_lease *lease, *old;

	lockdep_assert_held(&dhcp->lock);

	lease = kmem_cache_zalloc(vmnet_dhcp_leases, VMNET_DHCP_GFP);
	if (!lease)
		return NULL;
	INIT_LIST_HEAD(&lease->link);
	lease->state = VMNET_DHCP_FRESH;
	lease->address = address;
	lease->port = client->port;
	lease->by_id = client->by_id;
	vmnet_dhcp_lease_update(dhcp, lease, client);
	if (lease->by_id && lease->id_len != client->id_len) {
		kmem_cache_free(vmnet_dhcp_leases, lease);
		return NULL;
	}
	atomic_inc(&client->from->dhcp.records);

	old = vmnet_dhcp_lease_at(dhcp, address);
	if (old)
		vmnet_dhcp_lease_free(dhcp, old);
	lease->reserved = !!r;
	if (r)
		vmnet_reservation_set_lease(dhcp, r, lease);
	else
		vmnet_dhcp_pool_put(&dhcp->pool, address, lease);
	hlist_add_head(&lease->node,
		       &dhcp->pool.buckets[client->hash & dhcp->pool.mask]);
	return lease;
}

/* In the list of its second. What is due later than one turn is passed by once
 * in every turn.
 */
static void vmnet_dhcp_wheel_put(struct vmnet_dhcp *dhcp,
				 struct vmnet_dhcp_lease *lease)
{
	u64 due = max(lease->due, dhcp->clock + 1);

	if (due == VMNET_DHCP_NEVER)
		return;
	list_add_tail(&lease->link, &dhcp->wheel[due % VMNET_DHCP_WHEEL]);
	if (due < dhcp->wake) {
		dhcp->wake = due;
		dhcp->rearm = true;
	}
}

static void vmnet_dhcp_count_state(struct vmnet_dhcp *dhcp, u8 state, int n)
{
	if (state == VMNET_LEASE_STATE_BOUND)
		dhcp->bound += n;
	else if (state == VMNET_LEASE_STATE_OFFERED)
		dhcp->offered += n;
}

void vmnet_dhcp_lease_set(struct vmnet_dhcp *dhcp,
			  struct vmnet_dhcp_lease *lease, u8 state, u64 due)
{
	bool was_active = vmnet_dhcp_state_is_active(lease->state);
	bool active = vmnet_dhcp_state_is_active(state);

	lockdep_assert_held(&dhcp->lock);

	list_del_init(&lease->link);
	vmnet_dhcp_count_state(dhcp, lease->state, -1);
	lease->state = state;
	lease->due = due;
	vmnet_dhcp_count_state(dhcp, state, 1);
	if (active != was_active)
		vmnet_dhcp_port_count(dhcp, lease->port, active - was_active,
				      0);
	/* For what is reserved nobody else waits. */
	if (active)
		vmnet_dhcp_wheel_put(dhcp, lease);
	else if (state == VMNET_DHCP_REVOKED && !lease->reserved)
		list_add(&lease->link, &dhcp->idle);
	else if (!lease->reserved)
		list_add_tail(&lease->link, &dhcp->idle);
	if (state != VMNET_LEASE_STATE_OFFERED)
		lease->probing = false;
	if (state != VMNET_LEASE_STATE_OFFERED &&
	    state != VMNET_LEASE_STATE_BOUND)
		lease->probed = false;
	if (state == VMNET_LEASE_STATE_BOUND)
		lease->known = true;
	/* Its client is to get another one. */
	if (state == VMNET_LEASE_STATE_DECLINED)
		hlist_del_init(&lease->node);
}

void vmnet_dhcp_lease_free(struct vmnet_dhcp *dhcp,
			   struct vmnet_dhcp_lease *lease)
{
	lockdep_assert_held(&dhcp->lock);

	list_del_init(&lease->link);
	vmnet_dhcp_count_state(dhcp, lease->state, -1);
	vmnet_dhcp_port_count(dhcp, lease->port,
			      -vmnet_dhcp_state_is_active(lease->state), -1);
	hlist_del_init(&lease->node);
	if (lease->reserved)
		vmnet_reservation_set_lease(dhcp,
					    vmnet_reservation_at(dhcp, lease->address),
					    NULL);
	else
		vmnet_dhcp_pool_clear(&dhcp->pool, lease->address);
	if (lease->long_id)
		kmem_cache_free(vmnet_dhcp_ids, lease->long_id);
	kmem_cache_free(vmnet_dhcp_leases, lease);
}

static bool vmnet_dhcp_lease_is_kept(struct vmnet_dhcp *dhcp,
				     const struct vmnet_dhcp_lease *lease)
{
	const struct vmnet_port *port;
	bool kept = false;
	u64 limit;

	rcu_read_lock();
	port = vmnet_dhcp_port(dhcp, lease->port);
	if (port && lease->known) {
		limit = READ_ONCE(port->dhcp.limit);
		kept = !limit || atomic_read(&port->dhcp.records) <=
				 limit * VMNET_DHCP_RECORDS;
	}
	rcu_read_unlock();
	return kept;
}

void vmnet_dhcp_lease_rest(struct vmnet_dhcp *dhcp,
			   struct vmnet_dhcp_lease *lease, u8 state)
{
	if (vmnet_dhcp_lease_is_kept(dhcp, lease))
		vmnet_dhcp_lease_set(dhcp, lease, state, 0);
	else
		vmnet_dhcp_lease_free(dhcp, lease);
}

void vmnet_dhcp_lease_info(const struct vmnet_dhcp_lease *lease,
			   struct vmnet_dhcp_lease_info *info, u64 now)
{
	info->address = htonl(lease->address);
	info->port = lease->port;
	info->expires = lease->expires;
	if (info->expires != VMNET_DHCP_NEVER)
		info->expires = info->expires > now ? info->expires - now : 0;
	info->state = lease->state;
	ether_addr_copy(info->mac, lease->mac);
	info->id_len = lease->id_len;
	memcpy(info->id, vmnet_dhcp_lease_id(lease), lease->id_len);
	info->hostname_len = lease->hostname_len;
	memcpy(info->hostname, lease->hostname, lease->hostname_len);
}

/* Into a pool's buckets, by what clients are known by now. */
static void vmnet_dhcp_lease_rehash(struct vmnet_dhcp_pool *pool,
				    struct vmnet_dhcp_lease *lease, u8 key)
{
	struct vmnet_dhcp_client client = {
		.port = lease->port,
		.by_id = key == VMNET_LEASE_KEY_CLIENT_ID && lease->id_len,
		.mac = lease->mac,
		.id = vmnet_dhcp_lease_id(lease),
		.id_len = lease->id_len,
	};

	if (lease->state == VMNET_LEASE_STATE_DECLINED)
		return;
	vmnet_dhcp_client_hash(&client);
	hlist_del_init(&lease->node);
	lease->by_id = client.by_id;
	hlist_add_head(&lease->node, &pool->buckets[client.hash & pool->mask]);
}

/* Two may be the same client by the new key: one is found, the other one waits
 * for its end.
 */
void vmnet_dhcp_lease_move_all(struct vmnet_dhcp *dhcp,
			       struct vmnet_dhcp_pool *pool, u8 key)
{
	struct vmnet_reservation *r;
	struct vmnet_dhcp_lease *lease;
	u32 address = 0;

	lockdep_assert_held(&dhcp->lock);

	for (; (lease = vmnet_dhcp_pool_next(&dhcp->pool, &address));
	     address++) {
		if (!vmnet_dhcp_pool_has(pool, address) ||
		    vmnet_dhcp_pool_held(pool, address)) {
			vmnet_dhcp_lease_free(dhcp, lease);
			continue;
		}
		vmnet_dhcp_pool_clear(&dhcp->pool, address);
		vmnet_dhcp_pool_put(pool, address, lease);
		vmnet_dhcp_lease_rehash(pool, lease, key);
	}
	/* What is reserved is not in the pool, but found by its buckets. */
	for (address = 0; (r = vmnet_reservation_next(dhcp, &address, true)) &&
	     address != U32_MAX; address++)
		vmnet_dhcp_lease_rehash(pool, r->lease, key);
	swap(dhcp->pool, *pool);
}

/* What becomes of a lease whose time is over. */
static bool vmnet_dhcp_lease_end(struct vmnet_dhcp *dhcp,
				 struct vmnet_dhcp_lease *lease)
{
	bool was_bound = lease->state == VMNET_LEASE_STATE_BOUND;

	if (lease->state == VMNET_LEASE_STATE_DECLINED)
		vmnet_dhcp_lease_free(dhcp, lease);
	else
		vmnet_dhcp_lease_rest(dhcp, lease, VMNET_LEASE_STATE_EXPIRED);
	return was_bound;
}

/* Turns the wheel to a second, one whole turn at most: after a sleep of the
 * machine no list is looked at twice.
 */
static void vmnet_dhcp_wheel_turn(struct vmnet_dhcp *dhcp, u64 now)
{
	if (now > dhcp->clock + VMNET_DHCP_WHEEL)
		dhcp->clock = now - VMNET_DHCP_WHEEL;
	while (dhcp->clock < now) {
		dhcp->clock++;
		list_splice_tail_init(&dhcp->wheel[dhcp->clock %
						   VMNET_DHCP_WHEEL],
				      &dhcp->due);
	}
}

/* The next second whose list is not empty. */
static u64 vmnet_dhcp_wheel_next(const struct vmnet_dhcp *dhcp)
{
	u64 second;

	for (second = dhcp->clock + 1;
	     second <= dhcp->clock + VMNET_DHCP_WHEEL; second++)
		if (!list_empty(&dhcp->wheel[second % VMNET_DHCP_WHEEL]))
			return second;
	return VMNET_DHCP_NEVER;
}

void vmnet_dhcp_expire(struct work_struct *work)
{
	struct vmnet_dhcp *dhcp = container_of(to_delayed_work(work),
					       struct vmnet_dhcp, expiry);
	u64 now = ktime_get_boottime_seconds();
	struct vmnet_dhcp_lease_info info;
	struct vmnet_dhcp_lease *lease;
	unsigned int looked_at = 0;
	bool tell;

	spin_lock_bh(&dhcp->lock);
	vmnet_dhcp_wheel_turn(dhcp, now);
	while ((lease = list_first_entry_or_null(&dhcp->due,
						 struct vmnet_dhcp_lease,
						 link))) {
		tell = false;
		if (lease->due > now) {
			list_del_init(&lease->link);
			vmnet_dhcp_wheel_put(dhcp, lease);
		} else {
			vmnet_dhcp_lease_info(lease, &info, now);
			tell = vmnet_dhcp_lease_end(dhcp, lease);
		}
		if (!tell && ++looked_at % VMNET_DHCP_BATCH)
			continue;
		spin_unlock_bh(&dhcp->lock);
		if (tell) {
			info.state = VMNET_LEASE_STATE_EXPIRED;
			vmnet_nl_notify_lease(dhcp,
					      VMNET_LEASE_EVENT_EXPIRED, &info);
		}
		cond_resched();
		spin_lock_bh(&dhcp->lock);
	}
	dhcp->wake = vmnet_dhcp_wheel_next(dhcp);
	dhcp->rearm = dhcp->wake != VMNET_DHCP_NEVER;
	vmnet_dhcp_unlock(dhcp);
}

int vmnet_dhcp_lease_init(void)
{
	BUILD_BUG_ON(sizeof(struct vmnet_dhcp_lease) > 256);

	get_random_bytes(&vmnet_dhcp_key, sizeof(vmnet_dhcp_key));
	vmnet_dhcp_leases = KMEM_CACHE(vmnet_dhcp_lease, 0);
	if (!vmnet_dhcp_leases)
		return -ENOMEM;
	vmnet_dhcp_ids = kmem_cache_create("vmnet_dhcp_id", 255, 0, 0, NULL);
	if (!vmnet_dhcp_ids) {
		kmem_cache_destroy(vmnet_dhcp_leases);
		return -ENOMEM;
	}
	return 0;
}

void vmnet_dhcp_lease_exit(void)
{
	kmem_cache_destroy(vmnet_dhcp_ids);
	kmem_cache_destroy(vmnet_dhcp_leases);
}
