/**
 * The parts of v86 0.5.462 that its adapter reaches for, named as in v86's source. Nothing else
 * in the project knows them.
 */

export interface V86Uart {
  line_control: number;
  input: number[];
  lsr: number;
  write_data(byte: number): void;
  data_received(byte: number): void;
  ThrowInterrupt(line: number): void;
  ClearInterrupt(line: number): void;
}

export interface V86Cpu {
  readonly reg32: Int32Array;
  readonly sreg: Uint16Array;
  readonly cr: Int32Array;
  readonly flags: Int32Array;
  readonly cpl: Uint8Array;
  readonly in_hlt: Uint8Array;
  readonly instruction_pointer: Int32Array;
  /** Where the instruction that is being executed begins: faults go back to it. */
  readonly previous_ip: Int32Array;
  readonly instruction_counter: Uint32Array;
  readonly mem8: Uint8Array;
  /** With flags_changed and last_op1: the flags that v86 has not computed yet. */
  last_result: Int32Array;
  readonly flags_changed: Int32Array;
  fpu_status_word: Uint16Array;
  mxcsr: Int32Array;
  readonly wasm_memory: WebAssembly.Memory;
  readonly devices: {
    readonly uart0: V86Uart;
    readonly uart1: V86Uart;
    readonly uart2: V86Uart;
    readonly rtc: { rtc_time: number; last_update: number; timer: () => number };
  };
  main_loop(): number;
  get_eflags(): number;
  reboot_internal(): void;
  /** Delivers it at once, if EFLAGS.IF lets it. */
  device_raise_irq(line: number): void;
  /** Address of the first interrupt controller's state in `wasm_memory`. */
  get_pic_addr_master(): number;
  stop_idling(): void;
  jit_dirty_cache(start: number, end: number): void;
  zero_memory(offset: number, length: number): void;
}

export interface V86Core {
  readonly cpu: V86Cpu;
  save_state(): ArrayBuffer;
  restore_state(state: ArrayBuffer): void;
  /** Ends the worker that v86 keeps in browsers to be woken by. */
  destroy(): void;
}

/** v86 keeps the clock of its devices in one static, shared by all its instances. */
export interface V86CoreClass {
  microtick: () => number;
}

/** What the adapter calls in v86's WebAssembly, beyond what v86 does itself. */
export interface V86Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  /** Fetches and executes one instruction. Only exported where `compileV86` has seen to it. */
  readonly run_prefix_instruction?: () => void;
  /** Delivers a pending interrupt, if EFLAGS.IF lets it. */
  readonly handle_irqs: () => void;
  /** STI; returns 0 where it would fault instead. */
  readonly instr_FB_without_fault: () => number;
}

export type WasmImports = Record<string, WebAssembly.ModuleImports>;
