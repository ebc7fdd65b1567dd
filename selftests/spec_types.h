/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_SELFTESTS_SPEC_TYPES_H
#define VMNET_SELFTESTS_SPEC_TYPES_H

#include <stdbool.h>
#include <stddef.h>

/* What the tables of spec.h are made of. */

enum spec_type {
	SPEC_U8, SPEC_U16, SPEC_U32, SPEC_U64, SPEC_S32, SPEC_FLAG, SPEC_STRING,
	SPEC_BINARY, SPEC_NEST, SPEC_PAD,
};

struct spec_set;

struct spec_attr {
	const char *name;
	unsigned int id;
	enum spec_type type;
	unsigned int len;		/* the only or the largest one; 0 for any */
	unsigned int most;		/* the largest value; 0 for any */
	const struct spec_set *nested;
};

struct spec_set {
	const char *name;
	const struct spec_attr *attrs;
	size_t n;
};

/* Whose right a command needs. */
enum spec_right {
	SPEC_ANYBODY,
	SPEC_OWNER,		/* CAP_NET_ADMIN in the namespace's user namespace */
	SPEC_HOST,		/* CAP_NET_ADMIN over the host */
};

struct spec_command {
	const char *name;
	unsigned int cmd;
	bool does, dumps;		/* neither: it only tells */
	enum spec_right right;
	unsigned int about;		/* the nest that it takes, or 0 */
};

#endif /* VMNET_SELFTESTS_SPEC_TYPES_H */
