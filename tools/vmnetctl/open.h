/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNETCTL_OPEN_H
#define VMNETCTL_OPEN_H

#include <stdbool.h>

/* Queues that the kernel's tap library has at the most. */
#define OPEN_QUEUES_MAX	256
#define OPEN_FIRST	3

/* Runs a program with a tap's queues as descriptors 3 and on, and as many of
 * vhost-net after them. Returns an exit code if it could not.
 */
int open_and_run(const char *node, int queues, bool vhost, char **program);

#endif
