/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_HOSTIF_H
#define VMNET_HOSTIF_H

#include "vmnet.h"

/* What stands for all adapters that are not named; no netdev with an IP stack
 * can have this name.
 */
#define VMNET_HOSTIF_DEFAULT	"default"

/* Names that a namespace can say something of: its administrator may be a user
 * of the machine like any other.
 */
#define VMNET_HOSTIF_NAMES_MAX	256

/**
 * struct vmnet_hostif - what was said of one adapter
 *
 * Hangs on the netdev while that is there, so that renaming it does not let it
 * escape, and waits for one of its name while there is none.
 *
 * @list: in vmnet_ns->hostifs, in the order of names
 * @ifindex: of the netdev; 0 while there is none
 * @allow: networks may bind it
 * @name: of the netdev, or of the one that is waited for
 */
struct vmnet_hostif {
	struct list_head list;
	int ifindex;
	bool allow;
	char name[IFNAMSIZ];
};

enum vmnet_hostif_word {
	VMNET_HOSTIF_OFF,
	VMNET_HOSTIF_ON,
	VMNET_HOSTIF_FOLLOW,	/* the default */
};

void vmnet_hostif_ns_init(struct vmnet_ns *ns);
void vmnet_hostif_ns_exit(struct vmnet_ns *ns);

/* Whether a netdev is a host adapter: a physical one, not what lies above. */
bool vmnet_hostif_is_adapter(const struct net_device *dev);

/**
 * vmnet_hostif_may_bind() - is a netdev open to networks?
 * @net: the namespace of the one who asks
 * @dev: the netdev, of whatever kind
 * @extack: the reason of a refusal
 *
 * Asked of a netdev that a network is about to send by. It and each one below
 * it must be open; an adapter is judged by the word of the namespace that it
 * is in, which may be another one than that of a VLAN device above it.
 *
 * Context: RTNL
 * Return: 0 or -EPERM
 */
int vmnet_hostif_may_bind(struct net *net, struct net_device *dev,
			  struct netlink_ext_ack *extack);

/**
 * vmnet_hostif_set() - say whether networks may bind an adapter
 * @net: the namespace
 * @name: of an adapter, there or not, or VMNET_HOSTIF_DEFAULT
 * @word: on, off, or to follow the default again
 * @force: detach the networks in whose way this is
 * @extack: the reason of a refusal
 *
 * Without @force nothing is changed if a network, of whatever namespace, is
 * bound to what would be off limits.
 *
 * Context: RTNL; sleeps for grace periods
 */
int vmnet_hostif_set(struct net *net, const char *name,
		     enum vmnet_hostif_word word, bool force,
		     struct netlink_ext_ack *extack);

/* What was said of an adapter, or of a name; NULL for nothing; RTNL. */
struct vmnet_hostif *vmnet_hostif_of(const struct net_device *dev);
struct vmnet_hostif *vmnet_hostif_find(struct net *net, const char *name);

/* The adapter with the lowest ifindex from @ifindex on, or NULL; RTNL. */
struct net_device *vmnet_hostif_next(struct net *net, int ifindex);

/* Whether a network has a netdev that is this adapter or above it; RTNL. */
bool vmnet_hostif_bound(const struct vmnet_network *nw,
			const struct net_device *adapter);

/**
 * vmnet_hostif_event() - what the stack says of any netdev
 * @dev: the netdev
 * @event: NETDEV_*
 * @ptr: struct netdev_notifier_info and what follows
 *
 * Keeps what was said with its netdev, and refuses that an adapter that is off
 * limits is put under a netdev that a network has already, as a further member
 * of a bond.
 *
 * Context: RTNL
 * Return: for the notifier chain
 */
int vmnet_hostif_event(struct net_device *dev, unsigned long event, void *ptr);

#endif /* VMNET_HOSTIF_H */
