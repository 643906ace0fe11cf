import { disposable, Emitter } from "./emitter.js";
import type { Ia32Memory, MemoryOverlay } from "./ia32-memory.js";
import {
  type Breakpoint,
  type BreakpointHit,
  type BreakpointState,
  MachineError,
} from "./machine.js";

/** Intel SDM vol. 2, "HLT": one byte, and it stops the processor whatever its registers hold. */
export const HLT = 0xf4;

/**
 * How much of the code from a breakpoint on tells whether it is still the code that it was set
 * in. A single instruction would not do: nearly all functions begin with the same `push %ebp`.
 */
const REMEMBERED_BYTES = 16;
const PAGE_BYTES = 4096;
/**
 * How many breakpoints are looked after before each burst of about a millisecond: few enough
 * that hundreds of them cost nothing, and within 1 s each has had its turn.
 */
const TENDED_AT_ONCE = 16;

interface Site {
  readonly linear: number;
  readonly hits: Emitter<BreakpointHit>;
  /** The guest's own code from here on, at most to the end of the page. */
  code: Uint8Array;
  /** Where HLT was put; undefined while there is none. */
  physical: number | undefined;
}

/** The engine's side of it. */
export interface CodeMemory {
  readonly memory: Ia32Memory;
  bytes(): Uint8Array;
  /** Code that was translated from the range is stale. */
  written(start: number, end: number): void;
}

/**
 * Breakpoints of an engine that has none: a HLT in the place of the first byte of the
 * instruction. This class puts it there, hides it from whoever looks from outside, and takes it
 * away again, but never over something that the guest has written there in the meantime.
 *
 * What it cannot do: hide it from the guest. Code of the kernel that reads its own code sees the
 * HLT: the `Code:` line of an oops, or the checks of jump labels and ftrace before they patch.
 */
export class PlantedCode implements MemoryOverlay {
  readonly #target: CodeMemory;
  readonly #sites = new Map<number, Site>();
  readonly #byPhysical = new Map<number, Site>();
  #tended = 0;

  constructor(target: CodeMemory) {
    this.#target = target;
  }

  get isEmpty(): boolean {
    return this.#sites.size === 0;
  }

  /** @throws MachineError `bad-address`, `unsupported-breakpoint` */
  set(linear: number, onHit: (hit: BreakpointHit) => void): Breakpoint {
    const site = this.#sites.get(linear) ?? this.#createSite(linear);
    // What stands there now is what the caller has seen.
    if (this.#stateAt(linear).kind === "inactive") this.#remember(site);
    this.#tend(site);
    const listening = site.hits.on(onHit);
    const { [Symbol.dispose]: dispose } = disposable(() => {
      listening[Symbol.dispose]();
      if (site.hits.hasListeners || this.#sites.get(linear) !== site) return;
      this.#takeAway(site);
      this.#sites.delete(linear);
    });
    const stateAt = (): BreakpointState => this.#stateAt(linear);
    return {
      address: BigInt(linear),
      get state() {
        return stateAt();
      },
      [Symbol.dispose]: dispose,
    };
  }

  /** Calls those who wait at an address, as given by {@link hitAt}. */
  emit(linear: number, guestMs: number): void {
    this.#sites.get(linear)?.hits.emit({ address: BigInt(linear), guestMs });
  }

  /**
   * Whether the HLT at an address is one of ours.
   * @returns `"hit"` at a breakpoint, `"alias"` where its page is mapped a second time, under an
   *   address that nobody asked for.
   */
  hitAt(linear: number): "hit" | "alias" | undefined {
    if (this.#stateAt(linear).kind !== "planted") return undefined;
    return this.#sites.has(linear) ? "hit" : "alias";
  }

  /** Memory is gone, and with it all breakpoints. */
  forget(): void {
    this.#sites.clear();
    this.#byPhysical.clear();
  }

  /** Plants what can be planted; after a restore, when nothing is, and all of memory is another. */
  plantAll(): void {
    this.#byPhysical.clear();
    for (const site of this.#sites.values()) site.physical = undefined;
    for (const site of this.#sites.values()) this.#tend(site);
  }

  /**
   * Looks after some of the breakpoints: code may have been mapped elsewhere, been overwritten or
   * have come back, as a module that is loaded again.
   */
  tendSome(): void {
    if (this.isEmpty) return;
    const sites = [...this.#sites.values()];
    for (let count = Math.min(TENDED_AT_ONCE, sites.length); count > 0; count--) {
      this.#tended = (this.#tended + 1) % sites.length;
      const site = sites[this.#tended];
      if (site !== undefined) this.#tend(site);
    }
  }

  /** Saved states hold the guest's own code, so that they fit a machine without breakpoints. */
  withoutAll<T>(body: () => T): T {
    const lifted = this.#lift(this.#byPhysical.values());
    try {
      return body();
    } finally {
      this.#putBack(lifted);
    }
  }

  /** Lets the guest's own instruction at an address be executed. */
  withoutThoseIn(linear: number, length: number, body: () => void): void {
    const lifted = this.isEmpty ? [] : this.#lift(this.#sitesIn(linear, length));
    try {
      body();
    } finally {
      this.#putBack(lifted);
    }
  }

  conceal(physical: number, bytes: Uint8Array): void {
    const reveal = (offset: number, site: Site): void => {
      if (this.#isPlanted(site)) bytes[offset] = site.code[0] ?? HLT;
    };
    // A debugger reads words by the thousand, and modules have hundreds of sites.
    if (bytes.length < this.#byPhysical.size) {
      for (let offset = 0; offset < bytes.length; offset++) {
        const site = this.#byPhysical.get(physical + offset);
        if (site !== undefined) reveal(offset, site);
      }
      return;
    }
    for (const [at, site] of this.#byPhysical) {
      const offset = at - physical;
      if (offset >= 0 && offset < bytes.length) reveal(offset, site);
    }
  }

  aroundWrite(start: number, end: number, write: () => void): void {
    const affected = [...this.#byPhysical.values()].filter(
      ({ physical = end, code }) => physical < end && physical + code.length > start,
    );
    for (const site of affected) this.#takeAway(site);
    write();
    for (const site of affected) {
      this.#remember(site);
      this.#tend(site);
    }
  }

  #createSite(linear: number): Site {
    const { userAccessible } = this.#target.memory.lookUp(linear);
    if (userAccessible) {
      throw new MachineError(
        "unsupported-breakpoint",
        `Programs may access the memory at 0x${linear.toString(16)}, and this engine's ` +
          "breakpoints are HLT instructions, which fault outside of the kernel. Set it in kernel " +
          "code: at the system call that the program makes, for example.",
      );
    }
    const site: Site = { linear, hits: new Emitter(), code: new Uint8Array(), physical: undefined };
    this.#remember(site);
    this.#sites.set(linear, site);
    return site;
  }

  #remember(site: Site): void {
    const translation = this.#target.memory.translate(site.linear);
    if (translation !== undefined) site.code = this.#codeAt(translation.physical);
  }

  /** Without the HLTs of breakpoints. */
  #codeAt(physical: number): Uint8Array {
    const inPage = PAGE_BYTES - (physical % PAGE_BYTES);
    return this.#target.memory.readPhysical(physical, Math.min(REMEMBERED_BYTES, inPage));
  }

  #stateAt(linear: number): BreakpointState {
    const translation = this.#target.memory.translate(linear);
    if (translation === undefined) return { kind: "inactive", because: "nothing-mapped" };
    const site = this.#byPhysical.get(translation.physical);
    return site !== undefined && this.#isPlanted(site)
      ? { kind: "planted" }
      : { kind: "inactive", because: "other-code" };
  }

  #tend(site: Site): void {
    // A page that cannot be seen now, for example from another address space, keeps its HLT.
    const physical = this.#target.memory.translate(site.linear)?.physical;
    if (physical === undefined) return;
    if (site.physical === physical && this.#isPlanted(site)) return;
    this.#takeAway(site);
    // Another breakpoint has planted it, under another address of the same page.
    if (this.#byPhysical.has(physical)) return;
    if (!equal(this.#codeAt(physical), site.code)) return;
    this.#put(physical, HLT);
    site.physical = physical;
    this.#byPhysical.set(physical, site);
  }

  #takeAway(site: Site): void {
    const { physical } = site;
    if (physical === undefined) return;
    if (this.#isPlanted(site)) this.#put(physical, site.code[0] ?? HLT);
    this.#byPhysical.delete(physical);
    site.physical = undefined;
  }

  /**
   * Whether the HLT in memory is still ours. Where the code is no longer mapped, its page may have
   * become anything, and a byte of that may be 0xf4 by chance.
   */
  #isPlanted(site: Site): boolean {
    const { physical, linear, code } = site;
    const bytes = this.#target.bytes();
    if (physical === undefined || bytes[physical] !== HLT) return false;
    if (this.#target.memory.translate(linear)?.physical === physical) return true;
    return code.every((byte, offset) => {
      if (offset === 0 || bytes[physical + offset] === byte) return true;
      const other = this.#byPhysical.get(physical + offset);
      return bytes[physical + offset] === HLT && other?.code[0] === byte;
    });
  }

  *#sitesIn(linear: number, length: number): Generator<Site> {
    for (let offset = 0, physical: number | undefined; offset < length; offset++) {
      const at = (linear + offset) >>> 0;
      physical =
        offset === 0 || at % PAGE_BYTES === 0
          ? this.#target.memory.translate(at)?.physical
          : physical && physical + 1;
      const site = physical === undefined ? undefined : this.#byPhysical.get(physical);
      if (site !== undefined) yield site;
    }
  }

  /** For a moment in which nothing is executed but by the interpreter, which reads memory. */
  #lift(sites: Iterable<Site>): Site[] {
    const bytes = this.#target.bytes();
    const lifted = [...sites].filter((site) => this.#isPlanted(site));
    for (const { physical = 0, code } of lifted) bytes[physical] = code[0] ?? HLT;
    return lifted;
  }

  #putBack(lifted: readonly Site[]): void {
    const bytes = this.#target.bytes();
    for (const { physical = 0, code } of lifted) {
      // What the guest has written over it in the meantime stays.
      if (bytes[physical] === code[0]) bytes[physical] = HLT;
    }
  }

  #put(physical: number, byte: number): void {
    this.#target.bytes()[physical] = byte;
    this.#target.written(physical, physical + 1);
  }
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
