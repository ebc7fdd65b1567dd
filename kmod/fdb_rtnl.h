/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_FDB_RTNL_H
#define VMNET_FDB_RTNL_H

#include <linux/rtnetlink.h>

/* ndo_fdb_* of a network's netdev, for `bridge fdb ... dev NETWORK self`: the
 * core calls them under RTNL, for those who may administrate its namespace.
 */
int vmnet_fdb_rtnl_add(struct ndmsg *ndm, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, u16 flags, VMNET_FDB_NOTIFIED
		       struct netlink_ext_ack *extack);
int vmnet_fdb_rtnl_del(struct ndmsg *ndm, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, VMNET_FDB_NOTIFIED
		       struct netlink_ext_ack *extack);
int vmnet_fdb_rtnl_get(struct sk_buff *skb, struct nlattr *tb[],
		       struct net_device *dev, const unsigned char *addr,
		       u16 vid, u32 portid, u32 seq,
		       struct netlink_ext_ack *extack);
int vmnet_fdb_rtnl_dump(struct sk_buff *skb, struct netlink_callback *cb,
			struct net_device *dev, struct net_device *filter_dev,
			int *idx);

#endif /* VMNET_FDB_RTNL_H */
