// SPDX-License-Identifier: GPL-2.0-only
/* A netdev that answers DHCP by turning the question round: what no server can
 * be cheaper than. Its cost is that of the load generator, which the bench
 * subtracts to get at the servers'.
 *
 *	ip link add null0 type vmnet_null
 *
 * The type must be the first option. A DISCOVER comes back as an OFFER, a
 * REQUEST as an ACK, with the transaction's number for an address; anything
 * else is dropped. No length is believed, and nothing is looked up or kept.
 */

#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/rtnetlink.h>

#define NULL_MESSAGE	(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr))
#define NULL_OP		NULL_MESSAGE
#define NULL_XID	(NULL_MESSAGE + 4)
#define NULL_YIADDR	(NULL_MESSAGE + 16)
#define NULL_TYPE	(NULL_MESSAGE + 240)	/* 53, 1, type */
#define NULL_LEN	(NULL_TYPE + 3)

static netdev_tx_t null_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct udphdr *udp;
	u8 *p;

	if (skb->len < NULL_LEN || skb_ensure_writable(skb, NULL_LEN))
		goto drop;
	p = skb->data;
	if (p[NULL_OP] != 1 || p[NULL_TYPE] != 53)
		goto drop;
	p[NULL_OP] = 2;
	p[NULL_TYPE + 2] = p[NULL_TYPE + 2] == 1 ? 2 : 5;
	memcpy(p + NULL_YIADDR, p + NULL_XID, 4);
	udp = (struct udphdr *)(p + ETH_HLEN + sizeof(struct iphdr));
	swap(udp->source, udp->dest);
	skb_orphan(skb);
	skb->protocol = eth_type_trans(skb, dev);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	netif_rx(skb);
	return NETDEV_TX_OK;

drop:
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops null_netdev_ops = {
	.ndo_start_xmit = null_xmit,
};

static void null_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &null_netdev_ops;
	dev->needs_free_netdev = true;
	dev->flags |= IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	vmnet_set_lltx(dev);
	eth_hw_addr_random(dev);
}

static struct rtnl_link_ops null_link_ops = {
	.kind	= "vmnet_null",
	.setup	= null_setup,
};

static int __init null_init(void)
{
	return rtnl_link_register(&null_link_ops);
}

static void __exit null_exit(void)
{
	rtnl_link_unregister(&null_link_ops);
}

module_init(null_init);
module_exit(null_exit);

MODULE_DESCRIPTION("Null responder of vmnet's bench");
MODULE_LICENSE("GPL");
