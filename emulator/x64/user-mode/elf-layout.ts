import { AMD64, I386, type ProgramClass } from "./program-class.js";

/** Where the fields of an ELF file are that lie differently in files of 32 and of 64 bits. */
export interface ElfLayout {
  readonly programClass: ProgramClass;
  readonly entry: number;
  readonly headersOffset: number;
  readonly headersCount: number;
  readonly programHeaderBytes: number;
  /** In a program header; its type is its first field. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly bytesInFile: number;
  readonly bytesInMemory: number;
}

const EM_386 = 3;
const EM_X86_64 = 62;
const ELFCLASS32 = 1;
const ELFCLASS64 = 2;

/** Elf32_Ehdr and Elf32_Phdr: System V ABI, chapters 4 and 5. */
const ELF32: ElfLayout = {
  programClass: I386,
  entry: 24,
  headersOffset: 28,
  headersCount: 44,
  programHeaderBytes: 32,
  flags: 24,
  offset: 4,
  address: 8,
  bytesInFile: 16,
  bytesInMemory: 20,
};

/** Elf64_Ehdr and Elf64_Phdr. */
const ELF64: ElfLayout = {
  programClass: AMD64,
  entry: 24,
  headersOffset: 32,
  headersCount: 56,
  programHeaderBytes: 56,
  flags: 4,
  offset: 8,
  address: 16,
  bytesInFile: 32,
  bytesInMemory: 40,
};

/** @returns `undefined`: the file's class and machine are of no program that can be run */
export function elfLayout(elfClass: number, machine: number): ElfLayout | undefined {
  if (elfClass === ELFCLASS64 && machine === EM_X86_64) return ELF64;
  return elfClass === ELFCLASS32 && machine === EM_386 ? ELF32 : undefined;
}
