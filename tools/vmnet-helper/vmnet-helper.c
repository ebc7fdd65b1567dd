// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmnet-helper: for QEMU's -netdev tap,helper= and -netdev bridge,helper=, in
 * the place of qemu-bridge-helper. Opens the node of a tap port and passes the
 * descriptor over the socket that QEMU names:
 *
 *   vmnet-helper --br=PORT [--use-vnet] --fd=N
 *
 * It has no privilege of its own and needs none: who may open the port is the
 * owner of its node.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int die(const char *what, const char *word)
{
	fprintf(stderr, "vmnet-helper: %s%s%s%s\n", what, word,
		errno ? ": " : "", errno ? strerror(errno) : "");
	return EXIT_FAILURE;
}

static int usage(void)
{
	fputs("usage: vmnet-helper --br=PORT [--use-vnet] --fd=N\n", stderr);
	return EXIT_FAILURE;
}

static int open_port(const char *port, bool vnet_hdr)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/dev/vmnet/%s", port);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (vnet_hdr)
		ifr.ifr_flags |= IFF_VNET_HDR;
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &ifr)) {
		close(fd);
		return -1;
	}

	return fd;
}

/* The octet beside it is what qemu-bridge-helper sends: none is no message. */
static int send_fd(int socket, int fd)
{
	char octet = 0, control[CMSG_SPACE(sizeof(int))] = "";
	struct iovec iov = { .iov_base = &octet, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	ssize_t n;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	do {
		n = sendmsg(socket, &msg, 0);
	} while (n < 0 && errno == EINTR);

	return n == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "br", required_argument, NULL, 'b' },
		{ "fd", required_argument, NULL, 'f' },
		{ "use-vnet", no_argument, NULL, 'v' },
		{ 0 }
	};
	const char *port = NULL;
	bool vnet_hdr = false;
	int c, fd, socket = -1;
	char *end;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (c) {
		case 'b':
			port = optarg;
			break;
		case 'f':
			socket = strtol(optarg, &end, 10);
			if (!*optarg || *end || socket < 0)
				return usage();
			break;
		case 'v':
			vnet_hdr = true;
			break;
		default:
			return usage();
		}
	}
	if (!port || socket < 0 || optind < argc)
		return usage();
	errno = 0;
	if (!*port || strchr(port, '/') || strlen(port) > 63)
		return die("no port can be named ", port);

	fd = open_port(port, vnet_hdr);
	if (fd < 0)
		return die("cannot open the port ", port);
	if (send_fd(socket, fd))
		return die("cannot pass the descriptor", "");

	return EXIT_SUCCESS;
}
