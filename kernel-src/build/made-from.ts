import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findPackage, isRecord, type Package } from "./packages.js";
import { filesBelow, type Stage } from "./stage.js";

/**
 * What the outputs of a stage were made from that is not built along with the others: so that one
 * can tell, without building it, whether they still belong to their sources.
 */
export interface MadeFrom {
  /** What makes them anew. */
  readonly command: string;
  readonly packages: readonly { readonly package: string; readonly version: string }[];
  /** From the root of the repository. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * What a stage would build from now.
 *
 * @param root the folder of the repository
 */
export async function readInputs(
  root: string,
  stage: Stage,
  packages: readonly Package[],
): Promise<MadeFrom> {
  const inputs: { path: string; sha256: string }[] = [];
  for (const input of stage.inputs) {
    for await (const path of filesBelow(root, `kernel-src/${input}`)) {
      if (path.endsWith(".test.ts")) continue;
      const content = await readFile(join(root, path));
      inputs.push({ path, sha256: createHash("sha256").update(content).digest("hex") });
    }
  }
  return {
    command: stage.onDemand?.command ?? "",
    packages: stage.packages.map((name) => ({
      package: name,
      version: findPackage(packages, name).version,
    })),
    inputs,
  };
}

/**
 * Says why the committed outputs of a stage do not belong to its sources; nothing when they do.
 *
 * @param manifest the text of `images/manifest.json`
 */
export async function whatChangedSince(
  manifest: string,
  root: string,
  stage: Stage,
  packages: readonly Package[],
): Promise<string[]> {
  const now = await readInputs(root, stage, packages);
  const entries = manifestFiles(manifest);
  const recorded = stage.outputs.map((path) =>
    parseMadeFrom(entries.find((entry) => entry.path === path)?.madeFrom),
  );
  const why = new Set(
    recorded.flatMap((one) =>
      one === undefined ? ["it is not in the manifest"] : compare(one, now),
    ),
  );
  return why.size === 0 ? [] : [...why, `to make it anew: ${now.command}`];
}

/** Narrows a manifest's entry; undefined for anything else. */
export function parseMadeFrom(value: unknown): MadeFrom | undefined {
  if (!isRecord(value) || typeof value.command !== "string") return undefined;
  const { command, packages, inputs } = value;
  if (!Array.isArray(packages) || !packages.every(isPinned)) return undefined;
  if (!Array.isArray(inputs) || !inputs.every(isHashed)) return undefined;
  return { command, packages, inputs };
}

function compare(recorded: MadeFrom, now: MadeFrom): string[] {
  const pairs = ({ packages, inputs }: MadeFrom): [string, string][] => [
    ...packages.map((one): [string, string] => [`package ${one.package}`, one.version]),
    ...inputs.map((one): [string, string] => [one.path, one.sha256]),
  ];
  const before = new Map(pairs(recorded));
  const after = new Map(pairs(now));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} is not what it was made from`);
}

function manifestFiles(text: string): Record<string, unknown>[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed) && Array.isArray(parsed.files)) return parsed.files.filter(isRecord);
  } catch {
    // A manifest that cannot be read lists no file.
  }
  return [];
}

function isPinned(value: unknown): value is MadeFrom["packages"][number] {
  return isRecord(value) && typeof value.package === "string" && typeof value.version === "string";
}

function isHashed(value: unknown): value is MadeFrom["inputs"][number] {
  return isRecord(value) && typeof value.path === "string" && typeof value.sha256 === "string";
}
