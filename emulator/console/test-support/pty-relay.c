// SPDX-License-Identifier: MIT
/*
 * pty-relay PROGRAM
 *
 * Runs `PROGRAM TTY` on a new pseudo-terminal and passes bytes between the
 * terminal's other end and standard input and output, until one of them ends.
 * The terminal's name is in the environment of PROGRAM as RELAY_TTY.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int pass(int from, int to)
{
	char bytes[4096];
	ssize_t got = read(from, bytes, sizeof(bytes));

	for (ssize_t sent = 0; sent < got;) {
		ssize_t n = write(to, bytes + sent, (size_t)(got - sent));

		if (n < 0)
			return 0;
		sent += n;
	}
	return got > 0;
}

int main(int argc, char **argv)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), keep;
	const char *name;
	pid_t child;

	if (argc != 2 || terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
		return 1;
	name = ptsname(terminal);
	/* Without anybody on the other side, reading here would fail. */
	keep = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (!name || keep < 0)
		return 1;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("RELAY_TTY", name, 1);
		execl(argv[1], argv[1], name, (char *)NULL);
		_exit(127);
	}
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = terminal, .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents && !pass(STDIN_FILENO, terminal))
			break;
		if (fds[1].revents && !pass(terminal, STDOUT_FILENO))
			break;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
