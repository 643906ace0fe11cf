import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.js";
import { run } from "./run.js";

/** The key ring of Debian's package debian-archive-keyring, which every Debian has. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** A mirror may be in the middle of an update: what apt then fetches does not verify. */
const UPDATE_ATTEMPTS = 3;
const INDEX_TARGET_FORMAT = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)";

/**
 * Debian's archive as seen by an apt of its own. The system's apt is only asked where the archive
 * is: the lists, the cache and the architecture here are private, and nothing of the system's
 * changes. Signatures are verified as usual.
 */
export class AptView {
  readonly #folder: string;
  readonly #architecture: string | undefined;
  readonly #log: string;
  #updated: Promise<boolean> | undefined;

  /**
   * @param architecture whose packages it sees. Each has a view of its own, since apt takes all
   *   lists of a release or none, and one bad list would spoil the others. Undefined: the
   *   system's own, with the source packages
   */
  constructor(folder: string, architecture: string | undefined, log: string) {
    this.#folder = folder;
    this.#architecture = architecture;
    this.#log = log;
  }

  /** For the environment of apt's programs. */
  get environment(): Record<string, string> {
    return { APT_CONFIG: join(this.#folder, "apt.conf") };
  }

  /**
   * The versions of a package that the archive offers.
   *
   * @throws BuildError `apt-failed`
   */
  async offeredVersions(name: string, kind: "binary" | "source"): Promise<string[]> {
    await this.update();
    const options = { log: this.#log, env: this.environment };
    if (kind === "binary") {
      return parseMadison((await run("apt-cache", ["madison", name], options)).toString());
    }
    // Ends with a status other than 0 when the name is not known.
    const output = await run("apt-cache", ["showsrc", "--only-source", name], options).catch(() =>
      Buffer.alloc(0),
    );
    return [...output.toString().matchAll(/^Version: (\S+)$/gm)].map(([, version]) => `${version}`);
  }

  /**
   * Fetches the lists, once.
   *
   * @returns false when some could not be had or did not verify: what is needed may be in the rest
   * @throws BuildError `apt-failed`
   */
  update(): Promise<boolean> {
    this.#updated ??= this.#update();
    return this.#updated;
  }

  async #update(): Promise<boolean> {
    await access(KEYRING).catch((cause: unknown) => {
      throw new BuildError(
        "apt-failed",
        `${KEYRING} is missing: install debian-archive-keyring to verify Debian's packages.`,
        { cause },
      );
    });
    for (const folder of ["state/lists/partial", "cache/archives/partial"]) {
      await mkdir(join(this.#folder, folder), { recursive: true });
    }
    await writeFile(join(this.#folder, "state/status"), "");
    await writeFile(join(this.#folder, "apt.conf"), this.#configuration());
    await writeFile(join(this.#folder, "sources.list"), await this.#sources());
    const update = (): Promise<Buffer> =>
      run("apt-get", ["update"], { log: this.#log, env: this.environment });
    for (let attempt = 1; attempt <= UPDATE_ATTEMPTS; attempt++) {
      const complete = await update().then(
        () => true,
        () => false,
      );
      if (complete) return true;
    }
    return false;
  }

  #configuration(): string {
    const architecture = this.#architecture;
    return [
      `Dir::State "${this.#folder}/state";`,
      `Dir::State::status "${this.#folder}/state/status";`,
      `Dir::Cache "${this.#folder}/cache";`,
      `Dir::Etc::sourcelist "${this.#folder}/sources.list";`,
      'Dir::Etc::sourceparts "-";',
      'Dir::Etc::preferences "-";',
      'Dir::Etc::preferencesparts "-";',
      ...(architecture === undefined
        ? []
        : [`APT::Architecture "${architecture}";`, `APT::Architectures { "${architecture}"; };`]),
      // The folder may be where the user _apt cannot go.
      'APT::Sandbox::User "root";',
      "",
    ].join("\n");
  }

  async #sources(): Promise<string> {
    const targets = await run(
      "apt-get",
      ["indextargets", "--format", INDEX_TARGET_FORMAT, "Identifier: Packages"],
      { log: this.#log },
    );
    const kinds = this.#architecture === undefined ? ["deb", "deb-src"] : ["deb"];
    const sources = debianSources(targets.toString(), kinds);
    if (sources !== "") return sources;
    throw new BuildError(
      "apt-failed",
      "This system's apt knows no archive of Debian (or `apt-get update` never ran): " +
        "the images are made from Debian bookworm's packages.",
    );
  }
}

/**
 * Lines for a sources.list of those archives among apt's index targets that are Debian's own.
 *
 * @param targets lines of `origin|URI|release|component`
 * @param kinds `deb`, `deb-src`
 */
export function debianSources(targets: string, kinds: readonly string[]): string {
  const lines = new Set<string>();
  for (const target of targets.split("\n")) {
    const [origin, uri, release, component] = target.split("|");
    if (origin !== "Debian" || !uri || !release || !component) continue;
    for (const kind of kinds) {
      lines.add(`${kind} [signed-by=${KEYRING}] ${uri} ${release} ${component}\n`);
    }
  }
  return [...lines].join("");
}

/** The versions in the output of `apt-cache madison`, binary packages only. */
export function parseMadison(output: string): string[] {
  const versions = output.split("\n").flatMap((line) => {
    const [, version, where] = line.split("|").map((part) => part.trim());
    return version && where?.endsWith("Packages") ? [version] : [];
  });
  return [...new Set(versions)];
}
