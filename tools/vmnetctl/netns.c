// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel numbers other namespaces as the asking one sees them; people name
 * them by files in /run/netns. The map between the two is read when it is
 * first needed.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fields.h"
#include "genl.h"
#include "netns.h"
#include "say.h"

#define NETNS_DIR	"/run/netns"

static json_t *names;		/* "7": "web" */

static int open_in(const char *dir, const char *word, const char *tail)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/%s%s", dir, word, tail) < 0)
		or_die(NULL);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);

	return fd;
}

/* A name in /run/netns, else a path or the number of a process. Returns a file
 * descriptor, or -1 and errno.
 */
int netns_open(const char *word)
{
	int fd;

	if (strchr(word, '/'))
		return open(word, O_RDONLY | O_CLOEXEC);

	fd = open_in(NETNS_DIR, word, "");
	if (fd < 0 && errno == ENOENT && word[strspn(word, "0123456789")] == '\0')
		fd = open_in("/proc", word, "/ns/net");

	return fd;
}

/* For good: sockets opened from now on belong to it. */
int netns_enter(const char *word)
{
	int fd = netns_open(word);
	int ret;

	if (fd < 0)
		return -errno;
	ret = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);

	return ret;
}

static void learn_name(const char *name)
{
	json_t *answer = json_array();
	int fd = netns_open(name);
	long long nsid = -1;
	char key[16];

	if (fd >= 0 && !request_get(request_nsid(fd), false, &nsid_fields, answer))
		json_unpack(answer, "[{s:I}]", "netnsid", &nsid);
	if (fd >= 0)
		close(fd);
	json_decref(answer);

	if (nsid >= 0) {
		snprintf(key, sizeof(key), "%d", (int)nsid);
		json_object_set_new(names, key, json_string(name));
	}
}

static void learn_names(void)
{
	struct dirent *entry;
	DIR *dir;

	names = json_object();
	dir = opendir(NETNS_DIR);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			learn_name(entry->d_name);
	}
	closedir(dir);
}

/* Namespaces may have come and gone. */
void netns_forget(void)
{
	json_decref(names);
	names = NULL;
}

/* Adds "netns" where "netnsid" has a name. */
void netns_annotate(json_t *object)
{
	json_t *id = json_object_get(object, "netnsid");
	json_t *name;
	char key[16];

	if (!id)
		return;
	if (!names)
		learn_names();
	snprintf(key, sizeof(key), "%d", (int)json_integer_value(id));
	name = json_object_get(names, key);
	if (name)
		json_object_set(object, "netns", name);
}

/* The namespace that an annotated object is in, or -1 if it has no name. */
int netns_open_of(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "netns"));

	return name ? netns_open(name) : -1;
}

void netns_annotate_all(json_t *array)
{
	json_t *object;
	size_t i;

	netns_forget();
	json_array_foreach(array, i, object)
		netns_annotate(object);
}
