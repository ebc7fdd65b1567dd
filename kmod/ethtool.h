/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_ETHTOOL_H
#define VMNET_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops vmnet_nic_ethtool_ops;
extern const struct ethtool_ops vmnet_network_ethtool_ops;

#endif /* VMNET_ETHTOOL_H */
