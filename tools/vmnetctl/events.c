// SPDX-License-Identifier: GPL-2.0-only
/* Notifications, on a socket of their own. */
#include <errno.h>
#include <limits.h>
#include <linux/genetlink.h>
#include <linux/vmnet.h>
#include <netlink/attr.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include "genl.h"
#include "request.h"

#define EVENT_BUFFER	(4 << 20)

static struct nl_sock *event_sock;

int events_open(bool config, bool lease, uint32_t buffer)
{
	int size = buffer && buffer < INT_MAX ? buffer : EVENT_BUFFER, fd;

	event_sock = sock_open(NETLINK_GENERIC);
	if (!event_sock)
		return -EPROTONOSUPPORT;
	fd = nl_socket_get_fd(event_sock);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (config && nl_socket_add_membership(event_sock, genl_group(VMNET_MCGRP_CONFIG)))
		return -errno;
	if (lease && nl_socket_add_membership(event_sock, genl_group(VMNET_MCGRP_LEASE)))
		return -errno;

	return 0;
}

void events_close(void)
{
	nl_socket_free(event_sock);
	event_sock = NULL;
}

int events_next(void (*fn)(const struct event *event, void *data), void *data)
{
	static char buffer[REPLY_SIZE] __attribute__((aligned(8)));
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	struct event event;
	int len;

	len = recv(nl_socket_get_fd(event_sock), buffer, sizeof(buffer), 0);
	if (len < 0)
		return -errno;
	for (nlh = (struct nlmsghdr *)buffer; nlmsg_ok(nlh, len);
	     nlh = nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type != genl_family() || nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
			continue;
		genl = nlmsg_data(nlh);
		event.cmd = genl->cmd;
		event.attrs = nlmsg_attrdata(nlh, GENL_HDRLEN);
		event.len = nlmsg_attrlen(nlh, GENL_HDRLEN);
		fn(&event, data);
	}

	return 0;
}
