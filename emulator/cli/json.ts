import {
  type Autopsy,
  type AutopsyJson,
  autopsyJson,
  type CommandResult,
  type Freeze,
  type KernelRecord,
} from "../lab/index.js";
import type { TextSink } from "./streams.js";

/** A command of a run or of the course, as `--json` shows it. */
export interface StepJson {
  /** As it would be typed in the guest. */
  readonly command: string;
  readonly outcome: CommandResult["outcome"];
  /** Null when the command did not end by itself. */
  readonly exitCode: number | null;
  /** The name of the signal that ended it, `SIGSEGV`. */
  readonly signal: string | null;
  /** Bytes that are not UTF-8 are shown as U+FFFD. */
  readonly stdout: string;
  readonly stderr: string;
  /** Guest milliseconds. */
  readonly ms: number;
  /** Tasks that were asleep in state D when it ran into its time limit; absent of all others. */
  readonly blocked?: AutopsyJson["blocked"];
}

export interface KernelLogJson {
  /** Guest time since boot. */
  readonly seconds: number;
  /** 0 (emergency) to 7 (debug), as in syslog(2). */
  readonly level: number;
  readonly text: string;
}

export interface FreezeJson {
  readonly reason: Freeze["reason"];
  readonly guestMs: number;
  /** Hexadecimal, with 0x. */
  readonly instructionPointer: string;
  /** `function+0xoffset`, with ` [module]` behind it; null where it is in no function. */
  readonly symbol: string | null;
  /** What the guest showed when it was opened up; null where it could not be. */
  readonly autopsy: Omit<AutopsyJson, "holder"> | null;
  /** Who has the lock that it spins on; null where it spins on none. */
  readonly holder: AutopsyJson["holder"];
}

export function stepJson(command: string, result: CommandResult): StepJson {
  return {
    command,
    outcome: result.outcome,
    exitCode: result.outcome === "exited" ? result.exitCode : null,
    signal: result.outcome === "signaled" || result.outcome === "oops" ? result.signal : null,
    stdout: decode(result.stdout),
    stderr: decode(result.stderr),
    ms: roundMs(result.ms),
    ...(result.outcome === "timeout" &&
      result.autopsy && { blocked: autopsyJson(result.autopsy).blocked }),
  };
}

export function kernelLogJson(records: readonly KernelRecord[]): KernelLogJson[] {
  return records.map(({ seconds, level, text }) => ({ seconds, level, text }));
}

export function freezeJson(
  freeze: Freeze,
  symbol: string | undefined,
  opened: Autopsy | undefined,
): FreezeJson {
  const json = opened === undefined ? undefined : autopsyJson(opened);
  return {
    reason: freeze.reason,
    guestMs: roundMs(freeze.guestMs),
    instructionPointer: hexAddress(freeze.instructionPointer),
    symbol: symbol ?? null,
    autopsy: json === undefined ? null : withoutHolder(json),
    holder: json?.holder ?? null,
  };
}

function withoutHolder({ holder: _holder, ...autopsy }: AutopsyJson): Omit<AutopsyJson, "holder"> {
  return autopsy;
}

export function hexAddress(address: number): string {
  return `0x${address.toString(16)}`;
}

/** What `--json` prints: one document. */
export function printJson(sink: TextSink, document: unknown): void {
  sink.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** Microseconds are noise. */
export function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A byte order mark is text like any other. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
