import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchivePackages } from "./archive-packages.js";
import { BuildError } from "./errors.js";
import { ensureHostPackages } from "./host-packages.js";
import { findPackage, type Package } from "./packages.js";
import type { Progress } from "./progress.js";
import { fingerprint, planStages, type Stage } from "./stage.js";
import { type Folders, Workspace } from "./workspace.js";

export interface BuildOptions {
  readonly folders: Folders;
  readonly packages: readonly Package[];
  readonly stages: readonly Stage[];
  /** Names of the stages to build, with what they need. */
  readonly wanted: readonly string[];
  /** Build the wanted stages even when they are up to date. */
  readonly force: boolean;
  readonly progress: Progress;
}

/** How it went with a stage. */
export type StageResult =
  | { readonly stage: Stage; readonly result: "built" | "up-to-date" }
  /** A package that it needs is no longer to be had in the pinned version. */
  | { readonly stage: Stage; readonly result: "version-gone"; readonly why: string };

/** Brings the wanted stages up to date, in order; their outputs are in `out/` of the work folder. */
export async function build(options: BuildOptions): Promise<StageResult[]> {
  const { folders, packages, progress } = options;
  const plan = planStages(options.stages, options.wanted);
  const log = join(folders.work, "log/packages.log");
  await rm(join(folders.work, "log"), { recursive: true, force: true });
  const gone = new Map<string, string>();
  const missing = await progress.step("Compilers and tools", () =>
    ensureHostPackages(
      packages.filter(({ onlyFor }) => !onlyFor || plan.some(({ name }) => name === onlyFor)),
      log,
    ),
  );
  for (const { name, version } of missing) {
    gone.set(name, `Debian's archive no longer has ${name} ${version}, which is not installed.`);
  }

  const archive = new ArchivePackages(join(folders.work, "packages"), log);
  const fingerprints = new Map<string, string>();
  const results: StageResult[] = [];
  for (const stage of plan) {
    const needed = stage.needs.map((name) => fingerprints.get(name) ?? "");
    const print = await fingerprint(stage, folders.source, packages, needed);
    fingerprints.set(stage.name, print);
    const force = options.force && options.wanted.includes(stage.name);
    const why =
      reasonFromNeeds(stage, results) ??
      (await reasonFromPackages(stage, packages, archive, gone, progress));
    if (why !== undefined) {
      results.push({ stage, result: "version-gone", why });
      progress.line(`${stage.title.padEnd(42)} passed over: ${why}`);
    } else if (!force && (await isUpToDate(stage, folders.work, print))) {
      results.push({ stage, result: "up-to-date" });
      progress.line(`${stage.title.padEnd(42)} up to date`);
    } else {
      await rm(stamp(stage, folders.work), { force: true });
      const workspace = new Workspace(folders, packages, archive, stage.name);
      await progress.step(stage.title, () => stage.build(workspace));
      await mkdir(join(folders.work, "stamps"), { recursive: true });
      await writeFile(stamp(stage, folders.work), print);
      results.push({ stage, result: "built" });
    }
  }
  return results;
}

function reasonFromNeeds(stage: Stage, results: readonly StageResult[]): string | undefined {
  for (const one of results) {
    if (one.result === "version-gone" && stage.needs.includes(one.stage.name)) return one.why;
  }
  return undefined;
}

async function reasonFromPackages(
  stage: Stage,
  packages: readonly Package[],
  archive: ArchivePackages,
  gone: Map<string, string>,
  progress: Progress,
): Promise<string | undefined> {
  for (const name of stage.packages) {
    const known = gone.get(name);
    if (known !== undefined) return known;
    const wanted = findPackage(packages, name);
    if (wanted.use !== "fetch" || (await archive.has(wanted))) continue;
    try {
      await progress.step(`Fetching ${name} ${wanted.version}`, () => archive.unpacked(wanted));
    } catch (error) {
      if (!(error instanceof BuildError) || error.code !== "version-gone") throw error;
      gone.set(name, error.message);
      return error.message;
    }
  }
  return undefined;
}

function stamp(stage: Stage, work: string): string {
  return join(work, "stamps", stage.name);
}

async function isUpToDate(stage: Stage, work: string, print: string): Promise<boolean> {
  if ((await readFile(stamp(stage, work), "utf8").catch(() => "")) !== print) return false;
  const present = stage.outputs.map((path) => access(join(work, "out", path)));
  return Promise.all(present).then(
    () => true,
    () => false,
  );
}
