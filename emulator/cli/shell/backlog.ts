/** A line that the kernel wrote to the console: Linux `print_time()`, kernel/printk/printk.c. */
const KERNEL_LINE = /^\[ *\d+\.\d{6}\] .*$/gm;

/**
 * What to show of a console that has been running for a while: what follows the kernel's
 * last message, which is the shell's greeting and its prompt. Bytes are kept as they are.
 */
export function sinceBoot(backlog: Uint8Array): Uint8Array {
  const text = latin1(backlog);
  let end = 0;
  for (const match of text.matchAll(KERNEL_LINE)) end = match.index + match[0].length;
  const rest = backlog.subarray(end);
  const first = rest.findIndex((byte) => byte !== CARRIAGE_RETURN && byte !== NEWLINE);
  return first < 0 ? new Uint8Array() : rest.subarray(first);
}

/** The line that the cursor is in: the prompt and what has been typed behind it. */
export function lastLine(backlog: Uint8Array): Uint8Array {
  return backlog.subarray(backlog.lastIndexOf(NEWLINE) + 1);
}

const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;

/** One character for each byte, so that places in the text are places in the bytes. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
