/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_INPUT_H
#define VMNET_INPUT_H

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

#endif /* VMNET_INPUT_H */
