import type { Report } from "../report.js";
import { findLine } from "./wording.js";

/** What the processor says of a page fault: Intel SDM vol. 3A, 4.7, and figure 4-12. */
export interface PageFault {
  readonly access: "read" | "write" | "execute";
  /** The page was there, and forbade the access. */
  readonly protection: boolean;
  /** The line that says so. */
  readonly evidence: string | undefined;
}

/** Bits of the error code: arch/x86/include/asm/trap_pf.h. */
const PROTECTION = 1;
const WRITE = 2;
const RESERVED_BIT = 8;
const INSTRUCTION = 16;

/** Reads the `#PF:` lines of kernels since 5.1, and `Oops: 0002` of those before. */
export function pageFault(report: Report): PageFault | undefined {
  const code =
    findLine(report, /#PF: error_code\(0x([0-9a-f]+)\)/) ??
    findLine(report, /Oops: ([0-9a-f]{4})\b/);
  const described = findLine(report, /#PF: \w+ (read|write|instruction fetch|access)/);
  if (code?.[1] === undefined && described === undefined) return undefined;
  const bits = Number.parseInt(code?.[1] ?? "0", 16);
  const execute = (bits & INSTRUCTION) !== 0 || described?.[1] === "instruction fetch";
  const write = (bits & WRITE) !== 0 || described?.[1] === "write";
  return {
    access: execute ? "execute" : write ? "write" : "read",
    protection: (bits & (PROTECTION | RESERVED_BIT)) !== 0,
    evidence: (described ?? code)?.input.trim(),
  };
}
