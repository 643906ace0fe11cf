// SPDX-License-Identifier: MIT
/*
 * The test program of sections 2 to 4: writes a message to /dev/hello, reads it
 * back through the same descriptor and prints it.
 *
 * The exit status is 0 only if what came back is what was written.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	static const char message[] = "hello";	/* 6 bytes with the final NUL */
	char buf[sizeof(message)];
	ssize_t n;
	int fd;

	fd = open("/dev/hello", O_RDWR);
	if (fd < 0) {
		perror("open /dev/hello");
		return 1;
	}

	n = write(fd, message, sizeof(message));
	if (n < 0) {
		perror("write /dev/hello");
		return 1;
	}
	printf("wrote %zd bytes\n", n);
	/* Should the machine freeze in read(), one still sees that write() returned. */
	fflush(stdout);

	n = read(fd, buf, sizeof(buf));
	if (n < 0) {
		perror("read /dev/hello");
		return 1;
	}
	if (n != sizeof(message) || memcmp(buf, message, sizeof(message)) != 0) {
		fprintf(stderr, "read %zd bytes, and they are not what was written\n", n);
		return 1;
	}
	printf("read %zd bytes: %s\n", n, buf);

	if (close(fd) < 0) {
		perror("close /dev/hello");
		return 1;
	}
	return 0;
}
