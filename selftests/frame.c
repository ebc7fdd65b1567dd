// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw Ethernet frames for the test scripts, sent and counted by one process:
 *
 *   frame [OPTION VALUE]... [rx WHERE [want N]]... [tx WHERE [WORD VALUE]...]...
 *
 * WHERE is NETNS:IFNAME, or :IFNAME in the present namespace. All receivers are
 * open before the first frame is sent. Prints how many of this run's frames
 * each receiver got, in the order of the receivers, on one line; with "show 1"
 * more about what it got, one line for each.
 *
 *   options: cpu N        runs on this CPU (0): all frames lie in one queue
 *            deadline S   ends the waiting (10)
 *            seconds S    sends for so long, or until SIGTERM, whatever count
 *            pause US     rests for so long after each frame of each sender
 *            fence WHERE  a broadcast from here, after all else. What is sent
 *                         on one CPU arrives in its order, so whoever has got
 *                         the fence gets nothing any more: no sleeping until a
 *                         frame that must not come has probably not come. More
 *                         of them, one a VLAN: each receiver waits for one.
 *            starve 1     allocations for what is sent may fail, as fault
 *                         injection with a task filter says
 *            show 1       for each receiver: frames, bytes of the longest, how
 *                         many had an open checksum, were super-packets, had a
 *                         VLAN tag, and the last VLAN; "sent N" before all
 *            tags 1       frames:tags for each receiver, tags from the outermost
 *                         on, "-" none, "mixed" not all the same: 2:10, 1:ad7.10
 *                         (802.1ad before 802.1Q), 1:0p5 (priority 5)
 *   tx:      dst MAC      broadcast unless given; @WHERE is that netdev's
 *            src MAC      the netdev's own unless given
 *            step 1       each frame's source is the one after the last frame's
 *            type HEX     88b5, of local experiments
 *            vlan VID     an 802.1Q tag in the frame
 *            pcp N        its priority
 *            qinq VID     an 802.1ad tag before all
 *            tag VID      one more 802.1Q tag, before that of vlan
 *            len N        of the frame, from its Ethernet header on (60)
 *            count N      (1)
 *            gso N        a TCP super-packet of segments with N octets each
 *            csum 1       a TCP packet with an open checksum
 *            bare 1       no Ethernet header at all (WHERE has none)
 *            xdp N        not transmitted: an XDP program redirects them to
 *                         WHERE, N at a time (256 at most)
 *   rx:      want N       how many are waited for; without this and without a
 *                         fence, receivers have to be silent for 0.2 s
 *
 * Exit: 0, 1 a deadline has passed, 2 usage, or what was asked for is not there.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bpf.h"
#include "raw.h"

#define MAX_ENDS	64
#define FRAME_MAX	(256 << 10)
#define FENCE_TYPE	0x88b6
#define MAX_TAGS	3

struct end {
	const char *where;
	int fd;
	int ifindex;
	uint8_t mac[ETH_ALEN];

	/* tx */
	uint8_t dst[ETH_ALEN], src[ETH_ALEN];
	unsigned int type, len, gso;
	/* -1: no such tag. */
	int vlan, tag, qinq;
	unsigned int pcp;
	unsigned long count;
	unsigned int xdp;
	int prog;
	bool own_src, step, csum, bare;
	const char *dst_at;

	/* rx */
	long want;
	unsigned long got, open, super, tagged;
	unsigned int longest, last_vlan;
	char tags[40];
	bool fenced;
};

/* The first octets of each frame of this run. */
struct mark {
	char text[4];
	uint32_t run;
};

static struct end rx[MAX_ENDS], tx[MAX_ENDS], fence[MAX_ENDS];
static int n_rx, n_tx, n_fence;
static struct mark mark = { .text = "vmnT" };
static unsigned int cpu, deadline = 10, seconds, rest, show, tags, starve;
static volatile sig_atomic_t stopped;

/* Its netdev, and a socket that receives nothing before it is bound. */
static void end_open(struct end *end)
{
	end->fd = raw_open(end->where, 0, &end->ifindex, end->mac);
}

static void rx_open(struct end *end)
{
	end_open(end);
	if (raw_receive(end->fd, end->ifindex))
		die("cannot receive at", end->where);
}

static void tx_open(struct end *end)
{
	struct end other = { .where = end->dst_at };
	int on = 1, size = 16 << 20;

	end_open(end);
	setsockopt(end->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	if ((end->gso || end->csum) &&
	    setsockopt(end->fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		die("no super-packets from", end->where);
	if (end->own_src)
		memcpy(end->src, end->mac, ETH_ALEN);
	if (end->dst_at) {
		end_open(&other);
		memcpy(end->dst, other.mac, ETH_ALEN);
		close(other.fd);
	}
	if (end->xdp) {
		const char *const program[] = {
			"redirect", strchr(end->where, ':') + 1, NULL
		};

		raw_enter(end->where);
		end->prog = bpf_load(program, false);
		raw_enter(NULL);
	}
}

/* --- what is sent ------------------------------------------------------------ */

static unsigned int put_tag(uint8_t *at, unsigned int type, unsigned int tci)
{
	put16(at, type);
	put16(at + 2, tci);
	return 4;
}

static size_t frame_build(const struct end *end, uint8_t *buf)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	unsigned int len = end->len, at = 0, i;
	bool tcp = end->gso || end->csum;
	uint8_t *frame = buf;

	if (tcp) {
		memset(vnet, 0, sizeof(*vnet));
		vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vnet->csum_offset = 16;
		if (end->gso) {
			vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
			vnet->gso_size = end->gso;
			/* Tags make it longer, and the kernel takes it as a hint. */
			vnet->hdr_len = TCP_HEADERS;
		}
		frame += sizeof(*vnet);
	}

	if (!end->bare) {
		memcpy(frame, end->dst, ETH_ALEN);
		memcpy(frame + ETH_ALEN, end->src, ETH_ALEN);
		at = 2 * ETH_ALEN;
		if (end->qinq >= 0)
			at += put_tag(frame + at, ETH_P_8021AD, end->qinq);
		if (end->tag >= 0)
			at += put_tag(frame + at, ETH_P_8021Q, end->tag);
		if (end->vlan >= 0)
			at += put_tag(frame + at, ETH_P_8021Q,
				      end->pcp << 13 | end->vlan);
		put16(frame + at, tcp ? ETH_P_IP : end->type);
		at += 2;
	}
	if (tcp) {
		vnet->csum_start = at + 20;
		put_tcp(frame + at, len - at);
		at += 40;
	}
	for (i = at; i < len; i++)
		frame[i] = ((uint8_t *)&mark)[(i - at) % sizeof(mark)];

	return frame - buf + len;
}

/* The next address, from the last octet on. */
static void frame_step(const struct end *end, uint8_t *buf)
{
	uint8_t *src = buf + ETH_ALEN;
	int i = ETH_ALEN;

	if (end->gso || end->csum)
		src += sizeof(struct virtio_net_hdr);
	while (i && !++src[--i])
		;
}

/* Returns whether the netdev has taken it. */
static bool frame_send(const struct end *end, const uint8_t *buf, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = end->ifindex,
		.sll_protocol = htons(end->bare || end->gso || end->csum ?
				      ETH_P_IP : end->type),
		.sll_halen = ETH_ALEN,
	};

	return sendto(end->fd, buf, len, 0, (struct sockaddr *)&to,
		      sizeof(to)) == (ssize_t)len;
}

/* All of them, or, for as long as it takes, as many as go at a time. */
static unsigned long xdp_send(const struct end *end, const uint8_t *buf,
			      size_t len)
{
	unsigned long count = seconds ? end->xdp : end->count;
	int err;

	raw_enter(end->where);
	err = bpf_run(end->prog, buf, len, count, end->xdp);
	raw_enter(NULL);
	return err ? 0 : count;
}

static unsigned long send_all(void)
{
	static uint8_t bufs[MAX_ENDS][FRAME_MAX + sizeof(struct virtio_net_hdr)];
	size_t len[MAX_ENDS] = { };
	double until = now() + seconds;
	unsigned long sent = 0, n;
	int i, more = n_tx;

	for (i = 0; i < n_tx; i++)
		len[i] = frame_build(&tx[i], bufs[i]);
	for (n = 0; more && !stopped; n++) {
		if (seconds && (rest || !(n % 64)) && now() >= until)
			break;
		for (i = 0, more = 0; i < n_tx; i++) {
			if (!seconds && n >= (tx[i].xdp ? 1 : tx[i].count))
				continue;
			sent += tx[i].xdp ? xdp_send(&tx[i], bufs[i], len[i]) :
				frame_send(&tx[i], bufs[i], len[i]);
			if (tx[i].step)
				frame_step(&tx[i], bufs[i]);
			more++;
		}
		if (rest)
			usleep(rest);
	}

	return sent;
}

static void send_fences(void)
{
	static uint8_t buf[64 + sizeof(struct virtio_net_hdr)];
	int i;

	for (i = 0; i < n_fence; i++) {
		if (!frame_send(&fence[i], buf, frame_build(&fence[i], buf)))
			die("the fence cannot be sent from", fence[i].where);
	}
}

/* --- what is received ---------------------------------------------------------- */

static bool has_mark(const uint8_t *frame, size_t len, size_t at)
{
	return len >= at + sizeof(mark) && !memcmp(frame + at, &mark, sizeof(mark));
}

static void say_tag(char *to, size_t size, unsigned int type, unsigned int tci)
{
	size_t at = strlen(to);

	at += snprintf(to + at, size - at, "%s%s%u", at ? "." : "",
		       type == ETH_P_8021AD ? "ad" : "", tci & 0xfff);
	if (tci >> 13 && at < size)
		snprintf(to + at, size - at, "p%u", tci >> 13);
}

/* What stands in the frame itself; returns how long it is. */
static size_t say_tags(char *to, size_t size, const uint8_t *frame, size_t len)
{
	size_t at = ETH_HLEN - 2, i;

	for (i = 0; i < MAX_TAGS && at + 6 <= len; i++, at += 4) {
		unsigned int type = get16(frame + at);

		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
		say_tag(to, size, type, get16(frame + at + 2));
	}

	return at - (ETH_HLEN - 2);
}

/* Takes one frame; false if there is none. */
static bool rx_take(struct end *end)
{
	static uint8_t buf[FRAME_MAX + sizeof(struct virtio_net_hdr)];
	union {
		struct cmsghdr cmsg;
		char space[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	const struct virtio_net_hdr *vnet = (void *)buf;
	const uint8_t *frame = buf + sizeof(*vnet);
	struct tpacket_auxdata aux = { };
	char said[sizeof(end->tags)] = "";
	struct cmsghdr *cmsg;
	ssize_t len;
	size_t at;

	len = recvmsg(end->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	if (len < 0 && errno == EAGAIN)
		return false;
	if (len < 0) {
		/* Its netdev has been deleted or switched off. */
		return errno == ENETDOWN;
	}
	len -= sizeof(*vnet);
	if (len < ETH_HLEN)
		return true;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_PACKET && cmsg->cmsg_type == PACKET_AUXDATA)
			memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
	}
	/* The kernel takes the outermost tag out, if the driver has not. */
	if (aux.tp_status & TP_STATUS_VLAN_VALID)
		say_tag(said, sizeof(said), aux.tp_status & TP_STATUS_VLAN_TPID_VALID ?
			aux.tp_vlan_tpid : ETH_P_8021Q, aux.tp_vlan_tci);
	at = say_tags(said, sizeof(said), frame, len);

	if (len >= (ssize_t)(at + ETH_HLEN) && get16(frame + at + 12) == FENCE_TYPE) {
		end->fenced |= has_mark(frame, len, at + ETH_HLEN);
		return true;
	}
	if (!has_mark(frame, len, at + ETH_HLEN) &&
	    !has_mark(frame, len, at + TCP_HEADERS))
		return true;

	if (!*said)
		strcpy(said, "-");
	if (end->got && strcmp(end->tags, said))
		strcpy(said, "mixed");
	strcpy(end->tags, said);
	end->got++;
	if (len > end->longest)
		end->longest = len;
	end->open += !!(vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	end->super += vnet->gso_type != VIRTIO_NET_HDR_GSO_NONE;
	if (aux.tp_status & TP_STATUS_VLAN_VALID) {
		end->tagged++;
		end->last_vlan = aux.tp_vlan_tci & 0xfff;
	}

	return true;
}

/* Whether nothing is to be waited for at this receiver. */
static bool rx_done(const struct end *end)
{
	int i;

	if (end->want >= 0 && end->got < (unsigned long)end->want)
		return false;
	/* Nobody gets its own. */
	for (i = 0; i < n_fence; i++) {
		if (strcmp(fence[i].where, end->where))
			return end->fenced;
	}
	return true;
}

/* Until the fence, or what is wanted, is there; or silence. */
static bool receive_all(void)
{
	double end = now() + deadline, quiet = now() + 0.2;
	struct pollfd fds[MAX_ENDS];
	bool done, wanted = n_fence;
	int i;

	for (i = 0; i < n_rx; i++) {
		fds[i] = (struct pollfd){ .fd = rx[i].fd, .events = POLLIN };
		wanted |= rx[i].want >= 0;
	}
	for (;;) {
		for (i = 0, done = true; i < n_rx; i++) {
			while (rx_take(&rx[i]))
				quiet = now() + 0.2;
			done &= rx_done(&rx[i]);
		}
		if (done && (wanted || now() >= quiet))
			return true;
		if (now() >= end)
			return false;
		poll(fds, n_rx, 20);
	}
}

static void print_all(unsigned long sent)
{
	int i;

	if (show)
		printf("sent %lu\n", sent);
	for (i = 0; i < n_rx; i++) {
		if (show)
			printf("%lu %u %lu %lu %lu %u\n", rx[i].got, rx[i].longest,
			       rx[i].open, rx[i].super, rx[i].tagged,
			       rx[i].last_vlan);
		else if (tags)
			printf("%s%lu:%s", i ? " " : "", rx[i].got,
			       rx[i].got ? rx[i].tags : "-");
		else
			printf("%s%lu", i ? " " : "", rx[i].got);
	}
	if (!show && n_rx)
		putchar('\n');
}

/* --- words ------------------------------------------------------------------- */

static unsigned long number(const char *text, int base)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, base);
	if (errno || !*text || *end)
		die("this is not a number", text);
	return value;
}

static void mac(const char *text, uint8_t *to)
{
	char junk;

	errno = 0;
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%c", &to[0], &to[1],
		   &to[2], &to[3], &to[4], &to[5], &junk) != 6)
		die("this is not a MAC address", text);
}

static void tx_word(struct end *end, const char *word, const char *value)
{
	if (!strcmp(word, "dst") && *value == '@') {
		end->dst_at = value + 1;
	} else if (!strcmp(word, "dst")) {
		mac(value, end->dst);
	} else if (!strcmp(word, "src")) {
		mac(value, end->src);
		end->own_src = false;
	} else if (!strcmp(word, "step")) {
		end->step = number(value, 10);
	} else if (!strcmp(word, "type")) {
		end->type = number(value, 16);
	} else if (!strcmp(word, "vlan")) {
		end->vlan = number(value, 10);
	} else if (!strcmp(word, "pcp")) {
		end->pcp = number(value, 10);
	} else if (!strcmp(word, "tag")) {
		end->tag = number(value, 10);
	} else if (!strcmp(word, "qinq")) {
		end->qinq = number(value, 10);
	} else if (!strcmp(word, "len")) {
		end->len = number(value, 10);
	} else if (!strcmp(word, "count")) {
		end->count = number(value, 10);
	} else if (!strcmp(word, "gso")) {
		end->gso = number(value, 10);
	} else if (!strcmp(word, "csum")) {
		end->csum = number(value, 10);
	} else if (!strcmp(word, "xdp")) {
		end->xdp = number(value, 10);
	} else if (!strcmp(word, "bare")) {
		end->bare = number(value, 10);
	} else {
		die("no such word", word);
	}
	if (end->len > FRAME_MAX || end->len < (end->bare ? 1u : end->gso ||
	    end->csum ? TCP_HEADERS + 0u : ETH_HLEN + 4u * MAX_TAGS))
		die("no such length", value);
}

static struct end new_tx(const char *where)
{
	struct end end = { .where = where, .type = 0x88b5, .len = 60,
			   .count = 1, .own_src = true,
			   .vlan = -1, .tag = -1, .qinq = -1 };

	memset(end.dst, 0xff, ETH_ALEN);
	return end;
}

static void words(int argc, char **argv)
{
	struct end *last_tx = NULL, *last_rx = NULL;
	int i;

	errno = 0;
	if (!(argc & 1))
		die("words come in pairs", NULL);
	for (i = 1; i < argc; i += 2) {
		const char *word = argv[i], *value = argv[i + 1];

		if (!strcmp(word, "rx") && n_rx < MAX_ENDS) {
			last_rx = &rx[n_rx++];
			*last_rx = (struct end){ .where = value, .want = -1 };
		} else if (!strcmp(word, "tx") && n_tx < MAX_ENDS) {
			last_tx = &tx[n_tx++];
			*last_tx = new_tx(value);
		} else if (!strcmp(word, "want") && last_rx) {
			last_rx->want = number(value, 10);
		} else if (!strcmp(word, "fence") && n_fence < MAX_ENDS) {
			fence[n_fence] = new_tx(value);
			fence[n_fence++].type = FENCE_TYPE;
		} else if (!strcmp(word, "cpu")) {
			cpu = number(value, 10);
		} else if (!strcmp(word, "deadline")) {
			deadline = number(value, 10);
		} else if (!strcmp(word, "seconds")) {
			seconds = number(value, 10);
		} else if (!strcmp(word, "pause")) {
			rest = number(value, 10);
		} else if (!strcmp(word, "starve")) {
			starve = number(value, 10);
		} else if (!strcmp(word, "show")) {
			show = number(value, 10);
		} else if (!strcmp(word, "tags")) {
			tags = number(value, 10);
		} else if (last_tx) {
			tx_word(last_tx, word, value);
		} else {
			die("no such option", word);
		}
	}
}

/* Only while frames are sent: a process that is starved while it is loaded can
 * leave pages behind that were read half, and then nothing starts any more.
 */
static void be_starved(bool on)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || pwrite(fd, on ? "1" : "0", 1, 0) != 1)
		die("no fault injection", NULL);
}

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

int main(int argc, char **argv)
{
	const char *slow = getenv("VMNET_SLOW");
	unsigned long sent;
	cpu_set_t cpus;
	int i;

	words(argc, argv);
	if (slow)
		deadline *= number(slow, 10);
	mark.run = getpid();
	signal(SIGTERM, stop);

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("cannot run on the CPU", NULL);

	for (i = 0; i < n_rx; i++)
		rx_open(&rx[i]);
	for (i = 0; i < n_tx; i++)
		tx_open(&tx[i]);
	for (i = 0; i < n_fence; i++)
		tx_open(&fence[i]);

	if (starve)
		be_starved(true);
	sent = send_all();
	if (starve)
		be_starved(false);
	send_fences();
	i = !receive_all();
	print_all(sent);
	return i;
}
