import type { ReadonlySignal } from "@preact/signals";
import type { GuestView, MachineStatus } from "../../../emulator/browser/protocol.js";
import type { Timers } from "../../../emulator/console/timers.js";
import { isDown } from "../app/machine-text.js";
import { withTilde } from "../editor/tab-names.js";
import type { LabActions } from "../lab-actions.js";
import type { BuildPlan } from "./build-plan.js";
import type { GuestShell } from "./guest-shell.js";
import type { JobEnd, JobRecord, StepRecord } from "./job.js";
import type { RunSnapshot } from "./run-snapshot.js";

export interface RunParts {
  readonly actions: Pick<LabActions, "rescue">;
  readonly status: ReadonlySignal<MachineStatus>;
  readonly guest: ReadonlySignal<GuestView>;
  /** What the machine as it runs has reported of itself, an autopsy included. */
  readonly currentReports: ReadonlySignal<number>;
  readonly shell: GuestShell;
  readonly snapshot: RunSnapshot;
  readonly timers: Pick<Timers, "after">;
}

/** A shell draws its prompt within some milliseconds; a busy machine takes longer. */
const PROMPT_MS = 3000;

/**
 * Loads what was built and tries it out. All of it is typed at the terminal, as a student would.
 *
 * A module that is loaded under the same name is unloaded before the snapshot is taken, so that
 * whoever goes back to it finds the machine ready for the next one: were an exit function what
 * freezes it, one would come back to that again and again. A machine that is down, or whose
 * kernel has reported a fault of its own, is rescued first: nothing that it says could be trusted.
 * @throws what the lab's actions throw, and the signal's reason
 */
export async function runModules(
  plan: BuildPlan,
  parts: RunParts,
  record: JobRecord,
  signal: AbortSignal,
): Promise<JobEnd> {
  const run = new ModuleRun(plan, parts, record, signal);
  return run.whole();
}

/** What a line came to that was typed. */
type Typed =
  | { readonly kind: "ended"; readonly step: StepRecord }
  | { readonly kind: "over"; readonly end: JobEnd };

class ModuleRun {
  readonly #plan: BuildPlan;
  readonly #parts: RunParts;
  readonly #record: JobRecord;
  readonly #signal: AbortSignal;

  constructor(plan: BuildPlan, parts: RunParts, record: JobRecord, signal: AbortSignal) {
    this.#plan = plan;
    this.#parts = parts;
    this.#record = record;
    this.#signal = signal;
  }

  async whole(): Promise<JobEnd> {
    const { folder, modules, test } = this.#plan;
    const { shell, snapshot } = this.#parts;
    await this.#rescueIfNeeded();
    const busy = await this.#whyNoPrompt();
    if (busy !== undefined) return { kind: "failed", why: busy };
    if (shell.folder !== folder) {
      const gone = await this.#type(`cd ${quoted(folder)}`);
      if (gone.kind === "over") return gone.end;
      if (gone.step.lines.length > 0) return this.#failed(gone.step);
      gone.step.done();
    }
    for (const module of modules.toReversed()) {
      const end = this.#isLoaded(module) ? await this.#unload(module) : undefined;
      if (end !== undefined) return end;
    }
    await snapshot.take(this.#record, modules);
    this.#signal.throwIfAborted();
    for (const module of modules) {
      const end = await this.#load(module);
      if (end !== undefined) return end;
    }
    return test === undefined ? { kind: "ran", hasTest: false } : this.#try(`./${test.program}`);
  }

  async #rescueIfNeeded(): Promise<void> {
    const { actions, status, currentReports } = this.#parts;
    if (!isDown(status.peek().state) && currentReports.peek() === 0) return;
    const step = this.#record.begin({ kind: "rescue" });
    await actions.rescue();
    step.done();
    this.#signal.throwIfAborted();
  }

  async #whyNoPrompt(): Promise<string | undefined> {
    const { shell, timers } = this.#parts;
    await shell.waitForPrompt(PROMPT_MS, timers);
    this.#signal.throwIfAborted();
    if (shell.folder !== undefined) return undefined;
    return shell.isGdb
      ? "gdb has the terminal: leave it with “quit”, then run again."
      : "A program has the terminal: end it (Ctrl-C), then run again.";
  }

  #isLoaded(module: string): boolean {
    // kernel/module/main.c, and scripts/Makefile.lib: the name has `_` where the file's has `-`.
    const name = module.replaceAll("-", "_");
    return this.#parts.guest.peek().modules.some((loaded) => loaded.name === name);
  }

  async #unload(module: string): Promise<JobEnd | undefined> {
    const typed = await this.#type(`sudo rmmod ${module}`);
    if (typed.kind === "over") return typed.end;
    const { step } = typed;
    // It says nothing when all is well. What is gone already is well, too.
    if (step.lines.length > 0 && !/No such file/i.test(step.lines.join(" "))) {
      const { why } = this.#failed(step);
      const advice = "Something still uses it. Rescue goes back to where it was not loaded.";
      return { kind: "failed", why: `${why}. ${advice}` };
    }
    step.done();
    return undefined;
  }

  async #load(module: string, mayUnload = true): Promise<JobEnd | undefined> {
    const typed = await this.#type(`sudo insmod ./${module}.ko`);
    if (typed.kind === "over") return typed.end;
    const { step } = typed;
    // The page looks into the guest from time to time: it may have come meanwhile.
    if (mayUnload && /: File exists$/m.test(step.lines.join("\n"))) {
      step.failed({ detail: "a module of this name is loaded" });
      return (await this.#unload(module)) ?? this.#load(module, false);
    }
    if (step.lines.length > 0) {
      step.failed({ detail: "not loaded" });
      return { kind: "not-loaded" };
    }
    step.done();
    return undefined;
  }

  async #try(line: string): Promise<JobEnd> {
    const typed = await this.#type(line);
    if (typed.kind === "over") return typed.end;
    let said = "";
    const asked = await this.#parts.shell.run(
      "echo $?",
      (printed) => {
        said = printed;
      },
      this.#signal,
    );
    if (asked.kind !== "prompt") {
      typed.step.failed();
      return endOf(asked.kind);
    }
    const status = Number(said);
    const detail = `exit status ${said}`;
    if (status === 0) typed.step.done({ detail });
    else typed.step.failed({ detail });
    return status === 0 ? { kind: "ran", hasTest: true } : { kind: "test-failed", status };
  }

  async #type(line: string): Promise<Typed> {
    const step = this.#record.begin({ kind: "type", line });
    const end = await this.#parts.shell.run(line, step.printed, this.#signal);
    if (end.kind === "prompt") return { kind: "ended", step };
    step.failed();
    return { kind: "over", end: endOf(end.kind) };
  }

  #failed(step: StepRecord): JobEnd & { readonly kind: "failed" } {
    step.failed();
    return { kind: "failed", why: step.lines.at(-1) ?? "The shell said nothing." };
  }
}

function endOf(kind: "down" | "went-back"): JobEnd {
  if (kind === "down") return { kind: "down" };
  return { kind: "failed", why: "The machine went back to a snapshot meanwhile." };
}

/** A folder's path as one types it. */
function quoted(path: string): string {
  const short = withTilde(path);
  if (/^[\w./~+-]+$/.test(short)) return short;
  return `'${path.replaceAll("'", "'\\''")}'`;
}
