import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../lab/index.js";
import { Checkpoints } from "./checkpoints.js";
import type { CheckpointInfo } from "./protocol.js";

/** @param megabytes that its machine's state claims to have */
function checkpoint(guestMs: number, megabytes = 1): Checkpoint {
  const bytes = Object.defineProperty(new Uint8Array(), "length", { value: megabytes * 2 ** 20 });
  return {
    machine: { engine: "v86", guestMs, bytes },
    kernelRelease: "6.1",
    files: { tree: "", fids: [] } as unknown as Checkpoint["files"],
    kernelLog: [],
    terminal: new Uint8Array(),
  };
}

function opened(): { checkpoints: Checkpoints; told: CheckpointInfo[][]; start: Checkpoint } {
  const told: CheckpointInfo[][] = [];
  const start = checkpoint(0);
  return { checkpoints: new Checkpoints(start, (all) => told.push([...all])), told, start };
}

describe("Checkpoints", () => {
  it("go back to the one that was made or gone back to last", () => {
    const { checkpoints, start } = opened();
    expect(checkpoints.current).toBe(start);
    const [one, two] = [checkpoint(1), checkpoint(2)];
    const { id } = checkpoints.add("one", one);
    checkpoints.add("two", two);
    expect(checkpoints.current).toBe(two);
    expect(checkpoints.select(id)).toBe(one);
    expect(checkpoints.current).toBe(one);
  });

  it("fall back to the newest one that is left", () => {
    const { checkpoints, start, told } = opened();
    const one = checkpoint(1);
    const first = checkpoints.add("one", one);
    const second = checkpoints.add("two", checkpoint(2));
    checkpoints.forget(second.id);
    expect(checkpoints.current).toBe(one);
    checkpoints.forget(first.id);
    expect(checkpoints.current).toBe(start);
    expect(told.map((all) => all.map(({ name }) => name))).toEqual([
      ["Start of the lab"],
      ["Start of the lab", "one"],
      ["Start of the lab", "one", "two"],
      ["Start of the lab", "one"],
      ["Start of the lab"],
    ]);
  });

  it("have room for so many bytes", () => {
    const { checkpoints } = opened();
    checkpoints.add("large", checkpoint(1, 400));
    expect(() => checkpoints.requireRoom()).not.toThrow();
    checkpoints.add("larger", checkpoint(2, 200));
    expect(() => checkpoints.requireRoom()).toThrow(/601 MB.*forget one/);
  });
});
