import { createHostTurn } from "../machine/host-turn.js";
import type { Resumption } from "./command.js";
import type { GdbTarget, Stop } from "./target.js";

/** So many take about a millisecond, after which others may have a turn. */
const STEPS_PER_TURN = 200;

/**
 * Steps as long as the instruction pointer is in a range, which spares gdb a packet for each
 * instruction of a source line. A line may be an endless loop.
 * @param breakpointAt why to stop at an address even in the range.
 * @param signal ends it as an interruption.
 * @returns undefined when the target runs on and will say by itself when it stops.
 */
export async function runRange(
  target: GdbTarget,
  { start, end }: Extract<Resumption, { kind: "range" }>,
  breakpointAt: (address: bigint) => Stop | undefined,
  signal: AbortSignal,
): Promise<Stop | undefined> {
  const hostTurn = createHostTurn();
  for (let steps = 1; ; steps++) {
    const stop = target.step();
    if (stop?.kind !== "stepped") return stop;
    const address = target.instructionPointer;
    const breakpoint = breakpointAt(address);
    if (breakpoint !== undefined) return breakpoint;
    if (address < start || address >= end) return stop;
    if (steps % STEPS_PER_TURN === 0) await hostTurn();
    if (signal.aborted) return { kind: "interrupted" };
  }
}
