import type { GuideEvent } from "../guide-event.js";

/** The terminal prints this. */
export function printed(text: string): GuideEvent {
  return { kind: "terminal", bytes: new TextEncoder().encode(text) };
}

/** The kernel logs this, as its message of that number. */
export function logged(sequence: number, text: string): GuideEvent {
  const time = { microseconds: sequence * 1e6, seconds: sequence };
  const rest = { level: 6, facility: 0, continuation: false, dictionary: {}, missing: 0 } as const;
  return { kind: "kernel-log", records: [{ sequence, text, ...time, ...rest }] };
}
