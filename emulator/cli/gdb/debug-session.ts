import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoppedKernel } from "../../guest/index.js";
import { LabDebugger, sectionsForGdb } from "../../lab/debugger/index.js";
import { Images, type Lab, succeeded } from "../../lab/index.js";
import type { GdbListener } from "../../node/gdb-server.js";
import { nodeImageSource } from "../../node/index.js";
import type { RunInputs } from "../run/inputs.js";
import { cacheFolder } from "./cache-folder.js";
import { type DebugPlan, planInputs, planSection } from "./debug-plan.js";
import { type DebuggedModule, gdbScript } from "./gdb-script.js";
import { kernelFiles } from "./kernel-files.js";
import { listen } from "./listen.js";

/** A module did not load, as the guest says. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
}

export interface DebugSessionOptions {
  readonly inputs: RunInputs;
  /** Of the course, in the place of inputs. */
  readonly section: number | undefined;
  readonly port: number | undefined;
  readonly runsTestFirst: boolean;
  /** Files that may be the kernel's own with all of its debug information. */
  readonly vmlinux: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Shows what the test prints when it runs first. */
  readonly show: (text: string | Uint8Array) => void;
}

/** A guest that waits for gdb, and what gdb needs to know of it. */
export class DebugSession implements AsyncDisposable {
  /** A file with commands for gdb. */
  readonly script: string;
  /** Aborted when gdb's user kills the guest. */
  readonly killed: AbortSignal;
  readonly #text: string;
  readonly #listener: GdbListener;
  readonly #owned: readonly (Disposable | AsyncDisposable)[];

  /**
   * Loads the modules, makes the files for gdb and listens for it.
   * @throws LoadFailure, InputError and LabError (rejects).
   */
  static async open(lab: Lab, options: DebugSessionOptions): Promise<DebugSession> {
    const folder = await mkdtemp(join(tmpdir(), "kspace-gdb-"));
    const owned: (Disposable | AsyncDisposable)[] = [
      { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) },
    ];
    try {
      return await DebugSession.#open(lab, options, folder, owned);
    } catch (error) {
      await disposeAll(owned);
      throw error;
    }
  }

  static async #open(
    lab: Lab,
    options: DebugSessionOptions,
    folder: string,
    owned: (Disposable | AsyncDisposable)[],
  ): Promise<DebugSession> {
    const plan =
      options.section === undefined
        ? await planInputs(lab, options.inputs, folder)
        : await planSection(lab, options.section, folder);
    await loadModules(lab, plan, options.signal);
    if (options.runsTestFirst) await runTest(lab, plan, options);
    const kernel = await lab.openedKernel();
    const modules = await findModules(lab, kernel, plan);
    const images = await Images.open(nodeImageSource());
    const files = await kernelFiles(images, lab.machine.arch, {
      cache: cacheFolder(options.env),
      candidates: options.vmlinux,
    });

    const killed = new AbortController();
    const labDebugger = new LabDebugger(lab, {
      kernel,
      cwd: plan.cwd,
      onKill: () => killed.abort(),
      ...(plan.test && !options.runsTestFirst && { test: plan.test }),
    });
    owned.push(labDebugger);
    const listener = await listen(labDebugger.server, options.port);
    owned.push(listener);
    const text = gdbScript({
      vmlinux: files.vmlinux,
      entryFrames: files.entryFrames,
      folders: [[files.sourceRoot, files.sources], ...plan.folders],
      sourceFolders: plan.sourceFolders,
      modules,
      host: listener.host,
      port: listener.port,
    });
    const script = join(folder, "commands.gdb");
    await writeFile(script, text);
    return new DebugSession({ script, text, killed: killed.signal, listener, owned });
  }

  private constructor(parts: {
    readonly script: string;
    readonly text: string;
    readonly killed: AbortSignal;
    readonly listener: GdbListener;
    readonly owned: readonly (Disposable | AsyncDisposable)[];
  }) {
    this.script = parts.script;
    this.killed = parts.killed;
    this.#text = parts.text;
    this.#listener = parts.listener;
    this.#owned = parts.owned;
  }

  /** How to start gdb by hand. */
  instructions(): string {
    const { host, port } = this.#listener;
    return [
      `The lab waits for gdb at ${host}:${port}. Start it in another terminal:`,
      "",
      `  gdb -q -x ${this.script}`,
      "",
      "The file tells it:",
      "",
      ...this.#text
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
      "",
      "",
    ].join("\n");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return disposeAll(this.#owned);
  }
}

/** What was opened last is closed first. */
async function disposeAll(owned: readonly (Disposable | AsyncDisposable)[]): Promise<void> {
  for (const one of [...owned].reverse()) {
    if (Symbol.asyncDispose in one) await one[Symbol.asyncDispose]();
    else one[Symbol.dispose]();
  }
}

async function loadModules(lab: Lab, plan: DebugPlan, signal: AbortSignal): Promise<void> {
  const { modules, cwd } = plan;
  for (const { path, params, file } of modules) {
    const result = await lab.insmod({ path, params }, { cwd, signal });
    signal.throwIfAborted();
    // A module that stops the kernel where it is loaded is what one wants to debug.
    if (lab.doom !== undefined) return;
    if (succeeded(result)) continue;
    const said = new TextDecoder().decode(result.stderr).trim();
    const log = result.kernelLog.map(({ text }) => `\n  ${text}`).join("");
    throw new LoadFailure(`${file} does not load: ${said || result.outcome}${log}`);
  }
  // What "monitor restore" goes back to.
  if (modules.length > 0) await lab.checkpoint();
}

/** Where the modules are in a guest that need not answer any more. */
async function findModules(
  lab: Lab,
  kernel: StoppedKernel,
  plan: DebugPlan,
): Promise<DebuggedModule[]> {
  const loaded = kernel.modules().items;
  const debugged: DebuggedModule[] = [];
  for (const { name, path, file } of plan.modules) {
    const module = loaded.find((candidate) => candidate.name === name);
    if (module === undefined) continue;
    debugged.push({ file, sections: sectionsForGdb(await lab.readFile(path), module) });
  }
  return debugged;
}

async function runTest(
  lab: Lab,
  { test }: DebugPlan,
  { show, signal }: DebugSessionOptions,
): Promise<void> {
  if (test === undefined) return;
  const { cwd, line } = test;
  show(`$ ${line}\n`);
  const result = await lab.sh(line, { cwd, signal, onStdout: show, onStderr: show });
  signal.throwIfAborted();
  show(`The guest ${result.outcome === "frozen" ? "has frozen" : "is there for gdb"}.\n`);
}
