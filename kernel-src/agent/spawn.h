/* SPDX-License-Identifier: MIT */
#ifndef SPAWN_H
#define SPAWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

/* A command to start, as EXEC carries it. The strings point into the request. */
struct spawn_request {
	uint8_t flags;		/* enum exec_flags */
	mode_t mask;
	uid_t uid;
	gid_t gid;
	const char *cwd;	/* "": the agent's own */
	char **argv;
	char **envp;
};

/* Returns 0 or an errno. The strings stay in `bytes`, which must outlive it. */
int spawn_request_parse(struct spawn_request *request, uint8_t *bytes, size_t length);
void spawn_request_free(struct spawn_request *request);

struct spawned {
	pid_t pid;
	int stdin_fd;		/* -1: the command reads /dev/null */
	int stdout_fd;
	int stderr_fd;		/* -1: merged into stdout */
	int status_fd;		/* see struct spawn_failure; at its end the command runs */
};

/* What comes out of status_fd when the child could not become the command. */
struct spawn_failure {
	int error;		/* errno */
	enum exec_step step;
};

/*
 * Starts the command in a session of its own. False with *failure when not even a
 * child could be made. All descriptors are close-on-exec and do not block.
 */
_Bool spawn(const struct spawn_request *request, struct spawned *spawned,
	    struct spawn_failure *failure);

#endif
