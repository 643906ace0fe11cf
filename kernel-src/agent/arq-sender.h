/* SPDX-License-Identifier: MIT */
/* The sending half of the link: keeps messages until the host has acknowledged them. */
#ifndef ARQ_SENDER_H
#define ARQ_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

/*
 * At most so many messages are sent and not yet acknowledged. 32 of 4 KiB are some
 * 0.2 s of an emulated UART, more than the host ever takes to acknowledge.
 */
#define SENDER_SLOTS	32
/* Slots that bulk leaves to control. */
#define CONTROL_SLOTS	4

struct arq_sender {
	/* Oldest unacknowledged <= next to transmit <= next new one. */
	uint16_t base;
	uint16_t cursor;
	uint16_t next;
	bool poll_due;
	uint8_t poll_token;	/* of the POLL whose answer counts; 0: none does */
	uint8_t last_token;
	int poll_ms;		/* from one POLL to the next */
	long long deadline_ms;	/* of the next one */
	struct {
		uint16_t length;
		uint8_t message[TO_HOST_MAX];
	} slots[SENDER_SLOTS];
};

/* The buffer for the next message, NULL: the window is full. Then say its length. */
uint8_t *sender_slot(struct arq_sender *sender, bool for_bulk);
void sender_add(struct arq_sender *sender, size_t length);

/* Whether a message waits to be transmitted, for the first time or again. */
bool sender_has_untransmitted(const struct arq_sender *sender);
/* That message; the next call gives the one after it. */
const uint8_t *sender_transmit(struct arq_sender *sender, uint16_t *sequence, size_t *length);
/* All bytes are out: what the host has not got by now will not come by itself. */
void sender_line_drained(struct arq_sender *sender);

/* The host has everything before `sequence`. */
void sender_acknowledged(struct arq_sender *sender, uint16_t sequence);
/* And it lacks that one. The token is that of the POLL this answers, 0: of none. */
void sender_nak(struct arq_sender *sender, uint16_t sequence, uint8_t token);

/* Milliseconds until sender_check_time() has to be called, -1: not by the clock. */
int sender_timeout_ms(const struct arq_sender *sender);
void sender_check_time(struct arq_sender *sender);
/* A new token for a POLL. */
uint8_t sender_poll(struct arq_sender *sender);

#endif
