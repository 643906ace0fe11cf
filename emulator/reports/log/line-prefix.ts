import type { LineSource } from "./log-line.js";

/**
 * What can stand in front of a message, as regular expressions that are tried at one place
 * only (sticky), none of which can backtrack for long.
 */
/** `Oct 21 22:09:08 `, syslog's time (RFC 3164, 4.1.2), some daemons with a year or a fraction. */
const SYSLOG_TIME =
  /[^\s\d[\]<>:]{3,12}(?: {1,2}\d{1,2} (?:\d{4} )?)\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: \d{4})? /y;
/** The kernel's time with its bracket lost: a paste that begins one character late. */
const BROKEN_TIME = /(\d{1,7}\.\d{6})\] ?/y;
/** `2020-10-21T22:09:08,123456+02:00 `: RFC 5424, journalctl -o short-iso, CI logs. */
const ISO_TIME =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d| [A-Z]{3,5})?:? /y;
/** logcat -v threadtime: the kernel's buffer has process 0, or no tag. */
const LOGCAT =
  /\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +(?:root +)?(\d{1,6}) +\d{1,6} [VDIWEF] ([^:]{0,40}): ?/y;
const CLOCK = /\d\d:\d\d:\d\d(?:[.,]\d{1,9})? /y;
/** journalctl -o short-unix. */
const UNIX_TIME = /\d{10}\.\d{6} /y;
/** An extended record, Documentation/ABI/testing/dev-kmsg; netconsole sends them, too. */
const EXTENDED = /(\d{1,4}),\d{1,20},(\d{1,20}),[-c+](?:,[^;]{0,80})?;/y;
/** In front of a date: journalctl -o short-full, and logread of OpenWrt. */
const WEEKDAY = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\d{4}-|[A-Z][a-z]{2} [ \d]\d )/y;
/** dmesg --decode. */
const DECODED =
  /(kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7]) {0,4}:(emerg|alert|crit|err|warn|notice|info|debug) {0,3}: ?/y;
const HOST = /[^\s:[\]<>]{1,255} /y;
const PROGRAM = /[^\s:[\]<>]{1,128}(?:\[\d{1,10}\])?: /y;
/** The caller, behind the time or (as some vendors have it) a blank away from it. */
const CALLER = / ?\[ {0,8}([TC]\d{1,10})\]/y;
/** Vendors of phones print the processor and the task: `(0)[123:swapper/0]`, `[2: kworker/2:1: 99]`. */
const VENDOR =
  / {0,2}(?:<\d>\.)?(?:\(\d{1,2}\)\[\d{1,7}:[^\]\n]{1,32}\]|[A-Z]?\[ {0,2}\d{1,2}: {0,20}[^\]\n]{1,32}: {0,6}\d{1,7}\]|c\d {1,6}\d{1,7}) ?/y;
/** Inside the brackets: dmesg -T, dmesg -H. */
const BRACKET_DATE =
  /\[(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {0,2}\d{1,2} \d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?: \d{4})?\] ?/y;
const BRACKET_DELTA = /\[ {0,6}\+ {0,6}\d{1,7}\.\d{1,9}\] ?/y;
const BRACKET_ISO = /\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\] ?/y;
const BRACKET_CLOCK = /\[\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\] ?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a colour begins.
const COLOUR = /\u001b\[[0-9;?]{0,20}[A-Za-z]/y;

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

/** Quoting in mail nests, but hardly deeper. */
const MOST_QUOTES = 8;
/** More prefixes than any tool chain writes: quote, time, host, level, time, caller. */
const MOST_PREFIXES = 8;

const SPACE = 0x20;
const TAB = 0x09;
const ESCAPE = 0x1b;

/**
 * Reads the prefixes of a line. It is fed with places of a larger text and keeps its answer
 * in its own fields, so that a healthy log, line for line, costs no allocation.
 */
export class LinePrefix {
  /** Where the message starts. */
  end = 0;
  seconds: number | undefined;
  level: number | undefined;
  caller: string | undefined;
  source: LineSource = "bare";
  /** Something other than quote marks was there. */
  found = false;

  /** Reads what stands in front of the message of the line `text[start, end)`. */
  read(text: string, start: number, end: number): void {
    this.seconds = undefined;
    this.level = undefined;
    this.caller = undefined;
    this.source = "bare";
    this.found = false;
    let at = this.#skipQuotes(text, start, end);
    for (let count = 0; count < MOST_PREFIXES && at < end; count++) {
      const next = this.#prefix(text, at, end);
      if (next < 0 || next > end) break;
      at = next;
      this.found = true;
      if (this.#isOfProgram()) break;
      if (this.seconds !== undefined) {
        at = this.#behindTime(text, at, end);
        break;
      }
    }
    this.end = Math.min(at, end);
  }

  #isOfProgram(): boolean {
    return this.source === "program";
  }

  #skipQuotes(text: string, start: number, end: number): number {
    let at = start;
    for (let quotes = 0; quotes < MOST_QUOTES && at < end; quotes++) {
      const code = text.charCodeAt(at);
      if (code !== 0x3e && code !== 0x7c) break; // `>`, `|`
      at++;
      if (text.charCodeAt(at) === SPACE) at++;
    }
    return at;
  }

  /** Behind the prefix at `at`, or -1 where none is. */
  #prefix(text: string, at: number, end: number): number {
    const first = text.charCodeAt(at);
    if (first === SPACE || first === TAB) return this.#indented(text, at, end);
    if (first === 0x5b) return this.#bracket(text, at, end); // `[`
    if (first === 0x3c) return this.#priority(text, at); // `<`
    if (first >= 0x30 && first <= 0x39) return this.#digits(text, at, end);
    if (first === 0x6b && text.startsWith("kernel:", at)) return this.#kernel(at, text);
    if (first === ESCAPE) return behind(COLOUR, text, at);
    const month = mayBeMonth(text, at) ? this.#month(text, at, end) : -1;
    if (month >= 0) return month;
    if (first >= 0x61 && first <= 0x75) return this.#decoded(text, at);
    return -1;
  }

  /** Blanks count as a prefix only with another behind them: traces are indented, too. */
  #indented(text: string, at: number, end: number): number {
    if (this.source === "kernel") return -1;
    let next = at;
    while (next < end && isBlank(text.charCodeAt(next))) next++;
    if (next >= end) return -1;
    const first = text.charCodeAt(next);
    const hasPrefix =
      (first === 0x5b && isStampOrDate(text, next, end)) ||
      (first === 0x3c && isDigit(text.charCodeAt(next + 1))) ||
      (first === 0x6b && text.startsWith("kernel:", next)) ||
      (first >= 0x30 && first <= 0x39) ||
      mayBeMonth(text, next) ||
      first === ESCAPE;
    if (!hasPrefix) return -1;
    return this.#prefix(text, next, end);
  }

  #bracket(text: string, at: number, end: number): number {
    let next = at + 1;
    while (next < end && text.charCodeAt(next) === SPACE) next++;
    const first = text.charCodeAt(next);
    if (isDigit(first)) {
      const behindTime = this.#kernelTime(text, next, end);
      if (behindTime >= 0) return behindTime;
      const iso = behind(BRACKET_ISO, text, at);
      return iso >= 0 ? iso : behind(BRACKET_CLOCK, text, at);
    }
    if (first === 0x54 || first === 0x43) {
      // `T`, `C`: a caller without a time.
      const caller = CALLER;
      caller.lastIndex = at;
      const match = caller.exec(text);
      if (match !== null) {
        this.source = "kernel";
        this.caller = match[1];
        return skipSpace(text, caller.lastIndex);
      }
    }
    if (first === 0x2b) {
      const delta = behind(BRACKET_DELTA, text, at);
      if (delta >= 0) this.source = "kernel";
      return delta;
    }
    if (first < 0x41 || first > 0x5a) return -1;
    const date = behind(BRACKET_DATE, text, at);
    if (date >= 0) this.source = "kernel";
    return date;
  }

  /** `12.345678]`, and what some kernels add: `12.345678@0]`, `12.345678,0]`, ` <    0.1>]`. */
  #kernelTime(text: string, digits: number, end: number): number {
    let at = digits;
    let whole = 0;
    while (at < end && isDigit(text.charCodeAt(at)) && at - digits < 10) {
      whole = whole * 10 + text.charCodeAt(at++) - 0x30;
    }
    if (text.charCodeAt(at) !== 0x2e) return -1;
    const point = at++;
    let fraction = 0;
    let scale = 1;
    while (at < end && isDigit(text.charCodeAt(at)) && at - point <= 9) {
      fraction = fraction * 10 + text.charCodeAt(at++) - 0x30;
      scale *= 10;
    }
    if (at - point < 3) return -1;
    const last = text.charCodeAt(at);
    if (last !== 0x5d) {
      if (last !== 0x40 && last !== 0x2c && last !== SPACE) return -1;
      const limit = Math.min(end, at + 24);
      while (at < limit && text.charCodeAt(at) !== 0x5d) at++;
      if (text.charCodeAt(at) !== 0x5d) return -1;
    }
    this.seconds = whole + fraction / scale;
    this.source = "kernel";
    return at + 1;
  }

  #behindTime(text: string, at: number, end: number): number {
    let next = at;
    const first = text.charCodeAt(next);
    const second = text.charCodeAt(next + 1);
    if (first === 0x5b || (first === SPACE && second === 0x5b)) {
      CALLER.lastIndex = next;
      const match = CALLER.exec(text);
      if (match !== null && CALLER.lastIndex <= end) {
        this.caller = match[1];
        return skipSpace(text, CALLER.lastIndex);
      }
    }
    if (mayBeVendor(first) || (first === SPACE && mayBeVendor(second)) || second === SPACE) {
      const vendor = behind(VENDOR, text, next);
      if (vendor >= 0) return vendor;
    }
    next = skipSpace(text, next);
    // journalctl -o short-monotonic: `[  802.293944] host kernel: `.
    const space = text.indexOf(" ", next);
    if (space > next && space < end && text.startsWith("kernel: ", space + 1)) {
      this.source = "kernel";
      return space + 9;
    }
    return next;
  }

  /** `<4>`: the facility times 8, plus the level. */
  #priority(text: string, at: number): number {
    let next = at + 1;
    let priority = 0;
    while (isDigit(text.charCodeAt(next)) && next - at < 5) {
      priority = priority * 10 + text.charCodeAt(next++) - 0x30;
    }
    if (next === at + 1 || text.charCodeAt(next) !== 0x3e) return -1;
    this.level = priority & 7;
    this.source = priority >>> 3 === 0 ? "kernel" : "program";
    return next + 1;
  }

  #digits(text: string, at: number, end: number): number {
    EXTENDED.lastIndex = at;
    const extended = text.charCodeAt(at + 1) === 0x2e ? null : EXTENDED.exec(text);
    if (extended !== null) {
      const priority = Number(extended[1]);
      this.level = priority & 7;
      this.source = priority >>> 3 === 0 ? "kernel" : "program";
      this.seconds = Number(extended[2]) / 1e6;
      return EXTENDED.lastIndex;
    }
    BROKEN_TIME.lastIndex = at;
    const broken = this.source === "bare" ? BROKEN_TIME.exec(text) : null;
    if (broken !== null) {
      this.source = "kernel";
      this.seconds = Number(broken[1]);
      return BROKEN_TIME.lastIndex;
    }
    const iso = behind(ISO_TIME, text, at);
    if (iso >= 0) return this.#sender(text, iso, end, false);
    LOGCAT.lastIndex = at;
    const logcat = LOGCAT.exec(text);
    if (logcat !== null) {
      this.source = logcat[1] === "0" || logcat[2]?.trim() === "" ? "kernel" : "program";
      return LOGCAT.lastIndex;
    }
    const unix = behind(UNIX_TIME, text, at);
    if (unix >= 0) return this.#sender(text, unix, end, false);
    return behind(CLOCK, text, at);
  }

  #month(text: string, at: number, end: number): number {
    const weekday = behind(WEEKDAY, text, at);
    if (weekday >= 0) return weekday;
    const time = behind(SYSLOG_TIME, text, at);
    return time < 0 ? -1 : this.#sender(text, time, end, true);
  }

  /** The host and the program that follow a time; without them the time stands alone. */
  #sender(text: string, at: number, end: number, always: boolean): number {
    if (text.startsWith("kernel:", at)) return this.#kernel(at, text);
    if (text.charCodeAt(at) === 0x5b) return at;
    const host = behind(HOST, text, at);
    if (host >= 0 && host <= end) {
      if (text.startsWith("kernel:", host)) return this.#kernel(host, text);
      if (isDigit(text.charCodeAt(host))) {
        const record = this.#digits(text, host, end);
        if (record >= 0 && this.seconds !== undefined) return record;
      }
      const program = behind(PROGRAM, text, host);
      if (program >= 0 && program <= end) {
        this.source = "program";
        return program;
      }
    }
    if (!always) return at;
    this.source = "program";
    return host >= 0 ? host : at;
  }

  #kernel(at: number, text: string): number {
    this.source = "kernel";
    return skipSpace(text, at + "kernel:".length);
  }

  #decoded(text: string, at: number): number {
    DECODED.lastIndex = at;
    const match = DECODED.exec(text);
    if (match === null) return -1;
    this.source = match[1] === "kern" ? "kernel" : "program";
    this.level = LEVELS.indexOf(match[2] ?? "");
    return DECODED.lastIndex;
  }
}

/** The place behind a match of a sticky expression at `at`, or -1. */
function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function isStampOrDate(text: string, bracket: number, end: number): boolean {
  let at = bracket + 1;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  const code = text.charCodeAt(at);
  return isDigit(code) || code === 0x2b || (code >= 0x41 && code <= 0x5a);
}

/** A month's or weekday's name, of any language, has a blank and then a day behind it. */
function mayBeMonth(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  if (first < 0x41) return false;
  for (let length = 3; length <= 6; length++) {
    if (text.charCodeAt(at + length) !== SPACE) continue;
    const next = text.charCodeAt(at + length + 1);
    return isDigit(next) || next === SPACE || (length === 3 && isCapital(next));
  }
  return false;
}

function mayBeVendor(code: number): boolean {
  return code === 0x28 || code === 0x5b || code === 0x3c || code === 0x63 || isCapital(code);
}

function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function skipSpace(text: string, at: number): number {
  return text.charCodeAt(at) === SPACE ? at + 1 : at;
}
