import { faultAddress } from "../../disassembly/fault-address.js";
import type { Report } from "../../report.js";
import type { Explain } from "../explanation.js";
import { accessPhrase, atAddress, faultingOperand, NULL_PAGE } from "../memory-fault.js";
import { registerOrigin } from "../origin/register-origin.js";
import { type PageFault, pageFault } from "../page-fault-error.js";
import { describeAddress, isUserAddress } from "../pointer-patterns.js";
import { findLine, trapName } from "../wording.js";
import { explainNullDereference } from "./null-dereference.js";

/** What programs can map begins here: CONFIG_DEFAULT_MMAP_MIN_ADDR. */
const LOWEST_MAPPING = 0x1_0000n;
/** Intel SDM vol. 3A, 2.5. */
const CR4_SMAP = 1n << 21n;

/** A page fault that is not near address 0. */
export const explainPageFault: Explain = async (scene) => {
  const { report } = scene;
  const address = faultAddress(report);
  const bits = report.arch === "i386" ? 32 : 64;
  // Kernels before 5.1 say "paging request" also of addresses that hardly are one.
  if (address !== undefined && address < NULL_PAGE) return explainNullDereference(scene);
  const fault = pageFault(report);
  const trap = await scene.trap();
  const operand = trap && faultingOperand(trap, scene);
  const name = trapName(report) ?? "The kernel";
  const { base, baseValue } = operand ?? {};
  const meaning = address && describeAddress(address, base, baseValue, bits);
  // Where an ordinary pointer came from says nothing about what is wrong with it.
  const origin = meaning && base && (await registerOrigin(scene, base));
  const fact = reason(report, fault, address, bits);
  return {
    sentence: `${name} ${accessPhrase(scene, operand)} ${atAddress(address)}: ${fact}${meaning ? `; ${meaning}` : ""}${origin ? `; ${origin}` : ""}.`,
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
    if (address !== undefined && address < LOWEST_MAPPING) {
      return "so small a number is no address at all: it was calculated from a NULL pointer, or something else lay where a pointer was expected";
    }
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
