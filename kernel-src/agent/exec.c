// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "exec.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "exec-report.h"
#include "protocol.h"

/* --- From the host ---------------------------------------------------------------- */

static void start(struct command *command)
{
	struct spawn_request request;
	struct spawned spawned;
	struct spawn_failure failure;
	int error = spawn_request_parse(&request, command->spec, command->spec_length);

	if (error) {
		command_failed(command, error, STEP_REQUEST);
	} else if (request.flags & EXEC_STDIN_PIPE && !inflow_open(&command->in)) {
		command_failed(command, ENOMEM, STEP_LIMIT);
	} else if (!spawn(&request, &spawned, &failure)) {
		command_failed(command, failure.error, failure.step);
	} else {
		command->state = COMMAND_STARTING;
		command->pid = spawned.pid;
		command->status_fd = spawned.status_fd;
		command->stdin_fd = spawned.stdin_fd;
		command->out[0].fd = spawned.stdout_fd;
		command->out[1].fd = spawned.stderr_fd;
	}
	spawn_request_free(&request);
	command_free_spec(command);
}

void exec_part(uint32_t id, uint32_t offset, const uint8_t *bytes, size_t length, bool last)
{
	struct command *command = command_find(id);
	uint8_t *spec;

	if (!command && offset == 0) {
		command = command_allocate(id);
		if (!command)
			report_refused(id);
	}
	/* Later parts of a refused request find no command, or one that has failed. */
	if (!command || command->state != COMMAND_LOADING || offset != command->spec_length)
		return;
	if (length > EXEC_SPEC_MAX - command->spec_length) {
		command_failed(command, E2BIG, STEP_REQUEST);
		return;
	}
	spec = realloc(command->spec, command->spec_length + length + 1);
	if (!spec) {
		command_failed(command, ENOMEM, STEP_LIMIT);
		return;
	}
	memcpy(spec + command->spec_length, bytes, length);
	command->spec = spec;
	command->spec_length += length;
	if (last)
		start(command);
}

void exec_stdin(uint32_t id, const uint8_t *bytes, size_t length)
{
	struct command *command = command_find(id);

	if (command && command->stdin_fd >= 0 && inflow_put(&command->in, bytes, length))
		command->stdin_ready = true;
}

void exec_stdin_eof(uint32_t id)
{
	struct command *command = command_find(id);

	if (command) {
		command->stdin_eof = true;
		command->stdin_ready = true;
	}
}

static void kill_group(const struct command *command, int signal)
{
	/* Before its setsid() the child has no group of its own. */
	if (kill(-command->pid, signal) < 0)
		kill(command->pid, signal);
}

void exec_signal(uint32_t id, int signal)
{
	struct command *command = command_find(id);

	/* Until wait4() the process id is nobody else's. */
	if (command && command->pid && !command->ended)
		kill_group(command, signal);
}

void exec_reset(void)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == COMMAND_FREE)
			continue;
		if (command->pid && !command->ended)
			kill_group(command, SIGKILL);
		command_release(command);
	}
	report_reset();
}

/* --- The processes ------------------------------------------------------------------ */

/* Whether exec succeeded: the child's end of the pipe is gone without a word. */
static void read_status(struct command *command)
{
	struct spawn_failure failure;
	ssize_t n = read(command->status_fd, &failure, sizeof(failure));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close(command->status_fd);
	command->status_fd = -1;
	if (n == (ssize_t)sizeof(failure)) {
		command_failed(command, failure.error, failure.step);
	} else {
		command->state = COMMAND_RUNNING;
		command->started_due = true;
	}
}

void exec_ended(pid_t pid, int status, const struct rusage *usage)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == COMMAND_FREE || command->pid != pid || command->ended)
			continue;
		command->ended = true;
		command->status = status;
		command->usage = *usage;
		if (command->state == COMMAND_STARTING)
			read_status(command);
		command_close_stdin(command);
		for (int stream = 0; stream < 2; stream++) {
			struct outflow *flow = &command->out[stream];
			int left = 0;

			if (flow->fd >= 0)
				ioctl(flow->fd, FIONREAD, &left);
			flow->left = (size_t)left;
			flow->ready = left > 0;
			if (left == 0)
				command_close_output(command, stream);
		}
		return;
	}
}

static void write_stdin(struct command *command)
{
	const uint8_t *bytes;

	while (command->in.length > 0) {
		size_t run = inflow_peek(&command->in, &bytes);
		ssize_t n = write(command->stdin_fd, bytes, run);

		if (n > 0) {
			inflow_drop(&command->in, (size_t)n);
		} else if (errno == EAGAIN) {
			command->stdin_ready = false;
			return;
		} else if (errno != EINTR) {
			/* EPIPE: nobody will read it any more. */
			command_close_stdin(command);
			command->stdin_closed_due = true;
			return;
		}
	}
	command->stdin_ready = false;
	if (command->stdin_eof)
		command_close_stdin(command);
}

void exec_advance(void)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state != COMMAND_FREE && command->stdin_fd >= 0 && command->stdin_ready)
			write_stdin(command);
	}
}

void exec_poll(struct poller *poller, bool room_for_output)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == COMMAND_FREE)
			continue;
		command->status_entry = poller_add(poller, command->status_fd, POLLIN);
		/* Without bytes to write, only its error is of interest: the reader left. */
		command->stdin_entry = poller_add(poller, command->stdin_fd,
						  command->in.length > 0 ? POLLOUT : 0);
		for (int stream = 0; stream < 2; stream++) {
			struct outflow *flow = &command->out[stream];

			flow->entry = room_for_output && !command->ended && !flow->ready ?
				      poller_add(poller, flow->fd, POLLIN) : -1;
		}
	}
}

void exec_polled(const struct poller *poller)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == COMMAND_FREE)
			continue;
		if (poller_events(poller, command->status_entry))
			read_status(command);
		if (command->stdin_fd >= 0 && poller_events(poller, command->stdin_entry) & POLLERR) {
			command_close_stdin(command);
			command->stdin_closed_due = true;
		} else if (poller_events(poller, command->stdin_entry)) {
			command->stdin_ready = true;
		}
		for (int stream = 0; stream < 2; stream++) {
			if (poller_events(poller, command->out[stream].entry))
				command->out[stream].ready = true;
		}
	}
}
