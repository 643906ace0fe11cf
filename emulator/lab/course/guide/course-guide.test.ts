/** The four sections at the terminal of a real guest, as a page's guide sees them. */
import { describe, expect, it, vi } from "vitest";
import { LabHost } from "../../../browser/lab-host.js";
import { nodeImageSource } from "../../../node/index.js";
import { courseSections } from "../run-course.js";
import { CourseGuide, type GuideEvent, guideSections, parseProgress } from "./index.js";
import type { SavedProgress } from "./saved-progress.js";
import { logged, printed } from "./test-support/guest-events.js";
import { Student } from "./test-support/student.js";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** A student with the host that a page's worker has. */
function arrive(saved?: SavedProgress): Promise<Student> {
  const host = new LabHost(() => nodeImageSource(), { home: "exercise" });
  const noAssets = { images: "", engine: "", disassembler: "" };
  const noFiles = { written: {}, removed: [], folders: [] };
  return Student.arrive(
    {
      start: (onEvent) => host.start(noAssets, noFiles, onEvent),
      type: (keys) => host.type(keys),
      rescue: () => host.rescue(),
      resetFolder: (folder) => host.resetFolder(folder),
      build: (folder) => host.build({ module: "hello", folder }),
      readFile: async (path) => new TextDecoder().decode(await host.readFile(path)),
      writeFile: (path, content) => host.writeFile(path, content),
      originalOf: (path) => host.originalOf(path),
      listFiles: (folder) => host.listFiles(folder),
      close: () => host.close(),
    },
    saved,
  );
}

/** All steps of a section, as `section/step`. */
function stepsOf(sectionId: string): string[] {
  const section = guideSections.find(({ id }) => id === sectionId);
  return section?.steps.map(({ id }) => `${sectionId}/${id}`) ?? [];
}

describe("all four sections", () => {
  it("are done by typing, in one go", async () => {
    await using student = await arrive();
    await student.types("cd ~/1-load");
    await student.types("cat hello.c");
    await student.types("sudo insmod ./hello.ko");
    await student.types("ls -l /dev/hello");
    await student.types("sudo rmmod hello");
    await student.types("dmesg | tail");
    await student.sees(...stepsOf("1-load"));

    await student.types("cd ~/2-fops");
    await student.types("cat hello.c");
    await student.types("make clean; make");
    await student.types("sudo insmod ./hello.ko");
    await student.types("./a.out");
    await student.types("sudo rmmod hello");
    await student.sees(...stepsOf("2-fops"));

    await student.types("cd ~/3-locking");
    expect(student.step("3-locking/load").obstacle?.remedy).toMatchObject({ kind: "build" });
    await student.types("sed -i '/hello_len = count/,/^}/{/spin_unlock/d}' hello.c");
    await student.types("make");
    await student.sees("3-locking/build");
    await student.types("sudo insmod ./hello.ko");
    student.send("./a.out\n");
    await student.sees("3-locking/freeze");
    expect(student.step("3-locking/works").obstacle?.remedy).toEqual({ kind: "rescue" });
    await student.presses(student.step("3-locking/why").action);
    await student.host.rescue();
    await student.prompt("the rescue");
    await student.types("cd ~/3-locking; patch -R < missing-unlock.patch");
    await student.sees("3-locking/mend");
    expect(student.step("3-locking/reload").obstacle?.text).toContain("has been changed since");
    await student.types("make");
    await student.types("sudo insmod ./hello.ko");
    await student.types("./a.out");
    await student.types("sudo rmmod hello");
    await student.sees(...stepsOf("3-locking"));

    await student.types("cd ~/4-debugging");
    await student.types("patch < missing-kmalloc.patch; make; sudo insmod ./hello.ko");
    expect(student.step("4-debugging/list").action).toBeUndefined();
    await student.types("./a.out");
    await student.sees("4-debugging/oops");
    await student.types("dmesg | tail -n 30");
    await student.types("gdb hello.ko --quiet");
    const { action } = student.step("4-debugging/list");
    expect(action).toMatchObject({ line: expect.stringMatching(/^l \*\(hello_write\+0x\w+\)$/) });
    await student.types(action?.kind === "type" ? action.line : "");
    await student.types("quit");
    await student.host.rescue();
    await student.prompt("the rescue");
    await student.types("cd ~/4-debugging; patch -R < missing-kmalloc.patch; make");
    await student.types("sudo insmod ./hello.ko; ./a.out");
    await student.sees(...stepsOf("4-debugging"));

    expect(student.guide.progress.isDone).toBe(true);
    expect(student.done).toEqual(guideSections.flatMap(({ id }) => stepsOf(id)));
  });

  it("are done by their buttons", async () => {
    await using student = await arrive();
    for (const step of guideSections.flatMap(({ id }) => stepsOf(id))) {
      expect(student.step(step).state, step).toBe("current");
      expect(student.step(step).obstacle, step).toBeUndefined();
      await student.presses(student.step(step).action);
      await student.sees(step);
    }
    expect(student.guide.progress.isDone).toBe(true);
  });
});

describe("other ways", () => {
  it("absolute paths, with the shell at home", async () => {
    await using student = await arrive();
    await student.types("cat /home/student/1-load/hello-kmalloc.c");
    await student.types("sudo /sbin/insmod /home/student/1-load/hello.ko");
    await student.types("ls /dev | grep hello");
    await student.types("sudo rmmod hello && sudo dmesg | grep hello:");
    await student.sees(...stepsOf("1-load"));
  });

  it("with a console that prints no messages of the kernel's", async () => {
    await using student = await arrive();
    await student.types("sudo dmesg -n 1; cd 1-load; cat hello.c");
    await student.types("sudo insmod ./hello.ko");
    await student.sees("1-load/load");
    await student.types("ls -l /dev/hello");
    await student.types("sudo rmmod hello");
    await student.types("dmesg | tail");
    await student.sees(...stepsOf("1-load"));
  });

  it("a folder after the other, a line for all of it", async () => {
    await using student = await arrive();
    await student.types("cd /tmp; cd ~/1-load/../2-fops && head -n 30 ./hello.c");
    await student.types("make clean; make; sudo insmod hello.ko; ./a.out; sudo rmmod hello");
    await student.sees(...stepsOf("2-fops"));
    expect(student.done.every((step) => step.startsWith("2-fops/"))).toBe(true);
  });

  it("with the lines typed ahead, on a narrow terminal with a wrapped prompt", async () => {
    await using student = await arrive();
    await student.types("stty cols 30");
    student.send("cd ~/3-locking\npatch < missing-unlock.patch\nmake\n");
    student.send("sudo insmod /home/student/3-locking/hello.ko; ./a.out\n");
    await student.sees(...stepsOf("3-locking").slice(0, 5));
  });

  it("sections 3 and 4 edited by a person's own programs, with other edits beside", async () => {
    await using student = await arrive();
    await student.types("cd ~/3-locking; sed -i 's/opened by/opened again by/' hello.c");
    await student.types(
      "grep -v 'never' hello.c | sed '1,/^static ssize_t hello_w/b;/unlock/d' > x",
    );
    await student.types("mv x hello.c");
    await student.sees("3-locking/remove");
    await student.types("cd ~/4-debugging; sed -i '/= kmalloc/s,^,//,' hello.c");
    await student.until("what is missing", () =>
      Boolean(student.step("4-debugging/remove").obstacle?.text.includes("-ENOMEM")),
    );
    await student.types("sed -i '/if (!hello_mem)/,+1s,^,//,' hello.c");
    await student.sees("4-debugging/remove");
  });

  it("gdb without its prompt", async () => {
    await using student = await arrive();
    await student.types("cd 4-debugging");
    await student.host.build("/home/student/4-debugging");
    await student.types("gdb -q -batch -ex 'l *(hello_write+0x2b)' ./hello.ko");
    await student.sees("4-debugging/list");
    await student.types("echo 'l *hello_write' | gdb -q hello.ko");
    await student.sees("4-debugging/gdb");
    expect(student.done).not.toContain("4-debugging/quit");
  });
});

describe("what is not done", () => {
  it("with nothing typed: nothing", async () => {
    await using student = await arrive();
    await student.types("");
    await student.types("uname -a; lsmod; dmesg");
    expect(student.done).toEqual([]);
    expect(student.guide.progress.currentSection).toBe("1-load");
  });

  it("with the words of the output typed, or written by others", async () => {
    await using student = await arrive();
    await student.types("read 6 bytes: hello");
    await student.types("echo 'read 6 bytes: hello'");
    await student.types("# 0xbb is in hello_write (uaccess.h:161).");
    await student.types("echo 'hello: loaded: now' | sudo tee /dev/kmsg");
    await student.types("echo 'hello: unloaded' | sudo tee /dev/kmsg; dmesg | tail");
    await student.types("ls -l /dev/hello ~/2-fops/hello.ko");
    expect(student.done).toEqual([]);
  });

  it("with a module of another section", async () => {
    await using student = await arrive();
    await student.types("cd ~/1-load");
    await student.types("sudo insmod ../2-fops/hello.ko");
    await student.sees("2-fops/load");
    // Its name is taken: this loads nothing.
    await student.types("sudo insmod ./hello.ko");
    expect(student.step("1-load/load").obstacle?.text).toContain("~/2-fops/hello.ko");
    await student.types("ls -l /dev/hello");
    await student.types("sudo rmmod hello");
    await student.types("dmesg | tail");
    await student.sees("2-fops/unload");
    expect(student.done.filter((step) => step.startsWith("1-load"))).toEqual(["1-load/go"]);
  });

  it("a rescue is no way to unload, and needs a freeze to be one", async () => {
    await using student = await arrive();
    await student.types("sudo insmod ~/1-load/hello.ko");
    await student.sees("1-load/load");
    await student.host.rescue();
    await student.prompt("the rescue");
    await student.types("dmesg | tail");
    expect(student.done).toEqual(["1-load/load", "1-load/go"].sort());
    await student.until("no module", () => student.step("1-load/unload").obstacle !== undefined);
  });
});

describe("a look into the guest that was begun before the module said what it did", () => {
  const file = "/home/student/2-fops/hello.ko";
  const prompt = "student@kspace:~/2-fops$ ";
  const loaded = "hello: loaded: read and write /dev/hello";

  function look(asOf: number, ...files: string[]): GuideEvent {
    const modules = files.map((file) => ({ name: "hello", file }));
    return { kind: "guest", guest: { modules, asOf } };
  }
  /** Whether section 2's program can be run, by what its step says. */
  function obstacles(...events: readonly GuideEvent[]): (string | undefined)[] {
    const guide = new CourseGuide();
    return events.map((event) => {
      guide.observe(event);
      const section = guide.progress.sections.find(({ section }) => section.id === "2-fops");
      return section?.steps.find(({ step }) => step.id === "run")?.obstacle?.text;
    });
  }
  const NOT_LOADED = "The module is not loaded now.";

  it("does not take back a module that is loaded", () => {
    expect(
      obstacles(
        printed(`${prompt}sudo insmod ./hello.ko\r\n`),
        logged(8, loaded),
        look(7),
        look(8, file),
      ),
    ).toEqual([NOT_LOADED, undefined, undefined, undefined]);
  });

  it("does not bring back a module that is unloaded", () => {
    expect(
      obstacles(
        look(7, file),
        printed(`${prompt}sudo rmmod hello\r\n`),
        logged(8, "hello: unloaded"),
        look(7, "/home/student/1-load/hello.ko"),
        look(8),
      ),
    ).toEqual([undefined, undefined, NOT_LOADED, NOT_LOADED, NOT_LOADED]);
  });
});

describe("progress", () => {
  it("out of order: later steps are done early", async () => {
    await using student = await arrive();
    await student.types("sudo insmod ~/1-load/hello.ko");
    await student.types("ls -l /dev/hello");
    await student.sees("1-load/device");
    expect(student.step("1-load/source").state).toBe("current");
    expect(student.step("1-load/device")).toMatchObject({ state: "done", isEarly: true });
    expect(student.step("1-load/unload")).toMatchObject({ state: "open", isEarly: false });
    student.reads("/home/student/1-load/hello.c");
    expect(student.step("1-load/unload").state).toBe("current");
    expect(student.step("1-load/device").isEarly).toBe(false);
  });

  it("goes on after a reload, with a guest that starts anew", async () => {
    const saved = parseProgress({
      version: 1,
      done: { "2-fops": ["go", "source", "build", "load"] },
    });
    await using student = await arrive(saved);
    expect(student.step("2-fops/run")).toMatchObject({
      state: "current",
      action: { line: "cd ~/2-fops && ./a.out" },
      obstacle: { remedy: { line: "sudo insmod ~/2-fops/hello.ko" } },
    });
    const { obstacle, action } = student.step("2-fops/run");
    await student.presses(obstacle?.remedy);
    await student.until("no obstacle", () => student.step("2-fops/run").obstacle === undefined);
    await student.presses(action);
    await student.sees("2-fops/run");
    expect(student.guide.save().done["2-fops"]).toEqual(["go", "source", "build", "load", "run"]);
  });

  it("begins anew for a section that is reset", async () => {
    await using student = await arrive();
    await student.types("cd ~/1-load; sudo insmod ./hello.ko");
    await student.types("cd ~/2-fops");
    await student.sees("1-load/load", "2-fops/go");
    await student.host.resetFolder("/home/student/1-load");
    student.guide.reset("1-load");
    await student.prompt("the reset");
    await student.types("lsmod");
    expect(student.guide.progress.sections.map(({ doneCount }) => doneCount)).toEqual([0, 1, 0, 0]);
    await student.types("cd ~/1-load; sudo insmod ./hello.ko");
    await student.until("the load", () => student.step("1-load/load").state === "done");
  });

  it("is the same object until something happens", () => {
    const guide = new CourseGuide();
    const { progress } = guide;
    guide.observe(printed("output\n"));
    expect(guide.progress).toBe(progress);
    guide.observe({ kind: "shown", path: "/home/student/1-load/hello.c" });
    expect(guide.progress).not.toBe(progress);
  });
});

describe("the guide's texts", () => {
  it("type what the course's script types", () => {
    for (const { id, steps } of courseSections) {
      const section = guideSections.find((section) => section.id === id);
      const lines = section?.steps.flatMap(({ action }) =>
        action.kind === "type" ? [action.line] : [],
      );
      const typed = steps.flatMap(({ kind, command }) => (kind === "command" ? [command] : []));
      // In the page the edit is made, and is itself the file that survives.
      const expected = typed.filter((command) => !/\.patch$|note\.txt$/.test(command));
      expect(lines).toEqual(expect.arrayContaining(expected));
    }
  });

  it("mark code by pairs of backquotes", () => {
    for (const { introduction, conclusion, steps } of guideSections) {
      const texts = steps.flatMap(({ text, hint, on64Bit = "" }) => [text, hint, on64Bit]);
      for (const text of [introduction, conclusion, ...texts]) {
        expect(text.split("`").length % 2, text).toBe(1);
      }
    }
  });
});

describe("kept progress", () => {
  it.each([undefined, null, 7, "x", [], {}, { version: 2, done: {} }, { version: 1, done: [] }])(
    "that is none counts as none: %j",
    (kept) => {
      expect(new CourseGuide(parseProgress(kept)).progress.sections[0]?.doneCount).toBe(0);
    },
  );

  it("is narrowed to steps that there are", () => {
    const done = {
      "1-load": ["go", 3, "gone"],
      // Of a course in which the edit was only looked at.
      "3-locking": ["go", "edit", "note", "load", "survived"],
      "9-nothing": ["go"],
    };
    const guide = new CourseGuide(parseProgress({ version: 1, done, place: "<b>" }));
    expect(guide.save()).toEqual({
      version: 1,
      done: { "1-load": ["go"], "2-fops": [], "3-locking": ["go", "load"], "4-debugging": [] },
    });
  });
});
