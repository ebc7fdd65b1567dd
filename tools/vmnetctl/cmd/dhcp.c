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

static char *cell_subnet(const json_t *dhcp)
{
	const char *subnet = json_string_value(json_object_get(dhcp, "subnet"));
	json_t *len = json_object_get(dhcp, "prefix-len");
	char *text;

	if (!subnet)
		return or_die(strdup("-"));
	if (asprintf(&text, "%s/%d", subnet, (int)json_integer_value(len)) < 0)
		or_die(NULL);

	return text;
}

static char *cell_range(const json_t *dhcp)
{
	const char *first = json_string_value(json_object_get(dhcp, "range-start"));
	const char *last = json_string_value(json_object_get(dhcp, "range-end"));
	char *text;

	if (!first || !last)
		return or_die(strdup("-"));
	if (asprintf(&text, "%s-%s", first, last) < 0)
		or_die(NULL);

	return text;
}

static const struct column columns[] = {
	{ "NETWORK", "network" },
	{ "VLAN", "vlan" },
	{ "POOL", "pool" },
	{ "ENABLED", "enabled" },
	{ "SUBNET", NULL, cell_subnet },
	{ "SERVER", "server" },
	{ "RANGE", NULL, cell_range },
	{ "LEASES", "leases" },
	{ "SIZE", "pool-size" },
	{ "LEASE", "lease" },
	{ "ROUTER", "router", .detail = true },
	{ "DNS", "dns", .detail = true },
	{ "DOMAIN", "domain", .detail = true },
	{ "KEY", "key", .detail = true },
	{ "PROBE", "probe", .detail = true },
	{ "RECOVERING", "recovering", .detail = true },
	{ }
};

static int check_set(struct call *call)
{
	const struct args *args = &call->args;
	int scope = !!args_find(args, "vlan") + !!args_find(args, "pool");

	if (args_find(args, "none") && args->count > 2 + scope)
		return say_usage(call, "none", NULL,
				 "\"none\" forgets all settings; no other word can stand with it");
	if (args->count == 1 + scope)
		return say_usage(call, NULL, NULL,
				 "Nothing is said to be set");
	if (args_find(args, "auto") && args_find(args, "subnet"))
		return say_usage(call, "auto", NULL,
				 "\"auto\" and \"subnet\" cannot stand together");

	return CODE_DONE;
}

static int dhcp_set(struct call *call)
{
	struct request *rq;

	rq = request_genl(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	request_args(rq, &call->args);
	if (call->opt->force)
		request_flag(rq, VMNET_A_DHCP_FORCE);

	return say_result(call, request_do(rq));
}

static int get(struct call *call, bool dump, json_t *array)
{
	struct request *rq = request_genl(VMNET_CMD_DHCP_GET,
					  call->args.count ? VMNET_A_DHCP : 0);

	request_args(rq, &call->args);
	return request_get(rq, dump, &dhcp_fields, array);
}

/* One scope that is named, else those that there are; where there is none, that
 * it is so.
 */
static int dhcp_show(struct call *call)
{
	bool one = call->args.count > 1;
	json_t *array = json_array();
	int err = 0;

	if (!one)
		err = get(call, true, array);
	if (!err && call->args.count && !json_array_size(array))
		err = get(call, false, array);
	one = call->args.count && json_array_size(array) == 1;
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, one);
}

static const struct keyword network_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_DHCP_NETWORK }, { }
};

static const struct keyword show_keywords[] = {
	{ "vlan", "V", V_VLAN, .attr = VMNET_A_DHCP_VLAN },
	{ "pool", "P", V_NAME, .attr = VMNET_A_DHCP_POOL,
	  .max = VMNET_POOL_NAME_MAX },
	{ }
};

static const struct keyword set_keywords[] = {
	{ "vlan", "V", V_VLAN, .attr = VMNET_A_DHCP_VLAN,
	  .help = "the scope of this VLAN; else that of untagged frames" },
	{ "pool", "P", V_NAME, .attr = VMNET_A_DHCP_POOL,
	  .max = VMNET_POOL_NAME_MAX,
	  .help = "the scope of the ports of this pool; else of those in none" },
	{ "auto", NULL, V_FLAG, .attr = VMNET_A_DHCP_AUTO,
	  .help = "choose a free subnet" },
	{ "none", NULL, V_FLAG, .attr = VMNET_A_DHCP_CLEAR,
	  .help = "forget all settings and switch it off" },
	{ "subnet", "PREFIX", V_PREFIX, .attr = VMNET_A_DHCP_SUBNET,
	  .attr2 = VMNET_A_DHCP_PREFIX_LEN, .help = "the first one switches it on" },
	{ "server", "A", V_ADDRESS, .attr = VMNET_A_DHCP_SERVER,
	  .help = "its own address; the subnet's first by default" },
	{ "range", "A-B", V_RANGE, .attr = VMNET_A_DHCP_RANGE_START,
	  .attr2 = VMNET_A_DHCP_RANGE_END, .help = "addresses to give away" },
	{ "router", "A|none", V_ADDRESS, KW_NONE, VMNET_A_DHCP_ROUTER },
	{ "dns", "A,B|none", V_ADDRESSES, KW_NONE, VMNET_A_DHCP_DNS },
	{ "wins", "A,B|none", V_ADDRESSES, KW_NONE, VMNET_A_DHCP_WINS },
	{ "domain", "D|none", V_TEXT, KW_NONE, VMNET_A_DHCP_DOMAIN,
	  .max = 253 },
	{ "search", "D,D|none", V_DOMAINS, KW_NONE, VMNET_A_DHCP_SEARCH,
	  .max = LIST_MAX, .help = "domains in which clients look for names" },
	{ "ntp", "A,B|none", V_ADDRESSES, KW_NONE, VMNET_A_DHCP_NTP },
	{ "mtu", "on|off", V_ONOFF, .attr = VMNET_A_DHCP_MTU,
	  .help = "tell clients the network's MTU; on" },
	{ "routes", "P-A,P-A|none", V_ROUTES, KW_NONE, VMNET_A_DHCP_ROUTES,
	  .max = LIST_MAX,
	  .help = "prefixes and their routers; 0.0.0.0 is the link itself" },
	{ "next-server", "A|none", V_ADDRESS, KW_NONE, VMNET_A_DHCP_NEXT_SERVER,
	  .help = "where machines that boot fetch their file" },
	{ "tftp-server", "NAME|none", V_TEXT, KW_NONE, VMNET_A_DHCP_TFTP_SERVER,
	  .max = 253 },
	{ "boot-file", "F|none", V_TEXT, KW_NONE, VMNET_A_DHCP_BOOT_FILE,
	  .max = VMNET_DHCP_BOOT_FILE_MAX },
	{ "boot-file-arch", "N=F,N=F|none", V_BOOT_FILES, KW_NONE,
	  VMNET_A_DHCP_BOOT_FILE_ARCH, .max = LIST_MAX,
	  .help = "by architecture: 0 BIOS, 7 UEFI, 11 UEFI on ARM, 16 UEFI by HTTP" },
	{ "boot-file-ipxe", "F|none", V_TEXT, KW_NONE,
	  VMNET_A_DHCP_BOOT_FILE_IPXE, .max = VMNET_DHCP_BOOT_FILE_MAX,
	  .help = "for iPXE, before the others" },
	{ "v6only", "T|none", V_TIME, KW_NONE, VMNET_A_DHCP_V6ONLY,
	  .help = "how long clients that can do without IPv4 do so" },
	{ "auto-configure", "none|off|on", V_CHOICE,
	  .attr = VMNET_A_DHCP_AUTO_CONFIGURE, .names = auto_configures,
	  .help = "may clients choose an address of the link if there is none left" },
	{ "rapid-commit", "on|off", V_ONOFF, .attr = VMNET_A_DHCP_RAPID_COMMIT,
	  .help = "a lease by two messages to those who ask for it; off" },
	{ "option", "N=HEX,N=HEX|none", V_OPTIONS, KW_NONE, VMNET_A_DHCP_OPTION,
	  .max = LIST_MAX, .help = "any other option by its number" },
	{ "exclude", "A,A-B|none", V_RANGES, KW_NONE, VMNET_A_DHCP_EXCLUDE,
	  .max = LIST_MAX, .help = "addresses of the range that no client gets" },
	{ "lease", "T", V_TIME, .attr = VMNET_A_DHCP_LEASE,
	  .help = "seconds, or 90s, 30m, 12h, 7d, forever" },
	{ "t1", "T|default", V_TIME, KW_DEFAULT, VMNET_A_DHCP_T1,
	  .help = "when clients renew; half of the lease" },
	{ "t2", "T|default", V_TIME, KW_DEFAULT, VMNET_A_DHCP_T2,
	  .help = "when clients rebind; 7/8 of the lease" },
	{ "lease-min", "T", V_TIME, .attr = VMNET_A_DHCP_LEASE_MIN,
	  .help = "the shortest that a client may ask for" },
	{ "lease-max", "T|default", V_TIME, KW_DEFAULT, VMNET_A_DHCP_LEASE_MAX,
	  .help = "the longest that a client may ask for" },
	{ "key", "hwaddr|client-id", V_CHOICE, .attr = VMNET_A_DHCP_KEY,
	  .names = lease_keys, .help = "what tells two clients apart" },
	{ "probe", "auto|on|off", V_CHOICE, .attr = VMNET_A_DHCP_PROBE,
	  .names = dhcp_probes, .help = "ask by ARP before an address is offered" },
	{ "enable", "on|off", V_ONOFF, .attr = VMNET_A_DHCP_ENABLED },
	{ }
};

static const struct keyword log_op[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_DHCP_LOG_NETWORK }, { }
};

static const struct keyword log_keywords[] = {
	{ "mac", "MAC", V_MAC, .attr = VMNET_A_DHCP_LOG_MAC,
	  .help = "of one client only" },
	{ }
};

static const struct keyword save_ops[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_LEASE_NETWORK },
	{ "file", "FILE", V_TEXT },
	{ }
};

static const struct verb verbs[] = {
	{ "log", "the last messages of clients, and what was made of them",
	  dhcp_log, log_op, 1, log_keywords },
	{ "restore", "enter the leases and reservations of a saved file; exit status 4 if some were refused",
	  dhcp_restore, save_ops, 2 },
	{ "save", "write leases and reservations as JSON, to a file or to the output",
	  dhcp_save, save_ops, 1 },
	{ "set", "change what is named, all of it or nothing; -f even if leases are orphaned",
	  dhcp_set, network_op, 1, set_keywords, true, check_set },
	{ "show", "settings of one network's scopes, or of all; counters with -s",
	  dhcp_show, network_op, 0, show_keywords },
	{ }
};

const struct noun dhcp_noun = { "dhcp", "the DHCP server of a network", verbs };
