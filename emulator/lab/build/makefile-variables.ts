import { MakefileError } from "./makefile-error.js";
import { type MakefileLine, makefileLines } from "./makefile-lines.js";

/** What a variable holds, as it was written or expanded; or why that is not known. */
type Value =
  | { readonly kind: "recursive" | "simple"; readonly text: string; readonly line: number }
  | { readonly kind: "unknown"; readonly error: MakefileError };

/** An `ifeq` or its like that is open. */
interface Conditional {
  /** The lines that follow count. */
  active: boolean;
  /** One of its branches has counted. */
  taken: boolean;
  /** Why it is not known which branch counts. */
  readonly unknown: MakefileError | undefined;
}

/** A variable that refers to itself would be expanded for ever; make refuses it, too. */
const DEEPEST = 50;
/** Variables that double each other fill any memory. */
const LONGEST_TEXT = 1_000_000;

/**
 * The variables that a Makefile sets, by what make does with it (GNU make, 6 "How to Use Variables", 7
 * "Conditional Parts of Makefiles"). Rules are passed over. What cannot be told, such as what a
 * shell would say, is only an error when a variable that depends on it is asked for.
 */
export class MakefileVariables {
  readonly #file: string;
  readonly #values = new Map<string, Value>();
  /** What the Makefile cannot change but by `override`. */
  readonly #commandLine: ReadonlySet<string>;
  readonly #conditionals: Conditional[] = [];
  #included: MakefileError | undefined;

  /**
   * @param environment what is set before the first line, and can be set anew
   * @param commandLine what make's command line sets: it wins (GNU make, 9.5 "Overriding Variables")
   */
  constructor(
    file: string,
    text: string,
    environment: Readonly<Record<string, string>>,
    commandLine: Readonly<Record<string, string>>,
  ) {
    this.#file = file;
    this.#commandLine = new Set(Object.keys(commandLine));
    for (const [name, value] of Object.entries({ ...environment, ...commandLine })) {
      this.#values.set(name, { kind: "simple", text: value, line: 0 });
    }
    let inRule = false;
    let inDefinition = false;
    for (const line of makefileLines(text)) {
      const [word] = line.text.split(/\s/);
      if (inDefinition) inDefinition = word !== "endef";
      else if (word === "define") inDefinition = true;
      else if (!(inRule && line.isIndented)) inRule = this.#read(line);
    }
  }

  /** The names of all that are set. */
  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** The line that set a variable last; 0 when none did. */
  line(name: string): number {
    const value = this.#values.get(name);
    return value === undefined ? 0 : value.kind === "unknown" ? value.error.line : value.line;
  }

  /**
   * What a variable holds, expanded; empty when it is not set.
   * @throws MakefileError
   */
  text(name: string): string {
    if (this.#included !== undefined) throw this.#included;
    return this.#valueOf(name, this.line(name), 0);
  }

  /** @returns whether a rule begins, or goes on */
  #read(line: MakefileLine): boolean {
    if (this.#readConditional(line)) return false;
    if (this.#conditionals.some(({ active }) => !active)) return false;
    if (/^(-?include|sinclude)\s/.test(line.text)) {
      this.#included ??= this.#error(line, `what "${line.text}" says is not read here.`);
      return false;
    }
    const assignment = findAssignment(line.text);
    if (assignment === undefined) return line.text.includes(":");
    this.#assign(line, assignment);
    return false;
  }

  #readConditional(line: MakefileLine): boolean {
    const [, word, rest = ""] =
      /^(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)$/.exec(line.text) ?? [];
    if (word === undefined) return false;
    if (word === "endif") {
      this.#conditionals.pop();
    } else if (word === "else") {
      const open = this.#conditionals.at(-1);
      if (open === undefined) return true;
      const [, next] = /^(if\w+)/.exec(rest) ?? [];
      if (next === undefined) {
        open.active = open.unknown !== undefined || !open.taken;
        open.taken = true;
        return true;
      }
      // `else ifeq …` has no endif of its own.
      this.#conditionals.pop();
      if (open.unknown !== undefined) this.#conditionals.push(open);
      else if (open.taken) this.#conditionals.push({ ...open, active: false });
      else this.#readConditional({ ...line, text: rest });
    } else {
      this.#conditionals.push(this.#open(line, word, rest));
    }
    return true;
  }

  #open(line: MakefileLine, word: string, rest: string): Conditional {
    try {
      const holds = word.endsWith("def")
        ? this.#isSet(line, this.#expand(rest, line.number, 0))
        : this.#isEqual(line, rest);
      const counts = word.startsWith("ifn") ? !holds : holds;
      return { active: counts, taken: counts, unknown: undefined };
    } catch (error) {
      if (!(error instanceof MakefileError)) throw error;
      return { active: true, taken: true, unknown: error };
    }
  }

  /** `ifdef` tells of an empty variable that it is not defined, and does not expand it. */
  #isSet(line: MakefileLine, name: string): boolean {
    const value = this.#values.get(name);
    if (value === undefined) return this.#valueOf(name, line.number, 0) !== "";
    if (value.kind === "unknown") throw value.error;
    return value.text !== "";
  }

  #isEqual(line: MakefileLine, rest: string): boolean {
    const [left, right] = comparedTexts(rest) ?? [];
    if (left === undefined || right === undefined) {
      throw this.#error(line, `"${line.text}" is no condition that is understood here.`);
    }
    return this.#expand(left, line.number, 0) === this.#expand(right, line.number, 0);
  }

  #assign(line: MakefileLine, assignment: Assignment): void {
    const { name: written, operator, text } = assignment;
    const undecided = this.#conditionals.find(({ unknown }) => unknown)?.unknown;
    let name: string;
    try {
      name = this.#expand(written, line.number, 0);
    } catch (error) {
      if (!(error instanceof MakefileError)) throw error;
      // Of obj-$(CONFIG_HELLO), one of these may be meant.
      for (const choice of ["y", "m"]) {
        this.#values.set(written.replace(/\$.*$/, choice), { kind: "unknown", error });
      }
      return;
    }
    if (this.#commandLine.has(name) && !assignment.overrides) return;
    const before = this.#values.get(name);
    if (operator === "?=" && before !== undefined) return;
    if (undecided !== undefined) this.#values.set(name, { kind: "unknown", error: undecided });
    else this.#values.set(name, this.#value(line, operator, text, before));
  }

  #value(line: MakefileLine, operator: string, text: string, before: Value | undefined): Value {
    if (operator === "!=") {
      return { kind: "unknown", error: this.#error(line, `"${text}" would be run by a shell.`) };
    }
    if (operator === "+=" && before?.kind === "unknown") return before;
    const added = operator === "+=" && before !== undefined && before.kind !== "unknown";
    const simple = operator.startsWith(":");
    const kind = added ? before.kind : simple ? "simple" : "recursive";
    try {
      const now = kind === "simple" ? this.#expand(text, line.number, 0) : text;
      return { kind, text: added ? `${before.text} ${now}`.trim() : now, line: line.number };
    } catch (error) {
      if (!(error instanceof MakefileError)) throw error;
      return { kind: "unknown", error };
    }
  }

  #valueOf(name: string, line: number, depth: number): string {
    const value = this.#values.get(name);
    if (value === undefined) {
      if (!name.startsWith("CONFIG_")) return "";
      throw new MakefileError(
        this.#file,
        line,
        `what ${name} is for the kernel is not known here: write y or m in its place.`,
      );
    }
    if (value.kind === "unknown") throw value.error;
    return value.kind === "simple" ? value.text : this.#expand(value.text, value.line, depth + 1);
  }

  /** Puts the values of variables into a text (GNU make, 6.1 "Basics of Variable References"). */
  #expand(text: string, line: number, depth: number): string {
    if (depth > DEEPEST) throw new MakefileError(this.#file, line, `"${text}" refers to itself.`);
    let expanded = "";
    for (let at = 0; at < text.length; at++) {
      if (text[at] !== "$") {
        expanded += text[at];
        continue;
      }
      const reference = referenceAt(text, at);
      if (reference === undefined) {
        throw new MakefileError(this.#file, line, `"${text}" has a "$" that begins nothing.`);
      }
      if (expanded.length > LONGEST_TEXT) {
        throw new MakefileError(this.#file, line, "a variable is too long for a list of files.");
      }
      at = reference.end;
      expanded += reference.name === "$" ? "$" : this.#reference(reference.name, line, depth);
    }
    return expanded;
  }

  /** @param reference what stands between the brackets */
  #reference(reference: string, line: number, depth: number): string {
    const [, name, from, to] = /^([^:\s]+):([^=]*)=(.*)$/.exec(reference) ?? [];
    if (name !== undefined && from !== undefined && to !== undefined) {
      const words = this.#valueOf(this.#expand(name, line, depth), line, depth).split(/\s+/);
      return words.map((word) => substituted(word, from, to)).join(" ");
    }
    if (/\s/.test(reference)) {
      throw new MakefileError(this.#file, line, `"$(${reference})" is not understood here.`);
    }
    return this.#valueOf(this.#expand(reference, line, depth), line, depth);
  }

  #error(line: MakefileLine, what: string): MakefileError {
    return new MakefileError(this.#file, line.number, what);
  }
}

interface Assignment {
  readonly name: string;
  readonly operator: string;
  readonly text: string;
  /** It also changes what the command line has set. */
  readonly overrides: boolean;
}

/** A line is an assignment when its first word is followed by an operator. */
function findAssignment(line: string): Assignment | undefined {
  const [modifiers = ""] = /^(?:(?:export|override|private)\s+)*/.exec(line) ?? [];
  const said = line.slice(modifiers.length);
  let end = 0;
  while (end < said.length) {
    if (said[end] === "$") {
      end = (referenceAt(said, end)?.end ?? said.length) + 1;
    } else if (/[\s:=+?!]/.test(said[end] ?? "") && !/^[+?!:](?![:=])/.test(said.slice(end))) {
      break;
    } else {
      end++;
    }
  }
  const [, operator, text] = /^\s*(:{1,3}=|\+=|\?=|!=|=)\s*(.*)$/s.exec(said.slice(end)) ?? [];
  if (end === 0 || operator === undefined || text === undefined) return undefined;
  const overrides = /\boverride\b/.test(modifiers);
  return { name: said.slice(0, end), operator, text, overrides };
}

/** What a `$` refers to, and where that ends. */
function referenceAt(text: string, at: number): { name: string; end: number } | undefined {
  const open = text[at + 1];
  if (open === undefined) return undefined;
  if (open !== "(" && open !== "{") return { name: open, end: at + 1 };
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === open) depth++;
    else if (text[end] === close && --depth === 0) return { name: text.slice(at + 2, end), end };
  }
  return undefined;
}

/** The two texts of `ifeq (a,b)` and `ifeq "a" 'b'`. */
function comparedTexts(rest: string): [string, string] | undefined {
  const [, , left, , right] = /^(["'])(.*?)\1\s*(["'])(.*?)\3$/.exec(rest) ?? [];
  if (left !== undefined && right !== undefined) return [left, right];
  if (!rest.startsWith("(") || !rest.endsWith(")")) return undefined;
  const inside = rest.slice(1, -1);
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === "$") at = referenceAt(inside, at)?.end ?? inside.length;
    else if (inside[at] === ",") return [inside.slice(0, at).trim(), inside.slice(at + 1).trim()];
  }
  return undefined;
}

/** One word of a substitution reference: `$(SOURCES:.c=.o)`, `$(SOURCES:%.c=%.o)`. */
function substituted(word: string, from: string, to: string): string {
  const [before = "", after] = from.includes("%") ? from.split("%", 2) : ["", from];
  const tail = after ?? "";
  const fits = word.startsWith(before) && word.endsWith(tail);
  if (!fits || word.length < before.length + tail.length) return word;
  const stem = word.slice(before.length, word.length - tail.length);
  return from.includes("%") ? to.replace("%", stem) : stem + to;
}
