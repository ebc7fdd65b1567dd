// SPDX-License-Identifier: GPL-2.0-only
/* See tapend.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tapend.h"

const char *tapend_name = "tapend";

void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", tapend_name, what, strerror(errno));
	exit(1);
}

/* --- vhost ------------------------------------------------------------------------ */

static void ring_ioctl(int vhost, unsigned long cmd, void *arg)
{
	if (ioctl(vhost, cmd, arg))
		die("ioctl of vhost");
}

/* All is in one piece of memory, where the guest's addresses are ours. */
static void ring_begin(struct end *e, struct ring *r, unsigned int index,
		       uint8_t *memory)
{
	struct vhost_vring_state num = { index, RING }, base = { index, 0 };
	struct vhost_vring_addr addr = { .index = index };
	struct vhost_vring_file kick, call;
	unsigned int i;

	vring_init(&r->v, RING, memory, 4096);
	r->buffers = memory + 16384;
	r->kick = eventfd(0, EFD_NONBLOCK);
	r->call = eventfd(0, EFD_NONBLOCK);
	for (i = 0; i < RING; i++) {
		r->v.desc[i].addr = (uintptr_t)(r->buffers + (size_t)i * BUFFER);
		r->v.desc[i].len = BUFFER;
		r->v.avail->ring[i] = i;
	}
	addr.desc_user_addr = (uintptr_t)r->v.desc;
	addr.avail_user_addr = (uintptr_t)r->v.avail;
	addr.used_user_addr = (uintptr_t)r->v.used;
	kick = (struct vhost_vring_file){ index, r->kick };
	call = (struct vhost_vring_file){ index, r->call };
	ring_ioctl(e->vhost, VHOST_SET_VRING_NUM, &num);
	ring_ioctl(e->vhost, VHOST_SET_VRING_BASE, &base);
	ring_ioctl(e->vhost, VHOST_SET_VRING_ADDR, &addr);
	ring_ioctl(e->vhost, VHOST_SET_VRING_KICK, &kick);
	ring_ioctl(e->vhost, VHOST_SET_VRING_CALL, &call);
}

void ring_kick(struct ring *r)
{
	uint64_t one = 1;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&r->v.used->flags, __ATOMIC_ACQUIRE) & VRING_USED_F_NO_NOTIFY)
		return;
	if (write(r->kick, &one, sizeof(one)) != sizeof(one))
		die("kick");
}

uint16_t ring_used(const struct ring *r)
{
	return __atomic_load_n(&r->v.used->idx, __ATOMIC_ACQUIRE);
}

void ring_add(struct ring *r, unsigned int n)
{
	__atomic_store_n(&r->v.avail->idx, r->v.avail->idx + n, __ATOMIC_RELEASE);
}

void vhost_begin(struct end *e)
{
	struct vhost_memory *mem = calloc(1, sizeof(*mem) + sizeof(*mem->regions));
	size_t ring = 16384 + (size_t)RING * BUFFER;
	struct vhost_vring_file backend;
	uint64_t features = 0;
	uint8_t *memory;
	unsigned int i;

	ring = (ring + 4095) & ~4095UL;
	memory = mmap(NULL, 2 * ring, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	e->vhost = open("/dev/vhost-net", O_RDWR);
	if (e->vhost < 0 || memory == MAP_FAILED || !mem)
		die("/dev/vhost-net");
	mem->nregions = 1;
	mem->regions[0].guest_phys_addr = (uintptr_t)memory;
	mem->regions[0].userspace_addr = (uintptr_t)memory;
	mem->regions[0].memory_size = 2 * ring;
	ring_ioctl(e->vhost, VHOST_SET_OWNER, NULL);
	ring_ioctl(e->vhost, VHOST_SET_FEATURES, &features);
	ring_ioctl(e->vhost, VHOST_SET_MEM_TABLE, mem);
	ring_begin(e, &e->rx, 0, memory);
	ring_begin(e, &e->tx, 1, memory + ring);
	/* Nobody waits for what was sent. */
	e->tx.v.avail->flags = VRING_AVAIL_F_NO_INTERRUPT;
	for (i = 0; i < RING; i++)
		e->rx.v.desc[i].flags = VRING_DESC_F_WRITE;
	ring_add(&e->rx, RING);
	for (i = 0; i < 2; i++) {
		backend = (struct vhost_vring_file){ i, e->fd };
		ring_ioctl(e->vhost, VHOST_NET_SET_BACKEND, &backend);
	}
	ring_kick(&e->rx);
	free(mem);
}

unsigned int vhost_receive(struct end *e, bool (*take)(const uint8_t *data, size_t len))
{
	struct ring *r = &e->rx;
	unsigned int taken = 0, n = 0;
	uint16_t used = ring_used(r);

	for (; r->seen != used; r->seen++, n++) {
		struct vring_used_elem *u = &r->v.used->ring[r->seen % RING];

		taken += take(r->buffers + (size_t)u->id * BUFFER, u->len);
		r->v.avail->ring[(uint16_t)(r->v.avail->idx + n) % RING] = u->id;
	}
	if (n) {
		ring_add(r, n);
		ring_kick(r);
	}

	return taken;
}

/* Three wake one another: the program, and a thread of vhost's for each end. By the
 * scheduler's default whoever is woken goes on at once or later, depending on what
 * each has used before, so that a frame takes more switches or fewer by luck. With
 * one real-time priority for all, who is woken waits until the other sleeps.
 */
void take_turns(void)
{
	const struct sched_param p = { .sched_priority = 1 };
	char path[300], wanted[32], name[32];
	DIR *proc = opendir("/proc");
	struct dirent *d;

	if (!proc || sched_setscheduler(0, SCHED_FIFO, &p))
		die("sched_setscheduler");
	snprintf(wanted, sizeof(wanted), "vhost-%d\n", getpid());
	while ((d = readdir(proc))) {
		FILE *comm;

		snprintf(path, sizeof(path), "/proc/%s/comm", d->d_name);
		comm = fopen(path, "r");
		if (!comm)
			continue;
		if (fgets(name, sizeof(name), comm) && !strcmp(name, wanted) &&
		    sched_setscheduler(atoi(d->d_name), SCHED_FIFO, &p))
			die("sched_setscheduler of vhost's");
		fclose(comm);
	}
	closedir(proc);
}

/* --- ends ------------------------------------------------------------------------- */

void end_open(struct end *e, const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int size = HEADER, sndbuf = INT_MAX;

	if (!strncmp(name, "tun:", 4)) {
		strncpy(ifr.ifr_name, name + 4, IFNAMSIZ - 1);
		name = "/dev/net/tun";
	}
	e->fd = open(name, O_RDWR | O_NONBLOCK);
	if (e->fd < 0)
		die(name);
	if (ioctl(e->fd, TUNSETIFF, &ifr) || ioctl(e->fd, TUNSETVNETHDRSZ, &size) ||
	    /* As QEMU does. */
	    ioctl(e->fd, TUNSETSNDBUF, &sndbuf) ||
	    ioctl(e->fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6))
		die("ioctl of the tap");
}
