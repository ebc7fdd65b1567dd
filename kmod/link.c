// SPDX-License-Identifier: GPL-2.0-only
/* Birth and death of networks and nics, by rtnetlink. */

#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "borrow.h"
#include "cycle.h"
#include "fdb.h"
#include "host.h"
#include "hostif.h"
#include "link.h"
#include "mac.h"
#include "network.h"
#include "nic.h"
#include "nl/nl.h"
#include "port.h"
#include "tap.h"
#include "uplink.h"

/* Networks */

static const struct nla_policy vmnet_network_policy_nl[IFLA_VMNET_MAX + 1] = {
	[IFLA_VMNET_LABEL] = { .type = NLA_NUL_STRING, .len = VMNET_LABEL_MAX },
	[IFLA_VMNET_NOTES] = { .type = NLA_NUL_STRING, .len = VMNET_NOTES_MAX },
	[IFLA_VMNET_HOST] = NLA_POLICY_MAX(NLA_U8, 1),
};

static int vmnet_link_validate(struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[IFLA_ADDRESS];

	if (addr && nla_len(addr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "An Ethernet address has six octets");
		return -EINVAL;
	}
	if (addr && !is_valid_ether_addr(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "A port's address must be a unicast address and not zero");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int vmnet_network_words(struct vmnet_network *nw, struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	int err = 0;

	if (data && data[IFLA_VMNET_LABEL])
		err = vmnet_network_set_label(nw,
					      nla_data(data[IFLA_VMNET_LABEL]),
					      extack);
	if (!err && data && data[IFLA_VMNET_NOTES])
		err = vmnet_network_set_notes(nw,
					      nla_data(data[IFLA_VMNET_NOTES]),
					      extack);
	if (!err && data && data[IFLA_VMNET_HOST] &&
	    nla_get_u8(data[IFLA_VMNET_HOST]))
		err = vmnet_host_set(nw, true, extack);
	return err;
}

static int vmnet_network_newlink(struct net_device *dev,
				 struct rtnl_newlink_params *params,
				 struct netlink_ext_ack *extack)
{
	struct vmnet_network *nw = netdev_priv(dev);
	struct nlattr **tb = params->tb;
	u8 mac[ETH_ALEN];
	int err;

	if (!tb[IFLA_ADDRESS]) {
		vmnet_mac_auto(mac, "network", dev->name);
		eth_hw_addr_set(dev, mac);
		dev->addr_assign_type = NET_ADDR_SET;
	}

	err = register_netdevice(dev);
	if (err)
		return err;

	err = vmnet_network_list(nw, extack);
	if (err)
		goto unregister;
	vmnet_host_quiet(nw);
	err = vmnet_network_words(nw, params->data, extack);
	if (err)
		goto unregister;

	vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_NEW_NTF);
	return 0;

unregister:
	unregister_netdevice(dev);
	return err;
}

VMNET_NEWLINK_DEFINE(vmnet_network_newlink)

void vmnet_network_dellink(struct net_device *dev, struct list_head *head)
{
	struct vmnet_network *nw = netdev_priv(dev);

	vmnet_network_unpublish(nw);
	unregister_netdevice_queue(dev, head);
}

static int vmnet_network_changelink(struct net_device *dev, struct nlattr *tb[],
				    struct nlattr *data[],
				    struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "Use 'vmnetctl network set' to change a network");
	return -EOPNOTSUPP;
}

static size_t vmnet_network_get_size(const struct net_device *dev)
{
	return nla_total_size(VMNET_LABEL_MAX + 1) +
	       nla_total_size(sizeof(u8));
}

static int vmnet_network_fill_info(struct sk_buff *skb,
				   const struct net_device *dev)
{
	const struct vmnet_network *nw = netdev_priv(dev);

	if (nw->label[0] && nla_put_string(skb, IFLA_VMNET_LABEL, nw->label))
		return -EMSGSIZE;
	if (nla_put_u8(skb, IFLA_VMNET_HOST, nw->host_on))
		return -EMSGSIZE;
	return 0;
}

static struct rtnl_link_ops vmnet_network_link_ops __read_mostly = {
	.kind		= VMNET_NETWORK_KIND,
	.priv_size	= sizeof(struct vmnet_network),
	.setup		= vmnet_network_setup,
	.maxtype	= IFLA_VMNET_MAX,
	.policy		= vmnet_network_policy_nl,
	.validate	= vmnet_link_validate,
	.newlink	= VMNET_NEWLINK(vmnet_network_newlink),
	.changelink	= vmnet_network_changelink,
	.dellink	= vmnet_network_dellink,
	.get_size	= vmnet_network_get_size,
	.fill_info	= vmnet_network_fill_info,
};

/* Nics */

static const struct nla_policy vmnet_nic_policy_nl[IFLA_VMNIC_MAX + 1] = {
	[IFLA_VMNIC_NAME] = { .type = NLA_NUL_STRING,
			      .len = VMNET_PORT_NAME_MAX },
	[IFLA_VMNIC_NETWORK] = { .type = NLA_NUL_STRING,
				 .len = VMNET_NETWORK_NAME_MAX },
	[IFLA_VMNIC_MODE] = { .type = NLA_U32 },
	[IFLA_VMNIC_UID] = { .type = NLA_U32 },
	[IFLA_VMNIC_GID] = { .type = NLA_U32 },
	[IFLA_VMNIC_VM] = { .type = NLA_NUL_STRING,
			    .len = VMNET_PORT_NAME_MAX },
	[IFLA_VMNIC_PORT_ID] = { .type = NLA_REJECT,
				 .reject_message = "A port's number is the kernel's to choose" },
};

static bool vmnet_nic_wants_tap(struct nlattr *data[])
{
	return data && data[IFLA_VMNIC_MODE] &&
	       nla_get_u32(data[IFLA_VMNIC_MODE]) == VMNET_PORT_TYPE_TAP;
}

static int vmnet_nic_validate_type(struct nlattr *data[],
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *owner;

	if (!data || vmnet_nic_wants_tap(data))
		return 0;
	if (data[IFLA_VMNIC_MODE] &&
	    nla_get_u32(data[IFLA_VMNIC_MODE]) != VMNET_PORT_TYPE_NIC) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_VMNIC_MODE],
				    "A vmnic is of the type nic or tap");
		return -EOPNOTSUPP;
	}
	owner = data[IFLA_VMNIC_UID] ?: data[IFLA_VMNIC_GID];
	if (owner) {
		NL_SET_ERR_MSG_ATTR(extack, owner,
				    "Only a tap has a node that belongs to somebody");
		return -EINVAL;
	}
	return 0;
}

static int vmnet_nic_validate(struct nlattr *tb[], struct nlattr *data[],
			      struct netlink_ext_ack *extack)
{
	int err;

	err = vmnet_nic_validate_type(data, extack);
	if (err)
		return err;
	if ((tb[IFLA_NUM_TX_QUEUES] &&
	     nla_get_u32(tb[IFLA_NUM_TX_QUEUES]) > VMNET_NIC_QUEUES_MAX) ||
	    (tb[IFLA_NUM_RX_QUEUES] &&
	     nla_get_u32(tb[IFLA_NUM_RX_QUEUES]) > VMNET_NIC_QUEUES_MAX)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_NUM_TX_QUEUES],
				    "A vmnic has 256 queues at the most");
		return -EINVAL;
	}
	if (data && data[IFLA_VMNIC_NETWORK] && tb[IFLA_LINK]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "The network is given twice, by 'link' and by name");
		return -EINVAL;
	}
	return vmnet_link_validate(tb, data, extack);
}

/* The network that a new nic is to be plugged into: NULL for none. */
static struct vmnet_network *
vmnet_nic_wanted_network(struct net *home, struct nlattr *tb[],
			 struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vmnet_network *nw;
	struct net_device *dev;

	if (data && data[IFLA_VMNIC_NETWORK]) {
		nw = vmnet_network_find(home,
					nla_data(data[IFLA_VMNIC_NETWORK]));
		if (nw)
			return nw;
		NL_SET_ERR_MSG_ATTR_FMT(extack, data[IFLA_VMNIC_NETWORK],
					"There is no network %s",
					(char *)nla_data(data[IFLA_VMNIC_NETWORK]));
		return ERR_PTR(-ENOENT);
	}
	if (!tb[IFLA_LINK])
		return NULL;

	dev = __dev_get_by_index(home, nla_get_u32(tb[IFLA_LINK]));
	if (dev && vmnet_is_network(dev))
		return netdev_priv(dev);
	NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
			    "The link of a vmnic must be a network");
	return ERR_PTR(-EINVAL);
}

static int vmnet_nic_words(struct vmnet_port *port, struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	const char *name = port->dev->name;

	if (data && data[IFLA_VMNIC_NAME])
		name = nla_data(data[IFLA_VMNIC_NAME]);
	if (!vmnet_port_name_ok(name, extack)) {
		NL_SET_BAD_ATTR(extack, data ? data[IFLA_VMNIC_NAME] : NULL);
		return -EINVAL;
	}
	strscpy(port->name, name, sizeof(port->name));

	if (data && data[IFLA_VMNIC_VM] &&
	    *(char *)nla_data(data[IFLA_VMNIC_VM])) {
		if (!vmnet_port_name_ok(nla_data(data[IFLA_VMNIC_VM]), extack)) {
			NL_SET_BAD_ATTR(extack, data[IFLA_VMNIC_VM]);
			return -EINVAL;
		}
		strscpy(port->vm, nla_data(data[IFLA_VMNIC_VM]),
			sizeof(port->vm));
	}
	return 0;
}

static int vmnet_nic_make_tap(struct vmnet_port *port, struct nlattr *data[],
			      struct netlink_ext_ack *extack)
{
	kuid_t uid = GLOBAL_ROOT_UID;
	kgid_t gid = INVALID_GID;
	int err;

	err = vmnet_tap_read_owner(data[IFLA_VMNIC_UID], data[IFLA_VMNIC_GID],
				   &uid, &gid, extack);
	if (err)
		return err;
	err = vmnet_tap_add(port, uid, gid, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, err == -EEXIST ? data[IFLA_VMNIC_NAME] :
				data[IFLA_VMNIC_MODE]);
	return err;
}

/* A name template is filled in by the registration, so what hangs on the name
 * comes after it, and undoes it if it fails.
 */
static int vmnet_nic_newlink(struct net_device *dev,
			     struct rtnl_newlink_params *params,
			     struct netlink_ext_ack *extack)
{
	struct net *home = rtnl_newlink_link_net(params);
	struct nlattr **data = params->data;
	struct nlattr **tb = params->tb;
	struct vmnet_port *port = netdev_priv(dev);
	struct vmnet_network *nw;
	u8 mac[ETH_ALEN];
	int err;

	nw = vmnet_nic_wanted_network(home, tb, data, extack);
	if (IS_ERR(nw))
		return PTR_ERR(nw);

	port->home = home;
	if (vmnet_nic_wants_tap(data))
		vmnet_nic_setup_tap(dev);
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	netif_carrier_off(dev);
	if (tb[IFLA_MTU])
		port->mtu = dev->mtu;

	err = vmnet_nic_words(port, data, extack);
	if (err)
		goto unregister;
	if (!tb[IFLA_ADDRESS]) {
		vmnet_mac_auto(mac, "port", port->name);
		eth_hw_addr_set(dev, mac);
		dev->addr_assign_type = NET_ADDR_SET;
		port->mac_auto = true;
	}
	err = vmnet_port_register(port, extack);
	if (err) {
		NL_SET_BAD_ATTR(extack, data ? data[IFLA_VMNIC_NAME] : NULL);
		goto unregister;
	}
	if (vmnet_nic_wants_tap(data)) {
		err = vmnet_nic_make_tap(port, data, extack);
		if (err)
			goto unregister;
	}
	if (nw) {
		err = vmnet_port_attach(port, nw, extack);
		if (err) {
			NL_SET_BAD_ATTR(extack, tb[IFLA_ADDRESS]);
			goto unregister;
		}
	}
	port->announced = true;
	vmnet_nl_notify_port(port, VMNET_CMD_PORT_NEW_NTF);
	return 0;

unregister:
	unregister_netdevice(dev);
	return err;
}

VMNET_NEWLINK_DEFINE(vmnet_nic_newlink)

void vmnet_nic_dellink(struct net_device *dev, struct list_head *head)
{
	struct vmnet_port *port = netdev_priv(dev);

	vmnet_port_unpublish(port);
	unregister_netdevice_queue(dev, head);
}

void vmnet_port_delete(struct vmnet_port *port, struct list_head *head)
{
	if (vmnet_port_is_nic(port))
		vmnet_nic_dellink(port->dev, head);
	else if (port->type == VMNET_PORT_TYPE_UPLINK)
		vmnet_uplink_unbind(port->attached);
	else
		vmnet_borrow_detach(port);
}

static int vmnet_nic_changelink(struct net_device *dev, struct nlattr *tb[],
				struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Use 'vmnetctl port set', 'attach' and 'detach' to change a port");
	return -EOPNOTSUPP;
}

static size_t vmnet_nic_get_size(const struct net_device *dev)
{
	return nla_total_size(VMNET_PORT_NAME_MAX + 1) * 2 +
	       nla_total_size(VMNET_NETWORK_NAME_MAX + 1) +
	       nla_total_size(sizeof(u32)) * 4;
}

static int vmnet_nic_fill_info(struct sk_buff *skb,
			       const struct net_device *dev)
{
	const struct vmnet_port *port = netdev_priv(dev);
	const struct vmnet_network *nw = rtnl_dereference(port->network);

	if (nla_put_string(skb, IFLA_VMNIC_NAME, port->name) ||
	    nla_put_u32(skb, IFLA_VMNIC_MODE, port->type) ||
	    nla_put_u32(skb, IFLA_VMNIC_PORT_ID, port->id))
		return -EMSGSIZE;
	if (nw && nla_put_string(skb, IFLA_VMNIC_NETWORK, nw->dev->name))
		return -EMSGSIZE;
	if (port->vm[0] && nla_put_string(skb, IFLA_VMNIC_VM, port->vm))
		return -EMSGSIZE;
	return port->tap ? vmnet_tap_put_owner(skb, port, IFLA_VMNIC_UID,
					       IFLA_VMNIC_GID) : 0;
}

static struct net *vmnet_nic_link_net(const struct net_device *dev)
{
	const struct vmnet_port *port = netdev_priv(dev);

	return port->home;
}

static struct rtnl_link_ops vmnet_nic_link_ops __read_mostly = {
	.kind		= VMNET_NIC_KIND,
	.priv_size	= sizeof(struct vmnet_port),
	.setup		= vmnet_nic_setup,
	.maxtype	= IFLA_VMNIC_MAX,
	.policy		= vmnet_nic_policy_nl,
	.validate	= vmnet_nic_validate,
	.newlink	= VMNET_NEWLINK(vmnet_nic_newlink),
	.changelink	= vmnet_nic_changelink,
	.dellink	= vmnet_nic_dellink,
	.get_size	= vmnet_nic_get_size,
	.fill_info	= vmnet_nic_fill_info,
	.get_link_net	= vmnet_nic_link_net,
};

/* What the stack says of netdevs that were lent to us. */
static int vmnet_borrow_event(struct vmnet_port *port, unsigned long event)
{
	switch (event) {
	case NETDEV_UNREGISTER: /* also on its way to another namespace */
		vmnet_borrow_detach(port);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
		vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
		break;
	}
	return NOTIFY_DONE;
}

/* What the stack says of our netdevs: an address that is to be changed, while
 * that can still be refused with a sentence; a name, which is ours to tell on;
 * and a move between namespaces, which empties the unicast list without an ndo.
 */
static int vmnet_link_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	struct netdev_notifier_pre_changeaddr_info *change = ptr;
	const struct netdev_notifier_changeupper_info *upper = ptr;
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vmnet_network *nw;
	struct vmnet_port *port;
	int err;

	err = vmnet_hostif_event(dev, event, ptr);
	if (err & NOTIFY_STOP_MASK)
		return err;

	port = vmnet_borrow_port(dev);
	if (port)
		return vmnet_borrow_event(port, event);
	if (event == NETDEV_PRECHANGEUPPER && upper->linking) {
		err = vmnet_cycle_check_upper(upper->upper_dev, dev,
					      upper->info.extack);
		if (err)
			return notifier_from_errno(err);
	}
	/* A nic of one network may be the uplink of another. */
	err = vmnet_uplink_event(dev, event, ptr);
	if (err != NOTIFY_DONE)
		return err;

	if (vmnet_is_network(dev)) {
		nw = netdev_priv(dev);
		port = &nw->host;
	} else if (vmnet_is_nic(dev)) {
		port = netdev_priv(dev);
		err = vmnet_tap_event(port, event);
		if (err != NOTIFY_DONE)
			return err;
	} else {
		return NOTIFY_DONE;
	}
	nw = rtnl_dereference(port->network);

	switch (event) {
	case NETDEV_PRE_CHANGEADDR:
		if (!nw)
			break;
		return notifier_from_errno(vmnet_fdb_check(nw, port,
							   change->dev_addr,
							   change->info.extack));
	case NETDEV_REGISTER:
		if (nw)
			vmnet_fdb_sync_port(nw, port);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
		if (port->type == VMNET_PORT_TYPE_HOST)
			vmnet_nl_notify_network(netdev_priv(dev),
						VMNET_CMD_NETWORK_CHANGE_NTF);
		else
			vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block vmnet_link_notifier = {
	.notifier_call = vmnet_link_event,
};

int vmnet_link_init(void)
{
	int err;

	err = register_netdevice_notifier(&vmnet_link_notifier);
	if (err)
		return err;
	err = rtnl_link_register(&vmnet_network_link_ops);
	if (err)
		goto unregister_notifier;
	err = rtnl_link_register(&vmnet_nic_link_ops);
	if (err)
		goto unregister_network;
	return 0;

unregister_network:
	rtnl_link_unregister(&vmnet_network_link_ops);
unregister_notifier:
	unregister_netdevice_notifier(&vmnet_link_notifier);
	return err;
}

void vmnet_link_exit(void)
{
	rtnl_link_unregister(&vmnet_nic_link_ops);
	rtnl_link_unregister(&vmnet_network_link_ops);
	unregister_netdevice_notifier(&vmnet_link_notifier);
}

MODULE_ALIAS_RTNL_LINK(VMNET_NETWORK_KIND);
MODULE_ALIAS_RTNL_LINK(VMNET_NIC_KIND);
