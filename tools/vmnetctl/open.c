// SPDX-License-Identifier: GPL-2.0-only
/* Opening the queues of a tap for another program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "genl.h"
#include "netns.h"
#include "open.h"
#include "say.h"

static int may_not(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return say_plain(CODE_NO_MODULE, NULL, "You may not open %s", path);

	return say_plain(CODE_NO_MODULE, NULL,
			 "You may not open %s: it belongs to user %u and group %u",
			 path, st.st_uid, st.st_gid);
}

/* Out of the way of the numbers that they are to have. */
static int open_high(const char *path, int floor)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int high;

	if (fd < 0)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, floor);
	close(fd);

	return high;
}

static int open_queue(const char *node, int floor, bool several)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open_high(node, floor);

	if (several)
		ifr.ifr_flags |= IFF_MULTI_QUEUE;
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &ifr)) {
		close(fd);
		return -1;
	}

	return fd;
}

static int failed(const char *path)
{
	if (errno == EACCES || errno == EPERM)
		return may_not(path);

	return say_plain(CODE_REFUSED, NULL, "%s cannot be opened: %s", path,
			 strerror(errno));
}

int open_and_run(const char *node, int queues, bool vhost, char **program)
{
	static const char vhost_node[] = "/dev/vhost-net";
	int total = vhost ? 2 * queues : queues;
	int fd[2 * OPEN_QUEUES_MAX], i;

	if (queues < 1 || queues > OPEN_QUEUES_MAX)
		return say_plain(CODE_USAGE, NULL,
				 "A tap has 1 to %d queues", OPEN_QUEUES_MAX);
	for (i = 0; i < total; i++) {
		fd[i] = i < queues ?
			open_queue(node, OPEN_FIRST + total, queues > 1) :
			open_high(vhost_node, OPEN_FIRST + total);
		if (fd[i] < 0)
			return failed(i < queues ? node : vhost_node);
	}
	genl_close();
	netns_forget();
	for (i = 0; i < total; i++) {
		if (dup2(fd[i], OPEN_FIRST + i) < 0)
			return failed(node);
	}
	execvp(program[0], program);

	return say_plain(CODE_USAGE, NULL, "%s cannot be run: %s", program[0],
			 strerror(errno));
}
