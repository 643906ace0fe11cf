/* realpath(): lexical, since the file system that a host of kcc offers has no symbolic links. */
#pragma once
#include_next <stdlib.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

/* Appends a component to an absolute path; false when it does not fit. */
static inline int wasi_path_push(char *path, size_t *length, const char *name, size_t size) {
  if (size == 0 || (size == 1 && name[0] == '.')) return 1;
  if (size == 2 && name[0] == '.' && name[1] == '.') {
    while (*length > 0 && path[--*length] != '/') continue;
    return 1;
  }
  if (*length + 1 + size >= PATH_MAX) return 0;
  path[(*length)++] = '/';
  memcpy(path + *length, name, size);
  *length += size;
  return 1;
}

static inline int wasi_path_push_all(char *path, size_t *length, const char *names) {
  while (*names) {
    size_t size = strcspn(names, "/");
    if (!wasi_path_push(path, length, names, size)) return 0;
    names += size;
    names += strspn(names, "/");
  }
  return 1;
}

static inline char *realpath(const char *path, char *resolved) {
  char folder[PATH_MAX] = "", result[PATH_MAX];
  size_t length = 0;
  if (access(path, F_OK) != 0) return 0;
  if (path[0] != '/' && !getcwd(folder, sizeof folder)) return 0;
  if (!wasi_path_push_all(result, &length, folder) || !wasi_path_push_all(result, &length, path)) {
    errno = ENAMETOOLONG;
    return 0;
  }
  if (length == 0) result[length++] = '/';
  result[length] = 0;
  return resolved ? strcpy(resolved, result) : strdup(result);
}
