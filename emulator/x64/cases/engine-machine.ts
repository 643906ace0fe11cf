import {
  type SmallSegment,
  writeDescriptors,
  writeLocalDescriptors,
} from "../guest/descriptors.js";
import { PageTables } from "../guest/page-tables.js";
import { REGISTERS, type RunEnd, X64Machine } from "../x64-machine.js";
import { FX, INPUT, OUTCOME, STATE, VECTOR } from "./case-format.js";
import type { CaseMachine } from "./case-machine.js";
import {
  BREAKPOINT,
  backgroundBytes,
  CODE,
  DATA,
  FS_BASE,
  GS_BASE,
  PAGE_BYTES,
  STACK,
  WINDOWS,
  windowOffset,
} from "./layout.js";

const RAM_BYTES = 1 << 20;
/** Where the windows are in the guest's memory, one after the other. */
const WINDOWS_AT = 0x40000;
const PAGE_TABLES_AT = 0x1000;
const DESCRIPTORS_AT = 0x20000;
/** Where only the kernel may, and no case points to. */
const DESCRIPTORS_LINEAR = 0xffffffffffc00000n;
/** What ends no case: the longest repetition goes over all windows byte by byte. */
const MOST_INSTRUCTIONS = 100_000;
/** The LDT lies in the same page. */
const LOCAL_DESCRIPTORS = 0x400;
const SEGMENT_BYTES = 16;

type StartSegment = readonly [selector: number, base: bigint, limit: number, attributes: number];

const ALL = 0xffffffff;
/** Attributes as `assembly/state/segment.ts` has them: flat, DPL 3, data. */
const DATA_ATTRIBUTES = 0xc0f3;
const FS: StartSegment = [0, FS_BASE, ALL, DATA_ATTRIBUTES];
const GS: StartSegment = [0, GS_BASE, ALL, DATA_ATTRIBUTES];
const NO_LDT: StartSegment = [0, 0n, 0, 0];
/** What the LDT has when 16-bit code runs, as `native/processor.c` makes it: code, data, stack. */
const LOCAL_SEGMENTS: readonly SmallSegment[] = [
  { base: CODE, limit: 0xffff, attributes: 0x00fb },
  { base: DATA, limit: 0xffff, attributes: 0x00f3 },
  { base: STACK, limit: PAGE_BYTES - 1, attributes: 0x00f3 },
];
/** A present one (SDM vol. 3A, table 3-2). */
const LDT: StartSegment = [
  8,
  DESCRIPTORS_LINEAR + BigInt(LOCAL_DESCRIPTORS),
  LOCAL_SEGMENTS.length * 8 - 1,
  0x82,
];
/** ES, CS, SS, DS, FS, GS with Linux's selectors of a 64-bit program, */
const SEGMENTS: readonly StartSegment[] = [
  [0, 0n, ALL, DATA_ATTRIBUTES],
  [0x33, 0n, ALL, 0xa0fb],
  [0x2b, 0n, ALL, DATA_ATTRIBUTES],
  [0, 0n, ALL, DATA_ATTRIBUTES],
  FS,
  GS,
  NO_LDT,
];
/** of a 32-bit one, */
const SEGMENTS_32: readonly StartSegment[] = [
  [0x2b, 0n, ALL, DATA_ATTRIBUTES],
  [0x23, 0n, ALL, 0xc0fb],
  [0x2b, 0n, ALL, DATA_ATTRIBUTES],
  [0x2b, 0n, ALL, DATA_ATTRIBUTES],
  FS,
  GS,
  NO_LDT,
];
/** and of 16-bit code with segments of its own in the LDT: see `native/processor.c`. */
const SEGMENTS_16: readonly StartSegment[] = [
  local(0x0f),
  local(0x07),
  local(0x17),
  local(0x0f),
  FS,
  GS,
  LDT,
];

/** @param selector in the LDT */
function local(selector: number): StartSegment {
  const { base, limit, attributes } = LOCAL_SEGMENTS[selector >> 3] ?? {
    base: 0,
    limit: 0,
    attributes: 0,
  };
  return [selector, BigInt(base), limit, attributes];
}

/**
 * How the engine executes a case: by blocks, where usual instructions have cases of their own in its
 * loop, or by single steps, where all are done by their handlers.
 */
export type Way = "blocks" | "steps";

/** Cases of even numbers go the one way, the others the other. */
export function wayOf({ number }: { readonly number: number }): Way {
  return number % 2 === 0 ? "blocks" : "steps";
}

/** The engine, in a machine that is nothing but the windows. */
export class EngineMachine implements CaseMachine {
  readonly #machine: X64Machine;
  readonly #view: DataView;
  readonly #windows: Uint8Array;
  readonly #words: Uint32Array;
  readonly #background = backgroundBytes();
  /** What the windows hold at the start of the case that runs. */
  readonly #before = backgroundBytes();
  readonly #beforeWords = new Uint32Array(this.#before.buffer);
  readonly #segments: Uint8Array;
  readonly #startSegments = startSegments();
  readonly #float: Uint8Array;
  readonly #xmm: Uint8Array;
  readonly #control: DataView;
  readonly #status: DataView;
  readonly #top: DataView;
  readonly #tags: Uint8Array;
  readonly #mxcsr: DataView;

  private constructor(machine: X64Machine) {
    const { processor, ram } = machine;
    this.#machine = machine;
    this.#view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    this.#windows = ram.subarray(WINDOWS_AT, WINDOWS_AT + this.#background.length);
    this.#words = new Uint32Array(
      ram.buffer,
      ram.byteOffset + WINDOWS_AT,
      this.#background.length / 4,
    );
    this.#windows.set(this.#background);
    mapWindows(ram);
    const limit = writeDescriptors(this.#view, DESCRIPTORS_AT);
    writeLocalDescriptors(this.#view, DESCRIPTORS_AT + LOCAL_DESCRIPTORS, LOCAL_SEGMENTS);
    const dataView = (bytes: Uint8Array): DataView =>
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    dataView(processor.bytesOf("gdtBase", 8)).setBigUint64(0, DESCRIPTORS_LINEAR, true);
    dataView(processor.bytesOf("gdtLimit", 4)).setUint32(0, limit, true);
    this.#segments = processor.bytesOf("segments", SEGMENT_BYTES * SEGMENTS.length);
    this.#float = processor.bytesOf("float", 128);
    this.#xmm = processor.bytesOf("xmm", 256);
    this.#control = dataView(processor.bytesOf("floatControl", 2));
    this.#status = dataView(processor.bytesOf("floatStatus", 2));
    this.#top = dataView(processor.bytesOf("floatTop", 4));
    this.#tags = processor.bytesOf("floatTags", 1);
    this.#mxcsr = dataView(processor.bytesOf("mxcsr", 4));
    processor.pageTables = PAGE_TABLES_AT;
    processor.interceptsExceptions = true;
    processor.privilege = 3;
  }

  /** @param module the compiled engine */
  static async create(module: WebAssembly.Module): Promise<EngineMachine> {
    return new EngineMachine(await X64Machine.create(module, RAM_BYTES));
  }

  run(input: Uint8Array, way: Way = "blocks"): Uint8Array {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    const state = input.subarray(INPUT.state, INPUT.state + STATE.bytes);
    const code = this.#putCode(view, input);
    this.#patch(view, input, "apply");
    this.#loadState(state);
    const end = way === "blocks" ? this.#runBlocks() : this.#runSteps();
    const changes = this.#takeChanges();
    const outcome = new Uint8Array(OUTCOME.bytes + changes.length * OUTCOME.changeBytes);
    const out = new DataView(outcome.buffer);
    out.setUint32(0, outcome.length, true);
    out.setUint32(OUTCOME.changes, changes.length, true);
    this.#storeState(outcome.subarray(OUTCOME.state, OUTCOME.bytes));
    const { vector, error, cr2 } =
      end.reason === "exception" ? end.exception : { vector: VECTOR.noEnd, error: 0, cr2: 0n };
    if (vector === VECTOR.breakpoint) {
      // The engine intercepts INT3 before it is executed; to a program it is a trap, behind the
      // opcode with its prefixes.
      const { rip } = this.#machine.processor;
      const at = windowOffset(Number(rip) + (bitsOf(state) === 16 ? CODE : 0));
      const length = this.#windows.indexOf(BREAKPOINT, at) - at + 1;
      out.setBigUint64(OUTCOME.state + STATE.rip, rip + BigInt(length), true);
    }
    out.setUint32(OUTCOME.state + STATE.vector, vector, true);
    out.setUint32(OUTCOME.state + STATE.error, error, true);
    out.setBigUint64(OUTCOME.state + STATE.cr2, vector === VECTOR.pageFault ? cr2 : 0n, true);
    changes.forEach(({ address, bytes }, index) => {
      const at = OUTCOME.bytes + index * OUTCOME.changeBytes;
      out.setUint32(at, address, true);
      outcome.set(bytes, at + OUTCOME.changed);
    });
    this.#patch(view, input, "undo");
    this.#windows.set(this.#background.subarray(code.at, code.at + code.length), code.at);
    return outcome;
  }

  #runBlocks(): RunEnd {
    return this.#machine.processor.run(MOST_INSTRUCTIONS);
  }

  #runSteps(): RunEnd {
    const { processor } = this.#machine;
    let end: RunEnd = { reason: "budget" };
    for (let left = MOST_INSTRUCTIONS; end.reason === "budget" && left > 0; left--) {
      end = processor.run(1);
    }
    return end;
  }

  #putCode(view: DataView, input: Uint8Array): { at: number; length: number } {
    const address = view.getUint32(INPUT.codeAddress, true);
    const length = view.getUint32(INPUT.codeLength, true);
    const at = windowOffset(address);
    this.#windows.set(input.subarray(INPUT.code, INPUT.code + length), at);
    this.#machine.codeChanged(WINDOWS_AT + at);
    return { at, length };
  }

  #patch(view: DataView, input: Uint8Array, what: "apply" | "undo"): void {
    let from: number = INPUT.bytes;
    for (let left = view.getUint32(INPUT.patches, true); left > 0; left--) {
      const at = windowOffset(view.getUint32(from, true));
      const length = view.getUint32(from + 4, true);
      const bytes =
        what === "apply"
          ? input.subarray(from + 8, from + 8 + length)
          : this.#background.subarray(at, at + length);
      this.#windows.set(bytes, at);
      this.#before.set(bytes, at);
      from += 8 + ((length + 7) & ~7);
    }
  }

  #loadState(state: Uint8Array): void {
    const { processor } = this.#machine;
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    for (let register = 0; register < REGISTERS.length; register++) {
      processor.registers[register] = view.getBigUint64(register * 8, true);
    }
    processor.rip = view.getBigUint64(STATE.rip, true);
    processor.rflags = Number(view.getBigUint64(STATE.rflags, true));
    this.#segments.set(this.#startSegments[bitsOf(state)]);
    // What the engine derives from CS, which the last case may have had otherwise.
    processor.privilege = 3;
    const fsw = view.getUint16(STATE.fx + FX.fsw, true);
    const top = (fsw >> 11) & 7;
    this.#control.setUint16(0, view.getUint16(STATE.fx + FX.fcw, true), true);
    this.#status.setUint16(0, fsw & ~0x3800, true);
    this.#top.setUint32(0, top, true);
    this.#tags[0] = state[STATE.fx + FX.ftw] ?? 0;
    this.#mxcsr.setUint32(0, view.getUint32(STATE.fx + FX.mxcsr, true), true);
    for (let slot = 0; slot < 8; slot++) {
      const from = STATE.fx + FX.st + slot * 16;
      this.#float.set(state.subarray(from, from + 10), ((top + slot) & 7) * 16);
    }
    this.#xmm.set(state.subarray(STATE.fx + FX.xmm, STATE.fx + FX.end));
  }

  #storeState(state: Uint8Array): void {
    const { processor } = this.#machine;
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    for (let register = 0; register < REGISTERS.length; register++) {
      view.setBigUint64(register * 8, processor.registers[register] ?? 0n, true);
    }
    view.setBigUint64(STATE.rip, processor.rip, true);
    view.setBigUint64(STATE.rflags, BigInt(processor.rflags >>> 0), true);
    const top = this.#top.getUint32(0, true) & 7;
    const fsw = (this.#status.getUint16(0, true) & ~0x3800) | (top << 11);
    view.setUint16(STATE.fx + FX.fcw, this.#control.getUint16(0, true), true);
    view.setUint16(STATE.fx + FX.fsw, fsw, true);
    state[STATE.fx + FX.ftw] = this.#tags[0] ?? 0;
    view.setUint32(STATE.fx + FX.mxcsr, this.#mxcsr.getUint32(0, true), true);
    for (let slot = 0; slot < 8; slot++) {
      const from = ((top + slot) & 7) * 16;
      state.set(this.#float.subarray(from, from + 10), STATE.fx + FX.st + slot * 16);
    }
    state.set(this.#xmm, STATE.fx + FX.xmm);
  }

  /** The chunks that differ from before, which are put back. */
  #takeChanges(): { address: number; bytes: Uint8Array }[] {
    const changes: { address: number; bytes: Uint8Array }[] = [];
    // The code is the case's own, and may not be written.
    for (let word = PAGE_BYTES / 4; word < this.#words.length; word++) {
      if (this.#words[word] === this.#beforeWords[word]) continue;
      const at = (word * 4) & ~(OUTCOME.chunk - 1);
      const page = WINDOWS[(at / PAGE_BYTES) | 0];
      changes.push({
        address: (page?.address ?? 0) + (at % PAGE_BYTES),
        bytes: this.#windows.slice(at, at + OUTCOME.chunk),
      });
      this.#windows.set(this.#before.subarray(at, at + OUTCOME.chunk), at);
    }
    return changes;
  }
}

/** Puts page tables into the guest's memory that have the windows, and the descriptors, alone. */
function mapWindows(ram: Uint8Array): void {
  let next = PAGE_TABLES_AT;
  const tables = new PageTables(ram, () => {
    const table = next;
    next += PAGE_BYTES;
    return table;
  });
  WINDOWS.forEach(({ address, writable, executable }, index) => {
    const frame = WINDOWS_AT + index * PAGE_BYTES;
    const rights = { isUser: true, isWritable: writable, isExecutable: executable };
    tables.map(BigInt(address), frame, rights);
  });
  const rights = { isUser: false, isWritable: true, isExecutable: false };
  tables.map(DESCRIPTORS_LINEAR, DESCRIPTORS_AT, rights);
}

/** The segments that a case starts with, by the bits of its code. */
function startSegments(): Record<16 | 32 | 64, Uint8Array> {
  return {
    16: segmentBytes(SEGMENTS_16),
    32: segmentBytes(SEGMENTS_32),
    64: segmentBytes(SEGMENTS),
  };
}

function bitsOf(state: Uint8Array): 16 | 32 | 64 {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  const bits = view.getUint32(STATE.codeBits, true);
  return bits === 16 || bits === 32 ? bits : 64;
}

function segmentBytes(segments: readonly StartSegment[]): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_BYTES * segments.length);
  const view = new DataView(bytes.buffer);
  segments.forEach(([selector, base, limit, attributes], index) => {
    const at = index * SEGMENT_BYTES;
    view.setBigUint64(at, base, true);
    view.setUint32(at + 8, limit, true);
    view.setUint16(at + 12, selector, true);
    view.setUint16(at + 14, attributes, true);
  });
  return bytes;
}
