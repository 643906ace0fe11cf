import { beforeEach, describe, expect, it } from "vitest";
import type { LabBuild } from "../../../emulator/lab/build/build.js";
import type { LabReport } from "../../../emulator/lab/index.js";
import { Panes } from "../app/panes.js";
import { LabActionError } from "../lab-actions.js";
import { BuildModel } from "./build-model.js";
import { FakeGuest } from "./test-support/fake-guest.js";

const FOLDER = "/home/student/3-locking";

const FAILED: LabBuild = {
  outcome: "failed",
  step: "compile",
  output: "…",
  diagnostics: [
    {
      severity: "error",
      message: "expected ';'",
      place: { file: `${FOLDER}/hello.c`, line: 5, column: 2 },
    },
    { severity: "note", message: "here" },
    {
      severity: "warning",
      message: "unused",
      place: { file: `${FOLDER}/hello.c`, line: 9, column: 1 },
    },
  ],
};

let guest: FakeGuest;
let model: BuildModel;
let unsaved: string[];
/** What is to happen after some time. */
let later: (() => void)[];
let shown: { folder: string; path: string };

beforeEach(() => {
  guest = new FakeGuest();
  later = [];
  const panes = new Panes();
  model = new BuildModel(
    { store: guest.store, actions: guest.actions, panes },
    {
      now: () => 0,
      after: (_ms, callback) => {
        later.push(callback);
        return { [Symbol.dispose]: () => undefined };
      },
    },
  );
  unsaved = [];
  shown = { folder: FOLDER, path: `${FOLDER}/hello.c` };
  model.attach({
    get shown() {
      return shown;
    },
    save: async () => {
      guest.asked.push("save");
      return unsaved;
    },
  });
});

const states = () => model.job.value?.steps.map(({ state }) => state);

describe("a build", () => {
  it("saves, and builds the module of the folder", async () => {
    await model.build();
    expect(guest.take()).toEqual(["save", "build hello"]);
    expect(model.job.value?.end).toEqual({ kind: "built" });
    expect(model.isBusy.value).toBe(false);
    expect(model.isOpen.value).toBe(false);
  });

  it("builds the test program as well when that is shown", async () => {
    shown = { folder: FOLDER, path: `${FOLDER}/hello-test.c` };
    await model.build();
    expect(guest.take()).toEqual(["save", "build hello", "build a.out"]);
  });

  it("tells what is wrong with a source, until the next one says otherwise", async () => {
    guest.build = () => FAILED;
    await model.build();
    expect(model.job.value?.end).toEqual({ kind: "not-built" });
    expect(model.isOpen.value).toBe(true);
    const [file, problems] = [...model.problems.value][0] ?? [];
    expect(file).toBe(`${FOLDER}/hello.ko`);
    expect(problems).toMatchObject([
      { severity: "error", notes: [{ message: "here" }] },
      { severity: "warning" },
    ]);
    guest.build = () => ({
      ...FAILED,
      outcome: "built",
      path: "",
      bytes: new Uint8Array(),
      diagnostics: [],
    });
    await model.build();
    expect(model.problems.value.size).toBe(0);
  });

  it("goes through the problems, round and round", async () => {
    guest.build = () => FAILED;
    expect(model.showNext(1)).toBe(false);
    await model.build();
    const lines: (number | undefined)[] = [];
    for (const step of [1, 1, 1, -1, -1] as const) {
      expect(model.showNext(step)).toBe(true);
      lines.push(guest.store.target.value?.line);
    }
    expect(lines).toEqual([5, 9, 5, 9, 5]);
  });

  it("is not begun with a text that could not be written", async () => {
    unsaved = ["hello.c"];
    await model.build();
    expect(guest.take()).toEqual(["save"]);
    expect(model.job.value?.end).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("hello.c could not be written"),
    });
  });

  it("says what could not be downloaded", async () => {
    const message = "The compiler could not be downloaded.";
    guest.build = () => Promise.reject(new LabActionError({ code: "download-failed", message }));
    await model.build();
    expect(model.job.value?.end).toEqual({ kind: "failed", why: message });
    expect(states()).toEqual(["failed"]);
  });

  it("shows a mistake in the Makefile as a problem of it", async () => {
    guest.files.set(`${FOLDER}/Makefile`, "obj-m := sub/\n");
    await model.run();
    expect(guest.take()).toEqual(["save"]);
    expect(model.job.value?.end).toEqual({ kind: "not-built" });
    expect(model.problems.value.get(`${FOLDER}/Makefile`)).toMatchObject([
      { place: { path: `${FOLDER}/Makefile`, line: 1 } },
    ]);
    guest.files.set(`${FOLDER}/Makefile`, "obj-m := hello.o\n");
    await model.build();
    expect(model.problems.value.size).toBe(0);
  });

  it("is cancelled", async () => {
    guest.build = () => new Promise(() => undefined);
    const build = model.build();
    await expect.poll(() => guest.asked).toContain("build hello");
    model.cancel();
    await build;
    expect(model.job.value?.end).toEqual({ kind: "cancelled", byNewer: false });
    expect(states()).toEqual(["cancelled"]);
    expect(model.isBusy.value).toBe(false);
  });

  it("makes room for a newer one, which says so", async () => {
    guest.build = () => new Promise(() => undefined);
    const older = model.build();
    await expect.poll(() => guest.asked).toContain("build hello");
    const first = model.job.value;
    guest.build = () => ({ outcome: "timed-out", afterMs: 60_000 });
    await Promise.all([older, model.build()]);
    expect(model.job.value).not.toBe(first);
    expect(model.job.value).toMatchObject({ tookOver: true, end: { kind: "not-built" } });
    expect(model.job.value?.steps[0]?.why).toContain("ended after 60 s");
  });
});

describe("a run", () => {
  it("builds all, takes a snapshot, loads the module and tries it out", async () => {
    await model.run();
    expect(guest.take()).toEqual([
      "save",
      "build hello",
      "build a.out",
      "$ cd ~/3-locking",
      "checkpoint Before hello.ko",
      "$ sudo insmod ./hello.ko",
      "$ ./a.out",
      "$ echo $?",
    ]);
    expect(model.job.value?.end).toEqual({ kind: "ran", hasTest: true });
    expect(model.job.value?.steps.at(-1)).toMatchObject({
      what: { kind: "type", line: "./a.out" },
      state: "done",
      detail: "exit status 0",
      lines: ["read 6 bytes: hello"],
    });
    expect(model.isOpen.value).toBe(true);
    model.edited();
    expect(model.isOpen.value).toBe(false);
  });

  it("unloads the module of before, and keeps the last snapshot only", async () => {
    await model.run();
    guest.take();
    guest.modules("hello");
    await model.run();
    expect(guest.take().slice(3)).toEqual([
      "$ sudo rmmod hello",
      "checkpoint Before hello.ko",
      "forget 1",
      "$ sudo insmod ./hello.ko",
      "$ ./a.out",
      "$ echo $?",
    ]);
  });

  it("unloads one of which the page does not know yet", async () => {
    const insmod = "sudo insmod ./hello.ko";
    guest.prints.set(insmod, "insmod: can't insert './hello.ko': File exists");
    const { onCommand } = guest.terminal;
    guest.terminal.onCommand = (line) => {
      onCommand(line);
      if (line.includes("rmmod")) guest.prints.delete(insmod);
    };
    await model.run();
    expect(guest.take().slice(5)).toEqual([
      `$ ${insmod}`,
      "$ sudo rmmod hello",
      `$ ${insmod}`,
      "$ ./a.out",
      "$ echo $?",
    ]);
    expect(model.job.value?.end).toEqual({ kind: "ran", hasTest: true });
  });

  it("ends where the build does", async () => {
    guest.build = () => FAILED;
    await model.run();
    expect(guest.take()).toEqual(["save", "build hello"]);
    expect(model.job.value?.end).toEqual({ kind: "not-built" });
  });

  it("says what keeps the module of before from being unloaded", async () => {
    guest.modules("hello");
    const said = "rmmod: can't unload module 'hello': Resource temporarily unavailable";
    guest.prints.set("sudo rmmod hello", said);
    await model.run();
    expect(guest.take().at(-1)).toBe("$ sudo rmmod hello");
    expect(model.job.value?.end).toEqual({
      kind: "failed",
      why: `${said}. Something still uses it. Rescue goes back to where it was not loaded.`,
    });
  });

  it("ends with a module that is not loaded, in insmod's words", async () => {
    const said = "insmod: can't insert './hello.ko': Cannot allocate memory";
    guest.prints.set("sudo insmod ./hello.ko", said);
    await model.run();
    expect(model.job.value?.end).toEqual({ kind: "not-loaded" });
    expect(model.job.value?.steps.at(-1)?.lines).toEqual([said]);
  });

  it("tells the exit status of a test that fails", async () => {
    guest.prints.set("./a.out", "read: Invalid argument").set("echo $?", "1");
    await model.run();
    expect(model.job.value?.end).toEqual({ kind: "test-failed", status: 1 });
    expect(states()?.at(-1)).toBe("failed");
  });

  it("ends when the machine freezes, and rescues it first the next time", async () => {
    guest.prints.set("./a.out", undefined);
    const run = model.run();
    await expect.poll(() => guest.asked).toContain("$ ./a.out");
    guest.status("frozen");
    await run;
    expect(model.job.value?.end).toEqual({ kind: "down" });
    guest.take();
    guest.prints.set("./a.out", "read 6 bytes: hello");
    await model.run();
    expect(guest.take().slice(3, 6)).toEqual([
      "rescue",
      "$ cd ~/3-locking",
      "checkpoint Before hello.ko",
    ]);
    expect(model.job.value?.end).toEqual({ kind: "ran", hasTest: true });
  });

  it("is what the kernel reports soon after it, and not what comes later", async () => {
    await model.run();
    const report = { report: { kind: "warning", title: "WARNING in hello_read" } } as LabReport;
    guest.store.take({ kind: "report", report });
    expect(model.job.value?.reportsAtEnd).toBeUndefined();
    later.at(-1)?.();
    guest.store.take({ kind: "report", report });
    expect(model.job.value).toMatchObject({ reportsBefore: 0, reportsAtEnd: 1 });
  });

  it("goes back first when the kernel has reported a fault", async () => {
    const report = { report: { kind: "usercopy", title: "usercopy" } } as LabReport;
    guest.store.take({ kind: "report", report });
    await model.run();
    expect(guest.take()).toContain("rescue");
    expect(model.job.value?.reportsBefore).toBe(1);
  });

  it("does not type into a program that has the terminal", async () => {
    guest.terminal.onListener = () => "student@kspace:~$ gdb\r\n(gdb) ";
    await model.run();
    expect(guest.asked.filter((line) => line.startsWith("$"))).toEqual([]);
    expect(model.job.value?.end).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("gdb has the terminal"),
    });
  });

  it("interrupts its test when it is cancelled", async () => {
    guest.prints.set("./a.out", undefined);
    const run = model.run();
    await expect.poll(() => guest.asked).toContain("$ ./a.out");
    model.cancel();
    await run;
    expect(guest.terminal.keys).toEqual(["\x03"]);
    expect(model.job.value?.end).toEqual({ kind: "cancelled", byNewer: false });
    expect(states()?.at(-1)).toBe("cancelled");
  });

  it("of a folder without a test only loads the module", async () => {
    guest.files.delete(`${FOLDER}/hello-test.c`);
    await model.run();
    expect(guest.take().at(-1)).toBe("$ sudo insmod ./hello.ko");
    expect(model.job.value?.end).toEqual({ kind: "ran", hasTest: false });
  });

  it("goes on without a snapshot where there is no room for one", async () => {
    const checkpoint = () =>
      Promise.reject(
        new LabActionError({ code: "refused", message: "The snapshots take 512 MB." }),
      );
    Object.assign(guest.actions, { checkpoint });
    await model.run();
    expect(model.job.value?.end).toEqual({ kind: "ran", hasTest: true });
    const snapshot = model.job.value?.steps.find(({ what }) => what.kind === "snapshot");
    expect(snapshot).toMatchObject({ state: "failed", why: expect.stringContaining("512 MB") });
  });

  it("keeps the first of what a test prints without end", async () => {
    guest.prints.set("./a.out", Array.from({ length: 250 }, (_, index) => `${index}`).join("\r\n"));
    await model.run();
    const step = model.job.value?.steps.at(-1);
    expect(step?.lines?.length).toBe(200);
    expect(step?.linesLeftOut).toBe(50);
  });
});
