import { CodeRelocations } from "../../debuginfo/code-relocations.js";
import { type GuestModule, type StoppedKernel, sectionInMemory } from "../../guest/index.js";
import type { ModuleFile } from "../module-files.js";

/** Of the bytes of a field that the loader fills in, the low ones; 64-bit fields are data. */
const FIELD_BYTES = 4;
/** The kernel patches its modules' code for the processor: some bytes differ in any case. */
const MOST_PATCHED_SHARE = 0.1;

/**
 * Which of a module's files it was made of, by its code in memory: two builds may have the same
 * functions in the same places.
 * @param files the likeliest first.
 * @returns undefined when it was made of none of them.
 */
export function loadedFile(
  files: readonly ModuleFile[],
  module: GuestModule,
  kernel: Pick<StoppedKernel, "read">,
): ModuleFile | undefined {
  let best: { readonly file: ModuleFile; readonly share: number } | undefined;
  for (const file of files) {
    const share = differingShare(file.bytes, module, kernel);
    if (share > MOST_PATCHED_SHARE || (best !== undefined && best.share <= share)) continue;
    best = { file, share };
    if (share === 0) break;
  }
  return best?.file;
}

/** How much of a file's code is other than what is in memory; 1 where it cannot be compared. */
function differingShare(
  bytes: Uint8Array,
  module: GuestModule,
  kernel: Pick<StoppedKernel, "read">,
): number {
  try {
    const relocations = new CodeRelocations(bytes);
    const { elf } = relocations;
    let [compared, differing] = [0, 0];
    for (const [index, header] of elf.sections.entries()) {
      if (!relocations.hasCode(index) || header.size === 0) continue;
      const address = sectionInMemory(module, header.name)?.address;
      if (address === undefined) continue;
      const code = elf.read(header);
      const memory = kernel.read(address, code.length);
      const isFilledIn = new Uint8Array(code.length);
      for (const { offset } of relocations.within(index, 0, code.length)) {
        isFilledIn.fill(1, offset, offset + FIELD_BYTES);
      }
      compared += code.length;
      for (const [at, byte] of code.entries()) {
        if (isFilledIn[at] === 0 && byte !== memory[at]) differing++;
      }
    }
    return compared === 0 ? 1 : differing / compared;
  } catch {
    return 1; // A file or memory that cannot be read.
  }
}
