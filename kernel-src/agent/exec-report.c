// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "exec-report.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "command.h"
#include "protocol.h"

static struct {
	uint32_t ids[COMMANDS];
	size_t count;
} refused;

/* Where the last output came from: the next search starts behind it. */
static size_t last_served;

void report_refused(uint32_t id)
{
	if (refused.count < COMMANDS)
		refused.ids[refused.count++] = id;
}

void report_reset(void)
{
	refused.count = 0;
}

static size_t header(uint8_t *message, enum guest_message type, uint32_t id)
{
	message[0] = (uint8_t)type;
	put_u32(message + 1, id);
	return MESSAGE_HEADER;
}

static size_t failed_message(uint8_t *message, uint32_t id, int error, enum exec_step step)
{
	size_t n = header(message, MSG_EXEC_FAILED, id);

	put_u16(message + n, (uint16_t)error);
	message[n + 2] = (uint8_t)step;
	return n + 3;
}

static uint64_t microseconds(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

static size_t exit_message(uint8_t *message, const struct command *command)
{
	const bool signaled = WIFSIGNALED(command->status);
	size_t n = header(message, MSG_EXIT, command->id);

	message[n] = signaled;
	message[n + 1] = (uint8_t)(signaled ? WTERMSIG(command->status) :
					      WEXITSTATUS(command->status));
	message[n + 2] = signaled && WCOREDUMP(command->status);
	put_u64(message + n + 3, microseconds(&command->usage.ru_utime));
	put_u64(message + n + 11, microseconds(&command->usage.ru_stime));
	put_u32(message + n + 19, (uint32_t)command->usage.ru_maxrss);
	return n + 23;
}

static size_t command_control(struct command *command, uint8_t *message)
{
	uint32_t credit;
	size_t n;

	if (command->state == COMMAND_FAILED) {
		/* The child that could not become the command is still to be waited for. */
		n = failed_message(message, command->id, command->failure.error,
				   command->failure.step);
		command_release(command);
		return n;
	}
	if (command->started_due) {
		command->started_due = false;
		n = header(message, MSG_STARTED, command->id);
		put_u32(message + n, (uint32_t)command->pid);
		return n + 4;
	}
	if (command->state != COMMAND_RUNNING)
		return 0;
	if (command->stdin_closed_due) {
		command->stdin_closed_due = false;
		return header(message, MSG_STDIN_CLOSED, command->id);
	}
	credit = inflow_credit(&command->in);
	if (credit) {
		n = header(message, MSG_STDIN_CREDIT, command->id);
		put_u32(message + n, credit);
		return n + 4;
	}
	if (command->ended && command->out[0].fd < 0 && command->out[1].fd < 0) {
		n = exit_message(message, command);
		command_release(command);
		return n;
	}
	return 0;
}

size_t report_next_control(uint8_t *message)
{
	if (refused.count)
		return failed_message(message, refused.ids[--refused.count], EAGAIN, STEP_LIMIT);
	for (size_t i = 0; i < COMMANDS; i++) {
		size_t length = commands[i].state == COMMAND_FREE ? 0 :
				command_control(&commands[i], message);

		if (length)
			return length;
	}
	return 0;
}

/* Reads what is there, up to one message. */
static size_t read_output(struct command *command, int stream, uint8_t *message)
{
	struct outflow *flow = &command->out[stream];
	size_t most = TO_HOST_MAX - MESSAGE_HEADER;
	size_t n = header(message, stream ? MSG_STDERR : MSG_STDOUT, command->id);
	ssize_t got;

	if (command->ended && flow->left < most)
		most = flow->left;
	got = read(flow->fd, message + n, most);
	if (got > 0) {
		if (command->ended && (flow->left -= (size_t)got) == 0)
			command_close_output(command, stream);
		return n + (size_t)got;
	}
	flow->ready = false;
	/* An ended command's bytes can be gone only if a process it left took them. */
	if (got == 0 || command->ended || (errno != EAGAIN && errno != EINTR))
		command_close_output(command, stream);
	return 0;
}

size_t report_next_output(uint8_t *message)
{
	for (size_t i = 1; i <= COMMANDS * 2; i++) {
		size_t place = (last_served + i) % (COMMANDS * 2);
		struct command *command = &commands[place / 2];
		size_t length;

		/* Before STARTED there is no output, even if the pipe has some already. */
		if (command->state != COMMAND_RUNNING || !command->out[place % 2].ready ||
		    command->out[place % 2].fd < 0)
			continue;
		length = read_output(command, (int)(place % 2), message);
		if (length) {
			last_served = place;
			return length;
		}
	}
	return 0;
}
