/*
 * Numbers of 9P2000.L.
 * Sources: Linux include/net/9p/9p.h (message types, masks and flags), net/9p/client.c and
 * net/9p/protocol.c (what the client sends and expects), diod's protocol.md
 * (github.com/chaos/diod), and the Plan 9 manual, section 5, for what .L inherits.
 */

/** Requests. The reply's type is one more. */
export const MessageType = {
  Rlerror: 7,
  Tstatfs: 8,
  Tlopen: 12,
  Tlcreate: 14,
  Tsymlink: 16,
  Tmknod: 18,
  Trename: 20,
  Treadlink: 22,
  Tgetattr: 24,
  Tsetattr: 26,
  Txattrwalk: 30,
  Txattrcreate: 32,
  Treaddir: 40,
  Tfsync: 50,
  Tlock: 52,
  Tgetlock: 54,
  Tlink: 70,
  Tmkdir: 72,
  Trenameat: 74,
  Tunlinkat: 76,
  Tversion: 100,
  Tauth: 102,
  Tattach: 104,
  Tflush: 108,
  Twalk: 110,
  Tread: 116,
  Twrite: 118,
  Tclunk: 120,
  Tremove: 122,
} as const;

export const VERSION = "9P2000.L";

/** size[4] type[1] tag[2] */
export const HEADER_SIZE = 7;

/** Tag of Tversion, and of answers to what is no message. */
export const NO_TAG = 0xffff;

/** The fid that stands for none. */
export const NO_FID = 0xffff_ffff;

/** The user or group that stands for none. */
export const NO_ID = 0xffff_ffff;

/** Most names in one Twalk. */
export const MAXWELEM = 16;

/** What Linux sets aside for the header of Twrite, Rread and Rreaddir (P9_IOHDRSZ). */
export const IO_HEADER_SIZE = 24;

/** Linux accepts no smaller message size (net/9p/client.c, p9_client_version). */
export const MESSAGE_SIZE_MIN = 4096;

/** Open flags of Tlopen and Tlcreate: Linux' own on most machines. */
export const OpenFlag = {
  accessMask: 0o3,
  readOnly: 0o0,
  writeOnly: 0o1,
  readWrite: 0o2,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  directory: 0o200000,
} as const;

/** Flag of Tunlinkat. */
export const REMOVE_DIRECTORY = 0x200;

/** First byte of a qid; plain files have none of them. */
export const QidType = { directory: 0x80, symlink: 0x02, file: 0x00 } as const;

/** Which fields Rgetattr has filled in. */
export const GetattrMask = { basic: 0x7ff, birthTime: 0x800, dataVersion: 0x2000 } as const;

/** Which fields of Tsetattr are to be set. */
export const SetattrMask = {
  mode: 1 << 0,
  uid: 1 << 1,
  gid: 1 << 2,
  size: 1 << 3,
  accessed: 1 << 4,
  modified: 1 << 5,
  /** The time given, not the present one. */
  accessedGiven: 1 << 7,
  modifiedGiven: 1 << 8,
} as const;

export const LockStatus = { success: 0 } as const;
export const LockType = { unlocked: 2 } as const;

/** `f_type` of statfs: V9FS_MAGIC in Linux include/uapi/linux/magic.h. */
export const STATFS_TYPE = 0x0102_1997;
