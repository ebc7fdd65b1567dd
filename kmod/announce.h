/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_ANNOUNCE_H
#define VMNET_ANNOUNCE_H

#include "vmnet.h"

/**
 * vmnet_announce() - tell the LAN where a network's addresses are now
 * @nw: the network
 * @uplink: its uplink's port, whose path has changed
 * @vid: the VLAN of the wire that the whole network is, or 0
 *
 * By RARP from each address that is behind another port, and by gratuitous ARP
 * for the leases of its DHCP server, so that the switches outside learn them at
 * once and need not wait for them to send.
 *
 * Context: RTNL; may sleep
 */
void vmnet_announce(struct vmnet_network *nw, struct vmnet_port *uplink,
		    u16 vid);

#endif /* VMNET_ANNOUNCE_H */
