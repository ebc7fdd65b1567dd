// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vmnet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

static char *cell_state(const json_t *network)
{
	bool up = json_is_true(json_object_get(network, "up"));

	return or_die(strdup(up ? "up" : "down"));
}

static char *cell_dhcp(const json_t *network)
{
	const char *subnet = json_string_value(json_object_get(network, "dhcp-subnet"));
	bool on = json_is_true(json_object_get(network, "dhcp-enabled"));
	json_t *len = json_object_get(network, "dhcp-prefix-len");
	char *text;

	/* Scopes of VLANs and pools only. */
	if (!subnet)
		return or_die(strdup(on ? "on" : "-"));
	if (asprintf(&text, "%s/%d%s", subnet, (int)json_integer_value(len),
		     on ? "" : " (off)") < 0)
		or_die(NULL);

	return text;
}

/* eth1, eth1 vlan 100, eth1 (missing) */
static char *cell_uplink(const json_t *network)
{
	const char *name = json_string_value(json_object_get(network, "uplink"));
	const char *trunk = json_string_value(json_object_get(network, "uplink-trunk"));
	const char *state = json_string_value(json_object_get(network, "uplink-state"));
	json_t *vlan = json_object_get(network, "uplink-vlan");
	char *text, *vlans;

	if (!name)
		return or_die(strdup("-"));
	if (asprintf(&vlans, vlan ? " vlan %d" : "",
		     (int)json_integer_value(vlan)) < 0 ||
	    asprintf(&text, "%s%s%s%s%s%s%s", name, vlans,
		     trunk ? " trunk " : "", trunk ?: "",
		     !strcmp(state ?: "up", "up") ? "" : " (",
		     !strcmp(state ?: "up", "up") ? "" : state,
		     !strcmp(state ?: "up", "up") ? "" : ")") < 0)
		or_die(NULL);
	free(vlans);

	return text;
}

static const struct column columns[] = {
	{ "NETWORK", "name" },
	{ "STATE", NULL, cell_state },
	{ "MTU", "mtu" },
	{ "HOST", "host" },
	{ "PORTS", "ports-attached" },
	{ "DHCP", NULL, cell_dhcp },
	{ "UPLINK", NULL, cell_uplink },
	{ "FDB", "fdb-entries", .detail = true },
	{ "IFINDEX", "ifindex", .detail = true },
	{ "MAC", "mac", .detail = true },
	STATS_COLUMNS,
	{ "LABEL", "label" },
	{ }
};

/* The network of this name, or an empty array. */
static int get(const struct arg *name, json_t *array)
{
	struct request *rq = request_genl(VMNET_CMD_NETWORK_GET, VMNET_A_NETWORK);

	request_as(rq, VMNET_A_NETWORK_NAME, name);
	return request_get(rq, false, &network_fields, array);
}

/* A netdev that is no network must never be touched: rtnetlink is only asked
 * with an index that vmnet has told. Returns it, or a negative errno.
 */
static int get_ifindex(const struct arg *name)
{
	json_t *array = json_array();
	int err = get(name, array);
	int ifindex = -ENODEV;

	if (!err)
		json_unpack(array, "[{s:i}]", "ifindex", &ifindex);
	json_decref(array);

	return err ?: ifindex;
}

static int link_add(struct call *call)
{
	struct request *rq = request_link(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
					  0, true);

	request_as(rq, IFLA_IFNAME, &call->args.arg[0]);
	request_as(rq, IFLA_MTU, args_find(&call->args, "mtu"));
	request_nest(rq, IFLA_LINKINFO);
	request_string(rq, IFLA_INFO_KIND, "vmnet");
	request_nest(rq, IFLA_INFO_DATA);
	request_args(rq, &call->args);

	return request_do(rq);
}

static int link_del(int ifindex)
{
	return request_do(request_link(RTM_DELLINK, 0, ifindex, false));
}

static int dhcp_first(const struct arg *name, const struct arg *dhcp)
{
	struct request *rq = request_genl(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);

	request_as(rq, VMNET_A_DHCP_NETWORK, name);
	if (dhcp->value.cleared)
		request_flag(rq, VMNET_A_DHCP_AUTO);
	else
		request_as2(rq, VMNET_A_DHCP_SUBNET, VMNET_A_DHCP_PREFIX_LEN, dhcp);

	return request_do(rq);
}

static int attach_one(const struct arg *network, const struct arg *port)
{
	struct request *rq = request_genl(VMNET_CMD_PORT_ATTACH, VMNET_A_PORT);

	request_as(rq, VMNET_A_PORT_NAME, port);
	request_as(rq, VMNET_A_PORT_NETWORK, network);

	return request_do(rq);
}

/* The ports of "attach a,b,c", each as a word of its own, so that the one that
 * is refused can be told.
 */
static int attach_all(struct call *call, const struct arg *names)
{
	static const struct keyword port_word = { "attach", .type = V_NAME };
	static struct arg port;
	char *list = or_die(strdup(names->text));
	char *rest = list, *name;
	int code = CODE_DONE;

	while (!code && (name = strsep(&rest, ","))) {
		port = (struct arg){ .kw = &port_word, .text = name };
		code = say_result(call, attach_one(&call->args.arg[0], &port));
	}
	free(list);

	return code;
}

/* The words of set that add takes, too: as set would. */
static int set_rest(struct call *call)
{
	static const char *const words[] = {
		"uplink", "vlan", "trunk", "native", "uplink-dhcp",
		"uplink-follow", "ageing",
	};
	struct request *rq = NULL;
	const struct arg *arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		arg = args_find(&call->args, words[i]);
		if (arg && !rq) {
			rq = request_genl(VMNET_CMD_NETWORK_SET, VMNET_A_NETWORK);
			request_as(rq, VMNET_A_NETWORK_NAME, &call->args.arg[0]);
		}
		if (arg)
			request_as(rq, arg->kw->attr2, arg);
	}

	return rq ? say_result(call, request_do(rq)) : CODE_DONE;
}

/* What follows the link's birth, in requests of their own. */
static int add_rest(struct call *call)
{
	const struct arg *dhcp = args_find(&call->args, "dhcp");
	const struct arg *attach = args_find(&call->args, "attach");
	int code = set_rest(call);

	if (!code && dhcp)
		code = say_result(call, dhcp_first(&call->args.arg[0], dhcp));
	if (!code && attach)
		code = attach_all(call, attach);

	return code;
}

static int network_add(struct call *call)
{
	const struct arg *name = &call->args.arg[0];
	int err = link_add(call);
	int code, ifindex;

	if (err == -EEXIST && call->opt->may_exist) {
		if (get_ifindex(name) > 0)
			return CODE_DONE;
		return say_plain(CODE_REFUSED, NULL,
				 "%s is the name of a netdev that is no network",
				 name->text);
	}
	if (err)
		return say_result(call, err);

	code = add_rest(call);
	if (code) {
		/* All or nothing: its deletion detaches the ports again. */
		ifindex = get_ifindex(name);
		if (ifindex > 0)
			link_del(ifindex);
	}

	return code;
}

static int rename_link(int ifindex, const struct arg *name)
{
	struct request *rq = request_link(RTM_SETLINK, 0, ifindex, false);

	request_as(rq, IFLA_IFNAME, name);
	return request_do(rq);
}

static int network_set(struct call *call)
{
	const struct arg *name = &call->args.arg[0];
	const struct arg *new_name = args_find(&call->args, "name");
	int ifindex, err, code;
	struct request *rq;
	struct arg now = *name;

	if (new_name) {
		ifindex = get_ifindex(name);
		err = ifindex < 0 ? ifindex : rename_link(ifindex, new_name);
		if (err || call->args.count == 2)
			return say_result(call, err);
		now.text = new_name->text;
	}

	rq = request_genl(VMNET_CMD_NETWORK_SET, VMNET_A_NETWORK);
	request_as(rq, VMNET_A_NETWORK_NAME, &now);
	request_args(rq, &call->args);
	code = say_result(call, request_do(rq));
	if (code && new_name)
		rename_link(ifindex, name);

	return code;
}

static int network_del(struct call *call)
{
	int ifindex = get_ifindex(&call->args.arg[0]);

	if (ifindex == -ENOENT && call->opt->if_exists)
		return CODE_DONE;
	if (ifindex > 0)
		ifindex = link_del(ifindex);

	return say_result(call, ifindex);
}

static int network_show(struct call *call)
{
	const struct arg *name = call->args.count ? &call->args.arg[0] : NULL;
	json_t *array = json_array();
	int err;

	if (name)
		err = get(name, array);
	else
		err = request_get(request_genl(VMNET_CMD_NETWORK_GET, 0), true,
				  &network_fields, array);
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}

	return print_list(call->opt, columns, array, name);
}

static int network_exists(struct call *call)
{
	int ifindex = get_ifindex(&call->args.arg[0]);

	if (ifindex == -ENOENT || ifindex == -ENODEV)
		return CODE_ABSENT;

	return say_result(call, ifindex);
}

static const struct keyword new_name_op[] = {
	{ "network", "NAME", V_NAME, .max = VMNET_NETWORK_NAME_MAX }, { }
};

static const struct keyword name_op[] = {
	{ "network", "NAME", V_NAME }, { }
};

static const struct keyword add_keywords[] = {
	{ "dhcp", "PREFIX|auto", V_PREFIX, KW_AUTO,
	  .help = "subnet of its DHCP server, which is switched on" },
	{ "label", "TEXT", V_TEXT, .attr = IFLA_VMNET_LABEL,
	  .max = VMNET_LABEL_MAX,
	  .help = "a line of text for people" },
	{ "notes", "TEXT", V_TEXT, .attr = IFLA_VMNET_NOTES,
	  .max = VMNET_NOTES_MAX,
	  .help = "more text for people" },
	{ "mtu", "N", V_NUMBER, .help = "68 to 65535, without the Ethernet header" },
	{ "host", "on|off", V_ONOFF, .attr = IFLA_VMNET_HOST,
	  .help = "whether the host is a member; off by default" },
	{ "uplink", "DEV", V_NAME, .attr2 = VMNET_A_NETWORK_UPLINK,
	  .max = VMNET_NETWORK_NAME_MAX,
	  .help = "the netdev that leads outside" },
	{ "vlan", "V", V_VLAN, .attr2 = VMNET_A_NETWORK_UPLINK_VLAN,
	  .help = "the network is this VLAN of its uplink" },
	{ "trunk", "V,V-V", V_VLANS, .attr2 = VMNET_A_NETWORK_UPLINK_TRUNK,
	  .help = "VLANs that the uplink carries" },
	{ "native", "V", V_VLAN, .attr2 = VMNET_A_NETWORK_UPLINK_NATIVE,
	  .help = "of a trunk, the one that is untagged on the wire" },
	{ "uplink-dhcp", "on|off", V_ONOFF,
	  .attr2 = VMNET_A_NETWORK_UPLINK_DHCP,
	  .help = "answer DHCP clients outside; off by default" },
	{ "uplink-follow", "on|off", V_ONOFF,
	  .attr2 = VMNET_A_NETWORK_UPLINK_FOLLOW,
	  .help = "ports have carrier only while the uplink has" },
	{ "ageing", "TIME|none", V_TIME, KW_NONE, .attr2 = VMNET_A_NETWORK_AGEING,
	  .help = "forget a learned address after so long without a frame" },
	{ "attach", "PORT,PORT...", V_NAMES, .help = "ports to plug in at once" },
	{ }
};

static const struct keyword set_keywords[] = {
	{ "label", "TEXT|none", V_TEXT, KW_NONE, VMNET_A_NETWORK_LABEL,
	  .max = VMNET_LABEL_MAX },
	{ "notes", "TEXT|none", V_TEXT, KW_NONE, VMNET_A_NETWORK_NOTES,
	  .max = VMNET_NOTES_MAX },
	{ "mtu", "N", V_NUMBER, .attr = VMNET_A_NETWORK_MTU },
	{ "host", "on|off", V_ONOFF, .attr = VMNET_A_NETWORK_HOST },
	{ "uplink", "DEV|none", V_NAME, KW_NONE, VMNET_A_NETWORK_UPLINK,
	  .max = VMNET_NETWORK_NAME_MAX,
	  .help = "the netdev that leads outside" },
	{ "vlan", "V|none", V_VLAN, KW_NONE, VMNET_A_NETWORK_UPLINK_VLAN,
	  .help = "the network is this VLAN of its uplink" },
	{ "trunk", "V,V-V|none", V_VLANS, KW_NONE,
	  VMNET_A_NETWORK_UPLINK_TRUNK,
	  .help = "VLANs that the uplink carries" },
	{ "native", "V|none", V_VLAN, KW_NONE, VMNET_A_NETWORK_UPLINK_NATIVE,
	  .help = "of a trunk, the one that is untagged on the wire" },
	{ "uplink-dhcp", "on|off", V_ONOFF,
	  .attr = VMNET_A_NETWORK_UPLINK_DHCP,
	  .help = "answer DHCP clients outside; off by default" },
	{ "uplink-follow", "on|off", V_ONOFF,
	  .attr = VMNET_A_NETWORK_UPLINK_FOLLOW,
	  .help = "ports have carrier only while the uplink has" },
	{ "ageing", "TIME|none", V_TIME, KW_NONE, VMNET_A_NETWORK_AGEING,
	  .help = "forget a learned address after so long without a frame" },
	{ "name", "NEW", V_NAME, .max = VMNET_NETWORK_NAME_MAX,
	  .help = "rename the network and its netdev" },
	{ }
};

static const struct verb verbs[] = {
	{ "add", "make a network and switch it on", network_add,
	  new_name_op, 1, add_keywords },
	{ "set", "change what is named, keep the rest", network_set,
	  name_op, 1, set_keywords, true },
	{ "del", "delete it; its ports are detached, not deleted", network_del,
	  name_op, 1 },
	{ "show", "one network, or all", network_show, name_op },
	{ "exists", "exit code 0 or 3", network_exists, name_op, 1 },
	{ }
};

const struct noun network_noun = {
	"network", "a virtual Ethernet switch", verbs
};
