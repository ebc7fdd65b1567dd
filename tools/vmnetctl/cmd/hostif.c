// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static char *cell_allowed(const json_t *hostif)
{
	bool allow = json_is_true(json_object_get(hostif, "allow"));
	bool follows = json_object_get(hostif, "allow-default");
	char *text;

	if (asprintf(&text, "%s%s", allow ? "on" : "off",
		     follows ? " (default)" : "") < 0)
		or_die(NULL);

	return text;
}

/* The kernel names the first of them only. */
static char *cell_networks(const json_t *hostif)
{
	json_t *named = json_object_get(hostif, "network");
	json_int_t bound = json_integer_value(json_object_get(hostif, "networks-bound"));
	json_int_t more = bound - (json_int_t)json_array_size(named);
	char *names = print_value("network", named), *text;

	if (more <= 0)
		return names;
	if (asprintf(&text, "%s and %lld more", names, (long long)more) < 0)
		or_die(NULL);
	free(names);

	return text;
}

static const struct column columns[] = {
	{ "ADAPTER", "name" },
	{ "DRIVER", "driver" },
	{ "SPEED", "speed" },
	{ "MTU", "mtu" },
	{ "CARRIER", "carrier" },
	{ "ALLOWED", NULL, cell_allowed },
	{ "IFINDEX", "ifindex", .detail = true },
	{ "MAC", "mac", .detail = true },
	{ "NETWORKS", NULL, cell_networks },
	{ }
};

static int hostif_show(struct call *call)
{
	bool one = call->args.count;
	struct request *rq = request_genl(VMNET_CMD_HOSTIF_GET,
					  one ? VMNET_A_HOSTIF : 0);
	json_t *array = json_array();
	int err;

	request_args(rq, &call->args);
	err = request_get(rq, !one, &hostif_fields, array);
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, one);
}

static int hostif_set(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_HOSTIF_SET, VMNET_A_HOSTIF);
	const struct arg *allow = args_find(&call->args, "allow");

	request_as(rq, VMNET_A_HOSTIF_NAME, &call->args.arg[0]);
	if (allow->value.cleared)
		request_flag(rq, VMNET_A_HOSTIF_ALLOW_DEFAULT);
	else
		request_as(rq, VMNET_A_HOSTIF_ALLOW, allow);
	if (call->opt->force)
		request_flag(rq, VMNET_A_HOSTIF_FORCE);

	return say_result(call, request_do(rq));
}

static const struct keyword show_op[] = {
	{ "hostif", "ADAPTER|default", V_NAME, .attr = VMNET_A_HOSTIF_NAME,
	  .max = VMNET_NETWORK_NAME_MAX }, { }
};

static const struct keyword set_keywords[] = {
	{ "allow", "on|off|default", V_ONOFF, KW_NEEDED | KW_DEFAULT,
	  .help = "off: no network may bind it, nor anything above it" },
	{ }
};

static const struct verb verbs[] = {
	{ "set", "say whether networks may bind it; default: those not named",
	  hostif_set, show_op, 1, set_keywords },
	{ "show", "one adapter, or all, and who is bound to them", hostif_show,
	  show_op },
	{ }
};

const struct noun hostif_noun = {
	"hostif", "a physical adapter of the host, and whether networks may bind it",
	verbs
};
