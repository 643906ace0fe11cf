/**
 * The system calls of i386 that do what one of x86-64 does, with the same structures: the number
 * of arch/x86/entry/syscalls/syscall_32.tbl, and the one of syscall_64.tbl.
 */
export const I386_NUMBERS: readonly (readonly [i386: number, amd64: number])[] = [
  [1, 60], // exit
  [3, 0], // read
  [4, 1], // write
  [5, 2], // open
  [6, 3], // close
  [10, 87], // unlink
  [19, 8], // lseek
  [20, 39], // getpid
  [33, 21], // access
  [37, 62], // kill
  [38, 82], // rename
  [41, 32], // dup
  [42, 22], // pipe
  [45, 12], // brk
  [54, 16], // ioctl
  [55, 72], // fcntl
  [60, 95], // umask
  [63, 33], // dup2
  [64, 110], // getppid
  [85, 89], // readlink
  [91, 11], // munmap
  [93, 77], // ftruncate
  [122, 63], // uname
  [125, 10], // mprotect
  [145, 19], // readv
  [146, 20], // writev
  [158, 24], // sched_yield
  [162, 35], // nanosleep
  [163, 25], // mremap
  [168, 7], // poll
  [172, 157], // prctl
  [175, 14], // rt_sigprocmask
  [183, 79], // getcwd
  [186, 131], // sigaltstack
  [192, 9], // mmap2: its offset is in pages, but none is used
  [199, 102], // getuid32
  [200, 104], // getgid32
  [201, 107], // geteuid32
  [202, 108], // getegid32
  [213, 105], // setuid32
  [214, 106], // setgid32
  [219, 28], // madvise
  [221, 72], // fcntl64
  [224, 186], // gettid
  [238, 200], // tkill
  [240, 202], // futex
  [252, 231], // exit_group
  [258, 218], // set_tid_address
  [267, 230], // clock_nanosleep
  [270, 234], // tgkill
  [295, 257], // openat
  [301, 263], // unlinkat
  [305, 267], // readlinkat
  [307, 269], // faccessat
  [311, 273], // set_robust_list
  [330, 292], // dup3
  [331, 293], // pipe2
  [340, 302], // prlimit64
  [355, 318], // getrandom
  [403, 228], // clock_gettime64
  [407, 230], // clock_nanosleep_time64
  [422, 202], // futex_time64
];
