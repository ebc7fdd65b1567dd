// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/vmnet.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "genl.h"
#include "lists.h"
#include "netns.h"
#include "request.h"
#include "say.h"

/* More than the longest notes and label; the kernel takes no more than this. */
#define REQUEST_SIZE	32768

struct request *request_new(bool route, uint16_t type, uint16_t flags,
			    size_t header)
{
	struct request *rq = or_die(calloc(1, sizeof(*rq)));
	struct nlmsghdr *nlh;

	rq->route = route;
	rq->msg = or_die(nlmsg_alloc_size(REQUEST_SIZE));
	nlh = or_die(nlmsg_put(rq->msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, header,
			       flags | NLM_F_REQUEST));
	memset(nlmsg_data(nlh), 0, header);

	return rq;
}

void request_free(struct request *rq)
{
	while (rq->n_fds)
		close(rq->fds[--rq->n_fds]);
	nlmsg_free(rq->msg);
	free(rq);
}

void request_drop(struct request *rq)
{
	request_free(rq);
}

struct request *request_link(uint16_t type, uint16_t flags, int ifindex, bool up)
{
	struct request *rq = request_new(true, type, flags,
					 sizeof(struct ifinfomsg));
	struct ifinfomsg *ifm = nlmsg_data(nlmsg_hdr(rq->msg));

	ifm->ifi_index = ifindex;
	if (up)
		ifm->ifi_flags = ifm->ifi_change = IFF_UP;

	return rq;
}

struct request *request_message(struct nl_msg *msg)
{
	struct request *rq = or_die(calloc(1, sizeof(*rq)));

	rq->route = true;
	rq->msg = msg;

	return rq;
}

struct request *request_nsid(int fd)
{
	struct request *rq = request_new(true, RTM_GETNSID, 0,
					 NLMSG_ALIGN(sizeof(struct rtgenmsg)));

	request_u32(rq, NETNSA_FD, fd);
	return rq;
}

void request_nest(struct request *rq, int attr)
{
	struct nlattr *nest = nla_nest_start(rq->msg, attr | NLA_F_NESTED);

	if (!nest)
		rq->too_long = true;
	rq->nests[rq->depth++] = nest;
}

void request_nest_end(struct request *rq)
{
	struct nlattr *nest = rq->nests[--rq->depth];

	if (nest)
		nla_nest_end_keep_empty(rq->msg, nest);
}

static void put(struct request *rq, int attr, const void *data, size_t len)
{
	if (len > REQUEST_SIZE || nla_put(rq->msg, attr, len, data))
		rq->too_long = true;
}

void request_flag(struct request *rq, int attr)
{
	put(rq, attr, NULL, 0);
}

void request_u8(struct request *rq, int attr, uint8_t value)
{
	put(rq, attr, &value, sizeof(value));
}

static void put_u16(struct request *rq, int attr, uint16_t value)
{
	put(rq, attr, &value, sizeof(value));
}

void request_u32(struct request *rq, int attr, uint32_t value)
{
	put(rq, attr, &value, sizeof(value));
}

void request_u64(struct request *rq, int attr, uint64_t value)
{
	put(rq, attr, &value, sizeof(value));
}

void request_bytes(struct request *rq, int attr, const void *data, size_t len)
{
	put(rq, attr, data, len);
}

void request_string(struct request *rq, int attr, const char *text)
{
	put(rq, attr, text, strlen(text) + 1);
}

static void put_netns(struct request *rq, int attr, const struct arg *arg)
{
	int fd = netns_open(arg->text);

	if (fd < 0) {
		rq->wrong_netns = errno;
		rq->netns_arg = arg;
		return;
	}
	rq->fds[rq->n_fds++] = fd;
	request_u32(rq, attr, fd);
}

static void put_domains(struct request *rq, int attr, const char *text)
{
	char domain[ITEM_MAX + 1];

	request_nest(rq, attr);
	while (*text) {
		domain_next(&text, domain);
		request_string(rq, VMNET_A_DHCP_DOMAINS_DOMAIN, domain);
	}
	request_nest_end(rq);
}

static void put_routes(struct request *rq, int attr, const char *text)
{
	struct route_item routes[LIST_MAX / 8];
	size_t n = 0;

	while (*text)
		route_next(&text, &routes[n++]);
	put(rq, attr, routes, n * sizeof(*routes));
}

static void put_ranges(struct request *rq, int attr, const char *text)
{
	struct range_item ranges[LIST_MAX / 4];
	size_t n = 0;

	while (*text)
		range_next(&text, &ranges[n++]);
	put(rq, attr, ranges, n * sizeof(*ranges));
}

static void put_boot_files(struct request *rq, int attr, const char *text)
{
	struct numbered_item item;

	request_nest(rq, attr);
	while (*text) {
		boot_file_next(&text, &item);
		request_nest(rq, VMNET_A_DHCP_BOOT_LIST_ENTRY);
		put_u16(rq, VMNET_A_DHCP_BOOT_ENTRY_ARCH, item.number);
		request_string(rq, VMNET_A_DHCP_BOOT_ENTRY_FILE,
			       (const char *)item.octets);
		request_nest_end(rq);
	}
	request_nest_end(rq);
}

static void put_options(struct request *rq, int attr, const char *text)
{
	struct numbered_item item;

	request_nest(rq, attr);
	while (*text) {
		option_next(&text, &item);
		request_nest(rq, VMNET_A_DHCP_OPTION_LIST_ENTRY);
		request_u8(rq, VMNET_A_DHCP_OPTION_ENTRY_CODE, item.number);
		put(rq, VMNET_A_DHCP_OPTION_ENTRY_DATA, item.octets, item.len);
		request_nest_end(rq);
	}
	request_nest_end(rq);
}

/* They were looked at when the words were read. */
static void put_list(struct request *rq, int attr, const struct arg *arg)
{
	const char *text = arg->value.cleared ? "" : arg->text;

	switch (arg->kw->type) {
	case V_DOMAINS:
		put_domains(rq, attr, text);
		break;
	case V_ROUTES:
		put_routes(rq, attr, text);
		break;
	case V_RANGES:
		put_ranges(rq, attr, text);
		break;
	case V_BOOT_FILES:
		put_boot_files(rq, attr, text);
		break;
	default:
		put_options(rq, attr, text);
		break;
	}
}

static void put_value(struct request *rq, int attr, int attr2,
		      const struct arg *arg)
{
	const struct value *v = &arg->value;

	switch (arg->kw->type) {
	case V_FLAG:
		request_flag(rq, attr);
		break;
	case V_NAME:
	case V_TEXT:
		request_string(rq, attr, v->cleared ? "" : arg->text);
		break;
	case V_NUMBER:
	case V_TIME:
	case V_CHOICE:
		request_u32(rq, attr, v->number);
		break;
	case V_ONOFF:
		request_u8(rq, attr, v->number);
		break;
	case V_ADDRESS:
		put(rq, attr, &v->address[0], 4);
		break;
	case V_ADDRESSES:
		put(rq, attr, v->address, 4 * v->addresses);
		break;
	case V_PREFIX:
		put(rq, attr, &v->address[0], 4);
		request_u8(rq, attr2, v->number);
		break;
	case V_RANGE:
		put(rq, attr, &v->address[0], 4);
		put(rq, attr2, &v->address[1], 4);
		break;
	case V_MAC:
		put(rq, attr, v->bytes, 6);
		break;
	case V_HEX:
		put(rq, attr, v->bytes, v->len);
		break;
	case V_NETNS:
		put_netns(rq, attr, arg);
		break;
	case V_VLAN:
		put_u16(rq, attr, v->number);
		break;
	case V_VLANS:
		put(rq, attr, v->ranges, 4 * v->n_ranges);
		break;
	case V_DOMAINS:
	case V_ROUTES:
	case V_RANGES:
	case V_BOOT_FILES:
	case V_OPTIONS:
		put_list(rq, attr, arg);
		break;
	case V_USER:
		request_u32(rq, attr, v->number);
		break;
	case V_GROUP:
		request_u32(rq, attr, v->cleared ? UINT32_MAX : v->number);
		break;
	case V_NAMES:
		break;
	}
}

static void put_marked(struct request *rq, int attr, int attr2,
		       const struct arg *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(rq->msg);
	unsigned int start = nlh->nlmsg_len;

	put_value(rq, attr, attr2, arg);
	rq->marks[rq->n_marks].start = start;
	rq->marks[rq->n_marks].end = nlh->nlmsg_len;
	rq->marks[rq->n_marks].arg = arg;
	rq->n_marks++;
}

/* A word as another attribute than its keyword's own; arg may be NULL. */
void request_as(struct request *rq, int attr, const struct arg *arg)
{
	if (arg)
		put_marked(rq, attr, 0, arg);
}

/* The same for a prefix or a range. */
void request_as2(struct request *rq, int attr, int attr2, const struct arg *arg)
{
	put_marked(rq, attr, attr2, arg);
}

/* All words that are attributes of the nest that is open. */
void request_args(struct request *rq, const struct args *args)
{
	const struct arg *arg;

	for (arg = args->arg; arg < args->arg + args->count; arg++) {
		if (arg->kw->attr)
			put_marked(rq, arg->kw->attr, arg->kw->attr2, arg);
	}
}

const struct arg *request_arg_at(const struct request *rq, unsigned int offset)
{
	int i;

	for (i = 0; i < rq->n_marks; i++) {
		if (offset >= rq->marks[i].start && offset < rq->marks[i].end)
			return rq->marks[i].arg;
	}

	return NULL;
}
