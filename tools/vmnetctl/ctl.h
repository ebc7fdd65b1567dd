/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command sees: the tables of nouns and verbs, and one call of one
 * verb. A command is a function in cmd/<noun>.c that takes a call and returns
 * an exit code; commands never call each other.
 */
#ifndef VMNETCTL_CTL_H
#define VMNETCTL_CTL_H

#include <stdbool.h>
#include <stddef.h>

#include "parse.h"

/* The tables leave out what is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The exit codes are a contract. */
enum {
	CODE_DONE = 0,
	CODE_USAGE = 1,		/* nothing was sent */
	CODE_REFUSED = 2,	/* by the kernel */
	CODE_ABSENT = 3,	/* no such object */
	CODE_BATCH = 4,		/* part of a batch failed */
	CODE_NO_MODULE = 5,	/* or no permission */
};

struct options {
	bool json;
	bool pretty;
	bool stats;
	bool details;
	bool force;
	bool may_exist;
	bool if_exists;
};

struct call {
	const struct noun *noun;
	const struct verb *verb;
	const struct options *opt;
	struct args args;
	char **program;			/* what follows "--", or NULL */
};

/* Operands and keywords end with an entry without a word. */
struct verb {
	const char *name;
	const char *help;
	int (*run)(struct call *call);
	const struct keyword *operands;
	int needed;			/* operands that must be there */
	const struct keyword *keywords;
	bool wants_keyword;		/* at least one */
	int (*check)(struct call *call); /* of the words, before all else */
	bool program;			/* "-- PROGRAM..." follows */
};

/* Verbs end with an entry without a name. */
struct noun {
	const char *name;
	const char *help;
	const struct verb *verbs;
	bool verbless;			/* its only verb is not said */
	bool offline;			/* works without the kernel module */
};

extern const struct noun network_noun, port_noun, dhcp_noun, lease_noun,
			 reservation_noun,
			 fdb_noun, stats_noun, monitor_noun, reset_noun,
			 host_noun, hostif_noun, team_noun, help_noun, version_noun;

/* main.c */
extern const struct noun *const nouns[];
const struct noun *noun_find(const char *word);
const struct verb *verb_find(const struct noun *noun, const char *word);
int run_words(int argc, char **argv, const struct options *opt);

/* batch.c */
int batch_run(const char *file, const struct options *opt);
int batch_split(char *line, char **words, int max);

/* cmd/dhcp_log.c, cmd/dhcp_save.c */
int dhcp_log(struct call *call);
int dhcp_save(struct call *call);
int dhcp_restore(struct call *call);

/* help.c */
void help_all(void);
void help_noun_text(const struct noun *noun);

#endif
