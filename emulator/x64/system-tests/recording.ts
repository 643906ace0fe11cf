/**
 * The programs of this folder, assembled, with what QEMU did with them, as `recorded.json` has it.
 * Those in `programs/by-hand/` are not run by QEMU: what they do is written down in their test.
 */

/** What the host does when RIP comes to an address for the first time. */
export interface HostAction {
  readonly at: number;
  readonly asksFor: "nmi" | "interrupt";
}

export interface RecordedProgram {
  /** SHA-256 of its sources. */
  readonly sources: string;
  /** The bytes from 1 MiB on: deflated, in base64. */
  readonly image: string;
  /** Addresses of symbols. */
  readonly start: number;
  readonly pageMap: number;
  readonly actions: readonly HostAction[];
  /** What QEMU did; null where it does not what the manual says. */
  readonly outcome: ProgramOutcome | null;
}

export interface ProgramOutcome {
  readonly end: string;
  /** The program's log: hexadecimal numbers. */
  readonly log: string;
}

export interface Recording {
  /** QEMU's version. */
  readonly by: string;
  readonly programs: Readonly<Record<string, RecordedProgram>>;
}

export const IMAGE_ADDRESS = 0x100000;
export const LOG_ADDRESS = 0x1c0000;
/** Of the log, in bytes: up to the end of the low pages. */
export const LOG_BYTES = 0x40000;
/** Of an interrupt that the host asks for. */
export const HOST_VECTOR = 0x41;
export const RAM_BYTES = 16 << 20;
