import type { Explain } from "../explanation.js";
import { trapName } from "../wording.js";

/** Intel SDM vol. 3A, 6.15, interrupt 0. */
export const explainDivideError: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const trap = await scene.trap();
  const evidence = [
    ...(trap === undefined ? [] : [trap.line]),
    ...(await scene.culpritLine()),
    report.message,
  ];
  if (trap === undefined || !/^i?div/.test(trap.mnemonic)) {
    return {
      sentence: `${name} divided by zero, or got a quotient too large for its register.`,
      evidence,
    };
  }
  const [, divisor] = / %(\w+)$/.exec(trap.text) ?? [];
  const value = trap.values.registers.find((register) => register.name === divisor)?.value;
  if (divisor !== undefined && value === 0n) {
    return { sentence: `${name} divided by zero: the divisor, in %${divisor}, is 0.`, evidence };
  }
  if (value !== undefined) {
    return {
      sentence: `${name} divided by ${value} (in %${divisor}), and the quotient does not fit its register.`,
      evidence,
    };
  }
  return {
    sentence: `${name} divided by a number in memory that is 0 or too small for the quotient to fit its register.`,
    evidence,
  };
};
