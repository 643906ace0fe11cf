// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Images, Lab, type LabOptions } from "../../lab/index.js";
import { nodeImageSource } from "../../node/index.js";
// biome-ignore-end lint/style/noRestrictedImports: see above
import { compileV86 } from "../v86-wasm.js";

let engine: Promise<WebAssembly.Module> | undefined;

/** A guest on an engine that can step, whatever others are compiled by. */
export async function bootSteppingLab(options: LabOptions = {}): Promise<Lab> {
  engine ??= readFile(createRequire(import.meta.url).resolve("v86/build/v86.wasm")).then(
    compileV86,
  );
  const compiled = await engine;
  const images = await Images.open({ ...nodeImageSource(), engine: async () => compiled });
  return Lab.boot(images, options);
}
