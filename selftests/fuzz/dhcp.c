// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the pure files of kmod/dhcp: an IP packet is taken apart, read, and
 * answered in every way, and what was built is read again.
 *
 *	fuzz_dhcp [LIBFUZZER'S OPTIONS] CORPUS...
 *
 * An input is an IP packet, as it stands in a capture. Its last octet, which
 * the packet may leave over as padding, says how it is looked at: 1, the UDP
 * checksum counts; 2, that of the IP header is left as it is, else put right,
 * so that mutations get past it.
 *
 * What a pure file promises is checked here beside what the sanitizers see: a
 * file that comes to them later adds its promise to answer().
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/dhcp/bytes.h"
#include "../../kmod/dhcp/datagram.h"
#include "../../kmod/dhcp/packet.h"

#define VERIFY_UDP	1
#define KEEP_IP_SUM	2

#define PROMISE(cond) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "broken: %s (line %d)\n", #cond, __LINE__); \
		abort();						\
	}								\
} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The most that a network can tell. */
static struct vmnet_dhcp_options everything(void)
{
	struct vmnet_dhcp_options options = {
		.dns_count = VMNET_SERVERS_MAX,
		.wins_count = VMNET_SERVERS_MAX,
		.domain_len = sizeof(options.domain),
	};

	memset(&options.mask, 0xff, sizeof(options.mask));
	memset(&options.broadcast, 0x7f, sizeof(options.broadcast));
	memset(&options.router, 0x0a, sizeof(options.router));
	memset(options.dns, 0x35, sizeof(options.dns));
	memset(options.wins, 0x2c, sizeof(options.wins));
	memset(options.domain, 'd', sizeof(options.domain));
	return options;
}

static struct vmnet_dhcp_reply reply_of(u8 type)
{
	struct vmnet_dhcp_reply reply = { .type = type };

	memset(&reply.server, 0x0b, sizeof(reply.server));
	if (type != VMNET_DHCP_NAK) {
		memset(&reply.yiaddr, 0x0c, sizeof(reply.yiaddr));
		reply.lease = 3600;
		reply.t1 = 1800;
		reply.t2 = 3150;
	}
	return reply;
}

/* One octet behind the end is the sanitizer's. */
static u8 *copy_of(const u8 *data, size_t len)
{
	u8 *copy = malloc(len ?: 1);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

/* A reply is a message in all but its first octet, so it can be read back. */
static void read_back(const u8 *built, size_t len,
		      const struct vmnet_dhcp_message *msg, u8 type)
{
	static struct vmnet_dhcp_message again;
	u8 *copy = copy_of(built, len);

	PROMISE(copy[0] == 2);
	copy[0] = 1;
	PROMISE(vmnet_dhcp_parse(copy, len, &again) == VMNET_DHCP_OK);
	PROMISE(again.type == type);
	PROMISE(again.xid == msg->xid);
	PROMISE(again.giaddr == msg->giaddr);
	PROMISE(!memcmp(again.chaddr, msg->chaddr, sizeof(msg->chaddr)));
	PROMISE(again.has_server);
	PROMISE(again.id_len == msg->id_len &&
		!memcmp(again.id, msg->id, msg->id_len));
	PROMISE(again.relay_len == msg->relay_len &&
		!memcmp(again.relay, msg->relay, msg->relay_len));
	PROMISE(again.has_lease == (type != VMNET_DHCP_NAK));
	/* Theirs, not ours to say. */
	PROMISE(!again.has_requested && !again.prl_len && !again.max_size);
	free(copy);
}

/* Around a message that was built: it must be a packet that we would take. */
static void wrap(const u8 *built, size_t len)
{
	struct vmnet_dhcp_envelope env = { .dport = VMNET_DHCP_SERVER_PORT };
	u8 *frame = malloc(VMNET_DHCP_HEADERS + len);
	struct vmnet_dhcp_datagram dg;

	memset(&env.dst, 0x0d, sizeof(env.dst));
	memset(&env.src, 0x0e, sizeof(env.src));
	memcpy(frame + VMNET_DHCP_HEADERS, built, len);
	vmnet_dhcp_wrap(frame, len, &env);
	PROMISE(vmnet_dhcp_unwrap(frame + 14, VMNET_DHCP_IP_UDP + len, true,
				  &dg) == VMNET_DHCP_OK);
	PROMISE(dg.len == len && !memcmp(dg.payload, built, len));
	PROMISE(dg.src == env.src && dg.dst == env.dst);
	free(frame);
}

static void answer(const struct vmnet_dhcp_message *msg, u32 mtu)
{
	static const u8 types[] = {
		VMNET_DHCP_OFFER, VMNET_DHCP_ACK, VMNET_DHCP_NAK,
	};
	const struct vmnet_dhcp_options options = everything();
	size_t limit = vmnet_dhcp_size_limit(msg, mtu), len;
	struct vmnet_dhcp_reply reply;
	unsigned int i;
	u8 *buf;

	PROMISE(limit >= VMNET_DHCP_PADDED);
	PROMISE(limit <= (mtu > VMNET_DHCP_DATAGRAM_MIN ? mtu :
			  VMNET_DHCP_DATAGRAM_MIN) - VMNET_DHCP_IP_UDP);
	for (i = 0; i < sizeof(types); i++) {
		reply = reply_of(types[i]);
		buf = malloc(limit);
		len = vmnet_dhcp_build(buf, limit, msg, &reply, &options);
		PROMISE(len <= limit);
		/* Only what has to be repeated can be too long. */
		PROMISE(len >= VMNET_DHCP_PADDED ||
			(!len && msg->id_len + msg->relay_len > 128));
		if (len) {
			read_back(buf, len, msg, types[i]);
			wrap(buf, len);
		}
		free(buf);
	}
}

static void look_at(const u8 *payload, size_t len)
{
	static struct vmnet_dhcp_message msg;
	u8 *copy = copy_of(payload, len);

	/* What is not filled must not be read: nothing is zero by luck. */
	memset(&msg, 0xa5, sizeof(msg));
	if (vmnet_dhcp_parse(copy, len, &msg) == VMNET_DHCP_OK) {
		answer(&msg, 1500);
		answer(&msg, 68);
	}
	free(copy);
}

static void fix_ip_sum(u8 *ip, size_t len)
{
	size_t ihl = (ip[0] & 0xf) * 4, i;
	u32 sum = 0;

	if (ihl < 20 || len < ihl)
		return;
	put16(ip + 10, 0);
	for (i = 0; i < ihl; i += 2)
		sum += get16(ip + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmnet_dhcp_datagram dg;
	u8 flags, *ip;

	if (!size)
		return 0;
	flags = data[size - 1];
	ip = copy_of(data, size);
	if (!(flags & KEEP_IP_SUM) && size >= 20)
		fix_ip_sum(ip, size);
	if (vmnet_dhcp_unwrap(ip, size, flags & VERIFY_UDP, &dg) ==
	    VMNET_DHCP_OK) {
		PROMISE(dg.payload >= ip + VMNET_DHCP_IP_UDP);
		PROMISE(dg.payload + dg.len <= ip + size);
		look_at(dg.payload, dg.len);
	}
	free(ip);
	/* And as if the headers were right, whatever they are. */
	if (size > VMNET_DHCP_IP_UDP)
		look_at(data + VMNET_DHCP_IP_UDP, size - VMNET_DHCP_IP_UDP);
	return 0;
}
