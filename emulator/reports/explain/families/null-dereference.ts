import { faultAddress } from "../../disassembly/fault-address.js";
import { trapFrame } from "../../disassembly/index.js";
import type { Explain } from "../explanation.js";
import {
  accessPhrase,
  atAddress,
  type FaultingOperand,
  faultingOperand,
  NULL_PAGE,
} from "../memory-fault.js";
import { registerOrigin } from "../origin/register-origin.js";
import { pageFault } from "../page-fault-error.js";
import { describePointer } from "../pointer-patterns.js";
import { culpritName, hex, trapName } from "../wording.js";

/** A page fault near address 0. */
export const explainNullDereference: Explain = async (scene) => {
  const { report } = scene;
  const address = faultAddress(report);
  const fault = pageFault(report);
  const frame = trapFrame(report);
  const pointer = report.registers.get("rip") ?? report.registers.get("eip") ?? frame?.address;
  const evidence = fault?.evidence === undefined ? [] : [fault.evidence];
  const jumped = fault?.access === "execute" || (pointer !== undefined && pointer < NULL_PAGE);
  if (jumped) {
    const target = pointer ?? address;
    const caller = culpritName(report);
    const where = target === undefined || target === 0n ? "NULL" : `${hex(target)}, next to NULL`;
    return {
      sentence: `${caller ?? "The kernel"} called through a function pointer that was ${where}: there is no code to execute there.`,
      evidence: [...evidence, ...(await scene.culpritLine())],
    };
  }
  const trap = await scene.trap();
  const operand = trap && faultingOperand(trap, scene);
  const name = trapName(report) ?? "The kernel";
  const origin = operand?.base && (await registerOrigin(scene, operand.base));
  const reason =
    operand === undefined ? nearNull(address) : throughPointer(operand, address, scene);
  return {
    sentence: `${name} ${accessPhrase(scene, operand)} ${atAddress(address)}: ${reason}${origin ? `; ${origin}` : ""}.`,
    evidence: [
      ...(trap === undefined ? [] : [trap.line]),
      ...(await scene.culpritLine()),
      ...evidence,
    ],
  };
};

/** All that the address alone tells. */
function nearNull(address: bigint | undefined): string {
  return address === undefined || address === 0n
    ? "it followed a NULL pointer"
    : "so close to 0 it is no address but an offset from a NULL pointer, such as that of a structure's member";
}

function throughPointer(
  operand: FaultingOperand,
  address: bigint | undefined,
  scene: Parameters<Explain>[0],
): string {
  const { base, baseValue, index, indexValue, displacement } = operand;
  if (base === undefined && index === undefined) {
    return "the address stands in the instruction itself, so already the compiler saw that the pointer is NULL";
  }
  if (base === undefined || baseValue === undefined) return nearNull(address);
  const bits = scene.report.arch === "x86-64" ? 64 : 32;
  if (baseValue === 0n) {
    if (indexValue !== undefined && indexValue !== 0n) {
      return `it is element ${hex(indexValue)} (in %${index}) of an array whose pointer (in %${base}) is NULL`;
    }
    return displacement > 0n
      ? `a member ${hex(displacement)} bytes into a structure whose pointer (in %${base}) is NULL`
      : `the pointer (in %${base}) is NULL`;
  }
  const pattern = describePointer(baseValue, bits);
  if (pattern !== undefined) return `the pointer (${hex(baseValue)}, in %${base}) ${pattern}`;
  if (baseValue < NULL_PAGE) {
    return `the pointer (in %${base}) is ${hex(baseValue)}, an offset from NULL, such as the address of a member of a structure at NULL`;
  }
  return nearNull(address);
}
