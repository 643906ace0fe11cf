/** The steps that edit, build and try again, by what a page tells; real guests do them, too. */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { CourseGuide, type GuideEvent, guideSections, type StepProgress } from "./index.js";
import { courseEdited } from "./source-edit.js";
import { paths } from "./step.js";
import { logged, printed } from "./test-support/guest-events.js";

const COURSE = new URL("../../../../kernel-src/course/", import.meta.url);
const { source, module } = paths("3-locking");
const WHOLE = read("hello-fops.c");
const BROKEN = courseEdited({ original: WHOLE, patch: read("missing-unlock.patch") }) ?? "";
const PROMPT = "student@kspace:~/3-locking$ ";

let guide: CourseGuide;
/** Of the kernel's messages. */
let sequence: number;

function read(name: string): string {
  return readFileSync(new URL(name, COURSE), "utf8");
}

function tell(...events: readonly GuideEvent[]): void {
  for (const event of events) guide.observe(event);
}

function edit(text: string | undefined): void {
  tell({ kind: "source", path: source, text });
}

function build(): void {
  tell({ kind: "module-file", path: module, change: "built" });
}

function log(text: string): void {
  sequence++;
  tell(logged(sequence, text));
}

function load(): void {
  tell(printed(`${PROMPT}sudo insmod ./hello.ko\r\n`));
  log("hello: loaded: read and write /dev/hello");
  tell({ kind: "guest", guest: { modules: [{ name: "hello", file: module }], asOf: sequence } });
}

function run(): void {
  tell(printed(`${PROMPT}./a.out\r\n`));
  log("hello: opened by a.out (pid 7)");
  tell(printed("wrote 6 bytes\r\nread 6 bytes: hello\r\n"));
}

function unload(): void {
  log("hello: unloaded");
  tell({ kind: "guest", guest: { modules: [], asOf: sequence } });
}

function freeze(): void {
  tell(printed(`${PROMPT}./a.out\r\n`));
  tell({ kind: "status", status: { state: "frozen", guestMs: 9000 } });
}

function rescue(): void {
  tell(
    { kind: "kernel-log-reset", records: [] },
    { kind: "guest", guest: { modules: [], asOf: -1 } },
    { kind: "status", status: { state: "idle", guestMs: 1000 } },
  );
}

function step(id: string): StepProgress {
  const section = guide.progress.sections.find((one) => one.section.id === "3-locking");
  const found = section?.steps.find(({ step }) => step.id === id);
  if (found === undefined) throw new Error(`There is no step ${id}.`);
  return found;
}

function done(): readonly string[] {
  return guide.save().done["3-locking"] ?? [];
}

beforeEach(() => {
  guide = new CourseGuide();
  sequence = 0;
  tell({ kind: "kernel-log-reset", records: [] });
  edit(WHOLE);
  tell({ kind: "module-file", path: module, change: "removed" });
});

it("are done in their order by somebody who does what they say", () => {
  const actions = [
    ["remove", () => edit(BROKEN)],
    ["build", build],
    ["load", load],
    ["freeze", freeze],
    ["rescue", rescue],
    ["mend", () => edit(WHOLE)],
    ["rebuild", build],
    ["reload", load],
    ["works", run],
    ["unload", unload],
  ] as const;
  for (const [id, act] of actions) {
    expect(step(id).state, id).not.toBe("done");
    expect(step(id).obstacle, id).toBeUndefined();
    act();
    expect(done(), id).toContain(id);
  }
  expect(guide.progress.sections[2]?.isDone).toBe(true);
});

describe("the source", () => {
  it("may have other edits", () => {
    edit(BROKEN.replace("opened by %s", "open: %s"));
    expect(done()).toContain("remove");
  });

  it("with another line gone is not what is asked for, and the step says so", () => {
    edit(WHOLE.replace("\tspin_unlock(&hello_lock);\n", ""));
    expect(done()).toEqual([]);
    expect(step("remove").obstacle).toEqual({
      text: "`hello_read()` has lost its `spin_unlock()`: only `hello_write()` is meant.",
      remedy: undefined,
    });
    expect(step("build").obstacle?.remedy).toMatchObject({ kind: "edit", path: source });
  });

  it("that is not there keeps nothing back that it does not have to", () => {
    edit(undefined);
    expect(step("remove").obstacle).toBeUndefined();
    build();
    expect(done()).toEqual([]);
  });

  it("that nobody has touched was not mended", () => {
    guide = new CourseGuide({ version: 1, done: { "3-locking": ["load", "freeze", "rescue"] } });
    edit(WHOLE);
    expect(step("mend").state).toBe("open");
    edit(BROKEN);
    edit(WHOLE);
    expect(step("mend").state).toBe("done");
  });

  it("that was mended before the machine froze counts when it is rescued", () => {
    edit(BROKEN);
    build();
    edit(WHOLE);
    expect(done()).not.toContain("mend");
    load();
    freeze();
    rescue();
    expect(done()).toContain("mend");
  });
});

describe("a module", () => {
  it("of a source without the edit is none that freezes", () => {
    build();
    expect(done()).toEqual([]);
    expect(step("build").obstacle).toMatchObject({
      text: "`hello_write()` has its `spin_unlock()` still.",
      remedy: { kind: "edit" },
    });
  });

  it("that is not built, or of an older source, cannot be loaded as it should be", () => {
    expect(step("load").obstacle?.text).toBe("`hello.ko` is not built.");
    edit(BROKEN);
    build();
    expect(step("load").obstacle).toBeUndefined();
    edit(`${BROKEN}\n`);
    expect(step("load").obstacle).toEqual({
      text: "`hello.c` has been changed since `hello.ko` was built of it.",
      remedy: { kind: "build", folder: "/home/student/3-locking" },
    });
    tell({ kind: "module-file", path: module, change: "removed" });
    expect(step("freeze").obstacle?.text).toBe("`hello.ko` is not built.");
  });

  it("that was loaded before it was built again is not the new one", () => {
    edit(BROKEN);
    build();
    load();
    freeze();
    // Nobody went back: the kernel would have to be one that survives its modules.
    tell({ kind: "status", status: { state: "idle", guestMs: 9500 } });
    edit(WHOLE);
    build();
    tell({ kind: "guest", guest: { modules: [{ name: "hello", file: module }], asOf: sequence } });
    expect(done()).toContain("rebuild");
    expect(done()).not.toContain("reload");
    expect(step("reload").obstacle?.remedy).toMatchObject({ line: "sudo rmmod hello" });
    unload();
    load();
    expect(done()).toContain("reload");
  });

  it("that works before it was broken proves nothing", () => {
    build();
    load();
    run();
    expect(done()).toEqual(["go"]);
    edit(BROKEN);
    build();
    expect(step("load")).toMatchObject({
      state: "current",
      obstacle: { remedy: { line: "sudo rmmod hello" } },
    });
    unload();
    load();
    expect(step("load").state).toBe("done");
  });
});

it("mend what they break", () => {
  for (const { id, steps } of guideSections) {
    const wanted = steps.flatMap(({ action, source }) =>
      action.kind === "edit" || action.kind === "build" ? [source?.state] : [],
    );
    const edits = ["made", "made", "whole", "whole"];
    expect(wanted, id).toEqual(id === "1-load" ? [] : id === "2-fops" ? [undefined] : edits);
  }
});
