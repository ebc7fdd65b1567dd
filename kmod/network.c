// SPDX-License-Identifier: GPL-2.0-only
/* Networks: how one begins and ends, and what it is called. */

#include <linux/error-injection.h>
#include <linux/if_arp.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "borrow.h"
#include "fdb.h"
#include "host.h"
#include "mac.h"
#include "network.h"
#include "nic.h"
#include "nl/nl.h"
#include "port.h"
#include "queue.h"
#include "stats.h"
#include "sysfs.h"
#include "uplink.h"

int vmnet_network_init(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);
	int err;

	nw->dev = dev;
	nw->mtu = dev->mtu;	/* and switched off, so nothing is let in */
	INIT_LIST_HEAD(&nw->receivers);
	INIT_LIST_HEAD(&nw->members);
	seqcount_init(&nw->stats_seq);

	err = vmnet_port_init(&nw->host, VMNET_PORT_TYPE_HOST, dev);
	if (err)
		return err;
	strscpy(nw->host.name, "host", sizeof(nw->host.name));

	err = vmnet_port_init(&nw->server, VMNET_PORT_TYPE_SERVER, NULL);
	if (err)
		goto free_host;
	strscpy(nw->server.name, "server", sizeof(nw->server.name));

	err = vmnet_fdb_init(nw);
	if (err)
		goto free_server;

	vmnet_stats_join(nw, &nw->host);
	vmnet_stats_join(nw, &nw->server);
	__module_get(THIS_MODULE);
	return 0;

free_server:
	vmnet_port_free(&nw->server);
free_host:
	vmnet_port_free(&nw->host);
	return err;
}

void vmnet_network_unpublish(struct vmnet_network *nw)
{
	struct vmnet_port *port, *next;

	ASSERT_RTNL();

	vmnet_uplink_unbind(nw);
	list_for_each_entry_safe(port, next, &nw->receivers, receivers) {
		if (port->type == VMNET_PORT_TYPE_DEV) {
			vmnet_borrow_detach(port);
			continue;
		}
		if (port != &nw->host) {
			vmnet_port_unpublish(port);
			continue;
		}
		WRITE_ONCE(nw->host_on, false);
		RCU_INIT_POINTER(port->network, NULL);
		vmnet_fdb_flush_port(nw, port, VMNET_FDB_ALL_KINDS);
		list_del_rcu(&port->receivers);
	}
}

/* As with vmnet_nic_uninit(), the core has waited for frames on their way
 * unless this undoes a failed start.
 */
void vmnet_network_uninit(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);
	struct vmnet_port *port, *next;

	if (!list_empty(&nw->receivers)) {
		vmnet_network_unpublish(nw);
		synchronize_net();
	}
	list_for_each_entry_safe(port, next, &nw->members, members) {
		if (port == &nw->host || port == &nw->server)
			continue;
		vmnet_port_settle(port);
		vmnet_nl_notify_port(port, VMNET_CMD_PORT_CHANGE_NTF);
	}
	vmnet_fdb_stop(nw);
	vmnet_queue_purge(&nw->host);
	vmnet_port_forget_change(&nw->host);
	vmnet_dhcp_destroy(nw);
	if (xa_load(&vmnet_ns(dev_net(dev))->networks, dev->ifindex) == nw)
		vmnet_nl_notify_network(nw, VMNET_CMD_NETWORK_DEL_NTF);
	vmnet_sysfs_network_del(nw);
	vmnet_mac_unlist(&nw->host);
	xa_erase(&vmnet_ns(dev_net(dev))->networks, dev->ifindex);
}

void vmnet_network_destructor(struct net_device *dev)
{
	struct vmnet_network *nw = netdev_priv(dev);

	vmnet_fdb_destroy(nw);
	vmnet_port_free(&nw->server);
	vmnet_port_free(&nw->host);
	kfree(nw->notes);
	module_put(THIS_MODULE);
}

struct vmnet_network *vmnet_network_find(struct net *net, const char *name)
{
	struct net_device *dev;

	ASSERT_RTNL();

	dev = __dev_get_by_name(net, name);
	return dev && vmnet_is_network(dev) ? netdev_priv(dev) : NULL;
}

int vmnet_network_list(struct vmnet_network *nw,
		       struct netlink_ext_ack *extack)
{
	struct net_device *dev = nw->dev;
	int err;

	ASSERT_RTNL();

	err = xa_insert(&vmnet_ns(dev_net(dev))->networks, dev->ifindex, nw,
			GFP_KERNEL);
	if (err)
		return err;
	err = vmnet_sysfs_network_add(nw);
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "No memory for the network's /sys folder");
		return err; /* the books are cleared with the netdev */
	}
	vmnet_mac_list(&nw->host);
	return 0;
}

ALLOW_ERROR_INJECTION(vmnet_network_list, ERRNO);

/* UTF-8 of any script, but no control characters: it is printed. */
static bool vmnet_network_text_ok(const char *text, bool lines,
				  struct netlink_ext_ack *extack)
{
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			continue;
		if (lines && (*text == '\n' || *text == '\t'))
			continue;
		NL_SET_ERR_MSG(extack,
			       "The text must not have control characters");
		return false;
	}
	return true;
}

int vmnet_network_set_label(struct vmnet_network *nw, const char *label,
			    struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();

	if (!vmnet_network_text_ok(label, false, extack))
		return -EINVAL;
	strscpy(nw->label, label, sizeof(nw->label));
	return 0;
}

int vmnet_network_set_notes(struct vmnet_network *nw, const char *notes,
			    struct netlink_ext_ack *extack)
{
	char *copy = NULL;

	ASSERT_RTNL();

	if (!vmnet_network_text_ok(notes, true, extack))
		return -EINVAL;
	if (*notes) {
		copy = kstrdup(notes, GFP_KERNEL_ACCOUNT);
		if (!copy)
			return -ENOMEM;
	}
	kfree(nw->notes);
	nw->notes = copy;
	return 0;
}
