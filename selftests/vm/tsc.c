// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the frequency of this machine's time stamp counter in kHz, which is that
 * of an emulated machine, too. Such a machine measures it by timers of its own at
 * boot, and is many times wrong where others have the CPU meanwhile. Two readings
 * of both clocks are right whatever comes between them; each is the tightest of
 * some.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct reading {
	uint64_t tsc, ns;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static struct reading read_both(void)
{
	uint64_t best = UINT64_MAX;
	struct reading r = { };
	int i;

	for (i = 0; i < 100; i++) {
		uint64_t before = __rdtsc(), ns = now(), after = __rdtsc();

		if (after - before >= best)
			continue;
		best = after - before;
		r = (struct reading){ before + best / 2, ns };
	}

	return r;
}

int main(void)
{
	struct timespec wait = { .tv_nsec = 50000000 };
	struct reading a = read_both(), b;

	nanosleep(&wait, NULL);
	b = read_both();
	printf("%.0f\n", (double)(b.tsc - a.tsc) * 1e6 / (b.ns - a.ns));

	return 0;
}
