import { CodeRelocations } from "../../debuginfo/code-relocations.js";
import { ElfError } from "../../debuginfo/elf.js";
import type { ListingContext } from "./listing.js";

/** The symbols and relocations of a module's file; undefined where it is missing or damaged. */
export async function moduleRelocations(
  module: string | undefined,
  context: ListingContext,
): Promise<CodeRelocations | undefined> {
  const bytes = module === undefined ? undefined : await context.moduleFile?.(module);
  if (bytes === undefined) return undefined;
  try {
    return new CodeRelocations(bytes);
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
