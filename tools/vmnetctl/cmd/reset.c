// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>

#include "../ctl.h"
#include "../genl.h"
#include "../say.h"

static int reset(struct call *call)
{
	return say_result(call, request_do(request_genl(VMNET_CMD_RESET, 0)));
}

static const struct verb verbs[] = {
	{ "reset", "delete every network and every port of the namespace", reset },
	{ }
};

const struct noun reset_noun = {
	"reset", "delete all networks and ports", verbs, .verbless = true
};
