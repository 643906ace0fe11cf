import { errnoName } from "./errno-names.js";
import { hex } from "./wording.js";

/**
 * Values that are no addresses and tell by their pattern where they come from. Numbers from
 * include/linux/poison.h, mm/page_poison.c and include/linux/err.h.
 */

/** Bytes that memory is filled with, repeated over the whole pointer. */
const FILL_BYTES: readonly (readonly [byte: number, meaning: string])[] = [
  [0x6b, "what SLUB writes over freed memory (POISON_FREE), so it was read from a freed object"],
  [0x5a, "what SLUB writes into new objects (POISON_INUSE), so it was read before it was set"],
  [0xa5, "the end of an object that SLUB has poisoned (POISON_END)"],
  [0xbb, "the red zone of a freed object (SLUB_RED_INACTIVE), so it was read outside an object"],
  [0xcc, "the red zone of an object (SLUB_RED_ACTIVE) or freed init memory"],
  [0xaa, "what freed pages are filled with (PAGE_POISON), so it was read from a freed page"],
];

/** How far behind a pointer a member of a structure is looked for. */
const LARGEST_MEMBER_OFFSET = 0x1_0000n;
/** MAX_ERRNO. */
const LARGEST_ERRNO = 4095n;
/** CONFIG_ILLEGAL_POINTER_VALUE on x86-64; 0 on 32 bits. */
const POISON_DELTA_64 = 0xdead000000000000n;
/** KASAN_SHADOW_OFFSET on x86-64: Documentation/arch/x86/x86_64/mm.rst. */
const KASAN_SHADOW_OFFSET = 0xdffffc0000000000n;

const LIST_POISONS: Readonly<Record<string, string>> = {
  "100": "LIST_POISON1: what list_del() leaves in the `next` of an entry that it has removed",
  "122": "LIST_POISON2: what list_del() leaves in the `prev` of an entry that it has removed",
  "200": "LIST_POISON2: what list_del() leaves in the `prev` of an entry that it has removed",
  "300": "TIMER_ENTRY_STATIC: what a timer that is not queued has for an entry",
};

/**
 * What a value that was used as a pointer looks like.
 * @param value the pointer itself, or an address a little behind it.
 * @returns the end of a sentence that begins with the value: `is …`; undefined for a value that
 *   could be an ordinary address.
 */
export function describePointer(value: bigint, bits: 32 | 64): string | undefined {
  const error = errorPointer(value, bits);
  if (error !== undefined) return `is ${error}: an error code that was used as a pointer`;
  const poison = bits === 64 ? describePoison(value) : undefined;
  return poison ?? describeFill(value, bits) ?? describeText(value, bits);
}

/** include/linux/err.h: pointers to the last page of the address space are error numbers. */
function errorPointer(value: bigint, bits: 32 | 64): string | undefined {
  const errno = BigInt.asUintN(bits, -value);
  if (errno === 0n || errno > LARGEST_ERRNO) return undefined;
  const name = errnoName(Number(errno));
  return name === undefined ? `the error number -${errno}` : `ERR_PTR(-${name})`;
}

function describePoison(value: bigint): string | undefined {
  const offset = value - POISON_DELTA_64;
  if (offset >= 0n && offset < LARGEST_MEMBER_OFFSET) {
    const meaning = listPoison(value);
    if (meaning !== undefined) return `is ${meaning}`;
    return "is a poison value of the kernel (POISON_POINTER_DELTA) plus an offset: the pointer was deliberately made unusable";
  }
  const shadowed = (value - KASAN_SHADOW_OFFSET) << 3n;
  if (shadowed >= 0n && shadowed < LARGEST_MEMBER_OFFSET) {
    return `is KASAN's shadow of address ${hex(shadowed)}: the pointer that was checked is NULL or nearly so`;
  }
  return undefined;
}

function describeFill(value: bigint, bits: 32 | 64): string | undefined {
  for (const [byte, meaning] of FILL_BYTES) {
    const filled = BigInt(`0x${byte.toString(16).repeat(bits / 8)}`);
    const offset = value - filled;
    if (offset < 0n || offset >= LARGEST_MEMBER_OFFSET) continue;
    const behind = offset === 0n ? "" : ` plus ${hex(offset)}`;
    return `is ${hex(filled)}${behind}: ${meaning}`;
  }
  return undefined;
}

/** What file names and words are made of. */
const TEXT = /[A-Za-z0-9 /._:-]/;
/** Of eight bytes; a string's end may lie among them, and code that adds a little to them. */
const FEWEST_LETTERS = 6;

/** Bytes that are text, lowest first, as they lie in memory. */
function describeText(value: bigint, bits: 32 | 64): string | undefined {
  const characters = Array.from({ length: bits / 8 }, (_, index) =>
    String.fromCharCode(Number((value >> BigInt(8 * index)) & 0xffn)),
  );
  const letters = characters.filter((character) => TEXT.test(character));
  const others = characters.filter((character) => !TEXT.test(character));
  const enough = bits === 64 ? letters.length >= FEWEST_LETTERS : others.length === 0;
  if (!enough || others.some((character) => character !== "\0")) return undefined;
  const text = characters.join("").replaceAll("\0", "\\0");
  return `reads as the text "${text}": a string lay where a pointer was expected`;
}

/**
 * What a bad address looks like, or the pointer that it was calculated from.
 * @param base the register that the instruction counts from, and its value.
 * @returns a clause: `it is …`, `the pointer (…) is …`.
 */
export function describeAddress(
  address: bigint,
  base: string | undefined,
  baseValue: bigint | undefined,
  bits: 32 | 64,
): string | undefined {
  // container_of() subtracts from such a pointer, and the instruction adds it again.
  const poison = bits === 64 ? listPoison(address) : undefined;
  if (poison !== undefined) return `it is ${poison}`;
  if (baseValue === undefined) {
    const error = errorPointer(address, bits);
    // Without the instruction it may as well be a member in front of where NULL points.
    if (error !== undefined) return `it is ${error}, or lies a little in front of NULL`;
  }
  if (baseValue === 0n) {
    const distance = BigInt.asIntN(bits, address);
    return distance < 0n
      ? `it is ${hex(-distance)} bytes in front of where a NULL pointer (in %${base}) points`
      : `it is ${hex(distance)} bytes behind where a NULL pointer (in %${base}) points`;
  }
  if (baseValue !== undefined && baseValue !== address) {
    const pattern = describePointer(baseValue, bits);
    return pattern && `the pointer (${hex(baseValue)}, in %${base}) ${pattern}`;
  }
  const pattern = describePointer(address, bits);
  return pattern && `it ${pattern}`;
}

function listPoison(value: bigint): string | undefined {
  const offset = value - POISON_DELTA_64;
  return offset < 0n ? undefined : LIST_POISONS[offset.toString(16)];
}

/** Whether user space may have this address: arch/x86/include/asm/page_{32,64}_types.h. */
export function isUserAddress(address: bigint, bits: 32 | 64): boolean {
  return bits === 64 ? address < 0x8000_0000_0000n : address < 0xc000_0000n;
}

/** Bits 47 to 63 alike: Intel SDM vol. 1, 3.3.7.1, for four levels of paging. */
export function isCanonical(address: bigint): boolean {
  return BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
}
