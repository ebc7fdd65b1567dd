// SPDX-License-Identifier: GPL-2.0-only
/* The server on a frame's way: what is for it is taken off, answered, and the
 * answer leaves by the door that the question came in by.
 */

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "../drop.h"
#include "../forward.h"
#include "../nl/dhcp.h"
#include "../stats.h"
#include "../vlan.h"
#include "arp.h"
#include "config.h"
#include "datagram.h"
#include "exchange.h"
#include "lease.h"
#include "packet.h"
#include "probe.h"
#include "relay.h"
#include "scope.h"

#define VMNET_DHCP_MTU	1500	/* the longest packet that is read or sent */

/* What one message needs beside the stack, on which it would be too much; own
 * CPU, BH off. A reply is queued by its receiver, so it never comes back in
 * while this is in use; what comes in by a probe may, which is the last thing
 * that is done with a message.
 */
struct vmnet_dhcp_scratch {
	u8 packet[VMNET_DHCP_MTU];
	struct vmnet_dhcp_message msg;
	struct vmnet_dhcp_lease_info info;
	struct vmnet_dhcp_exchange exchange;
};

static struct vmnet_dhcp_scratch __percpu *vmnet_dhcp_scratch;

/* The layer above Ethernet, and the VLAN: a customer's tag says it, beside the
 * frame or in it. A tag that only tells the priority is none; what is within two
 * tags, or in a provider's, is nothing to us: 0.
 */
static __be16 vmnet_dhcp_proto(const struct sk_buff *skb, unsigned int *offset,
			       u16 *vid)
{
	struct vlan_hdr buf, *vlan;
	__be16 proto = eth_hdr(skb)->h_proto;

	*offset = ETH_HLEN;
	*vid = 0;
	if (skb_vlan_tag_present(skb)) {
		*vid = skb_vlan_tag_get_id(skb);
		if (*vid && !vmnet_vlan_tagged(skb))
			return 0;
	}
	if (!eth_type_vlan(proto))
		return proto;
	vlan = skb_header_pointer(skb, ETH_HLEN, sizeof(buf), &buf);
	if (!vlan)
		return 0;
	if (ntohs(vlan->h_vlan_TCI) & VLAN_VID_MASK) {
		if (skb_vlan_tag_present(skb) || proto != htons(ETH_P_8021Q))
			return 0;
		*vid = ntohs(vlan->h_vlan_TCI) & VLAN_VID_MASK;
	}
	*offset += VLAN_HLEN;
	return vlan->h_vlan_encapsulated_proto;
}

/* UDP's ports, where there are any in this packet. */
static struct udphdr *vmnet_dhcp_udp(const struct sk_buff *skb,
				     unsigned int offset,
				     const struct iphdr *iph,
				     struct udphdr *buf)
{
	if (iph->protocol != IPPROTO_UDP || iph->version != 4 ||
	    iph->ihl < 5 || iph->frag_off & htons(IP_OFFSET))
		return NULL;
	return skb_header_pointer(skb, offset + iph->ihl * 4, sizeof(*buf),
				  buf);
}

/* Anything at all that a client might take for a server's answer. What cannot
 * be looked into is taken for one: the first of some fragments that ends
 * before the message does, and many datagrams in one frame.
 */
bool vmnet_dhcp_is_rogue(const struct vmnet_network *nw,
			 const struct sk_buff *skb)
{
	struct udphdr udp_buf, *udp;
	struct iphdr ip_buf, *iph;
	unsigned int offset;
	u8 op_buf, *op;
	u16 vid;

	if (vmnet_dhcp_proto(skb, &offset, &vid) != htons(ETH_P_IP))
		return false;
	iph = skb_header_pointer(skb, offset, sizeof(ip_buf), &ip_buf);
	if (!iph)
		return false;
	udp = vmnet_dhcp_udp(skb, offset, iph, &udp_buf);
	if (!udp || (udp->dest != htons(VMNET_DHCP_CLIENT_PORT) &&
		     udp->dest != htons(VMNET_DHCP_SERVER_PORT)))
		return false;
	/* Where nobody has VLANs they are others' networks, but for ours. */
	if (vid && !vmnet_vlan_of(nw, skb) && !vmnet_dhcp_serves(nw, vid))
		return false;
	if (skb_is_gso(skb))
		return true;
	op = skb_header_pointer(skb, offset + iph->ihl * 4 + sizeof(*udp), 1,
				&op_buf);
	if (!op)
		return ip_is_fragment(iph);
	return *op == 2;
}

/* RFC 2131 section 4.1, and what keeps a client that lies about itself from
 * sending an answer to somebody else: the port is the one that asked, whatever
 * the addresses say, and no neighbour table is asked.
 */
static void vmnet_dhcp_address(const struct vmnet_dhcp_exchange *x,
			       const u8 *source,
			       struct vmnet_dhcp_envelope *env)
{
	const struct vmnet_dhcp_message *msg = x->msg;

	ether_addr_copy(env->src_mac, vmnet_dhcp_server_mac(x->dhcp, x->door));
	/* A client elsewhere is behind a router. */
	ether_addr_copy(env->dst_mac,
			x->config == x->door ? msg->chaddr : source);
	env->src = htonl(x->door->server);
	env->dport = VMNET_DHCP_CLIENT_PORT;

	if (msg->giaddr) {
		ether_addr_copy(env->dst_mac, source);
		env->dst = msg->giaddr;
		env->dport = VMNET_DHCP_SERVER_PORT;
	} else if (x->reply.type != VMNET_DHCP_NAK && msg->ciaddr) {
		env->dst = msg->ciaddr;
	} else if (x->reply.type == VMNET_DHCP_NAK ||
		   (x->reply.type == VMNET_DHCP_OFFER && !x->reply.yiaddr) ||
		   msg->flags & VMNET_DHCP_BROADCAST) {
		eth_broadcast_addr(env->dst_mac);
		env->dst = htonl(INADDR_BROADCAST);
	} else {
		env->dst = x->reply.yiaddr ?: x->src;
	}
}

static struct sk_buff *vmnet_dhcp_reply_alloc(size_t room)
{
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + room,
			GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	return skb;
}

/* Whether a frame can be written over: nobody else has its octets, and they are
 * in one piece.
 */
static bool vmnet_dhcp_reply_fits(struct sk_buff *skb, size_t room)
{
	return !skb_is_nonlinear(skb) && !skb_shared(skb) &&
	       !skb_cloned(skb) && !skb_zcopy(skb) && !skb_pfmemalloc(skb) &&
	       skb->len + skb_tailroom(skb) >= room;
}

/* Takes away what a frame has of its sender, and its octets. */
static void vmnet_dhcp_reply_clean(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	skb_clear_hash(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb->priority = 0;
	skb->encapsulation = 0;
	skb_shinfo(skb)->tx_flags = 0;
	__skb_set_length(skb, 0);
}

/* With @turn the question is turned round where that can be done: its frame
 * becomes the answer's, which saves making one and freeing the other. All that
 * has to be known of it was read before. If there is an error, it is still the
 * question, but its octets may be others.
 */
static struct sk_buff *vmnet_dhcp_reply(struct vmnet_dhcp_exchange *x,
					struct sk_buff *question, bool turn)
{
	u32 mtu = READ_ONCE(x->dhcp->nw->mtu);
	size_t limit = vmnet_dhcp_size_limit(x->msg,
					     min_t(u32, mtu, VMNET_DHCP_MTU));
	size_t room = VMNET_DHCP_HEADERS + limit;
	struct vmnet_dhcp_envelope env;
	struct sk_buff *skb = question;
	size_t len;

	turn = turn && vmnet_dhcp_reply_fits(question, room);
	if (!turn)
		skb = vmnet_dhcp_reply_alloc(room);
	if (!skb)
		return NULL;

	vmnet_dhcp_address(x, eth_hdr(question)->h_source, &env);
	if (x->config->options.mtu)
		x->reply.mtu = min_t(u32, mtu, U16_MAX);
	len = vmnet_dhcp_build(skb->data + VMNET_DHCP_HEADERS, limit, x->msg,
			       &x->reply, &x->config->options);
	if (!len) {
		if (!turn)
			kfree_skb(skb);
		return ERR_PTR(-EMSGSIZE);
	}
	vmnet_dhcp_wrap(skb->data, len, &env);
	if (turn)
		vmnet_dhcp_reply_clean(skb);
	skb_put(skb, VMNET_DHCP_HEADERS + len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	skb->protocol = htons(ETH_P_IP);
	/* The sums are ours, and complete. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = 0;
	return skb;
}

/* The end of a question, by what became of it. */
static void vmnet_dhcp_finish(struct vmnet_dhcp_exchange *x,
			      enum vmnet_dhcp_outcome outcome,
			      struct sk_buff *skb, unsigned int offset)
{
	struct vmnet_port *port = x->port;
	struct sk_buff *reply = NULL;

	if (outcome == VMNET_DHCP_PROBE && !vmnet_dhcp_probe(x, skb, offset))
		outcome = VMNET_DHCP_NO_MEMORY;
	if (outcome == VMNET_DHCP_LIMIT) {
		vmnet_drop(port, skb, VMNET_DROP_DHCP_LIMIT);
		return;
	}
	if (outcome == VMNET_DHCP_ANSWER) {
		reply = vmnet_dhcp_reply(x, skb, true);
		/* It asks for more to be repeated than there is room for. */
		if (IS_ERR(reply)) {
			vmnet_drop(port, skb, VMNET_DROP_DHCP_MALFORMED);
			return;
		}
		if (!reply)
			outcome = VMNET_DHCP_NO_MEMORY;
	}
	if (outcome == VMNET_DHCP_NO_MEMORY) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}
	vmnet_count_consumed(port);
	if (reply)
		vmnet_dhcp_tag(reply, x->dhcp);
	if (reply != skb)
		consume_skb(skb);
	if (reply)
		vmnet_reply(x->dhcp->nw, port, reply);
}

/* Taken in by every server, or only by ours: RFC 2131 section 4.1. */
static bool vmnet_dhcp_is_ours(const struct vmnet_dhcp_config *config,
			       __be32 dst)
{
	return dst == htonl(INADDR_BROADCAST) ||
	       dst == config->options.broadcast ||
	       dst == htonl(config->server);
}

/* An IP packet with UDP for port 67; @len octets of it are in the frame. */
static enum vmnet_dhcp_verdict
vmnet_dhcp_read(const struct sk_buff *skb, unsigned int offset,
		struct vmnet_dhcp_scratch *scratch,
		struct vmnet_dhcp_datagram *dg)
{
	/* The sum of the one may be left to hardware, that of the other has
	 * been looked at.
	 */
	bool verify = skb->ip_summed != CHECKSUM_PARTIAL &&
		      skb->ip_summed != CHECKSUM_UNNECESSARY;
	u32 len = skb->len - offset;
	enum vmnet_dhcp_verdict verdict;
	const u8 *packet;

	/* What is longer by the frame's padding is cut, what is longer by
	 * itself says so in its header.
	 */
	len = min_t(u32, len, VMNET_DHCP_MTU);
	packet = skb_header_pointer(skb, offset, len, scratch->packet);
	if (!packet)
		return VMNET_DHCP_MALFORMED;
	verdict = vmnet_dhcp_unwrap(packet, len, verify, dg);
	if (verdict != VMNET_DHCP_OK)
		return verdict;
	return vmnet_dhcp_parse(dg->payload, dg->len, &scratch->msg);
}

/* Whose client it is, and by which name it knows us. */
static void vmnet_dhcp_choose_scope(struct vmnet_dhcp *dhcp,
				    struct vmnet_dhcp_exchange *x)
{
	const struct vmnet_dhcp_message *msg = x->msg;
	__be32 address;

	x->link = vmnet_dhcp_link(msg);
	/* Without a relay it renews by a router. */
	address = x->link ?: msg->ciaddr;
	x->dhcp = address ? vmnet_dhcp_scope_for(dhcp, x->port, address) : dhcp;
	x->config = rcu_dereference(x->dhcp->config);
	x->server = htonl(x->door->server);
	if (msg->giaddr && !READ_ONCE(x->port->guard_dhcp))
		x->server = vmnet_dhcp_relay_address(msg,
						     VMNET_DHCP_RELAY_SERVER) ?:
			    x->server;
}

/* RFC 2131 does not ask for it; a port may. */
static bool vmnet_dhcp_is_forged(const struct vmnet_port *port,
				 const struct vmnet_dhcp_message *msg,
				 const struct sk_buff *skb)
{
	return READ_ONCE(port->dhcp.guard_chaddr) && !msg->giaddr &&
	       !ether_addr_equal_unaligned(msg->chaddr,
					   eth_hdr(skb)->h_source);
}

static bool vmnet_dhcp_ip(struct vmnet_dhcp *dhcp,
			  const struct vmnet_dhcp_config *config,
			  struct vmnet_port *port, struct sk_buff *skb,
			  unsigned int offset)
{
	struct vmnet_dhcp_scratch *scratch;
	struct vmnet_dhcp_datagram dg;
	struct vmnet_dhcp_exchange *x;
	struct udphdr udp_buf, *udp;
	struct iphdr ip_buf, *iph;
	enum vmnet_dhcp_outcome outcome;

	iph = skb_header_pointer(skb, offset, sizeof(ip_buf), &ip_buf);
	if (!iph)
		return false;
	if (iph->protocol == IPPROTO_ICMP)
		return vmnet_dhcp_icmp(dhcp, config, port, skb, offset);
	udp = vmnet_dhcp_udp(skb, offset, iph, &udp_buf);
	if (!udp || udp->dest != htons(VMNET_DHCP_SERVER_PORT) ||
	    !vmnet_dhcp_is_ours(config, iph->daddr))
		return false;

	scratch = this_cpu_ptr(vmnet_dhcp_scratch);
	switch (vmnet_dhcp_read(skb, offset, scratch, &dg)) {
	case VMNET_DHCP_FOREIGN:
		return false;
	case VMNET_DHCP_MALFORMED:
		vmnet_drop(port, skb, VMNET_DROP_DHCP_MALFORMED);
		return true;
	case VMNET_DHCP_OK:
		break;
	}

	if (vmnet_dhcp_is_forged(port, &scratch->msg, skb)) {
		vmnet_drop(port, skb, VMNET_DROP_DHCP_CHADDR);
		return true;
	}
	x = &scratch->exchange;
	x->door = config;
	x->port = port;
	x->msg = &scratch->msg;
	x->src = dg.src;
	x->probed = 0;
	vmnet_dhcp_choose_scope(dhcp, x);
	x->info = &scratch->info;
	outcome = vmnet_dhcp_exchange(x);
	/* The event's copy is for here and now, and is told first: a reply may
	 * wake its receiver.
	 */
	if (x->event != VMNET_DHCP_NO_EVENT)
		vmnet_nl_notify_lease(x->dhcp, x->event, x->info);
	vmnet_dhcp_finish(x, outcome, skb, offset);
	return true;
}

/* Its frame is a copy that nobody else has, so what it was found to be stays
 * true; whose client it is may have changed. A scope that is chosen for a
 * message is of the same VLAN as that of the port.
 */
bool vmnet_dhcp_again(struct vmnet_dhcp *dhcp, struct vmnet_port *port,
		      struct sk_buff *skb, unsigned int offset, u32 address)
{
	struct vmnet_dhcp_scratch *scratch = this_cpu_ptr(vmnet_dhcp_scratch);
	struct vmnet_dhcp_datagram dg;
	struct vmnet_dhcp_exchange x = {
		.port = port,
		.msg = &scratch->msg,
		.info = &scratch->info,
		.probed = address,
	};
	enum vmnet_dhcp_outcome outcome;
	struct vmnet_dhcp *door;
	struct sk_buff *reply;

	door = vmnet_dhcp_scope_of(dhcp->nw, port, dhcp->key.vlan);
	if (!door)
		return false;
	x.door = rcu_dereference(door->config);
	if (!x.door->enabled ||
	    vmnet_dhcp_read(skb, offset, scratch, &dg) != VMNET_DHCP_OK)
		return false;
	x.src = dg.src;
	vmnet_dhcp_choose_scope(door, &x);
	if (x.dhcp != dhcp)
		return false;
	outcome = vmnet_dhcp_exchange(&x);
	if (x.event != VMNET_DHCP_NO_EVENT)
		vmnet_nl_notify_lease(dhcp, x.event, x.info);
	if (outcome == VMNET_DHCP_PROBE)
		return vmnet_dhcp_probe(&x, skb, offset);
	if (outcome != VMNET_DHCP_ANSWER)
		return false;
	reply = vmnet_dhcp_reply(&x, skb, false);
	if (IS_ERR_OR_NULL(reply))
		return true;
	vmnet_dhcp_tag(reply, dhcp);
	vmnet_reply(dhcp->nw, port, reply);
	return true;
}

/* A client whose port is in a pool without scope, or in none where all scopes
 * have pools, is nobody's: were it passed on, it would get its address from
 * whoever is behind another port.
 */
static bool vmnet_dhcp_nobodys(const struct vmnet_network *nw,
			       struct vmnet_port *port, struct sk_buff *skb,
			       unsigned int offset, u16 vid)
{
	struct udphdr udp_buf, *udp;
	struct iphdr ip_buf, *iph;

	iph = skb_header_pointer(skb, offset, sizeof(ip_buf), &ip_buf);
	udp = iph ? vmnet_dhcp_udp(skb, offset, iph, &udp_buf) : NULL;
	if (!udp || udp->dest != htons(VMNET_DHCP_SERVER_PORT) ||
	    iph->daddr != htonl(INADDR_BROADCAST) ||
	    !vmnet_dhcp_serves(nw, vid))
		return false;
	vmnet_drop(port, skb, VMNET_DROP_DHCP_NO_SCOPE);
	return true;
}

bool vmnet_dhcp_input(struct vmnet_network *nw, struct vmnet_port *port,
		      struct sk_buff *skb)
{
	const struct vmnet_dhcp_config *config;
	struct vmnet_dhcp *dhcp;
	unsigned int offset;
	__be16 proto;
	u16 vid;

	if (skb_is_gso(skb))
		return false;
	proto = vmnet_dhcp_proto(skb, &offset, &vid);
	if (proto != htons(ETH_P_IP) && proto != htons(ETH_P_ARP))
		return false;
	/* The LAN has a server of its own, unless the administrator says that
	 * it is this one.
	 */
	if (port->type == VMNET_PORT_TYPE_UPLINK && !READ_ONCE(nw->uplink_dhcp))
		return false;
	if (proto == htons(ETH_P_ARP))
		vmnet_dhcp_arp_see(nw, vid, port, skb, offset);
	dhcp = vmnet_dhcp_scope_of(nw, port, vid);
	if (!dhcp)
		return proto == htons(ETH_P_IP) &&
		       vmnet_dhcp_nobodys(nw, port, skb, offset, vid);
	config = rcu_dereference(dhcp->config);
	if (!config->enabled)
		return false;

	switch (proto) {
	case htons(ETH_P_IP):
		return vmnet_dhcp_ip(dhcp, config, port, skb, offset);
	case htons(ETH_P_ARP):
		return vmnet_dhcp_arp(dhcp, config, port, skb, offset);
	default:
		return false;
	}
}

int vmnet_dhcp_init(void)
{
	int err;

	vmnet_dhcp_scratch = alloc_percpu(struct vmnet_dhcp_scratch);
	if (!vmnet_dhcp_scratch)
		return -ENOMEM;
	err = vmnet_dhcp_lease_init();
	if (err)
		free_percpu(vmnet_dhcp_scratch);
	return err;
}

/* No network is left; what they had of DHCP may still wait to be freed. */
void vmnet_dhcp_exit(void)
{
	rcu_barrier();
	vmnet_dhcp_lease_exit();
	free_percpu(vmnet_dhcp_scratch);
}
