/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_QUEUE_H
#define VMNET_QUEUE_H

#include "vmnet.h"

/**
 * vmnet_receive() - hand a frame to a port's owner in this kernel
 * @port: a nic or the host
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * The owner gets it later, from a softirq of this CPU: the sender may hold a
 * lock that the owner's stack wants.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_receive(struct vmnet_port *port, struct sk_buff *skb);

/**
 * vmnet_queue_purge() - drop what is queued for a port, on every CPU
 * @port: the port; found by no new frame, since a grace period
 *
 * Afterwards no frame of the port is in a queue and each is counted. One may
 * still be within the stack of the port's netdev, as a received frame.
 *
 * Context: RTNL; may sleep
 */
void vmnet_queue_purge(struct vmnet_port *port);

int vmnet_queue_init(void);
void vmnet_queue_exit(void);

#endif /* VMNET_QUEUE_H */
