// SPDX-License-Identifier: GPL-2.0-only
/* A walk through a forwarding table that goes on where it has stopped.
 *
 * In the order of ports, and of the addresses of each. The entry that was told
 * last is found again by its key, so that a table of any length is walked in
 * time in proportion to it. New entries are at the end of their port's list;
 * the table's own buckets would be no order, because they are dealt anew
 * whenever it grows.
 */

#include <linux/list.h>
#include <linux/rtnetlink.h>

#include "fdb.h"
#include "fdb_walk.h"

/* The entry to go on with; the list's head, if there is none. */
static struct vmnet_fdb_entry *
vmnet_fdb_resume(struct vmnet_network *nw, const struct vmnet_port *port,
		 const struct vmnet_fdb_cursor *cursor)
{
	struct vmnet_fdb_entry *entry;
	u32 n = 0;

	lockdep_assert_held(&nw->fdb_lock);

	if (!cursor->key)
		return list_first_entry(&port->addresses,
					struct vmnet_fdb_entry, siblings);

	rcu_read_lock();
	entry = vmnet_fdb_find_moving(nw, cursor->key);
	rcu_read_unlock();
	if (entry && entry->port == port)
		return list_next_entry(entry, siblings);

	/* It is gone, or elsewhere: whoever has its place now. */
	list_for_each_entry(entry, &port->addresses, siblings)
		if (++n >= cursor->entry)
			break;
	return entry;
}

static int vmnet_fdb_walk_port(struct vmnet_network *nw,
			       const struct vmnet_port *port,
			       struct vmnet_fdb_cursor *cursor,
			       vmnet_fdb_tell_t tell, void *arg)
{
	struct vmnet_fdb_entry *entry;
	int err = 0;

	/* Learned ones come and go. */
	spin_lock_bh(&nw->fdb_lock);
	entry = vmnet_fdb_resume(nw, port, cursor);
	list_for_each_entry_from(entry, &port->addresses, siblings) {
		if (cursor->left <= 1)
			break;
		err = tell(nw, entry, arg);
		if (err)
			break;
		cursor->key = entry->key;
		cursor->entry++;
		cursor->left--;
	}
	spin_unlock_bh(&nw->fdb_lock);
	return err;
}

int vmnet_fdb_walk(struct vmnet_network *nw, struct vmnet_fdb_cursor *cursor,
		   vmnet_fdb_tell_t tell, void *arg)
{
	const struct vmnet_port *port;
	u32 n = 0;
	int err;

	ASSERT_RTNL();

	if (!cursor->left)
		cursor->left = atomic_read(&nw->fdb_entries) + 1;

	list_for_each_entry(port, &nw->members, members) {
		if (n++ < cursor->port)
			continue;
		err = vmnet_fdb_walk_port(nw, port, cursor, tell, arg);
		if (err)
			return err;
		cursor->key = 0;
		cursor->port = n;
		cursor->entry = 0;
	}
	return 0;
}
