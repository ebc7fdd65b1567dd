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
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define RING		256
#define HEADER		((unsigned int)sizeof(struct virtio_net_hdr))
#define BUFFER		(HEADER + 65550)
#define DEADLINE	10.0
#define ROUNDS_MAX	1000

/* One of the rings of a virtio NIC, as its driver has it. */
struct ring {
	struct vring v;
	uint8_t *buffers;
	uint16_t seen;		/* how far used was read */
	int kick, call;
};

struct end {
	int fd, vhost;
	struct ring rx, tx;
};

static struct {
	uint8_t dst[ETH_ALEN], src[ETH_ALEN];
	unsigned int len, gso, burst, frames, rounds;
	bool vhost;
} opt = { .len = 64, .burst = 1, .frames = 256, .rounds = 25 };

static uint8_t frame[BUFFER], got[BUFFER];
static size_t frame_len;

static void die(const char *what)
{
	fprintf(stderr, "tapload: %s: %s\n", what, strerror(errno));
	exit(1);
}

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

static void ring_kick(struct ring *r)
{
	uint64_t one = 1;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&r->v.used->flags, __ATOMIC_ACQUIRE) & VRING_USED_F_NO_NOTIFY)
		return;
	if (write(r->kick, &one, sizeof(one)) != sizeof(one))
		die("kick");
}

static uint16_t ring_used(const struct ring *r)
{
	return __atomic_load_n(&r->v.used->idx, __ATOMIC_ACQUIRE);
}

static void ring_add(struct ring *r, unsigned int n)
{
	__atomic_store_n(&r->v.avail->idx, r->v.avail->idx + n, __ATOMIC_RELEASE);
}

static void vhost_begin(struct end *e)
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
	for (i = 0; i < RING; i++) {
		e->rx.v.desc[i].flags = VRING_DESC_F_WRITE;
		memcpy(e->tx.buffers + (size_t)i * BUFFER, frame, frame_len);
		e->tx.v.desc[i].len = frame_len;
	}
	ring_add(&e->rx, RING);
	for (i = 0; i < 2; i++) {
		backend = (struct vhost_vring_file){ i, e->fd };
		ring_ioctl(e->vhost, VHOST_NET_SET_BACKEND, &backend);
	}
	ring_kick(&e->rx);
	free(mem);
}

static void vhost_send(struct end *e, unsigned int n)
{
	ring_add(&e->tx, n);
	ring_kick(&e->tx);
}

/* Returns how many of ours have come. */
static unsigned int vhost_receive(struct end *e)
{
	struct ring *r = &e->rx;
	unsigned int ours = 0, n = 0;
	uint16_t used = ring_used(r);

	for (; r->seen != used; r->seen++, n++) {
		struct vring_used_elem *u = &r->v.used->ring[r->seen % RING];

		ours += is_ours(r->buffers + (size_t)u->id * BUFFER, u->len);
		r->v.avail->ring[(uint16_t)(r->v.avail->idx + n) % RING] = u->id;
	}
	if (n) {
		ring_add(r, n);
		ring_kick(r);
	}

	return ours;
}

/* Three wake one another: the program, and a thread of vhost's for each end. By the
 * scheduler's default whoever is woken goes on at once or later, depending on what
 * each has used before, so that a frame takes more switches or fewer by luck. With
 * one real-time priority for all, who is woken waits until the other sleeps.
 */
static void take_turns(void)
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

static void end_open(struct end *e, const char *name)
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
		return vhost_receive(e);
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
	get_words(argv + 3);
	build();

	end_open(&from, argv[1]);
	end_open(&to, argv[2]);
	teach(&from, &to);
	if (opt.vhost) {
		vhost_begin(&from);
		vhost_begin(&to);
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
