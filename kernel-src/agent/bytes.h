/* SPDX-License-Identifier: MIT */
/* Little-endian numbers at any address. */
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>

static inline void put_u16(uint8_t *p, uint16_t value)
{
	p[0] = value & 0xff;
	p[1] = value >> 8;
}

static inline void put_u32(uint8_t *p, uint32_t value)
{
	put_u16(p, value & 0xffff);
	put_u16(p + 2, value >> 16);
}

static inline void put_u64(uint8_t *p, uint64_t value)
{
	put_u32(p, value & 0xffffffff);
	put_u32(p + 4, value >> 32);
}

static inline uint16_t get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get_u32(const uint8_t *p)
{
	return get_u16(p) | (uint32_t)get_u16(p + 2) << 16;
}

static inline uint64_t get_u64(const uint8_t *p)
{
	return get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

#endif
