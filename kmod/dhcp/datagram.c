// SPDX-License-Identifier: GPL-2.0-only
/* IP and UDP around a DHCP message: taken off, and put on.
 *
 * Pure, as packet.c is.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "bytes.h"
#include "datagram.h"

#define PROTO_UDP	17

/* What comes out at the top goes in at the bottom. */
static inline u64 sum_add(u64 sum, u64 words)
{
	sum += words;
	return sum + (sum < words);
}

static inline u64 sum_eight(u64 sum, const u8 *p)
{
	u64 words;

	memcpy(&words, p, sizeof(words));
	return sum_add(sum, words);
}

/* RFC 1071: the sum of the words as they lie in memory, whatever the byte
 * order, and however many are added at once; @len is even but for the last
 * piece.
 */
static u64 sum_words(const u8 *p, size_t len, u64 sum)
{
	u32 two;
	u16 one;

	for (; len >= 32; p += 32, len -= 32) {
		sum = sum_eight(sum, p);
		sum = sum_eight(sum, p + 8);
		sum = sum_eight(sum, p + 16);
		sum = sum_eight(sum, p + 24);
	}
	for (; len >= 8; p += 8, len -= 8)
		sum = sum_eight(sum, p);
	if (len >= sizeof(two)) {
		memcpy(&two, p, sizeof(two));
		sum = sum_add(sum, two);
		p += sizeof(two);
		len -= sizeof(two);
	}
	if (len >= sizeof(one)) {
		memcpy(&one, p, sizeof(one));
		sum = sum_add(sum, one);
		p += sizeof(one);
		len -= sizeof(one);
	}
	if (len) {
		u8 last[sizeof(one)] = { *p };

		memcpy(&one, last, sizeof(one));
		sum = sum_add(sum, one);
	}
	return sum;
}

/* Of an IP header; few have options. */
static inline u64 sum_header(const u8 *ip, size_t ihl)
{
	u64 sum = sum_eight(sum_eight(0, ip), ip + 8);
	u32 last;

	memcpy(&last, ip + 16, sizeof(last));
	sum = sum_add(sum, last);
	return ihl > 20 ? sum_words(ip + 20, ihl - 20, sum) : sum;
}

static u16 sum_fold(u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* @ip's addresses and @len octets of UDP at @udp; 0 if the checksum in it is
 * right.
 */
static u16 udp_sum(const u8 *ip, const u8 *udp, size_t len)
{
	u8 pseudo[4] = { 0, PROTO_UDP, len >> 8, len };
	u32 word;

	memcpy(&word, pseudo, sizeof(word));
	return sum_fold(sum_words(udp, len, sum_eight(word, ip + 12)));
}

enum vmnet_dhcp_verdict
vmnet_dhcp_unwrap(const u8 *ip, size_t len, bool verify,
		  struct vmnet_dhcp_datagram *out)
{
	size_t ihl, total, udp_len;
	const u8 *udp;

	if (len < 20 || ip[0] >> 4 != 4)
		return VMNET_DHCP_FOREIGN;
	ihl = (ip[0] & 0xf) * 4;
	if (ihl < 20 || len < ihl + 8 || ip[9] != PROTO_UDP)
		return VMNET_DHCP_FOREIGN;
	/* A fragment, the first one too: nobody has put it together. */
	if (get16(ip + 6) & 0x3fff)
		return VMNET_DHCP_FOREIGN;
	udp = ip + ihl;
	if (get16(udp + 2) != VMNET_DHCP_SERVER_PORT)
		return VMNET_DHCP_FOREIGN;

	/* The frame may be padded, and each header may lie. */
	total = get16(ip + 2);
	if (total > len || total < ihl + 8)
		return VMNET_DHCP_MALFORMED;
	udp_len = get16(udp + 4);
	if (udp_len > total - ihl || udp_len < 8 + VMNET_DHCP_FIXED)
		return VMNET_DHCP_MALFORMED;
	if (sum_fold(sum_header(ip, ihl)))
		return VMNET_DHCP_MALFORMED;
	/* A sum of 0 says that there is none (RFC 768). */
	if (verify && get16(udp + 6) && udp_sum(ip, udp, udp_len))
		return VMNET_DHCP_MALFORMED;

	out->src = get_addr(ip + 12);
	out->dst = get_addr(ip + 16);
	out->payload = udp + 8;
	out->len = udp_len - 8;
	return VMNET_DHCP_OK;
}

void vmnet_dhcp_wrap(u8 *frame, size_t len,
		     const struct vmnet_dhcp_envelope *envelope)
{
	u8 *ip = frame + 14, *udp = ip + 20;
	u16 sum;

	memcpy(frame, envelope->dst_mac, 6);
	memcpy(frame + 6, envelope->src_mac, 6);
	put16(frame + 12, 0x0800);

	memset(ip, 0, VMNET_DHCP_IP_UDP);
	ip[0] = 0x45;
	put16(ip + 2, VMNET_DHCP_IP_UDP + len);
	put16(ip + 6, 0x4000);	/* don't fragment, so the id may be 0 (RFC 6864) */
	ip[8] = 64;
	ip[9] = PROTO_UDP;
	put_addr(ip + 12, envelope->src);
	put_addr(ip + 16, envelope->dst);
	sum = sum_fold(sum_header(ip, 20));
	memcpy(ip + 10, &sum, sizeof(sum));

	put16(udp, VMNET_DHCP_SERVER_PORT);
	put16(udp + 2, envelope->dport);
	put16(udp + 4, 8 + len);
	sum = udp_sum(ip, udp, 8 + len);
	if (!sum)
		sum = 0xffff;	/* 0 would say that there is none */
	memcpy(udp + 6, &sum, sizeof(sum));
}
