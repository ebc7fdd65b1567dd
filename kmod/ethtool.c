// SPDX-License-Identifier: GPL-2.0-only
/* What ethtool says of nics (-i -k -l -S) and networks (-i -k -S). */

#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "../version.h"
#include "drop.h"
#include "ethtool.h"
#include "host.h"
#include "nic.h"
#include "port.h"
#include "stats.h"
#include "xdp.h"

/* From the switch's side, as everywhere but in the netdev's own statistics. */
static const char vmnet_ethtool_names[][ETH_GSTRING_LEN] = {
	"received", "replicated", "segmented", "delivered", "consumed",
	"dropped", "queued", "rx_bytes", "tx_bytes",
};

#define VMNET_ETHTOOL_FIXED	ARRAY_SIZE(vmnet_ethtool_names)
#define VMNET_ETHTOOL_STATS	(VMNET_ETHTOOL_FIXED + VMNET_DROP_REASONS)

static int vmnet_ethtool_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return VMNET_ETHTOOL_STATS +
	       (vmnet_is_nic(dev) ? VMNET_XDP_COUNTS : 0);
}

static void vmnet_ethtool_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < VMNET_ETHTOOL_FIXED; i++)
		ethtool_sprintf(&data, "%s", vmnet_ethtool_names[i]);
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		ethtool_sprintf(&data, "drop_%s", vmnet_drop_name(i));
	if (!vmnet_is_nic(dev))
		return;
	for (i = 0; i < VMNET_XDP_COUNTS; i++)
		ethtool_sprintf(&data, "%s", vmnet_xdp_names[i]);
}

static void vmnet_ethtool_fill(const struct vmnet_totals *sum, u64 *data)
{
	unsigned int i;

	*data++ = sum->rx_frames;
	*data++ = sum->replicated;
	*data++ = sum->segmented;
	*data++ = sum->tx_frames;
	*data++ = sum->consumed;
	*data++ = vmnet_totals_dropped(sum);
	*data++ = sum->queued;
	*data++ = sum->rx_bytes;
	*data++ = sum->tx_bytes;
	for (i = 0; i < VMNET_DROP_REASONS; i++)
		*data++ = sum->dropped[i];
}

static void vmnet_ethtool_nic_stats(struct net_device *dev,
				    struct ethtool_stats *stats, u64 *data)
{
	struct vmnet_totals sum;

	vmnet_port_totals(netdev_priv(dev), &sum);
	vmnet_totals_own(&sum);
	vmnet_ethtool_fill(&sum, data);
	vmnet_xdp_counts(netdev_priv(dev), data + VMNET_ETHTOOL_STATS);
}

static void vmnet_ethtool_network_stats(struct net_device *dev,
					struct ethtool_stats *stats, u64 *data)
{
	struct vmnet_totals sum;

	vmnet_network_totals(netdev_priv(dev), &sum);
	vmnet_ethtool_fill(&sum, data);
}

static void vmnet_ethtool_drvinfo(struct net_device *dev,
				  struct ethtool_drvinfo *info)
{
	strscpy(info->driver, vmnet_is_nic(dev) ? VMNET_NIC_KIND :
		VMNET_NETWORK_KIND, sizeof(info->driver));
	strscpy(info->version, VMNET_VERSION, sizeof(info->version));
}

/* Nothing limits it, but bonding wants to hear a figure. */
static int vmnet_ethtool_ksettings(struct net_device *dev,
				   struct ethtool_link_ksettings *cmd)
{
	cmd->base.speed = SPEED_10000;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static void vmnet_ethtool_channels(struct net_device *dev,
				   struct ethtool_channels *channels)
{
	channels->max_tx = dev->num_tx_queues;
	channels->max_rx = dev->num_rx_queues;
	channels->tx_count = dev->real_num_tx_queues;
	channels->rx_count = dev->real_num_rx_queues;
}

/* The core has held the numbers against the maxima. */
static int vmnet_ethtool_set_channels(struct net_device *dev,
				      struct ethtool_channels *channels)
{
	unsigned int old = dev->real_num_tx_queues;
	int err;

	if (!channels->tx_count || !channels->rx_count)
		return -EINVAL;
	err = netif_set_real_num_tx_queues(dev, channels->tx_count);
	if (err)
		return err;
	err = netif_set_real_num_rx_queues(dev, channels->rx_count);
	if (err)
		netif_set_real_num_tx_queues(dev, old);
	return err;
}

const struct ethtool_ops vmnet_nic_ethtool_ops = {
	.get_drvinfo		= vmnet_ethtool_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= vmnet_ethtool_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= vmnet_ethtool_channels,
	.set_channels		= vmnet_ethtool_set_channels,
	.get_sset_count		= vmnet_ethtool_sset_count,
	.get_strings		= vmnet_ethtool_strings,
	.get_ethtool_stats	= vmnet_ethtool_nic_stats,
};

const struct ethtool_ops vmnet_network_ethtool_ops = {
	.get_drvinfo		= vmnet_ethtool_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= vmnet_ethtool_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_sset_count		= vmnet_ethtool_sset_count,
	.get_strings		= vmnet_ethtool_strings,
	.get_ethtool_stats	= vmnet_ethtool_network_stats,
};
