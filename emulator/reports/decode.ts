import type { SourceLocation } from "../debuginfo/debug-info.js";
import { type Disassembler, type ListingRow, listFrame, listTrap } from "./disassembly/index.js";
import { type ExplainContext, type Explanation, explain } from "./explain/index.js";
import { framePlace } from "./frame-place.js";
import type { Frame, Report } from "./report.js";
import { excerptOf, type SourceExcerpt } from "./source-excerpt.js";

/** Where a frame is in the source. */
export interface DecodedFrame {
  readonly frame: Frame;
  /** The inline chain, innermost first; empty where there is no debug information for it. */
  readonly locations: readonly SourceLocation[];
}

/** A report with all that debug information and sources add to it. */
export interface DecodedReport {
  readonly report: Report;
  readonly explanation: Explanation;
  /** The report's frames, in its order. */
  readonly frames: readonly DecodedFrame[];
  readonly culprit: DecodedFrame | undefined;
  /** The lines around the culprit's own; undefined where its source is not at hand. */
  readonly excerpt: SourceExcerpt | undefined;
  /** The code around the instruction pointer; empty where the report shows none. */
  readonly trapListing: readonly ListingRow[];
  /** The code around the culprit's call, where that is another place and its file is at hand. */
  readonly culpritListing: readonly ListingRow[];
}

/** What reports are decoded with. All of it may be missing: then less is said. */
export interface DecodeContext extends ExplainContext {
  readonly disassembler?: Disassembler | undefined;
}

/** Finds what a report's frames are in the source, lists the code, and explains the report. */
export async function decodeReport(report: Report, context: DecodeContext): Promise<DecodedReport> {
  const frames = await Promise.all(report.frames.map((frame) => decodeFrame(frame, context)));
  const culprit = frames.find(({ frame }) => frame === report.culprit);
  const location = culprit?.locations.at(-1);
  const isTrap = culprit?.frame.role === "instruction";
  const { disassembler } = context;
  return {
    report,
    explanation: await explain(report, context),
    frames,
    culprit,
    excerpt: location && excerptOf(location, await context.readSource?.(location.file)),
    trapListing: disassembler === undefined ? [] : await listTrap(report, disassembler, context),
    culpritListing:
      disassembler === undefined || culprit === undefined || isTrap
        ? []
        : await listFrame(culprit.frame, disassembler, context),
  };
}

async function decodeFrame(frame: Frame, context: DecodeContext): Promise<DecodedFrame> {
  const info = await context.debugInfo?.(frame.module);
  const place = info && framePlace(info, frame);
  return { frame, locations: info && place ? info.locate(place) : [] };
}
