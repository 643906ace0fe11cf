import type { Report, ReportKind } from "../report.js";

/**
 * The lines that tell a fault's address: arch/x86/mm/fault.c, show_fault_oops(), with the forms
 * of kernels before 5.1, and arch/x86/kernel/traps.c, exc_general_protection().
 */
const FAULT =
  /^(?:BUG: .*(?:dereference|request|fault)(?:, address:| for address:| at)? |.*for non-canonical address 0x)([0-9a-f]{8,16})\b/;

/** CR2 keeps the address of the last page fault: Intel SDM vol. 3A, 2.5. In others it is an old one. */
const PAGE_FAULTS: ReadonlySet<ReportKind> = new Set([
  "null-dereference",
  "page-fault",
  "double-fault",
  "stack-overflow",
]);

/**
 * The address at which a fault happened. The first line tells it better than CR2: when the
 * kernel prints the registers, it may have had another fault in reading the code.
 */
export function faultAddress({ kind, text, registers }: Report): bigint | undefined {
  for (const line of text) {
    const [, address] = FAULT.exec(line) ?? [];
    if (address !== undefined) return BigInt(`0x${address}`);
  }
  return PAGE_FAULTS.has(kind) ? registers.get("cr2") : undefined;
}

/** A report's registers with CR2 as it was when the instruction trapped, if that was a fault. */
export function registersAtTrap(report: Report): ReadonlyMap<string, bigint> {
  const registers = new Map(report.registers);
  const address = faultAddress(report);
  if (address === undefined) registers.delete("cr2");
  else registers.set("cr2", address);
  return registers;
}
