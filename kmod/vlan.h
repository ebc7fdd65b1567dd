/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_VLAN_H
#define VMNET_VLAN_H

#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "vmnet.h"

/**
 * struct vmnet_vlan - which VLANs a port carries, and how
 *
 * Never changed once a port has it; replaced as a whole. A port without one is
 * transparent: it carries every VLAN, tagged, and untagged frames as they are.
 *
 * @untagged: the VLAN that frames without a tag are in, at this port: an access
 *	port's VLAN or a trunk's native one; 0 for none
 * @access: carries @untagged and no tag
 * @added: a trunk carries @untagged only because it is the native VLAN
 * @carries: a bit for each VLAN, @untagged included
 * @rcu: for freeing
 */
struct vmnet_vlan {
	u16 untagged;
	bool access;
	bool added;
	DECLARE_BITMAP(carries, VLAN_N_VID);
	struct rcu_head rcu;
};

/* Words of netlink that make one, of whichever noun. */
struct vmnet_vlan_words {
	const struct nlattr *vlan;	/* u16 */
	const struct nlattr *trunk;	/* ranges */
	const struct nlattr *native;	/* u16 */
};

/* Whether a customer's tag is beside the frame; a provider's (802.1ad) is
 * payload to us, wherever it is.
 */
static inline bool vmnet_vlan_tagged(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) &&
	       skb->vlan_proto == htons(ETH_P_8021Q);
}

/**
 * vmnet_vlan_of() - the VLAN of a frame within a network
 * @nw: the network
 * @skb: the frame, after vmnet_vlan_input() if it has come in already
 *
 * A network in which no port has VLAN words looks at no tags: all its frames
 * are in none.
 *
 * Return: the VLAN, or 0 for none
 */
static inline u16 vmnet_vlan_of(const struct vmnet_network *nw,
				const struct sk_buff *skb)
{
	if (likely(!READ_ONCE(nw->vlan_aware)) || !vmnet_vlan_tagged(skb))
		return 0;
	return skb_vlan_tag_get_id(skb);
}

/**
 * vmnet_vlan_carries() - whether a port is a member of a VLAN
 * @port: the port
 * @vid: the VLAN, or 0 for untagged frames of transparent ports
 *
 * Context: rcu_read_lock()
 */
static inline bool vmnet_vlan_carries(const struct vmnet_port *port, u16 vid)
{
	const struct vmnet_vlan *vlan = rcu_dereference(port->vlan);

	return !vlan || test_bit(vid, vlan->carries);
}

/* All that vmnet_vlan_input() does not do itself. */
unsigned int vmnet_vlan_input_other(const struct vmnet_port *port,
				    struct sk_buff *skb);

/**
 * vmnet_vlan_input() - the tag of a frame that comes in, as the network sees it
 * @port: the port that it comes in by, of a network with VLANs
 * @skb: the frame, from its Ethernet header on, which is pulled
 * @vid: set: the VLAN that it is in, or 0
 *
 * From here on the tag is beside the frame, not in it, and says the VLAN: that
 * of an access or native port was added (IEEE 802.1Q-2018 6.9.1).
 *
 * Context: rcu_read_lock()
 * Return: VMNET_DROP_REASONS if the frame goes on, else why it does not
 */
static inline unsigned int vmnet_vlan_input(const struct vmnet_port *port,
					    struct sk_buff *skb, u16 *vid)
{
	const struct vmnet_vlan *vlan = rcu_dereference(port->vlan);
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	unsigned int refused;

	/* Nearly all come without a tag, by an access port. */
	if (likely(vlan && vlan->untagged && !skb_vlan_tag_present(skb) &&
		   eth->h_proto != htons(ETH_P_8021Q))) {
		*vid = vlan->untagged;
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), *vid);
		return VMNET_DROP_REASONS;
	}
	refused = vmnet_vlan_input_other(port, skb);
	*vid = vmnet_vlan_tagged(skb) ? skb_vlan_tag_get_id(skb) : 0;
	return refused;
}

/**
 * vmnet_vlan_output() - take the tag away where the port has none
 * @port: the port that the frame goes out by, of a network with VLANs
 * @skb: the frame, this receiver's own
 *
 * Context: rcu_read_lock()
 */
static inline void vmnet_vlan_output(const struct vmnet_port *port,
				     struct sk_buff *skb)
{
	const struct vmnet_vlan *vlan = rcu_dereference(port->vlan);

	if (vlan && vlan->untagged && vmnet_vlan_tagged(skb) &&
	    skb_vlan_tag_get_id(skb) == vlan->untagged)
		__vlan_hwaccel_clear_tag(skb);
}

/**
 * vmnet_vlan_read() - make a port's VLANs of what was asked for
 * @words: the attributes; those that are NULL keep what @old says
 * @old: what there is, or NULL
 * @vlan: set: a new one, which the caller owns, or NULL for transparent
 * @extack: the reason of a refusal
 *
 * Context: may sleep
 */
int vmnet_vlan_read(const struct vmnet_vlan_words *words,
		    const struct vmnet_vlan *old, struct vmnet_vlan **vlan,
		    struct netlink_ext_ack *extack);

/**
 * vmnet_vlan_expect() - have tags looked at before a port with VLANs is there
 * @nw: the network
 * @vlan: what the port will have; may be NULL
 *
 * Were the port there first, its frames would pass by the VLANs for a moment.
 *
 * Context: RTNL; may sleep for a grace period
 */
void vmnet_vlan_expect(struct vmnet_network *nw, const struct vmnet_vlan *vlan);

/**
 * vmnet_vlan_set() - give a port its VLANs, live
 * @port: the port
 * @vlan: what vmnet_vlan_read() made; the port's from now on
 *
 * Context: RTNL; may sleep
 */
void vmnet_vlan_set(struct vmnet_port *port, struct vmnet_vlan *vlan);

/* Takes a customer's tag out of a frame, beside it; what it returns is as with
 * vmnet_vlan_input().
 */
unsigned int vmnet_vlan_untag(struct sk_buff *skb);

/* Whether a port of a network has VLANs, but for its uplink; RTNL. */
bool vmnet_vlan_any(const struct vmnet_network *nw);

/* A port has come or gone, or its VLANs have changed: see whether its network
 * has any now. RTNL.
 */
void vmnet_vlan_update(struct vmnet_network *nw);

/* All VLANs that the ports of a network are in, but for one port; RTNL. */
void vmnet_vlan_used(const struct vmnet_network *nw,
		     const struct vmnet_port *but, unsigned long *vids);

/* Puts the ranges of a trunk into a message. */
int vmnet_vlan_put_ranges(struct sk_buff *msg, int attr,
			  const struct vmnet_vlan *vlan);

#endif /* VMNET_VLAN_H */
