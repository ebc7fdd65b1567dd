/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_QUEUE_H
#define VMNET_QUEUE_H

#include <linux/percpu.h>

#include "vmnet.h"

DECLARE_PER_CPU(unsigned int, vmnet_receive_depth);

/**
 * vmnet_receive_begin() - a netdev's receive hands a frame to the switch
 *
 * Nobody on this CPU holds a lock that an owner's stack wants, as one that
 * transmits may. So until vmnet_receive_end() a frame for one port may go into
 * its owner's stack at once; of what comes out of that stack, nothing may.
 *
 * Context: rx_handler (rcu_read_lock(), BH off)
 */
static inline void vmnet_receive_begin(void)
{
	__this_cpu_inc(vmnet_receive_depth);
}

static inline void vmnet_receive_end(void)
{
	__this_cpu_dec(vmnet_receive_depth);
}

/**
 * vmnet_receive_defer() - queue what would be received at once
 *
 * For frames to many: to serve all their owners in place would be a long stay.
 *
 * Return: what vmnet_receive_resume() ends it with
 */
static inline unsigned int vmnet_receive_defer(void)
{
	unsigned int depth = __this_cpu_read(vmnet_receive_depth);

	__this_cpu_write(vmnet_receive_depth, depth ? depth + 1 : 0);
	return depth;
}

static inline void vmnet_receive_resume(unsigned int depth)
{
	__this_cpu_write(vmnet_receive_depth, depth);
}

/**
 * vmnet_receive() - hand a frame to a port's owner in this kernel
 * @port: a nic or the host
 * @skb: the frame, from its Ethernet header on; gone afterwards
 *
 * The owner gets it later, from a softirq of this CPU, for the sender may hold
 * a lock that the owner's stack wants; or now, see vmnet_receive_begin().
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_receive(struct vmnet_port *port, struct sk_buff *skb);

/**
 * vmnet_receive_is_queued() - whether a frame just received is a model
 * @port: the port that it was for
 * @skb: what was handed to it; only compared, for it may be gone
 *
 * Context: as vmnet_receive(), with which it shares one stay with BH off
 * Return: whether the frame lies in the queue as the owner of a nic gets it
 */
bool vmnet_receive_is_queued(const struct vmnet_port *port,
			     const struct sk_buff *skb);

/**
 * vmnet_receive_like() - one more copy of a frame that lies in the queue
 * @port: who gets it
 * @model: a frame for everybody, by vmnet_receive_is_queued()
 *
 * What it takes to make a frame fit for an owner's stack is done once then:
 * nothing in it differs from one nic to another in the same namespace.
 *
 * Context: as vmnet_receive_is_queued()
 * Return: false if this port needs vmnet_receive() after all, or no copy could
 *	be made
 */
bool vmnet_receive_like(struct vmnet_port *port, struct sk_buff *model);

/**
 * vmnet_queue_purge() - drop what is queued for a port, on every CPU; what lies
 *	in the ring of its XDP program still goes there
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
