import { beforeEach, describe, expect, it } from "vitest";
import type { FileEvent } from "../../../emulator/browser/protocol.js";
import { OpenFiles } from "./open-files.js";
import { HOME, SHARED } from "./tab-names.js";

const SECTION_2 = "/home/student/2-fops";
const SECTION_3 = "/home/student/3-locking";
const KERNEL_SOURCE = "/usr/src/linux-source-6.1/mm/usercopy.c";

/** Nothing is written by itself here. */
const NEVER = { after: () => ({ [Symbol.dispose]: () => undefined }) };

const PATCH = "--- a/hello.c\n+++ b/hello.c\n@@ -1,3 +1,2 @@\n one\n-two\n three\n";

class FakeLab {
  readonly files = new Map([
    [`${SECTION_2}/hello.c`, "two"],
    [`${SECTION_2}/hello-fops.c`, "two"],
    [`${SECTION_2}/hello-test.c`, "test"],
    [`${SECTION_2}/Makefile`, "make"],
    [`${SECTION_3}/hello.c`, "one\ntwo\nthree\n"],
    [`${SECTION_3}/hello.ko`, "\u007fELF\0"],
    [`${SECTION_3}/missing-unlock.patch`, PATCH],
  ]);
  readonly #originals = new Map(this.files);
  /** The folders that came by links. */
  shared: string[] = [];
  #listener: (events: readonly FileEvent[]) => void = () => undefined;

  async readFile(path: string): Promise<string> {
    const content = this.files.get(path);
    if (content === undefined) throw new Error(`There is no ${path}.`);
    return content;
  }

  async writeFile(path: string, content: string): Promise<void> {
    this.files.set(path, content);
  }

  async listFiles(folder: string): Promise<readonly string[]> {
    if (folder === HOME) {
      const shared = this.shared.length > 0 ? ["shared/"] : [];
      return ["2-fops/", "3-locking/", "modules/", "notes.txt", ...shared];
    }
    if (folder === SHARED) return this.shared;
    return [...this.files.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1))
      .sort();
  }

  async originalOf(path: string): Promise<string | undefined> {
    return this.#originals.get(path);
  }

  async readSource(path: string): Promise<string | undefined> {
    return path === KERNEL_SOURCE ? "kernel" : undefined;
  }

  onFiles(listener: (events: readonly FileEvent[]) => void): Disposable {
    this.#listener = listener;
    return { [Symbol.dispose]: () => undefined };
  }

  guestWrites(path: string, content: string): void {
    this.files.set(path, content);
    this.tell({ path, change: "written", origin: "guest" });
  }

  tell(event: FileEvent): void {
    this.#listener([event]);
  }
}

let lab: FakeLab;
let open: OpenFiles;

beforeEach(async () => {
  lab = new FakeLab();
  open = new OpenFiles(lab, NEVER);
  await open.begin(SECTION_2);
});

describe("the files of a section", () => {
  it("are those of the first one at the start", () => {
    expect(open.folders.value).toEqual([SECTION_2, SECTION_3]);
    expect(open.tabs.value).toEqual([
      `${SECTION_2}/hello.c`,
      `${SECTION_2}/hello-test.c`,
      `${SECTION_2}/Makefile`,
    ]);
    expect(open.others.value).toEqual([`${SECTION_2}/hello-fops.c`]);
    expect(open.active.value).toBe(`${SECTION_2}/hello.c`);
    expect(open.content.value).toMatchObject({ kind: "file", original: "two" });
  });

  it("are those of the section that one is at", async () => {
    const other = new OpenFiles(lab, NEVER);
    await other.begin(SECTION_3);
    expect(other.folder.value).toBe(SECTION_3);
  });

  it("are those that were asked for last", async () => {
    await Promise.all([open.openFolder(SECTION_3), open.openFolder(SECTION_2)]);
    expect(open.folder.value).toBe(SECTION_2);
  });

  it("have the one in front that was there last", async () => {
    await open.open(`${SECTION_2}/Makefile`);
    await open.openFolder(SECTION_3);
    expect(open.active.value).toBe(`${SECTION_3}/hello.c`);
    await open.openFolder(SECTION_2);
    expect(open.active.value).toBe(`${SECTION_2}/Makefile`);
  });

  it("show the course's patch as what it changes in the course's own text", async () => {
    lab.files.set(`${SECTION_3}/hello.c`, "mine");
    lab.files.set(`${SECTION_3}/missing-unlock.patch`, "mine, too");
    await open.open(`${SECTION_3}/missing-unlock.patch`);
    expect(open.content.value).toEqual({
      kind: "edit",
      source: `${SECTION_3}/hello.c`,
      original: "one\ntwo\nthree\n",
      courses: "one\nthree\n",
    });
  });

  it("have another patch as a text", async () => {
    lab.files.set(`${SECTION_3}/mine.patch`, PATCH);
    await open.open(`${SECTION_3}/mine.patch`);
    expect(open.content.value).toMatchObject({ kind: "file", file: { text: PATCH } });
  });

  it("come and go as the guest writes them", async () => {
    lab.guestWrites(`${SECTION_2}/note.txt`, "a note");
    await expect.poll(() => open.others.value).toContain(`${SECTION_2}/note.txt`);
  });
});

describe("a place that is asked for", () => {
  it("opens its section, too", async () => {
    await open.show({ path: `${SECTION_3}/hello.c`, line: 81, column: 6 });
    expect(open.folder.value).toBe(SECTION_3);
    expect(open.wish.value).toEqual({ path: `${SECTION_3}/hello.c`, line: 81, column: 6 });
  });

  it("may be named as the terminal does, by the name in this folder", async () => {
    await open.show({ path: "hello-test.c", line: 2, column: 1 });
    expect(open.active.value).toBe(`${SECTION_2}/hello-test.c`);
  });

  it("may be a source of the kernel's, which stays open in another section", async () => {
    await open.show({ path: KERNEL_SOURCE, line: 101, column: 2 });
    expect(open.content.value).toEqual({ kind: "source", text: "kernel" });
    await open.openFolder(SECTION_3);
    expect(open.tabs.value).toContain(KERNEL_SOURCE);
    await open.close(KERNEL_SOURCE);
    expect(open.tabs.value).not.toContain(KERNEL_SOURCE);
  });

  it("is said not to be at hand when it is not", async () => {
    await open.show({ path: "/usr/src/linux/generated.h", line: 1, column: 1 });
    expect(open.content.value).toMatchObject({
      kind: "absent",
      message: expect.stringContaining("/usr/src/linux/generated.h is not at hand"),
    });
    await open.show({ path: "/home/student/modules/gone.c", line: 1, column: 1 });
    expect(open.content.value).toMatchObject({
      kind: "absent",
      message: expect.stringContaining("There is no /home/student/modules/gone.c."),
    });
  });

  it("is no text when it is a program", async () => {
    await open.open(`${SECTION_3}/hello.ko`);
    expect(open.content.value).toMatchObject({ kind: "absent" });
  });
});

it("writes what was typed before a file is closed", async () => {
  const path = `${SECTION_2}/hello-fops.c`;
  await open.open(path);
  const { value } = open.content;
  if (value.kind !== "file") throw new Error("It is a file of the user's.");
  value.file.edit(() => "mine");
  await open.close(path);
  expect(lab.files.get(path)).toBe("mine");
  expect(open.active.value).not.toBe(path);
});

it("takes the guest's change of a file that is open", async () => {
  lab.guestWrites(`${SECTION_2}/hello.c`, "by sed");
  await expect
    .poll(() => (open.content.value.kind === "file" ? open.content.value.file.text : ""))
    .toBe("by sed");
});

describe("a folder that came by a link", () => {
  const ring = `${SHARED}/ring`;

  beforeEach(() => {
    lab.files.set(`${ring}/Makefile`, "make");
    lab.files.set(`${ring}/ring.c`, "ring");
    lab.files.set(`${ring}/a.h`, "header");
  });

  it("is one of the folders as soon as it is there, and until it goes", async () => {
    lab.shared = ["ring/", "note.txt"];
    lab.tell({ path: ring, change: "made", origin: "host" });
    await expect.poll(() => open.folders.value).toEqual([SECTION_2, SECTION_3, ring]);
    lab.shared = [];
    lab.tell({ path: ring, change: "removed", origin: "guest" });
    await expect.poll(() => open.folders.value).toEqual([SECTION_2, SECTION_3]);
  });

  it("is there from the start, and stays one while it is open", async () => {
    lab.shared = ["ring/"];
    const other = new OpenFiles(lab, NEVER);
    await other.begin(SECTION_2);
    expect(other.folders.value).toEqual([SECTION_2, SECTION_3, ring]);
    await other.openFolder(ring);
    lab.shared = [];
    lab.tell({ path: ring, change: "removed", origin: "guest" });
    expect(other.folders.value).toContain(ring);
  });

  it("goes with all that was open of it when a person deletes it", async () => {
    lab.shared = ["ring/"];
    lab.tell({ path: ring, change: "made", origin: "host" });
    await expect.poll(() => open.folders.value).toContain(ring);
    await open.openFolder(ring);
    await open.open(`${ring}/a.h`);
    await open.leftFolder(ring);
    expect(open.folder.value).toBe(SECTION_2);
    expect(open.folders.value).toEqual([SECTION_2, SECTION_3]);
    expect([...open.loaded.value]).toEqual([`${SECTION_2}/hello.c`]);
  });

  it("begins with its first C file", async () => {
    await open.openFolder(ring);
    expect(open.active.value).toBe(`${ring}/ring.c`);
    expect(open.tabs.value).toEqual([`${ring}/Makefile`, `${ring}/ring.c`]);
  });

  it("may be empty", async () => {
    await open.openFolder(`${SHARED}/nothing`);
    expect(open.active.value).toBeUndefined();
    expect(open.tabs.value).toEqual([]);
  });
});

describe("a file that a person removes or renames", () => {
  const path = `${SECTION_2}/hello.c`;

  it("is written before, and not taken for one that the guest has removed", async () => {
    const { value } = open.content;
    if (value.kind !== "file") throw new Error("It is a file of the user's.");
    value.file.edit(() => "mine");
    expect(await open.release(path)).toBe(true);
    expect(lab.files.get(path)).toBe("mine");
    lab.files.delete(path);
    lab.tell({ path, change: "removed", origin: "host" });
    await open.left(path);
    expect(value.file.state.value.kind).toBe("saved");
    expect(open.active.value).toBe(`${SECTION_2}/hello-test.c`);
    expect(open.tabs.value).not.toContain(path);
    // Nor is it in front when one comes back.
    await open.openFolder(SECTION_3);
    await open.openFolder(SECTION_2);
    expect(open.active.value).not.toBe(path);
  });

  it("is kept when it cannot be written", async () => {
    const { value } = open.content;
    if (value.kind !== "file") throw new Error("It is a file of the user's.");
    lab.writeFile = () => Promise.reject(new Error("no space"));
    value.file.edit(() => "mine");
    expect(await open.release(path)).toBe(false);
    expect(open.content.value).toBe(value);
  });

  it("leaves nothing in front when it was the last one", async () => {
    await open.openFolder(SECTION_3);
    for (const name of ["hello.c", "missing-unlock.patch"]) {
      lab.files.delete(`${SECTION_3}/${name}`);
      await open.left(`${SECTION_3}/${name}`);
    }
    expect(open.active.value).toBeUndefined();
    expect(open.tabs.value).toEqual([]);
  });

  it("stays in front by its new name", async () => {
    const to = `${SECTION_2}/ring.c`;
    await open.release(path);
    lab.files.set(to, "two");
    lab.files.delete(path);
    await open.moved(path, to);
    expect(open.active.value).toBe(to);
    expect(open.content.value).toMatchObject({ kind: "file", file: { text: "two" } });
    expect(open.tabs.value).toContain(to);
    expect(open.tabs.value).not.toContain(path);
    expect(open.canClose(to)).toBe(true);
  });

  it("stays closed when it was", async () => {
    await open.moved(`${SECTION_2}/hello-fops.c`, `${SECTION_2}/fops.c`);
    expect(open.active.value).toBe(path);
    expect(open.others.value).toEqual([`${SECTION_2}/fops.c`]);
  });
});
