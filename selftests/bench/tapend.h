/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a tap where a virtual machine would be: a descriptor to read and write,
 * or, with vhost-net, two rings in our own memory, whose driver we are.
 */
#ifndef TAPEND_H
#define TAPEND_H

#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING	256
#define HEADER	((unsigned int)sizeof(struct virtio_net_hdr))
/* A frame of any size, with its header. */
#define BUFFER	(HEADER + 65550)

/* One of the rings of a virtio NIC, as its driver has it. */
struct ring {
	struct vring v;
	uint8_t *buffers;	/* RING of them, of BUFFER octets */
	uint16_t seen;		/* how far used was read */
	int kick, call;
};

struct end {
	int fd, vhost;
	struct ring rx, tx;
};

/* Who asks: in messages. Whatever fails here ends the program, with status 1. */
extern const char *tapend_name;

void die(const char *what) __attribute__((noreturn));

/* tun:NAME (a tun/tap device) or the path of a tap's node */
void end_open(struct end *e, const char *name);

/* vhost-net takes over. All descriptors of tx are free and have no length. */
void vhost_begin(struct end *e);
void ring_kick(struct ring *r);
uint16_t ring_used(const struct ring *r);
void ring_add(struct ring *r, unsigned int n);
/* Hands what has come to take, frame by frame, and the buffers back. */
unsigned int vhost_receive(struct end *e, bool (*take)(const uint8_t *data, size_t len));

/* No two of us and of vhost's threads run by turns that luck decides. */
void take_turns(void);

#endif
