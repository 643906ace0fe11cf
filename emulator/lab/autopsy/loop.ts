import {
  functionStart,
  type NamedAddress,
  type NamedFrame,
  type NamedStack,
  nameOf,
} from "./named-stack.js";

/** What the processor goes round in. */
export interface Loop {
  /** The frame that was in all stacks: the innermost function that was never left. */
  readonly frame: NamedFrame;
  /** Where in the last of the stacks that is. */
  readonly index: number;
  /** Where in that function it was seen, calls among it. */
  readonly seen: readonly NamedAddress[];
  /** Functions that it was seen to call. */
  readonly calls: readonly string[];
}

/**
 * Compares stacks that were seen while there was no progress.
 * @param stacks the last one last; handlers that interrupted it make no difference.
 * @returns undefined where the stacks have nothing in common.
 */
export function loopOf(stacks: readonly NamedStack[]): Loop | undefined {
  const common = commonFrames(stacks);
  // A kernel's function at the same depth may have been called again and again, by a loop.
  const chosen = common.find(({ frame }) => frame.at.place?.module !== undefined) ?? common[0];
  if (chosen === undefined) return undefined;
  const { frame, index, found } = chosen;
  const seen = new Map<bigint, NamedAddress>();
  const calls = new Set<string>();
  for (const [which, at] of found.entries()) {
    const frames = stacks[which]?.frames ?? [];
    const own = frames[at];
    const callee = frames[at - 1];
    if (own === undefined) continue;
    seen.set(own.at.address, own.at);
    const name = callee && nameOf(callee);
    if (own.frame.isReturnAddress && name !== undefined) calls.add(name);
  }
  return { frame, index, seen: [...seen.values()], calls: [...calls] };
}

interface CommonFrame {
  readonly frame: NamedFrame;
  /** In the last stack, and in each of them. */
  readonly index: number;
  readonly found: readonly number[];
}

/** The calls that are in all stacks, the innermost first. */
function commonFrames(stacks: readonly NamedStack[]): CommonFrame[] {
  return (stacks.at(-1)?.frames ?? []).flatMap((frame, index) => {
    const id = activationOf(frame);
    if (id === undefined) return [];
    const found = stacks.map(({ frames }) =>
      frames.findIndex((other) => activationOf(other) === id),
    );
    return found.includes(-1) ? [] : [{ frame, index, found }];
  });
}

/** One call of a function, by the function and by where its caller's frame is kept. */
function activationOf({ frame, at }: NamedFrame): string | undefined {
  const start = functionStart(at);
  if (frame.framePointer === undefined || start === undefined) return undefined;
  return `${frame.framePointer}:${start}`;
}
