// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "lists.h"
#include "parse.h"
#include "say.h"

/* Each parse_ function returns NULL, or a sentence about what is wrong. */

static const char *parse_number(const char *text, struct value *value)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno || n > UINT32_MAX)
		return "This is not a whole number from 0 to 4294967295";

	value->number = n;
	return NULL;
}

static const char *parse_time(const char *text, struct value *value)
{
	static const char sentence[] =
		"This is not a time: write seconds, or 90s, 30m, 12h, 7d or forever";
	static const struct { char unit; unsigned int seconds; } units[] = {
		{ '\0', 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	unsigned long long n;
	char *end;
	size_t i;

	if (!strcmp(text, "forever")) {
		value->number = UINT32_MAX;
		return NULL;
	}
	errno = 0;
	n = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno || n > UINT32_MAX ||
	    (*end && end[1]))
		return sentence;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (units[i].unit != *end)
			continue;
		if (n * units[i].seconds > UINT32_MAX)
			return "This time is longer than 4294967295 seconds";
		value->number = n * units[i].seconds;
		return NULL;
	}

	return sentence;
}

static const char *parse_onoff(const char *text, struct value *value)
{
	value->number = !strcmp(text, "on");
	if (!value->number && strcmp(text, "off"))
		return "This is neither on nor off";

	return NULL;
}

static const char *parse_choice(const struct keyword *kw, const char *text,
				struct value *value)
{
	unsigned int i;

	for (i = 0; kw->names[i]; i++) {
		if (!strcmp(kw->names[i], text)) {
			value->number = i;
			return NULL;
		}
	}

	return "This is not one of the words that can stand here";
}

static const char *parse_address(const char *text, struct value *value)
{
	if (inet_pton(AF_INET, text, &value->address[0]) != 1)
		return "This is not an IPv4 address";

	value->addresses = 1;
	return NULL;
}

static const char *parse_addresses(const char *text, struct value *value)
{
	char one[INET_ADDRSTRLEN];
	const char *end;
	size_t len;

	for (;; text = end + 1) {
		end = strchrnul(text, ',');
		len = end - text;
		if (value->addresses == SERVERS_MAX)
			return "These are more than eight addresses";
		if (len >= sizeof(one))
			return "This is not a list of IPv4 addresses separated by commas";
		memcpy(one, text, len);
		one[len] = '\0';
		if (inet_pton(AF_INET, one, &value->address[value->addresses]) != 1)
			return "This is not a list of IPv4 addresses separated by commas";
		value->addresses++;
		if (!*end)
			return NULL;
	}
}

/* Splits "A<mark>B" at the mark into the first address and the rest. */
static const char *split_address(const char *text, char mark,
				 struct in_addr *first)
{
	const char *end = strchr(text, mark);
	char one[INET_ADDRSTRLEN];

	if (!end || (size_t)(end - text) >= sizeof(one))
		return NULL;
	memcpy(one, text, end - text);
	one[end - text] = '\0';

	return inet_pton(AF_INET, one, first) == 1 ? end + 1 : NULL;
}

static const char *parse_prefix(const char *text, struct value *value)
{
	const char *len = split_address(text, '/', &value->address[0]);

	if (!len || parse_number(len, value) || value->number > 32)
		return "This is not an IPv4 subnet like 10.77.0.0/24";

	value->addresses = 1;
	return NULL;
}

static const char *parse_range(const char *text, struct value *value)
{
	const char *last = split_address(text, '-', &value->address[0]);

	if (!last || inet_pton(AF_INET, last, &value->address[1]) != 1)
		return "This is not a range like 10.77.0.100-10.77.0.199";

	value->addresses = 2;
	return NULL;
}

static const char *parse_vlan(const char *text, struct value *value)
{
	const char *wrong = parse_number(text, value);

	if (wrong || !value->number || value->number > 4094)
		return "This is not a VLAN: a number from 1 to 4094";

	return NULL;
}

static const char *parse_vlans(const char *text, struct value *value)
{
	static const char sentence[] =
		"This is not a list of VLANs like 10,20-29";
	unsigned long first, last;
	char *end;

	for (;; text = end + 1) {
		if (value->n_ranges == RANGES_MAX)
			return "These are more than 128 ranges";
		if (!isdigit((unsigned char)*text))
			return sentence;
		first = last = strtoul(text, &end, 10);
		if (*end == '-') {
			if (!isdigit((unsigned char)end[1]))
				return sentence;
			last = strtoul(end + 1, &end, 10);
		}
		if (!first || first > last || last > 4094 ||
		    (*end && *end != ','))
			return sentence;
		value->ranges[2 * value->n_ranges] = first;
		value->ranges[2 * value->n_ranges + 1] = last;
		value->n_ranges++;
		if (!*end)
			return NULL;
	}
}

static const char *parse_user(const char *text, struct value *value)
{
	const struct passwd *user = getpwnam(text);

	if (!user)
		return parse_number(text, value) ?
		       "There is no user of this name or number" : NULL;
	value->number = user->pw_uid;
	return NULL;
}

static const char *parse_group(const char *text, struct value *value)
{
	const struct group *group = getgrnam(text);

	if (!group)
		return parse_number(text, value) ?
		       "There is no group of this name or number" : NULL;
	value->number = group->gr_gid;
	return NULL;
}

static const char *parse_mac(const char *text, struct value *value)
{
	static const char sentence[] =
		"This is not a MAC address like 02:00:00:00:00:01";
	int i, high, low;

	for (i = 0; i < 6; i++, text += 3) {
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return sentence;
		if (i == 5 ? text[2] : text[2] != ':' && text[2] != '-')
			return sentence;
		value->bytes[i] = high << 4 | low;
	}

	value->len = 6;
	return NULL;
}

static const char *parse_hex(const char *text, struct value *value)
{
	int high, low;

	if (!*text)
		return "This is not a row of hexadecimal octets";
	for (; *text; text += 2) {
		if (value->len && *text == ':')
			text++;
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return "This is not a row of hexadecimal octets";
		if (value->len == HEX_MAX)
			return "These are too many octets";
		value->bytes[value->len++] = high << 4 | low;
	}

	return NULL;
}

/* What is in them is read again when it is sent. */
static const char *parse_list(const struct keyword *kw, const char *text)
{
	union {
		char domain[ITEM_MAX + 1];
		struct route_item route;
		struct range_item range;
		struct numbered_item numbered;
	} item;
	const char *wrong = NULL;

	if (!*text)
		return "A list cannot be empty: none is its word";
	while (!wrong && *text) {
		switch (kw->type) {
		case V_DOMAINS:
			wrong = domain_next(&text, item.domain);
			break;
		case V_ROUTES:
			wrong = route_next(&text, &item.route);
			break;
		case V_RANGES:
			wrong = range_next(&text, &item.range);
			break;
		case V_BOOT_FILES:
			wrong = boot_file_next(&text, &item.numbered);
			break;
		default:
			wrong = option_next(&text, &item.numbered);
			break;
		}
	}

	return wrong;
}

static bool is_cleared(const struct keyword *kw, const char *text)
{
	return (kw->flags & KW_NONE && !strcmp(text, "none")) ||
	       (kw->flags & KW_AUTO && !strcmp(text, "auto")) ||
	       (kw->flags & KW_DEFAULT && !strcmp(text, "default"));
}

/* Returns NULL, or a sentence about what is wrong with the text. */
const char *value_parse(const struct keyword *kw, const char *text,
			struct value *value)
{
	static char too_long[64];

	memset(value, 0, sizeof(*value));
	if (is_cleared(kw, text)) {
		value->cleared = true;
		return NULL;
	}
	if (kw->max && strlen(text) > kw->max) {
		snprintf(too_long, sizeof(too_long),
			 "This is longer than %zu octets", kw->max);
		return too_long;
	}

	switch (kw->type) {
	case V_NUMBER:
		return parse_number(text, value);
	case V_TIME:
		return parse_time(text, value);
	case V_ONOFF:
		return parse_onoff(text, value);
	case V_CHOICE:
		return parse_choice(kw, text, value);
	case V_ADDRESS:
		return parse_address(text, value);
	case V_ADDRESSES:
		return parse_addresses(text, value);
	case V_PREFIX:
		return parse_prefix(text, value);
	case V_RANGE:
		return parse_range(text, value);
	case V_MAC:
		return parse_mac(text, value);
	case V_HEX:
		return parse_hex(text, value);
	case V_VLAN:
		return parse_vlan(text, value);
	case V_VLANS:
		return parse_vlans(text, value);
	case V_DOMAINS:
	case V_ROUTES:
	case V_RANGES:
	case V_BOOT_FILES:
	case V_OPTIONS:
		return parse_list(kw, text);
	case V_USER:
		return parse_user(text, value);
	case V_GROUP:
		return parse_group(text, value);
	case V_NAME:
	case V_NAMES:
	case V_NETNS:
		return *text ? NULL : "A name cannot be empty";
	case V_FLAG:
	case V_TEXT:
		break;
	}

	return NULL;
}

const struct keyword *keyword_find(const struct keyword *table,
				   const char *word)
{
	for (; table && table->word; table++) {
		if (!strcmp(table->word, word))
			return table;
	}

	return NULL;
}

const struct keyword *keyword_of_attr(const struct keyword *table, int attr)
{
	for (; table && table->word; table++) {
		if (table->attr == attr || (table->attr2 && table->attr2 == attr))
			return table;
	}

	return NULL;
}

const struct arg *args_find(const struct args *args, const char *word)
{
	int i;

	for (i = 0; i < args->count; i++) {
		if (!strcmp(args->arg[i].kw->word, word))
			return &args->arg[i];
	}

	return NULL;
}

static int args_add(struct call *call, const struct keyword *kw,
		    const char *text)
{
	struct arg *arg = &call->args.arg[call->args.count++];
	const char *wrong;

	arg->kw = kw;
	arg->text = text;
	if (!text)
		return CODE_DONE;
	wrong = value_parse(kw, text, &arg->value);
	if (wrong)
		return say_usage(call, kw->word, text, "%s", wrong);

	return CODE_DONE;
}

/* The words before the first keyword. Where an operand may be left out, a
 * keyword is taken for a keyword.
 */
static int parse_operands(struct call *call, int *argc, char ***argv)
{
	const struct keyword *op = call->verb->operands;
	int n, code;

	for (n = 0; op && op->word; n++, op++) {
		if (!*argc || (n >= call->verb->needed &&
			       keyword_find(call->verb->keywords, **argv)))
			break;
		code = args_add(call, op, **argv);
		if (code)
			return code;
		(*argc)--;
		(*argv)++;
	}
	if (n < call->verb->needed)
		return say_usage(call, NULL, NULL, "%s is missing", op->value);

	return CODE_DONE;
}

static int parse_keyword(struct call *call, int *argc, char ***argv)
{
	const char *word = **argv;
	const struct keyword *kw = keyword_find(call->verb->keywords, word);
	const char *text = NULL;
	int i;

	if (!kw && *word == '-')
		return say_usage(call, word, NULL,
				 "Options stand before the noun");
	if (!kw)
		return say_usage(call, word, NULL,
				 "\"%s\" is no word that can stand here", word);
	for (i = 0; i < call->args.count; i++) {
		if (call->args.arg[i].kw == kw)
			return say_usage(call, word, NULL,
					 "\"%s\" is given twice", word);
	}
	if (kw->type != V_FLAG) {
		if (*argc < 2)
			return say_usage(call, word, NULL,
					 "\"%s\" needs a value: %s", word, kw->value);
		text = (*argv)[1];
		(*argc)--;
		(*argv)++;
	}
	(*argc)--;
	(*argv)++;

	return args_add(call, kw, text);
}

/* Fills call->args from the words after the verb; says what is wrong itself. */
int args_parse(struct call *call, int argc, char **argv)
{
	const struct keyword *kw;
	int code, operands;

	call->args.count = 0;
	code = parse_operands(call, &argc, &argv);
	operands = call->args.count;
	while (!code && argc > 0)
		code = parse_keyword(call, &argc, &argv);
	if (code)
		return code;

	for (kw = call->verb->keywords; kw && kw->word; kw++) {
		if (kw->flags & KW_NEEDED && !args_find(&call->args, kw->word))
			return say_usage(call, NULL, NULL,
					 "\"%s %s\" is missing", kw->word, kw->value);
	}
	if (call->verb->wants_keyword && call->args.count == operands)
		return say_usage(call, NULL, NULL, "Nothing is said to be set");

	return CODE_DONE;
}
