import { spawnSync } from "node:child_process";

/** Debian's packages and those that they need: 100 MB each, on a slow line. */
const INSTALL_MS = 15 * 60_000;

/** Whether packages can be installed here: by root, or by who may become root without a password. */
export function canInstall(): boolean {
  return run(asRoot("apt-get", ["--version"]), "ignore");
}

/** @returns whether it worked; what went wrong, apt-get has said. */
export function aptInstall(name: string): boolean {
  console.error(`Installing ${name} for the tests of the page (apt-get install ${name}) …`);
  const packages = ["install", "--yes", "--no-install-recommends", name];
  const isDone = run(asRoot("apt-get", ["update"])) && run(asRoot("apt-get", packages));
  if (!isDone) console.error(`\`apt-get install ${name}\` failed.`);
  return isDone;
}

type Command = readonly [program: string, args: readonly string[]];

function asRoot(program: string, args: readonly string[]): Command {
  if (process.getuid?.() === 0) return [program, args];
  // It keeps nothing of the environment, and asks for nothing.
  return ["sudo", ["-n", "DEBIAN_FRONTEND=noninteractive", program, ...args]];
}

function run([program, args]: Command, output: "inherit" | "ignore" = "inherit"): boolean {
  // Its words go where ours go: standard output is for the tests' results.
  const stdout = output === "inherit" ? 2 : "ignore";
  const { status } = spawnSync(program, args, {
    stdio: ["ignore", stdout, output],
    timeout: INSTALL_MS,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return status === 0;
}
