/** Errors of system calls by their numbers: include/uapi/asm-generic/errno-base.h and errno.h. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EFAULT: 14,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EMFILE: 24,
  ENOTTY: 25,
  ESPIPE: 29,
  EPIPE: 32,
  ENOSYS: 38,
} as const;

export type Errno = (typeof Errno)[keyof typeof Errno];

/** What a system call returns: a result, or the negative of an error's number. */
export function failure(errno: Errno): number {
  return -errno;
}
