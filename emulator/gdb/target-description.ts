import type { Arch } from "../machine/machine.js";

/**
 * The registers of a target, in the order in which `g` packets have them, and the XML that
 * tells gdb so: GDB manual, appendix G, "Target Descriptions", with the features of G.5.5,
 * "i386 Features".
 */

export interface RegisterLayout {
  readonly name: string;
  readonly bits: number;
  /** A type that gdb knows, or one that the feature defines. */
  readonly type: string;
  /** Of `info registers GROUP`; by default gdb decides by the type. */
  readonly group?: string;
}

interface Feature {
  readonly name: string;
  /** Types that its registers have, as XML. */
  readonly types: string;
  readonly registers: readonly RegisterLayout[];
}

/** Intel SDM vol. 1, 3.4.3: the flags that are bits of their own. */
const FLAGS: readonly (readonly [name: string, bit: number])[] = [
  ["CF", 0],
  ["PF", 2],
  ["AF", 4],
  ["ZF", 6],
  ["SF", 7],
  ["TF", 8],
  ["IF", 9],
  ["DF", 10],
  ["OF", 11],
  ["NT", 14],
  ["RF", 16],
  ["VM", 17],
  ["AC", 18],
  ["VIF", 19],
  ["VIP", 20],
  ["ID", 21],
];

const FLAGS_TYPE = [
  '<flags id="i386_eflags" size="4">',
  ...FLAGS.map(([name, bit]) => `<field name="${name}" start="${bit}" end="${bit}"/>`),
  "</flags>",
].join("");

const SEGMENTS = ["cs", "ss", "ds", "es", "fs", "gs"];
const X87_CONTROL = ["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"];

const EFLAGS: RegisterLayout = { name: "eflags", bits: 32, type: "i386_eflags" };

/** gdb takes no target for an i386 that lacks one of them, so they are there without a value. */
const X87: readonly RegisterLayout[] = [
  ...Array.from({ length: 8 }, (_, index) => ({
    name: `st${index}`,
    bits: 80,
    type: "i387_ext",
  })),
  ...X87_CONTROL.map((name) => ({ name, bits: 32, type: "int", group: "float" })),
];

function general(names: readonly string[], pointers: readonly string[], bits: 32 | 64) {
  return names.map((name) => ({
    name,
    bits,
    type: pointers.includes(name) ? "data_ptr" : `int${bits}`,
  }));
}

function segments(): RegisterLayout[] {
  return SEGMENTS.map((name) => ({ name, bits: 32, type: "int32" }));
}

function control(bits: 32 | 64): Feature {
  return {
    name: "kspace.x86.control",
    types: "",
    registers: ["cr0", "cr2", "cr3", "cr4"].map((name) => ({
      name,
      bits,
      type: `uint${bits}`,
      group: "system",
    })),
  };
}

const I386: readonly Feature[] = [
  {
    name: "org.gnu.gdb.i386.core",
    types: FLAGS_TYPE,
    registers: [
      ...general(["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"], ["esp", "ebp"], 32),
      { name: "eip", bits: 32, type: "code_ptr" },
      EFLAGS,
      ...segments(),
      ...X87,
    ],
  },
  control(32),
];

const AMD64: readonly Feature[] = [
  {
    name: "org.gnu.gdb.i386.core",
    types: FLAGS_TYPE,
    registers: [
      ...general(["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"], ["rbp", "rsp"], 64),
      ...general(["r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"], [], 64),
      { name: "rip", bits: 64, type: "code_ptr" },
      EFLAGS,
      ...segments(),
      ...X87,
    ],
  },
  control(64),
];

const ARCHITECTURES: Readonly<
  Record<Arch, { readonly gdbName: string; readonly features: readonly Feature[] }>
> = {
  i686: { gdbName: "i386", features: I386 },
  x86_64: { gdbName: "i386:x86-64", features: AMD64 },
};

/** Numbers are indexes into it. */
export function registerLayout(arch: Arch): readonly RegisterLayout[] {
  return ARCHITECTURES[arch].features.flatMap(({ registers }) => registers);
}

/** The name of the register that holds the address of the next instruction. */
export function instructionPointerName(arch: Arch): string {
  return arch === "i686" ? "eip" : "rip";
}

/** What a stop reply tells of its own accord, since a debugger asks for them at each stop. */
export function expeditedRegisters(arch: Arch): readonly string[] {
  return arch === "i686" ? ["ebp", "esp", "eip"] : ["rbp", "rsp", "rip"];
}

/** `target.xml`. */
export function targetDescription(arch: Arch): string {
  const { gdbName, features } = ARCHITECTURES[arch];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    `<architecture>${gdbName}</architecture>`,
    ...features.flatMap(({ name, types, registers }) => [
      `<feature name="${name}">`,
      ...(types === "" ? [] : [types]),
      ...registers.map(registerXml),
      "</feature>",
    ]),
    "</target>",
    "",
  ].join("\n");
}

function registerXml({ name, bits, type, group }: RegisterLayout): string {
  const inGroup = group === undefined ? "" : ` group="${group}"`;
  return `<reg name="${name}" bitsize="${bits}" type="${type}"${inGroup}/>`;
}
