// SPDX-License-Identifier: GPL-2.0-only
/* XDP on nics, the way in: frames that others' programs redirect to a nic, or
 * that its own sends back. They enter the switch as if its owner had transmitted
 * them.
 *
 * Most of them become an skb and go the way of all frames: vmnet_input(). Only
 * what is for another port with a program, and what nobody on the way has to
 * look at but for its addresses, goes there as it is: vmnet_xdp_receiver() says
 * so, by the same questions as vmnet_input(), and wherever the answer would be a
 * drop it leaves that to it. So a frame by XDP passes nothing by.
 *
 * Nobody's receiver runs in here: frames are put into rings and queues.
 */

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <net/xdp.h>

#include "drop.h"
#include "forward.h"
#include "guard.h"
#include "input.h"
#include "stats.h"
#include "xdp.h"

/* What a port may ask of its frames that an xdp_frame can be asked, too. */
#define VMNET_XDP_SENDS	(VMNET_POLICY_XDP | VMNET_POLICY_GUARD_DHCP)

/* Whether anything that a port sends may go as it is. What learns needs the
 * frame's source in any case, what looks at tags may change the frame.
 */
static bool vmnet_xdp_may_send(const struct vmnet_network *nw,
			       const struct vmnet_port *port, u32 policy)
{
	return nw && !READ_ONCE(nw->vlan_aware) &&
	       !READ_ONCE(port->learning) && !(policy & ~VMNET_XDP_SENDS);
}

/* Whose address the port may send from without anybody having to look it up. */
static bool vmnet_xdp_source_ok(const struct vmnet_port *port, const u8 *source)
{
	if (likely(ether_addr_equal(source, port->dev->dev_addr)))
		return true;
	return !READ_ONCE(port->guard_mac) && is_valid_ether_addr(source);
}

/* The port whose ring a frame goes into as it is; NULL for all other frames. */
static struct vmnet_port *vmnet_xdp_receiver(const struct vmnet_network *nw,
					     const struct vmnet_port *port,
					     u32 policy,
					     struct xdp_frame *frame)
{
	const struct ethhdr *eth = frame->data;
	struct vmnet_decision to;

	if (unlikely(xdp_frame_has_frags(frame) || frame->len < ETH_HLEN ||
		     frame->len > READ_ONCE(nw->longest)))
		return NULL;
	if (unlikely(policy & VMNET_POLICY_GUARD_DHCP) &&
	    vmnet_guard_may_be_dhcp(frame->data, frame->len, NULL))
		return NULL;
	if (unlikely(!vmnet_xdp_source_ok(port, eth->h_source)))
		return NULL;

	to = vmnet_decide(nw, port, eth, 0);
	if (to.verdict != VMNET_TO_PORT || to.ask_server)
		return NULL;
	if ((READ_ONCE(to.port->policy) & VMNET_POLICY_OUT) !=
	    VMNET_POLICY_XDP || !vmnet_xdp_has_ring(to.port))
		return NULL;
	if (unlikely(!(to.port->dev->flags & IFF_UP) ||
		     frame->len > READ_ONCE(to.port->dev->mtu) + VLAN_ETH_HLEN))
		return NULL;
	return to.port;
}

/* What cannot even be made an skb. */
static noinline void vmnet_xdp_refuse(struct vmnet_port *port,
				      struct xdp_frame *frame)
{
	unsigned int len = xdp_get_frame_len(frame);

	xdp_return_frame_rx_napi(frame);
	if (unlikely(!rcu_access_pointer(port->network))) {
		vmnet_drop_detached(port, NULL);
		return;
	}
	vmnet_count_rx(port, len);
	vmnet_drop(port, NULL, len < ETH_HLEN ? VMNET_DROP_TOO_SHORT :
						VMNET_DROP_NO_MEMORY);
}

static noinline void vmnet_xdp_input_skb(struct vmnet_port *port,
					 struct xdp_frame *frame)
{
	struct sk_buff *skb = NULL;

	if (likely(frame->len >= ETH_HLEN))
		skb = xdp_build_skb_from_frame(frame, port->dev);
	if (unlikely(!skb)) {
		vmnet_xdp_refuse(port, frame);
		return;
	}
	/* It was made as if the netdev had received it. */
	skb->pkt_type = PACKET_HOST;
	skb_reset_network_header(skb);
	__skb_push(skb, ETH_HLEN);
	/* skb is passed to the switch */
	vmnet_input(port, skb);
}

/* Frames in a row for one port go into its ring together. */
void vmnet_xdp_input(struct vmnet_port *port, struct xdp_frame **frames,
		     unsigned int n)
{
	const struct vmnet_network *nw = rcu_dereference(port->network);
	unsigned int i, first = 0, count = 0, bytes = 0;
	struct vmnet_port *to = NULL, *next = NULL;
	u32 policy = READ_ONCE(port->policy);
	struct vmnet_pcpu *pcpu;
	bool may;

	may = vmnet_xdp_may_send(nw, port, policy);
	for (i = 0; i < n; i++) {
		if (likely(may))
			next = vmnet_xdp_receiver(nw, port, policy, frames[i]);
		if (next != to) {
			if (to)
				vmnet_xdp_put(to, frames + first, i - first,
					      true);
			first = i;
			to = next;
		}
		if (!next) {
			vmnet_xdp_input_skb(port, frames[i]);
			continue;
		}
		count++;
		bytes += frames[i]->len;
		/* What a program has noted is nobody else's. */
		frames[i]->metasize = 0;
	}
	if (to)
		vmnet_xdp_put(to, frames + first, n - first, true);

	if (count) {
		pcpu = this_cpu_ptr(port->pcpu);
		u64_stats_update_begin(&pcpu->syncp);
		u64_stats_add(&pcpu->rx_frames, count);
		u64_stats_add(&pcpu->rx_bytes, bytes);
		u64_stats_update_end(&pcpu->syncp);
	}
}

int vmnet_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		   u32 flags)
{
	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!(dev->flags & IFF_UP)))
		return -ENETDOWN;

	/* Whether or not XDP_XMIT_FLUSH says so, receivers are told at once:
	 * who they were would not be known any more when it does.
	 */
	rcu_read_lock();
	vmnet_xdp_input(netdev_priv(dev), frames, n);
	rcu_read_unlock();
	return n;
}
