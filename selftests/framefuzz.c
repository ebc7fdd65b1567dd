// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that were captured, changed at random, into every door of a network:
 *
 *   framefuzz SEED COUNT CAPTURE DOOR...
 *
 * CAPTURE is what "tcpdump -xx" prints. A DOOR is NETNS:IFNAME (:IFNAME in the present
 * namespace), into which is sent as its owner would send, or the path of a tap's node.
 * Each frame takes a door by chance; one in two has a virtio_net_hdr that says
 * something, seldom the truth. What the kernel refuses to send is not an error.
 *
 * Prints "sent N refused N", and for each door the same. Exit: 0, 1 a door is gone,
 * 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw.h"

#define DOORS_MAX	16
#define FRAMES_MAX	4096
#define FRAME_MAX	65536
#define HEADER		sizeof(struct virtio_net_hdr)
#define ANY(a)		((a)[below(sizeof(a) / sizeof((a)[0]))])

static struct door {
	const char *where;
	bool tap;
	int fd, ifindex;
	uint8_t mac[ETH_ALEN];
	unsigned int sent, refused;
} doors[DOORS_MAX];
static unsigned int n_doors;

static struct { uint8_t *at; size_t len; } seeds[FRAMES_MAX];
static unsigned int n_seeds;

static uint8_t buf[HEADER + FRAME_MAX];

/* xorshift64*: the same everywhere. */
static uint64_t state;

static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static unsigned int below(unsigned int n)
{
	return (next() >> 32) % n;
}

/* --- what was captured --------------------------------------------------------------- */

static void load(const char *path)
{
	static uint8_t frame[FRAME_MAX];
	char *line = NULL;
	size_t size = 0, len = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		die("cannot open", path);
	for (;;) {
		bool more = getline(&line, &size, f) >= 0;
		char *at;

		/* A line of words begins the next one. */
		if ((!more || line[0] != '\t') && len && n_seeds < FRAMES_MAX) {
			seeds[n_seeds].at = memcpy(malloc(len), frame, len);
			seeds[n_seeds++].len = len;
			len = 0;
		}
		if (!more)
			break;
		at = strchr(line, ':');
		if (line[0] != '\t' || !at)
			continue;
		for (at++; len < FRAME_MAX; len++) {
			unsigned int octet;
			int used;

			if (sscanf(at, " %2x%n", &octet, &used) != 1)
				break;
			frame[len] = octet;
			at += used;
		}
	}
	free(line);
	fclose(f);
	if (!n_seeds)
		die("no frames in", path);
}

/* --- what becomes of it ---------------------------------------------------------------- */

static size_t insert(uint8_t *frame, size_t len, size_t at, const void *what, size_t n)
{
	if (at > len || len + n > FRAME_MAX)
		return len;
	memmove(frame + at + n, frame + at, len - at);
	/* It may be a piece of the frame. */
	memmove(frame + at, what, n);
	return len + n;
}

static size_t change(uint8_t *frame, size_t len)
{
	static const uint8_t octets[] = { 0, 1, 0x0f, 0x40, 0x45, 0x7f, 0x80, 0xfe, 0xff };
	static const uint16_t words[] = { 0, 1, 3, 46, 1500, 1536, 0x7fff, 0x8000, 0xffff,
		0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x8863, 0x8847, 0x8808, 0x88cc,
		0x888e, 0x9000, 67, 68 };
	size_t at = len ? below(len) : 0, n, other;
	uint8_t tag[4];

	/* Where the headers are, more often. */
	if (below(4) && len > 64)
		at = below(64);
	switch (below(10)) {
	case 0:
	case 1:
		if (len)
			frame[at] ^= 1 << below(8);
		return len;
	case 2:
		if (len)
			frame[at] = ANY(octets);
		return len;
	case 3:
		if (len > at + 1)
			put16(frame + (at & ~1UL), ANY(words));
		return len;
	case 4:
		return below(4) ? at : below(20);
	case 5:
		n = below(50) ? below(200) : below(FRAME_MAX);
		if (len + n > FRAME_MAX)
			n = FRAME_MAX - len;
		memset(frame + len, below(256), n);
		return len + n;
	case 6:
		put16(tag, below(4) ? ETH_P_8021Q : ETH_P_8021AD);
		put16(tag + 2, below(3) ? 5 : below(65536));
		return insert(frame, len, 12, tag, sizeof(tag));
	case 7:
		if (len < 18)
			return len;
		memmove(frame + 12, frame + 16, len - 16);
		return len - 4;
	case 8:
		other = below(n_seeds);
		if (at >= seeds[other].len)
			return len;
		memcpy(frame + at, seeds[other].at + at, seeds[other].len - at);
		return seeds[other].len;
	default:
		n = below(64);
		return at + n <= len ? insert(frame, len, below(len + 1), frame + at, n) : len;
	}
}

static size_t make(uint8_t *frame, const struct door *d)
{
	static const uint8_t groups[][ETH_ALEN] = {
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, { 0x01, 0x00, 0x5e, 0, 0, 1 },
		{ 0x33, 0x33, 0, 0, 0, 1 }, { 0x01, 0x80, 0xc2, 0, 0, 0 },
		{ 0x01, 0x80, 0xc2, 0, 0, 0x0e }, { 0x02, 0, 0x5e, 0, 0, 0x77 }, { 0 },
	};
	unsigned int i = below(n_seeds), n = below(5);
	size_t len = seeds[i].len;

	memcpy(frame, seeds[i].at, len);
	/* So that most get further than the first question. */
	if (len >= ETH_HLEN) {
		if (below(3))
			memcpy(frame, below(2) ? doors[below(n_doors)].mac : ANY(groups), ETH_ALEN);
		if (below(8))
			memcpy(frame + ETH_ALEN, d->mac, ETH_ALEN);
	}
	while (n--)
		len = change(frame, len);
	return len;
}

static void say(struct virtio_net_hdr *vnet, size_t len)
{
	const uint16_t lengths[] = { 0, 1, 14, 34, 42, 54, 1400, 1448, 65535, len, below(65536) };
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 0x80, 0x81, 0x84, 0xff };
	static const uint8_t flags[] = { 0, 1, 1, 2, 3, 4, 0xff };
	static const uint16_t sums[] = { 6, 16, 0, 2, 65535 };

	memset(vnet, 0, sizeof(*vnet));
	if (below(2))
		return;
	vnet->flags = ANY(flags);
	vnet->gso_type = ANY(types);
	vnet->hdr_len = ANY(lengths);
	vnet->gso_size = ANY(lengths);
	vnet->csum_start = ANY(lengths);
	vnet->csum_offset = ANY(sums);
}

/* --- doors ------------------------------------------------------------------------------ */

static void door_open(const char *where)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	struct door *d = &doors[n_doors++];
	int size = HEADER, on = 1;

	d->where = where;
	d->tap = where[0] == '/';
	if (!d->tap) {
		d->fd = raw_open(where, 0, &d->ifindex, d->mac);
		if (setsockopt(d->fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
			die("no virtio_net_hdr at", where);
		return;
	}
	d->fd = open(where, O_RDWR | O_NONBLOCK);
	if (d->fd < 0 || ioctl(d->fd, TUNSETIFF, &ifr) || ioctl(d->fd, TUNSETVNETHDRSZ, &size) ||
	    ioctl(d->fd, SIOCGIFHWADDR, &ifr))
		die("cannot open", where);
	memcpy(d->mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
}

static void pass(struct door *d, size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = d->ifindex,
				  .sll_halen = ETH_ALEN };
	static uint8_t away[HEADER + FRAME_MAX];
	ssize_t rc;

	rc = d->tap ? write(d->fd, buf, HEADER + len) :
		      sendto(d->fd, buf, HEADER + len, 0, (void *)&to, sizeof(to));
	if (rc >= 0)
		d->sent++;
	else if (errno == ENXIO || errno == ENODEV || errno == EBADF || errno == EBADFD)
		die("this door is gone:", d->where);
	else
		d->refused++;
	/* Whoever never reads has a full ring, and then nothing comes to it. */
	while (d->tap && read(d->fd, away, sizeof(away)) > 0)
		;
}

int main(int argc, char **argv)
{
	unsigned int i, sent = 0, refused = 0, count;

	if (argc < 5 || argc > 4 + DOORS_MAX) {
		fprintf(stderr, "usage: framefuzz SEED COUNT CAPTURE DOOR...\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 0) + 0x9e3779b97f4a7c15ull;
	count = strtoul(argv[2], NULL, 0);
	load(argv[3]);
	for (i = 4; argv[i]; i++)
		door_open(argv[i]);
	for (i = 0; i < count; i++) {
		struct door *d = &doors[below(n_doors)];
		size_t len = make(buf + HEADER, d);

		say((void *)buf, len);
		pass(d, len);
	}
	for (i = 0; i < n_doors; i++) {
		sent += doors[i].sent;
		refused += doors[i].refused;
	}
	printf("sent %u refused %u\n", sent, refused);
	for (i = 0; i < n_doors; i++)
		printf("%s: sent %u refused %u\n", doors[i].where, doors[i].sent, doors[i].refused);
	return 0;
}
