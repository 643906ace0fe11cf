import { GdbServer, MachineTarget, SIGNALS } from "../../gdb/index.js";
import { GuestError, type StoppedKernel } from "../../guest/index.js";
import type { Lab } from "../lab.js";
import { type Doom, describeEnd } from "../outcome.js";
import { type GuestCommand, GuestProgram } from "./guest-program.js";
import { monitorCommands } from "./monitor-commands.js";

export interface LabDebuggerOptions {
  /** Tells `info threads` what the processor works for. */
  readonly kernel?: StoppedKernel;
  /** Runs in the guest when the debugger first lets it run, and anew after a restore. */
  readonly test?: GuestCommand;
  /** Where `monitor run` runs commands. Default: the user's home. */
  readonly cwd?: string;
  /** The debugger's user wants the guest dead. */
  readonly onKill?: () => void;
}

const REVIVAL = "[The machine runs no further; monitor restore brings it back.]\n";
const HOME = "/home/student";

/** Offers a lab's machine to a debugger. */
export class LabDebugger implements Disposable {
  readonly server: GdbServer;
  readonly #target: MachineTarget;
  readonly #listening: Disposable[];

  constructor(lab: Lab, options: LabDebuggerOptions = {}) {
    const { kernel } = options;
    const target = new MachineTarget(lab.machine, {
      isStuck: () => lab.doom !== undefined,
      ...(kernel && { describeCpu: () => describeTask(kernel) }),
    });
    const program = new GuestProgram(lab, (text) => this.server.print(text));
    if (options.test) program.request(options.test);
    this.#target = target;
    this.server = new GdbServer(target, {
      monitorCommands: monitorCommands({
        lab,
        kernel,
        program,
        defaultCommand: options.test,
        cwd: options.cwd ?? HOME,
        hold: () => target.hold(),
      }),
      onResume: () => {
        if (lab.machine.dead !== undefined) this.server.print(REVIVAL);
        program.onResume();
      },
      ...(options.onKill && { onKill: options.onKill }),
    });
    this.#listening = [lab.onDoom((doom) => this.#onDoom(doom)), target];
  }

  [Symbol.dispose](): void {
    this.server.close();
    for (const listening of this.#listening) listening[Symbol.dispose]();
  }

  /** A debugger that waits for the guest to stop waits no longer. */
  #onDoom(doom: Doom): void {
    switch (doom.outcome) {
      case "frozen":
        this.server.print("[The machine is frozen.]\n");
        this.#target.stopFor(SIGNALS.SIGSTOP);
        break;
      case "panic":
        this.server.print(`[The kernel panicked: ${doom.message}]\n`);
        this.#target.stopFor(SIGNALS.SIGABRT);
        break;
      case "dead":
        this.server.print(`[${describeEnd(doom.cause)}]\n${REVIVAL}`);
        this.#target.stopFor(SIGNALS.SIGKILL);
        break;
    }
  }
}

function describeTask(kernel: StoppedKernel): string {
  try {
    const { pid, comm } = kernel.currentTask();
    return pid === 0 ? "idle" : `${comm} ${pid}`;
  } catch (error) {
    if (error instanceof GuestError) return "";
    throw error;
  }
}
