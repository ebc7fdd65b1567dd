/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only file with sockets is genl.c. A command builds a request out of its
 * words, sends it, and gets 0 or a negative errno; what was refused and at
 * which word is kept in refusal_last().
 */
#ifndef VMNETCTL_GENL_H
#define VMNETCTL_GENL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "parse.h"

struct request;
struct field_set;

struct refusal {
	int err;			/* positive */
	char text[1024];		/* the kernel's sentence, or empty */
	const struct arg *at;		/* the word that offended, or NULL */
	int missing;			/* attribute that should be there, or 0 */
};

int genl_open(void);
void genl_close(void);
const struct refusal *refusal_last(void);
/* After further requests that were only questions. */
void refusal_restore(const struct refusal *refusal);

/* A message to vmnet with one nest, which takes the attributes that follow
 * (0: none).
 */
struct request *request_genl(uint8_t cmd, int nest);
/* A message to rtnetlink about a link. */
struct request *request_link(uint16_t type, uint16_t flags, int ifindex,
			     bool up);
/* A message to rtnetlink that a library has built; it is ours from now on. */
struct nl_msg;
struct request *request_message(struct nl_msg *msg);
/* A question to rtnetlink about a namespace. */
struct request *request_nsid(int fd);

void request_nest(struct request *rq, int attr);
void request_nest_end(struct request *rq);
void request_flag(struct request *rq, int attr);
void request_u8(struct request *rq, int attr, uint8_t value);
void request_u32(struct request *rq, int attr, uint32_t value);
void request_u64(struct request *rq, int attr, uint64_t value);
void request_bytes(struct request *rq, int attr, const void *data, size_t len);
void request_string(struct request *rq, int attr, const char *text);
void request_as(struct request *rq, int attr, const struct arg *arg);
void request_as2(struct request *rq, int attr, int attr2, const struct arg *arg);
void request_args(struct request *rq, const struct args *args);

/* Frees a request that is not to be sent. */
void request_drop(struct request *rq);
/* Both free the request. */
int request_do(struct request *rq);
int request_get(struct request *rq, bool dump, const struct field_set *set,
		json_t *into);
/* 0 if there is such a network (or none was named). */
int check_network(const struct arg *network);
/* Sends from the namespace of an open file. */
int request_do_in(struct request *rq, int netns_fd);

/* Notifications. */
struct event {
	uint8_t cmd;
	const struct nlattr *attrs;
	int len;
};

/* @buffer: octets that may wait for us, 0 for the default. */
int events_open(bool config, bool lease, uint32_t buffer);
void events_close(void);
/* 0, -EINTR, or -ENOBUFS when some were lost. */
int events_next(void (*fn)(const struct event *event, void *data), void *data);

#endif
