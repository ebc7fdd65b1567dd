// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <linux/net_namespace.h>
#include <linux/vmnet.h>
#include <netlink/attr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "fields.h"
#include "say.h"
#include "text.h"

const char *const port_types[] = {
	"nic", "tap", "dev", "uplink", "host", "server", NULL
};

static const char *const uplink_states[] = { "missing", "down", "up", NULL };
static const char *const host_paths[] = { "hook", "wire-only", NULL };
static const char *const port_states[] = { "detached", "down", "up", NULL };
const char *const fdb_kinds[] = {
	"own", "server", "static", "learned", NULL
};
const char *const lease_keys[] = { "hwaddr", "client-id", NULL };
const char *const auto_configures[] = { "none", "off", "on", NULL };

const char *const lease_states[] = {
	"offered", "bound", "released", "expired", "declined", NULL
};

static const char *const lease_events[] = {
	"new", "renewed", "released", "expired", "declined", "deleted",
	"exhausted", "conflict", NULL
};

const char *const dhcp_probes[] = { "auto", "on", "off", NULL };

static const char *const dhcp_messages[] = {
	"bootp", "discover", "offer", "request", "decline", "ack", "nak",
	"release", "inform", NULL
};

static const char *const dhcp_decisions[] = {
	"offered", "bound", "renewed", "informed", "declined", "released",
	"not-in-subnet", "not-in-range", "has-another", "taken", "in-use",
	"revoked", "other-server", "no-address", "not-holder", "outside",
	"not-served", "unknown-relay", "port-full", "too-often", "offers-full",
	"exhausted", "no-memory", "probing", "probes-full", "bound-at-once",
	"offered-reserved", "reserved", "has-reserved", "bootp-reserved",
	"bootp-without", NULL
};

static const struct {
	const char *name;
	const char *meaning;
} drop_reasons[] = {
	{ "too-short", "Shorter than an Ethernet header." },
	{ "bad-source", "The source address is a group address or zero." },
	{ "forged-source", "The source address is not the port's own (guard-mac)." },
	{ "reserved", "To a link-local group address, 01-80-C2-00-00-0x." },
	{ "detached", "The port was not, or no longer, attached." },
	{ "network-down", "The network is switched off." },
	{ "host-off", "Sent by the host, which is no member of the network." },
	{ "unknown-unicast", "No port has the destination address." },
	{ "no-receiver", "Broadcast or multicast, and no other port is up." },
	{ "same-port", "To the port that it came from." },
	{ "port-down", "The receiving netdev is down." },
	{ "mtu", "Larger than the network's or the receiver's MTU." },
	{ "queue-full", "The receiver does not keep up." },
	{ "no-memory", "No memory for a copy, a header or a reply." },
	{ "dhcp-limit", "The port has its full number of leases, or asks too often." },
	{ "dhcp-malformed", "For the DHCP server, but cannot be answered." },
	{ "dhcp-rogue", "A DHCP server's message from a virtual port (guard-dhcp)." },
	{ "sticky", "From an address that is bound to another port." },
	{ "vlan", "In a VLAN that the port does not carry." },
	{ "loop", "From the address of a local port, but it came from outside." },
	{ "dhcp-chaddr", "A DHCP message in the name of another address (guard-chaddr)." },
	{ "dhcp-no-scope", "For the DHCP server, but the port's pool has no scope here." },
};

_Static_assert(ARRAY_SIZE(drop_reasons) == VMNET_DROP_MAX + 1,
	       "drop_reasons follows enum vmnet_drop_reason");
_Static_assert(ARRAY_SIZE(port_types) == VMNET_PORT_TYPE_SERVER + 2,
	       "port_types follows enum vmnet_port_type");
_Static_assert(ARRAY_SIZE(lease_events) == VMNET_LEASE_EVENT_CONFLICT + 2,
	       "lease_events follows enum vmnet_lease_event");
_Static_assert(ARRAY_SIZE(dhcp_decisions) == VMNET_DHCP_DECISION_BOOTP_WITHOUT + 2,
	       "dhcp_decisions follows enum vmnet_dhcp_decision");

static const struct field stats_list[] = {
	{ VMNET_A_STATS_RECEIVED,	"received",	F_U64 },
	{ VMNET_A_STATS_REPLICATED,	"replicated",	F_U64 },
	{ VMNET_A_STATS_SEGMENTED,	"segmented",	F_U64 },
	{ VMNET_A_STATS_DELIVERED,	"delivered",	F_U64 },
	{ VMNET_A_STATS_CONSUMED,	"consumed",	F_U64 },
	{ VMNET_A_STATS_DROPPED,	"dropped",	F_U64 },
	{ VMNET_A_STATS_QUEUED,		"queued",	F_U64 },
	{ VMNET_A_STATS_PASSED,		"passed",	F_U64 },
	{ VMNET_A_STATS_RX_BYTES,	"rx-bytes",	F_U64 },
	{ VMNET_A_STATS_TX_BYTES,	"tx-bytes",	F_U64 },
	{ }
};

static const struct field network_list[] = {
	{ VMNET_A_NETWORK_NAME,		"name",		F_STRING },
	{ VMNET_A_NETWORK_IFINDEX,	"ifindex",	F_U32 },
	{ VMNET_A_NETWORK_LABEL,	"label",	F_STRING },
	{ VMNET_A_NETWORK_NOTES,	"notes",	F_STRING },
	{ VMNET_A_NETWORK_MTU,		"mtu",		F_U32 },
	{ VMNET_A_NETWORK_HOST,		"host",		F_BOOL },
	{ VMNET_A_NETWORK_UP,		"up",		F_BOOL },
	{ VMNET_A_NETWORK_MAC,		"mac",		F_MAC },
	{ VMNET_A_NETWORK_PORTS_ATTACHED, "ports-attached", F_U32 },
	{ VMNET_A_NETWORK_FDB_ENTRIES,	"fdb-entries",	F_U32 },
	{ VMNET_A_NETWORK_FDB_LIMIT,	"fdb-limit",	F_U32 },
	{ VMNET_A_NETWORK_AGEING,	"ageing",	F_U32 },
	{ VMNET_A_NETWORK_UPLINK,	"uplink",	F_STRING },
	{ VMNET_A_NETWORK_UPLINK_STATE,	"uplink-state",	F_ENUM, uplink_states },
	{ VMNET_A_NETWORK_UPLINK_VLAN,	"uplink-vlan",	F_U16 },
	{ VMNET_A_NETWORK_UPLINK_TRUNK,	"uplink-trunk",	F_VLANS },
	{ VMNET_A_NETWORK_UPLINK_NATIVE, "uplink-native", F_U16 },
	{ VMNET_A_NETWORK_UPLINK_DHCP,	"uplink-dhcp",	F_BOOL },
	{ VMNET_A_NETWORK_UPLINK_FOLLOW, "uplink-follow", F_BOOL },
	{ VMNET_A_NETWORK_UPLINK_PROMISCUOUS, "uplink-promiscuous", F_BOOL },
	{ VMNET_A_NETWORK_HOST_PATH,	"host-path",	F_ENUM, host_paths },
	{ VMNET_A_NETWORK_DHCP_ENABLED,	"dhcp-enabled",	F_BOOL },
	{ VMNET_A_NETWORK_DHCP_SUBNET,	"dhcp-subnet",	F_ADDRESS },
	{ VMNET_A_NETWORK_DHCP_PREFIX_LEN, "dhcp-prefix-len", F_U8 },
	{ VMNET_A_NETWORK_STATS,	"stats",	F_STATS },
	{ }
};

static const struct field port_list[] = {
	{ VMNET_A_PORT_NAME,		"name",		F_STRING },
	{ VMNET_A_PORT_ID,		"id",		F_U32 },
	{ VMNET_A_PORT_TYPE,		"type",		F_ENUM, port_types },
	{ VMNET_A_PORT_STATE,		"state",	F_ENUM, port_states },
	{ VMNET_A_PORT_NETWORK,		"network",	F_STRING },
	{ VMNET_A_PORT_VM,		"vm",		F_STRING },
	{ VMNET_A_PORT_IFINDEX,		"ifindex",	F_U32 },
	{ VMNET_A_PORT_IFNAME,		"ifname",	F_STRING },
	{ VMNET_A_PORT_NETNSID,		"netnsid",	F_S32 },
	{ VMNET_A_PORT_MAC,		"mac",		F_MAC },
	{ VMNET_A_PORT_MAC_AUTO,	"mac-auto",	F_BOOL },
	{ VMNET_A_PORT_MTU,		"mtu",		F_U32 },
	{ VMNET_A_PORT_MTU_AUTO,	"mtu-auto",	F_BOOL },
	{ VMNET_A_PORT_QUEUES,		"queues",	F_U32 },
	{ VMNET_A_PORT_VLAN,		"vlan",		F_U16 },
	{ VMNET_A_PORT_TRUNK,		"trunk",	F_VLANS },
	{ VMNET_A_PORT_NATIVE,		"native",	F_U16 },
	{ VMNET_A_PORT_L2PROTO,		"l2proto",	F_BOOL },
	{ VMNET_A_PORT_LOOP_HOLD,	"loop-hold",	F_U32 },
	{ VMNET_A_PORT_LOOP_MAC,	"loop-mac",	F_MAC },
	{ VMNET_A_PORT_LOOP_PORT,	"loop-port",	F_STRING },
	{ VMNET_A_PORT_NODE,		"node",		F_STRING },
	{ VMNET_A_PORT_UID,		"uid",		F_U32 },
	{ VMNET_A_PORT_GID,		"gid",		F_U32 },
	{ VMNET_A_PORT_QUEUES_OPEN,	"queues-open",	F_U32 },
	{ VMNET_A_PORT_LEARNING,	"learning",	F_BOOL },
	{ VMNET_A_PORT_LEARN_LIMIT,	"learn-limit",	F_U32 },
	{ VMNET_A_PORT_LEARNED,		"learned",	F_U32 },
	{ VMNET_A_PORT_NOT_LEARNED,	"not-learned",	F_U64 },
	{ VMNET_A_PORT_GUARD_MAC,	"guard-mac",	F_BOOL },
	{ VMNET_A_PORT_GUARD_DHCP,	"guard-dhcp",	F_BOOL },
	{ VMNET_A_PORT_GUARD_CHADDR,	"guard-chaddr",	F_BOOL },
	{ VMNET_A_PORT_POOL,		"pool",		F_STRING },
	{ VMNET_A_PORT_DHCP_LIMIT,	"dhcp-limit",	F_U32 },
	{ VMNET_A_PORT_DHCP_RATE,	"dhcp-rate",	F_U32 },
	{ VMNET_A_PORT_LEASES,		"leases",	F_U32 },
	{ VMNET_A_PORT_STATS,		"stats",	F_STATS },
	{ }
};

static const struct field dhcp_list[] = {
	{ VMNET_A_DHCP_NETWORK,		"network",	F_STRING },
	{ VMNET_A_DHCP_VLAN,		"vlan",		F_U16 },
	{ VMNET_A_DHCP_POOL,		"pool",		F_STRING },
	{ VMNET_A_DHCP_ENABLED,		"enabled",	F_BOOL },
	{ VMNET_A_DHCP_SUBNET,		"subnet",	F_ADDRESS },
	{ VMNET_A_DHCP_PREFIX_LEN,	"prefix-len",	F_U8 },
	{ VMNET_A_DHCP_SERVER,		"server",	F_ADDRESS },
	{ VMNET_A_DHCP_SERVER_MAC,	"server-mac",	F_MAC },
	{ VMNET_A_DHCP_RANGE_START,	"range-start",	F_ADDRESS },
	{ VMNET_A_DHCP_RANGE_END,	"range-end",	F_ADDRESS },
	{ VMNET_A_DHCP_ROUTER,		"router",	F_ADDRESS },
	{ VMNET_A_DHCP_DNS,		"dns",		F_ADDRESSES },
	{ VMNET_A_DHCP_WINS,		"wins",		F_ADDRESSES },
	{ VMNET_A_DHCP_DOMAIN,		"domain",	F_STRING },
	{ VMNET_A_DHCP_LEASE,		"lease",	F_U32 },
	{ VMNET_A_DHCP_T1,		"t1",		F_U32 },
	{ VMNET_A_DHCP_T2,		"t2",		F_U32 },
	{ VMNET_A_DHCP_LEASE_MIN,	"lease-min",	F_U32 },
	{ VMNET_A_DHCP_LEASE_MAX,	"lease-max",	F_U32 },
	{ VMNET_A_DHCP_KEY,		"key",		F_ENUM, lease_keys },
	{ VMNET_A_DHCP_SEARCH,		"search",	F_DOMAINS },
	{ VMNET_A_DHCP_NTP,		"ntp",		F_ADDRESSES },
	{ VMNET_A_DHCP_MTU,		"mtu",		F_BOOL },
	{ VMNET_A_DHCP_ROUTES,		"routes",	F_ROUTES },
	{ VMNET_A_DHCP_NEXT_SERVER,	"next-server",	F_ADDRESS },
	{ VMNET_A_DHCP_TFTP_SERVER,	"tftp-server",	F_STRING },
	{ VMNET_A_DHCP_BOOT_FILE,	"boot-file",	F_STRING },
	{ VMNET_A_DHCP_BOOT_FILE_ARCH,	"boot-file-arch", F_BOOT_FILES },
	{ VMNET_A_DHCP_BOOT_FILE_IPXE,	"boot-file-ipxe", F_STRING },
	{ VMNET_A_DHCP_V6ONLY,		"v6only",	F_U32 },
	{ VMNET_A_DHCP_AUTO_CONFIGURE,	"auto-configure", F_ENUM, auto_configures },
	{ VMNET_A_DHCP_RAPID_COMMIT,	"rapid-commit",	F_BOOL },
	{ VMNET_A_DHCP_OPTION,		"option",	F_OPTIONS },
	{ VMNET_A_DHCP_EXCLUDE,		"exclude",	F_RANGES },
	{ VMNET_A_DHCP_PROBE,		"probe",	F_ENUM, dhcp_probes },
	{ VMNET_A_DHCP_RECOVERING,	"recovering",	F_BOOL },
	{ VMNET_A_DHCP_LEASES,		"leases",	F_U32 },
	{ VMNET_A_DHCP_POOL_SIZE,	"pool-size",	F_U32 },
	{ VMNET_A_DHCP_DISCOVERS,	"discovers",	F_U64 },
	{ VMNET_A_DHCP_OFFERS,		"offers",	F_U64 },
	{ VMNET_A_DHCP_REQUESTS,	"requests",	F_U64 },
	{ VMNET_A_DHCP_ACKS,		"acks",		F_U64 },
	{ VMNET_A_DHCP_NAKS,		"naks",		F_U64 },
	{ VMNET_A_DHCP_DECLINES,	"declines",	F_U64 },
	{ VMNET_A_DHCP_RELEASES,	"releases",	F_U64 },
	{ VMNET_A_DHCP_INFORMS,		"informs",	F_U64 },
	{ VMNET_A_DHCP_IGNORED,		"ignored",	F_U64 },
	{ VMNET_A_DHCP_EXHAUSTED,	"exhausted",	F_U64 },
	{ }
};

static const struct field lease_list[] = {
	{ VMNET_A_LEASE_EVENT,		"event",	F_ENUM, lease_events },
	{ VMNET_A_LEASE_NETWORK,	"network",	F_STRING },
	{ VMNET_A_LEASE_VLAN,		"vlan",		F_U16 },
	{ VMNET_A_LEASE_POOL,		"pool",		F_STRING },
	{ VMNET_A_LEASE_ADDRESS,	"address",	F_ADDRESS },
	{ VMNET_A_LEASE_MAC,		"mac",		F_MAC },
	{ VMNET_A_LEASE_PORT,		"port",		F_STRING },
	{ VMNET_A_LEASE_STATE,		"state",	F_ENUM, lease_states },
	{ VMNET_A_LEASE_EXPIRES,	"expires",	F_U64 },
	{ VMNET_A_LEASE_CLIENT_ID,	"client-id",	F_BYTES_HEX },
	{ VMNET_A_LEASE_HOSTNAME,	"hostname",	F_BYTES_TEXT },
	{ }
};

static const struct field reservation_list[] = {
	{ VMNET_A_RESERVATION_NETWORK,	"network",	F_STRING },
	{ VMNET_A_RESERVATION_VLAN,	"vlan",		F_U16 },
	{ VMNET_A_RESERVATION_POOL,	"pool",		F_STRING },
	{ VMNET_A_RESERVATION_ADDRESS,	"address",	F_ADDRESS },
	{ VMNET_A_RESERVATION_MAC,	"mac",		F_MAC },
	{ VMNET_A_RESERVATION_CLIENT_ID, "client-id",	F_BYTES_HEX },
	{ VMNET_A_RESERVATION_PORT,	"port",		F_STRING },
	{ VMNET_A_RESERVATION_HOSTNAME,	"hostname",	F_STRING },
	{ }
};

static const struct field dhcp_log_list[] = {
	{ VMNET_A_DHCP_LOG_NETWORK,	"network",	F_STRING },
	{ VMNET_A_DHCP_LOG_VLAN,	"vlan",		F_U16 },
	{ VMNET_A_DHCP_LOG_POOL,	"pool",		F_STRING },
	{ VMNET_A_DHCP_LOG_AGO,		"ago",		F_U64 },
	{ VMNET_A_DHCP_LOG_PORT,	"port",		F_STRING },
	{ VMNET_A_DHCP_LOG_MAC,		"mac",		F_MAC },
	{ VMNET_A_DHCP_LOG_TYPE,	"type",		F_ENUM, dhcp_messages },
	{ VMNET_A_DHCP_LOG_ASKED,	"asked",	F_ADDRESS },
	{ VMNET_A_DHCP_LOG_DECISION,	"decision",	F_ENUM, dhcp_decisions },
	{ VMNET_A_DHCP_LOG_REPLY,	"reply",	F_ENUM, dhcp_messages },
	{ VMNET_A_DHCP_LOG_ADDRESS,	"address",	F_ADDRESS },
	{ VMNET_A_DHCP_LOG_PREFIX_LEN,	"prefix-len",	F_U8 },
	{ VMNET_A_DHCP_LOG_TIMES,	"times",	F_U32 },
	{ }
};

static const struct field fdb_list[] = {
	{ VMNET_A_FDB_NETWORK,		"network",	F_STRING },
	{ VMNET_A_FDB_MAC,		"mac",		F_MAC },
	{ VMNET_A_FDB_PORT,		"port",		F_STRING },
	{ VMNET_A_FDB_PORT_TYPE,	"port-type",	F_ENUM, port_types },
	{ VMNET_A_FDB_KIND,		"kind",		F_ENUM, fdb_kinds },
	{ VMNET_A_FDB_VLAN,		"vlan",		F_U16 },
	{ VMNET_A_FDB_STICKY,		"sticky",	F_BOOL },
	{ VMNET_A_FDB_AGE,		"age",		F_U32 },
	{ }
};

static const struct field host_list[] = {
	{ VMNET_A_HOST_KEY_SOURCE,	"key-source",	F_STRING },
	{ VMNET_A_HOST_VERSION,		"version",	F_STRING },
	{ }
};

static const struct field hostif_list[] = {
	{ VMNET_A_HOSTIF_NAME,		"name",		F_STRING },
	{ VMNET_A_HOSTIF_PRESENT,	"present",	F_BOOL },
	{ VMNET_A_HOSTIF_ALLOW,		"allow",	F_BOOL },
	{ VMNET_A_HOSTIF_ALLOW_DEFAULT,	"allow-default", F_FLAG },
	{ VMNET_A_HOSTIF_IFINDEX,	"ifindex",	F_U32 },
	{ VMNET_A_HOSTIF_DRIVER,	"driver",	F_STRING },
	{ VMNET_A_HOSTIF_SPEED,		"speed",	F_U32 },
	{ VMNET_A_HOSTIF_MTU,		"mtu",		F_U32 },
	{ VMNET_A_HOSTIF_CARRIER,	"carrier",	F_BOOL },
	{ VMNET_A_HOSTIF_MAC,		"mac",		F_MAC },
	{ VMNET_A_HOSTIF_NETWORK,	"network",	F_STRINGS },
	{ VMNET_A_HOSTIF_NETWORKS_BOUND, "networks-bound", F_U32 },
	{ }
};

static const struct field nsid_list[] = {
	{ NETNSA_NSID,			"netnsid",	F_S32 },
	{ }
};

const struct field_set network_fields = { VMNET_A_NETWORK, network_list };
const struct field_set port_fields = { VMNET_A_PORT, port_list };
const struct field_set dhcp_fields = { VMNET_A_DHCP, dhcp_list };
const struct field_set lease_fields = { VMNET_A_LEASE, lease_list };
const struct field_set dhcp_log_fields = { VMNET_A_DHCP_LOG, dhcp_log_list };
const struct field_set fdb_fields = { VMNET_A_FDB, fdb_list };
const struct field_set host_fields = { VMNET_A_HOST, host_list };
const struct field_set hostif_fields = { VMNET_A_HOSTIF, hostif_list };
const struct field_set reservation_fields = {
	VMNET_A_RESERVATION, reservation_list
};

const struct field_set nsid_fields = { 0, nsid_list };

const char *drop_meaning(const char *reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(drop_reasons); i++) {
		if (!strcmp(drop_reasons[i].name, reason))
			return drop_reasons[i].meaning;
	}

	return NULL;
}

void fields_strip_stats(json_t *object)
{
	static const char *const names[] = {
		"stats", "discovers", "offers", "requests", "acks", "naks",
		"declines", "releases", "informs", "ignored", "exhausted",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		json_object_del(object, names[i]);
}

static json_t *decode_text(const void *bytes, size_t len)
{
	char *good = text_repair(bytes, len, &len);
	json_t *string = json_stringn(good, len);

	free(good);
	return string;
}

static json_t *decode_hex(const uint8_t *bytes, size_t len)
{
	char text[3 * 256 + 1] = "";
	size_t i;

	for (i = 0; i < len && i < 256; i++)
		sprintf(text + (i ? 3 * i - 1 : 0), i ? ":%02x" : "%02x", bytes[i]);

	return json_string(text);
}

static json_t *decode_address(const uint8_t *bytes)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, bytes, text, sizeof(text));
	return json_string(text);
}

static json_t *decode_addresses(const uint8_t *bytes, size_t len)
{
	json_t *array = json_array();

	for (; len >= 4; bytes += 4, len -= 4)
		json_array_append_new(array, decode_address(bytes));

	return array;
}

/* As they are written: 10,20-29 */
static json_t *decode_vlans(const uint8_t *bytes, size_t len)
{
	char text[12 * RANGES_MAX + 1] = "";
	uint16_t range[2];
	size_t at = 0;

	for (; len >= sizeof(range) && at + 12 < sizeof(text);
	     bytes += sizeof(range), len -= sizeof(range)) {
		memcpy(range, bytes, sizeof(range));
		at += sprintf(text + at, range[0] == range[1] ? "%s%u" : "%s%u-%u",
			      at ? "," : "", range[0], range[1]);
	}

	return json_string(text);
}

static json_t *decode_domains(const struct nlattr *nest)
{
	json_t *array = json_array();
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		json_array_append_new(array,
				      decode_text(nla_data(attr),
						  strnlen(nla_data(attr), nla_len(attr))));

	return array;
}

static const char *address_text(const uint8_t *bytes, char text[INET_ADDRSTRLEN])
{
	return inet_ntop(AF_INET, bytes, text, INET_ADDRSTRLEN);
}

static json_t *decode_routes(const uint8_t *bytes, size_t len)
{
	char destination[INET_ADDRSTRLEN], router[INET_ADDRSTRLEN];
	json_t *array = json_array();
	uint32_t mask;

	for (; len >= 12; bytes += 12, len -= 12) {
		memcpy(&mask, bytes + 4, 4);
		json_array_append_new(array,
				      json_sprintf("%s/%d-%s",
						   address_text(bytes, destination),
						   __builtin_popcount(mask),
						   address_text(bytes + 8, router)));
	}

	return array;
}

static json_t *decode_ranges(const uint8_t *bytes, size_t len)
{
	char first[INET_ADDRSTRLEN], last[INET_ADDRSTRLEN];
	json_t *array = json_array();

	for (; len >= 8; bytes += 8, len -= 8) {
		address_text(bytes, first);
		address_text(bytes + 4, last);
		json_array_append_new(array, strcmp(first, last) ?
					     json_sprintf("%s-%s", first, last) :
					     json_string(first));
	}

	return array;
}

static json_t *decode_boot_files(const struct nlattr *nest)
{
	struct nlattr *tb[VMNET_A_DHCP_BOOT_ENTRY_MAX + 1];
	json_t *array = json_array(), *file;
	struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_parse_nested(tb, VMNET_A_DHCP_BOOT_ENTRY_MAX, attr, NULL) ||
		    !tb[VMNET_A_DHCP_BOOT_ENTRY_ARCH] || !tb[VMNET_A_DHCP_BOOT_ENTRY_FILE])
			continue;
		file = decode_text(nla_data(tb[VMNET_A_DHCP_BOOT_ENTRY_FILE]),
				   strnlen(nla_data(tb[VMNET_A_DHCP_BOOT_ENTRY_FILE]),
					   nla_len(tb[VMNET_A_DHCP_BOOT_ENTRY_FILE])));
		json_array_append_new(array,
				      json_sprintf("%u=%s",
						   nla_get_u16(tb[VMNET_A_DHCP_BOOT_ENTRY_ARCH]),
						   json_string_value(file)));
		json_decref(file);
	}

	return array;
}

static json_t *decode_options(const struct nlattr *nest)
{
	struct nlattr *tb[VMNET_A_DHCP_OPTION_ENTRY_MAX + 1];
	json_t *array = json_array();
	struct nlattr *attr, *data;
	char *text, *to;
	int rem, i;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_parse_nested(tb, VMNET_A_DHCP_OPTION_ENTRY_MAX, attr, NULL) ||
		    !tb[VMNET_A_DHCP_OPTION_ENTRY_CODE] || !tb[VMNET_A_DHCP_OPTION_ENTRY_DATA])
			continue;
		data = tb[VMNET_A_DHCP_OPTION_ENTRY_DATA];
		text = or_die(malloc(5 + 2 * nla_len(data)));
		to = text + sprintf(text, "%u=",
				    nla_get_u8(tb[VMNET_A_DHCP_OPTION_ENTRY_CODE]));
		for (i = 0; i < nla_len(data); i++)
			to += sprintf(to, "%02x", ((uint8_t *)nla_data(data))[i]);
		json_array_append_new(array, json_string(text));
		free(text);
	}

	return array;
}

static json_t *decode_enum(const struct field *f, uint32_t n)
{
	uint32_t i;

	for (i = 0; f->names[i]; i++) {
		if (i == n)
			return json_string(f->names[i]);
	}

	/* A newer module knows more than this tool. */
	return json_sprintf("%u", n);
}

static void decode_drop(json_t *drops, const struct nlattr *attr)
{
	struct nlattr *tb[VMNET_A_DROP_MAX + 1];
	uint32_t reason;
	char other[16];

	if (nla_parse_nested(tb, VMNET_A_DROP_MAX, (struct nlattr *)attr, NULL) ||
	    !tb[VMNET_A_DROP_REASON] || !tb[VMNET_A_DROP_COUNT])
		return;

	reason = nla_get_u32(tb[VMNET_A_DROP_REASON]);
	snprintf(other, sizeof(other), "%u", reason);
	json_object_set_new(drops, reason < ARRAY_SIZE(drop_reasons) ?
				   drop_reasons[reason].name : other,
			    json_integer(nla_get_u64(tb[VMNET_A_DROP_COUNT])));
}

static void decode_list(json_t *object, const struct field *fields,
			const struct nlattr *attrs, int len);

static json_t *decode_stats(const struct nlattr *nest)
{
	json_t *stats = json_object(), *drops = json_object();
	const struct nlattr *attr;
	int rem;

	decode_list(stats, stats_list, nla_data(nest), nla_len(nest));
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) == VMNET_A_STATS_DROP)
			decode_drop(drops, attr);
	}
	json_object_set_new(stats, "drops", drops);

	return stats;
}

/* The fewest octets that a field of this type has. */
static int least_len(enum field_type type)
{
	switch (type) {
	case F_BOOL:
	case F_U8:
		return 1;
	case F_U16:
		return 2;
	case F_U32:
	case F_S32:
	case F_ENUM:
	case F_ADDRESS:
		return 4;
	case F_MAC:
		return 6;
	case F_U64:
		return 8;
	default:
		return 0;
	}
}

static json_t *decode_field(const struct field *f, const struct nlattr *attr)
{
	const void *data = nla_data(attr);
	int len = nla_len(attr);

	if (len < least_len(f->type))
		return NULL;

	switch (f->type) {
	case F_STRING:
	case F_STRINGS:
		return decode_text(data, strnlen(data, len));
	case F_BYTES_TEXT:
		return decode_text(data, len);
	case F_BYTES_HEX:
		return decode_hex(data, len);
	case F_BOOL:
		return json_boolean(nla_get_u8(attr));
	case F_FLAG:
		return json_true();
	case F_U8:
		return json_integer(nla_get_u8(attr));
	case F_U16:
		return json_integer(nla_get_u16(attr));
	case F_VLANS:
		return decode_vlans(data, len);
	case F_U32:
		return json_integer(nla_get_u32(attr));
	case F_S32:
		return json_integer((int32_t)nla_get_u32(attr));
	case F_U64:
		return json_integer(nla_get_u64((struct nlattr *)attr));
	case F_ENUM:
		return decode_enum(f, nla_get_u32(attr));
	case F_ADDRESS:
		return decode_address(data);
	case F_ADDRESSES:
		return decode_addresses(data, len);
	case F_DOMAINS:
		return decode_domains(attr);
	case F_ROUTES:
		return decode_routes(data, len);
	case F_RANGES:
		return decode_ranges(data, len);
	case F_BOOT_FILES:
		return decode_boot_files(attr);
	case F_OPTIONS:
		return decode_options(attr);
	case F_MAC:
		return decode_hex(data, 6);
	case F_STATS:
		return decode_stats(attr);
	}

	return NULL;
}

static json_t *decode_strings(const struct field *f, const struct nlattr *attrs,
			      int len)
{
	json_t *array = json_array();
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		if (nla_type(attr) == f->attr)
			json_array_append_new(array, decode_field(f, attr));
	}

	return array;
}

/* In the order of the table, whatever the order of the message. */
static void decode_list(json_t *object, const struct field *fields,
			const struct nlattr *attrs, int len)
{
	const struct field *f;
	struct nlattr *attr;
	json_t *value;

	for (f = fields; f->name; f++) {
		attr = nla_find(attrs, len, f->attr);
		if (f->type == F_STRINGS)
			value = decode_strings(f, attrs, len);
		else
			value = attr ? decode_field(f, attr) : NULL;
		if (value)
			json_object_set_new(object, f->name, value);
	}
}

/* NULL if the message is not about this. */
json_t *fields_decode(const struct field_set *set, const struct nlattr *attrs,
		      int len)
{
	json_t *object;
	struct nlattr *nest;

	if (set->nest) {
		nest = nla_find(attrs, len, set->nest);
		if (!nest)
			return NULL;
		attrs = nla_data(nest);
		len = nla_len(nest);
	}

	object = json_object();
	decode_list(object, set->fields, attrs, len);

	return object;
}
