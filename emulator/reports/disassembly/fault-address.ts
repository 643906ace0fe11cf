import type { Report } from "../report.js";

/** arch/x86/mm/fault.c, show_fault_oops(), and the forms of kernels before 5.1. */
const FAULT =
  /^BUG: .*(?:dereference|request|fault)(?:, address:| for address:| at)? ([0-9a-f]{8,16})\b/;

/**
 * The address at which a page fault happened. The first line tells it better than CR2: when the
 * kernel prints the registers, it may have had another fault in reading the code.
 */
export function faultAddress({ text, registers }: Report): bigint | undefined {
  for (const line of text) {
    const [, address] = FAULT.exec(line) ?? [];
    if (address !== undefined) return BigInt(`0x${address}`);
  }
  return registers.get("cr2");
}

/** A report's registers with CR2 as it was when the instruction trapped. */
export function registersAtTrap(report: Report): ReadonlyMap<string, bigint> {
  const address = faultAddress(report);
  return address === undefined
    ? report.registers
    : new Map([...report.registers, ["cr2", address]]);
}
