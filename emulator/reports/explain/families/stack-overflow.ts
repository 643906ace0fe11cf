import type { Explain } from "../explanation.js";
import { findLine, trapName } from "../wording.js";

/** arch/x86/kernel/traps.c, handle_stack_overflow(); kernel/panic.c, __stack_chk_fail(). */
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
    sentence: `The guard page at the end of the kernel stack was hit in ${name}: the stack overflowed, or a pointer into it went too far${recursion}.`,
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
