// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of uplinks: words of the network that they belong to. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "../port.h"
#include "../uplink.h"
#include "../vlan.h"
#include "nl.h"
#include "uplink.h"

static int vmnet_nl_put_uplink_vlans(struct sk_buff *skb,
				     const struct vmnet_uplink_words *words)
{
	if (words->vid)
		return nla_put_u16(skb, VMNET_A_NETWORK_UPLINK_VLAN,
				   words->vid);
	if (!words->vlan)
		return 0;
	if (vmnet_vlan_put_ranges(skb, VMNET_A_NETWORK_UPLINK_TRUNK,
				  words->vlan))
		return -EMSGSIZE;
	return words->vlan->untagged ?
	       nla_put_u16(skb, VMNET_A_NETWORK_UPLINK_NATIVE,
			   words->vlan->untagged) : 0;
}

int vmnet_nl_put_uplink(struct sk_buff *skb, const struct vmnet_network *nw)
{
	const struct vmnet_uplink_words *words = &nw->uplink_words;

	if (nla_put_u8(skb, VMNET_A_NETWORK_UPLINK_DHCP, nw->uplink_dhcp) ||
	    nla_put_u8(skb, VMNET_A_NETWORK_UPLINK_FOLLOW, nw->uplink_follow))
		return -EMSGSIZE;
	if (!words->name[0])
		return 0;
	if (nla_put_string(skb, VMNET_A_NETWORK_UPLINK, words->name) ||
	    nla_put_u32(skb, VMNET_A_NETWORK_UPLINK_STATE,
			vmnet_uplink_state(nw)) ||
	    vmnet_nl_put_uplink_vlans(skb, words))
		return -EMSGSIZE;
	if (!vmnet_uplink_dev(nw))
		return 0;
	return nla_put_u8(skb, VMNET_A_NETWORK_UPLINK_PROMISCUOUS,
			  vmnet_uplink_is_promiscuous(nw)) ?:
	       nla_put_u32(skb, VMNET_A_NETWORK_HOST_PATH,
			   vmnet_uplink_has_hook(nw) ?
			   VMNET_HOST_PATH_HOOK : VMNET_HOST_PATH_WIRE_ONLY);
}

/* What is not named keeps its value. */
static int vmnet_nl_uplink_vlans(const struct vmnet_network *nw,
				 const struct vmnet_vlan_words *vlans,
				 struct vmnet_uplink_words *words,
				 struct netlink_ext_ack *extack)
{
	const struct vmnet_uplink_words *old = &nw->uplink_words;
	int err;

	if (!vlans->vlan && !vlans->trunk && !vlans->native) {
		words->vid = old->vid;
		if (!old->vlan)
			return 0;
		words->vlan = kmemdup(old->vlan, sizeof(*old->vlan),
				      GFP_KERNEL_ACCOUNT);
		return words->vlan ? 0 : -ENOMEM;
	}
	err = vmnet_vlan_read(vlans, old->vlan, &words->vlan, extack);
	if (!err && words->vlan && words->vlan->access) {
		words->vid = words->vlan->untagged;
		kfree(words->vlan);
		words->vlan = NULL;
	}
	return err;
}

int vmnet_nl_set_uplink(struct vmnet_network *nw, struct nlattr **tb,
			struct netlink_ext_ack *extack)
{
	const struct vmnet_vlan_words vlans = {
		.vlan = tb[VMNET_A_NETWORK_UPLINK_VLAN],
		.trunk = tb[VMNET_A_NETWORK_UPLINK_TRUNK],
		.native = tb[VMNET_A_NETWORK_UPLINK_NATIVE],
	};
	const struct nlattr *name = tb[VMNET_A_NETWORK_UPLINK];
	const struct nlattr *any = vlans.vlan ?: vlans.trunk ?: vlans.native;
	struct vmnet_uplink_words words = {};
	int err;

	if (!name && !any)
		return 0;
	if (name)
		nla_strscpy(words.name, name, sizeof(words.name));
	else
		strscpy(words.name, nw->uplink_words.name, sizeof(words.name));
	if (!words.name[0] && any) {
		NL_SET_ERR_MSG_ATTR(extack, any, "The network has no uplink");
		return -EINVAL;
	}

	err = vmnet_nl_uplink_vlans(nw, &vlans, &words, extack);
	if (err)
		return err;
	NL_SET_BAD_ATTR(extack, name ?: any);
	err = vmnet_uplink_set(nw, &words, extack);
	kfree(words.vlan);
	if (!err)
		NL_SET_BAD_ATTR(extack, NULL);
	return err;
}

void vmnet_nl_set_uplink_words(struct vmnet_network *nw, struct nlattr **tb)
{
	const struct nlattr *dhcp = tb[VMNET_A_NETWORK_UPLINK_DHCP];
	const struct nlattr *follow = tb[VMNET_A_NETWORK_UPLINK_FOLLOW];

	if (dhcp)
		WRITE_ONCE(nw->uplink_dhcp, nla_get_u8(dhcp));
	if (follow) {
		nw->uplink_follow = nla_get_u8(follow);
		vmnet_network_carrier(nw);
	}
}
