// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "link.h"

#include <string.h>
#include <unistd.h>

#include "arq-receiver.h"
#include "arq-sender.h"
#include "bytes.h"
#include "frame.h"
#include "protocol.h"

#define DATA_HEADER	5	/* kind, sequence, acknowledgement */

static const struct link_user *user;

static struct {
	bool open;
	uint32_t nonce;
	bool hello_ack_due;
	bool ready_due;
} session;

static struct arq_sender sender;
static struct arq_receiver receiver;

static uint8_t body[DATA_HEADER + TO_GUEST_MAX + CRC_BYTES];
static struct frame_decoder decoder = { .body = body, .capacity = sizeof(body) };

/* The frame that is being written. */
static struct {
	uint8_t bytes[ENCODED_MAX(DATA_HEADER + TO_HOST_MAX)];
	size_t start;
	size_t end;
} out;

void link_init(const struct link_user *above)
{
	user = above;
}

void link_line_opened(void)
{
	frame_decoder_reset(&decoder);
	out.start = out.end = 0;
	if (!session.open)
		session.ready_due = true;
}

bool link_has_session(void)
{
	return session.open;
}

/* --- Receiving ---------------------------------------------------------------- */

static void hello(const uint8_t *frame, size_t length)
{
	uint32_t nonce;

	if (length < 6)
		return;
	nonce = get_u32(frame + 2);
	/* The same one again: its answer was lost, or is on its way. */
	if (!session.open || session.nonce != nonce) {
		/* All of them, since a snapshot is the smaller for pages of zeros. */
		memset(&sender, 0, sizeof(sender));
		memset(&receiver, 0, sizeof(receiver));
		memset(&out, 0, sizeof(out));
		user->reset();
		session.open = true;
		session.nonce = nonce;
	}
	session.ready_due = false;
	session.hello_ack_due = true;
}

static void data(const uint8_t *frame, size_t length)
{
	sender_acknowledged(&sender, get_u16(frame + 3));
	if (receiver_data(&receiver, get_u16(frame + 1)) &&
	    user->receive(frame + DATA_HEADER, length - DATA_HEADER))
		receiver_took(&receiver);
}

static void frame_in_session(const uint8_t *frame, size_t length)
{
	if (length < 3)
		return;
	switch (frame[0]) {
	case FRAME_DATA:
		if (length > DATA_HEADER)
			data(frame, length);
		break;
	case FRAME_ACK:
		sender_acknowledged(&sender, get_u16(frame + 1));
		break;
	case FRAME_NAK:
		if (length >= 4)
			sender_nak(&sender, get_u16(frame + 1), frame[3]);
		break;
	case FRAME_POLL:
		sender_acknowledged(&sender, get_u16(frame + 1));
		if (length >= 4)
			receiver_poll(&receiver, frame[3]);
		break;
	}
}

static void frame_received(const uint8_t *frame, size_t length)
{
	if (frame[0] == FRAME_HELLO)
		hello(frame, length);
	else if (session.open)
		frame_in_session(frame, length);
	else if (!(frame[0] & FRAME_FROM_GUEST))
		/* A host that talks to the agent's predecessor learns that it is gone. */
		session.ready_due = true;
}

void link_input(const uint8_t *bytes, size_t length)
{
	while (length--) {
		switch (frame_decode(&decoder, *bytes++)) {
		case FRAME_COMPLETE:
			frame_received(decoder.body, decoder.length);
			frame_decoder_reset(&decoder);
			break;
		case FRAME_DAMAGED:
			if (session.open)
				receiver_damaged(&receiver);
			break;
		case FRAME_NONE:
			break;
		}
	}
}

/* --- Sending ------------------------------------------------------------------ */

static void emit(const uint8_t *frame, size_t length)
{
	out.start = 0;
	out.end = frame_encode(out.bytes, frame, length, NULL, 0);
}

static void emit_hello_ack(void)
{
	uint8_t frame[10] = { FRAME_HELLO | FRAME_FROM_GUEST, PROTOCOL_VERSION };

	put_u32(frame + 2, session.nonce);
	put_u32(frame + 6, (uint32_t)getpid());
	emit(frame, sizeof(frame));
}

static void emit_ready(void)
{
	uint8_t frame[6] = { FRAME_READY | FRAME_FROM_GUEST, PROTOCOL_VERSION };

	put_u32(frame + 2, (uint32_t)getpid());
	emit(frame, sizeof(frame));
}

static void emit_ack(void)
{
	uint8_t frame[3] = { FRAME_ACK | FRAME_FROM_GUEST };

	put_u16(frame + 1, receiver_acknowledgement(&receiver));
	emit(frame, sizeof(frame));
}

/* NAK or POLL. */
static void emit_with_token(enum frame_kind kind, uint8_t token)
{
	uint8_t frame[4] = { (uint8_t)(kind | FRAME_FROM_GUEST) };

	put_u16(frame + 1, receiver_acknowledgement(&receiver));
	frame[3] = token;
	emit(frame, sizeof(frame));
}

static void emit_data(void)
{
	uint8_t header[DATA_HEADER] = { FRAME_DATA | FRAME_FROM_GUEST };
	uint16_t sequence;
	size_t length;
	const uint8_t *message = sender_transmit(&sender, &sequence, &length);

	put_u16(header + 1, sequence);
	put_u16(header + 3, receiver_acknowledgement(&receiver));
	out.start = 0;
	out.end = frame_encode(out.bytes, header, sizeof(header), message, length);
}

/* Asks for a message, control first, if there is room for one. */
static bool take_message(void)
{
	uint8_t *slot = sender_slot(&sender, false);
	size_t length = slot ? user->next_control(slot) : 0;

	if (!length) {
		slot = sender_slot(&sender, true);
		length = slot ? user->next_bulk(slot) : 0;
	}
	/* Where there was no more bulk, its end may have come, which control tells. */
	if (!length) {
		slot = sender_slot(&sender, false);
		length = slot ? user->next_control(slot) : 0;
	}
	if (length)
		sender_add(&sender, length);
	return length > 0;
}

/* Makes the next frame, the most urgent first. */
static void produce(void)
{
	if (session.ready_due) {
		session.ready_due = false;
		emit_ready();
	} else if (session.hello_ack_due) {
		session.hello_ack_due = false;
		emit_hello_ack();
	} else if (!session.open) {
		return;
	} else if (receiver.nak_due) {
		receiver.nak_due = false;
		emit_with_token(FRAME_NAK, receiver.nak_token);
	} else if (sender_has_untransmitted(&sender)) {
		emit_data();
	} else if (sender.poll_due) {
		emit_with_token(FRAME_POLL, sender_poll(&sender));
	} else if (take_message()) {
		emit_data();
	} else if (receiver.ack_due) {
		emit_ack();
	}
}

void link_pump(void)
{
	if (out.start < out.end)
		return;
	sender_check_time(&sender);
	produce();
}

size_t link_output(const uint8_t **bytes)
{
	*bytes = out.bytes + out.start;
	return out.end - out.start;
}

void link_written(size_t length)
{
	out.start += length;
	if (out.start == out.end)
		sender_line_drained(&sender);
}

bool link_has_room_for_bulk(void)
{
	return session.open && out.start == out.end && !sender_has_untransmitted(&sender) &&
	       sender_slot(&sender, true);
}

int link_timeout_ms(void)
{
	return out.start < out.end ? -1 : sender_timeout_ms(&sender);
}
