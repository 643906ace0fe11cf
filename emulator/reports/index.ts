export { oopsTitle } from "./oops-title.js";
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
export {
  findReports,
  type LogRecord,
  type ReportBeginning,
  ReportStream,
  type ReportStreamOptions,
} from "./report-stream.js";
