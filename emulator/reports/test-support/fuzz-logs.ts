import { cpuTime } from "../../debuginfo/test-support/cpu-time.js";
import type { Random } from "../../debuginfo/test-support/fuzz.js";
import { decodeReport } from "../decode.js";
import type { Report } from "../report.js";
import { ReportStream } from "../report-stream.js";

/** A log that was not dealt with as it should. */
export interface LogFuzzFailure {
  readonly log: string;
  readonly problem: string;
}

export interface LogFuzzResult {
  /** Logs tried. */
  readonly inputs: number;
  readonly bytes: number;
  /** Found in them. */
  readonly reports: number;
  /** Processor time. */
  readonly slowestMs: number;
  readonly failures: readonly LogFuzzFailure[];
}

/** Processor time that a log of some 100 KB may take. */
const LONGEST_MS = 2000;
const MOST_FAILURES = 10;
const LONGEST_LOG = 200_000;

/**
 * Reads damaged variants of logs until a point in time: nothing may be thrown, nothing may take
 * long, and it must not matter in which pieces a log comes.
 * @param deadline as performance.now() counts, in milliseconds.
 */
export async function fuzzLogs(
  seeds: readonly string[],
  random: Random,
  deadline: number,
): Promise<LogFuzzResult> {
  const failures: LogFuzzFailure[] = [];
  let inputs = 0;
  let bytes = 0;
  let found = 0;
  let slowestMs = 0;
  while (performance.now() < deadline && failures.length < MOST_FAILURES) {
    const log = damaged(seeds, random);
    inputs++;
    bytes += log.length;
    try {
      const start = cpuTime();
      const whole = read([log]);
      const took = cpuTime() - start;
      slowestMs = Math.max(slowestMs, took);
      if (took > LONGEST_MS) failures.push({ log, problem: `took ${Math.round(took)} ms` });
      found += whole.length;
      const pieces = summary(read(cutInPieces(log, random)));
      if (summary(whole) !== pieces) {
        failures.push({ log, problem: `in pieces:\n${pieces}\nas a whole:\n${summary(whole)}` });
      }
      for (const report of whole) await decodeReport(report, {});
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      failures.push({ log, problem });
    }
  }
  return { inputs, bytes, reports: found, slowestMs, failures };
}

function read(pieces: readonly string[]): Report[] {
  const stream = new ReportStream();
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end()];
}

function summary(reports: readonly Report[]): string {
  return reports
    .map(({ title, lines, corrupted, frames }) =>
      [title, lines.join("-"), corrupted, frames.length].join(" | "),
    )
    .join("\n");
}

function cutInPieces(log: string, random: Random): string[] {
  const pieces: string[] = [];
  const longest = 1 + Math.floor(random() ** 3 * 4000);
  for (let at = 0; at < log.length; ) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(log.slice(at, at + length));
    at += length;
  }
  return pieces;
}

function damaged(seeds: readonly string[], random: Random): string {
  let lines = pick(seeds, random).split("\n");
  const steps = 1 + Math.floor(random() ** 2 * 12);
  for (let step = 0; step < steps; step++) {
    lines = bounded(pick(DAMAGES, random)(lines, random, seeds));
  }
  return lines.join(pick(NEWLINES, random)).slice(0, LONGEST_LOG);
}

/** What is repeated over and over must not fill the memory. */
function bounded(lines: string[]): string[] {
  let length = 0;
  const kept: string[] = [];
  for (const line of lines) {
    const cut = line.slice(0, LONGEST_LOG - length);
    kept.push(cut);
    length += cut.length + 1;
    if (length >= LONGEST_LOG) break;
  }
  return kept;
}

const NEWLINES = ["\n", "\n", "\n", "\n", "\r\n", "\n\n", "\r", " "];

type Damage = (lines: string[], random: Random, seeds: readonly string[]) => string[];

const DAMAGES: readonly Damage[] = [
  (lines, random) => lines.toSpliced(index(lines, random), 1 + Math.floor(random() ** 3 * 20)),
  (lines, random) => lines.slice(index(lines, random)),
  (lines, random) => lines.slice(0, index(lines, random) + 1),
  repeatLine,
  interleave,
  (lines, random) => changeLine(lines, random, (line) => cutLine(line, random)),
  (lines, random) => changeLine(lines, random, (line) => insertNoise(line, random)),
  (lines, random) => changeLine(lines, random, (line) => line.repeat(1 + random() ** 4 * 400)),
  joinLines,
  (lines, random) =>
    lines.map((line) => (random() < 0.1 ? `${pick(PREFIXES, random)}${line}` : line)),
];

const PREFIXES = [
  "> ",
  "<4>",
  "[    1.000000] ",
  "[    2.000000][  T12] ",
  "[C0] ",
  " kernel:",
  "Oct 21 22:09:08 host kernel: ",
  "\x1b[31m",
  "\t",
  "** 12 printk messages dropped **\n",
];

function repeatLine(lines: string[], random: Random): string[] {
  const at = index(lines, random);
  const line = lines[at] ?? "";
  return lines.toSpliced(at, 0, ...Array<string>(Math.floor(random() ** 4 * 2000)).fill(line));
}

/** Another log's lines between those of this one. */
function interleave(lines: string[], random: Random, seeds: readonly string[]): string[] {
  const other = pick(seeds, random).split("\n");
  let at = index(lines, random);
  return [
    ...lines.slice(0, at),
    ...other.flatMap((line) => (random() < 0.5 ? [line, lines[at++] ?? ""] : [line])),
    ...lines.slice(at),
  ];
}

function changeLine(lines: string[], random: Random, change: (line: string) => string): string[] {
  const at = index(lines, random);
  return lines.length === 0 ? lines : lines.with(at, change(lines[at] ?? ""));
}

function cutLine(line: string, random: Random): string {
  const at = Math.floor(random() * line.length);
  return random() < 0.5 ? line.slice(at) : `${line.slice(0, at)}\n${line.slice(at)}`;
}

function insertNoise(line: string, random: Random): string {
  const at = Math.floor(random() * line.length);
  const noise = Array.from({ length: 1 + Math.floor(random() ** 3 * 200) }, () =>
    String.fromCharCode(Math.floor(random() * (random() < 0.8 ? 128 : 0x3000))),
  );
  return line.slice(0, at) + noise.join("") + line.slice(at);
}

function joinLines(lines: string[], random: Random): string[] {
  const at = index(lines, random);
  const count = 2 + Math.floor(random() ** 3 * 50);
  return lines.toSpliced(at, count, lines.slice(at, at + count).join(""));
}

function index(lines: readonly string[], random: Random): number {
  return Math.min(Math.floor(random() * lines.length), Math.max(0, lines.length - 1));
}

function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error("There is nothing to choose from.");
  return choice;
}
