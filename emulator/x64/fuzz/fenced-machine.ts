import { type EngineExports, FIELDS } from "../engine-exports.js";
import { X64Processor } from "../x64-machine.js";

const PAGE_BYTES = 4096;
const CANARY = 0xa7;
const FENCE_BYTES = 256 * 1024;
/**
 * Of the pages below the first machine, how many may change: the float unit's working memory is
 * among the constants there, some hundred bytes of it.
 */
const CHANGING_PAGES = 2;

/**
 * A machine between two others in one engine's memory. The neighbours never run: what is different
 * in their memory, or in the engine's constants, was written by an access that left the guest.
 */
export class FencedMachine {
  readonly ram: Uint8Array;
  readonly processor: X64Processor;
  readonly #engine: EngineExports;
  readonly #machine: number;
  readonly #fences: readonly Uint8Array[];
  readonly #constants: Uint8Array;
  readonly #constantsBefore: Uint8Array;

  private constructor(engine: EngineExports, ramBytes: number, shiftBytes: number) {
    this.#engine = engine;
    const before = engine.createMachine(FENCE_BYTES + shiftBytes);
    const machine = engine.createMachine(ramBytes);
    const after = engine.createMachine(FENCE_BYTES);
    const cpu = engine.createProcessor(machine);
    this.#machine = machine;
    const end = engine.createMachine(PAGE_BYTES);
    const { buffer } = engine.memory;
    const ramOf = (owner: number, bytes: number): Uint8Array => {
      const at = owner + engine.fieldOffset(FIELDS.machineRam);
      return new Uint8Array(buffer, new DataView(buffer).getUint32(at, true), bytes);
    };
    this.ram = ramOf(machine, ramBytes);
    this.#fences = [
      ramOf(before, FENCE_BYTES + shiftBytes),
      ramOf(after, FENCE_BYTES),
      ramOf(end, PAGE_BYTES),
    ];
    for (const fence of this.#fences) fence.fill(CANARY);
    // Constants and the maps of opcodes: all that lies below the first machine.
    this.#constants = new Uint8Array(buffer, 0, before);
    this.#constantsBefore = this.#constants.slice();
    this.processor = new X64Processor(engine, cpu);
  }

  /**
   * @param module the compiled engine
   * @param shiftBytes moves the machine in the engine's memory; the guest must not notice
   */
  static async create(
    module: WebAssembly.Module,
    ramBytes: number,
    shiftBytes = 0,
  ): Promise<FencedMachine> {
    const { exports } = await WebAssembly.instantiate(module, {});
    return new FencedMachine(exports as unknown as EngineExports, ramBytes, shiftBytes);
  }

  /** To be called when `ram` was written where code may have been decoded. */
  codeChanged(): void {
    for (let page = 0; page < this.ram.length / PAGE_BYTES; page++) {
      this.#engine.forgetCode(this.#machine, page);
    }
  }

  /** What was written outside of the guest's memory and of what belongs to its processor. */
  damage(): string | undefined {
    for (const [index, fence] of this.#fences.entries()) {
      const at = fence.findIndex((byte) => byte !== CANARY);
      if (at >= 0) return `byte ${at} of neighbour ${index} is ${fence[at]}`;
    }
    const changed = new Set<number>();
    for (const [index, byte] of this.#constants.entries()) {
      if (byte !== this.#constantsBefore[index]) changed.add(Math.floor(index / PAGE_BYTES));
    }
    if (changed.size <= CHANGING_PAGES) return undefined;
    return `pages ${[...changed].join(", ")} of the engine's constants have changed`;
  }
}
