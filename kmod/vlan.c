// SPDX-License-Identifier: GPL-2.0-only
/* VLANs in a network (IEEE 802.1Q): access ports, trunks, native VLANs.
 *
 * Only networks in which a port has VLAN words come here. Within them the tag
 * of a frame is always beside it (skb->vlan_tci), wherever it was when the
 * frame came, and is the one thing that says its VLAN.
 */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "fdb.h"
#include "port.h"
#include "uplink.h"
#include "vlan.h"

/* From within the frame to beside it. A tag of a provider (802.1ad) is payload
 * to us, as whatever is below it.
 */
unsigned int vmnet_vlan_untag(struct sk_buff *skb)
{
	u16 tci;

	if (skb_vlan_tag_present(skb) ||
	    eth_hdr(skb)->h_proto != htons(ETH_P_8021Q))
		return VMNET_DROP_REASONS;
	if (unlikely(skb->len < VLAN_ETH_HLEN))
		return VMNET_DROP_TOO_SHORT;
	if (unlikely(__skb_vlan_pop(skb, &tci)))
		return VMNET_DROP_NO_MEMORY;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
	return VMNET_DROP_REASONS;
}

/* A tag that only tells the priority says no VLAN; it keeps the priority. */
static unsigned int vmnet_vlan_classify(struct sk_buff *skb, u16 vid)
{
	if (vmnet_vlan_tagged(skb)) {
		skb->vlan_tci |= vid;
		return VMNET_DROP_REASONS;
	}
	/* Puts a provider's tag into the frame, if that is beside it. */
	if (unlikely(skb_vlan_push(skb, htons(ETH_P_8021Q), vid)))
		return VMNET_DROP_NO_MEMORY;
	return VMNET_DROP_REASONS;
}

unsigned int vmnet_vlan_input_other(const struct vmnet_port *port,
				    struct sk_buff *skb)
{
	const struct vmnet_vlan *vlan = rcu_dereference(port->vlan);
	unsigned int refused;
	u16 vid = 0;

	refused = vmnet_vlan_untag(skb);
	if (unlikely(refused != VMNET_DROP_REASONS) || !vlan)
		return refused;

	if (vmnet_vlan_tagged(skb))
		vid = skb_vlan_tag_get_id(skb);
	if (vid)
		return !vlan->access && test_bit(vid, vlan->carries) ?
		       VMNET_DROP_REASONS : VMNET_DROP_VLAN;
	if (!vlan->untagged)
		return VMNET_DROP_VLAN;
	return vmnet_vlan_classify(skb, vlan->untagged);
}

/* Words */

struct vmnet_vlan_range {
	u16 first;
	u16 last;
};

static int vmnet_vlan_read_vid(const struct nlattr *attr, u16 *vid,
			       struct netlink_ext_ack *extack)
{
	*vid = nla_get_u16(attr);
	if (*vid <= VLAN_N_VID - 2)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "A VLAN is a number from 1 to 4094");
	return -EINVAL;
}

static int vmnet_vlan_read_ranges(const struct nlattr *attr,
				  unsigned long *carries,
				  struct netlink_ext_ack *extack)
{
	const struct vmnet_vlan_range *range = nla_data(attr);
	unsigned int n = nla_len(attr) / sizeof(*range);
	unsigned int i;

	if (nla_len(attr) % sizeof(*range) || n > VMNET_VLAN_RANGES_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The VLANs of a trunk are at most 128 ranges");
		return -EINVAL;
	}
	bitmap_zero(carries, VLAN_N_VID);
	for (i = 0; i < n; i++) {
		if (!range[i].first || range[i].first > range[i].last ||
		    range[i].last > VLAN_N_VID - 2) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "A VLAN is a number from 1 to 4094, a range goes upwards");
			return -EINVAL;
		}
		bitmap_set(carries, range[i].first,
			   range[i].last - range[i].first + 1);
	}
	return 0;
}

static int vmnet_vlan_read_access(const struct vmnet_vlan_words *words,
				  struct vmnet_vlan *vlan,
				  struct netlink_ext_ack *extack)
{
	int err;

	if (words->trunk || words->native) {
		NL_SET_ERR_MSG_ATTR(extack, words->vlan,
				    "One VLAN and a trunk exclude each other");
		return -EINVAL;
	}
	err = vmnet_vlan_read_vid(words->vlan, &vlan->untagged, extack);
	if (err)
		return err;
	vlan->access = true;
	if (vlan->untagged)
		__set_bit(vlan->untagged, vlan->carries);
	return 0;
}

static int vmnet_vlan_read_trunk(const struct vmnet_vlan_words *words,
				 const struct vmnet_vlan *old,
				 struct vmnet_vlan *vlan,
				 struct netlink_ext_ack *extack)
{
	bool was_trunk = old && !old->access;
	int err = 0;

	if (was_trunk) {
		bitmap_copy(vlan->carries, old->carries, VLAN_N_VID);
		vlan->untagged = old->untagged;
		if (old->added)
			__clear_bit(old->untagged, vlan->carries);
	}
	if (words->trunk) {
		err = vmnet_vlan_read_ranges(words->trunk, vlan->carries,
					     extack);
		/* No trunk, no native VLAN. */
		if (bitmap_empty(vlan->carries, VLAN_N_VID))
			vlan->untagged = 0;
	} else if (!was_trunk) {
		NL_SET_ERR_MSG_ATTR(extack, words->native,
				    "Only a trunk has a native VLAN");
		err = -EINVAL;
	}
	if (!err && words->native)
		err = vmnet_vlan_read_vid(words->native, &vlan->untagged,
					  extack);
	if (!err && vlan->untagged)
		vlan->added = !__test_and_set_bit(vlan->untagged,
						  vlan->carries);
	return err;
}

int vmnet_vlan_read(const struct vmnet_vlan_words *words,
		    const struct vmnet_vlan *old, struct vmnet_vlan **vlan,
		    struct netlink_ext_ack *extack)
{
	struct vmnet_vlan *new;
	int err;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	if (words->vlan)
		err = vmnet_vlan_read_access(words, new, extack);
	else
		err = vmnet_vlan_read_trunk(words, old, new, extack);
	if (err || bitmap_empty(new->carries, VLAN_N_VID)) {
		kfree(new);
		new = NULL;
	}
	if (!err)
		*vlan = new;
	return err;
}

int vmnet_vlan_put_ranges(struct sk_buff *msg, int attr,
			  const struct vmnet_vlan *vlan)
{
	struct vmnet_vlan_range ranges[VMNET_VLAN_RANGES_MAX];
	DECLARE_BITMAP(carries, VLAN_N_VID);
	unsigned int n = 0, first, end;

	bitmap_copy(carries, vlan->carries, VLAN_N_VID);
	if (vlan->added)
		__clear_bit(vlan->untagged, carries);
	/* There are no more than it was made of. */
	for_each_set_bitrange(first, end, carries, VLAN_N_VID) {
		if (WARN_ON_ONCE(n == ARRAY_SIZE(ranges)))
			break;
		ranges[n].first = first;
		ranges[n++].last = end - 1;
	}
	return nla_put(msg, attr, n * sizeof(*ranges), ranges);
}

/* What it changes */

static void vmnet_vlan_aware(struct vmnet_network *nw, bool aware)
{
	if (aware == nw->vlan_aware)
		return;
	WRITE_ONCE(nw->vlan_aware, aware);
	vmnet_network_policy(nw);
	/* What was learned is of no VLAN, or of one that is no more. */
	synchronize_net();
	vmnet_fdb_flush(nw, BIT(VMNET_FDB_KIND_LEARNED));
}

void vmnet_vlan_expect(struct vmnet_network *nw, const struct vmnet_vlan *vlan)
{
	ASSERT_RTNL();

	if (vlan)
		vmnet_vlan_aware(nw, true);
}

bool vmnet_vlan_any(const struct vmnet_network *nw)
{
	const struct vmnet_port *uplink = rtnl_dereference(nw->uplink);

	return nw->vlan_ports > (uplink && rcu_access_pointer(uplink->vlan));
}

void vmnet_vlan_update(struct vmnet_network *nw)
{
	bool was_aware = nw->vlan_aware;

	ASSERT_RTNL();

	vmnet_vlan_aware(nw, nw->vlan_ports);
	if (was_aware || nw->vlan_aware)
		vmnet_uplink_update_vids(nw);
}

void vmnet_vlan_set(struct vmnet_port *port, struct vmnet_vlan *vlan)
{
	struct vmnet_network *nw = rtnl_dereference(port->network);
	struct vmnet_vlan *old = rtnl_dereference(port->vlan);

	ASSERT_RTNL();

	if (nw) {
		vmnet_vlan_expect(nw, vlan);
		nw->vlan_ports += !!vlan - !!old;
	}
	rcu_assign_pointer(port->vlan, vlan);
	if (old)
		kfree_rcu(old, rcu);
	if (!nw)
		return;
	vmnet_fdb_flush_port(nw, port, BIT(VMNET_FDB_KIND_LEARNED));
	vmnet_vlan_update(nw);
}

void vmnet_vlan_used(const struct vmnet_network *nw,
		     const struct vmnet_port *but, unsigned long *vids)
{
	const struct vmnet_vlan *vlan;
	const struct vmnet_port *port;

	ASSERT_RTNL();

	bitmap_zero(vids, VLAN_N_VID);
	list_for_each_entry(port, &nw->receivers, receivers) {
		vlan = rtnl_dereference(port->vlan);
		if (vlan && port != but)
			bitmap_or(vids, vids, vlan->carries, VLAN_N_VID);
	}
}
