// SPDX-License-Identifier: GPL-2.0-only
/* Reservations: addresses that are kept for one client each.
 *
 * Inside of the range they are held back in the pool, so that nobody else is
 * given them; inside or outside, the lease of one hangs on the reservation and
 * not in the pool.
 */

#include <linux/error-injection.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "../nl/dhcp.h"
#include "../port.h"
#include "config.h"
#include "reservation.h"
#include "scope.h"

#define VMNET_RESERVED_BITS	10
#define VMNET_RESERVED_LEASED	XA_MARK_0

static struct hlist_head *vmnet_reservation_bucket(const struct vmnet_dhcp *dhcp,
						   u8 kind, const void *who,
						   u8 who_len)
{
	return &dhcp->reserved[hash_32(jhash(who, who_len, kind),
				       VMNET_RESERVED_BITS)];
}

/* A port is found by its number: its name may be changed while a frame is on
 * its way.
 */
static struct hlist_head *
vmnet_reservation_own_bucket(const struct vmnet_dhcp *dhcp,
			     const struct vmnet_reservation *r)
{
	if (r->kind == VMNET_RESERVED_PORT)
		return vmnet_reservation_bucket(dhcp, r->kind, &r->port,
						sizeof(r->port));
	return vmnet_reservation_bucket(dhcp, r->kind, r->who, r->who_len);
}

static struct vmnet_reservation *
vmnet_reservation_find_as(const struct vmnet_dhcp *dhcp, u8 kind,
			  const void *who, u8 who_len)
{
	struct vmnet_reservation *r;

	hlist_for_each_entry(r,
			     vmnet_reservation_bucket(dhcp, kind, who, who_len),
			     node) {
		if (r->kind != kind)
			continue;
		if (kind == VMNET_RESERVED_PORT ?
		    r->port == *(const u32 *)who :
		    r->who_len == who_len && !memcmp(r->who, who, who_len))
			return r;
	}
	return NULL;
}

struct vmnet_reservation *
vmnet_reservation_find(const struct vmnet_dhcp *dhcp,
		       const struct vmnet_dhcp_client *client)
{
	struct vmnet_reservation *r = NULL;

	lockdep_assert_held(&dhcp->lock);

	if (!dhcp->reserved)
		return NULL;
	if (client->id_len)
		r = vmnet_reservation_find_as(dhcp, VMNET_RESERVED_CLIENT_ID,
					      client->id, client->id_len);
	if (!r)
		r = vmnet_reservation_find_as(dhcp, VMNET_RESERVED_MAC,
					      client->mac, ETH_ALEN);
	if (!r && client->port)
		r = vmnet_reservation_find_as(dhcp, VMNET_RESERVED_PORT,
					      &client->port,
					      sizeof(client->port));
	return r;
}

struct vmnet_reservation *
vmnet_reservation_next(const struct vmnet_dhcp *dhcp, u32 *address,
		       bool leased)
{
	struct xarray *xa = (struct xarray *)&dhcp->reservations;
	unsigned long index = *address;
	struct vmnet_reservation *r;

	r = xa_find(xa, &index, U32_MAX,
		    leased ? VMNET_RESERVED_LEASED : XA_PRESENT);
	if (r)
		*address = index;
	return r;
}

/* The xarray's own lock is within ours: nothing is taken under it. */
void vmnet_reservation_set_lease(struct vmnet_dhcp *dhcp,
				 struct vmnet_reservation *r,
				 struct vmnet_dhcp_lease *lease)
{
	lockdep_assert_held(&dhcp->lock);

	r->lease = lease;
	if (lease)
		xa_set_mark(&dhcp->reservations, r->address,
			    VMNET_RESERVED_LEASED);
	else
		xa_clear_mark(&dhcp->reservations, r->address,
			      VMNET_RESERVED_LEASED);
}

void vmnet_reservations_hold(const struct vmnet_dhcp *dhcp,
			     struct vmnet_dhcp_pool *pool)
{
	u32 address = pool->start;

	while (vmnet_reservation_next(dhcp, &address, false) &&
	       vmnet_dhcp_pool_has(pool, address))
		vmnet_dhcp_pool_put(pool, address++, NULL);
}

struct vmnet_reservation *
vmnet_reservation_of(const struct vmnet_dhcp *dhcp, u8 kind, const void *who,
		     u8 who_len)
{
	struct vmnet_reservation *r;

	ASSERT_RTNL();

	if (kind != VMNET_RESERVED_PORT)
		return dhcp->reserved ?
		       vmnet_reservation_find_as(dhcp, kind, who, who_len) :
		       NULL;
	list_for_each_entry(r, &dhcp->reserved_ports, by_port)
		if (r->who_len == who_len && !memcmp(r->who, who, who_len))
			return r;
	return NULL;
}

/* Whether a lease is the client's that an address is reserved for. */
static bool vmnet_reservation_is_of(const struct vmnet_reservation *r,
				    const struct vmnet_dhcp_lease *lease)
{
	switch (r->kind) {
	case VMNET_RESERVED_CLIENT_ID:
		return lease->id_len == r->who_len &&
		       !memcmp(lease->long_id ?: lease->id, r->who, r->who_len);
	case VMNET_RESERVED_MAC:
		return ether_addr_equal_unaligned(lease->mac, r->who);
	default:
		return lease->port == r->port;
	}
}

/* An address that one host can have, and is not the server. */
static bool vmnet_reservation_fits(const struct vmnet_dhcp_config *config,
				   u32 address)
{
	__be32 addr = htonl(address);

	return vmnet_dhcp_in_subnet(config, addr) &&
	       address != config->subnet && address != config->server &&
	       addr != config->options.broadcast;
}

static int vmnet_reservation_check_address(const struct vmnet_dhcp *dhcp,
					   u32 address, struct nlattr **tb,
					   struct netlink_ext_ack *extack)
{
	const struct vmnet_dhcp_config *config =
		rtnl_dereference(dhcp->config);
	const struct nlattr *at = tb[VMNET_A_RESERVATION_ADDRESS];
	__be32 addr = htonl(address), subnet = htonl(config->subnet);

	if (!vmnet_dhcp_in_subnet(config, addr)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, at, "%pI4 is not in %pI4/%u",
					&addr, &subnet, config->prefix_len);
		return -EINVAL;
	}
	if (!vmnet_reservation_fits(config, address)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, at,
					"%pI4 is the server's address or that of the subnet or of all of it",
					&addr);
		return -EINVAL;
	}
	if (vmnet_reservation_at(dhcp, address)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, at, "%pI4 is reserved already",
					&addr);
		return -EEXIST;
	}
	return vmnet_dhcp_scope_check_address(dhcp, address, at, extack);
}

static int vmnet_reservation_check_client(const struct vmnet_dhcp *dhcp,
					  const struct vmnet_reservation *r,
					  struct nlattr **tb,
					  struct netlink_ext_ack *extack)
{
	static const int attrs[VMNET_RESERVED_KINDS] = {
		[VMNET_RESERVED_CLIENT_ID] = VMNET_A_RESERVATION_CLIENT_ID,
		[VMNET_RESERVED_MAC] = VMNET_A_RESERVATION_MAC,
		[VMNET_RESERVED_PORT] = VMNET_A_RESERVATION_PORT,
	};
	struct vmnet_reservation *old;
	__be32 addr;

	old = vmnet_reservation_of(dhcp, r->kind, r->who, r->who_len);
	if (!old)
		return 0;
	addr = htonl(old->address);
	NL_SET_ERR_MSG_ATTR_FMT(extack, tb[attrs[r->kind]],
				"%pI4 is reserved for this client already",
				&addr);
	return -EEXIST;
}

static int vmnet_reservation_check_room(const struct vmnet_network *nw,
					struct netlink_ext_ack *extack)
{
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	struct vmnet_dhcp *dhcp;
	u32 count = 0;

	vmnet_dhcp_for_each(scopes, dhcp)
		count += dhcp->reservation_count;
	if (count < VMNET_RESERVATIONS_MAX)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "A network has at most %u reservations",
			   VMNET_RESERVATIONS_MAX);
	return -ENOSPC;
}

/* What can fail of memory, before anything has changed. */
static int vmnet_reservation_prepare(struct vmnet_dhcp *dhcp, u32 address)
{
	struct hlist_head *reserved = dhcp->reserved;

	if (!reserved)
		reserved = kvcalloc(1 << VMNET_RESERVED_BITS,
				    sizeof(*reserved), GFP_KERNEL_ACCOUNT);
	if (!reserved)
		return -ENOMEM;
	spin_lock_bh(&dhcp->lock);
	dhcp->reserved = reserved;
	spin_unlock_bh(&dhcp->lock);
	return xa_reserve_bh(&dhcp->reservations, address, GFP_KERNEL_ACCOUNT);
}

/* What there is of the address becomes the reservation's, or ends. */
static void vmnet_reservation_take(struct vmnet_dhcp *dhcp,
				   struct vmnet_reservation *r,
				   struct vmnet_dhcp_lease *lease)
{
	if (lease && (!vmnet_reservation_is_of(r, lease) ||
		      lease->state == VMNET_LEASE_STATE_DECLINED ||
		      lease->state == VMNET_DHCP_REVOKED)) {
		vmnet_dhcp_lease_free(dhcp, lease);
		lease = NULL;
	}
	if (vmnet_dhcp_pool_has(&dhcp->pool, r->address))
		vmnet_dhcp_pool_put(&dhcp->pool, r->address, NULL);
	/* It was reserved above, so it needs no memory. */
	xa_store(&dhcp->reservations, r->address, r, GFP_ATOMIC);
	if (lease) {
		lease->reserved = true;
		if (!vmnet_dhcp_state_is_active(lease->state))
			list_del_init(&lease->link);
		vmnet_reservation_set_lease(dhcp, r, lease);
	}
	if (r->kind != VMNET_RESERVED_PORT || r->port)
		hlist_add_head(&r->node, vmnet_reservation_own_bucket(dhcp, r));
}

static int vmnet_reservation_put(struct vmnet_dhcp *dhcp,
				 struct vmnet_reservation *r, bool force,
				 struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp_lease *lease = NULL;
	struct vmnet_dhcp_lease_info info;
	__be32 addr = htonl(r->address);
	bool others = false;

	spin_lock_bh(&dhcp->lock);
	if (vmnet_dhcp_pool_has(&dhcp->pool, r->address))
		lease = vmnet_dhcp_pool_lease(&dhcp->pool, r->address);
	if (lease && lease->state == VMNET_LEASE_STATE_BOUND &&
	    !vmnet_reservation_is_of(r, lease)) {
		others = true;
		vmnet_dhcp_lease_info(lease, &info,
				      ktime_get_boottime_seconds());
	}
	if (others && !force) {
		xa_release(&dhcp->reservations, r->address);
		spin_unlock_bh(&dhcp->lock);
		NL_SET_ERR_MSG_FMT(extack,
				   "%pI4 is leased to %pM now; use force",
				   &addr, info.mac);
		return -EBUSY;
	}
	vmnet_reservation_take(dhcp, r, lease);
	spin_unlock_bh(&dhcp->lock);
	if (others)
		vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_DELETED, &info);
	return 0;
}

int vmnet_reservation_add(struct vmnet_dhcp *dhcp, struct vmnet_reservation *r,
			  struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(dhcp->nw->dev);
	const struct vmnet_port *port;
	int err;

	ASSERT_RTNL();

	err = vmnet_reservation_check_address(dhcp, r->address, tb, extack);
	if (!err)
		err = vmnet_reservation_check_client(dhcp, r, tb, extack);
	if (!err)
		err = vmnet_reservation_check_room(dhcp->nw, extack);
	if (!err)
		err = vmnet_reservation_prepare(dhcp, r->address);
	if (err)
		return err;

	if (r->kind == VMNET_RESERVED_PORT) {
		port = vmnet_port_find(net, r->who);
		r->port = port ? port->id : 0;
	}
	err = vmnet_reservation_put(dhcp, r, tb[VMNET_A_RESERVATION_FORCE],
				    extack);
	if (err) {
		NL_SET_BAD_ATTR(extack, tb[VMNET_A_RESERVATION_ADDRESS]);
		return err;
	}
	dhcp->reservation_count++;
	if (r->kind == VMNET_RESERVED_PORT) {
		list_add_tail(&r->by_port, &dhcp->reserved_ports);
		vmnet_ns(net)->reserved_ports++;
	}
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_reservation_add, ERRNO);

/* What its client has goes on in the pool, if anybody could have it. */
static void vmnet_reservation_leave(struct vmnet_dhcp *dhcp,
				    struct vmnet_reservation *r, bool stays)
{
	struct vmnet_dhcp_lease *lease = r->lease;

	if (lease && !stays) {
		vmnet_dhcp_lease_free(dhcp, lease);
		lease = NULL;
	}
	if (r->kind != VMNET_RESERVED_PORT || r->port)
		hlist_del(&r->node);
	xa_erase(&dhcp->reservations, r->address);
	if (!stays)
		return;
	if (!lease) {
		vmnet_dhcp_pool_clear(&dhcp->pool, r->address);
		return;
	}
	lease->reserved = false;
	vmnet_dhcp_pool_put(&dhcp->pool, r->address, lease);
	if (!vmnet_dhcp_state_is_active(lease->state))
		list_add_tail(&lease->link, &dhcp->idle);
}

int vmnet_reservation_del(struct vmnet_dhcp *dhcp, struct vmnet_reservation *r,
			  bool force, struct netlink_ext_ack *extack)
{
	const struct vmnet_dhcp_config *config =
		rtnl_dereference(dhcp->config);
	bool stays = vmnet_dhcp_pool_has(&dhcp->pool, r->address) &&
		     !vmnet_dhcp_pool_keeps(config, r->address);
	struct vmnet_dhcp_lease_info info;
	__be32 addr = htonl(r->address);
	bool ends;

	ASSERT_RTNL();

	spin_lock_bh(&dhcp->lock);
	ends = r->lease && !stays &&
	       r->lease->state == VMNET_LEASE_STATE_BOUND;
	if (ends && !force) {
		spin_unlock_bh(&dhcp->lock);
		NL_SET_ERR_MSG_FMT(extack,
				   "%pI4 is in use and would be nobody's; use force",
				   &addr);
		return -EBUSY;
	}
	if (ends)
		vmnet_dhcp_lease_info(r->lease, &info,
				      ktime_get_boottime_seconds());
	vmnet_reservation_leave(dhcp, r, stays);
	spin_unlock_bh(&dhcp->lock);

	dhcp->reservation_count--;
	if (r->kind == VMNET_RESERVED_PORT) {
		list_del(&r->by_port);
		vmnet_ns(dev_net(dhcp->nw->dev))->reserved_ports--;
	}
	kfree(r);
	if (ends)
		vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_DELETED, &info);
	return 0;
}

int vmnet_reservations_check(const struct vmnet_dhcp *dhcp,
			     const struct vmnet_dhcp_config *config,
			     struct netlink_ext_ack *extack)
{
	struct vmnet_reservation *r;
	unsigned long index;
	__be32 addr;

	xa_for_each((struct xarray *)&dhcp->reservations, index, r) {
		if (vmnet_reservation_fits(config, r->address))
			continue;
		addr = htonl(r->address);
		NL_SET_ERR_MSG_FMT(extack,
				   "%pI4 is reserved and would not be a client's any more; use force",
				   &addr);
		return -EBUSY;
	}
	return 0;
}

void vmnet_reservations_drop(struct vmnet_dhcp *dhcp,
			     const struct vmnet_dhcp_config *config)
{
	struct vmnet_reservation *r;
	unsigned long index;

	xa_for_each(&dhcp->reservations, index, r)
		if (!vmnet_reservation_fits(config, r->address))
			vmnet_reservation_del(dhcp, r, true, NULL);
}

void vmnet_reservations_free(struct vmnet_dhcp *dhcp)
{
	struct vmnet_ns *ns = vmnet_ns(dev_net(dhcp->nw->dev));
	struct vmnet_reservation *r;
	unsigned long index;

	ASSERT_RTNL();

	xa_for_each(&dhcp->reservations, index, r) {
		if (r->kind == VMNET_RESERVED_PORT)
			ns->reserved_ports--;
		kfree(r);
	}
	local_bh_disable();
	xa_destroy(&dhcp->reservations);
	local_bh_enable();
	kvfree(dhcp->reserved);
}

/* Ports */

static void vmnet_reservation_set_port(struct vmnet_dhcp *dhcp,
				       struct vmnet_reservation *r, u32 id)
{
	spin_lock_bh(&dhcp->lock);
	if (r->port)
		hlist_del(&r->node);
	r->port = id;
	if (id)
		hlist_add_head(&r->node, vmnet_reservation_own_bucket(dhcp, r));
	spin_unlock_bh(&dhcp->lock);
}

static void vmnet_reservations_port(const struct vmnet_port *port, u32 id)
{
	struct vmnet_ns *ns = vmnet_ns(port->home);
	const struct vmnet_dhcp_scopes *scopes;
	struct vmnet_reservation *r;
	struct vmnet_network *nw;
	struct vmnet_dhcp *dhcp;
	unsigned long ifindex;

	ASSERT_RTNL();

	if (!ns->reserved_ports)
		return;
	xa_for_each(&ns->networks, ifindex, nw) {
		scopes = vmnet_dhcp_scopes(nw);
		vmnet_dhcp_for_each(scopes, dhcp) {
			r = vmnet_reservation_of(dhcp, VMNET_RESERVED_PORT,
						 port->name,
						 strlen(port->name));
			if (r)
				vmnet_reservation_set_port(dhcp, r, id);
		}
	}
}

void vmnet_reservations_port_came(const struct vmnet_port *port)
{
	vmnet_reservations_port(port, port->id);
}

void vmnet_reservations_port_went(const struct vmnet_port *port)
{
	vmnet_reservations_port(port, 0);
}
