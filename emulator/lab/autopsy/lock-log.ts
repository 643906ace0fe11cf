import { guestArch } from "../../guest/arch.js";
import type { GuestModule, StoppedKernel, SymbolTable } from "../../guest/index.js";
import type { Machine } from "../../machine/machine.js";
import type { ModuleFile } from "../module-files.js";
import type { LockType } from "./autopsy.js";
import {
  argumentOf,
  type CallingConvention,
  callingConvention,
  returnedZero,
} from "./calling-convention.js";
import { FollowedModule, type FollowedModuleFacts, type LoadedSite } from "./followed-module.js";
import { HitBudget } from "./hit-budget.js";
import { loadedSites } from "./loaded-sites.js";
import { asTask, type LockAttempt, LockAttempts } from "./lock-attempt.js";
import { loadedFile } from "./module-build.js";
import { captureMoment } from "./moment.js";

export interface LockLogParts {
  readonly machine: Machine;
  readonly kernel: StoppedKernel;
  readonly symbols: SymbolTable;
  /** The files that may be a module's, the likeliest first. */
  moduleFiles(name: string): readonly ModuleFile[];
}

/** A log as it was, for a guest that goes back to that moment. */
export interface LockLogState {
  readonly modules: readonly FollowedModuleFacts[];
  readonly unfollowed: readonly UnfollowedModule[];
  readonly gaps: readonly LogGap[];
  readonly attempts: readonly LockAttempt[];
}

/** A module that may take locks unseen. */
export interface UnfollowedModule {
  readonly name: string;
  /** Of its `struct module`. */
  readonly address: bigint;
  /** A clause: "its file is not at hand". */
  readonly why: string;
}

/** A time in which a site was not followed, since it was hit too often. */
export interface LogGap {
  readonly module: string;
  readonly site: bigint;
  readonly type: LockType;
  /** Guest time, milliseconds since power-on. */
  readonly fromMs: number;
  /** Undefined while it lasts. */
  toMs: number | undefined;
}

/** Gaps that are remembered; of a busy site there is one for each tenth of a second. */
const KEPT_GAPS = 512;

/**
 * Notes each time that a module is about to take a lock: who, where, which lock and when. The
 * machine stops at the modules' own calls, which are found from their files; the guest does not
 * see that it is watched.
 */
export class LockLog implements Disposable {
  readonly #parts: LockLogParts;
  readonly #convention: CallingConvention;
  /** Bytes of a return address. */
  readonly #wordBytes: bigint;
  readonly #attempts = new LockAttempts();
  readonly #modules = new Map<bigint, FollowedModule>();
  readonly #unfollowed = new Map<bigint, UnfollowedModule>();
  readonly #budget: HitBudget<LoadedSite>;
  #gaps: LogGap[] = [];
  #sequence = 0;
  #entries: Disposable[] = [];

  /**
   * Begins to follow the modules that are loaded, and those that will be.
   * @param state goes on with a log that was saved, in the guest as it was then.
   */
  constructor(parts: LockLogParts, state?: LockLogState) {
    this.#parts = parts;
    this.#convention = callingConvention(parts.machine.arch);
    this.#wordBytes = BigInt(guestArch(parts.machine.arch).wordBytes);
    this.#budget = new HitBudget(parts.machine, (sites) => this.#goOn(sites));
    this.#watchLoader();
    if (state === undefined) this.#followNew("live", false);
    else this.#load(state);
  }

  /** The attempts at a lock, the oldest first. */
  attempts(lock: bigint): readonly LockAttempt[] {
    return this.#attempts.of(lock);
  }

  allAttempts(): readonly LockAttempt[] {
    return this.#attempts.all();
  }

  get modules(): readonly FollowedModule[] {
    return [...this.#modules.values()];
  }

  get unfollowed(): readonly UnfollowedModule[] {
    return [...this.#unfollowed.values()];
  }

  /** When calls that take locks of a type were not followed, as far as that was after `sinceMs`. */
  gapsSince(sinceMs: number, type: LockType): readonly LogGap[] {
    return this.#gaps.filter(
      (gap) => gap.type === type && (gap.toMs === undefined || gap.toMs > sinceMs),
    );
  }

  save(): LockLogState {
    return {
      modules: this.modules.map((module) => module.facts),
      unfollowed: this.unfollowed,
      gaps: this.#gaps.map((gap) => ({ ...gap })),
      attempts: this.#attempts.all().map((attempt) => ({ ...attempt })),
    };
  }

  /** To be called before the guest's memory becomes another: nothing stays planted in it. */
  [Symbol.dispose](): void {
    for (const module of this.#modules.values()) module[Symbol.dispose]();
    for (const entry of this.#entries) entry[Symbol.dispose]();
    this.#entries = [];
    this.#budget[Symbol.dispose]();
  }

  #load(state: LockLogState): void {
    for (const attempt of state.attempts) {
      this.#attempts.add({ ...attempt });
      this.#sequence = Math.max(this.#sequence, attempt.sequence + 1);
    }
    for (const module of state.unfollowed) this.#unfollowed.set(module.address, module);
    // What was not followed for a moment is from now on.
    this.#gaps = state.gaps.map((gap) => ({ ...gap, toMs: gap.toMs ?? this.#now }));
    for (const facts of state.modules) this.#follow(facts);
  }

  get #now(): number {
    return this.#parts.machine.sample().guestMs;
  }

  /**
   * Functions of kernel/module/main.c of 6.1. Which module it is they are not asked: for a static
   * function the compiler may choose other registers than those of the calling convention.
   */
  #watchLoader(): void {
    const { machine, symbols } = this.#parts;
    const onEntry = (name: string, onHit: () => void): void => {
      const address = symbols.addressOf(name);
      if (address !== undefined) this.#entries.push(machine.setBreakpoint(address, onHit));
    };
    // The module is complete, and its init function has not run.
    onEntry("do_init_module", () => this.#followNew("coming", true));
    // It was unloaded, or has failed to initialise.
    onEntry("free_module", () => this.#forgetGoing());
    // What only the init function needed is given back, some time after that has returned.
    onEntry("do_free_init", () => this.#forgetInits());
  }

  /** Follows the modules of a state that are not followed yet. */
  #followNew(state: GuestModule["state"], fromTheStart: boolean): void {
    for (const module of this.#loaded()) {
      const { name, address } = module;
      if (module.state !== state || this.#modules.has(address)) continue;
      const found = this.#sitesOf(module);
      if (typeof found === "string") {
        this.#unfollowed.set(address, { name, address, why: found });
      } else {
        this.#follow({ name, address, sinceMs: this.#now, fromTheStart, ...found });
      }
    }
  }

  #loaded(): readonly GuestModule[] {
    return this.#parts.kernel.modules().items;
  }

  #sitesOf(module: GuestModule): Pick<FollowedModuleFacts, "sites" | "others"> | string {
    const files = this.#parts.moduleFiles(module.name);
    const file = loadedFile(files, module, this.#parts.kernel);
    if (file === undefined) {
      return files.length === 0
        ? "its file is not at hand"
        : "the files at hand are of another build of it";
    }
    try {
      return loadedSites(file.bytes, module, this.#parts) ?? "its code is not as it was loaded";
    } catch (error) {
      return `its file cannot be read: ${messageOf(error)}`;
    }
  }

  #follow(facts: FollowedModuleFacts): void {
    const module = new FollowedModule(this.#parts.machine, facts, {
      onAttempt: (site) => this.#onAttempt(module, site),
      onReturn: (site) => this.#onReturn(site),
    });
    const { name, address } = facts;
    try {
      for (const site of facts.sites) module.plant(site);
    } catch (error) {
      module[Symbol.dispose]();
      const why = `the machine cannot stop at its calls: ${messageOf(error)}`;
      this.#unfollowed.set(address, { name, address, why });
      return;
    }
    this.#modules.set(address, module);
    this.#unfollowed.delete(address);
  }

  /** Those that are on their way out, whose memory is about to be given back. */
  #forgetGoing(): void {
    for (const { address, state, regions } of this.#loaded()) {
      if (state === "live" || state === "coming") continue;
      this.#modules.get(address)?.[Symbol.dispose]();
      this.#modules.delete(address);
      this.#unfollowed.delete(address);
      for (const { base, bytes } of regions) this.#attempts.forget(base, base + BigInt(bytes));
    }
  }

  #forgetInits(): void {
    for (const { address, state } of this.#loaded()) {
      // kernel/module/main.c, do_init_module(): what is given back is that of live modules.
      if (state === "live") this.#modules.get(address)?.takeAwayInit();
    }
  }

  #onAttempt(module: FollowedModule, site: LoadedSite): void {
    const { machine, kernel } = this.#parts;
    const { callee } = site;
    const registers = machine.registers();
    const lock = argumentOf(this.#convention, registers, callee.argument);
    try {
      const current = kernel.currentTask();
      const { returnAddress } = site;
      const { stackPointer } = registers;
      // A call will push its return address; for a jump it is there.
      const returnSlot =
        returnAddress === undefined ? stackPointer : stackPointer - this.#wordBytes;
      const mayFail = callee.takenWhen !== "returned";
      this.#attempts.add({
        lock: lock ?? 0n,
        callee: callee.name,
        module: module.name,
        site: site.address,
        returnSlot,
        returnTo: returnAddress ?? kernel.word(stackPointer),
        task: asTask(current),
        sequence: this.#sequence++,
        guestMs: this.#now,
        moment: captureMoment(registers, machine, kernel, current.stack),
        outcome: !mayFail ? "certain" : returnAddress === undefined ? "unknown" : "undecided",
      });
    } catch {
      // A kernel whose current task or stack cannot be read is beyond what a log could tell.
      this.#addGap(module.name, site, this.#now);
    }
    if (this.#budget.exhausts(site)) this.#leaveAlone(module, site);
  }

  #onReturn({ returnAddress, callee }: LoadedSite): void {
    const registers = this.#parts.machine.registers();
    const attempt = this.#attempts.undecidedAt(registers.stackPointer - this.#wordBytes);
    if (attempt === undefined || attempt.returnTo !== returnAddress) return;
    const isZero = returnedZero(this.#convention, registers);
    if (isZero === (callee.takenWhen === "zero")) this.#attempts.succeeded(attempt);
    else this.#attempts.failed(attempt);
  }

  /** It is hit so often that the guest would be slower for it. */
  #leaveAlone(module: FollowedModule, site: LoadedSite): void {
    module.takeAway(site);
    this.#attempts.abandon(site.returnAddress);
    this.#addGap(module.name, site, undefined);
  }

  #goOn(sites: readonly LoadedSite[]): void {
    for (const gap of this.#gaps) {
      if (gap.toMs === undefined) gap.toMs = this.#now;
    }
    for (const module of this.#modules.values()) {
      for (const site of sites) if (module.sites.includes(site)) module.plant(site);
    }
  }

  #addGap(module: string, { address, callee }: LoadedSite, toMs: number | undefined): void {
    this.#gaps.push({ module, site: address, type: callee.type, fromMs: this.#now, toMs });
    if (this.#gaps.length > KEPT_GAPS) this.#gaps.shift();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
