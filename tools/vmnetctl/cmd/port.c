// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../netns.h"
#include "../open.h"
#include "../print.h"
#include "../say.h"

static char *cell_netns(const json_t *port)
{
	json_t *name = json_object_get(port, "netns");
	json_t *id = json_object_get(port, "netnsid");
	char *text;

	if (name || !id)
		return print_value("netns", name);
	if (asprintf(&text, "nsid %d", (int)json_integer_value(id)) < 0)
		or_die(NULL);

	return text;
}

/* 10, trunk 10,20-29, trunk 10,20 native 10 */
static char *cell_vlan(const json_t *port)
{
	const char *trunk = json_string_value(json_object_get(port, "trunk"));
	json_t *native = json_object_get(port, "native");
	char *text;

	if (!trunk)
		return print_value("vlan", json_object_get(port, "vlan"));
	if (asprintf(&text, native ? "trunk %s native %d" : "trunk %s", trunk,
		     (int)json_integer_value(native)) < 0)
		or_die(NULL);

	return text;
}

static const struct column columns[] = {
	{ "PORT", "name" },
	{ "TYPE", "type" },
	{ "NETWORK", "network" },
	{ "STATE", "state" },
	{ "IFNAME", "ifname" },
	{ "NETNS", NULL, cell_netns },
	{ "MAC", "mac" },
	{ "MTU", "mtu", .detail = true },
	{ "QUEUES", "queues", .detail = true },
	{ "OPEN", "queues-open", .detail = true },
	{ "NODE", "node", .detail = true },
	{ "UID", "uid", .detail = true },
	{ "GID", "gid", .detail = true },
	{ "LEASES", "leases", .detail = true },
	{ "VLAN", NULL, cell_vlan },
	{ "LEARNING", "learning", .detail = true },
	{ "GUARD-MAC", "guard-mac", .detail = true },
	{ "GUARD-DHCP", "guard-dhcp", .detail = true },
	{ "GUARD-CHADDR", "guard-chaddr", .detail = true },
	{ "POOL", "pool", .detail = true },
	STATS_COLUMNS,
	{ "VM", "vm" },
	{ }
};

static int get(const struct arg *name, json_t *array)
{
	struct request *rq = request_genl(VMNET_CMD_PORT_GET, VMNET_A_PORT);

	request_as(rq, VMNET_A_PORT_NAME, name);
	return request_get(rq, false, &port_fields, array);
}

/* Whether a port is there and (network not NULL) attached to that network; an
 * empty name of a network stands for detached.
 */
static bool is_so(const struct arg *name, const char *network)
{
	json_t *array = json_array();
	bool so = !get(name, array);
	const char *now;

	now = json_string_value(json_object_get(json_array_get(array, 0), "network"));
	if (so && network)
		so = !strcmp(now ?: "", network);
	json_decref(array);

	return so;
}

static int do_simple(struct call *call, uint8_t cmd)
{
	struct request *rq = request_genl(cmd, VMNET_A_PORT);

	request_args(rq, &call->args);
	return request_do(rq);
}

/* For what --if-exists excuses. */
static int port_unless_absent(struct call *call, uint8_t cmd)
{
	int err = do_simple(call, cmd);

	if (err == -ENOENT && call->opt->if_exists)
		return CODE_DONE;

	return say_result(call, err);
}

static struct request *link_request(struct call *call, const struct arg *ifname,
				    bool up)
{
	const struct arg *queues = args_find(&call->args, "queues");
	const struct arg *mac = args_find(&call->args, "mac");
	struct request *rq;

	rq = request_link(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, up);
	request_as(rq, IFLA_IFNAME, ifname);
	if (mac && !mac->value.cleared)
		request_as(rq, IFLA_ADDRESS, mac);
	request_as(rq, IFLA_NUM_TX_QUEUES, queues);
	request_as(rq, IFLA_NUM_RX_QUEUES, queues);
	request_as(rq, IFLA_NET_NS_FD, args_find(&call->args, "netns"));
	request_nest(rq, IFLA_LINKINFO);
	request_string(rq, IFLA_INFO_KIND, "vmnic");
	request_nest(rq, IFLA_INFO_DATA);
	request_args(rq, &call->args);

	return rq;
}

/* Only rtnetlink can rename a netdev, and only from the namespace that it is
 * in. With up, it is switched on as well.
 */
static int rename_netdev(struct call *call, const struct arg *ifname, bool up)
{
	json_t *array = json_array();
	int err = get(&call->args.arg[0], array);
	int ifindex = 0, fd = -1;
	struct request *rq;
	json_t *port;

	port = json_array_get(array, 0);
	json_unpack(port, "{s:i}", "ifindex", &ifindex);
	if (!err) {
		rq = request_link(RTM_SETLINK, 0, ifindex, up);
		request_as(rq, IFLA_IFNAME, ifname);
		if (!json_object_get(port, "netnsid")) {
			err = request_do(rq);
		} else {
			netns_forget();
			netns_annotate(port);
			fd = netns_open_of(port);
			err = request_do_in(rq, fd);
		}
	}
	if (fd >= 0)
		close(fd);
	json_decref(array);

	return err;
}

static int del_again(struct call *call)
{
	struct request *rq = request_genl(VMNET_CMD_PORT_DEL, VMNET_A_PORT);

	request_as(rq, VMNET_A_PORT_NAME, &call->args.arg[0]);
	return request_do(rq);
}

/* rtnetlink looks for the wanted name in the namespace of the request, although
 * the netdev is for another one: with an eth0 at home, no eth0 could be made
 * elsewhere. So it is made with a name of the kernel's choice, and renamed
 * before it is switched on.
 */
static int add_then_rename(struct call *call, const struct arg *ifname)
{
	int code;

	code = say_result(call, request_do(link_request(call, NULL, false)));
	if (code)
		return code;
	code = say_result(call, rename_netdev(call, ifname, true));
	if (code)
		del_again(call);

	return code;
}

static const struct arg *ifname_of(const struct call *call)
{
	return args_find(&call->args, "ifname") ?: &call->args.arg[0];
}

static int check_add(struct call *call)
{
	const struct arg *ifname = ifname_of(call);

	if (strlen(ifname->text) > VMNET_NETWORK_NAME_MAX)
		return say_usage(call, ifname->kw->word, ifname->text,
				 "The name of a netdev has at most 15 octets: give it one by \"ifname\"");

	return CODE_DONE;
}

static int add_link(struct call *call)
{
	const struct arg *name = &call->args.arg[0];
	const struct arg *ifname = ifname_of(call);
	struct refusal refusal;
	bool there;
	int err;

	err = request_do(link_request(call, ifname, true));
	if (err == -EEXIST) {
		refusal = *refusal_last();
		there = is_so(name, NULL);
		if (there && call->opt->may_exist)
			return CODE_DONE;
		if (!there && args_find(&call->args, "netns"))
			return add_then_rename(call, ifname);
		refusal_restore(&refusal);
	}

	return say_result(call, err);
}

/* A new port is plugged in when it has its VLANs and its pool, not before: it
 * would be in all of them, or in none, for a moment.
 */
static int add_with_words(struct call *call)
{
	const struct arg *network = args_find(&call->args, "network");
	struct call unplugged = *call;
	struct request *rq;
	int i, code;

	unplugged.args.count = 0;
	for (i = 0; i < call->args.count; i++) {
		if (&call->args.arg[i] != network)
			unplugged.args.arg[unplugged.args.count++] = call->args.arg[i];
	}
	code = add_link(&unplugged);
	if (code)
		return code;

	rq = request_genl(VMNET_CMD_PORT_SET, VMNET_A_PORT);
	request_as(rq, VMNET_A_PORT_NAME, &call->args.arg[0]);
	for (i = 0; i < call->args.count; i++) {
		if (call->args.arg[i].kw->attr2)
			request_as(rq, call->args.arg[i].kw->attr2,
				   &call->args.arg[i]);
	}
	code = say_result(call, request_do(rq));
	if (!code && network) {
		rq = request_genl(VMNET_CMD_PORT_ATTACH, VMNET_A_PORT);
		request_as(rq, VMNET_A_PORT_NAME, &call->args.arg[0]);
		request_as(rq, VMNET_A_PORT_NETWORK, network);
		code = say_result(call, request_do(rq));
	}
	if (code)
		del_again(call);

	return code;
}

static int port_add(struct call *call)
{
	static const char *const words[] = {
		"vlan", "trunk", "native", "pool", "guard-chaddr",
	};
	struct arg *name = &call->args.arg[0];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!args_find(&call->args, words[i]))
			continue;
		if (call->opt->may_exist && is_so(name, NULL))
			return CODE_DONE;
		return add_with_words(call);
	}

	return add_link(call);
}

/* The netdev's name is rtnetlink's to change; the rest is vmnet's. */
static int port_set(struct call *call)
{
	const struct arg *ifname = args_find(&call->args, "ifname");
	int err = 0;

	if (ifname)
		err = rename_netdev(call, ifname, false);
	else
		err = do_simple(call, VMNET_CMD_PORT_SET);

	return say_result(call, err);
}

static int check_set(struct call *call)
{
	if (args_find(&call->args, "ifname") && call->args.count > 2)
		return say_usage(call, "ifname", NULL,
				 "\"ifname\" is set alone: it is not vmnet that renames a netdev");

	return CODE_DONE;
}

static int port_attach(struct call *call)
{
	const struct arg *network = args_find(&call->args, "network");
	const struct arg *name = &call->args.arg[0];

	if (call->opt->may_exist && is_so(name, network->text))
		return CODE_DONE;

	return say_result(call, do_simple(call, VMNET_CMD_PORT_ATTACH));
}

static int port_detach(struct call *call)
{
	if (call->opt->if_exists && is_so(&call->args.arg[0], ""))
		return CODE_DONE;

	return port_unless_absent(call, VMNET_CMD_PORT_DETACH);
}

static int port_move(struct call *call)
{
	return say_result(call, do_simple(call, VMNET_CMD_PORT_MOVE));
}

static int port_del(struct call *call)
{
	return port_unless_absent(call, VMNET_CMD_PORT_DEL);
}

static int check_show(struct call *call)
{
	if (call->args.count > 1 && (args_find(&call->args, "port") ||
				     args_find(&call->args, "name")))
		return say_usage(call, call->args.arg[1].kw->word, NULL,
				 "A name leaves nothing to choose from");

	return CODE_DONE;
}

static int port_show(struct call *call)
{
	const struct arg *name = args_find(&call->args, "port") ?:
				 args_find(&call->args, "name");
	json_t *array = json_array();
	struct request *rq;
	int err;

	if (name) {
		err = get(name, array);
	} else {
		rq = request_genl(VMNET_CMD_PORT_GET,
				  call->args.count ? VMNET_A_PORT : 0);
		request_args(rq, &call->args);
		err = request_get(rq, true, &port_fields, array);
		if (!err && !json_array_size(array))
			err = check_network(args_find(&call->args, "network"));
	}
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}
	netns_annotate_all(array);

	return print_list(call->opt, columns, array, name);
}

/* Everything is in place before the program is; nothing else of ours is open
 * in it.
 */
static int port_open(struct call *call)
{
	const struct arg *queues = args_find(&call->args, "queues");
	const struct arg *vhost = args_find(&call->args, "vhost");
	json_t *array = json_array();
	const char *node = NULL;
	int err, code, n = 1;

	err = get(&call->args.arg[0], array);
	if (err) {
		json_decref(array);
		return say_result(call, err);
	}
	json_unpack(json_array_get(array, 0), "{s:s, s:i}", "node", &node,
		    "queues", &n);
	if (queues)
		n = queues->value.number;
	if (!node)
		code = say_plain(CODE_REFUSED, "vmnetctl port show",
				 "Port %s is no tap: there is nothing to open",
				 call->args.arg[0].text);
	else
		code = open_and_run(node, n, vhost && vhost->value.number,
				    call->program);
	json_decref(array);

	return code;
}

static int port_exists(struct call *call)
{
	json_t *array = json_array();
	int err = get(&call->args.arg[0], array);

	json_decref(array);
	if (err == -ENOENT || err == -ENODEV)
		return CODE_ABSENT;

	return say_result(call, err);
}

static const struct keyword link_op[] = {
	{ "port", "NAME", V_NAME, .attr = IFLA_VMNIC_NAME,
	  .max = VMNET_PORT_NAME_MAX }, { }
};

static const struct keyword name_op[] = {
	{ "port", "NAME", V_NAME, .attr = VMNET_A_PORT_NAME }, { }
};

static const struct keyword network_keyword[] = {
	{ "network", "NETWORK", V_NAME, KW_NEEDED, VMNET_A_PORT_NETWORK }, { }
};

static const struct keyword add_keywords[] = {
	{ "type", "nic|tap", V_CHOICE, .attr = IFLA_VMNIC_MODE,
	  .names = port_types, .help = "nic is the default" },
	{ "network", "NETWORK", V_NAME, .attr = IFLA_VMNIC_NETWORK,
	  .help = "plug it in at once" },
	{ "netns", "NETNS", V_NETNS,
	  .help = "the netdev's namespace: a name, a path or a process" },
	{ "ifname", "IFNAME", V_NAME,
	  .help = "the netdev's name; the port's by default" },
	{ "mac", "MAC|auto", V_MAC, KW_AUTO,
	  .help = "auto: made from the host's key and the port's name" },
	{ "vlan", "V", V_VLAN, .attr2 = VMNET_A_PORT_VLAN,
	  .help = "its untagged frames are in this VLAN; it has no tags" },
	{ "trunk", "V,V-V", V_VLANS, .attr2 = VMNET_A_PORT_TRUNK,
	  .help = "VLANs that it carries tagged" },
	{ "native", "V", V_VLAN, .attr2 = VMNET_A_PORT_NATIVE,
	  .help = "of a trunk, the VLAN of untagged frames" },
	{ "pool", "P", V_NAME, .attr2 = VMNET_A_PORT_POOL,
	  .max = VMNET_POOL_NAME_MAX,
	  .help = "its DHCP clients are served from this pool only" },
	{ "guard-chaddr", "on|off", V_ONOFF,
	  .attr2 = VMNET_A_PORT_GUARD_CHADDR,
	  .help = "drop its DHCP messages in the name of other addresses" },
	{ "queues", "N", V_NUMBER, .help = "transmit and receive queues" },
	{ "uid", "USER", V_USER, .attr = IFLA_VMNIC_UID,
	  .help = "of a tap: who may open its node; root by default" },
	{ "gid", "GROUP", V_GROUP, .attr = IFLA_VMNIC_GID,
	  .help = "of a tap: a group that may, too" },
	{ "vm", "VM", V_NAME, .attr = IFLA_VMNIC_VM,
	  .max = VMNET_PORT_NAME_MAX,
	  .help = "the virtual machine that it belongs to" },
	{ }
};

static const struct keyword set_keywords[] = {
	{ "name", "NEW", V_NAME, .attr = VMNET_A_PORT_NEW_NAME,
	  .max = VMNET_PORT_NAME_MAX,
	  .help = "rename the port; its netdev keeps its name" },
	{ "vm", "VM|none", V_NAME, KW_NONE, VMNET_A_PORT_VM,
	  .max = VMNET_PORT_NAME_MAX },
	{ "mac", "MAC|auto", V_MAC, KW_AUTO, VMNET_A_PORT_MAC },
	{ "mtu", "N|auto", V_NUMBER, KW_AUTO, VMNET_A_PORT_MTU,
	  .help = "auto: the network's" },
	{ "ifname", "IFNAME", V_NAME, .max = VMNET_NETWORK_NAME_MAX,
	  .help = "rename the netdev" },
	{ "netns", "NETNS", V_NETNS, .attr = VMNET_A_PORT_NETNS_FD,
	  .help = "move the netdev to this namespace" },
	{ "uid", "USER", V_USER, .attr = VMNET_A_PORT_UID,
	  .help = "of a tap: who may open its node" },
	{ "gid", "GROUP|none", V_GROUP, KW_NONE, VMNET_A_PORT_GID,
	  .help = "of a tap: a group that may, too" },
	{ "vlan", "V|none", V_VLAN, KW_NONE, VMNET_A_PORT_VLAN,
	  .help = "its untagged frames are in this VLAN; it has no tags" },
	{ "trunk", "V,V-V|none", V_VLANS, KW_NONE, VMNET_A_PORT_TRUNK,
	  .help = "VLANs that it carries tagged" },
	{ "native", "V|none", V_VLAN, KW_NONE, VMNET_A_PORT_NATIVE,
	  .help = "of a trunk, the VLAN of untagged frames" },
	{ "l2proto", "on|off", V_ONOFF, .attr = VMNET_A_PORT_L2PROTO,
	  .help = "pass its LLDP, LACP, EAPOL and STP" },
	{ "loop-hold", "TIME|none", V_TIME, KW_NONE, VMNET_A_PORT_LOOP_HOLD,
	  .help = "take nothing from it for so long after a loop was seen" },
	{ "learning", "on|off", V_ONOFF, .attr = VMNET_A_PORT_LEARNING,
	  .help = "learn stations behind it: its owner is a switch" },
	{ "learn-limit", "N", V_NUMBER, .attr = VMNET_A_PORT_LEARN_LIMIT,
	  .help = "addresses that are learned by it" },
	{ "guard-mac", "on|off", V_ONOFF, .attr = VMNET_A_PORT_GUARD_MAC,
	  .help = "drop what it sends from foreign addresses" },
	{ "guard-dhcp", "on|off", V_ONOFF, .attr = VMNET_A_PORT_GUARD_DHCP,
	  .help = "drop what a DHCP server behind it sends" },
	{ "guard-chaddr", "on|off", V_ONOFF, .attr = VMNET_A_PORT_GUARD_CHADDR,
	  .help = "drop its DHCP messages in the name of other addresses" },
	{ "pool", "P|none", V_NAME, KW_NONE, VMNET_A_PORT_POOL,
	  .max = VMNET_POOL_NAME_MAX,
	  .help = "its DHCP clients are served from this pool only" },
	{ "dhcp-limit", "N|none", V_NUMBER, KW_NONE, VMNET_A_PORT_DHCP_LIMIT,
	  .help = "leases that it may hold" },
	{ "dhcp-rate", "N|none", V_NUMBER, KW_NONE, VMNET_A_PORT_DHCP_RATE,
	  .help = "DHCP messages a second that are answered" },
	{ }
};

static const struct keyword open_keywords[] = {
	{ "vhost", "on|off", V_ONOFF,
	  .help = "/dev/vhost-net, too, once for each queue, after these" },
	{ "queues", "N", V_NUMBER,
	  .help = "as many; the port's number by default" },
	{ }
};

static const struct keyword show_keywords[] = {
	{ "network", "NETWORK", V_NAME, .attr = VMNET_A_PORT_NETWORK },
	{ "vm", "VM", V_NAME, .attr = VMNET_A_PORT_VM },
	{ "detached", NULL, V_FLAG, .attr = VMNET_A_PORT_DETACHED },
	{ "name", "NAME", V_NAME, .help = "a port that is named like a keyword" },
	{ }
};

static const struct verb verbs[] = {
	{ "add", "make a port and switch its netdev on", port_add,
	  link_op, 1, add_keywords, .check = check_add },
	{ "set", "change what is named, keep the rest", port_set,
	  name_op, 1, set_keywords, true, check_set },
	{ "attach", "plug a detached port, or a netdev of others, into a network",
	  port_attach,
	  name_op, 1, network_keyword },
	{ "detach", "unplug it", port_detach, name_op, 1 },
	{ "move", "plug an attached port into another network", port_move,
	  name_op, 1, network_keyword },
	{ "del", "delete it, wherever its netdev is", port_del, name_op, 1 },
	{ "open", "run a program with a tap's queues open, from descriptor 3 on",
	  port_open, name_op, 1, open_keywords, .program = true },
	{ "show", "one port, those chosen, or all", port_show,
	  name_op, 0, show_keywords, .check = check_show },
	{ "exists", "exit code 0 or 3", port_exists, name_op, 1 },
	{ }
};

const struct noun port_noun = {
	"port", "something plugged, or to be plugged, into a network", verbs
};
