/* SPDX-License-Identifier: GPL-2.0-only */
/* The nouns of the house, and who may touch them when.
 *
 * DOC: Locking
 *
 *	what				written under		read under
 *	------------------------------	----------------------	------------------
 *	networks, ports, their names,	RTNL			RTNL, or RCU where
 *	  words, VLANs, attachment,				  the member says so
 *	  adapters and bindings
 *	a namespace's ports by number	RTNL			RTNL, or RCU for a
 *								  port's name: a lease
 *								  tells it; torn while
 *								  it is being changed
 *	which adapters are off limits	RTNL			RTNL
 *	forwarding table		network->fdb_lock (BH);	RCU
 *					  all but learned entries
 *					  RTNL, too
 *	a learned entry's port, updated	WRITE_ONCE(), only if	READ_ONCE()
 *					  it changes
 *	which DHCP scopes there are	RTNL			RTNL or RCU
 *	a scope's settings, leases,	its lock (BH)		the same, or RCU
 *	  log, messages that wait				  for its settings
 *	its reservations		RTNL and its lock	either
 *	a port's pool			RTNL			RTNL or RCU
 *	counters, receive queues	own CPU, BH off		fetch loop; queues
 *								  own CPU only
 *	a port's XDP program		RTNL			its NAPI, by RCU
 *	the ring of it			its producer lock (BH)	its NAPI
 *	a network's sum of counters	RTNL and stats_seq	RCU and stats_seq
 *
 * Our spinlocks never nest, but for the one that an xarray has inside. Whoever
 * removes an object does it in named halves: ..._unpublish(), a grace period,
 * ..._settle() or ..._free(); the comment there names every context that may
 * still hold the object.
 *
 * A frame is on its way under rcu_read_lock() with BH off, from the door that
 * it comes in by until it lies in a receive queue or is gone.
 *
 * DOC: Values read without a lock
 *
 * RCU keeps an object, not what it says. What a frame asks of it is a word that
 * means something by itself; READ_ONCE() and WRITE_ONCE() keep it whole, and
 * keep the compiler from reading it again and finding another answer half way.
 * Whoever reads what was there before treats the frame as one that came a moment
 * earlier. Where two of them must be seen in an order, a release and an acquire
 * name each other.
 *
 *	value				written under	read by
 *	------------------------------	--------------	--------------------------
 *	port->policy, ->learning,	RTNL		frames
 *	  ->guard_mac, ->guard_dhcp,
 *	  ->l2proto, ->loop_hold,
 *	  ->learn_limit, ->dhcp.limit,
 *	  ->dhcp.rate, ->dhcp.guard_chaddr
 *	network->learners, ->longest,	RTNL		frames
 *	  ->vlan_aware, ->host_on,
 *	  ->uplink_dhcp
 *	network->mtu, ->up,		RTNL		frames (DHCP tells the MTU),
 *	  ->ports_attached				/sys
 *	network->ageing			RTNL		frames, the ageing's work
 *	dev->mtu, tap's numvtaps	RTNL, not by	frames
 *					  us alone
 *	port->held_until		nothing: any	frames; two loops at once
 *					  frame		  leave one's time
 *	network->loop_told		cmpxchg()	frames: one wins and tells
 *	port->learned, ->not_learned	fdb_lock	who lists ports
 *	entry->port, ->sticky,		fdb_lock; for	frames: the port that an
 *	  ->updated			  ->updated	  address was at until now
 *					  nothing	  gets its frame
 *	port->xdp			RTNL, once	frames, by VMNET_POLICY_XDP
 *	xdp->put, ->no_skb		producer_lock	who lists counters
 *	pcpu->queued			own CPU, BH off	who lists counters
 *	adapter->passed			own CPU, BH off	who lists counters
 *	dhcp->seen, ->probes.count	the scope's	ARP, as data_race(): a torn
 *					  lock		  one costs an update
 *
 * 64 bits are torn where words have 32: a hold's end is a time too early or too
 * late then, and what is only shown is wrong once.
 */
#ifndef VMNET_H
#define VMNET_H

#include <linux/etherdevice.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/seqlock.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <uapi/linux/vmnet.h>

#include "dhcp/server.h"

#define VMNET_DROP_REASONS	(VMNET_DROP_MAX + 1)

/* What a port asks of each frame that it sends, beside the rules that hold
 * everywhere. Zero for a port that asks nothing: one test on the way.
 */
#define VMNET_POLICY_GUARD_DHCP	BIT(0)
#define VMNET_POLICY_VLAN	BIT(1)	/* its network looks at tags */
#define VMNET_POLICY_LOOP_HOLD	BIT(2)
/* And what it asks of each that it gets. */
#define VMNET_POLICY_XDP	BIT(3)	/* its program gets them */
#define VMNET_POLICY_OUT	(VMNET_POLICY_VLAN | VMNET_POLICY_XDP)

/**
 * struct vmnet_pcpu - one CPU's counters of one port
 *
 * The first eight fill a cache line, so that a frame writes one line at each
 * end. Written on the own CPU with BH off.
 *
 * @rx_frames: frames that came in by the port
 * @rx_bytes: their bytes, Ethernet header included
 * @tx_frames: frames that the port's owner has accepted
 * @tx_bytes: their bytes
 * @replicated: further copies made of what came in
 * @segmented: further frames made on the way out
 * @consumed: frames that came in for the network itself
 * @queued: frames in this CPU's queue for the port; not a sum, a level
 * @dropped: frames dropped, by reason
 * @unplugged: frames dropped because the port was in no network; they count
 *	for the port, as received and as dropped, but for no network
 * @syncp: for readers on 32 bits
 */
struct vmnet_pcpu {
	u64_stats_t rx_frames;
	u64_stats_t rx_bytes;
	u64_stats_t tx_frames;
	u64_stats_t tx_bytes;
	u64_stats_t replicated;
	u64_stats_t segmented;
	u64_stats_t consumed;
	unsigned long queued;
	u64_stats_t dropped[VMNET_DROP_REASONS];
	u64_stats_t unplugged;
	struct u64_stats_sync syncp;
} ____cacheline_aligned;

/* The sum of such counters over CPUs, or over ports. */
struct vmnet_totals {
	u64 rx_frames;
	u64 rx_bytes;
	u64 tx_frames;
	u64 tx_bytes;
	u64 replicated;
	u64 segmented;
	u64 consumed;
	u64 queued;
	u64 passed;		/* of a network's uplink, else 0 */
	u64 dropped[VMNET_DROP_REASONS];
	u64 unplugged;
};

struct vmnet_network;
struct vmnet_tap;
struct vmnet_vlan;
struct vmnet_xdp;

/**
 * struct vmnet_uplink_words - what an administrator wants a network bound to
 *
 * Kept by the network while the netdev is missing, too.
 *
 * @name: of the netdev; empty for none
 * @vid: the one VLAN of the wire that the whole network is, or 0
 * @vlan: else which VLANs the uplink carries, or NULL for all; owned
 */
struct vmnet_uplink_words {
	char name[IFNAMSIZ];
	u16 vid;
	struct vmnet_vlan *vlan;
};

/**
 * struct vmnet_port - something plugged into a network
 *
 * A nic's lies in its netdev's private area and lives as long as the netdev.
 * The host's and the server's are part of their network.
 */
struct vmnet_port {
	/* Needed on a frame's way. */
	struct net_device *dev;			/* NULL for the server */
	struct vmnet_network __rcu *network;	/* NULL while detached */
	struct vmnet_pcpu __percpu *pcpu;
	u32 policy;				/* VMNET_POLICY_*, as in force */
	u8 type;				/* enum vmnet_port_type */
	bool guard_mac;
	bool learning;
	bool l2proto;				/* passes reserved addresses */
	struct vmnet_vlan __rcu *vlan;		/* NULL for transparent */
	struct list_head receivers;		/* in network->receivers, RCU */
	struct vmnet_tap *tap;			/* of a tap, for its netdev's life */
	struct vmnet_xdp *xdp;			/* since its first program; RTNL */

	/* Needed off it; RTNL. */
	struct list_head members;		/* in network->members, RCU */
	struct rcu_gp_seq left;			/* when it left the last one's */
	struct list_head addresses;		/* its struct vmnet_fdb_entry; fdb_lock */
	u32 learned;				/* of them; fdb_lock */
	u32 learn_limit;
	u64 not_learned;			/* fdb_lock */
	u32 loop_hold;				/* seconds */
	u64 held_until;				/* jiffies; after a loop was seen */
	struct vmnet_network *attached;		/* until settled, unlike @network */
	netdevice_tracker dev_tracker;		/* of a borrowed netdev */
	struct net *home;			/* kept by vmnet_ns_exit() */
	struct hlist_node by_name;
	struct hlist_node by_mac;
	u32 id;					/* in home's ports; 0 = unknown there */
	u32 mtu;				/* set by hand; 0 = the network's */
	bool mtu_following;			/* it is being set to the network's */
	bool mac_auto;
	bool guard_dhcp;
	bool announced;				/* listeners have been told of it */
	char name[VMNET_PORT_NAME_MAX + 1];
	char vm[VMNET_PORT_NAME_MAX + 1];
	struct list_head changed;		/* its unicast list has; own lock */
	struct vmnet_sysfs_dir *sysfs;		/* while attached */
	struct vmnet_totals base;		/* counts when it was attached */
	struct vmnet_dhcp_port dhcp;
};

/**
 * struct vmnet_network - an Ethernet switch
 *
 * Lies in the private area of its netdev, by which the host is a member.
 */
struct vmnet_network {
	/* Needed on a frame's way. */
	struct rhashtable fdb;			/* struct vmnet_fdb_entry */
	struct list_head receivers;		/* attached ports, learning ones first; RCU */
	unsigned int learners;			/* of them */
	struct vmnet_port __rcu *uplink;	/* NULL for none */
	bool vlan_aware;			/* some port has VLANs */
	struct vmnet_dhcp_scopes __rcu *scopes;	/* NULL before the first subnet */
	struct net_device *dev;
	u32 longest;				/* octets of a frame; 0 while off */
	bool host_on;				/* the host is a member */

	/* Needed off it. */
	u32 mtu;				/* of a frame without its header */
	bool up;				/* switched on */
	struct vmnet_port host;
	struct vmnet_port server;		/* whose counts are the responder's */
	struct list_head members;		/* ports that count here; RCU */
	unsigned int ports_attached;
	unsigned int vlan_ports;		/* receivers that have VLANs */
	spinlock_t fdb_lock;			/* protects the table's writing; BH */
	atomic_t fdb_entries;
	u32 ageing;				/* seconds */
	struct delayed_work fdb_gc;
	seqcount_t stats_seq;			/* members and folded change together */
	struct vmnet_totals folded;		/* of ports that have left */
	struct vmnet_uplink_words uplink_words;
	bool uplink_missing;			/* it is, but has a name */
	bool uplink_dhcp;			/* its clients are answered */
	bool uplink_follow;			/* carrier follows it */
	unsigned long loop_told;		/* jiffies of the last event */
	char label[VMNET_LABEL_MAX + 1];
	char *notes;				/* NULL if there are none */
	bool host_flap;				/* down and up for the host only */
	u8 host_addr_gen_mode;			/* IPv6's, while the host is off */
	struct vmnet_sysfs_network *sysfs;
};

/* What a namespace has; by vmnet_ns(). */
struct vmnet_ns {
	struct xarray networks;			/* by ifindex; RTNL */
	struct xarray ports;			/* by id, homed here; RTNL */
	u32 next_port_id;
	struct list_head hostifs;		/* struct vmnet_hostif; RTNL */
	unsigned int reserved_ports;		/* reservations of ports; RTNL */
	unsigned int hostifs_named;		/* of them; RTNL */
	bool hostif_default;			/* for adapters not named; RTNL */
};

struct vmnet_ns *vmnet_ns(const struct net *net);

#endif /* VMNET_H */
