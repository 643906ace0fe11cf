/* Nothing is known of the file system as a whole. */
#pragma once
#include <errno.h>
#include <sys/types.h>

struct statvfs {
  unsigned long f_bsize;
  unsigned long f_frsize;
  unsigned long f_blocks;
  unsigned long f_bfree;
  unsigned long f_bavail;
  unsigned long f_flag;
  unsigned long f_flags;
};

/* No file system is known to be local. */
#define MNT_LOCAL 0

static inline int statvfs(const char *path, struct statvfs *result) {
  (void)path;
  (void)result;
  errno = ENOSYS;
  return -1;
}

static inline int fstatvfs(int fd, struct statvfs *result) {
  (void)fd;
  (void)result;
  errno = ENOSYS;
  return -1;
}
