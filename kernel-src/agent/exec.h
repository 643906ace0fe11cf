/* SPDX-License-Identifier: MIT */
/* Runs the commands of the host: EXEC and what belongs to it. */
#ifndef EXEC_H
#define EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "poller.h"

/* Messages from the host. A request comes in one part or several, the last one starts it. */
void exec_part(uint32_t id, uint32_t offset, const uint8_t *bytes, size_t length, bool last);
void exec_stdin(uint32_t id, const uint8_t *bytes, size_t length);
void exec_stdin_eof(uint32_t id);
void exec_signal(uint32_t id, int signal);

/* A child of the agent has ended. */
void exec_ended(pid_t pid, int status, const struct rusage *usage);
/* Kills every command and forgets it. */
void exec_reset(void);

/* Writes what is there to be written to the commands. */
void exec_advance(void);
/* Before and after poll(2). */
void exec_poll(struct poller *poller, bool room_for_output);
void exec_polled(const struct poller *poller);

#endif
