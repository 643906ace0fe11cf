import type { LogLine } from "../log/log-line.js";
import type { CodeBytes } from "../report.js";
import { isCodeLine, readCode } from "./code-bytes.js";
import type { FramePlace } from "./frame-line.js";
import { readInstructionPointer } from "./instruction-pointer.js";
import { isRegisterLine, isUserStackPointer, readRegisters } from "./registers.js";

const MOST_BLOCKS = 256;

/** Registers that were printed together, with the code at their instruction pointer. */
export interface RegisterBlock {
  readonly line: number;
  readonly values: Map<string, bigint>;
  code: CodeBytes | undefined;
}

/** What a line was to the registers of a report. */
export type RegisterLine =
  | { readonly known: false }
  | {
      readonly known: true;
      /** It shows where the processor was, so that what comes is the body of the report. */
      readonly opens: boolean;
      readonly pointer: FramePlace | undefined;
    };

const UNKNOWN: RegisterLine = { known: false };
const PASSED_OVER: RegisterLine = { known: true, opens: false, pointer: undefined };

/** Reads the registers of kernel mode, and passes over those of user mode. */
export class RegisterReader {
  readonly blocks: RegisterBlock[] = [];
  bits: 32 | 64 | undefined;

  #user = false;
  /** The line behind the last instruction pointer, where `Code:` belongs to that. */
  #behindPointer = -1;
  /**
   * Behind `---[ end trace`, oops_end() shows the registers of the first oops since boot again,
   * whichever oops it is (exec_summary_regs).
   */
  #summary = false;

  read({ text, first }: LogLine): RegisterLine {
    if (isCodeLine(text)) return this.#readCode(text, first);
    const pointer = readInstructionPointer(text);
    if (pointer === undefined) return this.#readRegisters(text);
    if (this.#summary) return PASSED_OVER;
    this.bits ??= pointer.bits;
    this.#user = pointer.mode === "user";
    this.#behindPointer = first + 1;
    if (this.#user) return PASSED_OVER;
    if (pointer.opensRegisters) {
      if (this.blocks.length < MOST_BLOCKS) {
        this.blocks.push({ line: first, values: new Map(), code: undefined });
      }
      this.#add(pointer.rest.replace(/^.*?(?=\bEFLAGS:)/, ""));
    }
    return { known: true, opens: pointer.opensRegisters, pointer: pointer.place };
  }

  /** A trace or a panic begins: what was said of user mode, and of the first oops, is over. */
  beginTrace(): void {
    this.#user = false;
  }

  endTrace(): void {
    this.#user = false;
    this.#summary = true;
  }

  panic(): void {
    this.#summary = false;
  }

  #readRegisters(text: string): RegisterLine {
    if (!isRegisterLine(text)) return UNKNOWN;
    if (this.#summary) return PASSED_OVER;
    if (isUserStackPointer(text)) this.#user = true;
    // A program's registers are shown without these.
    if (!this.#user || /^\s*CR[0-4]:/.test(text)) this.#add(text);
    return { known: true, opens: true, pointer: undefined };
  }

  #readCode(text: string, line: number): RegisterLine {
    if (this.#summary) return PASSED_OVER;
    const follows = line === this.#behindPointer;
    if (follows && this.#user) return PASSED_OVER;
    // Until 4.17 the code stands behind the trace, and belongs to where the report began.
    const block = follows ? this.blocks.at(-1) : this.blocks.find(({ code }) => code === undefined);
    if (block !== undefined) block.code ??= readCode(text);
    else this.blocks.push({ line, values: new Map(), code: readCode(text) });
    return PASSED_OVER;
  }

  #add(text: string): void {
    const registers = readRegisters(text);
    if (this.blocks.length === 0) this.blocks.push({ line: 0, values: new Map(), code: undefined });
    const values = this.blocks.at(-1)?.values;
    for (const [name, value] of registers) if (!values?.has(name)) values?.set(name, value);
  }
}
