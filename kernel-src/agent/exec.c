// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "exec.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "protocol.h"
#include "spawn.h"
#include "stream.h"

#define COMMANDS	32

/* One of the command's outputs. */
struct outflow {
	int fd;			/* -1: at its end, or merged */
	int entry;		/* in the poller */
	bool ready;		/* a read may find something */
	/*
	 * Once the command has ended: how much was in the pipe then. That much is
	 * its own, all of it, since a write is done when it returns; what comes
	 * later is of processes it left behind, and is not waited for.
	 */
	size_t left;
};

enum state {
	FREE,
	LOADING,		/* its request is coming in parts */
	STARTING,		/* until exec has succeeded or failed */
	RUNNING,
	FAILED,			/* to start; reported next */
};

static struct command {
	enum state state;
	uint32_t id;
	uint8_t *spec;
	size_t spec_length;
	struct spawn_failure failure;

	pid_t pid;
	int status_fd;
	int status_entry;
	bool started_due;
	bool ended;
	int status;
	struct rusage usage;

	struct outflow out[2];	/* stdout, stderr */
	struct inflow in;
	int stdin_fd;
	int stdin_entry;
	bool stdin_ready;
	bool stdin_eof;		/* the host has sent all */
	bool stdin_closed_due;
} commands[COMMANDS];

/* Where the last output came from: the next search starts behind it. */
static size_t last_served;

static struct command *find(uint32_t id)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (commands[i].state != FREE && commands[i].id == id)
			return &commands[i];
	}
	return NULL;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void free_spec(struct command *command)
{
	free(command->spec);
	command->spec = NULL;
	command->spec_length = 0;
}

static void close_stdin(struct command *command)
{
	close_fd(&command->stdin_fd);
	inflow_close(&command->in);
}

static void release(struct command *command)
{
	free_spec(command);
	close_stdin(command);
	close_fd(&command->status_fd);
	close_fd(&command->out[0].fd);
	close_fd(&command->out[1].fd);
	command->state = FREE;
}

static struct command *allocate(uint32_t id)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state != FREE)
			continue;
		memset(command, 0, sizeof(*command));
		command->id = id;
		command->state = LOADING;
		command->status_fd = command->stdin_fd = -1;
		command->out[0].fd = command->out[1].fd = -1;
		return command;
	}
	return NULL;
}

/* --- From the host ---------------------------------------------------------------- */

/* Requests that found no place, to be reported next. */
static struct {
	uint32_t ids[COMMANDS];
	size_t count;
} refused;

static void failed(struct command *command, int error, enum exec_step step)
{
	free_spec(command);
	command->state = FAILED;
	command->failure.error = error;
	command->failure.step = step;
}

static void start(struct command *command)
{
	struct spawn_request request;
	struct spawned spawned;
	struct spawn_failure failure;
	int error = spawn_request_parse(&request, command->spec, command->spec_length);

	if (error) {
		failed(command, error, STEP_REQUEST);
	} else if (request.flags & EXEC_STDIN_PIPE && !inflow_open(&command->in)) {
		failed(command, ENOMEM, STEP_LIMIT);
	} else if (!spawn(&request, &spawned, &failure)) {
		failed(command, failure.error, failure.step);
	} else {
		command->state = STARTING;
		command->pid = spawned.pid;
		command->status_fd = spawned.status_fd;
		command->stdin_fd = spawned.stdin_fd;
		command->out[0].fd = spawned.stdout_fd;
		command->out[1].fd = spawned.stderr_fd;
	}
	spawn_request_free(&request);
	free_spec(command);
}

void exec_part(uint32_t id, uint32_t offset, const uint8_t *bytes, size_t length, bool last)
{
	struct command *command = find(id);
	uint8_t *spec;

	if (!command && offset == 0) {
		command = allocate(id);
		if (!command && refused.count < COMMANDS)
			refused.ids[refused.count++] = id;
	}
	/* Later parts of a refused request find no command, or one that has failed. */
	if (!command || command->state != LOADING || offset != command->spec_length)
		return;
	if (length > EXEC_SPEC_MAX - command->spec_length) {
		failed(command, E2BIG, STEP_REQUEST);
		return;
	}
	spec = realloc(command->spec, command->spec_length + length + 1);
	if (!spec) {
		failed(command, ENOMEM, STEP_LIMIT);
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
	struct command *command = find(id);

	if (command && command->stdin_fd >= 0 && inflow_put(&command->in, bytes, length))
		command->stdin_ready = true;
}

void exec_stdin_eof(uint32_t id)
{
	struct command *command = find(id);

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
	struct command *command = find(id);

	/* Until wait4() the process id is nobody else's. */
	if (command && command->pid && !command->ended)
		kill_group(command, signal);
}

void exec_reset(void)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == FREE)
			continue;
		if (command->pid && !command->ended)
			kill_group(command, SIGKILL);
		release(command);
	}
	refused.count = 0;
}

/* --- The processes ------------------------------------------------------------------ */

/* Whether exec succeeded: the child's end of the pipe is gone without a word. */
static void read_status(struct command *command)
{
	struct spawn_failure failure;
	ssize_t n = read(command->status_fd, &failure, sizeof(failure));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_fd(&command->status_fd);
	if (n == (ssize_t)sizeof(failure)) {
		close_stdin(command);
		close_fd(&command->out[0].fd);
		close_fd(&command->out[1].fd);
		failed(command, failure.error, failure.step);
	} else {
		command->state = RUNNING;
		command->started_due = true;
	}
}

void exec_ended(pid_t pid, int status, const struct rusage *usage)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == FREE || command->pid != pid || command->ended)
			continue;
		command->ended = true;
		command->status = status;
		command->usage = *usage;
		if (command->state == STARTING)
			read_status(command);
		close_stdin(command);
		for (int stream = 0; stream < 2; stream++) {
			struct outflow *flow = &command->out[stream];
			int left = 0;

			if (flow->fd >= 0)
				ioctl(flow->fd, FIONREAD, &left);
			flow->left = (size_t)left;
			flow->ready = left > 0;
			if (left == 0)
				close_fd(&flow->fd);
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
			close_stdin(command);
			command->stdin_closed_due = true;
			return;
		}
	}
	command->stdin_ready = false;
	if (command->stdin_eof)
		close_stdin(command);
}

void exec_advance(void)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state != FREE && command->stdin_fd >= 0 && command->stdin_ready)
			write_stdin(command);
	}
}

void exec_poll(struct poller *poller, bool room_for_output)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state == FREE)
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

		if (command->state == FREE)
			continue;
		if (poller_events(poller, command->status_entry))
			read_status(command);
		if (command->stdin_fd >= 0 && poller_events(poller, command->stdin_entry) & POLLERR) {
			close_stdin(command);
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

/* --- To the host ---------------------------------------------------------------------- */

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

	if (command->state == FAILED) {
		/* The child that could not become the command is still to be waited for. */
		n = failed_message(message, command->id, command->failure.error,
				   command->failure.step);
		release(command);
		return n;
	}
	if (command->started_due) {
		command->started_due = false;
		n = header(message, MSG_STARTED, command->id);
		put_u32(message + n, (uint32_t)command->pid);
		return n + 4;
	}
	if (command->state != RUNNING)
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
		release(command);
		return n;
	}
	return 0;
}

size_t exec_next_control(uint8_t *message)
{
	if (refused.count)
		return failed_message(message, refused.ids[--refused.count], EAGAIN, STEP_LIMIT);
	for (size_t i = 0; i < COMMANDS; i++) {
		size_t length = commands[i].state == FREE ? 0 :
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
			close_fd(&flow->fd);
		return n + (size_t)got;
	}
	flow->ready = false;
	/* An ended command's bytes can be gone only if a process it left took them. */
	if (got == 0 || command->ended || (errno != EAGAIN && errno != EINTR))
		close_fd(&flow->fd);
	return 0;
}

size_t exec_next_output(uint8_t *message)
{
	for (size_t i = 1; i <= COMMANDS * 2; i++) {
		size_t place = (last_served + i) % (COMMANDS * 2);
		struct command *command = &commands[place / 2];
		size_t length;

		/* Before STARTED there is no output, even if the pipe has some already. */
		if (command->state != RUNNING || !command->out[place % 2].ready ||
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
