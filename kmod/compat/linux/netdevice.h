/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_NETDEVICE_H
#define VMNET_COMPAT_LINUX_NETDEVICE_H

#include <linux/version.h>
#include_next <linux/netdevice.h>

/* Since 6.2 every netdev can be renamed while it is up. */
#ifndef IFF_LIVE_RENAME_OK
#define IFF_LIVE_RENAME_OK	0
#endif /* >= 6.2 */

/* Transmits need no lock. Since 6.12 that is a bit of its own. */
static inline void vmnet_set_lltx(struct net_device *dev)
{
#ifdef NETIF_F_LLTX
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif /* < 6.12 */
}

/* Stays in its namespace. A bit of its own since 6.12, whose name has changed in
 * 6.15 and then in stable kernels: Kbuild looks it up.
 */
static inline void vmnet_set_netns_immutable(struct net_device *dev)
{
#if defined(NETIF_F_NETNS_LOCAL)
	dev->features |= NETIF_F_NETNS_LOCAL;
#elif defined(VMNET_HAVE_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#else
	dev->netns_local = true;
#endif /* < 6.12 */
}

/* What a netdev can do with XDP: before 6.3 its operations alone say it. */
static inline void vmnet_set_xdp_features(struct net_device *dev, bool can)
{
#if KERNEL_VERSION(6, 3, 0) <= LINUX_VERSION_CODE
	dev->xdp_features = !can ? 0 : NETDEV_XDP_ACT_BASIC |
		NETDEV_XDP_ACT_REDIRECT | NETDEV_XDP_ACT_RX_SG |
		NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_NDO_XMIT_SG;
#endif /* >= 6.3 */
}

/* A netdev that is only there for NAPIs to belong to. Since 6.10 it can be allocated,
 * and newer kernels know no other.
 */
#if KERNEL_VERSION(6, 10, 0) <= LINUX_VERSION_CODE
struct vmnet_dummy {
	struct net_device *dev;
};

static inline struct net_device *vmnet_dummy_init(struct vmnet_dummy *dummy)
{
	dummy->dev = alloc_netdev_dummy(0);
	return dummy->dev;
}

static inline void vmnet_dummy_exit(struct vmnet_dummy *dummy)
{
	free_netdev(dummy->dev);
}
#else
struct vmnet_dummy {
	struct net_device dev;
};

static inline struct net_device *vmnet_dummy_init(struct vmnet_dummy *dummy)
{
	init_dummy_netdev(&dummy->dev);
	return &dummy->dev;
}

static inline void vmnet_dummy_exit(struct vmnet_dummy *dummy)
{
}
#endif /* < 6.10 */

/* Since 6.16 an address to set comes in a struct with room for any. */
static inline int vmnet_set_mac_address(struct net_device *dev,
					struct sockaddr *sa,
					struct netlink_ext_ack *extack)
{
#if KERNEL_VERSION(6, 16, 0) <= LINUX_VERSION_CODE
	struct sockaddr_storage ss = {};

	memcpy(&ss, sa, sizeof(*sa));
	return dev_set_mac_address(dev, &ss, extack);
#else
	return dev_set_mac_address(dev, sa, extack);
#endif /* < 6.16 */
}

/* Since 6.14 ndo_fdb_add() and ndo_fdb_del() can say that they have told everybody
 * themselves.
 */
#if KERNEL_VERSION(6, 14, 0) <= LINUX_VERSION_CODE
#define VMNET_FDB_NOTIFIED	bool *notified,
#else
#define VMNET_FDB_NOTIFIED
#endif /* < 6.14 */

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
