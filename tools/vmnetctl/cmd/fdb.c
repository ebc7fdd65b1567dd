// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>
#include <errno.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static const struct column columns[] = {
	{ "NETWORK", "network" },
	{ "MAC", "mac" },
	{ "VLAN", "vlan" },
	{ "PORT", "port" },
	{ "TYPE", "port-type" },
	{ "KIND", "kind" },
	{ "STICKY", "sticky", .detail = true },
	{ "AGE", "age" },
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

static int fdb_do(struct call *call, int cmd, int forgive, bool replace)
{
	struct request *rq = request_genl(cmd, VMNET_A_FDB);
	int err;

	request_args(rq, &call->args);
	if (replace)
		request_flag(rq, VMNET_A_FDB_REPLACE);
	err = request_do(rq);
	if (err && err == forgive)
		return CODE_DONE;

	return say_result(call, err);
}

static int fdb_add(struct call *call)
{
	return fdb_do(call, VMNET_CMD_FDB_ADD,
		      call->opt->may_exist ? -EEXIST : 0, false);
}

static int fdb_replace(struct call *call)
{
	return fdb_do(call, VMNET_CMD_FDB_ADD, 0, true);
}

static int fdb_del(struct call *call)
{
	return fdb_do(call, VMNET_CMD_FDB_DEL,
		      call->opt->if_exists ? -ENOENT : 0, false);
}

static int fdb_flush(struct call *call)
{
	return fdb_do(call, VMNET_CMD_FDB_FLUSH, 0, false);
}

static const struct keyword network_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_FDB_NETWORK }, { }
};

static const struct keyword add_keywords[] = {
	{ "mac", "MAC", V_MAC, KW_NEEDED, VMNET_A_FDB_MAC },
	{ "port", "PORT", V_NAME, KW_NEEDED, VMNET_A_FDB_PORT },
	{ "vlan", "V", V_VLAN, KW_NONE, VMNET_A_FDB_VLAN },
	{ "sticky", "on|off", V_ONOFF, .attr = VMNET_A_FDB_STICKY,
	  .help = "drop frames from it by other ports" },
	{ }
};

static const struct keyword del_keywords[] = {
	{ "mac", "MAC", V_MAC, KW_NEEDED, VMNET_A_FDB_MAC },
	{ "port", "PORT", V_NAME, .attr = VMNET_A_FDB_PORT },
	{ "vlan", "V", V_VLAN, KW_NONE, VMNET_A_FDB_VLAN },
	{ }
};

static const struct keyword flush_keywords[] = {
	{ "port", "PORT", V_NAME, .attr = VMNET_A_FDB_PORT },
	{ "kind", "learned|static", V_CHOICE, .attr = VMNET_A_FDB_KIND,
	  .names = fdb_kinds, .help = "learned is the default" },
	{ }
};

static const struct verb verbs[] = {
	{ "add", "bind an address to a port", fdb_add, network_op, 1,
	  add_keywords },
	{ "replace", "the same, whatever is there", fdb_replace, network_op, 1,
	  add_keywords },
	{ "del", "delete a static or learned address", fdb_del, network_op, 1,
	  del_keywords },
	{ "flush", "delete all of a network, or of a port", fdb_flush,
	  network_op, 1, flush_keywords },
	{ "show", "the table of one network, or of all", fdb_show, network_op },
	{ }
};

const struct noun fdb_noun = {
	"fdb", "which port has which MAC address", verbs
};
