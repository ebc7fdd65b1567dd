/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_DATAGRAM_H
#define VMNET_DHCP_DATAGRAM_H

#include <linux/types.h>

#include "packet.h"

#define VMNET_DHCP_SERVER_PORT	67
#define VMNET_DHCP_CLIENT_PORT	68

/* A UDP datagram to a DHCP server. */
struct vmnet_dhcp_datagram {
	__be32 src;
	__be32 dst;
	const u8 *payload;
	size_t len;
};

struct vmnet_dhcp_envelope {
	u8 dst_mac[6];
	u8 src_mac[6];
	__be32 dst;
	__be32 src;
	u16 dport;
};

/**
 * vmnet_dhcp_unwrap() - find the message in an IPv4 packet
 * @ip: the packet, from its IP header on; no alignment needed
 * @len: octets that may be read; padding of the frame may follow the packet
 * @verify: whether the UDP checksum means anything: not if the sender has
 *	left it to hardware
 * @out: filled; points into @ip
 *
 * Return: OK, FOREIGN or MALFORMED.
 */
enum vmnet_dhcp_verdict
vmnet_dhcp_unwrap(const u8 *ip, size_t len, bool verify,
		  struct vmnet_dhcp_datagram *out);

/**
 * vmnet_dhcp_wrap() - write Ethernet, IP and UDP headers before a message
 * @frame: the frame; the message is at @frame + VMNET_DHCP_HEADERS
 * @len: octets of the message
 * @envelope: where it goes
 *
 * Checksums are complete: clients with raw sockets check them, and see a
 * frame before any hardware could have filled them in.
 */
void vmnet_dhcp_wrap(u8 *frame, size_t len,
		     const struct vmnet_dhcp_envelope *envelope);

#endif /* VMNET_DHCP_DATAGRAM_H */
