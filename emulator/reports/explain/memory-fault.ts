import { faultAddress } from "../disassembly/fault-address.js";
import type { MemoryAccess } from "../disassembly/operand-values.js";
import { registerValue } from "../disassembly/registers.js";
import { pageFault } from "./page-fault-error.js";
import { isCanonical } from "./pointer-patterns.js";
import type { Scene, Trap } from "./scene.js";
import { count, hex } from "./wording.js";

/** Below it an address is an offset from NULL, not a place: the kernel maps nothing there. */
export const NULL_PAGE = 0x1000n;

/** The memory operand at which the fault happened. */
export interface FaultingOperand {
  readonly access: MemoryAccess;
  readonly base: string | undefined;
  readonly baseValue: bigint | undefined;
  readonly index: string | undefined;
  readonly indexValue: bigint | undefined;
  /** Signed. */
  readonly displacement: bigint;
}

/**
 * The operand that the fault's address lies in; where that is not known, the one that is not
 * canonical, or the only one. None when the registers lead elsewhere: then they are damaged, or
 * of another moment.
 */
export function faultingOperand({ values }: Trap, scene: Scene): FaultingOperand | undefined {
  const { memory } = values;
  const fault = faultAddress(scene.report);
  const only = memory.length === 1 ? memory[0] : undefined;
  const fitting = fault === undefined || only?.address === undefined ? only : undefined;
  const wild = memory.find(({ address }) => address !== undefined && !isCanonical(address));
  const access =
    memory.find(({ faulted }) => faulted) ?? (fault === undefined ? wild : undefined) ?? fitting;
  if (access === undefined) return undefined;
  const { base, index, segment } = access.use;
  const { registers, arch } = scene.report;
  const bits = arch === "x86-64" ? 64 : 32;
  const displacement = BigInt.asIntN(bits, access.use.displacement);
  const baseValue = base === undefined ? undefined : registerValue(registers, base);
  // Where the registers are missing, the fault's address tells what the only one was.
  const isAlone = index === undefined && segment !== "fs" && segment !== "gs";
  const concluded =
    isAlone && base !== undefined && fault !== undefined && pageFault(scene.report) !== undefined
      ? BigInt.asUintN(bits, fault - displacement)
      : undefined;
  return {
    access,
    base,
    baseValue: baseValue ?? concluded,
    index,
    indexValue: index === undefined ? undefined : registerValue(registers, index),
    displacement,
  };
}

/** `read 4 bytes at`, `wrote 1 byte to`, as the instruction shows it, else as the error code does. */
export function accessPhrase(scene: Scene, operand: FaultingOperand | undefined): string {
  const fault = pageFault(scene.report);
  // An instruction that does both faults on the first access, which the error code names.
  const kind = fault?.access ?? operand?.access.access ?? "read";
  const size = operand?.access.size;
  const amount = size === undefined ? "" : ` ${count(size, "byte")}`;
  if (kind === "execute") return "tried to execute code at";
  if (kind === "write") return size === undefined ? "wrote to" : `wrote${amount} to`;
  if (kind === "read") return size === undefined ? "read from" : `read${amount} at`;
  return `accessed${amount} at`;
}

/** `4 bytes at address 0x10`; the sizes of addresses are the report's own. */
export function atAddress(address: bigint | undefined): string {
  return address === undefined
    ? "an address that the report does not tell"
    : `address ${hex(address)}`;
}
