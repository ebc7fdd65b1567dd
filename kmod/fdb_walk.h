/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_FDB_WALK_H
#define VMNET_FDB_WALK_H

#include "vmnet.h"

struct vmnet_fdb_entry;

/**
 * struct vmnet_fdb_cursor - where a walk through a table goes on
 *
 * All zero at the beginning. Fits beside what the core keeps in a dump.
 *
 * @key: of the entry that was told last; 0 for none of this port
 * @port: the place of its port among the network's members
 * @entry: its own place among the port's addresses
 * @left: entries that may still be told, and one: 0 before the first call
 */
struct vmnet_fdb_cursor {
	u64 key;
	u32 port;
	u32 entry;
	u32 left;
};

typedef int (*vmnet_fdb_tell_t)(const struct vmnet_network *nw,
				const struct vmnet_fdb_entry *entry, void *arg);

/**
 * vmnet_fdb_walk() - tell of each entry of a table, in several calls
 * @nw: the network
 * @cursor: where to go on; kept between the calls by the caller
 * @tell: takes an entry, or says why it cannot; must not sleep
 * @arg: for @tell
 *
 * An entry that comes, goes or changes its port between two calls may be told
 * of twice or not at all, but not more entries are told of than there were at
 * the beginning: the walk ends, however fast stations come.
 *
 * Context: RTNL
 * Return: 0 when all were told of, else what @tell returned
 */
int vmnet_fdb_walk(struct vmnet_network *nw, struct vmnet_fdb_cursor *cursor,
		   vmnet_fdb_tell_t tell, void *arg);

#endif /* VMNET_FDB_WALK_H */
