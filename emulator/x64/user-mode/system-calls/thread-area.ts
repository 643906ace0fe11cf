import { Errno, failure } from "../errno.js";
import { FIRST_THREAD_SEGMENT, LAST_THREAD_SEGMENT } from "../global-descriptors.js";
import type { Arguments, Process } from "./process.js";

/** `struct user_desc`: arch/x86/include/uapi/asm/ldt.h. */
const USER_DESC_BYTES = 16;
/** Its bit field. */
const SEG_32BIT = 1 << 0;
const CONTENTS = 3 << 1;
const CONTENTS_STACK = 1 << 1;
const READ_EXEC_ONLY = 1 << 3;
const LIMIT_IN_PAGES = 1 << 4;
const SEG_NOT_PRESENT = 1 << 5;
const USEABLE = 1 << 6;
/** Of programs of 32 bits, no more is looked at. */
const FLAGS = 0x7f;
/** "Any that is free". */
const ANY_ENTRY = 0xffff_ffff;

/** set_thread_area: arch/x86/kernel/tls.c, do_set_thread_area. */
export function setThreadArea(
  { memory, descriptors }: Pick<Process, "memory" | "descriptors">,
  args: Arguments,
): number {
  const at = args.size(0);
  const bytes = memory.read(at, USER_DESC_BYTES);
  if (bytes === undefined) return failure(Errno.EFAULT);
  const view = new DataView(bytes.buffer);
  const wanted = view.getUint32(0, true);
  const [base, limit] = [view.getUint32(4, true), view.getUint32(8, true)];
  const flags = view.getUint32(12, true) & FLAGS;
  const isEmpty =
    base === 0 && limit === 0 && (flags === 0 || flags === (READ_EXEC_ONLY | SEG_NOT_PRESENT));
  if (!isEmpty && !isAllowed(flags)) return failure(Errno.EINVAL);
  const index = wanted === ANY_ENTRY ? descriptors.freeThreadSegment() : wanted;
  if (index === undefined) return failure(Errno.ESRCH);
  if (index < FIRST_THREAD_SEGMENT || index > LAST_THREAD_SEGMENT) return failure(Errno.EINVAL);
  view.setUint32(0, index, true);
  if (wanted === ANY_ENTRY && !memory.write(at, bytes)) return failure(Errno.EFAULT);
  descriptors.setThreadSegment(index, isEmpty ? 0n : descriptorOf(base, limit, flags));
  return 0;
}

/** tls_desc_okay: data or a stack of 32 bits that is there. */
function isAllowed(flags: number): boolean {
  const is32Bit = (flags & SEG_32BIT) !== 0 && (flags & SEG_NOT_PRESENT) === 0;
  return is32Bit && (flags & CONTENTS) <= CONTENTS_STACK;
}

/** fill_ldt: a segment of programs (DPL 3), accessed (SDM vol. 3A, 3.4.5). */
function descriptorOf(base: number, limit: number, flags: number): bigint {
  const isWritable = (flags & READ_EXEC_ONLY) === 0 ? 0x2 : 0;
  const expandsDown = (flags & CONTENTS) === CONTENTS_STACK ? 0x4 : 0;
  const access = 0xf1 | isWritable | expandsDown;
  const attributes =
    0x4 | ((flags & LIMIT_IN_PAGES) === 0 ? 0 : 0x8) | ((flags & USEABLE) === 0 ? 0 : 0x1);
  const low = (BigInt(base & 0xffff) << 16n) | BigInt(limit & 0xffff);
  const middle = BigInt((base >>> 16) & 0xff) | (BigInt(access) << 8n);
  const high = BigInt((limit >>> 16) & 0xf) | BigInt(attributes << 4) | BigInt((base >>> 24) << 8);
  return low | (middle << 32n) | (high << 48n);
}
