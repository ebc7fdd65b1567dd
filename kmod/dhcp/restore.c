// SPDX-License-Identifier: GPL-2.0-only
/* Leases that come from a saved table instead of from messages. Somebody may
 * have written the table, so it is held against all that messages are.
 */

#include <linux/ktime.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "../nl/dhcp.h"
#include "../port.h"
#include "arp.h"
#include "config.h"
#include "reservation.h"
#include "restore.h"
#include "scope.h"

/**
 * struct vmnet_dhcp_entry - a lease as it is entered
 * @tb: its attributes
 * @extack: the reason of a refusal
 * @client: its client
 * @port: the client's port
 * @address: in host order
 * @state: enum vmnet_lease_state
 * @seconds: it still has, or VMNET_DHCP_NEVER
 */
struct vmnet_dhcp_entry {
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
	struct vmnet_dhcp_client client;
	struct vmnet_port *port;
	u32 address;
	u32 state;
	u64 seconds;
};

static int vmnet_dhcp_entry_missing(struct vmnet_dhcp_entry *entry)
{
	static const int needed[] = {
		VMNET_A_LEASE_ADDRESS, VMNET_A_LEASE_MAC, VMNET_A_LEASE_PORT,
		VMNET_A_LEASE_STATE,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		if (entry->tb[needed[i]])
			continue;
		NL_SET_ERR_MSG(entry->extack,
			       "A lease needs its address, hardware address, port and state");
		return -EINVAL;
	}
	return 0;
}

/* What packet.c would have read. */
static int vmnet_dhcp_entry_client(struct vmnet_dhcp_entry *entry)
{
	struct vmnet_dhcp_client *client = &entry->client;
	struct nlattr *id = entry->tb[VMNET_A_LEASE_CLIENT_ID];
	struct nlattr *name = entry->tb[VMNET_A_LEASE_HOSTNAME];

	client->mac = nla_data(entry->tb[VMNET_A_LEASE_MAC]);
	if (!is_valid_ether_addr(client->mac)) {
		NL_SET_ERR_MSG_ATTR(entry->extack, entry->tb[VMNET_A_LEASE_MAC],
				    "No client can have this hardware address");
		return -EINVAL;
	}
	if (id && nla_len(id) > 255) {
		NL_SET_ERR_MSG_ATTR(entry->extack, id,
				    "A client id has 255 octets at most");
		return -EINVAL;
	}
	if (name && nla_len(name) > VMNET_DHCP_HOSTNAME_MAX) {
		NL_SET_ERR_MSG_ATTR(entry->extack, name,
				    "A host name has 63 octets at most");
		return -EINVAL;
	}
	client->id = id ? nla_data(id) : NULL;
	client->id_len = id ? nla_len(id) : 0;
	client->hostname = name ? nla_data(name) : NULL;
	client->hostname_len = name ? nla_len(name) : 0;
	return 0;
}

static int vmnet_dhcp_entry_state(struct vmnet_dhcp_entry *entry)
{
	struct nlattr *state = entry->tb[VMNET_A_LEASE_STATE];
	struct nlattr *expires = entry->tb[VMNET_A_LEASE_EXPIRES];

	entry->state = nla_get_u32(state);
	if (entry->state == VMNET_LEASE_STATE_OFFERED ||
	    entry->state == VMNET_LEASE_STATE_DECLINED) {
		NL_SET_ERR_MSG_ATTR(entry->extack, state,
				    "Only what is bound, released or expired can be entered");
		return -EINVAL;
	}
	entry->seconds = expires ? nla_get_u64(expires) : VMNET_DHCP_NEVER;
	if (expires && entry->seconds >= VMNET_DHCP_FOREVER) {
		NL_SET_ERR_MSG_ATTR(entry->extack, expires,
				    "No lease is as long as this");
		return -EINVAL;
	}
	/* It has run out while nobody looked. */
	if (entry->state == VMNET_LEASE_STATE_BOUND && !entry->seconds)
		entry->state = VMNET_LEASE_STATE_EXPIRED;
	return 0;
}

static int vmnet_dhcp_entry_port(struct vmnet_dhcp_entry *entry,
				 struct vmnet_network *nw)
{
	const struct nlattr *attr = entry->tb[VMNET_A_LEASE_PORT];
	const char *name = nla_data(attr);

	if (!strcmp(name, nw->host.name))
		entry->port = &nw->host;
	else
		entry->port = vmnet_port_find(dev_net(nw->dev), name);
	if (!entry->port) {
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack, attr,
					"There is no port %s", name);
		return -ENOENT;
	}
	entry->client.port = entry->port->id;
	entry->client.from = entry->port;
	return 0;
}

/* What is reserved is its client's, and its client's only address. */
static int vmnet_dhcp_entry_reserved(struct vmnet_dhcp_entry *entry,
				     const struct vmnet_dhcp *dhcp)
{
	const struct vmnet_reservation *of, *at;
	const struct nlattr *attr = entry->tb[VMNET_A_LEASE_ADDRESS];
	__be32 name = htonl(entry->address);

	of = vmnet_reservation_find(dhcp, &entry->client);
	at = vmnet_reservation_at(dhcp, entry->address);
	if (of == at)
		return 0;
	if (at) {
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack, attr,
					"%pI4 is reserved for another client",
					&name);
		return -EADDRINUSE;
	}
	name = htonl(of->address);
	NL_SET_ERR_MSG_ATTR_FMT(entry->extack, attr,
				"For this client another address is reserved: %pI4",
				&name);
	return -EBUSY;
}

/* Whether the address can be this client's. */
static int vmnet_dhcp_entry_fits(struct vmnet_dhcp_entry *entry,
				 struct vmnet_dhcp *dhcp,
				 const struct vmnet_dhcp_lease *lease)
{
	const struct nlattr *attr = entry->tb[VMNET_A_LEASE_ADDRESS];
	u64 now = ktime_get_boottime_seconds();
	__be32 name = htonl(entry->address);
	const struct vmnet_dhcp_lease *holder;
	u32 limit;
	int err;

	err = vmnet_dhcp_entry_reserved(entry, dhcp);
	if (err)
		return err;
	if (!vmnet_reservation_at(dhcp, entry->address) &&
	    (!vmnet_dhcp_pool_has(&dhcp->pool, entry->address) ||
	     vmnet_dhcp_pool_held(&dhcp->pool, entry->address))) {
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack, attr,
					"%pI4 is none of the addresses that clients of %s may get",
					&name, netdev_name(dhcp->nw->dev));
		return -EINVAL;
	}
	if (lease && lease->address == entry->address)
		return 0;
	if (lease && vmnet_dhcp_state_is_active(lease->state)) {
		name = htonl(lease->address);
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack,
					entry->tb[VMNET_A_LEASE_MAC],
					"The client has %pI4 already", &name);
		return -EBUSY;
	}
	holder = vmnet_dhcp_lease_at(dhcp, entry->address);
	if ((holder && vmnet_dhcp_state_is_active(holder->state)) ||
	    vmnet_dhcp_is_seen(dhcp, entry->address, entry->client.mac, now)) {
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack, attr,
					"%pI4 is in use by another client",
					&name);
		return -EADDRINUSE;
	}
	limit = READ_ONCE(entry->port->dhcp.limit);
	if (entry->state == VMNET_LEASE_STATE_BOUND && limit &&
	    atomic_read(&entry->port->dhcp.leases) >= limit) {
		NL_SET_ERR_MSG_ATTR_FMT(entry->extack,
					entry->tb[VMNET_A_LEASE_PORT],
					"The port has %u leases, as many as it may have",
					limit);
		return -ENOSPC;
	}
	return 0;
}

static int vmnet_dhcp_entry_enter(struct vmnet_dhcp_entry *entry,
				  struct vmnet_dhcp *dhcp,
				  struct vmnet_dhcp_lease_info *info)
{
	u64 now = ktime_get_boottime_seconds();
	struct vmnet_dhcp_lease *lease;
	int err;

	lockdep_assert_held(&dhcp->lock);

	lease = vmnet_dhcp_lease_find(dhcp, &entry->client);
	err = vmnet_dhcp_entry_fits(entry, dhcp, lease);
	if (err)
		return err;
	/* What it has now is newer than any table. */
	if (lease && lease->state == VMNET_LEASE_STATE_BOUND) {
		NL_SET_ERR_MSG_ATTR(entry->extack,
				    entry->tb[VMNET_A_LEASE_ADDRESS],
				    "The client has this lease already");
		return -EEXIST;
	}
	if (lease)
		vmnet_dhcp_lease_free(dhcp, lease);
	lease = vmnet_dhcp_lease_create(dhcp, &entry->client, entry->address);
	if (!lease)
		return -ENOMEM;

	lease->known = true;
	lease->expires = VMNET_DHCP_NEVER;
	if (entry->seconds != VMNET_DHCP_NEVER)
		lease->expires = now + entry->seconds;
	if (entry->state == VMNET_LEASE_STATE_BOUND)
		vmnet_dhcp_lease_set(dhcp, lease, entry->state,
				     lease->expires == VMNET_DHCP_NEVER ?
				     VMNET_DHCP_NEVER :
				     lease->expires + VMNET_DHCP_GRACE);
	else
		vmnet_dhcp_lease_rest(dhcp, lease, entry->state);
	if (entry->state == VMNET_LEASE_STATE_BOUND)
		vmnet_dhcp_lease_info(lease, info, now);
	return 0;
}

int vmnet_dhcp_restore(struct vmnet_network *nw,
		       const struct vmnet_dhcp_key *key, struct nlattr **tb,
		       struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp *dhcp = vmnet_dhcp_scope(nw, key);
	struct vmnet_dhcp_entry entry = { .tb = tb, .extack = extack };
	struct vmnet_dhcp_lease_info info;
	int err;

	ASSERT_RTNL();

	if (!dhcp) {
		NL_SET_ERR_MSG_ATTR_FMT(extack,
					tb[VMNET_A_LEASE_POOL] ?:
					tb[VMNET_A_LEASE_VLAN] ?:
					tb[VMNET_A_LEASE_NETWORK],
					"The network %s has no DHCP server for such leases",
					netdev_name(nw->dev));
		return -ENOENT;
	}
	err = vmnet_dhcp_entry_missing(&entry);
	if (!err)
		err = vmnet_dhcp_entry_client(&entry);
	if (!err)
		err = vmnet_dhcp_entry_state(&entry);
	if (!err)
		err = vmnet_dhcp_entry_port(&entry, nw);
	if (err)
		return err;
	entry.address = ntohl(nla_get_in_addr(tb[VMNET_A_LEASE_ADDRESS]));
	entry.client.by_id = entry.client.id_len &&
		rtnl_dereference(dhcp->config)->key ==
			VMNET_LEASE_KEY_CLIENT_ID;
	vmnet_dhcp_client_hash(&entry.client);

	spin_lock_bh(&dhcp->lock);
	err = vmnet_dhcp_entry_enter(&entry, dhcp, &info);
	vmnet_dhcp_unlock(dhcp);
	if (!err && entry.state == VMNET_LEASE_STATE_BOUND)
		vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_NEW, &info);
	return err;
}
