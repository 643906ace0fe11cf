import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArguments, usage } from "./arguments.js";
import { build, type StageResult } from "./build.js";
import { BuildError } from "./errors.js";
import { withLock } from "./lock.js";
import { whatChangedSince } from "./made-from.js";
import { formatManifest, makeManifest, writeManifest } from "./manifest.js";
import { type Package, parsePackages } from "./packages.js";
import { Progress } from "./progress.js";
import { compareFiles, publish } from "./publish.js";
import { stages } from "./stages/index.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const images = join(root, "images");

async function main(): Promise<number> {
  const names = stages.map(({ name }) => name);
  const usual = stages.filter(({ onDemand }) => onDemand === undefined).map(({ name }) => name);
  const options = parseArguments(process.argv.slice(2), names);
  if (options.help) {
    const onDemand = names.filter((name) => !usual.includes(name));
    process.stdout.write(usage(names, onDemand));
    return 0;
  }
  const source = join(root, "kernel-src");
  const work = resolve(options.work ?? join(source, "built"));
  const progress = new Progress(process.stdout);
  const packages = parsePackages(await readFile(join(source, "packages.json"), "utf8"));
  return withLock(work, async () => {
    const results = await build({
      folders: { source, work },
      packages,
      stages,
      wanted: options.stages.length > 0 ? options.stages : usual,
      force: options.force,
      progress,
    });
    const out = join(work, "out");
    return options.check
      ? check(results, out, packages, progress)
      : publishAll(results, out, progress);
  });
}

async function publishAll(
  results: readonly StageResult[],
  out: string,
  progress: Progress,
): Promise<number> {
  const built = results
    .filter(({ result }) => result !== "version-gone")
    .flatMap(({ stage }) => stage.outputs);
  for (const path of built) {
    progress.line(`images/${path}: ${await publish(out, images, path)}`);
  }
  await writeManifest(root, stages, built);
  const gone = results.find((one) => one.result === "version-gone");
  if (gone?.result !== "version-gone") return 0;
  progress.line(`\nNot everything could be built. ${gone.why}`);
  progress.line("The committed files of the stages that were passed over are as they were.");
  return 1;
}

/** Says of each committed file whether it is what its sources give. */
async function check(
  results: readonly StageResult[],
  out: string,
  packages: readonly Package[],
  progress: Progress,
): Promise<number> {
  const counts = { same: 0, different: 0, "not checked": 0 };
  const say = (path: string, what: keyof typeof counts, why = ""): void => {
    counts[what]++;
    progress.line(`images/${path}: ${what}${why === "" ? "" : ` (${why})`}`);
  };
  for (const one of results) {
    for (const path of one.stage.outputs) {
      if (one.result === "version-gone") {
        say(path, "not checked");
        continue;
      }
      const compared = await compareFiles(join(out, path), join(images, path));
      if (compared.result === "same") say(path, "same");
      else say(path, "different", compared.why);
    }
  }
  const manifest = await readFile(join(images, "manifest.json"), "utf8").catch(() => "");
  const built = results.map(({ stage }) => stage);
  for (const stage of stages) {
    if (stage.onDemand === undefined || built.includes(stage)) continue;
    const made = await whatChangedSince(manifest, root, stage, packages);
    for (const path of stage.outputs) {
      if (!existsSync(join(images, path)))
        say(path, "not checked", `made by ${stage.onDemand.command}`);
      else say(path, made.length === 0 ? "same" : "different", made.join("; "));
    }
  }
  if (manifest === formatManifest(await makeManifest(root, stages))) say("manifest.json", "same");
  else say("manifest.json", "different", "it does not describe the files that are there");
  const { same, different, "not checked": notChecked } = counts;
  progress.line(`\n${same} same, ${different} different, ${notChecked} not checked`);
  if (different > 0) progress.line("To write what the sources give: npm run images");
  return different > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.code === "usage" ? 2 : 1;
}
