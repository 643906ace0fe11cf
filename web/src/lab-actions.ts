import type {
  BuildOptions,
  CheckpointInfo,
  FileEvent,
  LabEvent,
  LabFailure,
  WhatToBuild,
} from "../../emulator/browser/protocol.js";
import type { LabBuild } from "../../emulator/lab/build/build.js";
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
  /** The text of a file. */
  readFile(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** The guest sees it at once, and it is kept in the browser. */
  writeFile(path: string, content: string): Promise<void>;
  /**
   * Writes a file of any kind into the user's home (`/home/student`), and makes the folders on the
   * way. As with the three below, a path elsewhere is `refused`, and what the files do not allow
   * fails with the code that Linux has for it (`ENOSPC`, `EISDIR`, …). The browser keeps it if it is
   * not large.
   */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, or a folder with all that is in it, for later visits as well. */
  removeFile(path: string): Promise<void>;
  /** Moves a file or folder, which keeps its content; `EEXIST` where something has that name. */
  renameFile(from: string, to: string): Promise<void>;
  /** Makes a folder; one that is there already stays as it is. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder, sorted; those of folders end with a `/`. */
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
  /**
   * Builds a module or program out of the guest's files, and puts it into the guest. What is wrong
   * with a source is a result. One build runs at a time: the older of two rejects with the code
   * `superseded`, a cancelled one with `aborted`, and one whose compiler did not come with
   * `download-failed` or `image-corrupt`. The store tells of it, too.
   */
  build(what: WhatToBuild, options?: BuildOptions): Promise<LabBuild>;
  /** Ends the build that runs, if one does. */
  cancelBuild(): void;
  /**
   * Fetches what every build needs, so that the first one need not wait for it: to be called when a
   * person begins to edit, or comes to a step that builds. What goes wrong, the build tells.
   */
  prepareBuilds(): void;
}
