// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same random frames into a Linux bridge and into a network of the same
 * shape, and who gets which of them:
 *
 *   differ OPTION VALUE... [end NETDEV [WORD VALUE]...]... [host NETDEV]
 *
 *   options: network WHERE   prefix of the network's ends, "NETNS:"
 *            bridge WHERE    prefix of the bridge's ends
 *            seed N          of the random numbers
 *            frames N        how many
 *            learn 1         all ends but the host's learn
 *   ends:    NETDEV          of this name on both sides, with one address, or
 *            A=B             A at the network, B at the bridge
 *            access VID      untagged frames are in this VLAN, tagged ones out
 *            trunk VID,VID   tagged frames in these VLANs
 *            native VID      untagged ones in this
 *
 * The host's end is what it has of the network itself.
 *
 * Each frame that is delivered otherwise by the network than by the bridge has
 * to be in the list of rules[] below, each with its reason, and must then be
 * delivered to whom the rule says: no rule excuses more than it is about. Prints
 * lines as netlink.c does: "pass NAME", "fail NAME<tab>why".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw.h"

#define MAX_ENDS	16
#define MAX_TAGS	2
#define N_STATIONS	12
#define BATCH		32
#define FRAME_MAX	(70 << 10)
#define FENCE_TYPE	0x88b6
#define TRAILER		12
#define VLAN_IDS	4096
/* As the longest frame is judged: one tag is no part of an MTU. */
#define OVERHEAD	(ETH_HLEN + 4)

enum { NETWORK, BRIDGE, SIDES };

struct end {
	const char *name;
	bool host, vlans, access;
	unsigned int untagged, mtu;
	bool carries[VLAN_IDS];
	uint8_t mac[ETH_ALEN];
	int fd[SIDES], ifindex[SIDES];
	/* The last fence that came. */
	uint32_t fence[SIDES];
};

/* Of the last octets of each frame. */
struct trailer {
	char text[4];
	uint32_t run, seq;
};

struct frame {
	uint8_t buf[FRAME_MAX + sizeof(struct virtio_net_hdr)];
	size_t len;
	unsigned int from, tags, tpid[MAX_TAGS], tci[MAX_TAGS];
	unsigned int gso, segment;
	const uint8_t *dst, *src;
	bool sent[SIDES];
	/* Who got it, how often, and what it was there. */
	uint32_t to[SIDES], twice[SIDES];
	uint64_t digest[SIDES][MAX_ENDS];
};

static const char *prefix[SIDES] = { ":", ":" };
static struct end ends[MAX_ENDS];
static struct frame frames[BATCH];
static int n_ends;
static bool learn, vlans;
static unsigned int n_frames = 1000, deadline = 20;
static struct trailer mark = { .text = "vmnD" };
static uint8_t stations[N_STATIONS][ETH_ALEN];

/* --- random numbers ---------------------------------------------------------- */

static uint64_t rand_state;

static uint32_t rnd(uint32_t below)
{
	uint64_t z = rand_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return ((z ^ z >> 31) >> 32) * below >> 32;
}

static bool one_in(uint32_t n)
{
	return !rnd(n);
}

/* --- what is sent -------------------------------------------------------------- */

static void random_address(uint8_t *to)
{
	static const uint8_t broadcast[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t group4[] = { 1, 0, 0x5e, 0 }, group6[] = { 0x33, 0x33 };
	static const uint8_t reserved[] = { 1, 0x80, 0xc2, 0, 0 };
	unsigned int i;

	switch (rnd(16)) {
	case 0 ... 5:
		memcpy(to, ends[rnd(n_ends)].mac, ETH_ALEN);
		break;
	case 6 ... 8:
		memcpy(to, stations[rnd(N_STATIONS)], ETH_ALEN);
		break;
	case 9 ... 10:
		memcpy(to, broadcast, ETH_ALEN);
		break;
	case 11 ... 12:
		/* The low octets are whatever comes. */
		for (i = 0; i < ETH_ALEN; i++)
			to[i] = rnd(256);
		if (one_in(2))
			memcpy(to, group4, sizeof(group4));
		else
			memcpy(to, group6, sizeof(group6));
		break;
	case 13 ... 14:
		/* Those that no switch relays, and their neighbours. */
		memcpy(to, reserved, sizeof(reserved));
		to[5] = rnd(0x20);
		break;
	default:
		for (i = 0; i < ETH_ALEN; i++)
			to[i] = rnd(256);
		if (one_in(8))
			memset(to, 0, ETH_ALEN);
	}
}

static bool is_group(const uint8_t *mac)
{
	return mac[0] & 1;
}

static bool is_zero(const uint8_t *mac)
{
	static const uint8_t zero[ETH_ALEN];

	return !memcmp(mac, zero, ETH_ALEN);
}

/* 01-80-C2-00-00-0x; its last octet, or -1. */
static int reserved(const uint8_t *mac)
{
	static const uint8_t group[] = { 1, 0x80, 0xc2, 0, 0 };

	return !memcmp(mac, group, sizeof(group)) && mac[5] < 16 ? mac[5] : -1;
}

/* The end whose own address it is, or NULL. */
static const struct end *owner(const uint8_t *mac)
{
	int i;

	for (i = 0; i < n_ends; i++) {
		if (!memcmp(ends[i].mac, mac, ETH_ALEN))
			return &ends[i];
	}
	return NULL;
}

/* (No MPLS: its VLAN tag is put into the frame for a veth, where it counts.) */
static unsigned int random_type(void)
{
	static const unsigned int types[] = {
		ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, 0x88b5, 0x88b5, 0x8808, 0x88cc,
		0x888e, 0x22f0,
	};

	return one_in(8) ? 38 + rnd(1400) :
			   types[rnd(sizeof(types) / sizeof(types[0]))];
}

static void random_tags(struct frame *f)
{
	static const unsigned int vids[] = { 10, 20, 21, 22, 30, 1, 4094, 4095 };
	unsigned int i;

	f->tags = one_in(2) ? 0 : one_in(6) ? 2 : 1;
	for (i = 0; i < f->tags; i++) {
		f->tpid[i] = one_in(8) ? ETH_P_8021AD : ETH_P_8021Q;
		f->tci[i] = one_in(10) ? 0 :
			    vids[rnd(sizeof(vids) / sizeof(vids[0]))];
		if (one_in(3))
			f->tci[i] |= rnd(8) << 13;
	}
}

/* Where we drop a frame that the bridge learns from, or the other way round, it
 * has a source that is known already; all that follows would differ.
 */
static bool may_teach(const struct frame *f, const uint8_t *dst)
{
	return reserved(dst) != 1 &&
	       !(ends[f->from].access && f->tags && f->tpid[0] == ETH_P_8021Q);
}

static void random_source(const struct frame *f, uint8_t *to)
{
	memcpy(to, ends[f->from].mac, ETH_ALEN);
	if (!may_teach(f, to - ETH_ALEN))
		return;
	if (one_in(4))
		memcpy(to, stations[rnd(N_STATIONS)], ETH_ALEN);
	if (one_in(10))
		random_address(to);
}

static unsigned int random_len(unsigned int least)
{
	unsigned int most = 1500;

	switch (rnd(6)) {
	case 0:
		return least + rnd(60);
	case 1 ... 2:
		/* Around what the ends take, most often the last but one. */
		most = ends[one_in(2) ? rnd(n_ends) : 4 % n_ends].mtu + OVERHEAD;
		return most - 3 + rnd(8);
	default:
		return least + rnd(most - least);
	}
}

static bool too_long(const struct frame *f, const struct end *end)
{
	size_t len = f->gso ? f->segment : f->len - sizeof(struct virtio_net_hdr);

	/* Where tags are looked at, the outermost is beside the frame. */
	if (vlans && f->tags && f->tpid[0] == ETH_P_8021Q)
		len -= 4;
	return len > end->mtu + OVERHEAD;
}

static bool too_long_for_some(const struct frame *f)
{
	int i;

	for (i = 0; i < n_ends; i++) {
		if (too_long(f, &ends[i]))
			return true;
	}
	return false;
}

static void random_frame(struct frame *f, uint32_t seq)
{
	uint8_t *eth = f->buf + sizeof(struct virtio_net_hdr), *at;
	struct virtio_net_hdr *vnet = (void *)f->buf;
	unsigned int least, len, i;
	bool tcp = one_in(5);

	memset(f, 0, sizeof(*f));
	f->from = rnd(n_ends);
	random_tags(f);
	random_address(eth);
	random_source(f, eth + ETH_ALEN);
	f->dst = eth;
	f->src = eth + ETH_ALEN;

	at = eth + 2 * ETH_ALEN;
	for (i = 0; i < f->tags; i++, at += 4) {
		put16(at, f->tpid[i]);
		put16(at + 2, f->tci[i]);
	}
	put16(at, tcp ? ETH_P_IP : random_type());
	at += 2;

	least = at - eth + (tcp ? 40 : 0) + TRAILER;
	len = random_len(least);
	if (tcp && one_in(2)) {
		f->gso = one_in(2) ? 500 + rnd(700) : 1200 + rnd(261);
		f->segment = at - eth + 40 + f->gso;
		/* A kernel takes no super-packet of one segment for such. */
		len = f->segment + 1 + rnd(one_in(8) ? 60000 : 6000);
	}
	for (i = at - eth; i < len - TRAILER; i++)
		eth[i] = rnd(256);
	if (tcp) {
		vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vnet->csum_start = at - eth + 20;
		vnet->csum_offset = 16;
		put_tcp(at, len - (at - eth));
	}
	if (f->gso) {
		vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		vnet->gso_size = f->gso;
		vnet->hdr_len = at - eth + 40;
	}
	mark.seq = seq;
	memcpy(eth + len - TRAILER, &mark, TRAILER);
	f->len = sizeof(*vnet) + len;
	/* As may_teach() says, and the bridge takes longer ones. */
	if (learn && too_long_for_some(f))
		memcpy(eth + ETH_ALEN, ends[f->from].mac, ETH_ALEN);
}

static bool send_to(const struct end *end, int side, const uint8_t *buf, size_t len)
{
	const uint8_t *eth = buf + sizeof(struct virtio_net_hdr);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = end->ifindex[side],
		.sll_protocol = htons(get16(eth + 2 * ETH_ALEN)),
		.sll_halen = ETH_ALEN,
	};

	return sendto(end->fd[side], buf, len, 0, (struct sockaddr *)&to,
		      sizeof(to)) == (ssize_t)len;
}

/* Broadcasts by which everybody knows that all before them has come: from each
 * end, in each VLAN that it has. None from the host: its way is shorter than that
 * of the others, so it would overtake them where a queue has filled.
 */
static void send_fences(uint32_t seq)
{
	uint8_t buf[sizeof(struct virtio_net_hdr) + 80] = { };
	uint8_t *eth = buf + sizeof(struct virtio_net_hdr);
	int i, side, vid;

	mark.seq = seq;
	memset(eth, 0xff, ETH_ALEN);
	memcpy(eth + 80 - TRAILER, &mark, TRAILER);
	for (i = 0; i < n_ends; i++) {
		if (ends[i].host)
			continue;
		memcpy(eth + ETH_ALEN, ends[i].mac, ETH_ALEN);
		for (vid = 0; vid < VLAN_IDS - 1; vid++) {
			if (vid && (!ends[i].carries[vid] || ends[i].access))
				continue;
			put16(eth + 12, vid ? ETH_P_8021Q : FENCE_TYPE);
			put16(eth + 14, vid);
			put16(eth + 16, vid ? FENCE_TYPE : 0);
			for (side = 0; side < SIDES; side++)
				send_to(&ends[i], side, buf, sizeof(buf));
		}
	}
}

/* --- what comes ------------------------------------------------------------------- */

static uint64_t digest(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len--)
		sum = (sum ^ *at++) * 0x100000001b3;
	return sum;
}

/* The tag that the kernel puts beside a frame goes back to where it was. */
static size_t put_back_tag(uint8_t *eth, size_t len, const struct tpacket_auxdata *aux)
{
	if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
		return len;
	memmove(eth + 16, eth + 12, len - 12);
	put16(eth + 12, aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
	      aux->tp_vlan_tpid : ETH_P_8021Q);
	put16(eth + 14, aux->tp_vlan_tci);
	return len + 4;
}

static void take(struct end *end, int side, const struct virtio_net_hdr *vnet,
		 const uint8_t *eth, size_t len, uint32_t first)
{
	unsigned int who = end - ends;
	struct trailer got;
	struct frame *f;

	if (len < ETH_HLEN + TRAILER)
		return;
	memcpy(&got, eth + len - TRAILER, TRAILER);
	if (memcmp(got.text, mark.text, 4) || got.run != mark.run)
		return;
	if (get16(eth + 12) == FENCE_TYPE ||
	    (get16(eth + 12) == ETH_P_8021Q && get16(eth + 16) == FENCE_TYPE)) {
		end->fence[side] = got.seq;
		return;
	}
	if (got.seq - first >= BATCH)
		return;
	f = &frames[got.seq - first];
	if (f->to[side] & 1u << who)
		f->twice[side] |= 1u << who;
	f->to[side] |= 1u << who;
	f->digest[side][who] = digest(digest(digest(0xcbf29ce484222325, eth, len),
					     &vnet->gso_type, 1),
				      &vnet->gso_size, 2);
}

/* False if there is nothing. */
static bool receive(struct end *end, int side, uint32_t first)
{
	static uint8_t buf[FRAME_MAX + 64];
	union {
		struct cmsghdr cmsg;
		char space[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec iov = { buf, sizeof(buf) - 4 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	uint8_t *eth = buf + sizeof(struct virtio_net_hdr);
	struct tpacket_auxdata aux = { };
	struct cmsghdr *cmsg;
	ssize_t len;

	len = recvmsg(end->fd[side], &msg, MSG_DONTWAIT);
	if (len < 0)
		return false;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_PACKET && cmsg->cmsg_type == PACKET_AUXDATA)
			memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
	}
	len -= sizeof(struct virtio_net_hdr);
	if (len >= ETH_HLEN)
		take(end, side, (void *)buf, eth, put_back_tag(eth, len, &aux), first);
	return true;
}

static bool receive_all(uint32_t first, uint32_t fence)
{
	double until = now() + deadline;
	struct pollfd fds[MAX_ENDS * SIDES];
	bool done;
	int i, side, n;

	do {
		done = true;
		for (i = 0, n = 0; i < n_ends; i++) {
			for (side = 0; side < SIDES; side++) {
				while (receive(&ends[i], side, first))
					;
				fds[n++] = (struct pollfd){ .fd = ends[i].fd[side],
							    .events = POLLIN };
				done &= ends[i].fence[side] == fence;
			}
		}
		if (done)
			return true;
		poll(fds, n, 20);
	} while (now() < until);

	return false;
}

/* --- what may differ --------------------------------------------------------------- */

/* The VLAN that a frame is in from its sender on; -1 for one it may not send in,
 * 0 for none.
 */
static int vlan_of(const struct frame *f)
{
	const struct end *from = &ends[f->from];
	bool tagged = f->tags && f->tpid[0] == ETH_P_8021Q;
	unsigned int vid = tagged ? f->tci[0] & 0xfff : 0;

	if (!from->vlans)
		return 0;
	if (!vid)
		return from->untagged ? (int)from->untagged : -1;
	return !from->access && from->carries[vid] ? (int)vid : -1;
}

static bool is_learner(const struct end *end)
{
	return learn && !end->host;
}

static bool from_learner(const struct frame *f)
{
	return is_learner(&ends[f->from]);
}

static uint32_t nobody(const struct frame *f)
{
	(void)f;
	return 0;
}

static uint32_t other_learners(const struct frame *f)
{
	int vid = vlan_of(f), i;
	uint32_t to = 0;

	for (i = 0; i < n_ends && vid >= 0; i++) {
		if (i == (int)f->from || !is_learner(&ends[i]) || too_long(f, &ends[i]))
			continue;
		if (!vid || ends[i].carries[vid])
			to |= 1u << i;
	}
	return to;
}

/* Those that the bridge gives it to, but for those whose MTU is too small. */
static uint32_t fitting(const struct frame *f)
{
	uint32_t to = f->to[BRIDGE];
	int i;

	for (i = 0; i < n_ends; i++) {
		if (too_long(f, &ends[i]))
			to &= ~(1u << i);
	}
	return to;
}

static bool good_source(const struct frame *f)
{
	return !is_group(f->src) && !is_zero(f->src);
}

static bool tag_at_access(const struct frame *f)
{
	return ends[f->from].access && f->tags && f->tpid[0] == ETH_P_8021Q &&
	       f->tci[0] & 0xfff;
}

static bool bad_source_of_host(const struct frame *f)
{
	return ends[f->from].host && !good_source(f);
}

static bool forged(const struct frame *f)
{
	return !from_learner(f) && good_source(f) &&
	       memcmp(f->src, ends[f->from].mac, ETH_ALEN);
}

static bool loop(const struct frame *f)
{
	const struct end *end = owner(f->src);

	return from_learner(f) && end && end != &ends[f->from];
}

static bool reserved_of_nic(const struct frame *f)
{
	return reserved(f->dst) >= 0 && !from_learner(f) && good_source(f);
}

static bool reserved_among_learners(const struct frame *f)
{
	return reserved(f->dst) >= 0 && from_learner(f) && good_source(f);
}

/* A nic behind which nobody can be is no place to look for somebody. */
static bool unknown(const struct frame *f)
{
	return !learn && !is_group(f->dst) && !owner(f->dst);
}

/* The bridge knows addresses by VLAN, we know our own in all. */
static bool known_elsewhere(const struct frame *f)
{
	const struct end *end = owner(f->dst);
	int vid = vlan_of(f);

	return end && vid > 0 && !end->carries[vid];
}

static bool long_segments(const struct frame *f)
{
	return f->gso && fitting(f) != f->to[BRIDGE];
}

static bool long_tagged(const struct frame *f)
{
	return !f->gso && !vlans && f->tags && fitting(f) != f->to[BRIDGE];
}

/* The first that is about a frame holds for it. */
static const struct rule {
	const char *name, *why;
	bool (*about)(const struct frame *f);
	uint32_t (*to)(const struct frame *f);
	/* Where it is about some frames: with VLANs or not, learning or not. */
	enum {
		PLAIN = 1, VLANS = 2, LEARN = 4, BOTH = 8,
	} shapes;
} rules[] = {
	{ "a tagged frame into an access port is dropped",
	  "it carries no tag, not even its own; a bridge takes that one",
	  tag_at_access, nobody, VLANS | BOTH },
	{ "the host's frame from a group address or zero is dropped",
	  "a bridge looks at the sources of its ports only",
	  bad_source_of_host, nobody, PLAIN | LEARN },
	{ "a frame from an address that is not the sender's is dropped",
	  "guard-mac; a bridge learns it",
	  forged, nobody, PLAIN | VLANS | LEARN },
	{ "a frame from the address of another port is dropped at a port that learns",
	  "it is a loop, or forged; a bridge forwards it",
	  loop, nobody, LEARN | BOTH },
	{ "01-80-C2-00-00-0x from a nic is dropped",
	  "802.1Q 8.6.3; a bridge without STP relays its own group",
	  reserved_of_nic, nobody, PLAIN | VLANS | LEARN },
	{ "01-80-C2-00-00-0x passes between ports that learn, and to no other",
	  "a bridge behind one must see its own loops; a bridge never relays 01 and 02",
	  reserved_among_learners, other_learners, LEARN | BOTH },
	{ "a frame to an address that nobody has is dropped where nobody learns",
	  "a nic has its own addresses and no others; a bridge floods it",
	  unknown, nobody, PLAIN | VLANS },
	{ "a frame to a port that is not in its VLAN is dropped",
	  "the port's address is known in all VLANs; a bridge floods it",
	  known_elsewhere, nobody, VLANS | BOTH },
	{ "a super-packet is dropped where its segments are too long",
	  "a bridge measures no super-packets",
	  long_segments, fitting, PLAIN | VLANS | LEARN | BOTH },
	{ "a frame longer than the MTU and one tag is dropped",
	  "a bridge does not count the outermost tag, and then allows for one",
	  long_tagged, fitting, PLAIN | LEARN },
};

#define N_RULES	(sizeof(rules) / sizeof(rules[0]))

static unsigned long seen[N_RULES];

/* --- verdicts ------------------------------------------------------------------------ */

static unsigned long differences, delivered, twice, lost;
static char first_words[400];

static void names(char *to, size_t size, uint32_t mask)
{
	size_t at = 0;
	int i;

	*to = '\0';
	for (i = 0; i < n_ends; i++) {
		if (mask & 1u << i && at < size)
			at += snprintf(to + at, size - at, "%s%s", at ? " " : "",
				       ends[i].name);
	}
	if (!mask)
		snprintf(to, size, "nobody");
}

static void differs(const struct frame *f, const char *how, uint32_t want)
{
	char wanted[100], got[100], text[400];
	const uint8_t *eth = f->buf + sizeof(struct virtio_net_hdr);
	size_t at;
	int i;

	if (differences++ >= 20)
		return;
	names(wanted, sizeof(wanted), want);
	names(got, sizeof(got), f->to[NETWORK]);
	at = snprintf(text, sizeof(text), "from %s, %zu octets, gso %u,", ends[f->from].name,
		      f->len - sizeof(struct virtio_net_hdr), f->gso);
	for (i = 0; i < 24; i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%02x",
			       i == 6 || i >= 12 ? i % 2 ? "" : " " : i ? ":" : " ", eth[i]);
	snprintf(text + at, sizeof(text) - at, "; %s: %s, want %s", how, got, wanted);
	printf("note %s\n", text);
	if (differences == 1)
		memcpy(first_words, text, sizeof(first_words));
}

static const struct rule *rule_of(const struct frame *f)
{
	unsigned int i;

	for (i = 0; i < N_RULES; i++) {
		if (rules[i].about(f)) {
			seen[i]++;
			return &rules[i];
		}
	}
	return NULL;
}

static void judge(const struct frame *f)
{
	uint32_t want = f->to[BRIDGE];
	const struct rule *rule;
	int i;

	if (f->sent[NETWORK] != f->sent[BRIDGE])
		differs(f, f->sent[NETWORK] ? "only the network takes it" :
			   "only the bridge takes it", want);
	if (!f->sent[NETWORK] || !f->sent[BRIDGE])
		return;
	if (f->twice[NETWORK] | f->twice[BRIDGE])
		twice++;
	rule = rule_of(f);
	if (rule)
		want = rule->to(f);
	if (f->to[NETWORK] != want)
		differs(f, rule ? rule->name : "the bridge does otherwise", want);
	for (i = 0; i < n_ends; i++) {
		if (!(f->to[NETWORK] & f->to[BRIDGE] & 1u << i))
			continue;
		delivered++;
		if (f->digest[NETWORK][i] != f->digest[BRIDGE][i])
			differs(f, "its octets differ", want);
	}
}

/* All that was sent so far, of the batch that begins with this one, has come. */
static bool settle(unsigned int first)
{
	/* Not a number of a frame, nor the last fence's. */
	static uint32_t fence = UINT32_MAX;

	send_fences(--fence);
	return receive_all(first, fence);
}

static void run(void)
{
	unsigned int done, i, side;

	for (done = 0; done < n_frames; done += BATCH) {
		for (i = 0; i < BATCH; i++)
			random_frame(&frames[i], done + i);
		for (i = 0; i < BATCH; i++) {
			/* By its shorter way it would also overtake those that teach
			 * where its receiver is.
			 */
			if (learn && ends[frames[i].from].host && !settle(done)) {
				lost++;
				return;
			}
			for (side = 0; side < SIDES; side++)
				frames[i].sent[side] = send_to(&ends[frames[i].from], side,
							       frames[i].buf, frames[i].len);
		}
		if (!settle(done)) {
			lost++;
			return;
		}
		for (i = 0; i < BATCH; i++)
			judge(&frames[i]);
	}
}

static void __attribute__((format(printf, 3, 4)))
verdict(bool good, const char *why, const char *name, ...)
{
	va_list args;

	printf("%s ", good ? "pass" : "fail");
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	printf(good ? "\n" : "\t%s\n", why);
}

static void verdicts(unsigned long seed)
{
	int shape = learn ? vlans ? BOTH : LEARN : vlans ? VLANS : PLAIN;
	unsigned int i;

	verdict(!lost, "a fence did not come", "all batches come to their end");
	verdict(!differences, first_words,
		"%u frames of seed %lu: whatever is not in the list arrives as with a bridge",
		n_frames, seed);
	verdict(delivered > n_frames / 4, "too few", "%lu deliveries are compared, octet by octet",
		delivered);
	verdict(!twice, "some do", "none arrives twice");
	for (i = 0; i < N_RULES; i++) {
		if (!(rules[i].shapes & shape))
			continue;
		verdict(seen[i], "never seen", "intended, %lu times: %s (%s)", seen[i],
			rules[i].name, rules[i].why);
	}
}

/* --- words --------------------------------------------------------------------------- */

static unsigned long number(const char *text)
{
	unsigned long value;
	char *rest;

	errno = 0;
	value = strtoul(text, &rest, 10);
	if (errno || !*text || *rest)
		die("this is not a number", text);
	return value;
}

static void end_open(struct end *end)
{
	const char *other = strchr(end->name, '=');
	uint8_t mac[ETH_ALEN];
	struct ifreq ifr = { };
	char where[64];
	int side;

	for (side = 0; side < SIDES; side++) {
		snprintf(where, sizeof(where), "%s%.*s", prefix[side],
			 side || !other ? 32 : (int)(other - end->name),
			 side && other ? other + 1 : end->name);
		end->fd[side] = raw_open(where, 0, &end->ifindex[side], mac);
		if (side && memcmp(mac, end->mac, ETH_ALEN))
			die("the two ends have not one address", where);
		memcpy(end->mac, mac, ETH_ALEN);
		if (raw_receive(end->fd[side], end->ifindex[side]))
			die("cannot receive at", where);
		if (!side) {
			snprintf(ifr.ifr_name, IFNAMSIZ, "%s", strchr(where, ':') + 1);
			if (ioctl(end->fd[side], SIOCGIFMTU, &ifr))
				die("no MTU of", where);
			end->mtu = ifr.ifr_mtu;
		}
	}
}

static void end_word(struct end *end, const char *word, const char *value)
{
	char *list, *vid;

	if (!strcmp(word, "access") || !strcmp(word, "native")) {
		end->access = *word == 'a';
		end->untagged = number(value);
		end->carries[end->untagged % VLAN_IDS] = true;
	} else if (!strcmp(word, "trunk")) {
		list = strdup(value);
		for (vid = strtok(list, ","); vid; vid = strtok(NULL, ","))
			end->carries[number(vid) % VLAN_IDS] = true;
		free(list);
	} else {
		die("no such word", word);
	}
	end->vlans = true;
	vlans = true;
}

int main(int argc, char **argv)
{
	const char *slow = getenv("VMNET_SLOW");
	unsigned long seed = 1;
	struct end *last = NULL;
	cpu_set_t cpus;
	int i;

	if (!(argc & 1))
		die("words come in pairs", NULL);
	for (i = 1; i < argc; i += 2) {
		const char *word = argv[i], *value = argv[i + 1];

		if (!strcmp(word, "network"))
			prefix[NETWORK] = value;
		else if (!strcmp(word, "bridge"))
			prefix[BRIDGE] = value;
		else if (!strcmp(word, "seed"))
			seed = number(value);
		else if (!strcmp(word, "frames"))
			n_frames = number(value);
		else if (!strcmp(word, "learn"))
			learn = number(value);
		else if ((!strcmp(word, "end") || !strcmp(word, "host")) && n_ends < MAX_ENDS) {
			last = &ends[n_ends++];
			last->name = value;
			last->host = *word == 'h';
		} else if (last)
			end_word(last, word, value);
		else
			die("no such option", word);
	}
	if (slow)
		deadline *= number(slow);
	setvbuf(stdout, NULL, _IOLBF, 0);
	mark.run = getpid();
	rand_state = seed;

	/* What is sent on one CPU arrives in its order. */
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("cannot run on the CPU", NULL);
	for (i = 0; i < n_ends; i++)
		end_open(&ends[i]);
	for (i = 0; i < N_STATIONS; i++) {
		stations[i][0] = 2;
		stations[i][3] = 1;
		stations[i][5] = i;
	}

	run();
	verdicts(seed);
	return 0;
}
