/** How bad it is, in clang's words. */
export type Severity = "fatal error" | "error" | "warning" | "remark" | "note";

/** One message of the compiler, without the lines of source that it shows. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  /** Names that may have been meant in the place of one that there is not. */
  readonly suggestions?: readonly string[];
  /** What helps against it, where that is not in the message. */
  readonly advice?: string;
  /** The option that the message ends with, such as `-Wunused-variable`. */
  readonly option?: string;
  /** Where it is: absent for a message about no place in a file. */
  readonly place?: {
    readonly file: string;
    /** From 1. */
    readonly line: number;
    /** From 1, in bytes. */
    readonly column: number;
  };
}

/** SGR sequences, as clang colours with: ECMA-48, 8.3.117. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with ESC
const COLOURS = /\x1b\[[0-9;]*m/g;
const PLACED = /^(.+?):(\d+):(\d+): (fatal error|error|warning|remark|note): (.*)$/;
/** cc1 itself puts no name in front, as when it cannot read the source at all. */
const UNPLACED =
  /^(?:clang: |ld\.lld: |<unknown>:0: )?(fatal error|error|warning|remark|note): (.*)$/;
/** Stands below each line of source that is shown, which may begin with a label called error. */
const POINTER = /^[ ~]*\^[ ~]*$/;
const OPTION = /^(.*) \[(-W[^\]]+)\]$/;

/** Takes colours out of a text for a terminal. */
export function withoutColours(text: string): string {
  return text.replace(COLOURS, "");
}

/** Reads what clang and lld print for people; lines that are no message are passed over. */
export function parseDiagnostics(text: string): Diagnostic[] {
  return withoutColours(text)
    .split("\n")
    .flatMap((line, index, lines) => {
      const [, file, row, column, severity, said] = PLACED.exec(line) ?? [];
      if (file !== undefined && said !== undefined && isSeverity(severity)) {
        const place = { file, line: Number(row), column: Number(column) };
        return [{ severity, ...splitOption(said), place }];
      }
      if (POINTER.test(lines[index + 1] ?? "")) return [];
      const [, otherSeverity, otherSaid] = UNPLACED.exec(line) ?? [];
      return otherSaid !== undefined && isSeverity(otherSeverity)
        ? [{ severity: otherSeverity, ...splitOption(otherSaid) }]
        : [];
    });
}

function splitOption(said: string): { message: string; option?: string } {
  const [, message, option] = OPTION.exec(said) ?? [];
  return message === undefined || option === undefined ? { message: said } : { message, option };
}

function isSeverity(word: string | undefined): word is Severity {
  return word !== undefined && SEVERITIES.has(word);
}

const SEVERITIES: ReadonlySet<string> = new Set<Severity>([
  "fatal error",
  "error",
  "warning",
  "remark",
  "note",
]);
