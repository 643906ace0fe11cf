import type { MemoryAccess } from "../disassembly/operand-values.js";
import { registerValue } from "../disassembly/registers.js";
import { pageFault } from "./page-fault-error.js";
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

/** The operand that CR2 lies in; where there is no CR2, the only one there is. */
export function faultingOperand({ values }: Trap, scene: Scene): FaultingOperand | undefined {
  const { memory } = values;
  const access =
    memory.find(({ faulted }) => faulted) ?? (memory.length === 1 ? memory[0] : undefined);
  if (access === undefined) return undefined;
  const { base, index, displacement } = access.use;
  const { registers, arch } = scene.report;
  const bits = arch === "x86-64" ? 64 : 32;
  return {
    access,
    base,
    baseValue: base === undefined ? undefined : registerValue(registers, base),
    index,
    indexValue: index === undefined ? undefined : registerValue(registers, index),
    displacement: BigInt.asIntN(bits, displacement),
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
