/* SPDX-License-Identifier: GPL-2.0-only */
/* Guards: what a port may not send, beyond the rules that hold everywhere.
 *
 * What nearly all frames need to pass them is here, in vmnet_input(), without a
 * call; what the others need is elsewhere.
 */
#ifndef VMNET_GUARD_H
#define VMNET_GUARD_H

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "dhcp/datagram.h"
#include "loop.h"
#include "vlan.h"
#include "vmnet.h"

/* As far as a frame is looked at: to the first octet of a DHCP message. */
struct vmnet_guard_headers {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	u8 op;
} __packed;

/**
 * vmnet_guard_may_be_dhcp() - whether a frame may be a DHCP server's
 * @data: the frame, from its Ethernet header on
 * @len: how many of its octets there are
 * @skb: that they are the first octets of; or NULL, if it is no super-packet
 *
 * Most frames can be told from a DHCP server's by one look at the first octets;
 * only the others need looking into.
 */
static inline bool vmnet_guard_may_be_dhcp(const void *data, unsigned int len,
					   const struct sk_buff *skb)
{
	const struct vmnet_guard_headers *frame = data;

	if (len < sizeof(*frame))
		return true;
	if (frame->eth.h_proto != htons(ETH_P_IP))
		return eth_type_vlan(frame->eth.h_proto);
	if (frame->ip.protocol != IPPROTO_UDP)
		return false;
	if (frame->ip.ihl != 5 || ip_is_fragment(&frame->ip))
		return true;
	if (frame->udp.dest != htons(VMNET_DHCP_SERVER_PORT) &&
	    frame->udp.dest != htons(VMNET_DHCP_CLIENT_PORT))
		return false;
	/* A client says so; behind a first datagram there may be others. */
	return frame->op != 1 || (skb && skb_is_gso(skb));
}

/**
 * vmnet_guard() - hold a frame against the policy of the port that sends it
 * @nw: the network that it is in
 * @port: the port; has a policy
 * @skb: the frame, from its Ethernet header on; its tag may be moved
 * @vid: set if the network has VLANs: the frame's, or 0
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: VMNET_DROP_REASONS if it goes on, else why it does not
 */
static inline unsigned int vmnet_guard(const struct vmnet_network *nw,
				       const struct vmnet_port *port,
				       struct sk_buff *skb, u16 *vid)
{
	u32 policy = READ_ONCE(port->policy);
	unsigned int refused;

	if (policy & VMNET_POLICY_LOOP_HOLD && vmnet_loop_is_held(port))
		return VMNET_DROP_LOOP;
	if (policy & VMNET_POLICY_VLAN) {
		refused = vmnet_vlan_input(port, skb, vid);
		if (unlikely(refused != VMNET_DROP_REASONS))
			return refused;
	}
	if (policy & VMNET_POLICY_GUARD_DHCP &&
	    vmnet_guard_may_be_dhcp(skb->data, skb_headlen(skb), skb) &&
	    vmnet_dhcp_is_rogue(nw, skb))
		return VMNET_DROP_DHCP_ROGUE;
	return VMNET_DROP_REASONS;
}

#endif /* VMNET_GUARD_H */
