/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_NL_H
#define VMNET_NL_H

#include <net/genetlink.h>

#include "../vmnet.h"

extern struct genl_family vmnet_nl_family;

/* The bit of an attribute in a mask of those that a command takes. */
#define VMNET_NL(attr)	BIT_ULL(attr)

/* Refuses the nests that a command is not about: all but @type, 0 for all. */
int vmnet_nl_refuse_nests(struct nlattr **attrs, int type,
			  struct netlink_ext_ack *extack);

/**
 * vmnet_nl_parse() - the one nest that a command is about
 * @info: the message
 * @type: the nest, VMNET_A_*; others are refused
 * @tb: filled; @max + 1 pointers
 * @max: the highest attribute of the nest
 * @policy: of the nest
 * @takes: VMNET_NL() of those that the command takes; others are refused
 *
 * Return: 0, or an error with its sentence set
 */
int vmnet_nl_parse(struct genl_info *info, int type, struct nlattr **tb,
		   int max, const struct nla_policy *policy, u64 takes);

/* The same for the filter of a dump, which may be missing: then @tb is empty. */
int vmnet_nl_parse_dump(struct netlink_callback *cb, int type,
			struct nlattr **tb, int max,
			const struct nla_policy *policy, u64 takes);

/**
 * vmnet_nl_network() - find a network by its name
 * @info: the message
 * @name: the attribute; may be missing
 *
 * Context: RTNL
 * Return: the network, or NULL with the sentence set: -ENOENT then
 */
struct vmnet_network *vmnet_nl_network(struct genl_info *info,
				       const struct nlattr *name);

/* The network that a dump is about, by its ifindex; 0 if it is about all; RTNL. */
int vmnet_nl_network_filter(struct netlink_callback *cb,
			    const struct nlattr *name, unsigned long *ifindex);

/* The same for a port of the asking namespace. */
struct vmnet_port *vmnet_nl_port(struct genl_info *info,
				 const struct nlattr *name);

/* Puts the nest of counters; network totals or a port's. */
int vmnet_nl_put_stats(struct sk_buff *skb, int attr,
		       const struct vmnet_totals *sum);

/**
 * vmnet_nl_notify_network() - tell listeners of a network
 * @nw: the network
 * @cmd: VMNET_CMD_NETWORK_*_NTF
 *
 * Context: RTNL; may sleep
 */
void vmnet_nl_notify_network(struct vmnet_network *nw, u8 cmd);
void vmnet_nl_notify_port(struct vmnet_port *port, u8 cmd);
/* Of an adapter, a name that waits for one, or the default. */
void vmnet_nl_notify_hostif(struct net *net, const char *name);

/* An address of @owner came in by @port; a frame's way. */
void vmnet_nl_notify_loop(const struct vmnet_network *nw,
			  const struct vmnet_port *port,
			  const struct vmnet_port *owner, const u8 *addr);

int vmnet_nl_init(void);
void vmnet_nl_exit(void);

#endif /* VMNET_NL_H */
