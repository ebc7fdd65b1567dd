// SPDX-License-Identifier: GPL-2.0-only
/* The help is printed from the tables that the parser reads. */
#include <stdio.h>

#include "ctl.h"

static const char options_text[] =
	"  -j, --json       JSON, names as in the netlink specification\n"
	"  -p, --pretty     JSON on many lines\n"
	"  -s, --stats      show statistics too\n"
	"  -d, --details    show more\n"
	"  -f, --force      dhcp set, reservation: even if leases in use end;\n"
	"                   hostif set: detach the networks that are bound;\n"
	"                   -b: go on after a failure\n"
	"  -n, --netns NS   work in this network namespace\n"
	"  -b, --batch FILE commands from a file, one a line (- for standard input)\n"
	"      --may-exist  add, attach: done if it is so already\n"
	"      --if-exists  del, detach: done if it is not there\n"
	"  -V, --version    version of this tool\n"
	"  -h, --help       this help\n";

static const char codes_text[] =
	"Exit: 0 done, 1 usage, 2 refused by the kernel, 3 no such object,\n"
	"      4 part of a batch failed, 5 no module or no permission.\n";

static void print_keyword(const struct keyword *kw)
{
	if (!(kw->flags & KW_NEEDED))
		printf(" [%s%s%s]", kw->word, kw->value ? " " : "", kw->value ?: "");
	else
		printf(" %s %s", kw->word, kw->value);
}

static void print_verb(const struct noun *noun, const struct verb *verb)
{
	const struct keyword *kw;
	int n = 0;

	printf("  vmnetctl %s%s%s", noun->name, noun->verbless ? "" : " ",
	       noun->verbless ? "" : verb->name);
	for (kw = verb->operands; kw && kw->word; kw++)
		printf(n++ < verb->needed ? " %s" : " [%s]", kw->value);
	for (kw = verb->keywords; kw && kw->word; kw++) {
		if (kw->flags & KW_NEEDED)
			print_keyword(kw);
	}
	for (kw = verb->keywords; kw && kw->word; kw++) {
		if (!(kw->flags & KW_NEEDED))
			print_keyword(kw);
	}
	if (verb->program)
		printf(" -- PROGRAM [ARGUMENT]...");
	printf("\n      %s\n", verb->help);
	for (kw = verb->keywords; kw && kw->word; kw++) {
		if (kw->help)
			printf("        %-10s %s\n", kw->word, kw->help);
	}
}

void help_noun_text(const struct noun *noun)
{
	const struct verb *verb;

	printf("%s: %s\n", noun->name, noun->help);
	for (verb = noun->verbs; verb->name; verb++)
		print_verb(noun, verb);
}

void help_all(void)
{
	const struct verb *verb;
	int i;

	puts("Usage: vmnetctl [OPTIONS] NOUN [VERB] [NAME] [KEY VALUE]...\n"
	     "       vmnetctl [OPTIONS] -b FILE\n\nNouns:");
	for (i = 0; nouns[i]; i++) {
		printf("  %-11s %s\n", nouns[i]->name, nouns[i]->help);
		if (nouns[i]->verbless)
			continue;
		fputs("             ", stdout);
		for (verb = nouns[i]->verbs; verb->name; verb++)
			printf(" %s", verb->name);
		putchar('\n');
	}
	printf("\nOptions, before the noun:\n%s\n%s", options_text, codes_text);
}
