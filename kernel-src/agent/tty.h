/* SPDX-License-Identifier: MIT */
/* The line to the host: a terminal device, or for tests standard input and output. */
#ifndef TTY_H
#define TTY_H

#include <stdbool.h>

struct line {
	const char *path;	/* "-": standard input and output */
	int in;			/* -1: not open */
	int out;
};

bool line_is_stdio(const struct line *line);
/* Opens it raw and non-blocking. False with errno set. */
bool line_open(struct line *line);
void line_close(struct line *line);
/* Drops what the kernel has not transmitted yet. */
void line_discard_output(const struct line *line);
/* Makes the terminal raw again if somebody has changed its settings. */
void line_keep_raw(const struct line *line);

#endif
