// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of what holds for the whole host: the key of automatic addresses. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "../../version.h"
#include "../mac.h"
#include "gen.h"
#include "nl.h"

int vmnet_nl_host_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vmnet_nl_refuse_nests(info->attrs, 0, info->extack);
	if (err)
		return err;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &vmnet_nl_family, 0,
				VMNET_CMD_HOST_GET);
	if (!hdr)
		goto free;
	nest = nla_nest_start(msg, VMNET_A_HOST);
	if (!nest ||
	    nla_put_string(msg, VMNET_A_HOST_KEY_SOURCE,
			   vmnet_mac_key_source()) ||
	    nla_put_string(msg, VMNET_A_HOST_VERSION, VMNET_VERSION))
		goto free;
	nla_nest_end(msg, nest);
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

free:
	nlmsg_free(msg);
	return -EMSGSIZE;
}

int vmnet_nl_host_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_HOST_MAX + 1];
	int err;

	err = vmnet_nl_parse(info, VMNET_A_HOST, tb, VMNET_A_HOST_MAX,
			     vmnet_host_nl_policy, VMNET_NL(VMNET_A_HOST_KEY));
	if (err)
		return err;
	if (!tb[VMNET_A_HOST_KEY]) {
		NL_SET_ERR_MSG(info->extack, "The key is missing");
		return -EINVAL;
	}
	vmnet_mac_set_key(nla_data(tb[VMNET_A_HOST_KEY]));
	return 0;
}
