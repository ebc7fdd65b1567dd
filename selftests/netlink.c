// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink messages that no tool would send, written byte by byte.
 *
 *   netlink cases NETWORK PORT NETDEV
 *				each malformed message is refused
 *   netlink denied NETWORK PORT	without rights: changes refused, reading open
 *   netlink reset		a reset with attributes is refused
 *   netlink fuzz NETWORK PORT SEED N
 *				N messages with random errors: each is answered
 *
 * Prints one line for each claim, "pass NAME" or "fail NAME<tab>why", and for each
 * sentence of the kernel "said SENTENCE". NETWORK and PORT have to
 * be there, and NETDEV, a port's netdev in the present namespace.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vmnet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NO_ANSWER	12345
#define BUF_SIZE	(128 << 10)

static struct mnl_socket *genl, *route;
static int family;
static const char *network, *port, *loose;
static uint32_t next_seq = 1;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* --- what the kernel answers ---------------------------------------------------- */

struct answer {
	int err;		/* positive; 0 is done */
	char said[256];
};

static struct mnl_socket *sock_open(int bus)
{
	struct mnl_socket *nl = mnl_socket_open(bus);
	struct timeval tv = { .tv_sec = 5 };
	int on = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("netlink socket");
	mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return nl;
}

/* The sentence among the attributes behind an error, or behind a dump's end. */
static void take_said(const struct nlmsghdr *nlh, size_t header,
		      struct answer *answer)
{
	struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, header) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->said, sizeof(answer->said), "%s",
				 mnl_attr_get_str(attr));
	}
}

/* Sends raw bytes and waits for the acknowledgement, or for a dump's end. */
static struct answer ask(struct mnl_socket *nl, const void *msg, size_t len)
{
	static uint8_t buf[BUF_SIZE];
	const struct nlmsghdr *nlh;
	struct answer answer = { };
	int n;

	if (mnl_socket_sendto(nl, msg, len) < 0) {
		answer.err = errno;
		return answer;
	}
	for (;;) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0) {
			answer.err = errno == EAGAIN ? NO_ANSWER : errno;
			return answer;
		}
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, n);
		     nlh = mnl_nlmsg_next(nlh, &n)) {
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);

				answer.err = -e->error;
				take_said(nlh, sizeof(*e), &answer);
				return answer;
			}
			if (nlh->nlmsg_type == NLMSG_DONE) {
				answer.err = -*(int *)mnl_nlmsg_get_payload(nlh);
				take_said(nlh, sizeof(int), &answer);
				return answer;
			}
		}
	}
}

/* --- writing messages --------------------------------------------------------------- */

static uint8_t msg[BUF_SIZE];

static struct nlmsghdr *begin(unsigned int cmd, unsigned int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(msg);
	struct genlmsghdr *g;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = next_seq++;
	g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));
	g->cmd = cmd;
	g->version = VMNET_GENL_VERSION;
	return nlh;
}

/* Octets as they are, without any alignment. */
static void raw(struct nlmsghdr *nlh, const void *data, size_t len)
{
	memcpy((uint8_t *)nlh + nlh->nlmsg_len, data, len);
	nlh->nlmsg_len += len;
}

/* An attribute that says it is so long, whatever it is. */
static void liar(struct nlmsghdr *nlh, unsigned int type, unsigned int says,
		 const void *data, size_t len)
{
	struct nlattr attr = { .nla_len = says, .nla_type = type };
	static const uint8_t pad[4];

	raw(nlh, &attr, sizeof(attr));
	raw(nlh, data, len);
	raw(nlh, pad, -len & 3);
}

/* The object that a command is about, by its right name. */
static void put_name(struct nlmsghdr *nlh, unsigned int type)
{
	if (type == VMNET_A_NETWORK)
		mnl_attr_put_strz(nlh, VMNET_A_NETWORK_NAME, network);
	else if (type == VMNET_A_PORT)
		mnl_attr_put_strz(nlh, VMNET_A_PORT_NAME, port);
	else if (type == VMNET_A_DHCP)
		mnl_attr_put_strz(nlh, VMNET_A_DHCP_NETWORK, network);
	else if (type == VMNET_A_LEASE)
		mnl_attr_put_strz(nlh, VMNET_A_LEASE_NETWORK, network);
	else if (type == VMNET_A_RESERVATION)
		mnl_attr_put_strz(nlh, VMNET_A_RESERVATION_NETWORK, network);
	else if (type == VMNET_A_FDB)
		mnl_attr_put_strz(nlh, VMNET_A_FDB_NETWORK, network);
	else if (type == VMNET_A_HOST)
		mnl_attr_put(nlh, VMNET_A_HOST_KEY, 16, "0123456789abcdef");
	else if (type == VMNET_A_HOSTIF)
		mnl_attr_put_strz(nlh, VMNET_A_HOSTIF_NAME, "default");
}

/* --- nothing has changed ---------------------------------------------------------- */

/* All networks, ports, DHCP settings, addresses and adapters, as the kernel
 * tells them.
 */
static size_t snapshot(uint8_t *to, size_t max)
{
	static const uint8_t cmds[] = {
		VMNET_CMD_NETWORK_GET, VMNET_CMD_PORT_GET, VMNET_CMD_DHCP_GET,
		VMNET_CMD_FDB_GET,
		VMNET_CMD_HOSTIF_GET, VMNET_CMD_RESERVATION_GET,
	};
	static uint8_t buf[BUF_SIZE], own[64];
	const struct nlmsghdr *nlh;
	size_t len = 0, i;
	int n;

	for (i = 0; i < sizeof(cmds); i++) {
		struct nlmsghdr *rq = mnl_nlmsg_put_header(own);
		struct genlmsghdr *g;
		bool done = false;

		rq->nlmsg_type = family;
		rq->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
		g = mnl_nlmsg_put_extra_header(rq, sizeof(*g));
		g->cmd = cmds[i];
		if (mnl_socket_sendto(genl, rq, rq->nlmsg_len) < 0)
			die("dump");
		while (!done) {
			n = mnl_socket_recvfrom(genl, buf, sizeof(buf));
			if (n < 0)
				die("dump");
			for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, n);
			     nlh = mnl_nlmsg_next(nlh, &n)) {
				if (nlh->nlmsg_type != family) {
					done = true;
					break;
				}
				if (len + nlh->nlmsg_len > max)
					die("snapshot");
				memcpy(to + len, mnl_nlmsg_get_payload(nlh),
				       mnl_nlmsg_get_payload_len(nlh));
				len += mnl_nlmsg_get_payload_len(nlh);
			}
		}
	}
	return len;
}

static uint8_t before[4 << 20], after[4 << 20];
static size_t before_len;

/* --- one claim --------------------------------------------------------------------- */

/* ERR 0 stands for any error at all. */
static void verdict(const char *name, const struct answer *got, int err,
		    const char *said)
{
	size_t len = snapshot(after, sizeof(after));
	bool same = len == before_len && !memcmp(before, after, len);

	if (got->said[0])
		printf("said %s\n", got->said);
	if (same && (err ? got->err == err : got->err && got->err != NO_ANSWER) &&
	    (!said || strstr(got->said, said))) {
		printf("pass %s\n", name);
		return;
	}
	printf("fail %s\t%s, \"%s\"; want %s, \"%s\"%s\n", name,
	       got->err == NO_ANSWER ? "no answer" : got->err ?
	       strerror(got->err) : "done", got->said,
	       err ? strerror(err) : "an error", said ? said : "",
	       same ? "" : "; something has changed");
	before_len = snapshot(before, sizeof(before));
}

static void expect(const char *name, const struct nlmsghdr *nlh, int err,
		   const char *said)
{
	struct answer got = ask(genl, nlh, nlh->nlmsg_len);

	verdict(name, &got, err, said);
}

/* --- malformed messages of the family ------------------------------------------------- */

static const struct command {
	const char *name;
	uint8_t cmd, about;
	const char *unnamed;
} commands[] = {
	{ "network-get", VMNET_CMD_NETWORK_GET, VMNET_A_NETWORK, "The network is not named" },
	{ "network-set", VMNET_CMD_NETWORK_SET, VMNET_A_NETWORK, "The network is not named" },
	{ "port-get", VMNET_CMD_PORT_GET, VMNET_A_PORT, "The port is not named" },
	{ "port-set", VMNET_CMD_PORT_SET, VMNET_A_PORT, "The port is not named" },
	{ "port-attach", VMNET_CMD_PORT_ATTACH, VMNET_A_PORT, "The port is not named" },
	{ "port-detach", VMNET_CMD_PORT_DETACH, VMNET_A_PORT, "The port is not named" },
	{ "port-move", VMNET_CMD_PORT_MOVE, VMNET_A_PORT, "The port is not named" },
	{ "port-del", VMNET_CMD_PORT_DEL, VMNET_A_PORT, "The port is not named" },
	{ "dhcp-get", VMNET_CMD_DHCP_GET, VMNET_A_DHCP, "The network is not named" },
	{ "dhcp-set", VMNET_CMD_DHCP_SET, VMNET_A_DHCP, "The network is not named" },
	{ "lease-del", VMNET_CMD_LEASE_DEL, VMNET_A_LEASE, "The network is not named" },
	{ "reservation-add", VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION, "The network is not named" },
	{ "reservation-del", VMNET_CMD_RESERVATION_DEL, VMNET_A_RESERVATION, "The network is not named" },
	{ "host-set", VMNET_CMD_HOST_SET, VMNET_A_HOST, "The key is missing" },
	{ "fdb-add", VMNET_CMD_FDB_ADD, VMNET_A_FDB, "The network is not named" },
	{ "fdb-del", VMNET_CMD_FDB_DEL, VMNET_A_FDB, "The network is not named" },
	{ "fdb-flush", VMNET_CMD_FDB_FLUSH, VMNET_A_FDB, "The network is not named" },
	{ "hostif-get", VMNET_CMD_HOSTIF_GET, VMNET_A_HOSTIF, "The adapter is not named" },
	{ "hostif-set", VMNET_CMD_HOSTIF_SET, VMNET_A_HOSTIF, "The adapter is not named" },
};

#define N_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

/* What is wrong with the way that a message is built, whatever it is about. */
static void case_shape(const struct command *c)
{
	unsigned int other = c->about == VMNET_A_FDB ? VMNET_A_HOST : VMNET_A_FDB;
	char name[128];
	struct nlmsghdr *nlh;
	struct nlattr *nest, *inner;

#define CASE(text)	snprintf(name, sizeof(name), "%s: %s", c->name, text)
	CASE("nothing at all");
	expect(name, begin(c->cmd, 0), EINVAL,
	       "The message does not say what it is about");

	CASE("an empty nest");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, c->unnamed);

	CASE("a nest that is none (no nested flag)");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	nest->nla_type &= ~NLA_F_NESTED;
	put_name(nlh, c->about);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "NLA_F_NESTED is missing");

	CASE("the nest of another noun beside its own");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, other);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "The command is not about this");

	CASE("the nest of another noun instead of its own");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, other);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "The command is not about this");

	CASE("an attribute that nobody knows");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	mnl_attr_put_u32(nlh, 200, 1);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "Unknown attribute type");

	CASE("an attribute of type 0");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	mnl_attr_put_u32(nlh, 0, 1);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "Unknown attribute type");

	CASE("a nest that nobody knows");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, 99);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "Unknown attribute type");

	CASE("octets left over in its nest");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	raw(nlh, "\1\0", 2);
	nest->nla_len = (uint8_t *)nlh + nlh->nlmsg_len - (uint8_t *)nest;
	raw(nlh, "\0\0", 2);
	expect(name, nlh, EINVAL, "bytes leftover");

	CASE("an attribute that is longer than its nest");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	liar(nlh, 1, 60, "x", 2);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "bytes leftover");

	CASE("an attribute that is shorter than its header");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	liar(nlh, 1, 2, "x", 2);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "bytes leftover");

	CASE("a nest that is longer than the message");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	put_name(nlh, c->about);
	mnl_attr_nest_end(nlh, nest);
	nest->nla_len += 400;
	expect(name, nlh, EINVAL, "bytes leftover");

	CASE("a nest in its own nest");
	nlh = begin(c->cmd, 0);
	nest = mnl_attr_nest_start(nlh, c->about);
	inner = mnl_attr_nest_start(nlh, 1);
	put_name(nlh, c->about);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, EINVAL, "NLA_F_NESTED not expected");
#undef CASE
}

/* One attribute of a nest that is otherwise right. */
static const struct wrong {
	const char *name;
	uint8_t cmd, about;
	bool named;
	uint8_t attr;
	const char *data;
	unsigned int len;
	int err;
	const char *said;
} wrongs[] = {
#define NET	VMNET_CMD_NETWORK_SET, VMNET_A_NETWORK
#define PORT	VMNET_CMD_PORT_SET, VMNET_A_PORT
	{ "network: a name without its end", NET, false, VMNET_A_NETWORK_NAME, "lab", 3, EINVAL, NULL },
	{ "network: a name without a letter", NET, false, VMNET_A_NETWORK_NAME, "", 0, EINVAL, NULL },
	{ "network: an empty name", NET, false, VMNET_A_NETWORK_NAME, "", 1, ENOENT, "There is no network" },
	{ "network: a name of 16 letters", NET, false, VMNET_A_NETWORK_NAME, "abcdefghijklmnop", 17, 0, NULL },
	{ "network: a name with letters behind its end", NET, false, VMNET_A_NETWORK_NAME, "la\0b", 4, ENOENT, "There is no network la" },
	{ "network: a name that nobody has", NET, false, VMNET_A_NETWORK_NAME, "absent", 7, ENOENT, "There is no network absent" },
	{ "network: the name of a netdev that is none", NET, false, VMNET_A_NETWORK_NAME, "lo", 3, ENOENT, "There is no network lo" },
	{ "network: an MTU of one octet", NET, true, VMNET_A_NETWORK_MTU, "\1", 1, 0, NULL },
	{ "network: an MTU of eight octets", NET, true, VMNET_A_NETWORK_MTU, "\0\2\0\0\0\0\0\0", 8, 0, NULL },
	{ "network: an MTU of 67", NET, true, VMNET_A_NETWORK_MTU, "\103\0\0\0", 4, EINVAL, "A network's MTU is 68 to 65535" },
	{ "network: an MTU of 0", NET, true, VMNET_A_NETWORK_MTU, "\0\0\0\0", 4, EINVAL, "A network's MTU is 68 to 65535" },
	{ "network: an MTU of 65536", NET, true, VMNET_A_NETWORK_MTU, "\0\0\1\0", 4, EINVAL, "A network's MTU is 68 to 65535" },
	{ "network: an MTU of 4294967295", NET, true, VMNET_A_NETWORK_MTU, "\377\377\377\377", 4, EINVAL, "A network's MTU is 68 to 65535" },
	{ "network: host 2", NET, true, VMNET_A_NETWORK_HOST, "\2", 1, ERANGE, NULL },
	{ "network: host of four octets", NET, true, VMNET_A_NETWORK_HOST, "\1\0\0\0", 4, 0, NULL },
	{ "network: a label without its end", NET, true, VMNET_A_NETWORK_LABEL, "text", 4, EINVAL, NULL },
	{ "network: a label with a control character", NET, true, VMNET_A_NETWORK_LABEL, "a\33b", 4, EINVAL, "must not have control characters" },
	{ "network: a label with a new line", NET, true, VMNET_A_NETWORK_LABEL, "a\nb", 4, EINVAL, "must not have control characters" },
	{ "network: notes with a bell", NET, true, VMNET_A_NETWORK_NOTES, "a\7b", 4, EINVAL, "must not have control characters" },
	{ "network: its ifindex", NET, true, VMNET_A_NETWORK_IFINDEX, "\1\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "network: its address", NET, true, VMNET_A_NETWORK_MAC, "\2\0\0\0\0\1", 6, EINVAL, "The command does not take this" },
	{ "network: up", NET, true, VMNET_A_NETWORK_UP, "\0", 1, EINVAL, "The command does not take this" },
	{ "network: ports-attached", NET, true, VMNET_A_NETWORK_PORTS_ATTACHED, "\0\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "network: statistics", NET, true, VMNET_A_NETWORK_STATS | 0x80, "", 0, EINVAL, "The command does not take this" },
	{ "port: a name without its end", PORT, false, VMNET_A_PORT_NAME, "pa", 2, EINVAL, NULL },
	{ "port: a name that nobody has", PORT, false, VMNET_A_PORT_NAME, "absent", 7, ENOENT, "There is no port absent" },
	{ "port: a name of 64 letters", PORT, false, VMNET_A_PORT_NAME,
	  "abcdefghijklmnopabcdefghijklmnopabcdefghijklmnopabcdefghijklmnop", 65, 0, NULL },
	{ "port: a new name that is empty", PORT, true, VMNET_A_PORT_NEW_NAME, "", 1, EINVAL, "A name must not be empty" },
	{ "port: a new name '.'", PORT, true, VMNET_A_PORT_NEW_NAME, ".", 2, EINVAL, "A name must not be empty" },
	{ "port: a new name '..'", PORT, true, VMNET_A_PORT_NEW_NAME, "..", 3, EINVAL, "A name must not be empty" },
	{ "port: a new name '-x'", PORT, true, VMNET_A_PORT_NEW_NAME, "-x", 3, EINVAL, "A name must not be empty" },
	{ "port: a new name with a slash", PORT, true, VMNET_A_PORT_NEW_NAME, "a/b", 4, EINVAL, "A name is made of" },
	{ "port: a new name with a blank", PORT, true, VMNET_A_PORT_NEW_NAME, "a b", 4, EINVAL, "A name is made of" },
	{ "port: a new name in UTF-8", PORT, true, VMNET_A_PORT_NEW_NAME, "\303\244", 3, EINVAL, "A name is made of" },
	{ "port: a machine with a slash", PORT, true, VMNET_A_PORT_VM, "a/b", 4, EINVAL, "A name is made of" },
	{ "port: a machine without its end", PORT, true, VMNET_A_PORT_VM, "box", 3, EINVAL, NULL },
	{ "port: an address of five octets", PORT, true, VMNET_A_PORT_MAC, "\2\0\0\0\0", 5, 0, NULL },
	{ "port: an address of seven octets", PORT, true, VMNET_A_PORT_MAC, "\2\0\0\0\0\1\2", 7, 0, NULL },
	{ "port: VLAN 4095", PORT, true, VMNET_A_PORT_VLAN, "\377\17", 2, EINVAL, "A VLAN is a number from 1 to 4094" },
	{ "port: a VLAN of one octet", PORT, true, VMNET_A_PORT_VLAN, "\12", 1, 0, NULL },
	{ "port: a native VLAN of no trunk", PORT, true, VMNET_A_PORT_NATIVE, "\12\0", 2, EINVAL, "Only a trunk has a native VLAN" },
	{ "port: a trunk of half a range", PORT, true, VMNET_A_PORT_TRUNK, "\12\0", 2, EINVAL, "at most 128 ranges" },
	{ "port: a trunk of a range downwards", PORT, true, VMNET_A_PORT_TRUNK, "\24\0\12\0", 4, EINVAL, "a range goes upwards" },
	{ "port: a trunk that begins with 0", PORT, true, VMNET_A_PORT_TRUNK, "\0\0\12\0", 4, EINVAL, "a range goes upwards" },
	{ "port: a trunk up to 4095", PORT, true, VMNET_A_PORT_TRUNK, "\12\0\377\17", 4, EINVAL, "a range goes upwards" },
	{ "network: VLANs of no uplink", NET, true, VMNET_A_NETWORK_UPLINK_VLAN, "\12\0", 2, EINVAL, "The network has no uplink" },
	{ "network: an uplink that is not there", NET, true, VMNET_A_NETWORK_UPLINK, "absent", 7, ENODEV, "There is no device absent" },
	{ "network: itself as its uplink", NET, true, VMNET_A_NETWORK_UPLINK, "lab", 4, EOPNOTSUPP, "A network cannot be the uplink" },
	{ "network: the loopback as its uplink", NET, true, VMNET_A_NETWORK_UPLINK, "lo", 3, EOPNOTSUPP, "The loopback device cannot be an uplink" },
	{ "port: a multicast address", PORT, true, VMNET_A_PORT_MAC, "\1\0\136\0\0\1", 6, EADDRNOTAVAIL, "must be a unicast address" },
	{ "port: the broadcast address", PORT, true, VMNET_A_PORT_MAC, "\377\377\377\377\377\377", 6, EADDRNOTAVAIL, "must be a unicast address" },
	{ "port: an MTU of 67", PORT, true, VMNET_A_PORT_MTU, "\103\0\0\0", 4, EINVAL, "A port's MTU is 68 to 65535" },
	{ "port: an MTU of 65536", PORT, true, VMNET_A_PORT_MTU, "\0\0\1\0", 4, EINVAL, "A port's MTU is 68 to 65535" },
	{ "port: guard-mac 2", PORT, true, VMNET_A_PORT_GUARD_MAC, "\2", 1, ERANGE, NULL },
	{ "port: guard-dhcp 255", PORT, true, VMNET_A_PORT_GUARD_DHCP, "\377", 1, ERANGE, NULL },
	{ "port: guard-chaddr 2", PORT, true, VMNET_A_PORT_GUARD_CHADDR, "\2", 1, ERANGE, NULL },
	{ "port: a pool with a blank", PORT, true, VMNET_A_PORT_POOL, "a b", 4, EINVAL, "A name is made of" },
	{ "port: a pool without its end", PORT, true, VMNET_A_PORT_POOL, "red", 3, EINVAL, NULL },
	{ "port: dhcp-limit of two octets", PORT, true, VMNET_A_PORT_DHCP_LIMIT, "\1\0", 2, 0, NULL },
	{ "port: a namespace by descriptor 999999", PORT, true, VMNET_A_PORT_NETNS_FD, "\77\102\17\0", 4, 0, "The descriptor is not a network namespace's" },
	{ "port: a namespace by its standard input", PORT, true, VMNET_A_PORT_NETNS_FD, "\0\0\0\0", 4, EINVAL, "The descriptor is not a network namespace's" },
	{ "port: its network", PORT, true, VMNET_A_PORT_NETWORK, "lab", 4, EINVAL, "The command does not take this" },
	{ "port: its number", PORT, true, VMNET_A_PORT_ID, "\1\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "port: its type", PORT, true, VMNET_A_PORT_TYPE, "\1\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "port: its ifname", PORT, true, VMNET_A_PORT_IFNAME, "eth9", 5, EINVAL, "The command does not take this" },
	{ "port: its state", PORT, true, VMNET_A_PORT_STATE, "\0\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "port: a type that nobody knows", PORT, true, VMNET_A_PORT_TYPE, "\143\0\0\0", 4, ERANGE, NULL },
	{ "port: detached", PORT, true, VMNET_A_PORT_DETACHED, "", 0, EINVAL, "The command does not take this" },
	{ "port: queues", PORT, true, VMNET_A_PORT_QUEUES, "\2\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "attach: no network", VMNET_CMD_PORT_ATTACH, VMNET_A_PORT, true, 0, NULL, 0, EINVAL, "The network is not named" },
	{ "attach: a network that is not there", VMNET_CMD_PORT_ATTACH, VMNET_A_PORT, true, VMNET_A_PORT_NETWORK, "absent", 7, ENOENT, "There is no network absent" },
	{ "attach: a netdev that is no network", VMNET_CMD_PORT_ATTACH, VMNET_A_PORT, true, VMNET_A_PORT_NETWORK, "lo", 3, ENOENT, "There is no network lo" },
	{ "attach: with a new MTU", VMNET_CMD_PORT_ATTACH, VMNET_A_PORT, true, VMNET_A_PORT_MTU, "\0\2\0\0", 4, EINVAL, "The command does not take this" },
	{ "move: no network", VMNET_CMD_PORT_MOVE, VMNET_A_PORT, true, 0, NULL, 0, EINVAL, "The network is not named" },
	{ "detach: with a network", VMNET_CMD_PORT_DETACH, VMNET_A_PORT, true, VMNET_A_PORT_NETWORK, "lab", 4, EINVAL, "The command does not take this" },
	{ "port-del: with a network", VMNET_CMD_PORT_DEL, VMNET_A_PORT, true, VMNET_A_PORT_NETWORK, "lab", 4, EINVAL, "The command does not take this" },
	{ "port-get: with a network", VMNET_CMD_PORT_GET, VMNET_A_PORT, true, VMNET_A_PORT_NETWORK, "lab", 4, EINVAL, "The command does not take this" },
	{ "network-get: with a label", VMNET_CMD_NETWORK_GET, VMNET_A_NETWORK, true, VMNET_A_NETWORK_LABEL, "x", 2, EINVAL, "The command does not take this" },
#define FDB_ADD	VMNET_CMD_FDB_ADD, VMNET_A_FDB
#define FDB_DEL	VMNET_CMD_FDB_DEL, VMNET_A_FDB
	{ "fdb-add: no address", FDB_ADD, true, VMNET_A_FDB_STICKY, "\1", 1, EINVAL, "An entry needs an address and a port" },
	{ "fdb-add: an address, but no port", FDB_ADD, true, VMNET_A_FDB_MAC, "\2\0\0\0\0\1", 6, EINVAL, "An entry needs an address and a port" },
	{ "fdb-add: an address of five octets", FDB_ADD, true, VMNET_A_FDB_MAC, "\2\0\0\0\1", 5, 0, NULL },
	{ "fdb-add: a port that is not there", FDB_ADD, true, VMNET_A_FDB_PORT, "absent", 7, ENOENT, "There is no port absent" },
	{ "fdb-add: sticky 2", FDB_ADD, true, VMNET_A_FDB_STICKY, "\2", 1, ERANGE, NULL },
	{ "fdb-add: an age", FDB_ADD, true, VMNET_A_FDB_AGE, "\0\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "fdb-add: a kind", FDB_ADD, true, VMNET_A_FDB_KIND, "\2\0\0\0", 4, EINVAL, "The command does not take this" },
	{ "fdb-del: no address", FDB_DEL, true, 0, NULL, 0, EINVAL, "The address is missing" },
	{ "fdb-del: an address that is not there", FDB_DEL, true, VMNET_A_FDB_MAC, "\2\0\0\0\0\1", 6, ENOENT, "There is no such address in the table" },
	{ "fdb-del: the address zero", FDB_DEL, true, VMNET_A_FDB_MAC, "\0\0\0\0\0\0", 6, ENOENT, "There is no such address in the table" },
	{ "fdb-del: sticky", FDB_DEL, true, VMNET_A_FDB_STICKY, "\1", 1, EINVAL, "The command does not take this" },
	{ "fdb-flush: own addresses", VMNET_CMD_FDB_FLUSH, VMNET_A_FDB, true, VMNET_A_FDB_KIND, "\0\0\0\0", 4, EINVAL, "Only learned and static addresses are flushed" },
	{ "fdb-flush: a kind that nobody knows", VMNET_CMD_FDB_FLUSH, VMNET_A_FDB, true, VMNET_A_FDB_KIND, "\143\0\0\0", 4, ERANGE, NULL },
	{ "fdb-flush: an address", VMNET_CMD_FDB_FLUSH, VMNET_A_FDB, true, VMNET_A_FDB_MAC, "\2\0\0\0\0\1", 6, EINVAL, "The command does not take this" },
	{ "host: a key of 15 octets", VMNET_CMD_HOST_SET, VMNET_A_HOST, false, VMNET_A_HOST_KEY, "0123456789abcde", 15, 0, NULL },
	{ "host: a key of 17 octets", VMNET_CMD_HOST_SET, VMNET_A_HOST, false, VMNET_A_HOST_KEY, "0123456789abcdefg", 17, 0, NULL },
	{ "host: its version", VMNET_CMD_HOST_SET, VMNET_A_HOST, false, VMNET_A_HOST_VERSION, "1", 2, EINVAL, "The command does not take this" },
	{ "hostif: neither on nor off", VMNET_CMD_HOSTIF_SET, VMNET_A_HOSTIF, true, 0, NULL, 0, EINVAL, "One is needed: allow on or off, or to follow the default" },
	{ "hostif: allow 2", VMNET_CMD_HOSTIF_SET, VMNET_A_HOSTIF, true, VMNET_A_HOSTIF_ALLOW, "\2", 1, ERANGE, NULL },
	{ "hostif: its driver", VMNET_CMD_HOSTIF_SET, VMNET_A_HOSTIF, true, VMNET_A_HOSTIF_DRIVER, "x", 2, EINVAL, "The command does not take this" },
	{ "hostif: a name that nobody has", VMNET_CMD_HOSTIF_GET, VMNET_A_HOSTIF, false, VMNET_A_HOSTIF_NAME, "absent", 7, ENOENT, "There is no host adapter absent" },
};

#define N_WRONGS	(sizeof(wrongs) / sizeof(wrongs[0]))

static struct nlmsghdr *write_wrong(const struct wrong *w)
{
	struct nlmsghdr *nlh = begin(w->cmd, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, w->about);

	if (w->named)
		put_name(nlh, w->about);
	if (w->attr)
		liar(nlh, (w->attr & 0x7f) | (w->attr & 0x80 ? NLA_F_NESTED : 0),
		     NLA_HDRLEN + w->len, w->data, w->len);
	mnl_attr_nest_end(nlh, nest);
	return nlh;
}

/* Texts at their limits and over them. */
static void case_text(const char *name, unsigned int attr, unsigned int len)
{
	struct nlmsghdr *nlh = begin(VMNET_CMD_NETWORK_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMNET_A_NETWORK);
	static char text[60000];

	put_name(nlh, VMNET_A_NETWORK);
	memset(text, 'x', len);
	text[len] = '\0';
	mnl_attr_put(nlh, attr, len + 1, text);
	mnl_attr_nest_end(nlh, nest);
	expect(name, nlh, 0, NULL);
}

/* Two words of which either could be refused, so that half of it was done. */
static void case_two(void)
{
	struct nlmsghdr *nlh = begin(VMNET_CMD_PORT_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMNET_A_PORT);

	put_name(nlh, VMNET_A_PORT);
	mnl_attr_put_u32(nlh, VMNET_A_PORT_MTU, 1400);
	mnl_attr_put_strz(nlh, VMNET_A_PORT_VM, "box");
	mnl_attr_nest_end(nlh, nest);
	expect("port: two changes that may be refused", nlh, EINVAL,
	       "Name, address, MTU, machine and namespace are changed one at a time");

	nlh = begin(VMNET_CMD_NETWORK_SET, 0);
	nest = mnl_attr_nest_start(nlh, VMNET_A_NETWORK);
	put_name(nlh, VMNET_A_NETWORK);
	mnl_attr_put_u32(nlh, VMNET_A_NETWORK_MTU, 1400);
	mnl_attr_put_strz(nlh, VMNET_A_NETWORK_LABEL, "good");
	mnl_attr_put_strz(nlh, VMNET_A_NETWORK_NOTES, "b\a\ad");
	mnl_attr_nest_end(nlh, nest);
	expect("network: a good MTU and label with bad notes change nothing",
	       nlh, EINVAL, "control characters");
}

static void case_header(void)
{
	static const uint8_t only_told[] = {
		VMNET_CMD_NETWORK_NEW_NTF, VMNET_CMD_NETWORK_CHANGE_NTF,
		VMNET_CMD_NETWORK_DEL_NTF, VMNET_CMD_PORT_NEW_NTF,
		VMNET_CMD_PORT_CHANGE_NTF, VMNET_CMD_PORT_DEL_NTF,
		VMNET_CMD_DHCP_CHANGE_NTF, VMNET_CMD_LEASE_NTF,
		VMNET_CMD_RESERVATION_NEW_NTF, VMNET_CMD_RESERVATION_DEL_NTF,
	};
	struct nlmsghdr *nlh;
	char name[64];
	size_t i;

	nlh = begin(VMNET_CMD_NETWORK_GET, 0);
	nlh->nlmsg_len = NLMSG_HDRLEN;
	expect("a message without its second header", nlh, EINVAL, NULL);
	expect("command 0", begin(0, 0), EOPNOTSUPP, NULL);
	expect("command 250", begin(250, 0), EOPNOTSUPP, NULL);
	for (i = 0; i < sizeof(only_told); i++) {
		snprintf(name, sizeof(name), "command %u, which is a notification",
			 only_told[i]);
		expect(name, begin(only_told[i], 0), EOPNOTSUPP, NULL);
	}
	expect("fdb-get without a dump", begin(VMNET_CMD_FDB_GET, 0), EOPNOTSUPP, NULL);
	expect("network-set as a dump", begin(VMNET_CMD_NETWORK_SET, NLM_F_DUMP), EOPNOTSUPP, NULL);
	expect("port-del as a dump", begin(VMNET_CMD_PORT_DEL, NLM_F_DUMP), EOPNOTSUPP, NULL);

	/* One that says it is longer than it is never was sent, in effect. */
	nlh = begin(VMNET_CMD_NETWORK_GET, 0);
	nlh->nlmsg_len += 100;
	if (mnl_socket_sendto(genl, nlh, nlh->nlmsg_len - 100) < 0)
		die("send");
	nlh = begin(250, 0);
	expect("a message that is longer than what was sent is passed over", nlh,
	       EOPNOTSUPP, NULL);
}

static void case_dump(const char *what, unsigned int cmd, unsigned int about,
		      unsigned int attr, const char *data, unsigned int len,
		      int err, const char *said)
{
	struct nlmsghdr *nlh = begin(cmd, NLM_F_DUMP);
	struct nlattr *nest = mnl_attr_nest_start(nlh, about);

	if (attr)
		liar(nlh, attr, NLA_HDRLEN + len, data, len);
	mnl_attr_nest_end(nlh, nest);
	expect(what, nlh, err, said);
}

static void case_dumps(void)
{
	case_dump("port dump: a network without its end", VMNET_CMD_PORT_GET,
		  VMNET_A_PORT, VMNET_A_PORT_NETWORK, "lab", 3, EINVAL, NULL);
	case_dump("port dump: an attribute that nobody knows", VMNET_CMD_PORT_GET,
		  VMNET_A_PORT, 200, "x", 2, EINVAL, "Unknown attribute type");
	case_dump("port dump: an attribute that is no filter", VMNET_CMD_PORT_GET,
		  VMNET_A_PORT, VMNET_A_PORT_MTU, "\0\0\0\0", 4, EINVAL,
		  "The command does not take this");
	case_dump("port dump: about networks", VMNET_CMD_PORT_GET,
		  VMNET_A_NETWORK, 0, NULL, 0, EINVAL, "The command is not about this");
	case_dump("network dump: a name", VMNET_CMD_NETWORK_GET,
		  VMNET_A_NETWORK, VMNET_A_NETWORK_NAME, "lab", 4, EINVAL,
		  "The command does not take this");
	case_dump("fdb dump: an address", VMNET_CMD_FDB_GET, VMNET_A_FDB,
		  VMNET_A_FDB_MAC, "\2\0\0\0\0\1", 6, EINVAL,
		  "The command does not take this");
	case_dump("fdb dump: about ports", VMNET_CMD_FDB_GET, VMNET_A_PORT, 0,
		  NULL, 0, EINVAL, "The command is not about this");
	case_dump("lease dump: about ports", VMNET_CMD_LEASE_GET, VMNET_A_PORT,
		  0, NULL, 0, EINVAL, "The command is not about this");
	case_dump("hostif dump: a name", VMNET_CMD_HOSTIF_GET, VMNET_A_HOSTIF,
		  VMNET_A_HOSTIF_NAME, "eth0", 5, EINVAL,
		  "The command does not take this");
	case_dump("reservation dump: an address", VMNET_CMD_RESERVATION_GET,
		  VMNET_A_RESERVATION, VMNET_A_RESERVATION_ADDRESS,
		  "\12\115\0\5", 4, EINVAL, "The command does not take this");
	case_dump("dhcp dump: a VLAN", VMNET_CMD_DHCP_GET, VMNET_A_DHCP,
		  VMNET_A_DHCP_VLAN, "\12\0", 2, EINVAL,
		  "The command does not take this");
	case_dump("dhcp dump: about ports", VMNET_CMD_DHCP_GET, VMNET_A_PORT,
		  0, NULL, 0, EINVAL, "The command is not about this");
}

/* --- birth by rtnetlink ---------------------------------------------------------------- */

static const struct birth {
	const char *name, *kind;
	uint16_t attr;
	const char *data;
	unsigned int len;
	int err;
	const char *said;
} births[] = {
	{ "vmnet: a label without its end", "vmnet", IFLA_VMNET_LABEL, "text", 4, EINVAL, NULL },
	{ "vmnet: a label with a control character", "vmnet", IFLA_VMNET_LABEL, "a\1b", 4, EINVAL, "must not have control characters" },
	{ "vmnet: notes with an escape", "vmnet", IFLA_VMNET_NOTES, "a\33b", 4, EINVAL, "must not have control characters" },
	{ "vmnet: host 2", "vmnet", IFLA_VMNET_HOST, "\2", 1, ERANGE, NULL },
	{ "vmnic: an empty name", "vmnic", IFLA_VMNIC_NAME, "", 1, EINVAL, "A name must not be empty" },
	{ "vmnic: a name with a slash", "vmnic", IFLA_VMNIC_NAME, "a/b", 4, EINVAL, "A name is made of" },
	{ "vmnic: a name without its end", "vmnic", IFLA_VMNIC_NAME, "abc", 3, EINVAL, NULL },
	{ "vmnic: a name of 64 letters", "vmnic", IFLA_VMNIC_NAME,
	  "abcdefghijklmnopabcdefghijklmnopabcdefghijklmnopabcdefghijklmnop", 65, 0, NULL },
	{ "vmnic: a machine with a blank", "vmnic", IFLA_VMNIC_VM, "a b", 4, EINVAL, "A name is made of" },
	{ "vmnic: a network that is not there", "vmnic", IFLA_VMNIC_NETWORK, "absent", 7, ENOENT, "There is no network absent" },
	{ "vmnic: a netdev that is no network", "vmnic", IFLA_VMNIC_NETWORK, "lo", 3, ENOENT, "There is no network lo" },
	{ "vmnic: of the type dev", "vmnic", IFLA_VMNIC_MODE, "\2\0\0\0", 4, EOPNOTSUPP, "A vmnic is of the type nic" },
	{ "vmnic: of a type that nobody knows", "vmnic", IFLA_VMNIC_MODE, "\143\0\0\0", 4, EOPNOTSUPP, "A vmnic is of the type nic" },
	{ "vmnic: a nic with an owner", "vmnic", IFLA_VMNIC_UID, "\1\0\0\0", 4, EINVAL, "Only a tap has a node" },
	{ "vmnic: a nic with a group", "vmnic", IFLA_VMNIC_GID, "\1\0\0\0", 4, EINVAL, "Only a tap has a node" },
	{ "vmnic: a mode of two octets", "vmnic", IFLA_VMNIC_MODE, "\0\0", 2, 0, NULL },
	{ "vmnic: a number of its own", "vmnic", IFLA_VMNIC_PORT_ID, "\7\0\0\0", 4, EINVAL, "A port's number is the kernel's to choose" },
};

#define N_BIRTHS	(sizeof(births) / sizeof(births[0]))

/* With the name of a netdev that is there, a change of it. */
static void case_link(const struct birth *b, const char *ifname, int link)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(msg);
	struct nlattr *info, *data;
	struct ifinfomsg *ifi;
	struct answer got;

	nlh->nlmsg_type = RTM_NEWLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	nlh->nlmsg_seq = next_seq++;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, ifname);
	if (link)
		mnl_attr_put_u32(nlh, IFLA_LINK, link);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, b->kind);
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	liar(nlh, b->attr, NLA_HDRLEN + b->len, b->data, b->len);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	got = ask(route, nlh, nlh->nlmsg_len);
	verdict(b->name, &got, b->err, b->said);
}

static void case_birth(const struct birth *b)
{
	case_link(b, "malformed0", 0);
}

static void case_links(void)
{
	case_link(&(struct birth){ "vmnic: its network given twice", "vmnic",
				   IFLA_VMNIC_NETWORK, network, strlen(network) + 1, EINVAL,
				   "The network is given twice, by 'link' and by name" },
		  "malformed0", if_nametoindex(network));
	case_link(&(struct birth){ "vmnet: changed by rtnetlink", "vmnet",
				   IFLA_VMNET_LABEL, "new", 4, EOPNOTSUPP,
				   "Use 'vmnetctl network set' to change a network" },
		  network, 0);
	case_link(&(struct birth){ "vmnic: changed by rtnetlink", "vmnic",
				   IFLA_VMNIC_VM, "new", 4, EOPNOTSUPP,
				   "Use 'vmnetctl port set', 'attach' and 'detach'" },
		  loose, 0);
}

static int cases(void)
{
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		case_shape(&commands[i]);
	for (i = 0; i < N_WRONGS; i++)
		expect(wrongs[i].name, write_wrong(&wrongs[i]), wrongs[i].err,
		       wrongs[i].said);
	case_text("network: a label of 256 octets", VMNET_A_NETWORK_LABEL, 256);
	case_text("network: notes of 2048 octets", VMNET_A_NETWORK_NOTES, 2048);
	case_text("network: notes of 50000 octets", VMNET_A_NETWORK_NOTES, 50000);
	case_text("network: a name of 50000 octets", VMNET_A_NETWORK_NAME, 50000);
	case_two();
	case_header();
	case_dumps();
	for (i = 0; i < N_BIRTHS; i++)
		case_birth(&births[i]);
	case_links();
	return 0;
}

/* --- without rights ------------------------------------------------------------------- */

static int denied(void)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct answer got;
	char name[64];
	size_t i;

	for (i = 0; i < N_COMMANDS; i++) {
		const struct command *c = &commands[i];
		bool reads = strstr(c->name, "-get");

		nlh = begin(c->cmd, 0);
		nest = mnl_attr_nest_start(nlh, c->about);
		put_name(nlh, c->about);
		mnl_attr_nest_end(nlh, nest);
		snprintf(name, sizeof(name), "%s %s", c->name,
			 reads ? "is open" : "is refused");
		if (!reads) {
			expect(name, nlh, EPERM, NULL);
			continue;
		}
		got = ask(genl, nlh, nlh->nlmsg_len);
		/* There may be no DHCP server: that is an answer, too. */
		if (got.err == EPERM || got.err == NO_ANSWER)
			printf("fail %s\t%s\n", name, strerror(got.err));
		else
			printf("pass %s\n", name);
	}
	expect("reset is refused", begin(VMNET_CMD_RESET, 0), EPERM, NULL);
	case_birth(&(struct birth){ "vmnet: the birth of a network is refused",
				    "vmnet", IFLA_VMNET_HOST, "\0", 1, EPERM, NULL });
	case_birth(&(struct birth){ "vmnic: the birth of a port is refused",
				    "vmnic", IFLA_VMNIC_NAME, "x", 2, EPERM, NULL });
	return 0;
}

/* A command that takes nothing must not pass over what it is given: a wish for
 * one network would delete all.
 */
static int reset_with(void)
{
	struct nlmsghdr *nlh = begin(VMNET_CMD_RESET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, VMNET_A_NETWORK);

	put_name(nlh, VMNET_A_NETWORK);
	mnl_attr_nest_end(nlh, nest);
	expect("reset: about one network", nlh, EINVAL, "The command is not about this");

	nlh = begin(VMNET_CMD_HOST_GET, 0);
	nest = mnl_attr_nest_start(nlh, VMNET_A_NETWORK);
	put_name(nlh, VMNET_A_NETWORK);
	mnl_attr_nest_end(nlh, nest);
	expect("host-get: about a network", nlh, EINVAL, "The command is not about this");
	return 0;
}

/* --- random errors --------------------------------------------------------------------- */

static uint32_t rand_state;

static uint32_t rnd(uint32_t below)
{
	rand_state = rand_state * 1664525 + 1013904223;
	return (uint64_t)rand_state * below >> 32;
}

/* One that is right, or nearly: then octets of it are changed. */
static struct nlmsghdr *random_message(void)
{
	const struct command *c = &commands[rnd(N_COMMANDS)];
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	uint8_t *at;
	unsigned int i;

	if (rnd(2)) {
		nlh = write_wrong(&wrongs[rnd(N_WRONGS)]);
	} else {
		nlh = begin(c->cmd, rnd(4) ? 0 : NLM_F_DUMP);
		nest = mnl_attr_nest_start(nlh, c->about);
		if (rnd(2))
			put_name(nlh, c->about);
		for (i = rnd(6); i; i--) {
			uint32_t words[8] = { rnd(~0u), rnd(~0u), rnd(~0u), rnd(~0u) };
			unsigned int len = rnd(sizeof(words));

			liar(nlh, rnd(36), NLA_HDRLEN + len, words, len);
		}
		mnl_attr_nest_end(nlh, nest);
	}

	/* The headers stay: what they say wrong is tried above. */
	at = (uint8_t *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
	if (nlh->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN) {
		for (i = rnd(4); i; i--)
			at[rnd(nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN)] = rnd(256);
	}
	return nlh;
}

/* Its port must stay, its namespaces too. */
static bool harmless(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);

	return g->cmd != VMNET_CMD_PORT_DEL && g->cmd != VMNET_CMD_RESET;
}

static int fuzz(unsigned int seed, unsigned int n)
{
	unsigned int unanswered = 0, done = 0, i;
	struct nlmsghdr *nlh;
	struct answer got;

	rand_state = seed;
	for (i = 0; i < n; i++) {
		nlh = random_message();
		if (!harmless(nlh))
			continue;
		got = ask(genl, nlh, nlh->nlmsg_len);
		unanswered += got.err == NO_ANSWER;
		done += !got.err;
	}
	printf("%s %u messages with random errors, of seed %u, are answered%s\n",
	       unanswered ? "fail" : "pass", n, seed, unanswered ? "\tnot all" : "");
	/* Were all refused, the errors would be too coarse to find anything. */
	printf("%s some of them are taken\n", done ? "pass" : "fail");
	return 0;
}

/* --- the family ------------------------------------------------------------------------ */

static int find_family(void)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(msg);
	struct genlmsghdr *g;
	struct nlattr *attr;
	int n;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));
	g->cmd = CTRL_CMD_GETFAMILY;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VMNET_GENL_NAME);
	if (mnl_socket_sendto(genl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	n = mnl_socket_recvfrom(genl, msg, sizeof(msg));
	if (n < 0 || nlh->nlmsg_type == NLMSG_ERROR)
		return -1;
	mnl_attr_for_each(attr, nlh, sizeof(*g)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			return mnl_attr_get_u16(attr);
	}
	return -1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	network = argc > 2 ? argv[2] : "lab";
	port = argc > 3 ? argv[3] : "pa";
	loose = argc > 4 ? argv[4] : "loose";
	genl = sock_open(NETLINK_GENERIC);
	route = sock_open(NETLINK_ROUTE);
	family = find_family();
	if (family < 0) {
		fprintf(stderr, "netlink: no family %s\n", VMNET_GENL_NAME);
		return 2;
	}
	before_len = snapshot(before, sizeof(before));

	if (!strcmp(what, "cases"))
		return cases();
	if (!strcmp(what, "denied"))
		return denied();
	if (!strcmp(what, "reset"))
		return reset_with();
	if (!strcmp(what, "fuzz") && argc == 6)
		return fuzz(atoi(argv[4]), atoi(argv[5]));
	fprintf(stderr, "netlink: no such word: %s\n", what);
	return 2;
}
