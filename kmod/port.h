/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_PORT_H
#define VMNET_PORT_H

#include <linux/if_vlan.h>
#include <net/gso.h>

#include "vmnet.h"

/* What every port needs before anything can count on it; frees with _free(). */
int vmnet_port_init(struct vmnet_port *port, enum vmnet_port_type type,
		    struct net_device *dev);
void vmnet_port_free(struct vmnet_port *port);

/**
 * vmnet_port_name_ok() - whether a port, or a virtual machine, may be called so
 * @name: the name
 * @extack: says why not
 *
 * A name is a file's in /sys and a word for a shell.
 */
bool vmnet_port_name_ok(const char *name, struct netlink_ext_ack *extack);

/**
 * vmnet_port_register() - enter a port into its home's books
 * @port: the port; its @home and @name are set, its netdev is registered
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 */
int vmnet_port_register(struct vmnet_port *port,
			struct netlink_ext_ack *extack);
void vmnet_port_unregister(struct vmnet_port *port);

static inline bool vmnet_port_is_registered(const struct vmnet_port *port)
{
	return !hlist_unhashed(&port->by_name);
}

/* Finds a port by its name in its home; RTNL. */
struct vmnet_port *vmnet_port_find(const struct net *home, const char *name);

int vmnet_port_rename(struct vmnet_port *port, const char *name,
		      struct netlink_ext_ack *extack);

/**
 * vmnet_port_attach() - plug a port in
 * @port: a detached nic
 * @nw: a network of its home
 * @extack: the reason of a refusal
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then nothing has changed
 */
int vmnet_port_attach(struct vmnet_port *port, struct vmnet_network *nw,
		      struct netlink_ext_ack *extack);

/**
 * vmnet_port_detach() - unplug a port
 * @port: an attached nic
 *
 * Context: RTNL; sleeps for a grace period
 */
void vmnet_port_detach(struct vmnet_port *port);

/* From one network to another, or not at all; as vmnet_port_attach(). */
int vmnet_port_move(struct vmnet_port *port, struct vmnet_network *nw,
		    struct netlink_ext_ack *extack);

/**
 * vmnet_port_unpublish() - the first half of detaching
 * @port: a port; nothing happens if it is detached or unpublished already
 *
 * No new frame finds the port from now on.
 *
 * Context: RTNL
 */
void vmnet_port_unpublish(struct vmnet_port *port);

/**
 * vmnet_port_settle() - the second half, a grace period later
 * @port: a port that is unpublished; nothing happens if it is settled already
 *
 * Context: RTNL; may sleep
 */
void vmnet_port_settle(struct vmnet_port *port);

/* Why a port's netdev does not take a frame: a reason, or VMNET_DROP_REASONS
 * if it does. Of a super-packet the segments count; a tag is no part of the MTU.
 */
static inline unsigned int vmnet_port_refuses(const struct vmnet_port *port,
					      const struct sk_buff *skb)
{
	unsigned int longest = READ_ONCE(port->dev->mtu) + VLAN_ETH_HLEN;

	if (unlikely(!(port->dev->flags & IFF_UP)))
		return VMNET_DROP_PORT_DOWN;
	if (unlikely(skb->len > longest) &&
	    !(skb_is_gso(skb) && skb_gso_validate_mac_len(skb, longest)))
		return VMNET_DROP_MTU;
	return VMNET_DROP_REASONS;
}

/* Whether a port's netdev is ours, made by us for it: a vmnic. */
static inline bool vmnet_port_is_nic(const struct vmnet_port *port)
{
	return port->type == VMNET_PORT_TYPE_NIC ||
	       port->type == VMNET_PORT_TYPE_TAP;
}

/* Whether a port gets what is for unknown addresses. */
static inline bool vmnet_port_takes_unknown(const struct vmnet_port *port)
{
	return READ_ONCE(port->learning) ||
	       port->type == VMNET_PORT_TYPE_UPLINK;
}

/* Gives a port a number in its home, but no name: an uplink's; RTNL. */
int vmnet_port_number(struct vmnet_port *port);

/**
 * vmnet_port_set_learning() - learn stations behind a port, or stop that
 * @port: a nic
 * @on: which
 *
 * Context: RTNL; may sleep
 */
void vmnet_port_set_learning(struct vmnet_port *port, bool on);

/* The state that users are shown; RTNL or RCU. */
enum vmnet_port_state vmnet_port_state(const struct vmnet_port *port);

/* Lets the netdev of a port follow what its network is; RTNL. */
void vmnet_port_update_carrier(struct vmnet_port *port);
void vmnet_port_update_mtu(struct vmnet_port *port);
void vmnet_port_update_policy(struct vmnet_port *port);

/* The same before a port is in a network; RTNL. */
void vmnet_port_policy_for(struct vmnet_port *port, struct vmnet_network *nw);

/* The same for all ports of a network, after it has changed; RTNL. */
void vmnet_network_carrier(struct vmnet_network *nw);
void vmnet_network_mtu(struct vmnet_network *nw);
void vmnet_network_policy(struct vmnet_network *nw);

/**
 * vmnet_port_set_address() - ndo_set_mac_address of a port's netdev
 * @port: the port
 * @addr: a struct sockaddr
 *
 * Context: RTNL; may sleep
 */
int vmnet_port_set_address(struct vmnet_port *port, void *addr);

/**
 * vmnet_port_addresses_changed() - ndo_set_rx_mode of a port's netdev
 * @port: the port
 *
 * Context: under the netdev's address lock, hence by a work
 */
void vmnet_port_addresses_changed(struct vmnet_port *port);

/* The port is going away; RTNL. */
void vmnet_port_forget_change(struct vmnet_port *port);

/* No port is left. */
void vmnet_port_exit(void);

/* ndo_get_stats64 of a port's netdev: its owner's side of the counters. */
void vmnet_port_stats64(const struct vmnet_port *port,
			struct rtnl_link_stats64 *stats);

#endif /* VMNET_PORT_H */
