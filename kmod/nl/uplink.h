/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_NL_UPLINK_H
#define VMNET_NL_UPLINK_H

#include "../vmnet.h"

/* Puts what there is to show of a network's uplink; RTNL. */
int vmnet_nl_put_uplink(struct sk_buff *skb, const struct vmnet_network *nw);

/**
 * vmnet_nl_set_uplink() - bind a network as a message says
 * @nw: the network
 * @tb: attributes of the network's nest
 * @extack: the reason of a refusal; nothing has changed then
 *
 * Context: RTNL; may sleep
 */
int vmnet_nl_set_uplink(struct vmnet_network *nw, struct nlattr **tb,
			struct netlink_ext_ack *extack);

/* Words that cannot be refused; RTNL. */
void vmnet_nl_set_uplink_words(struct vmnet_network *nw, struct nlattr **tb);

#endif /* VMNET_NL_UPLINK_H */
