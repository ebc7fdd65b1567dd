/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vmnet.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VMNET_GEN_H
#define _LINUX_VMNET_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vmnet.h>

/* Common nested types */
extern const struct nla_policy vmnet_dhcp_nl_policy[VMNET_A_DHCP_RECOVERING + 1];
extern const struct nla_policy vmnet_dhcp_boot_entry_nl_policy[VMNET_A_DHCP_BOOT_ENTRY_FILE + 1];
extern const struct nla_policy vmnet_dhcp_boot_list_nl_policy[VMNET_A_DHCP_BOOT_LIST_ENTRY + 1];
extern const struct nla_policy vmnet_dhcp_domains_nl_policy[VMNET_A_DHCP_DOMAINS_DOMAIN + 1];
extern const struct nla_policy vmnet_dhcp_log_nl_policy[VMNET_A_DHCP_LOG_PAD + 1];
extern const struct nla_policy vmnet_dhcp_option_entry_nl_policy[VMNET_A_DHCP_OPTION_ENTRY_DATA + 1];
extern const struct nla_policy vmnet_dhcp_option_list_nl_policy[VMNET_A_DHCP_OPTION_LIST_ENTRY + 1];
extern const struct nla_policy vmnet_drop_nl_policy[VMNET_A_DROP_PAD + 1];
extern const struct nla_policy vmnet_fdb_nl_policy[VMNET_A_FDB_VLAN + 1];
extern const struct nla_policy vmnet_host_nl_policy[VMNET_A_HOST_VERSION + 1];
extern const struct nla_policy vmnet_hostif_nl_policy[VMNET_A_HOSTIF_FORCE + 1];
extern const struct nla_policy vmnet_lease_nl_policy[VMNET_A_LEASE_PAD + 1];
extern const struct nla_policy vmnet_network_nl_policy[VMNET_A_NETWORK_STATS + 1];
extern const struct nla_policy vmnet_port_nl_policy[VMNET_A_PORT_STATS + 1];
extern const struct nla_policy vmnet_reservation_nl_policy[VMNET_A_RESERVATION_FORCE + 1];
extern const struct nla_policy vmnet_stats_nl_policy[VMNET_A_STATS_PAD + 1];

/* Global operation policy for vmnet */
extern const struct nla_policy vmnet_nl_policy[VMNET_A_DHCP_LOG + 1];

/* Ops table for vmnet */
extern const struct genl_small_ops vmnet_nl_ops[26];

int vmnet_nl_network_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_network_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vmnet_nl_network_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmnet_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_attach_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_detach_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_move_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_dhcp_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_dhcp_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmnet_nl_dhcp_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_lease_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmnet_nl_lease_del_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vmnet_nl_fdb_add_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_host_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_host_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_reset_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_hostif_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_hostif_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vmnet_nl_hostif_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_reservation_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int vmnet_nl_reservation_add_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_reservation_del_doit(struct sk_buff *skb, struct genl_info *info);
int vmnet_nl_dhcp_log_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int vmnet_nl_lease_add_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VMNET_NLGRP_CONFIG,
	VMNET_NLGRP_LEASE,
};

#endif /* _LINUX_VMNET_GEN_H */
