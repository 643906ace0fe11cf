/**
 * Where QEMU and the manual differ, the manual wins: what a recorded log would be if QEMU did what
 * the manual says. QEMU 7.2 and the Intel SDM are meant.
 */
import type { ExceptionField, LogEntry, LoggedException } from "./program-log.js";

const RESUME_FLAG = 1n << 16n;
const IN_IDT = 2n;
const EXTERNAL = 1n;
const RESERVED_BIT = 8n;
const PRESENT = 1n;

const PAGE_FAULT = 14;
/** Those that are for the instruction that RIP in the frame names: vol. 3A, table 6-1. */
const FAULTS = [0, 5, 6, 7, 10, 11, 12, 13, 14, 16, 17, 19];
/** #NP and #GP: those with selectors, and with indices of the IDT. */
const WITH_SELECTOR = [11, 13];

/** One entry of one program's log, where a rule would say too much. */
export interface Exemption {
  readonly program: string;
  /** Counted from 0. */
  readonly entry: number;
  readonly field: ExceptionField | "vector" | "value";
  readonly value: bigint;
  readonly because: string;
}

const READ_BEFORE_WRITE = "an instruction that reads and writes faults as a write";
const EARLIER_EXCEPTION = "EXT is set while an earlier exception is delivered (vol. 3A, 6.13)";
const REPEATING = "RF is set between two repetitions (vol. 3B, 17.3.1.1)";
const SYSCALL_FLAGS = "SYSCALL clears nothing that SFMASK has not (vol. 2B)";
const SYSRET_FLAGS = "SYSRET takes VIF and VIP of R11, and not VM (vol. 2B)";

export const EXEMPTIONS: readonly Exemption[] = [
  exempt("all-returns", 530, "value", 0x80n, "32-bit code has no null SS (vol. 2A, IRET)"),
  exempt("delivery", 28, "error", 0x33n, EARLIER_EXCEPTION),
  exempt("delivery", 30, "error", 0xc1n, EARLIER_EXCEPTION),
  exempt("double-fault", 2, "error", 0x33n, EARLIER_EXCEPTION),
  exempt("page-faults", 4, "error", 2n, READ_BEFORE_WRITE),
  exempt("page-faults", 13, "vector", 12n, "an address from RBP is in SS (vol. 1, 3.7.4)"),
  exempt("page-faults", 13, "handlersRsp", 0x10afc8n, "#SS has another stack in this program"),
  exempt("supervisor-protection", 3, "error", 3n, READ_BEFORE_WRITE),
  exempt("single-step", 6, "rflags", 0x10102n, REPEATING),
  exempt("single-step", 7, "rflags", 0x10102n, REPEATING),
  exempt("system-calls", 0, "value", 0x8d7n, SYSCALL_FLAGS),
  exempt("system-calls", 5, "value", 0x244ed7n, SYSCALL_FLAGS),
  exempt("system-calls", 6, "rflags", 0x3d7ed7n, SYSRET_FLAGS),
  exempt("system-calls", 7, "value", 0x3c7ed7n, SYSRET_FLAGS),
];

function exempt(
  program: string,
  entry: number,
  field: Exemption["field"],
  value: bigint,
  because: string,
): Exemption {
  return { program, entry, field, value, because };
}

/** @param log as QEMU left it */
export function correctedLog(program: string, log: readonly LogEntry[]): LogEntry[] {
  return log.map((recorded, index) => {
    const entry = recorded.kind === "exception" ? correctedException(recorded) : recorded;
    const exemptions = EXEMPTIONS.filter(
      (exemption) => exemption.program === program && exemption.entry === index,
    );
    return exemptions.reduce(withExemption, entry);
  });
}

function withExemption(entry: LogEntry, { field, value }: Exemption): LogEntry {
  if (entry.kind === "note") return { ...entry, value };
  return field === "vector" ? { ...entry, vector: Number(value) } : { ...entry, [field]: value };
}

function correctedException(entry: LoggedException): LoggedException {
  const corrected = { ...entry };
  const { vector, error } = entry;
  // Vol. 3B, 17.3.1.1: RF is set in the frame of a fault. QEMU leaves it clear.
  if (FAULTS.includes(vector)) corrected.rflags |= RESUME_FLAG;
  // Vol. 3A, 6.13: the index counts gates. QEMU's counts half gates, of 8 bytes.
  if (WITH_SELECTOR.includes(vector) && (error & IN_IDT) !== 0n) {
    corrected.error = ((error >> 4n) << 3n) | (error & (IN_IDT | EXTERNAL));
  }
  // Vol. 3A, 4.7: P is clear only if an entry was not present.
  if (vector === PAGE_FAULT && (error & RESERVED_BIT) !== 0n) corrected.error |= PRESENT;
  // Vol. 3A, 6.14.4: SS becomes null when CPL changes. QEMU's does with any IST stack.
  if ((entry.cs & 3n) === 0n) corrected.handlersSs = entry.ss;
  return corrected;
}
