// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame costs from one virtual machine's tap to another's, with a program
 * in the place of both machines: it writes a burst at one end, reads it at the
 * other, and takes the time. With vhost it is the driver of two rings in its own
 * memory instead, and vhost-net carries the frames.
 *
 *   tapload FROM TO [WORD VALUE]...
 *
 * An end is tun:NAME (a tun/tap device) or the path of a tap's node. Words:
 * dst MAC, src MAC (needed), len N (64), gso N (a TCP super-packet of such
 * segments), burst N (1), frames N (256, in a round), rounds N (25), vhost 1.
 *
 * Prints nanoseconds a frame, of the median round. All frames must arrive.
 * Exit: 0, 1 a frame is missing or the kernel refused, 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tapend.h"

#define DEADLINE	10.0
#define ROUNDS_MAX	1000

static struct {
	uint8_t dst[ETH_ALEN], src[ETH_ALEN];
	unsigned int len, gso, burst, frames, rounds;
	bool vhost;
} opt = { .len = 64, .burst = 1, .frames = 256, .rounds = 25 };

static uint8_t frame[BUFFER], got[BUFFER];
static size_t frame_len;

static void usage(const char *what)
{
	fprintf(stderr, "tapload: %s\n", what);
	exit(2);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* --- the frame ------------------------------------------------------------------ */

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint32_t sum16(const uint8_t *from, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += from[i] << 8 | from[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* TCP between documentation addresses, the checksum open as guests leave it. */
static void build(void)
{
	static const uint8_t addrs[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };
	struct virtio_net_hdr *vnet = (void *)frame;
	uint8_t *eth = frame + HEADER, *ip = eth + ETH_HLEN, *tcp = ip + 20;
	unsigned int len = opt.len - ETH_HLEN;

	memcpy(eth, opt.dst, ETH_ALEN);
	memcpy(eth + ETH_ALEN, opt.src, ETH_ALEN);
	put16(eth + 2 * ETH_ALEN, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, len);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, addrs, sizeof(addrs));
	put16(ip + 10, ~sum16(ip, 20, 0) & 0xffff);
	put16(tcp, 1024);
	put16(tcp + 2, 9);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	put16(tcp + 16, sum16(addrs, sizeof(addrs), IPPROTO_TCP + len - 20));
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = ETH_HLEN + 20;
	vnet->csum_offset = 16;
	if (opt.gso) {
		vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		vnet->gso_size = opt.gso;
		vnet->hdr_len = ETH_HLEN + 40;
	}
	frame_len = HEADER + opt.len;
}

/* Is this ours? Others' (of the kernel, that is) are not counted. */
static bool is_ours(const uint8_t *data, size_t len)
{
	return len == frame_len &&
	       !memcmp(data + HEADER, frame + HEADER, 2 * ETH_ALEN + 2);
}

/* --- ends ------------------------------------------------------------------------- */

/* All that will be sent is there from the beginning. */
static void vhost_fill(struct end *e)
{
	unsigned int i;

	for (i = 0; i < RING; i++) {
		memcpy(e->tx.buffers + (size_t)i * BUFFER, frame, frame_len);
		e->tx.v.desc[i].len = frame_len;
	}
}

static void vhost_send(struct end *e, unsigned int n)
{
	ring_add(&e->tx, n);
	ring_kick(&e->tx);
}

static void send_burst(struct end *e, unsigned int n)
{
	if (opt.vhost) {
		vhost_send(e, n);
		return;
	}
	while (n--) {
		if (write(e->fd, frame, frame_len) != (ssize_t)frame_len)
			die("write");
	}
}

static unsigned int receive(struct end *e)
{
	unsigned int n = 0;
	ssize_t len;

	if (opt.vhost)
		return vhost_receive(e, is_ours);
	while ((len = read(e->fd, got, sizeof(got))) > 0)
		n += is_ours(got, len);

	return n;
}

static void wait_for(struct end *e)
{
	struct pollfd p = { opt.vhost ? e->rx.call : e->fd, POLLIN, 0 };
	uint64_t n;

	poll(&p, 1, 100);
	if (opt.vhost && read(e->rx.call, &n, sizeof(n)) < 0 && errno != EAGAIN)
		die("call");
}

/* Returns false when one is lost. */
static bool pass(struct end *from, struct end *to, unsigned int n)
{
	uint64_t end = now() + (uint64_t)(DEADLINE * 1e9);
	unsigned int came = 0;

	send_burst(from, n);
	for (;;) {
		came += receive(to);
		if (came == n)
			return true;
		if (came > n || now() > end)
			return false;
		wait_for(to);
	}
}

/* --- main ------------------------------------------------------------------------- */

static void get_mac(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2,
		   mac + 3, mac + 4, mac + 5) != 6)
		usage("this is no MAC address");
}

static void get_words(char **word)
{
	for (; word[0]; word += 2) {
		unsigned int n;

		if (!word[1])
			usage("a word lacks its value");
		n = strtoul(word[1], NULL, 10);
		if (!strcmp(word[0], "dst"))
			get_mac(word[1], opt.dst);
		else if (!strcmp(word[0], "src"))
			get_mac(word[1], opt.src);
		else if (!strcmp(word[0], "len"))
			opt.len = n;
		else if (!strcmp(word[0], "gso"))
			opt.gso = n;
		else if (!strcmp(word[0], "burst"))
			opt.burst = n;
		else if (!strcmp(word[0], "frames"))
			opt.frames = n;
		else if (!strcmp(word[0], "rounds"))
			opt.rounds = n;
		else if (!strcmp(word[0], "vhost"))
			opt.vhost = n;
		else
			usage(word[0]);
	}
	if (opt.len < 60 || opt.len > BUFFER - HEADER)
		usage("a frame has 60 to 65550 octets");
	if (!opt.burst || opt.burst > RING / 2 || opt.frames % opt.burst)
		usage("a round has whole bursts, of 128 frames at most");
	if (!opt.rounds || opt.rounds > ROUNDS_MAX)
		usage("there are 1 to 1000 rounds");
}

/* Switches that learn must know where both are. By hand: nobody waits for an
 * answer if the way is not open yet.
 */
static void teach(struct end *from, struct end *to)
{
	uint8_t back[HEADER + 60] = { };
	unsigned int tries;
	struct pollfd p = { from->fd, POLLIN, 0 };

	memcpy(back + HEADER, opt.src, ETH_ALEN);
	memcpy(back + HEADER + ETH_ALEN, opt.dst, ETH_ALEN);
	put16(back + HEADER + 2 * ETH_ALEN, 0x88b5);
	for (tries = 0; tries < 500; tries++) {
		if (write(to->fd, back, sizeof(back)) < 0 && errno != EIO)
			die("write");
		poll(&p, 1, 10);
		while (read(from->fd, got, sizeof(got)) > 0) {
			if (!memcmp(got + HEADER, back + HEADER, 2 * ETH_ALEN + 2))
				return;
		}
	}
	fprintf(stderr, "tapload: the way is not open\n");
	exit(1);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct end from, to;
	uint64_t took[ROUNDS_MAX];
	unsigned int i, n;

	if (argc < 3)
		usage("tapload FROM TO [WORD VALUE]...");
	tapend_name = "tapload";
	get_words(argv + 3);
	build();

	end_open(&from, argv[1]);
	end_open(&to, argv[2]);
	teach(&from, &to);
	if (opt.vhost) {
		vhost_begin(&from);
		vhost_begin(&to);
		vhost_fill(&from);
		take_turns();
	}

	/* Caches, free lists, code that is patched on first use: two rounds. */
	for (i = 0; i < opt.rounds + 2; i++) {
		uint64_t start = now();

		for (n = 0; n < opt.frames; n += opt.burst) {
			if (pass(&from, &to, opt.burst))
				continue;
			fprintf(stderr, "tapload: a frame was lost, or doubled\n");
			return 1;
		}
		if (i >= 2)
			took[i - 2] = now() - start;
	}
	qsort(took, opt.rounds, sizeof(*took), compare);
	printf("%llu\n", (unsigned long long)((took[opt.rounds / 2] + opt.frames / 2) /
					      opt.frames));

	return 0;
}
