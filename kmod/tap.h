/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_TAP_H
#define VMNET_TAP_H

#include <linux/if_tap.h>

#include "vmnet.h"

struct vmnet_tap_node;

/**
 * struct vmnet_tap - what a port of the type tap has beside its netdev
 *
 * @dev: the tap library's; the rx_handler's data
 * @port: whose it is
 * @node: /dev/vmnet/PORT; RTNL
 * @by_index: /dev/tapIFINDEX, or NULL; RTNL
 * @uid: the user that they belong to; RTNL
 * @gid: and the group; INVALID_GID for none; RTNL
 */
struct vmnet_tap {
	struct tap_dev dev;
	struct vmnet_port *port;
	struct vmnet_tap_node *node;
	struct vmnet_tap_node *by_index;
	kuid_t uid;
	kgid_t gid;
};

/**
 * struct vmnet_tap_ops - what vmnet_tap.ko does for vmnet.ko
 *
 * All but @deliver: RTNL; may sleep; -EEXIST for a node that is somebody else's.
 *
 * @owner: the module, held by each port of the type tap
 * @add: makes what the port has in @port->tap usable, and its node
 * @del: the end of that; frames find the port no more, since a grace period
 * @renew: makes the node again, after the port's name or its owner has changed;
 *	if that fails the old one is still there
 * @event: of the port's netdev
 * @deliver: see vmnet_tap_deliver()
 */
struct vmnet_tap_ops {
	struct module *owner;
	int (*add)(struct vmnet_port *port);
	void (*del)(struct vmnet_port *port);
	int (*renew)(struct vmnet_port *port);
	int (*event)(struct vmnet_port *port, unsigned long event);
	void (*deliver)(struct vmnet_port *port, struct sk_buff *skb);
};

/* For vmnet_tap.ko, when it is loaded and when it goes. */
void vmnet_tap_register(const struct vmnet_tap_ops *ops);
void vmnet_tap_unregister(void);

/**
 * vmnet_tap_add() - make a tap of a nic
 * @port: a new nic: not in a network yet, its netdev registered, its name set
 * @uid: the user that its node is to belong to
 * @gid: the group that may open it, too, or INVALID_GID
 * @extack: the reason of a refusal
 *
 * Loads vmnet_tap.ko if need be.
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then the port is still a nic
 */
int vmnet_tap_add(struct vmnet_port *port, kuid_t uid, kgid_t gid,
		  struct netlink_ext_ack *extack);

/* The port's end, in halves: no way to it or from it is left; and when nobody
 * who was on such a way is, either. Nothing happens if it is no tap.
 */
void vmnet_tap_del(struct vmnet_port *port);
void vmnet_tap_free(struct vmnet_port *port);

/**
 * vmnet_tap_set_owner() - give a tap's node to somebody else
 * @port: a tap
 * @uid: as for vmnet_tap_add()
 * @gid: likewise
 * @extack: the reason of a refusal
 *
 * Who has it open keeps it.
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then nothing has changed
 */
int vmnet_tap_set_owner(struct vmnet_port *port, kuid_t uid, kgid_t gid,
			struct netlink_ext_ack *extack);

/* From netlink and back: the numbers of the initial user namespace. What is not
 * named keeps its value.
 */
int vmnet_tap_read_owner(const struct nlattr *uid_attr,
			 const struct nlattr *gid_attr, kuid_t *uid,
			 kgid_t *gid, struct netlink_ext_ack *extack);
int vmnet_tap_put_owner(struct sk_buff *skb, const struct vmnet_port *port,
			int uid_attr, int gid_attr);

/* After the port's name has changed: 0 for what is no tap. */
int vmnet_tap_renamed(struct vmnet_port *port, struct netlink_ext_ack *extack);

/* The stack says something of a nic's or a tap's netdev: NOTIFY_*. */
int vmnet_tap_event(struct vmnet_port *port, unsigned long event);

/* How many queues programs have open and enabled; any context in which the
 * port is there.
 */
unsigned int vmnet_tap_queues_open(const struct vmnet_port *port);

/**
 * vmnet_tap_deliver() - hand a frame to whoever has the port's node open
 * @port: a tap
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_tap_deliver(struct vmnet_port *port, struct sk_buff *skb);

#endif /* VMNET_TAP_H */
