// SPDX-License-Identifier: GPL-2.0-only
/* Loops outside, as far as they show: an address of ours as the source of a frame
 * that has come from where no port of ours is.
 */

#include <linux/jiffies.h>

#include "fdb.h"
#include "loop.h"
#include "nl/nl.h"

#define VMNET_LOOP_EVENT_TIME	(10 * HZ)

/* One CPU tells, the others see that it did. */
static bool vmnet_loop_may_tell(struct vmnet_network *nw)
{
	unsigned long told = READ_ONCE(nw->loop_told);
	unsigned long now = jiffies ?: 1;

	if (told && time_before(now, told + VMNET_LOOP_EVENT_TIME))
		return false;
	return cmpxchg(&nw->loop_told, told, now) == told;
}

void vmnet_loop_seen(struct vmnet_network *nw, struct vmnet_port *port,
		     const struct vmnet_fdb_entry *entry)
{
	u32 hold = READ_ONCE(port->loop_hold);
	const struct vmnet_port *owner;
	u8 addr[ETH_ALEN];

	if (hold)
		WRITE_ONCE(port->held_until,
			   get_jiffies_64() + (u64)hold * HZ);
	if (!vmnet_loop_may_tell(nw))
		return;
	owner = READ_ONCE(entry->port);
	vmnet_fdb_key_addr(entry->key, addr);
	netdev_warn(nw->dev, "loop: %pM of port %s came in by port %s\n", addr,
		    owner->name, port->name);
	vmnet_nl_notify_loop(nw, port, owner, addr);
}

bool vmnet_loop_is_held(const struct vmnet_port *port)
{
	return time_before64(get_jiffies_64(), READ_ONCE(port->held_until));
}
