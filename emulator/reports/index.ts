export {
  type DecodeContext,
  type DecodedFrame,
  type DecodedReport,
  decodeReport,
} from "./decode.js";
export * from "./disassembly/index.js";
export type { Explanation } from "./explain/index.js";
export { type Fit, fitOf, framePlace } from "./frame-place.js";
export { isOops } from "./oops.js";
export {
  type CodeBytes,
  type Frame,
  formatFrame,
  REPORT_KINDS,
  type Report,
  type ReportArch,
  type ReportKind,
  type Taint,
} from "./report.js";
export { type FrameJson, frameJson, type ReportJson, reportJson } from "./report-json.js";
export {
  findReports,
  type LogRecord,
  type ReportBeginning,
  ReportStream,
  type ReportStreamOptions,
} from "./report-stream.js";
export {
  circumstances,
  formatLocation,
  type ReportStyle,
  reportLines,
  reportNotice,
  reportSummary,
} from "./report-text.js";
export { excerptOf, type SourceExcerpt } from "./source-excerpt.js";
export { visible, wrapProse } from "./text-layout.js";
