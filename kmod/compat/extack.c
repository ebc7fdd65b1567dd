// SPDX-License-Identifier: GPL-2.0-only
/* Formatted sentences for kernels whose extack has no room for them.
 *
 * The acknowledgment with the sentence is sent when the handler has returned,
 * out of our sight. So a text stays where it is for a second at least: one that
 * changed between the core's measuring and its copying would make it WARN.
 * Who is refused so often that all places are taken gets a constant sentence.
 */

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netlink.h>

#ifdef VMNET_EXTACK_LEN
#define VMNET_EXTACK_TEXTS	128

static struct {
	atomic_long_t used;	/* jiffies | 1; 0 for never */
	char text[VMNET_EXTACK_LEN];
} vmnet_extacks[VMNET_EXTACK_TEXTS];

static bool vmnet_extack_take(unsigned int slot)
{
	long old = atomic_long_read(&vmnet_extacks[slot].used);
	unsigned long now = jiffies;

	if (old && time_before(now, (unsigned long)old + HZ))
		return false;
	return atomic_long_cmpxchg(&vmnet_extacks[slot].used, old,
				   now | 1) == old;
}

const char *vmnet_extack_text(const char *fmt, ...)
{
	static atomic_t next;
	unsigned int tries;
	va_list args;

	for (tries = 0; tries < VMNET_EXTACK_TEXTS; tries++) {
		unsigned int slot = (unsigned int)atomic_inc_return(&next) %
				    VMNET_EXTACK_TEXTS;

		if (!vmnet_extack_take(slot))
			continue;
		va_start(args, fmt);
		vsnprintf(vmnet_extacks[slot].text, VMNET_EXTACK_LEN, fmt,
			  args);
		va_end(args);
		return vmnet_extacks[slot].text;
	}
	return "Refused; too much was refused within a second to say why";
}
#endif
