// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

/* Appends { "<noun>": name, "stats": {...} } for each object. */
static void take(json_t *into, const char *noun, const json_t *array)
{
	json_t *object;
	size_t i;

	json_array_foreach((json_t *)array, i, object)
		json_array_append_new(into, json_pack("{s:O?, s:O?}",
				noun, json_object_get(object, "name"),
				"stats", json_object_get(object, "stats")));
}

static int networks(json_t *into, const struct arg *name)
{
	struct request *rq = request_genl(VMNET_CMD_NETWORK_GET,
					  name ? VMNET_A_NETWORK : 0);
	json_t *array = json_array();
	int err;

	request_as(rq, VMNET_A_NETWORK_NAME, name);
	err = request_get(rq, !name, &network_fields, array);
	take(into, "network", array);
	json_decref(array);

	return err;
}

static int ports(json_t *into, const struct arg *name)
{
	struct request *rq = request_genl(VMNET_CMD_PORT_GET,
					  name ? VMNET_A_PORT : 0);
	json_t *array = json_array();
	int err;

	request_as(rq, VMNET_A_PORT_NAME, name);
	err = request_get(rq, !name, &port_fields, array);
	take(into, "port", array);
	json_decref(array);

	return err;
}

static void add_up(json_t *sum, const json_t *more)
{
	const char *key;
	json_t *value, *part;

	json_object_foreach((json_t *)more, key, value) {
		part = json_object_get(sum, key);
		if (json_is_object(value)) {
			if (!part) {
				part = json_object();
				json_object_set_new(sum, key, part);
			}
			add_up(part, value);
		} else {
			json_object_set_new(sum, key,
					    json_integer(json_integer_value(part) +
							 json_integer_value(value)));
		}
	}
}

/* The sum over the ports of a virtual machine. */
static int machine(json_t *into, const struct arg *vm)
{
	struct request *rq = request_genl(VMNET_CMD_PORT_GET, VMNET_A_PORT);
	json_t *array = json_array(), *sum = json_object(), *object;
	size_t i;
	int err;

	request_as(rq, VMNET_A_PORT_VM, vm);
	err = request_get(rq, true, &port_fields, array);
	json_array_foreach(array, i, object)
		add_up(sum, json_object_get(object, "stats"));
	json_array_append_new(into, json_pack("{s:s, s:i, s:o}", "vm", vm->text,
					      "ports", (int)json_array_size(array),
					      "stats", sum));
	if (!err && !json_array_size(array))
		err = -ENOENT;
	json_decref(array);

	return err;
}

static void print_all(const struct options *opt, const json_t *array)
{
	static const char *const names[] = { "network", "port", "vm" };
	json_t *object, *name;
	size_t i, k;
	char *text;

	json_array_foreach((json_t *)array, i, object) {
		for (k = 0; k < ARRAY_SIZE(names); k++) {
			name = json_object_get(object, names[k]);
			if (!name)
				continue;
			text = print_value(names[k], name);
			printf("%s %s\n", names[k], text);
			free(text);
		}
		print_stats(opt, json_object_get(object, "stats"));
	}
}

static int check_show(struct call *call)
{
	if (call->args.count > 1)
		return say_usage(call, call->args.arg[1].kw->word,
				 call->args.arg[1].text,
				 "Only one of network, port and vm can be named");

	return CODE_DONE;
}

static int stats_show(struct call *call)
{
	const struct arg *network = args_find(&call->args, "network");
	const struct arg *port = args_find(&call->args, "port");
	const struct arg *vm = args_find(&call->args, "vm");
	json_t *array = json_array();
	int err = 0;

	if (network || !call->args.count)
		err = networks(array, network);
	if (!err && (port || !call->args.count))
		err = ports(array, port);
	if (!err && vm)
		err = machine(array, vm);
	if (!err && call->opt->json)
		print_json(call->opt, array);
	else if (!err)
		print_all(call->opt, array);
	json_decref(array);
	if (err == -ENOENT && vm)
		return say_plain(CODE_ABSENT, "vmnetctl port show",
				 "No port belongs to a virtual machine %s", vm->text);

	return say_result(call, err);
}

static const struct keyword show_keywords[] = {
	{ "network", "NETWORK", V_NAME },
	{ "port", "PORT", V_NAME },
	{ "vm", "VM", V_NAME, .help = "the sum over its ports" },
	{ }
};

static const struct verb verbs[] = {
	{ "show", "of one, or of all networks and ports; drop reasons that are zero with -d",
	  stats_show, NULL, 0, show_keywords, .check = check_show },
	{ }
};

const struct noun stats_noun = {
	"stats", "frames and bytes that were counted", verbs
};
