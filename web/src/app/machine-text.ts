import type { LabInfo, MachineStatus } from "../../../emulator/browser/protocol.js";

type State = MachineStatus["state"];

/** What the gauge calls each state. */
export const STATE_NAMES: Readonly<Record<State, string>> = {
  running: "Running",
  idle: "Idle",
  stalled: "Not answering",
  frozen: "Frozen",
  panicked: "Panicked",
  dead: "Off",
  paused: "Paused",
};

/** Nothing but going back to a snapshot helps. */
export function isDown(state: State): boolean {
  return state === "frozen" || state === "panicked" || state === "dead";
}

const FREEZES: Readonly<Record<NonNullable<MachineStatus["freeze"]>["reason"], string>> = {
  "spinning-on-lock": "It spins for a lock that nobody can release.",
  "halted-with-interrupts-off": "It is halted with interrupts off, and nothing can wake it.",
  "no-progress": "The kernel runs in a loop and lets nothing else run.",
};

export interface MachineTrouble {
  readonly title: string;
  readonly explanation: string;
  /** Where the processor is, in the kernel's words. */
  readonly place: string | undefined;
  /** What else is known of it. */
  readonly detail: string | undefined;
}

/** What has happened to a machine that answers no more; undefined while it is well. */
export function describeTrouble(status: MachineStatus): MachineTrouble | undefined {
  switch (status.state) {
    case "frozen":
      return {
        title: "The machine is frozen.",
        explanation: status.freeze === undefined ? "" : FREEZES[status.freeze.reason],
        place: status.place,
        detail: status.freeze && describeSilence(status.freeze),
      };
    case "panicked":
      return {
        title: "The kernel panicked.",
        explanation: status.message ?? "It found an error after which it must not go on.",
        place: status.place,
        detail: undefined,
      };
    case "dead":
      return {
        title: "The machine is off.",
        explanation: status.message ?? "",
        place: undefined,
        detail: undefined,
      };
    default:
      return undefined;
  }
}

function describeSilence(freeze: NonNullable<MachineStatus["freeze"]>): string {
  const interrupts = `interrupts ${freeze.interruptsEnabled ? "on" : "off"}`;
  // A processor that is halted for good is found at once.
  if (freeze.silentMs < 1) return interrupts;
  return `${interrupts}; nothing else had run for ${formatMs(freeze.silentMs)}`;
}

export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Millions of instructions per second, the field's old measure. */
export function formatMips(instructionsPerSecond: number): string {
  const millions = instructionsPerSecond / 1e6;
  return millions >= 10 || millions === 0 ? millions.toFixed(0) : millions.toFixed(1);
}

export function formatBytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  if (megabytes >= 100) return `${megabytes.toFixed(0)} MB`;
  if (megabytes >= 0.1) return `${megabytes.toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1000)} kB`;
}

/** What runs here, as one reads it: npm writes `v86@0.5.462`. */
export function describeGuest({ kernelRelease, engine }: LabInfo): string {
  return `32-bit Linux ${kernelRelease} in ${engine.replace("@", " ")}`;
}
