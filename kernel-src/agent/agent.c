// SPDX-License-Identifier: MIT
/*
 * The control agent: runs programs in the guest for the host, over a serial line.
 *
 *	kspace-agent TTY	serves the host at the other end of TTY
 *	kspace-agent -		the same over standard input and output, until their
 *				end; changes nothing of the system it runs on (for tests)
 *	kspace-call ...		the same binary by another name, see call-client.c
 *	NAME ...		and by any other name: see host-command.c
 *
 * All files of this folder make one binary:
 *
 *	cc -std=c11 -Os -static -o kspace-agent *.c && ln kspace-agent kspace-call
 *
 * It is installed as /sbin/kspace-agent, with links to it by the other names. init
 * starts it and starts it again when it ends. The protocol is specified in
 * emulator/console/PROTOCOL.md.
 *
 * The agent must answer whatever the guest does: nothing here blocks but ppoll(2),
 * and all memory is bounded by constants.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "clock.h"
#include "exec.h"
#include "link.h"
#include "messages.h"
#include "poller.h"
#include "tty.h"

#define NAME		"kspace-agent"

/* How often the terminal's settings are looked after, and a lost line is reopened. */
#define HOUSEKEEPING_MS	1000
#define REOPEN_MS	100

static struct line line = { .in = -1, .out = -1 };

/* --- The line -------------------------------------------------------------------------- */

/* False: it is gone. */
static bool read_line(void)
{
	uint8_t bytes[4096];
	ssize_t n = read(line.in, bytes, sizeof(bytes));

	if (n > 0)
		link_input(bytes, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Writes until the line takes no more or there is no more. False: it is gone. */
static bool write_line(void)
{
	const uint8_t *bytes;
	size_t length;

	for (;;) {
		ssize_t n;

		link_pump();
		length = link_output(&bytes);
		if (!length)
			return true;
		n = write(line.out, bytes, length);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		link_written((size_t)n);
	}
}

static void line_lost(void)
{
	line_close(&line);
	if (line_is_stdio(&line)) {
		exec_reset();
		exit(0);
	}
}

static void reset(void)
{
	messages_reset();
	line_discard_output(&line);
}

static void open_line(void)
{
	if (line_open(&line))
		link_line_opened();
}

/* --- Main loop --------------------------------------------------------------------------- */

static volatile sig_atomic_t child_ended;

static void on_child_ended(int signal)
{
	(void)signal;
	child_ended = 1;
}

static void reap(void)
{
	struct rusage usage;
	int status;
	pid_t pid;

	child_ended = 0;
	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
		exec_ended(pid, status, &usage);
}

static int earlier(int a_ms, int b_ms)
{
	return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

static void wait_for_events(struct poller *poller, const sigset_t *while_waiting)
{
	int ms = link_timeout_ms();
	struct timespec timeout;

	if (line.in < 0)
		ms = earlier(ms, REOPEN_MS);
	else if (!line_is_stdio(&line))
		ms = earlier(ms, HOUSEKEEPING_MS);
	timeout.tv_sec = ms / 1000;
	timeout.tv_nsec = ms % 1000 * 1000000L;
	if (ppoll(poller->fds, poller->count, ms < 0 ? NULL : &timeout, while_waiting) >= 0)
		return;
	/* Interrupted: nothing is known to be ready. */
	for (nfds_t i = 0; i < poller->count; i++)
		poller->fds[i].revents = 0;
}

static void serve(const sigset_t *while_waiting)
{
	static struct poller poller;
	long long looked_after_ms = now_ms();

	for (;;) {
		const uint8_t *unused;
		bool room;
		int in, out;

		if (child_ended)
			reap();
		exec_advance();
		call_advance();
		if (line.in < 0)
			open_line();
		if (line.in >= 0 && !write_line())
			line_lost();

		room = link_has_room_for_bulk();
		poller.count = 0;
		in = poller_add(&poller, line.in, POLLIN);
		out = link_output(&unused) ? poller_add(&poller, line.out, POLLOUT) : -1;
		exec_poll(&poller, room);
		call_poll(&poller, room);
		wait_for_events(&poller, while_waiting);

		exec_polled(&poller);
		call_polled(&poller);
		if (poller_events(&poller, out) & (POLLERR | POLLHUP))
			line_lost();
		else if (poller_events(&poller, in) && !read_line())
			line_lost();
		if (now_ms() - looked_after_ms >= HOUSEKEEPING_MS) {
			looked_after_ms = now_ms();
			line_keep_raw(&line);
		}
	}
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

/* The agent comes before all other programs, and dies of no lack of memory. */
static void raise_priority(void)
{
	setpriority(PRIO_PROCESS, 0, -20);
	write_file("/proc/self/oom_score_adj", "-1000");
}

/*
 * All signals wait for ever but SIGCHLD, which comes while ppoll() waits, SIGTERM, by
 * which init ends its services, and those of the agent's own faults. They are blocked
 * and not ignored, so that a command has only one thing to undo.
 */
static void set_up_signals(sigset_t *while_waiting)
{
	static const int delivered[] = { SIGTERM, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction standard = { .sa_handler = SIG_DFL };
	struct sigaction child = { .sa_handler = on_child_ended, .sa_flags = SA_NOCLDSTOP };
	sigset_t blocked;

	/* Whoever started the agent may have ignored some, and commands would inherit it. */
	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &standard, NULL);
	sigaction(SIGCHLD, &child, NULL);

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof(delivered) / sizeof(delivered[0]); i++)
		sigdelset(&blocked, delivered[i]);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	*while_waiting = blocked;
	sigdelset(while_waiting, SIGCHLD);
}

/* 0 to 2 are open, so that no pipe of a command gets one of these, and nothing else is. */
static void tidy_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
	/* What whoever started the agent left open is no command's business. */
	syscall(SYS_close_range, 3, ~0U, 0);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
	static const struct link_user user = {
		.receive = messages_receive,
		.next_control = messages_next_control,
		.next_bulk = messages_next_bulk,
		.reset = reset,
	};
	const char *name = argc > 0 ? base_name(argv[0]) : NAME;
	sigset_t while_waiting;

	if (strcmp(name, "kspace-call") == 0)
		return call_client_main(argc, argv);
	if (strcmp(name, NAME) != 0)
		return host_command_main(name, argc, argv);
	if (argc != 2) {
		fputs("usage: " NAME " TTY\n", stderr);
		return 2;
	}
	line.path = argv[1];
	tidy_fds();
	if (!line_is_stdio(&line)) {
		raise_priority();
		messages_allow_setting_time();
	}
	set_up_signals(&while_waiting);
	if (!call_listen())
		perror(NAME ": kspace-call will not work: socket");
	link_init(&user);
	serve(&while_waiting);
}
