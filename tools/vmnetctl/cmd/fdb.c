// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static const struct column columns[] = {
	{ "NETWORK", "network" },
	{ "MAC", "mac" },
	{ "PORT", "port" },
	{ "TYPE", "port-type" },
	{ "KIND", "kind" },
	{ }
};

static int fdb_show(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_FDB_GET,
					  call->args.count ? VMNET_A_FDB : 0);
	json_t *array = json_array();
	int err;

	request_args(rq, &call->args);
	err = request_get(rq, true, &fdb_fields, array);
	if (!err && !json_array_size(array))
		err = check_network(args_find(&call->args, "network"));
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, false);
}

static const struct keyword network_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_FDB_NETWORK }, { }
};

static const struct verb verbs[] = {
	{ "show", "the table of one network, or of all", fdb_show, network_op },
	{ }
};

const struct noun fdb_noun = {
	"fdb", "which port has which MAC address", verbs
};
