/* No users: nobody is found, which is no error. */
#pragma once
#include <stddef.h>
#include <sys/types.h>

struct passwd {
  char *pw_name;
  char *pw_passwd;
  unsigned pw_uid;
  unsigned pw_gid;
  char *pw_gecos;
  char *pw_dir;
  char *pw_shell;
};

static inline struct passwd *getpwuid(unsigned uid) {
  (void)uid;
  return 0;
}

static inline struct passwd *getpwnam(const char *name) {
  (void)name;
  return 0;
}

static inline int getpwuid_r(unsigned uid, struct passwd *entry, char *buffer, size_t size,
                             struct passwd **result) {
  (void)uid;
  (void)entry;
  (void)buffer;
  (void)size;
  *result = 0;
  return 0;
}

static inline int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                             struct passwd **result) {
  (void)name;
  (void)entry;
  (void)buffer;
  (void)size;
  *result = 0;
  return 0;
}
