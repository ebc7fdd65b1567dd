/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes to JSON, by tables that follow Documentation/netlink/specs. */
#ifndef VMNETCTL_FIELDS_H
#define VMNETCTL_FIELDS_H

#include <jansson.h>

struct nlattr;

enum field_type {
	F_STRING,
	F_STRINGS,	/* one for each attribute of this type */
	F_BYTES_TEXT,	/* binary, shown as text */
	F_BYTES_HEX,
	F_BOOL,		/* u8 */
	F_FLAG,
	F_U8,
	F_U16,
	F_VLANS,	/* ranges, two u16 each */
	F_U32,
	F_S32,
	F_U64,
	F_ENUM,		/* u32 */
	F_ADDRESS,
	F_ADDRESSES,
	F_DOMAINS,	/* lists, each item as the command line has it */
	F_ROUTES,
	F_RANGES,
	F_BOOT_FILES,
	F_OPTIONS,
	F_MAC,
	F_STATS,
};

struct field {
	int attr;
	const char *name;
	enum field_type type;
	const char *const *names;	/* F_ENUM: ends with NULL */
};

struct field_set {
	int nest;			/* the top-level attribute */
	const struct field *fields;	/* ends without a name */
	/* Where a table does not do: a message of rtnetlink, its header (of this
	 * size) and attributes.
	 */
	json_t *(*decode)(const void *header, const struct nlattr *attrs, int len);
	int header;
};

extern const struct field_set network_fields, port_fields, dhcp_fields,
			      lease_fields, fdb_fields, host_fields,
			      hostif_fields, reservation_fields, nsid_fields,
			      dhcp_log_fields;

extern const char *const port_types[];
extern const char *const fdb_kinds[];
extern const char *const lease_keys[];
extern const char *const auto_configures[];
extern const char *const lease_states[];
extern const char *const dhcp_probes[];

/* What a drop reason means, or NULL. */
const char *drop_meaning(const char *reason);

/* Leaves out what only -s shows. */
void fields_strip_stats(json_t *object);

json_t *fields_decode(const struct field_set *set, const struct nlattr *attrs,
		      int len);

#endif
