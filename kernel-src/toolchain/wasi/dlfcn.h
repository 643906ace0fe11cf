/* No shared objects: nothing can be loaded, and no address belongs to any. */
#pragma once

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_LOCAL 0
#define RTLD_GLOBAL 256
#define RTLD_DEFAULT ((void *)0)

typedef struct {
  const char *dli_fname;
  void *dli_fbase;
  const char *dli_sname;
  void *dli_saddr;
} Dl_info;

static inline void *dlopen(const char *file, int mode) {
  (void)file;
  (void)mode;
  return 0;
}

static inline void *dlsym(void *handle, const char *name) {
  (void)handle;
  (void)name;
  return 0;
}

static inline int dlclose(void *handle) {
  (void)handle;
  return -1;
}

static inline char *dlerror(void) { return (char *)"WebAssembly loads no shared objects"; }

static inline int dladdr(const void *address, Dl_info *info) {
  (void)address;
  (void)info;
  return 0;
}
