import { expect, it } from "vitest";
import { loopOf } from "./loop.js";
import type { NamedFrame, NamedStack } from "./named-stack.js";

/** `name+offset[@frame pointer][ module]`, the innermost function first. */
function stack(...frames: string[]): NamedStack {
  return { frames: frames.map(named), systemCall: undefined, isWhole: true };
}

function named(text: string, index: number): NamedFrame {
  const [, name = "", offset = "0", pointer, module] =
    /^(\w+)\+(\d+)(?:@(\d+))?(?: (\w+))?$/.exec(text) ?? [];
  const start = BigInt([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const address = start + BigInt(offset);
  return {
    frame: {
      instructionPointer: address,
      isReturnAddress: index > 0,
      foundAt: undefined,
      framePointer: pointer === undefined ? undefined : BigInt(pointer),
      reliable: true,
    },
    at: {
      address,
      place: { name, offset: Number(offset), ...(module !== undefined && { module }) },
      section: undefined,
    },
    stack: "task",
  };
}

it("is the innermost function that all stacks have", () => {
  const loop = loopOf([
    stack("matches+1", "find+9@40 m", "write+3@60 m", "vfs_write+7@80"),
    stack("find+4@40 m", "write+3@60 m", "vfs_write+7@80"),
    stack("tick+2@10", "find+5@40 m", "write+3@60 m", "vfs_write+7@80"),
  ]);
  expect(loop?.frame.at.place?.name).toBe("find");
  expect(loop?.index).toBe(1);
  expect(loop?.calls).toEqual(["matches", "tick"]);
  expect(loop?.seen.map(({ place }) => place?.offset)).toEqual([9, 4, 5]);
});

it("is the module's function that calls the kernel's again and again", () => {
  const loop = loopOf([
    stack("delay+1@20", "wait_ready+9@40 m", "ioctl+3@60"),
    stack("delay+2@20", "wait_ready+9@40 m", "ioctl+3@60"),
  ]);
  expect(loop?.frame.at.place?.name).toBe("wait_ready");
});

it("is none where the stacks have nothing in common, or there are none", () => {
  expect(loopOf([stack("a+1@10"), stack("b+1@10"), stack("a+1@20")])).toBeUndefined();
  expect(loopOf([])).toBeUndefined();
});
