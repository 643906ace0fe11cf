// SPDX-License-Identifier: MIT
#include "crc.h"

#define POLYNOMIAL	0xedb88320u	/* 0x04c11db7 with its bits reversed */

static uint32_t table[256];

static void fill_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
		table[i] = crc;
	}
}

uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, size_t length)
{
	if (!table[1])
		fill_table();
	crc = ~crc;
	while (length--)
		crc = crc >> 8 ^ table[(crc ^ *bytes++) & 0xff];
	return ~crc;
}
