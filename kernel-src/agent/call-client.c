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
#include "call.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"

#define STATUS_NO_HOST	125
#define STATUS_USAGE	2

static int complain(const char *what)
{
	fprintf(stderr, "kspace-call: %s: %s\n", what, strerror(errno));
	return STATUS_NO_HOST;
}

static bool send_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		size_t run = length < CALL_PACKET_MAX ? length : CALL_PACKET_MAX;

		if (send(fd, at, run, MSG_NOSIGNAL) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		at += run;
		length -= run;
	}
	return true;
}

static bool write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, length);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return true;
}

static bool send_stdin(int fd)
{
	char bytes[CALL_PACKET_MAX];

	for (;;) {
		ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0 && !send_all(fd, bytes, (size_t)n))
			return false;
	}
}

static bool send_request(int fd, int strings, char **string, bool with_stdin)
{
	uint8_t count[2];

	put_u16(count, (uint16_t)strings);
	if (!send_all(fd, count, sizeof(count)))
		return false;
	for (int i = 0; i < strings; i++) {
		if (!send_all(fd, string[i], strlen(string[i]) + 1))
			return false;
	}
	if (with_stdin && !send_stdin(fd))
		return false;
	return shutdown(fd, SHUT_WR) == 0;
}

static int print_reply(int fd)
{
	char packet[CALL_PACKET_MAX];

	for (;;) {
		ssize_t n = recv(fd, packet, sizeof(packet), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain("receiving the reply");
		if (n >= 2 && packet[0] == CALL_REPLY_END) {
			if (n > 2)
				fprintf(stderr, "kspace-call: %.*s\n", (int)n - 2, packet + 2);
			return (unsigned char)packet[1];
		}
		if (n >= 1 && packet[0] == CALL_REPLY_DATA) {
			if (!write_all(packet + 1, (size_t)n - 1))
				return complain("writing the reply");
			continue;
		}
		fputs("kspace-call: the host ended the call without a reply\n", stderr);
		return STATUS_NO_HOST;
	}
}

int call_client_main(int argc, char **argv)
{
	const bool with_stdin = argc > 1 && strcmp(argv[1], "-i") == 0;
	const int first = with_stdin ? 2 : 1;
	struct sockaddr_un address;
	socklen_t length = call_address(&address);
	int fd;

	if (argc <= first || argc - first > UINT16_MAX) {
		fputs("usage: kspace-call [-i] NAME [ARG...]\n", stderr);
		return STATUS_USAGE;
	}
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, length) < 0)
		return complain("no control agent");
	/* A host that answers before it has read all ends the sending early. */
	if (!send_request(fd, argc - first, argv + first, with_stdin) && errno != EPIPE)
		return complain("sending the request");
	return print_reply(fd);
}
