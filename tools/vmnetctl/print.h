/* SPDX-License-Identifier: GPL-2.0-only */
/* The one printer, for text and JSON: everything it is given is JSON. */
#ifndef VMNETCTL_PRINT_H
#define VMNETCTL_PRINT_H

#include <jansson.h>
#include <stdbool.h>

struct options;

struct column {
	const char *head;
	const char *key;
	/* Where a cell is made of more than one key; the caller frees. */
	char *(*cell)(const json_t *object);
	bool detail;		/* only with -d */
	bool stats;		/* only with -s; the key is in "stats" */
};

#define STATS_COLUMNS							\
	{ "RECEIVED", "received", .stats = true },			\
	{ "DELIVERED", "delivered", .stats = true },			\
	{ "DROPPED", "dropped", .stats = true },			\
	{ "RX-BYTES", "rx-bytes", .stats = true },			\
	{ "TX-BYTES", "tx-bytes", .stats = true }

char *print_value(const char *key, const json_t *value);
void print_json(const struct options *opt, const json_t *json);

/* An array as a table; columns end without a head. */
void print_table(const struct options *opt, const struct column *columns,
		 const json_t *array);
/* One object, a key and its value on each line. */
void print_object(const struct options *opt, const json_t *object);
void print_stats(const struct options *opt, const json_t *stats);
/* One object on one line: key value key value. */
void print_line(const json_t *object);

/* Takes the array: as JSON, as a table, or (one) as an object. Without -s,
 * statistics are left out.
 */
int print_list(const struct options *opt, const struct column *columns,
	       json_t *array, bool one);

#endif
