// SPDX-License-Identifier: GPL-2.0-only
/* The addresses of a range: which are free, and whose the others are. */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/error-injection.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>

#include "config.h"
#include "pool.h"

static void vmnet_dhcp_pool_hold(struct vmnet_dhcp_pool *pool, u32 first,
				 u32 last)
{
	u32 end = pool->start + pool->size - 1;

	first = max(first, pool->start);
	last = min(last, end);
	if (first <= last)
		bitmap_set(pool->used, first - pool->start, last - first + 1);
}

static void vmnet_dhcp_pool_hold_all(struct vmnet_dhcp_pool *pool,
				     const __be32 *addresses, u8 count)
{
	u8 i;

	for (i = 0; i < count; i++)
		vmnet_dhcp_pool_hold(pool, ntohl(addresses[i]),
				     ntohl(addresses[i]));
}

/* Servers and routers that clients are told of are no client's address, nor
 * are those that the administrator keeps.
 */
static void vmnet_dhcp_pool_hold_back(struct vmnet_dhcp_pool *pool,
				      const struct vmnet_dhcp_config *config)
{
	const struct vmnet_dhcp_options *options = &config->options;
	unsigned int i;

	vmnet_dhcp_pool_hold_all(pool, &options->router, 1);
	vmnet_dhcp_pool_hold_all(pool, &options->next_server, 1);
	vmnet_dhcp_pool_hold_all(pool, options->dns, options->dns_count);
	vmnet_dhcp_pool_hold_all(pool, options->wins, options->wins_count);
	vmnet_dhcp_pool_hold_all(pool, options->ntp, options->ntp_count);
	for (i = 0; i < options->routes_count; i++)
		vmnet_dhcp_pool_hold_all(pool, &options->routes[i].router, 1);
	for (i = 0; i < config->exclude_count; i++)
		vmnet_dhcp_pool_hold(pool, ntohl(config->exclude[i].first),
				     ntohl(config->exclude[i].last));
	for (i = 0; i < BITS_TO_LONGS(pool->size); i++)
		if (pool->used[i] == ~0UL)
			__set_bit(i, pool->full);
}

bool vmnet_dhcp_pool_same(const struct vmnet_dhcp_config *a,
			  const struct vmnet_dhcp_config *b)
{
	const struct vmnet_dhcp_options *p = &a->options, *q = &b->options;

	/* What is behind the end of a list is zero. */
	return a->range_start == b->range_start &&
	       a->range_end == b->range_end && p->router == q->router &&
	       p->next_server == q->next_server &&
	       !memcmp(p->dns, q->dns, sizeof(p->dns)) &&
	       !memcmp(p->wins, q->wins, sizeof(p->wins)) &&
	       !memcmp(p->ntp, q->ntp, sizeof(p->ntp)) &&
	       !memcmp(p->routes, q->routes, sizeof(p->routes)) &&
	       !memcmp(a->exclude, b->exclude, sizeof(a->exclude));
}

static bool vmnet_dhcp_is_among(const __be32 *addresses, u8 count,
				__be32 address)
{
	u8 i;

	for (i = 0; i < count; i++)
		if (addresses[i] == address)
			return true;
	return false;
}

bool vmnet_dhcp_pool_keeps(const struct vmnet_dhcp_config *config, u32 address)
{
	const struct vmnet_dhcp_options *options = &config->options;
	__be32 addr = htonl(address);
	unsigned int i;

	if (addr == options->router || addr == options->next_server ||
	    vmnet_dhcp_is_among(options->dns, options->dns_count, addr) ||
	    vmnet_dhcp_is_among(options->wins, options->wins_count, addr) ||
	    vmnet_dhcp_is_among(options->ntp, options->ntp_count, addr))
		return true;
	for (i = 0; i < options->routes_count; i++)
		if (addr == options->routes[i].router)
			return true;
	for (i = 0; i < config->exclude_count; i++)
		if (address >= ntohl(config->exclude[i].first) &&
		    address <= ntohl(config->exclude[i].last))
			return true;
	return false;
}

int vmnet_dhcp_pool_init(struct vmnet_dhcp_pool *pool,
			 const struct vmnet_dhcp_config *config)
{
	u32 size = config->range_end - config->range_start + 1;
	u32 words = BITS_TO_LONGS(size);
	/* Not more than an address has left of its 16 octets. */
	u32 buckets = max_t(u32, rounddown_pow_of_two(size) / 2, 16);

	pool->start = config->range_start;
	pool->size = size;
	pool->mask = buckets - 1;
	pool->leases = kvcalloc(size, sizeof(*pool->leases),
				GFP_KERNEL_ACCOUNT);
	pool->used = kvcalloc(words, sizeof(*pool->used), GFP_KERNEL_ACCOUNT);
	pool->full = kvcalloc(BITS_TO_LONGS(words), sizeof(*pool->full),
			      GFP_KERNEL_ACCOUNT);
	pool->buckets = kvcalloc(buckets, sizeof(*pool->buckets),
				 GFP_KERNEL_ACCOUNT);
	if (!pool->leases || !pool->used || !pool->full || !pool->buckets) {
		vmnet_dhcp_pool_free(pool);
		return -ENOMEM;
	}
	/* What is behind the end counts as taken, so that no search ends there. */
	bitmap_set(pool->used, size, words * BITS_PER_LONG - size);
	vmnet_dhcp_pool_hold_back(pool, config);
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_dhcp_pool_init, ERRNO);

void vmnet_dhcp_pool_free(struct vmnet_dhcp_pool *pool)
{
	kvfree(pool->leases);
	kvfree(pool->used);
	kvfree(pool->full);
	kvfree(pool->buckets);
}

bool vmnet_dhcp_pool_held(const struct vmnet_dhcp_pool *pool, u32 address)
{
	u32 index = address - pool->start;

	return test_bit(index, pool->used) && !pool->leases[index];
}

void vmnet_dhcp_pool_put(struct vmnet_dhcp_pool *pool, u32 address,
			 struct vmnet_dhcp_lease *lease)
{
	u32 index = address - pool->start;
	u32 word = index / BITS_PER_LONG;

	pool->leases[index] = lease;
	__set_bit(index, pool->used);
	if (pool->used[word] == ~0UL)
		__set_bit(word, pool->full);
}

void vmnet_dhcp_pool_clear(struct vmnet_dhcp_pool *pool, u32 address)
{
	u32 index = address - pool->start;

	pool->leases[index] = NULL;
	__clear_bit(index, pool->used);
	__clear_bit(index / BITS_PER_LONG, pool->full);
}

bool vmnet_dhcp_pool_find_free(const struct vmnet_dhcp_pool *pool, u32 from,
			       u32 *address)
{
	u32 words = BITS_TO_LONGS(pool->size);
	u32 index = from - pool->start;
	u32 word = index / BITS_PER_LONG;
	unsigned long ahead;

	/* In the word of the first one, from it on; then in whole words,
	 * round the end.
	 */
	ahead = ~pool->used[word] & ~0UL << index % BITS_PER_LONG;
	if (!ahead) {
		word = find_next_zero_bit(pool->full, words, word + 1);
		if (word >= words)
			word = find_first_zero_bit(pool->full, words);
		if (word >= words)
			return false;
		ahead = ~pool->used[word];
	}
	*address = pool->start + word * BITS_PER_LONG + __ffs(ahead);
	return true;
}

struct vmnet_dhcp_lease *
vmnet_dhcp_pool_next(const struct vmnet_dhcp_pool *pool, u32 *address)
{
	u32 index = *address < pool->start ? 0 : *address - pool->start;

	for (; index < pool->size; index++) {
		index = find_next_bit(pool->used, pool->size, index);
		if (index < pool->size && pool->leases[index]) {
			*address = pool->start + index;
			return pool->leases[index];
		}
	}
	return NULL;
}
