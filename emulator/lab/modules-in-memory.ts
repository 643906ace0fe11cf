import { NOTE_HEADER_BYTES, noteBytes } from "../debuginfo/elf/build-id.js";
import { type GuestModule, type StoppedKernel, sectionInMemory } from "../guest/index.js";

/** What a module's `struct module` tells, as far as /proc/modules tells it too. */
export interface ModuleInMemory {
  readonly name: string;
  /** Bytes of memory. */
  readonly size: number;
  /** Its note with the build ID (ELF), as /sys/module/NAME/notes has it; undefined if it has none. */
  readonly notes: Uint8Array | undefined;
}

const BUILD_ID = ".note.gnu.build-id";
/** Longer than any build ID, and its name. */
const LONGEST_NOTE = 256;

/** The modules that are loaded in a guest which stands still, the newest first, as in /proc/modules. */
export function modulesInMemory(
  kernel: Pick<StoppedKernel, "modules" | "read">,
): readonly ModuleInMemory[] {
  return kernel.modules().items.map((module) => ({
    name: module.name,
    size: module.regions.reduce((sum, { bytes }) => sum + bytes, 0),
    notes: buildIdOf(module, kernel),
  }));
}

function buildIdOf(
  module: GuestModule,
  kernel: Pick<StoppedKernel, "read">,
): Uint8Array | undefined {
  const section = sectionInMemory(module, BUILD_ID);
  if (section === undefined) return undefined;
  try {
    const size = noteBytes(kernel.read(section.address, NOTE_HEADER_BYTES));
    return size <= LONGEST_NOTE ? kernel.read(section.address, size) : undefined;
  } catch {
    return undefined; // It is told without its file.
  }
}
