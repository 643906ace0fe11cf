import { concatBytes } from "../bytes.js";
import type { CommandExit, ExecOptions } from "../command.js";
import { ControlLine, type ControlLineOptions } from "../control-line.js";
import { FakeTimers } from "./fake-timers.js";
import { ReferenceAgent } from "./reference-agent.js";
import { SimulatedLine } from "./simulated-line.js";

/** A control line to a {@link ReferenceAgent}, all in one process and on fake time. */
export class SimulatedGuest {
  readonly timers = new FakeTimers();
  readonly line = new SimulatedLine(this.timers);
  readonly agent: ReferenceAgent;
  readonly control: ControlLine;

  constructor(options: ControlLineOptions & { readonly version?: number } = {}) {
    let nonce = 100;
    this.agent = new ReferenceAgent(this.line, this.timers, options.version);
    this.control = new ControlLine(this.line.host, this.timers, {
      nonce: () => nonce++,
      ...options,
    });
  }

  static async connected(): Promise<SimulatedGuest> {
    const guest = new SimulatedGuest();
    await guest.timers.until(guest.control.connect());
    return guest;
  }

  /** Runs a program to its end. */
  async run(
    argv: readonly string[],
    options: ExecOptions = {},
  ): Promise<{ exit: CommandExit; stdout: Uint8Array }> {
    const chunks: Uint8Array[] = [];
    const onStdout = (bytes: Uint8Array): void => {
      chunks.push(bytes);
    };
    const exit = await this.timers.until(
      this.control.exec({ argv }, { onStdout, ...options }).exit,
    );
    return { exit, stdout: concatBytes(chunks) };
  }
}
