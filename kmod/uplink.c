// SPDX-License-Identifier: GPL-2.0-only
/* The door of uplinks: a netdev of the host that networks are bound to.
 *
 *	        host's stack
 *	             │
 *	 network ──┐ │ ┌── network        the segment of one adapter
 *	           ├─┼─┤
 *	         ──┴─┴─┴──▶ wire
 *
 * The adapter keeps its addresses, routes and connections. What makes that
 * possible are two hooks: an rx_handler for what comes from the wire, and
 * netfilter's egress hook for what the host sends. The networks, the host and
 * the wire are members of one segment; a frame of one of them goes to whom it is
 * for, and never back.
 *
 * DOC: Lifetime
 *
 * An adapter lives from its first binding to its last. A frame finds it by the
 * rx_handler and by the hook, both under RCU, and a binding by the adapter's
 * lists and by the network's. Unbinding takes it off the lists; a grace period
 * later nobody on the way holds it, and the receive queues are purged as with
 * any port.
 */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>

#include "adapter.h"
#include "drop.h"
#include "fdb.h"
#include "input.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "vlan.h"

/* The frame that this CPU hands to the adapter right now: the hook, or the
 * rx_handler, lets it pass and forgets it. No mark in the frame would do, for
 * its control block is everybody's.
 */
static DEFINE_PER_CPU(struct sk_buff *, vmnet_uplink_mine);

static bool vmnet_uplink_is_mine(const struct sk_buff *skb)
{
	if (likely(__this_cpu_read(vmnet_uplink_mine) != skb))
		return false;
	__this_cpu_write(vmnet_uplink_mine, NULL);
	return true;
}

/* The segment */

/* The VLAN of a frame on the wire, or 0. */
static u16 vmnet_wire_vid(const struct sk_buff *skb)
{
	struct vlan_hdr buf, *vlan;

	if (vmnet_vlan_tagged(skb))
		return skb_vlan_tag_get_id(skb);
	if (skb_vlan_tag_present(skb) ||
	    eth_hdr(skb)->h_proto != htons(ETH_P_8021Q))
		return 0;
	vlan = skb_header_pointer(skb, ETH_HLEN, sizeof(buf), &buf);
	return vlan ? ntohs(vlan->h_vlan_TCI) & VLAN_VID_MASK : 0;
}

enum vmnet_want {
	VMNET_WANTS_NOT,
	VMNET_WANTS_COPY,
	VMNET_WANTS_ALONE,	/* nobody else does */
};

/* Whether a binding's network is in a VLAN of the wire; then what it calls it. */
static bool vmnet_uplink_carries(const struct vmnet_uplink *up, u16 wire,
				 u16 *vid)
{
	const struct vmnet_vlan *vlan = rcu_dereference(up->port.vlan);

	*vid = 0;
	if (up->vid)
		return wire == up->vid;
	if (!vlan) {
		*vid = wire;
		return true;
	}
	*vid = wire ?: vlan->untagged;
	return *vid && test_bit(*vid, vlan->carries);
}

static enum vmnet_want vmnet_uplink_wants(const struct vmnet_uplink *up,
					  const struct ethhdr *eth, u16 wire)
{
	const struct vmnet_network *nw = rcu_dereference(up->port.network);
	const struct vmnet_fdb_entry *entry;
	u16 vid;

	if (unlikely(!nw) || !vmnet_uplink_carries(up, wire, &vid))
		return VMNET_WANTS_NOT;
	if (is_multicast_ether_addr(eth->h_dest))
		return VMNET_WANTS_COPY;

	entry = vmnet_fdb_find(nw, eth->h_dest,
			       READ_ONCE(nw->vlan_aware) ? vid : 0);
	if (entry)
		return READ_ONCE(entry->port) == &up->port ?
		       VMNET_WANTS_NOT : VMNET_WANTS_ALONE;
	return READ_ONCE(nw->learners) ? VMNET_WANTS_COPY : VMNET_WANTS_NOT;
}

/* From the segment into a network. */
static void vmnet_uplink_input(struct vmnet_uplink *up, struct sk_buff *skb)
{
	unsigned int refused;

	if (up->vid) {
		refused = vmnet_vlan_untag(skb);
		if (unlikely(refused != VMNET_DROP_REASONS)) {
			vmnet_count_rx(&up->port, skb->len);
			vmnet_drop(&up->port, skb, refused);
			return;
		}
		__vlan_hwaccel_clear_tag(skb);
	}
	/* skb is passed to the switch */
	vmnet_input(&up->port, skb);
}

static void vmnet_segment_copy(struct vmnet_uplink *up,
			       struct vmnet_uplink *from, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (unlikely(!copy)) {
		vmnet_count_rx(&up->port, skb->len);
		vmnet_drop(&up->port, NULL, VMNET_DROP_NO_MEMORY);
		return;
	}
	if (from) {
		vmnet_count_replicated(&from->port, 1);
		vmnet_count_tx(&from->port, copy->len);
	}
	vmnet_uplink_input(up, copy);
}

static bool vmnet_segment_offer_list(struct hlist_head *list,
				     struct vmnet_uplink *from,
				     struct sk_buff *skb, u16 wire)
{
	struct vmnet_uplink *up;

	hlist_for_each_entry_rcu(up, list, node) {
		if (up == from)
			continue;
		switch (vmnet_uplink_wants(up, eth_hdr(skb), wire)) {
		case VMNET_WANTS_NOT:
			break;
		case VMNET_WANTS_COPY:
			vmnet_segment_copy(up, from, skb);
			break;
		case VMNET_WANTS_ALONE:
			if (from)
				vmnet_count_tx(&from->port, skb->len);
			skb = skb_share_check(skb, GFP_ATOMIC);
			if (likely(skb))
				vmnet_uplink_input(up, skb);
			return true;
		}
	}
	return false;
}

/* Offers a frame to the networks of a segment. Returns true if one of them has
 * taken it for itself; else some may have got copies.
 */
static bool vmnet_segment_offer(struct vmnet_adapter *adapter,
				struct vmnet_uplink *from, struct sk_buff *skb)
{
	u16 wire = vmnet_wire_vid(skb);

	return vmnet_segment_offer_list(&adapter->by_vid[wire %
							 VMNET_ADAPTER_BUCKETS],
					from, skb, wire) ||
	       vmnet_segment_offer_list(&adapter->wide, from, skb, wire);
}

/* From the wire; called with rcu_read_lock(), BH off. */
rx_handler_result_t vmnet_uplink_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vmnet_adapter *adapter;
	const struct ethhdr *eth;
	bool taken;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	/* From one of our own ports to the host. */
	if (vmnet_uplink_is_mine(skb))
		return RX_HANDLER_PASS;

	adapter = rcu_dereference(skb->dev->rx_handler_data);
	eth = eth_hdr(skb);
	/* LACP, LLDP and 802.1X are between the host and its neighbour. */
	if (is_link_local_ether_addr(eth->h_dest) ||
	    ether_addr_equal_64bits(eth->h_dest, skb->dev->dev_addr))
		goto pass;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	skb_push_rcsum(skb, ETH_HLEN);
	vmnet_receive_begin();
	taken = vmnet_segment_offer(adapter, NULL, skb);
	vmnet_receive_end();
	if (taken)
		return RX_HANDLER_CONSUMED;
	skb_pull_rcsum(skb, ETH_HLEN);
pass:
	this_cpu_inc(*adapter->passed);
	return RX_HANDLER_PASS;
}

/* From the host; BH off. */
unsigned int vmnet_uplink_tx(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct vmnet_adapter *adapter = priv;
	bool taken;

	if (vmnet_uplink_is_mine(skb))
		return NF_ACCEPT;
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return NF_ACCEPT;
	skb_reset_mac_header(skb);
	if (is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return NF_ACCEPT;

	rcu_read_lock();
	taken = vmnet_segment_offer(adapter, NULL, skb);
	rcu_read_unlock();
	return taken ? NF_STOLEN : NF_ACCEPT;
}

void vmnet_uplink_wire(struct vmnet_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;
	unsigned int len = skb->len;
	int rc;

	/* What is queued for a cable that is not plugged in would come out old. */
	if (unlikely(!netif_carrier_ok(dev))) {
		vmnet_drop(port, skb, VMNET_DROP_PORT_DOWN);
		return;
	}
	skb_scrub_packet(skb, !net_eq(dev_net(skb->dev), dev_net(dev)));
	skb_forward_csum(skb);
	/* When it was received is not when it is to be sent. */
	skb_clear_tstamp(skb);
	skb_set_queue_mapping(skb, 0);
	skb->dev = dev;

	__this_cpu_write(vmnet_uplink_mine, skb);
	/* skb is passed to the adapter */
	rc = dev_queue_xmit(skb);
	__this_cpu_write(vmnet_uplink_mine, NULL);
	if (likely(!net_xmit_eval(rc)))
		vmnet_count_tx(port, len);
	else
		vmnet_drop(port, NULL, VMNET_DROP_QUEUE_FULL);
}

/* Not by netif_receive_skb(): where the adapter spreads what it receives over CPUs
 * (RPS), the frame would come to the rx_handler on another one, as if it were from
 * the wire, and so back to the networks.
 */
void vmnet_uplink_receive(struct sk_buff *skb)
{
	__this_cpu_write(vmnet_uplink_mine, skb);
	/* skb is passed to the host's stack */
	netif_receive_skb_core(skb);
	__this_cpu_write(vmnet_uplink_mine, NULL);
}

/* A group's frame: the host and the other networks get copies. */
static void vmnet_uplink_deliver_group(struct vmnet_uplink *up,
				       struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	vmnet_count_replicated(&up->port, 1);
	if (likely(copy))
		vmnet_receive(&up->port, copy);
	else
		vmnet_drop(&up->port, NULL, VMNET_DROP_NO_MEMORY);
	vmnet_segment_offer(up->adapter, up, skb);
	vmnet_uplink_wire(&up->port, skb);
}

void vmnet_uplink_deliver(struct vmnet_port *port, struct sk_buff *skb)
{
	struct vmnet_uplink *up = vmnet_uplink_of(port);
	unsigned int refused;

	refused = vmnet_port_refuses(port, skb);
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		vmnet_drop(port, skb, refused);
		return;
	}
	if (up->vid && unlikely(skb_vlan_push(skb, htons(ETH_P_8021Q),
					      up->vid))) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}
	/* For the neighbour on the wire, and nobody else. */
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)))
		vmnet_uplink_wire(port, skb);
	else if (is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		vmnet_uplink_deliver_group(up, skb);
	else if (ether_addr_equal_64bits(eth_hdr(skb)->h_dest,
					 port->dev->dev_addr))
		vmnet_receive(port, skb);
	else if (!vmnet_segment_offer(up->adapter, up, skb))
		vmnet_uplink_wire(port, skb);
}
