// SPDX-License-Identifier: GPL-2.0-only
/* Telling the LAN where our addresses are, when an uplink's path has changed. */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/arp.h>

#include "announce.h"
#include "dhcp/control.h"
#include "dhcp/scope.h"
#include "fdb.h"
#include "stats.h"
#include "uplink.h"
#include "vlan.h"

/* Addresses of one network that are announced, and VLANs for one of them: a
 * burst that a switch takes.
 */
#define VMNET_ANNOUNCE_MAX	4096
#define VMNET_ANNOUNCE_VLANS	16

struct vmnet_announcement {
	struct vmnet_network *nw;
	struct vmnet_port *port;	/* the uplink's */
	u16 wire;			/* VLAN of the whole network */
};

/* One frame in a VLAN of the network, or in none. */
static void vmnet_announce_frame(const struct vmnet_announcement *a, int op,
				 int proto, __be32 ip, const u8 *mac, u16 vid)
{
	const struct vmnet_vlan *vlan = rtnl_dereference(a->port->vlan);
	struct sk_buff *skb;

	if (vlan && !test_bit(vid, vlan->carries))
		return;
	skb = arp_create(op, proto, ip, a->port->dev, ip, NULL, mac, mac);
	if (!skb)
		return;
	skb_reset_mac_header(skb);
	if (a->wire)
		vid = a->wire;
	if (vid && !(vlan && vid == vlan->untagged))
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);

	local_bh_disable();
	rcu_read_lock();
	vmnet_count_rx(&a->nw->server, skb->len);
	/* skb is passed to the adapter */
	vmnet_uplink_wire(a->port, skb);
	rcu_read_unlock();
	local_bh_enable();
}

/* A port's own address is in all VLANs that the port is in. */
static void vmnet_announce_own(const struct vmnet_announcement *a, int op,
			       int proto, __be32 ip, const u8 *mac,
			       const struct vmnet_vlan *vlan)
{
	unsigned int vid, n = 0;

	if (!vlan) {
		vmnet_announce_frame(a, op, proto, ip, mac, 0);
		return;
	}
	for_each_set_bit(vid, vlan->carries, VLAN_N_VID)
		if (n++ < VMNET_ANNOUNCE_VLANS)
			vmnet_announce_frame(a, op, proto, ip, mac, vid);
}

/* The addresses behind a port, copied out: frames are not sent under the
 * table's lock.
 */
static unsigned int vmnet_announce_collect(struct vmnet_network *nw,
					   const struct vmnet_port *port,
					   u64 *keys, unsigned int max)
{
	const struct vmnet_fdb_entry *entry;
	unsigned int n = 0;

	spin_lock_bh(&nw->fdb_lock);
	list_for_each_entry(entry, &port->addresses, siblings)
		if (n < max)
			keys[n++] = entry->key;
	spin_unlock_bh(&nw->fdb_lock);
	return n;
}

static unsigned int vmnet_announce_port(const struct vmnet_announcement *a,
					const struct vmnet_port *port,
					u64 *keys, unsigned int max)
{
	const struct vmnet_vlan *vlan = rtnl_dereference(port->vlan);
	unsigned int i, n = vmnet_announce_collect(a->nw, port, keys, max);
	u8 mac[ETH_ALEN];
	u16 vid;

	for (i = 0; i < n; i++) {
		vmnet_fdb_key_addr(keys[i], mac);
		vid = vmnet_fdb_key_vid(keys[i]);
		if (vid)
			vmnet_announce_frame(a, ARPOP_RREQUEST, ETH_P_RARP, 0,
					     mac, vid);
		else
			vmnet_announce_own(a, ARPOP_RREQUEST, ETH_P_RARP, 0,
					   mac, vlan);
	}
	return n;
}

static unsigned int vmnet_announce_leases(const struct vmnet_announcement *a,
					  struct vmnet_dhcp *dhcp,
					  unsigned int left)
{
	struct vmnet_ns *ns = vmnet_ns(dev_net(a->nw->dev));
	struct vmnet_dhcp_lease_info info;
	const struct vmnet_port *port;
	u32 address = 0;

	while (left && vmnet_dhcp_next(dhcp, &address, &info)) {
		left--;
		port = xa_load(&ns->ports, info.port);
		if (info.state != VMNET_LEASE_STATE_BOUND || !port ||
		    port == a->port || port->attached != a->nw)
			continue;
		vmnet_announce_frame(a, ARPOP_REQUEST, ETH_P_ARP, info.address,
				     info.mac, dhcp->key.vlan);
	}
	return left;
}

void vmnet_announce(struct vmnet_network *nw, struct vmnet_port *uplink,
		    u16 vid)
{
	const struct vmnet_announcement a = {
		.nw = nw, .port = uplink, .wire = vid,
	};
	const struct vmnet_dhcp_scopes *scopes = vmnet_dhcp_scopes(nw);
	unsigned int left = VMNET_ANNOUNCE_MAX;
	const struct vmnet_port *port;
	struct vmnet_dhcp *dhcp;
	u64 *keys;

	ASSERT_RTNL();

	if (!nw->up)
		return;
	keys = kvmalloc_array(left, sizeof(*keys), GFP_KERNEL);
	if (!keys)
		return; /* they are learned when they send */
	list_for_each_entry(port, &nw->members, members)
		if (port != uplink)
			left -= vmnet_announce_port(&a, port, keys, left);
	kvfree(keys);
	left = VMNET_ANNOUNCE_MAX;
	vmnet_dhcp_for_each(scopes, dhcp)
		left = vmnet_announce_leases(&a, dhcp, left);
}
