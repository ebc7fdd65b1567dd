// SPDX-License-Identifier: GPL-2.0-only
/* Adding counters up: over CPUs, over the ports of a network, over time. */

#include <linux/rculist.h>
#include <linux/rtnetlink.h>

#include "stats.h"
#include "xdp.h"

static void vmnet_totals_add_pcpu(struct vmnet_totals *sum,
				  const struct vmnet_pcpu *pcpu)
{
	struct vmnet_totals one;
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&pcpu->syncp);
		one.rx_frames = u64_stats_read(&pcpu->rx_frames);
		one.rx_bytes = u64_stats_read(&pcpu->rx_bytes);
		one.tx_frames = u64_stats_read(&pcpu->tx_frames);
		one.tx_bytes = u64_stats_read(&pcpu->tx_bytes);
		one.replicated = u64_stats_read(&pcpu->replicated);
		one.segmented = u64_stats_read(&pcpu->segmented);
		one.consumed = u64_stats_read(&pcpu->consumed);
		one.unplugged = u64_stats_read(&pcpu->unplugged);
		for (i = 0; i < VMNET_DROP_REASONS; i++)
			one.dropped[i] = u64_stats_read(&pcpu->dropped[i]);
	} while (u64_stats_fetch_retry(&pcpu->syncp, start));

	sum->rx_frames += one.rx_frames;
	sum->rx_bytes += one.rx_bytes;
	sum->tx_frames += one.tx_frames;
	sum->tx_bytes += one.tx_bytes;
	sum->replicated += one.replicated;
	sum->segmented += one.segmented;
	sum->consumed += one.consumed;
	sum->unplugged += one.unplugged;
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		sum->dropped[i] += one.dropped[i];
}

void vmnet_port_totals(const struct vmnet_port *port,
		       struct vmnet_totals *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	sum->queued = vmnet_xdp_queued(port);
	for_each_possible_cpu(cpu) {
		const struct vmnet_pcpu *pcpu = per_cpu_ptr(port->pcpu, cpu);

		/* Pairs with vmnet_queue_taken(): a frame that
		 * is not queued any more is counted.
		 */
		sum->queued += smp_load_acquire(&pcpu->queued);
		vmnet_totals_add_pcpu(sum, pcpu);
	}
}

/* What a port has counted since it joined. */
static void vmnet_totals_add_port(struct vmnet_totals *sum,
				  const struct vmnet_port *port)
{
	const struct vmnet_totals *base = &port->base;
	struct vmnet_totals now;
	unsigned int i;

	vmnet_port_totals(port, &now);
	sum->rx_frames += now.rx_frames - base->rx_frames;
	sum->rx_bytes += now.rx_bytes - base->rx_bytes;
	sum->tx_frames += now.tx_frames - base->tx_frames;
	sum->tx_bytes += now.tx_bytes - base->tx_bytes;
	sum->replicated += now.replicated - base->replicated;
	sum->segmented += now.segmented - base->segmented;
	sum->consumed += now.consumed - base->consumed;
	sum->queued += now.queued;
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		sum->dropped[i] += now.dropped[i] - base->dropped[i];
}

void vmnet_network_totals(struct vmnet_network *nw, struct vmnet_totals *sum)
{
	const struct vmnet_port *port;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&nw->stats_seq);
		*sum = nw->folded; /* which has none of @queued and @passed */
		list_for_each_entry_rcu(port, &nw->members, members,
					lockdep_rtnl_is_held())
			vmnet_totals_add_port(sum, port);
	} while (read_seqcount_retry(&nw->stats_seq, seq));
}

void vmnet_stats_join(struct vmnet_network *nw, struct vmnet_port *port)
{
	ASSERT_RTNL();

	/* Who sums up the network that it has left may still be at this port,
	 * and would go on in the new list, where the end of his is not.
	 */
	cond_synchronize_rcu_expedited_full(&port->left);
	vmnet_port_totals(port, &port->base);
	list_add_tail_rcu(&port->members, &nw->members);
}

void vmnet_stats_leave(struct vmnet_network *nw, struct vmnet_port *port)
{
	ASSERT_RTNL();

	/* A reader must not be kept waiting by a writer that does not run. */
	preempt_disable();
	write_seqcount_begin(&nw->stats_seq);
	list_del_rcu(&port->members);
	vmnet_totals_add_port(&nw->folded, port);
	write_seqcount_end(&nw->stats_seq);
	preempt_enable();
	get_state_synchronize_rcu_full(&port->left);
}

u64 vmnet_totals_dropped(const struct vmnet_totals *sum)
{
	u64 dropped = 0;
	unsigned int i;

	for (i = 0; i < VMNET_DROP_REASONS; i++)
		dropped += sum->dropped[i];
	return dropped;
}

void vmnet_totals_own(struct vmnet_totals *sum)
{
	sum->rx_frames += sum->unplugged;
	sum->dropped[VMNET_DROP_DETACHED] += sum->unplugged;
}
