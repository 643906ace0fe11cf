/* SPDX-License-Identifier: MIT */
/*
 * Frames on a line of bytes, as RFC 1662 does it: a flag byte before and after,
 * flag and escape bytes inside escaped, a CRC-32 at the end.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_MAX	16	/* of any frame, before its message */
#define CRC_BYTES		4
/* Each byte may need an escape; two flags. */
#define ENCODED_MAX(body)	(2 * ((body) + CRC_BYTES) + 2)

/* Writes header and message as one frame; returns its length. */
size_t frame_encode(uint8_t *out, const uint8_t *header, size_t header_length,
		    const uint8_t *message, size_t message_length);

struct frame_decoder {
	uint8_t *body;		/* of `capacity` bytes, CRC included */
	size_t capacity;
	size_t length;
	_Bool escaped;
	_Bool overlong;
};

enum frame_event {
	FRAME_NONE,		/* more bytes are needed */
	FRAME_COMPLETE,		/* decoder->body holds decoder->length good bytes */
	FRAME_DAMAGED,
};

/* Takes one byte. A complete body stays valid until the next call. */
enum frame_event frame_decode(struct frame_decoder *decoder, uint8_t byte);
void frame_decoder_reset(struct frame_decoder *decoder);

#endif
