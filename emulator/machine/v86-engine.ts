import { V86 } from "v86";
import type { Clock } from "./clock.js";
import { MachineError } from "./machine.js";
import type { V86Core, V86Exports, WasmImports } from "./v86-internals.js";
import { type V86Views, viewsOf } from "./v86-views.js";

export const MEMORY_BYTES = 128 * 1024 * 1024;
/** What the BIOS is copied into at power-on lies below 1 MiB. */
const FIRMWARE_BYTES = 1024 * 1024;

/** What v86 is asked at power-on. */
export interface V86Options {
  /**
   * v86.wasm, compiled once and shared by all machines of the process. By `compileV86`, or it can
   * neither step nor stop at more than function entries and calls.
   */
  readonly wasm: WebAssembly.Module;
  /** A PC BIOS; v86 brings none. */
  readonly bios: Uint8Array;
  /** Linux to boot; without it the machine waits for a restore. */
  readonly boot?: {
    readonly kernel: Uint8Array;
    readonly initrd: Uint8Array;
    readonly commandLine: string;
  };
  /** Answers 9P requests of the guest; called while the guest stands still. */
  readonly handle9p: (request: Uint8Array, reply: (response: Uint8Array) => void) => void;
  /** Default: `hostClock`. */
  readonly clock?: Clock;
  /** Wall-clock time at power-on for the CMOS clock, Unix milliseconds. Default: now. */
  readonly powerOnUnixMs?: number;
  /** Source of the RDRAND instruction and its kin, 32 bits a call. Default: the host's. */
  readonly random32?: () => number;
  /** Off for runs that repeat exactly: compiled code becomes ready at the host's leisure. */
  readonly jit?: boolean;
}

/** What the engine asks of the machine while it executes. */
export interface V86Hooks {
  guestMs(): number;
  /**
   * At the end of HLT and of each burst, before the engine looks for interrupts.
   * @param run runs the hardware's timers, and returns how long there is nothing to do.
   */
  atTimers(run: () => number): number;
  /** v86's last words, before it fails. */
  said(words: string): void;
}

/** A v86 that has been started, and executes nothing by itself. */
export interface V86Engine {
  readonly core: V86Core;
  readonly exports: V86Exports;
  readonly views: () => V86Views;
}

/** @throws MachineError (rejects) `engine-failed-to-start` */
export async function startV86(options: V86Options, hooks: V86Hooks): Promise<V86Engine> {
  const { boot } = options;
  return new Promise((resolve, reject) => {
    let exports: V86Exports;
    const emulator = new V86({
      wasm_fn: async (imports: WasmImports) => {
        try {
          const wrapped = wrapImports(imports, options, hooks, () => exports);
          const instance = await WebAssembly.instantiate(options.wasm, wrapped);
          exports = instance.exports as V86Exports;
          return exports;
        } catch (cause) {
          const message = "v86's WebAssembly did not start";
          reject(new MachineError("engine-failed-to-start", message, { cause }));
          throw cause;
        }
      },
      bios: { buffer: exactBuffer(options.bios) },
      ...(boot && {
        bzimage: { buffer: exactBuffer(boot.kernel) },
        initrd: { buffer: exactBuffer(boot.initrd) },
        cmdline: boot.commandLine,
      }),
      memory_size: MEMORY_BYTES,
      // The smallest that v86 takes; nobody looks at a screen.
      vga_memory_size: 1024 * 1024,
      filesystem: { handle9p: options.handle9p },
      uart1: true,
      uart2: true,
      acpi: false,
      autostart: false,
      disable_jit: options.jit === false,
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      net_device: { type: "none" },
    } as unknown as ConstructorParameters<typeof V86>[0]);
    emulator.add_listener("emulator-loaded", () => {
      const core = (emulator as unknown as { v86: V86Core }).v86;
      resolve({ core, exports, views: viewsOf(core.cpu) });
    });
  });
}

/** Time and randomness come from us; v86's own are the host's. */
function wrapImports(
  imports: WasmImports,
  options: V86Options,
  hooks: V86Hooks,
  exports: () => V86Exports,
): WasmImports {
  const env = imports.env;
  if (env === undefined) throw new MachineError("engine-failed-to-start", "v86 has no env");
  const hardwareTimers = env.run_hardware_timers as (acpi: number, now: number) => number;
  return {
    ...imports,
    env: {
      ...env,
      microtick: () => hooks.guestMs(),
      ...(options.random32 && { get_rand_int: options.random32 }),
      // v86 prints its last words; here they become part of the error that follows them.
      console_log_from_wasm: (offset: number, length: number) => {
        const { buffer } = exports().memory;
        const said = new Uint8Array(buffer, offset >>> 0, length >>> 0).slice();
        hooks.said(new TextDecoder().decode(said));
      },
      run_hardware_timers: (acpi: number, now: number) =>
        hooks.atTimers(() => hardwareTimers(acpi, now)),
    },
  };
}

/**
 * Puts a saved state into the engine.
 * @param untouched nothing but the firmware has written to guest memory yet.
 */
export function restoreV86(core: V86Core, bytes: Uint8Array, untouched: boolean): void {
  const { cpu } = core;
  const zeroMemory = cpu.zero_memory;
  // Memory that was never written to is zero; to zero it again would touch all of it.
  if (untouched) cpu.zero_memory = () => zeroMemory(0, FIRMWARE_BYTES);
  const { last_result, fpu_status_word, mxcsr } = cpu;
  core.restore_state(exactBuffer(bytes));
  cpu.zero_memory = zeroMemory;
  // CPU.set_state puts these three arrays of the state in the place of its views of the
  // engine's memory, where it should copy them into it. Not needed any more once the
  // registers of a restored machine are the saved ones without it (v86-machine.test.ts).
  last_result.set(cpu.last_result);
  fpu_status_word.set(cpu.fpu_status_word);
  mxcsr.set(cpu.mxcsr);
  Object.assign(cpu, { last_result, fpu_status_word, mxcsr });
}

/** v86 takes whole ArrayBuffers; a view into a larger one is copied. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  if (bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength) {
    return bytes.buffer;
  }
  return bytes.slice().buffer as ArrayBuffer;
}
