import { type DebugFile, GuardedDebugInfo, openDebugFile } from "../debuginfo/index.js";

/** What a module's file says of its code. */
export interface OpenedModuleFile {
  readonly bytes: Uint8Array;
  readonly file: DebugFile;
  readonly debugInfo: GuardedDebugInfo;
  /** The index of a section of a name. */
  readonly sections: ReadonlyMap<string, number>;
}

/** Kept for as long as their bytes are: the next report or autopsy does not read them again. */
const openedFiles = new WeakMap<Uint8Array, OpenedModuleFile>();

/**
 * Opens the file of a module.
 * @throws ElfError, DwarfError
 */
export function openModuleFile(bytes: Uint8Array): OpenedModuleFile {
  const known = openedFiles.get(bytes);
  if (known !== undefined) return known;
  const file = openDebugFile(bytes);
  const opened = {
    bytes,
    file,
    debugInfo: new GuardedDebugInfo(file),
    sections: new Map(file.elf.sections.map(({ name }, index) => [name, index])),
  };
  openedFiles.set(bytes, opened);
  return opened;
}
