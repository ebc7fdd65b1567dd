// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vmnet.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "gen.h"

#include <uapi/linux/vmnet.h>

/* Common nested types */
const struct nla_policy vmnet_dhcp_nl_policy[VMNET_A_DHCP_RECOVERING + 1] = {
	[VMNET_A_DHCP_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_DHCP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_DHCP_SUBNET] = { .type = NLA_U32, },
	[VMNET_A_DHCP_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 30),
	[VMNET_A_DHCP_AUTO] = { .type = NLA_FLAG, },
	[VMNET_A_DHCP_SERVER] = { .type = NLA_U32, },
	[VMNET_A_DHCP_SERVER_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_DHCP_RANGE_START] = { .type = NLA_U32, },
	[VMNET_A_DHCP_RANGE_END] = { .type = NLA_U32, },
	[VMNET_A_DHCP_ROUTER] = { .type = NLA_U32, },
	[VMNET_A_DHCP_DNS] = { .type = NLA_BINARY, },
	[VMNET_A_DHCP_WINS] = { .type = NLA_BINARY, },
	[VMNET_A_DHCP_DOMAIN] = { .type = NLA_NUL_STRING, .len = 253, },
	[VMNET_A_DHCP_LEASE] = { .type = NLA_U32, },
	[VMNET_A_DHCP_T1] = { .type = NLA_U32, },
	[VMNET_A_DHCP_T2] = { .type = NLA_U32, },
	[VMNET_A_DHCP_LEASE_MIN] = { .type = NLA_U32, },
	[VMNET_A_DHCP_LEASE_MAX] = { .type = NLA_U32, },
	[VMNET_A_DHCP_KEY] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMNET_A_DHCP_FORCE] = { .type = NLA_FLAG, },
	[VMNET_A_DHCP_CLEAR] = { .type = NLA_FLAG, },
	[VMNET_A_DHCP_LEASES] = { .type = NLA_U32, },
	[VMNET_A_DHCP_POOL_SIZE] = { .type = NLA_U32, },
	[VMNET_A_DHCP_DISCOVERS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_OFFERS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_REQUESTS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_ACKS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_NAKS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_DECLINES] = { .type = NLA_U64, },
	[VMNET_A_DHCP_RELEASES] = { .type = NLA_U64, },
	[VMNET_A_DHCP_INFORMS] = { .type = NLA_U64, },
	[VMNET_A_DHCP_IGNORED] = { .type = NLA_U64, },
	[VMNET_A_DHCP_EXHAUSTED] = { .type = NLA_U64, },
	[VMNET_A_DHCP_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VMNET_A_DHCP_POOL] = { .type = NLA_NUL_STRING, .len = VMNET_POOL_NAME_MAX, },
	[VMNET_A_DHCP_SEARCH] = NLA_POLICY_NESTED(vmnet_dhcp_domains_nl_policy),
	[VMNET_A_DHCP_NTP] = { .type = NLA_BINARY, },
	[VMNET_A_DHCP_MTU] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_DHCP_ROUTES] = { .type = NLA_BINARY, },
	[VMNET_A_DHCP_NEXT_SERVER] = { .type = NLA_U32, },
	[VMNET_A_DHCP_TFTP_SERVER] = { .type = NLA_NUL_STRING, .len = 253, },
	[VMNET_A_DHCP_BOOT_FILE] = { .type = NLA_NUL_STRING, .len = VMNET_DHCP_BOOT_FILE_MAX, },
	[VMNET_A_DHCP_BOOT_FILE_ARCH] = NLA_POLICY_NESTED(vmnet_dhcp_boot_list_nl_policy),
	[VMNET_A_DHCP_BOOT_FILE_IPXE] = { .type = NLA_NUL_STRING, .len = VMNET_DHCP_BOOT_FILE_MAX, },
	[VMNET_A_DHCP_V6ONLY] = { .type = NLA_U32, },
	[VMNET_A_DHCP_AUTO_CONFIGURE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMNET_A_DHCP_RAPID_COMMIT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_DHCP_OPTION] = NLA_POLICY_NESTED(vmnet_dhcp_option_list_nl_policy),
	[VMNET_A_DHCP_EXCLUDE] = { .type = NLA_BINARY, },
	[VMNET_A_DHCP_PROBE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMNET_A_DHCP_RECOVERING] = { .type = NLA_U8, },
};

const struct nla_policy vmnet_dhcp_boot_entry_nl_policy[VMNET_A_DHCP_BOOT_ENTRY_FILE + 1] = {
	[VMNET_A_DHCP_BOOT_ENTRY_ARCH] = { .type = NLA_U16, },
	[VMNET_A_DHCP_BOOT_ENTRY_FILE] = { .type = NLA_NUL_STRING, .len = VMNET_DHCP_BOOT_FILE_MAX, },
};

const struct nla_policy vmnet_dhcp_boot_list_nl_policy[VMNET_A_DHCP_BOOT_LIST_ENTRY + 1] = {
	[VMNET_A_DHCP_BOOT_LIST_ENTRY] = NLA_POLICY_NESTED(vmnet_dhcp_boot_entry_nl_policy),
};

const struct nla_policy vmnet_dhcp_domains_nl_policy[VMNET_A_DHCP_DOMAINS_DOMAIN + 1] = {
	[VMNET_A_DHCP_DOMAINS_DOMAIN] = { .type = NLA_STRING, .len = 253, },
};

const struct nla_policy vmnet_dhcp_log_nl_policy[VMNET_A_DHCP_LOG_PAD + 1] = {
	[VMNET_A_DHCP_LOG_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_DHCP_LOG_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_DHCP_LOG_PORT] = { .type = NLA_NUL_STRING, },
	[VMNET_A_DHCP_LOG_AGO] = { .type = NLA_U64, },
	[VMNET_A_DHCP_LOG_TYPE] = NLA_POLICY_MAX(NLA_U32, 8),
	[VMNET_A_DHCP_LOG_ASKED] = { .type = NLA_U32, },
	[VMNET_A_DHCP_LOG_DECISION] = NLA_POLICY_MAX(NLA_U32, 30),
	[VMNET_A_DHCP_LOG_REPLY] = NLA_POLICY_MAX(NLA_U32, 8),
	[VMNET_A_DHCP_LOG_ADDRESS] = { .type = NLA_U32, },
	[VMNET_A_DHCP_LOG_PREFIX_LEN] = { .type = NLA_U8, },
	[VMNET_A_DHCP_LOG_TIMES] = { .type = NLA_U32, },
	[VMNET_A_DHCP_LOG_VLAN] = { .type = NLA_U16, },
	[VMNET_A_DHCP_LOG_POOL] = { .type = NLA_NUL_STRING, },
};

const struct nla_policy vmnet_dhcp_option_entry_nl_policy[VMNET_A_DHCP_OPTION_ENTRY_DATA + 1] = {
	[VMNET_A_DHCP_OPTION_ENTRY_CODE] = { .type = NLA_U8, },
	[VMNET_A_DHCP_OPTION_ENTRY_DATA] = { .type = NLA_BINARY, },
};

const struct nla_policy vmnet_dhcp_option_list_nl_policy[VMNET_A_DHCP_OPTION_LIST_ENTRY + 1] = {
	[VMNET_A_DHCP_OPTION_LIST_ENTRY] = NLA_POLICY_NESTED(vmnet_dhcp_option_entry_nl_policy),
};

const struct nla_policy vmnet_drop_nl_policy[VMNET_A_DROP_PAD + 1] = {
	[VMNET_A_DROP_REASON] = NLA_POLICY_MAX(NLA_U32, 21),
	[VMNET_A_DROP_COUNT] = { .type = NLA_U64, },
};

const struct nla_policy vmnet_fdb_nl_policy[VMNET_A_FDB_VLAN + 1] = {
	[VMNET_A_FDB_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_FDB_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_FDB_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, 5),
	[VMNET_A_FDB_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
	[VMNET_A_FDB_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_FDB_AGE] = { .type = NLA_U32, },
	[VMNET_A_FDB_REPLACE] = { .type = NLA_FLAG, },
	[VMNET_A_FDB_VLAN] = { .type = NLA_U16, },
};

const struct nla_policy vmnet_host_nl_policy[VMNET_A_HOST_VERSION + 1] = {
	[VMNET_A_HOST_KEY] = NLA_POLICY_EXACT_LEN(16),
	[VMNET_A_HOST_KEY_SOURCE] = { .type = NLA_NUL_STRING, },
	[VMNET_A_HOST_VERSION] = { .type = NLA_NUL_STRING, },
};

const struct nla_policy vmnet_hostif_nl_policy[VMNET_A_HOSTIF_FORCE + 1] = {
	[VMNET_A_HOSTIF_NAME] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_HOSTIF_IFINDEX] = { .type = NLA_U32, },
	[VMNET_A_HOSTIF_DRIVER] = { .type = NLA_NUL_STRING, },
	[VMNET_A_HOSTIF_SPEED] = { .type = NLA_U32, },
	[VMNET_A_HOSTIF_MTU] = { .type = NLA_U32, },
	[VMNET_A_HOSTIF_CARRIER] = { .type = NLA_U8, },
	[VMNET_A_HOSTIF_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_HOSTIF_PRESENT] = { .type = NLA_U8, },
	[VMNET_A_HOSTIF_ALLOW] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_HOSTIF_ALLOW_DEFAULT] = { .type = NLA_FLAG, },
	[VMNET_A_HOSTIF_NETWORK] = { .type = NLA_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_HOSTIF_NETWORKS_BOUND] = { .type = NLA_U32, },
	[VMNET_A_HOSTIF_FORCE] = { .type = NLA_FLAG, },
};

const struct nla_policy vmnet_lease_nl_policy[VMNET_A_LEASE_PAD + 1] = {
	[VMNET_A_LEASE_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_LEASE_ADDRESS] = { .type = NLA_U32, },
	[VMNET_A_LEASE_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_LEASE_PORT] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_LEASE_STATE] = NLA_POLICY_MAX(NLA_U32, 4),
	[VMNET_A_LEASE_CLIENT_ID] = { .type = NLA_BINARY, },
	[VMNET_A_LEASE_HOSTNAME] = { .type = NLA_BINARY, },
	[VMNET_A_LEASE_EXPIRES] = { .type = NLA_U64, },
	[VMNET_A_LEASE_EVENT] = NLA_POLICY_MAX(NLA_U32, 7),
	[VMNET_A_LEASE_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VMNET_A_LEASE_POOL] = { .type = NLA_NUL_STRING, .len = VMNET_POOL_NAME_MAX, },
};

const struct nla_policy vmnet_network_nl_policy[VMNET_A_NETWORK_STATS + 1] = {
	[VMNET_A_NETWORK_NAME] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_NETWORK_IFINDEX] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_LABEL] = { .type = NLA_NUL_STRING, .len = VMNET_LABEL_MAX, },
	[VMNET_A_NETWORK_NOTES] = { .type = NLA_NUL_STRING, .len = VMNET_NOTES_MAX, },
	[VMNET_A_NETWORK_MTU] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_HOST] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_NETWORK_UP] = { .type = NLA_U8, },
	[VMNET_A_NETWORK_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_NETWORK_PORTS_ATTACHED] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_FDB_ENTRIES] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_FDB_LIMIT] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_AGEING] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_UPLINK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_NETWORK_UPLINK_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMNET_A_NETWORK_UPLINK_VLAN] = { .type = NLA_U16, },
	[VMNET_A_NETWORK_UPLINK_TRUNK] = { .type = NLA_BINARY, },
	[VMNET_A_NETWORK_UPLINK_NATIVE] = { .type = NLA_U16, },
	[VMNET_A_NETWORK_UPLINK_DHCP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_NETWORK_UPLINK_FOLLOW] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_NETWORK_UPLINK_PROMISCUOUS] = { .type = NLA_U8, },
	[VMNET_A_NETWORK_HOST_PATH] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMNET_A_NETWORK_DHCP_ENABLED] = { .type = NLA_U8, },
	[VMNET_A_NETWORK_DHCP_SUBNET] = { .type = NLA_U32, },
	[VMNET_A_NETWORK_DHCP_PREFIX_LEN] = { .type = NLA_U8, },
	[VMNET_A_NETWORK_STATS] = NLA_POLICY_NESTED(vmnet_stats_nl_policy),
};

const struct nla_policy vmnet_port_nl_policy[VMNET_A_PORT_STATS + 1] = {
	[VMNET_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_PORT_NEW_NAME] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_PORT_ID] = { .type = NLA_U32, },
	[VMNET_A_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, 5),
	[VMNET_A_PORT_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMNET_A_PORT_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_PORT_VM] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_PORT_IFINDEX] = { .type = NLA_U32, },
	[VMNET_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_PORT_NETNSID] = { .type = NLA_S32, },
	[VMNET_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VMNET_A_PORT_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_PORT_MAC_AUTO] = { .type = NLA_U8, },
	[VMNET_A_PORT_MTU] = { .type = NLA_U32, },
	[VMNET_A_PORT_MTU_AUTO] = { .type = NLA_U8, },
	[VMNET_A_PORT_QUEUES] = { .type = NLA_U32, },
	[VMNET_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_PORT_LEARN_LIMIT] = { .type = NLA_U32, },
	[VMNET_A_PORT_LEARNED] = { .type = NLA_U32, },
	[VMNET_A_PORT_NOT_LEARNED] = { .type = NLA_U64, },
	[VMNET_A_PORT_GUARD_MAC] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_PORT_GUARD_DHCP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_PORT_DHCP_LIMIT] = { .type = NLA_U32, },
	[VMNET_A_PORT_DHCP_RATE] = { .type = NLA_U32, },
	[VMNET_A_PORT_LEASES] = { .type = NLA_U32, },
	[VMNET_A_PORT_DETACHED] = { .type = NLA_FLAG, },
	[VMNET_A_PORT_VLAN] = { .type = NLA_U16, },
	[VMNET_A_PORT_TRUNK] = { .type = NLA_BINARY, },
	[VMNET_A_PORT_NATIVE] = { .type = NLA_U16, },
	[VMNET_A_PORT_L2PROTO] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_PORT_LOOP_HOLD] = { .type = NLA_U32, },
	[VMNET_A_PORT_LOOP_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_PORT_LOOP_PORT] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_PORT_POOL] = { .type = NLA_NUL_STRING, .len = VMNET_POOL_NAME_MAX, },
	[VMNET_A_PORT_GUARD_CHADDR] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMNET_A_PORT_NODE] = { .type = NLA_NUL_STRING, .len = VMNET_NODE_MAX, },
	[VMNET_A_PORT_UID] = { .type = NLA_U32, },
	[VMNET_A_PORT_GID] = { .type = NLA_U32, },
	[VMNET_A_PORT_QUEUES_OPEN] = { .type = NLA_U32, },
	[VMNET_A_PORT_STATS] = NLA_POLICY_NESTED(vmnet_stats_nl_policy),
};

const struct nla_policy vmnet_reservation_nl_policy[VMNET_A_RESERVATION_FORCE + 1] = {
	[VMNET_A_RESERVATION_NETWORK] = { .type = NLA_NUL_STRING, .len = VMNET_NETWORK_NAME_MAX, },
	[VMNET_A_RESERVATION_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VMNET_A_RESERVATION_POOL] = { .type = NLA_NUL_STRING, .len = VMNET_POOL_NAME_MAX, },
	[VMNET_A_RESERVATION_ADDRESS] = { .type = NLA_U32, },
	[VMNET_A_RESERVATION_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMNET_A_RESERVATION_CLIENT_ID] = { .type = NLA_BINARY, },
	[VMNET_A_RESERVATION_PORT] = { .type = NLA_NUL_STRING, .len = VMNET_PORT_NAME_MAX, },
	[VMNET_A_RESERVATION_HOSTNAME] = { .type = NLA_NUL_STRING, .len = VMNET_HOSTNAME_MAX, },
	[VMNET_A_RESERVATION_FORCE] = { .type = NLA_FLAG, },
};

const struct nla_policy vmnet_stats_nl_policy[VMNET_A_STATS_PAD + 1] = {
	[VMNET_A_STATS_RECEIVED] = { .type = NLA_U64, },
	[VMNET_A_STATS_REPLICATED] = { .type = NLA_U64, },
	[VMNET_A_STATS_SEGMENTED] = { .type = NLA_U64, },
	[VMNET_A_STATS_DELIVERED] = { .type = NLA_U64, },
	[VMNET_A_STATS_CONSUMED] = { .type = NLA_U64, },
	[VMNET_A_STATS_DROPPED] = { .type = NLA_U64, },
	[VMNET_A_STATS_QUEUED] = { .type = NLA_U64, },
	[VMNET_A_STATS_PASSED] = { .type = NLA_U64, },
	[VMNET_A_STATS_RX_BYTES] = { .type = NLA_U64, },
	[VMNET_A_STATS_TX_BYTES] = { .type = NLA_U64, },
	[VMNET_A_STATS_DROP] = NLA_POLICY_NESTED(vmnet_drop_nl_policy),
};

/* Global operation policy for vmnet */
const struct nla_policy vmnet_nl_policy[VMNET_A_DHCP_LOG + 1] = {
	[VMNET_A_NETWORK] = NLA_POLICY_NESTED(vmnet_network_nl_policy),
	[VMNET_A_PORT] = NLA_POLICY_NESTED(vmnet_port_nl_policy),
	[VMNET_A_DHCP] = NLA_POLICY_NESTED(vmnet_dhcp_nl_policy),
	[VMNET_A_LEASE] = NLA_POLICY_NESTED(vmnet_lease_nl_policy),
	[VMNET_A_FDB] = NLA_POLICY_NESTED(vmnet_fdb_nl_policy),
	[VMNET_A_HOST] = NLA_POLICY_NESTED(vmnet_host_nl_policy),
	[VMNET_A_HOSTIF] = NLA_POLICY_NESTED(vmnet_hostif_nl_policy),
	[VMNET_A_RESERVATION] = NLA_POLICY_NESTED(vmnet_reservation_nl_policy),
	[VMNET_A_DHCP_LOG] = NLA_POLICY_NESTED(vmnet_dhcp_log_nl_policy),
};

/* Ops table for vmnet */
const struct genl_small_ops vmnet_nl_ops[26] = {
	{
		.cmd	= VMNET_CMD_NETWORK_GET,
		.doit	= vmnet_nl_network_get_doit,
		.dumpit	= vmnet_nl_network_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_NETWORK_SET,
		.doit	= vmnet_nl_network_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_PORT_GET,
		.doit	= vmnet_nl_port_get_doit,
		.dumpit	= vmnet_nl_port_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_PORT_SET,
		.doit	= vmnet_nl_port_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_PORT_ATTACH,
		.doit	= vmnet_nl_port_attach_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_PORT_DETACH,
		.doit	= vmnet_nl_port_detach_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_PORT_MOVE,
		.doit	= vmnet_nl_port_move_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_PORT_DEL,
		.doit	= vmnet_nl_port_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_DHCP_GET,
		.doit	= vmnet_nl_dhcp_get_doit,
		.dumpit	= vmnet_nl_dhcp_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_DHCP_SET,
		.doit	= vmnet_nl_dhcp_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_LEASE_GET,
		.dumpit	= vmnet_nl_lease_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_LEASE_DEL,
		.doit	= vmnet_nl_lease_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_FDB_GET,
		.dumpit	= vmnet_nl_fdb_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_FDB_ADD,
		.doit	= vmnet_nl_fdb_add_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_FDB_DEL,
		.doit	= vmnet_nl_fdb_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_FDB_FLUSH,
		.doit	= vmnet_nl_fdb_flush_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_HOST_GET,
		.doit	= vmnet_nl_host_get_doit,
	},
	{
		.cmd	= VMNET_CMD_HOST_SET,
		.doit	= vmnet_nl_host_set_doit,
		.flags	= GENL_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_RESET,
		.doit	= vmnet_nl_reset_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_HOSTIF_GET,
		.doit	= vmnet_nl_hostif_get_doit,
		.dumpit	= vmnet_nl_hostif_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_HOSTIF_SET,
		.doit	= vmnet_nl_hostif_set_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_RESERVATION_GET,
		.dumpit	= vmnet_nl_reservation_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_RESERVATION_ADD,
		.doit	= vmnet_nl_reservation_add_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_RESERVATION_DEL,
		.doit	= vmnet_nl_reservation_del_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd	= VMNET_CMD_DHCP_LOG_GET,
		.dumpit	= vmnet_nl_dhcp_log_get_dumpit,
	},
	{
		.cmd	= VMNET_CMD_LEASE_ADD,
		.doit	= vmnet_nl_lease_add_doit,
		.flags	= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group vmnet_nl_mcgrps[] = {
	[VMNET_NLGRP_CONFIG] = { "config", },
	[VMNET_NLGRP_LEASE] = { "lease", },
};
