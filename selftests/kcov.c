// SPDX-License-Identifier: GPL-2.0-only
/* See kcov.h. */
#include <linux/kcov.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kcov.h"

/* What a message reaches beyond so many steps (a long dump) is the same again. */
#define N_WORDS		(64 << 10)
/* Modules lie together, and vmnet is smaller by far than what its low bits can tell apart. */
#define PC_BITS		24

/* How many there are, then the addresses. */
static uint64_t *area;
static uint8_t seen[1 << PC_BITS >> 3];

bool kcov_start(int fd)
{
	if (ioctl(fd, KCOV_INIT_TRACE, (unsigned long)N_WORDS))
		return false;
	area = mmap(NULL, N_WORDS * sizeof(*area), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return area != MAP_FAILED && !ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC);
}

void kcov_reset(void)
{
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
}

unsigned int kcov_look(unsigned int *fresh)
{
	uint64_t n = __atomic_load_n(&area[0], __ATOMIC_RELAXED), i;

	*fresh = 0;
	for (i = 1; i <= n; i++) {
		uint32_t pc = area[i] & ((1 << PC_BITS) - 1);
		uint8_t bit = 1 << (pc & 7);

		*fresh += !(seen[pc >> 3] & bit);
		seen[pc >> 3] |= bit;
	}
	return n;
}
