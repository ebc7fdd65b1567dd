/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_SELFTESTS_BPF_H
#define VMNET_SELFTESTS_BPF_H

#include <stdbool.h>
#include <stddef.h>

/* Loads an XDP program by the words of xdp.c; NULL-terminated. Ends the program
 * with what the kernel's verifier says if it does not like it.
 */
int bpf_load(const char *const *words, bool frags);

/* Gives a program to a file of a BPF file system. */
int bpf_pin(int prog, const char *path);

/* Gives this many copies of a frame to a program, as a driver would that has
 * received them in the present network namespace, so many at a time.
 */
int bpf_run(int prog, const void *frame, size_t len, unsigned int count,
	    unsigned int batch);

#endif /* VMNET_SELFTESTS_BPF_H */
