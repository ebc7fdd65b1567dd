/* SPDX-License-Identifier: GPL-2.0-only */
/* What to try after a refusal. */
#ifndef VMNETCTL_HINT_H
#define VMNETCTL_HINT_H

struct call;
struct refusal;

const char *hint_sentence(const struct call *call, int err);
char *hint_try(const struct call *call, const struct refusal *refusal);

#endif
