import { afterAll, beforeAll, expect, it } from "vitest";
import { MODULES } from "../bench/healthy-loads.js";
import { bootLab, type Lab, modulesInMemory } from "../node/index.js";
import { unpackModulesWithSources } from "./test-support/freeze-modules.js";
import { outputOf, shell } from "./test-support/guest.js";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
  await unpackModulesWithSources(lab);
});

afterAll(() => lab.close());

it("are what /proc/modules and /sys tell of them", async () => {
  outputOf(await lab.insmod([`${MODULES}/provider.ko`, `${MODULES}/consumer.ko`]));
  const lines = (await shell(lab, "cat /proc/modules")).trimEnd().split("\n");
  const found = modulesInMemory(await lab.openedKernel());
  expect(found.map(({ name, size }) => `${name} ${size}`)).toEqual(
    lines.map((line) => line.split(" ").slice(0, 2).join(" ")),
  );
  for (const { name, notes = new Uint8Array() } of found) {
    const note = await lab.run("/bin/cat", {
      args: [`/sys/module/${name}/notes/.note.gnu.build-id`],
    });
    expect(Buffer.from(notes).toString("hex")).toBe(Buffer.from(note.stdout).toString("hex"));
    expect(lab.moduleFile(name, notes)?.path).toBe(`${MODULES}/${name}.ko`);
  }
});
