// SPDX-License-Identifier: GPL-2.0-only
/* What clients are told, in the forms that RFCs want it in.
 *
 * Pure, as packet.c is.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "bytes.h"
#include "option.h"
#include "packet.h"

/* RFC 1035 section 4.1.4: two bits that say that what follows is elsewhere. */
#define POINTER		0xc0
#define LABEL_MAX	63

/* The rest of a name that begins at @pos, as text, "" for its end. A pointer
 * leads back, so this comes to an end whatever the octets say.
 *
 * Return: octets of the text, or -1 if it is none
 */
static int name_read(const u8 *buf, size_t len, size_t pos,
		     char text[VMNET_DHCP_NAME_MAX + 1])
{
	size_t out = 0, to;
	u8 n;

	while (pos < len && buf[pos]) {
		n = buf[pos];
		if (n >= POINTER) {
			if (pos + 1 >= len)
				return -1;
			to = get16(buf + pos) & 0x3fff;
			if (to >= pos)
				return -1;
			pos = to;
			continue;
		}
		if (n > LABEL_MAX || n > len - pos - 1 ||
		    out + !!out + n > VMNET_DHCP_NAME_MAX)
			return -1;
		if (out)
			text[out++] = '.';
		memcpy(text + out, buf + pos + 1, n);
		out += n;
		pos += 1 + n;
	}
	if (pos >= len)
		return -1;
	text[out] = '\0';
	return out;
}

/* Behind the name that begins at @pos. */
static size_t name_end(const u8 *buf, size_t len, size_t pos)
{
	while (pos < len && buf[pos] && buf[pos] < POINTER)
		pos += 1 + buf[pos];
	return pos < len && buf[pos] ? pos + 2 : pos + 1;
}

/* Where a name that is there already ends as this one, or @len. */
static size_t name_find(const u8 *buf, size_t len, const char *name)
{
	char text[VMNET_DHCP_NAME_MAX + 1];
	size_t pos = 0;

	while (pos < len) {
		if (!buf[pos]) {
			pos++;
		} else if (buf[pos] >= POINTER) {
			pos += 2;
		} else {
			if (name_read(buf, len, pos, text) > 0 &&
			    !strcmp(text, name))
				return pos;
			pos += 1 + buf[pos];
		}
	}
	return len;
}

bool vmnet_dhcp_search_add(struct vmnet_dhcp_options *options,
			   const char *domain)
{
	u8 *buf = options->search;
	size_t len = options->search_len, pos = len, at;
	const char *end;
	size_t label;

	while (*domain) {
		at = name_find(buf, len, domain);
		if (at < len) {
			if (sizeof(options->search) - pos < 2)
				return false;
			put16(buf + pos, POINTER << 8 | at);
			options->search_len = pos + 2;
			return true;
		}
		end = strchr(domain, '.');
		label = end ? (size_t)(end - domain) : strlen(domain);
		/* And one octet for the end. */
		if (label > LABEL_MAX ||
		    sizeof(options->search) - pos < 1 + label + 1)
			return false;
		buf[pos++] = label;
		memcpy(buf + pos, domain, label);
		pos += label;
		domain += label + !!end;
	}
	buf[pos++] = 0;
	options->search_len = pos;
	return true;
}

bool vmnet_dhcp_search_next(const struct vmnet_dhcp_options *options,
			    size_t *pos,
			    char domain[VMNET_DHCP_NAME_MAX + 1])
{
	size_t len = options->search_len;

	if (*pos >= len || name_read(options->search, len, *pos, domain) < 0)
		return false;
	*pos = name_end(options->search, len, *pos);
	return true;
}

u8 vmnet_dhcp_prefix_len(__be32 mask)
{
	u8 octets[4], len = 0;

	put_addr(octets, mask);
	while (len < 32 && octets[len / 8] & 0x80 >> len % 8)
		len++;
	return len;
}

/* Of the destination only the octets that say something. */
static size_t route_put(u8 *p, const struct vmnet_dhcp_route *route)
{
	u8 prefix_len = vmnet_dhcp_prefix_len(route->mask);
	size_t octets = (prefix_len + 7) / 8;

	p[0] = prefix_len;
	memcpy(p + 1, &route->destination, octets);
	put_addr(p + 1 + octets, route->router);
	return 1 + octets + 4;
}

size_t vmnet_dhcp_routes(const struct vmnet_dhcp_options *options, u8 *buf)
{
	const struct vmnet_dhcp_route through_router = {
		.router = options->router,
	};
	bool has_default = false;
	size_t len = 0;
	u8 i;

	if (!options->routes_count)
		return 0;
	for (i = 0; i < options->routes_count; i++) {
		len += route_put(buf + len, &options->routes[i]);
		has_default |= !options->routes[i].mask;
	}
	if (options->router && !has_default)
		len += route_put(buf + len, &through_router);
	return len;
}

const struct vmnet_dhcp_file *
vmnet_dhcp_boot_file(const struct vmnet_dhcp_options *options,
		     const struct vmnet_dhcp_message *msg)
{
	u8 i, k;

	/* It was started by one of the others, and would be again. */
	if (msg->is_ipxe && options->ipxe_file.len)
		return &options->ipxe_file;
	for (i = 0; i < msg->arch_count; i++)
		for (k = 0; k < options->arch_count; k++)
			if (options->arch_files[k].arch == msg->arch[i])
				return &options->arch_files[k].file;
	return &options->boot_file;
}

bool vmnet_dhcp_is_url(const struct vmnet_dhcp_file *file)
{
	static const char http[] = "http://", https[] = "https://";

	return (file->len >= sizeof(http) &&
		!memcmp(file->name, http, sizeof(http) - 1)) ||
	       (file->len >= sizeof(https) &&
		!memcmp(file->name, https, sizeof(https) - 1));
}

const struct vmnet_dhcp_raw *
vmnet_dhcp_raw(const struct vmnet_dhcp_options *options, u8 code)
{
	u8 i;

	for (i = 0; i < options->raw_count; i++)
		if (options->raw[i].code == code)
			return &options->raw[i];
	return NULL;
}
