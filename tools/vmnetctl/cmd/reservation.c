// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
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

/* The words that say for whom; one of them. */
static const char *const clients[] = { "mac", "client-id", "port" };

/* mac 02:00:00:00:00:01 */
static char *cell_client(const json_t *reservation)
{
	const char *text;
	char *cell;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clients); i++) {
		text = json_string_value(json_object_get(reservation, clients[i]));
		if (!text)
			continue;
		if (asprintf(&cell, "%s %s", clients[i], text) < 0)
			or_die(NULL);
		return cell;
	}

	return or_die(strdup("-"));
}

static const struct column columns[] = {
	{ "NETWORK", "network" },
	{ "VLAN", "vlan" },
	{ "POOL", "pool" },
	{ "ADDRESS", "address" },
	{ "CLIENT", NULL, cell_client },
	{ "HOSTNAME", "hostname" },
	{ }
};

static int count_clients(const struct call *call)
{
	int n = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clients); i++)
		n += !!args_find(&call->args, clients[i]);

	return n;
}

static int check_add(struct call *call)
{
	if (count_clients(call) != 1)
		return say_usage(call, NULL, NULL,
				 "A client is named by one of \"mac\", \"client-id\" and \"port\"");

	return CODE_DONE;
}

static int check_del(struct call *call)
{
	if (count_clients(call) + !!args_find(&call->args, "ip") != 1)
		return say_usage(call, NULL, NULL,
				 "A reservation is named by one of \"ip\", \"mac\", \"client-id\" and \"port\"");

	return CODE_DONE;
}

static int change(struct call *call, uint8_t cmd)
{
	struct request *rq = request_genl(cmd, VMNET_A_RESERVATION);

	request_args(rq, &call->args);
	if (call->opt->force)
		request_flag(rq, VMNET_A_RESERVATION_FORCE);

	return request_do(rq);
}

static int get(const struct args *args, json_t *array)
{
	const struct arg *network = args_find(args, "network");
	struct request *rq;

	rq = request_genl(VMNET_CMD_RESERVATION_GET,
			  network ? VMNET_A_RESERVATION : 0);
	request_as(rq, VMNET_A_RESERVATION_NETWORK, network);

	return request_get(rq, true, &reservation_fields, array);
}

/* What was asked for, word by word, is there. */
static bool is_same(const struct call *call, const json_t *reservation)
{
	const struct arg *arg;
	const char *key;
	char *text;
	bool same;
	int i;

	for (i = 0; i < call->args.count; i++) {
		arg = &call->args.arg[i];
		key = !strcmp(arg->kw->word, "ip") ? "address" : arg->kw->word;
		text = print_value(key, json_object_get(reservation, key));
		same = !strcasecmp(text, arg->text);
		free(text);
		if (!same)
			return false;
	}

	return true;
}

static bool is_there(const struct call *call)
{
	json_t *array = json_array(), *reservation;
	bool there = false;
	size_t i;

	if (!get(&call->args, array)) {
		json_array_foreach(array, i, reservation)
			there |= is_same(call, reservation);
	}
	json_decref(array);

	return there;
}

static int reservation_add(struct call *call)
{
	struct refusal refusal;
	int err;

	err = change(call, VMNET_CMD_RESERVATION_ADD);
	if (err == -EEXIST && call->opt->may_exist) {
		refusal = *refusal_last();
		if (is_there(call))
			return CODE_DONE;
		refusal_restore(&refusal);
	}

	return say_result(call, err);
}

static int reservation_del(struct call *call)
{
	int err = change(call, VMNET_CMD_RESERVATION_DEL);

	if (err == -ENOENT && call->opt->if_exists)
		return CODE_DONE;

	return say_result(call, err);
}

static int reservation_show(struct call *call)
{
	json_t *array = json_array();
	int err = get(&call->args, array);

	if (!err && !json_array_size(array))
		err = check_network(args_find(&call->args, "network"));
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, false);
}

static const struct keyword network_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_RESERVATION_NETWORK }, { }
};

static const struct keyword add_keywords[] = {
	{ "mac", "MAC", V_MAC, .attr = VMNET_A_RESERVATION_MAC },
	{ "client-id", "HEX", V_HEX, .attr = VMNET_A_RESERVATION_CLIENT_ID,
	  .help = "option 61 as the client sends it, type octet included" },
	{ "port", "PORT", V_NAME, .attr = VMNET_A_RESERVATION_PORT,
	  .max = VMNET_PORT_NAME_MAX,
	  .help = "whoever is behind the port of this name" },
	{ "ip", "A", V_ADDRESS, KW_NEEDED, VMNET_A_RESERVATION_ADDRESS },
	{ "hostname", "NAME", V_TEXT, .attr = VMNET_A_RESERVATION_HOSTNAME,
	  .max = VMNET_HOSTNAME_MAX,
	  .help = "what the client is told to call itself" },
	{ "vlan", "V", V_VLAN, .attr = VMNET_A_RESERVATION_VLAN },
	{ "pool", "P", V_NAME, .attr = VMNET_A_RESERVATION_POOL,
	  .max = VMNET_POOL_NAME_MAX },
	{ }
};

static const struct keyword del_keywords[] = {
	{ "ip", "A", V_ADDRESS, .attr = VMNET_A_RESERVATION_ADDRESS },
	{ "mac", "MAC", V_MAC, .attr = VMNET_A_RESERVATION_MAC },
	{ "client-id", "HEX", V_HEX, .attr = VMNET_A_RESERVATION_CLIENT_ID },
	{ "port", "PORT", V_NAME, .attr = VMNET_A_RESERVATION_PORT,
	  .max = VMNET_PORT_NAME_MAX },
	{ "vlan", "V", V_VLAN, .attr = VMNET_A_RESERVATION_VLAN },
	{ "pool", "P", V_NAME, .attr = VMNET_A_RESERVATION_POOL,
	  .max = VMNET_POOL_NAME_MAX },
	{ }
};

static const struct verb verbs[] = {
	{ "add", "keep an address for one client; -f even if another one has it now",
	  reservation_add, network_op, 1, add_keywords, true, check_add },
	{ "del", "keep it no longer; -f even if nobody could have it then",
	  reservation_del, network_op, 1, del_keywords, true, check_del },
	{ "show", "the reservations of one network, or of all",
	  reservation_show, network_op },
	{ }
};

const struct noun reservation_noun = {
	"reservation", "an address that is kept for one DHCP client", verbs
};
