import { type CommandContext, type CommandFamily, OK } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { bytesOfHex, hexOf, parseHex } from "./latin1.js";
import { LARGEST_PACKET, unescapeBinary } from "./packet.js";

/** `m`, `M` and `X`: GDB manual, appendix E.2. */
export const memoryCommands: CommandFamily = {
  m: readMemory,
  M: (context, argument) => writeMemory(context, argument, bytesOfHex),
  X: (context, argument) => writeMemory(context, argument, unescapeBinary),
};

/** In hexadecimal an answer has two characters for each byte. */
const MOST_BYTES = LARGEST_PACKET / 2;

interface Range {
  readonly address: bigint;
  readonly length: bigint;
}

/** An answer may hold less than was asked for; a debugger asks for the rest. */
function readMemory({ target }: CommandContext, argument: string): string {
  const { address, length } = parseRange(argument);
  if (length === 0n) return "";
  const bytes = Number(length < MOST_BYTES ? length : MOST_BYTES);
  return hexOf(target.readMemory(address, bytes));
}

function writeMemory(
  { target }: CommandContext,
  argument: string,
  decode: (data: string) => Uint8Array | undefined,
): string {
  const colon = argument.indexOf(":");
  const { address, length } = parseRange(argument.slice(0, Math.max(0, colon)));
  const bytes = decode(argument.slice(colon + 1));
  if (bytes === undefined || BigInt(bytes.length) !== length) {
    throw new GdbError("bad-request", "The data is not as long as it says.");
  }
  // gdb asks with an empty X packet whether it may use them.
  if (bytes.length > 0) target.writeMemory(address, bytes);
  return OK;
}

function parseRange(text: string): Range {
  const [address, length, ...more] = text.split(",").map(parseHex);
  if (address === undefined || length === undefined || more.length > 0) {
    throw new GdbError("bad-request", "Memory is named as ADDRESS,LENGTH.");
  }
  return { address, length };
}
