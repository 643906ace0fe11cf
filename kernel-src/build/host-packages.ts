import { BuildError } from "./errors.js";
import { aptArgument, missingHostPackages, type Package } from "./packages.js";
import { run } from "./run.js";

/**
 * Sees to it that the building machine has the compilers and tools: as root it installs what is
 * missing, otherwise it says exactly what to type.
 *
 * @returns the packages that Debian's archive no longer has in the pinned version, and that are
 *   not installed: what needs them cannot be built with the same bytes
 * @throws BuildError `packages-missing`, `apt-failed`
 */
export async function ensureHostPackages(
  packages: readonly Package[],
  log: string,
): Promise<Package[]> {
  const missing = await missingNow(packages, log);
  if (missing.length === 0) return [];
  const install = (chosen: readonly Package[]): string[] => [
    "install",
    "--yes",
    "--no-install-recommends",
    "--allow-downgrades",
    ...chosen.map(aptArgument),
  ];
  if (process.getuid?.() !== 0) {
    throw new BuildError(
      "packages-missing",
      `These Debian packages are missing. As root:\n` +
        `  apt-get update && apt-get ${install(missing).join(" ")}`,
    );
  }
  await run("apt-get", ["update"], { log }).catch(() => undefined); // Old lists may do.
  const gone: Package[] = [];
  for (const one of missing) {
    if (one.use === "install" && !(await offers(one, log))) gone.push(one);
  }
  const available = missing.filter((one) => !gone.includes(one));
  if (available.length > 0) {
    await run("apt-get", install(available), {
      log,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    }).catch((cause: unknown) => {
      throw new BuildError("apt-failed", String(cause), { cause });
    });
  }
  return gone;
}

async function missingNow(packages: readonly Package[], log: string): Promise<Package[]> {
  const names = packages.filter(({ use }) => use !== "fetch").map(({ name }) => name);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in
  const format = "${Package} ${Version} ${db:Status-Abbrev}\n";
  // "|| true": dpkg-query fails when it does not know one of the names.
  const output = await run(
    "sh",
    ["-c", 'dpkg-query --show --showformat "$0" "$@" || true', format, ...names],
    { log },
  ).catch((cause: unknown) => {
    throw new BuildError(
      "packages-missing",
      "The images are made on a Debian system: there is no dpkg-query here.",
      { cause },
    );
  });
  return missingHostPackages(packages, output.toString());
}

async function offers({ name, version }: Package, log: string): Promise<boolean> {
  const versions = await run("apt-cache", ["madison", name], { log });
  return versions
    .toString()
    .split("\n")
    .some((line) => line.split("|")[1]?.trim() === version);
}
