// SPDX-License-Identifier: MIT
/*
 * The guest's sudo: runs a command as root, for everybody, without a password.
 * The lab's guest holds nothing that root must be kept from, and the course says
 * `sudo insmod ./hello.ko`. Do not use it anywhere else.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT_PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* What a command run as root gets of the caller's environment, unless -E says all. */
static const char *const kept[] = {
	"TERM", "COLUMNS", "LINES", "TZ", "LANG", "PWD", "OLDPWD",
	"ENV",	/* the prompt and the aliases of a root shell */
};

static const char help[] =
	"usage: sudo [-E] [-n] [VARIABLE=value]... command [argument]...\n"
	"       sudo [-E] -s | -i\n"
	"Run a command as root.\n"
	"\n"
	"  -s  run a shell\n"
	"  -i  run a login shell in root's home folder\n"
	"  -E  keep the whole environment\n"
	"  -n  accepted: no password is ever asked for\n"
	"  -h  this help\n"
	"\n"
	"This is the lab's own sudo: in this guest everybody may become root.\n";

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "sudo: %s: %s\n", what, why);
	exit(1);
}

static void clean_environment(void)
{
	char *values[sizeof(kept) / sizeof(kept[0])];

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		char *value = getenv(kept[i]);

		values[i] = value ? strdup(value) : NULL;
	}
	clearenv();
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (values[i])
			setenv(kept[i], values[i], 1);
}

static void become_root(int keep_environment)
{
	const struct passwd *caller = getpwuid(getuid());
	char uid[16], gid[16], *name = strdup(caller ? caller->pw_name : "?");

	snprintf(uid, sizeof(uid), "%u", (unsigned int)getuid());
	snprintf(gid, sizeof(gid), "%u", (unsigned int)getgid());
	if (!keep_environment)
		clean_environment();
	setenv("SUDO_USER", name, 1);
	setenv("SUDO_UID", uid, 1);
	setenv("SUDO_GID", gid, 1);
	setenv("PATH", ROOT_PATH, 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	setenv("LOGNAME", "root", 1);
	setenv("SHELL", "/bin/sh", 1);

	if (geteuid() != 0)
		fail("/usr/bin/sudo", "must be owned by root and have the setuid bit set");
	if (setgid(0) < 0 || setgroups(0, NULL) < 0 || setuid(0) < 0)
		fail("cannot become root", strerror(errno));
}

int main(int argc, char **argv)
{
	int option, keep_environment = 0, shell = 0, login = 0;

	/* "+": the options end where the command begins. */
	while ((option = getopt(argc, argv, "+Ensih")) != -1) {
		switch (option) {
		case 'E': keep_environment = 1; break;
		case 'n': break;
		case 's': shell = 1; break;
		case 'i': shell = login = 1; break;
		case 'h': fputs(help, stdout); return 0;
		default: fputs(help, stderr); return 1;
		}
	}
	argv += optind;
	if (!*argv && !shell) {
		fputs(help, stderr);
		return 1;
	}

	become_root(keep_environment);
	for (; *argv && strchr(*argv, '='); argv++)
		putenv(*argv);
	if (login && chdir("/root") < 0)
		fail("/root", strerror(errno));
	if (!*argv) {
		if (!shell) {
			fputs(help, stderr);
			return 1;
		}
		execl("/bin/sh", login ? "-sh" : "sh", (char *)NULL);
		fail("/bin/sh", strerror(errno));
	}
	execvp(*argv, argv);
	fail(*argv, errno == ENOENT ? "command not found" : strerror(errno));
}
