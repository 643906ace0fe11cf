// SPDX-License-Identifier: MIT
#include "command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct command commands[COMMANDS];

struct command *command_find(uint32_t id)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (commands[i].state != COMMAND_FREE && commands[i].id == id)
			return &commands[i];
	}
	return NULL;
}

struct command *command_allocate(uint32_t id)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		struct command *command = &commands[i];

		if (command->state != COMMAND_FREE)
			continue;
		memset(command, 0, sizeof(*command));
		command->id = id;
		command->state = COMMAND_LOADING;
		command->status_fd = command->stdin_fd = -1;
		command->out[0].fd = command->out[1].fd = -1;
		return command;
	}
	return NULL;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void command_close_stdin(struct command *command)
{
	close_fd(&command->stdin_fd);
	inflow_close(&command->in);
}

void command_close_output(struct command *command, int stream)
{
	close_fd(&command->out[stream].fd);
}

void command_free_spec(struct command *command)
{
	free(command->spec);
	command->spec = NULL;
	command->spec_length = 0;
}

static void close_all(struct command *command)
{
	command_free_spec(command);
	command_close_stdin(command);
	close_fd(&command->status_fd);
	command_close_output(command, 0);
	command_close_output(command, 1);
}

void command_failed(struct command *command, int error, enum exec_step step)
{
	close_all(command);
	command->state = COMMAND_FAILED;
	command->failure.error = error;
	command->failure.step = step;
}

void command_release(struct command *command)
{
	close_all(command);
	command->state = COMMAND_FREE;
}
