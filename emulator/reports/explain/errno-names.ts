/** include/uapi/asm-generic/errno-base.h, from 1 on. */
const BASE =
  "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE".split(
    " ",
  );

/** Of the others, those that kernel functions return in place of a pointer. */
const OTHERS: Readonly<Record<number, string>> = {
  35: "EDEADLK",
  36: "ENAMETOOLONG",
  38: "ENOSYS",
  40: "ELOOP",
  61: "ENODATA",
  71: "EPROTO",
  75: "EOVERFLOW",
  84: "EILSEQ",
  90: "EMSGSIZE",
  93: "EPROTONOSUPPORT",
  95: "EOPNOTSUPP",
  97: "EAFNOSUPPORT",
  98: "EADDRINUSE",
  99: "EADDRNOTAVAIL",
  101: "ENETUNREACH",
  105: "ENOBUFS",
  110: "ETIMEDOUT",
  111: "ECONNREFUSED",
  113: "EHOSTUNREACH",
  116: "ESTALE",
  126: "ENOKEY",
  // include/linux/errno.h: never seen by programs.
  512: "ERESTARTSYS",
  517: "EPROBE_DEFER",
  524: "ENOTSUPP",
};

/** The name of an error number; undefined for one that is none or hardly ever a pointer. */
export function errnoName(errno: number): string | undefined {
  return BASE[errno - 1] ?? OTHERS[errno];
}
