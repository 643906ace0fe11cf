import { concatBytes } from "./bytes.js";

/** syslog(2): 0 is an emergency, 7 is for debugging. */
export type KernelLogLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** The kernel's names of the levels, include/linux/kern_levels.h, in the spelling of dmesg. */
export const KERNEL_LOG_LEVEL_NAMES = [
  "emerg",
  "alert",
  "crit",
  "err",
  "warn",
  "notice",
  "info",
  "debug",
] as const;

/** One message of the kernel's log. */
export interface KernelRecord {
  /** The kernel's number of the message; it counts from 0 at boot. */
  readonly sequence: number;
  readonly level: KernelLogLevel;
  /** As in syslog(3): 0 is the kernel, 1 a program that wrote to /dev/kmsg. */
  readonly facility: number;
  /** Since boot, by the kernel's clock. */
  readonly microseconds: number;
  readonly seconds: number;
  /** May hold newlines: the kernel keeps a multi-line message as one record. */
  readonly text: string;
  /**
   * A fragment of a line (`KERN_CONT`) that the kernel could not append to the record that
   * it belongs to, because another message came between. It is passed on as it is: the
   * kernel itself only guesses, and does not say which record it continues
   * (Documentation/ABI/testing/dev-kmsg). Fragments that follow each other directly are one
   * record already (vprintk_store, kernel/printk/printk.c).
   */
  readonly continuation: boolean;
  /** `T123` for a task, `C0` for a processor; only with CONFIG_PRINTK_CALLER. */
  readonly caller?: string;
  /**
   * What dev_printk adds: SUBSYSTEM, DEVICE. It comes in lines of its own after the message,
   * and is filled in as they come: soon after, if the bytes were cut in between.
   */
  readonly dictionary: Readonly<Record<string, string>>;
  /**
   * Messages between the last record and this one that did not come: overwritten before they
   * were printed, or above the console's loglevel. An extended console gets no line
   * "printk messages dropped" (console_flush_all, kernel/printk/printk.c).
   */
  readonly missing: number;
}

/** What a parser knows, to go on from after the guest is restored to that moment. */
export interface KernelLogState {
  readonly line: Uint8Array;
  readonly nextSequence: number | undefined;
}

/** The most that the kernel writes for a record, CONSOLE_EXT_LOG_MAX in include/linux/printk.h. */
const LONGEST_LINE = 8192;
const NEWLINE = 0x0a;

/** `<prefix>,<sequence>,<microseconds>,<flags>[,<more>…];<text>`, see info_print_ext_header. */
const HEADER = /^(\d{1,10}),(\d{1,20}),(\d{1,20}),([^,;]*)((?:,[^,;]*)*);/;

/**
 * Reads the kernel's messages from a console that writes extended records
 * (CON_EXTENDED), the format of /dev/kmsg: Documentation/ABI/testing/dev-kmsg.
 * Lines that are no record are noise, and left out.
 */
export class KernelLogParser {
  /** Pieces of a line that has not ended. */
  #line: Uint8Array[] = [];
  #lineBytes = 0;
  #nextSequence: number | undefined;
  /** Of the last record, for the lines that may still follow it. */
  #dictionary: Record<string, string> | undefined;

  /** The records that these bytes complete. */
  push(bytes: Uint8Array): KernelRecord[] {
    const records: KernelRecord[] = [];
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, at);
      this.#append(bytes.subarray(at, end < 0 ? bytes.length : end));
      if (end < 0) return records;
      const record = this.#takeLine();
      if (record !== undefined) records.push(record);
      at = end + 1;
    }
  }

  /** For {@link reset}, when a snapshot of the guest is taken. */
  save(): KernelLogState {
    return { line: concatBytes(this.#line), nextSequence: this.#nextSequence };
  }

  /**
   * The guest was restored to when `state` was saved. Without one, what is left of a line
   * that was being written is noise, and no message counts as missing before the next.
   */
  reset(state?: KernelLogState): void {
    this.#line = state === undefined ? [] : [state.line];
    this.#lineBytes = state?.line.length ?? 0;
    this.#nextSequence = state?.nextSequence;
    this.#dictionary = undefined;
  }

  #append(piece: Uint8Array): void {
    this.#lineBytes += piece.length;
    // The piece may be a view of the caller's buffer.
    if (piece.length > 0 && this.#lineBytes <= LONGEST_LINE) this.#line.push(piece.slice());
  }

  #takeLine(): KernelRecord | undefined {
    const line = concatBytes(this.#line);
    const overlong = this.#lineBytes > LONGEST_LINE;
    this.#line = [];
    this.#lineBytes = 0;
    if (overlong) {
      this.#dictionary = undefined;
      return undefined;
    }
    // The kernel escapes all but printable ASCII.
    const text = new TextDecoder("latin1").decode(line);
    if (text.startsWith(" ")) {
      this.#dictionaryLine(text.slice(1));
      return undefined;
    }
    return this.#record(text);
  }

  #record(line: string): KernelRecord | undefined {
    const header = HEADER.exec(line);
    this.#dictionary = undefined;
    if (header === null) return undefined;
    const [whole, prefix, sequenceText, microsecondsText, flags, more] = header;
    const priority = Number(prefix);
    const sequence = Number(sequenceText);
    const microseconds = Number(microsecondsText);
    const caller = /,caller=([^,]*)/.exec(more ?? "")?.[1];
    const dictionary: Record<string, string> = {};
    const expected = this.#nextSequence ?? sequence;
    this.#nextSequence = sequence + 1;
    this.#dictionary = dictionary;
    return {
      sequence,
      level: (priority & 7) as KernelLogLevel,
      facility: priority >>> 3,
      microseconds,
      seconds: microseconds / 1e6,
      text: unescapeBytes(line.slice(whole.length)),
      continuation: flags === "c" || flags === "+",
      ...(caller === undefined ? {} : { caller }),
      dictionary,
      missing: Math.max(0, sequence - expected),
    };
  }

  #dictionaryLine(line: string): void {
    const equals = line.indexOf("=");
    if (equals <= 0 || this.#dictionary === undefined) return;
    this.#dictionary[unescapeBytes(line.slice(0, equals))] = unescapeBytes(line.slice(equals + 1));
  }
}

/** Undoes msg_add_ext_text: `\xNN` is a byte; the bytes are UTF-8 wherever they can be. */
function unescapeBytes(text: string): string {
  if (!text.includes("\\x")) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const escaped = /^\\x([0-9a-f]{2})/.exec(text.slice(at, at + 4))?.[1];
    bytes.push(escaped === undefined ? text.charCodeAt(at) : Number.parseInt(escaped, 16));
    if (escaped !== undefined) at += 3;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
