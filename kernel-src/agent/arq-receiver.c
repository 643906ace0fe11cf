// SPDX-License-Identifier: MIT
#include "arq-receiver.h"

#include "sequence.h"

static void ask_again(struct arq_receiver *receiver, uint8_t token, uint16_t highest)
{
	receiver->nak_due = true;
	receiver->nak_token = token;
	receiver->asked_again = true;
	receiver->highest = highest;
}

bool receiver_data(struct arq_receiver *receiver, uint16_t sequence)
{
	if (sequence == receiver->expected)
		return true;
	if (!sequence_is_ahead(sequence, receiver->expected)) {
		/* It came twice: the acknowledgement was lost. */
		receiver->ack_due = true;
	} else if (!receiver->asked_again || !sequence_is_ahead(sequence, receiver->highest)) {
		/* Not ahead of the highest: the host went back, and again one was lost. */
		ask_again(receiver, 0, sequence);
	} else {
		receiver->highest = sequence;
	}
	return false;
}

void receiver_took(struct arq_receiver *receiver)
{
	receiver->expected++;
	receiver->ack_due = true;
	receiver->asked_again = false;
}

void receiver_damaged(struct arq_receiver *receiver)
{
	if (!receiver->asked_again)
		ask_again(receiver, 0, receiver->expected);
}

void receiver_poll(struct arq_receiver *receiver, uint8_t token)
{
	ask_again(receiver, token, receiver->expected);
}

uint16_t receiver_acknowledgement(struct arq_receiver *receiver)
{
	receiver->ack_due = false;
	return receiver->expected;
}
