import {
  DW_AT_abstract_origin,
  DW_AT_linkage_name,
  DW_AT_MIPS_linkage_name,
  DW_AT_name,
  DW_AT_specification,
} from "./constants.js";
import { corruptSection } from "./dwarf-error.js";
import { readForm } from "./forms.js";
import type { Unit } from "./unit.js";

/** References that lead from entry to entry before a name is found. Two is what occurs. */
const LONGEST_REFERENCE_CHAIN = 16;

const corrupt = corruptSection(".debug_info");

/**
 * The name of the subroutine that an entry describes, itself or through the entries that it
 * refers to: the one that linkers see, or else the source's. DWARF 5, 2.13.2 and 3.3.8.1.
 * @param offset of the entry, in .debug_info.
 * @throws DwarfError
 */
export function subroutineName(unit: Unit, offset: number): string | undefined {
  let owner = unit;
  let at = offset;
  let sourceName: string | undefined;
  for (let step = 0; step < LONGEST_REFERENCE_CHAIN; step++) {
    const { linkageName, name, refersTo } = readEntry(owner, at);
    if (linkageName !== undefined) return linkageName;
    sourceName ??= name;
    if (refersTo === undefined) return sourceName;
    const next = owner.context.unitAt(refersTo);
    if (next === undefined) throw corrupt(`an entry refers to ${refersTo}, in no unit`);
    owner = next;
    at = refersTo;
  }
  throw corrupt(`the entry at ${offset} has its name behind an endless chain of references`);
}

interface NameEntry {
  linkageName?: string | undefined;
  name?: string | undefined;
  /** The entry that this one continues. */
  refersTo?: number | undefined;
}

function readEntry(unit: Unit, offset: number): NameEntry {
  const reader = unit.reader(offset);
  const code = reader.uleb128();
  if (code === 0) throw corrupt(`a reference leads to ${offset}, where no entry is`);
  const { attributes } = unit.abbreviations().find(code);
  const found: NameEntry = {};
  for (let at = 0; at < attributes.length; at += 3) {
    const form = attributes[at + 1] ?? 0;
    const value = readForm(reader, form, attributes[at + 2] ?? 0, unit.header);
    switch (attributes[at]) {
      case DW_AT_linkage_name:
      case DW_AT_MIPS_linkage_name:
        found.linkageName ??= unit.string(value);
        break;
      case DW_AT_name:
        found.name ??= unit.string(value);
        break;
      case DW_AT_abstract_origin:
      case DW_AT_specification:
        found.refersTo ??= unit.reference(value);
        break;
    }
  }
  const nameLength = (found.linkageName?.length ?? 0) + (found.name?.length ?? 0);
  unit.context.sections.budget.spend(reader.position - offset + nameLength);
  return found;
}
