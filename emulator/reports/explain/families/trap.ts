import type { Explain } from "../explanation.js";
import { trapName } from "../wording.js";

/** Traps that hardly ever happen in the kernel: Intel SDM vol. 3A, 6.15. */
const TRAPS: readonly (readonly [pattern: RegExp, happened: string])[] = [
  [/int3/, "came to a breakpoint (int3) that nobody had set"],
  [
    /stack segment/,
    "used an address outside of its stack segment, or one that is not canonical, through the stack pointer",
  ],
  [
    /alignment check/,
    "accessed memory at an address that the data's size does not divide, while that is forbidden",
  ],
  [/segment not present/, "loaded a segment that is marked as not present"],
  [/invalid TSS/i, "switched to a task state segment that is not valid"],
  [/bounds/, "found an index out of bounds (the bound instruction)"],
  [/overflow/, "found an overflow (the into instruction)"],
  [
    /control protection|Missing ENDBR/i,
    "jumped or returned to where control flow protection does not allow it",
  ],
  [
    /machine check/i,
    "was interrupted by a machine check: the processor found an error in the hardware",
  ],
  [
    /coprocessor|x87 FPU|simd/i,
    "got an exception from the floating-point unit, which the kernel must not",
  ],
  [/device not available/, "used the floating-point unit while it was switched off"],
  [/debug/, "ran into a debug exception that nobody had asked for"],
  [/virtualization|#VE|#VC/i, "did what the hypervisor does not allow"],
];

export const explainTrap: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const trap = await scene.trap();
  const known = TRAPS.find(([pattern]) => pattern.test(report.message))?.[1];
  const word = report.message.split(":")[0] ?? report.message;
  return {
    sentence: `${name} ${known ?? `raised an exception that the kernel calls "${word}"`}.`,
    evidence: [
      ...(trap === undefined ? [] : [trap.line]),
      ...(await scene.culpritLine()),
      report.message,
    ],
  };
};
