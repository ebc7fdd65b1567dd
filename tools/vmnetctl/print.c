// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "fields.h"
#include "print.h"
#include "say.h"
#include "text.h"

#define COLUMNS_MAX	24

static char *format_seconds(json_int_t n)
{
	static const struct { char unit; int seconds; } units[] = {
		{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
	};
	char text[64] = "";
	size_t i, len = 0;

	if (n == UINT32_MAX)
		return or_die(strdup("forever"));
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (n >= units[i].seconds)
			len += sprintf(text + len, "%lld%c",
				       (long long)n / units[i].seconds,
				       units[i].unit);
		n %= units[i].seconds;
	}

	return or_die(strdup(len ? text : "0s"));
}

/* Keys whose number is a time, and what 0 means for them. */
static char *format_time(const char *key, json_int_t n)
{
	static const struct { const char *key, *zero; } times[] = {
		{ "lease", NULL }, { "lease-min", NULL },
		{ "lease-max", "default" }, { "t1", "default" },
		{ "t2", "default" }, { "expires", NULL },
		{ "v6only", "none" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		if (strcmp(times[i].key, key))
			continue;
		if (!n && times[i].zero)
			return or_die(strdup(times[i].zero));
		return format_seconds(n);
	}

	return NULL;
}

static char *format_number(const char *key, json_int_t n)
{
	char *text = format_time(key, n);

	if (text)
		return text;
	if (!n && (!strcmp(key, "dhcp-limit") || !strcmp(key, "dhcp-rate")))
		return or_die(strdup("none"));
	if (asprintf(&text, "%lld", (long long)n) < 0)
		or_die(NULL);

	return text;
}

static char *format_array(const json_t *array)
{
	char *text = or_die(strdup("")), *one, *more;
	json_t *value;
	size_t i;

	json_array_foreach(array, i, value) {
		one = print_value("", value);
		if (asprintf(&more, "%s%s%s", text, i ? "," : "", one) < 0)
			or_die(NULL);
		free(text);
		free(one);
		text = more;
	}

	return text;
}

/* A value as a person reads it; never empty, so that columns stay columns. */
char *print_value(const char *key, const json_t *value)
{
	char *text = NULL;

	switch (value ? (int)json_typeof(value) : -1) {
	case JSON_STRING:
		text = text_escape(json_string_value(value),
				   json_string_length(value));
		if ((!strcmp(key, "router") || !strcmp(key, "next-server")) &&
		    !strcmp(text, "0.0.0.0"))
			strcpy(text, "none");
		break;
	case JSON_INTEGER:
		text = format_number(key, json_integer_value(value));
		break;
	case JSON_TRUE:
		text = strdup("on");
		break;
	case JSON_FALSE:
		text = strdup("off");
		break;
	case JSON_ARRAY:
		text = format_array(value);
		break;
	}
	if (text && !*text) {
		free(text);
		text = NULL;
	}

	return text ?: or_die(strdup("-"));
}

void print_json(const struct options *opt, const json_t *json)
{
	json_dumpf(json, stdout, opt->pretty ? JSON_INDENT(2) : JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

static char *cell_text(const struct column *column, const json_t *object)
{
	if (column->cell)
		return column->cell(object);
	if (column->stats)
		object = json_object_get(object, "stats");

	return print_value(column->key, json_object_get(object, column->key));
}

static void print_row(char *const *cells, const size_t *widths, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		fputs(cells[i], stdout);
		if (i + 1 < n)
			printf("%*s", (int)(widths[i] - text_width(cells[i]) + 2), "");
	}
	putchar('\n');
}

void print_table(const struct options *opt, const struct column *columns,
		 const json_t *array)
{
	const struct column *use[COLUMNS_MAX];
	size_t widths[COLUMNS_MAX], n = 0, rows = json_array_size(array), i, c;
	char **cells;

	for (; columns->head && n < COLUMNS_MAX; columns++) {
		if ((columns->detail && !opt->details) ||
		    (columns->stats && !opt->stats))
			continue;
		widths[n] = strlen(columns->head);
		use[n++] = columns;
	}

	cells = or_die(calloc((rows + 1) * n, sizeof(*cells)));
	for (c = 0; c < n; c++) {
		cells[c] = or_die(strdup(use[c]->head));
		for (i = 0; i < rows; i++) {
			char *cell = cell_text(use[c], json_array_get(array, i));

			cells[(i + 1) * n + c] = cell;
			if (text_width(cell) > widths[c])
				widths[c] = text_width(cell);
		}
	}
	for (i = 0; i <= rows; i++)
		print_row(cells + i * n, widths, n);
	for (i = 0; i < (rows + 1) * n; i++)
		free(cells[i]);
	free(cells);
}

static void print_drops(const struct options *opt, const json_t *drops)
{
	const char *reason, *meaning;
	json_t *count;

	json_object_foreach((json_t *)drops, reason, count) {
		if (!json_integer_value(count) && !opt->details)
			continue;
		meaning = drop_meaning(reason);
		printf("    %-16s %-10lld %s\n", reason,
		       (long long)json_integer_value(count), meaning ?: "");
	}
}

/* Frames in, frames out, bytes, and why frames were dropped. */
void print_stats(const struct options *opt, const json_t *stats)
{
	static const char *const lines[][4] = {
		{ "received", "replicated", "segmented" },
		{ "delivered", "consumed", "dropped", "queued" },
		{ "rx-bytes", "tx-bytes", "passed" },
	};
	const json_t *value;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		fputs("   ", stdout);
		for (k = 0; k < ARRAY_SIZE(lines[i]) && lines[i][k]; k++) {
			value = json_object_get(stats, lines[i][k]);
			if (value)
				printf(" %s %lld", lines[i][k],
				       (long long)json_integer_value(value));
		}
		putchar('\n');
	}
	print_drops(opt, json_object_get(stats, "drops"));
}

void print_object(const struct options *opt, const json_t *object)
{
	const char *key;
	json_t *value;
	size_t width = 0;
	char *text;

	json_object_foreach((json_t *)object, key, value) {
		if (!json_is_object(value) && strlen(key) > width)
			width = strlen(key);
	}
	json_object_foreach((json_t *)object, key, value) {
		if (json_is_object(value))
			continue;
		text = print_value(key, value);
		printf("%-*s  %s\n", (int)width, key, text);
		free(text);
	}
	value = json_object_get(object, "stats");
	if (value) {
		puts("stats");
		print_stats(opt, value);
	}
}

void print_line(const json_t *object)
{
	const char *key;
	json_t *value;
	char *text;

	json_object_foreach((json_t *)object, key, value) {
		if (json_is_object(value))
			continue;
		text = print_value(key, value);
		printf(" %s %s", key, text);
		free(text);
	}
}

int print_list(const struct options *opt, const struct column *columns,
	       json_t *array, bool one)
{
	json_t *object;
	size_t i;

	if (!opt->stats) {
		json_array_foreach(array, i, object)
			fields_strip_stats(object);
	}
	if (opt->json)
		print_json(opt, array);
	else if (one)
		print_object(opt, json_array_get(array, 0));
	else
		print_table(opt, columns, array);
	fflush(stdout);
	json_decref(array);

	return CODE_DONE;
}
