/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings while they are made: only for config.c and option_config.c. */
#ifndef VMNET_DHCP_WISH_H
#define VMNET_DHCP_WISH_H

#include <linux/in.h>
#include <net/netlink.h>

#include "config.h"

struct vmnet_dhcp_key;

/**
 * struct vmnet_dhcp_wish - settings while they are made
 * @config: the settings
 * @nw: the network
 * @key: the scope of it
 * @tb: what is wished for
 * @extack: the reason of a refusal
 * @first: the first address of the subnet that a client or server may have
 * @last: the last
 */
struct vmnet_dhcp_wish {
	struct vmnet_dhcp_config *config;
	struct vmnet_network *nw;
	const struct vmnet_dhcp_key *key;
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
	u32 first;
	u32 last;
};

/* Says no, and points at what was wrong. */
#define vmnet_dhcp_refuse(_wish, _attr, _fmt, _args...) ({		\
	const struct vmnet_dhcp_wish *__wish = (_wish);			\
									\
	NL_SET_ERR_MSG_ATTR_FMT(__wish->extack, __wish->tb[_attr],	\
				_fmt, ##_args);				\
	-EINVAL;							\
})

/* The same, at an attribute inside of a list. */
#define vmnet_dhcp_refuse_at(_wish, _nla, _fmt, _args...) ({		\
	NL_SET_ERR_MSG_ATTR_FMT((_wish)->extack, _nla, _fmt, ##_args);	\
	-EINVAL;							\
})

/* Addresses that one host can have: not "this network", loopback, multicast or
 * what is beyond.
 */
static inline bool vmnet_dhcp_is_host(u32 address)
{
	u8 net = address >> 24;

	return net && net != IN_LOOPBACKNET && net < 224;
}

/* RFC 1123 section 2.1, and underscores, which are in use. It is a word in the
 * files of clients, so nothing else may be in it.
 */
bool vmnet_dhcp_is_domain(const char *domain);

/* An address within the subnet that a host can have there. */
int vmnet_dhcp_check_inside(struct vmnet_dhcp_wish *wish, int attr,
			    u32 address, const char *what);

/* A list of addresses, VMNET_SERVERS_MAX at most. */
int vmnet_dhcp_wish_servers(struct vmnet_dhcp_wish *wish, int attr,
			    __be32 *servers, u8 *count);

/**
 * vmnet_dhcp_wish_options() - what clients are told beside router and servers
 * @wish: the subnet is known
 *
 * Return: 0, or an error with its sentence set
 */
int vmnet_dhcp_wish_options(struct vmnet_dhcp_wish *wish);

/* The same for addresses that no client gets. */
int vmnet_dhcp_wish_exclude(struct vmnet_dhcp_wish *wish);

#endif /* VMNET_DHCP_WISH_H */
