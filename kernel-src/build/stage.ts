import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { findPackage, type Package } from "./packages.js";
import type { Workspace } from "./workspace.js";

/** A part of the build with its own inputs and outputs. */
export interface Stage {
  readonly name: string;
  /** For the progress display. */
  readonly title: string;
  /** Names of the stages whose results it uses. */
  readonly needs: readonly string[];
  /** Names of the packages that its outputs depend on, beyond those of the needed stages. */
  readonly packages: readonly string[];
  /** Files and folders below `kernel-src/` that its outputs depend on, this code included. */
  readonly inputs: readonly string[];
  /** Paths below `images/`. */
  readonly outputs: readonly string[];
  /**
   * Set for a stage that takes too long to be built along with the others: it is built when it is
   * named, and `images/manifest.json` records what its outputs were made from.
   */
  readonly onDemand?: {
    /** What builds it, for the manifest and for messages. */ readonly command: string;
  };
  build(workspace: Workspace): Promise<void>;
}

/**
 * The stages that lead to the wanted ones, each behind those that it needs.
 *
 * @throws RangeError for a name that no stage has
 */
export function planStages(stages: readonly Stage[], wanted: readonly string[]): Stage[] {
  const plan: Stage[] = [];
  const add = (name: string): void => {
    const stage = stages.find((one) => one.name === name);
    if (stage === undefined) throw new RangeError(`There is no stage "${name}".`);
    if (plan.includes(stage)) return;
    stage.needs.forEach(add);
    plan.push(stage);
  };
  wanted.forEach(add);
  return plan;
}

/** A hash over everything that a stage's outputs depend on. */
export async function fingerprint(
  stage: Stage,
  sourceFolder: string,
  packages: readonly Package[],
  neededFingerprints: readonly string[],
): Promise<string> {
  const hash = createHash("sha256");
  const add = (...parts: (string | Uint8Array)[]): void => {
    for (const part of parts) {
      // The length first: ("ab", "c") and ("a", "bc") must differ.
      hash.update(`${part.length}\n`).update(part);
    }
  };
  add(stage.name, ...neededFingerprints);
  for (const name of stage.packages) {
    const { version, architecture } = findPackage(packages, name);
    add(name, version, architecture);
  }
  for (const path of stage.inputs) {
    for await (const file of filesBelow(sourceFolder, path)) {
      if (file.endsWith(".test.ts")) continue;
      add(file, await readFile(join(sourceFolder, file)));
    }
  }
  return hash.digest("hex");
}

/** The path itself if it is a file, else the files below it, ordered by name. */
export async function* filesBelow(root: string, path: string): AsyncGenerator<string> {
  const found = await stat(join(root, path)).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    yield path;
    return;
  }
  for (const name of (await readdir(join(root, path))).sort()) {
    yield* filesBelow(root, `${path}/${name}`);
  }
}
