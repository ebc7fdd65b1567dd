/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_SYSFS_H
#define VMNET_SYSFS_H

#include "vmnet.h"

/* All under RTNL; the removing ones wait for readers, who therefore never take
 * RTNL, and may be called for what was never added.
 */
int vmnet_sysfs_network_add(struct vmnet_network *nw);
void vmnet_sysfs_network_del(struct vmnet_network *nw);

int vmnet_sysfs_port_add(struct vmnet_network *nw, struct vmnet_port *port);
int vmnet_sysfs_port_rename(struct vmnet_port *port, const char *name);
void vmnet_sysfs_port_del(struct vmnet_port *port);

#endif /* VMNET_SYSFS_H */
