/* wasi-libc's dirent.h forgets that its first part is C, too. */
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
#include_next <dirent.h>
#ifdef __cplusplus
}
#endif
