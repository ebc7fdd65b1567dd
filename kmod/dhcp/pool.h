/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_POOL_H
#define VMNET_DHCP_POOL_H

#include <linux/types.h>

struct hlist_head;
struct vmnet_dhcp_config;
struct vmnet_dhcp_lease;

#define VMNET_DHCP_POOL_MAX	1048576U	/* addresses */

/**
 * struct vmnet_dhcp_pool - the addresses of a range and who has them
 *
 * At most 16 octets an address, leases not counted. Under the lock of the
 * network's DHCP once it is in use.
 *
 * @start: the first address, in host order
 * @size: how many
 * @leases: by address; NULL if there is none
 * @used: addresses that have a lease, or are held back
 * @full: words of @used that have no free address
 * @buckets: leases by the hash of their client
 * @mask: of a hash
 */
struct vmnet_dhcp_pool {
	u32 start;
	u32 size;
	struct vmnet_dhcp_lease **leases;
	unsigned long *used;
	unsigned long *full;
	struct hlist_head *buckets;
	u32 mask;
};

/**
 * vmnet_dhcp_pool_init() - make the pool of a configuration, all of it free
 *	but for the addresses that the configuration tells clients of or keeps
 * @pool: filled
 * @config: the configuration
 *
 * Context: may sleep
 * Return: 0 or -ENOMEM
 */
int vmnet_dhcp_pool_init(struct vmnet_dhcp_pool *pool,
			 const struct vmnet_dhcp_config *config);

/* Whether two configurations have the same addresses to give away. */
bool vmnet_dhcp_pool_same(const struct vmnet_dhcp_config *a,
			  const struct vmnet_dhcp_config *b);

/* Its memory; leases in it are the caller's. Any context but NMI. */
void vmnet_dhcp_pool_free(struct vmnet_dhcp_pool *pool);

static inline bool vmnet_dhcp_pool_has(const struct vmnet_dhcp_pool *pool,
				       u32 address)
{
	return address - pool->start < pool->size;
}

/* The lease of an address of the pool, or NULL. */
static inline struct vmnet_dhcp_lease *
vmnet_dhcp_pool_lease(const struct vmnet_dhcp_pool *pool, u32 address)
{
	return pool->leases[address - pool->start];
}

/* Whether an address is one that clients are told of, which nobody may have. */
bool vmnet_dhcp_pool_keeps(const struct vmnet_dhcp_config *config, u32 address);

/* Addresses of the pool that nobody may have, or the client of a reservation. */
bool vmnet_dhcp_pool_held(const struct vmnet_dhcp_pool *pool, u32 address);

void vmnet_dhcp_pool_put(struct vmnet_dhcp_pool *pool, u32 address,
			 struct vmnet_dhcp_lease *lease);
void vmnet_dhcp_pool_clear(struct vmnet_dhcp_pool *pool, u32 address);

/**
 * vmnet_dhcp_pool_find_free() - an address without lease
 * @pool: the pool
 * @from: the first one to look at
 * @address: filled
 *
 * Looks at a few hundred words at most, however large and full the pool is.
 *
 * Return: false if there is none
 */
bool vmnet_dhcp_pool_find_free(const struct vmnet_dhcp_pool *pool, u32 from,
			       u32 *address);

/**
 * vmnet_dhcp_pool_next() - walk the leases in order of address
 * @pool: the pool
 * @address: where to begin; that of the lease found
 *
 * Return: a lease, or NULL at the end
 */
struct vmnet_dhcp_lease *
vmnet_dhcp_pool_next(const struct vmnet_dhcp_pool *pool, u32 *address);

#endif /* VMNET_DHCP_POOL_H */
