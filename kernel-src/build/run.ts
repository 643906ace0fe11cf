import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { BuildError } from "./errors.js";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the few variables that every program gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; none when absent. */
  readonly input?: string | Uint8Array;
  /** A file that gets the command line and both outputs appended. */
  readonly log: string;
}

/** How much of a failed program's output an error message repeats. */
const TAIL_LINES = 20;

/**
 * What a program sees of the environment. Locale, time zone and whatever else is set on the
 * building machine must not get into the images.
 */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH = "/usr/sbin:/usr/bin:/sbin:/bin", HOME = "/" } = process.env;
  return { PATH: withoutNpm(PATH), HOME, LC_ALL: "C", TZ: "UTC", ...extra };
}

/**
 * npm puts the programs of its packages first. clang hands what it links for WebAssembly to a
 * `wasm-opt` wherever it finds one (clang/lib/Driver/ToolChains/WebAssembly.cpp), and one is there.
 */
function withoutNpm(path: string): string {
  return path
    .split(":")
    .filter((folder) => !folder.split("/").includes("node_modules"))
    .join(":");
}

/**
 * Runs a program to its end.
 *
 * @returns its standard output
 * @throws BuildError `command-failed` with the end of its output
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Buffer> {
  await mkdir(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log, { flags: "a" });
  log.write(`$ ${[command, ...args].join(" ")}\n`);
  const output: Buffer[] = [];
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: cleanEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    log.write(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => log.write(chunk));
  // A program that does not read its input is no failure.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);
  const ended = await new Promise<string | number | Error>((resolve) => {
    child.on("error", resolve);
    child.on("close", (status, signal) => resolve(signal ?? status ?? 0));
  });
  await new Promise<void>((resolve) => log.end(resolve));
  if (ended === 0) return Buffer.concat(output);
  throw await commandFailed(command, args, ended, options.log);
}

async function commandFailed(
  command: string,
  args: readonly string[],
  ended: string | number | Error,
  log: string,
): Promise<BuildError> {
  const how = ended instanceof Error ? ended.message : `ended with ${ended}`;
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
  return new BuildError(
    "command-failed",
    `${[command, ...args].join(" ").slice(0, 200)}: ${how}. The end of ${log}:\n` +
      lines.slice(-TAIL_LINES).join("\n"),
  );
}
