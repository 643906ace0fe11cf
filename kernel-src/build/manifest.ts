import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.js";
import { describeImageFile } from "./image-files.js";
import { type MadeFrom, parseMadeFrom, readInputs } from "./made-from.js";
import { findPackage, type Package, parsePackages } from "./packages.js";
import { filesBelow, type Stage } from "./stage.js";

/** `images/manifest.json`: what the committed images are and what they were made of. */
export interface Manifest {
  readonly kernel: { readonly arch: string; readonly release: string; readonly vermagic: string };
  /** The emulator that the snapshot was made with; no other version can load it. */
  readonly engine: { readonly name: "v86"; readonly version: string };
  /** Debian packages that did not get into an image, but made its bytes what they are. */
  readonly builtWith: readonly { readonly package: string; readonly version: string }[];
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  /** Below `images/`, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly what: string;
  /** SPDX expression. */
  readonly licence: string;
  /** What is in it, with the Debian source package to get it from. */
  readonly packages: readonly {
    readonly package: string;
    readonly version: string;
    readonly source: string;
    readonly sourceVersion: string;
  }[];
  /** Our own sources of it. */
  readonly sources: readonly string[];
  /** Of a file that is not built along with the others. */
  readonly madeFrom?: MadeFrom;
}

/** Of the files below `images/`, those that are about the images and no images themselves. */
const aboutImages = /^(manifest\.json|README\.md|licenses\/.*)$/;

/**
 * Describes the files that are below `images/` now.
 *
 * @param root the folder of the repository
 * @param stages those that build them
 * @throws BuildError `bad-source` for a file that `image-files.ts` does not describe
 */
export async function makeManifest(root: string, stages: readonly Stage[]): Promise<Manifest> {
  const packages = parsePackages(await readFile(join(root, "kernel-src/packages.json"), "utf8"));
  const images = join(root, "images");
  const files: ManifestFile[] = [];
  for await (const path of filesBelow(root, "images")) {
    const name = path.slice("images/".length);
    if (aboutImages.test(name)) continue;
    const stage = stages.find(({ onDemand, outputs }) => onDemand && outputs.includes(name));
    files.push({
      ...describe(name, await readFile(join(images, name)), packages),
      ...(stage === undefined ? {} : { madeFrom: await readInputs(root, stage, packages) }),
    });
  }
  const facts = await readJson(join(images, "i686/kernel.json"));
  const npm = await readJson(join(root, "package.json"));
  return {
    kernel: {
      arch: text(facts.arch),
      release: text(facts.release),
      vermagic: text(facts.vermagic),
    },
    engine: { name: "v86", version: text(record(npm.dependencies).v86) },
    builtWith: packages
      .filter(({ use, source }) => use === "install" && source === undefined)
      .map(({ name, version }) => ({ package: name, version })),
    files,
  };
}

export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Writes `images/manifest.json` anew.
 *
 * @param built paths below `images/` that the versions in `packages.json` have just been found to
 *   give. Of any other file that has not changed, what the manifest said is kept: it may be of
 *   other versions
 */
export async function writeManifest(
  root: string,
  stages: readonly Stage[],
  built: readonly string[],
): Promise<void> {
  const place = join(root, "images/manifest.json");
  const before = await readJson(place).catch((): Record<string, unknown> => ({}));
  const manifest = await makeManifest(root, stages);
  const files = manifest.files.map((file) => {
    const old = built.includes(file.path) ? undefined : entryOf(before.files, file);
    return old === undefined ? file : { ...file, ...old };
  });
  await writeFile(place, formatManifest({ ...manifest, files }));
}

/** What a manifest says that the very same file was made of. */
function entryOf(
  files: unknown,
  { path, sha256 }: ManifestFile,
): Pick<ManifestFile, "packages" | "madeFrom"> | undefined {
  if (!Array.isArray(files)) return undefined;
  const entry = files.map(record).find((one) => one.path === path && one.sha256 === sha256);
  if (!Array.isArray(entry?.packages)) return undefined;
  const { packages } = entry;
  const madeFrom = parseMadeFrom(entry.madeFrom);
  return madeFrom === undefined ? { packages } : { packages, madeFrom };
}

function describe(path: string, content: Uint8Array, packages: readonly Package[]): ManifestFile {
  const description = describeImageFile(path);
  if (description === undefined) {
    throw new BuildError(
      "bad-source",
      `images/${path} is described nowhere: kernel-src/build/image-files.ts says what each is.`,
    );
  }
  return {
    path,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    what: description.what,
    licence: description.licence,
    packages: description.packages.map((name) => {
      const { version, source } = findPackage(packages, name);
      if (source === undefined) {
        throw new BuildError("bad-source", `packages.json names no source package of ${name}.`);
      }
      return { package: name, version, source: source.name, sourceVersion: source.version };
    }),
    sources: description.sources,
  };
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
  return record(parsed);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
