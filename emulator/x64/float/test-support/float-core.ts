import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import type { FloatCase } from "./case-file.js";

type Instruction = (control: number, a: number, b: number, result: number) => number;

const ENTRY = fileURLToPath(new URL("../../assembly/float/entry/index.ts", import.meta.url));
const SLOT_BYTES = 16;
/** Exceptions and C1. */
const X87_STATUS = 0x023f;
/** With C0, C2 and C3, where the instruction defines them. */
const X87_CONDITION = 0x473f;
const EXCEPTIONS = 0x3f;
const DEFINES_CONDITIONS: ReadonlySet<string> = new Set(["fprem", "fprem1", "fcom", "fucom"]);
/** Their references say nothing of C1. */
const TRANSCENDENTAL: ReadonlySet<string> = new Set([
  ...["fsin", "fcos", "fptan", "f2xm1", "fpatan", "fyl2x", "fyl2xp1"],
]);

/** The engine's floating-point core, compiled by itself. */
export class FloatCore {
  readonly #exports: WebAssembly.Exports;
  readonly #memory: Uint8Array;
  readonly #slots: number;

  private constructor(exports: WebAssembly.Exports) {
    this.#exports = exports;
    this.#memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
    this.#slots = (exports.slotsAddress as () => number)();
  }

  static async compile(): Promise<FloatCore> {
    const output = join(tmpdir(), `kspace-float-${process.pid}-${Date.now()}.wasm`);
    const { error, stderr } = await asc.main([
      ENTRY,
      ...["--runtime", "stub", "-O3", "--outFile", output],
    ]);
    if (error) throw new Error(`The floating-point core does not compile:\n${stderr.toString()}`);
    const bytes = await readFile(output);
    await rm(output);
    const { instance } = await WebAssembly.instantiate(bytes, {});
    return new FloatCore(instance.exports);
  }

  /** Runs a case; undefined if result and status are the processor's, else what differs. */
  difference(one: FloatCase): string | undefined {
    const isX87 = one.name.startsWith("f");
    const a = this.#slots;
    const b = a + SLOT_BYTES;
    const result = b + SLOT_BYTES;
    this.#memory.set(one.a, a);
    this.#memory.set(one.b, b);
    if (isX87) this.#memory.fill(0xaa, result, result + SLOT_BYTES);
    else this.#memory.set(one.a, result);
    const run = this.#exports[one.name] as Instruction | undefined;
    if (run === undefined) throw new Error(`assembly/float/entry does not have ${one.name}.`);
    const status = run(one.control, a, b, result);
    const mask = statusMask(one.name, isX87);
    const found = this.#memory.subarray(result, result + one.result.length);
    if ((status & mask) === (one.status & mask) && equal(found, one.result)) return undefined;
    const operands = `${one.name} ${number(one.a)} ${number(one.b)} control ${hex(one.control)}`;
    const processor = `${number(one.result)} status ${hex(one.status & mask)}`;
    return `${operands}\n  processor: ${processor}\n  engine:    ${number(found)} status ${hex(status & mask)}`;
  }
}

function statusMask(name: string, isX87: boolean): number {
  if (!isX87 || TRANSCENDENTAL.has(name)) return EXCEPTIONS;
  return DEFINES_CONDITIONS.has(name) ? X87_CONDITION : X87_STATUS;
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, at) => byte === right[at]);
}

function hex(value: number): string {
  return value.toString(16).padStart(4, "0");
}

/** Little-endian bytes as one number. */
function number(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .reverse()
    .join("");
}
