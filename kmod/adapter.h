/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the uplink share, and nobody else. */
#ifndef VMNET_ADAPTER_H
#define VMNET_ADAPTER_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>

#include "uplink.h"

#define VMNET_ADAPTER_BUCKETS	64

/**
 * struct vmnet_adapter - a netdev that networks are bound to
 * @dev: the netdev, held by the bindings
 * @by_vid: bindings to one VLAN, by its low bits; RCU
 * @wide: bindings to many VLANs; RCU
 * @bindings: of all sorts
 * @hook: netfilter's egress hook
 * @hooked: whether it is there; this kernel may have none
 * @passed: frames from the wire that the host got; per CPU
 * @rcu: for freeing
 */
struct vmnet_adapter {
	struct net_device *dev;
	struct hlist_head by_vid[VMNET_ADAPTER_BUCKETS];
	struct hlist_head wide;
	unsigned int bindings;
	struct nf_hook_ops hook;
	bool hooked;
	unsigned long __percpu *passed;
	struct rcu_head rcu;
};

/**
 * struct vmnet_uplink - the binding of a network to an adapter
 * @port: by which the network has it
 * @adapter: the adapter
 * @vid: the one VLAN of the wire that the network is, or 0
 * @node: in the adapter's lists; RCU
 * @promiscuous: it has asked the adapter for that; RTNL
 * @vids: that it has asked the adapter's filter for; RTNL
 */
struct vmnet_uplink {
	struct vmnet_port port;
	struct vmnet_adapter *adapter;
	u16 vid;
	struct hlist_node node;
	bool promiscuous;
	DECLARE_BITMAP(vids, VLAN_N_VID);
};

static inline struct vmnet_uplink *vmnet_uplink_of(struct vmnet_port *port)
{
	return container_of(port, struct vmnet_uplink, port);
}

/* A network's, or NULL. */
static inline struct vmnet_uplink *vmnet_uplink_get(const struct vmnet_network *nw)
{
	struct vmnet_port *port = rtnl_dereference(nw->uplink);

	return port ? vmnet_uplink_of(port) : NULL;
}

/* The rx_handler and the egress hook of an adapter; they know it by these. */
rx_handler_result_t vmnet_uplink_rx(struct sk_buff **pskb);
unsigned int vmnet_uplink_tx(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);

/* Of a netdev that networks are bound to, or NULL; RTNL. */
struct vmnet_adapter *vmnet_adapter_find(const struct net_device *dev);

/* All reasons why a network is not bound to a netdev; RTNL. */
int vmnet_uplink_check(struct vmnet_network *nw, struct net_device *dev,
		       const struct vmnet_uplink_words *words,
		       struct netlink_ext_ack *extack);

/* Binds without a look at those reasons, and lets go but keeps the words; RTNL,
 * may sleep.
 */
int vmnet_uplink_bind(struct vmnet_network *nw, struct net_device *dev,
		      const struct vmnet_uplink_words *words,
		      struct netlink_ext_ack *extack);
void vmnet_uplink_release(struct vmnet_network *nw);

/* Whether a network waits for its uplink to come back; RTNL. */
void vmnet_uplink_set_missing(struct vmnet_network *nw, bool missing);

#endif /* VMNET_ADAPTER_H */
