// SPDX-License-Identifier: GPL-2.0-only
/* The host's door: the netdev of the network itself.
 *
 * Its being up is the network's being switched on. The host is a member by it
 * only if it was made one. The way out, into the host's stack, is
 * vmnet_receive().
 */

#include <linux/error-injection.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "borrow.h"
#include "drop.h"
#include "ethtool.h"
#include "fdb.h"
#include "fdb_rtnl.h"
#include "host.h"
#include "input.h"
#include "network.h"
#include "nic.h"
#include "port.h"
#include "queue.h"
#include "stats.h"

static netdev_tx_t vmnet_host_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);

	skb_tx_timestamp(skb);

	vmnet_transmit_begin();
	if (likely(READ_ONCE(nw->host_on))) {
		/* skb is passed to the switch */
		vmnet_input(&nw->host, skb);
	} else {
		vmnet_count_rx(&nw->host, skb->len);
		vmnet_drop(&nw->host, skb, VMNET_DROP_HOST_OFF);
	}
	vmnet_transmit_end();
	return NETDEV_TX_OK;
}

/* Both of them are one number for each frame to be held against. */
static void vmnet_host_admit(struct vmnet_network *nw, bool up, u32 mtu)
{
	ASSERT_RTNL();

	WRITE_ONCE(nw->up, up);
	WRITE_ONCE(nw->mtu, mtu);
	WRITE_ONCE(nw->longest, up ? mtu + VLAN_ETH_HLEN : 0);
}

static int vmnet_host_open(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);

	vmnet_host_admit(nw, true, nw->mtu);
	vmnet_network_carrier(nw);
	return 0;
}

static int vmnet_host_stop(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);

	if (nw->host_flap)
		return 0;
	vmnet_host_admit(nw, false, nw->mtu);
	vmnet_network_carrier(nw);
	return 0;
}

static int vmnet_host_set_mac(struct net_device *dev, void *addr)
{
	struct vmnet_network *nw = netdev_priv(dev);

	return vmnet_port_set_address(&nw->host, addr);
}

static void vmnet_host_set_rx_mode(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);

	vmnet_port_addresses_changed(&nw->host);
}

static int vmnet_host_change_mtu(struct net_device *dev, int mtu)
{
	struct vmnet_network *nw = netdev_priv(dev);

	WRITE_ONCE(dev->mtu, mtu);
	vmnet_host_admit(nw, nw->up, mtu);
	vmnet_network_mtu(nw);
	return 0;
}

static void vmnet_host_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *stats)
{
	struct vmnet_network *nw = netdev_priv(dev);

	vmnet_port_stats64(&nw->host, stats);
}

/* For ip link set DEV master NETWORK. */
static int vmnet_host_add_slave(struct net_device *dev, struct net_device *slave,
				struct netlink_ext_ack *extack)
{
	return vmnet_borrow_attach(netdev_priv(dev), slave, extack);
}

/* And for ip link set DEV nomaster. */
static int vmnet_host_del_slave(struct net_device *dev,
				struct net_device *slave)
{
	struct vmnet_port *port = vmnet_borrow_port(slave);

	if (!port)
		return -EINVAL;
	vmnet_borrow_detach(port);
	return 0;
}

static const struct net_device_ops vmnet_host_ops = {
	.ndo_init		= vmnet_network_init,
	.ndo_uninit		= vmnet_network_uninit,
	.ndo_open		= vmnet_host_open,
	.ndo_stop		= vmnet_host_stop,
	.ndo_start_xmit		= vmnet_host_xmit,
	.ndo_set_mac_address	= vmnet_host_set_mac,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_rx_mode	= vmnet_host_set_rx_mode,
	.ndo_change_mtu		= vmnet_host_change_mtu,
	.ndo_get_stats64	= vmnet_host_stats64,
	.ndo_add_slave		= vmnet_host_add_slave,
	.ndo_del_slave		= vmnet_host_del_slave,
	.ndo_fdb_add		= vmnet_fdb_rtnl_add,
	.ndo_fdb_del		= vmnet_fdb_rtnl_del,
	.ndo_fdb_get		= vmnet_fdb_rtnl_get,
	.ndo_fdb_dump		= vmnet_fdb_rtnl_dump,
	.ndo_features_check	= passthru_features_check,
};

static int vmnet_host_join(struct vmnet_network *nw,
			   struct netlink_ext_ack *extack)
{
	struct vmnet_port *host = &nw->host;
	int err;

	/* Before the first frame finds it: it may have to lose its tag. */
	vmnet_port_policy_for(host, nw);
	err = vmnet_fdb_add(nw, host, nw->dev->dev_addr, 0, VMNET_FDB_KIND_OWN,
			    false, extack);
	if (err)
		return err;
	err = vmnet_fdb_sync_port(nw, host);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "No memory for the host's further addresses");
		vmnet_fdb_flush_port(nw, host, VMNET_FDB_ALL_KINDS);
		synchronize_net();
		vmnet_queue_purge(host);
		return err;
	}
	rcu_assign_pointer(host->network, nw);
	list_add_tail_rcu(&host->receivers, &nw->receivers);
	WRITE_ONCE(nw->host_on, true);
	return 0;
}

static void vmnet_host_leave(struct vmnet_network *nw)
{
	struct vmnet_port *host = &nw->host;

	WRITE_ONCE(nw->host_on, false);
	RCU_INIT_POINTER(host->network, NULL);
	vmnet_fdb_flush_port(nw, host, VMNET_FDB_ALL_KINDS);
	list_del_rcu(&host->receivers);
	synchronize_net();
	vmnet_queue_purge(host);
}

void vmnet_host_quiet(struct vmnet_network *nw)
{
	struct inet6_dev *idev = __in6_dev_get(nw->dev);

	if (idev) {
		nw->host_addr_gen_mode = idev->cnf.addr_gen_mode;
		idev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	}
}

/* The netdev goes down and up for the host's stack, so that its IPv6 starts as
 * on a cable that was just plugged in; the switch stays on.
 */
static void vmnet_host_wake(struct vmnet_network *nw)
{
	struct inet6_dev *idev = __in6_dev_get(nw->dev);

	if (idev)
		idev->cnf.addr_gen_mode = nw->host_addr_gen_mode;
	if (!(nw->dev->flags & IFF_UP))
		return;
	nw->host_flap = true;
	dev_close(nw->dev);
	if (dev_open(nw->dev, NULL))
		vmnet_host_admit(nw, false, nw->mtu);
	nw->host_flap = false;
	vmnet_network_carrier(nw);
}

int vmnet_host_set(struct vmnet_network *nw, bool on,
		   struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();

	if (on == nw->host_on)
		return 0;
	if (!on) {
		vmnet_host_leave(nw);
		vmnet_host_quiet(nw);
		return 0;
	}
	err = vmnet_host_join(nw, extack);
	if (err)
		return err;
	vmnet_host_wake(nw);
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_host_set, ERRNO);

void vmnet_network_setup(struct net_device *dev)
{
	vmnet_setup_ether(dev);
	dev->netdev_ops = &vmnet_host_ops;
	dev->ethtool_ops = &vmnet_network_ethtool_ops;
	dev->priv_destructor = vmnet_network_destructor;
	vmnet_set_netns_immutable(dev);
}

bool vmnet_is_network(const struct net_device *dev)
{
	return dev->netdev_ops == &vmnet_host_ops;
}
