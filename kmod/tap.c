// SPDX-License-Identifier: GPL-2.0-only
/* The door of taps: a nic whose owner is a program with a descriptor, most
 * likely a virtual machine. The kernel's tap library makes the descriptors, so
 * whatever works with a macvtap works here, vhost-net included.
 *
 * The way in is the nic's: what is written is transmitted by the netdev. The
 * way out puts a frame into the ring of a descriptor at once, in the sender's
 * context: that takes no lock that a sender may hold and goes no further, so
 * there is nothing to wait for in a receive queue.
 *
 * DOC: Lifetimes
 *
 * An open descriptor is a queue: a socket that the file and the port's tap_dev
 * both hold. It points to the tap_dev, which is part of struct vmnet_tap, and
 * that pointer is read under RTNL or rcu_read_lock() only. The other ways to a
 * struct vmnet_tap are the minor numbers of its nodes, by which tap_open() finds
 * it under RTNL; the netdev's rx_handler_data, under RCU; and port->tap, for
 * whoever has the port.
 *
 * vmnet_tap_end() runs under RTNL when frames find the port no more. It takes
 * the nodes and minors away, so that no open finds the tap; then the rx_handler,
 * with a grace period; then the queues' pointers. A descriptor that is open goes
 * on as a socket of nobody's: reads give what is in its ring, writes are
 * swallowed, ioctls fail. What may still hold the tap is a write on its way
 * into the netdev, under rcu_read_lock(): the core ends that with the grace
 * period before the netdev is freed, whose destructor frees the tap.
 *
 * Frames in a ring hold neither the port nor a sender: they were scrubbed and
 * orphaned. They are freed with the socket.
 */

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/if_tap.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/gso.h>
#include <net/if_inet6.h>
#include <net/net_namespace.h>

#include "../version.h"
#include "drop.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "tap.h"

/* What every reader can take, and what one with a virtio_net_hdr may say that
 * it can: tap.c's own TAP_FEATURES and macvtap's TUN_OFFLOADS.
 */
#define VMNET_TAP_PLAIN		(NETIF_F_GSO | NETIF_F_SG | NETIF_F_FRAGLIST)
#define VMNET_TAP_OFFLOADS	(NETIF_F_HW_CSUM | NETIF_F_TSO_ECN | \
				 NETIF_F_TSO | NETIF_F_TSO6)

/**
 * struct vmnet_tap_node - a file in /dev
 * @dev: its device; the number is of the tap library's
 * @uid: the user that it belongs to
 * @gid: the group that may open it, too, or INVALID_GID
 */
struct vmnet_tap_node {
	struct device dev;
	kuid_t uid;
	kgid_t gid;
};

static struct cdev vmnet_tap_cdev;
static dev_t vmnet_tap_major;

/* /dev/vmnet/PORT */
static struct class vmnet_tap_class = {
	.name = "vmnet",
};

/* /dev/tapIFINDEX, where macvtap has it and libvirt looks for it. */
static struct class vmnet_tap_index_class = {
	.name = "vmnet_tap",
};

/* How often the library could not put a frame into a ring. */
static DEFINE_PER_CPU(unsigned int, vmnet_tap_refusals);

/* The way out */

/* Who listens at the netdev wants to see what it receives, so it must receive. */
static bool vmnet_tap_watched(struct net_device *dev)
{
	return dev_nit_active(dev) || vmnet_has_tc_ingress(dev) ||
#ifdef CONFIG_NETFILTER_INGRESS
	       rcu_access_pointer(dev->nf_hooks_ingress) ||
#endif
	       rcu_access_pointer(dev->xdp_prog);
}

/* What the reader of this frame takes: the queue is chosen as the library
 * chooses it, by the frame's hash, which the frame's segments share.
 */
static netdev_features_t vmnet_tap_features(const struct vmnet_tap *tap,
					    struct sk_buff *skb)
{
	unsigned int n = READ_ONCE(tap->dev.numvtaps);
	const struct tap_queue *q;
	u32 i = 0;

	if (n > 1)
		i = skb_get_hash(skb) % n;
	q = rcu_dereference(tap->dev.taps[min_t(u32, i, MAX_TAP_QUEUES - 1)]);
	if (q && q->flags & IFF_VNET_HDR)
		return VMNET_TAP_PLAIN | tap->dev.tap_features;
	return VMNET_TAP_PLAIN;
}

/* One frame that its reader can take, to the reader: a reason why not, or
 * VMNET_DROP_REASONS. The frame is gone either way.
 */
static unsigned int vmnet_tap_give(struct sk_buff *skb,
				   netdev_features_t features)
{
	unsigned int before = this_cpu_read(vmnet_tap_refusals);

	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    unlikely(skb_csum_hwoffload_help(skb, features))) {
		kfree_skb(skb);
		return VMNET_DROP_NO_MEMORY;
	}
	__skb_pull(skb, ETH_HLEN);
	/* skb is passed to the library, unless nobody has the node open */
	if (unlikely(tap_handle_frame(&skb) != RX_HANDLER_CONSUMED)) {
		kfree_skb(skb);
		return VMNET_DROP_PORT_DOWN;
	}
	return unlikely(this_cpu_read(vmnet_tap_refusals) != before) ?
	       VMNET_DROP_QUEUE_FULL : VMNET_DROP_REASONS;
}

/* Counts what became of a frame. One that came by a receive queue was counted
 * as delivered when the netdev's stack got it, so its loss is the netdev's.
 */
static void vmnet_tap_count(struct vmnet_port *port, unsigned int len,
			    unsigned int refused, bool received)
{
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		if (received)
			dev_core_stats_rx_dropped_inc(port->dev);
		else
			vmnet_drop(port, NULL, refused);
	} else if (!received) {
		vmnet_count_tx(port, len);
	}
}

/* A super-packet for a reader that cannot take it: one by one, so that each
 * segment's fate is counted.
 */
static noinline void vmnet_tap_segment(struct vmnet_port *port,
				       struct sk_buff *skb,
				       netdev_features_t features,
				       bool received)
{
	struct sk_buff *segs, *next;
	unsigned int n = 0, len;

	segs = __skb_gso_segment(skb, features, false);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		vmnet_tap_count(port, 0, VMNET_DROP_NO_MEMORY, received);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		len = skb->len;
		vmnet_tap_count(port, len, vmnet_tap_give(skb, features),
				received);
		n++;
	}
	if (!received)
		vmnet_count_segmented(port, n - 1);
}

static void vmnet_tap_put(struct vmnet_port *port, struct sk_buff *skb,
			  bool received)
{
	netdev_features_t features;
	unsigned int len = skb->len;

	/* The sender's own pages and its socket's memory must not wait for
	 * somebody else's reading; and its choice of queue is not ours.
	 */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		kfree_skb(skb);
		vmnet_tap_count(port, len, VMNET_DROP_NO_MEMORY, received);
		return;
	}
	skb_orphan(skb);
	skb_set_queue_mapping(skb, 0);

	features = vmnet_tap_features(port->tap, skb);
	/* Headers of an untrusted super-packet are the library's to check. */
	if (unlikely(netif_needs_gso(skb, features | NETIF_F_GSO_ROBUST)))
		vmnet_tap_segment(port, skb, features, received);
	else
		vmnet_tap_count(port, len, vmnet_tap_give(skb, features),
				received);
}

static void vmnet_tap_door(struct vmnet_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;
	unsigned int refused;

	if (unlikely(vmnet_tap_watched(dev))) {
		vmnet_receive(port, skb);
		return;
	}
	refused = vmnet_port_refuses(port, skb);
	if (unlikely(!READ_ONCE(port->tap->dev.numvtaps)))
		refused = VMNET_DROP_PORT_DOWN;
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		vmnet_drop(port, skb, refused);
		return;
	}

	skb_scrub_packet(skb, !skb->dev ||
			 !net_eq(dev_net(skb->dev), dev_net(dev)));
	skb->priority = 0;
	skb->dev = dev;
	/* A raw socket does not always say where it begins. */
	if (unlikely(skb_network_offset(skb) < ETH_HLEN))
		skb_set_network_header(skb, ETH_HLEN);
	vmnet_tap_put(port, skb, false);
}

/* The end of the way by a receive queue, after whoever is listening.
 *
 * note: already called with rcu_read_lock, BH off
 */
static rx_handler_result_t vmnet_tap_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct tap_dev *tap;

	/* What the host sends to itself by the netdev. */
	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	tap = rcu_dereference(skb->dev->rx_handler_data);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	skb_push_rcsum(skb, ETH_HLEN);
	vmnet_tap_put(container_of(tap, struct vmnet_tap, dev)->port, skb, true);
	return RX_HANDLER_CONSUMED;
}

/* The library's complaints. Only about the ring is it asked here: what else it
 * could complain of was done before. BH is off.
 */
static void vmnet_tap_count_rx_dropped(struct tap_dev *tap)
{
	this_cpu_inc(vmnet_tap_refusals);
}

/* Something was written that is no frame: it never came to the port. */
static void vmnet_tap_count_tx_dropped(struct tap_dev *tap)
{
	dev_core_stats_tx_dropped_inc(tap->dev);
}

/* Nodes */

static char *vmnet_tap_devnode(VMNET_DEVNODE_CONST struct device *dev,
			       umode_t *mode, kuid_t *uid, kgid_t *gid)
{
	const struct vmnet_tap_node *node =
		container_of(dev, struct vmnet_tap_node, dev);

	if (mode)
		*mode = gid_valid(node->gid) ? 0660 : 0600;
	if (uid)
		*uid = node->uid;
	if (gid && gid_valid(node->gid))
		*gid = node->gid;
	if (dev->class == &vmnet_tap_index_class)
		return NULL; /* its name will do */
	return kasprintf(GFP_KERNEL, "vmnet/%s", dev_name(dev));
}

static void vmnet_tap_node_release(struct device *dev)
{
	kfree(container_of(dev, struct vmnet_tap_node, dev));
}

static const struct device_type vmnet_tap_node_type = {
	.name		= "vmnet_tap",
	.devnode	= vmnet_tap_devnode,
	.release	= vmnet_tap_node_release,
};

/* Several numbers lead to one tap; the library knows of the last one only. */
static void vmnet_tap_put_minor(struct vmnet_tap *tap, dev_t devt)
{
	tap->dev.minor = MINOR(devt);
	tap_free_minor(vmnet_tap_major, &tap->dev);
}

static struct vmnet_tap_node *vmnet_tap_node_make(struct vmnet_tap *tap,
						  struct class *class,
						  const char *name)
{
	struct vmnet_tap_node *node;
	int err;

	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return ERR_PTR(-ENOMEM);
	err = tap_get_minor(vmnet_tap_major, &tap->dev);
	if (err) {
		kfree(node);
		return ERR_PTR(err);
	}
	node->uid = tap->uid;
	node->gid = tap->gid;
	device_initialize(&node->dev);
	node->dev.class = class;
	node->dev.type = &vmnet_tap_node_type;
	node->dev.devt = MKDEV(MAJOR(vmnet_tap_major), tap->dev.minor);
	err = dev_set_name(&node->dev, "%s", name);
	if (!err)
		err = device_add(&node->dev);
	if (err) {
		vmnet_tap_put_minor(tap, node->dev.devt);
		put_device(&node->dev);
		return ERR_PTR(err);
	}
	return node;
}

static void vmnet_tap_node_del(struct vmnet_tap *tap,
			       struct vmnet_tap_node **nodep)
{
	struct vmnet_tap_node *node = *nodep;

	if (!node)
		return;
	*nodep = NULL;
	vmnet_tap_put_minor(tap, node->dev.devt);
	device_unregister(&node->dev);
}

/* A convenience: the port is complete without it. */
static void vmnet_tap_make_by_index(struct vmnet_tap *tap)
{
	const struct net_device *dev = tap->port->dev;
	struct vmnet_tap_node *node;
	char name[IFNAMSIZ];

	if (!net_eq(dev_net(dev), &init_net) || tap->by_index)
		return;
	snprintf(name, sizeof(name), "tap%d", dev->ifindex);
	node = vmnet_tap_node_make(tap, &vmnet_tap_index_class, name);
	if (!IS_ERR(node))
		tap->by_index = node;
}

/* Another namespace may have a port of the name, and the only node for it. */
static int vmnet_tap_make_node(struct vmnet_tap *tap)
{
	const char *name = tap->port->name;
	struct vmnet_tap_node *node;
	struct device *other;

	other = class_find_device_by_name(&vmnet_tap_class, name);
	if (other) {
		put_device(other);
		return -EEXIST;
	}
	node = vmnet_tap_node_make(tap, &vmnet_tap_class, name);
	if (IS_ERR(node))
		return PTR_ERR(node);
	tap->node = node;
	return 0;
}

/* A node does not change its name nor its owner, so there is a new one. The old
 * name must be free for a new owner's node: with no memory for that there may
 * be none, until the next attempt.
 */
static int vmnet_tap_renew(struct vmnet_port *port)
{
	struct vmnet_tap *tap = port->tap;
	struct vmnet_tap_node *old = tap->node;
	int err;

	ASSERT_RTNL();

	if (old && !strcmp(dev_name(&old->dev), port->name)) {
		vmnet_tap_node_del(tap, &tap->node);
		old = NULL;
	}
	err = vmnet_tap_make_node(tap);
	if (err)
		return err;
	vmnet_tap_node_del(tap, &old);
	vmnet_tap_node_del(tap, &tap->by_index);
	vmnet_tap_make_by_index(tap);
	return 0;
}

/* Birth and death */

/* The host's stack has no business with the netdev: it would send from the
 * guest's address, for an address that it makes of that.
 */
static void vmnet_tap_quiet(const struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (idev)
		idev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
}

static int vmnet_tap_begin(struct vmnet_port *port)
{
	struct vmnet_tap *tap = port->tap;
	int err;

	ASSERT_RTNL();

	INIT_LIST_HEAD(&tap->dev.queue_list);
	tap->dev.dev = port->dev;
	tap->dev.tap_features = VMNET_TAP_OFFLOADS;
	tap->dev.count_rx_dropped = vmnet_tap_count_rx_dropped;
	tap->dev.count_tx_dropped = vmnet_tap_count_tx_dropped;
	vmnet_tap_quiet(port->dev);

	err = netdev_rx_handler_register(port->dev, vmnet_tap_rx, &tap->dev);
	if (err)
		return err;
	err = vmnet_tap_make_node(tap);
	if (err) {
		netdev_rx_handler_unregister(port->dev);
		return err;
	}
	vmnet_tap_make_by_index(tap);
	return 0;
}

static void vmnet_tap_end(struct vmnet_port *port)
{
	struct vmnet_tap *tap = port->tap;

	ASSERT_RTNL();

	vmnet_tap_node_del(tap, &tap->by_index);
	vmnet_tap_node_del(tap, &tap->node);
	netdev_rx_handler_unregister(port->dev);
	tap_del_queues(&tap->dev);
}

static int vmnet_tap_on_event(struct vmnet_port *port, unsigned long event)
{
	struct vmnet_tap *tap = port->tap;

	ASSERT_RTNL();

	switch (event) {
	case NETDEV_REGISTER: /* in another namespace */
		vmnet_tap_quiet(port->dev);
		vmnet_tap_make_by_index(tap);
		break;
	case NETDEV_UNREGISTER: /* also on its way there */
		vmnet_tap_node_del(tap, &tap->by_index);
		break;
	case NETDEV_CHANGE_TX_QUEUE_LEN:
		if (tap_queue_resize(&tap->dev))
			return NOTIFY_BAD;
		break;
	}
	return NOTIFY_DONE;
}

static const struct vmnet_tap_ops vmnet_tap_door_ops = {
	.owner		= THIS_MODULE,
	.add		= vmnet_tap_begin,
	.del		= vmnet_tap_end,
	.renew		= vmnet_tap_renew,
	.event		= vmnet_tap_on_event,
	.deliver	= vmnet_tap_door,
};

/* Takes no RTNL: see tap_load.c. */
static int __init vmnet_tap_init(void)
{
	int err;

	err = class_register(&vmnet_tap_class);
	if (err)
		return err;
	err = class_register(&vmnet_tap_index_class);
	if (err)
		goto unregister_class;
	err = tap_create_cdev(&vmnet_tap_cdev, &vmnet_tap_major, "vmnet",
			      THIS_MODULE);
	if (err)
		goto unregister_index_class;
	vmnet_tap_register(&vmnet_tap_door_ops);
	return 0;

unregister_index_class:
	class_unregister(&vmnet_tap_index_class);
unregister_class:
	class_unregister(&vmnet_tap_class);
	return err;
}

/* No tap is left and no descriptor is open: each of them holds the module. */
static void __exit vmnet_tap_exit(void)
{
	vmnet_tap_unregister();
	tap_destroy_cdev(vmnet_tap_major, &vmnet_tap_cdev);
	class_unregister(&vmnet_tap_index_class);
	class_unregister(&vmnet_tap_class);
}

module_init(vmnet_tap_init);
module_exit(vmnet_tap_exit);

MODULE_DESCRIPTION("Ports of vmnet for virtual machines");
MODULE_LICENSE("GPL");
MODULE_VERSION(VMNET_VERSION);
