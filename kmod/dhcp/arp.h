/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_ARP_H
#define VMNET_DHCP_ARP_H

#include "config.h"
#include "lease.h"

/**
 * vmnet_dhcp_host_has_server() - whether the host answers by the server's
 *	address
 * @dhcp: the server
 * @config: its settings
 *
 * Then it is the host that answers ARP and ping, and the server takes the
 * host's hardware address.
 *
 * Context: rcu_read_lock()
 */
bool vmnet_dhcp_host_has_server(const struct vmnet_dhcp *dhcp,
				const struct vmnet_dhcp_config *config);

/* The hardware address that goes with the server's; rcu_read_lock(). */
const u8 *vmnet_dhcp_server_mac(const struct vmnet_dhcp *dhcp,
				const struct vmnet_dhcp_config *config);

/* Puts an answer into the VLAN of its question, which is the scope's. */
void vmnet_dhcp_tag(struct sk_buff *answer, const struct vmnet_dhcp *dhcp);

/**
 * vmnet_dhcp_arp() - look at an ARP message
 * @dhcp: the server
 * @config: its settings
 * @port: the port that it came in by
 * @skb: the frame, from its Ethernet header on
 * @offset: of the ARP header in it
 *
 * Requests for the server's address are answered, and answers to its own taken.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: as vmnet_dhcp_input()
 */
bool vmnet_dhcp_arp(struct vmnet_dhcp *dhcp,
		    const struct vmnet_dhcp_config *config,
		    struct vmnet_port *port, struct sk_buff *skb,
		    unsigned int offset);

/**
 * vmnet_dhcp_arp_see() - keep for a while what an ARP message tells of its
 *	sender's address
 * @nw: the network
 * @vlan: the VLAN that it is in
 * @port: the port that it came in by; it need not have a server
 * @skb: the frame, from its Ethernet header on
 * @offset: of the ARP header in it
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_dhcp_arp_see(const struct vmnet_network *nw, u16 vlan,
			struct vmnet_port *port, const struct sk_buff *skb,
			unsigned int offset);

/**
 * vmnet_dhcp_arp_request() - the question who has an address
 * @dhcp: the server
 * @config: its settings
 * @address: the address, in host order
 *
 * Context: rcu_read_lock()
 * Return: a frame to everybody, or NULL if there is no memory
 */
struct sk_buff *
vmnet_dhcp_arp_request(struct vmnet_dhcp *dhcp,
		       const struct vmnet_dhcp_config *config, u32 address);

/* The same for ICMP: echo requests to the server's address are answered. */
bool vmnet_dhcp_icmp(struct vmnet_dhcp *dhcp,
		     const struct vmnet_dhcp_config *config,
		     struct vmnet_port *port, struct sk_buff *skb,
		     unsigned int offset);

/**
 * vmnet_dhcp_is_seen() - whether somebody else was seen to have an address
 * @dhcp: the server; locked
 * @address: the address
 * @mac: of the one that is to have it
 * @now: boottime second
 */
bool vmnet_dhcp_is_seen(const struct vmnet_dhcp *dhcp, u32 address,
			const u8 *mac, u64 now);

#endif /* VMNET_DHCP_ARP_H */
