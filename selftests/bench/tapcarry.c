// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual machine's NIC without the machine: carries frames between a tap and a
 * tun/tap device, behind which a TCP/IP stack (of a network namespace) takes the
 * guest's place. As QEMU does it, or, with vhost, as a guest's driver and vhost-net.
 *
 *   tapcarry TAP STACK [vhost]
 *
 * TAP and STACK are tun:NAME or, for TAP, the path of a tap's node. Says "ready" when
 * both are open, and goes on until it is killed.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tapend.h"

/* What is taken from one side before the other has its turn. */
#define BUDGET	256

static struct end tap, stack;
static uint8_t buffer[BUFFER];

static bool give(int fd, const uint8_t *data, size_t len)
{
	/* Who is down takes nothing. */
	if (write(fd, data, len) < 0 && errno != EIO && errno != ENOBUFS)
		die("write");
	return true;
}

static bool give_stack(const uint8_t *data, size_t len)
{
	return give(stack.fd, data, len);
}

/* Returns how much there was; a descriptor that is empty ends it. */
static ssize_t take(int fd, uint8_t *data)
{
	ssize_t len = read(fd, data, BUFFER);

	if (len < 0 && errno != EAGAIN && errno != EIO)
		die("read");
	return len;
}

static void carry(int from, int to)
{
	unsigned int n;
	ssize_t len;

	for (n = 0; n < BUDGET && (len = take(from, buffer)) > 0; n++)
		give(to, buffer, len);
}

/* Free descriptors: vhost uses them in the order in which they were added. */
static unsigned int vhost_room(void)
{
	return RING - (uint16_t)(tap.tx.v.avail->idx - ring_used(&tap.tx));
}

static void carry_to_vhost(void)
{
	unsigned int n, room = vhost_room();
	ssize_t len;

	for (n = 0; n < room; n++) {
		uint16_t slot = (tap.tx.v.avail->idx + n) % RING;

		len = take(stack.fd, tap.tx.buffers + (size_t)slot * BUFFER);
		if (len <= 0)
			break;
		tap.tx.v.desc[slot].len = len;
	}
	if (n) {
		ring_add(&tap.tx, n);
		ring_kick(&tap.tx);
	}
}

static void loop(bool vhost)
{
	struct pollfd p[2] = {
		{ .fd = stack.fd },
		{ .fd = vhost ? tap.rx.call : tap.fd, .events = POLLIN },
	};
	uint64_t calls;

	for (;;) {
		/* A full ring's room is not told (see vhost_begin): ask again. */
		bool full = vhost && !vhost_room();

		p[0].events = full ? 0 : POLLIN;
		if (poll(p, 2, full ? 1 : -1) < 0)
			die("poll");
		if (!vhost) {
			carry(stack.fd, tap.fd);
			carry(tap.fd, stack.fd);
			continue;
		}
		carry_to_vhost();
		if (p[1].revents && read(tap.rx.call, &calls, sizeof(calls)) < 0 &&
		    errno != EAGAIN)
			die("call");
		vhost_receive(&tap, give_stack);
	}
}

int main(int argc, char **argv)
{
	bool vhost = argc == 4 && !strcmp(argv[3], "vhost");

	tapend_name = "tapcarry";
	if (argc != 3 && !vhost) {
		fprintf(stderr, "usage: tapcarry TAP STACK [vhost]\n");
		return 2;
	}
	end_open(&tap, argv[1]);
	end_open(&stack, argv[2]);
	if (vhost)
		vhost_begin(&tap);
	take_turns();
	puts("ready");
	fflush(stdout);
	loop(vhost);
}
