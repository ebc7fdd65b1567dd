// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "genl.h"
#include "hint.h"
#include "say.h"

/*
 * NULL stands for any noun, verb or word. The sentence is for refusals of
 * rtnetlink that come without one. In a command to try, $1 is the name that
 * the call is about and $N its network.
 */
static const struct hint {
	const char *noun, *verb;
	int err;
	const char *at;
	const char *sentence;
	const char *try;
} hints[] = {
	{ "network", "add", EEXIST, NULL,
	  "There is already a netdev of this name", "vmnetctl network show" },
	{ "network", "set", EBUSY, "name",
	  "This kernel does not rename a netdev that is up",
	  "ip link set $1 down" },
	{ "network", "set", EEXIST, NULL,
	  "There is already a netdev of this name", NULL },
	{ "network", NULL, EINVAL, NULL,
	  "This is not a name that a netdev can have", NULL },
	{ "port", "add", EEXIST, NULL,
	  "There is already a port, or a netdev in this namespace, of this name",
	  "vmnetctl port show" },
	{ "port", "add", EINVAL, NULL,
	  "This is not a name that a netdev can have", NULL },
	{ "port", "set", EINVAL, NULL,
	  "This is not a name that a netdev can have", NULL },
	{ "port", "set", EEXIST, NULL,
	  "There is already a netdev of this name in the port's namespace", NULL },
	{ "port", "set", EBUSY, NULL,
	  "This kernel does not rename a netdev that is up", NULL },
	{ "port", "attach", EBUSY, NULL, NULL, "vmnetctl port move $1 network $N" },
	{ "port", "move", ENOTCONN, NULL, NULL, "vmnetctl port attach $1 network $N" },
	{ "port", NULL, ENOENT, "netns", NULL, "ip netns list" },
	{ "port", NULL, ENOENT, "network", NULL, "vmnetctl network show" },
	{ "port", "add", ENOENT, NULL, NULL, "vmnetctl network show" },
	{ "port", NULL, ENOENT, NULL, NULL, "vmnetctl port show" },
	{ "network", "add", ENOENT, NULL, NULL, "vmnetctl port show detached" },
	{ "network", NULL, ENODEV, "uplink", NULL, "vmnetctl hostif show" },
	{ "lease", "del", ENOENT, "address", NULL, "vmnetctl lease show $1" },
	{ "stats", NULL, ENOENT, "port", NULL, "vmnetctl port show" },
	{ "reservation", "add", EBUSY, NULL, NULL, "vmnetctl -f reservation add $1 ..." },
	{ "reservation", "del", EBUSY, NULL, NULL, "vmnetctl -f reservation del $1 ..." },
	{ "reservation", "add", ENOENT, "network", NULL, "vmnetctl dhcp show" },
	{ "reservation", "add", ENOENT, NULL, NULL, "vmnetctl dhcp show $1" },
	{ "reservation", "del", ENOENT, NULL, NULL, "vmnetctl reservation show" },
	{ "dhcp", "set", EBUSY, NULL, NULL, "vmnetctl -f dhcp set $1 ..." },
	{ "team", "add", EEXIST, NULL,
	  "There is already a netdev of this name", "vmnetctl team show" },
	{ "team", "add", EOPNOTSUPP, NULL, NULL, "modprobe bonding" },
	{ "team", NULL, ENOENT, "member", NULL, "ip link" },
	{ "team", NULL, ENOENT, NULL, NULL, "vmnetctl team show" },
	{ "hostif", "set", EBUSY, NULL, NULL, "vmnetctl -f hostif set $1 allow off" },
	{ "hostif", NULL, ENOENT, NULL, NULL, "vmnetctl hostif show" },
	{ NULL, NULL, ENOENT, NULL, NULL, "vmnetctl network show" },
	{ NULL, NULL, EPERM, NULL,
	  "This needs CAP_NET_ADMIN over the network namespace", NULL },
};

static bool same(const char *wanted, const char *word)
{
	return !wanted || (word && !strcmp(wanted, word));
}

static bool matches(const struct hint *hint, const struct call *call, int err)
{
	return hint->err == err && same(hint->noun, call->noun->name) &&
	       same(hint->verb, call->verb->name);
}

const char *hint_sentence(const struct call *call, int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hints); i++) {
		if (matches(&hints[i], call, err) && hints[i].sentence)
			return hints[i].sentence;
	}

	return NULL;
}

static char *fill_in(const struct call *call, const char *template)
{
	const struct arg *network = args_find(&call->args, "network");
	const char *name = call->args.count ? call->args.arg[0].text : NULL;
	char *out = NULL;
	size_t len;
	FILE *f = or_die(open_memstream(&out, &len));

	for (; *template; template++) {
		if (*template != '$') {
			fputc(*template, f);
			continue;
		}
		template++;
		if (*template == '1')
			fputs(name ?: "NAME", f);
		else
			fputs(network ? network->text : "NETWORK", f);
	}
	fclose(f);

	return or_die(out);
}

/* A command that may help, or NULL; the caller frees it. */
char *hint_try(const struct call *call, const struct refusal *refusal)
{
	const char *at = refusal->at ? refusal->at->kw->word : NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hints); i++) {
		if (matches(&hints[i], call, refusal->err) &&
		    same(hints[i].at, at))
			return hints[i].try ? fill_in(call, hints[i].try) : NULL;
	}

	return NULL;
}
