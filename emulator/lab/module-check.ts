import { ElfError, machineName } from "../debuginfo/elf.js";
import { type ModuleInfo, readModuleInfo } from "../debuginfo/module-info.js";
import type { Arch } from "../machine/machine.js";
import { LabError } from "./errors.js";
import type { KernelFacts } from "./kernel-facts.js";

export type ModuleProblem =
  | { readonly kind: "not-elf" }
  | { readonly kind: "not-a-module" }
  | { readonly kind: "wrong-architecture"; readonly expected: string; readonly found: string }
  | { readonly kind: "wrong-kernel"; readonly expected: string; readonly found: string };

/** A file that the guest's kernel would refuse as a module. */
export class ModuleError extends LabError {
  override readonly name = "ModuleError";
  readonly problem: ModuleProblem;

  constructor(message: string, problem: ModuleProblem) {
    super("bad-module", message);
    this.problem = problem;
  }
}

/** `e_machine` of System V's ABI supplements. */
const MACHINES: Readonly<Record<Arch, number>> = { i686: 3, x86_64: 62 };

/**
 * Checks a module before it goes into the guest, where the kernel would only say
 * "invalid module format".
 * @param file its name, for the message.
 * @throws ModuleError
 */
export function checkModule(
  file: string,
  bytes: Uint8Array,
  arch: Arch,
  kernel: KernelFacts,
): ModuleInfo {
  const info = readOrExplain(file, bytes);
  if (info === undefined) {
    throw new ModuleError(
      `${file} is an ELF file, but no kernel module: it has no module description. ` +
        "Build it with the kernel's kbuild, and pass the .ko file, not the .o file.",
      { kind: "not-a-module" },
    );
  }
  const expectedMachine = MACHINES[arch];
  if (info.machine !== expectedMachine) {
    const expected = machineName(expectedMachine);
    const found = machineName(info.machine);
    throw new ModuleError(
      `${file} was built for ${found}, and this guest is ${expected}: build it again with ` +
        "this kernel's headers.",
      { kind: "wrong-architecture", expected, found },
    );
  }
  // The kernel compares the whole string, up to trailing blanks of the build.
  const expected = kernel.vermagic.trim();
  const found = info.vermagic.trim();
  if (found !== expected) {
    throw new ModuleError(
      `${file} was built for another kernel: build it again with this kernel's headers.\n` +
        `  expected vermagic: ${expected}\n  found:             ${found}`,
      { kind: "wrong-kernel", expected, found },
    );
  }
  return info;
}

function readOrExplain(file: string, bytes: Uint8Array): ModuleInfo | undefined {
  try {
    return readModuleInfo(bytes);
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    throw new ModuleError(`${file} is no kernel module: ${error.message}`, { kind: "not-elf" });
  }
}
