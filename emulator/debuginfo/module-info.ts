import { type ElfFile, ET_REL, parseElf } from "./elf.js";

/** What a kernel module says of itself. */
export interface ModuleInfo {
  readonly name: string;
  /** Kernel release and options that it was built for, `include/linux/vermagic.h`. */
  readonly vermagic: string;
  readonly machine: number;
  readonly license: string | undefined;
  /** Modules that must be loaded before it. */
  readonly depends: readonly string[];
}

/**
 * Reads a `.ko` file's `.modinfo` section: `tag=value` strings, each ended by a NUL
 * (Linux `include/linux/moduleparam.h`, `__MODULE_INFO`).
 * @returns undefined for an ELF file that is no kernel module.
 * @throws ElfError when the bytes are not a readable ELF file.
 */
export function readModuleInfo(bytes: Uint8Array): ModuleInfo | undefined {
  const elf = parseElf(bytes);
  const tags = modinfoTags(elf);
  const name = tags.get("name");
  const vermagic = tags.get("vermagic");
  if (elf.type !== ET_REL || name === undefined || vermagic === undefined) return undefined;
  return {
    name,
    vermagic,
    machine: elf.machine,
    license: tags.get("license"),
    depends: (tags.get("depends") ?? "").split(",").filter((dependency) => dependency !== ""),
  };
}

function modinfoTags(elf: ElfFile): Map<string, string> {
  const section = elf.sections.find(({ name }) => name === ".modinfo");
  if (section === undefined) return new Map();
  const strings = new TextDecoder().decode(elf.read(section)).split("\0");
  return new Map(
    strings.flatMap((entry): [string, string][] => {
      const equals = entry.indexOf("=");
      return equals > 0 ? [[entry.slice(0, equals), entry.slice(equals + 1)]] : [];
    }),
  );
}
