// SPDX-License-Identifier: MIT
#include "frame.h"

#include <stdbool.h>

#include "bytes.h"
#include "crc.h"

/* RFC 1662, section 4. */
#define FLAG		0x7e
#define ESCAPE		0x7d
#define ESCAPE_XOR	0x20

static uint8_t *stuff(uint8_t *out, const uint8_t *bytes, size_t length)
{
	while (length--) {
		uint8_t byte = *bytes++;

		if (byte == FLAG || byte == ESCAPE) {
			*out++ = ESCAPE;
			byte ^= ESCAPE_XOR;
		}
		*out++ = byte;
	}
	return out;
}

size_t frame_encode(uint8_t *out, const uint8_t *header, size_t header_length,
		    const uint8_t *message, size_t message_length)
{
	uint8_t *end = out;
	uint8_t trailer[CRC_BYTES];
	uint32_t crc;

	crc = crc32_update(0, header, header_length);
	crc = crc32_update(crc, message, message_length);
	put_u32(trailer, crc);

	/* The first flag ends whatever somebody else wrote to the line before. */
	*end++ = FLAG;
	end = stuff(end, header, header_length);
	end = stuff(end, message, message_length);
	end = stuff(end, trailer, CRC_BYTES);
	*end++ = FLAG;
	return (size_t)(end - out);
}

void frame_decoder_reset(struct frame_decoder *decoder)
{
	decoder->length = 0;
	decoder->escaped = false;
	decoder->overlong = false;
}

static enum frame_event finish(struct frame_decoder *decoder)
{
	const size_t length = decoder->length;
	const bool cut = decoder->escaped || decoder->overlong;

	frame_decoder_reset(decoder);
	if (length == 0 && !cut)
		return FRAME_NONE;	/* the flags of two frames in a row */
	if (cut || length <= CRC_BYTES)
		return FRAME_DAMAGED;
	if (crc32_update(0, decoder->body, length - CRC_BYTES) !=
	    get_u32(decoder->body + length - CRC_BYTES))
		return FRAME_DAMAGED;
	decoder->length = length - CRC_BYTES;
	return FRAME_COMPLETE;
}

enum frame_event frame_decode(struct frame_decoder *decoder, uint8_t byte)
{
	if (byte == FLAG)
		return finish(decoder);
	if (byte == ESCAPE) {
		decoder->escaped = true;
		return FRAME_NONE;
	}
	if (decoder->escaped) {
		decoder->escaped = false;
		byte ^= ESCAPE_XOR;
	}
	if (decoder->length == decoder->capacity)
		decoder->overlong = true;
	else
		decoder->body[decoder->length++] = byte;
	return FRAME_NONE;
}
