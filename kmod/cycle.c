// SPDX-License-Identifier: GPL-2.0-only
/* No cycles of networks: network, uplink, what is below it, nic, network.
 *
 * There is none yet whenever something is added, so each walk ends; it is
 * bounded nevertheless, as the stack is.
 */

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "cycle.h"
#include "host.h"
#include "nic.h"
#include "port.h"

#define VMNET_CYCLE_DEPTH	8	/* networks upon networks */

static bool vmnet_cycle_dev(struct net_device *dev,
			    const struct net_device *target,
			    unsigned int depth);

/* Whether a network stands on the target. */
static bool vmnet_cycle_network(struct vmnet_network *nw,
				const struct net_device *target,
				unsigned int depth)
{
	struct vmnet_port *port;

	if (nw->dev == target || depth > VMNET_CYCLE_DEPTH)
		return true;
	list_for_each_entry(port, &nw->receivers, receivers)
		if ((port->type == VMNET_PORT_TYPE_UPLINK ||
		     port->type == VMNET_PORT_TYPE_DEV) &&
		    vmnet_cycle_dev(port->dev, target, depth + 1))
			return true;
	return false;
}

struct vmnet_cycle_walk {
	const struct net_device *target;
	unsigned int depth;
};

static int vmnet_cycle_lower(struct net_device *dev,
			     struct netdev_nested_priv *priv)
{
	const struct vmnet_cycle_walk *walk = priv->data;
	struct vmnet_network *nw = NULL;

	if (dev == walk->target)
		return 1;
	if (vmnet_is_nic(dev))
		nw = ((struct vmnet_port *)netdev_priv(dev))->attached;
	else if (vmnet_is_network(dev))
		nw = netdev_priv(dev);
	return nw && vmnet_cycle_network(nw, walk->target, walk->depth);
}

static bool vmnet_cycle_dev(struct net_device *dev,
			    const struct net_device *target, unsigned int depth)
{
	struct vmnet_cycle_walk walk = { .target = target, .depth = depth };
	struct netdev_nested_priv priv = { .data = &walk };

	return vmnet_cycle_lower(dev, &priv) ||
	       netdev_walk_all_lower_dev(dev, vmnet_cycle_lower, &priv);
}

int vmnet_cycle_check_bind(struct vmnet_network *nw, struct net_device *dev,
			   struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();

	if (!vmnet_cycle_dev(dev, nw->dev, 0))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s stands on the network itself: a loop",
			   netdev_name(dev));
	return -ELOOP;
}

int vmnet_cycle_check_attach(struct vmnet_network *nw, struct net_device *dev,
			     struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();

	if (!vmnet_cycle_network(nw, dev, 0))
		return 0;
	NL_SET_ERR_MSG(extack, "The network stands on this port: a loop");
	return -ELOOP;
}

static int vmnet_cycle_nic_below(struct net_device *dev,
				 struct netdev_nested_priv *priv)
{
	const struct net_device *upper = priv->data;
	struct vmnet_network *nw = NULL;

	if (vmnet_is_nic(dev))
		nw = ((struct vmnet_port *)netdev_priv(dev))->attached;
	return nw && vmnet_cycle_network(nw, upper, 0);
}

int vmnet_cycle_check_upper(struct net_device *upper, struct net_device *lower,
			    struct netlink_ext_ack *extack)
{
	struct netdev_nested_priv priv = { .data = upper };

	ASSERT_RTNL();

	/* What a network itself is bound to was checked when that was done. */
	if (vmnet_is_network(upper))
		return 0;
	if (!vmnet_cycle_nic_below(lower, &priv) &&
	    !netdev_walk_all_lower_dev(lower, vmnet_cycle_nic_below, &priv))
		return 0;
	NL_SET_ERR_MSG(extack, "A network stands on that device: a loop");
	return -ELOOP;
}
