/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_SERVER_H
#define VMNET_DHCP_SERVER_H

#include <linux/atomic.h>
#include <linux/types.h>

struct net_device;
struct sk_buff;
struct vmnet_dhcp;
struct vmnet_dhcp_pool_name;
struct vmnet_network;
struct vmnet_port;

#define VMNET_DHCP_LIMIT_DEFAULT	16	/* leases a port */
#define VMNET_DHCP_RATE_DEFAULT		50	/* messages a second */

/* So many at once and so many a second; without a lock, for several scopes may
 * take from one port's at the same time.
 */
struct vmnet_dhcp_bucket {
	atomic64_t full;	/* ns of ktime_get() at which it will be */
};

/**
 * struct vmnet_dhcp_port - what the server knows of a port
 *
 * All zero but for the first two to begin with.
 *
 * @limit: leases that it may hold, 0 for any number; set under RTNL
 * @rate: messages a second that are answered, 0 for any; set under RTNL
 * @guard_chaddr: whether its messages must be in its frames' name; set under RTNL
 * @pool: the pool that it is in, NULL for none; RCU, set under RTNL
 * @leases: that it holds in all networks: bound, offered and declined
 * @records: those, and what is remembered of it beside
 * @bucket: messages
 */
struct vmnet_dhcp_port {
	u32 limit;
	u32 rate;
	bool guard_chaddr;
	struct vmnet_dhcp_pool_name __rcu *pool;
	atomic_t leases;
	atomic_t records;
	struct vmnet_dhcp_bucket bucket;
};

/* What /sys and a network's own attributes show of its DHCP: the addresses are
 * those of the default scope, the rest is of all scopes together.
 */
struct vmnet_dhcp_info {
	bool enabled;
	u8 prefix_len;
	__be32 subnet;
	__be32 server;
	__be32 range_start;
	__be32 range_end;
	u32 leases;
	u64 offers;
	u64 acks;
	u64 naks;
	u64 declines;
	u64 exhausted;
};

/**
 * vmnet_dhcp_input() - offer a frame to a network's DHCP server
 * @nw: the network
 * @port: the port that it came in by
 * @skb: the frame, from its Ethernet header on
 *
 * The one call on a frame's way: DHCP messages for the server, and ARP and
 * ping for its address. Called for group addresses and for the addresses that
 * the server answers by, where the network has DHCP.
 *
 * Return: true if the frame was the network's; it is counted and gone then.
 *	false if it goes on its way.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
bool vmnet_dhcp_input(struct vmnet_network *nw, struct vmnet_port *port,
		      struct sk_buff *skb);

/**
 * vmnet_dhcp_again() - look at a message again that has waited for a probe
 * @dhcp: the server
 * @port: the port that it came in by
 * @skb: its frame, which was counted when it came in; not taken
 * @offset: of the IP header in it
 * @address: the address that was probed, in host order
 *
 * Context: as a frame's way (rcu_read_lock(), BH off)
 * Return: false if nothing came of it: the settings have changed since, or the
 *	port is in another pool
 */
bool vmnet_dhcp_again(struct vmnet_dhcp *dhcp, struct vmnet_port *port,
		      struct sk_buff *skb, unsigned int offset, u32 address);

/**
 * vmnet_dhcp_is_rogue() - whether a frame is a DHCP server's message
 * @nw: the network that it is in
 * @skb: the frame, from its Ethernet header on
 *
 * Context: any; reads only
 */
bool vmnet_dhcp_is_rogue(const struct vmnet_network *nw,
			 const struct sk_buff *skb);

/**
 * vmnet_dhcp_enabled() - whether one of a network's DHCP servers answers
 * @nw: the network
 *
 * Context: any
 */
bool vmnet_dhcp_enabled(struct vmnet_network *nw);

/**
 * vmnet_dhcp_info() - what there is to show of a network's DHCP
 * @nw: the network
 * @info: filled if there is anything
 *
 * Return: whether it ever had a subnet.
 *
 * Context: rcu_read_lock() or RTNL
 */
bool vmnet_dhcp_info(struct vmnet_network *nw, struct vmnet_dhcp_info *info);

/**
 * vmnet_dhcp_port_deleted() - free the leases of a port, in all networks
 * @port: the port; it sends nothing any more
 *
 * Context: RTNL; may sleep
 */
void vmnet_dhcp_port_deleted(struct vmnet_port *port);

/**
 * vmnet_dhcp_destroy() - free what a network has of DHCP
 * @nw: the network; no frame is on its way in it any more
 *
 * Readers of /sys may still be there; they are waited for by RCU.
 *
 * Context: RTNL; may sleep
 */
void vmnet_dhcp_destroy(struct vmnet_network *nw);

int vmnet_dhcp_init(void);
void vmnet_dhcp_exit(void);

#endif /* VMNET_DHCP_SERVER_H */
