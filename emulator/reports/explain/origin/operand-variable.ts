import {
  type CodeRelocations,
  type ModuleSymbol,
  type Relocation,
  relocationTarget,
} from "../../../debuginfo/code-relocations.js";
import type { CodePlace } from "../../../debuginfo/debug-info.js";
import type { Step } from "./function-code.js";

/** What an instruction does with a variable that a relocation of it refers to. */
export interface VariableUse {
  readonly relocation: Relocation;
  readonly variable: ModuleSymbol | undefined;
  /** The name of what it refers to, also when that lies in another file. */
  readonly name: string | undefined;
  /** `address`: the variable's address is the operand, so anything may happen to it. */
  readonly use: "read" | "write" | "read-write" | "address" | "call";
}

/** Fields of operands have four bytes; a `movabs` has eight, and only its address is one. */
const FIELD_BYTES = 4;

/**
 * The variables that an instruction refers to through relocations.
 * @param start where the instruction's function begins.
 */
export function variableUses(
  step: Step,
  start: CodePlace,
  relocations: CodeRelocations,
): VariableUse[] {
  const end = start.offset + step.offset + step.instruction.bytes.length;
  return step.relocations.map((relocation) => {
    const target = relocationTarget(relocation, end);
    const variable = target && relocations.variableAt(target);
    return {
      relocation,
      variable,
      name: variable?.name ?? relocation.symbol,
      use: useOf(step, relocation, start),
    };
  });
}

function useOf(step: Step, relocation: Relocation, start: CodePlace): VariableUse["use"] {
  const { instruction, accesses, offset } = step;
  if (instruction.target !== undefined) return "call";
  const fieldEnd = relocation.offset - (start.offset + offset) + FIELD_BYTES;
  // An immediate is the last field of an instruction: Intel SDM vol. 2A, figure 2-1.
  const isImmediate = instruction.text.includes("$") && fieldEnd >= instruction.bytes.length;
  if (isImmediate) return "address";
  const stack = new Set(["esp", "rsp"]);
  const memory = accesses.memory.find(({ base }) => base === undefined || !stack.has(base));
  // lea, and whatever else has an operand in memory and does not go there.
  return memory?.access ?? "address";
}
