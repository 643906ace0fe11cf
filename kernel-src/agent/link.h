/* SPDX-License-Identifier: MIT */
/*
 * A reliable, ordered exchange of messages with the host, over frames that may
 * get lost or damaged: sequence numbers, cumulative acknowledgements, go-back-N.
 * PROTOCOL.md, "Link", is the specification.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the link asks of those above it. */
struct link_user {
	/* A message came. False: no room for it now, the host will send it again. */
	bool (*receive)(const uint8_t *message, size_t length);
	/*
	 * Writes the next message to send, of at most TO_HOST_MAX bytes; 0: there
	 * is none. Control goes ahead of bulk.
	 */
	size_t (*next_control)(uint8_t *message);
	size_t (*next_bulk)(uint8_t *message);
	/* The host begins a new session: forget everything of the last one. */
	void (*reset)(void);
};

void link_init(const struct link_user *user);
/* The line was opened anew: what was in it is lost. */
void link_line_opened(void);
/* Bytes from the line. */
void link_input(const uint8_t *bytes, size_t length);
/* Turns messages into bytes for the line while there are none left to write. */
void link_pump(void);
/* The bytes to write; say with link_written() how many of them were. */
size_t link_output(const uint8_t **bytes);
void link_written(size_t length);

bool link_has_session(void);
/* Whether bulk is of use now: without room for it, let it wait where it is. */
bool link_has_room_for_bulk(void);
/* Milliseconds until link_pump() has to be called again, -1: not by the clock. */
int link_timeout_ms(void);

#endif
