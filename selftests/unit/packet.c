// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of kmod/dhcp/packet.c, option.c, relay.c and datagram.c, the same files that
 * are in the module. Each claim is named after its row of Documentation/dhcp.rst.
 *
 * Every input is copied to the end of a heap block of its own, so that the
 * address sanitizer sees one octet read too many.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/dhcp/datagram.h"
#include "../../kmod/dhcp/packet.h"
#include "../../kmod/dhcp/relay.h"

static int tests, failed;
static bool good;
static const char *why;

#define CHECK(cond) do {						\
	if (!(cond) && good) {						\
		good = false;						\
		why = #cond;						\
	}								\
} while (0)

static void begin(void)
{
	good = true;
	why = "";
}

static void end(const char *name)
{
	tests++;
	if (good) {
		printf("ok %d %s\n", tests, name);
		return;
	}
	failed++;
	printf("not ok %d %s\n# failed: %s\n", tests, name, why);
}

/* --- messages as bytes ------------------------------------------------------ */

struct bytes {
	u8 data[2048];
	size_t len;
};

static void add(struct bytes *b, const void *data, size_t len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

#define ADD(b, ...) add((b), (const u8[]){ __VA_ARGS__ }, \
			sizeof((const u8[]){ __VA_ARGS__ }))

/* A BOOTREQUEST without options. */
static void fixed(struct bytes *b)
{
	static const u8 head[] = {
		1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef, 0, 3, 0x80, 0,
		10, 77, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0,
		0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee,
	};

	memset(b, 0, sizeof(*b));
	memcpy(b->data, head, sizeof(head));
	memcpy(b->data + 236, "\x63\x82\x53\x63", 4);
	b->len = 240;
}

static void discover(struct bytes *b)
{
	fixed(b);
	ADD(b, 53, 1, 1);
}

static enum vmnet_dhcp_verdict parse(const struct bytes *b,
				     struct vmnet_dhcp_message *msg)
{
	enum vmnet_dhcp_verdict verdict;
	/* One more in front: nothing may count on alignment. */
	u8 *block = malloc(b->len + 1);

	memset(msg, 0x5a, sizeof(*msg));
	memcpy(block + 1, b->data, b->len);
	verdict = vmnet_dhcp_parse(block + 1, b->len, msg);
	free(block);
	return verdict;
}

static void ip_sum(u8 *ip)
{
	u32 sum = 0;
	int i, len = (ip[0] & 15) * 4;

	ip[10] = 0;
	ip[11] = 0;
	for (i = 0; i < len; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	ip[10] = ~sum >> 8;
	ip[11] = ~sum;
}

/* Our own, octet by octet, beside the one that is tested. */
static u16 udp_sum_of(const u8 *ip)
{
	const u8 *udp = ip + (ip[0] & 15) * 4;
	int i, len = udp[4] << 8 | udp[5];
	u32 sum = 17 + len;

	for (i = 12; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	for (i = 0; i < len; i++)
		sum += i & 1 ? udp[i] : udp[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void udp_fill(u8 *ip)
{
	u8 *udp = ip + (ip[0] & 15) * 4;
	u16 sum;

	udp[6] = 0;
	udp[7] = 0;
	sum = udp_sum_of(ip);
	udp[6] = sum >> 8;
	udp[7] = sum;
}

/* The message in IP (with @words words of IP options) and UDP. */
static void packet(struct bytes *p, const struct bytes *b, int words)
{
	int ihl = 20 + words * 4;
	int total = ihl + 8 + b->len;
	u8 *udp = p->data + ihl;

	memset(p, 0, sizeof(*p));
	p->data[0] = 0x40 | ihl / 4;
	p->data[2] = total >> 8;
	p->data[3] = total;
	p->data[8] = 64;
	p->data[9] = 17;
	memset(p->data + 16, 255, 4);
	memset(p->data + 20, 1, words * 4);	/* "no operation" */
	udp[1] = 68;
	udp[3] = 67;
	udp[4] = (8 + b->len) >> 8;
	udp[5] = 8 + b->len;
	memcpy(udp + 8, b->data, b->len);
	p->len = total;
	ip_sum(p->data);
	udp_fill(p->data);
}

static enum vmnet_dhcp_verdict unwrap(const struct bytes *p, bool verify,
				      struct vmnet_dhcp_datagram *out)
{
	enum vmnet_dhcp_verdict verdict;
	u8 *block = malloc(p->len + 1);

	memcpy(block + 1, p->data, p->len);
	verdict = vmnet_dhcp_unwrap(block + 1, p->len, verify, out);
	free(block);
	return verdict;
}

/* --- A: what is accepted ------------------------------------------------------ */

static void test_datagrams(void)
{
	struct vmnet_dhcp_datagram dg;
	struct bytes b, p;

	discover(&b);

	begin();
	packet(&p, &b, 0);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_OK);
	CHECK(dg.len == b.len && dg.dst == htonl(0xffffffff) && !dg.src);
	p.data[20] = 0x30;	/* source port 12356 */
	udp_fill(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_OK);
	end("A1: UDP to port 67, from any port");

	begin();
	packet(&p, &b, 10);
	p.data[1] = 0xfc;
	p.data[6] = 0x40;	/* don't fragment */
	p.data[8] = 1;
	ip_sum(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_OK && dg.len == b.len);
	end("A2: IP options, any TOS, TTL 1, DF");

	begin();
	packet(&p, &b, 0);
	p.data[26] = 0;
	p.data[27] = 0;
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_OK);
	packet(&p, &b, 0);
	p.data[100] ^= 1;
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	packet(&p, &b, 0);
	p.data[10] ^= 1;
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	end("A3: no UDP checksum is accepted, a wrong one is not");

	begin();
	packet(&p, &b, 0);
	p.data[26] ^= 0x55;
	CHECK(unwrap(&p, false, &dg) == VMNET_DHCP_OK);
	end("A4: a checksum left to hardware is not looked at");

	begin();
	packet(&p, &b, 0);
	p.len += 60;		/* the frame's padding */
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_OK && dg.len == b.len);
	packet(&p, &b, 0);
	p.data[3]++;		/* more than there is */
	ip_sum(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	packet(&p, &b, 0);
	p.data[25]++;		/* beyond the IP packet */
	udp_fill(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	packet(&p, &b, 0);
	p.data[24] = 0;
	p.data[25] = 8 + 239;
	udp_fill(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	p.data[25] = 7;
	CHECK(unwrap(&p, false, &dg) == VMNET_DHCP_MALFORMED);
	packet(&p, &b, 0);
	p.data[2] = 0;
	p.data[3] = 27;
	ip_sum(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_MALFORMED);
	end("A5: the headers' lengths bound the message, and are bounded");

	begin();
	packet(&p, &b, 0);
	p.data[6] = 0x20;	/* more fragments */
	ip_sum(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_FOREIGN);
	p.data[6] = 0;
	p.data[7] = 1;
	ip_sum(p.data);
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_FOREIGN);
	end("A6: no fragment is parsed, the first one neither");

	begin();
	for (p.len = 0; p.len < 28; p.len++)
		CHECK(unwrap(&p, true, &dg) != VMNET_DHCP_OK);
	packet(&p, &b, 0);
	p.data[0] = 0x44;	/* a header of 16 octets */
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_FOREIGN);
	packet(&p, &b, 0);
	p.data[9] = 6;
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_FOREIGN);
	packet(&p, &b, 0);
	p.data[23] = 68;
	CHECK(unwrap(&p, true, &dg) == VMNET_DHCP_FOREIGN);
	end("what is no UDP to port 67 goes its way");
}

static void test_fixed_part(void)
{
	struct vmnet_dhcp_message msg;
	struct bytes b;

	begin();
	discover(&b);
	CHECK(b.len == 243 && parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_DISCOVER && msg.flags == 0x8000);
	CHECK(msg.xid == htonl(0xdeadbeef) && msg.ciaddr == htonl(0x0a4d0009));
	CHECK(!memcmp(msg.chaddr, "\x02\xaa\xbb\xcc\xdd\xee\0\0\0", 9));
	CHECK(!msg.giaddr && !msg.id_len && !msg.prl_len && !msg.relay_len);
	CHECK(!msg.has_requested && !msg.has_server && !msg.has_lease);
	end("A7: a request of less than 300 octets");

	begin();
	discover(&b);
	for (b.len = 0; b.len < 240; b.len++)
		CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("A5: a message shorter than its fixed part");

	begin();
	discover(&b);
	b.data[0] = 2;
	CHECK(parse(&b, &msg) == VMNET_DHCP_FOREIGN);
	b.data[0] = 0;
	CHECK(parse(&b, &msg) == VMNET_DHCP_FOREIGN);
	end("A8: op must be 1");

	begin();
	discover(&b);
	b.data[239] = 0x64;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("A9: the magic cookie must be there");

	begin();
	discover(&b);
	b.data[1] = 6;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	b.data[1] = 1;
	b.data[2] = 16;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	b.data[2] = 255;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	b.data[2] = 0;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("A10: hardware type 1 with 6 octets only");

	begin();
	discover(&b);
	b.data[3] = 16;
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	b.data[3] = 17;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("A11: more than 16 hops");

	begin();
	discover(&b);
	b.data[28] |= 1;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	memset(b.data + 28, 0xff, 6);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	memset(b.data + 28, 0, 6);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("A12: chaddr multicast, broadcast or zero");
}

/* --- B: options ------------------------------------------------------------------ */

static void test_options(void)
{
	struct vmnet_dhcp_message msg;
	struct bytes b;
	int i;

	begin();
	fixed(&b);
	ADD(&b, 0, 0, 53, 1, 3, 0, 50, 4, 10, 77, 0, 5, 255, 53, 1, 1, 99, 200);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_REQUEST);
	CHECK(msg.has_requested && msg.requested == htonl(0x0a4d0005));
	discover(&b);
	ADD(&b, 61, 5, 1, 2);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	discover(&b);
	ADD(&b, 61);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	discover(&b);
	ADD(&b, 200, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	discover(&b);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	end("B1: pad, end, an option beyond the end, no end");

	begin();
	fixed(&b);
	ADD(&b, 50, 4, 10, 77, 0, 5, 55, 2, 1, 3, 53, 1, 3, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_REQUEST && msg.has_requested);
	end("B2: any order");

	begin();
	fixed(&b);
	ADD(&b, 53, 2, 1, 1, 50, 3, 10, 77, 0, 51, 5, 0, 0, 0, 9, 9,
	    54, 0, 57, 1, 5, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_BOOTP && !msg.has_requested);
	CHECK(!msg.has_lease && !msg.has_server && !msg.max_size);
	/* A length that has come round to the right one. */
	fixed(&b);
	for (i = 0; i < 260; i++)
		ADD(&b, 50, 1, 10);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.has_requested);
	end("B3: a fixed option of another length is not there");

	begin();
	fixed(&b);
	memcpy(b.data + 108, "\x32\x04\x0a\x4d\x00\x07\x34\x01\x02\xff", 10);
	memcpy(b.data + 44, "\x35\x01\x03\xff", 4);
	ADD(&b, 52, 1, 3, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_REQUEST);
	CHECK(msg.has_requested && msg.requested == htonl(0x0a4d0007));
	b.data[242] = 1;	/* only the file; the 52 in it means nothing */
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_BOOTP && msg.has_requested);
	b.data[242] = 2;
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.type == VMNET_DHCP_REQUEST && !msg.has_requested);
	b.data[242] = 3;
	memset(b.data + 44, 0, 64);
	b.data[44 + 62] = 61;	/* beyond the end of its field */
	b.data[44 + 63] = 1;
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	end("B4: option 52 lends file and sname, each bounded");

	begin();
	fixed(&b);
	memcpy(b.data + 108, "\x3d\x02\x03\x04\xff", 5);
	ADD(&b, 53, 1, 1, 61, 2, 1, 2, 50, 2, 10, 77, 52, 1, 1,
	    50, 2, 0, 8, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.has_requested && msg.requested == htonl(0x0a4d0008));
	CHECK(msg.id_len == 4 && !memcmp(msg.id, "\1\2\3\4", 4));
	end("B5: pieces of an option are put together");

	begin();
	discover(&b);
	ADD(&b, 61, 255);
	for (i = 0; i < 255; i++)
		ADD(&b, i);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.id_len == 255);
	ADD(&b, 61, 0, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.id_len == 255);
	b.data[b.len - 1] = 61;
	ADD(&b, 1, 7, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_MALFORMED);
	discover(&b);
	ADD(&b, 61, 0, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.id_len);
	discover(&b);
	ADD(&b, 61, 1, 9, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.id_len == 1);
	end("B6: a client id of 0, 1 and 255 octets; no more");

	begin();
	discover(&b);
	for (i = 0; i < 3; i++) {
		ADD(&b, 55, 200);
		memset(b.data + b.len, i + 1, 200);
		b.len += 200;
	}
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.prl_len == 255);
	CHECK(msg.prl[199] == 1 && msg.prl[254] == 2);
	discover(&b);
	ADD(&b, 12, 70);
	memset(b.data + b.len, 'h', 70);
	b.len += 70;
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.hostname_len == 63);
	end("B7: lists that are too long are cut");
}

/* --- C: replies -------------------------------------------------------------------- */

static const struct vmnet_dhcp_options options = {
	.mask = 0x00ffffff, .broadcast = 0xff004d0a, .router = 0x01004d0a,
	.dns = { 0x35004d0a, 0x36004d0a }, .dns_count = 2,
	.wins = { 0x37004d0a }, .wins_count = 1,
	.domain = "example.net", .domain_len = 11,
};

static const struct vmnet_dhcp_reply offer = {
	.type = VMNET_DHCP_OFFER, .server = 0x01004d0a, .yiaddr = 0x05004d0a,
	.lease = 3600, .t1 = 1800, .t2 = 3150,
};

/* Fills the rest with what must not leave, and ends at the end of a block. */
static size_t build(struct bytes *out, size_t limit,
		    const struct vmnet_dhcp_message *msg,
		    const struct vmnet_dhcp_reply *reply,
		    const struct vmnet_dhcp_options *opts)
{
	u8 *block = malloc(limit + 1);

	memset(block, 0xee, limit + 1);
	memset(out, 0, sizeof(*out));
	out->len = vmnet_dhcp_build(block + 1, limit, msg, reply, opts);
	memcpy(out->data, block + 1, out->len);
	free(block);
	return out->len;
}

/* Where an option is in the reply's options; NULL if it is not. */
static const u8 *find(const struct bytes *b, u8 code)
{
	size_t i = 240;

	while (i < b->len && b->data[i] != 255) {
		if (b->data[i] == code)
			return b->data + i;
		i += b->data[i] ? 2 + b->data[i + 1] : 1;
	}
	return NULL;
}

static bool has(const struct bytes *b, const char *opt, size_t len)
{
	const u8 *at = find(b, opt[0]);

	return at && !memcmp(at, opt, len);
}

#define HAS(b, opt) has(b, opt, sizeof(opt) - 1)

static void client(struct vmnet_dhcp_message *msg)
{
	struct bytes b;

	discover(&b);
	parse(&b, msg);
}

static void test_replies(void)
{
	struct vmnet_dhcp_message msg;
	struct vmnet_dhcp_reply reply;
	struct bytes out;
	size_t i;

	begin();
	client(&msg);
	msg.giaddr = 0x09004d0a;
	build(&out, 548, &msg, &offer, &options);
	CHECK(out.data[0] == 2 && out.data[1] == 1 && out.data[2] == 6);
	CHECK(!out.data[3]);
	CHECK(!memcmp(out.data + 4, "\xde\xad\xbe\xef\0\0\x80\0", 8));
	CHECK(!memcmp(out.data + 24, &msg.giaddr, 4));
	CHECK(!memcmp(out.data + 28, msg.chaddr, 16));
	for (i = 44; i < 236; i++)
		CHECK(!out.data[i]);
	end("C1: the fixed part of a reply");

	begin();
	CHECK(!memcmp(out.data + 12, "\0\0\0\0\x0a\x4d\0\5\0\0\0\0", 12));
	CHECK(HAS(&out, "\x35\1\2"));
	CHECK(HAS(&out, "\x36\4\x0a\x4d\0\1"));
	CHECK(HAS(&out, "\x33\4\0\0\x0e\x10"));
	CHECK(!find(&out, 50) && !find(&out, 55) && !find(&out, 57));
	end("C3, C4: addresses, type, server, lease");

	begin();
	CHECK(HAS(&out, "\x3a\4\0\0\7\x08"));
	CHECK(HAS(&out, "\x3b\4\0\0\x0c\x4e"));
	reply = offer;
	reply.t1 = 0;
	reply.t2 = 0;
	build(&out, 548, &msg, &reply, &options);
	CHECK(!find(&out, 58) && !find(&out, 59));
	end("C5: T1 and T2");

	begin();
	client(&msg);
	reply = offer;
	reply.type = VMNET_DHCP_NAK;
	msg.id_len = 3;
	memcpy(msg.id, "abc", 3);
	build(&out, 548, &msg, &reply, &options);
	CHECK(HAS(&out, "\x3d\3abc"));
	CHECK(!find(&out, 51) && !find(&out, 1) && !find(&out, 3));
	CHECK(HAS(&out, "\x35\1\6") && find(&out, 54));
	build(&out, 548, &msg, &offer, &options);
	CHECK(HAS(&out, "\x3d\3abc"));
	msg.id_len = 0;
	build(&out, 548, &msg, &offer, &options);
	CHECK(!find(&out, 61));
	end("C6: the client id comes back, exactly when it was sent");

	begin();
	client(&msg);
	msg.prl_len = 9;
	memcpy(msg.prl, (const u8[]){ 44, 3, 3, 200, 15, 6, 1, 44, 51 }, 9);
	msg.relay_len = 4;
	memcpy(msg.relay, "\1\2xy", 4);
	build(&out, 548, &msg, &offer, &options);
	CHECK(find(&out, 1) < find(&out, 44) && find(&out, 44) < find(&out, 3));
	CHECK(find(&out, 3) < find(&out, 15) && find(&out, 15) < find(&out, 6));
	CHECK(!find(&out, 28) && !find(&out, 200));
	CHECK(HAS(&out, "\x52\4\1\2xy\xff"));
	end("C7: in the client's order, mask before router, relay's last");

	begin();
	client(&msg);
	build(&out, 548, &msg, &offer, &options);
	CHECK(HAS(&out, "\3\4\x0a\x4d\0\1"));
	CHECK(HAS(&out, "\6\x08\x0a\x4d\0\x35\x0a\x4d\0\x36"));
	CHECK(HAS(&out, "\x0f\x0b" "example.net"));
	CHECK(HAS(&out, "\x1c\4\x0a\x4d\0\xff") && HAS(&out, "\x2c\4\x0a\x4d\0\x37"));
	end("C7: a client that asks for nothing is told everything");

	begin();
	client(&msg);
	CHECK(vmnet_dhcp_size_limit(&msg, 1500) == 548);
	msg.max_size = 100;
	CHECK(vmnet_dhcp_size_limit(&msg, 1500) == 548);
	msg.max_size = 1000;
	CHECK(vmnet_dhcp_size_limit(&msg, 1500) == 972);
	msg.max_size = 65535;
	CHECK(vmnet_dhcp_size_limit(&msg, 1500) == 1472);
	CHECK(vmnet_dhcp_size_limit(&msg, 68) == 548);
	end("C8: option 57 within 576 and the MTU");
}

/* Ends of a reply that has not much room. */
static void test_room(void)
{
	struct vmnet_dhcp_options many = options;
	struct vmnet_dhcp_message msg;
	struct vmnet_dhcp_reply reply;
	struct bytes out;
	size_t limit;

	begin();
	client(&msg);
	msg.id_len = 200;
	many.dns_count = 8;
	many.wins_count = 4;
	many.domain_len = 120;
	build(&out, 548, &msg, &offer, &many);
	CHECK(out.len && out.len <= 548);
	CHECK(HAS(&out, "\x34\1\1") && find(&out, 61)[1] == 200);
	CHECK(out.data[108] == 15 && out.data[109] == 120);
	CHECK(out.data[108 + 122] == 255);
	many.wins_count = 8;
	build(&out, 548, &msg, &offer, &many);
	CHECK(HAS(&out, "\x34\1\3"));
	CHECK(out.data[44] == 44 && out.data[44 + 34] == 255);
	many.domain_len = 200;
	build(&out, 548, &msg, &offer, &many);
	CHECK(!find(&out, 15) && out.data[108] != 15 && find(&out, 6));
	end("C9: what does not fit goes to file and sname, or is left out whole");

	begin();
	client(&msg);
	msg.id_len = 255;
	msg.relay_len = 255;
	CHECK(!build(&out, 548, &msg, &offer, &options));
	CHECK(build(&out, 972, &msg, &offer, &options));
	CHECK(find(&out, 82)[1] == 255);
	msg.relay_len = 0;
	CHECK(build(&out, 548, &msg, &offer, &options));
	CHECK(find(&out, 61)[1] == 255 && find(&out, 1));
	end("C9: nothing at all rather than half of what must be said");

	begin();
	client(&msg);
	for (limit = 0; limit <= 1472; limit++) {
		msg.id_len = limit % 256;
		msg.relay_len = limit * 7 % 256;
		many.domain_len = limit * 3 % 254;
		build(&out, limit, &msg, &offer, &many);
		CHECK(out.len <= limit);
	}
	end("C9: never more than the room, whatever it is");

	begin();
	client(&msg);
	reply = offer;
	reply.type = VMNET_DHCP_NAK;
	CHECK(build(&out, 548, &msg, &reply, &options) == 300);
	CHECK(!out.data[299]);
	end("C11, C13: padded to 300 octets, all of them written");

	begin();
	msg.giaddr = 0x09004d0a;
	msg.flags = 0;
	build(&out, 548, &msg, &reply, &options);
	CHECK(out.data[10] == 0x80);
	build(&out, 548, &msg, &offer, &options);
	CHECK(!out.data[10]);
	end("D5: a NAK by a relay has the broadcast flag");
}

/* --- C10, C14 to C19: what a network may tell beside ------------------------------- */

static void wants(struct vmnet_dhcp_message *msg, const u8 *codes, u8 count)
{
	client(msg);
	msg->prl_len = count;
	memcpy(msg->prl, codes, count);
}

#define WANTS(msg, ...) wants(msg, (const u8[]){ __VA_ARGS__ },	\
			      sizeof((const u8[]){ __VA_ARGS__ }))

/* How often an option is there, and what all its pieces have together. */
static int pieces(const struct bytes *b, u8 code, struct bytes *all)
{
	size_t i = 240;
	int n = 0;

	memset(all, 0, sizeof(*all));
	while (i < b->len && b->data[i] != 255) {
		if (b->data[i] == code) {
			add(all, b->data + i + 2, b->data[i + 1]);
			n++;
		}
		i += b->data[i] ? 2 + b->data[i + 1] : 1;
	}
	return n;
}

static void raw(struct vmnet_dhcp_options *opts, u8 code, const void *data,
		u16 len)
{
	struct vmnet_dhcp_raw *r = &opts->raw[opts->raw_count];

	r->code = code;
	r->start = opts->raw_count ? r[-1].start + r[-1].len : 0;
	r->len = len;
	memcpy(opts->octets + r->start, data, len);
	opts->raw_count++;
}

static void file(struct vmnet_dhcp_file *f, const char *name)
{
	f->len = strlen(name);
	memcpy(f->name, name, f->len);
}

static void test_kinds(void)
{
	struct vmnet_dhcp_message msg;
	struct bytes b;

	begin();
	discover(&b);
	ADD(&b, 93, 2, 0, 7, 93, 4, 0, 0, 1, 2);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.arch_count == 3);
	CHECK(msg.arch[0] == 7 && !msg.arch[1] && msg.arch[2] == 0x102);
	ADD(&b, 93, 5, 0, 9, 0, 10, 11);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(msg.arch_count == 4 && msg.arch[3] == 9);
	discover(&b);
	ADD(&b, 93, 1, 7);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.arch_count);
	discover(&b);
	ADD(&b, 93, 0);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.arch_count);
	end("C15: architectures, of two octets each");

	begin();
	discover(&b);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.is_ipxe && !msg.is_http);
	ADD(&b, 77, 4, 'i', 'P', 'X', 'E');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.is_ipxe);
	discover(&b);
	ADD(&b, 77, 6, 5, 'i', 'i', 'P', 'X', 'e', 77, 3, 'i', 'P', 'X');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.is_ipxe);
	ADD(&b, 77, 2, 'E', '!');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.is_ipxe);
	discover(&b);
	ADD(&b, 175, 0);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.is_ipxe);
	end("C15: iPXE, by its class or its option");

	begin();
	discover(&b);
	ADD(&b, 60, 4, 'H', 'T', 'T', 'P', 60, 9, 'C', 'l', 'i', 'e', 'n', 't',
	    ':', 'A', 'r');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.is_http);
	discover(&b);
	ADD(&b, 60, 11, 'x', 'H', 'T', 'T', 'P', 'C', 'l', 'i', 'e', 'n', 't');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.is_http);
	discover(&b);
	ADD(&b, 60, 9, 'H', 'T', 'T', 'P', 'C', 'l', 'i', 'e', 'n');
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.is_http);
	end("C15: HTTP boot, by the beginning of its class");

	begin();
	discover(&b);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.has_rapid_commit);
	ADD(&b, 80, 0);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.has_rapid_commit);
	discover(&b);
	ADD(&b, 80, 1, 0);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.has_rapid_commit);
	discover(&b);
	ADD(&b, 116, 1, 0);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && msg.has_auto_configure);
	discover(&b);
	ADD(&b, 116, 2, 0, 1);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK && !msg.has_auto_configure);
	end("B3, C18, C19: 80 and 116 have their lengths or are not there");
}

static bool search_is(const struct vmnet_dhcp_options *opts, const char *wanted)
{
	char domain[VMNET_DHCP_NAME_MAX + 1], all[2048] = "";
	size_t pos = 0;

	while (vmnet_dhcp_search_next(opts, &pos, domain)) {
		if (*all)
			strcat(all, ",");
		strcat(all, domain);
	}
	return !strcmp(all, wanted);
}

static void test_search(void)
{
	static struct vmnet_dhcp_options opts;
	char domain[VMNET_DHCP_NAME_MAX + 1];
	size_t pos, len;
	int i;

	begin();
	opts = options;
	CHECK(search_is(&opts, ""));
	CHECK(vmnet_dhcp_search_add(&opts, "eng.apple.com"));
	CHECK(vmnet_dhcp_search_add(&opts, "marketing.apple.com"));
	/* RFC 3397 section 3. */
	CHECK(opts.search_len == 27);
	CHECK(!memcmp(opts.search, "\3eng\5apple\3com\0" "\x09marketing\xc0\4", 27));
	CHECK(search_is(&opts, "eng.apple.com,marketing.apple.com"));
	CHECK(vmnet_dhcp_search_add(&opts, "com"));
	CHECK(vmnet_dhcp_search_add(&opts, "apple.org"));
	CHECK(vmnet_dhcp_search_add(&opts, "marketing.apple.com"));
	CHECK(opts.search_len == 27 + 2 + 11 + 2);
	CHECK(!memcmp(opts.search + 27, "\xc0\x0a" "\5apple\3org\0" "\xc0\x0f", 15));
	CHECK(search_is(&opts, "eng.apple.com,marketing.apple.com,com,apple.org,marketing.apple.com"));
	end("C16: a search list is compressed, and read again");

	begin();
	opts = options;
	for (i = 0; ; i++) {
		len = opts.search_len;
		memset(domain, 'a' + i, 50);
		domain[50] = '\0';
		if (!vmnet_dhcp_search_add(&opts, domain))
			break;
		CHECK(opts.search_len == len + 52);
	}
	CHECK(i == VMNET_DHCP_SEARCH_OCTETS_MAX / 52 && opts.search_len == len);
	memset(domain, 'x', 100);
	domain[100] = '\0';
	opts = options;
	CHECK(!vmnet_dhcp_search_add(&opts, domain) && !opts.search_len);
	end("C16: no more than there is room for, and no half a domain");

	begin();
	opts = options;
	memcpy(opts.search, "\3abc\xc0\0" "\xc0\xff" "\3ab", 12);
	for (opts.search_len = 0; opts.search_len <= 12; opts.search_len++)
		for (pos = 0; vmnet_dhcp_search_next(&opts, &pos, domain); )
			CHECK(pos <= opts.search_len);
	memset(opts.search, 0xc0, sizeof(opts.search));
	opts.search_len = sizeof(opts.search);
	pos = 0;
	CHECK(!vmnet_dhcp_search_next(&opts, &pos, domain));
	end("C16: pointers that lead nowhere end it");
}

static void test_routes(void)
{
	static struct vmnet_dhcp_options opts;
	struct vmnet_dhcp_message msg;
	struct bytes out, all;
	int i;

	begin();
	opts = options;
	opts.routes[0] = (struct vmnet_dhcp_route){
		htonl(0x0a010000), htonl(0xffff0000), htonl(0x0a4d0002) };
	opts.routes[1] = (struct vmnet_dhcp_route){
		htonl(0x0a118000), htonl(0xffff8000), htonl(0x0a4d0003) };
	opts.routes[2] = (struct vmnet_dhcp_route){
		htonl(0xc0000201), htonl(0xffffffff), 0 };
	opts.routes_count = 3;
	WANTS(&msg, 121, 3, 249);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x79\x1d"
		  "\x10\x0a\x01\x0a\x4d\0\2" "\x11\x0a\x11\x80\x0a\x4d\0\3"
		  "\x20\xc0\0\2\1\0\0\0\0" "\0\x0a\x4d\0\1"));
	CHECK(find(&out, 249)[1] == 29);
	CHECK(!memcmp(find(&out, 249) + 2, find(&out, 121) + 2, 29));
	CHECK(find(&out, 121) < find(&out, 3));
	end("C14: significant octets, and the default through the router");

	begin();
	opts.routes[2] = (struct vmnet_dhcp_route){ 0, 0, htonl(0x0a4d0009) };
	build(&out, 548, &msg, &offer, &opts);
	CHECK(find(&out, 121)[1] == 20);
	CHECK(!memcmp(find(&out, 121) + 2 + 15, "\0\x0a\x4d\0\x09", 5));
	opts.routes_count = 1;
	opts.router = 0;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(find(&out, 121)[1] == 7 && !find(&out, 3));
	opts.router = options.router;
	opts.routes_count = 0;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!find(&out, 121) && !find(&out, 249) && find(&out, 3));
	opts.routes_count = 1;
	client(&msg);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!find(&out, 121) && !find(&out, 249));
	end("C14: one default route; nothing if there are no routes, or unasked");

	begin();
	opts.routes_count = VMNET_DHCP_ROUTES_MAX;
	for (i = 0; i < VMNET_DHCP_ROUTES_MAX; i++)
		opts.routes[i] = (struct vmnet_dhcp_route){
			htonl(0xc0000200 + i), htonl(0xffffffff),
			htonl(0x0a4d0002) };
	WANTS(&msg, 121);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!find(&out, 121));
	build(&out, 1472, &msg, &offer, &opts);
	CHECK(pieces(&out, 121, &all) == 2 && all.len == 32 * 9 + 5);
	CHECK(find(&out, 121)[1] == 255 && find(&out, 121)[257] == 121);
	CHECK(find(&out, 121)[258] == 32 * 9 + 5 - 255);
	for (i = 0; i < VMNET_DHCP_ROUTES_MAX; i++)
		CHECK(all.data[9 * i] == 32 && all.data[9 * i + 4] == i);
	end("C10, C14: what is longer than 255 octets is in two pieces");
}

static void test_numbers(void)
{
	static struct vmnet_dhcp_options opts;
	struct vmnet_dhcp_message msg;
	struct bytes out, all;
	u8 data[1024];
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i * 7;

	begin();
	opts = options;
	raw(&opts, 43, data, 600);
	raw(&opts, 150, "\x0a\x4d\0\x05", 4);
	raw(&opts, 252, "", 0);
	WANTS(&msg, 150, 43, 3, 252);
	msg.relay_len = 3;
	build(&out, 1472, &msg, &offer, &opts);
	CHECK(pieces(&out, 43, &all) == 3 && all.len == 600);
	CHECK(!memcmp(all.data, data, 600));
	CHECK(find(&out, 43)[257] == 43 && find(&out, 43)[514] == 43);
	CHECK(find(&out, 150) < find(&out, 43) && find(&out, 43) < find(&out, 3));
	CHECK(HAS(&out, "\x96\4\x0a\x4d\0\5") && HAS(&out, "\xfc\0"));
	CHECK(find(&out, 82) > find(&out, 252));
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!pieces(&out, 43, &all) && find(&out, 150) && find(&out, 3));
	end("C10: an option by number, in pieces; all of them or none");

	begin();
	client(&msg);
	build(&out, 1472, &msg, &offer, &opts);
	CHECK(pieces(&out, 43, &all) == 3 && find(&out, 150));
	WANTS(&msg, 3);
	build(&out, 1472, &msg, &offer, &opts);
	CHECK(!find(&out, 43) && !find(&out, 150) && !find(&out, 252));
	end("C16: to those who ask for it, or for nothing");

	begin();
	opts.raw_count = 0;
	raw(&opts, 43, data, 600);
	for (i = 300; i < 1472; i++) {
		WANTS(&msg, 43, 6, 44, 15);
		build(&out, i, &msg, &offer, &opts);
		CHECK(out.len <= i);
		CHECK(!pieces(&out, 43, &all) || all.len == 600);
	}
	CHECK(pieces(&out, 43, &all) == 3);
	end("C9, C10: whole or not at all, whatever the room");
}

static void test_boot(void)
{
	static struct vmnet_dhcp_options opts;
	char name[VMNET_DHCP_BOOT_FILE_MAX + 1] = "";
	struct vmnet_dhcp_message msg;
	struct vmnet_dhcp_reply reply;
	struct bytes out;

	begin();
	opts = options;
	opts.next_server = htonl(0x0a4d0045);
	opts.tftp_server_len = 4;
	memcpy(opts.tftp_server, "boot", 4);
	file(&opts.boot_file, "pxelinux.0");
	WANTS(&msg, 66, 67, 3);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!memcmp(out.data + 20, "\x0a\x4d\0\x45", 4));
	CHECK(!strcmp((char *)out.data + 44, "boot"));
	CHECK(!strcmp((char *)out.data + 108, "pxelinux.0"));
	CHECK(HAS(&out, "\x42\4boot") && HAS(&out, "\x43\x0apxelinux.0"));
	reply = offer;
	reply.type = VMNET_DHCP_NAK;
	build(&out, 548, &msg, &reply, &opts);
	CHECK(!out.data[20] && !out.data[44] && !out.data[108]);
	end("C15: siaddr, sname, file, 66 and 67, but not in a NAK");

	begin();
	opts.arch_count = 2;
	opts.arch_files[0].arch = 7;
	file(&opts.arch_files[0].file, "grubx64.efi");
	opts.arch_files[1].arch = 11;
	file(&opts.arch_files[1].file, "grubaa64.efi");
	msg.arch_count = 2;
	msg.arch[0] = 6;
	msg.arch[1] = 11;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, "grubaa64.efi"));
	CHECK(HAS(&out, "\x43\x0cgrubaa64.efi"));
	msg.arch[0] = 7;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, "grubx64.efi"));
	msg.arch_count = 1;
	msg.arch[0] = 0;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, "pxelinux.0"));
	msg.arch[0] = 7;
	msg.is_ipxe = true;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, "grubx64.efi"));
	file(&opts.ipxe_file, "http://boot/x.ipxe");
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, "http://boot/x.ipxe"));
	end("C15: by iPXE, then by architecture, then for all");

	begin();
	WANTS(&msg, 67, 6, 44, 15, 3);
	msg.id_len = 255;
	opts.dns_count = 8;
	opts.domain_len = 40;
	build(&out, 548, &msg, &offer, &opts);
	/* No room for the last ones, and none that is lent. */
	CHECK(!find(&out, 52) && !strcmp((char *)out.data + 108, "pxelinux.0"));
	CHECK(!strcmp((char *)out.data + 44, "boot") && !find(&out, 44));
	memset(name, 'n', 128);
	file(&opts.boot_file, name);
	opts.tftp_server_len = 0;
	opts.dns_count = 1;
	opts.domain_len = 4;
	msg.id_len = 100;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!out.data[108] && find(&out, 67)[1] == 128);
	name[127] = '\0';
	file(&opts.boot_file, name);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!strcmp((char *)out.data + 108, name) && find(&out, 67)[1] == 127);
	end("C9, C15: a field that is in use is not lent, a long name not in one");

	begin();
	opts = options;
	file(&opts.boot_file, "http://boot/a.efi");
	WANTS(&msg, 1, 67);
	msg.is_http = true;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x3c\x0aHTTPClient"));
	WANTS(&msg, 60, 67);
	msg.is_http = true;
	raw(&opts, 60, "PXEClient", 9);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x3c\x0aHTTPClient\x43"));
	msg.is_http = false;
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x3c\x09PXEClient\x43"));
	msg.is_http = true;
	file(&opts.boot_file, "a.efi");
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x3c\x09PXEClient\x43"));
	end("C15: HTTP boot is answered in kind, if there is a URL");
}

static void test_told(void)
{
	static struct vmnet_dhcp_options opts;
	struct vmnet_dhcp_message msg;
	struct vmnet_dhcp_reply reply;
	struct bytes out;

	begin();
	opts = options;
	opts.ntp[0] = htonl(0x0a4d007b);
	opts.ntp_count = 1;
	opts.v6only = 1800;
	vmnet_dhcp_search_add(&opts, "example.net");
	reply = offer;
	reply.mtu = 9000;
	memcpy(reply.hostname, "web-1", 5);
	reply.hostname_len = 5;
	WANTS(&msg, 119, 42, 26, 12);
	build(&out, 548, &msg, &reply, &opts);
	CHECK(HAS(&out, "\x2a\4\x0a\x4d\0\x7b") && HAS(&out, "\x1a\2\x23\x28"));
	CHECK(HAS(&out, "\x77\x0d\7example\3net\0"));
	CHECK(HAS(&out, "\x0c\5web-1") && !find(&out, 108));
	reply.mtu = 0;
	reply.hostname_len = 0;
	build(&out, 548, &msg, &reply, &opts);
	CHECK(!find(&out, 26) && !find(&out, 12));
	end("C16: NTP, MTU, search list and host name");

	begin();
	WANTS(&msg, 108);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(HAS(&out, "\x6c\4\0\0\7\x08"));
	client(&msg);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!find(&out, 108));
	opts.v6only = 0;
	WANTS(&msg, 108);
	build(&out, 548, &msg, &offer, &opts);
	CHECK(!find(&out, 108));
	end("C17: 108 only if it was asked for and is enabled");

	begin();
	reply = offer;
	reply.yiaddr = 0;
	reply.auto_configure = VMNET_AUTO_CONFIGURE_OFF;
	client(&msg);
	CHECK(build(&out, 548, &msg, &reply, &options) == 300);
	CHECK(HAS(&out, "\x35\1\2\x36\4\x0a\x4d\0\1\x74\1\0\xff"));
	reply.auto_configure = VMNET_AUTO_CONFIGURE_ON;
	build(&out, 548, &msg, &reply, &options);
	CHECK(HAS(&out, "\x74\1\1\xff"));
	end("C18: an offer of no address has 116 and nothing of a lease");

	begin();
	reply = offer;
	reply.type = VMNET_DHCP_ACK;
	reply.rapid_commit = true;
	build(&out, 548, &msg, &reply, &options);
	CHECK(HAS(&out, "\x50\0"));
	build(&out, 548, &msg, &offer, &options);
	CHECK(!find(&out, 80));
	end("C19: an ACK without an offer says so");
}

/* --- E18, E19: relays -------------------------------------------------------------- */

/* The message of a relay, with this as option 82. */
static enum vmnet_dhcp_verdict relayed(struct vmnet_dhcp_message *msg,
				       const void *option, u8 len)
{
	struct bytes b;

	discover(&b);
	memcpy(b.data + 24, "\x0a\x4d\0\x09", 4);
	ADD(&b, 82, len);
	add(&b, option, len);
	ADD(&b, 255);
	return parse(&b, msg);
}

static void test_relays(void)
{
	static const u8 none[255];
	const __be32 link = htonl(0x0a4e0000), giaddr = htonl(0x0a4d0009);
	struct vmnet_dhcp_message msg;
	struct bytes b;

	begin();
	CHECK(relayed(&msg, "\1\0\x0b\4\x0a\x4e\0\1\5\4\x0a\x4e\0\0", 14) ==
	      VMNET_DHCP_OK);
	CHECK(vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_SERVER) ==
	      htonl(0x0a4e0001));
	CHECK(vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK) == link);
	CHECK(!vmnet_dhcp_relay_address(&msg, 1));
	CHECK(!vmnet_dhcp_relay_address(&msg, 2));
	end("E18, E19: what is found in option 82, wherever in it");

	begin();
	CHECK(relayed(&msg, "\5\3\x0a\x4e\0", 5) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	CHECK(relayed(&msg, "\5\5\x0a\x4e\0\0\0", 7) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	/* Longer than what is left of it; cut off in its length. */
	CHECK(relayed(&msg, "\5\4\x0a\x4e\0", 5) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	CHECK(relayed(&msg, "\1\xff\5\4\x0a\x4e\0\0", 8) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	CHECK(relayed(&msg, "\1\0\5", 3) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	/* There is no padding: these are 127 of nothing, and one octet. */
	CHECK(relayed(&msg, none, sizeof(none)) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_relay_address(&msg, VMNET_DHCP_RELAY_LINK));
	CHECK(vmnet_dhcp_link(&msg) == giaddr);
	end("E18, E19: of another length, or beyond the end, it is not there");

	begin();
	CHECK(relayed(&msg, "\5\4\x0a\x4e\0\0", 6) == VMNET_DHCP_OK);
	CHECK(vmnet_dhcp_link(&msg) == link);
	msg.has_subnet = true;
	msg.subnet = htonl(0x0a4f0000);
	CHECK(vmnet_dhcp_link(&msg) == link);
	msg.relay_len = 0;
	CHECK(vmnet_dhcp_link(&msg) == msg.subnet);
	msg.has_subnet = false;
	CHECK(vmnet_dhcp_link(&msg) == giaddr);
	/* Who is no relay does not speak as one. */
	discover(&b);
	ADD(&b, 82, 6, 5, 4, 10, 78, 0, 0, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(!vmnet_dhcp_link(&msg));
	/* In the place of the end. */
	b.data[b.len - 1] = 118;
	ADD(&b, 4, 10, 79, 0, 0, 255);
	CHECK(parse(&b, &msg) == VMNET_DHCP_OK);
	CHECK(vmnet_dhcp_link(&msg) == htonl(0x0a4f0000));
	end("E19: 82.5 before 118 before giaddr");
}

static void test_wrapping(void)
{
	static const struct vmnet_dhcp_envelope envelope = {
		.dst_mac = { 2, 1, 1, 1, 1, 1 }, .src_mac = { 2, 2, 2, 2, 2, 2 },
		.src = 0x01004d0a, .dst = 0x05004d0a, .dport = 68,
	};
	u8 frame[VMNET_DHCP_HEADERS + 512];
	u8 *ip = frame + 14;
	size_t len;

	begin();
	for (len = 300; len < 512; len++) {
		memset(frame, len, sizeof(frame));
		vmnet_dhcp_wrap(frame, len, &envelope);
		CHECK(!udp_sum_of(ip));
		CHECK(ip[26] || ip[27]);
		CHECK(ip[10] || ip[11]);
		CHECK((ip[2] << 8 | ip[3]) == (int)(28 + len));
	}
	CHECK(!memcmp(frame, "\2\1\1\1\1\1\2\2\2\2\2\2\x08\0\x45\0", 16));
	CHECK(!memcmp(ip + 12, "\x0a\x4d\0\1\x0a\x4d\0\5\0\x43\0\x44", 12));
	len = ip[10] << 8 | ip[11];
	ip_sum(ip);
	CHECK(len == (size_t)(ip[10] << 8 | ip[11]));
	CHECK(ip[8] == 64 && ip[6] == 0x40 && !ip[4] && !ip[5]);
	end("C12, D7: complete checksums, TTL 64, DF with id 0");

	begin();
	/* Choose a payload whose sum would come out as zero. */
	memset(frame, 0, sizeof(frame));
	vmnet_dhcp_wrap(frame, 300, &envelope);
	memcpy(frame + VMNET_DHCP_HEADERS, ip + 26, 2);
	vmnet_dhcp_wrap(frame, 300, &envelope);
	CHECK(ip[26] == 0xff && ip[27] == 0xff);
	end("C12: a sum of zero is sent as 65535");
}

int main(void)
{
	printf("TAP version 13\n");
	test_datagrams();
	test_fixed_part();
	test_options();
	test_replies();
	test_room();
	test_kinds();
	test_search();
	test_routes();
	test_numbers();
	test_boot();
	test_told();
	test_relays();
	test_wrapping();
	printf("1..%d\n", tests);
	return failed != 0;
}
