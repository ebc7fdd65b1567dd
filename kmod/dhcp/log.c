// SPDX-License-Identifier: GPL-2.0-only
/* The last messages and what was made of them: a ring of fixed size, for the
 * administrator who asks why a client has no address. What clients call
 * themselves is not in it.
 */

#include <linux/ktime.h>
#include <linux/mm.h>

#include "exchange.h"
#include "log.h"

int vmnet_dhcp_log_init(struct vmnet_dhcp_log *log)
{
	BUILD_BUG_ON(sizeof(struct vmnet_dhcp_log_entry) != 32);

	log->entries = kvcalloc(VMNET_DHCP_LOG_SIZE, sizeof(*log->entries),
				GFP_KERNEL_ACCOUNT);
	return log->entries ? 0 : -ENOMEM;
}

void vmnet_dhcp_log_free(struct vmnet_dhcp_log *log)
{
	kvfree(log->entries);
}

static struct vmnet_dhcp_log_entry *
vmnet_dhcp_log_at(const struct vmnet_dhcp_log *log, u64 at)
{
	return &log->entries[at % VMNET_DHCP_LOG_SIZE];
}

/* Whether a message is the newest entry once more. Clients that a port makes
 * up differ in their hardware addresses only.
 */
static bool vmnet_dhcp_log_again(const struct vmnet_dhcp_log *log,
				 const struct vmnet_dhcp_exchange *x)
{
	const struct vmnet_dhcp_log_entry *last;

	if (!log->next)
		return false;
	last = vmnet_dhcp_log_at(log, log->next - 1);
	if (last->port != x->client.port || last->decision != x->decision)
		return false;
	switch (x->decision) {
	case VMNET_DHCP_DECISION_TOO_OFTEN:
	case VMNET_DHCP_DECISION_PORT_FULL:
	case VMNET_DHCP_DECISION_OFFERS_FULL:
	case VMNET_DHCP_DECISION_PROBES_FULL:
	case VMNET_DHCP_DECISION_EXHAUSTED:
		return true;
	default:
		return false;
	}
}

void vmnet_dhcp_log_add(const struct vmnet_dhcp_exchange *x, bool answered)
{
	struct vmnet_dhcp_log *log = &x->dhcp->log;
	const struct vmnet_dhcp_message *msg = x->msg;
	struct vmnet_dhcp_log_entry *slot;
	u16 times = 1;

	lockdep_assert_held(&x->dhcp->lock);

	if (vmnet_dhcp_log_again(log, x)) {
		slot = vmnet_dhcp_log_at(log, log->next - 1);
		times = min(slot->times + 1, U16_MAX);
	} else {
		slot = vmnet_dhcp_log_at(log, log->next++);
	}
	slot->when = x->when;
	slot->asked = msg->has_requested ? msg->requested : msg->ciaddr;
	slot->address = htonl(x->decided);
	slot->port = x->client.port;
	slot->times = times;
	slot->type = msg->type;
	slot->reply = answered ? x->reply.type : VMNET_DHCP_LOG_SILENT;
	slot->decision = x->decision;
	slot->prefix_len = 0;
	ether_addr_copy(slot->mac, msg->chaddr);
	if (x->decision == VMNET_DHCP_DECISION_NOT_IN_SUBNET) {
		slot->address = htonl(x->config->subnet);
		slot->prefix_len = x->config->prefix_len;
	}
}

bool vmnet_dhcp_log_read(struct vmnet_dhcp *dhcp, u64 *at,
			 struct vmnet_dhcp_log_entry *entry)
{
	const struct vmnet_dhcp_log *log = &dhcp->log;
	bool found;

	spin_lock_bh(&dhcp->lock);
	if (log->next > VMNET_DHCP_LOG_SIZE)
		*at = max(*at, log->next - VMNET_DHCP_LOG_SIZE);
	found = *at < log->next;
	if (found)
		*entry = *vmnet_dhcp_log_at(log, (*at)++);
	spin_unlock_bh(&dhcp->lock);
	return found;
}
