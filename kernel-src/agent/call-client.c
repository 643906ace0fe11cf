// SPDX-License-Identifier: MIT
/*
 * kspace-call [-i] NAME [ARG...]
 *
 * Asks the host for something by name, prints the reply and exits with the status
 * that came with it. With -i its standard input goes to the host as well. Exits
 * with 125 when there is no host to answer.
 *
 * The request is the number of strings (16 bits, little-endian), the strings NAME
 * and ARG... each with its NUL, and after them the bytes of standard input.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "caller.h"

#define NAME		"kspace-call"
#define STATUS_USAGE	2

static bool send_stdin(int fd)
{
	char bytes[CALL_PACKET_MAX];

	for (;;) {
		ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0 && !caller_send_bytes(fd, bytes, (size_t)n))
			return false;
	}
}

static bool send_request(int fd, size_t strings, char **string, bool with_stdin)
{
	if (!caller_send_count(fd, strings))
		return false;
	for (size_t i = 0; i < strings; i++) {
		if (!caller_send_string(fd, string[i]))
			return false;
	}
	if (with_stdin && !send_stdin(fd))
		return false;
	return caller_send_end(fd);
}

static bool print(const char *bytes, size_t length)
{
	return caller_write(STDOUT_FILENO, bytes, length);
}

int call_client_main(int argc, char **argv)
{
	const bool with_stdin = argc > 1 && strcmp(argv[1], "-i") == 0;
	const int first = with_stdin ? 2 : 1;
	int fd;

	if (argc <= first) {
		fputs("usage: " NAME " [-i] NAME [ARG...]\n", stderr);
		return STATUS_USAGE;
	}
	fd = caller_connect();
	if (fd < 0)
		return caller_complain(NAME, "no control agent");
	/* A host that answers before it has read all ends the sending early. */
	if (!send_request(fd, (size_t)(argc - first), argv + first, with_stdin) && errno != EPIPE)
		return caller_complain(NAME, "sending the request");
	return caller_receive(fd, NAME, print);
}
