import type { LockTypeName, LockWord } from "../../guest/index.js";
import type { LockType } from "./autopsy.js";

/**
 * Finds the lock that a processor spins for without the log: the loop reads it all the time, and
 * so its address is in a register.
 * @param registers the values of the general registers.
 * @returns undefined unless exactly one of them points to a lock that is taken and waited for.
 */
export function spunFor(
  registers: Iterable<bigint>,
  type: LockType,
  readLock: (address: bigint, type: LockTypeName) => LockWord | undefined,
): bigint | undefined {
  const name = type === "rwlock_t" ? "rwlock_t" : "spinlock_t";
  const found = new Set<bigint>();
  for (const address of registers) {
    const word = readLock(address, name);
    if (word !== undefined && isContended(word)) found.add(address);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Other memory hardly ever looks like that: no bit is set but those that a contended lock has. */
function isContended(word: LockWord): boolean {
  if (word.kind === "spinlock") {
    // asm-generic/qspinlock_types.h: the locked and the pending byte are 1 or 0.
    const isPlain = (word.value & 0xff) === 1 && ((word.value >>> 8) & 0xff) <= 1;
    return isPlain && word.locked && (word.pending || word.tailCpu !== undefined);
  }
  if (word.kind !== "rwlock") return false;
  // asm-generic/qrwlock.h: a writer has all of the low byte, and one that waits the bit above.
  return word.writeLocked ? word.readers === 0 : word.writerWaiting && word.readers === 1;
}
