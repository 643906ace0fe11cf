import type { CodeRelocations, ModuleSymbol } from "../../../debuginfo/code-relocations.js";
import type { CodePlace } from "../../../debuginfo/debug-info.js";
import type { Disassembler } from "../../disassembly/index.js";
import { decodeSteps } from "./function-code.js";
import { variableUses } from "./operand-variable.js";

/** What a module's code does to one of its variables. */
export interface VariableStores {
  /** The functions with an instruction that stores to it. */
  readonly storedBy: readonly string[];
  /**
   * Its address is taken, or stands in data, or other modules may have it: so it may be set
   * where no instruction of this module shows it.
   */
  readonly mayBeSetElsewhere: boolean;
}

/** A distance counts from the end of its instruction, so a field may name a place so far off. */
const LONGEST_INSTRUCTION_BYTES = 15;

/** Looks through all code and data of a module for what may store to a variable. */
export function variableStores(
  relocations: CodeRelocations,
  variable: ModuleSymbol,
  disassembler: Disassembler,
): VariableStores {
  // EXPORT_SYMBOL() leaves a symbol of this name: include/linux/export.h.
  let mayBeSetElsewhere = relocations.hasSymbol(`__ksymtab_${variable.name}`);
  const functions = new Set<ModuleSymbol>();
  for (const { section, relocation } of relocations.all()) {
    const slack = relocation.relative ? LONGEST_INSTRUCTION_BYTES : 0;
    if (relocation.place === undefined || !isNear(relocation.place, variable, slack)) continue;
    const fn = relocations.functionAt({ section, offset: relocation.offset });
    if (fn === undefined) mayBeSetElsewhere = true;
    else functions.add(fn);
  }
  const storedBy: string[] = [];
  for (const fn of functions) {
    const code = relocations.code(fn);
    const steps = decodeSteps(fn, code, relocations.bits, disassembler, relocations);
    const uses = steps
      .flatMap((step) => variableUses(step, fn.place, relocations))
      .filter((use) => use.variable === variable)
      .map(({ use }) => use);
    if (uses.some((use) => use === "write" || use === "read-write")) storedBy.push(fn.name);
    if (uses.includes("address") || uses.includes("call")) mayBeSetElsewhere = true;
  }
  return { storedBy, mayBeSetElsewhere };
}

function isNear(target: CodePlace, { place, size }: ModuleSymbol, slack: number): boolean {
  return (
    target.section === place.section &&
    target.offset >= place.offset - slack &&
    target.offset < place.offset + size + slack
  );
}
