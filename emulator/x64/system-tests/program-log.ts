/** The log that a program leaves (`programs/common.inc`): exceptions and notes. */

/** Behind an exception's vector. */
const FIELDS = [
  "error",
  "rip",
  "cs",
  "rflags",
  "rsp",
  "ss",
  "cr2",
  "dr6",
  "handlersRsp",
  "handlersSs",
] as const;

export type ExceptionField = (typeof FIELDS)[number];

export type LoggedException = { kind: "exception"; vector: number } & Record<
  ExceptionField,
  bigint
>;

export interface Note {
  kind: "note";
  number: number;
  value: bigint;
}

export type LogEntry = LoggedException | Note;

const FIRST_NOTE = 0x100n;

const NAMES = [
  ...["#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "9", "#TS", "#NP", "#SS"],
  ...["#GP", "#PF", "15", "#MF", "#AC", "#MC", "#XM"],
];

/** @param log hexadecimal numbers; zeros at its end may be missing */
export function parseLog(log: string): LogEntry[] {
  const entries: LogEntry[] = [];
  const words = log.split(" ");
  const word = (at: number) => BigInt(`0x${words[at] ?? "0"}`);
  for (let at = 0; at < words.length; ) {
    const first = word(at++);
    if (first >= FIRST_NOTE) {
      entries.push({ kind: "note", number: Number(first - FIRST_NOTE), value: word(at++) });
      continue;
    }
    const begin = at;
    const fields = FIELDS.map((field, index) => [field, word(begin + index)] as const);
    at += FIELDS.length;
    entries.push({
      kind: "exception",
      vector: Number(first),
      ...(Object.fromEntries(fields) as Record<ExceptionField, bigint>),
    });
  }
  return entries;
}

/** `#GP(0)` */
export function nameOf(exception: LoggedException): string {
  const name = NAMES[exception.vector] ?? `vector ${exception.vector}`;
  return `${name}(${exception.error.toString(16)})`;
}

/** One line for each entry, for people. */
export function describeEntry(entry: LogEntry): string {
  if (entry.kind === "note") return `note ${entry.number}: ${entry.value.toString(16)}`;
  const fields = FIELDS.slice(1).map((field) => `${field} ${entry[field].toString(16)}`);
  return `${nameOf(entry)} ${fields.join(", ")}`;
}
