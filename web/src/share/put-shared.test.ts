import { beforeEach, describe, expect, it } from "vitest";
import { MemoryFiles } from "../files/test-support/memory-files.js";
import { firstOf, placeFor, putShared } from "./put-shared.js";
import type { SharedFolder } from "./shared-folder.js";

const SHARED = "/home/student/shared";
const RING: SharedFolder = {
  name: "ring",
  files: [
    { path: "include/ring.h", text: "h" },
    { path: "ring.c", text: "größe" },
  ],
};

class Lab extends MemoryFiles {
  readonly made: string[] = [];

  async makeFolder(path: string): Promise<void> {
    this.made.push(path);
  }
}

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
  lab.put("/home/student/2-fops/hello.c", "mine");
});

describe("a folder that came by a link", () => {
  it("is put into one of its own", async () => {
    expect(await putShared(lab, RING)).toBe(`${SHARED}/ring`);
    expect(lab.made).toEqual([`${SHARED}/ring`]);
    expect(lab.text(`${SHARED}/ring/ring.c`)).toBe("größe");
    expect(lab.text(`${SHARED}/ring/include/ring.h`)).toBe("h");
    expect(lab.files.size).toBe(3);
  });

  it("never takes the place of another", async () => {
    lab.put(`${SHARED}/ring/ring.c`, "mine");
    lab.put(`${SHARED}/ring-2`, "a file of mine");
    expect(await placeFor(lab, RING)).toBe(`${SHARED}/ring-3`);
    expect(await putShared(lab, RING)).toBe(`${SHARED}/ring-3`);
    expect(await putShared(lab, RING)).toBe(`${SHARED}/ring-4`);
    expect(lab.text(`${SHARED}/ring/ring.c`)).toBe("mine");
    expect(lab.text(`${SHARED}/ring-2`)).toBe("a file of mine");
  });

  it("is not put where a file of the user's has the place", async () => {
    lab.put(SHARED, "mine");
    await expect(putShared(lab, RING)).rejects.toThrow("Rename it first");
    expect(lab.files.size).toBe(2);
  });

  it("has a name that leaves room for a number", async () => {
    const place = await placeFor(lab, { ...RING, name: "ü".repeat(127) });
    expect(place).toBe(`${SHARED}/${"ü".repeat(60)}`);
  });

  it("leaves nothing when it does not fit", async () => {
    const write = lab.writeBytes.bind(lab);
    lab.writeBytes = async (path, bytes) => {
      if (path.endsWith("ring.c")) throw new Error("ENOSPC");
      await write(path, bytes);
    };
    await expect(putShared(lab, RING)).rejects.toThrow("ENOSPC");
    expect(lab.files.size).toBe(1);
  });
});

it.each([
  [["Makefile", "a.c", "hello.c"], "hello.c"],
  [["Makefile", "include/a.c", "ring.c"], "ring.c"],
  [["Makefile", "include/a.h"], "Makefile"],
  [[], undefined],
])("of %j, %s is looked at first", (paths, first) => {
  expect(firstOf({ name: "n", files: paths.map((path) => ({ path, text: "" })) })).toBe(first);
});
