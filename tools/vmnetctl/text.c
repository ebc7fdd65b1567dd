// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client of the DHCP server chooses its hostname, so it may hold anything:
 * bytes that are no UTF-8 (JSON must be valid), terminal escapes, or marks that
 * turn the direction of writing (a listing must not lie).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "text.h"

/* Octets of the character that starts here, 0 if it is not well-formed. */
static size_t utf8_decode(const uint8_t *p, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;

	*c = p[0] & (0xff >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;

	return n;
}

/* Valid UTF-8, with a replacement character for each octet that is not. */
char *text_repair(const void *bytes, size_t len, size_t *out_len)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *out = or_die(malloc(3 * len + 1));
	const uint8_t *p = bytes;
	char *to = out;
	uint32_t c;
	size_t n;

	while (len) {
		n = utf8_decode(p, len, &c);
		if (n) {
			memcpy(to, p, n);
			to += n;
		} else {
			memcpy(to, replacement, 3);
			to += 3;
			n = 1;
		}
		p += n;
		len -= n;
	}
	*to = '\0';
	*out_len = to - out;

	return out;
}

static int is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* One line that a terminal shows as it is: \n, \x1b, \u202e. */
char *text_escape(const char *utf8, size_t len)
{
	char *out = or_die(malloc(6 * len + 1));
	char *to = out;
	uint32_t c;
	size_t n;

	while (len) {
		n = utf8_decode((const uint8_t *)utf8, len, &c);
		if (!n) {
			to += sprintf(to, "\\x%02x", (uint8_t)*utf8);
			n = 1;
		} else if (c == '\n') {
			to += sprintf(to, "\\n");
		} else if (is_harmful(c)) {
			to += sprintf(to, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
		} else {
			memcpy(to, utf8, n);
			to += n;
		}
		utf8 += n;
		len -= n;
	}
	*to = '\0';

	return out;
}

/* Characters, which are columns for most of the world's writing. */
size_t text_width(const char *utf8)
{
	size_t width = 0;

	for (; *utf8; utf8++)
		width += (*utf8 & 0xc0) != 0x80;

	return width;
}
