/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors and warnings, for people and (with -j) for programs. */
#ifndef VMNETCTL_SAY_H
#define VMNETCTL_SAY_H

#include <stdbool.h>

struct call;

/* Where the words came from; file is NULL for the command line. */
void say_as(bool json, const char *file, unsigned int line);

int say_error(int code, int err, const char *at, const char *try,
	      const char *message);
int say_plain(int code, const char *try, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int say_usage(struct call *call, const char *word, const char *value,
	      const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int say_result(struct call *call, int err);
void say_warning(const char *message);

void *or_die(void *allocated);

#endif
