/** Stacks of a kernel that executes, against the traces that it prints at that very moment. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MODULES } from "../../bench/healthy-loads.js";
import { unpackModules } from "../../bench/modules.js";
import { kernelSays } from "../../lab/test-support/guest.js";
import { compileV86 } from "../../machine/v86-wasm.js";
import { Images, Lab, nodeImageSource } from "../../node/index.js";
import { formatPlace, type StackFrame, type StackTrace, type StoppedKernel } from "../index.js";
import { readKernel } from "../test-support/kernel-types.js";

let lab: Lab;
let kernel: StoppedKernel;
let addressOf: (symbol: string) => bigint;

beforeAll(async () => {
  const reading = await readKernel();
  // An engine that can step over any instruction.
  const wasm = createRequire(import.meta.url).resolve("v86/build/v86.wasm");
  const engine = await compileV86(await readFile(wasm));
  const images = await Images.open({ ...nodeImageSource(), engine: async () => engine });
  lab = await Lab.boot(images, { runOnWhenDoomed: true });
  kernel = reading.of(lab.machine);
  addressOf = (symbol) => {
    const address = reading.symbols.addressOf(symbol);
    if (address === undefined) throw new Error(`The kernel has no ${symbol}.`);
    return address;
  };
  await unpackModules(lab);
  await lab.checkpoint();
});

afterAll(() => lab.close());

afterEach(() => lab.restore());

function placeText(frame: StackFrame): string {
  const place = kernel.placeOf(frame);
  return place === undefined ? frame.instructionPointer.toString(16) : formatPlace(place);
}

/** Lets the guest run until a function is called; returns what `look` says then. */
function atCall<T>(symbol: string, look: () => T): Promise<T> {
  return new Promise((resolve) => {
    const breakpoint = lab.machine.setBreakpoint(addressOf(symbol), () => {
      breakpoint[Symbol.dispose]();
      resolve(look());
    });
  });
}

/**
 * The places that a printed trace shows, without those that the kernel is not sure of; the
 * registers in between count, where something was interrupted. Sizes are left out.
 */
function printedPlaces(lines: readonly string[]): string[] {
  const places: string[] = [];
  const first = lines.findIndex((line) => line.startsWith("EIP: "));
  for (const line of lines.slice(first)) {
    const found = /^(?:EIP: | )([A-Za-z_]\S*)\/0x[0-9a-f]+( \[\w+\])?$/.exec(line);
    if (found !== null) places.push(`${found[1]}${found[2] ?? ""}`);
    // Registers of the program end it, or the thread's first function.
    if (/^EIP: 0x|^ startup_32_smp/.test(line)) return places;
  }
  throw new Error(`No whole trace in:\n${lines.join("\n")}`);
}

describe("the trace that the kernel prints", () => {
  it.each([
    { module: "spin_forever", trigger: undefined, stacks: ["hardirq", "task"] },
    { module: "nested_lock", trigger: "echo x > /dev/nested_lock", stacks: ["hardirq", "task"] },
    {
      module: "timer_lock",
      trigger: "echo x > /dev/timer_lock",
      stacks: ["hardirq", "softirq", "task"],
    },
    {
      module: "timer_spin",
      trigger: "echo x > /dev/timer_spin",
      stacks: ["hardirq", "softirq", "task"],
    },
    { module: "null_deref", trigger: undefined, stacks: ["task"] },
  ])("of $module has the same frames", async ({ module, trigger, stacks }) => {
    const already = lab.kernelLog().length;
    // Writes the "Code:" line, behind "EIP:" and before "Call Trace:".
    const stopped = atCall("show_opcodes", () => {
      const trace = kernel.stack();
      return { trace, places: trace.frames.map(placeText) };
    });
    void lab.insmod(`${MODULES}/${module}.ko`, { timeoutMs: 60_000 }).catch(() => undefined);
    if (trigger !== undefined) void lab.sh(trigger, { timeoutMs: 60_000 }).catch(() => undefined);
    const { trace, places } = await stopped;
    await kernelSays(lab, /^EIP: 0x|^ startup_32_smp/, 5000);
    const printed = printedPlaces(
      lab
        .kernelLog()
        .slice(already)
        .map(({ text }) => text),
    );

    // The printing itself, up to what was interrupted by it.
    const interrupted = trace.frames.findIndex((frame) => frame.interruptedBy !== undefined);
    expect(interrupted).toBeGreaterThan(0);
    expect(places.slice(interrupted)).toEqual(printed);
    expect(trace.frames.filter(({ reliable }) => !reliable)).toEqual([]);
    expect(trace.stacks.map(({ kind }) => kind)).toEqual(stacks);
    expect(trace.frames[interrupted]?.interruptedBy).toMatchObject(
      module === "null_deref"
        ? { kind: "exception", handler: "exc_page_fault" }
        : { kind: "interrupt", handler: "common_interrupt" },
    );
    // finit_module and write of asm/unistd_32.h; the timer interrupted the idle task.
    const call = trigger === undefined ? ["finit_module", 350] : ["write", 4];
    expect(trace.end).toMatchObject(
      module === "timer_spin"
        ? { kind: "start" }
        : { kind: "user-mode", entry: { kind: "system-call", name: call[0], number: call[1] } },
    );
  });
});

describe("a kernel that goes on instruction by instruction", () => {
  /** The return addresses, the outermost first: what a call adds to and a return takes from. */
  function callers({ frames }: StackTrace): readonly bigint[] {
    return frames
      .slice(1)
      .map(({ instructionPointer }) => instructionPointer)
      .reverse();
  }

  it.each([
    ["vfs_write", "echo hello > /tmp/file"],
    ["copy_process", "/bin/true"],
    ["do_filp_open", "cat /proc/interrupts"],
    ["handle_mm_fault", "ls -l /"],
    ["irq_exit_rcu", "true"],
  ])(
    "has in %s and after it the calls of before, one more, or one less",
    async (symbol, command) => {
      const reached = atCall(symbol, () => lab.machine.pause());
      void lab.sh(command).catch(() => undefined);
      await reached;
      let last: readonly bigint[] | undefined;
      let lastStack: bigint | undefined;
      let lastText = "";
      let steps = 0;
      for (; steps < 1200; steps++) {
        const trace = kernel.stack();
        // On the way out the registers go one by one.
        if (trace.end.kind === "not-in-kernel" || leavesKernel(trace)) break;
        const now = callers(trace);
        const text = `${trace.frames.map(placeText).join(" < ")} (${trace.end.kind})`;
        const common = Math.min(now.length, last?.length ?? now.length);
        const stack = trace.stacks.at(-1)?.start;
        const goesOn =
          last === undefined ||
          stack !== lastStack || // Another task.
          (Math.abs(now.length - last.length) <= 1 &&
            now.slice(0, common).every((address, index) => address === last?.[index]));
        expect(goesOn, `step ${steps}\n was ${lastText}\n is  ${text}`).toBe(true);
        expect(
          trace.frames.every(({ reliable }) => reliable),
          text,
        ).toBe(true);
        expect(trace.end.kind, text).toMatch(/^(?:user-mode|start)$/);
        last = now;
        lastStack = stack;
        lastText = text;
        expect(lab.machine.step()).toEqual({ outcome: "stepped" });
      }
      expect(steps).toBeGreaterThan(150);
      lab.machine.run();
    },
  );

  function leavesKernel({ frames, end }: StackTrace): boolean {
    return frames.length === 1 && end.kind === "broken" && /entered or left/.test(end.why);
  }
});
