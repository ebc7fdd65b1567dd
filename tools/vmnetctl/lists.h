/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of things that have more than one part, separated by commas. Each
 * function takes the first item off a text: it returns NULL, or a sentence about
 * what is wrong with it, and leaves the text at the next item or at its end.
 */
#ifndef VMNETCTL_LISTS_H
#define VMNETCTL_LISTS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define ITEM_MAX	1024	/* octets in an item */

struct route_item {
	struct in_addr destination, mask, router;
};

struct range_item {
	struct in_addr first, last;
};

/* A number, and a text or octets that belong to it. */
struct numbered_item {
	uint32_t number;
	uint8_t octets[ITEM_MAX + 1];
	size_t len;
};

const char *domain_next(const char **text, char domain[ITEM_MAX + 1]);
const char *route_next(const char **text, struct route_item *route);
const char *range_next(const char **text, struct range_item *range);
const char *boot_file_next(const char **text, struct numbered_item *item);
const char *option_next(const char **text, struct numbered_item *item);

/* Of a digit; below zero if it is none. */
int hex_digit(char c);

/* A row of hexadecimal octets, with colons or without; below zero if it is none
 * or longer than max.
 */
int hex_read(const char *text, uint8_t *octets, size_t max);

#endif
