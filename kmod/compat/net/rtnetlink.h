/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_NET_RTNETLINK_H
#define VMNET_COMPAT_NET_RTNETLINK_H

#include <linux/version.h>
#include_next <net/rtnetlink.h>

/* Since 6.15 newlink() is told all in one struct. What older kernels call is made of
 * one that takes it by VMNET_NEWLINK_DEFINE(), and is VMNET_NEWLINK() in the ops.
 */
#if KERNEL_VERSION(6, 15, 0) <= LINUX_VERSION_CODE
#define VMNET_NEWLINK_DEFINE(newlink)
#define VMNET_NEWLINK(newlink)	newlink
#else
struct rtnl_newlink_params {
	struct net *link_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(const struct rtnl_newlink_params *params)
{
	return params->link_net;
}

#define VMNET_NEWLINK(newlink)	newlink##_older
#define VMNET_NEWLINK_DEFINE(newlink)					\
static int newlink##_older(struct net *link_net, struct net_device *dev,	\
			   struct nlattr *tb[], struct nlattr *data[],	\
			   struct netlink_ext_ack *extack)		\
{									\
	struct rtnl_newlink_params params = {				\
		.link_net = link_net, .tb = tb, .data = data,		\
	};								\
									\
	return newlink(dev, &params, extack);				\
}
#endif /* < 6.15 */

#endif /* VMNET_COMPAT_NET_RTNETLINK_H */
