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
#include "codes.h"
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
#define SIADDR		20
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

#define OPTION_MAX	255

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
	u16 n = opt->len;
	u8 i;

	for (i = 0; i < len; i++) {
		if (n < sizeof(opt->data))
			opt->data[n] = data[i];
		/* Saturates, so that no length comes round to a right one. */
		if (n < 0xff)
			n++;
	}
	opt->len = n;
}

/* What UEFI's HTTP boot begins its class with, and iPXE's, wherever it is. */
static const char http_class[] = "HTTPClient";
static const char ipxe_class[] = "iPXE";

/* How much of a word was seen so far, octet by octet. */
struct match {
	u8 seen;
	u8 pos;		/* saturates */
};

/* Where the options that we know are put together. */
struct reading {
	struct vmnet_dhcp_message *msg;
	struct fixed requested, lease, overload, type, server, max_size;
	struct fixed auto_configure, rapid_commit;
	struct match http, ipxe;
	bool has_rapid_commit;
	u8 arch_len;
	u8 arch[2 * VMNET_DHCP_ARCHS];
	struct fixed subnet;
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

/* The word at the beginning. */
static void prefix_add(struct match *m, const char *word, u8 word_len,
		       const u8 *data, u8 len)
{
	u8 i;

	for (i = 0; i < len && m->pos < word_len; i++, m->pos++)
		if (data[i] == word[m->pos])
			m->seen++;
}

/* The word anywhere. Its first letter is not in it again, so what does not go
 * on with it begins it anew or not at all.
 */
static void word_add(struct match *m, const char *word, u8 word_len,
		     const u8 *data, u8 len)
{
	u8 i;

	for (i = 0; i < len && m->seen < word_len; i++) {
		if (data[i] == word[m->seen])
			m->seen++;
		else
			m->seen = data[i] == word[0];
	}
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
	case OPT_SUBNET_SELECTION:
		fixed_add(&r->subnet, data, len);
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
	case OPT_VENDOR:
		prefix_add(&r->http, http_class, sizeof(http_class) - 1,
			   data, len);
		break;
	case OPT_USER_CLASS:
		word_add(&r->ipxe, ipxe_class, sizeof(ipxe_class) - 1,
			 data, len);
		break;
	case OPT_RAPID_COMMIT:
		r->has_rapid_commit = true;
		fixed_add(&r->rapid_commit, data, len);
		break;
	case OPT_ARCH:
		cut_add(r->arch, &r->arch_len, sizeof(r->arch), data, len);
		break;
	case OPT_AUTO_CONFIGURE:
		fixed_add(&r->auto_configure, data, len);
		break;
	case OPT_IPXE:
		msg->is_ipxe = true;
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

/* What is known of the machine and what it can do. */
static void take_kind(const struct reading *r)
{
	struct vmnet_dhcp_message *msg = r->msg;
	u8 i;

	if (r->ipxe.seen == sizeof(ipxe_class) - 1)
		msg->is_ipxe = true;
	msg->is_http = r->http.seen == sizeof(http_class) - 1;
	msg->has_rapid_commit = r->has_rapid_commit && !r->rapid_commit.len;
	msg->has_auto_configure = r->auto_configure.len == 1;
	/* Half an architecture is none. */
	msg->arch_count = r->arch_len / 2;
	for (i = 0; i < msg->arch_count; i++)
		msg->arch[i] = get16(r->arch + 2 * i);
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
	msg->is_ipxe = false;
	if (!take_all_options(&r, data, len))
		return VMNET_DHCP_MALFORMED;

	msg->type = r.type.len == 1 ? r.type.data[0] : VMNET_DHCP_BOOTP;
	msg->has_requested = r.requested.len == 4;
	msg->requested = get_addr(r.requested.data);
	msg->has_server = r.server.len == 4;
	msg->server = get_addr(r.server.data);
	msg->has_lease = r.lease.len == 4;
	msg->lease = get32(r.lease.data);
	msg->has_subnet = r.subnet.len == 4;
	msg->subnet = get_addr(r.subnet.data);
	msg->max_size = r.max_size.len == 2 ? get16(r.max_size.data) : 0;
	take_kind(&r);
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

static __always_inline bool area_put(struct area *area, u8 code,
				     const void *data, u8 len)
{
	u8 *p = area->pos;

	if (area->end - p < 2 + len)
		return false;
	p[0] = code;
	p[1] = len;
	memcpy(p + 2, data, len);
	area->pos = p + 2 + len;
	return true;
}

/* Where the proper place is full: in the fields that option 52 lends. */
static bool put_lent(struct writing *w, u8 code, const void *data, u8 len)
{
	return area_put(&w->file, code, data, len) ||
	       area_put(&w->sname, code, data, len);
}

/* Whole or not at all. Inline, for most have a length that is known here: two
 * stores instead of two calls and a copy.
 */
static __always_inline bool put(struct writing *w, u8 code, const void *data,
				u8 len)
{
	return area_put(&w->main, code, data, len) ||
	       put_lent(w, code, data, len);
}

/* What is longer than an option can be: in pieces, one behind the other (RFC
 * 3396), where all of them fit.
 */
static bool put_long(struct writing *w, u8 code, const u8 *data, size_t len)
{
	size_t pieces = (len + OPTION_MAX - 1) / OPTION_MAX;
	size_t n;

	if (len <= OPTION_MAX)
		return put(w, code, data, len);
	if ((size_t)(w->main.end - w->main.pos) < len + 2 * pieces)
		return false;
	for (; len; data += n, len -= n) {
		n = len < OPTION_MAX ? len : OPTION_MAX;
		area_put(&w->main, code, data, n);
	}
	return true;
}

static __always_inline bool put_u32(struct writing *w, u8 code, u32 value)
{
	u8 data[4];

	put32(data, value);
	return put(w, code, data, sizeof(data));
}

static bool put_u16(struct writing *w, u8 code, u16 value)
{
	u8 data[2];

	put16(data, value);
	return put(w, code, data, sizeof(data));
}

static __always_inline bool put_time(struct writing *w, u8 code, u32 seconds)
{
	return !seconds || put_u32(w, code, seconds);
}

/* One that gives the client no address, and nothing that goes with one. */
static bool is_bare(const struct vmnet_dhcp_reply *reply)
{
	return reply->type == VMNET_DHCP_NAK ||
	       (reply->type == VMNET_DHCP_OFFER && !reply->yiaddr);
}

/* RFC 2563: there is no address, and the client shall (not) choose one. */
static bool put_auto_configure(struct writing *w,
			       const struct vmnet_dhcp_reply *reply)
{
	u8 value = reply->auto_configure == VMNET_AUTO_CONFIGURE_ON;

	return reply->auto_configure == VMNET_AUTO_CONFIGURE_NONE ||
	       put(w, OPT_AUTO_CONFIGURE, &value, 1);
}

/* What a reply must have, subnet mask first of what else there is: it has to
 * come before the router (RFC 2132 section 3.3).
 */
static bool put_mandatory(struct writing *w,
			  const struct vmnet_dhcp_message *msg,
			  const struct vmnet_dhcp_reply *reply,
			  const struct vmnet_dhcp_options *options)
{
	/* RFC 1534 section 2 */
	if (reply->type == VMNET_DHCP_BOOTP)
		return put(w, OPT_MASK, &options->mask, 4);
	if (!put(w, OPT_TYPE, &reply->type, 1) ||
	    !put(w, OPT_SERVER, &reply->server, 4))
		return false;
	/* RFC 6842 */
	if (msg->id_len && !put(w, OPT_CLIENT_ID, msg->id, msg->id_len))
		return false;
	if (reply->rapid_commit && !put(w, OPT_RAPID_COMMIT, "", 0))
		return false;
	if (reply->subnet && !put(w, OPT_SUBNET_SELECTION, &reply->subnet, 4))
		return false;
	if (is_bare(reply))
		return put_auto_configure(w, reply);
	return put_time(w, OPT_LEASE, reply->lease) &&
	       put_time(w, OPT_T1, reply->t1) &&
	       put_time(w, OPT_T2, reply->t2) &&
	       put(w, OPT_MASK, &options->mask, 4);
}

static __always_inline void put_address(struct writing *w, u8 code,
					__be32 address)
{
	if (address)
		put(w, code, &address, 4);
}

/* Lists and names; of no length they are not told. */
static void put_some(struct writing *w, u8 code, const void *data, size_t len)
{
	if (len)
		put_long(w, code, data, len);
}

static void put_routes(struct writing *w, u8 code,
		       const struct vmnet_dhcp_options *options)
{
	u8 routes[VMNET_DHCP_ROUTES_OCTETS];

	put_some(w, code, routes, vmnet_dhcp_routes(options, routes));
}

static void put_raw(struct writing *w, u8 code,
		    const struct vmnet_dhcp_options *options)
{
	const struct vmnet_dhcp_raw *raw = NULL;

	/* Some are there or not and hold nothing. */
	if (options->raw_count)
		raw = vmnet_dhcp_raw(options, code);
	if (raw)
		put_long(w, code, options->octets + raw->start, raw->len);
}

/* A machine that boots by HTTP takes a URL only from a server that calls itself
 * the same; to a PXE ROM the word would promise menus and a boot server.
 */
static void put_vendor(struct writing *w, const struct vmnet_dhcp_message *msg,
		       const struct vmnet_dhcp_options *options)
{
	if (msg->is_http &&
	    vmnet_dhcp_is_url(vmnet_dhcp_boot_file(options, msg)))
		put(w, OPT_VENDOR, http_class, sizeof(http_class) - 1);
	else
		put_raw(w, OPT_VENDOR, options);
}

/* One that the client may want; what does not fit is left out. */
static void put_wanted(struct writing *w, u8 code,
		       const struct vmnet_dhcp_message *msg,
		       const struct vmnet_dhcp_reply *reply,
		       const struct vmnet_dhcp_options *options)
{
	const struct vmnet_dhcp_file *file;

	switch (code) {
	case OPT_ROUTER:
		put_address(w, code, options->router);
		break;
	case OPT_DNS:
		put_some(w, code, options->dns, options->dns_count * 4);
		break;
	case OPT_HOSTNAME:
		put_some(w, code, reply->hostname, reply->hostname_len);
		break;
	case OPT_DOMAIN:
		put_some(w, code, options->domain, options->domain_len);
		break;
	case OPT_MTU:
		if (reply->mtu)
			put_u16(w, code, reply->mtu);
		break;
	case OPT_BROADCAST:
		put_address(w, code, options->broadcast);
		break;
	case OPT_NTP:
		put_some(w, code, options->ntp, options->ntp_count * 4);
		break;
	case OPT_WINS:
		put_some(w, code, options->wins, options->wins_count * 4);
		break;
	case OPT_VENDOR:
		put_vendor(w, msg, options);
		break;
	case OPT_TFTP_SERVER:
		put_some(w, code, options->tftp_server,
			 options->tftp_server_len);
		break;
	case OPT_BOOT_FILE:
		file = vmnet_dhcp_boot_file(options, msg);
		put_some(w, code, file->name, file->len);
		break;
	case OPT_V6ONLY:
		put_time(w, code, options->v6only);
		break;
	case OPT_SEARCH:
		put_some(w, code, options->search, options->search_len);
		break;
	case OPT_ROUTES:
	case OPT_ROUTES_MS:
		put_routes(w, code, options);
		break;
	default:
		put_raw(w, code, options);
		break;
	}
}

/* What a client that asks for nothing is told: what old ones understand. */
static const u8 everything[] = {
	OPT_ROUTER, OPT_DNS, OPT_HOSTNAME, OPT_DOMAIN, OPT_MTU, OPT_BROADCAST,
	OPT_NTP, OPT_WINS, OPT_TFTP_SERVER, OPT_BOOT_FILE, OPT_SEARCH,
};

static bool once(u64 *done, u8 code)
{
	u64 bit = 1ULL << code % 64;

	if (done[code / 64] & bit)
		return false;
	done[code / 64] |= bit;
	return true;
}

/* In the client's order, and if it has none, with all that the administrator has
 * added.
 */
static void put_all_wanted(struct writing *w,
			   const struct vmnet_dhcp_message *msg,
			   const struct vmnet_dhcp_reply *reply,
			   const struct vmnet_dhcp_options *options)
{
	const u8 *list = msg->prl_len ? msg->prl : everything;
	u8 len = msg->prl_len ? msg->prl_len : sizeof(everything);
	u8 raws = msg->prl_len ? 0 : options->raw_count;
	u64 done[256 / 64] = { 0 };
	unsigned int i;
	u8 code;

	/* Without it all the rest is of no use to such a machine. */
	if (msg->is_http && once(done, OPT_VENDOR))
		put_vendor(w, msg, options);
	for (i = 0; i < len + raws; i++) {
		code = i < len ? list[i] : options->raw[i - len].code;
		if (once(done, code))
			put_wanted(w, code, msg, reply, options);
	}
}

/* What machines that boot look for first, in the fields that BOOTP has for it.
 * The end of each is marked, so a name of all octets does not fit.
 */
static void put_boot(u8 *buf, const struct vmnet_dhcp_message *msg,
		     const struct vmnet_dhcp_options *options)
{
	const struct vmnet_dhcp_file *file = vmnet_dhcp_boot_file(options, msg);

	put_addr(buf + SIADDR, options->next_server);
	if (options->tftp_server_len < SNAME_LEN)
		memcpy(buf + SNAME, options->tftp_server,
		       options->tftp_server_len);
	if (file->len < BOOT_FILE_LEN)
		memcpy(buf + BOOT_FILE, file->name, file->len);
}

/* A field that is not in use may be lent to options, but for the octet of their
 * end.
 */
static void lend(struct area *area, u8 *field, size_t len)
{
	area->start = field;
	area->pos = field;
	area->end = *field ? field : field + len - 1;
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
	if (!is_bare(reply))
		put_boot(buf, msg, options);

	w.main.start = buf + VMNET_DHCP_FIXED;
	w.main.end = buf + limit - later;
	w.main.pos = w.main.start;
	lend(&w.file, buf + BOOT_FILE, BOOT_FILE_LEN);
	lend(&w.sname, buf + SNAME, SNAME_LEN);

	if (!put_mandatory(&w, msg, reply, options))
		return 0;
	if (!is_bare(reply))
		put_all_wanted(&w, msg, reply, options);
	len = finish(&w, buf, buf + limit, msg);
	if (!len)
		return 0;
	return len < VMNET_DHCP_PADDED ? VMNET_DHCP_PADDED : len;
}
