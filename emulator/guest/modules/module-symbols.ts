import { GuestError } from "../errors.js";
import type { ModuleSymbol } from "../guest-module.js";
import type { KernelView } from "../kernel-view.js";
import type { Structure } from "../memory/structure.js";
import { StructureArray } from "../memory/structure-array.js";

/** The largest modules have some ten thousand. */
const MOST_SYMBOLS = 200_000;
/** KSYM_NAME_LEN, include/linux/kallsyms.h. */
const LONGEST_NAME = 512;
/** A symbol of another module or of the kernel, SHN_UNDEF. */
const UNDEFINED = 0n;

/**
 * The symbols that the kernel keeps of a module for its own traces (`struct mod_kallsyms`): with
 * the types that /proc/kallsyms shows, but without the capitals of those that are exported.
 */
export function readModuleSymbols(view: KernelView, module: Structure): readonly ModuleSymbol[] {
  const pointer = module.has("kallsyms") ? module.pointer("kallsyms") : undefined;
  if (pointer === undefined) return [];
  const table = view.structure("mod_kallsyms", pointer);
  const count = table.number("num_symtab");
  const symtab = table.pointer("symtab");
  const strtab = table.pointer("strtab");
  if (count === 0 || symtab === undefined || strtab === undefined) return [];
  if (count > MOST_SYMBOLS) {
    throw new GuestError("damaged", `A module cannot have ${count} symbols.`, pointer);
  }
  const entries = new StructureArray(view, view.arch.elfSymbol, symtab, count);
  // Before 5.2 the type overwrote the symbol's own st_info.
  const typetab = table.has("typetab") ? table.pointer("typetab") : undefined;
  const types = typetab === undefined ? undefined : view.memory.read(typetab, count);
  const symbols: ModuleSymbol[] = [];
  // The first symbol of an ELF file is none.
  for (let index = 1; index < count; index++) {
    if (entries.unsigned(index, "st_shndx") === UNDEFINED) continue;
    const name = view.memory.text(strtab + entries.unsigned(index, "st_name"), LONGEST_NAME);
    if (name === "") continue;
    symbols.push({
      name,
      address: entries.unsigned(index, "st_value"),
      bytes: Number(entries.unsigned(index, "st_size")),
      type: String.fromCharCode(types?.[index] ?? Number(entries.unsigned(index, "st_info"))),
    });
  }
  return symbols;
}
