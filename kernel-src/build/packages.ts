import { BuildError } from "./errors.js";

/** A Debian package that the images are made of or with; see `packages.json`. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Debian's name for it, `all`, or `source` for a source package. */
  readonly architecture: string;
  readonly use: "fetch" | "install" | "tool";
  /** The stage that alone needs the tool: it is not installed for others. */
  readonly onlyFor?: string;
  /** The Debian source package that it is built from; only for what gets into the images. */
  readonly source?: { readonly name: string; readonly version: string };
  /** SPDX expression; only for what gets into the images. */
  readonly licence?: string;
}

/** @throws BuildError `bad-source` when the text is not what packages.json must be */
export function parsePackages(text: string): Package[] {
  const bad = (why: string): BuildError => new BuildError("bad-source", `packages.json: ${why}.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw bad(`not JSON (${String(cause)})`);
  }
  const packages = isRecord(parsed) ? parsed.packages : undefined;
  if (!Array.isArray(packages)) throw bad('it has no list "packages"');
  const seen = new Set<string>();
  return packages.map((one: unknown, index) => {
    if (!isPackage(one)) throw bad(`entry ${index + 1} is incomplete: ${JSON.stringify(one)}`);
    if (seen.has(one.name)) throw bad(`"${one.name}" is there twice`);
    seen.add(one.name);
    return one;
  });
}

/** @throws BuildError `bad-source` */
export function findPackage(packages: readonly Package[], name: string): Package {
  const found = packages.find((one) => one.name === name);
  if (found === undefined) {
    throw new BuildError("bad-source", `packages.json has no package "${name}".`);
  }
  return found;
}

/**
 * Which host packages are missing or have another version than their pin.
 *
 * @param dpkgOutput lines of `${Package} ${Version} ${db:Status-Abbrev}` from dpkg-query
 */
export function missingHostPackages(packages: readonly Package[], dpkgOutput: string): Package[] {
  const installed = new Map<string, string>();
  for (const line of dpkgOutput.split("\n")) {
    const [name, version, status] = line.split(" ");
    if (name && version && status?.startsWith("ii")) installed.set(name, version);
  }
  return packages.filter(({ name, version, use }) => {
    if (use === "fetch") return false;
    return use === "tool" ? !installed.has(name) : installed.get(name) !== version;
  });
}

/** What apt-get takes to install it: a tool may have any version. */
export function aptArgument({ name, version, use }: Package): string {
  return use === "tool" ? name : `${name}=${version}`;
}

function isPackage(value: unknown): value is Package {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.version === "string" &&
    typeof value.architecture === "string" &&
    (value.use === "fetch" || value.use === "install" || value.use === "tool") &&
    (value.onlyFor === undefined || typeof value.onlyFor === "string") &&
    (value.licence === undefined || typeof value.licence === "string") &&
    (value.source === undefined || isSource(value.source))
  );
}

function isSource(value: unknown): boolean {
  return isRecord(value) && typeof value.name === "string" && typeof value.version === "string";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
