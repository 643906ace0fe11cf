import { describe, expect, it } from "vitest";
import { checkProgram, ProgramError } from "./program-check.js";

const ET_REL = 1;
const ET_EXEC = 2;
const EM_386 = 3;
const EM_X86_64 = 62;

/** An ELF file of 32 bits with sections of these names and no content: System V ABI, 4. */
function elf32(type: number, machine: number, sectionNames: readonly string[] = []): Uint8Array {
  const names = ["", ...sectionNames, ".shstrtab"];
  const strings = new TextEncoder().encode(names.map((name) => `${name}\0`).join(""));
  const bytes = new Uint8Array(52 + strings.length + names.length * 40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  bytes.set(strings, 52);
  view.setUint16(16, type, true);
  view.setUint16(18, machine, true);
  view.setUint32(32, 52 + strings.length, true); // e_shoff
  view.setUint16(48, names.length, true); // e_shnum
  view.setUint16(50, names.length - 1, true); // e_shstrndx
  let nameOffset = 0;
  names.forEach((name, index) => {
    const at = 52 + strings.length + index * 40;
    view.setUint32(at, nameOffset, true);
    if (name === ".shstrtab") {
      view.setUint32(at + 4, 3, true); // sh_type: SHT_STRTAB
      view.setUint32(at + 16, 52, true); // sh_offset
      view.setUint32(at + 20, strings.length, true); // sh_size
    }
    nameOffset += name.length + 1;
  });
  return bytes;
}

function problemOf(bytes: Uint8Array): unknown {
  try {
    checkProgram("prog", bytes, "i686");
    return undefined;
  } catch (error) {
    if (error instanceof ProgramError) return error.problem;
    throw error;
  }
}

describe("checkProgram", () => {
  it("takes a static program of the guest's architecture, and scripts", () => {
    expect(problemOf(elf32(ET_EXEC, EM_386, [".text"]))).toBeUndefined();
    expect(problemOf(new TextEncoder().encode("#!/bin/sh\necho hi\n"))).toBeUndefined();
  });

  it("says why it takes no other file", () => {
    expect(problemOf(new TextEncoder().encode("echo hi\n"))).toEqual({ kind: "not-executable" });
    expect(problemOf(new Uint8Array())).toEqual({ kind: "not-executable" });
    expect(problemOf(elf32(ET_REL, EM_386))).toEqual({ kind: "not-executable" });
    expect(problemOf(elf32(ET_EXEC, EM_386, [".interp"]))).toEqual({ kind: "dynamically-linked" });
    expect(problemOf(elf32(ET_EXEC, EM_X86_64))).toEqual({
      kind: "wrong-architecture",
      found: "x86-64",
    });
  });

  it("takes programs of 32 bits for an x86-64 kernel", () => {
    expect(() => checkProgram("prog", elf32(ET_EXEC, EM_386), "x86_64")).not.toThrow();
  });

  it("tells what to do", () => {
    expect(() => checkProgram("./t", elf32(ET_EXEC, EM_X86_64), "i686")).toThrow(
      "./t was built for x86-64. The guest runs static i386 programs (cc -m32 -static)",
    );
  });
});
