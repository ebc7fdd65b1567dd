// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network's leases and reservations as a file, and back. What clients chose (client id, host
 * name) is hexadecimal in it, so that nothing they say has to be escaped; what
 * is read is held against the same rules by the kernel as messages are.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

#define FORMAT	1

/* As dumped, but with the host name as it is on the wire. */
static const struct field saved_list[] = {
	{ VMNET_A_LEASE_VLAN,		"vlan",		F_U16 },
	{ VMNET_A_LEASE_POOL,		"pool",		F_STRING },
	{ VMNET_A_LEASE_ADDRESS,	"address",	F_ADDRESS },
	{ VMNET_A_LEASE_MAC,		"mac",		F_MAC },
	{ VMNET_A_LEASE_PORT,		"port",		F_STRING },
	{ VMNET_A_LEASE_STATE,		"state",	F_ENUM, lease_states },
	{ VMNET_A_LEASE_EXPIRES,	"expires",	F_U64 },
	{ VMNET_A_LEASE_CLIENT_ID,	"client-id",	F_BYTES_HEX },
	{ VMNET_A_LEASE_HOSTNAME,	"hostname-hex",	F_BYTES_HEX },
	{ }
};

static const struct field_set saved_fields = { VMNET_A_LEASE, saved_list };

/* The network may have another name when they come back. */
static const struct field reserved_list[] = {
	{ VMNET_A_RESERVATION_VLAN,	"vlan",		F_U16 },
	{ VMNET_A_RESERVATION_POOL,	"pool",		F_STRING },
	{ VMNET_A_RESERVATION_ADDRESS,	"address",	F_ADDRESS },
	{ VMNET_A_RESERVATION_MAC,	"mac",		F_MAC },
	{ VMNET_A_RESERVATION_CLIENT_ID, "client-id",	F_BYTES_HEX },
	{ VMNET_A_RESERVATION_PORT,	"port",		F_STRING },
	{ VMNET_A_RESERVATION_HOSTNAME,	"hostname",	F_STRING },
	{ }
};

static const struct field_set reserved_fields = {
	VMNET_A_RESERVATION, reserved_list
};

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static int get_reservations(const struct arg *network, json_t *array)
{
	struct request *rq = request_genl(VMNET_CMD_RESERVATION_GET,
					  VMNET_A_RESERVATION);

	request_as(rq, VMNET_A_RESERVATION_NETWORK, network);
	return request_get(rq, true, &reserved_fields, array);
}

/* --- save ---------------------------------------------------------------------- */

/* What passes within a minute is not worth it: offers; and what somebody found
 * in use is found so again. A port that is gone has taken its leases along.
 */
static bool is_worth_it(const json_t *lease)
{
	const char *state = string_of(lease, "state");

	return json_object_get(lease, "port") && strcmp(state, "offered") &&
	       strcmp(state, "declined");
}

static json_t *document(const struct arg *network, json_t *reservations,
			json_t *leases)
{
	json_t *kept = json_array(), *lease;
	size_t i;

	json_array_foreach(leases, i, lease) {
		if (is_worth_it(lease))
			json_array_append(kept, lease);
	}

	return json_pack("{s:i, s:s, s:I, s:O, s:o}", "vmnet-leases", FORMAT,
			 "network", network->text, "saved",
			 (json_int_t)time(NULL), "reservations", reservations,
			 "leases", kept);
}

/* Beside the old file first: it is whole at any time, if the machine dies. */
static int write_file(const char *path, const json_t *doc)
{
	FILE *out;
	char *tmp;
	int err = 0;

	if (asprintf(&tmp, "%s.new", path) < 0)
		or_die(NULL);
	out = fopen(tmp, "we");
	if (!out || json_dumpf(doc, out, JSON_INDENT(1)) || fputc('\n', out) < 0 ||
	    fflush(out) || fsync(fileno(out)))
		err = errno ?: EIO;
	if (out && fclose(out) && !err)
		err = errno;
	if (!err && rename(tmp, path))
		err = errno;
	if (err && out)
		unlink(tmp);
	free(tmp);

	return err;
}

int dhcp_save(struct call *call)
{
	const struct arg *network = args_find(&call->args, "network");
	const struct arg *file = args_find(&call->args, "file");
	struct request *rq = request_genl(VMNET_CMD_LEASE_GET, VMNET_A_LEASE);
	json_t *leases = json_array(), *reservations = json_array(), *doc = NULL;
	int err;

	request_as(rq, VMNET_A_LEASE_NETWORK, network);
	err = request_get(rq, true, &saved_fields, leases);
	if (!err)
		err = get_reservations(network, reservations);
	if (!err)
		doc = or_die(document(network, reservations, leases));
	json_decref(leases);
	json_decref(reservations);
	if (err)
		return say_result(call, err);
	if (file) {
		err = write_file(file->text, doc);
	} else {
		json_dumpf(doc, stdout, JSON_INDENT(1));
		putchar('\n');
	}
	json_decref(doc);
	if (err)
		return say_plain(CODE_REFUSED, NULL, "%s cannot be written: %s",
				 file->text, strerror(err));

	return CODE_DONE;
}

/* --- restore ------------------------------------------------------------------- */

/* Octets of "0a:0b"; -1 if it is something else. */
static int hex_of(const char *text, uint8_t *out, int max)
{
	int len = 0, used;
	unsigned int byte;

	while (*text) {
		if (len == max || sscanf(text, "%2x%n", &byte, &used) != 1 ||
		    used != 2 || (text[2] && text[2] != ':') ||
		    (text[2] == ':' && !text[3]))
			return -1;
		out[len++] = byte;
		text += text[2] ? 3 : 2;
	}

	return len;
}

static const char *put_hex(struct request *rq, int attr, const json_t *lease,
			   const char *key, int max, int exact)
{
	json_t *value = json_object_get(lease, key);
	uint8_t bytes[256];
	int len;

	if (!value)
		return NULL;
	len = json_is_string(value) ?
	      hex_of(json_string_value(value), bytes, max) : -1;
	if (len < 0 || (exact && len != exact))
		return key;
	request_bytes(rq, attr, bytes, len);

	return NULL;
}

/* A lease ages while it lies in a file. */
static const char *put_expires(struct request *rq, const json_t *lease,
			       json_int_t age)
{
	json_t *value = json_object_get(lease, "expires");
	json_int_t left;

	if (!value)
		return NULL;
	left = json_integer_value(value);
	if (!json_is_integer(value) || left < 0)
		return "expires";
	request_u64(rq, VMNET_A_LEASE_EXPIRES, left > age ? left - age : 0);

	return NULL;
}

/* Which scope: VLAN and pool, either of which may be missing. */
static const char *put_scope(struct request *rq, int vlan_attr, int pool_attr,
			     const json_t *object)
{
	json_t *vlan = json_object_get(object, "vlan");
	json_t *pool = json_object_get(object, "pool");
	json_int_t id = json_integer_value(vlan);
	uint16_t vid = id;

	if (vlan && (!json_is_integer(vlan) || id < 0 || id > UINT16_MAX))
		return "vlan";
	if (pool && !json_is_string(pool))
		return "pool";
	if (vlan)
		request_bytes(rq, vlan_attr, &vid, sizeof(vid));
	if (pool)
		request_string(rq, pool_attr, json_string_value(pool));

	return NULL;
}

static const char *put_address(struct request *rq, int attr, const json_t *object)
{
	struct in_addr address;

	if (inet_pton(AF_INET, string_of(object, "address"), &address) != 1)
		return "address";
	request_bytes(rq, attr, &address, sizeof(address));

	return NULL;
}

/* NULL, or the name of what is wrong in it. */
static const char *put_lease(struct request *rq, const json_t *lease,
			     json_int_t age)
{
	const char *bad;
	uint32_t state;

	bad = put_scope(rq, VMNET_A_LEASE_VLAN, VMNET_A_LEASE_POOL, lease);
	if (!bad)
		bad = put_address(rq, VMNET_A_LEASE_ADDRESS, lease);
	if (!bad && !json_object_get(lease, "mac"))
		bad = "mac";
	if (!bad)
		bad = put_hex(rq, VMNET_A_LEASE_MAC, lease, "mac", 6, 6);
	if (bad)
		return bad;
	if (!*string_of(lease, "port"))
		return "port";
	request_string(rq, VMNET_A_LEASE_PORT, string_of(lease, "port"));
	for (state = 0; lease_states[state]; state++) {
		if (!strcmp(lease_states[state], string_of(lease, "state")))
			break;
	}
	if (!lease_states[state])
		return "state";
	request_u32(rq, VMNET_A_LEASE_STATE, state);
	bad = put_expires(rq, lease, age);
	if (!bad)
		bad = put_hex(rq, VMNET_A_LEASE_CLIENT_ID, lease, "client-id", 255, 0);
	if (!bad)
		bad = put_hex(rq, VMNET_A_LEASE_HOSTNAME, lease, "hostname-hex", 63, 0);

	return bad;
}

/* The same; that it is for one client the kernel sees to. */
static const char *put_reservation(struct request *rq, const json_t *reservation)
{
	const char *bad;

	bad = put_scope(rq, VMNET_A_RESERVATION_VLAN, VMNET_A_RESERVATION_POOL,
			reservation);
	if (!bad)
		bad = put_address(rq, VMNET_A_RESERVATION_ADDRESS, reservation);
	if (!bad)
		bad = put_hex(rq, VMNET_A_RESERVATION_MAC, reservation, "mac", 6, 6);
	if (!bad)
		bad = put_hex(rq, VMNET_A_RESERVATION_CLIENT_ID, reservation,
			      "client-id", 255, 0);
	if (bad)
		return bad;
	if (json_object_get(reservation, "port"))
		request_string(rq, VMNET_A_RESERVATION_PORT,
			       string_of(reservation, "port"));
	if (json_object_get(reservation, "hostname"))
		request_string(rq, VMNET_A_RESERVATION_HOSTNAME,
			       string_of(reservation, "hostname"));

	return NULL;
}

/* Sends it, unless something is wrong in it. Why it was not entered, or NULL if
 * it was; the caller frees.
 */
static char *enter(struct request *rq, const char *bad)
{
	char *why = NULL;
	int err;

	if (bad) {
		request_drop(rq);
		if (asprintf(&why, "\"%s\" is missing or wrong in the file", bad) < 0)
			or_die(NULL);
		return why;
	}
	err = request_do(rq);
	if (err)
		why = or_die(strdup(*refusal_last()->text ? refusal_last()->text :
							    strerror(-err)));

	return why;
}

static char *enter_lease(const struct arg *network, const json_t *lease,
			 json_int_t age)
{
	struct request *rq = request_genl(VMNET_CMD_LEASE_ADD, VMNET_A_LEASE);

	request_as(rq, VMNET_A_LEASE_NETWORK, network);
	return enter(rq, put_lease(rq, lease, age));
}

static char *enter_reservation(const struct arg *network,
			       const json_t *reservation)
{
	struct request *rq = request_genl(VMNET_CMD_RESERVATION_ADD,
					  VMNET_A_RESERVATION);

	request_as(rq, VMNET_A_RESERVATION_NETWORK, network);
	return enter(rq, put_reservation(rq, reservation));
}

static json_t *read_file(const char *path, json_error_t *error)
{
	return strcmp(path, "-") ? json_load_file(path, JSON_REJECT_DUPLICATES, error) :
				   json_loadf(stdin, JSON_REJECT_DUPLICATES, error);
}

static int refuse_file(const char *path, const char *why)
{
	return say_plain(CODE_USAGE, NULL, "%s is not a file of leases: %s", path, why);
}

/* One more in the report, if there is a reason, which is freed. */
static bool report_refused(const struct call *call, json_t *report,
			   const json_t *object, char *why)
{
	const char *address = string_of(object, "address");

	if (!why)
		return false;
	json_array_append_new(report, json_pack("{s:O?, s:O?, s:s}", "address",
						json_object_get(object, "address"), "mac",
						json_object_get(object, "mac"), "error", why));
	if (!call->opt->json)
		fprintf(stderr, "vmnetctl: %s: %s\n",
			inet_addr(address) == INADDR_NONE ?
			"an entry without address" : address, why);
	free(why);

	return true;
}

/* Whether nothing will be entered for want of rights, which is told once. */
static bool is_forbidden(char *why)
{
	if (!why || refusal_last()->err != EPERM)
		return false;
	free(why);

	return true;
}

static bool has(const json_t *array, const json_t *wanted)
{
	json_t *object;
	size_t i;

	json_array_foreach(array, i, object) {
		if (json_equal(object, wanted))
			return true;
	}

	return false;
}

/* Before the leases, some of which need them. Those that are there already, as
 * where the settings were replayed first, are passed over.
 */
static size_t restore_reservations(const struct call *call,
				   const struct arg *network,
				   const json_t *reservations, json_t *report)
{
	json_t *there = json_array(), *reservation;
	size_t i, entered = 0;
	char *why;

	if (json_array_size(reservations))
		get_reservations(network, there);
	json_array_foreach(reservations, i, reservation) {
		if (has(there, reservation))
			continue;
		why = enter_reservation(network, reservation);
		if (is_forbidden(why))
			break;
		entered += !report_refused(call, report, reservation, why);
	}
	json_decref(there);

	return entered;
}

static size_t restore_leases(const struct call *call, const struct arg *network,
			     const json_t *leases, json_int_t age,
			     json_t *report)
{
	size_t i, entered = 0;
	json_t *lease;
	char *why;

	json_array_foreach(leases, i, lease) {
		why = enter_lease(network, lease, age);
		if (is_forbidden(why))
			break;
		entered += !report_refused(call, report, lease, why);
	}

	return entered;
}

/* Returns the code to exit with. */
static int say_restored(const struct call *call, size_t reservations,
			size_t leases, json_t *report)
{
	size_t refused = json_array_size(report);
	json_t *result;

	if (call->opt->json) {
		result = json_pack("{s:I, s:I, s:O}", "reservations",
				   (json_int_t)reservations, "entered",
				   (json_int_t)leases, "refused", report);
		print_json(call->opt, result);
		json_decref(result);
	} else {
		if (reservations)
			printf("%zu reservations made, ", reservations);
		printf("%zu leases entered, %zu refused\n", leases, refused);
	}

	return refused ? CODE_BATCH : CODE_DONE;
}

int dhcp_restore(struct call *call)
{
	const struct arg *network = args_find(&call->args, "network");
	const char *path = args_find(&call->args, "file")->text;
	json_t *doc, *leases, *report;
	size_t reserved, entered;
	json_error_t error;
	json_int_t age;
	int err;

	err = check_network(network);
	if (err)
		return say_result(call, err);
	doc = read_file(path, &error);
	if (!doc)
		return refuse_file(path, error.text);
	leases = json_object_get(doc, "leases");
	if (json_integer_value(json_object_get(doc, "vmnet-leases")) != FORMAT ||
	    !json_is_array(leases)) {
		json_decref(doc);
		return refuse_file(path, "\"dhcp save\" has not written it");
	}
	age = time(NULL) - json_integer_value(json_object_get(doc, "saved"));
	if (age < 0)
		age = 0;
	report = json_array();
	reserved = restore_reservations(call, network,
					json_object_get(doc, "reservations"), report);
	entered = restore_leases(call, network, leases, age, report);
	json_decref(doc);
	if (refusal_last()->err == EPERM)
		err = say_result(call, -EPERM);
	else
		err = say_restored(call, reserved, entered, report);
	json_decref(report);

	return err;
}
