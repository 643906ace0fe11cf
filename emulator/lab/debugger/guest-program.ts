import type { Lab } from "../lab.js";
import type { CommandResult } from "../outcome.js";
import { describeEnd } from "../outcome.js";

/** A command for the guest's shell, as a person would type it. */
export interface GuestCommand {
  readonly line: string;
  /** Where it is run. */
  readonly cwd: string;
}

/**
 * Runs commands in a guest that a debugger holds: what is asked for begins when the debugger
 * lets the guest run, since before that nothing can.
 */
export class GuestProgram {
  readonly #lab: Lab;
  readonly #say: (text: string) => void;
  #pending: GuestCommand | undefined;
  #underWay: GuestCommand | undefined;

  /** @param say shows what a program prints, and how it ended. */
  constructor(lab: Lab, say: (text: string) => void) {
    this.#lab = lab;
    this.#say = say;
  }

  /** What has begun and has not ended. */
  get underWay(): GuestCommand | undefined {
    return this.#underWay;
  }

  /** Has it run when the guest does, in place of what was to run before. */
  request(command: GuestCommand): void {
    this.#pending = command;
  }

  /** The guest is about to run. */
  onResume(): void {
    const command = this.#pending;
    if (command === undefined || this.#underWay !== undefined || this.#lab.doom) return;
    this.#pending = undefined;
    this.#underWay = command;
    void this.#run(command).catch(() => undefined);
  }

  async #run({ line, cwd }: GuestCommand): Promise<void> {
    // Of a stream each, since a character may be cut in the middle.
    const [out, err] = [new TextDecoder(), new TextDecoder()];
    try {
      const result = await this.#lab.sh(line, {
        cwd,
        onStdout: (bytes) => this.#say(out.decode(bytes, { stream: true })),
        onStderr: (bytes) => this.#say(err.decode(bytes, { stream: true })),
      });
      this.#say(`[${line}: ${describeEnding(result)}]\n`);
    } finally {
      this.#underWay = undefined;
    }
  }
}

function describeEnding(result: CommandResult): string {
  switch (result.outcome) {
    case "exited":
      return `ended with status ${result.exitCode}`;
    case "signaled":
      return `was killed by ${result.signal}`;
    case "oops":
      return `was killed by ${result.signal} when the kernel oopsed: ${result.message}`;
    case "panic":
      return "never ended: the kernel panicked";
    case "frozen":
      return "never ended: the machine froze";
    case "dead":
      return `never ended. ${describeEnd(result.cause)}`;
    case "lost":
      return `was lost: ${result.reason}`;
    default:
      return result.outcome;
  }
}
