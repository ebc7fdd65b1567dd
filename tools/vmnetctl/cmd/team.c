// SPDX-License-Identifier: GPL-2.0-only
/*
 * Teams: several adapters as one, by the kernel's bonding driver. All of it is
 * rtnetlink's, so that it works without the module; libnl-route-3 builds the
 * messages, but knows no bond's settings: they are added here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_bonding.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/route/link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"

#define MIIMON_DEFAULT	100	/* ms; with the kernel's 0 nothing fails over */
#define MEMBERS_MAX	64

/* As the driver numbers them. */
static const char *const modes[] = {
	[BOND_MODE_ROUNDROBIN] = "balance-rr",
	[BOND_MODE_ACTIVEBACKUP] = "active-backup",
	[BOND_MODE_XOR] = "balance-xor",
	[BOND_MODE_BROADCAST] = "broadcast",
	[BOND_MODE_8023AD] = "802.3ad",
	[BOND_MODE_TLB] = "balance-tlb",
	[BOND_MODE_ALB] = "balance-alb",
	NULL
};

static const char *const mii_states[] = {
	[BOND_LINK_UP] = "up", [BOND_LINK_FAIL] = "going-down",
	[BOND_LINK_DOWN] = "down", [BOND_LINK_BACK] = "going-back",
};

static const char *const member_states[] = { "active", "backup" };

/* --- what there is ----------------------------------------------------------- */

static void set_word(json_t *object, const char *key, struct nlattr *attr,
		     const char *const *names, size_t n, int len)
{
	uint32_t value;

	if (!attr || nla_len(attr) < len)
		return;
	value = len == 1 ? nla_get_u8(attr) : nla_get_u32(attr);
	json_object_set_new(object, key, value < n && names[value] ?
			    json_string(names[value]) : json_integer(value));
}

static void set_u32(json_t *object, const char *key, struct nlattr *attr)
{
	if (attr && nla_len(attr) >= 4)
		json_object_set_new(object, key, json_integer(nla_get_u32(attr)));
}

static void decode_bond(json_t *link, struct nlattr *data)
{
	struct nlattr *tb[IFLA_BOND_MAX + 1];

	if (!data || nla_parse_nested(tb, IFLA_BOND_MAX, data, NULL))
		return;
	set_word(link, "mode", tb[IFLA_BOND_MODE], modes,
		 ARRAY_SIZE(modes) - 1, 1);
	set_u32(link, "miimon", tb[IFLA_BOND_MIIMON]);
	set_u32(link, "active", tb[IFLA_BOND_ACTIVE_SLAVE]);
}

static void decode_member(json_t *link, struct nlattr *data)
{
	struct nlattr *tb[IFLA_BOND_SLAVE_MAX + 1];

	if (!data || nla_parse_nested(tb, IFLA_BOND_SLAVE_MAX, data, NULL))
		return;
	set_word(link, "state", tb[IFLA_BOND_SLAVE_STATE], member_states,
		 ARRAY_SIZE(member_states), 1);
	set_word(link, "mii", tb[IFLA_BOND_SLAVE_MII_STATUS], mii_states,
		 ARRAY_SIZE(mii_states), 1);
	set_u32(link, "failures", tb[IFLA_BOND_SLAVE_LINK_FAILURE_COUNT]);
}

static bool is_kind(struct nlattr *attr)
{
	return attr && nla_len(attr) >= 4 && !strncmp(nla_data(attr), "bond", nla_len(attr));
}

/* One netdev of any kind. */
static json_t *decode_link(const void *header, const struct nlattr *attrs, int len)
{
	const struct ifinfomsg *ifm = header;
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	json_t *link;

	if (nla_parse(tb, IFLA_MAX, (struct nlattr *)attrs, len, NULL) ||
	    !tb[IFLA_IFNAME])
		return NULL;
	link = json_object();
	json_object_set_new(link, "name", json_string(nla_get_string(tb[IFLA_IFNAME])));
	json_object_set_new(link, "ifindex", json_integer(ifm->ifi_index));
	json_object_set_new(link, "up", json_boolean(ifm->ifi_flags & IFF_UP));
	json_object_set_new(link, "carrier", json_boolean(ifm->ifi_flags & IFF_LOWER_UP));
	set_u32(link, "mtu", tb[IFLA_MTU]);
	set_u32(link, "master", tb[IFLA_MASTER]);
	if (!tb[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL))
		return link;
	if (is_kind(info[IFLA_INFO_KIND]))
		decode_bond(link, info[IFLA_INFO_DATA]);
	if (is_kind(info[IFLA_INFO_SLAVE_KIND]))
		decode_member(link, info[IFLA_INFO_SLAVE_DATA]);

	return link;
}

static const struct field_set link_fields = {
	.decode = decode_link, .header = sizeof(struct ifinfomsg)
};

static int get_links(json_t *links)
{
	return request_get(request_link(RTM_GETLINK, 0, 0, false), true,
			   &link_fields, links);
}

static json_t *find_link(const json_t *links, const char *name)
{
	json_t *link;
	size_t i;

	json_array_foreach(links, i, link) {
		if (!strcmp(json_string_value(json_object_get(link, "name")), name))
			return link;
	}

	return NULL;
}

static int link_number(const json_t *link, const char *key)
{
	return json_integer_value(json_object_get(link, key));
}

static const char *link_name(const json_t *links, int ifindex)
{
	json_t *link;
	size_t i;

	json_array_foreach(links, i, link) {
		if (link_number(link, "ifindex") == ifindex)
			return json_string_value(json_object_get(link, "name"));
	}

	return NULL;
}

/* Only what has a bond's settings is a team; nothing else is ever touched. */
static json_t *find_team(const json_t *links, const char *name)
{
	json_t *link = find_link(links, name);

	return link && json_object_get(link, "mode") ? link : NULL;
}

static int say_absent(const struct arg *name)
{
	char *message, *at;

	if (asprintf(&message, "There is no team %s", name->text) < 0 ||
	    asprintf(&at, "team %s", name->text) < 0)
		or_die(NULL);
	say_error(CODE_ABSENT, ENOENT, at, "vmnetctl team show", message);
	free(message);
	free(at);

	return CODE_ABSENT;
}

/* --- requests ------------------------------------------------------------------- */

static struct request *change_request(const json_t *link, struct rtnl_link *change)
{
	struct rtnl_link *which = or_die(rtnl_link_alloc());
	struct nl_msg *msg = NULL;

	rtnl_link_set_ifindex(which, link_number(link, "ifindex"));
	if (rtnl_link_build_change_request(which, change, 0, &msg))
		or_die(NULL);
	rtnl_link_put(which);
	rtnl_link_put(change);

	return request_message(msg);
}

static int set_up(const json_t *link, bool up)
{
	struct rtnl_link *change = or_die(rtnl_link_alloc());

	if (up)
		rtnl_link_set_flags(change, IFF_UP);
	else
		rtnl_link_unset_flags(change, IFF_UP);

	return request_do(change_request(link, change));
}

/* No master is 0. */
static int set_master(const json_t *link, int master)
{
	struct rtnl_link *change = or_die(rtnl_link_alloc());

	rtnl_link_set_master(change, master);
	return request_do(change_request(link, change));
}

/* Opens the nest of a bond's settings. */
static void nest_settings(struct request *rq)
{
	request_nest(rq, IFLA_LINKINFO);
	request_string(rq, IFLA_INFO_KIND, "bond");
	request_nest(rq, IFLA_INFO_DATA);
}

static int make_team(const struct arg *name, uint8_t mode, uint32_t miimon)
{
	struct rtnl_link *link = or_die(rtnl_link_alloc());
	struct nl_msg *msg = NULL;
	struct request *rq;

	rtnl_link_set_name(link, name->text);
	if (rtnl_link_build_add_request(link, NLM_F_CREATE | NLM_F_EXCL, &msg))
		or_die(NULL);
	rtnl_link_put(link);
	rq = request_message(msg);
	nest_settings(rq);
	request_u8(rq, IFLA_BOND_MODE, mode);
	request_u32(rq, IFLA_BOND_MIIMON, miimon);

	return request_do(rq);
}

static int set_miimon(const json_t *team, uint32_t miimon)
{
	struct request *rq = change_request(team, or_die(rtnl_link_alloc()));

	nest_settings(rq);
	request_u32(rq, IFLA_BOND_MIIMON, miimon);

	return request_do(rq);
}

static int delete_team(const json_t *team)
{
	struct rtnl_link *link = or_die(rtnl_link_alloc());
	struct nl_msg *msg = NULL;

	rtnl_link_set_ifindex(link, link_number(team, "ifindex"));
	if (rtnl_link_build_delete_request(link, &msg))
		or_die(NULL);
	rtnl_link_put(link);

	return request_do(request_message(msg));
}

/* --- members ---------------------------------------------------------------------- */

struct members {
	json_t *link[MEMBERS_MAX];	/* of the list of links */
	int count;
	int done;			/* of them */
};

/* The netdevs of "a,b,c", before anything is done with the first of them. In
 * MASTER (0: in nothing) each has to be: the kernel would take one out of
 * another team without a word.
 */
static int find_members(const json_t *links, const struct arg *names, int master,
			struct members *members)
{
	char *list, *rest, *name;
	int code = CODE_DONE, now, i;
	json_t *link;

	if (!names)
		return CODE_DONE;
	list = rest = or_die(strdup(names->text));
	while (!code && (name = strsep(&rest, ","))) {
		link = find_link(links, name);
		now = link ? link_number(link, "master") : 0;
		for (i = 0; i < members->count && members->link[i] != link; i++)
			;
		if (!link)
			code = say_plain(CODE_ABSENT, "ip link",
					 "There is no netdev \"%s\"", name);
		else if (i < members->count)
			code = say_plain(CODE_USAGE, NULL,
					 "%s is named twice", name);
		else if (members->count == MEMBERS_MAX)
			code = say_plain(CODE_USAGE, NULL,
					 "These are more than %d members", MEMBERS_MAX);
		else if (master && now != master)
			code = say_plain(CODE_REFUSED, NULL,
					 "%s is no member of this team", name);
		else if (!master && now)
			code = say_plain(CODE_REFUSED, NULL,
					 "%s has a master already, %s", name,
					 link_name(links, now) ?: "in another namespace");
		else
			members->link[members->count++] = link;
	}
	free(list);

	return code;
}

/* The kernel's refusal, at the member that it is about. */
static int say_member(struct call *call, const json_t *link, int err)
{
	static const struct keyword word = { "member", .type = V_NAME };
	struct refusal refusal = *refusal_last();
	struct arg member = {
		.kw = &word,
		.text = json_string_value(json_object_get(link, "name")),
	};

	refusal.at = &member;
	refusal_restore(&refusal);

	return say_result(call, err);
}

/* Down first: bonding takes no netdev that is up, and sets it up itself. */
static int add_members(struct call *call, struct members *members, int team)
{
	const json_t *link;
	int err;

	for (; members->done < members->count; members->done++) {
		link = members->link[members->done];
		err = set_up(link, false);
		if (!err)
			err = set_master(link, team);
		if (err)
			return say_member(call, link, err);
	}

	return CODE_DONE;
}

static int del_members(struct call *call, struct members *members)
{
	const json_t *link;
	int err;

	for (; members->done < members->count; members->done++) {
		link = members->link[members->done];
		err = set_master(link, 0);
		if (err)
			return say_member(call, link, err);
	}

	return CODE_DONE;
}

/* Those that were taken, and the one that it failed with, are as before; what
 * is said of the failure has been said already.
 */
static void give_back(const struct members *members, bool release)
{
	int i;

	for (i = 0; i < members->count && i <= members->done; i++) {
		if (release && i < members->done)
			set_master(members->link[i], 0);
		if (json_is_true(json_object_get(members->link[i], "up")))
			set_up(members->link[i], true);
	}
}

static void take_back(const struct members *members, int team)
{
	int i;

	for (i = 0; i < members->done; i++) {
		set_up(members->link[i], false);
		set_master(members->link[i], team);
	}
}

/* --- verbs -------------------------------------------------------------------------- */

static int fill_team(struct call *call, json_t *links, struct members *members)
{
	const struct arg *name = &call->args.arg[0];
	json_t *now = json_array(), *team;
	int code, err = get_links(now);

	team = err ? NULL : find_team(now, name->text);
	if (!team) {
		json_decref(now);
		return err ? say_result(call, err) : say_absent(name);
	}
	json_array_append(links, team);		/* outlives the list */
	code = add_members(call, members, link_number(team, "ifindex"));
	if (!code)
		code = say_result(call, set_up(team, true));
	if (code) {
		delete_team(team);
		give_back(members, false);
	}
	json_decref(now);

	return code;
}

static int team_add(struct call *call)
{
	const struct arg *name = &call->args.arg[0];
	const struct arg *mode = args_find(&call->args, "mode");
	const struct arg *miimon = args_find(&call->args, "miimon");
	json_t *links = json_array();
	struct members members = { };
	int code, err;

	err = get_links(links);
	code = say_result(call, err);
	if (!code && call->opt->may_exist && find_team(links, name->text))
		goto out;
	if (!code)
		code = find_members(links, args_find(&call->args, "member"), 0,
				    &members);
	if (!code)
		code = say_result(call, make_team(name, mode ? mode->value.number :
							       BOND_MODE_ACTIVEBACKUP,
						  miimon ? miimon->value.number :
							   MIIMON_DEFAULT));
	if (!code)
		code = fill_team(call, links, &members);
out:
	json_decref(links);
	return code;
}

/* The setting first, then who leaves, then who comes; undone in reverse. */
static int change_team(struct call *call, const json_t *links, const json_t *team)
{
	const struct arg *miimon = args_find(&call->args, "miimon");
	int ifindex = link_number(team, "ifindex");
	struct members leave = { }, come = { };
	int code;

	code = find_members(links, args_find(&call->args, "del-member"), ifindex,
			    &leave);
	if (!code)
		code = find_members(links, args_find(&call->args, "add-member"), 0,
				    &come);
	if (!code && miimon)
		code = say_result(call, set_miimon(team, miimon->value.number));
	if (code)
		return code;

	code = del_members(call, &leave);
	if (!code)
		code = add_members(call, &come, ifindex);
	if (!code)
		return code;

	if (leave.done == leave.count)
		give_back(&come, true);
	take_back(&leave, ifindex);
	if (miimon)
		set_miimon(team, link_number(team, "miimon"));

	return code;
}

/* The list of links and the team in it, for those that need it to be there. If
 * it is not, that is said unless QUIET.
 */
static int with_team(struct call *call, bool quiet,
		     int (*fn)(struct call *call, const json_t *links,
			       const json_t *team))
{
	const struct arg *name = &call->args.arg[0];
	json_t *links = json_array(), *team;
	int code = say_result(call, get_links(links));

	if (!code) {
		team = find_team(links, name->text);
		if (team)
			code = fn(call, links, team);
		else
			code = quiet ? CODE_ABSENT : say_absent(name);
	}
	json_decref(links);

	return code;
}

static int team_set(struct call *call)
{
	return with_team(call, false, change_team);
}

static int del_one(struct call *call, const json_t *links, const json_t *team)
{
	(void)links;
	return say_result(call, delete_team(team));
}

static int team_del(struct call *call)
{
	bool quiet = call->opt->if_exists;
	int code = with_team(call, quiet, del_one);

	return quiet && code == CODE_ABSENT ? CODE_DONE : code;
}

static int is_there(struct call *call, const json_t *links, const json_t *team)
{
	(void)call;
	(void)links;
	(void)team;
	return CODE_DONE;
}

static int team_exists(struct call *call)
{
	return with_team(call, true, is_there);
}

/* --- shown --------------------------------------------------------------------------- */

static json_t *show_member(const json_t *link)
{
	static const char *const keys[] = {
		"name", "ifindex", "mii", "carrier", "state", "failures"
	};
	json_t *member = json_object(), *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		value = json_object_get(link, keys[i]);
		if (value)
			json_object_set(member, keys[i], value);
	}

	return member;
}

static json_t *show_one(const json_t *links, const json_t *team)
{
	static const char *const keys[] = {
		"name", "ifindex", "mode", "miimon", "mtu", "up", "carrier"
	};
	json_t *object = json_object(), *members = json_array(), *link;
	const char *active = link_name(links, link_number(team, "active"));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		json_object_set(object, keys[i], json_object_get(team, keys[i]));
	if (active)
		json_object_set_new(object, "active", json_string(active));
	json_array_foreach(links, i, link) {
		if (link_number(link, "master") == link_number(team, "ifindex"))
			json_array_append_new(members, show_member(link));
	}
	json_object_set_new(object, "members", members);

	return object;
}

/* "eth1 up" or, of one team alone, with all that is known. */
static json_t *member_text(const json_t *member, bool all)
{
	const char *name = json_string_value(json_object_get(member, "name"));
	const char *mii = json_string_value(json_object_get(member, "mii"));
	const char *state = json_string_value(json_object_get(member, "state"));

	if (!all)
		return json_sprintf("%s(%s)", name, mii ?: "?");

	return json_sprintf("%s (mii %s, carrier %s, %s)", name, mii ?: "?",
			    json_is_true(json_object_get(member, "carrier")) ?
			    "on" : "off", state ?: "?");
}

/* For people a member is one word, not an object. */
static void members_to_text(json_t *array, bool all)
{
	json_t *team, *member, *words;
	size_t i, k;

	json_array_foreach(array, i, team) {
		words = json_array();
		json_array_foreach(json_object_get(team, "members"), k, member)
			json_array_append_new(words, member_text(member, all));
		json_object_set_new(team, "members", words);
	}
}

static const struct column columns[] = {
	{ "TEAM", "name" },
	{ "MODE", "mode" },
	{ "MIIMON", "miimon" },
	{ "MTU", "mtu", .detail = true },
	{ "CARRIER", "carrier" },
	{ "ACTIVE", "active" },
	{ "MEMBERS", "members" },
	{ }
};

static int team_show(struct call *call)
{
	const struct arg *name = call->args.count ? &call->args.arg[0] : NULL;
	json_t *links = json_array(), *array = json_array(), *link;
	int code = say_result(call, get_links(links));
	size_t i;

	json_array_foreach(links, i, link) {
		if (json_object_get(link, "mode") &&
		    (!name || link == find_link(links, name->text)))
			json_array_append_new(array, show_one(links, link));
	}
	json_decref(links);
	if (!code && name && !json_array_size(array))
		code = say_absent(name);
	if (code) {
		json_decref(array);
		return code;
	}
	if (!call->opt->json)
		members_to_text(array, name);

	return print_list(call->opt, columns, array, name);
}

static const struct keyword new_name_op[] = {
	{ "team", "NAME", V_NAME, .max = IFNAMSIZ - 1 }, { }
};

static const struct keyword name_op[] = {
	{ "team", "NAME", V_NAME }, { }
};

#define MODES	"balance-rr|active-backup|balance-xor|broadcast|802.3ad|balance-tlb|balance-alb"

static const struct keyword add_keywords[] = {
	{ "member", "ADAPTER,ADAPTER...", V_NAMES,
	  .help = "set down first, so that they lose their routes" },
	{ "mode", MODES, V_CHOICE, .names = modes,
	  .help = "active-backup by default, which needs nothing of the switch" },
	{ "miimon", "N", V_NUMBER,
	  .help = "milliseconds between looks at the links; 100 by default" },
	{ }
};

static const struct keyword set_keywords[] = {
	{ "add-member", "ADAPTER,ADAPTER...", V_NAMES },
	{ "del-member", "ADAPTER,ADAPTER...", V_NAMES },
	{ "miimon", "N", V_NUMBER },
	{ }
};

static const struct verb verbs[] = {
	{ "add", "make a team and set it up", team_add, new_name_op, 1,
	  add_keywords },
	{ "set", "change what is named, keep the rest", team_set, name_op, 1,
	  set_keywords, true },
	{ "del", "delete it; its members are free and down", team_del, name_op, 1 },
	{ "show", "one team, or all", team_show, name_op },
	{ "exists", "exit code 0 or 3", team_exists, name_op, 1 },
	{ }
};

const struct noun team_noun = {
	"team", "several adapters as one, by the kernel's bonding driver", verbs,
	.offline = true
};
