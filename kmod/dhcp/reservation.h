/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_RESERVATION_H
#define VMNET_DHCP_RESERVATION_H

#include "lease.h"

struct netlink_ext_ack;
struct nlattr;
struct vmnet_dhcp_config;

/* Whom an address is reserved for; if several match, the first one counts. */
enum vmnet_reservation_kind {
	VMNET_RESERVED_CLIENT_ID,
	VMNET_RESERVED_MAC,
	VMNET_RESERVED_PORT,
	VMNET_RESERVED_KINDS
};

/**
 * struct vmnet_reservation - an address that is kept for one client
 *
 * Whoever sends a frame finds it under the lock of its scope; it is made and
 * deleted under RTNL and that lock.
 *
 * @node: in the scope's reserved; not there while its port is not
 * @by_port: in the scope's reserved_ports, if it is a port's; RTNL
 * @lease: what its client has of it now, or NULL; it is not in the pool
 * @address: in host order
 * @port: the id of the port, 0 while there is none of that name
 * @kind: enum vmnet_reservation_kind
 * @hostname_len: octets of @hostname
 * @who_len: octets of @who
 * @hostname: what the client is told to call itself
 * @who: the client: its id, its hardware address, or the name of its port
 */
struct vmnet_reservation {
	struct hlist_node node;
	struct list_head by_port;
	struct vmnet_dhcp_lease *lease;
	u32 address;
	u32 port;
	u8 kind;
	u8 hostname_len;
	u8 who_len;
	u8 hostname[VMNET_HOSTNAME_MAX];
	u8 who[];
};

/* All of these under the lock of the scope, or RTNL. */

static inline struct vmnet_reservation *
vmnet_reservation_at(const struct vmnet_dhcp *dhcp, u32 address)
{
	struct xarray *xa = (struct xarray *)&dhcp->reservations;

	/* Most scopes have none. */
	return xa_empty(xa) ? NULL : xa_load(xa, address);
}

/**
 * vmnet_reservation_next() - walk the reservations in order of address
 * @dhcp: the scope
 * @address: where to begin; that of the one found
 * @leased: only those whose clients have or had them
 *
 * Return: a reservation, or NULL at the end
 */
struct vmnet_reservation *
vmnet_reservation_next(const struct vmnet_dhcp *dhcp, u32 *address,
		       bool leased);

/**
 * vmnet_reservation_find() - what is reserved for a client
 * @dhcp: the scope
 * @client: the client
 *
 * By its client id, else by its hardware address, else by its port.
 *
 * Return: a reservation or NULL
 */
struct vmnet_reservation *
vmnet_reservation_find(const struct vmnet_dhcp *dhcp,
		       const struct vmnet_dhcp_client *client);

/* Gives a reservation its lease, or takes it away (NULL). */
void vmnet_reservation_set_lease(struct vmnet_dhcp *dhcp,
				 struct vmnet_reservation *r,
				 struct vmnet_dhcp_lease *lease);

/* Holds what is reserved back from everybody else, in a new pool. */
void vmnet_reservations_hold(const struct vmnet_dhcp *dhcp,
			     struct vmnet_dhcp_pool *pool);

/* The rest under RTNL. */

/**
 * vmnet_reservation_of() - what is reserved for just this client
 * @dhcp: the scope
 * @kind: enum vmnet_reservation_kind
 * @who: the client
 * @who_len: octets of @who
 */
struct vmnet_reservation *
vmnet_reservation_of(const struct vmnet_dhcp *dhcp, u8 kind, const void *who,
		     u8 who_len);

/**
 * vmnet_reservation_add() - keep an address for a client
 * @dhcp: the scope
 * @r: address, kind, client and host name are set; the scope's if it is done
 * @tb: the wish, by VMNET_A_RESERVATION_*
 * @extack: the reason of a refusal, and the attribute
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then nothing has changed
 */
int vmnet_reservation_add(struct vmnet_dhcp *dhcp, struct vmnet_reservation *r,
			  struct nlattr **tb, struct netlink_ext_ack *extack);

/**
 * vmnet_reservation_del() - keep it no longer
 * @dhcp: the scope
 * @r: the reservation; gone if it is done
 * @force: even if its client has it and nobody else could
 * @extack: the reason of a refusal
 *
 * A lease of an address in the range goes on.
 *
 * Context: RTNL; may sleep
 */
int vmnet_reservation_del(struct vmnet_dhcp *dhcp, struct vmnet_reservation *r,
			  bool force, struct netlink_ext_ack *extack);

/**
 * vmnet_reservations_check() - whether reservations go with other settings
 * @dhcp: the scope
 * @config: the settings
 * @extack: names one that does not
 */
int vmnet_reservations_check(const struct vmnet_dhcp *dhcp,
			     const struct vmnet_dhcp_config *config,
			     struct netlink_ext_ack *extack);

/* Deletes those that do not. */
void vmnet_reservations_drop(struct vmnet_dhcp *dhcp,
			     const struct vmnet_dhcp_config *config);

/* Frees all; nobody asks any more, and the leases are gone. */
void vmnet_reservations_free(struct vmnet_dhcp *dhcp);

/* There is a port of this name in its home, or no longer; RTNL. */
void vmnet_reservations_port_came(const struct vmnet_port *port);
void vmnet_reservations_port_went(const struct vmnet_port *port);

#endif /* VMNET_DHCP_RESERVATION_H */
