import type { ElfFile } from "../elf.js";
import type { AddressSpace } from "./address-space.js";
import type { MemorySymbol, SymbolTable } from "./symbol-table.js";

/** Modules are laid out in whole pages (Linux 6.1, kernel/module/main.c, layout_sections). */
const PAGE = 4096;

/**
 * Whether a kernel could have printed this size for a symbol, as in `hello_write+0x35/0x60`.
 * The kernel knows no sizes: it prints the distance to the symbol that comes next, padding
 * included (kernel/kallsyms.c, get_symbol_pos; kernel/module/kallsyms.c, find_kallsyms_symbol).
 */
export function mayHaveKernelSize(
  elf: ElfFile,
  space: AddressSpace,
  symbols: SymbolTable,
  symbol: MemorySymbol,
  size: number,
): boolean {
  if (size === symbol.size) return true;
  const next = symbols.nextAddress(symbol.address);
  const sectionEnd = space.start(symbol.section) + (elf.sections[symbol.section]?.size ?? 0);
  const isLast = next === undefined || (space.relocatable && next >= sectionEnd);
  if (!isLast) return size === next - symbol.address;
  // In a module, the first symbol of the next section comes next, or the end of the last page,
  // and which section is next depends on the kernel's version.
  const rest = sectionEnd - symbol.address;
  return size >= Math.max(symbol.size, 1) && (size <= rest || size - rest < 2 * PAGE);
}
