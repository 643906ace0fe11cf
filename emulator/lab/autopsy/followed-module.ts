import type { Breakpoint, Machine } from "../../machine/machine.js";
import type { LockFunction } from "./lock-functions.js";

/** A place in the guest's memory where a module takes a lock. */
export interface LoadedSite {
  readonly address: bigint;
  /** Where the call comes back to; undefined for a jump, which does not. */
  readonly returnAddress: bigint | undefined;
  readonly callee: LockFunction;
  /** It lies in what is given back when the module's init function has run. */
  readonly isInit: boolean;
}

export interface FollowedModuleFacts {
  readonly name: string;
  /** Of its `struct module`. */
  readonly address: bigint;
  /** Guest time from which on it has been followed, milliseconds since power-on. */
  readonly sinceMs: number;
  /** It has been followed since before it could take its first lock. */
  readonly fromTheStart: boolean;
  readonly sites: readonly LoadedSite[];
  /** Takings of locks in it by instructions that are not followed. */
  readonly others: number;
}

/** Hears when the machine stops at a site, before the call and behind it. */
export interface SiteListener {
  onAttempt(site: LoadedSite): void;
  /** Only of functions that may come back without the lock. */
  onReturn(site: LoadedSite): void;
}

/** A loaded module with breakpoints where it takes locks. */
export class FollowedModule implements Disposable {
  #facts: FollowedModuleFacts;
  readonly #machine: Pick<Machine, "setBreakpoint">;
  readonly #listener: SiteListener;
  readonly #planted = new Map<LoadedSite, Breakpoint[]>();

  constructor(
    machine: Pick<Machine, "setBreakpoint">,
    facts: FollowedModuleFacts,
    listener: SiteListener,
  ) {
    this.#machine = machine;
    this.#listener = listener;
    this.#facts = facts;
  }

  /** As they are now: sites go with the memory that they lie in. */
  get facts(): FollowedModuleFacts {
    return this.#facts;
  }

  get name(): string {
    return this.facts.name;
  }

  get address(): bigint {
    return this.facts.address;
  }

  get sites(): readonly LoadedSite[] {
    return this.facts.sites;
  }

  /** @throws MachineError where a site is not mapped. */
  plant(site: LoadedSite): void {
    if (this.#planted.has(site)) return;
    const { address, returnAddress, callee } = site;
    const breakpoints = [
      this.#machine.setBreakpoint(address, () => this.#listener.onAttempt(site)),
    ];
    this.#planted.set(site, breakpoints);
    if (callee.takenWhen === "returned" || returnAddress === undefined) return;
    breakpoints.push(
      this.#machine.setBreakpoint(returnAddress, () => this.#listener.onReturn(site)),
    );
  }

  takeAway(site: LoadedSite): void {
    for (const breakpoint of this.#planted.get(site) ?? []) breakpoint[Symbol.dispose]();
    this.#planted.delete(site);
  }

  /** The memory of the init function is given back. */
  takeAwayInit(): void {
    for (const site of this.sites) if (site.isInit) this.takeAway(site);
    this.#facts = { ...this.facts, sites: this.sites.filter(({ isInit }) => !isInit) };
  }

  [Symbol.dispose](): void {
    for (const site of [...this.#planted.keys()]) this.takeAway(site);
  }
}
