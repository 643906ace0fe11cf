/**
 * The bytes of a case and of its outcome, little-endian, as `native/processor.c` reads and writes
 * them. A batch is its size, for inputs the number of cases, and the records.
 *
 * An input: size, address of the code, its length, number of patches (32 bits each), the state,
 * 64 bytes of code, and the patches: address, length, bytes up to a multiple of 8.
 *
 * An outcome: size, number of changes, 8 bytes of zeros, the state, and the chunks of 16 bytes of
 * memory that the case changed, by their addresses: address, 12 bytes of zeros, bytes.
 *
 * A state: the 16 registers in the order of their encoding, RIP, RFLAGS, the exception's vector
 * and error code (32 bits each), CR2, and an FXSAVE image.
 */
export const STATE = {
  registers: 0,
  rip: 128,
  rflags: 136,
  vector: 144,
  /** In an input, which has no exception yet: 32 or 16 for compatibility mode, 0 for 64-bit code. */
  codeBits: 144,
  error: 148,
  cr2: 152,
  fx: 160,
  bytes: 672,
} as const;

export const INPUT = {
  codeAddress: 4,
  codeLength: 8,
  patches: 12,
  state: 16,
  code: 16 + STATE.bytes,
  codeBytes: 64,
  bytes: 16 + STATE.bytes + 64,
} as const;

export const OUTCOME = {
  changes: 4,
  state: 16,
  bytes: 16 + STATE.bytes,
  changeBytes: 32,
  /** Of a change: where its bytes are. */
  changed: 16,
  chunk: 16,
} as const;

/** Intel SDM vol. 1, table 10-2: the FXSAVE image. */
export const FX = {
  fcw: 0,
  fsw: 2,
  ftw: 4,
  fop: 6,
  fip: 8,
  fdp: 16,
  mxcsr: 24,
  mxcsrMask: 28,
  st: 32,
  xmm: 160,
  /** Where the 16 XMM registers end. */
  end: 416,
  bytes: 512,
} as const;

/** Vectors of exceptions, SDM vol. 3A, table 6-1. */
export const VECTOR = {
  breakpoint: 3,
  pageFault: 14,
  /** No exception's: the case does not end, and where it is depends on when one looks. */
  noEnd: 0xffff,
} as const;

export const REGISTER = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
} as const;

export const FLAG = {
  cf: 0x1,
  pf: 0x4,
  af: 0x10,
  zf: 0x40,
  sf: 0x80,
  tf: 0x100,
  if: 0x200,
  df: 0x400,
  of: 0x800,
  nt: 0x4000,
  rf: 0x10000,
  ac: 0x40000,
  id: 0x200000,
} as const;

/** CF, PF, AF, ZF, SF and OF. */
export const STATUS_FLAGS = FLAG.cf | FLAG.pf | FLAG.af | FLAG.zf | FLAG.sf | FLAG.of;
