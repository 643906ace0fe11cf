import { Errno, failure } from "../errno.js";
import { fileCalls } from "./file-calls.js";
import { i386Calls } from "./i386-calls.js";
import { I386_NUMBERS } from "./i386-numbers.js";
import { memoryCalls } from "./memory-calls.js";
import type { Arguments, Process, SystemCalls } from "./process.js";
import { processCalls } from "./process-calls.js";

const amd64: SystemCalls = { ...fileCalls, ...memoryCalls, ...processCalls };
const sameAsAmd64 = I386_NUMBERS.flatMap(([number, ofAmd64]) => {
  const call = amd64[ofAmd64];
  return call === undefined ? [] : [[number, call] as const];
});
const calls: Readonly<Record<32 | 64, SystemCalls>> = {
  64: amd64,
  32: { ...Object.fromEntries(sameAsAmd64), ...i386Calls },
};

/**
 * Serves a system call.
 * @param onUnknown told of a number that is not served
 * @returns what is left in RAX, or in EAX
 */
export function serveSystemCall(
  process: Process,
  number: number,
  args: Arguments,
  onUnknown: (number: number) => void,
): bigint {
  const call = calls[process.programClass.bits][number];
  if (call === undefined) {
    onUnknown(number);
    return BigInt(failure(Errno.ENOSYS));
  }
  return BigInt(call(process, args));
}
