import { ElfError, type ElfFile, machineName, parseElf } from "../debuginfo/elf.js";
import type { Arch } from "../machine/machine.js";
import { LabError } from "./errors.js";

export type ProgramProblem =
  | { readonly kind: "not-executable" }
  | { readonly kind: "wrong-architecture"; readonly found: string }
  | { readonly kind: "dynamically-linked" };

/** A file that the guest cannot run as a program. */
export class ProgramError extends LabError {
  override readonly name = "ProgramError";
  readonly problem: ProgramProblem;

  constructor(message: string, problem: ProgramProblem) {
    super("bad-program", message);
    this.problem = problem;
  }
}

/** `e_machine` values that a kernel runs: an x86-64 kernel runs i386 programs, too. */
const MACHINES: Readonly<Record<Arch, readonly number[]>> = { i686: [3], x86_64: [3, 62] };
const ADVICE: Readonly<Record<Arch, string>> = {
  i686: "The guest runs static i386 programs (cc -m32 -static) and scripts that begin with #!.",
  x86_64: "The guest runs static programs (cc -static) and scripts that begin with #!.",
};
/** `e_type`: ET_EXEC, and ET_DYN, which position-independent programs are. */
const PROGRAM_TYPES = [2, 3];

/**
 * Checks a program before it goes into the guest, where the kernel would only say "exec
 * format error", or "no such file" of a dynamic linker that is not there.
 * @param file its name, for the message.
 * @throws ProgramError
 */
export function checkProgram(file: string, bytes: Uint8Array, arch: Arch): void {
  if (bytes[0] === 0x23 && bytes[1] === 0x21) return; // A script: `#!`
  const advice = ADVICE[arch];
  const elf = parseOrExplain(file, bytes, advice);
  if (!MACHINES[arch].includes(elf.machine)) {
    const found = machineName(elf.machine);
    throw new ProgramError(`${file} was built for ${found}. ${advice}`, {
      kind: "wrong-architecture",
      found,
    });
  }
  if (!PROGRAM_TYPES.includes(elf.type)) {
    throw new ProgramError(`${file} is an object file and no program. ${advice}`, {
      kind: "not-executable",
    });
  }
  if (elf.sections.some(({ name }) => name === ".interp")) {
    throw new ProgramError(
      `${file} is dynamically linked, and the guest has no shared libraries but gdb's own. ${advice}`,
      { kind: "dynamically-linked" },
    );
  }
}

function parseOrExplain(file: string, bytes: Uint8Array, advice: string): ElfFile {
  try {
    return parseElf(bytes);
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    throw new ProgramError(`${file} cannot be run: ${error.message} ${advice}`, {
      kind: "not-executable",
    });
  }
}
