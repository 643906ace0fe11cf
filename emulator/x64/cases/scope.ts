/**
 * Which forms are compared with a processor in ring 3, and why the others are not. Features are
 * iced's names of CPUID's bits, mnemonics its names of instructions.
 */

/** What every x86-64 processor has, and what the engine has beside it. */
export const FEATURES_IN_SCOPE: ReadonlySet<string> = new Set([
  "INTEL8086",
  "INTEL186",
  "INTEL286",
  "INTEL386",
  "INTEL486",
  "X64",
  "FPU",
  "FPU287",
  "FPU387",
  "MMX",
  "SSE",
  "SSE2",
  "SSE3",
  "SSSE3",
  "SSE4_1",
  "SSE4_2",
  "FXSR",
  "CMOV",
  "CX8",
  "CMPXCHG16B",
  "POPCNT",
  "PAUSE",
  "CLFSH",
  "MULTIBYTENOP",
  "PREFETCHW",
  // ENDBR64 is a NOP where there is no CET, and every program of today has it.
  "CET_IBT",
]);

/** Features whose instructions a program may use, but whose results are no program's. */
export const SYSTEM_FEATURES: ReadonlyMap<string, string> = new Map([
  ["CPUID", "tells of the processor"],
  ["TSC", "the time is another one each time"],
  ["RDTSCP", "the time is another one each time"],
  ["RDPMC", "counts what the processor does"],
  ["MSR", "registers of ring 0"],
  ["SYSCALL", "enters the operating system, or leaves it"],
  ["SEP", "enters the operating system, or leaves it"],
  ["FSGSBASE", "allowed by the operating system"],
  ["XSAVE", "allowed by the operating system"],
]);

/**
 * Instructions whose behaviour belongs to ring 0 or to the operating system. The bare-metal tests
 * have them.
 */
export const PRIVILEGED: ReadonlyMap<string, string> = new Map([
  ["Sgdt", "UMIP: Linux pretends a value"],
  ["Sidt", "UMIP: Linux pretends a value"],
  ["Sldt", "UMIP: Linux pretends a value"],
  ["Str", "UMIP: Linux pretends a value"],
  ["Smsw", "UMIP: Linux pretends a value"],
  ["Int", "goes through the operating system's gates"],
  ["Int1", "#DB is the debugger's"],
  ["Verw", "clears the processor's buffers with its microcode, and does as VERR"],
]);

/** Forms that Intel's and AMD's processors have, and execute otherwise. */
export const DIFFERENT: ReadonlySet<string> = new Set([
  // With registers they are #UD with AMD.
  "Reservednop_rm16_r16_0F0D",
  "Reservednop_rm32_r32_0F0D",
  "Reservednop_rm64_r64_0F0D",
  // AMD's processors read 4 bytes.
  "Movsxd_r16_rm16",
  // Not in Intel's manual; AMD's processors do not look whether the registers are empty.
  "Fstpnce_sti",
]);
