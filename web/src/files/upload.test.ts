import { beforeEach, describe, expect, it } from "vitest";
import { FileProblem } from "./file-problem.js";
import { MemoryFiles } from "./test-support/memory-files.js";
import {
  type ChosenFile,
  MOST_BYTES,
  MOST_FILE_BYTES,
  MOST_FILES,
  planUpload,
  upload,
} from "./upload.js";

const FOLDER = "/home/student/2-fops";

let lab: MemoryFiles;

beforeEach(() => {
  lab = new MemoryFiles();
  lab.put(`${FOLDER}/hello.c`, "hello");
  lab.put(`${FOLDER}/include/ring.h`, "ring");
});

function chosen(name: string, content: string | Uint8Array = "new"): ChosenFile {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { name, size: bytes.length, isFolder: false, bytes: async () => bytes };
}

/** As large as it says, and never read. */
function large(name: string, size: number): ChosenFile {
  return { name, size, isFolder: false, bytes: () => Promise.reject(new Error("read")) };
}

describe("files that are uploaded", () => {
  it("are there, and what they replaced comes back when that is undone", async () => {
    const { text, problems, undo } = await upload(lab, FOLDER, [
      chosen("hello.c"),
      chosen("a b.c"),
    ]);
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("new");
    expect(lab.text(`${FOLDER}/a b.c`)).toBe("new");
    expect(text).toBe("hello.c, a b.c are in ~/2-fops now. Replaced: hello.c.");
    expect(problems).toEqual([]);
    await undo?.();
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("hello");
    expect(lab.text(`${FOLDER}/a b.c`)).toBeUndefined();
  });

  it("stay when they were edited before that is undone", async () => {
    const { undo } = await upload(lab, FOLDER, [chosen("hello.c"), chosen("a.c")]);
    lab.put(`${FOLDER}/hello.c`, "edited");
    await expect(undo?.()).rejects.toThrow(FileProblem);
    expect(lab.text(`${FOLDER}/hello.c`)).toBe("edited");
    expect(lab.text(`${FOLDER}/a.c`)).toBeUndefined();
  });

  it("are taken one by one: what fails keeps no other", async () => {
    const { text, problems } = await upload(lab, FOLDER, [
      large("gone.c", 10),
      chosen("include"),
      chosen("../../.profile"),
      chosen("a.c"),
    ]);
    expect(text).toBe("a.c is in ~/2-fops now.");
    expect(problems).toEqual([
      "../../.profile was not taken. A name has no “/” in it: that is what folders are parted by.",
      "gone.c could not be uploaded: read",
      "include is the name of a folder here.",
    ]);
    expect([...lab.files.keys()].sort()).toEqual([
      `${FOLDER}/a.c`,
      `${FOLDER}/hello.c`,
      `${FOLDER}/include/ring.h`,
    ]);
  });

  it("say of which the browser keeps nothing", async () => {
    const { text } = await upload(lab, FOLDER, [
      chosen("a.c"),
      chosen("b.ko", Uint8Array.of(0x7f, 0)),
      chosen("c.c", "x".repeat(256 * 1024 + 1)),
    ]);
    expect(text).toContain("until the page is closed only: c.c.");
  });
});

describe("what is not taken", () => {
  it("is too large, alone or together", () => {
    const half = MOST_BYTES / 2;
    const { accepted, problems } = planUpload([
      large("a", half),
      large("b", half),
      large("c", 1),
      large("d", MOST_FILE_BYTES + 1),
    ]);
    expect(accepted.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(problems).toEqual([
      "c was not taken: together they would have more than 32 MB.",
      "d has 16.0 MB, and at most 16 MB are taken.",
    ]);
  });

  it("is all, when it is too many", () => {
    const many = Array.from({ length: MOST_FILES + 1 }, (_, index) => large(`${index}`, 1));
    expect(planUpload(many)).toMatchObject({ accepted: [] });
    expect(planUpload(many.slice(1)).accepted).toHaveLength(MOST_FILES);
  });

  it("is a folder, or there twice, or badly named", () => {
    const folder = { ...large("src", 0), isFolder: true };
    const { accepted, problems } = planUpload([
      folder,
      large("a.c", 1),
      large("a.c", 2),
      large("-rf", 1),
      large("a\u202eb.c", 1),
    ]);
    expect(accepted).toHaveLength(1);
    expect(problems.map((problem) => problem.slice(0, 12))).toEqual([
      "src is a fol",
      "a.c is there",
      "-rf was not ",
      "a<U+202E>b.c",
    ]);
  });
});
