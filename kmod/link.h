/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_LINK_H
#define VMNET_LINK_H

#include "vmnet.h"

/* Deletes a port's or a network's netdev with others; as rtnl's dellink. */
void vmnet_nic_dellink(struct net_device *dev, struct list_head *head);
void vmnet_network_dellink(struct net_device *dev, struct list_head *head);

/* Deletes a port: its netdev with others in @head, or, if that is somebody
 * else's, only the port. RTNL; may sleep.
 */
void vmnet_port_delete(struct vmnet_port *port, struct list_head *head);

int vmnet_link_init(void);
void vmnet_link_exit(void);

#endif /* VMNET_LINK_H */
