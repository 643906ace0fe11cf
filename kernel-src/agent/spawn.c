// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"

#define SPEC_HEADER	15	/* flags, umask, uid, gid, argc, envc */
#define DEFAULT_PATH	"/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

/* --- The request ---------------------------------------------------------------- */

/* Points `count` entries at the strings in [*at, end). Returns 0 or an errno. */
static int take_strings(char ***list, size_t count, char **at, char *end)
{
	if (count > (size_t)(end - *at))
		return EINVAL;
	*list = calloc(count + 1, sizeof(char *));
	if (!*list)
		return ENOMEM;
	for (size_t i = 0; i < count; i++) {
		size_t left = (size_t)(end - *at), length = strnlen(*at, left);

		if (length == left)
			return EINVAL;
		(*list)[i] = *at;
		*at += length + 1;
	}
	return 0;
}

int spawn_request_parse(struct spawn_request *request, uint8_t *bytes, size_t length)
{
	char *at, *end = (char *)bytes + length, **cwd = NULL;
	size_t argc, envc;
	int error;

	memset(request, 0, sizeof(*request));
	if (length < SPEC_HEADER)
		return EINVAL;
	request->flags = bytes[0];
	request->mask = get_u16(bytes + 1);
	request->uid = get_u32(bytes + 3);
	request->gid = get_u32(bytes + 7);
	argc = get_u16(bytes + 11);
	envc = get_u16(bytes + 13);
	at = (char *)bytes + SPEC_HEADER;

	error = take_strings(&cwd, 1, &at, end);
	if (!error) {
		request->cwd = cwd[0];
		error = take_strings(&request->argv, argc, &at, end);
	}
	free(cwd);
	if (!error)
		error = take_strings(&request->envp, envc, &at, end);
	if (!error && argc == 0)
		error = EINVAL;
	return error;
}

void spawn_request_free(struct spawn_request *request)
{
	free(request->argv);
	free(request->envp);
	memset(request, 0, sizeof(*request));
}

/* --- The child ------------------------------------------------------------------- */

static void unblock_signals(void)
{
	sigset_t none;

	/* Their actions are the standard ones, see set_up_signals(). */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A command is an ordinary process, whatever its parent had to become. */
static void reset_privileges_of_agent(void)
{
	int fd;

	setpriority(PRIO_PROCESS, 0, 0);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (write(fd, "0", 1) != 1)
			perror("oom_score_adj");
		close(fd);
	}
}

static bool set_user(const struct spawn_request *request)
{
	gid_t groups[1] = { request->gid };

	/* Only root may set groups, and nobody else has more of them to lose. */
	if (geteuid() == 0 && setgroups(1, groups) < 0)
		return false;
	return setgid(request->gid) == 0 && setuid(request->uid) == 0;
}

static const char *search_path(char *const *envp)
{
	for (; *envp; envp++) {
		if (strncmp(*envp, "PATH=", 5) == 0)
			return *envp + 5;
	}
	return DEFAULT_PATH;
}

/*
 * As execvpe(3), with the PATH of the new environment, and without running files
 * of no known format by a shell: the host is told ENOEXEC instead.
 */
static void exec_command(const struct spawn_request *request)
{
	const char *name = request->argv[0], *from = search_path(request->envp);
	bool denied = false;

	if (*name == '\0') {
		errno = ENOENT;
		return;
	}
	if (strchr(name, '/')) {
		execve(name, request->argv, request->envp);
		return;
	}
	for (;;) {
		const char *end = strchrnul(from, ':');
		char file[PATH_MAX];
		int length = snprintf(file, sizeof(file), "%.*s%s%s", (int)(end - from), from,
				      end == from ? "" : "/", name);

		if (length < (int)sizeof(file)) {
			execve(file, request->argv, request->envp);
			if (errno == EACCES)
				denied = true;
			else if (errno != ENOENT && errno != ENOTDIR)
				return;
		}
		if (*end == '\0')
			break;
		from = end + 1;
	}
	errno = denied ? EACCES : ENOENT;
}

static void fail(int status_fd, enum exec_step step)
{
	struct spawn_failure failure = { .error = errno, .step = step };

	/* A pipe takes so few bytes whole, and the reader holds its other end. */
	if (write(status_fd, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* The pipes' ends of the command, by the number they get in it. */
static void become(const struct spawn_request *request, const int stdio[3], int status_fd)
{
	if (setsid() < 0)
		fail(status_fd, STEP_SESSION);
	reset_privileges_of_agent();
	for (int i = 0; i < 3; i++) {
		if (dup2(stdio[i], i) < 0)
			fail(status_fd, STEP_STDIO);
	}
	if (request->flags & EXEC_SET_UMASK)
		umask(request->mask);
	if (request->flags & EXEC_SET_USER && !set_user(request))
		fail(status_fd, STEP_USER);
	/* As the user, who may not enter each folder that root can. */
	if (*request->cwd && chdir(request->cwd) < 0)
		fail(status_fd, STEP_CHDIR);
	unblock_signals();
	exec_command(request);
	fail(status_fd, STEP_EXECVE);
}

/* --- The parent ------------------------------------------------------------------- */

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			close(pair[i]);
		pair[i] = -1;
	}
}

/* Only the agent's end must not block: the command expects ordinary pipes. */
static bool open_pipe(int pair[2], int own_end)
{
	if (pipe2(pair, O_CLOEXEC) < 0)
		return false;
	return fcntl(pair[own_end], F_SETFL, O_NONBLOCK) == 0;
}

static int take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

_Bool spawn(const struct spawn_request *request, struct spawned *spawned,
	    struct spawn_failure *failure)
{
	const bool merge = request->flags & EXEC_MERGE_STDERR;
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 }, status[2] = { -1, -1 };
	bool ready;

	failure->step = STEP_PIPE;
	if (request->flags & EXEC_STDIN_PIPE)
		ready = open_pipe(in, 1);
	else
		ready = (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
	ready = ready && open_pipe(out, 0) && (merge || open_pipe(err, 0)) && open_pipe(status, 0);

	if (ready) {
		failure->step = STEP_FORK;
		/*
		 * vfork() would save a fifth of the instructions of a start, but stop
		 * the agent for as long as a file system hangs in chdir() or execve().
		 */
		spawned->pid = fork();
		if (spawned->pid == 0) {
			const int stdio[3] = { in[0], out[1], merge ? out[1] : err[1] };

			become(request, stdio, status[1]);
		}
		ready = spawned->pid > 0;
	}
	failure->error = errno;
	if (ready) {
		spawned->stdin_fd = take(&in[1]);
		spawned->stdout_fd = take(&out[0]);
		spawned->stderr_fd = take(&err[0]);
		spawned->status_fd = take(&status[0]);
	}
	close_pair(in);
	close_pair(out);
	close_pair(err);
	close_pair(status);
	return ready;
}
