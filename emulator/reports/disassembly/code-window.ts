import type { CodeRelocations } from "../../debuginfo/code-relocations.js";
import type { CodePlace, DebugInfo } from "../../debuginfo/debug-info.js";
import { framePlace } from "../frame-place.js";
import type { CodeBytes, Frame, Report } from "../report.js";
import type { Disassembler } from "./instruction.js";
import { startOfRun } from "./instruction-boundaries.js";

/** A stretch of code to be listed, from the start of an instruction on. */
export interface CodeWindow {
  readonly bits: 32 | 64;
  readonly code: Uint8Array;
  /** Where in `code` the instruction begins that the listing is about. */
  readonly marked: number;
  /** Of the first byte of `code`. */
  readonly address: bigint | undefined;
  /** Of the function that the marked instruction lies in. */
  readonly symbol: string | undefined;
  /** In bytes. */
  readonly symbolSize: number | undefined;
  /** Of the first byte of `code`, from the symbol's start. */
  readonly symbolOffset: number | undefined;
  readonly debugInfo: DebugInfo | undefined;
  /** Whether the code is as it runs, and not as in a module's file, with fields still to be filled. */
  readonly loaded: boolean;
  /** What the loader fills into the code of a module's file. */
  readonly relocations: CodeRelocations | undefined;
  /** Of the first byte of `code`, in the file of `debugInfo`. */
  readonly place: CodePlace | undefined;
}

/** What is looked at in front of the marked instruction, and from its start on. */
const BYTES_IN_FRONT = 64;
const BYTES_BEHIND = 64;

/** The frame of a report's instruction pointer. */
export function trapFrame(report: Report): Frame | undefined {
  return report.frames.find(({ role, trace }) => role === "instruction" && trace === "call");
}

/**
 * The code of a report's `Code:` line. Where instructions begin in it is exact when the file's own
 * code is at hand to count from the function's start; otherwise it is concluded from the bytes.
 */
export function reportWindow(
  report: Report,
  disassembler: Disassembler,
  debugInfo: DebugInfo | undefined,
): CodeWindow | undefined {
  const { registers } = report;
  const code = report.code && clipped(report.code);
  if (code === undefined) return undefined;
  const frame = trapFrame(report);
  const bits = report.arch === "x86-64" ? 64 : 32;
  const place = frame && debugInfo?.bits === bits ? framePlace(debugInfo, frame) : undefined;
  const offset = frame?.offset;
  const meetsTrap = (start: number): boolean =>
    start >= 0 &&
    disassembler
      .decode(code.bytes.subarray(start, code.trapOffset), bits, 0n)
      .every(({ text }) => text !== "(bad)");
  const known =
    offset !== undefined && offset <= code.trapOffset
      ? [code.trapOffset - offset]
      : place && debugInfo && startsInFile(debugInfo, place, code.trapOffset, disassembler);
  const first =
    known?.find(meetsTrap) ?? startOfRun(disassembler, code.bytes, bits, code.trapOffset);
  const pointer = registers.get(bits === 64 ? "rip" : "eip") ?? frame?.address;
  const behind = code.trapOffset - first;
  return {
    bits,
    code: code.bytes.subarray(first),
    marked: behind,
    address: pointer === undefined ? undefined : pointer - BigInt(behind),
    symbol: frame?.symbol,
    symbolSize: frame?.size,
    symbolOffset: offset === undefined ? undefined : offset - behind,
    debugInfo: place && debugInfo,
    loaded: true,
    relocations: undefined,
    place: place && { ...place, offset: place.offset - behind },
  };
}

/**
 * The bytes near the instruction pointer: the kernel prints 64, unless it is told otherwise
 * (`code_bytes=`, arch/x86/kernel/dumpstack.c).
 */
function clipped({ bytes, trapOffset }: CodeBytes): Omit<CodeBytes, "text"> | undefined {
  if (!(trapOffset >= 0 && trapOffset < bytes.length)) return undefined;
  const from = Math.max(0, trapOffset - BYTES_IN_FRONT);
  return {
    bytes: bytes.subarray(from, trapOffset + BYTES_BEHIND),
    trapOffset: trapOffset - from,
  };
}

/**
 * Where instructions begin according to the file, as offsets into the report's bytes. The
 * running code may differ from the file's (alternatives, relocations, static keys), but where
 * one replaces another both begin and end at the same bytes. So the running code is decoded from
 * one of these on, and has to meet the trap.
 */
function startsInFile(
  debugInfo: DebugInfo,
  trap: CodePlace,
  trapOffset: number,
  disassembler: Disassembler,
): number[] {
  const symbol = debugInfo.symbolAt(trap);
  if (symbol === undefined) return [];
  const length = trap.offset - symbol.place.offset;
  return offsetsOf(disassembler, debugInfo, symbol.place, length).map(
    (start) => start - length + trapOffset,
  );
}

function offsetsOf(
  disassembler: Disassembler,
  debugInfo: DebugInfo,
  place: CodePlace,
  length: number,
): number[] {
  let at = 0;
  return disassembler.decode(debugInfo.code(place, length), debugInfo.bits, 0n).map(({ bytes }) => {
    const start = at;
    at += bytes.length;
    return start;
  });
}

/** The code around a frame, from the file alone. */
export function fileWindow(
  frame: Frame,
  disassembler: Disassembler,
  debugInfo: DebugInfo,
  relocations: CodeRelocations | undefined,
): CodeWindow | undefined {
  const place = framePlace(debugInfo, frame);
  const symbol = place && debugInfo.symbolAt(place);
  if (place === undefined || symbol === undefined) return undefined;
  const into = place.offset - symbol.place.offset;
  const starts = offsetsOf(disassembler, debugInfo, symbol.place, into + 1);
  const marked = starts.at(-1);
  const first = starts.find((start) => start >= into - BYTES_IN_FRONT);
  if (marked === undefined || first === undefined) return undefined;
  const start = { section: symbol.place.section, offset: symbol.place.offset + first };
  const end = Math.min(symbol.size > into ? symbol.size : into + 1, into + BYTES_BEHIND);
  return {
    bits: debugInfo.bits,
    code: debugInfo.code(start, end - first),
    marked: marked - first,
    address: undefined,
    symbol: symbol.name,
    symbolSize: symbol.size,
    symbolOffset: first,
    debugInfo,
    loaded: frame.module === undefined,
    relocations,
    place: start,
  };
}
