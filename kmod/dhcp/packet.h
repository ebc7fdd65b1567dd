/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_PACKET_H
#define VMNET_DHCP_PACKET_H

#include <linux/types.h>
#include <uapi/linux/vmnet.h>

#include "option.h"

/* RFC 2131 section 2: what every message has before its options, magic cookie
 * included; what every host must take, as an IP datagram; RFC 951: the least
 * that old clients expect.
 */
#define VMNET_DHCP_FIXED	240
#define VMNET_DHCP_DATAGRAM_MIN	576
#define VMNET_DHCP_PADDED	300

/* Of the headers before a message that we send. */
#define VMNET_DHCP_IP_UDP	(20 + 8)
#define VMNET_DHCP_HEADERS	(14 + VMNET_DHCP_IP_UDP)

#define VMNET_DHCP_BROADCAST	0x8000	/* in flags */
#define VMNET_DHCP_HOSTNAME_MAX	63	/* octets kept of option 12 */
#define VMNET_DHCP_FOREVER	0xffffffffU

/* Option 53; RFC 2132 section 9.6. */
enum vmnet_dhcp_type {
	VMNET_DHCP_BOOTP,	/* no option 53 */
	VMNET_DHCP_DISCOVER,
	VMNET_DHCP_OFFER,
	VMNET_DHCP_REQUEST,
	VMNET_DHCP_DECLINE,
	VMNET_DHCP_ACK,
	VMNET_DHCP_NAK,
	VMNET_DHCP_RELEASE,
	VMNET_DHCP_INFORM,
};

enum vmnet_dhcp_verdict {
	VMNET_DHCP_OK,
	VMNET_DHCP_FOREIGN,	/* not meant for a DHCP server; goes its way */
	VMNET_DHCP_MALFORMED,	/* meant for one, and cannot be answered */
};

/**
 * struct vmnet_dhcp_message - a client's message
 *
 * Holds nothing that points into the bytes that it was read from.
 *
 * @type: enum vmnet_dhcp_type, or one of those that RFC 2131 does not know
 * @flags: in host order
 * @has_requested: option 50 was there
 * @has_server: option 54 was there
 * @has_lease: option 51 was there
 * @has_rapid_commit: option 80 was there
 * @has_auto_configure: option 116 was there
 * @is_ipxe: option 175, or iPXE's class in option 77, was there
 * @is_http: option 60 was there, and UEFI's HTTP boot in it
 * @has_subnet: option 118 was there
 * @max_size: option 57, 0 if it was not there
 * @id_len: octets of option 61, 0 if it was not there
 * @relay_len: octets of option 82, 0 if it was not there
 * @prl_len: codes in option 55, 0 if it was not there
 * @hostname_len: octets of option 12 that were kept
 * @arch_count: architectures in @arch
 * @arch: the first ones of option 93
 */
struct vmnet_dhcp_message {
	__be32 xid;
	__be32 ciaddr;
	__be32 giaddr;
	__be32 requested;
	__be32 server;
	__be32 subnet;
	u32 lease;
	u16 flags;
	u16 max_size;
	u8 type;
	bool has_requested;
	bool has_server;
	bool has_lease;
	bool has_rapid_commit;
	bool has_auto_configure;
	bool is_ipxe;
	bool is_http;
	bool has_subnet;
	u8 id_len;
	u8 relay_len;
	u8 prl_len;
	u8 hostname_len;
	u8 arch_count;
	u16 arch[VMNET_DHCP_ARCHS];
	u8 chaddr[16];
	u8 id[255];
	u8 relay[255];
	u8 prl[255];
	u8 hostname[VMNET_DHCP_HOSTNAME_MAX];
};

/**
 * struct vmnet_dhcp_reply - one reply; what is 0 is not told
 * @type: enum vmnet_dhcp_type
 * @rapid_commit: it is an ACK without an offer before it
 * @auto_configure: enum vmnet_auto_configure; in an offer of no address
 * @mtu: the network's
 * @server: who answers
 * @ciaddr: the address that the client has
 * @yiaddr: the one that it is to have
 * @lease: seconds
 * @t1: the same
 * @t2: the same
 * @hostname: what the client is called
 * @hostname_len: octets of it
 * @subnet: by which the client's was chosen, if it has named one
 *
 * Of type BOOTP it has no options of DHCP's own.
 */
struct vmnet_dhcp_reply {
	u8 type;
	bool rapid_commit;
	u8 auto_configure;
	u16 mtu;
	__be32 subnet;
	__be32 server;
	__be32 ciaddr;
	__be32 yiaddr;
	u32 lease;
	u32 t1;
	u32 t2;
	u8 hostname_len;
	u8 hostname[VMNET_DHCP_HOSTNAME_MAX];
};

/**
 * vmnet_dhcp_parse() - read a client's message
 * @data: the UDP payload; no alignment needed
 * @len: its octets
 * @msg: filled if it is OK
 *
 * Return: OK, FOREIGN (a server's message) or MALFORMED.
 */
enum vmnet_dhcp_verdict
vmnet_dhcp_parse(const u8 *data, size_t len, struct vmnet_dhcp_message *msg);

/**
 * vmnet_dhcp_size_limit() - how long a reply may be
 * @msg: what is answered
 * @mtu: of the network
 *
 * Return: octets of a DHCP message, without IP and UDP.
 */
size_t vmnet_dhcp_size_limit(const struct vmnet_dhcp_message *msg, u32 mtu);

/**
 * vmnet_dhcp_build() - write a reply
 * @buf: where; every octet up to the result is written
 * @limit: its size, from vmnet_dhcp_size_limit()
 * @msg: what is answered
 * @reply: what with
 * @options: what the client is told beside it
 *
 * Return: octets written; 0 if what has to be said does not fit.
 */
size_t vmnet_dhcp_build(u8 *buf, size_t limit,
			const struct vmnet_dhcp_message *msg,
			const struct vmnet_dhcp_reply *reply,
			const struct vmnet_dhcp_options *options);

#endif /* VMNET_DHCP_PACKET_H */
