// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmnetctl: the tool of vmnet's networks, ports and DHCP servers.
 *
 * The way of a command line: options are read here, noun and verb are found in
 * tables, parse.c turns the words into arguments, and a function in
 * cmd/<noun>.c makes a request out of them (request.c), sends it (genl.c) and
 * prints the answer (print.c) or what was refused (say.c).
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "genl.h"
#include "netns.h"
#include "say.h"
#include "version.h"

const struct noun *const nouns[] = {
	&network_noun, &port_noun, &dhcp_noun, &lease_noun,
	&reservation_noun, &fdb_noun, &hostif_noun, &team_noun, &stats_noun, &monitor_noun, &host_noun,
	&reset_noun, &help_noun, &version_noun, NULL
};

enum { OPT_MAY_EXIST = 256, OPT_IF_EXISTS };

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "stats", no_argument, NULL, 's' },
	{ "details", no_argument, NULL, 'd' },
	{ "force", no_argument, NULL, 'f' },
	{ "netns", required_argument, NULL, 'n' },
	{ "batch", required_argument, NULL, 'b' },
	{ "may-exist", no_argument, NULL, OPT_MAY_EXIST },
	{ "if-exists", no_argument, NULL, OPT_IF_EXISTS },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

const struct noun *noun_find(const char *word)
{
	int i;

	if (!strcmp(word, "net"))
		word = "network";
	for (i = 0; nouns[i]; i++) {
		if (!strcmp(nouns[i]->name, word))
			return nouns[i];
	}

	return NULL;
}

const struct verb *verb_find(const struct noun *noun, const char *word)
{
	const struct verb *verb;

	if (!strcmp(word, "ls"))
		word = "show";
	for (verb = noun->verbs; verb->name; verb++) {
		if (!strcmp(verb->name, word))
			return verb;
	}

	return NULL;
}

static bool is_vmware(void)
{
	FILE *f = fopen("/proc/modules", "re");
	bool found = false;
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		found |= !strncmp(line, "vmnet ", 6);
	if (f)
		fclose(f);

	return found;
}

static int need_module(void)
{
	int err = genl_open();

	if (!err)
		return CODE_DONE;
	if (err != -ENOENT)
		return say_plain(CODE_NO_MODULE, NULL,
				 "The kernel's modules cannot be asked: %s",
				 strerror(-err));
	if (is_vmware())
		return say_plain(CODE_NO_MODULE, "lsmod",
				 "A module named vmnet is loaded that is not this one: VMware Workstation's has the same name");

	return say_plain(CODE_NO_MODULE, "modprobe vmnet",
			 "The kernel module vmnet is not loaded");
}

/* What follows "--" is not ours to read. */
static int cut_program(struct call *call, int *argc, char **argv)
{
	int i;

	for (i = 0; i < *argc && strcmp(argv[i], "--"); i++)
		;
	if (i >= *argc - 1)
		return say_usage(call, NULL, NULL,
				 "\"-- PROGRAM\" is missing");
	call->program = argv + i + 1;
	*argc = i;

	return CODE_DONE;
}

/* One command without its options. */
int run_words(int argc, char **argv, const struct options *opt)
{
	struct call call = { .opt = opt };
	int code;

	call.noun = noun_find(argv[0]);
	if (!call.noun)
		return say_usage(&call, argv[0], NULL,
				 "There is no noun \"%s\"", argv[0]);
	argc--;
	argv++;
	if (!call.noun->verbless && argc && !strcmp(argv[0], "help")) {
		help_noun_text(call.noun);
		return CODE_DONE;
	}

	if (call.noun->verbless)
		call.verb = call.noun->verbs;
	else
		call.verb = verb_find(call.noun, argc ? argv[0] : "show");
	if (!call.verb)
		return say_usage(&call, argv[0], NULL, "\"%s\" has no verb \"%s\"",
				 call.noun->name, argv[0]);
	if (!call.noun->verbless && argc) {
		argc--;
		argv++;
	}

	if (call.verb->program) {
		code = cut_program(&call, &argc, argv);
		if (code)
			return code;
	}
	code = args_parse(&call, argc, argv);
	if (!code && call.verb->check)
		code = call.verb->check(&call);
	if (!code && !call.noun->offline)
		code = need_module();

	return code ?: call.verb->run(&call);
}

static int enter(const char *netns)
{
	int err = netns_enter(netns);

	if (!err)
		return CODE_DONE;

	return say_plain(err == -EPERM ? CODE_NO_MODULE :
			 err == -ENOENT ? CODE_ABSENT : CODE_REFUSED,
			 err == -ENOENT ? "ip netns list" : NULL,
			 "The network namespace %s cannot be entered: %s",
			 netns, strerror(-err));
}

static int usage(const char *fmt, const char *word)
{
	return say_plain(CODE_USAGE, "vmnetctl help", fmt, word);
}

/* Returns -1 if there is a command to run, else an exit code. */
static int read_options(int argc, char **argv, struct options *opt,
			const char **netns, const char **batch)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:jpsdfn:b:Vh", long_options, NULL)) >= 0) {
		switch (c) {
		case 'j':
			opt->json = true;
			say_as(true, NULL, 0);
			break;
		case 'p':
			opt->pretty = true;
			break;
		case 's':
			opt->stats = true;
			break;
		case 'd':
			opt->details = true;
			break;
		case 'f':
			opt->force = true;
			break;
		case 'n':
			*netns = optarg;
			break;
		case 'b':
			*batch = optarg;
			break;
		case OPT_MAY_EXIST:
			opt->may_exist = true;
			break;
		case OPT_IF_EXISTS:
			opt->if_exists = true;
			break;
		case 'V':
			printf("vmnetctl %s\n", VMNET_VERSION);
			return CODE_DONE;
		case 'h':
			help_all();
			return CODE_DONE;
		case ':':
			return usage("The option %s needs a value", argv[optind - 1]);
		default:
			return usage("There is no option %s", argv[optind - 1]);
		}
	}

	return -1;
}

int main(int argc, char **argv)
{
	const char *netns = NULL, *batch = NULL;
	struct options opt = { };
	int code;

	setlocale(LC_CTYPE, "");
	code = read_options(argc, argv, &opt, &netns, &batch);
	if (code >= 0)
		return code;
	argc -= optind;
	argv += optind;
	if (batch && argc)
		return usage("With -b there is no command on the command line: %s",
			     argv[0]);
	if (!batch && !argc)
		return usage("A noun is missing%s", "");

	code = netns ? enter(netns) : CODE_DONE;
	if (!code)
		code = batch ? batch_run(batch, &opt) : run_words(argc, argv, &opt);
	genl_close();
	netns_forget();
	if (fflush(stdout) && !code)
		code = CODE_REFUSED;

	return code;
}
