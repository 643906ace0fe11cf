/* SPDX-License-Identifier: MIT */
#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

/*
 * The CRC-32 of IEEE 802.3 and RFC 1662 (polynomial 0x04c11db7, reflected).
 * Start with 0, go on with what the last call returned.
 */
uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, size_t length);

#endif
