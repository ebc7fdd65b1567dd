/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_FORWARD_H
#define VMNET_FORWARD_H

#include "borrow.h"
#include "fdb.h"
#include "queue.h"
#include "tap.h"
#include "uplink.h"
#include "vlan.h"
#include "vmnet.h"
#include "xdp.h"

/* What is to become of a frame; vmnet_decide() says it, vmnet_forward() does. */
enum vmnet_verdict {
	VMNET_TO_NIC,		/* to @port, a nic without a program */
	VMNET_TO_VLAN_NIC,	/* the same, where the tag may have to go */
	VMNET_TO_PORT,		/* to @port, of any type */
	VMNET_TO_ALL,		/* to every receiver but the sender */
	VMNET_TO_LEARNERS,	/* to those that learn, and the uplink */
	VMNET_TO_NOBODY,	/* dropped for @reason */
};

struct vmnet_decision {
	enum vmnet_verdict verdict;
	enum vmnet_drop_reason reason;
	struct vmnet_port *port;
	u16 vid;		/* the VLAN, or 0 */
	bool ask_server;	/* the network's server may take it first */
	bool inside;		/* not by the uplink */
};

static inline struct vmnet_decision
vmnet_decide_group(const struct vmnet_network *nw,
		   const struct vmnet_port *from, const struct ethhdr *eth,
		   u16 vid)
{
	struct vmnet_decision to = { .verdict = VMNET_TO_ALL, .vid = vid,
				     .reason = VMNET_DROP_NO_RECEIVER };

	/* IEEE 802.1Q-2018 8.6.3: a switch does not relay these. But a switch
	 * behind a port must see its own loops, so those that learn hear it;
	 * the physical switch must not, or it may shut our port.
	 */
	if (unlikely(is_link_local_ether_addr(eth->h_dest))) {
		to.reason = VMNET_DROP_RESERVED;
		to.inside = !READ_ONCE(from->l2proto);
		to.verdict = !to.inside ? VMNET_TO_ALL :
			     READ_ONCE(from->learning) ? VMNET_TO_LEARNERS :
							 VMNET_TO_NOBODY;
	} else {
		to.ask_server = rcu_access_pointer(nw->scopes);
	}
	return to;
}

/* Unknown to us is known to be behind nobody but a learner, or outside. */
static inline struct vmnet_decision
vmnet_decide_unknown(const struct vmnet_network *nw,
		     const struct vmnet_port *from, u16 vid)
{
	struct vmnet_decision to = { .verdict = VMNET_TO_NOBODY, .vid = vid,
				     .reason = VMNET_DROP_UNKNOWN_UNICAST };

	if (READ_ONCE(nw->learners)) {
		to.verdict = VMNET_TO_LEARNERS;
		return to;
	}
	to.port = rcu_dereference(nw->uplink);
	if (!to.port || to.port == from)
		return to;
	if (READ_ONCE(to.port->policy) & VMNET_POLICY_VLAN &&
	    !vmnet_vlan_carries(to.port, vid))
		to.reason = VMNET_DROP_VLAN;
	else
		to.verdict = VMNET_TO_PORT;
	return to;
}

/**
 * vmnet_decide() - where a frame goes
 * @nw: the network that it is in
 * @from: the port that it came in by
 * @eth: its header
 * @vid: its VLAN in the network, or 0
 *
 * Touches nothing, so that it may be asked about a frame that is never sent.
 *
 * Context: rcu_read_lock()
 */
static inline struct vmnet_decision
vmnet_decide(const struct vmnet_network *nw, const struct vmnet_port *from,
	     const struct ethhdr *eth, u16 vid)
{
	struct vmnet_decision to = { .verdict = VMNET_TO_NOBODY, .vid = vid };
	const struct vmnet_fdb_entry *entry;
	u32 policy;

	if (is_multicast_ether_addr(eth->h_dest))
		return vmnet_decide_group(nw, from, eth, vid);

	entry = vmnet_fdb_find(nw, eth->h_dest, vid);
	if (unlikely(!entry))
		return vmnet_decide_unknown(nw, from, vid);
	to.port = READ_ONCE(entry->port);
	if (unlikely(to.port == from)) {
		to.reason = VMNET_DROP_SAME_PORT;
		return to;
	}
	policy = READ_ONCE(to.port->policy);
	if (unlikely(policy & VMNET_POLICY_OUT)) {
		/* Without VLANs it is transparent, and carries all. */
		if (!vmnet_vlan_carries(to.port, vid)) {
			to.reason = VMNET_DROP_VLAN;
			return to;
		}
		if (to.port->type == VMNET_PORT_TYPE_NIC &&
		    !(policy & VMNET_POLICY_XDP)) {
			to.verdict = VMNET_TO_VLAN_NIC;
			return to;
		}
	} else if (likely(to.port->type == VMNET_PORT_TYPE_NIC)) {
		to.verdict = VMNET_TO_NIC;
		return to;
	}
	if (to.port->type == VMNET_PORT_TYPE_SERVER) {
		to.reason = VMNET_DROP_UNKNOWN_UNICAST;
		to.ask_server = true;
		return to;
	}

	to.verdict = VMNET_TO_PORT;
	/* Where the host has the server's address, its clients renew with it. */
	to.ask_server = to.port->type == VMNET_PORT_TYPE_HOST &&
			rcu_access_pointer(nw->scopes);
	return to;
}

/* To its door, by its type: what only this file looks at, in the hall. */
static inline void vmnet_deliver(struct vmnet_port *port, struct sk_buff *skb)
{
	u32 policy = READ_ONCE(port->policy);

	if (unlikely(policy & VMNET_POLICY_OUT)) {
		if (policy & VMNET_POLICY_VLAN)
			vmnet_vlan_output(port, skb);
		if (policy & VMNET_POLICY_XDP && vmnet_xdp_deliver(port, skb))
			return;
	}

	switch (port->type) {
	case VMNET_PORT_TYPE_NIC:
	case VMNET_PORT_TYPE_HOST:
		vmnet_receive(port, skb);
		break;
	case VMNET_PORT_TYPE_TAP:
		vmnet_tap_deliver(port, skb);
		break;
	case VMNET_PORT_TYPE_DEV:
		vmnet_borrow_deliver(port, skb);
		break;
	case VMNET_PORT_TYPE_UPLINK:
		vmnet_uplink_deliver(port, skb);
		break;
	}
}

/* All that a decision can ask for. */
void vmnet_forward_others(struct vmnet_network *nw, struct vmnet_port *from,
			  struct sk_buff *skb, struct vmnet_decision to);

/**
 * vmnet_forward() - do with a frame what was decided
 * @nw: the network that it is in
 * @from: the port that it came in by
 * @skb: the frame, from its Ethernet header on; gone afterwards
 * @to: what vmnet_decide() said
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
static inline void vmnet_forward(struct vmnet_network *nw,
				 struct vmnet_port *from, struct sk_buff *skb,
				 struct vmnet_decision to)
{
	/* Here, so that the decision stays in registers. */
	if (likely(to.verdict == VMNET_TO_NIC)) {
		vmnet_receive(to.port, skb);
	} else if (to.verdict == VMNET_TO_VLAN_NIC) {
		vmnet_vlan_output(to.port, skb);
		vmnet_receive(to.port, skb);
	} else if (to.verdict == VMNET_TO_PORT && !to.ask_server) {
		vmnet_deliver(to.port, skb);
	} else {
		vmnet_forward_others(nw, from, skb, to);
	}
}

/**
 * vmnet_reply() - hand out an answer of the network's own
 * @nw: the network
 * @port: the port that asked; an answer leaves by the door the question came
 *	in by, wherever its destination address would lead
 * @skb: the frame, from its Ethernet header on, with complete checksums; gone
 *	afterwards
 *
 * Counts as received from the network's server, so that the sum holds.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_reply(struct vmnet_network *nw, struct vmnet_port *port,
		 struct sk_buff *skb);

/**
 * vmnet_announce_all() - hand out a frame of the network's own to everybody
 * @nw: the network
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * Counts as vmnet_reply() does.
 *
 * Context: as a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_announce_all(struct vmnet_network *nw, struct sk_buff *skb);

#endif /* VMNET_FORWARD_H */
