import type { CodeBytes } from "../report.js";

const CODE = /^\s*Code: ?(.*)$/;
const BYTE = /([<(]?)([0-9a-f]{2})[>)]?/g;
/** show_opcodes() prints 64 bytes; a longer line is none of its. */
const MOST_BYTES = 256;

/** Whether a line is nothing but bytes: the wrapped rest of a `Code:` line. */
export function isHexBytes(text: string): boolean {
  return /^[\s>|]*(?:[<(]?[0-9a-f]{2}[>)]?(?:\s+|$)){1,128}$/.test(text);
}

/** Whether a line is a `Code:` line, with or without bytes. */
export function isCodeLine(text: string): boolean {
  return CODE.test(text);
}

/**
 * Reads a `Code:` line: arch/x86/kernel/dumpstack.c, show_opcodes(). The instruction pointer's
 * byte stands in `<>`, in `()` where the kernel is older than 2.6.
 * @returns undefined where the kernel could not read the bytes, or no byte is marked.
 */
export function readCode(line: string): CodeBytes | undefined {
  const text = CODE.exec(line)?.[1]?.trim();
  if (text === undefined || !/^[\s0-9a-f<>()]+$/.test(text)) return undefined;
  const bytes: number[] = [];
  let trapOffset = -1;
  for (const [, mark, byte] of text.matchAll(BYTE)) {
    if (bytes.length >= MOST_BYTES) return undefined;
    if (mark !== "" && trapOffset < 0) trapOffset = bytes.length;
    bytes.push(Number.parseInt(byte ?? "0", 16));
  }
  if (trapOffset < 0) return undefined;
  return { bytes: Uint8Array.from(bytes), trapOffset, text };
}
