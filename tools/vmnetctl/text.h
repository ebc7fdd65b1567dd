/* SPDX-License-Identifier: GPL-2.0-only */
/* What strangers wrote, made safe to show. */
#ifndef VMNETCTL_TEXT_H
#define VMNETCTL_TEXT_H

#include <stddef.h>

char *text_repair(const void *bytes, size_t len, size_t *out_len);
char *text_escape(const char *utf8, size_t len);
size_t text_width(const char *utf8);

#endif
