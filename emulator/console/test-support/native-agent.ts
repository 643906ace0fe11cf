// This file is for tests alone, which run in Node.
// biome-ignore-start lint/style/noRestrictedImports: see above
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
// biome-ignore-end lint/style/noRestrictedImports: see above
import { Emitter } from "../../machine/emitter.js";
import { concatBytes } from "../bytes.js";
import type { CommandExit, ExecOptions } from "../command.js";
import { ControlLine, type ControlLineOptions } from "../control-line.js";
import type { ExecSpec } from "../exec-spec.js";
import { hostTimers } from "../timers.js";
import { type Noise, noNoise } from "./simulated-line.js";

const AGENT_SOURCES = fileURLToPath(new URL("../../../kernel-src/agent/", import.meta.url));
const RELAY_SOURCE = fileURLToPath(new URL("./pty-relay.c", import.meta.url));
const FLAGS = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror"];
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** The agent as a program of this computer, in a folder of its own. */
export interface NativeAgent {
  readonly agent: string;
  readonly relay: string;
  /** The folder that holds `kspace-call`, and `host-command` for a command of the host. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Whether this computer has a C compiler, and if not, why tests are left out. */
export async function compilerMissing(): Promise<string | undefined> {
  if (process.platform !== "linux") return "the agent is a program for Linux";
  try {
    await promisify(execFile)("cc", ["--version"]);
    return undefined;
  } catch {
    return "there is no C compiler `cc`";
  }
}

export async function compileAgent({ sanitize = false } = {}): Promise<NativeAgent> {
  const folder = await mkdtemp(join(tmpdir(), "kspace-agent-"));
  const agent = join(folder, "kspace-agent");
  const relay = join(folder, "pty-relay");
  const sources = (await readdir(AGENT_SOURCES))
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(AGENT_SOURCES, name));
  const flags = sanitize ? [...FLAGS, ...SANITIZERS] : FLAGS;
  await promisify(execFile)("cc", [...flags, "-o", agent, ...sources]);
  await promisify(execFile)("cc", [...FLAGS, "-o", relay, RELAY_SOURCE]);
  for (const name of ["kspace-call", "host-command"]) await symlink(agent, join(folder, name));
  return { agent, relay, folder, remove: () => rm(folder, { recursive: true }) };
}

let sockets = 0;

/** A running agent and the control line to it, in real time. */
export class NativeGuest {
  readonly control: ControlLine;
  readonly env: readonly string[];
  readonly child: ChildProcess;
  noiseToHost: Noise = noNoise;
  noiseToGuest: Noise = noNoise;
  /** What the agent, or a sanitizer in it, has complained about. */
  complaints = "";
  readonly #toHost = new Emitter<Uint8Array>();

  /** @param terminal whether the line is a pseudo-terminal; otherwise it is a pair of pipes. */
  constructor(native: NativeAgent, { terminal = false, ...options }: NativeOptions = {}) {
    const socket = `kspace-test-${process.pid}-${sockets++}`;
    const env = { ...process.env, KSPACE_AGENT_SOCKET: socket };
    const argv: [string, string] = terminal ? [native.relay, native.agent] : [native.agent, "-"];
    this.child = spawn(argv[0], [argv[1]], { stdio: ["pipe", "pipe", "pipe"], env });
    this.env = [`PATH=${native.folder}:/usr/bin:/bin`, `KSPACE_AGENT_SOCKET=${socket}`];
    const { stdin, stdout, stderr } = this.child;
    stdin?.on("error", () => undefined); // The agent was killed.
    stdout?.on("data", (bytes: Uint8Array) => this.#toHost.emit(this.noiseToHost(bytes)));
    stderr?.on("data", (bytes: Uint8Array) => {
      this.complaints += new TextDecoder().decode(bytes);
    });
    this.control = new ControlLine(
      {
        write: (bytes) => void stdin?.write(this.noiseToGuest(bytes.slice())),
        onOutput: this.#toHost.on,
      },
      hostTimers(),
      options,
    );
  }

  /** Runs a command to its end. */
  async run(
    argv: readonly string[],
    options: ExecOptions & Omit<ExecSpec, "argv"> = {},
  ): Promise<{ exit: CommandExit; stdout: Uint8Array; stderr: Uint8Array }> {
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    const exit = await this.control.exec(
      { env: this.env, ...options, argv },
      {
        onStdout: (bytes) => stdout.push(bytes),
        onStderr: (bytes) => stderr.push(bytes),
        ...options,
      },
    ).exit;
    return { exit, stdout: concatBytes(stdout), stderr: concatBytes(stderr) };
  }

  /** Runs a shell script and returns its output as text. */
  async sh(script: string, options: ExecOptions = {}): Promise<string> {
    const { stdout } = await this.run(["sh", "-c", script], options);
    return new TextDecoder().decode(stdout);
  }

  async close(): Promise<void> {
    this.control[Symbol.dispose]();
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.stdin?.end();
    await exited;
  }
}

export interface NativeOptions extends ControlLineOptions {
  readonly terminal?: boolean;
}
