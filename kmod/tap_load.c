// SPDX-License-Identifier: GPL-2.0-only
/* The way from vmnet.ko to vmnet_tap.ko, which is loaded when the first tap is
 * made: so vmnet.ko needs no tap library.
 *
 * DOC: Who holds whom
 *
 * vmnet_tap.ko uses symbols of vmnet.ko, so that cannot go before. Each port of
 * the type tap holds vmnet_tap.ko, from vmnet_tap_add() until its netdev is
 * freed, and so does each open descriptor (tap_create_cdev() with the module as
 * its owner). So vmnet_tap_ops is constant while there is a tap, and is used
 * without a lock by all that have a port at hand. Only who has none yet takes
 * vmnet_tap_lock.
 *
 * The module is requested under RTNL. That is sound because neither its init
 * nor that of the tap library takes RTNL, which is what a module of a link kind
 * could not promise.
 */

#include <linux/error-injection.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "port.h"
#include "tap.h"

static DEFINE_SPINLOCK(vmnet_tap_lock); /* protects vmnet_tap_ops' change */
static const struct vmnet_tap_ops *vmnet_tap_ops;

void vmnet_tap_register(const struct vmnet_tap_ops *ops)
{
	spin_lock(&vmnet_tap_lock);
	vmnet_tap_ops = ops;
	spin_unlock(&vmnet_tap_lock);
}
EXPORT_SYMBOL_GPL(vmnet_tap_register);

void vmnet_tap_unregister(void)
{
	spin_lock(&vmnet_tap_lock);
	vmnet_tap_ops = NULL;
	spin_unlock(&vmnet_tap_lock);
}
EXPORT_SYMBOL_GPL(vmnet_tap_unregister);

static bool vmnet_tap_get(void)
{
	bool got;

	spin_lock(&vmnet_tap_lock);
	got = vmnet_tap_ops && try_module_get(vmnet_tap_ops->owner);
	spin_unlock(&vmnet_tap_lock);
	return got;
}

static bool vmnet_tap_get_or_load(void)
{
	if (vmnet_tap_get())
		return true;
	request_module("vmnet_tap");
	return vmnet_tap_get();
}

/* The names of ports are their namespace's, /dev is everybody's. */
static int vmnet_tap_say(const struct vmnet_port *port, int err,
			 struct netlink_ext_ack *extack)
{
	if (err == -EEXIST)
		NL_SET_ERR_MSG_FMT(extack,
				   "/dev/vmnet/%s is the node of a port in another namespace",
				   port->name);
	else if (err)
		NL_SET_ERR_MSG(extack, "The tap's node cannot be made");
	return err;
}

int vmnet_tap_add(struct vmnet_port *port, kuid_t uid, kgid_t gid,
		  struct netlink_ext_ack *extack)
{
	struct vmnet_tap *tap;
	int err;

	ASSERT_RTNL();

	if (port->home->user_ns != &init_user_ns) {
		NL_SET_ERR_MSG(extack,
			       "A tap has its node in the host's /dev: its network must be of the initial user namespace");
		return -EPERM;
	}
	if (!vmnet_tap_get_or_load()) {
		NL_SET_ERR_MSG(extack,
			       "The module vmnet_tap cannot be loaded: is it installed for this kernel?");
		return -EOPNOTSUPP;
	}
	tap = kzalloc(sizeof(*tap), GFP_KERNEL_ACCOUNT);
	if (!tap) {
		err = -ENOMEM;
		goto put;
	}
	tap->port = port;
	tap->uid = uid;
	tap->gid = gid;
	port->tap = tap;
	err = vmnet_tap_say(port, vmnet_tap_ops->add(port), extack);
	if (err)
		goto free;
	port->type = VMNET_PORT_TYPE_TAP;
	return 0;

free:
	port->tap = NULL;
	kfree(tap);
put:
	module_put(vmnet_tap_ops->owner);
	return err;
}

ALLOW_ERROR_INJECTION(vmnet_tap_add, ERRNO);

void vmnet_tap_del(struct vmnet_port *port)
{
	ASSERT_RTNL();

	if (port->tap)
		vmnet_tap_ops->del(port);
}

void vmnet_tap_free(struct vmnet_port *port)
{
	if (!port->tap)
		return;
	kfree(port->tap);
	port->tap = NULL;
	module_put(vmnet_tap_ops->owner);
}

int vmnet_tap_set_owner(struct vmnet_port *port, kuid_t uid, kgid_t gid,
			struct netlink_ext_ack *extack)
{
	struct vmnet_tap *tap = port->tap;
	kuid_t old_uid = tap->uid;
	kgid_t old_gid = tap->gid;
	int err;

	ASSERT_RTNL();

	tap->uid = uid;
	tap->gid = gid;
	err = vmnet_tap_say(port, vmnet_tap_ops->renew(port), extack);
	if (err) {
		tap->uid = old_uid;
		tap->gid = old_gid;
	}
	return err;
}

int vmnet_tap_read_owner(const struct nlattr *uid_attr,
			 const struct nlattr *gid_attr, kuid_t *uid,
			 kgid_t *gid, struct netlink_ext_ack *extack)
{
	if (uid_attr)
		*uid = make_kuid(&init_user_ns, nla_get_u32(uid_attr));
	/* The number that is no group's takes the group away. */
	if (gid_attr)
		*gid = make_kgid(&init_user_ns, nla_get_u32(gid_attr));
	if (uid_valid(*uid))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, uid_attr, "This is no user's number");
	return -EINVAL;
}

int vmnet_tap_put_owner(struct sk_buff *skb, const struct vmnet_port *port,
			int uid_attr, int gid_attr)
{
	const struct vmnet_tap *tap = port->tap;

	if (nla_put_u32(skb, uid_attr, from_kuid(&init_user_ns, tap->uid)))
		return -EMSGSIZE;
	return gid_valid(tap->gid) ?
	       nla_put_u32(skb, gid_attr, from_kgid(&init_user_ns, tap->gid)) :
	       0;
}

int vmnet_tap_renamed(struct vmnet_port *port, struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();

	if (!port->tap)
		return 0;
	return vmnet_tap_say(port, vmnet_tap_ops->renew(port), extack);
}

ALLOW_ERROR_INJECTION(vmnet_tap_renamed, ERRNO);

int vmnet_tap_event(struct vmnet_port *port, unsigned long event)
{
	ASSERT_RTNL();

	return port->tap ? vmnet_tap_ops->event(port, event) : NOTIFY_DONE;
}

unsigned int vmnet_tap_queues_open(const struct vmnet_port *port)
{
	return READ_ONCE(port->tap->dev.numvtaps);
}

void vmnet_tap_deliver(struct vmnet_port *port, struct sk_buff *skb)
{
	vmnet_tap_ops->deliver(port, skb);
}
