// SPDX-License-Identifier: GPL-2.0-only
/* XDP programs for the test scripts, which `ip link` then gives to a netdev:
 *
 *   xdp PATH [frags] PROGRAM	loads it and pins it there, in a BPF file system
 *
 *   ip -n NETNS link set dev IFNAME xdpdrv pinned PATH
 *
 * PROGRAM: pass, drop, tx, abort	one verdict for all
 *          nonsense		one that there is not
 *          back		sends it back to its sender
 *          longer N		passes it with N octets more behind
 *          redirect IFNAME	sends it on, in the present namespace
 *
 * Exit: 0, 2 usage, or it cannot be had.
 */
#include <errno.h>
#include <string.h>

#include "bpf.h"
#include "raw.h"

int main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv + 2;
	bool frags;

	errno = 0;
	if (argc < 3)
		die("usage: xdp PATH [frags] PROGRAM", NULL);
	frags = !strcmp(words[0], "frags");
	if (bpf_pin(bpf_load(words + frags, frags), argv[1]))
		die("cannot pin it", argv[1]);
	return 0;
}
