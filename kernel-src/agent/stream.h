/* SPDX-License-Identifier: MIT */
/*
 * Bytes on their way from the host into a file descriptor. The host may send as
 * many as it has credit for; credit comes back as the bytes leave this buffer.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

struct inflow {
	uint8_t *bytes;		/* ring of INITIAL_CREDIT bytes, or NULL */
	size_t head;
	size_t length;
	uint32_t owed;		/* bytes that left, not yet given back as credit */
};

/* False: no memory. */
bool inflow_open(struct inflow *flow);
void inflow_close(struct inflow *flow);
/* False: the host sent more than it had credit for; nothing was taken. */
bool inflow_put(struct inflow *flow, const uint8_t *bytes, size_t length);
/* The longest run of bytes that are next. */
size_t inflow_peek(const struct inflow *flow, const uint8_t **bytes);
void inflow_drop(struct inflow *flow, size_t length);
/* Credit to give back now; 0 as long as it is not worth a message. */
uint32_t inflow_credit(struct inflow *flow);

#endif
