import type { Frame } from "../report.js";

/** What one line of a trace says, without its place in the report. */
export type FramePlace = Pick<
  Frame,
  "symbol" | "offset" | "size" | "module" | "address" | "sure" | "role"
>;

/** A symbol of C, of an assembler file or (mangled) of Rust, with the compiler's suffixes. */
const SYMBOL = "[A-Za-z_.$][\\w.$]{0,255}";
const PLACE = `(?<symbol>${SYMBOL})\\+0x(?<offset>[0-9a-f]{1,8})(?:/0x(?<size>[0-9a-f]{1,8}))?`;
/** CONFIG_STACKTRACE_BUILD_ID adds the module's build identifier; oopses of 6.x its taint. */
const MODULE = "(?: +\\[(?<module>[\\w-]{1,64})(?:\\([A-Z]{1,8}\\))?(?: [0-9a-f]{8,64})?\\])?";
/** Tools append where the line is: `lib/dump_stack.c:107`, `(lib/dump_stack.c:107)`. */
const REST = "(?<rest>.*)$";

const FRAME = new RegExp(
  `^\\s*(?:\\[<(?<address>[0-9a-f]{8,16}|\\(____ptrval____\\))>\\]\\s*)?(?<unsure>\\? ?)?${PLACE}${MODULE}${REST}`,
);
/** scripts/decode_stacktrace.sh puts the source in the offset's place. */
const DECODED =
  /^\s*(?:\[<(?<address>[0-9a-f]{8,16})>\]\s*)?(?<unsure>\? )?(?<symbol>[A-Za-z_.$][\w.$]{0,255}) ?\((?:[^()]{1,512}\.(?:c|h|S|rs):\d+|\?\?:[?\d]+)[^()]{0,512}(?:\([^()]{0,64}\)[^()]{0,512}){0,8}\)(?: +\[?(?<module>[\w-]{1,64})\]?)?\s*$/;
const ADDRESS_ONLY =
  /^\s*(?:\[<(?<address>[0-9a-f]{8,16})>\]\s*)?(?<unsure>\? )?\s*0x(?<value>[0-9a-f]{1,16})\s*$/;
/** Inlined functions, which only tools add to a trace: they have no address of their own. */
const INLINE =
  /^\s*(?:\[<\s*inline\s*>\]|(?:\? )?[A-Za-z_][\w.$]{0,255} [\w./+-]{1,512}:\d+ \[inline\]\s*$)/;
const ALLOWED_REST = /^(?:\(\)|\s*(?:$|\(|\[|[\w./+-]{1,512}:\d+))/;

/** Whether the line is a function that a tool found to be inlined at the next frame. */
export function isInlinedFrame(text: string): boolean {
  return INLINE.test(text);
}

/** Whether a line that names a place names that of an inlined function. */
export function isOfInlined(text: string): boolean {
  return text.endsWith(" [inline]");
}

/** Reads a line of a trace; undefined where it is none. */
export function readFrame(text: string): FramePlace | undefined {
  const match = FRAME.exec(text);
  if (match !== null) {
    if (!ALLOWED_REST.test(match.groups?.rest ?? "")) return undefined;
    return place(match.groups ?? {}, "return");
  }
  if (!text.includes("(") && !text.includes("0x")) return undefined;
  const decoded = DECODED.exec(text);
  if (decoded !== null) return place(decoded.groups ?? {}, "return");
  const address = ADDRESS_ONLY.exec(text);
  if (address === null) return undefined;
  const { value, unsure } = address.groups ?? {};
  return { ...place({ address: value }, "return"), sure: unsure === undefined };
}

/** Reads `symbol+0xoffset/0xsize [module]`, or the like, of an instruction pointer. */
export function readPlace(text: string): FramePlace | undefined {
  const frame = readFrame(text);
  return frame === undefined ? undefined : { ...frame, role: "instruction" };
}

function place(
  groups: Readonly<Record<string, string | undefined>>,
  role: Frame["role"],
): FramePlace {
  const { symbol, offset, size, module, address, unsure } = groups;
  return {
    symbol,
    offset: offset === undefined ? undefined : Number.parseInt(offset, 16),
    size: size === undefined ? undefined : Number.parseInt(size, 16),
    module,
    // `%p` prints no address before there is randomness to hash it with.
    address: address === undefined || address.startsWith("(") ? undefined : BigInt(`0x${address}`),
    sure: unsure === undefined,
    role,
  };
}

/**
 * A function's name without what the compiler or a tool added to it: parts that were moved
 * (`.cold`, `.part.0`) or copied (`.isra.0`, `.constprop.0`, `.llvm.123`) are the same function.
 */
export function baseName(symbol: string): string {
  const dot = symbol.indexOf(".", 1);
  return (dot < 0 ? symbol : symbol.slice(0, dot)).replace(/^__pfx_/, "");
}
