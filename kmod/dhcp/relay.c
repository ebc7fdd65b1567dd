// SPDX-License-Identifier: GPL-2.0-only
/* What relays say of the clients behind them (RFC 3046).
 *
 * Pure, as packet.c is.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "bytes.h"
#include "relay.h"

/* Sub-options have no padding and no end. One that is longer than what is left
 * ends the walk; each step advances by two octets at least.
 */
__be32 vmnet_dhcp_relay_address(const struct vmnet_dhcp_message *msg, u8 code)
{
	size_t i = 0;
	u8 n;

	while (i + 2 <= msg->relay_len) {
		n = msg->relay[i + 1];
		if (n > msg->relay_len - i - 2)
			break;
		if (msg->relay[i] == code)
			return n == 4 ? get_addr(msg->relay + i + 2) : 0;
		i += 2 + n;
	}
	return 0;
}

__be32 vmnet_dhcp_link(const struct vmnet_dhcp_message *msg)
{
	__be32 link = 0;

	if (msg->giaddr)
		link = vmnet_dhcp_relay_address(msg, VMNET_DHCP_RELAY_LINK);
	if (!link && msg->has_subnet)
		link = msg->subnet;
	return link ? link : msg->giaddr;
}
