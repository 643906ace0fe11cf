/*
 * Memory that belongs to no file comes from the heap. Mapping a file fails: LLVM then reads it into
 * memory, and lld writes its output from memory. (wasi-libc's emulation would copy a file too, but
 * without the zero bytes behind its end that the rest of a page has, and that LLVM's lexer needs.)
 */
#pragma once
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

#define PROT_NONE 0
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANON 32
#define MAP_ANONYMOUS MAP_ANON
#define MAP_FAILED ((void *)-1)
#define POSIX_MADV_DONTNEED 4

static inline void *mmap(void *address, size_t length, int protection, int flags, int fd,
                         off_t offset) {
  void *memory;
  (void)address;
  (void)protection;
  (void)fd;
  (void)offset;
  if (!(flags & MAP_ANON)) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  memory = calloc(1, length);
  return memory ? memory : MAP_FAILED;
}

static inline int munmap(void *address, size_t length) {
  (void)length;
  free(address);
  return 0;
}

static inline int mprotect(void *address, size_t length, int protection) {
  (void)address;
  (void)length;
  (void)protection;
  return 0;
}

static inline int posix_madvise(void *address, size_t length, int advice) {
  (void)address;
  (void)length;
  (void)advice;
  return 0;
}
