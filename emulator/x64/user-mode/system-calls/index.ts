import { Errno, failure } from "../errno.js";
import { fileCalls } from "./file-calls.js";
import { memoryCalls } from "./memory-calls.js";
import type { Arguments, Process, SystemCalls } from "./process.js";
import { processCalls } from "./process-calls.js";

const calls: SystemCalls = { ...fileCalls, ...memoryCalls, ...processCalls };

/**
 * Serves a system call.
 * @param onUnknown told of a number that is not served
 * @returns what is left in RAX
 */
export function serveSystemCall(
  process: Process,
  number: number,
  args: Arguments,
  onUnknown: (number: number) => void,
): bigint {
  const call = calls[number];
  if (call === undefined) {
    onUnknown(number);
    return BigInt(failure(Errno.ENOSYS));
  }
  return BigInt(call(process, args));
}
