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
/** Of a note (ELF gABI, "Note Section"): the sizes of name and description, and the type. */
const HEADER_BYTES = 12;
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
    const header = kernel.read(section.address, HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const size = HEADER_BYTES + aligned(view.getUint32(0, true)) + aligned(view.getUint32(4, true));
    return size <= LONGEST_NOTE ? kernel.read(section.address, size) : undefined;
  } catch {
    return undefined; // It is told without its file.
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
