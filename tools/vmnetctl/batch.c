// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "genl.h"
#include "say.h"

#define WORDS_MAX	256

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Moves one word to its place without quotes and backslashes. Returns what
 * follows it, or NULL for a quote that is not closed.
 */
static char *split_word(char *from, char **word)
{
	char *to = from;
	char quote = '\0';

	*word = to;
	for (; *from && (quote || !is_blank(*from)); from++) {
		if (quote && *from == quote)
			quote = '\0';
		else if (!quote && (*from == '"' || *from == '\''))
			quote = *from;
		else if (*from == '\\' && quote != '\'' && from[1])
			*to++ = *++from;
		else
			*to++ = *from;
	}
	if (quote)
		return NULL;
	if (*from)
		from++;
	*to = '\0';

	return from;
}

/* Splits a line in place as a shell does: blanks, quotes, backslashes and
 * comments. Returns the number of words, -EINVAL for an open quote, or -E2BIG.
 */
int batch_split(char *line, char **words, int max)
{
	int n = 0;

	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line || *line == '#')
			break;
		if (n == max - 1)
			return -E2BIG;
		line = split_word(line, &words[n++]);
		if (!line)
			return -EINVAL;
	}
	words[n] = NULL;

	return n;
}

/* Options that a line may have for itself. */
static bool take_option(const char *word, struct options *opt)
{
	if (!strcmp(word, "--may-exist"))
		opt->may_exist = true;
	else if (!strcmp(word, "--if-exists"))
		opt->if_exists = true;
	else if (!strcmp(word, "-f") || !strcmp(word, "--force"))
		opt->force = true;
	else if (!strcmp(word, "-s") || !strcmp(word, "--stats"))
		opt->stats = true;
	else if (!strcmp(word, "-d") || !strcmp(word, "--details"))
		opt->details = true;
	else
		return false;

	return true;
}

static int run_line(char *line, const struct options *opt)
{
	struct options own = *opt;
	char *words[WORDS_MAX];
	int n, first = 0;

	n = batch_split(line, words, WORDS_MAX);
	if (n == -EINVAL)
		return say_plain(CODE_USAGE, NULL, "A quote is not closed");
	if (n < 0)
		return say_plain(CODE_USAGE, NULL, "The line has too many words");
	while (first < n && take_option(words[first], &own))
		first++;
	if (first < n && words[first][0] == '-')
		return say_plain(CODE_USAGE, NULL,
				 "The option %s cannot stand in a batch", words[first]);
	if (first == n && n)
		return say_plain(CODE_USAGE, NULL, "A noun is missing");

	return n ? run_words(n - first, words + first, &own) : CODE_DONE;
}

static int run_lines(FILE *f, const char *file, const struct options *opt)
{
	int code = CODE_DONE, last;
	unsigned int number = 0;
	size_t size = 0;
	char *line = NULL;

	while (getline(&line, &size, f) >= 0) {
		say_as(opt->json, file, ++number);
		last = run_line(line, opt);
		if (!last)
			continue;
		/* Without the module, no line can do better. */
		code = last == CODE_NO_MODULE && genl_open() ? last : CODE_BATCH;
		if (!opt->force || code == CODE_NO_MODULE)
			break;
	}
	if (ferror(f) && !code)
		code = say_plain(CODE_BATCH, NULL, "%s", strerror(errno));
	free(line);

	return code;
}

/* Stops at the first failure, or goes on with -f; one process, one socket. */
int batch_run(const char *file, const struct options *opt)
{
	bool standard = !strcmp(file, "-");
	FILE *f = standard ? stdin : fopen(file, "re");
	int code;

	if (!f)
		return say_plain(CODE_USAGE, NULL, "%s cannot be read: %s", file,
				 strerror(errno));
	code = run_lines(f, standard ? "standard input" : file, opt);
	if (!standard)
		fclose(f);

	return code;
}
