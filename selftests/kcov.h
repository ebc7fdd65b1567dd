/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_SELFTESTS_KCOV_H
#define VMNET_SELFTESTS_KCOV_H

#include <stdbool.h>

/*
 * Where in the kernel's code this thread comes to, by KCOV (Documentation/dev-tools/kcov.rst
 * of the kernel). Of the debug kernel nothing is instrumented but vmnet (kmod/Kbuild). FD is
 * /sys/kernel/debug/kcov, opened by somebody who may; a description is for one thread.
 */

/* False where it cannot be had, with errno. */
bool kcov_start(int fd);

/* From here on. */
void kcov_reset(void);

/* Since then: where it came to, and how many of these places it never was at before. */
unsigned int kcov_look(unsigned int *fresh);

#endif /* VMNET_SELFTESTS_KCOV_H */
