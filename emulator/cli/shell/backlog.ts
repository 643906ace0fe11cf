/**
 * A message of the kernel on the console, behind whatever stood in the line before:
 * print_time(), kernel/printk/printk.c.
 */
const KERNEL_MESSAGE = /\[ *\d+\.\d{6}\] [^\n]*\n/g;

const NEWLINE = 0x0a;

/**
 * A console's past without what the kernel has said in it: the shell's greeting, its prompt,
 * and what has been typed and printed since. The bytes are kept as they are.
 */
export function withoutKernelMessages(backlog: Uint8Array): Uint8Array {
  // One character for each byte, and back again.
  const text = Array.from(backlog, (byte) => String.fromCharCode(byte)).join("");
  const kept = text.replace(KERNEL_MESSAGE, "");
  return Uint8Array.from(kept, (character) => character.charCodeAt(0));
}

/** The line that the cursor is in: the prompt and what has been typed behind it. */
export function lastLine(backlog: Uint8Array): Uint8Array {
  return backlog.subarray(backlog.lastIndexOf(NEWLINE) + 1);
}
