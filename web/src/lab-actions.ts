import type {
  CheckpointInfo,
  FileEvent,
  LabEvent,
  LabFailure,
} from "../../emulator/browser/protocol.js";
import type { ShownReport } from "./shown-reports.js";

/** What the guest's terminal shows: more of it, or all of it anew. */
export type TerminalEvent =
  | { readonly kind: "output"; readonly bytes: Uint8Array }
  | { readonly kind: "reset"; readonly backlog: Uint8Array };

/** An operation that the lab refused or that failed. */
export class LabActionError extends Error {
  override readonly name = "LabActionError";
  readonly code: string;

  constructor({ code, message }: LabFailure) {
    super(message);
    this.code = code;
  }
}

/**
 * What a person can do with the lab. Whatever the guest does, each promise settles, and rejects
 * with a {@link LabActionError}.
 */
export interface LabActions {
  /** Starts the lab; how it goes is told by the store. Again after a failure: tries again. */
  start(): Promise<void>;
  /** Keys, as a terminal sends them. */
  type(bytes: Uint8Array): void;
  /** Types a line at the guest's prompt, as a person would, and Enter. */
  typeCommand(line: string): void;
  /** The terminal's output from now on, and first what it shows by now. */
  onTerminal(listener: (event: TerminalEvent) => void): Disposable;
  resize(columns: number, rows: number): void;
  /** Back to the last checkpoint; the milliseconds until the guest had answered. */
  rescue(): Promise<number>;
  checkpoint(name: string): Promise<CheckpointInfo>;
  goBackTo(id: number): Promise<number>;
  forgetCheckpoint(id: number): Promise<void>;
  readFile(path: string): Promise<string>;
  /** The guest sees it at once, and it is kept in the browser. */
  writeFile(path: string, content: string): Promise<void>;
  listFiles(folder: string): Promise<readonly string[]>;
  /** One of the course's files as the course has it, whatever the user made of it. */
  originalOf(path: string): Promise<string | undefined>;
  /** Everything that the worker tells from now on, in its order. */
  onEvent(listener: (event: LabEvent) => void): Disposable;
  onFiles(listener: (files: readonly FileEvent[]) => void): Disposable;
  /** A section's folder as it was at the start, and the guest with nothing loaded. */
  resetSection(folder: string): Promise<void>;
  readSource(path: string): Promise<string | undefined>;
  /** Decodes a report once more, when something that it needed could not be downloaded. */
  decodeAgain(report: ShownReport): Promise<void>;
}
