/*
 * WebAssembly cannot unwind its own stack without the exceptions proposal. LLVM jumps only to
 * recover from a crash: here a crash is a trap, which the host sees, and which ends the instance.
 */
#pragma once

typedef int jmp_buf[1];
typedef int sigjmp_buf[1];

#define setjmp(environment) ((void)(environment), 0)
#define sigsetjmp(environment, save) ((void)(environment), (void)(save), 0)

#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
static inline void longjmp(int *environment, int value) {
  (void)environment;
  (void)value;
  __builtin_trap();
}
