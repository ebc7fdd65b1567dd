// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/vmnet.h>
#include <netlink/attr.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fields.h"
#include "genl.h"
#include "request.h"
#include "say.h"

#define DUMP_TRIES	16
#define TORN		1	/* a dump that something changed under */

static struct nl_sock *vmnet_sock, *route_sock;
static int family, group_config, group_lease;
static struct refusal last;

int genl_family(void)
{
	return family;
}

int genl_group(const char *name)
{
	return strcmp(name, VMNET_MCGRP_LEASE) ? group_config : group_lease;
}

const struct refusal *refusal_last(void)
{
	return &last;
}

void refusal_restore(const struct refusal *refusal)
{
	last = *refusal;
}

struct nl_sock *sock_open(int protocol)
{
	struct nl_sock *sk = or_die(nl_socket_alloc());
	int one = 1, fd;

	if (nl_connect(sk, protocol)) {
		nl_socket_free(sk);
		return NULL;
	}
	fd = nl_socket_get_fd(sk);
	/* The kernel's sentences; each of these may be too new for a kernel. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));

	return sk;
}

static struct nl_sock *sock_of(const struct request *rq)
{
	struct nl_sock **sk = rq->route ? &route_sock : &vmnet_sock;

	if (!*sk)
		*sk = sock_open(rq->route ? NETLINK_ROUTE : NETLINK_GENERIC);

	return *sk;
}

static struct request *generic_request(uint16_t type, uint8_t cmd, uint8_t version)
{
	struct request *rq = request_new(false, type, 0, GENL_HDRLEN);
	struct genlmsghdr *genl = nlmsg_data(nlmsg_hdr(rq->msg));

	genl->cmd = cmd;
	genl->version = version;

	return rq;
}

struct request *request_genl(uint8_t cmd, int nest)
{
	struct request *rq = generic_request(family, cmd, VMNET_GENL_VERSION);

	if (nest)
		request_nest(rq, nest);

	return rq;
}

/* Keeps what an acknowledgment says beside its error. */
static void note_tlvs(const struct request *rq, const struct nlattr *attrs, int len)
{
	struct nlattr *attr;

	attr = nla_find(attrs, len, NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(last.text, sizeof(last.text), "%.*s", nla_len(attr),
			 (char *)nla_data(attr));
	attr = nla_find(attrs, len, NLMSGERR_ATTR_OFFS);
	if (attr && nla_len(attr) >= 4)
		last.at = request_arg_at(rq, nla_get_u32(attr));
	attr = nla_find(attrs, len, NLMSGERR_ATTR_MISS_TYPE);
	if (attr && nla_len(attr) >= 4 && !rq->route)
		last.missing = nla_get_u32(attr);
}

/* NLMSG_ERROR, which is also a plain acknowledgment, and NLMSG_DONE: an errno
 * and, capped or not, the attributes after it.
 */
static int take_end(const struct request *rq, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *end = nlmsg_data(nlh);
	size_t skip = sizeof(int), len = nlmsg_datalen(nlh);

	if (len < sizeof(int))
		return 0;
	last.err = -end->error;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		skip = sizeof(*end);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && len >= skip)
			skip += end->msg.nlmsg_len - sizeof(end->msg);
	}
	skip = NLMSG_ALIGN(skip);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && len > skip)
		note_tlvs(rq, (const struct nlattr *)((const char *)end + skip),
			  len - skip);
	if (!last.err && *last.text)
		say_warning(last.text);

	return end->error;
}

/* The attributes of a reply, after the header of its protocol. */
static void take_reply(const struct request *rq, const struct nlmsghdr *nlh,
		       const struct field_set *set, json_t *into)
{
	int header = rq->route ? NLMSG_ALIGN(sizeof(struct rtgenmsg)) : GENL_HDRLEN;
	json_t *object;

	if (into && set->decode)
		header = set->header;
	if (!into || nlmsg_datalen(nlh) < header)
		return;
	if (set->decode)
		object = set->decode(nlmsg_data(nlh), nlmsg_attrdata(nlh, header),
				     nlmsg_attrlen(nlh, header));
	else
		object = fields_decode(set, nlmsg_attrdata(nlh, header),
				       nlmsg_attrlen(nlh, header));
	if (object)
		json_array_append_new(into, object);
}

static ssize_t receive(struct nl_sock *sk, void *buffer)
{
	ssize_t len;

	do {
		len = recv(nl_socket_get_fd(sk), buffer, REPLY_SIZE, MSG_TRUNC);
	} while (len < 0 && errno == EINTR);
	if (len > REPLY_SIZE)
		return -EMSGSIZE;

	return len < 0 ? -errno : len;
}

/* Reads until the answer to the request ends. *heard is false if a part of it was
 * lost, so that nobody knows what became of the request.
 */
static int await(const struct request *rq, struct nl_sock *sk,
		 const struct field_set *set, json_t *into, bool *heard)
{
	static char buffer[REPLY_SIZE] __attribute__((aligned(8)));
	uint32_t seq = nlmsg_hdr(rq->msg)->nlmsg_seq;
	bool torn = false;
	struct nlmsghdr *nlh;
	int len, err;

	for (;;) {
		len = receive(sk, buffer);
		*heard = len >= 0;
		if (len < 0)
			return len;
		for (nlh = (struct nlmsghdr *)buffer; nlmsg_ok(nlh, len);
		     nlh = nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			torn |= !!(nlh->nlmsg_flags & NLM_F_DUMP_INTR);
			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE) {
				err = take_end(rq, nlh);
				return !err && torn ? TORN : err;
			}
			take_reply(rq, nlh, set, into);
		}
	}
}

/* What is left of an answer must not meet the next request: that has a socket of its
 * own, which is to be read from before it is used, as look_up_family() says.
 */
static void renew(struct nl_sock *sk)
{
	int old = family;

	if (sk == route_sock) {
		nl_socket_free(sk);
		route_sock = NULL;
	} else if (sk == vmnet_sock) {
		nl_socket_free(sk);
		vmnet_sock = NULL;
		family = 0;
		if (genl_open())
			family = old;
	}
}

/* The kernel had no memory for its answer, or we no room. */
static int not_heard(const struct request *rq, struct nl_sock *sk, int err)
{
	renew(sk);
	last.err = -err;
	snprintf(last.text, sizeof(last.text), "%s: %s",
		 nlmsg_hdr(rq->msg)->nlmsg_flags & NLM_F_DUMP ?
		 "The list could not be read to its end" :
		 "The kernel's answer was lost, so this may have been done or not",
		 strerror(-err));

	return err;
}

static int not_sendable(const struct request *rq, const struct nl_sock *sk)
{
	if (rq->wrong_netns) {
		last.err = rq->wrong_netns;
		last.at = rq->netns_arg;
		snprintf(last.text, sizeof(last.text),
			 "The network namespace cannot be entered: %s",
			 last.err == ENXIO ? "it has no name in /run/netns" :
			 strerror(last.err));
	} else if (rq->too_long) {
		last.err = EMSGSIZE;
		snprintf(last.text, sizeof(last.text),
			 "This is too long for one message");
	} else if (!sk) {
		last.err = EPROTONOSUPPORT;
	}

	return -last.err;
}

static int transact(struct request *rq, struct nl_sock *sk,
		    const struct field_set *set, json_t *into)
{
	struct nlmsghdr *nlh = nlmsg_hdr(rq->msg);
	bool heard = true;
	int err, tries;

	memset(&last, 0, sizeof(last));
	while (rq->depth)
		request_nest_end(rq);
	if (!sk || rq->too_long || rq->wrong_netns)
		return not_sendable(rq, sk);

	for (tries = 1; ; tries++) {
		nlh->nlmsg_seq = NL_AUTO_SEQ;
		nlh->nlmsg_pid = NL_AUTO_PORT;
		nl_complete_msg(sk, rq->msg);
		if (nl_send(sk, rq->msg) < 0)
			return -(last.err = errno ?: EIO);
		err = await(rq, sk, set, into, &heard);
		if (!heard)
			return not_heard(rq, sk, err);
		if (err != TORN)
			break;
		if (tries == DUMP_TRIES) {
			say_warning("The list changed while it was read and may be incomplete");
			return 0;
		}
		if (into)
			json_array_clear(into);
	}
	last.err = -err;

	return err;
}

int request_do(struct request *rq)
{
	int err;

	nlmsg_hdr(rq->msg)->nlmsg_flags |= NLM_F_ACK;
	err = transact(rq, sock_of(rq), NULL, NULL);
	request_free(rq);

	return err;
}

int request_get(struct request *rq, bool dump, const struct field_set *set,
		json_t *into)
{
	int err;

	nlmsg_hdr(rq->msg)->nlmsg_flags |= dump ? NLM_F_DUMP : NLM_F_ACK;
	err = transact(rq, sock_of(rq), set, into);
	request_free(rq);

	return err;
}

int check_network(const struct arg *network)
{
	struct request *rq;

	if (!network)
		return 0;
	rq = request_genl(VMNET_CMD_NETWORK_GET, VMNET_A_NETWORK);
	request_as(rq, VMNET_A_NETWORK_NAME, network);

	return request_do(rq);
}

static struct nl_sock *sock_open_in(int netns_fd)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct nl_sock *sk = NULL;

	if (home >= 0 && !setns(netns_fd, CLONE_NEWNET)) {
		sk = sock_open(NETLINK_ROUTE);
		if (setns(home, CLONE_NEWNET))
			abort();	/* every later request would go astray */
	}
	if (home >= 0)
		close(home);

	return sk;
}

int request_do_in(struct request *rq, int netns_fd)
{
	struct nl_sock *sk = NULL;
	int err;

	if (netns_fd >= 0)
		sk = sock_open_in(netns_fd);
	if (!sk)
		rq->wrong_netns = netns_fd < 0 ? ENXIO : errno ?: EPERM;
	nlmsg_hdr(rq->msg)->nlmsg_flags |= NLM_F_ACK;
	err = transact(rq, sk, NULL, NULL);
	request_free(rq);
	nl_socket_free(sk);

	return err;
}

static void note_groups(const struct nlattr *groups)
{
	struct nlattr *group, *name, *id;
	int rem;

	nla_for_each_nested(group, groups, rem) {
		name = nla_find(nla_data(group), nla_len(group),
				CTRL_ATTR_MCAST_GRP_NAME);
		id = nla_find(nla_data(group), nla_len(group),
			      CTRL_ATTR_MCAST_GRP_ID);
		if (!name || !id)
			continue;
		if (!nla_strcmp(name, VMNET_MCGRP_CONFIG))
			group_config = nla_get_u32(id);
		if (!nla_strcmp(name, VMNET_MCGRP_LEASE))
			group_lease = nla_get_u32(id);
	}
}

/* The kernel loads the module for whoever asks for its family. Having read from
 * the socket also tells the kernel how large the messages of a dump may be: to
 * a fresh socket it would send no more than a page, and long notes need more.
 */
static int look_up_family(struct request *rq)
{
	static char buffer[REPLY_SIZE] __attribute__((aligned(8)));
	struct nl_sock *sk = sock_of(rq);
	struct nlattr *id, *groups;
	struct nlmsghdr *nlh = (struct nlmsghdr *)buffer;
	int len;

	if (!sk)
		return -EPROTONOSUPPORT;
	nl_complete_msg(sk, rq->msg);
	if (nl_send(sk, rq->msg) < 0)
		return -errno;
	len = receive(sk, buffer);
	if (len < 0)
		return len;
	if (!nlmsg_ok(nlh, len) || nlh->nlmsg_type == NLMSG_ERROR)
		return -ENOENT;

	id = nlmsg_find_attr(nlh, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	groups = nlmsg_find_attr(nlh, GENL_HDRLEN, CTRL_ATTR_MCAST_GROUPS);
	if (groups)
		note_groups(groups);
	family = id ? nla_get_u16(id) : 0;

	return family ? 0 : -ENOENT;
}

/* Finds the module; further calls cost nothing. */
int genl_open(void)
{
	struct request *rq;
	int err;

	if (family)
		return 0;
	rq = generic_request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	request_string(rq, CTRL_ATTR_FAMILY_NAME, VMNET_GENL_NAME);
	err = look_up_family(rq);
	request_free(rq);

	return err;
}

void genl_close(void)
{
	nl_socket_free(vmnet_sock);
	nl_socket_free(route_sock);
	events_close();
	vmnet_sock = NULL;
	route_sock = NULL;
}
