// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lists.h"

/* The item before the next comma, which is passed; false if it is too long. */
static bool item_next(const char **text, char item[ITEM_MAX + 1])
{
	const char *end = strchrnul(*text, ',');
	size_t len = end - *text;

	/* A comma at the end promises one more. */
	if (len > ITEM_MAX || (*end && !end[1]))
		return false;
	memcpy(item, *text, len);
	item[len] = '\0';
	*text = *end ? end + 1 : end;

	return true;
}

/* A whole number without sign or blank. */
static bool number_read(const char *text, uint32_t most, uint32_t *number)
{
	unsigned long n;
	char *end;

	if (!isdigit((unsigned char)*text) || strlen(text) > 9)
		return false;
	n = strtoul(text, &end, 10);
	*number = n;

	return !*end && n <= most;
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int hex_read(const char *text, uint8_t *octets, size_t max)
{
	int high, low;
	size_t len = 0;

	for (; *text; text += 2) {
		if (len && *text == ':')
			text++;
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || len == max)
			return -1;
		octets[len++] = high << 4 | low;
	}

	return len;
}

const char *domain_next(const char **text, char domain[ITEM_MAX + 1])
{
	if (!item_next(text, domain) || !*domain)
		return "This is not a list of domains separated by commas";

	return NULL;
}

const char *route_next(const char **text, struct route_item *route)
{
	static const char sentence[] =
		"This is not a list of routes like 10.1.0.0/16-10.77.0.2,0.0.0.0/0-10.77.0.1";
	char item[ITEM_MAX + 1], *len, *router;
	uint32_t n;

	if (!item_next(text, item))
		return sentence;
	len = strchr(item, '/');
	router = strchr(item, '-');
	if (!len || !router || router < len)
		return sentence;
	*len++ = '\0';
	*router++ = '\0';
	if (inet_pton(AF_INET, item, &route->destination) != 1 ||
	    !number_read(len, 32, &n) ||
	    inet_pton(AF_INET, router, &route->router) != 1)
		return sentence;
	route->mask.s_addr = n ? htonl(~0U << (32 - n)) : 0;

	return NULL;
}

const char *range_next(const char **text, struct range_item *range)
{
	static const char sentence[] =
		"This is not a list of addresses and ranges like 10.77.0.9,10.77.0.20-10.77.0.29";
	char item[ITEM_MAX + 1], *last;

	if (!item_next(text, item))
		return sentence;
	last = strchr(item, '-');
	if (last)
		*last++ = '\0';
	if (inet_pton(AF_INET, item, &range->first) != 1 ||
	    inet_pton(AF_INET, last ?: item, &range->last) != 1)
		return sentence;

	return NULL;
}

const char *boot_file_next(const char **text, struct numbered_item *item)
{
	static const char sentence[] =
		"This is not a list of architectures and boot files like 0=pxelinux.0,7=grubx64.efi";
	char *value;

	if (!item_next(text, (char *)item->octets))
		return sentence;
	value = strchr((char *)item->octets, '=');
	if (!value)
		return sentence;
	*value++ = '\0';
	if (!*value || !number_read((char *)item->octets, UINT16_MAX, &item->number))
		return sentence;
	item->len = strlen(value);
	memmove(item->octets, value, item->len + 1);

	return NULL;
}

const char *option_next(const char **text, struct numbered_item *item)
{
	static const char sentence[] =
		"This is not a list of options like 43=0104c0a80001,150=0a:4d:00:05";
	const char *end = strchrnul(*text, ',');
	char *copy = strndupa(*text, end - *text), *value;
	int len;

	/* In hexadecimal it is longer than an item. */
	value = strchr(copy, '=');
	if (!value || (*end && !end[1]))
		return sentence;
	*value++ = '\0';
	len = hex_read(value, item->octets, ITEM_MAX);
	if (len < 0 || !number_read(copy, UINT8_MAX, &item->number))
		return sentence;
	item->len = len;
	*text = *end ? end + 1 : end;

	return NULL;
}
