// SPDX-License-Identifier: GPL-2.0-only
/* Packet sockets in any namespace, and the octets of frames: what the programs
 * that send raw frames share.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "raw.h"

void die(const char *what, const char *word)
{
	fprintf(stderr, "%s: %s%s%s%s%s\n", program_invocation_short_name, what,
		word ? ": " : "", word ? word : "", errno ? ": " : "",
		errno ? strerror(errno) : "");
	exit(2);
}

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The namespace that we have come from, before any other was entered. */
static int home_ns(void)
{
	static int home = -1;

	if (home < 0)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return home;
}

static void enter_ns(const char *name)
{
	int home = home_ns(), fd = home;
	char path[256];

	if (name) {
		snprintf(path, sizeof(path), "/run/netns/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("cannot enter the namespace", name);
	if (fd != home)
		close(fd);
}

void raw_enter(const char *where)
{
	char name[256];

	if (!where || *where == ':') {
		enter_ns(NULL);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(where, ":"), where);
	enter_ns(name);
}

int raw_open(const char *where, int protocol, int *ifindex, uint8_t *mac)
{
	struct ifreq ifr = { };
	char *ns = strdup(where);
	char *ifname = ns ? strchr(ns, ':') : NULL;
	int fd;

	errno = 0;
	if (!ifname)
		die("this is not NETNS:IFNAME", where);
	*ifname++ = '\0';
	if (*ns)
		enter_ns(ns);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(protocol));
	if (fd < 0)
		die("no packet socket", NULL);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCGIFINDEX, &ifr))
		die("there is no netdev", where);
	*ifindex = ifr.ifr_ifindex;
	if (!ioctl(fd, SIOCGIFHWADDR, &ifr))
		memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	if (*ns)
		enter_ns(NULL);
	free(ns);
	return fd;
}

int raw_receive(int fd, int ifindex)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int on = 1, size = 64 << 20;

	to.sll_ifindex = ifindex;
	to.sll_protocol = htons(ETH_P_ALL);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)))
		return -1;
	return bind(fd, (struct sockaddr *)&to, sizeof(to));
}

void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value;
}

unsigned int get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint32_t sum16(const uint8_t *from, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += from[i] << 8 | from[i + 1];
	return sum;
}

static unsigned int fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

void put_tcp(uint8_t *ip, unsigned int len)
{
	static const uint8_t addrs[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };
	uint8_t *tcp = ip + 20;

	memset(ip, 0, 40);
	ip[0] = 0x45;
	/* One longer than this is made so by its segments, or not at all. */
	put16(ip + 2, len > 0xffff ? 0 : len);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, addrs, sizeof(addrs));
	put16(ip + 10, ~fold(sum16(ip, 20, 0)) & 0xffff);
	put16(tcp, 9);
	put16(tcp + 2, 9);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	put16(tcp + 16, fold(sum16(addrs, sizeof(addrs), IPPROTO_TCP + len - 20)));
}
