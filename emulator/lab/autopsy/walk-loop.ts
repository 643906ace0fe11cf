import type { StepResult } from "../../machine/machine.js";
import type { Loop } from "./loop.js";
import { functionStart, type NamedAddress } from "./named-stack.js";

/** A machine that stands still in a loop, and the names of what it goes through. */
export interface WalkedMachine {
  registers(): { readonly instructionPointer: bigint; readonly framePointer: bigint };
  step(): StepResult;
}

/** Instructions without anything new after which no more is expected: many rounds of most loops. */
const QUIET_STEPS = 10_000;
/** Instructions that are followed at most: an interrupt's handler on top of the loop has thousands. */
const MOST_STEPS = 100_000;

/**
 * Goes round in a loop, one instruction at a time, for what the stacks that were seen of it left out:
 * lines that are passed quickly, and calls. Interrupts are held off, so that nothing else comes in.
 * The machine ends up where it might have been a moment later by itself.
 * @param name of an address in code
 * @throws MachineError `unsupported-step` from an engine that cannot
 */
export function walkLoop(
  loop: Loop,
  machine: WalkedMachine,
  name: (address: bigint) => NamedAddress,
): Loop {
  const { frame, at } = loop.frame;
  const start = functionStart(at);
  const seen = new Map(loop.seen.map((place) => [place.address, place]));
  const calls = new Set(loop.calls);
  const names = new Map<bigint, NamedAddress>();
  let wasInside = false;
  let lastNews: number | undefined;
  for (let steps = 0; steps < MOST_STEPS && steps - (lastNews ?? steps) < QUIET_STEPS; steps++) {
    const { instructionPointer, framePointer } = machine.registers();
    const here = names.get(instructionPointer) ?? name(instructionPointer);
    names.set(instructionPointer, here);
    // A call of the same function from within has another frame.
    const isInside = functionStart(here) === start && framePointer === frame.framePointer;
    const known = seen.size + calls.size;
    if (isInside) seen.set(instructionPointer, here);
    else if (wasInside && here.place?.offset === 0) calls.add(here.place.name);
    if (seen.size + calls.size > known || (isInside && lastNews === undefined)) lastNews = steps;
    wasInside = isInside;
    machine.step();
  }
  return { ...loop, seen: [...seen.values()], calls: [...calls] };
}
