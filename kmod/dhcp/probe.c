// SPDX-License-Identifier: GPL-2.0-only
/* Probing: an address is offered when an ARP request for it was not answered.
 * RFC 2131 section 4.3.1 wishes that; what it is needed for here is a server
 * that has lost its table, whose clients still live on what they were given.
 *
 * A DISCOVER that has to wait is kept as a frame and looked at once more, as
 * if it came in then; the address is its client's meanwhile. One work for all
 * of them: each waits equally long, so the oldest is always the first.
 */

#include <linux/if_arp.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../forward.h"
#include "arp.h"
#include "probe.h"
#include "server.h"

/**
 * struct vmnet_dhcp_hold - a message that waits
 * @link: in the list
 * @due: jiffies when it is looked at again
 * @address: the address that is probed for it
 * @port: the id of the port that it came in by
 * @offset: of the IP header in its frame
 * @skb: a copy of its frame: nothing of its sender is kept with it
 */
struct vmnet_dhcp_hold {
	struct list_head link;
	unsigned long due;
	u32 address;
	u32 port;
	unsigned int offset;
	struct sk_buff *skb;
};

static void vmnet_dhcp_hold_free(struct vmnet_dhcp_hold *hold)
{
	kfree_skb(hold->skb);
	kfree(hold);
}

bool vmnet_dhcp_recovering(const struct vmnet_dhcp *dhcp, u64 now)
{
	const struct vmnet_network *nw = dhcp->nw;
	const struct vmnet_dhcp_config *config;
	u32 longest;

	if (!READ_ONCE(nw->learners) && !READ_ONCE(nw->uplink_dhcp))
		return false;
	rcu_read_lock();
	config = rcu_dereference(dhcp->config);
	longest = max(config->lease, config->lease_max);
	rcu_read_unlock();
	return longest == VMNET_DHCP_FOREVER ||
	       now < dhcp->probes.since + longest + VMNET_DHCP_GRACE;
}

bool vmnet_dhcp_must_probe(const struct vmnet_dhcp_exchange *x, u32 address)
{
	/* Behind a relay nobody would hear the question. */
	if (x->config != x->door)
		return false;
	switch (x->config->probe) {
	case VMNET_DHCP_PROBE_ON:
		return true;
	case VMNET_DHCP_PROBE_AUTO:
		/* What this server has given away itself, it knows. */
		return !vmnet_dhcp_lease_at(x->dhcp, address) &&
		       vmnet_dhcp_recovering(x->dhcp, x->now);
	default:
		return false;
	}
}

bool vmnet_dhcp_probe_has_room(const struct vmnet_dhcp *dhcp)
{
	lockdep_assert_held(&dhcp->lock);

	return dhcp->probes.count < VMNET_DHCP_PROBES;
}

/* What waited is not answered; the client asks again. */
static void vmnet_dhcp_probe_give_up(struct vmnet_dhcp *dhcp, u32 address,
				     u32 port)
{
	struct vmnet_dhcp_lease *lease;

	spin_lock_bh(&dhcp->lock);
	lease = vmnet_dhcp_lease_at(dhcp, address);
	if (lease && lease->probing && lease->port == port)
		vmnet_dhcp_lease_rest(dhcp, lease, VMNET_LEASE_STATE_EXPIRED);
	vmnet_dhcp_unlock(dhcp);
}

static void vmnet_dhcp_hold_queue(struct vmnet_dhcp *dhcp,
				  struct vmnet_dhcp_hold *hold)
{
	struct vmnet_dhcp_probes *probes = &dhcp->probes;
	bool first;

	spin_lock_bh(&dhcp->lock);
	hold->due = jiffies + msecs_to_jiffies(VMNET_DHCP_PROBE_MS);
	first = list_empty(&probes->list);
	list_add_tail(&hold->link, &probes->list);
	probes->count++;
	spin_unlock_bh(&dhcp->lock);
	/* While it is on its way here, nobody has stopped it yet: that takes a
	 * grace period.
	 */
	if (first)
		queue_delayed_work(system_power_efficient_wq, &probes->work,
				   msecs_to_jiffies(VMNET_DHCP_PROBE_MS));
}

bool vmnet_dhcp_probe(struct vmnet_dhcp_exchange *x, const struct sk_buff *skb,
		      unsigned int offset)
{
	struct vmnet_dhcp_hold *hold;
	struct sk_buff *question;

	hold = kzalloc(sizeof(*hold), GFP_ATOMIC | __GFP_NOWARN);
	if (hold)
		hold->skb = skb_copy(skb, GFP_ATOMIC | __GFP_NOWARN);
	question = vmnet_dhcp_arp_request(x->dhcp, x->config, x->decided);
	if (!hold || !hold->skb || !question) {
		kfree_skb(question);
		if (hold)
			vmnet_dhcp_hold_free(hold);
		vmnet_dhcp_probe_give_up(x->dhcp, x->decided,
					 x->client.port);
		return false;
	}
	hold->skb->dev = NULL;
	hold->address = x->decided;
	hold->port = x->client.port;
	hold->offset = offset;
	vmnet_dhcp_tag(question, x->dhcp);
	vmnet_dhcp_hold_queue(x->dhcp, hold);
	/* Last, and without the lock: the answer may come in here. */
	vmnet_announce_all(x->dhcp->nw, question);
	return true;
}

/* The next whose time has come, or NULL; then the work is set if any waits. */
static struct vmnet_dhcp_hold *vmnet_dhcp_hold_next(struct vmnet_dhcp *dhcp)
{
	struct vmnet_dhcp_probes *probes = &dhcp->probes;
	struct vmnet_dhcp_hold *hold;

	spin_lock_bh(&dhcp->lock);
	hold = list_first_entry_or_null(&probes->list, struct vmnet_dhcp_hold,
					link);
	if (hold && time_before(jiffies, hold->due)) {
		queue_delayed_work(system_power_efficient_wq, &probes->work,
				   hold->due - jiffies);
		hold = NULL;
	}
	if (hold) {
		list_del(&hold->link);
		probes->count--;
	}
	spin_unlock_bh(&dhcp->lock);
	return hold;
}

/* The port may have left meanwhile, or gone to another network. */
static void vmnet_dhcp_hold_end(struct vmnet_dhcp *dhcp,
				struct vmnet_dhcp_hold *hold)
{
	struct vmnet_network *nw = dhcp->nw;
	struct vmnet_port *port = &nw->host;

	local_bh_disable();
	rcu_read_lock();
	if (hold->port)
		port = xa_load(&vmnet_ns(dev_net(nw->dev))->ports, hold->port);
	if (!port || (port != &nw->host &&
		      rcu_dereference(port->network) != nw) ||
	    !vmnet_dhcp_again(dhcp, port, hold->skb, hold->offset,
			      hold->address))
		vmnet_dhcp_probe_give_up(dhcp, hold->address, hold->port);
	rcu_read_unlock();
	local_bh_enable();
	vmnet_dhcp_hold_free(hold);
}

static void vmnet_dhcp_probe_work(struct work_struct *work)
{
	struct vmnet_dhcp *dhcp = container_of(to_delayed_work(work),
					       struct vmnet_dhcp, probes.work);
	struct vmnet_dhcp_hold *hold;

	while ((hold = vmnet_dhcp_hold_next(dhcp))) {
		vmnet_dhcp_hold_end(dhcp, hold);
		cond_resched();
	}
}

void vmnet_dhcp_probe_init(struct vmnet_dhcp_probes *probes)
{
	INIT_LIST_HEAD(&probes->list);
	INIT_DELAYED_WORK(&probes->work, vmnet_dhcp_probe_work);
	probes->since = ktime_get_boottime_seconds();
}

void vmnet_dhcp_probe_stop(struct vmnet_dhcp_probes *probes)
{
	struct vmnet_dhcp_hold *hold, *next;

	cancel_delayed_work_sync(&probes->work);
	list_for_each_entry_safe(hold, next, &probes->list, link)
		vmnet_dhcp_hold_free(hold);
}

/* The client has the address, and goes on: it may be the other one who is wrong.
 * What is told is who that is, and once.
 */
static void vmnet_dhcp_probe_too_late(struct vmnet_dhcp_lease *lease,
				      const struct vmnet_dhcp_client *owner,
				      struct vmnet_dhcp_lease_info *info,
				      u64 now)
{
	lease->probed = false;
	vmnet_dhcp_lease_info(lease, info, now);
	info->port = owner->port;
	ether_addr_copy(info->mac, owner->mac);
	info->id_len = 0;
	info->hostname_len = 0;
}

bool vmnet_dhcp_probe_answered(struct vmnet_dhcp *dhcp, u32 address,
			       const u8 *mac, struct vmnet_port *port,
			       struct vmnet_dhcp_lease_info *info)
{
	const struct vmnet_dhcp_client owner = { .port = port->id, .mac = mac };
	u64 now = ktime_get_boottime_seconds();
	struct vmnet_dhcp_lease *lease;
	u32 limit;

	lockdep_assert_held(&dhcp->lock);

	lease = vmnet_dhcp_lease_at(dhcp, address);
	if (!lease || !(lease->probing || lease->probed) ||
	    ether_addr_equal_unaligned(lease->mac, mac))
		return false;
	if (lease->state == VMNET_LEASE_STATE_BOUND) {
		vmnet_dhcp_probe_too_late(lease, &owner, info, now);
		return true;
	}
	limit = READ_ONCE(port->dhcp.limit);
	if (limit && port->id != lease->port &&
	    atomic_read(&port->dhcp.leases) >= limit)
		return false;

	lease->conflict = true;
	lease->hostname_len = 0;
	vmnet_dhcp_lease_update(dhcp, lease, &owner);
	lease->expires = now + VMNET_DHCP_DECLINE_TIME;
	vmnet_dhcp_lease_set(dhcp, lease, VMNET_LEASE_STATE_DECLINED,
			     lease->expires);
	vmnet_dhcp_lease_info(lease, info, now);
	return true;
}

/* Whether an address that was promised to one client may still be another's:
 * nobody was told of it yet, or it is who has it that asks, in words that only
 * one uses who has an address. Of a client that this server has given it to
 * before, it knows better.
 */
static bool vmnet_dhcp_is_revocable(const struct vmnet_dhcp_exchange *x,
				    const struct vmnet_dhcp_lease *lease)
{
	if (lease->probing)
		return true;
	return lease->state == VMNET_LEASE_STATE_OFFERED && !lease->known &&
	       !x->msg->has_server && vmnet_dhcp_recovering(x->dhcp, x->now);
}

void vmnet_dhcp_probe_yield(struct vmnet_dhcp_exchange *x, u32 address,
			    bool has_room)
{
	struct vmnet_dhcp *dhcp = x->dhcp;
	struct vmnet_dhcp_lease *lease;

	lockdep_assert_held(&dhcp->lock);

	if (x->lease)
		return;
	lease = vmnet_dhcp_lease_at(dhcp, address);
	/* What is reserved is for one client only, who has it only. */
	if (!lease || lease->reserved || x->reservation)
		return;
	if ((has_room && vmnet_dhcp_is_revocable(x, lease)) ||
	    (lease->conflict && lease->port == x->client.port &&
	     ether_addr_equal_unaligned(lease->mac, x->client.mac)))
		vmnet_dhcp_lease_free(dhcp, lease);
}
