// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
// biome-ignore-end lint/style/noRestrictedImports: see above
import { parseTar } from "nanotar";
import { type FilePack, FilePacks, parsePacks } from "../file-packs.js";
import { type KbuildRecipe, parseRecipe } from "../kbuild/recipe.js";
import { parseProgramOptions } from "../program-builder.js";
import { compileXz } from "../xz-wasm.js";

/** The committed images, read without the lab. */
const images = new URL("../../../images/", import.meta.url);

export function readImage(path: string): Buffer {
  return readFileSync(fileURLToPath(new URL(path, images)));
}

function readText(path: string): string {
  const bytes = readImage(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

export function readRecipe(): KbuildRecipe {
  return parseRecipe(readText("i686/kbuild.json"));
}

export function readProgramOptions(): string[] {
  return parseProgramOptions(readText("i686/cc.json"));
}

export function readPacks(list: "headers" | "library"): FilePack[] {
  return parsePacks(readText(`i686/${list}.json.gz`));
}

/** The plain files of a gzipped tar archive. */
export function readArchive(path: string): Map<string, Uint8Array> {
  const entries = parseTar(new Uint8Array(gunzipSync(readImage(path))));
  return new Map(entries.flatMap(({ name, data }) => (data === undefined ? [] : [[name, data]])));
}

/** The files of a pack. */
export function readPack(pack: FilePack): Map<string, Uint8Array> {
  return readArchive(pack.archive);
}

/** Packs of which all are here that are named; all when none is. */
export function fetchedPacks(
  folder: string,
  list: "headers" | "library",
  names?: readonly string[],
): FilePacks {
  const packs = readPacks(list);
  const fetched = new FilePacks(folder, packs);
  for (const pack of packs) {
    if (names === undefined || names.includes(pack.name)) fetched.add(pack.name, readPack(pack));
  }
  return fetched;
}

/** modpost, as committed. */
export function modpostProgram(): WebAssembly.Module {
  return new WebAssembly.Module(gunzipSync(readImage("i686/modpost.wasm.gz")));
}

const COMPILER = "toolchain/kcc.wasm.xz";

/** The compiler has been built and committed. */
export function hasCompiler(): boolean {
  return existsSync(fileURLToPath(new URL(COMPILER, images)));
}

let kcc: Promise<WebAssembly.Module> | undefined;

/** The compiler, as committed; the same module for every call, since it takes seconds. */
export function kccProgram(): Promise<WebAssembly.Module> {
  kcc ??= compileXz(new Blob([new Uint8Array(readImage(COMPILER))]).stream());
  return kcc;
}
