/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_CONFIG_H
#define VMNET_DHCP_CONFIG_H

#include <linux/inetdevice.h>
#include <linux/types.h>

#include "packet.h"

struct netlink_ext_ack;
struct nlattr;
struct vmnet_dhcp_key;
struct vmnet_network;

#define VMNET_DHCP_LEASE_DEFAULT	43200
#define VMNET_DHCP_LEASE_MIN_DEFAULT	5

struct vmnet_dhcp_range {
	__be32 first;
	__be32 last;
};

/**
 * struct vmnet_dhcp_config - the settings of one network's DHCP
 *
 * Never changed once it is in use; a new one takes its place, and readers go
 * on with the old one until they have left RCU. Addresses in host order are
 * those that are calculated with.
 *
 * @rcu: for freeing
 * @enabled: whether anything is answered
 * @server_auto: @server follows the subnet
 * @range_auto: so does the range
 * @prefix_len: of the subnet
 * @key: enum vmnet_lease_key
 * @probe: enum vmnet_dhcp_probe
 * @server_mac: the server's, unless the host has its address
 * @subnet: its first address
 * @server: the server's address
 * @range_start: the first address that clients may get
 * @range_end: the last
 * @lease: seconds, or VMNET_DHCP_FOREVER
 * @t1: seconds, 0 for half of the lease
 * @t2: seconds, 0 for seven eighths of the lease
 * @lease_min: what a client may ask for
 * @lease_max: the same; 0 for @lease
 * @exclude_count: ranges in @exclude
 * @exclude: addresses that no client gets
 * @options: what clients are told
 */
struct vmnet_dhcp_config {
	struct rcu_head rcu;
	bool enabled;
	bool server_auto;
	bool range_auto;
	u8 prefix_len;
	u8 key;
	u8 probe;
	u8 server_mac[6];
	u32 subnet;
	u32 server;
	u32 range_start;
	u32 range_end;
	u32 lease;
	u32 t1;
	u32 t2;
	u32 lease_min;
	u32 lease_max;
	u8 exclude_count;
	struct vmnet_dhcp_range exclude[VMNET_DHCP_EXCLUDE_MAX];
	struct vmnet_dhcp_options options;
};

static inline bool vmnet_dhcp_in_subnet(const struct vmnet_dhcp_config *config,
					__be32 address)
{
	return (address & config->options.mask) == htonl(config->subnet);
}

/* RFC 2131 section 4.4.5: half of the lease, and seven eighths of it. */
static inline u32 vmnet_dhcp_default_t1(u32 lease)
{
	return lease / 2;
}

static inline u32 vmnet_dhcp_default_t2(u32 lease)
{
	return lease - lease / 8 - !!(lease % 8);
}

/**
 * vmnet_dhcp_config_read() - make settings of the old ones and the wishes
 * @config: filled; holds the old ones, or what a network begins with
 * @nw: the network
 * @key: the scope of it
 * @tb: the wishes, by VMNET_A_DHCP_*
 * @extack: the reason of a refusal, and the attribute
 *
 * Context: RTNL; may sleep
 * Return: 0, or an error; then @config is of no use
 */
int vmnet_dhcp_config_read(struct vmnet_dhcp_config *config,
			   struct vmnet_network *nw,
			   const struct vmnet_dhcp_key *key, struct nlattr **tb,
			   struct netlink_ext_ack *extack);

/* What a network begins with, before its first subnet. */
void vmnet_dhcp_config_start(struct vmnet_dhcp_config *config);

#endif /* VMNET_DHCP_CONFIG_H */
