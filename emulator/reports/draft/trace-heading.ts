/** What a line says about the trace that follows it. */
export interface TraceHeading {
  /** In lower case, without what differs from one report to the next. */
  readonly name: string;
  /** A `Call Trace:` may follow that belongs under this heading. */
  readonly spansCallTrace: boolean;
}

const CALL_TRACE = /^\s*Call [Tt]race:/;
/** Headings that are followed by lines of their own before the `Call Trace:`. */
const SECTION =
  /^\s*(?:rcu: )?(stack backtrace:|NMI backtrace for cpu \d{1,5}|RCU grace-period kthread stack dump:|Stack dump where RCU GP kthread last ran:|Showing backtraces of running workers)/;
const SLUB_TRACK = /^\s*(?:INFO: )?(Allocated|Freed) in \S/;
const PAGE_OWNER = /^page (last allocated|last free|allocated) (?:via|pid|stack trace)/;
/** Everything else ends with a colon. */
const MOST_CHARACTERS = 200;
/** Where in a heading the particulars begin. */
const PARTICULARS =
  /(?: by (?:task|interrupt)|: PID = | (?:to|at|of) (?:0x)?[0-9a-f]{8,16}\b| on cpu \d| \(|, age=).*$/;

/** Reads the heading of a trace; undefined where the line is none. */
export function readTraceHeading(text: string): TraceHeading | undefined {
  if (CALL_TRACE.test(text)) return { name: "call", spansCallTrace: false };
  const section = SECTION.exec(text)?.[1];
  if (section !== undefined) return { name: clean(section), spansCallTrace: true };
  const track = SLUB_TRACK.exec(text)?.[1];
  if (track !== undefined) return { name: track.toLowerCase(), spansCallTrace: false };
  const owner = PAGE_OWNER.exec(text)?.[1];
  if (owner !== undefined) return { name: `page ${owner}`, spansCallTrace: false };
  if (text.length > MOST_CHARACTERS || !text.endsWith(":")) return undefined;
  return { name: clean(text), spansCallTrace: false };
}

function clean(heading: string): string {
  return heading
    .trim()
    .replace(PARTICULARS, "")
    .replace(/^\.\.\. /, "")
    .replace(/(?: at)?:$/, "")
    .toLowerCase();
}
