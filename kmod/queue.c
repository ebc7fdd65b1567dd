// SPDX-License-Identifier: GPL-2.0-only
/* Receive queues: from the switch into the stack of a port's owner.
 *
 * One queue and one NAPI per CPU for the whole module. A transmit may hold a
 * socket's lock and be itself deep in a stack of devices, so a frame is never
 * received in the sender's context; and it stays on the sender's CPU, so that
 * no lock is shared. The bound is per port, so that a broadcast to thousands
 * of ports is not lost as it is on the kernel's shared backlog.
 *
 * A frame that was itself received, by an uplink or a borrowed netdev, needs no
 * queue: it goes on in place, once.
 */

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "drop.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "uplink.h"
#include "xdp.h"

/* Frames of one port in one CPU's queue, as many as a NIC's ring has. */
#define VMNET_QUEUE_PORT	1024
/* And of all ports together: a storm into thousands of them ends here. */
#define VMNET_QUEUE_CPU		BIT(18)

/**
 * struct vmnet_queue - one CPU's frames under way to their receivers
 * @list: own CPU with BH off; or, of a CPU that has died, the NAPI's only
 * @napi: scheduled whenever @list is not empty
 * @cpu: whose it is; a dying CPU's NAPI goes on elsewhere
 * @purge: drops what is queued for @purge_port
 * @purge_port: RTNL
 */
struct vmnet_queue {
	struct sk_buff_head list;
	struct napi_struct napi;
	int cpu;
	struct work_struct purge;
	struct vmnet_port *purge_port;
};

static DEFINE_PER_CPU(struct vmnet_queue, vmnet_queues);
DEFINE_PER_CPU(unsigned int, vmnet_receive_depth);

/* Nobody's, so that no administrator can make its NAPI threaded or busy
 * polled, which would let two CPUs into one queue.
 */
static struct vmnet_dummy vmnet_queue_dummy;
static enum cpuhp_state vmnet_queue_cpuhp;

struct vmnet_queue_cb {
	struct vmnet_port *port;
};

static struct vmnet_queue_cb *vmnet_queue_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct vmnet_queue_cb) > sizeof(skb->cb));
	return (struct vmnet_queue_cb *)skb->cb;
}

/* Who sees a frame not queued any more sees it counted. */
static void vmnet_queue_taken(struct vmnet_pcpu *pcpu)
{
	/* Pairs with vmnet_port_totals() and vmnet_queue_has(). */
	smp_store_release(&pcpu->queued, pcpu->queued - 1);
}

static int vmnet_queue_poll(struct napi_struct *napi, int budget)
{
	struct vmnet_queue *q = container_of(napi, struct vmnet_queue, napi);
	struct vmnet_pcpu *pcpu;
	struct vmnet_port *port;
	struct sk_buff *skb;
	bool uplink;
	int done;

	for (done = 0; done < budget; done++) {
		skb = __skb_dequeue(&q->list);
		if (!skb)
			break;

		port = vmnet_queue_cb(skb)->port;
		uplink = port->type == VMNET_PORT_TYPE_UPLINK;
		pcpu = per_cpu_ptr(port->pcpu, q->cpu);
		u64_stats_update_begin(&pcpu->syncp);
		u64_stats_inc(&pcpu->tx_frames);
		u64_stats_add(&pcpu->tx_bytes, skb->len + ETH_HLEN);
		u64_stats_update_end(&pcpu->syncp);
		/* From here on the port may be gone. */
		vmnet_queue_taken(pcpu);

		/* skb is passed to the stack of its device - not ours */
		if (unlikely(uplink))
			vmnet_uplink_receive(skb);
		else
			netif_receive_skb(skb);
	}

	/* No interrupt to be put off, nothing held for GRO. */
	if (done < budget)
		napi_complete(napi);
	return done;
}

/* A nic takes super-packets and open checksums whole, as the stack behind it
 * does; all that must go is what belongs to the sender's side.
 */
static void vmnet_receive_scrub(struct sk_buff *skb, struct net_device *dev)
{
	skb_scrub_packet(skb, !net_eq(dev_net(skb->dev), dev_net(dev)));
	skb->priority = 0;
	if (dev->real_num_rx_queues > 1)
		skb_record_rx_queue(skb, skb_get_queue_mapping(skb) %
					 dev->real_num_rx_queues);
	else
		skb_set_queue_mapping(skb, 0);
	skb->protocol = eth_type_trans(skb, dev);
	/* Of a sum of the whole frame, or one yet to be made. */
	if (skb->ip_summed == CHECKSUM_COMPLETE ||
	    skb->ip_summed == CHECKSUM_PARTIAL)
		skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
}

/* Nothing that is queued for the port may be overtaken. What an uplink's host
 * gets must be known again on its way, once for each CPU.
 */
static bool vmnet_receive_may_now(const struct vmnet_port *port,
				  const struct vmnet_pcpu *pcpu)
{
	return __this_cpu_read(vmnet_receive_depth) == 1 && !pcpu->queued &&
	       port->type != VMNET_PORT_TYPE_UPLINK;
}

static void vmnet_receive_now(struct vmnet_port *port, struct sk_buff *skb)
{
	vmnet_count_tx(port, skb->len + ETH_HLEN);
	__this_cpu_inc(vmnet_receive_depth);
	/* skb is passed to the stack of its device - not ours */
	netif_receive_skb(skb);
	__this_cpu_dec(vmnet_receive_depth);
}

void vmnet_receive(struct vmnet_port *port, struct sk_buff *skb)
{
	struct vmnet_queue *q = this_cpu_ptr(&vmnet_queues);
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);
	unsigned int refused;
	bool idle;

	refused = vmnet_port_refuses(port, skb);
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		vmnet_drop(port, skb, refused);
		return;
	}
	if (unlikely(pcpu->queued >= VMNET_QUEUE_PORT ||
		     skb_queue_len(&q->list) >= VMNET_QUEUE_CPU)) {
		vmnet_drop(port, skb, VMNET_DROP_QUEUE_FULL);
		return;
	}
	/* A sender's own pages must not wait for somebody else's reading. */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}

	vmnet_receive_scrub(skb, port->dev);
	if (vmnet_receive_may_now(port, pcpu)) {
		vmnet_receive_now(port, skb);
		return;
	}

	vmnet_queue_cb(skb)->port = port;
	idle = skb_queue_empty(&q->list);
	__skb_queue_tail(&q->list, skb);
	WRITE_ONCE(pcpu->queued, pcpu->queued + 1);
	/* One that is not empty is scheduled already. */
	if (idle)
		napi_schedule(&q->napi);
}
EXPORT_SYMBOL_GPL(vmnet_receive); /* to vmnet_tap */

bool vmnet_receive_is_queued(const struct vmnet_port *port,
			     const struct sk_buff *skb)
{
	const struct vmnet_queue *q = this_cpu_ptr(&vmnet_queues);

	return port->type == VMNET_PORT_TYPE_NIC &&
	       !(READ_ONCE(port->policy) & VMNET_POLICY_OUT) &&
	       skb_peek_tail(&q->list) == skb;
}

bool vmnet_receive_like(struct vmnet_port *port, struct sk_buff *model)
{
	struct vmnet_queue *q = this_cpu_ptr(&vmnet_queues);
	struct vmnet_pcpu *pcpu = this_cpu_ptr(port->pcpu);
	struct net_device *dev = port->dev;
	struct sk_buff *skb;

	if (port->type != VMNET_PORT_TYPE_NIC ||
	    READ_ONCE(port->policy) & VMNET_POLICY_OUT ||
	    !net_eq(dev_net(dev), dev_net(model->dev)) ||
	    dev->real_num_rx_queues > 1 ||
	    model->len + ETH_HLEN > READ_ONCE(dev->mtu) + VLAN_ETH_HLEN ||
	    pcpu->queued >= VMNET_QUEUE_PORT ||
	    skb_queue_len(&q->list) >= VMNET_QUEUE_CPU)
		return false;
	skb = skb_clone(model, GFP_ATOMIC);
	if (unlikely(!skb))
		return false;

	skb->dev = dev;
	skb_set_queue_mapping(skb, 0);
	vmnet_queue_cb(skb)->port = port;
	__skb_queue_tail(&q->list, skb);
	WRITE_ONCE(pcpu->queued, pcpu->queued + 1);
	return true;
}

/* On the queue's own CPU, as far as it is there. */
static void vmnet_queue_purge_work(struct work_struct *work)
{
	struct vmnet_queue *q = container_of(work, struct vmnet_queue, purge);
	struct sk_buff *skb, *next;

	local_bh_disable();
	rcu_read_lock();
	skb_queue_walk_safe(&q->list, skb, next) {
		struct vmnet_port *port = vmnet_queue_cb(skb)->port;

		if (port != q->purge_port)
			continue;
		__skb_unlink(skb, &q->list);
		vmnet_drop(port, skb, VMNET_DROP_DETACHED);
		vmnet_queue_taken(per_cpu_ptr(port->pcpu, q->cpu));
	}
	rcu_read_unlock();
	local_bh_enable();
}

static bool vmnet_queue_has(const struct vmnet_port *port, int cpu)
{
	/* Pairs with vmnet_queue_taken(). */
	return smp_load_acquire(&per_cpu_ptr(port->pcpu, cpu)->queued);
}

void vmnet_queue_purge(struct vmnet_port *port)
{
	struct vmnet_queue *q;
	int cpu;

	ASSERT_RTNL();

	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		if (!vmnet_queue_has(port, cpu))
			continue;
		q = per_cpu_ptr(&vmnet_queues, cpu);
		if (cpu_online(cpu)) {
			q->purge_port = port;
			queue_work_on(cpu, system_highpri_wq, &q->purge);
			flush_work(&q->purge);
		}
		/* The NAPI of a CPU that has died is at work elsewhere, on a
		 * queue that nobody fills any more.
		 */
		while (vmnet_queue_has(port, cpu))
			usleep_range(50, 100);
	}
	cpus_read_unlock();
	vmnet_xdp_drain(port);
}

/* A CPU comes back: the NAPI that went on elsewhere must have ended before
 * the queue is filled here again. The core has handed it over when the CPU
 * died (dev_cpu_dead()), and it drains the queue, because a queue that is not
 * empty is always scheduled. It must not be disabled before: who has used up
 * its budget would then be taken for one that is done, and what is left in the
 * queue would stay there for ever.
 */
static int vmnet_queue_cpu_prepare(unsigned int cpu)
{
	struct vmnet_queue *q = per_cpu_ptr(&vmnet_queues, cpu);

	while (!skb_queue_empty_lockless(&q->list))
		usleep_range(50, 100);
	napi_disable(&q->napi);
	napi_enable(&q->napi);
	return 0;
}

int vmnet_queue_init(void)
{
	struct net_device *dev = vmnet_dummy_init(&vmnet_queue_dummy);
	int cpu, state;

	if (!dev)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct vmnet_queue *q = per_cpu_ptr(&vmnet_queues, cpu);

		__skb_queue_head_init(&q->list);
		q->cpu = cpu;
		INIT_WORK(&q->purge, vmnet_queue_purge_work);
		set_bit(NAPI_STATE_NO_BUSY_POLL, &q->napi.state);
		netif_napi_add(dev, &q->napi, vmnet_queue_poll);
		napi_enable(&q->napi);
	}

	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN,
					  "net/vmnet:prepare",
					  vmnet_queue_cpu_prepare, NULL);
	if (state < 0) {
		vmnet_queue_exit();
		return state;
	}
	vmnet_queue_cpuhp = state;
	return 0;
}

/* The queues are empty: each port was purged before it was freed. */
void vmnet_queue_exit(void)
{
	int cpu;

	if (vmnet_queue_cpuhp)
		cpuhp_remove_state_nocalls(vmnet_queue_cpuhp);
	for_each_possible_cpu(cpu) {
		struct vmnet_queue *q = per_cpu_ptr(&vmnet_queues, cpu);

		napi_disable(&q->napi);
		netif_napi_del(&q->napi);
	}
	vmnet_dummy_exit(&vmnet_queue_dummy);
}
