// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "genl.h"
#include "hint.h"
#include "say.h"
#include "text.h"

static struct {
	bool json;
	const char *file;
	unsigned int line;
} said_as;

void say_as(bool json, const char *file, unsigned int line)
{
	said_as.json = json;
	said_as.file = file;
	said_as.line = line;
}

void *or_die(void *allocated)
{
	if (!allocated) {
		fputs("Error: Out of memory\n", stderr);
		exit(CODE_REFUSED);
	}

	return allocated;
}

static json_t *json_text(const char *text)
{
	size_t len;
	char *good = text_repair(text, strlen(text), &len);
	json_t *string = json_stringn(good, len);

	free(good);
	return string;
}

static void say_json(const char *kind, json_t *body)
{
	json_t *whole = json_pack("{s:o}", kind, body);

	if (said_as.file) {
		json_object_set_new(body, "file", json_text(said_as.file));
		json_object_set_new(body, "line", json_integer(said_as.line));
	}
	json_dumpf(whole, stderr, JSON_COMPACT);
	fputc('\n', stderr);
	json_decref(whole);
}

static void say_line(const char *head, const char *text)
{
	char *safe = text_escape(text, strlen(text));

	fprintf(stderr, "%s%s\n", head, safe);
	free(safe);
}

static void say_head(const char *kind, const char *message)
{
	fprintf(stderr, "%s: ", kind);
	if (said_as.file)
		fprintf(stderr, "%s:%u: ", said_as.file, said_as.line);
	say_line("", message);
}

/* Returns the code, so that a command can end with it. */
int say_error(int code, int err, const char *at, const char *try,
	      const char *message)
{
	json_t *body;

	fflush(stdout);
	if (!said_as.json) {
		say_head("Error", message);
		if (at)
			say_line("  at: ", at);
		if (try)
			say_line("  try: ", try);
		return code;
	}

	body = json_pack("{s:i}", "code", code);
	if (err)
		json_object_set_new(body, "errno",
				    json_string(strerrorname_np(err) ?: "?"));
	json_object_set_new(body, "message", json_text(message));
	if (at)
		json_object_set_new(body, "at", json_text(at));
	if (try)
		json_object_set_new(body, "try", json_text(try));
	say_json("error", body);

	return code;
}

void say_warning(const char *message)
{
	fflush(stdout);
	if (!said_as.json)
		say_head("Warning", message);
	else
		say_json("warning", json_pack("{s:o}", "message",
					      json_text(message)));
}

int say_plain(int code, const char *try, const char *fmt, ...)
{
	char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		or_die(NULL);
	va_end(ap);
	say_error(code, 0, NULL, try, message);
	free(message);

	return code;
}

/* The tool itself does not understand the words: nothing has been sent. */
int say_usage(struct call *call, const char *word, const char *value,
	      const char *fmt, ...)
{
	char *message = NULL, *at = NULL, *try = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0 ||
	    (word && asprintf(&at, "%s%s%s", word, value ? " " : "",
			      value ?: "") < 0) ||
	    asprintf(&try, "vmnetctl help%s%s", call->noun ? " " : "",
		     call->noun ? call->noun->name : "") < 0)
		or_die(NULL);
	va_end(ap);
	say_error(CODE_USAGE, 0, at, try, message);
	free(message);
	free(at);
	free(try);

	return CODE_USAGE;
}

static int code_of_errno(int err)
{
	switch (err) {
	case ENOENT:
	case ENODEV:
		return CODE_ABSENT;
	case EPERM:
	case EACCES:
		return CODE_NO_MODULE;
	default:
		return CODE_REFUSED;
	}
}

/* The word that the kernel pointed at, or the one that it missed. */
static char *refused_word(const struct call *call, const struct refusal *refusal)
{
	const struct arg *arg = refusal->at;
	const struct keyword *kw;
	char *at = NULL;

	/* The end of a dump has no room for it; but there is only one word. */
	if (!arg && refusal->err == ENOENT && call->args.count == 1)
		arg = &call->args.arg[0];
	if (arg) {
		if (asprintf(&at, "%s%s%s", arg->kw->word, arg->text ? " " : "",
			     arg->text ?: "") < 0)
			or_die(NULL);
		return at;
	}
	if (!refusal->missing)
		return NULL;
	kw = keyword_of_attr(call->verb->keywords, refusal->missing);
	if (kw && asprintf(&at, "%s (missing)", kw->word) < 0)
		or_die(NULL);

	return at;
}

/* Says what the kernel answered to the last request, if it refused (err is
 * negative), and returns the exit code.
 */
int say_result(struct call *call, int err)
{
	const struct refusal *refusal = refusal_last();
	const char *message = refusal->text;
	char *at, *try;
	int code;

	if (err >= 0)
		return CODE_DONE;

	code = code_of_errno(-err);
	if (!*message)
		message = hint_sentence(call, -err) ?: strerror(-err);
	at = refused_word(call, refusal);
	try = hint_try(call, refusal);
	say_error(code, -err, at, try, message);
	free(at);
	free(try);

	return code;
}
