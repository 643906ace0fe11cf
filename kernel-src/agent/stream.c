// SPDX-License-Identifier: MIT
#include "stream.h"

#include <stdlib.h>
#include <string.h>

/* A quarter: the host is never out of credit while a message with more is coming. */
#define WORTH_A_MESSAGE	(INITIAL_CREDIT / 4)

bool inflow_open(struct inflow *flow)
{
	memset(flow, 0, sizeof(*flow));
	flow->bytes = malloc(INITIAL_CREDIT);
	return flow->bytes != NULL;
}

void inflow_close(struct inflow *flow)
{
	free(flow->bytes);
	memset(flow, 0, sizeof(*flow));
}

bool inflow_put(struct inflow *flow, const uint8_t *bytes, size_t length)
{
	size_t tail = (flow->head + flow->length) % INITIAL_CREDIT;
	size_t first = INITIAL_CREDIT - tail;

	if (!flow->bytes || length > INITIAL_CREDIT - flow->length - flow->owed)
		return false;
	if (first > length)
		first = length;
	memcpy(flow->bytes + tail, bytes, first);
	memcpy(flow->bytes, bytes + first, length - first);
	flow->length += length;
	return true;
}

size_t inflow_peek(const struct inflow *flow, const uint8_t **bytes)
{
	size_t run = INITIAL_CREDIT - flow->head;

	*bytes = flow->bytes + flow->head;
	return run < flow->length ? run : flow->length;
}

void inflow_drop(struct inflow *flow, size_t length)
{
	flow->head = (flow->head + length) % INITIAL_CREDIT;
	flow->length -= length;
	flow->owed += (uint32_t)length;
}

uint32_t inflow_credit(struct inflow *flow)
{
	uint32_t credit = flow->owed;

	if (credit < WORTH_A_MESSAGE)
		return 0;
	flow->owed = 0;
	return credit;
}
