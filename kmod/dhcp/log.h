/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_LOG_H
#define VMNET_DHCP_LOG_H

#include <linux/types.h>

struct vmnet_dhcp;
struct vmnet_dhcp_exchange;

#define VMNET_DHCP_LOG_SIZE	1024U	/* entries; a power of two */
#define VMNET_DHCP_LOG_SILENT	U8_MAX	/* in the place of a reply's type */

/**
 * struct vmnet_dhcp_log_entry - one message and what was made of it
 *
 * @when: boottime in nanoseconds
 * @asked: the address that the message names, or 0
 * @address: the address that was decided on, or the subnet, or 0
 * @port: the id of the port that it came in by
 * @times: messages in a row that this one stands for; stays at the most
 * @mac: the client's hardware address
 * @type: enum vmnet_dhcp_type
 * @reply: the same, or VMNET_DHCP_LOG_SILENT
 * @decision: enum vmnet_dhcp_decision
 * @prefix_len: of the subnet, where @address is one
 */
struct vmnet_dhcp_log_entry {
	u64 when;
	__be32 asked;
	__be32 address;
	u32 port;
	u16 times;
	u8 mac[6];
	u8 type;
	u8 reply;
	u8 decision;
	u8 prefix_len;
};

/**
 * struct vmnet_dhcp_log - the last messages to a server
 *
 * @entries: VMNET_DHCP_LOG_SIZE of them
 * @next: how many there ever were
 */
struct vmnet_dhcp_log {
	struct vmnet_dhcp_log_entry *entries;
	u64 next;
};

int vmnet_dhcp_log_init(struct vmnet_dhcp_log *log);
void vmnet_dhcp_log_free(struct vmnet_dhcp_log *log);

/**
 * vmnet_dhcp_log_add() - keep what was made of a message
 * @x: the message
 * @answered: whether there is a reply
 *
 * Fills a slot, and allocates nothing. What a port is refused again and again
 * fills one, so that a flood leaves the others their place.
 *
 * Context: the server's lock
 */
void vmnet_dhcp_log_add(const struct vmnet_dhcp_exchange *x, bool answered);

/**
 * vmnet_dhcp_log_read() - a copy of one entry
 * @dhcp: the server
 * @at: where to look, 0 for the oldest; where to look next afterwards
 * @entry: filled
 *
 * Return: false at the end
 *
 * Context: any but hard interrupts; not under the lock
 */
bool vmnet_dhcp_log_read(struct vmnet_dhcp *dhcp, u64 *at,
			 struct vmnet_dhcp_log_entry *entry);

#endif /* VMNET_DHCP_LOG_H */
