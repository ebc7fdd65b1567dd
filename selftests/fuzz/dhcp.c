// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the pure files of kmod/dhcp: an IP packet is taken apart, read, and
 * answered in every way, and what was built is read again.
 *
 *	fuzz_dhcp [LIBFUZZER'S OPTIONS] CORPUS...
 *
 * An input is an IP packet, as it stands in a capture. Its last octet, which
 * the packet may leave over as padding, says how it is looked at: 1, the UDP
 * checksum counts; 2, that of the IP header is left as it is, else put right,
 * so that mutations get past it; 4, what the network tells its clients is made
 * of the octets before, from the last to the first, else it is all that a
 * network can tell.
 *
 * What a pure file promises is checked here beside what the sanitizers see: a
 * file that comes to them later adds its promise to answer().
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/dhcp/bytes.h"
#include "../../kmod/dhcp/codes.h"
#include "../../kmod/dhcp/datagram.h"
#include "../../kmod/dhcp/packet.h"
#include "../../kmod/dhcp/relay.h"

#define VERIFY_UDP	1
#define KEEP_IP_SUM	2
#define OWN_SETTINGS	4

#define PROMISE(cond) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "broken: %s (line %d)\n", #cond, __LINE__); \
		abort();						\
	}								\
} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Octets to make things of, the last one first; 0 when none are left. */
struct feed {
	const u8 *data;
	size_t left;
};

static u8 take(struct feed *feed)
{
	return feed->left ? feed->data[--feed->left] : 0;
}

static void take_some(struct feed *feed, void *to, size_t len)
{
	u8 *p = to;

	while (len--)
		*p++ = take(feed);
}

static __be32 mask_of(u8 prefix_len)
{
	u8 octets[4];
	__be32 mask;

	put32(octets, prefix_len ? ~0U << (32 - prefix_len) : 0);
	memcpy(&mask, octets, sizeof(mask));
	return mask;
}

/* Labels of two letters or of many, so that names have ends in common. */
static void take_domain(struct feed *feed, char domain[VMNET_DHCP_NAME_MAX + 1])
{
	unsigned int labels = 1 + take(feed) % 5, pos = 0, len, what;

	while (labels--) {
		what = take(feed);
		len = what & 0x80 ? 1 + what % 63 : 2;
		if (pos + !!pos + len > VMNET_DHCP_NAME_MAX)
			break;
		if (pos)
			domain[pos++] = '.';
		memset(domain + pos, 'a' + what % 3, len);
		pos += len;
	}
	domain[pos] = '\0';
}

/* As option_config.c fills it: a list in its order, each as it was said. */
static void search_list(struct vmnet_dhcp_options *options, struct feed *feed,
			unsigned int count)
{
	char domains[VMNET_DHCP_SEARCH_MAX][VMNET_DHCP_NAME_MAX + 1];
	char domain[VMNET_DHCP_NAME_MAX + 1];
	unsigned int i, n = 0;
	size_t pos = 0, len;

	for (i = 0; i < count; i++) {
		take_domain(feed, domains[n]);
		len = options->search_len;
		if (vmnet_dhcp_search_add(options, domains[n]))
			n++;
		else
			PROMISE(options->search_len == len);
		PROMISE(options->search_len <= sizeof(options->search));
	}
	options->search_count = n;
	for (i = 0; vmnet_dhcp_search_next(options, &pos, domain); i++)
		PROMISE(i < n && !strcmp(domain, domains[i]));
	PROMISE(i == n && pos == options->search_len);
}

static void boot_file(struct vmnet_dhcp_file *file, struct feed *feed, u8 len)
{
	static const char url[] = "http://";

	file->len = len;
	take_some(feed, file->name, len);
	if (len > sizeof(url) && file->name[0] & 1)
		memcpy(file->name, url, sizeof(url) - 1);
}

/* Whether a network may tell it by number: option_config.c refuses the others. */
static bool is_free(const struct vmnet_dhcp_options *options, u8 code)
{
	static const u8 taken[] = {
		OPT_PAD, OPT_MASK, OPT_ROUTER, OPT_DNS, OPT_HOSTNAME,
		OPT_DOMAIN, OPT_MTU, OPT_BROADCAST, OPT_NTP, OPT_WINS,
		OPT_REQUESTED, OPT_LEASE, OPT_OVERLOAD, OPT_TYPE, OPT_SERVER,
		OPT_PRL, OPT_MESSAGE, OPT_MAX_SIZE, OPT_T1, OPT_T2,
		OPT_CLIENT_ID, OPT_TFTP_SERVER, OPT_BOOT_FILE, OPT_USER_CLASS,
		OPT_RAPID_COMMIT, OPT_FQDN, OPT_RELAY, OPT_AUTH, OPT_ARCH,
		OPT_V6ONLY, OPT_AUTO_CONFIGURE, OPT_SUBNET_SELECTION,
		OPT_SEARCH, OPT_ROUTES, OPT_NONCE, OPT_ROUTES_MS, OPT_END,
	};

	return !memchr(taken, code, sizeof(taken)) &&
	       !vmnet_dhcp_raw(options, code);
}

static void raw_option(struct vmnet_dhcp_options *options, struct feed *feed,
		       u8 code, size_t len)
{
	struct vmnet_dhcp_raw *raw = &options->raw[options->raw_count];
	size_t used = options->raw_count ? raw[-1].start + raw[-1].len : 0;

	if (!is_free(options, code) || len > sizeof(options->octets) - used)
		return;
	options->raw_count++;
	raw->code = code;
	raw->start = used;
	raw->len = len;
	take_some(feed, options->octets + used, len);
	PROMISE(vmnet_dhcp_raw(options, code) == raw);
}

/* What the routes take, and that they can be read. */
static void routes(const struct vmnet_dhcp_options *options)
{
	u8 *buf = malloc(VMNET_DHCP_ROUTES_OCTETS);
	size_t len = vmnet_dhcp_routes(options, buf), pos = 0;
	unsigned int count = 0, defaults = 0;

	PROMISE(len <= VMNET_DHCP_ROUTES_OCTETS);
	for (; pos < len; count++) {
		PROMISE(buf[pos] <= 32);
		defaults += !buf[pos];
		pos += 1 + (buf[pos] + 7) / 8 + 4;
	}
	PROMISE(pos == len);
	PROMISE(count - options->routes_count <= 1 && (count || !len));
	PROMISE(!options->router || !count || defaults);
	free(buf);
}

/* The most that a network can tell. */
static const struct vmnet_dhcp_options *everything(void)
{
	static struct vmnet_dhcp_options options;
	struct feed none = {};
	u8 i;

	if (options.dns_count)
		return &options;
	memset(&options.mask, 0xff, sizeof(options.mask));
	memset(&options.broadcast, 0x7f, sizeof(options.broadcast));
	memset(&options.router, 0x0a, sizeof(options.router));
	memset(&options.next_server, 0x09, sizeof(options.next_server));
	memset(options.dns, 0x35, sizeof(options.dns));
	memset(options.wins, 0x2c, sizeof(options.wins));
	memset(options.ntp, 0x2a, sizeof(options.ntp));
	memset(options.domain, 'd', sizeof(options.domain));
	memset(options.tftp_server, 't', sizeof(options.tftp_server));
	options.dns_count = VMNET_SERVERS_MAX;
	options.wins_count = VMNET_SERVERS_MAX;
	options.ntp_count = VMNET_SERVERS_MAX;
	options.domain_len = sizeof(options.domain);
	options.tftp_server_len = sizeof(options.tftp_server);
	options.v6only = ~0U;
	options.mtu = true;
	options.rapid_commit = true;
	options.auto_configure = VMNET_AUTO_CONFIGURE_ON;
	search_list(&options, &none, VMNET_DHCP_SEARCH_MAX);
	boot_file(&options.boot_file, &none, VMNET_DHCP_BOOT_FILE_MAX);
	boot_file(&options.ipxe_file, &none, VMNET_DHCP_BOOT_FILE_MAX);
	for (i = 0; i < VMNET_DHCP_BOOT_ARCH_MAX; i++) {
		options.arch_files[i].arch = i;
		/* From short enough for its field to as long as can be. */
		boot_file(&options.arch_files[i].file, &none, 100 + 22 * i);
	}
	options.arch_count = VMNET_DHCP_BOOT_ARCH_MAX;
	for (i = 0; i < VMNET_DHCP_ROUTES_MAX; i++) {
		options.routes[i].mask = mask_of(32 - i);
		memset(&options.routes[i].router, i, 4);
	}
	options.routes_count = VMNET_DHCP_ROUTES_MAX;
	/* One in pieces, one of nothing. */
	raw_option(&options, &none, 43, 600);
	raw_option(&options, &none, OPT_VENDOR, 20);
	raw_option(&options, &none, OPT_IPXE, 100);
	raw_option(&options, &none, 252, 0);
	routes(&options);
	return &options;
}

/* What this network tells. */
static const struct vmnet_dhcp_options *settings(struct feed *feed)
{
	static struct vmnet_dhcp_options options;
	struct vmnet_dhcp_route *route;
	u8 i, n;

	memset(&options, 0, sizeof(options));
	options.mask = mask_of(take(feed) % 33);
	options.dns_count = take(feed) % (VMNET_SERVERS_MAX + 1);
	options.wins_count = take(feed) % (VMNET_SERVERS_MAX + 1);
	options.ntp_count = take(feed) % (VMNET_SERVERS_MAX + 1);
	options.domain_len = take(feed) % (VMNET_DHCP_NAME_MAX + 1);
	options.tftp_server_len = take(feed) % (VMNET_DHCP_NAME_MAX + 1);
	memset(options.tftp_server, 't', options.tftp_server_len);
	options.mtu = take(feed) & 1;
	options.v6only = take(feed);
	take_some(feed, &options.router, 4);
	take_some(feed, &options.next_server, 4);
	search_list(&options, feed, take(feed) % (VMNET_DHCP_SEARCH_MAX + 1));
	boot_file(&options.boot_file, feed, take(feed));
	boot_file(&options.ipxe_file, feed, take(feed));
	options.arch_count = take(feed) % (VMNET_DHCP_BOOT_ARCH_MAX + 1);
	for (i = 0; i < options.arch_count; i++) {
		options.arch_files[i].arch = take(feed) % 32;
		boot_file(&options.arch_files[i].file, feed, take(feed));
	}
	options.routes_count = take(feed) % (VMNET_DHCP_ROUTES_MAX + 1);
	for (i = 0; i < options.routes_count; i++) {
		route = &options.routes[i];
		route->mask = mask_of(take(feed) % 33);
		take_some(feed, &route->destination, 4);
		route->destination &= route->mask;
		take_some(feed, &route->router, 4);
	}
	n = take(feed) % (VMNET_DHCP_OPTIONS_MAX + 1);
	for (i = 0; i < n; i++)
		raw_option(&options, feed, take(feed), 3 * take(feed));
	routes(&options);
	return &options;
}

/* One that exchange.c could make; with the most in it if nothing is left to
 * make it of.
 */
static struct vmnet_dhcp_reply reply_of(u8 type, struct feed *feed)
{
	struct vmnet_dhcp_reply reply = { .type = type, .mtu = 1500 };
	bool is_full = !feed->left;
	u8 what = is_full ? 0xff : take(feed);

	memset(&reply.server, 0x0b, sizeof(reply.server));
	if (what & 1)
		memset(&reply.subnet, 0x0e, sizeof(reply.subnet));
	if (type == VMNET_DHCP_NAK)
		return reply;
	/* An offer of nothing; an ACK to one that has an address. */
	if (!(what & 2)) {
		if (type == VMNET_DHCP_OFFER)
			reply.auto_configure = VMNET_AUTO_CONFIGURE_OFF;
		return reply;
	}
	memset(&reply.yiaddr, 0x0c, sizeof(reply.yiaddr));
	reply.lease = 3600;
	reply.t1 = 1800;
	reply.t2 = 3150;
	reply.rapid_commit = type == VMNET_DHCP_ACK && what & 4;
	reply.hostname_len = is_full ? VMNET_DHCP_HOSTNAME_MAX :
				       take(feed) % (VMNET_DHCP_HOSTNAME_MAX + 1);
	memset(reply.hostname, 'h', reply.hostname_len);
	return reply;
}

/* One octet behind the end is the sanitizer's. */
static u8 *copy_of(const u8 *data, size_t len)
{
	u8 *copy = malloc(len ?: 1);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

/* The relay's option is the last but for the end (RFC 3046 section 2.2). */
static void relay_is_last(const u8 *built, size_t len,
			  const struct vmnet_dhcp_message *msg)
{
	size_t pos = VMNET_DHCP_FIXED;
	u8 last = OPT_PAD;

	while (pos < len && built[pos] != OPT_END) {
		last = built[pos];
		pos += 2 + built[pos + 1];
	}
	PROMISE(pos < len);
	PROMISE((last == OPT_RELAY) == !!msg->relay_len);
}

/* A reply is a message in all but its first octet, so it can be read back. */
static void read_back(const u8 *built, size_t len,
		      const struct vmnet_dhcp_message *msg,
		      const struct vmnet_dhcp_reply *reply)
{
	bool is_bootp = reply->type == VMNET_DHCP_BOOTP;
	static struct vmnet_dhcp_message again;
	u8 *copy = copy_of(built, len);

	PROMISE(copy[0] == 2);
	copy[0] = 1;
	PROMISE(vmnet_dhcp_parse(copy, len, &again) == VMNET_DHCP_OK);
	PROMISE(again.type == reply->type);
	PROMISE(again.xid == msg->xid);
	PROMISE(again.giaddr == msg->giaddr);
	PROMISE(!memcmp(again.chaddr, msg->chaddr, sizeof(msg->chaddr)));
	PROMISE(again.has_server == !is_bootp);
	if (is_bootp)
		PROMISE(!again.id_len);
	else
		PROMISE(again.id_len == msg->id_len &&
			!memcmp(again.id, msg->id, msg->id_len));
	PROMISE(again.relay_len == msg->relay_len &&
		!memcmp(again.relay, msg->relay, msg->relay_len));
	PROMISE(again.has_lease == (!is_bootp && reply->lease));
	PROMISE(again.has_subnet == (!is_bootp && reply->subnet));
	PROMISE(again.has_rapid_commit == (!is_bootp && reply->rapid_commit));
	PROMISE(again.has_auto_configure == !!reply->auto_configure);
	PROMISE(!again.hostname_len ||
		(again.hostname_len == reply->hostname_len &&
		 !memcmp(again.hostname, reply->hostname, again.hostname_len)));
	/* Theirs, not ours to say. */
	PROMISE(!again.has_requested && !again.prl_len && !again.max_size &&
		!again.arch_count);
	relay_is_last(built, len, msg);
	free(copy);
}

/* Around a message that was built: it must be a packet that we would take. */
static void wrap(const u8 *built, size_t len)
{
	struct vmnet_dhcp_envelope env = { .dport = VMNET_DHCP_SERVER_PORT };
	u8 *frame = malloc(VMNET_DHCP_HEADERS + len);
	struct vmnet_dhcp_datagram dg;

	memset(&env.dst, 0x0d, sizeof(env.dst));
	memset(&env.src, 0x0e, sizeof(env.src));
	memcpy(frame + VMNET_DHCP_HEADERS, built, len);
	vmnet_dhcp_wrap(frame, len, &env);
	PROMISE(vmnet_dhcp_unwrap(frame + 14, VMNET_DHCP_IP_UDP + len, true,
				  &dg) == VMNET_DHCP_OK);
	PROMISE(dg.len == len && !memcmp(dg.payload, built, len));
	PROMISE(dg.src == env.src && dg.dst == env.dst);
	free(frame);
}

/* Nothing is read where the relay has written nothing. */
static __be32 relay_address(const struct vmnet_dhcp_message *msg, u8 code)
{
	__be32 found = vmnet_dhcp_relay_address(msg, code);

	PROMISE(!found ||
		memmem(msg->relay, msg->relay_len, &found, sizeof(found)));
	return found;
}

static void links(const struct vmnet_dhcp_message *msg)
{
	__be32 link = vmnet_dhcp_link(msg);
	unsigned int i;

	for (i = 0; i < msg->relay_len; i++)
		relay_address(msg, msg->relay[i]);
	relay_address(msg, VMNET_DHCP_RELAY_SERVER);
	PROMISE(link == msg->giaddr ||
		link == relay_address(msg, VMNET_DHCP_RELAY_LINK) ||
		(msg->has_subnet && link == msg->subnet));
}

static void answer(const struct vmnet_dhcp_message *msg, u32 mtu,
		   const struct vmnet_dhcp_options *options, struct feed *feed)
{
	static const u8 types[] = {
		VMNET_DHCP_OFFER, VMNET_DHCP_ACK, VMNET_DHCP_NAK,
		VMNET_DHCP_BOOTP,
	};
	size_t limit = vmnet_dhcp_size_limit(msg, mtu), len;
	struct vmnet_dhcp_reply reply;
	unsigned int i;
	u8 *buf;

	PROMISE(limit >= VMNET_DHCP_PADDED);
	PROMISE(limit <= (mtu > VMNET_DHCP_DATAGRAM_MIN ? mtu :
			  VMNET_DHCP_DATAGRAM_MIN) - VMNET_DHCP_IP_UDP);
	for (i = 0; i < sizeof(types); i++) {
		reply = reply_of(types[i], feed);
		buf = malloc(limit);
		len = vmnet_dhcp_build(buf, limit, msg, &reply, options);
		PROMISE(len <= limit);
		/* Only what has to be repeated can be too long. */
		PROMISE(len >= VMNET_DHCP_PADDED ||
			(!len && msg->id_len + msg->relay_len > 128));
		if (len) {
			read_back(buf, len, msg, &reply);
			wrap(buf, len);
		}
		free(buf);
	}
}

static void look_at(const u8 *payload, size_t len, const struct feed *feed)
{
	static struct vmnet_dhcp_message msg;
	const struct vmnet_dhcp_options *options;
	u8 *copy = copy_of(payload, len);
	struct feed rest = *feed;

	/* What is not filled must not be read: nothing is zero by luck. */
	memset(&msg, 0xa5, sizeof(msg));
	if (vmnet_dhcp_parse(copy, len, &msg) == VMNET_DHCP_OK) {
		links(&msg);
		options = rest.left ? settings(&rest) : everything();
		answer(&msg, 1500, options, &rest);
		answer(&msg, 68, options, &rest);
	}
	free(copy);
}

static void fix_ip_sum(u8 *ip, size_t len)
{
	size_t ihl = (ip[0] & 0xf) * 4, i;
	u32 sum = 0;

	if (ihl < 20 || len < ihl)
		return;
	put16(ip + 10, 0);
	for (i = 0; i < ihl; i += 2)
		sum += get16(ip + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmnet_dhcp_datagram dg;
	struct feed feed = { data, 0 };
	bool is_taken;
	u8 flags, *ip;

	if (!size)
		return 0;
	flags = data[size - 1];
	if (flags & OWN_SETTINGS)
		feed.left = size - 1;
	ip = copy_of(data, size);
	if (!(flags & KEEP_IP_SUM) && size >= 20)
		fix_ip_sum(ip, size);
	is_taken = vmnet_dhcp_unwrap(ip, size, flags & VERIFY_UDP, &dg) ==
		   VMNET_DHCP_OK;
	if (is_taken) {
		PROMISE(dg.payload >= ip + VMNET_DHCP_IP_UDP);
		PROMISE(dg.payload + dg.len <= ip + size);
		look_at(dg.payload, dg.len, &feed);
	}
	free(ip);
	/* Else as if the headers were right, whatever they are. */
	if (!is_taken && size > VMNET_DHCP_IP_UDP)
		look_at(data + VMNET_DHCP_IP_UDP, size - VMNET_DHCP_IP_UDP,
			&feed);
	return 0;
}
