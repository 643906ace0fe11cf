import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SITE } from "./lab-test.js";

/** The path in the page's folder of a file whose name the build ends with a hash. */
export async function builtFile(name: RegExp): Promise<string> {
  const found = (await readdir(join(SITE, "assets"))).find((file) => name.test(file));
  if (found === undefined) throw new Error(`${SITE}/assets has no ${name}: npm run build:web.`);
  return `assets/${found}`;
}
