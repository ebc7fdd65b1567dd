// SPDX-License-Identifier: GPL-2.0-only
/* What became of clients' messages, in words. */
#define _GNU_SOURCE
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

/* By decision; %a is the address asked for, %d the one decided on. */
static const struct {
	const char *decision;
	const char *text;
} sentences[] = {
	{ "offered", "offered %d" },
	{ "bound", "has %d now" },
	{ "renewed", "renewed %d" },
	{ "informed", "told the settings; has %d of its own" },
	{ "declined", "found %d in use by somebody else" },
	{ "released", "gave %d back" },
	{ "not-in-subnet", "asked for %a, not in %d" },
	{ "not-in-range", "asked for %a, which is not one that clients may get" },
	{ "has-another", "asked for %a, but has %d" },
	{ "taken", "asked for %a, which another client has" },
	{ "in-use", "asked for %a, which somebody else was seen to use" },
	{ "revoked", "asked for %a, which was deleted by hand" },
	{ "other-server", "it speaks to another server" },
	{ "no-address", "it asks for no address" },
	{ "not-holder", "it gives up %a, which is not its own" },
	{ "outside", "its own address is not in the subnet" },
	{ "not-served", "such messages are not served" },
	{ "unknown-relay", "it came by a relay, or is for a link, of another subnet" },
	{ "port-full", "its port has as many leases as it may have" },
	{ "too-often", "its port asks too often" },
	{ "offers-full", "as many addresses are offered as may be" },
	{ "exhausted", "no address is left" },
	{ "no-memory", "no memory for a lease" },
	{ "probing", "asking by ARP who has %d" },
	{ "probes-full", "as many addresses are being probed as may be" },
	{ "bound-at-once", "has %d now, by rapid commit" },
	{ "offered-reserved", "offered %d, which is reserved for it" },
	{ "reserved", "asked for %a, which is reserved for another client" },
	{ "has-reserved", "asked for %a, but %d is reserved for it" },
	{ "bootp-reserved", "told %d, which is reserved for it" },
	{ "bootp-without", "nothing is reserved for it, and it cannot give an address back" },
};

static const char *string_of(const json_t *entry, const char *key)
{
	return json_string_value(json_object_get(entry, key)) ?: "nothing";
}

static void write_address(FILE *out, const json_t *entry, char which)
{
	json_t *len = json_object_get(entry, "prefix-len");

	fputs(string_of(entry, which == 'a' ? "asked" : "address"), out);
	if (which == 'd' && len)
		fprintf(out, "/%d", (int)json_integer_value(len));
}

/* "NAK: asked for 192.168.1.5, not in 10.77.0.0/24" */
static json_t *sentence_of(const json_t *entry)
{
	const char *reply = json_string_value(json_object_get(entry, "reply"));
	const char *decision = string_of(entry, "decision"), *p = decision;
	json_t *result;
	char *text;
	size_t len, i;
	FILE *out = or_die(open_memstream(&text, &len));

	for (i = 0; i < ARRAY_SIZE(sentences); i++) {
		if (!strcmp(sentences[i].decision, decision))
			p = sentences[i].text;
	}
	for (; reply && *reply; reply++)
		fputc(*reply >= 'a' && *reply <= 'z' ? *reply - 'a' + 'A' : *reply, out);
	fputs(json_object_get(entry, "reply") ? ": " : "no answer: ", out);
	for (; *p; p++) {
		if (*p == '%')
			write_address(out, entry, *++p);
		else
			fputc(*p, out);
	}
	fclose(out);
	result = json_string(text);
	free(text);

	return result;
}

static json_t *time_of(const json_t *entry)
{
	long long ms, ago = json_integer_value(json_object_get(entry, "ago"));
	struct timespec now;
	char text[48];
	time_t seconds;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = now.tv_sec * 1000LL + now.tv_nsec / 1000000 - ago;
	seconds = ms / 1000;
	gmtime_r(&seconds, &tm);
	len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, sizeof(text) - len, ".%03dZ", (int)(ms % 1000));

	return json_string(text);
}

static char *cell_ago(const json_t *entry)
{
	long long ms = json_integer_value(json_object_get(entry, "ago"));
	char *text;

	if (asprintf(&text, "%lld.%03lld s", ms / 1000, ms % 1000) < 0)
		or_die(NULL);

	return text;
}

static char *cell_text(const json_t *entry)
{
	long long times = json_integer_value(json_object_get(entry, "times"));
	char *text;

	if (asprintf(&text, times > 1 ? "%s (%lld times)" : "%s",
		     string_of(entry, "text"), times) < 0)
		or_die(NULL);

	return text;
}

static const struct column columns[] = {
	{ "TIME", "time", .detail = true },
	{ "AGO", NULL, cell_ago },
	{ "VLAN", "vlan" },
	{ "POOL", "pool" },
	{ "PORT", "port" },
	{ "MAC", "mac" },
	{ "MESSAGE", "type" },
	{ "DECISION", NULL, cell_text },
	{ }
};

struct aged {
	json_t *entry;
	json_int_t ago;
	size_t at;
};

static int by_age(const void *a, const void *b)
{
	const struct aged *first = a, *second = b;

	if (first->ago != second->ago)
		return first->ago > second->ago ? -1 : 1;

	return first->at < second->at ? -1 : 1;
}

static bool same_scope(const json_t *a, const json_t *b)
{
	return json_integer_value(json_object_get(a, "vlan")) ==
		       json_integer_value(json_object_get(b, "vlan")) &&
	       !strcmp(string_of(a, "pool"), string_of(b, "pool"));
}

/* The kernel tells one scope after the other; here the oldest comes first. It tells a
 * scope's in their order, but the age of each as of when it is told: of two that came
 * within a millisecond, the later may seem to be the older.
 */
static json_t *sorted(json_t *array)
{
	size_t count = json_array_size(array), i;
	struct aged *aged = or_die(calloc(count + 1, sizeof(*aged)));
	json_t *result = json_array(), *entry;

	json_array_foreach(array, i, entry) {
		aged[i].entry = entry;
		aged[i].ago = json_integer_value(json_object_get(entry, "ago"));
		aged[i].at = i;
		if (i && aged[i].ago > aged[i - 1].ago &&
		    same_scope(entry, aged[i - 1].entry))
			aged[i].ago = aged[i - 1].ago;
	}
	qsort(aged, count, sizeof(*aged), by_age);
	for (i = 0; i < count; i++)
		json_array_append(result, aged[i].entry);
	free(aged);
	json_decref(array);

	return result;
}

int dhcp_log(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_DHCP_LOG_GET,
					  VMNET_A_DHCP_LOG);
	json_t *array = json_array(), *entry;
	size_t i;
	int err;

	request_args(rq, &call->args);
	err = request_get(rq, true, &dhcp_log_fields, array);
	if (!err && !json_array_size(array))
		err = check_network(args_find(&call->args, "network"));
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}
	array = sorted(array);
	json_array_foreach(array, i, entry) {
		json_object_set_new(entry, "time", time_of(entry));
		json_object_set_new(entry, "text", sentence_of(entry));
	}

	return print_list(call->opt, columns, array, false);
}
