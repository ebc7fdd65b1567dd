// SPDX-License-Identifier: GPL-2.0-only
/* Starts the parts in order, stops them in reverse. */

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "../version.h"
#include "hostif.h"
#include "link.h"
#include "mac.h"
#include "nl/nl.h"
#include "port.h"
#include "queue.h"
#include "uplink.h"

static unsigned int vmnet_ns_id;

struct vmnet_ns *vmnet_ns(const struct net *net)
{
	return net_generic(net, vmnet_ns_id);
}

static int __net_init vmnet_ns_init(struct net *net)
{
	struct vmnet_ns *ns = vmnet_ns(net);

	xa_init(&ns->networks);
	xa_init_flags(&ns->ports, XA_FLAGS_ALLOC1);
	ns->next_port_id = 1;
	vmnet_hostif_ns_init(ns);
	return 0;
}

/* The netdevs in a dying namespace are gone by now. What is left are nics that
 * were moved out of it: nobody could name them any more.
 */
static void __net_exit vmnet_ns_exit(struct list_head *nets)
{
	struct vmnet_port *port;
	unsigned long id;
	struct net *net;
	LIST_HEAD(gone);

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		xa_for_each(&vmnet_ns(net)->ports, id, port)
			vmnet_port_delete(port, &gone);
	unregister_netdevice_many(&gone);
	rtnl_unlock();

	list_for_each_entry(net, nets, exit_list) {
		xa_destroy(&vmnet_ns(net)->networks);
		xa_destroy(&vmnet_ns(net)->ports);
		vmnet_hostif_ns_exit(vmnet_ns(net));
	}
}

static struct pernet_operations vmnet_ns_ops = {
	.init		= vmnet_ns_init,
	.exit_batch	= vmnet_ns_exit,
	.id		= &vmnet_ns_id,
	.size		= sizeof(struct vmnet_ns),
};

static int __init vmnet_init(void)
{
	int err;

	vmnet_mac_init();

	err = vmnet_dhcp_init();
	if (err)
		return err;
	err = vmnet_queue_init();
	if (err)
		goto exit_dhcp;
	err = register_pernet_subsys(&vmnet_ns_ops);
	if (err)
		goto exit_queue;
	err = vmnet_nl_init();
	if (err)
		goto exit_ns;
	err = vmnet_link_init();
	if (err)
		goto exit_nl;
	return 0;

exit_nl:
	vmnet_nl_exit();
exit_ns:
	unregister_pernet_subsys(&vmnet_ns_ops);
exit_queue:
	vmnet_queue_exit();
exit_dhcp:
	vmnet_dhcp_exit();
	return err;
}

/* No network and no port is left: each of them holds the module. */
static void __exit vmnet_exit(void)
{
	vmnet_link_exit();
	/* Works that the notifier has set look at what namespaces have. */
	vmnet_uplink_exit();
	vmnet_port_exit();
	vmnet_nl_exit();
	unregister_pernet_subsys(&vmnet_ns_ops);
	vmnet_queue_exit();
	vmnet_dhcp_exit();
	rcu_barrier();
}

module_init(vmnet_init);
module_exit(vmnet_exit);

MODULE_DESCRIPTION("Virtual networks with DHCP for containers and machines");
MODULE_LICENSE("GPL");
MODULE_VERSION(VMNET_VERSION);
