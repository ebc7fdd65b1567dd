/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DROP_H
#define VMNET_DROP_H

#include "vmnet.h"

/**
 * vmnet_drop() - drop a frame, count it, and say so to the tracers
 * @port: the port that caused it: the sender for what is wrong with the
 *	frame, the receiver for what is wrong with its receiving
 * @skb: the frame, gone afterwards; NULL for a copy that could not be made
 * @reason: why
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_drop(struct vmnet_port *port, struct sk_buff *skb,
		enum vmnet_drop_reason reason);

/**
 * vmnet_drop_detached() - the same for a frame from a port in no network
 * @port: the port
 * @skb: the frame; gone afterwards
 *
 * Counted apart, because no network may count it: what the port counts while
 * it is being settled is folded into the network that it leaves, and half a
 * frame there would spoil the sum for good.
 *
 * Context: as vmnet_drop()
 */
void vmnet_drop_detached(struct vmnet_port *port, struct sk_buff *skb);

/* Room for a trace's record of one; without its end. */
#define VMNET_DROP_NAME_MAX	23

/**
 * vmnet_drop_name() - the reason as people and scripts know it
 * @reason: one that is known
 *
 * Return: a word such as "queue_full"
 */
const char *vmnet_drop_name(enum vmnet_drop_reason reason);

#endif /* VMNET_DROP_H */
