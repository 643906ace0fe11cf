import type { Report } from "../../report.js";
import type { Explain } from "../explanation.js";
import { accessPhrase, atAddress, faultingOperand } from "../memory-fault.js";
import { registerOrigin } from "../origin/register-origin.js";
import { faultAddress, type PageFault, pageFault } from "../page-fault-error.js";
import { describePointer, isUserAddress } from "../pointer-patterns.js";
import { findLine, hex, trapName } from "../wording.js";

/** Intel SDM vol. 3A, 2.5. */
const CR4_SMAP = 1n << 21n;

/** A page fault that is not near address 0. */
export const explainPageFault: Explain = async (scene) => {
  const { report } = scene;
  const address = faultAddress(report);
  const bits = report.arch === "i386" ? 32 : 64;
  const fault = pageFault(report);
  const trap = await scene.trap();
  const operand = trap && faultingOperand(trap, scene);
  const name = trapName(report) ?? "The kernel";
  const { base, baseValue } = operand ?? {};
  const pattern = baseValue === undefined ? undefined : describePointer(baseValue, bits);
  const origin = pattern && base && (await registerOrigin(scene, base));
  const fact = reason(report, fault, address, bits);
  const pointer =
    pattern === undefined ? "" : `; the pointer (${hex(baseValue ?? 0n)}, in %${base}) ${pattern}`;
  return {
    sentence: `${name} ${accessPhrase(scene, operand)} ${atAddress(address)}: ${fact}${pointer}${origin ? `; ${origin}` : ""}.`,
    evidence: [
      ...(trap === undefined ? [] : [trap.line]),
      ...(await scene.culpritLine()),
      ...(fault?.evidence === undefined ? [] : [fault.evidence]),
    ],
  };
};

/** What the processor objected to. */
function reason(
  report: Report,
  fault: PageFault | undefined,
  address: bigint | undefined,
  bits: 32 | 64,
): string {
  const user = address !== undefined && isUserAddress(address, bits);
  if (findLine(report, /NX-protected page/)) {
    return "the page holds data, and may not be executed (NX)";
  }
  if (findLine(report, /unable to execute userspace code/)) {
    return "that is a program's code, which the kernel may not execute (SMEP)";
  }
  if (findLine(report, /reserved bit violation/)) {
    return "the page table's entry for it is damaged (a reserved bit is set)";
  }
  if (fault?.protection !== true) {
    const pattern = address === undefined ? undefined : describePointer(address, bits);
    if (pattern !== undefined) return `nothing is mapped there, and the address ${pattern}`;
    return user
      ? "that is an address of user space, and nothing is mapped there"
      : "nothing is mapped there";
  }
  if (user && ((report.registers.get("cr4") ?? 0n) & CR4_SMAP) !== 0n) {
    return "that is memory of a program, which the kernel may only touch through functions such as copy_from_user() (SMAP)";
  }
  if (fault.access === "write") return "the page is there, but it is read-only";
  return "the page is there, but may not be accessed so";
}
