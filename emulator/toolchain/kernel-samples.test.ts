import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readArchive, readPack, readPacks } from "./test-support/images.js";
import { OTHER_SAMPLES, SAMPLE_MODULES } from "./test-support/kernel-samples.js";

/** What `npm run images` leaves of the kernel's source. */
const SAMPLES = fileURLToPath(new URL("../../kernel-src/built/linux/samples", import.meta.url));

/** What the image's kernel is configured with, as its sources see it. */
function configuration(): Set<string> {
  for (const pack of readPacks("headers")) {
    const header = readPack(pack).get("include/generated/autoconf.h");
    if (header === undefined) continue;
    const text = new TextDecoder().decode(header);
    // kconfig's names for what is built as a module end in _MODULE.
    const names = [...text.matchAll(/^#define (CONFIG_\w+)/gm)].map(([, name = ""]) => name);
    return new Set(names.flatMap((name) => [name, name.replace(/_MODULE$/, "")]));
  }
  throw new Error("No pack has the kernel's configuration.");
}

test("the images have those samples of the kernel that its configuration allows", () => {
  const configured = configuration();
  const allowed = SAMPLE_MODULES.filter(({ needs }) => needs.every((one) => configured.has(one)));
  const modules = allowed.flatMap(({ folder, modules }) =>
    modules.map((name) => `${folder}/${name}.ko`),
  );
  const files = [...readArchive("i686/samples.tar.gz").keys()];
  expect(files.filter((path) => path.endsWith(".ko")).sort()).toEqual(modules.sort());
});

test.skipIf(!existsSync(SAMPLES))("no folder of the kernel's samples was forgotten", () => {
  const folders = [...SAMPLE_MODULES.map(({ folder }) => folder), ...Object.keys(OTHER_SAMPLES)];
  const there = readdirSync(SAMPLES).filter((name) => statSync(join(SAMPLES, name)).isDirectory());
  expect([...new Set(folders)].sort()).toEqual(there.sort());
});
