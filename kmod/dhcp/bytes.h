/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers in network order, wherever they lie; for pure code. */
#ifndef VMNET_DHCP_BYTES_H
#define VMNET_DHCP_BYTES_H

#include <linux/string.h>
#include <linux/types.h>

static inline u16 get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline u32 get32(const u8 *p)
{
	return (u32)get16(p) << 16 | get16(p + 2);
}

static inline __be32 get_addr(const u8 *p)
{
	__be32 addr;

	memcpy(&addr, p, sizeof(addr));
	return addr;
}

static inline void put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value & 0xff;
}

static inline void put32(u8 *p, u32 value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static inline void put_addr(u8 *p, __be32 addr)
{
	memcpy(p, &addr, sizeof(addr));
}

#endif /* VMNET_DHCP_BYTES_H */
