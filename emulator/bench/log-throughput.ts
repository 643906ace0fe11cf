import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ReportStream } from "../lab/index.js";

const CORPUS = fileURLToPath(new URL("../reports/corpus", import.meta.url));
const HEALTHY = "healthy";
/** What a serial console of a busy machine writes in some weeks. */
const LOG_BYTES = 100 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** One report in so many healthy logs. */
const HEALTHY_LOGS_PER_REPORT = 50;

export interface LogThroughput {
  /** Bytes of the log, each a character. */
  readonly bytes: number;
  readonly reports: number;
  readonly findMs: number;
  /** What it takes to look at each of its lines and do nothing. */
  readonly splitMs: number;
}

/** The labelled logs of a kind of report, or of all kinds; `healthy` ones have none. */
export function corpusLogs(kind = ""): string[] {
  return readdirSync(join(CORPUS, kind), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .sort()
    .map((name) => readFileSync(join(CORPUS, kind, name), "latin1"));
}

/** Streams a long log through the report finder, and once more through a loop over its lines. */
export function measureLogThroughput(): LogThroughput {
  const pieces = longLog();
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let start = performance.now();
  const stream = new ReportStream();
  let reports = 0;
  for (const piece of pieces) reports += stream.push(piece).length;
  reports += stream.end().length;
  const findMs = performance.now() - start;

  start = performance.now();
  let lines = 0;
  for (const piece of pieces) {
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", at + 1)) lines++;
  }
  const splitMs = performance.now() - start;
  if (lines === 0) throw new Error("The log has no lines.");
  return { bytes, reports, findMs, splitMs };
}

/** Healthy logs over and over, with a report now and then, in pieces as a file is read. */
function longLog(): string[] {
  const healthy = corpusLogs(HEALTHY);
  const crashes = corpusLogs("null-dereference");
  const pieces: string[] = [];
  let piece = "";
  let bytes = 0;
  for (let count = 0; bytes < LOG_BYTES; count++) {
    const log =
      count % HEALTHY_LOGS_PER_REPORT === HEALTHY_LOGS_PER_REPORT - 1
        ? crashes[Math.floor(count / HEALTHY_LOGS_PER_REPORT) % crashes.length]
        : healthy[count % healthy.length];
    if (log === undefined) throw new Error("The corpus has no logs.");
    piece += log;
    bytes += log.length;
    if (piece.length >= PIECE_BYTES) {
      pieces.push(piece);
      piece = "";
    }
  }
  return [...pieces, piece];
}
