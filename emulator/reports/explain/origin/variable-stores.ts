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

/** Looks through all code and data of a module for what may store to a variable. */
export function variableStores(
  relocations: CodeRelocations,
  variable: ModuleSymbol,
  disassembler: Disassembler,
): VariableStores {
  const storedBy: string[] = [];
  // EXPORT_SYMBOL() leaves a symbol of this name: include/linux/export.h.
  let mayBeSetElsewhere = relocations.hasSymbol(`__ksymtab_${variable.name}`);
  for (const fn of relocations.functions) {
    if (!relocations.hasCode(fn.place.section)) continue;
    const steps = decodeSteps(
      fn,
      relocations.code(fn),
      relocations.bits,
      disassembler,
      relocations,
    );
    const uses = steps
      .flatMap((step) => variableUses(step, fn.place, relocations))
      .filter((use) => isSame(use.variable, variable))
      .map(({ use }) => use);
    if (uses.some((use) => use === "write" || use === "read-write")) storedBy.push(fn.name);
    if (uses.includes("address") || uses.includes("call")) mayBeSetElsewhere = true;
  }
  for (const { section, relocation } of relocations.all()) {
    if (relocation.place === undefined || lies(section, relocation.offset, relocations)) continue;
    const target = relocations.hasCode(section) ? undefined : relocation.place;
    if (target !== undefined && inside(target, variable)) mayBeSetElsewhere = true;
  }
  return { storedBy, mayBeSetElsewhere };
}

/** The field lies in a function, which was looked at already. */
function lies(section: number, offset: number, relocations: CodeRelocations): boolean {
  return relocations.functions.some(
    ({ place, size }) =>
      place.section === section && place.offset <= offset && offset < place.offset + size,
  );
}

function isSame(found: ModuleSymbol | undefined, variable: ModuleSymbol): boolean {
  return (
    found !== undefined &&
    found.place.section === variable.place.section &&
    found.place.offset === variable.place.offset
  );
}

function inside({ section, offset }: CodePlace, { place, size }: ModuleSymbol): boolean {
  return section === place.section && offset >= place.offset && offset < place.offset + size;
}
