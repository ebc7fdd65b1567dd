/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_LOOP_H
#define VMNET_LOOP_H

#include "vmnet.h"

struct vmnet_fdb_entry;

/**
 * vmnet_loop_seen() - a frame from an address of ours has come from outside
 * @nw: the network
 * @port: the port that it came in by: an uplink, or one that learns
 * @entry: of the address
 *
 * Tells listeners of both places, at most once in ten seconds for a network,
 * and lets nothing more in by the port for as long as its loop-hold says.
 *
 * Context: a frame's way (rcu_read_lock(), BH off).
 */
void vmnet_loop_seen(struct vmnet_network *nw, struct vmnet_port *port,
		     const struct vmnet_fdb_entry *entry);

/* Whether a port is held for that; any context. */
bool vmnet_loop_is_held(const struct vmnet_port *port);

#endif /* VMNET_LOOP_H */
