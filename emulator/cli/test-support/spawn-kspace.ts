import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** The loader's own address: the command runs in folders that have no node_modules. */
const TYPESCRIPT_LOADER = import.meta.resolve("tsx");

export interface ProcessResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Starts the command as a process of its own, from its sources. */
export function startKspace(
  args: readonly string[],
  { cwd, env, stdin = "" }: SpawnOptions = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ["--import", TYPESCRIPT_LOADER, MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  child.stdin.end(stdin);
  return child;
}

export async function spawnKspace(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ProcessResult> {
  return ended(startKspace(args, options));
}

/** Waits for a command's end and collects what it prints until then. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<ProcessResult> {
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status, signal, stdout, stderr };
}
