import type { CodeBytes, Frame, Report } from "../../report.js";

/** A report with the given facts and nothing else. */
export function reportOf(facts: Partial<Report> & Pick<Report, "kind">): Report {
  const text = facts.text ?? (facts.message === undefined ? [] : [facts.message]);
  return {
    title: "",
    message: text[0] ?? "",
    arch: "i386",
    seconds: undefined,
    cpu: undefined,
    pid: undefined,
    comm: undefined,
    kernel: undefined,
    taint: [],
    corrupted: undefined,
    culprit: undefined,
    frames: [],
    registers: new Map(),
    code: undefined,
    modules: undefined,
    lines: [1, Math.max(1, text.length)],
    text,
    ...facts,
  };
}

/** `hello_write+0x35/0x60 [hello]`, as the kernel prints it. */
export function frameOf(text: string, facts: Partial<Frame> = {}): Frame {
  const [, symbol, offset, size, module] =
    /^([^+\s]+)(?:\+0x([0-9a-f]+)\/0x([0-9a-f]+))?(?: \[(\w+)\])?$/.exec(text) ?? [];
  if (symbol === undefined) throw new Error(`not a frame: ${text}`);
  return {
    symbol,
    offset: offset === undefined ? undefined : Number.parseInt(offset, 16),
    size: size === undefined ? undefined : Number.parseInt(size, 16),
    module,
    address: undefined,
    sure: true,
    role: "return",
    trace: "call",
    stack: "task",
    line: 1,
    ...facts,
  };
}

/** A `Code:` line's text. */
export function codeOf(text: string): CodeBytes {
  const words = text.split(" ");
  return {
    bytes: Uint8Array.from(words, (word) => Number.parseInt(word.replace(/[<>()]/g, ""), 16)),
    trapOffset: words.findIndex((word) => word.startsWith("<")),
    text,
  };
}

/** `EAX: 0000002a EDX: 00000000`. */
export function registersOf(text: string): ReadonlyMap<string, bigint> {
  return new Map(
    Array.from(text.matchAll(/(\w+): ?([0-9a-f]+)/g), ([, name = "", value = ""]) => [
      name.toLowerCase(),
      BigInt(`0x${value}`),
    ]),
  );
}
