// Functions that LLVM links against, and that Debian's WASI libraries declare or expect but do not have.
#include <cerrno>
#include <cstddef>

extern "C" {

// Destructors of thread-local objects. There is one thread, and the program ends without destructors.
int __cxa_thread_atexit(void (*)(void *), void *, void *) { return 0; }

int gethostname(char *, size_t) {
  errno = ENOSYS;
  return -1;
}
}
