/* SPDX-License-Identifier: MIT */
/* Sequence numbers are 16 bits wide and go around. */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Steps from one number forward to another. */
static inline uint16_t sequence_distance(uint16_t from, uint16_t to)
{
	return (uint16_t)(to - from);
}

/* Half of the numbers are ahead of one, the other half behind it. */
static inline bool sequence_is_ahead(uint16_t sequence, uint16_t of)
{
	const uint16_t distance = sequence_distance(of, sequence);

	return distance > 0 && distance < 0x8000;
}

#endif
