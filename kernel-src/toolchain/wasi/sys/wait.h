/* No processes, so no children to wait for. */
#pragma once
#include <errno.h>
#include <sys/types.h>

#define WNOHANG 1
#define WUNTRACED 2
#define WIFEXITED(status) 1
#define WEXITSTATUS(status) (status)
#define WIFSIGNALED(status) 0
#define WTERMSIG(status) 0
#define WCOREDUMP(status) 0

struct rusage;

static inline int wait(int *status) {
  (void)status;
  errno = ECHILD;
  return -1;
}

static inline int waitpid(int pid, int *status, int options) {
  (void)pid;
  (void)options;
  return wait(status);
}

static inline int wait4(int pid, int *status, int options, struct rusage *usage) {
  (void)pid;
  (void)options;
  (void)usage;
  return wait(status);
}
