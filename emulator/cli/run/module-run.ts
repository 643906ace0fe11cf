import {
  type Autopsy,
  type CommandResult,
  type Doom,
  type KernelRecord,
  type Lab,
  type LabReport,
  succeeded,
} from "../../lab/index.js";
import { InputError } from "../errors.js";
import { fromGuestFolder, GUEST_FOLDER } from "./file-argument.js";
import type { InputProgram, RunInputs } from "./inputs.js";
import { type PreparedModule, prepareInputs } from "./prepare-inputs.js";
import { quoteForShell } from "./shell-quote.js";

/** Both streams of one command together; more than that is output without end. */
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

export interface RunStep {
  /** As it would be typed in {@link GUEST_FOLDER}. */
  readonly command: string;
  readonly result: CommandResult;
  /** What the kernel logged since the step before. */
  readonly kernelLog: readonly KernelRecord[];
  /** What `insmod` missed. */
  readonly unknownSymbols: readonly string[];
}

export interface RunReport {
  readonly steps: readonly RunStep[];
  /** Everything that the kernel logged since the guest was started. */
  readonly kernelLog: readonly KernelRecord[];
  /** Why the guest answers no more, if it does not. */
  readonly doom: Doom | undefined;
  /** Of a guest that froze: what it showed, the holder of its lock included. */
  readonly autopsy: Autopsy | undefined;
  /** What the kernel reported of itself. */
  readonly reports: readonly LabReport[];
}

/** Hears of a run as it goes. */
export interface RunObserver {
  onCommand(command: string): void;
  onStdout(bytes: Uint8Array): void;
  onStderr(bytes: Uint8Array): void;
  onStep(step: RunStep): void;
}

export interface RunOptions {
  /** What each command may take, guest milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly observer?: RunObserver;
}

/**
 * Loads the modules in order, runs the test, and unloads them in reverse order. A module
 * that does not load ends the loading, and those before it are unloaded. After an oops
 * nothing is unloaded: the kernel is not to be trusted any more.
 * @throws LabError for a file that the guest cannot take, InputError for a test that it
 *   cannot start, and the reason of the signal.
 */
export async function runModules(
  lab: Lab,
  inputs: RunInputs,
  options: RunOptions,
): Promise<RunReport> {
  const modules = await prepareInputs(lab, inputs);
  const run = new ModuleRun(lab, options);
  try {
    const loaded = await run.load(modules);
    if (inputs.test && loaded.length === modules.length) await run.test(inputs.test);
    await run.unload(loaded.reverse());
    return await run.report();
  } finally {
    run[Symbol.dispose]();
  }
}

class ModuleRun {
  readonly #lab: Lab;
  readonly #options: RunOptions;
  readonly #steps: RunStep[] = [];
  readonly #kernelLog: KernelRecord[] = [];
  readonly #listening: Disposable;

  constructor(lab: Lab, options: RunOptions) {
    this.#lab = lab;
    this.#options = options;
    this.#listening = lab.onKernelRecord((record) => this.#kernelLog.push(record));
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  async report(): Promise<RunReport> {
    const isFrozen = this.#lab.doom?.outcome === "frozen";
    return {
      steps: this.#steps,
      kernelLog: [...this.#kernelLog],
      doom: this.#lab.doom,
      // Without its symbols a guest cannot be opened; the run is reported all the same.
      autopsy: isFrozen ? await this.#lab.autopsy().catch(() => undefined) : undefined,
      reports: await this.#lab.reports(),
    };
  }

  /** @returns the names of the modules that are loaded. */
  async load(modules: readonly PreparedModule[]): Promise<string[]> {
    const loaded: string[] = [];
    for (const { name, guest, params } of modules) {
      const path = fromGuestFolder(guest);
      const assignments = Object.entries(params).map(([key, value]) => `${key}=${value}`);
      const result = await this.#step(["insmod", path, ...assignments], (command) =>
        this.#lab.insmod({ path, params }, command),
      );
      if (!succeeded(result)) break;
      loaded.push(name);
    }
    return loaded;
  }

  async test({ host, guest, args }: InputProgram): Promise<void> {
    const path = fromGuestFolder(guest);
    const result = await this.#step([path, ...args], (command) =>
      this.#lab.run(path, { ...command, args }),
    );
    if (result.outcome === "not-started") {
      throw new InputError(
        `${host} could not be started in the guest: ${result.errno} in ${result.step}. ` +
          "A script needs an interpreter that the guest has, such as #!/bin/sh.",
      );
    }
  }

  async unload(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.#steps.some(({ result }) => result.outcome === "oops")) return;
      if (this.#lab.doom !== undefined) return;
      await this.#step(["rmmod", name], (command) => this.#lab.rmmod(name, command));
    }
  }

  async #step(
    words: readonly string[],
    run: (
      options: Parameters<Lab["run"]>[1] & object,
    ) => Promise<CommandResult & { readonly unknownSymbols?: readonly string[] }>,
  ): Promise<CommandResult> {
    const { observer, signal, timeoutMs } = this.#options;
    const command = words.map(quoteForShell).join(" ");
    const logged = this.#steps.reduce((sum, { kernelLog }) => sum + kernelLog.length, 0);
    observer?.onCommand(command);
    const result = await run({
      cwd: GUEST_FOLDER,
      outputLimit: OUTPUT_LIMIT_BYTES,
      timeoutMs,
      signal,
      ...(observer && { onStdout: observer.onStdout, onStderr: observer.onStderr }),
    });
    signal.throwIfAborted();
    const step: RunStep = {
      command,
      result,
      kernelLog: this.#kernelLog.slice(logged),
      unknownSymbols: result.unknownSymbols ?? [],
    };
    this.#steps.push(step);
    observer?.onStep(step);
    return result;
  }
}
