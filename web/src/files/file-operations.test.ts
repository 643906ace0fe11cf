import { beforeEach, describe, expect, it } from "vitest";
import { FileOperations } from "./file-operations.js";
import { FileProblem } from "./file-problem.js";
import { MemoryFiles } from "./test-support/memory-files.js";

const FOLDER = "/home/student/2-fops";

let lab: MemoryFiles;
/** What the editor was told. */
let told: string[];
let unsaved: string | undefined;
let operations: FileOperations;

beforeEach(() => {
  lab = new MemoryFiles();
  lab.put(`${FOLDER}/hello.c`, "hello");
  lab.put(`${FOLDER}/include/ring.h`, "ring");
  told = [];
  unsaved = undefined;
  operations = new FileOperations(lab, {
    release: async (path) => path !== unsaved,
    leftFolder: async (path) => void told.push(`left folder ${path}`),
    left: async (path) => void told.push(`left ${path}`),
    moved: async (from, to) => void told.push(`moved ${from} ${to}`),
    open: async (path) => void told.push(`open ${path}`),
  });
});

async function codeOf(work: Promise<unknown> | undefined): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FileProblem) return error.code;
    throw error;
  }
  return "fine";
}

describe("a new file", () => {
  it("is empty, and open", async () => {
    const { text } = await operations.create(FOLDER, "ring.c");
    expect(lab.text(`${FOLDER}/ring.c`)).toBe("");
    expect(told).toEqual([`open ${FOLDER}/ring.c`]);
    expect(text).toContain("ring.c");
  });

  it.each([
    ["hello.c", "taken"],
    ["include", "taken"],
    ["../hello.c", "bad-name"],
    ["", "bad-name"],
    ["hello.ko", "bad-name"],
    ["a.out", "bad-name"],
  ])("named %j is refused: %s", async (name, code) => {
    expect(await codeOf(operations.create(FOLDER, name))).toBe(code);
    expect(lab.files.size).toBe(2);
  });
});

describe("another name", () => {
  it("is given, and taken back", async () => {
    const { undo } = await operations.rename(`${FOLDER}/hello.c`, "ring.c");
    expect(lab.text(`${FOLDER}/ring.c`)).toBe("hello");
    expect(lab.text(`${FOLDER}/hello.c`)).toBeUndefined();
    await undo?.();
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("hello");
    expect(told).toEqual([
      `moved ${FOLDER}/hello.c ${FOLDER}/ring.c`,
      `moved ${FOLDER}/ring.c ${FOLDER}/hello.c`,
    ]);
  });

  it("may be the same, which is nothing to do", async () => {
    expect(await operations.rename(`${FOLDER}/hello.c`, "hello.c")).not.toHaveProperty("undo");
    expect(told).toEqual([]);
  });

  it.each([
    ["include", "taken"],
    ["a/b.c", "bad-name"],
    ["hello.o", "bad-name"],
  ])("that is %j is refused: %s", async (name, code) => {
    expect(await codeOf(operations.rename(`${FOLDER}/hello.c`, name))).toBe(code);
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("hello");
  });

  it("is not given while the editor holds what is not written", async () => {
    unsaved = `${FOLDER}/hello.c`;
    expect(await codeOf(operations.rename(`${FOLDER}/hello.c`, "ring.c"))).toBe("unsaved");
    expect(await codeOf(operations.remove(`${FOLDER}/hello.c`))).toBe("unsaved");
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("hello");
  });
});

describe("a file that is deleted", () => {
  it("goes, and comes back when that is undone", async () => {
    const { undo } = await operations.remove(`${FOLDER}/hello.c`);
    expect(lab.text(`${FOLDER}/hello.c`)).toBeUndefined();
    await undo?.();
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("hello");
    expect(told).toEqual([`left ${FOLDER}/hello.c`, `open ${FOLDER}/hello.c`]);
  });

  it("does not come back over another one of its name", async () => {
    const { undo } = await operations.remove(`${FOLDER}/hello.c`);
    lab.put(`${FOLDER}/hello.c`, "another");
    expect(await codeOf(undo?.())).toBe("taken");
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("another");
  });

  it.each([
    ["a relocatable file", 1, true],
    ["a program", 2, false],
    ["a program at any address", 3, false],
  ])("comes back if it is %s: e_type %d, %s", async (_, type, comesBack) => {
    const path = `${FOLDER}/a.out`;
    const bytes = new Uint8Array(52);
    bytes.set([0x7f, 0x45, 0x4c, 0x46]);
    bytes[16] = type;
    lab.files.set(path, bytes);
    expect(await operations.canBringBack(path)).toBe(comesBack);
    const { undo } = await operations.remove(path);
    expect(undo !== undefined).toBe(comesBack);
    await undo?.();
    // It is nothing to read.
    expect(told).toEqual([`left ${path}`]);
  });
});

it("deletes a folder, after the editor has left it", async () => {
  lab.removeFile = async (path) => void told.push(`removed ${path}`);
  const { text, undo } = await operations.removeFolder("/home/student/shared/ring");
  expect(told).toEqual([
    "left folder /home/student/shared/ring",
    "removed /home/student/shared/ring",
  ]);
  expect(text).toBe("~/shared/ring is deleted.");
  expect(undo).toBeUndefined();
});
