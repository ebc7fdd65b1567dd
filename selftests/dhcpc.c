// SPDX-License-Identifier: GPL-2.0-only
/* A DHCP client in raw frames, that may be as wrong as a test wants it.
 *
 *	dhcpc DEV TYPE [KEY VALUE]...	one message; prints what comes back
 *	dhcpc DEV get [KEY VALUE]...	DISCOVER, REQUEST; prints the ACK
 *	dhcpc DEV arp ADDRESS [KEY VALUE]...	who has it
 *	dhcpc DEV flood COUNT [KEY VALUE]...	messages from made-up clients
 *	dhcpc DEV mutate TYPE [KEY VALUE]...	the message, wrong in each octet and
 *				at each length; prints how many frames were sent
 *	dhcpc DEV crash COUNT [KEY VALUE]...	clients that get an address, wait for
 *				a line of input, and renew it while as many new ones ask;
 *				they answer ARP as machines do, and ask again if need be
 *	dhcpc DEV many COUNT [KEY VALUE]...	clients that get an address, so
 *				many at once as "window" says, or all; one line for each
 *
 * DEV is the name of a netdev, or NETNS:NAME with a namespace of ip-netns.
 * TYPE is discover, request, decline, release, inform, bootp or a number. An
 * answer is printed as NAME=VALUE, one a line, options as opt.CODE=HEX and
 * opts=CODE,CODE,... in their order; pieces of an option are put together.
 *
 * Exit: 0 there was an answer, 1 there was none, 2 usage, 3 system. With
 * "silent ADDRESS" 0 means that there was none: an ARP request for ADDRESS is
 * sent afterwards, and what has not come before its answer will not come (we
 * stay on one CPU, so nothing overtakes). It has no tag, even if the message has.
 * With "silent-by MAC" it is a plain DISCOVER of that client, for servers whose
 * ARP somebody else answers: what they answer, they answer in order.
 *
 * With "after MAC" a DISCOVER of that client for our "ciaddr" is sent just before the
 * message, and not waited for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FIXED	240
#define MAX	9000

enum { SUM_GOOD, SUM_NONE, SUM_BAD };

/* What is sent; everything may be set by a KEY. */
static struct {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t flags;
	struct in_addr ciaddr, giaddr, src, dst;
	uint8_t chaddr[16], cookie[4];
	uint8_t sname[64], file[128];
	uint8_t dmac[6], smac[6];
	uint16_t sport, dport, frag;
	int ttl, tos, ipopts, pad, vlan, sum, ipsum;
	int cut, udplen, iplen;	/* below zero: as it should be */
	int linear;		/* octets that do not lie in pages */
	bool partial;		/* the checksum is left to the device */
	uint8_t opts[MAX];
	int opts_len;
	bool no_end;
} m = {
	.op = 1, .htype = 1, .hlen = 6, .cookie = { 0x63, 0x82, 0x53, 0x63 },
	.sport = 68, .dport = 67, .ttl = 64, .vlan = -1,
	.cut = -1, .udplen = -1, .iplen = -1,
	.dmac = { 255, 255, 255, 255, 255, 255 },
};

static typeof(m) as_it_should_be;	/* without any KEY */

static int fd, window;
static int wait_ms = 3000;	/* for an answer; VMNET_SLOW times that */
static bool any;	/* take answers to others too */
static struct in_addr silent;
static uint8_t silent_by[6];
static uint8_t after[6];	/* whose DISCOVER goes before; none: nobody's */
static uint32_t control_xid;	/* of its DISCOVER; 0: there is none */
static struct sockaddr_ll ll;

static void usage(const char *what)
{
	fprintf(stderr, "dhcpc: %s\n", what);
	exit(2);
}

static void fail(const char *what)
{
	fprintf(stderr, "dhcpc: %s: %s\n", what, strerror(errno));
	exit(3);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- words ------------------------------------------------------------------------ */

static int hex(const char *text, uint8_t *out, int max)
{
	int n = 0;
	unsigned int byte;
	int used;

	while (*text) {
		if (*text == ':') {
			text++;
			continue;
		}
		if (n == max || sscanf(text, "%2x%n", &byte, &used) != 1)
			usage("bad hex");
		out[n++] = byte;
		text += used;
	}
	return n;
}

static void mac(const char *text, uint8_t *out)
{
	if (hex(text, out, 6) != 6)
		usage("bad MAC");
}

static struct in_addr address(const char *text)
{
	struct in_addr addr;

	if (!inet_aton(text, &addr))
		usage("bad address");
	return addr;
}

static void opt(uint8_t code, const void *data, int len)
{
	if (m.opts_len + 2 + len > MAX - 600)
		usage("too many options");
	m.opts[m.opts_len++] = code;
	m.opts[m.opts_len++] = len;
	memcpy(m.opts + m.opts_len, data, len);
	m.opts_len += len;
}

static void opt_u32(uint8_t code, uint32_t value)
{
	value = htonl(value);
	opt(code, &value, 4);
}

static void opt_list(uint8_t code, const char *text)
{
	uint8_t data[255];
	int len = 0;

	while (*text && len < 255) {
		data[len++] = strtoul(text, (char **)&text, 0);
		if (*text == ',')
			text++;
	}
	opt(code, data, len);
}

static void opt_address(uint8_t code, const char *text)
{
	struct in_addr addr = address(text);

	opt(code, &addr, 4);
}

static void key(const char *name, const char *value)
{
	unsigned long n = strtoul(value, NULL, 0);
	uint8_t data[MAX];
	uint16_t word;

#define IS(word_) (!strcmp(name, word_))
	if (IS("mac"))		mac(value, m.chaddr);
	else if (IS("chaddr"))	hex(value, m.chaddr, 16);
	else if (IS("op"))	m.op = n;
	else if (IS("htype"))	m.htype = n;
	else if (IS("hlen"))	m.hlen = n;
	else if (IS("hops"))	m.hops = n;
	else if (IS("xid"))	m.xid = n;
	else if (IS("flags"))	m.flags = n;
	else if (IS("ciaddr"))	m.ciaddr = address(value);
	else if (IS("giaddr"))	m.giaddr = address(value);
	else if (IS("cookie"))	hex(value, m.cookie, 4);
	else if (IS("sname"))	hex(value, m.sname, 64);
	else if (IS("file"))	hex(value, m.file, 128);
	else if (IS("src"))	m.src = address(value);
	else if (IS("dst"))	m.dst = address(value);
	else if (IS("dmac"))	mac(value, m.dmac);
	else if (IS("smac"))	mac(value, m.smac);
	else if (IS("sport"))	m.sport = n;
	else if (IS("dport"))	m.dport = n;
	else if (IS("ttl"))	m.ttl = n;
	else if (IS("tos"))	m.tos = n;
	else if (IS("frag"))	m.frag = n;
	else if (IS("ipopts"))	m.ipopts = n;
	else if (IS("pad"))	m.pad = n;
	else if (IS("vlan"))	m.vlan = n;
	else if (IS("cut"))	m.cut = n;
	else if (IS("udplen"))	m.udplen = n;
	else if (IS("iplen"))	m.iplen = n;
	else if (IS("ipsum"))	m.ipsum = n;
	else if (IS("linear"))	m.linear = n;
	else if (IS("partial"))	m.partial = n;
	else if (IS("sum"))	m.sum = !strcmp(value, "none") ? SUM_NONE :
				       !strcmp(value, "bad") ? SUM_BAD : SUM_GOOD;
	else if (IS("requested")) opt_address(50, value);
	else if (IS("server"))	opt_address(54, value);
	else if (IS("lease"))	opt_u32(51, n);
	else if (IS("max"))	word = htons(n), opt(57, &word, 2);
	else if (IS("prl"))	opt_list(55, value);
	else if (IS("id"))	opt(61, data, hex(value, data, 255));
	else if (IS("hostname")) opt(12, value, strlen(value));
	else if (IS("opt")) {	/* CODE:HEX */
		const char *colon = strchr(value, ':');

		opt(n, data, colon ? hex(colon + 1, data, 255) : 0);
	} else if (IS("raw"))	/* octets of the options' field, no end added */
		m.opts_len += hex(value, m.opts + m.opts_len, MAX - 600),
		m.no_end = true;
	else if (IS("wait"))	wait_ms = n;
	else if (IS("any"))	any = n;
	else if (IS("window"))	window = n;
	else if (IS("after"))	mac(value, after);
	else if (IS("silent"))	silent = address(value);
	else if (IS("silent-by")) mac(value, silent_by), control_xid = 1;
	else			usage(name);
}

static int type_of(const char *word)
{
	static const char *const names[] = {
		"bootp", "discover", "offer", "request", "decline", "ack",
		"nak", "release", "inform",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(word, names[i]))
			return i;
	return word[0] >= '0' && word[0] <= '9' ? atoi(word) : -1;
}

/* --- frames ----------------------------------------------------------------------- */

static uint32_t sum(const uint8_t *p, int len, uint32_t start)
{
	int i;

	for (i = 0; i < len; i++)
		start += i & 1 ? p[i] : p[i] << 8;
	while (start >> 16)
		start = (start & 0xffff) + (start >> 16);
	return start;
}

static uint16_t udp_sum(const uint8_t *ip, const uint8_t *udp, int len)
{
	return ~sum(udp, len, sum(ip + 12, 8, 17 + len));
}

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static unsigned int get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static int build_message(uint8_t *p, int type)
{
	int len = FIXED;

	memset(p, 0, FIXED);
	p[0] = m.op;
	p[1] = m.htype;
	p[2] = m.hlen;
	p[3] = m.hops;
	put16(p + 4, m.xid >> 16);
	put16(p + 6, m.xid);
	put16(p + 10, m.flags);
	memcpy(p + 12, &m.ciaddr, 4);
	memcpy(p + 24, &m.giaddr, 4);
	memcpy(p + 28, m.chaddr, 16);
	memcpy(p + 44, m.sname, 64);
	memcpy(p + 108, m.file, 128);
	memcpy(p + 236, m.cookie, 4);
	if (type) {
		p[len++] = 53;
		p[len++] = 1;
		p[len++] = type;
	}
	memcpy(p + len, m.opts, m.opts_len);
	len += m.opts_len;
	if (!m.no_end)
		p[len++] = 255;
	return m.cut < 0 ? len : m.cut;
}

/* As a virtual machine's device hands a frame over. */
static void send_virtio(uint8_t *frame, int len, uint8_t *udp)
{
	struct virtio_net_hdr hdr = { .hdr_len = m.linear };
	struct iovec iov[] = { { &hdr, sizeof(hdr) }, { frame, len } };
	struct msghdr msg = {
		.msg_name = &ll, .msg_namelen = sizeof(ll),
		.msg_iov = iov, .msg_iovlen = 2,
	};
	int vfd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	if (vfd < 0 ||
	    setsockopt(vfd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)))
		fail("PACKET_VNET_HDR");
	if (m.partial) {
		const uint8_t *ip = udp - 20;

		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = udp - frame;
		hdr.csum_offset = 6;
		if (hdr.hdr_len < hdr.csum_start + 8)
			hdr.hdr_len = hdr.csum_start + 8;
		put16(udp + 6, sum(ip + 12, 8, 17 + get16(udp + 4)));
	}
	if (sendmsg(vfd, &msg, 0) < 0)
		fail("sendmsg");
	close(vfd);
}

static void send_message(int type)
{
	uint8_t frame[2 * MAX] = { 0 }, *p = frame, *ip, *udp;
	int ihl = 20 + m.ipopts * 4, len;

	memcpy(p, m.dmac, 6);
	memcpy(p + 6, m.smac, 6);
	p += 12;
	if (m.vlan >= 0) {
		put16(p, ETH_P_8021Q);
		put16(p + 2, m.vlan);
		p += 4;
	}
	put16(p, ETH_P_IP);
	ip = p + 2;
	udp = ip + ihl;
	len = build_message(udp + 8, type);

	ip[0] = 0x40 | ihl / 4;
	ip[1] = m.tos;
	put16(ip + 2, m.iplen < 0 ? ihl + 8 + len : m.iplen);
	put16(ip + 6, m.frag);
	ip[8] = m.ttl;
	ip[9] = 17;
	memcpy(ip + 12, &m.src, 4);
	memcpy(ip + 16, &m.dst, 4);
	memset(ip + 20, 1, m.ipopts * 4);
	put16(ip + 10, ~sum(ip, ihl, 0) ^ m.ipsum);
	put16(udp, m.sport);
	put16(udp + 2, m.dport);
	put16(udp + 4, m.udplen < 0 ? 8 + len : m.udplen);
	if (m.sum != SUM_NONE)
		put16(udp + 6, udp_sum(ip, udp, 8 + len) ^ (m.sum == SUM_BAD));

	len += udp + 8 - frame + m.pad;
	if (m.linear || m.partial)
		send_virtio(frame, len, udp);
	else if (sendto(fd, frame, len, 0, (void *)&ll, sizeof(ll)) != len)
		fail("send");
}

static void send_arp(struct in_addr target, int vlan)
{
	uint8_t frame[46] = { 0 }, *p = frame + 12;
	int len = vlan < 0 ? 42 : 46;

	memset(frame, 255, 6);
	memcpy(frame + 6, m.smac, 6);
	if (vlan >= 0) {
		put16(p, ETH_P_8021Q);
		put16(p + 2, vlan);
		p += 4;
	}
	memcpy(p, "\x08\x06\0\1\x08\0\6\4\0\1", 10);
	memcpy(p + 10, m.smac, 6);
	memcpy(p + 16, &m.src, 4);
	memcpy(p + 26, &target, 4);
	if (sendto(fd, frame, len, 0, (void *)&ll, sizeof(ll)) < 0)
		fail("send");
}

/* --- answers ------------------------------------------------------------------------ */

struct answer {
	uint8_t frame[MAX];
	int len;
	bool partial;		/* its checksum was left to hardware */
	int vlan;		/* 0 for no tag */
	const uint8_t *ip, *udp, *msg;
	int msg_len;
};

/* The next frame, or false when time is up. */
static bool receive(struct answer *a, long deadline)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char control[256];
	struct iovec iov = { a->frame, sizeof(a->frame) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct sockaddr_ll from;
	struct cmsghdr *cmsg;
	long left;

	for (;;) {
		left = deadline - now_ms();
		if (poll(&pfd, 1, left > 0 ? left : 0) <= 0)
			return false;
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_controllen = sizeof(control);
		a->len = recvmsg(fd, &msg, 0);
		if (a->len < 0)
			fail("recvmsg");
		if (from.sll_pkttype != PACKET_OUTGOING)
			break;
	}
	a->partial = false;
	a->vlan = 0;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg))
		if (cmsg->cmsg_level == SOL_PACKET &&
		    cmsg->cmsg_type == PACKET_AUXDATA) {
			struct tpacket_auxdata aux;

			memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
			a->partial = aux.tp_status & TP_STATUS_CSUMNOTREADY;
			if (aux.tp_status & TP_STATUS_VLAN_VALID)
				a->vlan = aux.tp_vlan_tci & 0xfff;
		}
	return true;
}

static bool is_dhcp(struct answer *a)
{
	int ihl;

	if (a->len < 14 + 28 + FIXED || get16(a->frame + 12) != ETH_P_IP)
		return false;
	a->ip = a->frame + 14;
	ihl = (a->ip[0] & 15) * 4;
	a->udp = a->ip + ihl;
	a->msg = a->udp + 8;
	a->msg_len = get16(a->udp + 4) - 8;
	return a->ip[9] == 17 && a->msg[0] == 2 &&
	       a->msg + a->msg_len <= a->frame + a->len &&
	       a->msg_len >= FIXED;
}

static uint32_t xid_of(const struct answer *a)
{
	return (uint32_t)get16(a->msg + 4) << 16 | get16(a->msg + 6);
}

static bool is_ours(const struct answer *a)
{
	return any || xid_of(a) == m.xid;
}

static bool is_arp_reply(const struct answer *a, struct in_addr addr)
{
	return a->len >= 42 && get16(a->frame + 12) == ETH_P_ARP &&
	       get16(a->frame + 20) == 2 && !memcmp(a->frame + 28, &addr, 4);
}

static const uint8_t *find_opt(const struct answer *a, uint8_t code)
{
	int i = FIXED;

	while (i + 1 < a->msg_len && a->msg[i] != 255) {
		if (a->msg[i] == code)
			return a->msg + i + 2;
		i += a->msg[i] ? 2 + a->msg[i + 1] : 1;
	}
	return NULL;
}

static void print_hex(const uint8_t *p, int len)
{
	while (len-- > 0)
		printf("%02x", *p++);
	printf("\n");
}

static void print_address(const char *name, const uint8_t *p)
{
	printf("%s=%u.%u.%u.%u\n", name, p[0], p[1], p[2], p[3]);
}

static void print_mac(const char *name, const uint8_t *p)
{
	printf("%s=%02x:%02x:%02x:%02x:%02x:%02x\n", name, p[0], p[1], p[2],
	       p[3], p[4], p[5]);
}

/* An option from the place of its first piece on, all pieces (RFC 3396). */
static void print_pieces(const uint8_t *p, int first, int len)
{
	uint8_t all[MAX];
	int i, n = 0;

	for (i = first; i + 1 < len && p[i] != 255; i += p[i] ? 2 + p[i + 1] : 1)
		if (p[i] == p[first]) {
			memcpy(all + n, p + i + 2, p[i + 1]);
			n += p[i + 1];
		}
	print_hex(all, n);
}

static void print_opts(const char *name, const uint8_t *p, int len)
{
	uint8_t done[256] = { 0 };
	int i, n = 0;

	printf("%sopts=", name);
	for (i = 0; i + 1 < len && p[i] != 255; i += p[i] ? 2 + p[i + 1] : 1)
		if (p[i])
			printf("%s%u", n++ ? "," : "", p[i]);
	printf("\n");
	for (i = 0; i + 1 < len && p[i] != 255; i += p[i] ? 2 + p[i + 1] : 1)
		if (p[i] && !done[p[i]]++) {
			printf("%sopt.%u=", name, p[i]);
			print_pieces(p, i, len);
		}
	if (i < len)
		printf("%send=%u\n", name, i);
}

static bool is_zero(const uint8_t *p, int len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

static void print_answer(const struct answer *a)
{
	static const char *const names[] = {
		"none", "discover", "offer", "request", "decline", "ack",
		"nak", "release", "inform",
	};
	const uint8_t *type = find_opt(a, 53), *over = find_opt(a, 52);
	int ihl = (a->ip[0] & 15) * 4;

	printf("type=%s\n", type && *type < 9 ? names[*type] : "none");
	printf("vlan=%d\n", a->vlan);
	print_mac("eth.src", a->frame + 6);
	print_mac("eth.dst", a->frame);
	print_address("ip.src", a->ip + 12);
	print_address("ip.dst", a->ip + 16);
	printf("ttl=%u\nipid=%u\nfrag=%u\n", a->ip[8], get16(a->ip + 4),
	       get16(a->ip + 6));
	printf("ipsum=%s\n", sum(a->ip, ihl, 0) == 0xffff ? "good" : "bad");
	printf("sport=%u\ndport=%u\n", get16(a->udp), get16(a->udp + 2));
	printf("udpsum=%s\n", a->partial ? "partial" :
	       !get16(a->udp + 6) ? "none" :
	       udp_sum(a->ip, a->udp, 8 + a->msg_len) ? "bad" : "good");
	printf("len=%d\nhtype=%u\nhlen=%u\nhops=%u\nsecs=%u\n", a->msg_len,
	       a->msg[1], a->msg[2], a->msg[3], get16(a->msg + 8));
	printf("flags=0x%04x\n", get16(a->msg + 10));
	print_address("ciaddr", a->msg + 12);
	print_address("yiaddr", a->msg + 16);
	print_address("siaddr", a->msg + 20);
	print_address("giaddr", a->msg + 24);
	printf("chaddr=");
	print_hex(a->msg + 28, 16);
	printf("sname=%s\nfile=%s\n",
	       is_zero(a->msg + 44, 64) ? "zero" : "used",
	       is_zero(a->msg + 108, 128) ? "zero" : "used");
	if (!over || !(*over & 1))
		printf("file.text=%.128s\n", a->msg + 108);
	if (!over || !(*over & 2))
		printf("sname.text=%.64s\n", a->msg + 44);
	print_opts("", a->msg + FIXED, a->msg_len - FIXED);
	if (over && *over & 1)
		print_opts("file.", a->msg + 108, 128);
	if (over && *over & 2)
		print_opts("sname.", a->msg + 44, 64);
}

/* --- commands ------------------------------------------------------------------------- */

/* A question that is answered if any is. */
static void send_control(void)
{
	typeof(m) asked = m;

	m = as_it_should_be;
	control_xid = asked.xid + 1 ?: 1;
	m.xid = control_xid;
	memcpy(m.chaddr, silent_by, 6);
	send_message(1);
	m = asked;
}

static bool is_control(const struct answer *a)
{
	return control_xid && xid_of(a) == control_xid;
}

/* The answer to what was sent; in silent mode, its absence. */
static int await(struct answer *a)
{
	long deadline = now_ms() + wait_ms;

	if (silent.s_addr)
		send_arp(silent, -1);
	if (control_xid)
		send_control();
	while (receive(a, deadline)) {
		if (is_dhcp(a) && is_control(a))
			return 0;
		if (is_dhcp(a) && is_ours(a))
			return 1;
		if (silent.s_addr && is_arp_reply(a, silent))
			return 0;
	}
	if (silent.s_addr || control_xid) {
		fprintf(stderr, "dhcpc: the control got no answer\n");
		exit(3);
	}
	return 0;
}

/* So close that the server has no time to finish with it. */
static void send_before(void)
{
	static const uint8_t nobody[6];
	typeof(m) asked = m;

	if (!memcmp(after, nobody, 6))
		return;
	m = as_it_should_be;
	m.xid = asked.xid + 2;
	memcpy(m.chaddr, after, 6);
	opt(50, &asked.ciaddr, 4);
	send_message(1);
	m = asked;
}

static int cmd_message(int type)
{
	static struct answer a;
	int answered;

	send_before();
	send_message(type);
	answered = await(&a);
	if (answered)
		print_answer(&a);
	return silent.s_addr || control_xid ? answered : !answered;
}

/* Said again, it would be one option of twice the length (RFC 3396). */
static void drop_opt(uint8_t code)
{
	int i = 0, len;

	while (i < m.opts_len) {
		len = 2 + m.opts[i + 1];
		if (m.opts[i] == code) {
			memmove(m.opts + i, m.opts + i + len, m.opts_len - i - len);
			m.opts_len -= len;
		} else {
			i += len;
		}
	}
}

/* What an offer says, for the request that follows. */
static void take_offer(const struct answer *a, struct in_addr *address_)
{
	const uint8_t *server = find_opt(a, 54);

	memcpy(address_, a->msg + 16, 4);
	drop_opt(50);
	drop_opt(54);
	opt(50, address_, 4);
	if (server)
		opt(54, server, 4);
}

static int cmd_get(void)
{
	static struct answer a;
	struct in_addr got;

	send_message(1);
	if (!await(&a))
		return 1;
	take_offer(&a, &got);
	send_message(3);
	if (!await(&a))
		return 1;
	print_answer(&a);
	return 0;
}

static int cmd_arp(const char *target)
{
	static struct answer a;
	struct in_addr addr = address(target);
	long deadline = now_ms() + wait_ms;

	send_arp(addr, m.vlan);
	while (receive(&a, deadline))
		if (is_arp_reply(&a, addr)) {
			print_mac("mac", a.frame + 22);
			printf("vlan=%d\n", a.vlan);
			print_mac("eth.src", a.frame + 6);
			print_mac("eth.dst", a.frame);
			return 0;
		}
	return 1;
}

static void client(int i)
{
	m.chaddr[0] = 2;
	put16(m.chaddr + 4, i);
	m.xid = m.xid >> 16 << 16 | i;
}

static int cmd_flood(int count)
{
	int i;

	for (i = 0; i < count; i++) {
		client(i + 1);
		send_message(1);
	}
	return 0;
}

/* Each asks as soon as there is room in the window, and requests what it is
 * offered. A message that is lost is not sent again.
 */
static int cmd_many(int count)
{
	static struct answer a;
	int asked = 0, acks = 0, naks = 0, type;
	struct in_addr got;

	for (;;) {
		while (asked < count &&
		       (!window || asked - acks - naks < window)) {
			drop_opt(50);
			drop_opt(54);
			client(++asked);
			send_message(1);
		}
		if (acks + naks == count || !receive(&a, now_ms() + wait_ms))
			break;
		if (!is_dhcp(&a) || get16(a.msg + 4) != m.xid >> 16)
			continue;
		client(get16(a.msg + 6));
		type = find_opt(&a, 53) ? *find_opt(&a, 53) : 0;
		if (type == 2) {
			take_offer(&a, &got);
			send_message(3);
		} else if (type == 5) {
			acks++;
			print_address("address", a.msg + 16);
		} else {
			naks++;
			printf("nak\n");
		}
	}
	return acks != count;
}

/* --- every octet ------------------------------------------------------------------------- */

static void send_raw(const uint8_t *frame, int len)
{
	if (sendto(fd, frame, len, 0, (void *)&ll, sizeof(ll)) != len &&
	    errno != ENOBUFS && errno != EINVAL)
		fail("send");
}

/* Put right what would otherwise hide a mutation from the parser. */
static void fix_sums(uint8_t *frame)
{
	uint8_t *ip = frame + 14;

	put16(ip + 10, 0);
	put16(ip + 10, ~sum(ip, 20, 0));
	put16(ip + 26, 0);
}

static int cmd_mutate(int type)
{
	static const uint8_t values[] = { 0, 1, 6, 0x35, 0x7f, 0x80, 0xfe, 0xff };
	uint8_t frame[2 * MAX] = { 0 }, copy[2 * MAX];
	int len, i, sent = 0;
	unsigned int v;

	memcpy(frame, m.dmac, 6);
	memcpy(frame + 6, m.smac, 6);
	put16(frame + 12, ETH_P_IP);
	len = build_message(frame + 42, type);
	frame[14] = 0x45;
	put16(frame + 16, 28 + len);
	frame[22] = 64;
	frame[23] = 17;
	memcpy(frame + 30, &m.dst, 4);
	put16(frame + 34, 68);
	put16(frame + 36, 67);
	put16(frame + 38, 8 + len);
	len += 42;
	for (i = 12; i < len; i++)
		for (v = 0; v < 2 * sizeof(values); v++) {
			memcpy(copy, frame, len);
			fix_sums(copy);
			copy[i] = v < sizeof(values) ? values[v] :
				  copy[i] ^ 1 << (v - sizeof(values));
			/* Half of them with sums that were right before. */
			if (v & 1 && i >= 14)
				fix_sums(copy);
			send_raw(copy, len);
			sent++;
		}
	/* Cut, with headers that say so and with headers that do not. */
	for (i = 14; i < len; i++) {
		memcpy(copy, frame, len);
		fix_sums(copy);
		send_raw(copy, i);
		if (i >= 42) {
			put16(copy + 16, i - 14);
			put16(copy + 38, i - 34);
			fix_sums(copy);
			send_raw(copy, len);
			send_raw(copy, i);
			sent += 2;
		}
		sent++;
	}
	printf("sent=%d\n", sent);
	return 0;
}

/* --- a crash of the server ------------------------------------------------------------------ */

#define CLIENTS 4096

static struct {
	uint32_t address;	/* 0 while it has none */
	bool done;
	long asked;		/* when it said something last */
} clients[CLIENTS];
static uint16_t owner[65536];	/* client by the low half of its address, from 1 */

/* As a machine answers who has its address. */
static void answer_arp(const struct answer *a)
{
	uint8_t p[42] = { 0 };
	int who;

	if (a->len < 42 || get16(a->frame + 12) != ETH_P_ARP ||
	    get16(a->frame + 20) != 1)
		return;
	who = owner[get16(a->frame + 40)];
	if (!who || memcmp(&clients[who].address, a->frame + 38, 4))
		return;
	client(who);
	memcpy(p, a->frame + 22, 6);
	memcpy(p + 6, m.smac, 6);
	memcpy(p + 12, "\x08\x06\0\1\x08\0\6\4\0\2", 10);
	memcpy(p + 22, m.chaddr, 6);
	memcpy(p + 28, a->frame + 38, 4);
	memcpy(p + 32, a->frame + 22, 10);
	send_raw(p, sizeof(p));
}

static void client_ask(int who, bool renew)
{
	clients[who].asked = now_ms();
	client(who);
	drop_opt(50);
	drop_opt(54);
	m.ciaddr.s_addr = renew ? clients[who].address : 0;
	send_message(renew ? 3 : 1);
	m.ciaddr.s_addr = 0;
}

/* These clients, in this order; those that have an address renew it. */
static int serve(const uint16_t *list, int count, int *naks, int *twice,
		 int *withdrawn)
{
	static struct answer a;
	int next = 0, done = 0, who, low, type, i;
	long deadline = now_ms() + wait_ms;
	struct in_addr got;

	while (done < count && now_ms() < deadline) {
		for (; next < count && next - done < window; next++)
			client_ask(list[next], clients[list[next]].address);
		for (i = 0; i < next; i++)
			if (!clients[list[i]].done &&
			    now_ms() - clients[list[i]].asked > 4000)
				client_ask(list[i], clients[list[i]].address);
		if (!receive(&a, now_ms() + 200))
			continue;
		answer_arp(&a);
		if (!is_dhcp(&a) || get16(a.msg + 4) != m.xid >> 16)
			continue;
		who = get16(a.msg + 6);
		if (!who || who >= CLIENTS || clients[who].done)
			continue;
		client(who);
		type = find_opt(&a, 53) ? *find_opt(&a, 53) : 0;
		if (type == 2) {
			take_offer(&a, &got);
			clients[who].asked = now_ms();
			send_message(3);
		} else if (type == 5) {
			memcpy(&got, a.msg + 16, 4);
			low = ntohl(got.s_addr) & 0xffff;
			*twice += owner[low] && owner[low] != who;
			owner[low] = who;
			clients[who].address = got.s_addr;
			clients[who].done = true;
			done++;
		} else if (type == 6) {
			/* One that had an address, or was only offered it. */
			++*(clients[who].address ? naks : withdrawn);
			clients[who].address = 0;
			client_ask(who, false);
		}
	}
	return done;
}

/* Odd numbers are the old clients, even ones the new. Of three that ask one is
 * old, so that most have not renewed yet when the new ones come.
 */
static int cmd_crash(int count)
{
	static uint16_t list[2 * CLIENTS];
	int naks = 0, twice = 0, withdrawn = 0, done, i, n = 0, old = 1, new = 2;
	char line[8];

	if (2 * count >= CLIENTS)
		usage("too many");
	if (!window)
		window = 32;
	for (i = 0; i < count; i++)
		list[i] = 2 * i + 1;
	done = serve(list, count, &naks, &twice, &withdrawn);
	printf("had=%d\n", done);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 3;
	for (i = 0; i < CLIENTS; i++)
		clients[i].done = false;
	while (n < 2 * count) {
		if (n % 3 == 2 && old < 2 * count) {
			list[n++] = old;
			old += 2;
		} else if (new <= 2 * count) {
			list[n++] = new;
			new += 2;
		} else {
			list[n++] = old;
			old += 2;
		}
	}
	naks = 0;
	withdrawn = 0;
	done = serve(list, n, &naks, &twice, &withdrawn);
	printf("served=%d\nnaks=%d\ntwice=%d\nwithdrawn=%d\n", done, naks,
	       twice, withdrawn);
	return done != n;
}

/* NETNS:NAME without the first part, which is entered. */
static const char *enter_netns(const char *dev)
{
	const char *colon = strchr(dev, ':');
	char path[256];
	int ns;

	if (!colon)
		return dev;
	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)(colon - dev), dev);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		fail(path);
	close(ns);
	return colon + 1;
}

static void start(const char *dev)
{
	struct ifreq ifr = { 0 };
	cpu_set_t cpus;
	int one = 1;

	dev = enter_netns(dev);

	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (fd < 0)
		fail("socket");
	strncpy(ifr.ifr_name, dev, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFINDEX, &ifr))
		fail(dev);
	ll.sll_family = AF_PACKET;
	ll.sll_protocol = htons(ETH_P_ALL);
	ll.sll_ifindex = ifr.ifr_ifindex;
	if (bind(fd, (void *)&ll, sizeof(ll)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)))
		fail(dev);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		fail(dev);
	memcpy(m.smac, ifr.ifr_hwaddr.sa_data, 6);
	memcpy(m.chaddr, m.smac, 6);
	m.dst.s_addr = INADDR_BROADCAST;
	if (getrandom(&m.xid, sizeof(m.xid), 0) != sizeof(m.xid))
		fail("getrandom");

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

int main(int argc, char **argv)
{
	const char *slow = getenv("VMNET_SLOW");
	const char *cmd;
	bool counted;
	int i = 3;

	if (argc < 3)
		usage("dhcpc DEV TYPE [KEY VALUE]...");
	cmd = argv[2];
	counted = !strcmp(cmd, "arp") || !strcmp(cmd, "flood") ||
		  !strcmp(cmd, "many") || !strcmp(cmd, "crash") ||
		  !strcmp(cmd, "mutate");
	if (counted && argc < ++i)
		usage(cmd);
	start(argv[1]);
	as_it_should_be = m;
	for (; i + 1 < argc; i += 2)
		key(argv[i], argv[i + 1]);
	if (i != argc)
		usage("a key without a value");
	if (slow && atoi(slow) > 0)
		wait_ms *= atoi(slow);

	if (!strcmp(cmd, "get"))
		return cmd_get();
	if (!strcmp(cmd, "arp"))
		return cmd_arp(argv[3]);
	if (!strcmp(cmd, "flood"))
		return cmd_flood(atoi(argv[3]));
	if (!strcmp(cmd, "many"))
		return cmd_many(atoi(argv[3]));
	if (!strcmp(cmd, "crash"))
		return cmd_crash(atoi(argv[3]));
	if (!strcmp(cmd, "mutate"))
		return cmd_mutate(type_of(argv[3]));
	if (type_of(cmd) < 0)
		usage(cmd);
	return cmd_message(type_of(cmd));
}
