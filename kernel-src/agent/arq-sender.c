// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "arq-sender.h"

#include "clock.h"
#include "sequence.h"

/* An unanswered sender asks after this time, which doubles up to the last. */
#define FIRST_POLL_MS	250
#define LAST_POLL_MS	500

static void restart_timer(struct arq_sender *sender)
{
	sender->poll_ms = FIRST_POLL_MS;
	sender->deadline_ms = now_ms() + FIRST_POLL_MS;
}

uint8_t *sender_slot(struct arq_sender *sender, bool for_bulk)
{
	const int limit = for_bulk ? SENDER_SLOTS - CONTROL_SLOTS : SENDER_SLOTS;

	if (sequence_distance(sender->base, sender->next) >= limit)
		return NULL;
	return sender->slots[sender->next % SENDER_SLOTS].message;
}

void sender_add(struct arq_sender *sender, size_t length)
{
	sender->slots[sender->next % SENDER_SLOTS].length = (uint16_t)length;
	if (sender->base == sender->next)
		restart_timer(sender);
	sender->next++;
}

bool sender_has_untransmitted(const struct arq_sender *sender)
{
	return sender->cursor != sender->next;
}

const uint8_t *sender_transmit(struct arq_sender *sender, uint16_t *sequence, size_t *length)
{
	*sequence = sender->cursor++;
	*length = sender->slots[*sequence % SENDER_SLOTS].length;
	return sender->slots[*sequence % SENDER_SLOTS].message;
}

static bool waits_for_answer(const struct arq_sender *sender)
{
	return sender->base != sender->next && sender->cursor == sender->next;
}

void sender_line_drained(struct arq_sender *sender)
{
	if (waits_for_answer(sender) && sender->poll_ms == FIRST_POLL_MS)
		restart_timer(sender);
}

void sender_acknowledged(struct arq_sender *sender, uint16_t sequence)
{
	const uint16_t count = sequence_distance(sender->base, sequence);

	if (count == 0 || count > sequence_distance(sender->base, sender->next))
		return;
	if (sequence_distance(sender->base, sender->cursor) < count)
		sender->cursor = sequence;
	sender->base = sequence;
	restart_timer(sender);
}

void sender_nak(struct arq_sender *sender, uint16_t sequence, uint8_t token)
{
	sender_acknowledged(sender, sequence);
	if (sequence != sender->base)
		return;
	if (token) {
		/* An answer to an older question says nothing about the newer frames. */
		if (token != sender->poll_token)
			return;
		sender->poll_token = 0;
	}
	sender->cursor = sender->base;
	restart_timer(sender);
}

int sender_timeout_ms(const struct arq_sender *sender)
{
	long long left;

	if (!waits_for_answer(sender))
		return -1;
	left = sender->deadline_ms - now_ms();
	return left < 0 ? 0 : (int)left;
}

void sender_check_time(struct arq_sender *sender)
{
	if (sender_timeout_ms(sender) != 0)
		return;
	sender->poll_due = true;
	sender->poll_ms *= 2;
	if (sender->poll_ms > LAST_POLL_MS)
		sender->poll_ms = LAST_POLL_MS;
	sender->deadline_ms = now_ms() + sender->poll_ms;
}

uint8_t sender_poll(struct arq_sender *sender)
{
	sender->poll_due = false;
	if (++sender->last_token == 0)
		sender->last_token = 1;
	sender->poll_token = sender->last_token;
	return sender->poll_token;
}
