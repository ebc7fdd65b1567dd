// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random netlink messages, written from the tables that spec.py makes of the
 * specification: every command, every attribute of every nest, right, nearly
 * right and wrong - in length, type, nesting, number; missing and repeated; and
 * the births, changes and deaths of both link kinds by rtnetlink.
 *
 *   nlfuzz SEED N changes|none
 *
 * "changes": the sender may change things, and some of it has to be taken;
 * "none": nothing but questions may be taken. Prints lines as netlink.c does.
 *
 * It names only the netdevs that are its own (fz0 ..., fp0 ..., fd0), so it can do
 * no harm to others of the namespace; run it in one of its own nevertheless.
 *
 * With a descriptor of KCOV's in NLFUZZ_KCOV it keeps the messages that came to where
 * none came before, and every other one is one of these, changed. What it sends is then
 * no longer a matter of the seed alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kcov.h"
#include "spec.h"

#define N_COMMANDS	(sizeof(spec_commands) / sizeof(spec_commands[0]))
#define BUF_SIZE	(64 << 10)
#define MSG_MAX		(24 << 10)
#define NO_ANSWER	12345
#define N_TOLD		(N_COMMANDS + 4)

static struct mnl_socket *genl, *route;
static int family, own_ns = -1, other_ns = -1;
static uint8_t msg[BUF_SIZE];
static uint32_t next_seq = 1;
/* Of each command, then of the messages by rtnetlink. */
static unsigned long asked[N_TOLD], taken[N_TOLD];
static double took[N_TOLD];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* --- random numbers ---------------------------------------------------------------- */

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

static void random_octets(uint8_t *to, size_t len)
{
	while (len--)
		*to++ = rnd(256);
}

/* --- attributes ---------------------------------------------------------------------- */

static size_t room(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_len < MSG_MAX ? MSG_MAX - nlh->nlmsg_len : 0;
}

/* An attribute that says it is so long, whatever it is. */
static void put(struct nlmsghdr *nlh, unsigned int type, unsigned int says,
		const void *data, size_t len)
{
	struct nlattr attr = { .nla_len = says, .nla_type = type };
	uint8_t *at = (uint8_t *)nlh + nlh->nlmsg_len;

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + sizeof(attr), data, len);
	memset(at + sizeof(attr) + len, 0, -len & 3);
	nlh->nlmsg_len += sizeof(attr) + len + (-len & 3);
}

static size_t text(uint8_t *to, size_t most)
{
	static const char *const known[] = {
		"fz0", "fz1", "fz2", "fz3", "fp0", "fp1", "fp2", "fp3", "fp4", "fd0",
		"fz0", "fz0", "fp0", "fp0", "red", "", "lo", ".", "..", "a/b",
		"-", "a b", "\303\244", "\377", "a\nb", "%d", "fz%d", "default",
		"example.org", "a.example.org", "pxelinux.0", "all",
	};
	size_t len;

	if (!one_in(8)) {
		const char *word = known[rnd(sizeof(known) / sizeof(known[0]))];

		len = strlen(word) + 1;
		memcpy(to, word, len);
		return len;
	}
	/* At and over the limit. */
	len = one_in(3) ? rnd(3000) : (most ? most : 20) + rnd(4) - 1;
	memset(to, 'a' + rnd(26), len);
	to[len] = '\0';
	return len + 1;
}

static uint32_t value(const struct spec_attr *attr)
{
	static const uint32_t edges[] = {
		0, 1, 2, 10, 20, 24, 30, 67, 68, 100, 255, 256, 300, 1400, 1500, 3600,
		4094, 4095, 9000, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff,
	};

	if (strstr(attr->name, "fd") && !one_in(8))
		return one_in(2) ? own_ns : other_ns;
	if (attr->most && !one_in(8))
		return rnd(attr->most + 1);
	switch (rnd(4)) {
	case 0:
		return rnd(~0u);
	case 1:
		/* An address of 10.77.0.0/24, in network order. */
		return one_in(4) ? 0x00004d0a : 0x00004d0a | (1 + rnd(250)) << 24;
	default:
		return edges[rnd(sizeof(edges) / sizeof(edges[0]))];
	}
}

static size_t binary(uint8_t *to, const struct spec_attr *attr)
{
	static const uint8_t mac[] = { 2, 0, 0x5e, 0, 0 };
	size_t len = attr->len ? attr->len : 4 * rnd(12);
	size_t i;

	if (one_in(6))
		len = rnd(80);
	if (one_in(100))
		len = rnd(2000);
	random_octets(to, len);
	if (len == 6 && !one_in(4)) {
		memcpy(to, mac, sizeof(mac));
		to[5] = rnd(16);
	} else if (!attr->len && one_in(2)) {
		/* Addresses, and ranges of small numbers. */
		for (i = 0; i + 4 <= len; i += 4)
			memcpy(to + i, one_in(2) ? "\12\115\0\144" : "\12\0\24\0", 4);
	}
	return len;
}

static void random_nest(struct nlmsghdr *nlh, const struct spec_set *set, unsigned int depth);

/* The contents as the specification wants them, of a type that may be another. */
static size_t contents(uint8_t *to, const struct spec_attr *attr, enum spec_type type)
{
	uint64_t number = value(attr);

	if (one_in(50))
		number = rnd(~0u) | (uint64_t)rnd(~0u) << 32;
	switch (type) {
	case SPEC_U8:
		*to = number;
		return 1;
	case SPEC_U16:
		memcpy(to, &number, 2);
		return 2;
	case SPEC_U32:
	case SPEC_S32:
		memcpy(to, &number, 4);
		return 4;
	case SPEC_U64:
		memcpy(to, &number, 8);
		return 8;
	case SPEC_STRING:
		return text(to, attr->len);
	case SPEC_BINARY:
		return binary(to, attr);
	default:
		return 0;
	}
}

static void random_attr(struct nlmsghdr *nlh, const struct spec_attr *attr, unsigned int depth)
{
	enum spec_type type = one_in(40) ? rnd(SPEC_PAD + 1) : attr->type;
	static uint8_t data[8192];
	unsigned int id = attr->id;
	unsigned int says;
	size_t len;

	if (room(nlh) < sizeof(data))
		return;
	if (one_in(200))
		id = rnd(one_in(2) ? 100 : 0x4000);
	if (type == SPEC_NEST && attr->nested && !one_in(40)) {
		struct nlattr *nest = mnl_attr_nest_start(nlh, id);

		if (one_in(50))
			nest->nla_type &= ~NLA_F_NESTED;
		if (depth < 4)
			random_nest(nlh, attr->nested, depth + 1);
		mnl_attr_nest_end(nlh, nest);
		if (one_in(50))
			nest->nla_len += rnd(9) - 4;
		return;
	}
	len = contents(data, attr, type);
	if (one_in(30)) {
		/* Too short, too long, without its end. */
		random_octets(data + len, 16);
		len = one_in(2) ? rnd(len + 1) : len + rnd(16);
	}
	says = NLA_HDRLEN + len;
	if (one_in(200))
		says = one_in(2) ? rnd(8) : says + rnd(300);
	if (one_in(100))
		id |= one_in(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
	put(nlh, id, says, data, len);
}

static void attr_named(struct nlmsghdr *nlh, const struct spec_set *set, const char *name,
		       unsigned int depth)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (!strcmp(set->attrs[i].name, name))
			random_attr(nlh, &set->attrs[i], depth);
	}
}

static void random_nest(struct nlmsghdr *nlh, const struct spec_set *set, unsigned int depth)
{
	unsigned int n = rnd(one_in(8) ? 20 : 4);

	/* What selects the object, more often than chance would have it. */
	if (depth == 1 && !one_in(10)) {
		attr_named(nlh, set, "name", depth);
		if (one_in(3) || strcmp(set->name, "port"))
			attr_named(nlh, set, "network", depth);
	}
	while (n--)
		random_attr(nlh, &set->attrs[rnd(set->n)], depth);
}

/* --- recipes: what chance would need too long for -------------------------------------- */

static void put_text(struct nlmsghdr *nlh, unsigned int type, const char *word)
{
	mnl_attr_put_strz(nlh, type, word);
}

static const char *a_network(void)
{
	return one_in(3) ? "fz1" : "fz0";
}

static const char *a_port(void)
{
	static const char *const ports[] = { "fp0", "fp1", "fp2", "fp3" };

	return ports[rnd(4)];
}

static void put_address(struct nlmsghdr *nlh, unsigned int type)
{
	const uint8_t address[] = { 10, 77, 0, 100 + rnd(50) };

	mnl_attr_put(nlh, type, 4, address);
}

static void put_mac(struct nlmsghdr *nlh, unsigned int type)
{
	const uint8_t mac[] = { 2, 0, 0x5e, 0, 1, rnd(8) };

	mnl_attr_put(nlh, type, 6, mac);
}

static void recipe(struct nlmsghdr *nlh, unsigned int cmd)
{
	static const uint8_t subnet[] = { 10, 77, 0, 0 };

	switch (cmd) {
	case VMNET_CMD_PORT_ATTACH:
	case VMNET_CMD_PORT_MOVE:
		put_text(nlh, VMNET_A_PORT_NETWORK, a_network());
		/* fallthrough */
	case VMNET_CMD_PORT_GET:
	case VMNET_CMD_PORT_SET:
	case VMNET_CMD_PORT_DETACH:
	case VMNET_CMD_PORT_DEL:
		put_text(nlh, VMNET_A_PORT_NAME, a_port());
		break;
	case VMNET_CMD_NETWORK_GET:
	case VMNET_CMD_NETWORK_SET:
		put_text(nlh, VMNET_A_NETWORK_NAME, a_network());
		break;
	case VMNET_CMD_DHCP_SET:
		put_text(nlh, VMNET_A_DHCP_NETWORK, a_network());
		if (one_in(3))
			break;
		mnl_attr_put(nlh, VMNET_A_DHCP_SUBNET, 4, subnet);
		mnl_attr_put_u8(nlh, VMNET_A_DHCP_PREFIX_LEN, 24);
		mnl_attr_put_u16(nlh, VMNET_A_DHCP_VLAN, one_in(4) ? 10 : 0);
		break;
	case VMNET_CMD_DHCP_GET:
		put_text(nlh, VMNET_A_DHCP_NETWORK, a_network());
		break;
	case VMNET_CMD_RESERVATION_ADD:
	case VMNET_CMD_RESERVATION_DEL:
		put_text(nlh, VMNET_A_RESERVATION_NETWORK, a_network());
		put_address(nlh, VMNET_A_RESERVATION_ADDRESS);
		if (cmd == VMNET_CMD_RESERVATION_ADD)
			put_mac(nlh, VMNET_A_RESERVATION_MAC);
		break;
	case VMNET_CMD_LEASE_DEL:
		put_text(nlh, VMNET_A_LEASE_NETWORK, a_network());
		put_address(nlh, VMNET_A_LEASE_ADDRESS);
		break;
	case VMNET_CMD_FDB_ADD:
		put_text(nlh, VMNET_A_FDB_PORT, a_port());
		/* fallthrough */
	case VMNET_CMD_FDB_DEL:
		put_mac(nlh, VMNET_A_FDB_MAC);
		/* fallthrough */
	case VMNET_CMD_FDB_FLUSH:
		put_text(nlh, VMNET_A_FDB_NETWORK, a_network());
		break;
	case VMNET_CMD_HOST_SET:
		mnl_attr_put(nlh, VMNET_A_HOST_KEY, 16, "0123456789abcdef");
		break;
	case VMNET_CMD_HOSTIF_GET:
	case VMNET_CMD_HOSTIF_SET:
		put_text(nlh, VMNET_A_HOSTIF_NAME, "default");
		if (cmd == VMNET_CMD_HOSTIF_SET)
			mnl_attr_put_u8(nlh, VMNET_A_HOSTIF_ALLOW, rnd(2));
		break;
	}
}

static const struct spec_attr *attr_of(const struct spec_set *set, unsigned int id)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (set->attrs[i].id == id)
			return &set->attrs[i];
	}
	return NULL;
}

static const struct spec_set *set_of(unsigned int about)
{
	const struct spec_attr *attr = attr_of(&spec_vmnet, about);

	return attr ? attr->nested : NULL;
}

/* Octets of what is behind the headers. */
static void spoil(struct nlmsghdr *nlh, size_t header)
{
	uint8_t *at = (uint8_t *)nlh + header;
	unsigned int n = 1 + rnd(4);

	if (nlh->nlmsg_len <= header)
		return;
	while (n--)
		at[rnd(nlh->nlmsg_len - header)] = rnd(256);
}

static struct nlmsghdr *message(unsigned int type, unsigned int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(msg);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = next_seq++;
	return nlh;
}

static struct nlmsghdr *command_message(unsigned int *told)
{
	const struct spec_command *c;
	struct nlmsghdr *nlh;
	struct genlmsghdr *g;
	struct nlattr *nest;
	unsigned int flags = 0, about;
	bool right;

	/* A reset makes most of what follows pointless, so there are few. */
	do {
		*told = rnd(N_COMMANDS);
		c = &spec_commands[*told];
	} while (((!c->does && !c->dumps) || c->cmd == VMNET_CMD_RESET ||
		  c->cmd == VMNET_CMD_PORT_DEL) && !one_in(c->cmd == VMNET_CMD_RESET ? 200 : 20));
	if (c->dumps && one_in(c->does ? 3 : 1))
		flags = NLM_F_DUMP;
	if (one_in(50))
		flags |= one_in(2) ? NLM_F_ROOT : NLM_F_MATCH;
	nlh = message(family, flags);
	g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));
	g->cmd = one_in(300) ? rnd(256) : c->cmd;
	g->version = one_in(100) ? rnd(256) : VMNET_GENL_VERSION;

	about = one_in(100) ? 1 + rnd(spec_vmnet.n) : c->about;
	if (!about || one_in(100))
		return nlh;
	right = one_in(2);
	do {
		nest = mnl_attr_nest_start(nlh, about);
		if (one_in(100))
			nest->nla_type &= ~NLA_F_NESTED;
		if ((right || one_in(2)) && about == c->about && !(flags & NLM_F_DUMP))
			recipe(nlh, c->cmd);
		/* One more, or whatever comes. */
		if (right && one_in(2))
			random_attr(nlh, &set_of(about)->attrs[rnd(set_of(about)->n)], 1);
		else if (!right)
			random_nest(nlh, set_of(about), 1);
		mnl_attr_nest_end(nlh, nest);
		if (one_in(100))
			nest->nla_len += rnd(40) - 20;
		if (one_in(4))
			about = 1 + rnd(spec_vmnet.n);
	} while (one_in(50) && room(nlh) > 8192);
	if (!right && one_in(4))
		spoil(nlh, NLMSG_HDRLEN + GENL_HDRLEN);
	return nlh;
}

/* --- messages once more, changed ------------------------------------------------------- */

#define HEADERS		(NLMSG_HDRLEN + GENL_HDRLEN)
#define N_KEPT		1024

/* Only of the family's: the headers of rtnetlink are for others to mind. */
struct kept {
	unsigned int told;
	uint32_t len;
	uint8_t octets[];
};

static struct kept *corpus[N_KEPT];
static unsigned int n_kept;

static void keep(const struct nlmsghdr *nlh, unsigned int told)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct kept **to;

	/* There are few of these for a reason. */
	if (g->cmd == VMNET_CMD_RESET || g->cmd == VMNET_CMD_PORT_DEL)
		return;
	to = &corpus[n_kept < N_KEPT ? n_kept++ : rnd(N_KEPT)];
	free(*to);
	*to = malloc(sizeof(**to) + nlh->nlmsg_len);
	if (!*to)
		die("malloc");
	(*to)->told = told;
	(*to)->len = nlh->nlmsg_len;
	memcpy((*to)->octets, nlh, nlh->nlmsg_len);
}

/* An attribute with its padding, or, in a nest that has none, where one would be. */
struct place {
	uint8_t *at;
	size_t len;
	const struct spec_set *set;	/* NULL: the specification has no such nest */
	struct nlattr *nests[4];	/* that it is in, the outermost first */
	unsigned int depth;
};

static void find_place(struct nlmsghdr *nlh, struct place *p)
{
	uint8_t *at = (uint8_t *)nlh + HEADERS, *end = (uint8_t *)nlh + nlh->nlmsg_len;
	const struct spec_attr *spec;
	struct nlattr *attr;
	unsigned int n;

	*p = (struct place){ .set = &spec_vmnet };
	for (;;) {
		p->at = at;
		p->len = 0;
		for (n = 0; mnl_attr_ok((void *)at, end - at); at += MNL_ALIGN(attr->nla_len)) {
			attr = (void *)at;
			if (rnd(++n))
				continue;
			p->at = at;
			p->len = MNL_ALIGN(attr->nla_len);
			if (p->len > (size_t)(end - at))
				p->len = end - at;
		}
		attr = (void *)p->at;
		if (!p->len || p->depth == 4 || !(attr->nla_type & NLA_F_NESTED) || one_in(4))
			return;
		p->nests[p->depth++] = attr;
		spec = p->set ? attr_of(p->set, mnl_attr_get_type(attr)) : NULL;
		p->set = spec ? spec->nested : NULL;
		at = mnl_attr_get_payload(attr);
		end = p->at + attr->nla_len;
	}
}

/* Other octets at a place, in the stead of so many; what is around it grows with it. */
static void put_there(struct nlmsghdr *nlh, struct place *p, size_t instead, const void *data,
		      size_t len)
{
	uint8_t *end = (uint8_t *)nlh + nlh->nlmsg_len;
	unsigned int i;

	if (nlh->nlmsg_len - instead + len > MSG_MAX)
		return;
	memmove(p->at + len, p->at + instead, end - p->at - instead);
	memcpy(p->at, data, len);
	nlh->nlmsg_len += len - instead;
	for (i = 0; i < p->depth; i++)
		p->nests[i]->nla_len += len - instead;
}

/* One that the specification has there. */
static void put_fresh(struct nlmsghdr *nlh, struct place *p, bool same)
{
	static uint8_t buf[BUF_SIZE];
	struct nlmsghdr *one = mnl_nlmsg_put_header(buf);
	const struct spec_attr *attr = NULL;

	if (!p->set)
		return;
	if (same && p->len)
		attr = attr_of(p->set, mnl_attr_get_type((void *)p->at));
	random_attr(one, attr ? attr : &p->set->attrs[rnd(p->set->n)], p->depth);
	put_there(nlh, p, same ? p->len : 0, mnl_nlmsg_get_payload(one),
		  mnl_nlmsg_get_payload_len(one));
}

/* One that another message has in such a nest, if such a one is soon found. */
static void put_other(struct nlmsghdr *nlh, struct place *p)
{
	struct place from;
	int tries = 8;

	do {
		find_place((void *)corpus[rnd(n_kept)]->octets, &from);
	} while (from.set != p->set && --tries);
	put_there(nlh, p, one_in(2) ? p->len : 0, from.at, from.len);
}

static void change(struct nlmsghdr *nlh)
{
	static uint8_t copy[MSG_MAX];
	struct nlattr *attr;
	struct place p;

	find_place(nlh, &p);
	switch (rnd(8)) {
	case 0:
		spoil(nlh, HEADERS);
		break;
	case 1:
		put_there(nlh, &p, p.len, "", 0);
		break;
	case 2:
		memcpy(copy, p.at, p.len);
		put_there(nlh, &p, 0, copy, p.len);
		break;
	case 3:
		attr = (void *)p.at;
		if (p.len)
			attr->nla_len = one_in(4) ? rnd(300) : attr->nla_len + rnd(9) - 4;
		break;
	case 4:
	case 5:
		put_other(nlh, &p);
		break;
	default:
		put_fresh(nlh, &p, one_in(2));
	}
}

static struct nlmsghdr *changed_message(unsigned int *told)
{
	const struct kept *from = corpus[rnd(n_kept)];
	struct nlmsghdr *nlh = (void *)msg;
	unsigned int n = 1 + rnd(4);

	memcpy(nlh, from->octets, from->len);
	nlh->nlmsg_seq = next_seq++;
	*told = from->told;
	while (n--)
		change(nlh);
	return nlh;
}

/* --- rtnetlink -------------------------------------------------------------------------- */

/* Ours, whatever else there is. */
static const char *own_link(void)
{
	static const char *const links[] = {
		"fz0", "fz0", "fz1", "fz2", "fp0", "fp1", "fp2", "fp3", "fp4",
	};

	return links[rnd(sizeof(links) / sizeof(links[0]))];
}

/* 0 for one that is not there. (Not by if_nametoindex(), for which the kernel looks
 * for a module of that name.)
 */
static unsigned int index_of(const char *name)
{
	static uint8_t buf[BUF_SIZE], own[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(own);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = next_seq++;
	mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	put_text(nlh, IFLA_IFNAME, name);
	if (mnl_socket_sendto(route, nlh, nlh->nlmsg_len) < 0 ||
	    mnl_socket_recvfrom(route, buf, sizeof(buf)) < 0)
		return 0;
	nlh = (void *)buf;
	ifi = mnl_nlmsg_get_payload(nlh);
	return nlh->nlmsg_type == RTM_NEWLINK ? ifi->ifi_index : 0;
}

static void random_info(struct nlmsghdr *nlh, bool network)
{
	const struct spec_set *set = network != one_in(20) ? &spec_link_network : &spec_link_port;
	struct nlattr *info = mnl_attr_nest_start(nlh, IFLA_LINKINFO), *data;
	unsigned int n;

	if (!one_in(50))
		put_text(nlh, IFLA_INFO_KIND, network ? "vmnet" : "vmnic");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	if (!network && one_in(3))
		put_text(nlh, IFLA_VMNIC_NETWORK, a_network());
	for (n = one_in(2) ? 0 : rnd(4); n; n--)
		random_attr(nlh, &set->attrs[rnd(set->n)], 1);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
}

static void random_link_words(struct nlmsghdr *nlh)
{
	static const unsigned int queues[] = { 0, 1, 2, 4, 256, 257, 4096 };
	static const unsigned int mtus[] = { 0, 67, 68, 1400, 1500, 65535, 65536 };
	unsigned int n;

	for (n = one_in(2) ? 0 : rnd(3); n; n--) {
		switch (rnd(6)) {
		case 0:
			put_mac(nlh, IFLA_ADDRESS);
			break;
		case 1:
			mnl_attr_put_u32(nlh, IFLA_MTU, mtus[rnd(7)]);
			break;
		case 2:
			mnl_attr_put_u32(nlh, one_in(2) ? IFLA_NUM_TX_QUEUES : IFLA_NUM_RX_QUEUES,
					 queues[rnd(7)]);
			break;
		case 3:
			mnl_attr_put_u32(nlh, IFLA_LINK, index_of(own_link()));
			break;
		case 4:
			mnl_attr_put_u32(nlh, IFLA_MASTER,
					 one_in(2) ? 0 : index_of(own_link()));
			break;
		default:
			if (one_in(4))
				mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, one_in(2) ? own_ns : other_ns);
		}
	}
}

static struct nlmsghdr *link_message(unsigned int *told)
{
	static const unsigned int types[] = {
		RTM_NEWLINK, RTM_NEWLINK, RTM_NEWLINK, RTM_NEWLINK, RTM_NEWLINK,
		RTM_SETLINK, RTM_SETLINK, RTM_GETLINK, RTM_DELLINK,
	};
	unsigned int type = types[rnd(sizeof(types) / sizeof(types[0]))];
	const char *name = own_link();
	struct nlmsghdr *nlh;
	struct ifinfomsg *ifi;

	*told = N_COMMANDS + (type == RTM_NEWLINK ? 0 : type == RTM_DELLINK ? 1 : 2);
	nlh = message(type, type == RTM_NEWLINK ? NLM_F_CREATE | (one_in(2) ? NLM_F_EXCL : 0) : 0);
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	if (type != RTM_GETLINK && one_in(2)) {
		ifi->ifi_change = IFF_UP;
		ifi->ifi_flags = one_in(8) ? 0 : IFF_UP;
	}
	put_text(nlh, IFLA_IFNAME, name);
	if (type == RTM_NEWLINK || type == RTM_SETLINK)
		random_link_words(nlh);
	if (type == RTM_NEWLINK)
		random_info(nlh, name[1] == 'z' ? !one_in(30) : one_in(30));
	return nlh;
}

/* bridge fdb, by the network's own netdev. */
static struct nlmsghdr *neighbour_message(unsigned int *told)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	*told = N_COMMANDS + 3;
	nlh = message(one_in(2) ? RTM_NEWNEIGH : RTM_DELNEIGH,
		      one_in(2) ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_REPLACE);
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_ifindex = index_of(own_link());
	ndm->ndm_state = one_in(4) ? rnd(256) : NUD_PERMANENT;
	ndm->ndm_flags = one_in(4) ? rnd(256) : NTF_SELF;
	if (!one_in(10))
		put_mac(nlh, NDA_LLADDR);
	if (one_in(4))
		mnl_attr_put_u16(nlh, NDA_VLAN, rnd(4097));
	if (one_in(2))
		mnl_attr_put_u32(nlh, NDA_IFINDEX, index_of(own_link()));
	return nlh;
}

/* --- answers ------------------------------------------------------------------------------ */

static struct mnl_socket *sock_open(int bus)
{
	const char *slow = getenv("VMNET_SLOW");
	struct mnl_socket *nl = mnl_socket_open(bus);
	struct timeval tv = { .tv_sec = 10 * (slow ? atoi(slow) : 1) };
	int on = 1, size = 4 << 20;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink socket");
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return nl;
}

/* Positive; 0 is done. An answer to another message is none. */
static int ask(struct mnl_socket *nl, const struct nlmsghdr *rq)
{
	static uint8_t buf[BUF_SIZE];
	const struct nlmsghdr *nlh;
	uint32_t seq = rq->nlmsg_seq;
	int n;

	if (mnl_socket_sendto(nl, rq, rq->nlmsg_len) < 0)
		return errno;
	for (;;) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0)
			return errno == EAGAIN ? NO_ANSWER : errno;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, n); nlh = mnl_nlmsg_next(nlh, &n)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return -((struct nlmsgerr *)mnl_nlmsg_get_payload(nlh))->error;
			if (nlh->nlmsg_type == NLMSG_DONE)
				return -*(int *)mnl_nlmsg_get_payload(nlh);
		}
	}
}

static int find_family(void)
{
	struct nlmsghdr *nlh = message(GENL_ID_CTRL, 0);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));
	struct nlattr *attr;

	nlh->nlmsg_flags = NLM_F_REQUEST;
	g->cmd = CTRL_CMD_GETFAMILY;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VMNET_GENL_NAME);
	if (mnl_socket_sendto(genl, nlh, nlh->nlmsg_len) < 0 ||
	    mnl_socket_recvfrom(genl, msg, sizeof(msg)) < 0 ||
	    nlh->nlmsg_type == NLMSG_ERROR)
		die("no family vmnet");
	mnl_attr_for_each(attr, nlh, sizeof(*g)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			return mnl_attr_get_u16(attr);
	}
	die("no family vmnet");
	return -1;
}

/* --- verdicts -------------------------------------------------------------------------------- */

static const char *const told_names[] = { "link-new", "link-del", "link-set", "bridge-fdb" };

/* What a sender without rights may have granted. */
static bool is_question(unsigned int told, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	size_t i;

	if (told >= N_COMMANDS)
		return nlh->nlmsg_type == RTM_GETLINK;
	/* Its command may have been replaced. */
	for (i = 0; i < N_COMMANDS && spec_commands[i].cmd != g->cmd; i++)
		;
	return i < N_COMMANDS && spec_commands[i].right == SPEC_ANYBODY;
}

static void print_tables(void)
{
	size_t i;

	for (i = 0; i < N_TOLD; i++) {
		if (asked[i])
			printf("note %s: %lu asked, %lu taken, %.1f s\n",
			       i < N_COMMANDS ? spec_commands[i].name : told_names[i - N_COMMANDS],
			       asked[i], taken[i], took[i]);
	}
}

int main(int argc, char **argv)
{
	unsigned long n, i, unanswered = 0, granted = 0, done = 0, unseen = 0;
	const char *kcov = getenv("NLFUZZ_KCOV");
	unsigned int told = 0, fresh, places = 0;
	double begin, asked_at;
	struct nlmsghdr *nlh;
	bool may_change;
	uint64_t seed;
	int err;

	if (argc != 4) {
		fprintf(stderr, "usage: nlfuzz SEED N changes|none\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = strtoull(argv[1], NULL, 10);
	n = strtoul(argv[2], NULL, 10);
	may_change = !strcmp(argv[3], "changes");
	rand_state = seed;
	genl = sock_open(NETLINK_GENERIC);
	route = sock_open(NETLINK_ROUTE);
	family = find_family();
	own_ns = open("/proc/self/ns/net", O_RDONLY);
	/* One to move things to; the caller says where it is. */
	other_ns = open(getenv("NLFUZZ_NETNS") ?: "/proc/self/ns/net", O_RDONLY);
	if (kcov && !kcov_start(atoi(kcov)))
		die("kcov");
	begin = now();

	for (i = 0; i < n; i++) {
		struct mnl_socket *nl = genl;

		if (one_in(10)) {
			nl = route;
			nlh = one_in(4) ? neighbour_message(&told) : link_message(&told);
			if (one_in(8))
				spoil(nlh, nlh->nlmsg_len > 80 ? 60 : nlh->nlmsg_len);
		} else if (n_kept && one_in(2)) {
			nlh = changed_message(&told);
		} else {
			nlh = command_message(&told);
		}
		asked_at = now();
		if (kcov)
			kcov_reset();
		err = ask(nl, nlh);
		if (kcov) {
			unseen += !kcov_look(&fresh) && nl == genl && !err;
			places += fresh;
			if (fresh && nl == genl)
				keep(nlh, told);
		}
		took[told] += now() - asked_at;
		asked[told]++;
		taken[told] += !err;
		unanswered += err == NO_ANSWER;
		done += !err;
		if (!err && !is_question(told, nlh)) {
			granted++;
			if (!may_change)
				printf("note granted: message %lu, %s\n", i,
				       told < N_COMMANDS ? spec_commands[told].name :
				       told_names[told - N_COMMANDS]);
		}
	}
	print_tables();
	printf("note %lu messages of seed %llu in %.1f s, %lu taken, %lu of these changes\n", n,
	       (unsigned long long)seed, now() - begin, done, granted);
	if (kcov) {
		printf("note %u places of vmnet's code reached, %u messages kept\n",
		       places, n_kept);
		printf("%s each message that is taken is seen in vmnet's code%s\n",
		       n_kept && !unseen ? "pass" : "fail", n_kept && !unseen ? "" : "\tnot all");
	}
	printf("%s each of %lu messages is answered%s\n", unanswered ? "fail" : "pass", n,
	       unanswered ? "\tnot all" : "");
	if (may_change)
		printf("%s more than one in a hundred of them changes something%s\n",
		       granted > n / 100 ? "pass" : "fail", granted > n / 100 ? "" : "\tnot");
	else
		printf("%s none of them changes anything%s\n", granted ? "fail" : "pass",
		       granted ? "\tsome are granted" : "");
	return 0;
}
