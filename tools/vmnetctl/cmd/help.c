// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vmnet.h>
#include <stdio.h>

#include "../ctl.h"
#include "../fields.h"
#include "../genl.h"
#include "../print.h"
#include "../say.h"
#include "../version.h"

static int help(struct call *call)
{
	const char *word = call->args.count ? call->args.arg[0].text : NULL;
	const struct noun *noun;

	if (!word) {
		help_all();
		return CODE_DONE;
	}
	noun = noun_find(word);
	if (!noun) {
		call->noun = NULL;
		return say_usage(call, word, NULL, "There is no noun \"%s\"", word);
	}
	help_noun_text(noun);

	return CODE_DONE;
}

static void print_words(const struct keyword *kw)
{
	for (; kw && kw->word; kw++)
		puts(kw->word);
}

/* For completion: what can come next, a word on a line. */
static int words(struct call *call)
{
	const struct arg *op = call->args.arg;
	int ops = call->args.count - 1;		/* the last one is "words" */
	const struct noun *noun = ops ? noun_find(op[0].text) : NULL;
	const struct verb *verb;
	int i;

	for (i = 0; !ops && nouns[i]; i++)
		puts(nouns[i]->name);
	if (!noun)
		return CODE_DONE;
	if (ops == 1 && !noun->verbless) {
		for (verb = noun->verbs; verb->name; verb++)
			puts(verb->name);
		return CODE_DONE;
	}
	verb = noun->verbless ? noun->verbs : verb_find(noun, op[1].text);
	if (verb)
		print_words(verb->keywords);

	return CODE_DONE;
}

static int help_or_words(struct call *call)
{
	return args_find(&call->args, "words") ? words(call) : help(call);
}

/* The tool's version, and the module's if it is there. */
static int version(struct call *call)
{
	json_t *array = json_array(), *object = json_object();
	const char *module = NULL;

	if (!genl_open())
		request_get(request_genl(VMNET_CMD_HOST_GET, 0), false,
			    &host_fields, array);
	json_unpack(array, "[{s:s}]", "version", &module);
	json_object_set_new(object, "vmnetctl", json_string(VMNET_VERSION));
	if (module)
		json_object_set_new(object, "vmnet", json_string(module));
	json_array_clear(array);
	json_array_append_new(array, object);

	return print_list(call->opt, NULL, array, true);
}

static const struct keyword help_ops[] = {
	{ "noun", "NOUN", V_NAME }, { "verb", "VERB", V_NAME }, { }
};

static const struct keyword help_keywords[] = {
	{ "words", NULL, V_FLAG,
	  .help = "only the words that can come next (for completion)" },
	{ }
};

static const struct verb help_verbs[] = {
	{ "help", "about everything, or one noun", help_or_words,
	  help_ops, 0, help_keywords },
	{ }
};

static const struct verb version_verbs[] = {
	{ "version", "of this tool and of the module", version },
	{ }
};

const struct noun help_noun = {
	"help", "this help, or that of a noun", help_verbs,
	.verbless = true, .offline = true
};

const struct noun version_noun = {
	"version", "of this tool and of the module", version_verbs,
	.verbless = true, .offline = true
};
