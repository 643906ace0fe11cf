import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FAMILIES } from "./kinds/index.js";
import { findReports, ReportStream } from "./report-stream.js";

/** Processor time, so that a busy machine does not fail the test. */
function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Mulberry32: the same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CORPUS = join(import.meta.dirname, "corpus");
const FIRST_LINES = FAMILIES.flatMap(({ firstLines }) =>
  firstLines.flatMap(({ starts }) => starts),
);

function corpusFiles(): string[] {
  return readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .sort()
    .map((name) => join(CORPUS, name));
}

describe("hostile input", () => {
  it("survives random bytes", () => {
    const next = random(1);
    for (let round = 0; round < 40; round++) {
      const bytes = Uint8Array.from({ length: 20_000 }, () => next() * 256);
      findReports(new TextDecoder("latin1").decode(bytes));
      findReports(new TextDecoder().decode(bytes));
    }
  });

  it("survives reports of which bytes are changed, and lines are swapped, cut and repeated", () => {
    const next = random(2);
    const at = (length: number): number => Math.floor(next() * length);
    for (const file of corpusFiles()) {
      const lines = readFileSync(file, "utf8").split("\n");
      for (let change = 0; change < 20; change++) {
        const line = lines[at(lines.length)] ?? "";
        const index = at(lines.length);
        const choice = at(4);
        if (choice === 0) lines[index] = line;
        else if (choice === 1) lines[index] = (lines[index] ?? "").slice(at(80));
        else if (choice === 2) lines.splice(index, 1);
        else
          lines[index] =
            `${line.slice(0, at(60))}${String.fromCharCode(at(256))}${line.slice(at(60))}`;
      }
      const log = lines.join("\n");
      for (const report of findReports(log)) {
        expect(report.lines[0]).toBeGreaterThan(0);
        expect(report.lines[1]).toBeGreaterThanOrEqual(report.lines[0]);
        expect(report.lines[1]).toBeLessThanOrEqual(log.split("\n").length);
        expect(report.text.length).toBeGreaterThan(0);
      }
    }
  });

  it("takes no long for lines that make expressions backtrack", () => {
    const pieces = [
      "}",
      " ",
      "} ",
      "a ",
      ":1 ",
      "(",
      "0x",
      "[<",
      "+0x1/0x2 ",
      "f ",
      "ab ",
      "/1 ",
      "at: ",
      "\t",
    ];
    const openers = [
      "BUG: KASAN: use-after-free in f",
      "WARNING: possible circular locking dependency detected",
    ];
    for (const opener of openers) {
      for (const piece of pieces) {
        const bomb = piece.repeat(Math.ceil(20_000 / piece.length));
        const bombs = [
          bomb,
          `RIP: 0010:${bomb}`,
          `task:${bomb}`,
          `CPU: 0 PID: 1 Comm: ${bomb}`,
          `a${bomb}`,
          `[<ffffffff81000000>] ${bomb}`,
        ];
        const spent = cpuMs(() => findReports([opener, ...bombs].join("\n")));
        expect(spent, `${opener} and ${JSON.stringify(piece)}`).toBeLessThan(1500);
      }
    }
  });

  it("takes no long for first lines with an endless rest, alone or one after the other", () => {
    for (const start of FIRST_LINES.map((start) => start.replace("*", "a "))) {
      const rests = [" ", "a", "1", "[", " a", "/", ":"].map(
        (piece) => `${start}${piece.repeat(8000)}`,
      );
      const spent = cpuMs(() => findReports(rests.join("\n")));
      expect(spent, start).toBeLessThan(1500);
    }
    const many = FIRST_LINES.join("\n");
    expect(cpuMs(() => findReports(`${many}\n`.repeat(200)))).toBeLessThan(20_000);
  });

  it("keeps little of a line without an end", () => {
    const stream = new ReportStream();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 2000; round++) stream.push("BUG: kernel NULL ".repeat(4000));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6);
    stream.push("\n[    1.000000] kernel BUG at mm/slub.c:1!\n");
    expect(stream.end().map(({ kind }) => kind)).toContain("bug");
  });

  it("cuts a report without an end, and says so", () => {
    const stream = new ReportStream();
    const reports = stream.push(
      "[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000\n",
    );
    reports.push(...stream.push("[    1.000001] Call Trace:\n"));
    const frames = "[    1.000002]  vfs_write+0xa5/0x1a0\n".repeat(1000);
    for (let round = 0; round < 200; round++) reports.push(...stream.push(frames));
    reports.push(...stream.end());
    expect(reports).toHaveLength(1);
    expect(reports[0]?.corrupted).toMatch(/longer than any report/);
    expect(reports[0]?.frames.length).toBeLessThan(10_000);
  });

  it("reads a report that is cut behind any of its lines", () => {
    for (const file of corpusFiles().filter((_, index) => index % 9 === 0)) {
      const lines = readFileSync(file, "utf8").split("\n").slice(0, 150);
      for (let count = 0; count < lines.length; count++) {
        findReports(lines.slice(0, count).join("\n"));
        findReports(lines.slice(count).join("\n"));
      }
    }
  });

  it("streams a healthy log at more than 20 MB/s", () => {
    const lines = [
      "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
      "WARNING: this driver is old",
      "Freeing unused kernel image (initmem) memory: 2432K",
      "Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet panic=10",
    ].map(
      (text, index) =>
        `Oct 21 22:09:08 debian kernel: [${(index + 10.5).toFixed(6).padStart(12)}] ${text}\n`,
    );
    const chunk = lines.join("").repeat(250);
    const stream = new ReportStream();
    const rounds = Math.ceil(40e6 / chunk.length);
    const spent = cpuMs(() => {
      for (let round = 0; round < rounds; round++) expect(stream.push(chunk)).toEqual([]);
    });
    expect((rounds * chunk.length) / 1000 / spent, "MB/s").toBeGreaterThan(20);
  });
});
