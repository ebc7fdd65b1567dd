/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_NIC_H
#define VMNET_NIC_H

#include "vmnet.h"

#define VMNET_NIC_KIND	"vmnic"

/* What stacks may leave to us: everything, because nothing is a wire here. */
#define VMNET_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_RXCSUM | NETIF_F_SCTP_CRC | \
			 NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE | \
			 NETIF_F_GSO_ENCAP_ALL | \
			 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX | \
			 NETIF_F_HW_VLAN_STAG_TX | NETIF_F_HW_VLAN_STAG_RX)

/* The VLAN tags of these go with the frame, not with its device. */
#define VMNET_FEATURES_VLAN (VMNET_FEATURES & \
			     ~(NETIF_F_HW_VLAN_CTAG_TX | \
			       NETIF_F_HW_VLAN_CTAG_RX | \
			       NETIF_F_HW_VLAN_STAG_TX | \
			       NETIF_F_HW_VLAN_STAG_RX))

/* Queues of one nic; each is a sender's and a receiver's. */
#define VMNET_NIC_QUEUES_MAX	256

void vmnet_nic_setup(struct net_device *dev);
/* And, before the netdev is registered, for one that is to be a tap's. */
void vmnet_nic_setup_tap(struct net_device *dev);
/* Whether it is a vmnic: a nic's netdev or a tap's. */
bool vmnet_is_nic(const struct net_device *dev);

/* What the netdevs of nics and networks have in common. */
void vmnet_setup_ether(struct net_device *dev);

#endif /* VMNET_NIC_H */
