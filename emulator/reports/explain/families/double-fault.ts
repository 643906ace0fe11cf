import type { Explain } from "../explanation.js";
import { hex, trapName } from "../wording.js";

/** Intel SDM vol. 3A, 6.15, interrupt 8. */
export const explainDoubleFault: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "the kernel";
  const trap = await scene.trap();
  const stack = report.registers.get("rsp") ?? report.registers.get("esp");
  const fault = report.registers.get("cr2");
  const onStack = stack !== undefined && fault !== undefined && near(stack, fault);
  return {
    sentence: onStack
      ? `While the processor reported a fault in ${name} it met another one, next to the stack pointer (${hex(stack)}): it could not write to the stack, which most likely has overflowed.`
      : `While the processor reported a fault in ${name} it met another one, so it could not even start the handler.`,
    evidence: [...(trap === undefined ? [] : [trap.line]), report.message],
  };
};

/** What an exception pushes lies within a page of the stack pointer. */
function near(stack: bigint, fault: bigint): boolean {
  const distance = stack > fault ? stack - fault : fault - stack;
  return distance < 0x1000n;
}
