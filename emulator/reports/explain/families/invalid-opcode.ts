import { trapMeaning } from "../../disassembly/trap-instruction.js";
import type { Explain } from "../explanation.js";
import { trapName } from "../wording.js";

/** Intel SDM vol. 3A, 6.15, interrupt 6. */
export const explainInvalidOpcode: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const trap = await scene.trap();
  const evidence = [
    ...(trap === undefined ? [] : [trap.line]),
    ...(await scene.culpritLine()),
    report.message,
  ];
  if (trap === undefined) {
    return {
      sentence: `${name} came to bytes that this processor does not know as an instruction.`,
      evidence,
    };
  }
  const meaning = trapMeaning(trap.bytes);
  if (meaning !== undefined) {
    return {
      sentence: `${name} came to an instruction that traps on purpose (\`${trap.mnemonic}\`: ${meaning}): a check in the code failed, or the code got to where it never should.`,
      evidence,
    };
  }
  if (trap.text === "(bad)") {
    return {
      sentence: `${name} came to bytes that are no instruction of any processor.`,
      evidence,
    };
  }
  return {
    sentence: `${name} came to \`${trap.text.replace(/ +/, " ")}\`, an instruction that this processor does not have or that the kernel has not switched on.`,
    evidence,
  };
};
