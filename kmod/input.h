/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_INPUT_H
#define VMNET_INPUT_H

#include <linux/rcupdate.h>

#include "vmnet.h"

/**
 * vmnet_input() - a frame comes in
 * @port: by which port
 * @skb: the frame, from its Ethernet header on, nobody else's; gone afterwards
 *
 * The one way in, for every door.
 *
 * Context: rcu_read_lock(), BH off. May be within somebody's transmit, with a
 *	socket's lock held.
 */
void vmnet_input(struct vmnet_port *port, struct sk_buff *skb);

/**
 * vmnet_transmit_begin() - a frame's way begins in a netdev's transmit
 *
 * The stack has BH off there, and that is a reader's section of RCU, too; who
 * checks for one is told so. It costs nothing elsewhere.
 *
 * Context: ndo_start_xmit
 */
static inline void vmnet_transmit_begin(void)
{
	rcu_lock_acquire(&rcu_lock_map);
}

static inline void vmnet_transmit_end(void)
{
	rcu_lock_release(&rcu_lock_map);
}

#endif /* VMNET_INPUT_H */
