// SPDX-License-Identifier: MIT
/*
 * A command of the guest that the host carries out: this program under any name but its
 * own, such as make. It tells the host what it was called with and where, writes what
 * comes back to standard output and standard error, and exits with the status that comes.
 *
 * Ctrl-C ends it like any other program; the host sees that the caller is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "call.h"
#include "caller.h"

/* A piece of the reply: where it is to be written, and how many bytes follow. */
#define PIECE_HEADER	5
#define PIECE_STDERR	2	/* any other is for standard output */

static struct {
	uint8_t header[PIECE_HEADER];
	size_t header_length;
	uint32_t left;		/* bytes of the piece that are still to come */
} piece;

/* Takes the first bytes for the header. Returns how many. */
static size_t take_header(const char *bytes, size_t length)
{
	size_t run = PIECE_HEADER - piece.header_length;

	if (run > length)
		run = length;
	memcpy(piece.header + piece.header_length, bytes, run);
	piece.header_length += run;
	if (piece.header_length == PIECE_HEADER)
		piece.left = get_u32(piece.header + 1);
	return run;
}

static bool write_pieces(const char *bytes, size_t length)
{
	while (length > 0) {
		size_t run;

		if (piece.header_length < PIECE_HEADER) {
			run = take_header(bytes, length);
		} else {
			run = length < piece.left ? length : piece.left;
			if (!caller_write(piece.header[0] == PIECE_STDERR ? STDERR_FILENO :
					  STDOUT_FILENO, bytes, run))
				return false;
			piece.left -= (uint32_t)run;
		}
		if (piece.header_length == PIECE_HEADER && piece.left == 0)
			piece.header_length = 0;
		bytes += run;
		length -= run;
	}
	return true;
}

/* What the host has to know of where the output goes: see PROTOCOL.md. */
static const char *terminals(void)
{
	static char letters[4];
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");
	size_t n = 0;

	if (isatty(STDOUT_FILENO))
		letters[n++] = 'o';
	if (isatty(STDERR_FILENO))
		letters[n++] = 'e';
	/* https://no-color.org */
	if (term && strcmp(term, "dumb") != 0 && !(no_color && *no_color))
		letters[n++] = 'c';
	return letters;
}

static bool send_request(int fd, const char *name, const char *folder, int argc, char **argv)
{
	if (!caller_send_count(fd, (size_t)argc + 2) || !caller_send_string(fd, name) ||
	    !caller_send_string(fd, folder) || !caller_send_string(fd, terminals()))
		return false;
	for (int i = 1; i < argc; i++) {
		if (!caller_send_string(fd, argv[i]))
			return false;
	}
	return caller_send_end(fd);
}

int host_command_main(const char *name, int argc, char **argv)
{
	char folder[PATH_MAX];
	int fd;

	if (!getcwd(folder, sizeof(folder)))
		return caller_complain(name, "the current folder");
	fd = caller_connect();
	if (fd < 0)
		return caller_complain(name, "no control agent, by which the host is asked");
	if (!send_request(fd, name, folder, argc, argv) && errno != EPIPE)
		return caller_complain(name, "sending the request");
	return caller_receive(fd, name, write_pieces);
}
