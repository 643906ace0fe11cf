/* SPDX-License-Identifier: MIT */
/* The table of the commands that the host has started. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "spawn.h"
#include "stream.h"

#define COMMANDS	32

/* One of a command's outputs. */
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

enum command_state {
	COMMAND_FREE,
	COMMAND_LOADING,	/* its request is coming in parts */
	COMMAND_STARTING,	/* until exec has succeeded or failed */
	COMMAND_RUNNING,
	COMMAND_FAILED,		/* to start; reported next */
};

struct command {
	enum command_state state;
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
	bool stdin_ready;	/* a write may be taken */
	bool stdin_eof;		/* the host has sent all */
	bool stdin_closed_due;
};

extern struct command commands[COMMANDS];

/* NULL: there is none. */
struct command *command_find(uint32_t id);
/* NULL: there are as many as can be. */
struct command *command_allocate(uint32_t id);
void command_release(struct command *command);

/* It cannot be started. */
void command_failed(struct command *command, int error, enum exec_step step);
void command_close_stdin(struct command *command);
void command_close_output(struct command *command, int stream);
void command_free_spec(struct command *command);

#endif
