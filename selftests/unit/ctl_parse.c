// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pure part of vmnetctl: words to values, the splitting of a batch's
 * lines, and text of strangers made safe.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/vmnetctl/ctl.h"
#include "../../tools/vmnetctl/print.h"
#include "../../tools/vmnetctl/say.h"
#include "../../tools/vmnetctl/text.h"

static int tests, failures;

static void result(bool ok, const char *fmt, const char *what)
{
	char *safe = text_escape(what, strlen(what));

	tests++;
	failures += !ok;
	printf("%sok %d ", ok ? "" : "not ", tests);
	printf(fmt, safe);
	putchar('\n');
	free(safe);
}

/* What the parser does not touch here. */
const char *drop_meaning(const char *reason)
{
	(void)reason;
	return NULL;
}

void fields_strip_stats(json_t *object)
{
	(void)object;
}

int run_words(int argc, char **argv, const struct options *opt)
{
	(void)argc, (void)argv, (void)opt;
	return 0;
}

int genl_open(void)
{
	return 0;
}

void say_as(bool json, const char *file, unsigned int line)
{
	(void)json, (void)file, (void)line;
}

int say_plain(int code, const char *try, const char *fmt, ...)
{
	(void)try, (void)fmt;
	return code;
}

int say_usage(struct call *call, const char *word, const char *value,
	      const char *fmt, ...)
{
	(void)call, (void)word, (void)value, (void)fmt;
	return CODE_USAGE;
}

void *or_die(void *allocated)
{
	if (!allocated)
		abort();
	return allocated;
}

static const char *const choices[] = { "one", "two", NULL };

/* A number that is expected; -1: refused, -2: cleared. */
static const struct {
	enum value_type type;
	unsigned int flags;
	const char *text;
	long long want;
} numbers[] = {
	{ V_NUMBER, 0, "0", 0 }, { V_NUMBER, 0, "4294967295", 4294967295 },
	{ V_NUMBER, 0, "4294967296", -1 }, { V_NUMBER, 0, "-1", -1 },
	{ V_NUMBER, 0, "", -1 }, { V_NUMBER, 0, " 1", -1 },
	{ V_NUMBER, 0, "1x", -1 }, { V_NUMBER, 0, "99999999999999999999", -1 },
	{ V_NUMBER, 0, "none", -1 }, { V_NUMBER, KW_NONE, "none", -2 },
	{ V_NUMBER, KW_NONE, "auto", -1 }, { V_NUMBER, KW_AUTO, "auto", -2 },
	{ V_TIME, 0, "90", 90 }, { V_TIME, 0, "90s", 90 },
	{ V_TIME, 0, "30m", 1800 }, { V_TIME, 0, "12h", 43200 },
	{ V_TIME, 0, "forever", 4294967295 }, { V_TIME, 0, "7d", 604800 }, { V_TIME, 0, "7w", -1 },
	{ V_TIME, 0, "1h30m", -1 }, { V_TIME, 0, "h", -1 },
	{ V_TIME, 0, "50000d", -1 }, { V_TIME, 0, "default", -1 },
	{ V_TIME, KW_DEFAULT, "default", -2 },
	{ V_ONOFF, 0, "on", 1 }, { V_ONOFF, 0, "off", 0 },
	{ V_ONOFF, 0, "ON", -1 }, { V_ONOFF, 0, "1", -1 },
	{ V_CHOICE, 0, "two", 1 }, { V_CHOICE, 0, "three", -1 },
	{ V_NAME, 0, "", -1 }, { V_TEXT, 0, "", 0 },
};

/* How a value reads when written back; NULL: refused. */
static const struct {
	enum value_type type;
	const char *text, *want;
} rest[] = {
	{ V_ADDRESS, "10.77.0.1", "10.77.0.1" }, { V_ADDRESS, "10.77.0", NULL },
	{ V_ADDRESS, "10.77.0.256", NULL }, { V_ADDRESS, "::1", NULL },
	{ V_ADDRESSES, "1.1.1.1,2.2.2.2", "1.1.1.1 2.2.2.2" },
	{ V_ADDRESSES, "1.1.1.1,", NULL }, { V_ADDRESSES, "", NULL },
	{ V_ADDRESSES, "1.1.1.1 2.2.2.2", NULL },
	{ V_ADDRESSES, "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1",
	  NULL },
	{ V_PREFIX, "10.77.0.0/24", "10.77.0.0" }, { V_PREFIX, "10.77.0.0", NULL },
	{ V_PREFIX, "10.77.0.0/33", NULL }, { V_PREFIX, "10.77.0.0/", NULL },
	{ V_PREFIX, "10.77.0.0/255.255.255.0", NULL },
	{ V_RANGE, "10.0.0.5-10.0.0.9", "10.0.0.5 10.0.0.9" },
	{ V_RANGE, "10.0.0.5", NULL }, { V_RANGE, "10.0.0.5-9", NULL },
	{ V_RANGE, "-10.0.0.5", NULL },
	{ V_MAC, "02:00:00:00:aB:01", "02000000ab01" },
	{ V_MAC, "02-00-00-00-00-01", "020000000001" },
	{ V_MAC, "02:00:00:00:00", NULL }, { V_MAC, "02:00:00:00:00:01:", NULL },
	{ V_MAC, "2:0:0:0:0:1", NULL }, { V_MAC, "", NULL },
	{ V_MAC, "0200000000010000", NULL },
	{ V_HEX, "00ff10", "00ff10" }, { V_HEX, "00:ff:10", "00ff10" },
	{ V_HEX, "0", NULL }, { V_HEX, "00:", NULL }, { V_HEX, ":00", NULL },
	{ V_HEX, "", NULL },
	/* Lists are only looked at; they are read again when they are sent. */
	{ V_DOMAINS, "a.net,b.net", "" }, { V_DOMAINS, "", NULL },
	{ V_DOMAINS, "a,,b", NULL }, { V_DOMAINS, "a,", NULL },
	{ V_ROUTES, "10.1.0.0/16-10.77.0.2,0.0.0.0/0-10.77.0.1", "" },
	{ V_ROUTES, "10.1.0.0/33-10.77.0.2", NULL },
	{ V_ROUTES, "10.1.0.0/-10.77.0.2", NULL },
	{ V_ROUTES, "10.1.0.0-10.77.0.2/16", NULL },
	{ V_ROUTES, "10.1.0.0/16-", NULL }, { V_ROUTES, "10.1.0.0/16", NULL },
	{ V_ROUTES, "10.1.0.0/4294967304-10.77.0.2", NULL },
	{ V_RANGES, "10.0.0.5,10.0.0.7-10.0.0.9", "" },
	{ V_RANGES, "10.0.0.5-", NULL }, { V_RANGES, "-10.0.0.5", NULL },
	{ V_BOOT_FILES, "0=pxelinux.0,7=http://a/?b=c", "" },
	{ V_BOOT_FILES, "7", NULL }, { V_BOOT_FILES, "7=", NULL },
	{ V_BOOT_FILES, "=a", NULL }, { V_BOOT_FILES, "65536=a", NULL },
	{ V_BOOT_FILES, "+7=a", NULL },
	{ V_OPTIONS, "43=0102,150=0a:4d,252=", "" }, { V_OPTIONS, "43", NULL },
	{ V_OPTIONS, "43=1", NULL }, { V_OPTIONS, "256=01", NULL },
	{ V_OPTIONS, "43=01,", NULL }, { V_OPTIONS, "43=xy", NULL },
};

static void write_back(const struct value *v, char *out)
{
	unsigned int i;

	*out = '\0';
	for (i = 0; i < v->addresses; i++) {
		if (i)
			strcat(out, " ");
		inet_ntop(AF_INET, &v->address[i], out + strlen(out), INET_ADDRSTRLEN);
	}
	for (i = 0; i < v->len; i++)
		sprintf(out + strlen(out), "%02x", v->bytes[i]);
}

static void test_values(void)
{
	struct keyword kw = { .word = "word", .names = choices };
	char text[SERVERS_MAX * 20 + 2 * HEX_MAX];
	struct value v;
	const char *wrong;
	long long got;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		kw.type = numbers[i].type;
		kw.flags = numbers[i].flags;
		wrong = value_parse(&kw, numbers[i].text, &v);
		got = wrong ? -1 : v.cleared ? -2 : (long long)v.number;
		result(got == numbers[i].want, "number \"%s\"", numbers[i].text);
	}

	kw.flags = 0;
	for (i = 0; i < ARRAY_SIZE(rest); i++) {
		kw.type = rest[i].type;
		wrong = value_parse(&kw, rest[i].text, &v);
		write_back(&v, text);
		result(rest[i].want ? !wrong && !strcmp(text, rest[i].want) : !!wrong,
		       "value \"%s\"", rest[i].text);
	}
}

static const struct {
	const char *line;
	int words;
	const char *joined;
} lines[] = {
	{ "", 0, "" }, { "  # nothing", 0, "" },
	{ "network add lab\n", 3, "network|add|lab" },
	{ "a  b\tc # d", 3, "a|b|c" }, { "a#b", 1, "a#b" },
	{ "label 'two words'", 2, "label|two words" },
	{ "label \"it's\"", 2, "label|it's" }, { "label \"a\\\"b\"", 2, "label|a\"b" },
	{ "label ''", 2, "label|" }, { "a\\ b", 1, "a b" },
	{ "x'y'z", 1, "xyz" }, { "label 'open", -22, "" }, { "\"", -22, "" },
	{ "1 2 3 4 5 6 7 8", -7, "" },
};

static void test_lines(void)
{
	char *words[8], joined[64], line[64];
	size_t i;
	int n, w;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		strcpy(line, lines[i].line);
		n = batch_split(line, words, ARRAY_SIZE(words));
		*joined = '\0';
		for (w = 0; w < n; w++)
			sprintf(joined + strlen(joined), "%s%s", w ? "|" : "", words[w]);
		result(n == lines[i].words && !strcmp(joined, lines[i].joined),
		       "line \"%s\"", lines[i].line);
	}
}

static const struct {
	const char *bytes, *repaired, *escaped;
} texts[] = {
	{ "plain", "plain", "plain" },
	{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	{ "\x1b[31mred", "\x1b[31mred", "\\x1b[31mred" },
	{ "two\nlines", "two\nlines", "two\\nlines" },
	{ "\xff", "\xef\xbf\xbd", "\\xff" },
	{ "\xc3", "\xef\xbf\xbd", "\\xc3" },
	{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "\\xc0\\xaf" },
	{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\\xed\\xa0\\x80" },
	{ "\xc2\x9b" "0m", "\xc2\x9b" "0m", "\\x9b0m" },
	{ "a\xe2\x80\xae" "b", "a\xe2\x80\xae" "b", "a\\u202eb" },
	{ "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7" },
};

static void test_texts(void)
{
	char *repaired, *escaped;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		repaired = text_repair(texts[i].bytes, strlen(texts[i].bytes), &len);
		escaped = text_escape(texts[i].bytes, strlen(texts[i].bytes));
		result(!strcmp(repaired, texts[i].repaired) && len == strlen(repaired) &&
		       !strcmp(escaped, texts[i].escaped),
		       "text \"%s\"", texts[i].bytes);
		free(repaired);
		free(escaped);
	}
}

static const struct {
	const char *key;
	const char *json, *want;
} values[] = {
	{ "mtu", "1500", "1500" }, { "lease", "43200", "12h" },
	{ "lease", "90061", "1d1h1m1s" }, { "expires", "0", "0s" },
	{ "t1", "0", "default" }, { "lease", "4294967295", "forever" }, { "dhcp-limit", "0", "none" },
	{ "host", "true", "on" }, { "host", "false", "off" },
	{ "label", "\"\"", "-" }, { "label", "null", "-" },
	{ "dns", "[\"1.1.1.1\",\"2.2.2.2\"]", "1.1.1.1,2.2.2.2" },
	{ "dns", "[]", "-" }, { "router", "\"0.0.0.0\"", "none" },
	{ "hostname", "\"a\\u001bb\"", "a\\x1bb" },
	{ "hostname", "\"a\\u0000b\"", "a\\x00b" },
};

static void test_print(void)
{
	json_t *json;
	char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		json = json_loads(values[i].json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		text = print_value(values[i].key, json);
		result(!strcmp(text, values[i].want), "shown as %s", values[i].want);
		free(text);
		json_decref(json);
	}
}

static const struct {
	const char *words;
	int code, count;
} calls[] = {
	{ "", CODE_USAGE, 0 },
	{ "lab", CODE_USAGE, 1 },
	{ "lab mtu 9000", CODE_DONE, 2 },
	{ "lab mtu", CODE_USAGE, 1 },
	{ "lab mtu 1 mtu 2", CODE_USAGE, 2 },
	{ "lab auto mtu 2", CODE_DONE, 3 },
	{ "lab mtu 1 lab", CODE_USAGE, 2 },
	{ "mtu mtu 3", CODE_DONE, 2 },
	{ "lab -j", CODE_USAGE, 1 },
};

static void test_calls(void)
{
	static const struct keyword ops[] = { { "network", "NAME", V_NAME }, { } };
	static const struct keyword keywords[] = {
		{ "mtu", "N", V_NUMBER, KW_NEEDED }, { "auto", NULL, V_FLAG }, { }
	};
	static const struct verb verb = { "set", "", NULL, ops, 1, keywords };
	static const struct noun noun = { "network", "", &verb };
	struct call call = { .noun = &noun, .verb = &verb };
	char line[64], *words[16];
	size_t i;
	int n, code;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		strcpy(line, calls[i].words);
		n = batch_split(line, words, ARRAY_SIZE(words));
		code = args_parse(&call, n, words);
		result(code == calls[i].code &&
		       (code || call.args.count == calls[i].count),
		       "words \"%s\"", calls[i].words);
	}
}

int main(void)
{
	printf("TAP version 13\n1..%zu\n",
	       ARRAY_SIZE(numbers) + ARRAY_SIZE(rest) + ARRAY_SIZE(lines) +
	       ARRAY_SIZE(texts) + ARRAY_SIZE(values) + ARRAY_SIZE(calls));
	test_values();
	test_lines();
	test_texts();
	test_print();
	test_calls();
	printf("# %d passed, %d failed\n", tests - failures, failures);

	return failures ? 1 : 0;
}
