import { expect, it } from "vitest";
import type { Loop } from "./loop.js";
import type { NamedAddress } from "./named-stack.js";
import { walkLoop } from "./walk-loop.js";

const SIZE = 16n;

/** Code of functions of 16 bytes each, one behind the other. */
function name(address: bigint): NamedAddress {
  const functions = ["outside", "search", "helper", "later"];
  const place = {
    name: functions[Number(address / SIZE)] ?? "nowhere",
    offset: Number(address % SIZE),
  };
  return { address, place, section: undefined };
}

/** Goes through these places, each with its frame pointer, over and over. */
function machine(...round: (readonly [address: bigint, framePointer: bigint])[]) {
  let at = 0;
  return {
    registers() {
      const [instructionPointer, framePointer] = round[at % round.length] ?? [0n, 0n];
      return { instructionPointer, framePointer };
    },
    step() {
      at++;
      return { kind: "stepped" } as never;
    },
  };
}

const FRAME = 0x100n;

const loop: Loop = {
  frame: {
    frame: {
      instructionPointer: 20n,
      isReturnAddress: false,
      foundAt: undefined,
      framePointer: FRAME,
      reliable: true,
    },
    at: name(20n),
    stack: "task",
  },
  index: 0,
  seen: [name(20n)],
  calls: [],
};

it("finds every place of a round, and what is called from it", () => {
  const walked = walkLoop(
    loop,
    machine([18n, FRAME], [20n, FRAME], [32n, 0x90n], [40n, 0x90n], [22n, FRAME]),
    name,
  );
  expect(walked.seen.map(({ address }) => address).sort()).toEqual([18n, 20n, 22n]);
  expect(walked.calls).toEqual(["helper"]);
});

it("leaves out the same function when it is called from within", () => {
  const walked = walkLoop(
    loop,
    machine([20n, FRAME], [16n, 0x80n], [28n, 0x80n], [22n, FRAME]),
    name,
  );
  expect(walked.seen.map(({ address }) => address).sort()).toEqual([20n, 22n]);
  expect(walked.calls).toEqual(["search"]);
});

it("takes what is come to by a return for no call", () => {
  const walked = walkLoop(loop, machine([20n, FRAME], [56n, FRAME], [48n, FRAME]), name);
  expect(walked.calls).toEqual([]);
});

it("waits until a handler that interrupted it is over", () => {
  const handler = Array.from({ length: 30_000 }, () => [50n, 0x40n] as const);
  let once = false;
  const round = machine([18n, FRAME], [22n, FRAME]);
  const before = machine(...handler);
  let steps = 0;
  const walked = walkLoop(
    loop,
    {
      registers: () => (once ? round : before).registers(),
      step() {
        if (++steps === handler.length) once = true;
        return (once ? round : before).step();
      },
    },
    name,
  );
  expect(walked.seen.map(({ address }) => address).sort()).toEqual([18n, 20n, 22n]);
});
