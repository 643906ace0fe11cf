/*
 * wasi-libc emulates signal() and raise() within the program. Nobody outside can send a
 * signal, and a fault is a trap: handlers may be set, and are never called.
 */
#pragma once
#include_next <signal.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#ifndef SIG_BLOCK
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#endif
#define SA_NODEFER 1
#define SA_RESETHAND 2
#define SA_ONSTACK 4
#define SA_SIGINFO 8
#define SA_RESTART 16

typedef struct {
  int si_signo;
  int si_code;
  int si_pid;
  void *si_addr;
} siginfo_t;

struct sigaction {
  union {
    void (*sa_handler)(int);
    void (*sa_sigaction)(int, siginfo_t *, void *);
  };
  sigset_t sa_mask;
  int sa_flags;
};

static inline int sigemptyset(sigset_t *set) {
  memset(set, 0, sizeof *set);
  return 0;
}

static inline int sigfillset(sigset_t *set) {
  memset(set, 0xff, sizeof *set);
  return 0;
}

static inline int sigaddset(sigset_t *set, int signal) {
  (void)set;
  (void)signal;
  return 0;
}

static inline int sigprocmask(int how, const sigset_t *set, sigset_t *old) {
  (void)how;
  (void)set;
  if (old) sigemptyset(old);
  return 0;
}

static inline int sigaction(int signal, const struct sigaction *action, struct sigaction *old) {
  (void)signal;
  (void)action;
  if (old) memset(old, 0, sizeof *old);
  return 0;
}

static inline int kill(int pid, int signal) {
  (void)pid;
  (void)signal;
  errno = ENOSYS;
  return -1;
}
