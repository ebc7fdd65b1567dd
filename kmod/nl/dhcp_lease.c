// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of leases that are entered by hand. */

#include <net/genetlink.h>

#include "../dhcp/restore.h"
#include "../dhcp/scope.h"
#include "gen.h"
#include "nl.h"

int vmnet_nl_lease_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[VMNET_A_LEASE_MAX + 1];
	struct vmnet_dhcp_key key;
	struct vmnet_network *nw;
	int err;

	err = vmnet_nl_parse(info, VMNET_A_LEASE, tb, VMNET_A_LEASE_MAX,
			     vmnet_lease_nl_policy,
			     VMNET_NL(VMNET_A_LEASE_NETWORK) |
			     VMNET_NL(VMNET_A_LEASE_VLAN) |
			     VMNET_NL(VMNET_A_LEASE_POOL) |
			     VMNET_NL(VMNET_A_LEASE_ADDRESS) |
			     VMNET_NL(VMNET_A_LEASE_MAC) |
			     VMNET_NL(VMNET_A_LEASE_PORT) |
			     VMNET_NL(VMNET_A_LEASE_STATE) |
			     VMNET_NL(VMNET_A_LEASE_CLIENT_ID) |
			     VMNET_NL(VMNET_A_LEASE_HOSTNAME) |
			     VMNET_NL(VMNET_A_LEASE_EXPIRES));
	if (err)
		return err;
	nw = vmnet_nl_network(info, tb[VMNET_A_LEASE_NETWORK]);
	if (!nw)
		return tb[VMNET_A_LEASE_NETWORK] ? -ENOENT : -EINVAL;
	err = vmnet_dhcp_key_read(&key, tb[VMNET_A_LEASE_VLAN],
				  tb[VMNET_A_LEASE_POOL], info->extack);
	if (err)
		return err;
	return vmnet_dhcp_restore(nw, &key, tb, info->extack);
}
