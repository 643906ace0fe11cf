import { WASI, WASIProcExit, wasi as wasiDefinitions } from "@bjorn3/browser_wasi_shim";
import { NoInput, Output, RootFolder } from "./descriptors.js";
import type { ProgramFiles } from "./program-files.js";

/** What a program is run with. */
export interface ProgramStart {
  /** The name of the program first, as in C. */
  readonly arguments: readonly string[];
  /** The folder that it starts in: an absolute path, given as `$PWD`. */
  readonly folder: string;
  readonly files: ProgramFiles;
  /** What it may use at most, bytes; rounded down to WebAssembly's pages. */
  readonly memoryLimit: number;
}

/** How a program's run ended. */
export type ProgramEnd = {
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of the two that were too much to be kept. */
  readonly droppedOutput: number;
  /** What it had used in the end, bytes. */
  readonly memory: number;
} & (
  | { readonly outcome: "exited"; readonly status: number }
  | { readonly outcome: "out-of-memory" }
  /** A fault of the program's own, such as an endless recursion; with the engine's words. */
  | { readonly outcome: "crashed"; readonly reason: string }
);

/** WebAssembly's page, bytes (WebAssembly Core Specification, 4.2.8). */
const PAGE_BYTES = 65_536;
/** What kcc says that it starts with: kernel-src/toolchain/kcc/CMakeLists.txt, initial-memory. */
const INITIAL_PAGES = 512;
/** A program that fails within so little of its limit failed because of it. */
const NEAR_LIMIT_BYTES = 16 * 1024 * 1024;
/** What LLVM says when it wants far more than there is: llvm/lib/Support/ErrorHandling.cpp, report_bad_alloc_error. */
const TOO_MUCH_AT_ONCE = "LLVM ERROR: out of memory";
/** clang's diagnostics of a whole module are a few thousand bytes. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Runs a WASI program from start to end, without a pause: whoever wants to stop it ends the worker.
 * Each run has an instance of its own, so that a crash leaves nothing behind.
 * @param program its memory is imported, as `env.memory`
 */
export async function runProgram(
  program: WebAssembly.Module,
  start: ProgramStart,
): Promise<ProgramEnd> {
  const stdout = new Output(OUTPUT_LIMIT_BYTES);
  const stderr = new Output(OUTPUT_LIMIT_BYTES);
  const descriptors = [new NoInput(), stdout, stderr, new RootFolder(start.files)];
  const wasi = new WASI([...start.arguments], [`PWD=${start.folder}`], descriptors, {
    debug: false,
  });
  const maximum = Math.max(INITIAL_PAGES, Math.floor(start.memoryLimit / PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum });
  const instance = await WebAssembly.instantiate(program, {
    wasi_snapshot_preview1: {
      ...(wasi.wasiImport as WebAssembly.ModuleImports),
      args_sizes_get: (countAt: number, bytesAt: number) =>
        writeArgumentSizes(start.arguments, new DataView(memory.buffer), countAt, bytesAt),
    },
    env: { memory },
  });
  const end = call(wasi, instance, memory);
  const used = memory.buffer.byteLength;
  const output = {
    stdout: stdout.text,
    stderr: stderr.text,
    droppedOutput: stdout.dropped + stderr.dropped,
    memory: used,
  };
  // LLVM ends with a trap when it gets no memory, as it does for a fault of its own.
  const outOfMemory =
    end.outcome === "crashed" &&
    (used > maximum * PAGE_BYTES - NEAR_LIMIT_BYTES || output.stderr.includes(TOO_MUCH_AT_ONCE));
  return { ...output, ...(outOfMemory ? { outcome: "out-of-memory" } : end) };
}

/**
 * WASI's args_sizes_get, in the place of the shim's (0.4.2): that counts UTF-16 units, and what it writes
 * afterwards is UTF-8, more than the program has made room for.
 */
function writeArgumentSizes(
  words: readonly string[],
  memory: DataView,
  countAt: number,
  bytesAt: number,
): number {
  const encoder = new TextEncoder();
  const bytes = words.reduce((sum, word) => sum + encoder.encode(word).length + 1, 0);
  memory.setUint32(countAt, words.length, true);
  memory.setUint32(bytesAt, bytes, true);
  return wasiDefinitions.ERRNO_SUCCESS;
}

function call(
  wasi: WASI,
  instance: WebAssembly.Instance,
  memory: WebAssembly.Memory,
): { outcome: "exited"; status: number } | { outcome: "crashed"; reason: string } {
  const { _start } = instance.exports;
  if (typeof _start !== "function") throw new TypeError("Not a WASI command: it has no _start.");
  try {
    return {
      outcome: "exited",
      status: wasi.start({ exports: { memory, _start: () => _start() } }),
    };
  } catch (error) {
    if (error instanceof WASIProcExit) return { outcome: "exited", status: error.code };
    // A RangeError is the engine's own stack, at its end before the program's.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      return { outcome: "crashed", reason: error.message };
    }
    throw error;
  }
}
