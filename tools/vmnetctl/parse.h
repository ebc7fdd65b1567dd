/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words to values. One table of keywords serves the parser, the help, and the
 * way back from an attribute that the kernel refused to the word it came from.
 */
#ifndef VMNETCTL_PARSE_H
#define VMNETCTL_PARSE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVERS_MAX	8
#define HEX_MAX		255
#define ARGS_MAX	48
#define RANGES_MAX	128
#define LIST_MAX	4096	/* octets in the text of a list */

enum value_type {
	V_FLAG,		/* a word alone */
	V_NAME,		/* of an object, not empty */
	V_TEXT,
	V_NUMBER,	/* u32 */
	V_TIME,		/* u32 seconds; 90s 30m 12h 7d */
	V_ONOFF,	/* u8 */
	V_CHOICE,	/* u32, an index into names */
	V_ADDRESS,	/* IPv4 */
	V_ADDRESSES,	/* IPv4, separated by commas */
	V_PREFIX,	/* attr = address, attr2 = length (u8) */
	V_RANGE,	/* attr = first, attr2 = last */
	V_MAC,
	V_HEX,
	V_NETNS,	/* a name in /run/netns, a path or a process */
	V_NAMES,	/* separated by commas; never an attribute */
	V_VLAN,		/* u16; none is 0 */
	V_VLANS,	/* ranges, two u16 each */
	/* Lists, see lists.h. */
	V_DOMAINS,
	V_ROUTES,
	V_RANGES,	/* of addresses */
	V_BOOT_FILES,
	V_OPTIONS,
	V_USER,		/* u32; a name or a number */
	V_GROUP,	/* the same; none is the number of no group */
};

/* Words that stand for an empty or zero value. */
#define KW_NONE		0x01
#define KW_AUTO		0x02
#define KW_DEFAULT	0x04
#define KW_NEEDED	0x08	/* the verb does not work without it */

struct keyword {
	const char *word;
	const char *value;		/* as the help writes it */
	enum value_type type;
	unsigned int flags;
	int attr, attr2;		/* 0: the command sends it by hand */
	const char *const *names;	/* V_CHOICE: ends with NULL */
	size_t max;			/* octets, where the tool must know */
	const char *help;
};

struct value {
	bool cleared;			/* none, auto or default */
	uint32_t number;
	struct in_addr address[SERVERS_MAX];
	unsigned int addresses;
	uint8_t bytes[HEX_MAX];
	size_t len;
	uint16_t ranges[2 * RANGES_MAX];
	unsigned int n_ranges;
};

struct arg {
	const struct keyword *kw;
	const char *text;		/* NULL for a V_FLAG */
	struct value value;
};

struct args {
	struct arg arg[ARGS_MAX];
	int count;
};

const char *value_parse(const struct keyword *kw, const char *text,
			struct value *value);

struct call;

int args_parse(struct call *call, int argc, char **argv);
const struct arg *args_find(const struct args *args, const char *word);
const struct keyword *keyword_find(const struct keyword *table,
				   const char *word);
const struct keyword *keyword_of_attr(const struct keyword *table, int attr);

#endif
