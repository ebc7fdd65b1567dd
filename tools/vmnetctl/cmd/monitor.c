// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/vmnet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../netns.h"
#include "../print.h"
#include "../say.h"

/* What is watched, and how its state is asked for when events were lost. */
static const struct subject {
	const char *noun;
	const struct field_set *set;
	uint8_t get;
} subjects[] = {
	{ "network", &network_fields, VMNET_CMD_NETWORK_GET },
	{ "port", &port_fields, VMNET_CMD_PORT_GET },
	{ "dhcp", &dhcp_fields, VMNET_CMD_DHCP_GET },
	{ "lease", &lease_fields, VMNET_CMD_LEASE_GET },
	{ "hostif", &hostif_fields, VMNET_CMD_HOSTIF_GET },
	{ "reservation", &reservation_fields, VMNET_CMD_RESERVATION_GET },
};

enum { NETWORK, PORT, DHCP, LEASE, HOSTIF, RESERVATION };

static const struct {
	uint8_t cmd;
	unsigned int subject;
	const char *event;		/* NULL: the attribute says it */
} kinds[] = {
	{ VMNET_CMD_NETWORK_NEW_NTF, NETWORK, "new" },
	{ VMNET_CMD_NETWORK_CHANGE_NTF, NETWORK, "change" },
	{ VMNET_CMD_NETWORK_DEL_NTF, NETWORK, "del" },
	{ VMNET_CMD_PORT_NEW_NTF, PORT, "new" },
	{ VMNET_CMD_PORT_CHANGE_NTF, PORT, "change" },
	{ VMNET_CMD_PORT_DEL_NTF, PORT, "del" },
	{ VMNET_CMD_PORT_LOOP_NTF, PORT, "loop" },
	{ VMNET_CMD_DHCP_CHANGE_NTF, DHCP, "change" },
	{ VMNET_CMD_LEASE_NTF, LEASE, NULL },
	{ VMNET_CMD_HOSTIF_CHANGE_NTF, HOSTIF, "change" },
	{ VMNET_CMD_RESERVATION_NEW_NTF, RESERVATION, "new" },
	{ VMNET_CMD_RESERVATION_DEL_NTF, RESERVATION, "del" },
};

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void time_text(char *text, size_t size)
{
	struct timespec now;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	len = strftime(text, size, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, size - len, ".%06ldZ", now.tv_nsec / 1000);
}

static void print_event(const struct options *opt, const char *noun,
			const char *event, json_t *object)
{
	char when[48];
	json_t *line;

	time_text(when, sizeof(when));
	if (opt->json) {
		line = json_pack("{s:s, s:s, s:s}", "time", when, "noun", noun,
				 "event", event);
		if (object)
			json_object_set(line, noun, object);
		json_dumpf(line, stdout, JSON_COMPACT);
		json_decref(line);
	} else {
		if (opt->details)
			printf("%s ", when);
		printf("%s %s", noun, event);
		print_line(object);
	}
	putchar('\n');
	fflush(stdout);
}

static bool is_watched(const struct call *call, const char *noun)
{
	int words = call->args.count - !!args_find(&call->args, "buffer");

	return !words || args_find(&call->args, "all") ||
	       args_find(&call->args, noun);
}

static void take_event(const struct event *event, void *data)
{
	const struct call *call = data;
	const struct subject *subject;
	const char *name;
	json_t *object, *said;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kinds[i].cmd != event->cmd; i++)
		;
	if (i == ARRAY_SIZE(kinds))
		return;
	subject = &subjects[kinds[i].subject];
	if (!is_watched(call, subject->noun))
		return;
	object = fields_decode(subject->set, event->attrs, event->len);
	if (!object)
		return;

	netns_forget();
	netns_annotate(object);
	if (!call->opt->stats)
		fields_strip_stats(object);
	/* In text it is said once only, in front. */
	said = json_incref(json_object_get(object, "event"));
	name = kinds[i].event ?: json_string_value(said) ?: "change";
	if (!call->opt->json)
		json_object_del(object, "event");
	print_event(call->opt, subject->noun, name, object);
	json_decref(said);
	json_decref(object);
}

/* Events were lost: show how things stand instead. */
static void resynchronise(struct call *call)
{
	json_t *array, *object;
	size_t i, k;

	if (call->opt->json)
		print_event(call->opt, "monitor", "lost", NULL);
	else
		puts("monitor lost: events were lost; this is how things stand");
	for (i = 0; i < ARRAY_SIZE(subjects); i++) {
		if (!is_watched(call, subjects[i].noun))
			continue;
		array = json_array();
		request_get(request_genl(subjects[i].get, 0), true,
			    subjects[i].set, array);
		netns_annotate_all(array);
		json_array_foreach(array, k, object) {
			if (!call->opt->stats)
				fields_strip_stats(object);
			print_event(call->opt, subjects[i].noun, "state", object);
		}
		json_decref(array);
	}
}

static int monitor(struct call *call)
{
	struct sigaction action = { .sa_handler = stop };
	const struct args *args = &call->args;
	const struct arg *buffer = args_find(args, "buffer");
	bool all = args->count == !!buffer || args_find(args, "all");
	bool config = all || args_find(args, "network") ||
		      args_find(args, "port") || args_find(args, "dhcp") ||
		      args_find(args, "hostif") ||
		      args_find(args, "reservation");
	int err;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	err = events_open(config, all || args_find(args, "lease"),
			  buffer ? buffer->value.number : 0);
	while (!err && !stopped && !ferror(stdout)) {
		err = events_next(take_event, call);
		if (err == -EINTR)
			err = 0;
		if (err == -ENOBUFS) {
			resynchronise(call);
			err = 0;
		}
	}
	if (err)
		return say_plain(CODE_REFUSED, NULL, "Events cannot be read: %s",
				 strerror(-err));

	return CODE_DONE;
}

static const struct keyword keywords[] = {
	{ "network", NULL, V_FLAG }, { "port", NULL, V_FLAG },
	{ "dhcp", NULL, V_FLAG }, { "lease", NULL, V_FLAG },
	{ "hostif", NULL, V_FLAG }, { "reservation", NULL, V_FLAG },
	{ "all", NULL, V_FLAG, .help = "the default" },
	{ "buffer", "N", V_NUMBER,
	  .help = "octets of events that may wait to be read; 4 MiB" },
	{ }
};

static const struct verb verbs[] = {
	{ "monitor", "what happens, one event a line, until interrupted; the time with -d",
	  monitor, NULL, 0, keywords },
	{ }
};

const struct noun monitor_noun = {
	"monitor", "print events as they happen", verbs, .verbless = true
};
