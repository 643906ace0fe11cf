/**
 * Linux error numbers of the conditions this folder reports, as they go over the wire in
 * Rlerror. Values: Linux include/uapi/asm-generic/errno-base.h and errno.h (x86 uses them
 * unchanged).
 */
export const errorNumbers = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EMLINK: 31,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  ESTALE: 116,
} as const;

/** A condition, by its Linux name. */
export type ErrorCode = keyof typeof errorNumbers;

/**
 * An operation on the file tree that could not be done. The guest sees the error number,
 * the host sees the code, the path where one is known, and a message that says what to do.
 */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: ErrorCode;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, path?: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.path = path;
  }
}
