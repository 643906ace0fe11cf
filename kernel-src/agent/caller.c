// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "caller.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "call.h"

int caller_complain(const char *name, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
	return STATUS_NO_HOST;
}

int caller_connect(void)
{
	struct sockaddr_un address;
	socklen_t length = call_address(&address);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, length) < 0)
		return -1;
	return fd;
}

bool caller_send_bytes(int fd, const void *bytes, size_t length)
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

bool caller_send_count(int fd, size_t strings)
{
	uint8_t count[2];

	if (strings > UINT16_MAX) {
		errno = E2BIG;
		return false;
	}
	put_u16(count, (uint16_t)strings);
	return caller_send_bytes(fd, count, sizeof(count));
}

bool caller_send_string(int fd, const char *string)
{
	return caller_send_bytes(fd, string, strlen(string) + 1);
}

bool caller_send_end(int fd)
{
	return shutdown(fd, SHUT_WR) == 0;
}

bool caller_write(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
	}
	return true;
}

int caller_receive(int fd, const char *name, bool (*take)(const char *bytes, size_t length))
{
	char packet[CALL_PACKET_MAX];

	for (;;) {
		ssize_t n = recv(fd, packet, sizeof(packet), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return caller_complain(name, "receiving the reply");
		if (n >= 2 && packet[0] == CALL_REPLY_END) {
			if (n > 2)
				fprintf(stderr, "%s: %.*s\n", name, (int)n - 2, packet + 2);
			return (unsigned char)packet[1];
		}
		if (n >= 1 && packet[0] == CALL_REPLY_DATA) {
			if (!take(packet + 1, (size_t)n - 1))
				return caller_complain(name, "writing the reply");
			continue;
		}
		fprintf(stderr, "%s: the host ended the call without a reply\n", name);
		return STATUS_NO_HOST;
	}
}
