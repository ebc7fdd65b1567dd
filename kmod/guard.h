/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_GUARD_H
#define VMNET_GUARD_H

#include "vmnet.h"

/**
 * vmnet_guard() - hold a frame against the policy of the port that sends it
 * @port: the port; has a policy
 * @skb: the frame, from its Ethernet header on
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 * Return: true if it goes on; false if it is dropped, counted and gone
 */
bool vmnet_guard(struct vmnet_port *port, struct sk_buff *skb);

#endif /* VMNET_GUARD_H */
