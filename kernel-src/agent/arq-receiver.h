/* SPDX-License-Identifier: MIT */
/* The receiving half of the link: what has come, and what to tell the host of it. */
#ifndef ARQ_RECEIVER_H
#define ARQ_RECEIVER_H

#include <stdbool.h>
#include <stdint.h>

struct arq_receiver {
	uint16_t expected;
	bool ack_due;
	bool nak_due;
	uint8_t nak_token;
	bool asked_again;	/* a NAK for `expected` is on its way */
	uint16_t highest;	/* sequence number seen since that NAK */
};

/* A DATA frame came. True: it is the expected one; say receiver_took() if it was taken. */
bool receiver_data(struct arq_receiver *receiver, uint16_t sequence);
void receiver_took(struct arq_receiver *receiver);
/* Something came that was no frame; it may have been one that is waited for. */
void receiver_damaged(struct arq_receiver *receiver);
/* The host asks what has come. */
void receiver_poll(struct arq_receiver *receiver, uint8_t token);
/* The acknowledgement for a frame that is about to be sent. */
uint16_t receiver_acknowledgement(struct arq_receiver *receiver);

#endif
