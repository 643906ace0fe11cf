import { CodeRelocations } from "../../../debuginfo/code-relocations.js";
import { openDebugFile } from "../../../debuginfo/index.js";
import type { Disassembler } from "../../disassembly/index.js";
import type { Frame } from "../../report.js";
import type { ExplainContext } from "../explanation.js";
import { frameOf } from "./report.js";

/** A module of which a report is about, with its sources by the names that its DWARF has. */
export interface TestModule {
  readonly name: string;
  readonly file: Uint8Array;
  readonly sources: ReadonlyMap<string, string>;
}

/** What an explanation finds when exactly this module's files are at hand. */
export function contextOf(module: TestModule, disassembler: Disassembler): ExplainContext {
  const debugInfo = openDebugFile(module.file);
  return {
    disassembler,
    debugInfo: async (name) => (name === module.name ? debugInfo : undefined),
    moduleFile: async (name) => (name === module.name ? module.file : undefined),
    readSource: async (file) => module.sources.get(file),
  };
}

/** The frame behind the first call from one function to another, as a trace would show it. */
export function frameBehindCall(module: TestModule, caller: string, callee: string): Frame {
  const relocations = new CodeRelocations(module.file);
  const fn = relocations.functions.find(({ name }) => name === caller);
  if (fn === undefined) throw new Error(`no function ${caller}`);
  const { section, offset } = fn.place;
  const call = relocations
    .within(section, offset, offset + fn.size)
    .find(({ symbol }) => symbol === callee);
  if (call === undefined) throw new Error(`${caller} does not call ${callee}`);
  const behind = call.offset + 4 - offset;
  return frameOf(`${caller}+${hex(behind)}/${hex(fn.size)} [${module.name}]`);
}

/** The frame and the code of the first instruction of a function that has a given text. */
export function frameAtInstruction(
  module: TestModule,
  disassembler: Disassembler,
  name: string,
  text: RegExp,
): { readonly frame: Frame; readonly code: Uint8Array; readonly trapOffset: number } {
  const relocations = new CodeRelocations(module.file);
  const fn = relocations.functions.find((candidate) => candidate.name === name);
  if (fn === undefined) throw new Error(`no function ${name}`);
  const code = relocations.code(fn);
  const instructions = disassembler.decode(code, relocations.bits, 0n);
  const found = instructions.find((instruction) => text.test(instruction.text));
  if (found === undefined) {
    throw new Error(`not in ${name}: ${instructions.map((each) => each.text).join("; ")}`);
  }
  const offset = Number(found.address);
  const frame = frameOf(`${name}+${hex(offset)}/${hex(fn.size)} [${module.name}]`, {
    role: "instruction",
  });
  return { frame, code, trapOffset: offset };
}

/** The frame of a return address behind the first instruction of a function that has a given text. */
export function frameBehindInstruction(
  module: TestModule,
  disassembler: Disassembler,
  name: string,
  text: RegExp,
): Frame {
  const { frame, code, trapOffset } = frameAtInstruction(module, disassembler, name, text);
  const { bits } = new CodeRelocations(module.file);
  const [call] = disassembler.decode(code.subarray(trapOffset), bits, 0n);
  return { ...frame, offset: trapOffset + (call?.bytes.length ?? 0), role: "return" };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
