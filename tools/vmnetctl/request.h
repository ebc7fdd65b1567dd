/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside requests and sockets: only for genl.c, request.c and events.c. */
#ifndef VMNETCTL_REQUEST_H
#define VMNETCTL_REQUEST_H

#include <netlink/msg.h>
#include <stdbool.h>

#include "parse.h"

#define REPLY_SIZE	65536	/* the kernel fills no message beyond this */

struct request {
	struct nl_msg *msg;
	bool route;			/* goes to rtnetlink, else to vmnet */
	bool too_long;
	int wrong_netns;		/* errno of a namespace that did not open */
	const struct arg *netns_arg;
	struct nlattr *nests[4];
	int depth;
	/* Which words became which octets of the message. */
	struct {
		unsigned int start, end;
		const struct arg *arg;
	} marks[ARGS_MAX + 4];
	int n_marks;
	int fds[2];			/* namespaces to close */
	int n_fds;
};

struct request *request_new(bool route, uint16_t type, uint16_t flags,
			    size_t header);
const struct arg *request_arg_at(const struct request *rq, unsigned int offset);
void request_free(struct request *rq);

struct nl_sock *sock_open(int protocol);
int genl_family(void);
int genl_group(const char *name);

#endif
