// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static char *cell_expires(const json_t *lease)
{
	json_t *expires = json_object_get(lease, "expires");

	return expires ? print_value("expires", expires) : or_die(strdup("never"));
}

static const struct column columns[] = {
	{ "NETWORK", "network" },
	{ "VLAN", "vlan" },
	{ "POOL", "pool" },
	{ "ADDRESS", "address" },
	{ "MAC", "mac" },
	{ "PORT", "port" },
	{ "STATE", "state" },
	{ "EXPIRES", NULL, cell_expires },
	{ "CLIENT-ID", "client-id", .detail = true },
	{ "HOSTNAME", "hostname" },
	{ }
};

static int lease_show(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_LEASE_GET,
					  call->args.count ? VMNET_A_LEASE : 0);
	json_t *array = json_array();
	int err;

	request_args(rq, &call->args);
	err = request_get(rq, true, &lease_fields, array);
	if (!err && !json_array_size(array))
		err = check_network(args_find(&call->args, "network"));
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, false);
}

static int lease_del(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_LEASE_DEL, VMNET_A_LEASE);
	int err;

	request_args(rq, &call->args);
	err = request_do(rq);
	if (err == -ENOENT && call->opt->if_exists)
		return CODE_DONE;

	return say_result(call, err);
}

static const struct keyword network_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_LEASE_NETWORK }, { }
};

static const struct keyword del_ops[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_LEASE_NETWORK },
	{ "address", "ADDRESS", V_ADDRESS, .attr = VMNET_A_LEASE_ADDRESS },
	{ }
};

static const struct keyword scope_keywords[] = {
	{ "vlan", "V", V_VLAN, .attr = VMNET_A_LEASE_VLAN,
	  .help = "of the scope of this VLAN" },
	{ "pool", "P", V_NAME, .attr = VMNET_A_LEASE_POOL,
	  .max = VMNET_POOL_NAME_MAX, .help = "of the scope of this pool" },
	{ }
};

static const struct verb verbs[] = {
	{ "del", "free an address; its client is refused when it renews",
	  lease_del, del_ops, 2, scope_keywords },
	{ "show", "the leases of one network, or of all", lease_show, network_op },
	{ }
};

const struct noun lease_noun = {
	"lease", "an address that a client of a DHCP server holds", verbs
};
