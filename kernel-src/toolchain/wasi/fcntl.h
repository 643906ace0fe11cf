/* Locks on files: fcntl() answers these commands with EINVAL, and LLVM goes on without a lock. */
#pragma once
#include_next <fcntl.h>

#ifndef F_SETLK
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#endif
