// SPDX-License-Identifier: GPL-2.0-only
/*
 * LD_PRELOAD for `vmnetctl -b -`: lets the Nth of the kernel's allocations (and
 * copies from and to user space) fail while a command's messages are sent and
 * answered, and only then (/proc/self/fail-nth). The batch says which:
 *
 *	#fail N		in the line that follows
 *	#said		what became of it: "said used", or "said unused" with how many
 *			were still to come before it, then "lost" if an answer was,
 *			and so nobody knows what was done
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int nth_fd = -1;
static unsigned int left;	/* to come until one fails; 0 if none shall */
static bool lost;

/* Again, where the fault that is to be taken back comes in this very call. */
static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, len, 0) != len &&
	    pwrite(nth_fd, text, len, 0) != len) {
		perror("fail-nth");
		_exit(99);
	}
}

static void disarm(void)
{
	char text[16] = "";
	int saved = errno;

	/* Refused where this reading is the one that fails: that is not it yet. */
	if (pread(nth_fd, text, sizeof(text) - 1, 0) > 0)
		left = strtoul(text, NULL, 10);
	else
		left = 1;
	arm(0);
	errno = saved;
}

__attribute__((constructor)) static void begin(void)
{
	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	static ssize_t (*real)(int fd, const struct msghdr *msg, int flags);
	ssize_t len;

	if (!real)
		real = dlsym(RTLD_NEXT, "sendmsg");
	if (!left)
		return real(fd, msg, flags);
	arm(left);
	len = real(fd, msg, flags);
	disarm();

	return len;
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
	static ssize_t (*real)(int fd, void *buffer, size_t size, int flags);
	unsigned int before = left;
	ssize_t len;

	if (!real)
		real = dlsym(RTLD_NEXT, "recv");
	if (left)
		arm(left);
	len = real(fd, buffer, size, flags);
	if (before)
		disarm();
	/* Whatever it was, it was an answer. */
	if (len < 0 && errno != EINTR)
		lost = true;

	return len;
}

static void take(ssize_t len, const char *line)
{
	if (len > 6 && !strncmp(line, "#fail ", 6)) {
		left = strtoul(line + 6, NULL, 10);
		lost = false;
	} else if (len > 0 && !strncmp(line, "#said", 5)) {
		fflush(NULL);
		if (left)
			printf("said unused %u%s\n", left, lost ? " lost" : "");
		else
			printf("said used%s\n", lost ? " lost" : "");
		left = 0;
	}
}

/* getline(), also as the C library's headers call it. */
ssize_t __getdelim(char **line, size_t *size, int delim, FILE *f)
{
	static ssize_t (*real)(char **line, size_t *size, int delim, FILE *f);

	ssize_t len;

	if (!real)
		real = dlsym(RTLD_NEXT, "__getdelim");
	len = real(line, size, delim, f);
	take(len, *line);

	return len;
}

ssize_t getline(char **line, size_t *size, FILE *f)
{
	return __getdelim(line, size, '\n', f);
}
