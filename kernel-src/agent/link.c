// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "link.h"

#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "frame.h"
#include "protocol.h"

/*
 * Sent and not yet acknowledged: at most this many messages. 32 of 4 KiB are some
 * 0.2 s of an emulated UART, more than the host ever takes to acknowledge.
 */
#define SLOTS		32
/* Slots that bulk leaves to control. */
#define CONTROL_SLOTS	4
/* An unanswered sender asks again after this time, which doubles up to the last. */
#define FIRST_POLL_MS	250
#define LAST_POLL_MS	2000

#define DATA_HEADER	5	/* kind, sequence, acknowledgement */

static struct {
	uint16_t length;
	uint8_t message[TO_HOST_MAX];
} slots[SLOTS];

static const struct link_user *user;

static struct {
	bool open;
	uint32_t nonce;
	bool hello_ack_due;
	bool ready_due;
} session;

/* Sequence numbers, modulo 2^16: oldest unacknowledged <= to transmit <= next new. */
static struct {
	uint16_t base;
	uint16_t cursor;
	uint16_t next;
	uint8_t poll_token;	/* of the last POLL; 0: none is to be answered */
	uint8_t last_token;
	bool poll_due;
	int poll_ms;
	long long deadline_ms;
} sender;

static struct {
	uint16_t expected;
	bool ack_due;
	bool nak_due;
	uint8_t nak_token;
	bool asked_again;	/* a NAK for `expected` is on its way */
	uint16_t highest;	/* sequence number seen since that NAK */
} receiver;

static uint8_t body[DATA_HEADER + TO_GUEST_MAX + CRC_BYTES];
static struct frame_decoder decoder = { .body = body, .capacity = sizeof(body) };

static struct {
	uint8_t bytes[ENCODED_MAX(DATA_HEADER + TO_HOST_MAX)];
	size_t start;
	size_t end;
} out;

static uint16_t distance(uint16_t from, uint16_t to)
{
	return (uint16_t)(to - from);
}

/* Half of the numbers are ahead of one, the other half behind it. */
static bool is_ahead(uint16_t sequence, uint16_t of)
{
	return distance(of, sequence) - 1u < 0x7fffu;
}

static void restart_poll_timer(void)
{
	sender.poll_ms = FIRST_POLL_MS;
	sender.deadline_ms = now_ms() + FIRST_POLL_MS;
}

static void forget_session(void)
{
	memset(&sender, 0, sizeof(sender));
	memset(&receiver, 0, sizeof(receiver));
	/* A snapshot is the smaller for pages of zeros. */
	memset(slots, 0, sizeof(slots));
	memset(&out, 0, sizeof(out));
	user->reset();
}

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
	else if (sender.base != sender.next)
		sender.poll_due = true;
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
		forget_session();
		session.open = true;
		session.nonce = nonce;
	}
	session.ready_due = false;
	session.hello_ack_due = true;
}

/* The host has everything before `sequence`. */
static void acknowledged(uint16_t sequence)
{
	if (distance(sender.base, sequence) > distance(sender.base, sender.next))
		return;	/* of no frame that is on its way */
	if (sequence == sender.base)
		return;
	if (distance(sender.base, sender.cursor) < distance(sender.base, sequence))
		sender.cursor = sequence;
	sender.base = sequence;
	restart_poll_timer();
}

static void nak(uint16_t sequence, uint8_t token)
{
	acknowledged(sequence);
	if (sequence != sender.base)
		return;
	if (token) {
		/* An answer to an older question says nothing about the newer frames. */
		if (token != sender.poll_token)
			return;
		sender.poll_token = 0;
	}
	sender.cursor = sender.base;
	restart_poll_timer();
}

static void ask_again(uint8_t token)
{
	receiver.nak_due = true;
	receiver.nak_token = token;
	receiver.asked_again = true;
}

static void damaged(void)
{
	if (!session.open || receiver.asked_again)
		return;
	ask_again(0);
	receiver.highest = receiver.expected;
}

static void data(const uint8_t *frame, size_t length)
{
	const uint16_t sequence = get_u16(frame + 1);

	acknowledged(get_u16(frame + 3));
	if (sequence == receiver.expected) {
		if (!user->receive(frame + DATA_HEADER, length - DATA_HEADER))
			return;
		receiver.expected++;
		receiver.ack_due = true;
		receiver.asked_again = false;
	} else if (is_ahead(sequence, receiver.expected)) {
		/* Not ahead of the highest: the host went back, and again one was lost. */
		if (!receiver.asked_again || !is_ahead(sequence, receiver.highest))
			ask_again(0);
		receiver.highest = sequence;
	} else {
		receiver.ack_due = true;
	}
}

static void frame_received(const uint8_t *frame, size_t length)
{
	if (frame[0] == FRAME_HELLO) {
		hello(frame, length);
		return;
	}
	if (!session.open) {
		/* A host that talks to the agent's predecessor learns that it is gone. */
		if (!(frame[0] & FRAME_FROM_GUEST))
			session.ready_due = true;
		return;
	}
	switch (frame[0]) {
	case FRAME_DATA:
		if (length > DATA_HEADER)
			data(frame, length);
		break;
	case FRAME_ACK:
		if (length == 3)
			acknowledged(get_u16(frame + 1));
		break;
	case FRAME_NAK:
		if (length == 4)
			nak(get_u16(frame + 1), frame[3]);
		break;
	case FRAME_POLL:
		if (length == 4) {
			acknowledged(get_u16(frame + 1));
			ask_again(frame[3]);
			receiver.highest = receiver.expected;
		}
		break;
	}
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
			damaged();
			break;
		case FRAME_NONE:
			break;
		}
	}
}

/* --- Sending ------------------------------------------------------------------ */

static void emit(const uint8_t *header, size_t header_length,
		 const uint8_t *message, size_t message_length)
{
	out.start = 0;
	out.end = frame_encode(out.bytes, header, header_length, message, message_length);
}

static void emit_hello_ack(void)
{
	uint8_t frame[10] = { FRAME_HELLO | FRAME_FROM_GUEST, PROTOCOL_VERSION };

	put_u32(frame + 2, session.nonce);
	put_u32(frame + 6, (uint32_t)getpid());
	emit(frame, sizeof(frame), NULL, 0);
}

static void emit_ready(void)
{
	uint8_t frame[6] = { FRAME_READY | FRAME_FROM_GUEST, PROTOCOL_VERSION };

	put_u32(frame + 2, (uint32_t)getpid());
	emit(frame, sizeof(frame), NULL, 0);
}

static void emit_with_token(enum frame_kind kind, uint8_t token)
{
	uint8_t frame[4] = { (uint8_t)(kind | FRAME_FROM_GUEST) };

	put_u16(frame + 1, receiver.expected);
	frame[3] = token;
	receiver.ack_due = false;
	emit(frame, sizeof(frame), NULL, 0);
}

static void emit_ack(void)
{
	uint8_t frame[3] = { FRAME_ACK | FRAME_FROM_GUEST };

	put_u16(frame + 1, receiver.expected);
	receiver.ack_due = false;
	emit(frame, sizeof(frame), NULL, 0);
}

static void emit_data(uint16_t sequence)
{
	uint8_t frame[DATA_HEADER] = { FRAME_DATA | FRAME_FROM_GUEST };

	put_u16(frame + 1, sequence);
	put_u16(frame + 3, receiver.expected);
	receiver.ack_due = false;
	emit(frame, sizeof(frame), slots[sequence % SLOTS].message, slots[sequence % SLOTS].length);
}

static uint16_t slots_in_use(void)
{
	return distance(sender.base, sender.next);
}

/* Fills the next slot with a message, if there is one and a slot for it. */
static bool take_message(void)
{
	uint8_t *message = slots[sender.next % SLOTS].message;
	size_t length = 0;

	if (slots_in_use() < SLOTS)
		length = user->next_control(message);
	if (!length && slots_in_use() < SLOTS - CONTROL_SLOTS)
		length = user->next_bulk(message);
	if (!length)
		return false;
	slots[sender.next % SLOTS].length = (uint16_t)length;
	if (sender.base == sender.next)
		restart_poll_timer();
	sender.next++;
	return true;
}

static bool waits_for_answer(void)
{
	return session.open && sender.base != sender.next && sender.cursor == sender.next;
}

static void check_poll_timer(void)
{
	if (!waits_for_answer() || now_ms() < sender.deadline_ms)
		return;
	sender.poll_due = true;
	sender.poll_ms = sender.poll_ms * 2 > LAST_POLL_MS ? LAST_POLL_MS : sender.poll_ms * 2;
	sender.deadline_ms = now_ms() + sender.poll_ms;
}

static void emit_poll(void)
{
	sender.poll_due = false;
	if (++sender.last_token == 0)
		sender.last_token = 1;
	sender.poll_token = sender.last_token;
	emit_with_token(FRAME_POLL, sender.poll_token);
}

/* Produces the next frame, the most urgent first. */
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
	} else if (sender.poll_due && sender.cursor == sender.next) {
		emit_poll();
	} else if (sender.cursor != sender.next || take_message()) {
		emit_data(sender.cursor++);
	} else if (receiver.ack_due) {
		emit_ack();
	}
}

void link_pump(void)
{
	check_poll_timer();
	if (out.start == out.end)
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
	/* The question is for an answer to what is out, not to what still waits here. */
	if (out.start == out.end && waits_for_answer() && sender.poll_ms == FIRST_POLL_MS)
		restart_poll_timer();
}

bool link_has_room_for_bulk(void)
{
	return session.open && out.start == out.end && sender.cursor == sender.next &&
	       slots_in_use() < SLOTS - CONTROL_SLOTS;
}

int link_timeout_ms(void)
{
	long long left;

	if (!waits_for_answer())
		return -1;
	left = sender.deadline_ms - now_ms();
	return left < 0 ? 0 : (int)left;
}
