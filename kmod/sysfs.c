// SPDX-License-Identifier: GPL-2.0-only
/* /sys/class/net/NETWORK/vmnet/: read only, one value a file but for drops.
 *
 * A folder is a kobject that points to its network or port. It is removed,
 * which waits for its readers, before what it points to is freed; so a reader
 * may use the pointer, under RCU for what hangs on it, and never takes RTNL.
 */

#include <linux/error-injection.h>
#include <linux/inetdevice.h>
#include <linux/kobject.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "drop.h"
#include "fdb.h"
#include "port.h"
#include "stats.h"
#include "sysfs.h"
#include "uplink.h"
#include "vlan.h"

struct vmnet_sysfs_dir {
	struct kobject kobj;
	void *owner;
};

struct vmnet_sysfs_attr {
	struct attribute attr;
	ssize_t (*show)(void *owner, char *buf);
};

static ssize_t vmnet_sysfs_show(struct kobject *kobj, struct attribute *attr,
				char *buf)
{
	const struct vmnet_sysfs_attr *a =
		container_of(attr, struct vmnet_sysfs_attr, attr);
	const struct vmnet_sysfs_dir *dir =
		container_of(kobj, struct vmnet_sysfs_dir, kobj);
	ssize_t len;

	rcu_read_lock();
	len = a->show(dir->owner, buf);
	rcu_read_unlock();
	return len;
}

static const struct sysfs_ops vmnet_sysfs_ops = {
	.show = vmnet_sysfs_show,
};

static void vmnet_sysfs_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct vmnet_sysfs_dir, kobj));
}

#define VMNET_SYSFS_TYPE(_name)						\
static const struct kobj_type vmnet_sysfs_##_name##_type = {		\
	.release	= vmnet_sysfs_release,				\
	.sysfs_ops	= &vmnet_sysfs_ops,				\
	.default_groups	= vmnet_##_name##_groups,			\
}

#define VMNET_SYSFS_ATTR(_dir, _name)					\
static struct vmnet_sysfs_attr vmnet_##_dir##_attr_##_name = {		\
	.attr = { .name = #_name, .mode = 0444 },			\
	.show = vmnet_##_dir##_show_##_name,				\
}

/* A file that shows one expression of its owner. */
#define VMNET_SYSFS_VALUE(_dir, _owner, _name, _fmt, _value)		\
static ssize_t vmnet_##_dir##_show_##_name(void *owner, char *buf)	\
{									\
	_owner;								\
									\
	return sysfs_emit(buf, _fmt "\n", _value);			\
}									\
VMNET_SYSFS_ATTR(_dir, _name)

static int vmnet_sysfs_dir_add(struct vmnet_sysfs_dir **dirp,
			       const struct kobj_type *type,
			       struct kobject *parent, const char *name,
			       void *owner)
{
	struct vmnet_sysfs_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);
	int err;

	if (!dir)
		return -ENOMEM;
	dir->owner = owner;
	err = kobject_init_and_add(&dir->kobj, type, parent, "%s", name);
	if (err) {
		kobject_put(&dir->kobj);
		return err;
	}
	*dirp = dir;
	return 0;
}

static void vmnet_sysfs_dir_del(struct vmnet_sysfs_dir *dir)
{
	if (!dir)
		return;
	kobject_del(&dir->kobj);
	kobject_put(&dir->kobj);
}

static ssize_t vmnet_sysfs_emit_drops(const struct vmnet_totals *sum, char *buf)
{
	ssize_t len = 0;
	unsigned int i;

	for (i = 0; i < VMNET_DROP_REASONS; i++)
		len += sysfs_emit_at(buf, len, "%s %llu\n", vmnet_drop_name(i),
				     sum->dropped[i]);
	return len;
}

/* vmnet/ */

#define NETWORK	struct vmnet_network *nw = owner
#define NETWORK_SUM							\
	struct vmnet_totals sum;					\
									\
	vmnet_network_totals(owner, &sum)

VMNET_SYSFS_VALUE(network, NETWORK, host, "%d", READ_ONCE(nw->host_on));
VMNET_SYSFS_VALUE(network, NETWORK, uplink, "%s",
		  nw->uplink_words.name[0] ? nw->uplink_words.name : "none");
VMNET_SYSFS_VALUE(network, NETWORK, passed, "%llu", vmnet_uplink_passed(nw));
VMNET_SYSFS_VALUE(network, NETWORK, mtu, "%u", READ_ONCE(nw->mtu));
VMNET_SYSFS_VALUE(network, NETWORK, ports_attached, "%u",
		  READ_ONCE(nw->ports_attached));
VMNET_SYSFS_VALUE(network, NETWORK, fdb_entries, "%d",
		  atomic_read(&nw->fdb_entries));
VMNET_SYSFS_VALUE(network, (void)owner, fdb_limit, "%lu", VMNET_FDB_LIMIT);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, received, "%llu", sum.rx_frames);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, replicated, "%llu", sum.replicated);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, segmented, "%llu", sum.segmented);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, delivered, "%llu", sum.tx_frames);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, consumed, "%llu", sum.consumed);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, dropped, "%llu",
		  vmnet_totals_dropped(&sum));
VMNET_SYSFS_VALUE(network, NETWORK_SUM, queued, "%llu", sum.queued);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, rx_bytes, "%llu", sum.rx_bytes);
VMNET_SYSFS_VALUE(network, NETWORK_SUM, tx_bytes, "%llu", sum.tx_bytes);

static struct attribute *vmnet_network_attrs[] = {
	&vmnet_network_attr_host.attr,
	&vmnet_network_attr_uplink.attr,
	&vmnet_network_attr_passed.attr,
	&vmnet_network_attr_mtu.attr,
	&vmnet_network_attr_ports_attached.attr,
	&vmnet_network_attr_fdb_entries.attr,
	&vmnet_network_attr_fdb_limit.attr,
	&vmnet_network_attr_received.attr,
	&vmnet_network_attr_replicated.attr,
	&vmnet_network_attr_segmented.attr,
	&vmnet_network_attr_delivered.attr,
	&vmnet_network_attr_consumed.attr,
	&vmnet_network_attr_dropped.attr,
	&vmnet_network_attr_queued.attr,
	&vmnet_network_attr_rx_bytes.attr,
	&vmnet_network_attr_tx_bytes.attr,
	NULL
};
ATTRIBUTE_GROUPS(vmnet_network);
VMNET_SYSFS_TYPE(network);

/* vmnet/drops/ */

VMNET_SYSFS_VALUE(drops, NETWORK_SUM, total, "%llu",
		  vmnet_totals_dropped(&sum));

static ssize_t vmnet_drops_show_reasons(void *owner, char *buf)
{
	NETWORK_SUM;

	return vmnet_sysfs_emit_drops(&sum, buf);
}
VMNET_SYSFS_ATTR(drops, reasons);

static struct attribute *vmnet_drops_attrs[] = {
	&vmnet_drops_attr_total.attr,
	&vmnet_drops_attr_reasons.attr,
	NULL
};
ATTRIBUTE_GROUPS(vmnet_drops);
VMNET_SYSFS_TYPE(drops);

/* vmnet/dhcp/: all zero before the first subnet */

#define DHCP								\
	struct vmnet_dhcp_info info = {};				\
									\
	vmnet_dhcp_info(owner, &info)

VMNET_SYSFS_VALUE(dhcp, DHCP, enabled, "%d", info.enabled);
VMNET_SYSFS_VALUE(dhcp, DHCP, server, "%pI4", &info.server);
VMNET_SYSFS_VALUE(dhcp, DHCP, range_start, "%pI4", &info.range_start);
VMNET_SYSFS_VALUE(dhcp, DHCP, range_end, "%pI4", &info.range_end);
VMNET_SYSFS_VALUE(dhcp, DHCP, leases, "%u", info.leases);
VMNET_SYSFS_VALUE(dhcp, DHCP, offers, "%llu", info.offers);
VMNET_SYSFS_VALUE(dhcp, DHCP, acks, "%llu", info.acks);
VMNET_SYSFS_VALUE(dhcp, DHCP, naks, "%llu", info.naks);
VMNET_SYSFS_VALUE(dhcp, DHCP, declines, "%llu", info.declines);
VMNET_SYSFS_VALUE(dhcp, DHCP, exhausted, "%llu", info.exhausted);

static ssize_t vmnet_dhcp_show_subnet(void *owner, char *buf)
{
	DHCP;

	return sysfs_emit(buf, "%pI4/%u\n", &info.subnet, info.prefix_len);
}
VMNET_SYSFS_ATTR(dhcp, subnet);

static struct attribute *vmnet_dhcp_attrs[] = {
	&vmnet_dhcp_attr_enabled.attr,
	&vmnet_dhcp_attr_subnet.attr,
	&vmnet_dhcp_attr_server.attr,
	&vmnet_dhcp_attr_range_start.attr,
	&vmnet_dhcp_attr_range_end.attr,
	&vmnet_dhcp_attr_leases.attr,
	&vmnet_dhcp_attr_offers.attr,
	&vmnet_dhcp_attr_acks.attr,
	&vmnet_dhcp_attr_naks.attr,
	&vmnet_dhcp_attr_declines.attr,
	&vmnet_dhcp_attr_exhausted.attr,
	NULL
};
ATTRIBUTE_GROUPS(vmnet_dhcp);
VMNET_SYSFS_TYPE(dhcp);

/* vmnet/ports/ */

static const struct attribute_group *vmnet_ports_groups[] = { NULL };
VMNET_SYSFS_TYPE(ports);

/* vmnet/ports/PORT/ */

#define PORT	struct vmnet_port *port = owner
#define PORT_SUM							\
	struct vmnet_totals sum;					\
									\
	vmnet_port_totals(owner, &sum);					\
	vmnet_totals_own(&sum)

static const char *vmnet_port_state_name(const struct vmnet_port *port)
{
	switch (vmnet_port_state(port)) {
	case VMNET_PORT_STATE_DETACHED:
		return "detached";
	case VMNET_PORT_STATE_DOWN:
		return "down";
	case VMNET_PORT_STATE_UP:
		break;
	}
	return "up";
}

static const char *vmnet_port_type_name(const struct vmnet_port *port)
{
	switch (port->type) {
	case VMNET_PORT_TYPE_NIC:
		return "nic";
	case VMNET_PORT_TYPE_TAP:
		return "tap";
	case VMNET_PORT_TYPE_UPLINK:
		return "uplink";
	default:
		return "dev";
	}
}

static ssize_t vmnet_port_show_vlan(void *owner, char *buf)
{
	const struct vmnet_port *port = owner;
	const struct vmnet_vlan *vlan = rcu_dereference(port->vlan);

	if (!vlan)
		return sysfs_emit(buf, "none\n");
	if (vlan->access)
		return sysfs_emit(buf, "%u\n", vlan->untagged);
	return sysfs_emit(buf, "%*pbl\n", VLAN_N_VID, vlan->carries);
}
VMNET_SYSFS_ATTR(port, vlan);

VMNET_SYSFS_VALUE(port, PORT, type, "%s", vmnet_port_type_name(port));
VMNET_SYSFS_VALUE(port, PORT, ifname, "%s", netdev_name(port->dev));
VMNET_SYSFS_VALUE(port, PORT, mac, "%pM", port->dev->dev_addr);
VMNET_SYSFS_VALUE(port, PORT, state, "%s", vmnet_port_state_name(port));
VMNET_SYSFS_VALUE(port, PORT_SUM, queued, "%llu", sum.queued);
VMNET_SYSFS_VALUE(port, PORT_SUM, rx_frames, "%llu", sum.rx_frames);
VMNET_SYSFS_VALUE(port, PORT_SUM, rx_bytes, "%llu", sum.rx_bytes);
VMNET_SYSFS_VALUE(port, PORT_SUM, tx_frames, "%llu", sum.tx_frames);
VMNET_SYSFS_VALUE(port, PORT_SUM, tx_bytes, "%llu", sum.tx_bytes);
VMNET_SYSFS_VALUE(port, PORT_SUM, replicated, "%llu", sum.replicated);
VMNET_SYSFS_VALUE(port, PORT_SUM, segmented, "%llu", sum.segmented);
VMNET_SYSFS_VALUE(port, PORT_SUM, consumed, "%llu", sum.consumed);
VMNET_SYSFS_VALUE(port, PORT_SUM, dropped, "%llu",
		  vmnet_totals_dropped(&sum));

static ssize_t vmnet_port_show_drops(void *owner, char *buf)
{
	PORT_SUM;

	return vmnet_sysfs_emit_drops(&sum, buf);
}
VMNET_SYSFS_ATTR(port, drops);

static struct attribute *vmnet_port_attrs[] = {
	&vmnet_port_attr_type.attr,
	&vmnet_port_attr_ifname.attr,
	&vmnet_port_attr_mac.attr,
	&vmnet_port_attr_state.attr,
	&vmnet_port_attr_vlan.attr,
	&vmnet_port_attr_queued.attr,
	&vmnet_port_attr_rx_frames.attr,
	&vmnet_port_attr_rx_bytes.attr,
	&vmnet_port_attr_tx_frames.attr,
	&vmnet_port_attr_tx_bytes.attr,
	&vmnet_port_attr_replicated.attr,
	&vmnet_port_attr_segmented.attr,
	&vmnet_port_attr_consumed.attr,
	&vmnet_port_attr_dropped.attr,
	&vmnet_port_attr_drops.attr,
	NULL
};
ATTRIBUTE_GROUPS(vmnet_port);
VMNET_SYSFS_TYPE(port);

struct vmnet_sysfs_network {
	struct vmnet_sysfs_dir *self;
	struct vmnet_sysfs_dir *drops;
	struct vmnet_sysfs_dir *dhcp;
	struct vmnet_sysfs_dir *ports;
};

int vmnet_sysfs_network_add(struct vmnet_network *nw)
{
	struct vmnet_sysfs_network *sysfs;
	struct kobject *self;
	int err;

	ASSERT_RTNL();

	sysfs = kzalloc(sizeof(*sysfs), GFP_KERNEL);
	if (!sysfs)
		return -ENOMEM;
	nw->sysfs = sysfs;

	err = vmnet_sysfs_dir_add(&sysfs->self, &vmnet_sysfs_network_type,
				  &nw->dev->dev.kobj, "vmnet", nw);
	if (err)
		goto del;
	self = &sysfs->self->kobj;
	err = vmnet_sysfs_dir_add(&sysfs->drops, &vmnet_sysfs_drops_type, self,
				  "drops", nw);
	if (err)
		goto del;
	err = vmnet_sysfs_dir_add(&sysfs->dhcp, &vmnet_sysfs_dhcp_type, self,
				  "dhcp", nw);
	if (err)
		goto del;
	err = vmnet_sysfs_dir_add(&sysfs->ports, &vmnet_sysfs_ports_type, self,
				  "ports", nw);
	if (err)
		goto del;
	return 0;

del:
	vmnet_sysfs_network_del(nw);
	return err;
}

ALLOW_ERROR_INJECTION(vmnet_sysfs_network_add, ERRNO);

void vmnet_sysfs_network_del(struct vmnet_network *nw)
{
	struct vmnet_sysfs_network *sysfs = nw->sysfs;

	ASSERT_RTNL();

	if (!sysfs)
		return;
	vmnet_sysfs_dir_del(sysfs->ports);
	vmnet_sysfs_dir_del(sysfs->dhcp);
	vmnet_sysfs_dir_del(sysfs->drops);
	vmnet_sysfs_dir_del(sysfs->self);
	kfree(sysfs);
	nw->sysfs = NULL;
}

int vmnet_sysfs_port_add(struct vmnet_network *nw, struct vmnet_port *port)
{
	ASSERT_RTNL();

	return vmnet_sysfs_dir_add(&port->sysfs, &vmnet_sysfs_port_type,
				   &nw->sysfs->ports->kobj, port->name, port);
}

ALLOW_ERROR_INJECTION(vmnet_sysfs_port_add, ERRNO);

int vmnet_sysfs_port_rename(struct vmnet_port *port, const char *name)
{
	ASSERT_RTNL();

	return port->sysfs ? kobject_rename(&port->sysfs->kobj, name) : 0;
}

void vmnet_sysfs_port_del(struct vmnet_port *port)
{
	ASSERT_RTNL();

	vmnet_sysfs_dir_del(port->sysfs);
	port->sysfs = NULL;
}
