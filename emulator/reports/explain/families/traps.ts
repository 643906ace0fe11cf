import { trapMeaning } from "../../disassembly/trap-instruction.js";
import type { Explain } from "../explanation.js";
import { findLine, hex, trapName } from "../wording.js";

/** Traps that have nothing to do with memory: Intel SDM vol. 3A, 6.15. */

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

export const explainDoubleFault: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
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

export const explainStackOverflow: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "the kernel";
  const evidence = [report.message, ...(await scene.culpritLine())];
  const canary = findLine(report, /[Kk]ernel stack is corrupted in: (\S+)/)?.[1];
  if (canary !== undefined) {
    const inside = canary.replace(/\+0x.*/, "");
    return {
      sentence: `\`${inside}()\` wrote past the end of one of its local arrays: the canary between them and the return address had changed when it returned.`,
      evidence,
    };
  }
  if (findLine(report, /corrupted stack end|stack overrun|overran stack|stack corrupted/i)) {
    return {
      sentence: `The kernel stack of the task was used up to its end or beyond: the magic number at its end has been overwritten.`,
      evidence,
    };
  }
  const repeated = mostRepeated(report.frames.map(({ symbol }) => symbol));
  const recursion =
    repeated === undefined
      ? ""
      : `; \`${repeated.symbol}()\` stands in the trace ${repeated.times} times, so it calls itself`;
  return {
    sentence: `The kernel stack overflowed in ${name}: it ran into the guard page below the stack${recursion}.`,
    evidence,
  };
};

/** A function that fills the trace. */
function mostRepeated(
  symbols: readonly (string | undefined)[],
): { readonly symbol: string; readonly times: number } | undefined {
  const times = new Map<string, number>();
  for (const symbol of symbols)
    if (symbol !== undefined) times.set(symbol, (times.get(symbol) ?? 0) + 1);
  const [most] = [...times].sort((a, b) => b[1] - a[1]);
  return most === undefined || most[1] < 4 ? undefined : { symbol: most[0], times: most[1] };
}
