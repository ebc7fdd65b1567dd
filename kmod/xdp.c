// SPDX-License-Identifier: GPL-2.0-only
/* XDP on nics, the way out: from the switch into a port's program.
 *
 * A port with a program has a ring and a NAPI of its own. Whatever is for the
 * port is put into the ring by whoever sends it, under the ring's lock, and the
 * NAPI takes it out, runs the program on it and does what that says. All that
 * lies in the ring is a frame as drivers of hardware have it, in one buffer with
 * room before and behind it: struct xdp_frame. What comes as an skb is made one:
 * cut if it is a super-packet, its checksum filled in, its tag put into it. So a
 * program sees what would be on a wire, and what it sends on can go there.
 *
 * From the switch's side a frame is delivered when the program gets it, which is
 * its owner's; what that does with it is counted apart.
 *
 * DOC: Lifetimes
 *
 * struct vmnet_xdp is made for a port's first program and lives as long as the
 * port, for its counters. Its ring and NAPI are there while there is a program.
 * They are found by
 *
 *   senders	under rcu_read_lock(), by VMNET_POLICY_XDP of the port and ->on;
 *   the NAPI	itself, which is scheduled whenever the ring is not empty.
 *
 * vmnet_xdp_stop() runs under RTNL. It takes the sign away, and after a grace
 * period no sender is at the ring. The NAPI then empties it, by the old program,
 * so nothing is lost; napi_disable() waits for its last poll; netif_napi_del()
 * for those that look for it. Then nobody is left, and the ring is freed. Frames
 * hold neither the port nor whoever has sent them. The core takes the program
 * away before it unregisters a netdev (dev_xdp_uninstall()), so there is none
 * when the port is freed.
 *
 * A program that replaces another is put in its place; the NAPI reads it once a
 * poll, under rcu_read_lock(), for which bpf_prog_put() lets the old one live.
 */

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/delay.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <linux/ptr_ring.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/gso.h>
#include <net/xdp.h>

#include "drop.h"
#include "port.h"
#include "stats.h"
#include "xdp.h"

/* Frames in one port's ring, as many as one CPU's queue has of a port. */
#define VMNET_XDP_RING		1024
/* As many are sent back at a time as the kernel redirects at a time. */
#define VMNET_XDP_BULK		16

/* A buffer: room for headers, the frame, room for what an skb has behind it. */
#define VMNET_XDP_TAIL		SKB_DATA_ALIGN(sizeof(struct skb_shared_info))
#define VMNET_XDP_ONE_PAGE	(PAGE_SIZE - XDP_PACKET_HEADROOM - VMNET_XDP_TAIL)
/* A short frame's has some, so that its program can make it longer. */
#define VMNET_XDP_BUFFER_MIN	2048u
/* Two tags are no part of the MTU: one in the frame, one that was beside it. */
#define VMNET_XDP_MTU_MAX	(VMNET_XDP_ONE_PAGE - VLAN_ETH_HLEN - VLAN_HLEN)

const char *const vmnet_xdp_names[VMNET_XDP_COUNTS] = {
	[VMNET_XDP_PASS] = "xdp_pass",
	[VMNET_XDP_DROP] = "xdp_drop",
	[VMNET_XDP_TX] = "xdp_tx",
	[VMNET_XDP_REDIRECT] = "xdp_redirect",
	[VMNET_XDP_ERROR] = "xdp_error",
	[VMNET_XDP_NO_SKB] = "xdp_no_skb",
};

/**
 * struct vmnet_xdp - what a port has that has, or had, a program
 *
 * @ring: of struct xdp_frame; taken from by the NAPI only
 * @on: the ring may be put into; release and acquire
 * @put: how many frames were; ring.producer_lock
 * @no_skb: of them those that came without an skb; ring.producer_lock
 * @napi: takes them out
 * @taken: how many it has, and counted; the NAPI's
 * @prog: the program; set and cleared under RTNL, constant NULL without a NAPI
 * @port: whose it is
 * @rxq: what the program is told of where the frame came from; of the memory,
 *	that of the frame in hand
 * @mem: what it says of memory otherwise
 * @counts: by enum vmnet_xdp_count; the NAPI's
 * @syncp: for readers on 32 bits
 */
struct vmnet_xdp {
	struct ptr_ring ring;
	bool on;
	unsigned int put;
	unsigned long no_skb;

	struct napi_struct napi ____cacheline_aligned_in_smp;
	unsigned int taken;
	struct bpf_prog __rcu *prog;
	struct vmnet_port *port;
	struct xdp_rxq_info rxq;
	struct xdp_mem_info mem;
	u64_stats_t counts[VMNET_XDP_COUNTS];
	struct u64_stats_sync syncp;
};

/* What one poll has done so far. */
struct vmnet_xdp_polled {
	unsigned int counts[VMNET_XDP_COUNTS];
	unsigned int delivered;
	unsigned int bytes;
	unsigned int n_tx;
	struct xdp_frame *tx[VMNET_XDP_BULK];
};

/* Counters */

void vmnet_xdp_counts(const struct vmnet_port *port, u64 *counts)
{
	const struct vmnet_xdp *xdp = READ_ONCE(port->xdp);
	unsigned int start, i;

	memset(counts, 0, VMNET_XDP_COUNTS * sizeof(*counts));
	if (!xdp)
		return;
	do {
		start = u64_stats_fetch_begin(&xdp->syncp);
		for (i = 0; i < VMNET_XDP_COUNTS; i++)
			counts[i] = u64_stats_read(&xdp->counts[i]);
	} while (u64_stats_fetch_retry(&xdp->syncp, start));
	counts[VMNET_XDP_NO_SKB] = READ_ONCE(xdp->no_skb);
}

unsigned int vmnet_xdp_queued(const struct vmnet_port *port)
{
	const struct vmnet_xdp *xdp = READ_ONCE(port->xdp);
	unsigned int taken;

	if (likely(!xdp))
		return 0;
	/* Pairs with vmnet_xdp_poll(): what is taken is counted; and it was put
	 * before it was taken.
	 */
	taken = smp_load_acquire(&xdp->taken);
	return READ_ONCE(xdp->put) - taken;
}

/* Into the ring */

bool vmnet_xdp_has_ring(const struct vmnet_port *port)
{
	struct vmnet_xdp *xdp = READ_ONCE(port->xdp);

	/* Pairs with vmnet_xdp_start(): what is on is complete. */
	return xdp && smp_load_acquire(&xdp->on);
}

void vmnet_xdp_put(struct vmnet_port *port, struct xdp_frame **frames,
		   unsigned int n, bool no_skb)
{
	struct vmnet_xdp *xdp = port->xdp;
	unsigned int done = 0, i;

	spin_lock(&xdp->ring.producer_lock);
	/* Before any is taken, so that none is taken more than was put. */
	WRITE_ONCE(xdp->put, xdp->put + n);
	while (done < n && !__ptr_ring_produce(&xdp->ring, frames[done]))
		done++;
	if (unlikely(done < n))
		WRITE_ONCE(xdp->put, xdp->put - (n - done));
	if (no_skb)
		WRITE_ONCE(xdp->no_skb, xdp->no_skb + done);
	spin_unlock(&xdp->ring.producer_lock);

	/* One that is at work already will look once more. */
	if (likely(done))
		napi_schedule(&xdp->napi);

	for (i = done; unlikely(i < n); i++) {
		vmnet_drop(port, NULL, VMNET_DROP_QUEUE_FULL);
		xdp_return_frame_rx_napi(frames[i]);
	}
}

/* What does not fit into one page: a program that has frags sees only the first
 * of them at once.
 */
static bool vmnet_xdp_add_frags(struct xdp_frame *frame,
				const struct sk_buff *skb, unsigned int offset)
{
	struct skb_shared_info *sinfo = xdp_get_shared_info_from_frame(frame);
	unsigned int len;
	struct page *page;

	sinfo->nr_frags = 0;
	sinfo->xdp_frags_size = 0;
	frame->flags |= XDP_FLAGS_HAS_FRAGS;
	for (; offset < skb->len; offset += len) {
		len = min_t(unsigned int, skb->len - offset, PAGE_SIZE);
		page = sinfo->nr_frags < MAX_SKB_FRAGS ? dev_alloc_page() :
							 NULL;
		if (unlikely(!page))
			return false;
		if (page_is_pfmemalloc(page))
			frame->flags |= XDP_FLAGS_FRAGS_PF_MEMALLOC;
		__skb_fill_page_desc_noacc(sinfo, sinfo->nr_frags++, page, 0,
					   len);
		sinfo->xdp_frags_size += len;
		if (unlikely(skb_copy_bits(skb, offset, page_address(page),
					   len)))
			return false;
	}
	return true;
}

/* A copy, for a program may write where others still read, and needs more room
 * than a sender leaves.
 */
static struct xdp_frame *vmnet_xdp_copy(const struct sk_buff *skb)
{
	unsigned int head = min_t(unsigned int, skb->len, VMNET_XDP_ONE_PAGE);
	unsigned int size = SKB_DATA_ALIGN(XDP_PACKET_HEADROOM + head) +
			    VMNET_XDP_TAIL;
	struct xdp_frame *frame;

	size = max(size, VMNET_XDP_BUFFER_MIN);
	frame = netdev_alloc_frag(size);
	if (unlikely(!frame))
		return NULL;
	*frame = (struct xdp_frame) {
		.data		= (void *)frame + XDP_PACKET_HEADROOM,
		.len		= head,
		.headroom	= XDP_PACKET_HEADROOM - sizeof(*frame),
		.VMNET_XDP_MEM_TYPE = MEM_TYPE_PAGE_SHARED,
		.frame_sz	= size,
	};
	if (likely(!skb_copy_bits(skb, 0, frame->data, head) &&
		   (skb->len == head || vmnet_xdp_add_frags(frame, skb, head))))
		return frame;
	xdp_return_frame(frame);
	return NULL;
}

/* Of a frame that is no super-packet. */
static void vmnet_xdp_put_skb(struct vmnet_port *port, struct sk_buff *skb)
{
	struct xdp_frame *frame;

	/* Not worth a copy. */
	if (unlikely(vmnet_xdp_queued(port) >= VMNET_XDP_RING)) {
		vmnet_drop(port, skb, VMNET_DROP_QUEUE_FULL);
		return;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    unlikely(skb_csum_hwoffload_help(skb, 0))) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}
	if (skb_vlan_tag_present(skb)) {
		skb = __vlan_hwaccel_push_inside(skb);
		if (unlikely(!skb)) {
			vmnet_drop(port, NULL, VMNET_DROP_NO_MEMORY);
			return;
		}
	}
	frame = vmnet_xdp_copy(skb);
	if (unlikely(!frame)) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}
	consume_skb(skb);
	vmnet_xdp_put(port, &frame, 1, false);
}

static noinline void vmnet_xdp_segment(struct vmnet_port *port,
				       struct sk_buff *skb)
{
	struct sk_buff *segs, *next;
	unsigned int n = 0;

	segs = __skb_gso_segment(skb, NETIF_F_SG, false);
	if (IS_ERR_OR_NULL(segs)) {
		vmnet_drop(port, skb, VMNET_DROP_NO_MEMORY);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		vmnet_xdp_put_skb(port, skb);
		n++;
	}
	vmnet_count_segmented(port, n - 1);
}

bool vmnet_xdp_deliver(struct vmnet_port *port, struct sk_buff *skb)
{
	unsigned int refused;

	if (unlikely(!vmnet_xdp_has_ring(port)))
		return false;

	refused = vmnet_port_refuses(port, skb);
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		vmnet_drop(port, skb, refused);
		return true;
	}
	if (!skb_is_gso(skb)) {
		vmnet_xdp_put_skb(port, skb);
		return true;
	}
	skb->dev = port->dev;
	/* A raw socket does not always say where it begins. */
	if (unlikely(skb_network_offset(skb) < ETH_HLEN))
		skb_set_network_header(skb, ETH_HLEN);
	vmnet_xdp_segment(port, skb);
	return true;
}

/* Out of it */

static void vmnet_xdp_flush_tx(struct vmnet_xdp *xdp,
			       struct vmnet_xdp_polled *polled)
{
	vmnet_xdp_input(xdp->port, polled->tx, polled->n_tx);
	polled->n_tx = 0;
}

/* Does what the program says, as far as it can be done. */
static bool vmnet_xdp_obey(struct vmnet_xdp *xdp, struct bpf_prog *prog,
			   struct xdp_buff *buff, struct xdp_frame *frame,
			   u32 act, struct vmnet_xdp_polled *polled)
{
	struct net_device *dev = xdp->port->dev;
	struct sk_buff *skb;

	switch (act) {
	case XDP_PASS:
		if (unlikely(xdp_update_frame_from_buff(buff, frame)))
			return false;
		skb = xdp_build_skb_from_frame(frame, dev);
		if (unlikely(!skb))
			return false;
		/* skb is passed to the stack of its device - not ours */
		napi_gro_receive(&xdp->napi, skb);
		polled->counts[VMNET_XDP_PASS]++;
		return true;
	case XDP_TX:
		if (unlikely(xdp_update_frame_from_buff(buff, frame)))
			return false;
		if (unlikely(polled->n_tx == VMNET_XDP_BULK))
			vmnet_xdp_flush_tx(xdp, polled);
		polled->tx[polled->n_tx++] = frame;
		polled->counts[VMNET_XDP_TX]++;
		return true;
	case XDP_REDIRECT:
		if (unlikely(xdp_do_redirect(dev, buff, prog)))
			return false;
		polled->counts[VMNET_XDP_REDIRECT]++;
		return true;
	case XDP_DROP:
		xdp_return_buff(buff);
		polled->counts[VMNET_XDP_DROP]++;
		return true;
	case XDP_ABORTED:
		return false;
	default:
		bpf_warn_invalid_xdp_action(dev, prog, act);
		return false;
	}
}

static void vmnet_xdp_run(struct vmnet_xdp *xdp, struct bpf_prog *prog,
			  struct xdp_frame *frame,
			  struct vmnet_xdp_polled *polled)
{
	struct xdp_buff buff = { .rxq = &xdp->rxq };
	u32 act = XDP_ABORTED;

	/* Where the frame's memory goes back to; whoever it is sent on to asks
	 * the queue that it has come from.
	 */
	vmnet_xdp_mem_of(&xdp->rxq.mem, frame);
	xdp_convert_frame_to_buff(frame, &buff);
	/* One that has lain in the ring since there was another program. */
	if (likely(!xdp_frame_has_frags(frame) || prog->aux->xdp_has_frags))
		act = bpf_prog_run_xdp(prog, &buff);
	if (likely(vmnet_xdp_obey(xdp, prog, &buff, frame, act, polled)))
		return;
	trace_xdp_exception(xdp->port->dev, prog, act);
	xdp_return_buff(&buff);
	polled->counts[VMNET_XDP_ERROR]++;
}

static void vmnet_xdp_account(struct vmnet_xdp *xdp,
			      const struct vmnet_xdp_polled *polled)
{
	struct vmnet_pcpu *pcpu = this_cpu_ptr(xdp->port->pcpu);
	unsigned int i;

	u64_stats_update_begin(&pcpu->syncp);
	u64_stats_add(&pcpu->tx_frames, polled->delivered);
	u64_stats_add(&pcpu->tx_bytes, polled->bytes);
	u64_stats_update_end(&pcpu->syncp);

	u64_stats_update_begin(&xdp->syncp);
	for (i = 0; i < VMNET_XDP_COUNTS; i++)
		u64_stats_add(&xdp->counts[i], polled->counts[i]);
	u64_stats_update_end(&xdp->syncp);
}

static int vmnet_xdp_poll(struct napi_struct *napi, int budget)
{
	struct vmnet_xdp *xdp = container_of(napi, struct vmnet_xdp, napi);
	struct vmnet_xdp_polled polled = {};
	struct vmnet_port *port = xdp->port;
	struct xdp_frame *frame;
	struct bpf_prog *prog;
	int done;

	/* Their memory is another NAPI's, which may be at work elsewhere. */
	xdp_set_return_frame_no_direct();
	rcu_read_lock();
	prog = rcu_dereference(xdp->prog);
	for (done = 0; done < budget; done++) {
		frame = __ptr_ring_consume(&xdp->ring);
		if (!frame)
			break;
		if (unlikely(!(port->dev->flags & IFF_UP))) {
			vmnet_drop(port, NULL, VMNET_DROP_PORT_DOWN);
			xdp_return_frame(frame);
			continue;
		}
		polled.delivered++;
		polled.bytes += xdp_get_frame_len(frame);
		vmnet_xdp_run(xdp, prog, frame, &polled);
	}
	if (polled.n_tx)
		vmnet_xdp_flush_tx(xdp, &polled);
	if (polled.counts[VMNET_XDP_REDIRECT])
		xdp_do_flush();
	vmnet_xdp_account(xdp, &polled);
	rcu_read_unlock();
	xdp_clear_return_frame_no_direct();

	/* Pairs with vmnet_xdp_queued(). */
	smp_store_release(&xdp->taken, xdp->taken + done);
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

void vmnet_xdp_drain(struct vmnet_port *port)
{
	ASSERT_RTNL();

	/* As long as it is not empty its NAPI is scheduled. */
	while (vmnet_xdp_queued(port))
		usleep_range(50, 100);
}

/* Come and go */

bool vmnet_xdp_is_on(const struct vmnet_port *port)
{
	ASSERT_RTNL();

	return port->xdp && port->xdp->on;
}

static struct vmnet_xdp *vmnet_xdp_make(struct vmnet_port *port)
{
	struct vmnet_xdp *xdp = port->xdp;

	if (xdp)
		return xdp;
	xdp = kzalloc(sizeof(*xdp), GFP_KERNEL_ACCOUNT);
	if (!xdp)
		return NULL;
	xdp->port = port;
	u64_stats_init(&xdp->syncp);
	/* Pairs with those who read it without RTNL. */
	smp_store_release(&port->xdp, xdp);
	return xdp;
}

static int vmnet_xdp_start(struct vmnet_port *port, struct bpf_prog *prog)
{
	struct vmnet_xdp *xdp = vmnet_xdp_make(port);
	int err;

	if (!xdp)
		return -ENOMEM;
	err = ptr_ring_init(&xdp->ring, VMNET_XDP_RING, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	netif_napi_add(port->dev, &xdp->napi, vmnet_xdp_poll);
	err = xdp_rxq_info_reg(&xdp->rxq, port->dev, 0, xdp->napi.napi_id);
	if (err)
		goto del_napi;
	err = xdp_rxq_info_reg_mem_model(&xdp->rxq, MEM_TYPE_PAGE_SHARED, NULL);
	if (err)
		goto unreg;
	xdp->mem = xdp->rxq.mem;
	rcu_assign_pointer(xdp->prog, prog);
	napi_enable(&xdp->napi);

	/* Pairs with vmnet_xdp_has_ring(). */
	smp_store_release(&xdp->on, true);
	vmnet_port_update_policy(port);
	return 0;

unreg:
	xdp_rxq_info_unreg(&xdp->rxq);
del_napi:
	netif_napi_del(&xdp->napi);
	ptr_ring_cleanup(&xdp->ring, NULL);
	return err;
}

static void vmnet_xdp_stop(struct vmnet_port *port)
{
	struct vmnet_xdp *xdp = port->xdp;

	WRITE_ONCE(xdp->on, false);
	vmnet_port_update_policy(port);
	/* Senders that have seen it on; then what they have left. */
	synchronize_net();
	vmnet_xdp_drain(port);

	napi_disable(&xdp->napi);
	netif_napi_del(&xdp->napi);
	RCU_INIT_POINTER(xdp->prog, NULL);
	xdp->rxq.mem = xdp->mem;
	xdp_rxq_info_unreg(&xdp->rxq);
	ptr_ring_cleanup(&xdp->ring, NULL);
}

/* What a port with this program, or with none, takes. */
static unsigned int vmnet_xdp_max_mtu(const struct bpf_prog *prog)
{
	return !prog || prog->aux->xdp_has_frags ? ETH_MAX_MTU :
						   VMNET_XDP_MTU_MAX;
}

static int vmnet_xdp_set(struct vmnet_port *port, struct bpf_prog *prog,
			 struct netlink_ext_ack *extack)
{
	unsigned int max_mtu = vmnet_xdp_max_mtu(prog);
	struct net_device *dev = port->dev;
	struct bpf_prog *old = NULL;
	int err;

	ASSERT_RTNL();

	if (dev->mtu > max_mtu) {
		NL_SET_ERR_MSG_FMT(extack,
				   "The program has no frags, so the port's MTU must be %u at most",
				   max_mtu);
		return -ERANGE;
	}
	if (vmnet_xdp_is_on(port))
		old = rtnl_dereference(port->xdp->prog);
	if (prog && old) {
		rcu_assign_pointer(port->xdp->prog, prog);
	} else if (prog) {
		err = vmnet_xdp_start(port, prog);
		if (err) {
			NL_SET_ERR_MSG(extack,
				       "No memory for the port's XDP ring");
			return err;
		}
	} else if (old) {
		vmnet_xdp_stop(port);
	}
	dev->max_mtu = max_mtu;
	/* The network's may have become larger than the old one took. */
	vmnet_port_update_mtu(port);
	if (old)
		bpf_prog_put(old);
	return 0;
}

int vmnet_xdp_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	return vmnet_xdp_set(netdev_priv(dev), bpf->prog, bpf->extack);
}
