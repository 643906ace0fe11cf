import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatFrame, REPORT_KINDS, type Report } from "./report.js";
import { findReports, ReportStream } from "./report-stream.js";

/** What a label says of a report; what is absent is not compared. */
interface Label {
  readonly kind: string;
  readonly title: string;
  /** As the kernel writes a frame, or a symbol alone. */
  readonly culprit: string | null;
  readonly corrupted: boolean;
  readonly arch?: string | null;
  readonly comm?: string | null;
  readonly pid?: number | null;
  readonly cpu?: number | null;
}

const CORPUS = join(import.meta.dirname, "corpus");
const LOGS = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".log"))
  .sort();

function labelsOf(name: string): readonly Label[] {
  const file = join(CORPUS, name.replace(/\.log$/, ".json"));
  // Healthy logs have no label.
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).reports : [];
}

/** The report in the form of its label. */
function labelOf(report: Report, label: Label | undefined): Record<string, unknown> {
  const { kind, title, culprit, corrupted } = report;
  const place = culprit === undefined ? null : formatFrame(culprit);
  const symbolOnly = label?.culprit !== null && label?.culprit?.includes("+") === false;
  const compared = (["arch", "comm", "pid", "cpu"] as const).filter((key) => label?.[key] != null);
  return {
    kind,
    title,
    culprit: symbolOnly ? (culprit?.symbol ?? null) : place,
    corrupted: corrupted !== undefined,
    ...Object.fromEntries(compared.map((key) => [key, report[key]])),
  };
}

function expectLabels(reports: readonly Report[], labels: readonly Label[]): void {
  const found = reports.map((report, index) => labelOf(report, labels[index]));
  const wanted = labels.map(({ kind, title, culprit, corrupted, arch, comm, pid, cpu }) => ({
    kind,
    title,
    culprit,
    corrupted,
    ...(arch == null ? {} : { arch }),
    ...(comm == null ? {} : { comm }),
    ...(pid == null ? {} : { pid }),
    ...(cpu == null ? {} : { cpu }),
  }));
  expect(found).toEqual(wanted);
}

/** A stream gives reports when they are over, whichever began first. */
const inOrder = (reports: readonly Report[]): Report[] =>
  [...reports].sort((a, b) => a.lines[0] - b.lines[0]);

/** Pieces of lengths that cut lines, prefixes and words wherever they can. */
function pieces(log: string): string[] {
  const lengths = [1, 7, 64, 3, 1000, 13];
  const cut: string[] = [];
  for (let at = 0, turn = 0; at < log.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    cut.push(log.slice(at, at + length));
    at += length;
  }
  return cut;
}

/** A line of the kernel's own console: its time, a caller perhaps, and the message. */
const CONSOLE_LINE = /^\[ *(\d+\.\d{6})\](?: ?\[ *([TC]\d+)\])? ?(.*)$/;

/** Whether every line is one of the console, so that other prefixes can go before it. */
function isPlainConsole(log: string): boolean {
  const lines = log.split("\n").filter((line) => line !== "");
  return lines.every((line) => CONSOLE_LINE.test(line) && !/^\[ *\S+ \S+ kernel: /.test(line));
}

const hasCallers = (log: string): boolean => /^\[ *\d+\.\d{6}\] ?\[ *[TC]\d+\]/m.test(log);

const mapLines = (log: string, change: (line: string) => string): string =>
  log
    .split("\n")
    .map((line) => (line === "" ? line : change(line)))
    .join("\n");

describe("the corpus", () => {
  it("holds several logs of each kind, and healthy ones", () => {
    const folders = LOGS.map((name) => name.split(/[\\/]/)[0]);
    for (const kind of [...REPORT_KINDS, "healthy"]) {
      expect(folders.filter((folder) => folder === kind).length, kind).toBeGreaterThan(1);
    }
  });

  describe.each(LOGS)("%s", (name) => {
    const log = readFileSync(join(CORPUS, name), "utf8");
    const labels = labelsOf(name);

    it("has the reports that its label says", () => {
      expectLabels(findReports(log), labels);
    });

    it("has them with every line ended as by DOS, in pieces, quoted, and in colours", () => {
      expectLabels(findReports(log.replaceAll("\n", "\r\n")), labels);

      const stream = new ReportStream();
      const reports = pieces(log).flatMap((piece) => stream.push(piece));
      expectLabels(inOrder([...reports, ...stream.end()]), labels);

      expectLabels(findReports(mapLines(log, (line) => `> ${line}`)), labels);
      expectLabels(findReports(mapLines(log, (line) => `    ${line}`)), labels);
      expectLabels(findReports(mapLines(log, (line) => `\u001b[31m${line}\u001b[0m`)), labels);
    });

    if (!isPlainConsole(log)) return;

    it("has them as records", () => {
      const stream = new ReportStream();
      const reports = log.split("\n").flatMap((line) => {
        const match = CONSOLE_LINE.exec(line);
        if (match === null) return [];
        const [, seconds, caller, text = ""] = match;
        return stream.push({
          text,
          seconds: Number(seconds),
          level: 4,
          facility: 0,
          ...(caller === undefined ? {} : { caller }),
        });
      });
      expectLabels(inOrder([...reports, ...stream.end()]), labels);
    });

    if (hasCallers(log)) return;

    it("has them behind other prefixes", () => {
      expectLabels(findReports(mapLines(log, (line) => `<4>${line}`)), labels);
      const journal = mapLines(log, (line) => {
        const message = line.replace(/^\[ *\d+\.\d{6}\] ?/, "");
        return `Oct 21 22:09:08 buster kernel: ${message}`;
      });
      expectLabels(findReports(journal), labels);
      const syslog = mapLines(log, (line) => `Oct 21 22:09:08 buster kernel: ${line}`);
      expectLabels(findReports(syslog), labels);
      const iso = mapLines(
        log,
        (line) => `2020-10-21T22:09:08.123456+02:00 buster kernel: ${line}`,
      );
      expectLabels(findReports(iso), labels);
      const human = mapLines(log, (line) =>
        line.replace(/^\[ *\d+\.\d{6}\](\[ *[TC]\d+\])?/, "[Wed Oct 21 22:09:08 2020]"),
      );
      expectLabels(findReports(human), labels);
    });
  });
});
