import type { KernelRecord } from "../console/index.js";
import type { DeathCause } from "../machine/machine.js";
import type { Autopsy } from "./autopsy/index.js";
import type { Freeze } from "./freeze-detector.js";
import type { LabReport } from "./report-decoder.js";

/** What a program wrote before its command ended, whatever ended it. */
interface Written {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** Guest time that the command took, milliseconds. */
  readonly ms: number;
  /** What the kernel logged meanwhile. */
  readonly kernelLog: readonly KernelRecord[];
  /** What the kernel reported of itself meanwhile. */
  readonly reports: readonly LabReport[];
  /**
   * What the guest showed when it was opened up, the lock's holder included: where it froze or
   * panicked under the command, or the command ran into its time limit.
   */
  readonly autopsy?: Autopsy;
}

/** Why a guest can answer no more until it is restored. */
export type Doom =
  | { readonly outcome: "panic"; readonly message: string }
  | { readonly outcome: "frozen"; readonly freeze: Freeze }
  | { readonly outcome: "dead"; readonly cause: EndCause };

/** What ended a guest: its machine died, or it was shut down and the kernel stopped it for good. */
export type EndCause = DeathCause | { readonly kind: "halted" };

/** How a command ended. */
export type Ending =
  | { readonly outcome: "exited"; readonly exitCode: number }
  | { readonly outcome: "signaled"; readonly signal: string; readonly coreDumped: boolean }
  /** The kernel oopsed on behalf of the program and killed it. */
  | { readonly outcome: "oops"; readonly signal: string; readonly message: string }
  /** The program could not be started: which step failed, and why. */
  | { readonly outcome: "not-started"; readonly errno: string; readonly step: string }
  | { readonly outcome: "timeout"; readonly timeoutMs: number }
  | { readonly outcome: "aborted" }
  /** It was killed for writing without end. */
  | { readonly outcome: "output-limit"; readonly limitBytes: number }
  /** The control line failed, or the lab was restored or closed under the command. */
  | { readonly outcome: "lost"; readonly reason: string }
  | Doom;

export type CommandResult = Written & Ending;

/** Whether the command did what was asked of it. */
export function succeeded(result: CommandResult): boolean {
  return result.outcome === "exited" && result.exitCode === 0;
}

/** A sentence about what ended a guest. */
export function describeEnd(cause: EndCause): string {
  switch (cause.kind) {
    case "reset":
      return "The guest reset its machine.";
    case "halted":
      return "The guest was shut down.";
    case "engine-failure":
      return `The emulator failed: ${cause.error.message}.`;
  }
}
