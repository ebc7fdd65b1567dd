/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_NETDEVICE_H
#define VMNET_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Whether tc looks at what a netdev receives. */
static inline bool vmnet_has_tc_ingress(const struct net_device *dev)
{
#if defined(CONFIG_NET_XGRESS)		/* since 6.6 */
	return rcu_access_pointer(dev->tcx_ingress);
#elif defined(CONFIG_NET_CLS_ACT)
	return rcu_access_pointer(dev->miniq_ingress);
#else
	return false;
#endif
}

#endif /* VMNET_COMPAT_LINUX_NETDEVICE_H */
