// SPDX-License-Identifier: GPL-2.0-only
/* A generator of frames for the bench: fresh skbs by dev_queue_xmit(), as
 * sockets send them, and nothing that is shared, resent or kept.
 *
 * A line written to /proc/vmnet_gen sends, from the writer's network
 * namespace, and returns when all is sent:
 *
 *	dev web0 dst 02:00:00:00:00:02 src 02:00:00:00:00:01 size 64 burst 32
 *
 * Reading what was opened for writing gives the last run as one line: rounds,
 * frames a round, and the nanoseconds of the median, the shortest and the
 * longest round. Under QEMU's -icount shift=0 a nanosecond is an instruction.
 * Each that has it open runs by itself, so that several CPUs can send at once.
 *
 * dsts N: each frame to one of N addresses from dst on, in random order.
 * srcs N: each frame from the next of N addresses from src on.
 * reply 1: from 192.0.2.2 to 192.0.2.1, not the other way.
 * xdp N: no skbs, but xdp_frames by ndo_xdp_xmit(), N of them a bulk, and the
 * nanoseconds are those of that call alone: not of making the frames, nor of the
 * softirq that takes them out of somebody's ring.
 *
 * burst 1: each frame is sent by itself, from a process, so that what it
 * raises runs before the next one is made. burst N: N frames between
 * local_bh_disable() and local_bh_enable(), as a qdisc or a forwarding host
 * sends, so that it runs once for all of them.
 */

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/hex.h>
#include <linux/if_arp.h>
#include <linux/interrupt.h>
#include <linux/ip.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/xdp.h>

#define GEN_XDP_BUFFER	2048
#define GEN_XDP_MAX	64
#define GEN_HEADERS	(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr))
#define GEN_ROUNDS_MAX	1000

struct gen_order {
	struct net_device *dev;
	u8 dst[ETH_ALEN];
	u8 src[ETH_ALEN];
	u32 size;		/* Ethernet header included, checksum not */
	u32 burst;
	u32 frames;		/* a round */
	u32 rounds;
	u32 dsts;
	u32 srcs;
	u32 reply;
	u32 xdp;
	u32 random;
	u32 next_src;
	u8 *frame;		/* what is sent, size bytes */
};

/* One opened file, and its last run. */
struct gen {
	struct mutex lock;	/* protects all of it, for the whole of a run */
	u32 frames;
	u32 rounds;
	u64 median;
	u64 shortest;
	u64 longest;
};

static void gen_write_frame(struct gen_order *order)
{
	struct ethhdr *eth = (struct ethhdr *)order->frame;
	struct iphdr *ip = (struct iphdr *)(eth + 1);
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	u16 len = order->size - ETH_HLEN;

	ether_addr_copy(eth->h_dest, order->dst);
	ether_addr_copy(eth->h_source, order->src);
	eth->h_proto = htons(ETH_P_IP);

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(len);
	ip->saddr = htonl(0xc0000201 + !!order->reply);	/* 192.0.2.1, RFC 5737 */
	ip->daddr = htonl(0xc0000202 - !!order->reply);
	ip->check = ip_fast_csum(ip, ip->ihl);

	udp->source = htons(9);
	udp->dest = htons(9);		/* discard; no checksum */
	udp->len = htons(len - sizeof(*ip));
}

static void gen_add(u8 *addr, u32 n)
{
	__be32 low;

	memcpy(&low, addr + 2, sizeof(low));
	low = htonl(ntohl(low) + n);
	memcpy(addr + 2, &low, sizeof(low));
}

static void gen_vary(struct gen_order *order, u8 *frame)
{
	if (order->dsts > 1) {
		/* Numerical Recipes' quick and dirty one: good enough to defeat
		 * caches, and cheap.
		 */
		order->random = order->random * 1664525 + 1013904223;
		gen_add(frame, ((u64)order->random * order->dsts) >> 32);
	}
	if (order->srcs > 1) {
		gen_add(frame + ETH_ALEN, order->next_src);
		if (++order->next_src == order->srcs)
			order->next_src = 0;
	}
}

static struct sk_buff *gen_skb(struct gen_order *order)
{
	unsigned int room = LL_RESERVED_SPACE(order->dev);
	struct sk_buff *skb;

	skb = alloc_skb(room + order->size, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put_data(skb, order->frame, order->size);
	gen_vary(order, skb->data);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = order->dev;
	return skb;
}

/* All are made before the first is sent, as they are when they come out of a
 * qdisc. The allocator is slower when many are under way at a time, and this
 * way it is so for the floor as well.
 */
static int gen_burst(struct gen_order *order, unsigned int n)
{
	struct sk_buff *skb, *next, *first = NULL;

	while (n--) {
		skb = gen_skb(order);
		if (!skb) {
			kfree_skb_list(first);
			return -ENOMEM;
		}
		skb->next = first;
		first = skb;
	}

	local_bh_disable();
	skb_list_walk_safe(first, skb, next) {
		skb_mark_not_on_list(skb);
		dev_queue_xmit(skb);
	}
	local_bh_enable();
	return 0;
}

static int gen_single(struct gen_order *order)
{
	struct sk_buff *skb = gen_skb(order);

	if (!skb)
		return -ENOMEM;
	dev_queue_xmit(skb);
	return 0;
}

static struct xdp_frame *gen_xdp_frame(struct gen_order *order)
{
	struct xdp_frame *frame = netdev_alloc_frag(GEN_XDP_BUFFER);

	if (!frame)
		return NULL;
	*frame = (struct xdp_frame) {
		.data		= (void *)frame + XDP_PACKET_HEADROOM,
		.len		= order->size,
		.headroom	= XDP_PACKET_HEADROOM - sizeof(*frame),
		.VMNET_XDP_MEM_TYPE = MEM_TYPE_PAGE_SHARED,
		.frame_sz	= GEN_XDP_BUFFER,
	};
	memcpy(frame->data, order->frame, order->size);
	gen_vary(order, frame->data);
	return frame;
}

/* As at the end of a driver's poll, where the kernel sends what was redirected. */
static int gen_xdp_bulk(struct gen_order *order, unsigned int n, u64 *ns)
{
	struct xdp_frame *frames[GEN_XDP_MAX];
	int made, sent = 0;
	u64 start;

	for (made = 0; made < n; made++) {
		frames[made] = gen_xdp_frame(order);
		if (!frames[made])
			break;
	}
	local_bh_disable();
	if (made == n) {
		start = ktime_get_ns();
		sent = order->dev->netdev_ops->ndo_xdp_xmit(order->dev, n,
							    frames,
							    XDP_XMIT_FLUSH);
		*ns += ktime_get_ns() - start;
	}
	for (sent = max(sent, 0); sent < made; made--)
		xdp_return_frame(frames[made - 1]);
	local_bh_enable();
	return made == n ? 0 : -EIO;
}

static int gen_xdp_round(struct gen_order *order, u64 *ns)
{
	unsigned int left = order->frames;
	int err = 0;

	*ns = 0;
	while (left && !err) {
		unsigned int n = min(left, order->xdp);

		err = gen_xdp_bulk(order, n, ns);
		left -= n;
	}
	return err;
}

/* While ksoftirqd is at work, nothing is received as it is sent: a round would end
 * before its frames have come, or more of them wait than there is room for. With
 * two CPUs and a clock, each tick may wake it.
 */
static void gen_let_receive(void)
{
	while (unlikely(local_softirq_pending()))
		yield();
}

static int gen_round(struct gen_order *order, u64 *ns)
{
	unsigned int left = order->frames;
	u64 start = ktime_get_ns();
	int err = 0;

	while (left && !err) {
		unsigned int n = min(left, order->burst);

		err = order->burst > 1 ? gen_burst(order, n) :
					 gen_single(order);
		gen_let_receive();
		left -= n;
	}
	*ns = ktime_get_ns() - start;
	return err;
}

static int gen_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static int gen_run(struct gen *gen, struct gen_order *order)
{
	unsigned int i;
	int err = 0;
	u64 *ns;

	ns = kmalloc_array(order->rounds, sizeof(*ns), GFP_KERNEL);
	if (!ns)
		return -ENOMEM;

	for (i = 0; i < order->rounds && !err; i++) {
		/* What a round has left to ksoftirqd is done before the next:
		 * while that runs, no frame is received as it is sent.
		 */
		schedule_timeout_interruptible(1);
		err = signal_pending(current) ? -EINTR :
		      order->xdp ? gen_xdp_round(order, &ns[i]) :
				   gen_round(order, &ns[i]);
	}
	if (!err) {
		sort(ns, order->rounds, sizeof(*ns), gen_cmp, NULL);
		gen->frames = order->frames;
		gen->rounds = order->rounds;
		gen->median = ns[order->rounds / 2];
		gen->shortest = ns[0];
		gen->longest = ns[order->rounds - 1];
	}
	kfree(ns);
	return err;
}

static int gen_parse_word(struct gen_order *order, const char *key,
			  const char *value)
{
	if (!strcmp(key, "dev")) {
		dev_put(order->dev);
		order->dev = dev_get_by_name(current->nsproxy->net_ns, value);
		return order->dev ? 0 : -ENODEV;
	}
	if (!strcmp(key, "dst"))
		return mac_pton(value, order->dst) ? 0 : -EINVAL;
	if (!strcmp(key, "src"))
		return mac_pton(value, order->src) ? 0 : -EINVAL;
	if (!strcmp(key, "size"))
		return kstrtou32(value, 0, &order->size);
	if (!strcmp(key, "burst"))
		return kstrtou32(value, 0, &order->burst);
	if (!strcmp(key, "frames"))
		return kstrtou32(value, 0, &order->frames);
	if (!strcmp(key, "rounds"))
		return kstrtou32(value, 0, &order->rounds);
	if (!strcmp(key, "dsts"))
		return kstrtou32(value, 0, &order->dsts);
	if (!strcmp(key, "srcs"))
		return kstrtou32(value, 0, &order->srcs);
	if (!strcmp(key, "reply"))
		return kstrtou32(value, 0, &order->reply);
	if (!strcmp(key, "xdp"))
		return kstrtou32(value, 0, &order->xdp);
	return -EINVAL;
}

static int gen_parse(struct gen_order *order, char *line)
{
	char *key, *value;
	int err;

	line = strim(line);
	while ((key = strsep(&line, " "))) {
		value = strsep(&line, " ");
		if (!value)
			return -EINVAL;
		err = gen_parse_word(order, key, value);
		if (err)
			return err;
	}

	if (!order->dev || order->dev->type != ARPHRD_ETHER)
		return -ENODEV;
	if (order->size < GEN_HEADERS ||
	    order->size > order->dev->mtu + ETH_HLEN || !order->burst ||
	    !order->frames || !order->rounds || order->rounds > GEN_ROUNDS_MAX)
		return -EINVAL;
	if (order->xdp && (order->xdp > GEN_XDP_MAX ||
			   order->size > 1500 + ETH_HLEN ||
			   !order->dev->netdev_ops->ndo_xdp_xmit))
		return -EINVAL;
	return 0;
}

static ssize_t gen_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos)
{
	struct gen_order order = {
		.size = 64, .burst = 1, .frames = 256, .rounds = 1,
	};
	struct gen *gen = ((struct seq_file *)file->private_data)->private;
	char *line;
	int err;

	if (count > 255)
		return -EINVAL;
	line = memdup_user_nul(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);

	err = mutex_lock_interruptible(&gen->lock);
	if (err)
		goto free_line;
	err = gen_parse(&order, line);
	if (err)
		goto unlock;
	order.frame = kzalloc(order.size, GFP_KERNEL);
	if (!order.frame) {
		err = -ENOMEM;
		goto unlock;
	}
	gen_write_frame(&order);
	err = gen_run(gen, &order);
	kfree(order.frame);
unlock:
	mutex_unlock(&gen->lock);
	dev_put(order.dev);
free_line:
	kfree(line);
	return err ?: count;
}

static int gen_show(struct seq_file *seq, void *unused)
{
	struct gen *gen = seq->private;

	mutex_lock(&gen->lock);
	seq_printf(seq, "%u %u %llu %llu %llu\n", gen->rounds,
		   gen->frames, gen->median, gen->shortest,
		   gen->longest);
	mutex_unlock(&gen->lock);
	return 0;
}

static int gen_open(struct inode *inode, struct file *file)
{
	struct gen *gen = kzalloc(sizeof(*gen), GFP_KERNEL);
	int err;

	if (!gen)
		return -ENOMEM;
	mutex_init(&gen->lock);
	err = single_open(file, gen_show, gen);
	if (err)
		kfree(gen);
	return err;
}

static int gen_release(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct proc_ops gen_proc_ops = {
	.proc_open	= gen_open,
	.proc_read	= seq_read,
	.proc_write	= gen_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= gen_release,
};

static int __init gen_init(void)
{
	return proc_create("vmnet_gen", 0600, NULL, &gen_proc_ops) ? 0 : -ENOMEM;
}

static void __exit gen_exit(void)
{
	remove_proc_entry("vmnet_gen", NULL);
}

module_init(gen_init);
module_exit(gen_exit);

MODULE_DESCRIPTION("Frame generator of vmnet's bench");
MODULE_LICENSE("GPL");
