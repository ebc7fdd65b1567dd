/* SPDX-License-Identifier: GPL-2.0-only */
/* Network namespaces by name. */
#ifndef VMNETCTL_NETNS_H
#define VMNETCTL_NETNS_H

#include <jansson.h>

int netns_open(const char *word);
int netns_open_of(const json_t *object);
int netns_enter(const char *word);
void netns_forget(void);
void netns_annotate(json_t *object);
void netns_annotate_all(json_t *array);

#endif
