import { expect, it } from "vitest";
import type { GuideEvent } from "./guide-event.js";
import { SectionFiles } from "./section-files.js";
import { paths } from "./step.js";

const SECTION = paths("3-locking");
const { source, module } = SECTION;

class Files {
  readonly texts = new Map([[source, "one"]]);
  names = ["hello.c"];
  readonly told: GuideEvent[] = [];
  readonly following = new SectionFiles([SECTION], this, (event) => this.told.push(event));

  async readFile(path: string): Promise<string> {
    const text = this.texts.get(path);
    if (text === undefined) throw new Error("ENOENT");
    return text;
  }

  async listFiles(): Promise<readonly string[]> {
    return this.names;
  }

  async tells(...events: readonly GuideEvent[]): Promise<void> {
    await expect.poll(() => this.told).toHaveLength(events.length);
    expect(this.told.splice(0)).toEqual(events);
  }
}

it("tells at the start what is there, and what is not", async () => {
  const files = new Files();
  files.following.begin();
  await files.tells(
    { kind: "source", path: source, text: "one" },
    { kind: "module-file", path: module, change: "removed" },
  );
  files.names = ["hello.c", "hello.ko"];
  files.texts.delete(source);
  files.following.begin();
  await files.tells(
    { kind: "source", path: source, text: undefined },
    { kind: "module-file", path: module, change: "found" },
  );
});

it("tells of a module behind the source that it was built of", async () => {
  const files = new Files();
  files.texts.set(source, "two");
  files.following.changed([
    { path: source, change: "written" },
    { path: `${SECTION.folder}/note.txt`, change: "written" },
    { path: module, change: "written" },
  ]);
  files.following.changed([{ path: module, change: "removed" }]);
  await files.tells(
    { kind: "source", path: source, text: "two" },
    { kind: "module-file", path: module, change: "built" },
    { kind: "module-file", path: module, change: "removed" },
  );
});

it("does not look at what is too long for a source", async () => {
  const files = new Files();
  files.texts.set(source, "x".repeat(1_000_000));
  files.following.changed([{ path: source, change: "written" }]);
  await files.tells({ kind: "source", path: source, text: undefined });
});
