import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AptView } from "./apt-view.js";
import { BuildError } from "./errors.js";
import type { Package } from "./packages.js";
import { run } from "./run.js";

/** Fetches packages from Debian's archive, other architectures and source packages included. */
export class ArchivePackages {
  readonly #folder: string;
  readonly #log: string;
  readonly #views = new Map<string, AptView>();

  /**
   * @param folder where everything is kept; made when it is not there
   * @param log the file for apt's output
   */
  constructor(folder: string, log: string) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Whether the package is there already, in this version. */
  async has({ name, version, architecture }: Package): Promise<boolean> {
    const stamp = join(this.#folder, `${name}_${architecture}`, "version");
    return (await readFile(stamp, "utf8").catch(() => "")) === version;
  }

  /**
   * Fetches a package and unpacks it: a binary package to its files, a source package to its
   * patched source.
   *
   * @returns the folder with the content
   * @throws BuildError `version-gone`, `apt-failed`
   */
  async unpacked(wanted: Package): Promise<string> {
    const { name, version, architecture } = wanted;
    const folder = join(this.#folder, `${name}_${architecture}`);
    const content = join(folder, "content");
    if (await this.has(wanted)) return content;

    const view = this.#view(architecture);
    await this.#requireOffer(wanted, view);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const [download, ending, unpack] =
      architecture === "source"
        ? [["source", "--download-only", "--only-source"], ".dsc", ["dpkg-source", "--extract"]]
        : [["download"], ".deb", ["dpkg-deb", "--extract"]];
    const options = { cwd: folder, log: this.#log, env: view.environment };
    const [program = "", ...extract] = unpack;
    try {
      await run("apt-get", [...download, `${name}=${version}`], options);
      const file = (await readdir(folder)).find((one) => one.endsWith(ending)) ?? "";
      await run(program, [...extract, file, "content.part"], options);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new BuildError("apt-failed", `Cannot fetch ${name} ${version}. ${why}`, { cause });
    }
    await rename(join(folder, "content.part"), content);
    await writeFile(join(folder, "version"), version);
    return content;
  }

  #view(architecture: string): AptView {
    const foreign = architecture === "all" || architecture === "source" ? undefined : architecture;
    const key = foreign ?? "native";
    const view =
      this.#views.get(key) ?? new AptView(join(this.#folder, `apt-${key}`), foreign, this.#log);
    this.#views.set(key, view);
    return view;
  }

  async #requireOffer({ name, version, architecture }: Package, view: AptView): Promise<void> {
    const kind = architecture === "source" ? "source" : "binary";
    const versions = await view.offeredVersions(name, kind);
    if (versions.includes(version)) return;
    if (versions.length === 0 || !(await view.update())) {
      throw new BuildError(
        "apt-failed",
        `${name} ${version} (${architecture}) is not in apt's lists, but they are not complete: ` +
          `the archive could not be reached, or did not verify. See ${this.#log}.`,
      );
    }
    throw new BuildError(
      "version-gone",
      `Debian's archive no longer has ${name} ${version} (${architecture}), but ` +
        `${versions.join(", ")}. To go on with another, change kernel-src/packages.json.`,
    );
  }
}
