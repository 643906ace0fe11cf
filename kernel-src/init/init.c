// SPDX-License-Identifier: MIT
/*
 * Process 1 of the guest. It mounts what programs expect, starts the control
 * agent on the second serial line and a login shell on the first, keeps both
 * alive, and reaps what nobody else waits for.
 *
 * Nothing here sleeps for a fixed time: init waits for signals, with a bound only
 * while a service that died too early waits for its next start.
 *
 * halt, poweroff and reboot reach it as busybox sends them: SIGUSR1, SIGUSR2,
 * SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define STUDENT_UID	1000
#define STUDENT_GID	1000
#define STUDENT_HOME	"/home/student"
#define TTY_GID		5
#define PACKS		"/opt"
#define PATH		"/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

/* A service that lived shorter than this failed: its next start is put off. */
#define HEALTHY_MS	1000
#define BACKOFF_MIN_MS	100
#define BACKOFF_MAX_MS	5000
/* How long programs may take to end after SIGTERM when the machine goes down. */
#define SHUTDOWN_MS	2000

struct service {
	const char *name;
	void (*run)(void);	/* in the child; does not return */
	pid_t pid;		/* 0: not running */
	long long started_ms;
	long long next_start_ms;
	long long backoff_ms;
};

/* Until somebody says how large the terminal really is (`stty rows R cols C`). */
static const struct winsize console_size = { .ws_row = 24, .ws_col = 80 };
static struct termios console_settings;

/* init has no terminal: what it says goes to the kernel log. */
static void say(const char *format, ...)
{
	char line[256];
	va_list args;
	int n, fd;

	n = snprintf(line, sizeof(line), "init: ");
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - n, format, args);
	va_end(args);

	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		write(fd, line, strlen(line));
		close(fd);
	}
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int mount_at(const char *source, const char *target, const char *type,
		    unsigned long flags, const char *options)
{
	mkdir(target, 0755);
	if (mount(source, target, type, flags, options) == 0)
		return 0;
	say("cannot mount %s on %s: %s", type, target, strerror(errno));
	return -1;
}

static void bind_at(const char *source, const char *target, unsigned long flags)
{
	if (mount(source, target, NULL, MS_BIND, NULL) < 0 ||
	    (flags && mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | flags, NULL) < 0))
		say("cannot bind %s to %s: %s", source, target, strerror(errno));
}

static void for_each_path(const char *pattern, void (*work)(const char *path))
{
	glob_t found;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			work(found.gl_pathv[i]);
	globfree(&found);
}

/*
 * Without a cache v9fs reads a program that is run page by page, one request each
 * (fs/9p/vfs_super.c sets ra_pages to 0). This changes nothing for read(), which
 * goes past the page cache.
 */
static void read_ahead(const char *setting)
{
	static const char kilobytes[] = "128";	/* as much as one message holds */
	int fd = open(setting, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	write(fd, kilobytes, strlen(kilobytes));
	close(fd);
}

/*
 * Without a cache v9fs gives up an inode, and with it what was read of a program, when
 * nobody uses it any more. Held open, if only by name, a pack's program keeps its pages,
 * and starts in half the time when it is run again. Nothing is fetched for that.
 */
static void hold(const char *path)
{
	struct stat info;
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0 && (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)))
		close(fd);
}

/*
 * The host's files are one tree: the user's in home/, and in packs/ programs and sources
 * that the host fetches when they are first opened. Linux mounts a virtio channel once,
 * so both are bound to their places, and the mount itself is out of sight.
 *
 * cache=none: the host changes the files, too, and a snapshot of the guest must not hold
 * a part of them. access=any: one attachment serves all users. Without such a tree /home
 * is the empty one of the initial file system.
 */
static void mount_host_files(void)
{
	static const char *const programs[] = {
		PACKS "/*/usr/bin/*", PACKS "/*/lib/*.so.*", PACKS "/*/usr/lib/*/*.so.*",
	};

	if (mount_at("host9p", "/mnt", "9p", MS_NOSUID | MS_NODEV,
		     "trans=virtio,version=9p2000.L,cache=none,access=any,msize=131072") < 0)
		return;
	bind_at("/mnt/home", "/home", 0);
	bind_at("/mnt/packs", PACKS, MS_RDONLY | MS_NOSUID | MS_NODEV);
	umount("/mnt");
	for_each_path("/sys/class/bdi/9p-*/read_ahead_kb", read_ahead);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		for_each_path(programs[i], hold);
}

static void mount_all(void)
{
	const unsigned long no_exec = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	/* First, so that /dev/kmsg takes what the others have to say. */
	mount_at("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
	mount_at("proc", "/proc", "proc", no_exec, NULL);
	mount_at("sysfs", "/sys", "sysfs", no_exec, NULL);
	mount_at("debugfs", "/sys/kernel/debug", "debugfs", no_exec, "mode=0755");
	mount_at("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=0620,ptmxmode=0666");
	mount_at("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	mount_at("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	mount_at("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");

	mount_host_files();
	if (mkdir(STUDENT_HOME, 0755) == 0)
		chown(STUDENT_HOME, STUDENT_UID, STUDENT_GID);

	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

static void use_as_standard(int fd, int first, int last)
{
	for (int i = first; i <= last; i++)
		dup2(fd, i);
	if (fd > last)
		close(fd);
}

static void run_agent(void)
{
	int null = open("/dev/null", O_RDWR), log = open("/dev/kmsg", O_WRONLY);

	use_as_standard(null, 0, 0);
	use_as_standard(log, 1, 2);
	setenv("PATH", PATH, 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	chdir("/");
	execl("/sbin/kspace-agent", "kspace-agent", "/dev/ttyS1", (char *)NULL);
	say("cannot run /sbin/kspace-agent: %s", strerror(errno));
	_exit(127);
}

/* Without O_NONBLOCK the open would wait for a carrier. */
static int open_console(void)
{
	int fd = open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0)
		fcntl(fd, F_SETFL, O_RDWR);
	return fd;
}

static void remember_console_settings(void)
{
	int fd = open_console();

	if (fd < 0 || tcgetattr(fd, &console_settings) < 0)
		say("/dev/ttyS0: %s", strerror(errno));
	console_settings.c_cflag |= CLOCAL;
	console_settings.c_cflag &= ~HUPCL;
	console_settings.c_iflag |= IUTF8;
	cfsetspeed(&console_settings, B115200);
	if (fd >= 0) {
		ioctl(fd, TIOCSWINSZ, &console_size);
		close(fd);
	}
}

static void run_shell(void)
{
	const char *term = getenv("TERM");
	int fd = open_console();

	if (fd < 0) {
		say("/dev/ttyS0: %s", strerror(errno));
		_exit(1);
	}
	/* Whatever the last shell's programs did to the line is undone. */
	tcsetattr(fd, TCSANOW, &console_settings);
	ioctl(fd, TIOCSCTTY, 1);
	fchown(fd, STUDENT_UID, TTY_GID);
	fchmod(fd, 0620);
	use_as_standard(fd, 0, 2);

	setgroups(0, NULL);
	if (setgid(STUDENT_GID) < 0 || setuid(STUDENT_UID) < 0)
		_exit(1);
	/* The kernel's own default is "linux"; nobody sits at a Linux console. */
	if (!term || strcmp(term, "linux") == 0)
		setenv("TERM", "xterm-256color", 1);
	setenv("PATH", PATH, 1);
	setenv("HOME", STUDENT_HOME, 1);
	setenv("USER", "student", 1);
	setenv("LOGNAME", "student", 1);
	setenv("SHELL", "/bin/sh", 1);
	if (chdir(STUDENT_HOME) < 0)
		chdir("/");
	execl("/bin/sh", "-sh", (char *)NULL);
	say("cannot run /bin/sh: %s", strerror(errno));
	_exit(127);
}

static struct service services[] = {
	{ .name = "agent", .run = run_agent },
	{ .name = "shell", .run = run_shell },
};
#define SERVICES	(sizeof(services) / sizeof(services[0]))

static void start(struct service *service)
{
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setsid();
		service->run();
		_exit(127);
	}
	service->started_ms = now_ms();
	service->pid = pid > 0 ? pid : 0;
}

static void ended(pid_t pid)
{
	for (size_t i = 0; i < SERVICES; i++) {
		struct service *service = &services[i];
		long long now = now_ms();

		if (service->pid != pid)
			continue;
		service->pid = 0;
		if (now - service->started_ms >= HEALTHY_MS) {
			service->backoff_ms = 0;
		} else if (service->backoff_ms == 0) {
			service->backoff_ms = BACKOFF_MIN_MS;
		} else if (service->backoff_ms < BACKOFF_MAX_MS) {
			service->backoff_ms *= 2;
		}
		service->next_start_ms = now + service->backoff_ms;
		if (service->backoff_ms > BACKOFF_MIN_MS)
			say("%s ended early, next start in %lld ms", service->name, service->backoff_ms);
	}
}

static void reap(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		ended(pid);
}

/* Starts what is due. Returns the milliseconds until the next start, or -1. */
static long long start_due_services(void)
{
	long long wait_ms = -1;

	for (size_t i = 0; i < SERVICES; i++) {
		struct service *service = &services[i];
		long long left = service->next_start_ms - now_ms();

		if (service->pid)
			continue;
		if (left <= 0)
			start(service);
		else if (wait_ms < 0 || left < wait_ms)
			wait_ms = left;
	}
	return wait_ms;
}

/* One of the signals, or 0 when the time is over; wait_ms < 0 waits without bound. */
static int wait_for_signal(const sigset_t *signals, long long wait_ms)
{
	struct timespec bound = { wait_ms / 1000, wait_ms % 1000 * 1000000 };
	int signal = wait_ms < 0 ? sigwaitinfo(signals, NULL) : sigtimedwait(signals, NULL, &bound);

	return signal > 0 ? signal : 0;
}

static void go_down(int signal, const sigset_t *signals)
{
	const long long deadline = now_ms() + SHUTDOWN_MS;
	long long left;

	kill(-1, SIGTERM);
	kill(-1, SIGHUP);	/* an interactive shell ignores SIGTERM */
	kill(-1, SIGCONT);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		left = deadline - now_ms();
		if (left <= 0 || (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD))
			break;
		wait_for_signal(signals, left);
	}
	kill(-1, SIGKILL);
	umount2("/home", MNT_DETACH);
	umount2(PACKS, MNT_DETACH);
	sync();
	reboot(signal == SIGUSR1 ? RB_HALT_SYSTEM : signal == SIGUSR2 ? RB_POWER_OFF : RB_AUTOBOOT);
}

int main(void)
{
	sigset_t signals;

	if (getpid() != 1) {
		fprintf(stderr, "init: this is process 1 of the guest, and nothing to run by hand\n");
		return 1;
	}

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	/* SIGINT instead of an immediate reset on ctrl-alt-del. */
	reboot(RB_DISABLE_CAD);

	umask(022);
	sethostname("kspace", strlen("kspace"));
	mount_all();
	remember_console_settings();

	for (;;) {
		int signal = wait_for_signal(&signals, start_due_services());

		if (signal == SIGCHLD)
			reap();
		else if (signal)
			go_down(signal, &signals);
	}
}
