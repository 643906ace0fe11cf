/* No processes, no users, no other descriptors than those that are opened. */
#pragma once
#include_next <unistd.h>
#include <errno.h>

static inline int wasi_not_there(void) {
  errno = ENOSYS;
  return -1;
}

static inline int fork(void) { return wasi_not_there(); }

static inline int execv(const char *path, char *const *arguments) {
  (void)path;
  (void)arguments;
  return wasi_not_there();
}

static inline int execve(const char *path, char *const *arguments, char *const *environment) {
  (void)path;
  (void)arguments;
  (void)environment;
  return wasi_not_there();
}

static inline int dup2(int from, int to) {
  (void)from;
  (void)to;
  return wasi_not_there();
}

static inline int setsid(void) { return wasi_not_there(); }
static inline int getsid(int pid) {
  (void)pid;
  return wasi_not_there();
}
static inline int getppid(void) { return 1; }
static inline unsigned getuid(void) { return 0; }
static inline unsigned geteuid(void) { return 0; }
static inline unsigned getgid(void) { return 0; }
static inline unsigned getegid(void) { return 0; }

static inline unsigned alarm(unsigned seconds) {
  (void)seconds;
  return 0;
}

/* The size of a page of WebAssembly's memory. */
static inline int getpagesize(void) { return 65536; }

static inline int chown(const char *path, unsigned owner, unsigned group) {
  (void)path;
  (void)owner;
  (void)group;
  return 0;
}

static inline int fchown(int fd, unsigned owner, unsigned group) {
  (void)fd;
  (void)owner;
  (void)group;
  return 0;
}
