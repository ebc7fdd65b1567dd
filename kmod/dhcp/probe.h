/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_PROBE_H
#define VMNET_DHCP_PROBE_H

#include "exchange.h"

#define VMNET_DHCP_PROBE_MS	400	/* that an answer may take */
#define VMNET_DHCP_PROBES	256	/* messages that wait for one at once */

void vmnet_dhcp_probe_init(struct vmnet_dhcp_probes *probes);

/* Frees what waits; nobody can add to it any more. May sleep. */
void vmnet_dhcp_probe_stop(struct vmnet_dhcp_probes *probes);

/**
 * vmnet_dhcp_recovering() - whether clients may live on addresses that the
 *	server does not know of
 * @dhcp: the server
 * @now: boottime second
 *
 * Until the longest lease that it gives is over since it began: a server
 * before it may have given as long ones. The clients of our own nics do not
 * outlive the module, and ask for their address again when their link comes
 * back; what is behind a borrowed netdev or an uplink notices nothing.
 *
 * Context: any
 */
bool vmnet_dhcp_recovering(const struct vmnet_dhcp *dhcp, u64 now);

/**
 * vmnet_dhcp_must_probe() - whether an address is asked for before it is
 *	offered
 * @x: the message that it is to be offered to
 * @address: the address; not the client's
 *
 * Context: the server's lock
 */
bool vmnet_dhcp_must_probe(const struct vmnet_dhcp_exchange *x, u32 address);

/* Whether there is room for one more; the server's lock. */
bool vmnet_dhcp_probe_has_room(const struct vmnet_dhcp *dhcp);

/**
 * vmnet_dhcp_probe() - ask who has an address, and look at the message again
 *	when the answer had its time
 * @x: the message; vmnet_dhcp_exchange() said VMNET_DHCP_PROBE
 * @skb: its frame; not taken
 * @offset: of the IP header in it
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: false if there is no memory; then nothing waits
 */
bool vmnet_dhcp_probe(struct vmnet_dhcp_exchange *x, const struct sk_buff *skb,
		      unsigned int offset);

/**
 * vmnet_dhcp_probe_answered() - somebody has said to have an address
 * @dhcp: the server; locked
 * @address: the address
 * @mac: the one who has it
 * @port: the port that it is behind
 * @info: filled with what is to be told
 *
 * If the address is being probed, or was, and is offered but not taken, it is
 * nobody's for a while, and counts for the port of the one who has it, as a
 * lease does: a guest that says to have everything takes no more than that. A
 * lease goes on; of it this is told once.
 *
 * Return: whether there is something to tell
 */
bool vmnet_dhcp_probe_answered(struct vmnet_dhcp *dhcp, u32 address,
			       const u8 *mac, struct vmnet_port *port,
			       struct vmnet_dhcp_lease_info *info);

/**
 * vmnet_dhcp_probe_yield() - make way for a client that has an address
 * @x: its message
 * @address: the address that it says to have
 * @has_room: whether its port may have one more lease
 *
 * What was not offered to another one yet, what was only offered while clients
 * may live that this server does not know of, and what the client itself has
 * said by ARP to have, is free for it.
 *
 * Context: the server's lock
 */
void vmnet_dhcp_probe_yield(struct vmnet_dhcp_exchange *x, u32 address,
			    bool has_room);

#endif /* VMNET_DHCP_PROBE_H */
