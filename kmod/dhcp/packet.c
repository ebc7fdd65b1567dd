// SPDX-License-Identifier: GPL-2.0-only
/* DHCP messages: bytes to a struct and back.
 *
 * Pure: no skb, no lock, no allocation. The same file is in the module, in
 * the unit tests and in the fuzzer. Whatever is read is checked against the
 * end first; whatever is written is checked against the room that is left,
 * and an option is written whole or not at all.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "bytes.h"
#include "packet.h"

/* RFC 2131 section 2, figure 1. */
#define OP		0
#define HTYPE		1
#define HLEN		2
#define HOPS		3
#define XID		4
#define FLAGS		10
#define CIADDR		12
#define YIADDR		16
#define GIADDR		24
#define CHADDR		28
#define SNAME		44
#define SNAME_LEN	64
#define BOOT_FILE	108
#define BOOT_FILE_LEN	128
#define COOKIE		236

#define BOOTREQUEST	1
#define BOOTREPLY	2
#define HTYPE_ETHER	1
#define HLEN_ETHER	6
#define HOPS_MAX	16	/* RFC 1542 section 4.1.1 */

/* RFC 2132, RFC 3046 (82). */
#define OPT_PAD		0
#define OPT_MASK	1
#define OPT_ROUTER	3
#define OPT_DNS		6
#define OPT_HOSTNAME	12
#define OPT_DOMAIN	15
#define OPT_BROADCAST	28
#define OPT_WINS	44
#define OPT_REQUESTED	50
#define OPT_LEASE	51
#define OPT_OVERLOAD	52
#define OPT_TYPE	53
#define OPT_SERVER	54
#define OPT_PRL		55
#define OPT_MAX_SIZE	57
#define OPT_T1		58
#define OPT_T2		59
#define OPT_CLIENT_ID	61
#define OPT_RELAY	82
#define OPT_END		255

#define OVERLOAD_FILE	1
#define OVERLOAD_SNAME	2

static const u8 cookie[4] = { 0x63, 0x82, 0x53, 0x63 };

/* An option of fixed length while it is put together (RFC 3396): of another
 * length in the end, it was never there.
 */
struct fixed {
	u16 len;
	u8 data[4];
};

static void fixed_add(struct fixed *opt, const u8 *data, u8 len)
{
	u8 i;

	for (i = 0; i < len; i++) {
		if (opt->len < sizeof(opt->data))
			opt->data[opt->len] = data[i];
		/* Saturates, so that no length comes round to a right one. */
		if (opt->len < 0xff)
			opt->len++;
	}
}

/* Where the options that we know are put together. */
struct reading {
	struct vmnet_dhcp_message *msg;
	struct fixed requested, lease, overload, type, server, max_size;
	bool too_long;
};

/* One that is kept whole or is a reason not to answer. */
static void whole_add(struct reading *r, u8 *to, u8 *to_len,
		      const u8 *data, u8 len)
{
	if (len > 255 - *to_len) {
		r->too_long = true;
		return;
	}
	memcpy(to + *to_len, data, len);
	*to_len += len;
}

/* One that may be cut. */
static void cut_add(u8 *to, u8 *to_len, u8 max, const u8 *data, u8 len)
{
	if (len > max - *to_len)
		len = max - *to_len;
	memcpy(to + *to_len, data, len);
	*to_len += len;
}

static void take_option(struct reading *r, u8 code, const u8 *data, u8 len)
{
	struct vmnet_dhcp_message *msg = r->msg;

	switch (code) {
	case OPT_REQUESTED:
		fixed_add(&r->requested, data, len);
		break;
	case OPT_LEASE:
		fixed_add(&r->lease, data, len);
		break;
	case OPT_OVERLOAD:
		fixed_add(&r->overload, data, len);
		break;
	case OPT_TYPE:
		fixed_add(&r->type, data, len);
		break;
	case OPT_SERVER:
		fixed_add(&r->server, data, len);
		break;
	case OPT_MAX_SIZE:
		fixed_add(&r->max_size, data, len);
		break;
	case OPT_CLIENT_ID:
		whole_add(r, msg->id, &msg->id_len, data, len);
		break;
	case OPT_RELAY:
		whole_add(r, msg->relay, &msg->relay_len, data, len);
		break;
	case OPT_PRL:
		cut_add(msg->prl, &msg->prl_len, sizeof(msg->prl), data, len);
		break;
	case OPT_HOSTNAME:
		cut_add(msg->hostname, &msg->hostname_len,
			sizeof(msg->hostname), data, len);
		break;
	}
}

/* Advances by one octet at least, so it ends. False: an option says that it
 * is longer than what holds it. That the end is not marked is tolerated.
 */
static bool take_options(struct reading *r, const u8 *p, size_t len)
{
	size_t i = 0;
	u8 code, n;

	while (i < len) {
		code = p[i++];
		if (code == OPT_PAD)
			continue;
		if (code == OPT_END)
			break;
		if (i == len)
			return false;
		n = p[i++];
		if (n > len - i)
			return false;
		take_option(r, code, p + i, n);
		i += n;
	}
	return true;
}

/* RFC 2131 section 4.1 names the order. An overload option inside of an
 * overloaded field means nothing.
 */
static bool take_all_options(struct reading *r, const u8 *data, size_t len)
{
	u8 overload;

	if (!take_options(r, data + VMNET_DHCP_FIXED, len - VMNET_DHCP_FIXED))
		return false;
	overload = r->overload.len == 1 ? r->overload.data[0] : 0;
	if (overload & OVERLOAD_FILE &&
	    !take_options(r, data + BOOT_FILE, BOOT_FILE_LEN))
		return false;
	if (overload & OVERLOAD_SNAME &&
	    !take_options(r, data + SNAME, SNAME_LEN))
		return false;
	return !r->too_long;
}

/* Clients on Ethernet only: an address that can be answered to. */
static bool hardware_is_valid(const u8 *data)
{
	static const u8 none[HLEN_ETHER];
	const u8 *chaddr = data + CHADDR;

	return data[HTYPE] == HTYPE_ETHER && data[HLEN] == HLEN_ETHER &&
	       !(chaddr[0] & 1) && memcmp(chaddr, none, HLEN_ETHER);
}

enum vmnet_dhcp_verdict
vmnet_dhcp_parse(const u8 *data, size_t len, struct vmnet_dhcp_message *msg)
{
	struct reading r = { .msg = msg };

	if (len < VMNET_DHCP_FIXED)
		return VMNET_DHCP_MALFORMED;
	if (data[OP] != BOOTREQUEST)
		return VMNET_DHCP_FOREIGN;
	if (!hardware_is_valid(data) || data[HOPS] > HOPS_MAX ||
	    memcmp(data + COOKIE, cookie, sizeof(cookie)))
		return VMNET_DHCP_MALFORMED;

	msg->xid = get_addr(data + XID);
	msg->flags = get16(data + FLAGS);
	msg->ciaddr = get_addr(data + CIADDR);
	msg->giaddr = get_addr(data + GIADDR);
	memcpy(msg->chaddr, data + CHADDR, sizeof(msg->chaddr));
	msg->id_len = 0;
	msg->relay_len = 0;
	msg->prl_len = 0;
	msg->hostname_len = 0;
	if (!take_all_options(&r, data, len))
		return VMNET_DHCP_MALFORMED;

	msg->type = r.type.len == 1 ? r.type.data[0] : VMNET_DHCP_BOOTP;
	msg->has_requested = r.requested.len == 4;
	msg->requested = get_addr(r.requested.data);
	msg->has_server = r.server.len == 4;
	msg->server = get_addr(r.server.data);
	msg->has_lease = r.lease.len == 4;
	msg->lease = get32(r.lease.data);
	msg->max_size = r.max_size.len == 2 ? get16(r.max_size.data) : 0;
	return VMNET_DHCP_OK;
}

size_t vmnet_dhcp_size_limit(const struct vmnet_dhcp_message *msg, u32 mtu)
{
	size_t limit = msg->max_size;

	if (limit > mtu)
		limit = mtu;
	/* What every host must take (RFC 1122 section 3.3.2); less than that
	 * in option 57 or as MTU is no reason to say less.
	 */
	if (limit < VMNET_DHCP_DATAGRAM_MIN)
		limit = VMNET_DHCP_DATAGRAM_MIN;
	return limit - VMNET_DHCP_IP_UDP;
}

/* A stretch that options are written to. */
struct area {
	u8 *start;
	u8 *pos;
	u8 *end;
};

/* A reply while it is written. */
struct writing {
	struct area main;
	struct area file;
	struct area sname;
};

static bool area_put(struct area *area, u8 code, const void *data, u8 len)
{
	if (area->end - area->pos < 2 + len)
		return false;
	*area->pos++ = code;
	*area->pos++ = len;
	memcpy(area->pos, data, len);
	area->pos += len;
	return true;
}

/* Whole or not at all; where the proper place is full, in the fields that
 * option 52 lends.
 */
static bool put(struct writing *w, u8 code, const void *data, u8 len)
{
	return area_put(&w->main, code, data, len) ||
	       area_put(&w->file, code, data, len) ||
	       area_put(&w->sname, code, data, len);
}

static bool put_u32(struct writing *w, u8 code, u32 value)
{
	u8 data[4];

	put32(data, value);
	return put(w, code, data, sizeof(data));
}

static bool put_time(struct writing *w, u8 code, u32 seconds)
{
	return !seconds || put_u32(w, code, seconds);
}

/* What a reply must have, subnet mask first of what else there is: it has to
 * come before the router (RFC 2132 section 3.3).
 */
static bool put_mandatory(struct writing *w,
			  const struct vmnet_dhcp_message *msg,
			  const struct vmnet_dhcp_reply *reply,
			  const struct vmnet_dhcp_options *options)
{
	if (!put(w, OPT_TYPE, &reply->type, 1) ||
	    !put(w, OPT_SERVER, &reply->server, 4))
		return false;
	/* RFC 6842 */
	if (msg->id_len && !put(w, OPT_CLIENT_ID, msg->id, msg->id_len))
		return false;
	if (reply->type == VMNET_DHCP_NAK)
		return true;
	return put_time(w, OPT_LEASE, reply->lease) &&
	       put_time(w, OPT_T1, reply->t1) &&
	       put_time(w, OPT_T2, reply->t2) &&
	       put(w, OPT_MASK, &options->mask, 4);
}

/* One that the client may want; what does not fit is left out. */
static void put_wanted(struct writing *w, u8 code,
		       const struct vmnet_dhcp_options *options)
{
	switch (code) {
	case OPT_ROUTER:
		if (options->router)
			put(w, code, &options->router, 4);
		break;
	case OPT_DNS:
		if (options->dns_count)
			put(w, code, options->dns, options->dns_count * 4);
		break;
	case OPT_DOMAIN:
		if (options->domain_len)
			put(w, code, options->domain, options->domain_len);
		break;
	case OPT_BROADCAST:
		put(w, code, &options->broadcast, 4);
		break;
	case OPT_WINS:
		if (options->wins_count)
			put(w, code, options->wins, options->wins_count * 4);
		break;
	}
}

/* In the client's order; a client that asks for nothing is told everything. */
static void put_all_wanted(struct writing *w,
			   const struct vmnet_dhcp_message *msg,
			   const struct vmnet_dhcp_options *options)
{
	static const u8 everything[] = {
		OPT_ROUTER, OPT_DNS, OPT_DOMAIN, OPT_BROADCAST, OPT_WINS
	};
	const u8 *list = msg->prl_len ? msg->prl : everything;
	u8 len = msg->prl_len ? msg->prl_len : sizeof(everything);
	u8 done[256 / 8] = { 0 };
	u8 i, code;

	for (i = 0; i < len; i++) {
		code = list[i];
		if (done[code / 8] & 1 << code % 8)
			continue;
		done[code / 8] |= 1 << code % 8;
		put_wanted(w, code, options);
	}
}

/* What was lent is said, and each piece has its end. @w->main has room for
 * this, and for the relay's option, which comes last (RFC 3046 section 2.2).
 */
static size_t finish(struct writing *w, u8 *buf, u8 *limit,
		     const struct vmnet_dhcp_message *msg)
{
	u8 overload = 0;

	w->main.end = limit - 1;
	if (w->file.pos > w->file.start) {
		*w->file.pos = OPT_END;
		overload |= OVERLOAD_FILE;
	}
	if (w->sname.pos > w->sname.start) {
		*w->sname.pos = OPT_END;
		overload |= OVERLOAD_SNAME;
	}
	if (overload && !area_put(&w->main, OPT_OVERLOAD, &overload, 1))
		return 0;
	if (msg->relay_len &&
	    !area_put(&w->main, OPT_RELAY, msg->relay, msg->relay_len))
		return 0;
	*w->main.pos++ = OPT_END;
	return w->main.pos - buf;
}

static void put_fixed(u8 *buf, const struct vmnet_dhcp_message *msg,
		      const struct vmnet_dhcp_reply *reply)
{
	u16 flags = msg->flags;

	/* RFC 2131 section 4.3.2: the relay shall broadcast it, for the
	 * client may not have the address that it believes to have.
	 */
	if (reply->type == VMNET_DHCP_NAK && msg->giaddr)
		flags |= VMNET_DHCP_BROADCAST;

	buf[OP] = BOOTREPLY;
	buf[HTYPE] = HTYPE_ETHER;
	buf[HLEN] = HLEN_ETHER;
	put_addr(buf + XID, msg->xid);
	put16(buf + FLAGS, flags);
	put_addr(buf + CIADDR, reply->ciaddr);
	put_addr(buf + YIADDR, reply->yiaddr);
	put_addr(buf + GIADDR, msg->giaddr);
	memcpy(buf + CHADDR, msg->chaddr, sizeof(msg->chaddr));
	memcpy(buf + COOKIE, cookie, sizeof(cookie));
}

size_t vmnet_dhcp_build(u8 *buf, size_t limit,
			const struct vmnet_dhcp_message *msg,
			const struct vmnet_dhcp_reply *reply,
			const struct vmnet_dhcp_options *options)
{
	size_t later = 3 + 1 + (msg->relay_len ? 2 + msg->relay_len : 0);
	struct writing w;
	size_t len;

	if (limit < VMNET_DHCP_PADDED || limit < VMNET_DHCP_FIXED + later)
		return 0;
	/* What is not written below, padding included, is zero. */
	memset(buf, 0, VMNET_DHCP_PADDED);
	put_fixed(buf, msg, reply);

	w.main.start = buf + VMNET_DHCP_FIXED;
	w.main.end = buf + limit - later;
	w.file.start = buf + BOOT_FILE;
	w.file.end = buf + BOOT_FILE + BOOT_FILE_LEN - 1;
	w.sname.start = buf + SNAME;
	w.sname.end = buf + SNAME + SNAME_LEN - 1;
	w.main.pos = w.main.start;
	w.file.pos = w.file.start;
	w.sname.pos = w.sname.start;

	if (!put_mandatory(&w, msg, reply, options))
		return 0;
	if (reply->type != VMNET_DHCP_NAK)
		put_all_wanted(&w, msg, options);
	len = finish(&w, buf, buf + limit, msg);
	if (!len)
		return 0;
	return len < VMNET_DHCP_PADDED ? VMNET_DHCP_PADDED : len;
}
