/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_XDP_H
#define VMNET_XDP_H

#include "vmnet.h"

struct netdev_bpf;
struct xdp_frame;

/* What became of the frames that a port's program was given; each has exactly
 * one of these but the last.
 */
enum vmnet_xdp_count {
	VMNET_XDP_PASS,		/* on to the stack of the port's owner */
	VMNET_XDP_DROP,
	VMNET_XDP_TX,		/* back into the switch */
	VMNET_XDP_REDIRECT,	/* to another netdev, a CPU or a socket */
	VMNET_XDP_ERROR,	/* lost: aborted, or not to be done */
	VMNET_XDP_NO_SKB,	/* of all: came from the sender without an skb */
	VMNET_XDP_COUNTS
};

/* Their names, for ethtool. */
extern const char *const vmnet_xdp_names[VMNET_XDP_COUNTS];

/* How often each has happened; zeros for a port that never had a program. Any
 * context in which the port is there.
 */
void vmnet_xdp_counts(const struct vmnet_port *port, u64 *counts);

/* How many frames lie in a port's ring; as above. */
unsigned int vmnet_xdp_queued(const struct vmnet_port *port);

/**
 * vmnet_xdp_bpf() - ndo_bpf of a nic: give it a program, or take it away
 * @dev: the nic's netdev
 * @bpf: the program, whose reference is ours if all goes well
 *
 * Context: RTNL; may sleep
 */
int vmnet_xdp_bpf(struct net_device *dev, struct netdev_bpf *bpf);

/* Whether frames for a port go to its program now; RTNL. */
bool vmnet_xdp_is_on(const struct vmnet_port *port);

/**
 * vmnet_xdp_xmit() - ndo_xdp_xmit of a nic: frames come in without an skb
 * @dev: the nic's netdev
 * @n: how many
 * @frames: the frames; gone afterwards, as far as they are taken
 * @flags: XDP_XMIT_*
 *
 * They are its owner's, as if he had transmitted them. Whoever they are for
 * gets them later, by a NAPI.
 *
 * Context: BH off, in a NAPI
 * Return: how many are taken: all; or an error, then none is
 */
int vmnet_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		   u32 flags);

/* The same for frames that a port's program sends back. */
void vmnet_xdp_input(struct vmnet_port *port, struct xdp_frame **frames,
		     unsigned int n);

/**
 * vmnet_xdp_deliver() - hand a frame to a port's program
 * @port: a port whose policy says VMNET_POLICY_XDP
 * @skb: the frame, from its Ethernet header on; gone if it is taken
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: whether it is taken; not if there is no program any more
 */
bool vmnet_xdp_deliver(struct vmnet_port *port, struct sk_buff *skb);

/**
 * vmnet_xdp_has_ring() - whether a port's ring is there
 * @port: the port
 *
 * Who sees that before a grace period sees it until its end.
 *
 * Context: rcu_read_lock()
 */
bool vmnet_xdp_has_ring(const struct vmnet_port *port);

/**
 * vmnet_xdp_put() - put frames into a port's ring, under one lock
 * @port: a port that has one
 * @frames: what for; all are gone afterwards
 * @n: how many
 * @no_skb: they have come without an skb
 *
 * What does not fit is dropped as queue_full.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_xdp_put(struct vmnet_port *port, struct xdp_frame **frames,
		   unsigned int n, bool no_skb);

/**
 * vmnet_xdp_drain() - wait until a port's ring is empty
 * @port: the port; found by no new frame, since a grace period
 *
 * Context: RTNL; may sleep
 */
void vmnet_xdp_drain(struct vmnet_port *port);

#endif /* VMNET_XDP_H */
