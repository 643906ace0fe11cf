import { GuestError } from "../errors.js";
import type { KernelView } from "../kernel-view.js";
import type { LogRecord } from "../log-record.js";
import { littleEndian } from "../memory/guest-memory.js";
import type { Structure } from "../memory/structure.js";
import { StructureArray } from "../memory/structure-array.js";
import type { PartialList } from "../partial-list.js";

/** CONFIG_LOG_BUF_SHIFT is at most 25, log_buf_len= at most 2^31; a descriptor is for 32 bytes. */
const MOST_TEXT_BITS = 25;
const MOST_DESCRIPTOR_BITS = 20;

/** States of a descriptor, `enum desc_state` of kernel/printk/printk_ringbuffer.h. */
const RESERVED = 0n;
const REUSABLE = 3n;

/** Flags of a record, `enum printk_info_flags`. */
const LOG_CONT = 8;
/** Of `caller_id`: a processor's number, not a task's; printk_caller_id(). */
const CALLER_IS_CPU = 0x8000_0000;

/** Bit 0 of a position: no text is there, because it was empty or did not fit. */
const WITHOUT_DATA = 1n;
/** NO_LPOS: the text is empty. */
const EMPTY_TEXT = 3n;

/**
 * The kernel's log, the oldest message first, out of the ring buffers of 5.10 and later: `prb`,
 * kernel/printk/printk_ringbuffer.c. What a dead kernel has not finished is read as far as it is.
 */
export function readLog(view: KernelView): PartialList<LogRecord> {
  const records: LogRecord[] = [];
  const missing: string[] = [];
  try {
    const ring = new PrintkRing(view);
    for (const record of ring.records(missing)) records.push(record);
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    missing.push(`The kernel's log: ${error.message}`);
  }
  return { items: records, missing };
}

class PrintkRing {
  readonly #view: KernelView;
  readonly #wordBytes: number;
  readonly #descriptorCount: bigint;
  readonly #tail: bigint;
  readonly #head: bigint;
  readonly #descriptors: StructureArray;
  readonly #infos: StructureArray;
  readonly #text: Uint8Array;
  readonly #textBits: bigint;

  constructor(view: KernelView) {
    this.#view = view;
    this.#wordBytes = view.memory.wordBytes;
    const ring = view.structure("printk_ringbuffer", view.memory.word(view.symbol("prb")));
    const countBits = bits(ring, "desc_ring.count_bits", MOST_DESCRIPTOR_BITS);
    const textBits = bits(ring, "text_data_ring.size_bits", MOST_TEXT_BITS);
    this.#descriptorCount = 1n << BigInt(countBits);
    this.#textBits = BigInt(textBits);
    this.#tail = ring.unsigned("desc_ring.tail_id.counter");
    this.#head = ring.unsigned("desc_ring.head_id.counter");
    const count = 1 << countBits;
    this.#descriptors = new StructureArray(
      view,
      "prb_desc",
      ring.unsigned("desc_ring.descs"),
      count,
    );
    this.#infos = new StructureArray(view, "printk_info", ring.unsigned("desc_ring.infos"), count);
    this.#text = view.memory.read(ring.unsigned("text_data_ring.data"), 1 << textBits);
  }

  *records(missing: string[]): Generator<LogRecord> {
    const idMask = (1n << BigInt(this.#wordBytes * 8 - 2)) - 1n;
    const first = this.#tail & idMask;
    const count = ((this.#head - first) & idMask) + 1n;
    if (count > this.#descriptorCount) {
      throw new GuestError("damaged", `it cannot hold ${count} messages at once.`);
    }
    let damaged = 0;
    for (let step = 0n; step < count; step++) {
      const id = (first + step) & idMask;
      const index = Number(id & (this.#descriptorCount - 1n));
      const state = this.#descriptors.unsigned(index, "state_var.counter");
      const kind = state >> BigInt(this.#wordBytes * 8 - 2);
      // Of the messages that this place had before, or of none yet.
      if ((state & idMask) !== id || kind === RESERVED || kind === REUSABLE) continue;
      const record = this.#record(index, id);
      if (record === undefined) damaged++;
      else yield record;
    }
    if (damaged > 0) missing.push(`${damaged} messages of the log are damaged.`);
  }

  #record(index: number, id: bigint): LogRecord | undefined {
    const number = (member: string): number => Number(this.#infos.unsigned(index, member));
    const sequence = this.#infos.unsigned(index, "seq");
    if (sequence > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
    const text = this.#textOf(index, id, number("text_len"));
    const caller = number("caller_id");
    return {
      sequence: Number(sequence),
      level: number("level"),
      facility: number("facility"),
      nanoseconds: this.#infos.unsigned(index, "ts_nsec"),
      text: text ?? "",
      textLost: text === undefined,
      continuation: (number("flags") & LOG_CONT) !== 0,
      caller:
        caller >= CALLER_IS_CPU
          ? { kind: "cpu", id: caller - CALLER_IS_CPU }
          : { kind: "task", id: caller },
      dictionary: this.#dictionary(index),
    };
  }

  /** get_data(): where the text's block begins, and whether it wrapped to the buffer's start. */
  #textOf(index: number, id: bigint, length: number): string | undefined {
    const begin = this.#descriptors.unsigned(index, "text_blk_lpos.begin");
    const next = this.#descriptors.unsigned(index, "text_blk_lpos.next");
    if ((begin & next & WITHOUT_DATA) !== 0n) {
      return begin === EMPTY_TEXT && next === EMPTY_TEXT ? "" : undefined;
    }
    const size = 1n << this.#textBits;
    const wrap = (position: bigint): bigint =>
      BigInt.asUintN(this.#wordBytes * 8, position) >> this.#textBits;
    let block: bigint;
    let blockBytes: bigint;
    if (wrap(begin) === wrap(next) && begin < next) {
      block = begin & (size - 1n);
      blockBytes = next - begin;
    } else if (wrap(begin + size) === wrap(next)) {
      block = 0n;
      blockBytes = next & (size - 1n);
    } else {
      return undefined;
    }
    const start = Number(block) + this.#wordBytes;
    // Each block begins with the id of the descriptor that it belongs to.
    const owner = littleEndian(this.#text.subarray(Number(block), start));
    const room = Number(blockBytes) - this.#wordBytes;
    if (room < 0 || owner !== id) return undefined;
    const bytes = this.#text.subarray(start, start + Math.min(length, room));
    return new TextDecoder().decode(bytes);
  }

  #dictionary(index: number): LogRecord["dictionary"] {
    const dictionary: Record<string, string> = {};
    for (const [key, member] of DICTIONARY) {
      const path = `dev_info.${member}`;
      if (!this.#view.types.hasMember("printk_info", path)) continue;
      const bytes = this.#infos.bytes(index, path);
      const end = bytes.indexOf(0);
      const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
      if (text !== "") dictionary[key] = text;
    }
    return dictionary;
  }
}

const DICTIONARY = [
  ["SUBSYSTEM", "subsystem"],
  ["DEVICE", "device"],
] as const;

function bits(ring: Structure, path: string, most: number): number {
  const value = ring.number(path);
  if (value > most) {
    throw new GuestError("damaged", `its size cannot be 2 to the power of ${value}.`, ring.address);
  }
  return value;
}
