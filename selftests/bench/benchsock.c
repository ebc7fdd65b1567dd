// SPDX-License-Identifier: GPL-2.0-only
/* Sockets of two network namespaces talk, for the bench.
 *
 *	benchsock stream|tcp-rr|udp-rr CLIENT SERVER ADDRESS COUNT [FLOWS]
 *
 * CLIENT and SERVER are namespaces by name, ADDRESS is IPv4 and the server's.
 * stream: COUNT bytes on each of FLOWS connections at once; -rr: COUNT times 64
 * bytes there and back. Prints the nanoseconds that it took, from all connected
 * to all received.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE	64
#define CHUNK	(128 * 1024)
/* What is lost must not hang the bench; but where an instruction is a
 * nanosecond, the time leaps by half an hour while nobody has anything to do.
 */
#define PATIENCE	(24 * 3600)

static char buf[CHUNK];

static void enter(const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

static unsigned long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void take(int fd, size_t want)
{
	while (want) {
		ssize_t n = recv(fd, buf, want < CHUNK ? want : CHUNK, 0);

		if (n <= 0)
			err(1, "recv");
		want -= n;
	}
}

static void give(int fd, size_t left)
{
	while (left) {
		ssize_t n = send(fd, buf, left < CHUNK ? left : CHUNK, 0);

		if (n <= 0)
			err(1, "send");
		left -= n;
	}
}

static void no_delay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* The server's part; it has listened or bound in its namespace. */
static void serve(const char *what, int fd, size_t count)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);

	if (!strcmp(what, "udp-rr")) {
		while (count--) {
			if (recvfrom(fd, buf, MESSAGE, 0, (void *)&peer, &len) != MESSAGE ||
			    sendto(fd, buf, MESSAGE, 0, (void *)&peer, len) != MESSAGE)
				err(1, "udp");
		}
		return;
	}

	fd = accept(fd, NULL, NULL);
	if (fd < 0)
		err(1, "accept");
	if (!strcmp(what, "stream")) {
		take(fd, count);
		return;
	}
	no_delay(fd);
	while (count--) {
		take(fd, MESSAGE);
		give(fd, MESSAGE);
	}
}

static void ask(const char *what, int fd, size_t count)
{
	if (!strcmp(what, "stream")) {
		give(fd, count);
		return;
	}
	no_delay(fd);
	while (count--) {
		give(fd, MESSAGE);
		take(fd, MESSAGE);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(5001) };
	size_t count;
	unsigned long long start;
	int listener, type, flows, i, status, go[2], ready[2], failed = 0;
	char c = 0;

	if (argc < 6 || inet_pton(AF_INET, argv[4], &addr.sin_addr) != 1) {
		fprintf(stderr, "usage: benchsock stream|tcp-rr|udp-rr CLIENT SERVER ADDRESS COUNT [FLOWS]\n");
		return 1;
	}
	count = strtoull(argv[5], NULL, 0);
	flows = argc > 6 ? atoi(argv[6]) : 1;
	type = !strcmp(argv[1], "udp-rr") ? SOCK_DGRAM : SOCK_STREAM;
	alarm(PATIENCE);

	enter(argv[3]);
	listener = socket(AF_INET, type, 0);
	i = 1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &i, sizeof(i));
	if (bind(listener, (void *)&addr, sizeof(addr)) ||
	    (type == SOCK_STREAM && listen(listener, flows)))
		err(1, "bind");
	enter(argv[2]);

	if (pipe(go) || pipe(ready))
		err(1, "pipe");
	for (i = 0; i < flows; i++) {
		if (!fork()) {
			alarm(PATIENCE);
			/* All but the parent: its end says go. */
			close(go[1]);
			serve(argv[1], listener, count);
			_exit(0);
		}
		if (!fork()) {
			int fd = socket(AF_INET, type, 0);

			alarm(PATIENCE);
			close(go[1]);
			if (connect(fd, (void *)&addr, sizeof(addr)))
				err(1, "connect");
			if (write(ready[1], &c, 1) != 1 || read(go[0], &c, 1))
				err(1, "pipe");
			ask(argv[1], fd, count);
			_exit(0);
		}
	}

	close(ready[1]);
	for (i = 0; i < flows; i++)
		if (read(ready[0], &c, 1) != 1)
			errx(1, "not connected");
	start = now();
	close(go[1]);
	while (wait(&status) > 0)
		failed |= status;
	printf("%llu\n", now() - start);
	return !!failed;
}
