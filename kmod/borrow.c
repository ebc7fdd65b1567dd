// SPDX-License-Identifier: GPL-2.0-only
/* The door of borrowed ports: virtual netdevs of others (tun, tap, veth, vxlan).
 *
 * In by an rx_handler, out by the netdev's own transmit. Whoever is behind it
 * is not known, so its stations are learned.
 */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "borrow.h"
#include "drop.h"
#include "host.h"
#include "input.h"
#include "nic.h"
#include "nl/nl.h"
#include "port.h"
#include "queue.h"
#include "stats.h"

/* note: already called with rcu_read_lock, BH off */
static rx_handler_result_t vmnet_borrow_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vmnet_port *port;

	/* What the netdev's owner sends to itself is none of ours. */
	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	port = rcu_dereference(skb->dev->rx_handler_data);

	/* Our own, so that nobody who saw it before sees it changed. */
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;

	skb_push_rcsum(skb, ETH_HLEN);
	vmnet_receive_begin();
	/* skb is passed to the switch */
	vmnet_input(port, skb);
	vmnet_receive_end();
	return RX_HANDLER_CONSUMED;
}

struct vmnet_port *vmnet_borrow_port(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != vmnet_borrow_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/* The netdev's own transmit segments and completes what it cannot take whole.
 * A frame is delivered when the netdev, or its qdisc, has taken it.
 */
void vmnet_borrow_deliver(struct vmnet_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;
	unsigned int len = skb->len;
	unsigned int refused;
	int rc;

	refused = vmnet_port_refuses(port, skb);
	/* A tap that nobody has open; its qdisc would pretend to take it. */
	if (unlikely(!netif_carrier_ok(dev)))
		refused = VMNET_DROP_PORT_DOWN;
	if (unlikely(refused != VMNET_DROP_REASONS)) {
		vmnet_drop(port, skb, refused);
		return;
	}

	skb_scrub_packet(skb, !net_eq(dev_net(skb->dev), dev_net(dev)));
	skb_forward_csum(skb);
	/* When it was received is not when it is to be sent. */
	skb_clear_tstamp(skb);
	skb_set_queue_mapping(skb, 0);
	skb->dev = dev;
	/* skb is passed to the netdev */
	rc = dev_queue_xmit(skb);
	if (likely(!net_xmit_eval(rc)))
		vmnet_count_tx(port, len);
	else
		vmnet_drop(port, NULL, VMNET_DROP_QUEUE_FULL);
}

static int vmnet_borrow_is_ours(struct net_device *lower,
				struct netdev_nested_priv *priv)
{
	return vmnet_is_nic(lower) || vmnet_is_network(lower);
}

/* All reasons why a netdev is not lent to a network. */
static int vmnet_borrow_check(struct net_device *dev,
			      struct netlink_ext_ack *extack)
{
	struct netdev_nested_priv priv = {};

	if (vmnet_is_nic(dev))
		NL_SET_ERR_MSG(extack,
			       "A vmnic is plugged in with 'vmnetctl port attach', not by a master");
	else if (vmnet_is_network(dev))
		NL_SET_ERR_MSG(extack,
			       "A network cannot be plugged into a network");
	else if (dev->flags & IFF_LOOPBACK)
		NL_SET_ERR_MSG(extack,
			       "The loopback device cannot be plugged into a network");
	else if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN)
		NL_SET_ERR_MSG(extack, "The device is no Ethernet device");
	else if (dev->priv_flags & IFF_DONT_BRIDGE)
		NL_SET_ERR_MSG(extack,
			       "The device may not be bridged: a Wi-Fi station cannot carry the frames of others");
	else if (dev->dev.parent || netif_is_bond_master(dev) ||
		 netif_is_team_master(dev) || is_vlan_dev(dev))
		NL_SET_ERR_MSG(extack,
			       "A physical adapter, bond or VLAN device cannot be plugged in as a port: it would cut the host off");
	else if (netif_is_bridge_master(dev))
		NL_SET_ERR_MSG(extack,
			       "A bridge cannot be plugged in as a port: connect it by a veth pair");
	else if (netdev_walk_all_lower_dev(dev, vmnet_borrow_is_ours, &priv))
		NL_SET_ERR_MSG(extack,
			       "The device is stacked on one of vmnet: that would be a loop");
	else if (netdev_master_upper_dev_get(dev))
		NL_SET_ERR_MSG(extack,
			       "The device has a master already, a bridge or a bond");
	else if (netdev_is_rx_handler_busy(dev))
		NL_SET_ERR_MSG(extack,
			       "The device is in use already, by macvlan or the like");
	else
		return 0;
	return -EOPNOTSUPP;
}

static int vmnet_borrow_bind(struct vmnet_port *port, struct vmnet_network *nw,
			     struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	int err;

	err = netdev_master_upper_dev_link(dev, nw->dev, NULL, NULL, extack);
	if (err)
		return err;
	err = netdev_rx_handler_register(dev, vmnet_borrow_rx, port);
	if (err)
		goto unlink;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto unregister;
	dev_disable_lro(dev);
	return 0;

unregister:
	netdev_rx_handler_unregister(dev);
unlink:
	netdev_upper_dev_unlink(dev, nw->dev);
	return err;
}

/* Readers of the network's sums may still be at the port's counters, and what
 * has come by the rx_handler of one that was refused may be at the port.
 */
static void vmnet_borrow_free(struct vmnet_port *port)
{
	synchronize_net();
	netdev_put(port->dev, &port->dev_tracker);
	vmnet_port_free(port);
	kfree(port);
	module_put(THIS_MODULE);
}

int vmnet_borrow_attach(struct vmnet_network *nw, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	struct vmnet_port *port;
	int err;

	ASSERT_RTNL();

	err = vmnet_borrow_check(dev, extack);
	if (err)
		return err;
	if (!vmnet_port_name_ok(dev->name, extack))
		return -EINVAL;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return -ENOMEM;
	err = vmnet_port_init(port, VMNET_PORT_TYPE_DEV, dev);
	if (err) {
		kfree(port);
		return err;
	}
	__module_get(THIS_MODULE);
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	port->home = dev_net(dev);
	port->learning = true;
	strscpy(port->name, dev->name, sizeof(port->name));

	err = vmnet_port_register(port, extack);
	if (err)
		goto free;
	err = vmnet_borrow_bind(port, nw, extack);
	if (err)
		goto unregister;
	err = vmnet_port_attach(port, nw, extack);
	if (err)
		goto unbind;
	port->announced = true;
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_NEW_NTF);
	return 0;

unbind:
	dev_set_promiscuity(dev, -1);
	netdev_rx_handler_unregister(dev);
	netdev_upper_dev_unlink(dev, nw->dev);
unregister:
	vmnet_port_unregister(port);
free:
	vmnet_borrow_free(port);
	return err;
}

/* Frames find the port by the rx_handler too; taking that off waits for those
 * on their way, which is the grace period between the two halves.
 */
void vmnet_borrow_detach(struct vmnet_port *port)
{
	struct vmnet_network *nw = port->attached;
	struct net_device *dev = port->dev;

	ASSERT_RTNL();

	vmnet_port_unpublish(port);
	netdev_rx_handler_unregister(dev);
	dev_set_promiscuity(dev, -1);
	netdev_upper_dev_unlink(dev, nw->dev);
	vmnet_port_settle(port);
	vmnet_dhcp_port_deleted(port);
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_DEL_NTF);
	vmnet_port_unregister(port);
	vmnet_borrow_free(port);
}
