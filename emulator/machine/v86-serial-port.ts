import { Emitter } from "./emitter.js";
import type { SerialPort } from "./machine.js";
import type { V86Uart } from "./v86-internals.js";

/** 16550 line control register, bit 7: the data port is the divisor latch. */
const LINE_CONTROL_DLAB = 0x80;
/** v86's number of the 16550's second interrupt condition, IIR value 2. */
const UART_TRANSMITTER_EMPTY = 2;

/**
 * The host's end of a v86 UART. v86 gives each byte to a bus of string-named events; taking
 * it at the register instead makes a long output several times faster.
 */
export class V86SerialPort implements SerialPort {
  readonly #output = new Emitter<Uint8Array>();
  readonly onOutput = this.#output.on;
  #uart: V86Uart | undefined;
  #wake: (() => void) | undefined;
  #pending: number[] = [];

  connect(uart: V86Uart, wake: () => void): void {
    this.#uart = uart;
    this.#wake = wake;
    const writeDivisor = uart.write_data.bind(uart);
    uart.write_data = (byte) => {
      if ((uart.line_control & LINE_CONTROL_DLAB) !== 0) {
        writeDivisor(byte);
        return;
      }
      this.#pending.push(byte);
      uart.ThrowInterrupt(UART_TRANSMITTER_EMPTY);
    };
  }

  write(bytes: Uint8Array): void {
    const uart = this.#uart;
    if (uart === undefined) return;
    for (const byte of bytes) uart.data_received(byte);
    this.#wake?.();
  }

  /** Hands out what the guest wrote since the last time. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Uint8Array.from(this.#pending);
    this.#pending = [];
    this.#output.emit(bytes);
  }

  /** Drops input that no guest will read: v86 does not save it with the rest of the UART. */
  clear(): void {
    this.#pending = [];
    if (this.#uart !== undefined) this.#uart.input = [];
  }
}
