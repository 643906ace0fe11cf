import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type DecodedReport, decodeReport } from "./decode.js";
import { findReports } from "./report-stream.js";
import { formatLocation, reportLines, reportNotice, reportSummary } from "./report-text.js";

let decoded: DecodedReport;

beforeAll(async () => {
  // The course's own paste of a session on a 64-bit kernel.
  const log = await readFile(new URL("corpus/usercopy/course-4.19.log", import.meta.url), "utf8");
  const [report] = findReports(log);
  if (report === undefined) throw new Error("The course's log holds a report.");
  decoded = await decodeReport(report, {});
  const write = decoded.frames.find(({ frame }) => frame.symbol === "hello_write");
  if (write === undefined) throw new Error("The course's trace leads through hello_write.");
  // What the course's gdb session says of hello_write+0x35.
  const place = {
    frame: write.frame,
    locations: [
      {
        function: "copy_from_user",
        file: "/usr/src/linux-4.19/./include/linux/uaccess.h",
        line: 147,
        column: 0,
      },
      { function: "hello_write", file: "/home/student/hello.c", line: 57, column: 6 },
    ],
  };
  decoded = {
    ...decoded,
    frames: decoded.frames.map((one) => (one === write ? place : one)),
    culprit: place,
  };
});

describe("a report as text", () => {
  it("marks the culprit, and shows what was inlined into it below", () => {
    const lines = reportLines(decoded);
    const at = lines.findIndex((line) => line.startsWith("➤ hello_write+0x35/0x60 [hello]"));
    expect(lines[at]).toMatch(/ \/home\/student\/hello\.c:57:6$/);
    expect(lines[at + 1]).toMatch(
      /^ +└ copy_from_user\(\) inlined +include\/linux\/uaccess\.h:147$/,
    );
  });

  it("begins with the title, and has the kernel's own sentence", () => {
    const lines = reportLines(decoded);
    expect(lines[0]).toBe(decoded.report.title);
    expect(lines.join("\n")).toContain("Kernel memory overwrite attempt detected to null address");
  });

  it("gives each look to the style that it is asked to use", () => {
    const lines = reportLines(decoded, (look, text) => `<${look}>${text}</${look}>`);
    expect(lines[0]).toBe(`<bold><red>${decoded.report.title}</red></bold>`);
  });

  it("says the gist in few lines", () => {
    expect(reportSummary(decoded).length).toBeLessThan(reportLines(decoded).length);
    expect(reportNotice(decoded).at(-1)).toBe(
      "hello_write+0x35/0x60 [hello] is /home/student/hello.c:57:6.",
    );
  });
});

describe("a place in the source", () => {
  const file = "/usr/src/linux-source-6.1/./include/linux/spinlock.h";

  it("is the file, the line and the column, as far as they are known", () => {
    const place = (line: number, column: number) =>
      formatLocation({ function: "spin_lock", file, line, column });
    expect(place(351, 2)).toBe("include/linux/spinlock.h:351:2");
    expect(place(351, 0)).toBe("include/linux/spinlock.h:351");
    expect(place(0, 2)).toBe("include/linux/spinlock.h");
  });
});
