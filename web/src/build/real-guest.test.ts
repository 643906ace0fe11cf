/** Builds and runs of the page with the compiler and a guest, as the page's worker has them. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { exposeLab } from "../../../emulator/browser/expose-lab.js";
import { LabClient } from "../../../emulator/browser/lab-client.js";
import { LabHost } from "../../../emulator/browser/lab-host.js";
import { FakeWorker } from "../../../emulator/browser/test-support/fake-worker.js";
import { nodeImageSource } from "../../../emulator/node/index.js";
import { Panes } from "../app/panes.js";
import { LabPageActions } from "../lab-page-actions.js";
import { LabStore } from "../lab-store.js";
import { BuildModel } from "./build-model.js";
import { describeJob } from "./job-words.js";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const ASSETS = { images: "", engine: "", disassembler: "" };
/** The guest freezes, is found frozen, and is opened up: on a busy machine. */
const SOON = { timeout: 20_000 };

let host: LabHost;
let worker: FakeWorker;
let store: LabStore;
let actions: LabPageActions;
let model: BuildModel;
let folder: string;

beforeEach(async () => {
  host = new LabHost(() => nodeImageSource(), { home: "exercise" });
  worker = new FakeWorker();
  exposeLab(host, worker.inside);
  store = new LabStore();
  const connect = () => new LabClient(worker.worker);
  actions = new LabPageActions({ store, assets: ASSETS, connect });
  await actions.start();
  model = new BuildModel({ store, actions, panes: new Panes() });
  model.attach({
    get shown() {
      return { folder, path: `${folder}/hello.c` };
    },
    save: async () => [],
  });
});

afterEach(async () => {
  await host.close();
  worker.close();
});

/** Changes the section's source as a person would in the editor. */
async function edit(change: (text: string) => string): Promise<void> {
  const path = `${folder}/hello.c`;
  const text = await actions.readFile(path);
  const changed = change(text);
  expect(changed).not.toBe(text);
  await actions.writeFile(path, changed);
}

/** The line, from 1, that takes the lock in hello_write(). */
async function lineOfLock(): Promise<number> {
  const lines = (await actions.readFile(`${folder}/hello.c`)).split("\n");
  const write = lines.findIndex((line) => line.includes("hello_write(struct"));
  return lines.indexOf("\tspin_lock(&hello_lock);", write) + 1;
}

/** How the last job went, without the marks of code. */
function sentence(): string {
  const job = model.job.value;
  if (job === undefined) return "";
  const told = { reports: store.reports.value, autopsies: store.autopsies.value };
  return describeJob(job, told).sentence.replaceAll("`", "");
}

it("section 3: the line deleted freezes the machine, and put back it works", async () => {
  folder = "/home/student/3-locking";
  const line = await lineOfLock();
  const original = await actions.readFile(`${folder}/hello.c`);
  await edit((text) => {
    const at = text.lastIndexOf("\tspin_unlock(&hello_lock);\n");
    return text.slice(0, at) + text.slice(text.indexOf("\n", at) + 1);
  });
  await model.run();
  expect(model.job.value?.end).toEqual({ kind: "down" });
  expect(model.job.value?.steps.map(({ what, state }) => [what.kind, state])).toEqual([
    ["build", "done"],
    ["build", "done"],
    ["type", "done"],
    ["snapshot", "done"],
    ["type", "done"],
    ["type", "failed"],
  ]);
  await expect
    .poll(sentence, SOON)
    .toContain(`hello_lock was acquired in hello_write() at hello.c:${line} by a.out`);

  await actions.writeFile(`${folder}/hello.c`, original);
  await model.run();
  expect(sentence()).toBe("./a.out succeeded: exit status 0.");
  const { steps = [] } = model.job.value ?? {};
  expect(steps.map(({ what }) => what.kind)).toContain("rescue");
  expect(steps.at(-1)?.lines).toEqual(["wrote 6 bytes", "read 6 bytes: hello"]);
});

it("section 4: without its memory the module makes the kernel report, and with it it works", async () => {
  folder = "/home/student/4-debugging";
  const original = await actions.readFile(`${folder}/hello.c`);
  await edit((text) =>
    text.replace(/^\thello_mem = kmalloc\(.*\n.*\n.*\n/m, (lines) =>
      lines.replace(/^/gm, "//").replace(/\/\/$/, ""),
    ),
  );
  await model.run();
  expect(model.job.value?.end).toMatchObject({ kind: "test-failed" });
  expect(model.job.value?.steps.at(-1)?.lines).toContain("Segmentation fault");
  await expect.poll(sentence, SOON).toMatch(/^The kernel reports: .*hello_write/);

  await actions.writeFile(`${folder}/hello.c`, original);
  await model.run();
  expect(sentence()).toBe("./a.out succeeded: exit status 0.");
  // The next one finds the module of this one loaded.
  await model.run();
  expect(sentence()).toBe("./a.out succeeded: exit status 0.");
});

it("mistakes are told with their places, and a test that does not end is interrupted", async () => {
  folder = "/home/student/2-fops";
  await edit((text) => `${text}int broken(void) { return kmaloc(nothing); }\n`);
  await model.build();
  expect(sentence()).toBe("Build failed with 2 errors.");
  const problems = model.problems.value.get(`${folder}/hello.ko`);
  const lines = (await actions.readFile(`${folder}/hello.c`)).split("\n").length - 1;
  expect(problems?.map(({ place }) => [place?.path, place?.line])).toEqual([
    [`${folder}/hello.c`, lines],
    [`${folder}/hello.c`, lines],
  ]);

  await edit((text) => text.replace(/int broken.*\n/, ""));
  const test = `${folder}/hello-test.c`;
  await actions.writeFile(
    test,
    '#include <stdio.h>\nint main(void)\n{\n\tputs("on");\n\tfor (;;)\n\t\t;\n}\n',
  );
  const run = model.run();
  await expect.poll(() => model.job.value?.steps.at(-1)?.lines, SOON).toEqual(["on"]);
  model.cancel();
  await run;
  expect(model.job.value?.end).toEqual({ kind: "cancelled", byNewer: false });
  // The shell has the terminal again.
  await actions.writeFile(test, "int main(void)\n{\n\treturn 3;\n}\n");
  await model.run();
  expect(sentence()).toBe("./a.out failed: exit status 3.");
});
