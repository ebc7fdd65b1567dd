// SPDX-License-Identifier: GPL-2.0-only
/* The door of nics: a netdev whose owner's transmit enters the switch.
 *
 * The way out, into the owner's stack, is vmnet_receive().
 */

#include <linux/if_arp.h>
#include <linux/net_tstamp.h>
#include <linux/rtnetlink.h>

#include "ethtool.h"
#include "input.h"
#include "nic.h"
#include "nl/nl.h"
#include "port.h"
#include "tap.h"
#include "xdp.h"

static netdev_tx_t vmnet_nic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	skb_tx_timestamp(skb);

	vmnet_transmit_begin();
	/* skb is passed to the switch */
	vmnet_input(netdev_priv(dev), skb);
	vmnet_transmit_end();
	return NETDEV_TX_OK;
}

/* The module stays while one of its netdevs does: rmmod is refused then. */
static int vmnet_nic_init(struct net_device *dev)
{
	int err;

	err = vmnet_port_init(netdev_priv(dev), VMNET_PORT_TYPE_NIC, dev);
	if (err)
		return err;
	__module_get(THIS_MODULE);
	return 0;
}

/* Frames on their way were waited for by the core if the port was unpublished
 * by vmnet_nic_dellink(); else, on the undoing of a failed start, there may
 * be some.
 */
static void vmnet_nic_uninit(struct net_device *dev)
{
	struct vmnet_port *port = netdev_priv(dev);

	if (rcu_access_pointer(port->network)) {
		vmnet_port_unpublish(port);
		synchronize_net();
	}
	vmnet_port_settle(port);
	vmnet_port_forget_change(port);
	vmnet_dhcp_port_deleted(port);
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_DEL_NTF);
	vmnet_tap_del(port);
	vmnet_port_unregister(port);
}

static void vmnet_nic_destructor(struct net_device *dev)
{
	vmnet_tap_free(netdev_priv(dev));
	vmnet_port_free(netdev_priv(dev));
	module_put(THIS_MODULE);
}

static int vmnet_nic_set_mac(struct net_device *dev, void *addr)
{
	return vmnet_port_set_address(netdev_priv(dev), addr);
}

static void vmnet_nic_set_rx_mode(struct net_device *dev)
{
	vmnet_port_addresses_changed(netdev_priv(dev));
}

/* By hand it does not follow the network's any more. */
static int vmnet_nic_change_mtu(struct net_device *dev, int mtu)
{
	struct vmnet_port *port = netdev_priv(dev);

	if (!port->mtu_following)
		port->mtu = mtu;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static void vmnet_nic_stats64(struct net_device *dev,
			      struct rtnl_link_stats64 *stats)
{
	vmnet_port_stats64(netdev_priv(dev), stats);
}

/* The network's netdev, which is in another namespace more often than not;
 * read under RTNL or RCU.
 */
static int vmnet_nic_iflink(const struct net_device *dev)
{
	const struct vmnet_port *port = netdev_priv(dev);
	const struct vmnet_network *nw;
	int ifindex = 0;

	rcu_read_lock();
	nw = rcu_dereference(port->network);
	if (nw)
		ifindex = nw->dev->ifindex;
	rcu_read_unlock();
	return ifindex;
}

static const struct net_device_ops vmnet_nic_ops = {
	.ndo_init		= vmnet_nic_init,
	.ndo_uninit		= vmnet_nic_uninit,
	.ndo_start_xmit		= vmnet_nic_xmit,
	.ndo_set_mac_address	= vmnet_nic_set_mac,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_rx_mode	= vmnet_nic_set_rx_mode,
	.ndo_change_mtu		= vmnet_nic_change_mtu,
	.ndo_get_stats64	= vmnet_nic_stats64,
	.ndo_get_iflink		= vmnet_nic_iflink,
	.ndo_features_check	= passthru_features_check,
	.ndo_bpf		= vmnet_xdp_bpf,
	.ndo_xdp_xmit		= vmnet_xdp_xmit,
};

/* A tap's: the kernel's generic XDP must do, for its owner is no stack. */
static const struct net_device_ops vmnet_nic_tap_ops = {
	.ndo_init		= vmnet_nic_init,
	.ndo_uninit		= vmnet_nic_uninit,
	.ndo_start_xmit		= vmnet_nic_xmit,
	.ndo_set_mac_address	= vmnet_nic_set_mac,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_rx_mode	= vmnet_nic_set_rx_mode,
	.ndo_change_mtu		= vmnet_nic_change_mtu,
	.ndo_get_stats64	= vmnet_nic_stats64,
	.ndo_get_iflink		= vmnet_nic_iflink,
	.ndo_features_check	= passthru_features_check,
};

void vmnet_setup_ether(struct net_device *dev)
{
	ether_setup(dev);
	dev->needs_free_netdev = true;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;

	/* A frame is ours alone from the transmit on, none waits in a qdisc
	 * unless somebody puts one there, and transmits need no lock. Netpoll
	 * would transmit from a hard interrupt, into the middle of a queue.
	 */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_LIVE_RENAME_OK |
			   IFF_NO_QUEUE | IFF_UNICAST_FLT | IFF_DISABLE_NETPOLL;

	dev->features = VMNET_FEATURES;
	vmnet_set_lltx(dev);
	dev->hw_features = VMNET_FEATURES;
	dev->hw_enc_features = VMNET_FEATURES;
	dev->vlan_features = VMNET_FEATURES_VLAN;
	dev->mpls_features = NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE;
}

void vmnet_nic_setup(struct net_device *dev)
{
	vmnet_setup_ether(dev);
	dev->netdev_ops = &vmnet_nic_ops;
	dev->ethtool_ops = &vmnet_nic_ethtool_ops;
	dev->priv_destructor = vmnet_nic_destructor;
	vmnet_set_xdp_features(dev, true);
}

void vmnet_nic_setup_tap(struct net_device *dev)
{
	dev->netdev_ops = &vmnet_nic_tap_ops;
	vmnet_set_xdp_features(dev, false);
}

bool vmnet_is_nic(const struct net_device *dev)
{
	return dev->netdev_ops == &vmnet_nic_ops ||
	       dev->netdev_ops == &vmnet_nic_tap_ops;
}
