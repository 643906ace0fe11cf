// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "messages.h"

#include <errno.h>
#include <time.h>

#include "bytes.h"
#include "call.h"
#include "exec.h"
#include "exec-report.h"
#include "protocol.h"

static bool may_set_time;

/* Short answers that wait for their turn; the host cannot have more of them on its way. */
#define ANSWERS	256

static struct {
	struct {
		uint8_t type;
		uint32_t id;
		uint16_t error;
	} queue[ANSWERS];
	size_t first;
	size_t count;
} answers;

static bool answer(enum guest_message type, uint32_t id, int error)
{
	size_t last = (answers.first + answers.count) % ANSWERS;

	if (answers.count == ANSWERS)
		return false;
	answers.queue[last].type = (uint8_t)type;
	answers.queue[last].id = id;
	answers.queue[last].error = (uint16_t)error;
	answers.count++;
	return true;
}

static size_t next_answer(uint8_t *message)
{
	size_t i = answers.first, n = MESSAGE_HEADER;

	if (!answers.count)
		return 0;
	answers.first = (i + 1) % ANSWERS;
	answers.count--;
	message[0] = answers.queue[i].type;
	put_u32(message + 1, answers.queue[i].id);
	if (message[0] == MSG_TIME_SET) {
		put_u16(message + n, answers.queue[i].error);
		n += 2;
	}
	return n;
}

void messages_allow_setting_time(void)
{
	may_set_time = true;
}

static int set_time(const uint8_t *bytes)
{
	struct timespec time = {
		.tv_sec = (time_t)get_u64(bytes),
		.tv_nsec = (long)get_u32(bytes + 8),
	};

	if (!may_set_time)
		return EPERM;
	return clock_settime(CLOCK_REALTIME, &time) < 0 ? errno : 0;
}

bool messages_receive(const uint8_t *message, size_t length)
{
	const uint8_t *bytes = message + MESSAGE_HEADER;
	uint32_t id;

	/* A message that says too little says nothing. */
	if (length < MESSAGE_HEADER)
		return true;
	id = get_u32(message + 1);
	length -= MESSAGE_HEADER;

	switch (message[0]) {
	case MSG_EXEC_PART:
	case MSG_EXEC:
		if (length >= 4)
			exec_part(id, get_u32(bytes), bytes + 4, length - 4, message[0] == MSG_EXEC);
		break;
	case MSG_STDIN:
		exec_stdin(id, bytes, length);
		break;
	case MSG_STDIN_EOF:
		exec_stdin_eof(id);
		break;
	case MSG_SIGNAL:
		if (length >= 1)
			exec_signal(id, bytes[0]);
		break;
	case MSG_PING:
		return answer(MSG_PONG, id, 0);
	case MSG_SET_TIME:
		if (answers.count == ANSWERS)
			return false;
		return answer(MSG_TIME_SET, id, length >= 12 ? set_time(bytes) : EINVAL);
	case MSG_REPLY:
		call_reply(id, bytes, length);
		break;
	case MSG_REPLY_END:
		if (length >= 1)
			call_reply_end(id, bytes, length);
		break;
	}
	return true;
}

size_t messages_next_control(uint8_t *message)
{
	size_t length = next_answer(message);

	if (!length)
		length = report_next_control(message);
	if (!length)
		length = call_next_control(message);
	return length;
}

/* Commands and calls take turns. */
size_t messages_next_bulk(uint8_t *message)
{
	static bool calls_first;
	size_t length;

	calls_first = !calls_first;
	length = calls_first ? call_next_request(message) : report_next_output(message);
	if (!length)
		length = calls_first ? report_next_output(message) : call_next_request(message);
	return length;
}

void messages_reset(void)
{
	answers.count = 0;
	exec_reset();
	call_reset();
}

