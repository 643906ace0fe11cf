import { beforeEach, describe, expect, it } from "vitest";
import { EditedFile, type FileIo } from "./edited-file.js";

const PATH = "/home/student/2-fops/hello.c";

/** A guest with one file, and a clock that stands until it is told. */
class FakeGuest implements FileIo {
  content: string | undefined = "original";
  failure: Error | undefined;
  readonly written: string[] = [];
  /** Holds writes up until it is settled. */
  gate: Promise<void> = Promise.resolve();
  readonly #timers = new Set<() => void>();

  async read(): Promise<string> {
    if (this.content === undefined) throw new Error("ENOENT");
    return this.content;
  }

  async write(_path: string, content: string): Promise<void> {
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    this.written.push(content);
    this.content = content;
  }

  after(_ms: number, callback: () => void): Disposable {
    this.#timers.add(callback);
    return { [Symbol.dispose]: () => this.#timers.delete(callback) };
  }

  get waiting(): number {
    return this.#timers.size;
  }

  passTime(): void {
    for (const callback of [...this.#timers]) {
      this.#timers.delete(callback);
      callback();
    }
  }
}

let guest: FakeGuest;
let file: EditedFile;

beforeEach(() => {
  guest = new FakeGuest();
  file = new EditedFile(PATH, "original", guest);
});

describe("saving", () => {
  it("writes once, a while after the last of several edits", async () => {
    file.edit(() => "a");
    file.edit(() => "ab");
    expect(file.state.value.kind).toBe("unsaved");
    expect(guest.waiting).toBe(1);
    guest.passTime();
    await file.save();
    expect(guest.written).toEqual(["ab"]);
    expect(file.state.value.kind).toBe("saved");
  });

  it("writes at once when it is asked to, and not again later", async () => {
    file.edit(() => "now");
    await file.save();
    guest.passTime();
    await file.save();
    expect(guest.written).toEqual(["now"]);
  });

  it("writes what was typed while it wrote", async () => {
    let open = (): void => undefined;
    guest.gate = new Promise((resolve) => {
      open = resolve;
    });
    file.edit(() => "first");
    const saving = file.save();
    file.edit(() => "second");
    open();
    await saving;
    expect(file.state.value.kind).toBe("unsaved");
    guest.passTime();
    await file.save();
    expect(guest.written).toEqual(["first", "second"]);
    expect(file.state.value.kind).toBe("saved");
  });

  it("keeps the text when it cannot be written, and tries again", async () => {
    guest.failure = new Error("The guest's disk is full.");
    file.edit(() => "mine");
    await file.save();
    expect(file.state.value).toEqual({ kind: "failed", message: "The guest's disk is full." });
    expect(file.text).toBe("mine");
    guest.failure = undefined;
    await file.save();
    expect(guest.content).toBe("mine");
  });
});

describe("a change from outside", () => {
  it("is taken when nothing was typed here", async () => {
    guest.content = "theirs";
    await file.changedOutside();
    expect(file.replaced.value).toEqual({ text: "theirs" });
    expect(file.text).toBe("theirs");
    expect(file.state.value.kind).toBe("saved");
  });

  it("is none when it is our own write", async () => {
    file.edit(() => "mine");
    await file.save();
    await file.changedOutside();
    file.edit(() => "mine, and more");
    await file.changedOutside();
    expect(file.replaced.value).toBeUndefined();
    expect(file.state.value.kind).toBe("unsaved");
  });

  it("never replaces or is replaced by what was typed here, until a person decides", async () => {
    file.edit(() => "mine");
    guest.content = "theirs";
    await file.changedOutside();
    expect(file.state.value).toEqual({ kind: "conflict", theirs: "theirs" });
    file.edit(() => "mine, still");
    guest.passTime();
    await file.save();
    expect(guest.content).toBe("theirs");
    expect(file.text).toBe("mine, still");
  });

  it("can be written over", async () => {
    file.edit(() => "mine");
    guest.content = "theirs";
    await file.changedOutside();
    await file.keepMine();
    expect(guest.content).toBe("mine");
    expect(file.state.value.kind).toBe("saved");
  });

  it("can be taken after all", async () => {
    file.edit(() => "mine");
    guest.content = "theirs";
    await file.changedOutside();
    file.takeTheirs();
    expect(file.replaced.value).toEqual({ text: "theirs" });
    expect(file.state.value.kind).toBe("saved");
    expect(guest.written).toEqual([]);
  });

  it("ends a conflict when both come to the same text", async () => {
    file.edit(() => "mine");
    guest.content = "theirs";
    await file.changedOutside();
    guest.content = "mine";
    await file.changedOutside();
    expect(file.state.value.kind).toBe("saved");
  });

  it("ends a conflict when it is taken back", async () => {
    file.edit(() => "mine");
    guest.content = "theirs";
    await file.changedOutside();
    guest.content = "original";
    await file.changedOutside();
    guest.passTime();
    await file.save();
    expect(guest.content).toBe("mine");
  });

  it("may remove the file: the text stays, and is written again by the next edit", async () => {
    guest.content = undefined;
    await file.changedOutside();
    expect(file.state.value.kind).toBe("removed");
    expect(file.text).toBe("original");
    file.edit(() => "mine");
    await file.save();
    expect(guest.content).toBe("mine");
  });

  it("may bring a removed file back", async () => {
    guest.content = undefined;
    await file.changedOutside();
    guest.content = "other";
    await file.changedOutside();
    expect(file.text).toBe("other");
    expect(file.state.value.kind).toBe("saved");
  });
});
