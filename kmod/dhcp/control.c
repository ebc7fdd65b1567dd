// SPDX-License-Identifier: GPL-2.0-only
/* A server's life: its first settings, its next ones, its end; and what is
 * done to leases by hand.
 */

#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../fdb.h"
#include "../nl/dhcp.h"
#include "../port.h"
#include "control.h"
#include "probe.h"
#include "reservation.h"
#include "scope.h"

#define VMNET_DHCP_BATCH	64	/* leases looked at before others may */
#define VMNET_DHCP_NAMED	3	/* leases named in a refusal */

/* Which leases a change ends: all, those of a port, those without a place. */
struct vmnet_dhcp_ends {
	u32 port;
	const struct vmnet_dhcp_pool *pool;
};

static bool vmnet_dhcp_is_ended(const struct vmnet_dhcp_lease *lease,
				const struct vmnet_dhcp_ends *ends)
{
	if (ends->port)
		return lease->port == ends->port;
	if (ends->pool)
		return !lease->reserved &&
		       (!vmnet_dhcp_pool_has(ends->pool, lease->address) ||
			vmnet_dhcp_pool_held(ends->pool, lease->address));
	return true;
}

/* Frees them, and tells of those that were in use. */
static void vmnet_dhcp_end(struct vmnet_dhcp *dhcp,
			   const struct vmnet_dhcp_ends *ends)
{
	u64 now = ktime_get_boottime_seconds();
	struct vmnet_dhcp_lease_info info;
	struct vmnet_dhcp_lease *lease;
	unsigned int looked_at = 0;
	u32 address = 0;
	bool tell;

	spin_lock_bh(&dhcp->lock);
	while ((lease = vmnet_dhcp_lease_next(dhcp, &address))) {
		address++;
		tell = false;
		if (vmnet_dhcp_is_ended(lease, ends)) {
			tell = lease->state == VMNET_LEASE_STATE_BOUND;
			vmnet_dhcp_lease_info(lease, &info, now);
			vmnet_dhcp_lease_free(dhcp, lease);
		}
		if (!tell && ++looked_at % VMNET_DHCP_BATCH)
			continue;
		spin_unlock_bh(&dhcp->lock);
		if (tell)
			vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_DELETED,
					      &info);
		cond_resched();
		spin_lock_bh(&dhcp->lock);
	}
	spin_unlock_bh(&dhcp->lock);
}

/* Refuses to end what is in use; says what that is. */
static int vmnet_dhcp_refuse_end(struct vmnet_dhcp *dhcp,
				 const struct vmnet_dhcp_ends *ends,
				 struct netlink_ext_ack *extack)
{
	char names[VMNET_DHCP_NAMED * sizeof("255.255.255.255, ") + 4];
	struct vmnet_dhcp_lease *lease;
	u32 address = 0, count = 0;
	__be32 name;
	int len = 0;

	lockdep_assert_held(&dhcp->lock);

	while ((lease = vmnet_dhcp_lease_next(dhcp, &address))) {
		name = htonl(address++);
		if (lease->state != VMNET_LEASE_STATE_BOUND ||
		    !vmnet_dhcp_is_ended(lease, ends))
			continue;
		if (count < VMNET_DHCP_NAMED)
			len += scnprintf(names + len, sizeof(names) - len,
					 "%s%pI4", count ? ", " : "", &name);
		else if (count == VMNET_DHCP_NAMED)
			scnprintf(names + len, sizeof(names) - len, ", ...");
		count++;
	}
	if (!count)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%u leases in use would end: %s; use force",
			   count, names);
	return -EBUSY;
}

static struct vmnet_dhcp *vmnet_dhcp_alloc(struct vmnet_network *nw,
					   const struct vmnet_dhcp_key *key)
{
	struct vmnet_dhcp *dhcp;
	unsigned int i;

	dhcp = kzalloc(sizeof(*dhcp), GFP_KERNEL_ACCOUNT);
	if (!dhcp)
		return NULL;
	dhcp->nw = nw;
	dhcp->key = *key;
	spin_lock_init(&dhcp->lock);
	INIT_LIST_HEAD(&dhcp->idle);
	INIT_LIST_HEAD(&dhcp->due);
	INIT_LIST_HEAD(&dhcp->reserved_ports);
	xa_init_flags(&dhcp->reservations, XA_FLAGS_ACCOUNT);
	for (i = 0; i < VMNET_DHCP_WHEEL; i++)
		INIT_LIST_HEAD(&dhcp->wheel[i]);
	dhcp->clock = ktime_get_boottime_seconds();
	dhcp->wake = VMNET_DHCP_NEVER;
	INIT_DELAYED_WORK(&dhcp->expiry, vmnet_dhcp_expire);
	vmnet_dhcp_probe_init(&dhcp->probes);
	if (vmnet_dhcp_log_init(&dhcp->log)) {
		kfree(dhcp);
		return NULL;
	}
	return dhcp;
}

static void vmnet_dhcp_free_rcu(struct rcu_head *head)
{
	struct vmnet_dhcp *dhcp = container_of(head, struct vmnet_dhcp, rcu);

	kfree(rcu_dereference_protected(dhcp->config, true));
	vmnet_dhcp_log_free(&dhcp->log);
	vmnet_dhcp_pool_free(&dhcp->pool);
	kfree(dhcp);
}

/* The last half of an end. No frame finds the server any more, so nobody sets
 * its work again; readers of /sys and dumps may still look at the rest.
 */
static void vmnet_dhcp_free(struct vmnet_dhcp *dhcp)
{
	struct vmnet_dhcp_lease *lease;
	unsigned int freed = 0;
	u32 address = 0;

	vmnet_dhcp_probe_stop(&dhcp->probes);
	cancel_delayed_work_sync(&dhcp->expiry);
	spin_lock_bh(&dhcp->lock);
	while ((lease = vmnet_dhcp_lease_next(dhcp, &address))) {
		vmnet_dhcp_lease_free(dhcp, lease);
		if (++freed % VMNET_DHCP_BATCH)
			continue;
		/* There may be a million, and frames wait while BHs are off. */
		spin_unlock_bh(&dhcp->lock);
		cond_resched();
		spin_lock_bh(&dhcp->lock);
	}
	spin_unlock_bh(&dhcp->lock);
	vmnet_reservations_free(dhcp);
	call_rcu(&dhcp->rcu, vmnet_dhcp_free_rcu);
}

/* Whether a pool does for other settings. */
static bool vmnet_dhcp_same_pool(const struct vmnet_dhcp_config *a,
				 const struct vmnet_dhcp_config *b)
{
	return a->key == b->key && vmnet_dhcp_pool_same(a, b);
}

/* A server with its first settings, which nobody knows of yet. */
static struct vmnet_dhcp *vmnet_dhcp_create(struct vmnet_network *nw,
					    const struct vmnet_dhcp_key *key,
					    struct vmnet_dhcp_config *config)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_alloc(nw, key);

	if (!dhcp)
		return NULL;
	if (vmnet_dhcp_pool_init(&dhcp->pool, config)) {
		vmnet_dhcp_log_free(&dhcp->log);
		kfree(dhcp);
		return NULL;
	}
	RCU_INIT_POINTER(dhcp->config, config);
	return dhcp;
}

/* The end of a server, or its successor's beginning, unless that would take an
 * address from a client that uses it. @next is what the network has then.
 */
static int vmnet_dhcp_retire(struct vmnet_dhcp *dhcp,
			     struct vmnet_dhcp_scopes *next, bool force,
			     struct netlink_ext_ack *extack)
{
	const struct vmnet_dhcp_ends all = {};
	int err = 0;

	spin_lock_bh(&dhcp->lock);
	if (!force)
		err = vmnet_dhcp_refuse_end(dhcp, &all, extack);
	/* Who waits for the lock sees that it is too late for this one. */
	dhcp->retired = !err;
	spin_unlock_bh(&dhcp->lock);
	if (err)
		return err;

	vmnet_dhcp_scopes_set(dhcp->nw, next);
	vmnet_dhcp_end(dhcp, &all);
	synchronize_net(); /* frames on their way to it */
	vmnet_dhcp_free(dhcp);
	return 0;
}

static bool vmnet_dhcp_was_enabled(struct vmnet_dhcp *dhcp)
{
	return dhcp && rtnl_dereference(dhcp->config)->enabled;
}

/* In the place of @old, if there is one. */
static int vmnet_dhcp_start(struct vmnet_network *nw,
			    const struct vmnet_dhcp_key *key,
			    struct vmnet_dhcp *old,
			    struct vmnet_dhcp_config *config, bool force,
			    struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_create(nw, key, config);
	struct vmnet_dhcp_scopes *scopes;
	int err = 0;

	if (!dhcp)
		return -ENOMEM;
	scopes = vmnet_dhcp_scopes_with(nw, old, dhcp, extack);
	if (IS_ERR(scopes)) {
		err = PTR_ERR(scopes);
		goto free_dhcp;
	}
	if (!old)
		vmnet_dhcp_scopes_set(nw, scopes);
	else
		err = vmnet_dhcp_retire(old, scopes, force, extack);
	if (!err)
		return 0;

	kfree(scopes);
free_dhcp:
	vmnet_dhcp_log_free(&dhcp->log);
	vmnet_dhcp_pool_free(&dhcp->pool);
	kfree(dhcp);
	return err;
}

/* What can fail comes first; then settings and pool change at once. */
static int vmnet_dhcp_replace(struct vmnet_dhcp *dhcp,
			      struct vmnet_dhcp_config *config, bool force,
			      struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp_config *old = rtnl_dereference(dhcp->config);
	bool other_pool = !vmnet_dhcp_same_pool(config, old);
	struct vmnet_dhcp_pool pool = {};
	const struct vmnet_dhcp_ends unfit = { .pool = &pool };
	int err = 0;

	if (!force)
		err = vmnet_reservations_check(dhcp, config, extack);
	if (!err && other_pool)
		err = vmnet_dhcp_pool_init(&pool, config);
	if (err)
		return err;
	if (force)
		vmnet_reservations_drop(dhcp, config);
	if (other_pool) {
		vmnet_reservations_hold(dhcp, &pool);
		if (force)
			vmnet_dhcp_end(dhcp, &unfit);
	}

	spin_lock_bh(&dhcp->lock);
	if (other_pool && !force)
		err = vmnet_dhcp_refuse_end(dhcp, &unfit, extack);
	if (!err && other_pool)
		vmnet_dhcp_lease_move_all(dhcp, &pool, config->key);
	if (!err)
		rcu_assign_pointer(dhcp->config, config);
	spin_unlock_bh(&dhcp->lock);

	if (other_pool)
		vmnet_dhcp_pool_free(&pool);
	if (!err)
		kfree_rcu(old, rcu);
	return err;
}

/* Whether another one of the network's servers answers; they share an address
 * in its table.
 */
static bool vmnet_dhcp_others_enabled(const struct vmnet_network *nw,
				      const struct vmnet_dhcp *but)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	struct vmnet_dhcp *dhcp;

	vmnet_dhcp_for_each(scopes, dhcp)
		if (dhcp != but && vmnet_dhcp_was_enabled(dhcp))
			return true;
	return false;
}

/* Settings that can hold; taken over if they do. */
static int vmnet_dhcp_apply(struct vmnet_network *nw,
			    const struct vmnet_dhcp_key *key,
			    struct vmnet_dhcp *dhcp,
			    struct vmnet_dhcp_config *config, bool clear,
			    bool force, struct netlink_ext_ack *extack)
{
	bool others = vmnet_dhcp_others_enabled(nw, dhcp);
	bool had_mac = others || vmnet_dhcp_was_enabled(dhcp);
	int err;

	if (config->enabled && !had_mac) {
		err = vmnet_fdb_server_add(nw, config->server_mac, extack);
		if (err)
			return err;
	}
	if (dhcp && !clear)
		err = vmnet_dhcp_replace(dhcp, config, force, extack);
	else
		err = vmnet_dhcp_start(nw, key, dhcp, config, force, extack);
	/* The address is the servers' while one answers, no longer. */
	if (err ? !had_mac : !config->enabled && !others)
		vmnet_fdb_server_del(nw, config->server_mac);
	if (!err)
		vmnet_network_policy(nw);
	return err;
}

/* For its neighbours the network has one server, and still the same one. */
static void vmnet_dhcp_same_mac(const struct vmnet_network *nw, u8 *mac)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	const struct vmnet_dhcp_config *any;

	if (!scopes)
		return;
	any = rtnl_dereference(scopes->scope[0]->config);
	ether_addr_copy(mac, any->server_mac);
}

int vmnet_dhcp_set(struct vmnet_network *nw, const struct vmnet_dhcp_key *key,
		   struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_scope(nw, key);
	bool clear = tb[VMNET_A_DHCP_CLEAR];
	struct vmnet_dhcp_config *config;
	int err;

	ASSERT_RTNL();

	config = kzalloc(sizeof(*config), GFP_KERNEL_ACCOUNT);
	if (!config)
		return -ENOMEM;
	if (dhcp && !clear) {
		memcpy(config, rtnl_dereference(dhcp->config), sizeof(*config));
	} else {
		vmnet_dhcp_config_start(config);
		vmnet_dhcp_same_mac(nw, config->server_mac);
	}

	err = vmnet_dhcp_config_read(config, nw, key, tb, extack);
	if (!err)
		err = vmnet_dhcp_scope_check(nw, key, config, tb, extack);
	if (!err)
		err = vmnet_dhcp_apply(nw, key, dhcp, config, clear,
				       tb[VMNET_A_DHCP_FORCE], extack);
	if (err)
		kfree(config);
	return err;
}

int vmnet_dhcp_clear(struct vmnet_network *nw, const struct vmnet_dhcp_key *key,
		     bool force, struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_scope(nw, key);
	struct vmnet_dhcp_scopes *scopes;
	u8 mac[ETH_ALEN];
	bool others;
	int err;

	ASSERT_RTNL();

	if (!dhcp)
		return 0;
	ether_addr_copy(mac, rtnl_dereference(dhcp->config)->server_mac);
	others = vmnet_dhcp_others_enabled(nw, dhcp);
	scopes = vmnet_dhcp_scopes_with(nw, dhcp, NULL, extack);
	if (IS_ERR(scopes))
		return PTR_ERR(scopes);
	err = vmnet_dhcp_retire(dhcp, scopes, force, extack);
	if (err) {
		kfree(scopes);
		return err;
	}
	if (!others)
		vmnet_fdb_server_del(nw, mac);
	vmnet_network_policy(nw);
	return 0;
}

void vmnet_dhcp_destroy(struct vmnet_network *nw)
{
	struct vmnet_dhcp_scopes *scopes = rtnl_dereference(nw->scopes);
	const struct vmnet_dhcp_config *any;
	struct vmnet_dhcp *dhcp;

	ASSERT_RTNL();

	if (!scopes)
		return;
	any = rtnl_dereference(scopes->scope[0]->config);
	vmnet_fdb_server_del(nw, any->server_mac);
	RCU_INIT_POINTER(nw->scopes, NULL);
	vmnet_dhcp_for_each(scopes, dhcp)
		vmnet_dhcp_free(dhcp);
	kfree_rcu(scopes, rcu);
}

void vmnet_dhcp_port_deleted(struct vmnet_port *port)
{
	const struct vmnet_dhcp_ends ends = { .port = port->id };
	const struct vmnet_dhcp_scopes *scopes;
	struct vmnet_network *nw;
	struct vmnet_dhcp *dhcp;
	unsigned long ifindex;

	ASSERT_RTNL();

	/* One that was never entered into the books has none. */
	if (!port->id)
		return;
	xa_for_each(&vmnet_ns(port->home)->networks, ifindex, nw) {
		if (!atomic_read(&port->dhcp.records))
			break;
		scopes = vmnet_dhcp_scopes(nw);
		vmnet_dhcp_for_each(scopes, dhcp)
			vmnet_dhcp_end(dhcp, &ends);
	}
}

int vmnet_dhcp_revoke(struct vmnet_dhcp *dhcp, __be32 addr)
{
	struct vmnet_dhcp_lease_info info;
	struct vmnet_dhcp_lease *lease;
	bool tell;

	ASSERT_RTNL();

	spin_lock_bh(&dhcp->lock);
	lease = vmnet_dhcp_lease_at(dhcp, ntohl(addr));
	if (!lease || lease->state == VMNET_DHCP_REVOKED) {
		spin_unlock_bh(&dhcp->lock);
		return -ENOENT;
	}
	vmnet_dhcp_lease_info(lease, &info, ktime_get_boottime_seconds());
	tell = lease->state == VMNET_LEASE_STATE_BOUND;
	/* Whoever believes to have it must hear that it has not. */
	if (tell)
		vmnet_dhcp_lease_set(dhcp, lease, VMNET_DHCP_REVOKED, 0);
	else
		vmnet_dhcp_lease_free(dhcp, lease);
	spin_unlock_bh(&dhcp->lock);
	if (tell)
		vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_DELETED, &info);
	return 0;
}

bool vmnet_dhcp_next(struct vmnet_dhcp *dhcp, u32 *address,
		     struct vmnet_dhcp_lease_info *info)
{
	struct vmnet_dhcp_lease *lease;

	spin_lock_bh(&dhcp->lock);
	while ((lease = vmnet_dhcp_lease_next(dhcp, address))) {
		++*address;
		if (lease->state != VMNET_DHCP_REVOKED)
			break;
	}
	if (lease)
		vmnet_dhcp_lease_info(lease, info,
				      ktime_get_boottime_seconds());
	spin_unlock_bh(&dhcp->lock);
	return lease;
}

bool vmnet_dhcp_enabled(struct vmnet_network *nw)
{
	const struct vmnet_dhcp_scopes *scopes;
	struct vmnet_dhcp *dhcp;
	bool enabled = false;

	rcu_read_lock();
	scopes = vmnet_dhcp_scopes(nw);
	vmnet_dhcp_for_each(scopes, dhcp)
		enabled |= rcu_dereference(dhcp->config)->enabled;
	rcu_read_unlock();
	return enabled;
}

static void vmnet_dhcp_info_add(struct vmnet_dhcp *dhcp,
				struct vmnet_dhcp_info *info)
{
	spin_lock_bh(&dhcp->lock);
	info->leases += dhcp->bound;
	info->offers += dhcp->counts[VMNET_DHCP_OFFERS];
	info->acks += dhcp->counts[VMNET_DHCP_ACKS];
	info->naks += dhcp->counts[VMNET_DHCP_NAKS];
	info->declines += dhcp->counts[VMNET_DHCP_DECLINES];
	info->exhausted += dhcp->counts[VMNET_DHCP_EXHAUSTED];
	spin_unlock_bh(&dhcp->lock);
}

bool vmnet_dhcp_info(struct vmnet_network *nw, struct vmnet_dhcp_info *info)
{
	const struct vmnet_dhcp_config *config;
	const struct vmnet_dhcp_scopes *scopes;
	struct vmnet_dhcp *dhcp;

	rcu_read_lock();
	scopes = vmnet_dhcp_scopes(nw);
	vmnet_dhcp_for_each(scopes, dhcp) {
		config = rcu_dereference(dhcp->config);
		info->enabled |= config->enabled;
		vmnet_dhcp_info_add(dhcp, info);
	}
	dhcp = vmnet_dhcp_scope(nw, &vmnet_dhcp_default);
	if (dhcp) {
		config = rcu_dereference(dhcp->config);
		info->prefix_len = config->prefix_len;
		info->subnet = htonl(config->subnet);
		info->server = htonl(config->server);
		info->range_start = htonl(config->range_start);
		info->range_end = htonl(config->range_end);
	}
	rcu_read_unlock();
	return scopes;
}
