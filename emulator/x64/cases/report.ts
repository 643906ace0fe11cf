import { Decoder, Formatter, FormatterSyntax } from "iced-x86";
import { REGISTERS } from "../x64-machine.js";
import { FX, INPUT, STATE } from "./case-format.js";
import type { Difference } from "./compare.js";
import type { Form } from "./forms.js";
import { type Case, codeOf } from "./generate.js";

/** The names of exceptions, SDM vol. 3A, table 6-1. */
const EXCEPTIONS = new Map([
  [0, "#DE"],
  [1, "#DB"],
  [3, "INT3 (as it should end)"],
  [4, "#OF"],
  [6, "#UD"],
  [7, "#NM"],
  [12, "#SS"],
  [13, "#GP"],
  [14, "#PF"],
  [16, "#MF"],
  [17, "#AC"],
  [19, "#XM"],
  [0xffff, "no end"],
]);

/** The case's instructions, in Intel's syntax. */
export function disassemble(input: Uint8Array): string[] {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const code = codeOf(input);
  const address = BigInt(view.getUint32(INPUT.codeAddress, true));
  const codeBits = view.getUint32(INPUT.state + STATE.codeBits, true) || 64;
  const decoder = new Decoder(codeBits, code, 0);
  decoder.ip = address;
  const formatter = new Formatter(FormatterSyntax.Intel);
  const lines: string[] = [];
  while (decoder.canDecode) {
    const instruction = decoder.decode();
    const from = Number(instruction.ip - address);
    const bytes = code.subarray(from, from + instruction.length);
    lines.push(
      `${instruction.ip.toString(16)}  ${bytesText(bytes)}  ${formatter.format(instruction)}`,
    );
    instruction.free();
  }
  formatter.free();
  decoder.free();
  return lines;
}

const bytesText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** A difference as a person reads it: what ran, from which state, and what is not the same. */
export function reportDifferences(
  { form, number, input }: Pick<Case, "number" | "input"> & { form: Pick<Form, "text" | "name"> },
  seed: number,
  differences: readonly Difference[],
): string {
  const lines = [`${form.text} (${form.name}), seed ${seed}, case ${number}`];
  lines.push(...disassemble(input).map((line) => `    ${line}`), "  before:");
  lines.push(...describeState(input).map((line) => `    ${line}`), "  different:");
  for (const { field, before, expected, got } of differences) {
    const name = (value: string): string =>
      field === "vector" ? `${value} ${EXCEPTIONS.get(Number.parseInt(value, 16)) ?? ""}` : value;
    lines.push(`    ${field}: expected ${name(expected)}, got ${name(got)}, before ${before}`);
  }
  return lines.join("\n");
}

function describeState(input: Uint8Array): string[] {
  const view = new DataView(input.buffer, input.byteOffset + INPUT.state, STATE.bytes);
  const lines: string[] = [];
  const registers = REGISTERS.map((name, register) => {
    return `${name}=${view.getBigUint64(register * 8, true).toString(16)}`;
  });
  for (let at = 0; at < registers.length; at += 4) {
    lines.push(registers.slice(at, at + 4).join(" "));
  }
  const word = (at: number): string => view.getUint16(STATE.fx + at, true).toString(16);
  const mxcsr = view.getUint32(STATE.fx + FX.mxcsr, true).toString(16);
  const flags = view.getBigUint64(STATE.rflags, true).toString(16);
  lines.push(`rflags=${flags} fcw=${word(FX.fcw)} fsw=${word(FX.fsw)} mxcsr=${mxcsr}`);
  lines.push(...describeRegisters(view), ...describePatches(input));
  return lines;
}

/** The floating point registers that are not zero. */
function describeRegisters(view: DataView): string[] {
  const value = (at: number, bytes: number): string => {
    let text = "";
    for (let byte = bytes - 1; byte >= 0; byte--) {
      text += view
        .getUint8(at + byte)
        .toString(16)
        .padStart(2, "0");
    }
    return text;
  };
  const lines: string[] = [];
  const add = (name: string, at: number, bytes: number): void => {
    const text = value(at, bytes);
    if (!/^0+$/.test(text)) lines.push(`${name}=${text}`);
  };
  const tags = view
    .getUint8(STATE.fx + FX.ftw)
    .toString(2)
    .padStart(8, "0");
  for (let slot = 0; slot < 8; slot++) add(`st${slot}`, STATE.fx + FX.st + slot * 16, 10);
  if (lines.length > 0) lines.push(`in use, R7 to R0: ${tags}`);
  for (let slot = 0; slot < 16; slot++) add(`xmm${slot}`, STATE.fx + FX.xmm + slot * 16, 16);
  const pairs: string[] = [];
  for (let at = 0; at < lines.length; at += 2) pairs.push(lines.slice(at, at + 2).join("  "));
  return pairs;
}

const MOST_PATCH_BYTES = 32;

function describePatches(input: Uint8Array): string[] {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const lines: string[] = [];
  let from: number = INPUT.bytes;
  for (let left = view.getUint32(INPUT.patches, true); left > 0; left--) {
    const size = view.getUint32(from + 4, true);
    const shown = input.subarray(from + 8, from + 8 + Math.min(size, MOST_PATCH_BYTES));
    const more = size > MOST_PATCH_BYTES ? " ..." : "";
    lines.push(`[${view.getUint32(from, true).toString(16)}]=${bytesText(shown)}${more}`);
    from += 8 + ((size + 7) & ~7);
  }
  return lines;
}
