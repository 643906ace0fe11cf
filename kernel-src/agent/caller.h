/* SPDX-License-Identifier: MIT */
/* The caller's end of a request to the host: what kspace-call and the host's commands share. */
#ifndef CALLER_H
#define CALLER_H

#include <stdbool.h>
#include <stddef.h>

/* There is no host to answer, or it answered in no way that makes sense. */
#define STATUS_NO_HOST	125

/* Says what went wrong, with errno, in the caller's name. Returns STATUS_NO_HOST. */
int caller_complain(const char *name, const char *what);

/* Connects to the agent. -1 with errno set. */
int caller_connect(void);

/* The parts of a request, in this order; false with errno set. */
bool caller_send_count(int fd, size_t strings);
bool caller_send_string(int fd, const char *string);
bool caller_send_bytes(int fd, const void *bytes, size_t length);
bool caller_send_end(int fd);

/*
 * Receives the reply: `take` is given its bytes as they come, and returns false with errno
 * set to end it. What goes wrong is said on standard error, in the caller's name. Returns
 * the exit status.
 */
int caller_receive(int fd, const char *name, bool (*take)(const char *bytes, size_t length));

/* write(2) until all is written; false with errno set. */
bool caller_write(int fd, const char *bytes, size_t length);

#endif
