// SPDX-License-Identifier: GPL-2.0-only
/* Load for a DHCP server: many clients at once that get an address each, in
 * raw frames, and how long that took.
 *
 *	dhcpload DEV COUNT [KEY VALUE]...
 *
 * DEV is a netdev's name, or NETNS:NAME. COUNT clients, so many at once as
 * "window" says (64), send a DISCOVER, and a REQUEST for what they are offered;
 * an ACK is an exchange. With "rate R" a client begins every 1/R seconds
 * instead, whatever has become of the others: open loop. A client whose
 * answer has not come within "timeout" milliseconds (1000) is lost, nothing is
 * sent again.
 *
 * Keys: window, rate, timeout; first N (number of the first client, which
 * makes its hardware address); flags F (0x8000: answers are broadcast);
 * list FILE (addresses that were given, one a line); limit S (seconds after
 * which all is given up); beside PID (a process that is not to be counted).
 *
 * Prints NAME=VALUE, one a line: exchanges, naks, lost, ns (from the first
 * message to the last), begun (until the last client began, ns), idle (of all CPUs, in that time, ns), beside (what PID
 * ran in that time, interrupts excepted, ns), offer_p50, offer_p95, ack_p50,
 * ack_p95 (ns from question to answer). Clients that had not begun when all was
 * given up are in none of them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
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
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IP	14
#define UDP	(IP + 20)
#define MSG	(UDP + 8)
#define OPTS	(MSG + 240)
/* As short as a real client's: 300 octets of DHCP. */
#define FRAME	(MSG + 300)
#define MAX	1600

enum state { IDLE, DISCOVERED, REQUESTED, DONE, LOST };

struct client {
	uint64_t sent;
	uint8_t state;
};

static int fd;
static struct sockaddr_ll ll;
static uint8_t frame[FRAME];
static struct client *clients;
static uint64_t *offer_ns, *ack_ns;
static uint32_t count, first, window = 64, rate, timeout_ms = 1000;
static uint16_t flags = 0x8000;
static uint32_t asked, finished, acks, naks, lost, offers;
static uint32_t oldest;		/* the first client that may still be waiting */
static uint64_t begun;		/* when the last one did */
static uint64_t deadline = UINT64_MAX;
static bool late;
static const char *beside;
static FILE *list;

static void usage(const char *what)
{
	fprintf(stderr, "dhcpload: %s\n", what);
	exit(2);
}

static void fail(const char *what)
{
	fprintf(stderr, "dhcpload: %s: %s\n", what, strerror(errno));
	exit(3);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* What all CPUs together have idled, in nanoseconds, to a hundredth of a
 * second; user and system time say less, since what is done in interrupts on
 * behalf of others is in neither.
 */
static uint64_t idle(void)
{
	unsigned long long user, nice, sys, idle_, wait = 0;
	FILE *f = fopen("/proc/stat", "r");

	if (!f || fscanf(f, "cpu %llu %llu %llu %llu %llu", &user, &nice, &sys,
			 &idle_, &wait) < 4)
		fail("/proc/stat");
	fclose(f);
	return (idle_ + wait) * (1000000000ull / sysconf(_SC_CLK_TCK));
}

/* What process @beside has run. */
static uint64_t ran(void)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *f;

	if (!beside)
		return 0;
	snprintf(path, sizeof(path), "/proc/%s/schedstat", beside);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%llu", &ns) != 1)
		fail(path);
	fclose(f);
	return ns;
}

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value);
}

static unsigned int get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static uint16_t ip_sum(const uint8_t *p)
{
	uint32_t sum = 0;
	int i;

	for (i = 0; i < 20; i += 2)
		sum += get16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* All that is the same for all: a datagram to everybody, from nobody, without
 * a sum of its own, as IPv4 allows.
 */
static void make_frame(const uint8_t *mac)
{
	uint8_t *ip = frame + IP, *msg = frame + MSG;

	memset(frame, 255, 6);
	memcpy(frame + 6, mac, 6);
	put16(frame + 12, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, FRAME - IP);
	ip[8] = 64;
	ip[9] = 17;
	memset(ip + 16, 255, 4);
	put16(ip + 10, ip_sum(ip));
	put16(frame + UDP, 68);
	put16(frame + UDP + 2, 67);
	put16(frame + UDP + 4, FRAME - UDP);
	msg[0] = 1;
	msg[1] = 1;
	msg[2] = 6;
	put16(msg + 10, flags);
	put32(msg + 236, 0x63825363);
}

/* Of client @i: a DISCOVER, or a REQUEST for what this answer offers. */
static void ask(uint32_t i, const uint8_t *offer, const uint8_t *server)
{
	static const uint8_t prl[] = { 55, 6, 1, 3, 6, 15, 28, 51 };
	uint8_t *msg = frame + MSG, *p = frame + OPTS;
	uint32_t number = first + i;

	/* A number that is not ours keeps answers to others apart. */
	put32(msg + 4, 0x5a000000 ^ number);
	/* 02:4c:NN:NN:NN:NN */
	msg[28] = 2;
	msg[29] = 0x4c;
	put32(msg + 30, number);
	*p++ = 53;
	*p++ = 1;
	*p++ = offer ? 3 : 1;
	if (offer) {
		*p++ = 50;
		*p++ = 4;
		memcpy(p, offer + 16, 4);
		p += 4;
		if (server) {
			*p++ = 54;
			*p++ = 4;
			memcpy(p, server, 4);
			p += 4;
		}
	}
	memcpy(p, prl, sizeof(prl));
	p += sizeof(prl);
	*p++ = 255;
	memset(p, 0, frame + FRAME - p);

	clients[i].sent = now();
	late |= clients[i].sent > deadline;
	clients[i].state = offer ? REQUESTED : DISCOVERED;
	while (sendto(fd, frame, FRAME, 0, (void *)&ll, sizeof(ll)) < 0)
		if (errno != ENOBUFS && errno != EAGAIN)
			fail("send");
}

static const uint8_t *find_opt(const uint8_t *msg, int len, uint8_t code)
{
	int i = 240;

	while (i + 1 < len && msg[i] != 255) {
		if (msg[i] == code && i + 2 + msg[i + 1] <= len)
			return msg + i + 2;
		i += msg[i] ? 2 + msg[i + 1] : 1;
	}
	return NULL;
}

static void finish(struct client *c, enum state state)
{
	c->state = state;
	finished++;
}

static void take(const uint8_t *p, int len)
{
	const uint8_t *msg = p + IP + (p[IP] & 15) * 4 + 8, *type;
	int msg_len = len - (msg - p);
	struct client *c;
	uint64_t ns;
	uint32_t i;

	if (msg_len < 240 || p[IP + 9] != 17 || msg[0] != 2)
		return;
	i = (get32(msg + 4) ^ 0x5a000000) - first;
	type = find_opt(msg, msg_len, 53);
	if (i >= asked || !type)
		return;
	c = &clients[i];
	ns = now() - c->sent;
	if (*type == 2 && c->state == DISCOVERED) {
		offer_ns[offers++] = ns;
		ask(i, msg, find_opt(msg, msg_len, 54));
	} else if (*type == 5 && c->state == REQUESTED) {
		ack_ns[acks++] = ns;
		if (list)
			fprintf(list, "%u.%u.%u.%u\n", msg[16], msg[17],
				msg[18], msg[19]);
		finish(c, DONE);
	} else if (*type == 6 && c->state == REQUESTED) {
		naks++;
		finish(c, DONE);
	}
}

/* They began in their order, so those that have waited too long are the first
 * of those that wait, but for the time of their second message.
 */
static void give_up(uint64_t when)
{
	struct client *c;

	late |= when > deadline;
	for (; oldest < asked; oldest++) {
		c = &clients[oldest];
		if (c->state == DISCOVERED || c->state == REQUESTED) {
			if (when - c->sent < timeout_ms * 1000000ull)
				break;
			lost++;
			finish(c, LOST);
		}
	}
}

static bool may_ask(uint64_t start)
{
	if (asked == count)
		return false;
	if (rate)
		return now() - start >= asked * 1000000000ull / rate;
	return asked - finished < window;
}

static void run(void)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static uint8_t buf[MAX];
	uint64_t start = now(), next;
	struct timespec ts;
	int len;

	while (finished < count && !late) {
		while (may_ask(start) && !late) {
			ask(asked++, NULL, NULL);
			begun = clients[asked - 1].sent;
		}
		len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (len >= 0) {
			take(buf, len);
			continue;
		}
		if (errno != EAGAIN)
			fail("recv");
		/* For an answer, the next client's turn, or the end of
		 * somebody's patience.
		 */
		next = 10000000;
		if (rate && asked < count) {
			next = start + asked * 1000000000ull / rate;
			next = next > now() ? next - now() : 0;
		}
		ts.tv_sec = 0;
		ts.tv_nsec = next < 10000000 ? next : 10000000;
		if (!ppoll(&pfd, 1, &ts, NULL))
			give_up(now());
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print_times(const char *name, uint64_t *ns, uint32_t n)
{
	qsort(ns, n, sizeof(*ns), compare);
	printf("%s_p50=%llu\n", name, n ? (unsigned long long)ns[n / 2] : 0);
	printf("%s_p95=%llu\n", name,
	       n ? (unsigned long long)ns[n * 95ull / 100] : 0);
}

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

/* UDP to the client's port; the rest is dropped before it is queued. */
static void filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, IP + 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 17, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, UDP + 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 68, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(*code), code };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)))
		fail("SO_ATTACH_FILTER");
}

static void start(const char *dev)
{
	struct ifreq ifr = { 0 };
	int size = 64 << 20;

	dev = enter_netns(dev);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		fail("socket");
	filter();
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	strncpy(ifr.ifr_name, dev, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCGIFINDEX, &ifr))
		fail(dev);
	ll.sll_family = AF_PACKET;
	/* Not ETH_P_ALL, which would give us our own frames back. */
	ll.sll_protocol = htons(ETH_P_IP);
	ll.sll_ifindex = ifr.ifr_ifindex;
	if (bind(fd, (void *)&ll, sizeof(ll)) || ioctl(fd, SIOCGIFHWADDR, &ifr))
		fail(dev);
	make_frame((uint8_t *)ifr.ifr_hwaddr.sa_data);
}

static void key(const char *name, const char *value)
{
	unsigned long n = strtoul(value, NULL, 0);

	if (!strcmp(name, "window"))
		window = n;
	else if (!strcmp(name, "rate"))
		rate = n;
	else if (!strcmp(name, "timeout"))
		timeout_ms = n;
	else if (!strcmp(name, "first"))
		first = n;
	else if (!strcmp(name, "flags"))
		flags = n;
	else if (!strcmp(name, "limit"))
		deadline = now() + n * 1000000000ull;
	else if (!strcmp(name, "beside"))
		beside = value;
	else if (!strcmp(name, "list")) {
		list = fopen(value, "w");
		if (!list)
			fail(value);
	} else {
		usage(name);
	}
}

int main(int argc, char **argv)
{
	uint64_t began, idled, others, ns;
	int i;

	if (argc < 3 || !(argc & 1))
		usage("dhcpload DEV COUNT [KEY VALUE]...");
	count = strtoul(argv[2], NULL, 0);
	for (i = 3; i + 1 < argc; i += 2)
		key(argv[i], argv[i + 1]);
	if (!count || !window)
		usage("nothing to do");
	start(argv[1]);
	clients = calloc(count, sizeof(*clients));
	offer_ns = calloc(count, sizeof(*offer_ns));
	ack_ns = calloc(count, sizeof(*ack_ns));
	if (!clients || !offer_ns || !ack_ns)
		fail("memory");
	/* What touching a page for the first time costs is not the server's. */
	if (mlockall(MCL_CURRENT))
		fail("mlockall");

	idled = idle();
	others = ran();
	began = now();
	run();
	ns = now() - began;
	others = ran() - others;
	idled = idle() - idled;
	lost += asked - finished;
	if (list && fclose(list))
		fail("list");
	printf("exchanges=%u\nnaks=%u\nlost=%u\nns=%llu\nidle=%llu\n", acks,
	       naks, lost, (unsigned long long)ns, (unsigned long long)idled);
	printf("begun=%llu\nbeside=%llu\n",
	       (unsigned long long)(begun - began), (unsigned long long)others);
	print_times("offer", offer_ns, offers);
	print_times("ack", ack_ns, acks);
	return acks != count;
}
