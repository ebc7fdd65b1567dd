// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of kmod/dhcp/packet.c and datagram.c, the same files that are in
 * the module. Each claim is named after its row of Documentation/dhcp.rst.
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
	test_wrapping();
	printf("1..%d\n", tests);
	return failed != 0;
}
