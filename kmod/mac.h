/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_MAC_H
#define VMNET_MAC_H

#include "vmnet.h"

/**
 * vmnet_mac_auto() - an address of our own making
 * @mac: filled: locally administered, unicast, had by no port of this host
 * @kind: what it is for: "port", "network" or "dhcp"
 * @name: whose
 *
 * Made from the host's key and the arguments only, so the same name on the
 * same host gets the same address, now and after a reboot.
 *
 * Context: RTNL
 */
void vmnet_mac_auto(u8 mac[ETH_ALEN], const char *kind, const char *name);

/* The list by which vmnet_mac_auto() knows what is taken; RTNL. */
void vmnet_mac_list(struct vmnet_port *port);
void vmnet_mac_unlist(struct vmnet_port *port);

#define VMNET_HOST_KEY_LEN	16

/**
 * vmnet_mac_set_key() - set the host's key
 * @key: VMNET_HOST_KEY_LEN octets
 *
 * Addresses made so far stay.
 *
 * Context: RTNL
 */
void vmnet_mac_set_key(const u8 *key);

/* Where the key came from: "dmi", "random" or "administrator"; RTNL. */
const char *vmnet_mac_key_source(void);

void vmnet_mac_init(void);

#endif /* VMNET_MAC_H */
