import type { SourceLocation } from "../../debuginfo/debug-info.js";
import { faultAddress } from "../disassembly/fault-address.js";
import {
  formatOperandValues,
  type Instruction,
  type InstructionRow,
  listTrap,
  type OperandValues,
} from "../disassembly/index.js";
import { framePlace } from "../frame-place.js";
import type { Frame, Report } from "../report.js";
import type { ExplainContext } from "./explanation.js";

/** The instruction that trapped. */
export interface Trap {
  readonly bytes: Uint8Array;
  /** `mov    %eax,(%edx)`. */
  readonly text: string;
  readonly mnemonic: string;
  readonly values: OperandValues;
  /** The instruction with its operands' values, as a line of evidence. */
  readonly line: string;
}

/** A frame's lines in the source. */
export interface FrameSource {
  /** From the innermost function to the outermost; not empty. */
  readonly chain: readonly SourceLocation[];
}

/** A report with what the context adds to it, found when it is first asked for. */
export class Scene {
  readonly report: Report;
  readonly context: ExplainContext;
  #trap: Promise<Trap | undefined> | undefined;

  constructor(report: Report, context: ExplainContext) {
    this.report = report;
    this.context = context;
  }

  /** The trapping instruction; undefined without code bytes or without a disassembler. */
  trap(): Promise<Trap | undefined> {
    this.#trap ??= this.#findTrap();
    return this.#trap;
  }

  async #findTrap(): Promise<Trap | undefined> {
    const { disassembler } = this.context;
    if (disassembler === undefined) return undefined;
    const rows = await listTrap(this.report, disassembler, this.context);
    const row = rows.find(
      (candidate): candidate is InstructionRow =>
        candidate.kind === "instruction" && candidate.trapping,
    );
    if (row?.values === undefined) return undefined;
    const { memory } = row.values;
    const known = memory.filter(({ address }) => address !== undefined);
    // Registers that lead elsewhere are damaged, or of another moment: they would mislead.
    const agree =
      faultAddress(this.report) === undefined ||
      known.length === 0 ||
      known.some(({ faulted }) => faulted);
    const values = agree ? formatOperandValues(row.values) : "";
    const [decoded]: readonly Instruction[] = disassembler.decode(
      row.bytes,
      this.report.arch === "x86-64" ? 64 : 32,
      0n,
    );
    return {
      bytes: row.bytes,
      text: row.text,
      mnemonic: decoded?.mnemonic ?? "",
      values: row.values,
      line: `${row.text.replace(/ +/, " ")}${values === "" ? "" : `   ${values}`}`,
    };
  }

  /** Where a frame is in the source. */
  async source(frame: Frame | undefined): Promise<FrameSource | undefined> {
    if (frame === undefined) return undefined;
    const debugInfo = await this.context.debugInfo?.(frame.module);
    const place = debugInfo && framePlace(debugInfo, frame);
    const chain = (debugInfo && place && debugInfo.locate(place)) ?? [];
    return chain.length === 0 ? undefined : { chain };
  }

  /** A line of source, without its indentation; undefined where the file is not at hand. */
  async sourceLine(location: SourceLocation): Promise<string | undefined> {
    const text = await this.sourceText(location.file);
    return text?.split("\n")[location.line - 1]?.trim();
  }

  async sourceText(file: string): Promise<string | undefined> {
    return this.context.readSource?.(file);
  }

  /** `FILE:LINE: TEXT` of the culprit's own line; nothing where it is not known. */
  async culpritLine(): Promise<string[]> {
    const source = await this.source(this.report.culprit);
    const location = source?.chain.at(-1);
    if (location === undefined || location.line === 0) return [];
    const text = await this.sourceLine(location);
    return [`${formatLocation(location)}${text === undefined ? "" : `: ${text}`}`];
  }
}

/** `hello.c:92`: the file's last part and the line. */
export function formatLocation({ file, line }: SourceLocation): string {
  return `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
}
