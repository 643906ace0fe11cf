import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The harness could not be made, or did not answer. */
export class NativeProcessorError extends Error {
  override readonly name = "NativeProcessorError";
}

/** A case that does not end is one that loops: none of them computes for longer than this. */
const ANSWER_MS = 30_000;

/**
 * This machine's processor, running cases in a process of its own (`processor.c`). Only on Linux
 * on x86-64, with gcc.
 */
export class NativeProcessor implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #input: Writable;
  readonly #output: AsyncIterator<Buffer>;
  /** Bytes that came and belong to no answer yet. */
  #rest: Buffer = Buffer.alloc(0);

  private constructor(folder: string, child: ChildProcess, input: Writable, output: Readable) {
    this.#folder = folder;
    this.#process = child;
    this.#input = input;
    this.#output = output[Symbol.asyncIterator]();
    // The answer that does not come says more than the broken pipe.
    input.on("error", () => {});
  }

  /** @throws NativeProcessorError when there is no compiler, or no such processor. */
  static async start(): Promise<NativeProcessor> {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new NativeProcessorError("Cases run natively only on Linux on an x86-64 processor.");
    }
    const folder = await mkdtemp(join(tmpdir(), "kspace-x64-"));
    const source = fileURLToPath(new URL("processor.c", import.meta.url));
    const program = join(folder, "processor");
    // A stack protector, and functions that are linked when they are first called, look at FS,
    // which is the case's.
    const flags = ["-O2", "-Wall", "-Wextra", "-fno-stack-protector", "-Wl,-z,now"];
    try {
      await promisify(execFile)("gcc", [...flags, "-o", program, source]);
    } catch (error) {
      throw new NativeProcessorError(`gcc is needed, and failed: ${String(error)}`);
    }
    const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    return new NativeProcessor(folder, child, child.stdin, child.stdout);
  }

  /** Which processor this is, as /proc/cpuinfo has it. */
  static async describe(): Promise<string> {
    const text = await readFile("/proc/cpuinfo", "utf8");
    const field = (name: string): string =>
      new RegExp(`^${name}\\s*: (.*)$`, "m").exec(text)?.[1] ?? "?";
    const ids = `family ${field("cpu family")}, model ${field("model")}`;
    return `${cpus()[0]?.model ?? field("model name")}, ${ids}, stepping ${field("stepping")}`;
  }

  /**
   * Runs a batch of cases, one after the other.
   *
   * @returns their outcomes, in the same order; `case-format.ts` has the layout
   * @throws NativeProcessorError when the process dies, or does not answer
   */
  async run(inputs: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(inputs.reduce((sum, input) => sum + input.length, 0));
    header.writeUInt32LE(inputs.length, 4);
    this.#input.write(Buffer.concat([header, ...inputs]));
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), ANSWER_MS);
    try {
      const bytes = (await this.#read(4)).readUInt32LE();
      return splitRecords(await this.#read(bytes));
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(bytes: number): Promise<Buffer> {
    const pieces = [this.#rest];
    let have = this.#rest.length;
    while (have < bytes) {
      const next = await this.#output.next();
      if (next.done === true) {
        const { signalCode, exitCode } = this.#process;
        throw new NativeProcessorError(
          `The process that runs the cases ended (${signalCode ?? exitCode}): ` +
            "a case loops, or broke it. Run the cases of the batch one by one to find it.",
        );
      }
      pieces.push(next.value);
      have += next.value.length;
    }
    const all = pieces.length === 1 ? this.#rest : Buffer.concat(pieces);
    this.#rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#input.end();
    this.#process.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Each record begins with its size. */
function splitRecords(bytes: Buffer): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32LE(at);
    records.push(bytes.subarray(at, at + size));
    at += size;
  }
  return records;
}
