// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other end of a tap: what a virtual machine's program does with the
 * descriptors of a port's node, well or badly. Descriptors are the caller's, so
 * that a script can keep them (exec 7<>/dev/vmnet/vm1).
 *
 *   tapio if FD [plain] [mq]      TUNSETIFF; plain: without a virtio_net_hdr
 *   tapio offload FD none|csum|tso
 *   tapio hdrsz FD N              of the virtio_net_hdr
 *   tapio sndbuf FD N
 *   tapio queue FD attach|detach
 *   tapio name FD                 the netdev's, as TUNGETIFF says it
 *   tapio write FD [WORD VALUE]...
 *         dst MAC, src MAC, len N (60), count N, vlan VID, flow N (the source
 *         port of TCP), tcp 1, csum 1 (TCP, its checksum open), gso N (a TCP
 *         super-packet of such segments), pause US, seconds S (whatever count);
 *         prints "sent N", and "full N" if writes would have had to wait
 *   tapio read FD[,FD]... [want N] [deadline S] [flow 1]
 *         takes all that is there; with want, waits for so many. For each
 *         descriptor a line: frames, bytes of the longest, open checksums,
 *         super-packets, tags, and how many had a wrong checksum; with flow,
 *         also the number of different flows
 *   tapio hostile FD [seconds S]  writes that no driver would make
 *   tapio churn NODE [seconds S]  opens, closes, attaches and detaches queues,
 *         and writes and reads meanwhile
 *   tapio helper PROGRAM PORT COMMAND...
 *         runs COMMAND with what PROGRAM has passed for PORT as descriptor 3
 *
 * Exit: 0, 1 the kernel refused or a deadline has passed, 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX	(128 << 10)
#define HEADER_MAX	256
#define QUEUES_MAX	16
#define FLOWS_MAX	4096

static uint8_t buf[HEADER_MAX + FRAME_MAX];

static int fail(const char *what)
{
	fprintf(stderr, "tapio: %s: %s\n", what, strerror(errno));
	return 1;
}

static void usage(const char *what)
{
	fprintf(stderr, "tapio: %s\n", what);
	exit(2);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static unsigned int slow(void)
{
	const char *factor = getenv("VMNET_SLOW");

	return factor && atoi(factor) > 0 ? atoi(factor) : 1;
}

/* --- checksums ------------------------------------------------------------------ */

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static unsigned int get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint32_t sum16(const uint8_t *from, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(from + i);
	if (len & 1)
		sum += from[len - 1] << 8;
	return sum;
}

static unsigned int fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* --- what is written --------------------------------------------------------------- */

struct frame {
	uint8_t dst[ETH_ALEN], src[ETH_ALEN];
	unsigned int len, gso, vlan, flow;
	bool tcp, csum;
	unsigned long count;
	unsigned int pause, seconds;
};

static void get_mac(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2,
		   mac + 3, mac + 4, mac + 5) != 6)
		usage("this is no MAC address");
}

static void get_words(struct frame *f, char **word)
{
	*f = (struct frame){ .len = 60, .count = 1 };
	memset(f->dst, 0xff, ETH_ALEN);
	for (; word[0]; word += 2) {
		unsigned long n;

		if (!word[1])
			usage("a word lacks its value");
		n = strtoul(word[1], NULL, 10);
		if (!strcmp(word[0], "dst"))
			get_mac(word[1], f->dst);
		else if (!strcmp(word[0], "src"))
			get_mac(word[1], f->src);
		else if (!strcmp(word[0], "len"))
			f->len = n;
		else if (!strcmp(word[0], "count"))
			f->count = n;
		else if (!strcmp(word[0], "vlan"))
			f->vlan = n;
		else if (!strcmp(word[0], "flow"))
			f->flow = n;
		else if (!strcmp(word[0], "tcp"))
			f->tcp = n;
		else if (!strcmp(word[0], "csum"))
			f->csum = n;
		else if (!strcmp(word[0], "gso"))
			f->gso = n;
		else if (!strcmp(word[0], "pause"))
			f->pause = n;
		else if (!strcmp(word[0], "seconds"))
			f->seconds = n;
		else
			usage(word[0]);
	}
	if (f->csum || f->gso)
		f->tcp = true;
	if (f->len < 60 || f->len > FRAME_MAX)
		usage("a frame has 60 to 131072 octets");
}

/* TCP between documentation addresses; its checksum complete unless csum. */
static void put_tcp(const struct frame *f, uint8_t *ip, unsigned int len)
{
	static const uint8_t addrs[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };
	uint8_t *tcp = ip + 20;
	uint32_t pseudo = sum16(addrs, sizeof(addrs), IPPROTO_TCP + len - 20);

	memset(ip, 0, 40);
	ip[0] = 0x45;
	put16(ip + 2, len > 0xffff ? 0 : len);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, addrs, sizeof(addrs));
	put16(ip + 10, ~fold(sum16(ip, 20, 0)) & 0xffff);
	put16(tcp, 1024 + f->flow);
	put16(tcp + 2, 9);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	if (f->csum || f->gso)
		put16(tcp + 16, fold(pseudo));
	else
		put16(tcp + 16, ~fold(sum16(tcp, len - 20, pseudo)) & 0xffff);
}

/* Returns all that is to be written. */
static size_t build(const struct frame *f, unsigned int header)
{
	struct virtio_net_hdr vnet = { };
	uint8_t *eth = buf + header;
	unsigned int at = 2 * ETH_ALEN, i;

	memcpy(eth, f->dst, ETH_ALEN);
	memcpy(eth + ETH_ALEN, f->src, ETH_ALEN);
	if (f->vlan) {
		put16(eth + at, ETH_P_8021Q);
		put16(eth + at + 2, f->vlan);
		at += 4;
	}
	put16(eth + at, f->tcp ? ETH_P_IP : 0x88b5);
	at += 2;
	for (i = at; i < f->len; i++)
		eth[i] = i;
	if (f->tcp)
		put_tcp(f, eth + at, f->len - at);
	if (f->csum || f->gso) {
		vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vnet.csum_start = at + 20;
		vnet.csum_offset = 16;
	}
	if (f->gso) {
		vnet.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		vnet.gso_size = f->gso;
		vnet.hdr_len = at + 40;
	}
	memset(buf, 0, header);
	if (header)
		memcpy(buf, &vnet, sizeof(vnet));

	return header + f->len;
}

/* Octets before a frame: none without a virtio_net_hdr. */
static unsigned int header_of(int fd)
{
	struct ifreq ifr = { };
	int size;

	if (ioctl(fd, TUNGETVNETHDRSZ, &size) || size < 0 || size > HEADER_MAX)
		return 0;
	/* A port that is gone does not say: then as by default. */
	if (!ioctl(fd, TUNGETIFF, &ifr) && !(ifr.ifr_flags & IFF_VNET_HDR))
		return 0;
	return size;
}

static int do_write(int fd, char **words)
{
	unsigned long sent = 0, full = 0, i;
	struct frame f;
	double end;
	size_t len;

	get_words(&f, words);
	len = build(&f, header_of(fd));
	end = now() + f.seconds;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	for (i = 0; f.seconds ? now() < end : i < f.count; i++) {
		if (write(fd, buf, len) == (ssize_t)len)
			sent++;
		else if (errno == EAGAIN)
			full++;
		else
			return fail("write");
		if (f.pause)
			usleep(f.pause);
	}
	printf("sent %lu\n", sent);
	if (full)
		printf("full %lu\n", full);

	return 0;
}

/* --- what is read -------------------------------------------------------------------- */

struct queue {
	int fd;
	unsigned int header;
	unsigned long frames, open, super, tagged, wrong;
	unsigned int longest, n_flows;
	uint16_t flows[FLOWS_MAX];
};

static void see_flow(struct queue *q, unsigned int flow)
{
	unsigned int i;

	for (i = 0; i < q->n_flows; i++) {
		if (q->flows[i] == flow)
			return;
	}
	if (q->n_flows < FLOWS_MAX)
		q->flows[q->n_flows++] = flow;
}

static void see(struct queue *q, ssize_t len)
{
	const uint8_t *eth = buf + q->header, *ip;
	unsigned int at = 2 * ETH_ALEN, n;
	struct virtio_net_hdr vnet = { };

	len -= q->header;
	if (len < ETH_HLEN)
		return;
	if (q->header)
		memcpy(&vnet, buf, sizeof(vnet));
	q->frames++;
	if (len > q->longest)
		q->longest = len;
	q->open += !!(vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	q->super += vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE;
	if (get16(eth + at) == ETH_P_8021Q) {
		q->tagged++;
		at += 4;
	}
	if (get16(eth + at) != ETH_P_IP || len < at + 42)
		return;
	ip = eth + at + 2;
	if (ip[9] != IPPROTO_TCP)
		return;
	see_flow(q, get16(ip + 20));
	n = get16(ip + 2);
	if (fold(sum16(ip, 20, 0)) != 0xffff && !vnet.gso_type)
		q->wrong++;
	else if (!(vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) && n >= 40 &&
		 fold(sum16(ip + 20, n - 20,
			    sum16(ip + 12, 8, IPPROTO_TCP + n - 20))) != 0xffff)
		q->wrong++;
}

/* Returns how many frames were there. */
static unsigned long drain(struct queue *q)
{
	unsigned long n = 0;
	ssize_t len;

	while ((len = read(q->fd, buf, sizeof(buf))) > 0) {
		see(q, len);
		n++;
	}

	return n;
}

static int do_read(char *list, char **words)
{
	static struct queue q[QUEUES_MAX];
	unsigned long want = 0, got = 0;
	double end, patience = 10;
	bool flows = false;
	int i, n = 0;
	char *word;

	for (word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		if (n == QUEUES_MAX)
			usage("too many descriptors");
		q[n].fd = atoi(word);
		q[n].header = header_of(q[n].fd);
		fcntl(q[n].fd, F_SETFL, fcntl(q[n].fd, F_GETFL) | O_NONBLOCK);
		n++;
	}
	for (; words[0] && words[1]; words += 2) {
		if (!strcmp(words[0], "want"))
			want = strtoul(words[1], NULL, 10);
		else if (!strcmp(words[0], "deadline"))
			patience = atof(words[1]);
		else if (!strcmp(words[0], "flow"))
			flows = true;
		else
			usage(words[0]);
	}
	end = now() + patience * slow();
	do {
		struct pollfd p[QUEUES_MAX];

		for (i = 0; i < n; i++) {
			got += drain(&q[i]);
			p[i] = (struct pollfd){ q[i].fd, POLLIN, 0 };
		}
		if (got < want)
			poll(p, n, 100);
	} while (got < want && now() < end);

	for (i = 0; i < n; i++) {
		printf("%lu %u %lu %lu %lu %lu", q[i].frames, q[i].longest,
		       q[i].open, q[i].super, q[i].tagged, q[i].wrong);
		if (flows)
			printf(" %u", q[i].n_flows);
		putchar('\n');
	}

	return got < want;
}

/* --- a user who means harm --------------------------------------------------------------- */

static unsigned int any(unsigned int below)
{
	return random() % below;
}

/* A value from where things break, or just any. */
static unsigned int odd16(void)
{
	static const uint16_t odd[] = {
		0, 1, 2, 13, 14, 15, 20, 34, 54, 55, 60, 1500, 1514, 0x7fff,
		0x8000, 0xfffe, 0xffff,
	};

	return any(3) ? odd[any(sizeof(odd) / sizeof(*odd))] : any(0x10000);
}

static void hostile_header(struct virtio_net_hdr *vnet)
{
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 6, 0x80, 0x81, 0x84, 0x85, 0xff };

	vnet->flags = any(2) ? any(2) : any(256);
	vnet->gso_type = any(4) ? types[any(sizeof(types))] : any(256);
	vnet->hdr_len = odd16();
	vnet->gso_size = odd16();
	vnet->csum_start = odd16();
	vnet->csum_offset = odd16();
}

/* A good super-packet with one thing wrong, or nothing that is right. */
static size_t hostile_build(unsigned int header)
{
	static const unsigned int lens[] = {
		0, 1, 9, 10, 11, 12, 13, 23, 24, 25, 26, 40, 59, 60, 70, 1514, 4096,
		9000, 65535, 65549, 65550, 70000, FRAME_MAX,
	};
	struct virtio_net_hdr *vnet = (void *)buf;
	struct frame f = { .len = 60 + any(9000), .gso = 1 + any(1500), .tcp = true };
	size_t len;

	memset(f.dst, any(2) ? 0xff : 0x02, ETH_ALEN);
	f.src[0] = 2;
	f.vlan = any(3) ? 0 : 1 + any(4094);
	len = build(&f, header);
	if (!header)
		return any(2) ? lens[any(sizeof(lens) / sizeof(*lens))] : len;
	switch (any(6)) {
	case 0:
		hostile_header(vnet);
		break;
	case 1:
		vnet->gso_size = odd16();
		break;
	case 2:
		vnet->csum_start = odd16();
		vnet->csum_offset = odd16();
		break;
	case 3:
		vnet->hdr_len = odd16();
		break;
	case 4:
		/* Headers that lie: of IP, TCP, IPv6 and tags. */
		buf[header + 12 + any(60)] = any(256);
		buf[header + 12 + any(10)] = any(256);
		break;
	case 5:
		hostile_header(vnet);
		return lens[any(sizeof(lens) / sizeof(*lens))];
	}

	return len;
}

static void hostile_ioctl(int fd)
{
	static const unsigned long cmds[] = {
		TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ, TUNSETSNDBUF,
		TUNSETQUEUE, TUNGETFEATURES, TUNSETVNETLE, TUNSETVNETBE, TUNGETIFF,
		TUNSETPERSIST, TUNSETOWNER, TUNSETLINK, TUNATTACHFILTER,
		SIOCGIFHWADDR, TUNSETSTEERINGEBPF,
	};
	struct ifreq ifr = { };
	unsigned long cmd = cmds[any(sizeof(cmds) / sizeof(*cmds))];

	ifr.ifr_flags = any(2) ? IFF_TAP | IFF_NO_PI | (any(2) ? IFF_VNET_HDR : 0) :
			any(0x10000);
	if (cmd == TUNSETVNETHDRSZ)
		*(int *)&ifr = any(4) ? (int)any(300) : (int)random();
	if (cmd == TUNSETQUEUE)
		ifr.ifr_flags = any(2) ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE;
	if (any(8) == 0)
		ioctl(fd, cmd, (void *)8);
	else if (cmd == TUNSETOFFLOAD)
		ioctl(fd, cmd, any(2) ? any(64) : random());
	else
		ioctl(fd, cmd, &ifr);
}

static int do_hostile(int fd, char **words)
{
	unsigned int seconds = words[0] && words[1] ? atoi(words[1]) : 2;
	double end = now() + seconds;
	unsigned long taken = 0, refused = 0;

	srandom(getenv("TAPIO_SEED") ? atoi(getenv("TAPIO_SEED")) : 1);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	while (now() < end) {
		size_t len = hostile_build(header_of(fd));
		struct iovec iov[3] = {
			{ buf, len / 3 }, { buf + len / 3, len - len / 3 },
			{ (void *)8, 100 },
		};
		ssize_t n;

		if (any(16) == 0)
			hostile_ioctl(fd);
		if (any(8) == 0)
			n = writev(fd, iov, 2 + any(2));
		else
			n = write(fd, any(64) ? buf : (void *)8, len);
		if (n >= 0)
			taken++;
		else
			refused++;
		/* Its own ring, too: short reads and nowhere to put them. */
		if (any(8) == 0 && read(fd, any(4) ? buf : (void *)8, any(100)) < 0)
			continue;
	}
	printf("taken %d refused %d\n", !!taken, !!refused);

	return 0;
}

static int do_churn(const char *node, char **words)
{
	unsigned int seconds = words[0] && words[1] ? atoi(words[1]) : 2;
	double end = now() + seconds;
	struct ifreq ifr = { };
	unsigned long opened = 0;
	int fd[8], i;
	size_t len;

	memset(fd, -1, sizeof(fd));
	srandom(getpid());
	while (now() < end) {
		i = any(8);
		if (fd[i] < 0) {
			fd[i] = open(node, O_RDWR | O_NONBLOCK);
			opened += fd[i] >= 0;
			continue;
		}
		switch (any(6)) {
		case 0:
			close(fd[i]);
			fd[i] = -1;
			break;
		case 1:
			ifr.ifr_flags = IFF_DETACH_QUEUE;
			ioctl(fd[i], TUNSETQUEUE, &ifr);
			break;
		case 2:
			ifr.ifr_flags = IFF_ATTACH_QUEUE;
			ioctl(fd[i], TUNSETQUEUE, &ifr);
			break;
		case 3:
			hostile_ioctl(fd[i]);
			break;
		case 4:
			len = hostile_build(header_of(fd[i]));
			if (write(fd[i], buf, len) < 0)
				break;
			break;
		case 5:
			while (read(fd[i], buf, sizeof(buf)) > 0 && any(100))
				;
			break;
		}
	}
	printf("opened %d\n", !!opened);

	return 0;
}

/* --- the helper ------------------------------------------------------------------------------ */

static int receive_fd(int from)
{
	char octet, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = &octet, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	int fd = -1;

	if (recvmsg(from, &msg, 0) != 1)
		return -1;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));

	return fd;
}

static int do_helper(const char *program, const char *port, char **command)
{
	char br[100], fd_word[20];
	int pair[2], status, fd;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return fail("socketpair");
	snprintf(br, sizeof(br), "--br=%s", port);
	snprintf(fd_word, sizeof(fd_word), "--fd=%d", pair[1]);
	pid = fork();
	if (!pid) {
		/* In the order that QEMU has. */
		execl(program, program, "--use-vnet", fd_word, br, NULL);
		_exit(127);
	}
	close(pair[1]);
	fd = receive_fd(pair[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status || fd < 0)
		return 1;
	if (dup2(fd, 3) < 0)
		return fail("dup2");
	execvp(command[0], command);

	return fail(command[0]);
}

/* --- single ioctls ----------------------------------------------------------------------------- */

static int do_if(int fd, char **words)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	for (; *words; words++) {
		if (!strcmp(*words, "plain"))
			ifr.ifr_flags &= ~IFF_VNET_HDR;
		else if (!strcmp(*words, "mq"))
			ifr.ifr_flags |= IFF_MULTI_QUEUE;
		else
			usage(*words);
	}

	return ioctl(fd, TUNSETIFF, &ifr) ? fail("TUNSETIFF") : 0;
}

static int do_offload(int fd, const char *what)
{
	unsigned long bits = 0;

	if (!strcmp(what, "csum"))
		bits = TUN_F_CSUM;
	else if (!strcmp(what, "tso"))
		bits = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;

	return ioctl(fd, TUNSETOFFLOAD, bits) ? fail("TUNSETOFFLOAD") : 0;
}

static int do_queue(int fd, const char *what)
{
	struct ifreq ifr = { };

	ifr.ifr_flags = !strcmp(what, "attach") ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE;

	return ioctl(fd, TUNSETQUEUE, &ifr) ? fail("TUNSETQUEUE") : 0;
}

static int do_name(int fd)
{
	struct ifreq ifr = { };

	if (ioctl(fd, TUNGETIFF, &ifr))
		return fail("TUNGETIFF");
	printf("%.*s\n", IFNAMSIZ, ifr.ifr_name);

	return 0;
}

static int do_int(int fd, unsigned long cmd, const char *value)
{
	int n = atoi(value);

	return ioctl(fd, cmd, &n) ? fail("ioctl") : 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	int fd = argc > 2 ? atoi(argv[2]) : -1;

	if (!strcmp(verb, "if"))
		return do_if(fd, argv + 3);
	if (!strcmp(verb, "name"))
		return do_name(fd);
	if (!strcmp(verb, "write"))
		return do_write(fd, argv + 3);
	if (!strcmp(verb, "read"))
		return do_read(argv[2], argv + 3);
	if (!strcmp(verb, "hostile"))
		return do_hostile(fd, argv + 3);
	if (!strcmp(verb, "churn"))
		return do_churn(argv[2], argv + 3);
	if (!strcmp(verb, "helper") && argc > 4)
		return do_helper(argv[2], argv[3], argv + 4);
	if (argc != 4)
		usage("see the comment at the head of tapio.c");
	if (!strcmp(verb, "offload"))
		return do_offload(fd, argv[3]);
	if (!strcmp(verb, "queue"))
		return do_queue(fd, argv[3]);
	if (!strcmp(verb, "hdrsz"))
		return do_int(fd, TUNSETVNETHDRSZ, argv[3]);
	if (!strcmp(verb, "sndbuf"))
		return do_int(fd, TUNSETSNDBUF, argv[3]);
	usage("there is no such verb");
}
