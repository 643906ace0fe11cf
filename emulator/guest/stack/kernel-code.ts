import type { ModuleRegion } from "../guest-module.js";
import type { KernelView } from "../kernel-view.js";
import { moduleRegions, modulesSymbols } from "../modules/module-list.js";
import { type CallSite, callBefore } from "./call-site.js";

/** Marks of include/asm-generic/vmlinux.lds.h around the kernel's code, and that of its start. */
const RANGES = [
  ["_stext", "_etext"],
  ["_sinittext", "_einittext"],
] as const;

/** Where the code of a kernel and of its modules is. */
export class KernelCode {
  readonly #view: KernelView;
  readonly #ranges: readonly (readonly [start: bigint, end: bigint])[];
  readonly #entry: readonly [start: bigint, end: bigint];
  #regions: readonly ModuleRegion[] | undefined;
  #moduleFunctions: readonly bigint[] | undefined;

  constructor(view: KernelView) {
    this.#view = view;
    const address = (name: string): bigint => view.symbols.addressOf(name) ?? 0n;
    this.#ranges = RANGES.map(([start, end]) => [address(start), address(end)]);
    this.#entry = [address("__entry_text_start"), address("__entry_text_end")];
  }

  contains(address: bigint): boolean {
    return this.#inKernel(address) || this.#inModule(address);
  }

  /** Where interrupts and system calls come in, in assembly that keeps no frame pointer. */
  isEntryCode(address: bigint): boolean {
    return this.#entry[0] <= address && address < this.#entry[1];
  }

  /** Where the function that an address lies in begins. */
  functionStart(address: bigint): bigint | undefined {
    if (this.#inKernel(address)) {
      const place = this.#view.symbols.find(address);
      return place === undefined ? undefined : address - BigInt(place.offset);
    }
    if (!this.#inModule(address)) return undefined;
    this.#moduleFunctions ??= modulesSymbols(this.#view)
      .filter(({ type }) => type === "t" || type === "T")
      .map((symbol) => symbol.address);
    return this.#moduleFunctions.reduce<bigint | undefined>(
      (best, start) => (start <= address && start > (best ?? -1n) ? start : best),
      undefined,
    );
  }

  /** The call that a return address lies behind. */
  callBefore(address: bigint): CallSite | undefined {
    return this.contains(address) ? callBefore(this.#view.memory, address) : undefined;
  }

  #inKernel(address: bigint): boolean {
    return this.#ranges.some(([start, end]) => start <= address && address < end);
  }

  #inModule(address: bigint): boolean {
    this.#regions ??= moduleRegions(this.#view);
    return this.#regions.some(
      ({ base, textBytes }) => base <= address && address < base + BigInt(textBytes),
    );
  }
}
