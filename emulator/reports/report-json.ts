import type { SourceLocation } from "../debuginfo/debug-info.js";
import { relativeToKernelTree } from "../debuginfo/kernel-tree-path.js";
import type { DecodedFrame, DecodedReport } from "./decode.js";
import { formatListing } from "./disassembly/index.js";
import { formatFrame, type ReportArch, type ReportKind, type Taint } from "./report.js";

/** A frame of a decoded report as JSON. */
export interface FrameJson {
  readonly symbol: string | null;
  /** Bytes. */
  readonly offset: number | null;
  readonly size: number | null;
  readonly module: string | null;
  /** Hexadecimal, with 0x. */
  readonly address: string | null;
  /** False for what the kernel's unwinder marks by `?`. */
  readonly sure: boolean;
  readonly trace: string;
  readonly stack: string;
  /** The inline chain, innermost first. Files of the kernel are relative to its tree. */
  readonly locations: readonly SourceLocation[];
}

/** A decoded report as JSON: what `kspace decode --json` prints an array of. */
export interface ReportJson {
  readonly kind: ReportKind;
  readonly title: string;
  readonly message: string;
  /** One sentence in plain language. */
  readonly sentence: string;
  readonly evidence: readonly string[];
  readonly arch: ReportArch | null;
  /** Since boot. */
  readonly seconds: number | null;
  readonly cpu: number | null;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly kernel: string | null;
  readonly taint: readonly Taint[];
  /** What is missing or damaged; null for a whole report. */
  readonly corrupted: string | null;
  /** As the kernel writes a frame: `hello_write+0x35/0x60 [hello]`. */
  readonly culprit: string | null;
  readonly frames: readonly FrameJson[];
  /** Hexadecimal, with 0x, by lower-case name. */
  readonly registers: Readonly<Record<string, string>>;
  /** As the kernel prints it, the byte at the instruction pointer in `<>`. */
  readonly code: string | null;
  /** The code around the instruction pointer, as lines of text. */
  readonly disassembly: readonly string[];
  readonly modules: readonly string[] | null;
  /** Of the log, counting from 1, both included. */
  readonly lines: readonly [first: number, last: number];
}

export function reportJson(decoded: DecodedReport): ReportJson {
  const { report, explanation } = decoded;
  return {
    kind: report.kind,
    title: report.title,
    message: report.message,
    sentence: explanation.sentence,
    evidence: explanation.evidence,
    arch: report.arch ?? null,
    seconds: report.seconds ?? null,
    cpu: report.cpu ?? null,
    pid: report.pid ?? null,
    comm: report.comm ?? null,
    kernel: report.kernel ?? null,
    taint: report.taint,
    corrupted: report.corrupted ?? null,
    culprit: report.culprit === undefined ? null : formatFrame(report.culprit),
    frames: decoded.frames.map(frameJson),
    registers: Object.fromEntries(
      [...report.registers].map(([name, value]) => [name, hex(value)] as const),
    ),
    code: report.code?.text ?? null,
    disassembly: formatListing(decoded.trapListing),
    modules: report.modules ?? null,
    lines: report.lines,
  };
}

/** A frame as `kspace decode --json` has it. */
export function frameJson({ frame, locations }: DecodedFrame): FrameJson {
  return {
    symbol: frame.symbol ?? null,
    offset: frame.offset ?? null,
    size: frame.size ?? null,
    module: frame.module ?? null,
    address: frame.address === undefined ? null : hex(frame.address),
    sure: frame.sure,
    trace: frame.trace,
    stack: frame.stack,
    locations: locations.map((location) => ({
      ...location,
      file: relativeToKernelTree(location.file),
    })),
  };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
