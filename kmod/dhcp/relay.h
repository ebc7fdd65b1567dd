/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_RELAY_H
#define VMNET_DHCP_RELAY_H

#include "packet.h"

/* Sub-options of option 82. */
#define VMNET_DHCP_RELAY_LINK	5	/* RFC 3527 */
#define VMNET_DHCP_RELAY_SERVER	11	/* RFC 5107 */

/**
 * vmnet_dhcp_relay_address() - an address that a relay has added to a message
 * @msg: the message
 * @code: the sub-option
 *
 * Return: the address, or 0 if there is none, or none of four octets.
 */
__be32 vmnet_dhcp_relay_address(const struct vmnet_dhcp_message *msg, u8 code);

/**
 * vmnet_dhcp_link() - the address whose subnet a client is to be served from
 * @msg: its message
 *
 * What the relay says of the link (RFC 3527) goes before what the client says
 * (RFC 3011), and that before the relay's own address.
 *
 * Return: the address, or 0 if it is where the message came from.
 */
__be32 vmnet_dhcp_link(const struct vmnet_dhcp_message *msg);

#endif /* VMNET_DHCP_RELAY_H */
