// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static int host_set(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_HOST_SET, VMNET_A_HOST);

	request_args(rq, &call->args);
	return say_result(call, request_do(rq));
}

static int host_show(struct call *call)
{
	json_t *array = json_array();
	int err;

	err = request_get(request_genl(VMNET_CMD_HOST_GET, 0), false,
			  &host_fields, array);
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, NULL, array, true);
}

static const struct keyword set_keywords[] = {
	{ "key", "HEX", V_HEX, .attr = VMNET_A_HOST_KEY,
	  .help = "16 octets that automatic MAC addresses are made from" },
	{ }
};

static const struct verb verbs[] = {
	{ "set", "change what holds for the whole host", host_set,
	  NULL, 0, set_keywords, true },
	{ "show", "what holds for the whole host", host_show },
	{ }
};

const struct noun host_noun = { "host", "what holds for the whole host", verbs };
