import { DisassemblerError } from "./instruction.js";

/**
 * Calls into iced-x86's WebAssembly module. The npm package's own JavaScript is CommonJS, reads
 * the module from disk when it is loaded, and is as large as the module; what is used of it here
 * are a few calls. So the module comes from outside, compiled, and this file is the glue: the
 * calling convention of wasm-bindgen 0.2 as `iced_x86.js` of version 1.21.0 has it. Objects are
 * handed out as indexes into a table, strings as pointer and length.
 */
export interface IcedInstance {
  /** A function that takes and returns numbers; i64 comes and goes as a bigint. */
  call(name: string, ...args: readonly number[]): number;
  callBigint(name: string, ...args: readonly number[]): bigint;
  /** Sets a 64-bit property. */
  setBigint(name: string, object: number, value: bigint): void;
  /** A function that returns a string. */
  callString(name: string, ...args: readonly number[]): string;
  /** A function that returns an array of objects of the module: their pointers. */
  callArray(name: string, ...args: readonly number[]): readonly number[];
  /** A function that may fail. @returns undefined when it did. */
  tryNew(name: string, ...args: readonly number[]): number | undefined;
  /** The same for a function without a result. @returns whether it succeeded. */
  tryCall(name: string, ...args: readonly number[]): boolean;
  /** Copies bytes in; the function that takes the pointer owns them. */
  copyIn(bytes: Uint8Array): number;
}

type Export = (...args: readonly (number | bigint)[]) => unknown;

const NAMESPACE = "__wbindgen_placeholder__";
/** Room on the module's stack for a result of up to four words. */
const RESULT_BYTES = 16;

/** @throws DisassemblerError when the module is not that of iced-x86 1.21.0. */
export async function instantiateIced(module: WebAssembly.Module): Promise<IcedInstance> {
  /** What the module refers to by index. Free places are undefined. */
  const objects: unknown[] = [];
  const keep = (value: unknown): number => {
    const free = objects.indexOf(undefined);
    const index = free < 0 ? objects.length : free;
    objects[index] = value;
    return index;
  };
  const take = (index: number): unknown => {
    const value = objects[index];
    objects[index] = undefined;
    return value;
  };
  let memory: WebAssembly.Memory | undefined;
  const text = (pointer: number, length: number): string => {
    const bytes = new Uint8Array(memory?.buffer ?? new ArrayBuffer(0), pointer >>> 0, length >>> 0);
    return new TextDecoder().decode(bytes);
  };

  const instance = await instantiate(module, {
    __wbindgen_object_drop_ref: (index: number) => void take(index),
    __wbg_new_3a66822ed076951c: (pointer: number, length: number) =>
      keep(new Error(text(pointer, length))),
    __wbg_new_34c624469fb1d4fd: () => keep([]),
    __wbg_push_906164999551d793: (array: number, value: number) =>
      (objects[array] as unknown[]).push(take(value)),
    __wbg_usedregister_new: (pointer: number) => keep(pointer >>> 0),
    __wbg_usedmemory_new: (pointer: number) => keep(pointer >>> 0),
    __wbg_instruction_new: (pointer: number) => keep(pointer >>> 0),
    __wbindgen_throw: (pointer: number, length: number) => {
      throw new Error(text(pointer, length));
    },
  });
  const exported = instance.exports.memory;
  if (!(exported instanceof WebAssembly.Memory)) throw unfit();
  memory = exported;
  const buffer = exported;

  const call = (name: string, args: readonly (number | bigint)[]): unknown => {
    const found = instance.exports[name];
    if (typeof found !== "function") throw unfit();
    return (found as Export)(...args);
  };
  const number = (name: string, ...args: readonly number[]): number => Number(call(name, args));
  const withResult = <T>(use: (result: number) => T): T => {
    const result = number("__wbindgen_add_to_stack_pointer", -RESULT_BYTES);
    try {
      return use(result);
    } finally {
      number("__wbindgen_add_to_stack_pointer", RESULT_BYTES);
    }
  };
  const words = (at: number): Int32Array => new Int32Array(buffer.buffer, at, RESULT_BYTES / 4);

  return {
    call: number,
    callBigint: (name, ...args) => BigInt.asUintN(64, call(name, args) as bigint),
    setBigint: (name, object, value) => void call(name, [object, BigInt.asIntN(64, value)]),
    callString: (name, ...args) =>
      withResult((result) => {
        call(name, [result, ...args]);
        const [pointer = 0, length = 0] = words(result);
        const string = text(pointer, length);
        call("__wbindgen_free", [pointer, length, 1]);
        return string;
      }),
    callArray: (name, ...args) => take(number(name, ...args)) as number[],
    tryNew: (name, ...args) =>
      withResult((result) => {
        call(name, [result, ...args]);
        const [pointer = 0, error = 0, failed = 0] = words(result);
        if (failed === 0) return pointer >>> 0;
        take(error);
        return undefined;
      }),
    tryCall: (name, ...args) =>
      withResult((result) => {
        call(name, [result, ...args]);
        const [error = 0, failed = 0] = words(result);
        if (failed !== 0) take(error);
        return failed === 0;
      }),
    copyIn: (bytes) => {
      const pointer = number("__wbindgen_malloc", bytes.length, 1) >>> 0;
      new Uint8Array(buffer.buffer).set(bytes, pointer);
      return pointer;
    },
  };
}

async function instantiate(
  module: WebAssembly.Module,
  imports: WebAssembly.ModuleImports,
): Promise<WebAssembly.Instance> {
  try {
    return await WebAssembly.instantiate(module, { [NAMESPACE]: imports });
  } catch (error) {
    throw unfit(error);
  }
}

function unfit(cause?: unknown): DisassemblerError {
  return new DisassemblerError(
    "unfit-disassembler",
    "The WebAssembly module is not the one of iced-x86 1.21.0. Install the exact version that package.json names.",
    { cause },
  );
}
