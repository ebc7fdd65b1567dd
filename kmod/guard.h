/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_GUARD_H
#define VMNET_GUARD_H

#include "vmnet.h"

/**
 * vmnet_guard() - hold a frame against the policy of the port that sends it
 * @nw: the network that it is in
 * @port: the port; has a policy
 * @skb: the frame, from its Ethernet header on; its tag may be moved
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: VMNET_DROP_REASONS if it goes on, else why it does not
 */
unsigned int vmnet_guard(const struct vmnet_network *nw,
			 const struct vmnet_port *port, struct sk_buff *skb);

#endif /* VMNET_GUARD_H */
