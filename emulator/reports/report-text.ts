import type { SourceLocation } from "../debuginfo/debug-info.js";
import { relativeToKernelTree } from "../debuginfo/kernel-tree-path.js";
import type { DecodedFrame, DecodedReport } from "./decode.js";
import { formatListing, type ListingRow } from "./disassembly/index.js";
import { formatFrame, type Report } from "./report.js";
import type { SourceExcerpt } from "./source-excerpt.js";
import { visible, wrapProse } from "./text-layout.js";

/** Puts a look on a piece of text, where there is a way to show it. */
export type ReportStyle = (look: "bold" | "dim" | "red" | "yellow", text: string) => string;

const PLAIN: ReportStyle = (_look, text) => text;

/** The width of our own prose, on every terminal and in a pipe. */
const PROSE_WIDTH = 80;
/** Where the source positions of frames begin, unless a frame is longer. */
const SOURCE_COLUMN = 46;
const REGISTERS_IN_A_LINE = 4;

/**
 * A decoded report as lines for a person. What comes from the log is shown with its control
 * characters made visible.
 */
export function reportLines(decoded: DecodedReport, style: ReportStyle = PLAIN): string[] {
  const { report, explanation, culprit } = decoded;
  const { title, message, corrupted } = report;
  return [
    style("bold", style("red", visible(title))),
    ...(message === title ? [] : [visible(message)]),
    style("dim", visible(circumstances(report).join(" · "))),
    ...(corrupted === undefined ? [] : prose(`Incomplete: ${corrupted}`, style, "yellow")),
    "",
    ...prose(explanation.sentence, style),
    ...explanation.evidence.filter((line) => line !== message).map((line) => `  ${visible(line)}`),
    ...traceLines(decoded.frames, culprit, style),
    ...(decoded.excerpt === undefined ? [] : ["", ...excerptLines(decoded.excerpt, style)]),
    ...listingLines("Code at the instruction pointer", decoded.trapListing, style),
    ...listingLines(
      `Code of ${culprit?.frame.symbol ?? "the culprit"}`,
      decoded.culpritListing,
      style,
    ),
    ...registerLines(report, style),
  ];
}

/** The gist of a report: what it means, and the culprit's place in the source. */
export function reportSummary(decoded: DecodedReport, style: ReportStyle = PLAIN): string[] {
  const { explanation, culprit, excerpt } = decoded;
  return [
    ...prose(explanation.sentence, style),
    ...(culprit === undefined ? [] : ["", ...frameLines(culprit, true, style)]),
    ...(excerpt === undefined ? [] : ["", ...excerptLines(excerpt, style)]),
  ];
}

/** A report in two or three plain sentences, for a place where there is no room for more. */
export function reportNotice({ report, explanation, culprit }: DecodedReport): string[] {
  const own = culprit?.locations.at(-1);
  return [
    visible(report.title),
    visible(explanation.sentence),
    ...(culprit === undefined || own === undefined
      ? []
      : [`${visible(formatFrame(culprit.frame))} is ${formatLocation(own)}.`]),
  ];
}

/** When, where and in which kernel a report was made: a few words each. */
export function circumstances({ seconds, cpu, comm, pid, kernel, arch, taint }: Report): string[] {
  return [
    ...(seconds === undefined ? [] : [`${seconds.toFixed(3)} s after boot`]),
    ...(cpu === undefined ? [] : [`CPU ${cpu}`]),
    ...(comm === undefined ? [] : [pid === undefined ? comm : `${comm} (pid ${pid})`]),
    ...(kernel === undefined ? [] : [`Linux ${kernel}`]),
    ...(arch === undefined ? [] : [arch]),
    ...(taint.length === 0
      ? []
      : [`tainted: ${taint.map(({ letter, meaning }) => `${letter} (${meaning})`).join(", ")}`]),
  ];
}

/** Each trace under its heading, the frames that are only perhaps there in the quiet look. */
export function traceLines(
  frames: readonly DecodedFrame[],
  culprit: DecodedFrame | undefined,
  style: ReportStyle = PLAIN,
): string[] {
  const lines: string[] = [];
  let heading: string | undefined;
  for (const decoded of frames) {
    const { trace, stack } = decoded.frame;
    const now = `${trace === "call" ? "Trace" : trace}${stack === "task" ? "" : `, on the ${stack} stack`}`;
    if (now !== heading) lines.push("", style("bold", visible(`${now}:`)));
    heading = now;
    lines.push(...frameLines(decoded, decoded === culprit, style));
  }
  return lines;
}

/** The frame with its source position; where calls were inlined, one line for each below it. */
function frameLines(
  { frame, locations }: DecodedFrame,
  isCulprit: boolean,
  style: ReportStyle,
): string[] {
  const name = `${isCulprit ? "➤ " : "  "}${frame.sure ? "" : "? "}${visible(formatFrame(frame))}`;
  const own = locations.at(-1);
  const position = own === undefined ? "" : formatLocation(own);
  const padded = position === "" ? name : `${name.padEnd(SOURCE_COLUMN)} ${position}`;
  const look = isCulprit ? "bold" : frame.sure ? undefined : "dim";
  const inlined = locations.slice(0, -1).reverse();
  return [
    look === undefined ? padded : style(look, padded),
    ...inlined.map((location) => {
      const call = `    └ ${visible(location.function)}() inlined`;
      return style("dim", `${call.padEnd(SOURCE_COLUMN)} ${formatLocation(location)}`);
    }),
  ];
}

/** `mm/usercopy.c:101:2`, a file of the kernel's from the top of its tree. */
export function formatLocation({ file, line, column }: SourceLocation): string {
  // Code that belongs to no line can have a column all the same, which says nothing by itself.
  const numbers = line > 0 ? [line, column].filter((number) => number > 0) : [];
  return visible([relativeToKernelTree(file), ...numbers].join(":"));
}

function excerptLines(excerpt: SourceExcerpt, style: ReportStyle): string[] {
  return [
    style("bold", visible(`${relativeToKernelTree(excerpt.file)}:`)),
    ...excerptRows(excerpt, style),
  ];
}

/** The lines of an excerpt with their numbers, the marked one with an arrow in front. */
export function excerptRows(
  { firstLine, markedLine, lines }: SourceExcerpt,
  style: ReportStyle = PLAIN,
): string[] {
  const width = String(firstLine + lines.length - 1).length;
  return lines.map((text, index) => {
    const number = firstLine + index;
    const mark = number === markedLine ? "➤" : " ";
    const line = `${mark} ${String(number).padStart(width)}  ${visible(text)}`.trimEnd();
    return number === markedLine ? style("bold", line) : line;
  });
}

function listingLines(title: string, rows: readonly ListingRow[], style: ReportStyle): string[] {
  if (rows.length === 0) return [];
  const lines = formatListing(rows).map((line, index) => {
    const row = rows[index];
    if (row?.kind === "instruction")
      return row.trapping ? style("bold", visible(line)) : visible(line);
    return style("dim", visible(line));
  });
  return ["", style("bold", visible(`${title}:`)), ...lines];
}

function registerLines({ registers, arch }: Report, style: ReportStyle): string[] {
  if (registers.size === 0) return [];
  const digits = arch === "x86-64" ? 16 : 8;
  const cells = [...registers].map(
    ([name, value]) => `${name.padStart(6)} ${value.toString(16).padStart(digits, "0")}`,
  );
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += REGISTERS_IN_A_LINE) {
    lines.push(cells.slice(at, at + REGISTERS_IN_A_LINE).join("  "));
  }
  return ["", style("bold", "Registers:"), ...lines];
}

/** A sentence in our own width. */
export function prose(
  text: string,
  style: ReportStyle = PLAIN,
  look?: Parameters<ReportStyle>[0],
): string[] {
  return wrapProse(visible(text), PROSE_WIDTH).map((line) =>
    look === undefined ? line : style(look, line),
  );
}
