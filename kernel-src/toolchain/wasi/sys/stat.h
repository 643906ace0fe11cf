/* Files have no permissions. */
#pragma once
#include_next <sys/stat.h>

static inline mode_t umask(mode_t mask) {
  (void)mask;
  return 022;
}

static inline int chmod(const char *path, mode_t mode) {
  (void)path;
  (void)mode;
  return 0;
}

static inline int fchmod(int fd, mode_t mode) {
  (void)fd;
  (void)mode;
  return 0;
}
