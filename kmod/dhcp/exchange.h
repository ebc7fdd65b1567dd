/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_EXCHANGE_H
#define VMNET_DHCP_EXCHANGE_H

#include "config.h"
#include "lease.h"
#include "packet.h"

#define VMNET_DHCP_NO_EVENT	(-1)

/* What becomes of a message. */
enum vmnet_dhcp_outcome {
	VMNET_DHCP_ANSWER,	/* it is answered with @reply */
	VMNET_DHCP_DONE,	/* it has done its work and needs no answer */
	VMNET_DHCP_IGNORE,	/* it is right not to answer it */
	VMNET_DHCP_LIMIT,	/* its port has had enough */
	VMNET_DHCP_NO_MEMORY,
	VMNET_DHCP_PROBE,	/* it waits while @decided is asked for by ARP */
};

/**
 * struct vmnet_dhcp_exchange - one message and what is made of it
 * @dhcp: the server
 * @config: its settings
 * @door: the settings of the scope that the port is in: another one's, if a
 *	relay speaks for clients elsewhere
 * @server: what the server is called
 * @link: the address whose subnet the client is to be served from, or 0
 * @port: the port that it came in by
 * @msg: the message
 * @src: IP address that it came from
 * @probed: it has waited for the probe of this address, in host order; else 0
 * @when: boottime nanosecond
 * @now: its second
 * @client: who sent it
 * @lease: what the client has or had; NULL if nothing is known
 * @reservation: what is reserved for it and not somebody else's now, or NULL
 * @reply: the answer
 * @event: enum vmnet_lease_event, or VMNET_DHCP_NO_EVENT
 * @info: the lease that @event is about
 * @decision: enum vmnet_dhcp_decision
 * @decided: the address that the decision is about, in host order, or 0
 */
struct vmnet_dhcp_exchange {
	struct vmnet_dhcp *dhcp;
	const struct vmnet_dhcp_config *config;
	const struct vmnet_dhcp_config *door;
	__be32 server;
	__be32 link;
	struct vmnet_port *port;
	const struct vmnet_dhcp_message *msg;
	__be32 src;
	u32 probed;
	u64 when;
	u64 now;
	struct vmnet_dhcp_client client;
	struct vmnet_dhcp_lease *lease;
	struct vmnet_reservation *reservation;
	struct vmnet_dhcp_reply reply;
	int event;
	struct vmnet_dhcp_lease_info *info;
	u8 decision;
	u32 decided;
};

/**
 * vmnet_dhcp_exchange() - decide on a message, and keep what was decided
 * @x: all before @when, and @info, are set; the others are filled
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
enum vmnet_dhcp_outcome vmnet_dhcp_exchange(struct vmnet_dhcp_exchange *x);

#endif /* VMNET_DHCP_EXCHANGE_H */
