// SPDX-License-Identifier: GPL-2.0-only
/* The server's address as an address: ARP and ping for it, and what ARP tells
 * of the addresses that others have.
 */

#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "../drop.h"
#include "../forward.h"
#include "../nl/dhcp.h"
#include "../stats.h"
#include "arp.h"
#include "probe.h"
#include "scope.h"

#define VMNET_DHCP_SEEN_TIME	300	/* seconds that an ARP message counts */
#define VMNET_DHCP_ECHO_RATE	1000	/* pings a second */

/* RFC 826, of IPv4 over Ethernet. */
struct vmnet_arp {
	struct arphdr head;
	u8 sha[ETH_ALEN];
	u8 spa[4];
	u8 tha[ETH_ALEN];
	u8 tpa[4];
} __packed;

/* The netdev by which the host is in the VLAN of a scope, or NULL. */
static struct net_device *vmnet_dhcp_host_dev(const struct vmnet_dhcp *dhcp)
{
	if (!READ_ONCE(dhcp->nw->host_on))
		return NULL;
	if (!dhcp->key.vlan)
		return dhcp->nw->dev;
	return __vlan_find_dev_deep_rcu(dhcp->nw->dev, htons(ETH_P_8021Q),
					dhcp->key.vlan);
}

bool vmnet_dhcp_host_has_server(const struct vmnet_dhcp *dhcp,
				const struct vmnet_dhcp_config *config)
{
	const struct net_device *dev = vmnet_dhcp_host_dev(dhcp);
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;

	in_dev = dev ? __in_dev_get_rcu(dev) : NULL;
	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (ifa->ifa_local == htonl(config->server))
			return true;
	return false;
}

const u8 *vmnet_dhcp_server_mac(const struct vmnet_dhcp *dhcp,
				const struct vmnet_dhcp_config *config)
{
	if (vmnet_dhcp_host_has_server(dhcp, config))
		return vmnet_dhcp_host_dev(dhcp)->dev_addr;
	return config->server_mac;
}

/* Each address has one place, so that whoever floods us with ARP fills no more
 * than that. Read without the lock first, for nearly all messages tell what is
 * known; a torn read costs an update that was not needed.
 */
static void vmnet_dhcp_see(struct vmnet_dhcp *dhcp, u32 address, const u8 *mac,
			   struct vmnet_port *port)
{
	struct vmnet_dhcp_seen *seen =
		&dhcp->seen[hash_32(address, ilog2(VMNET_DHCP_SEEN))];
	u32 now = ktime_get_boottime_seconds();
	struct vmnet_dhcp_lease_info info;
	bool conflict;

	/* Tearing costs an update, as said above. While there are probes, each
	 * message may be the answer to one.
	 */
	if (data_race(!dhcp->probes.count && seen->address == address &&
		      seen->when == now &&
		      ether_addr_equal_unaligned(seen->mac, mac)))
		return;
	spin_lock_bh(&dhcp->lock);
	seen->address = address;
	seen->when = now;
	ether_addr_copy(seen->mac, mac);
	conflict = vmnet_dhcp_probe_answered(dhcp, address, mac, port, &info);
	vmnet_dhcp_unlock(dhcp);
	if (conflict)
		vmnet_nl_notify_lease(dhcp, VMNET_LEASE_EVENT_CONFLICT, &info);
}

bool vmnet_dhcp_is_seen(const struct vmnet_dhcp *dhcp, u32 address,
			const u8 *mac, u64 now)
{
	const struct vmnet_dhcp_seen *seen =
		&dhcp->seen[hash_32(address, ilog2(VMNET_DHCP_SEEN))];

	lockdep_assert_held(&dhcp->lock);

	return seen->address == address &&
	       (u32)now - seen->when < VMNET_DHCP_SEEN_TIME &&
	       !ether_addr_equal_unaligned(seen->mac, mac);
}

/* A frame of the server's own, up to the end of its Ethernet header. */
static struct sk_buff *vmnet_dhcp_frame(struct vmnet_dhcp *dhcp,
					const struct vmnet_dhcp_config *config,
					const u8 *dst, u16 proto,
					unsigned int len)
{
	struct ethhdr *eth;
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + ETH_HLEN + len,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_reset_mac_header(skb);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, dst);
	ether_addr_copy(eth->h_source, vmnet_dhcp_server_mac(dhcp, config));
	eth->h_proto = htons(proto);
	skb->protocol = htons(proto);
	skb_set_network_header(skb, ETH_HLEN);
	return skb;
}

void vmnet_dhcp_tag(struct sk_buff *answer, const struct vmnet_dhcp *dhcp)
{
	if (dhcp->key.vlan)
		__vlan_hwaccel_put_tag(answer, htons(ETH_P_8021Q),
				       dhcp->key.vlan);
}

/* The question is the network's; so is the answer, if there is one. */
static bool vmnet_dhcp_answer(struct vmnet_dhcp *dhcp, struct vmnet_port *port,
			      struct sk_buff *skb, struct sk_buff *answer)
{
	vmnet_count_consumed(port);
	if (answer)
		vmnet_dhcp_tag(answer, dhcp);
	consume_skb(skb);
	if (answer)
		vmnet_reply(dhcp->nw, port, answer);
	return true;
}

static struct sk_buff *
vmnet_dhcp_arp_reply(struct vmnet_dhcp *dhcp,
		     const struct vmnet_dhcp_config *config,
		     const struct vmnet_arp *question)
{
	struct vmnet_arp *arp;
	struct sk_buff *skb;

	skb = vmnet_dhcp_frame(dhcp, config, question->sha, ETH_P_ARP,
			       sizeof(*arp));
	if (!skb)
		return NULL;
	arp = skb_put(skb, sizeof(*arp));
	arp->head = question->head;
	arp->head.ar_op = htons(ARPOP_REPLY);
	ether_addr_copy(arp->sha, vmnet_dhcp_server_mac(dhcp, config));
	memcpy(arp->spa, question->tpa, sizeof(arp->spa));
	ether_addr_copy(arp->tha, question->sha);
	memcpy(arp->tpa, question->spa, sizeof(arp->tpa));
	return skb;
}

struct sk_buff *
vmnet_dhcp_arp_request(struct vmnet_dhcp *dhcp,
		       const struct vmnet_dhcp_config *config, u32 address)
{
	static const u8 everybody[ETH_ALEN] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct vmnet_arp *arp;
	struct sk_buff *skb;

	skb = vmnet_dhcp_frame(dhcp, config, everybody, ETH_P_ARP,
			       sizeof(*arp));
	if (!skb)
		return NULL;
	arp = skb_put_zero(skb, sizeof(*arp));
	arp->head.ar_hrd = htons(ARPHRD_ETHER);
	arp->head.ar_pro = htons(ETH_P_IP);
	arp->head.ar_hln = ETH_ALEN;
	arp->head.ar_pln = 4;
	arp->head.ar_op = htons(ARPOP_REQUEST);
	ether_addr_copy(arp->sha, vmnet_dhcp_server_mac(dhcp, config));
	put_unaligned_be32(config->server, arp->spa);
	put_unaligned_be32(address, arp->tpa);
	return skb;
}

static bool vmnet_arp_is_valid(const struct vmnet_arp *arp)
{
	return arp->head.ar_hrd == htons(ARPHRD_ETHER) &&
	       arp->head.ar_pro == htons(ETH_P_IP) &&
	       arp->head.ar_hln == ETH_ALEN && arp->head.ar_pln == 4 &&
	       is_valid_ether_addr(arp->sha);
}

static bool vmnet_arp_read(const struct sk_buff *skb, unsigned int offset,
			   struct vmnet_arp *arp)
{
	return !skb_copy_bits(skb, offset, arp, sizeof(*arp)) &&
	       vmnet_arp_is_valid(arp);
}

/* Who has an address need not be in the pool whose clients get it. */
void vmnet_dhcp_arp_see(const struct vmnet_network *nw, u16 vlan,
			struct vmnet_port *port, const struct sk_buff *skb,
			unsigned int offset)
{
	struct vmnet_dhcp *dhcp;
	struct vmnet_arp arp;
	u32 sender;

	if (!vmnet_arp_read(skb, offset, &arp))
		return;
	sender = get_unaligned_be32(arp.spa);
	dhcp = vmnet_dhcp_scope_giving(nw, vlan, sender);
	if (dhcp)
		vmnet_dhcp_see(dhcp, sender, arp.sha, port);
}

bool vmnet_dhcp_arp(struct vmnet_dhcp *dhcp,
		    const struct vmnet_dhcp_config *config,
		    struct vmnet_port *port, struct sk_buff *skb,
		    unsigned int offset)
{
	struct sk_buff *answer;
	struct vmnet_arp arp;

	if (!vmnet_arp_read(skb, offset, &arp))
		return false;
	/* The answer to a probe: nobody else has this address. */
	if (arp.head.ar_op == htons(ARPOP_REPLY) &&
	    ether_addr_equal(eth_hdr(skb)->h_dest, config->server_mac))
		return vmnet_dhcp_answer(dhcp, port, skb, NULL);

	/* A probe, and a claim of the address, are requests for it too, and
	 * the answer defends it (RFC 5227).
	 */
	if (arp.head.ar_op != htons(ARPOP_REQUEST) ||
	    get_unaligned_be32(arp.tpa) != config->server ||
	    vmnet_dhcp_host_has_server(dhcp, config))
		return false;
	answer = vmnet_dhcp_arp_reply(dhcp, config, &arp);
	if (!answer) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return true;
	}
	return vmnet_dhcp_answer(dhcp, port, skb, answer);
}

/* RFC 792: the question with another type. Its checksum is changed by the
 * difference only, so one that was wrong stays wrong.
 */
static struct sk_buff *
vmnet_dhcp_echo_reply(struct vmnet_dhcp *dhcp,
		      const struct vmnet_dhcp_config *config,
		      const struct sk_buff *question, unsigned int offset,
		      const struct iphdr *iph)
{
	unsigned int len = ntohs(iph->tot_len) - sizeof(*iph);
	struct icmphdr *icmp;
	struct sk_buff *skb;
	struct iphdr *ip;

	skb = vmnet_dhcp_frame(dhcp, config, eth_hdr(question)->h_source,
			       ETH_P_IP, sizeof(*ip) + len);
	if (!skb)
		return NULL;
	ip = skb_put_zero(skb, sizeof(*ip));
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = iph->tot_len;
	ip->frag_off = htons(IP_DF);
	ip->ttl = 64;
	ip->protocol = IPPROTO_ICMP;
	ip->saddr = iph->daddr;
	ip->daddr = iph->saddr;
	ip_send_check(ip);

	icmp = skb_put(skb, len);
	if (skb_copy_bits(question, offset + sizeof(*iph), icmp, len)) {
		kfree_skb(skb);
		return NULL;
	}
	icmp->type = ICMP_ECHOREPLY;
	csum_replace2(&icmp->checksum, htons(ICMP_ECHO << 8),
		      htons(ICMP_ECHOREPLY << 8));
	return skb;
}

/* Whole, without IP options, to the server, and with a checksum of its own. */
static bool vmnet_dhcp_is_echo(const struct sk_buff *skb, unsigned int offset,
			       const struct iphdr *iph,
			       const struct vmnet_dhcp_config *config)
{
	struct icmphdr buf, *icmp;
	u32 total = ntohs(iph->tot_len);

	if (iph->daddr != htonl(config->server) || iph->ihl != 5 ||
	    ip_is_fragment(iph) || skb->ip_summed == CHECKSUM_PARTIAL ||
	    total < sizeof(*iph) + sizeof(*icmp) || total > skb->len - offset)
		return false;
	/* Nobody can be answered who says to be nobody, or everybody. */
	if (!vmnet_dhcp_in_subnet(config, iph->saddr) ||
	    iph->saddr == iph->daddr ||
	    iph->saddr == config->options.broadcast)
		return false;
	icmp = skb_header_pointer(skb, offset + sizeof(*iph), sizeof(buf),
				  &buf);
	return icmp && icmp->type == ICMP_ECHO && !icmp->code;
}

bool vmnet_dhcp_icmp(struct vmnet_dhcp *dhcp,
		     const struct vmnet_dhcp_config *config,
		     struct vmnet_port *port, struct sk_buff *skb,
		     unsigned int offset)
{
	struct sk_buff *answer;
	struct iphdr buf, *iph;

	iph = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!iph || !vmnet_dhcp_is_echo(skb, offset, iph, config) ||
	    vmnet_dhcp_host_has_server(dhcp, config))
		return false;

	if (!vmnet_dhcp_take(&dhcp->echo, VMNET_DHCP_ECHO_RATE))
		return vmnet_dhcp_answer(dhcp, port, skb, NULL);

	answer = vmnet_dhcp_echo_reply(dhcp, config, skb, offset, iph);
	if (!answer) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return true;
	}
	return vmnet_dhcp_answer(dhcp, port, skb, answer);
}
