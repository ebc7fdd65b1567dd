/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_STATS_H
#define VMNET_STATS_H

#include "vmnet.h"

/* Counting on a frame's way: own CPU, BH off. */

static inline void vmnet_count_rx(struct vmnet_port *port, unsigned int len)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_inc(&pcpu->rx_frames);
	u64_stats_add(&pcpu->rx_bytes, len);
	u64_stats_update_end(&pcpu->syncp);
}

static inline void vmnet_count_tx(struct vmnet_port *port, unsigned int len)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_inc(&pcpu->tx_frames);
	u64_stats_add(&pcpu->tx_bytes, len);
	u64_stats_update_end(&pcpu->syncp);
}

static inline void vmnet_count_replicated(struct vmnet_port *port,
					  unsigned int copies)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_add(&pcpu->replicated, copies);
	u64_stats_update_end(&pcpu->syncp);
}

/* A super-packet was cut for a receiver: frames beyond the first. */
static inline void vmnet_count_segmented(struct vmnet_port *port,
					 unsigned int further)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_add(&pcpu->segmented, further);
	u64_stats_update_end(&pcpu->syncp);
}

/* The network itself was the receiver; @port is the one that it came in by. */
static inline void vmnet_count_consumed(struct vmnet_port *port)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_inc(&pcpu->consumed);
	u64_stats_update_end(&pcpu->syncp);
}

/**
 * vmnet_port_totals() - a port's counters over all CPUs
 * @port: the port
 * @sum: filled; queued before what it is counted as next, so that a frame
 *	under way may be seen in both but never in neither
 *
 * Context: any
 */
void vmnet_port_totals(const struct vmnet_port *port,
		       struct vmnet_totals *sum);

/**
 * vmnet_network_totals() - a network's counters: its members', and of those
 *	that have left what they counted here
 * @nw: the network
 * @sum: filled
 *
 * Context: rcu_read_lock() or RTNL
 */
void vmnet_network_totals(struct vmnet_network *nw, struct vmnet_totals *sum);

/**
 * vmnet_stats_join() - let a port's counts count for a network
 * @nw: the network
 * @port: the port
 *
 * Context: RTNL; may sleep for a grace period
 */
void vmnet_stats_join(struct vmnet_network *nw, struct vmnet_port *port);

/**
 * vmnet_stats_leave() - the end of that: fold what it has counted there
 * @nw: the network
 * @port: the port; nothing may count on it any more, nor any frame be queued
 *	for it
 *
 * Context: RTNL
 */
void vmnet_stats_leave(struct vmnet_network *nw, struct vmnet_port *port);

/* From what a port counts for its networks to what its owner is shown: with
 * the frames that came while it was in none.
 */
void vmnet_totals_own(struct vmnet_totals *sum);

u64 vmnet_totals_dropped(const struct vmnet_totals *sum);

#endif /* VMNET_STATS_H */
