import { labFailure } from "../../emulator/browser/failure.js";
import type { LabClient } from "../../emulator/browser/lab-client.js";
import type {
  BuildOptions,
  CheckpointInfo,
  FileEvent,
  LabAssets,
  LabEvent,
  UserChange,
  WhatToBuild,
} from "../../emulator/browser/protocol.js";
import type { LabBuild } from "../../emulator/lab/build/build.js";
import { Emitter } from "../../emulator/machine/emitter.js";
import { LabActionError, type LabActions, type TerminalEvent } from "./lab-actions.js";
import type { LabStore } from "./lab-store.js";
import type { ShownReport } from "./shown-reports.js";
import { EditKeeper } from "./storage/edit-keeper.js";
import type { Edits } from "./storage/edits.js";
import { TerminalHistory } from "./terminal-history.js";

export interface LabPageActionsOptions {
  readonly store: LabStore;
  readonly assets: LabAssets;
  /** Makes a worker of lab-worker.ts, for each start. @throws BrowserError */
  readonly connect: () => LabClient;
  /** The user's files that are kept in the browser. */
  readonly edits?: Edits;
  /** The paths of kept files that could not be put into the guest. */
  readonly onRefusedFiles?: (paths: readonly string[]) => void;
}

/** End of the line, then the line away: what somebody had begun to type there. */
const CLEAR_LINE = "\x05\x15";
const ENTER = "\r";

/** What a person can do with the lab, done in its worker. */
export class LabPageActions implements LabActions {
  readonly #options: LabPageActionsOptions;
  readonly #terminal = new Emitter<TerminalEvent>();
  readonly #history = new TerminalHistory();
  readonly #files = new Emitter<readonly FileEvent[]>();
  readonly #events = new Emitter<LabEvent>();
  readonly #keeper: EditKeeper | undefined;
  #client: LabClient | undefined;
  #hasFailed = false;
  #size: { readonly columns: number; readonly rows: number } | undefined;

  constructor(options: LabPageActionsOptions) {
    this.#options = options;
    const ask = (path: string) =>
      this.#ask((client) => client.call<UserChange>(async (lab) => lab.changeOf(path)));
    this.#keeper = options.edits && new EditKeeper(options.edits, ask);
  }

  async start(): Promise<void> {
    const { store, assets, connect, edits, onRefusedFiles } = this.#options;
    this.#client?.close();
    store.take({ kind: "start", start: { step: "download", loadedBytes: 0, totalBytes: 0 } });
    let client: LabClient | undefined;
    try {
      client = connect();
      this.#client = client;
      const fresh = { ...assets, fresh: this.#hasFailed };
      const info = await client.start(fresh, edits?.all() ?? {}, (event) => this.#take(event));
      this.#hasFailed = false;
      store.started(info);
      if (info.refusedFiles.length > 0) onRefusedFiles?.(info.refusedFiles);
      if (this.#size !== undefined) this.resize(this.#size.columns, this.#size.rows);
    } catch (error) {
      const failure = labFailure(error);
      // Unless another start has taken its place.
      if (client === undefined || client === this.#client) {
        // Other downloads go on in the worker: what it tells of them is no start any more.
        client?.close();
        this.#client = undefined;
        this.#hasFailed = true;
        store.failed(failure);
      }
      throw new LabActionError(failure);
    }
  }

  type(bytes: Uint8Array): void {
    this.#tell((client) => client.call((lab) => lab.type(bytes)));
  }

  typeCommand(line: string): void {
    this.type(new TextEncoder().encode(CLEAR_LINE + line + ENTER));
  }

  onTerminal(listener: (event: TerminalEvent) => void): Disposable {
    listener({ kind: "reset", backlog: this.#history.bytes() });
    return this.#terminal.on(listener);
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#tell((client) => client.call((lab) => lab.resize(columns, rows)));
  }

  rescue(): Promise<number> {
    return this.#ask((client) => client.call((lab) => lab.rescue()));
  }

  checkpoint(name: string): Promise<CheckpointInfo> {
    return this.#ask((client) => client.call((lab) => lab.checkpoint(name)));
  }

  goBackTo(id: number): Promise<number> {
    return this.#ask((client) => client.call((lab) => lab.goBackTo(id)));
  }

  forgetCheckpoint(id: number): Promise<void> {
    return this.#ask((client) => client.call((lab) => lab.forgetCheckpoint(id)));
  }

  async readFile(path: string): Promise<string> {
    return new TextDecoder().decode(await this.readBytes(path));
  }

  readBytes(path: string): Promise<Uint8Array> {
    return this.#ask((client) => client.call((lab) => lab.readFile(path)));
  }

  async writeFile(path: string, content: string): Promise<void> {
    // First, and before this waits for anything: the page may be closing.
    this.#keeper?.written(path, content);
    await this.#ask((client) => client.call((lab) => lab.writeFile(path, content)));
  }

  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.#ask((client) => client.call((lab) => lab.writeBytes(path, bytes)));
  }

  async removeFile(path: string): Promise<void> {
    await this.#ask((client) => client.call((lab) => lab.removeFile(path)));
    this.#keepNow(path);
  }

  async renameFile(from: string, to: string): Promise<void> {
    await this.#ask((client) => client.call((lab) => lab.renameFile(from, to)));
    this.#keepNow(from, to);
  }

  makeFolder(path: string): Promise<void> {
    return this.#ask((client) => client.call((lab) => lab.makeFolder(path)));
  }

  listFiles(folder: string): Promise<readonly string[]> {
    return this.#ask((client) => client.call((lab) => lab.listFiles(folder)));
  }

  originalOf(path: string): Promise<string | undefined> {
    return this.#ask((client) => client.call((lab) => lab.originalOf(path)));
  }

  onEvent(listener: (event: LabEvent) => void): Disposable {
    return this.#events.on(listener);
  }

  onFiles(listener: (files: readonly FileEvent[]) => void): Disposable {
    return this.#files.on(listener);
  }

  resetSection(folder: string): Promise<void> {
    return this.#ask((client) => client.call((lab) => lab.resetFolder(folder)));
  }

  readSource(path: string): Promise<string | undefined> {
    return this.#ask((client) => client.call((lab) => lab.readSource(path)));
  }

  async decodeAgain({ id, decoded }: ShownReport): Promise<void> {
    const again = await this.#ask((client) =>
      client.call((lab) => lab.decodeReport(decoded.report)),
    );
    this.#options.store.replaceReport(id, again);
  }

  async build(what: WhatToBuild, options?: BuildOptions): Promise<LabBuild> {
    const ended = this.#options.store.buildBegan(what);
    try {
      const build = await this.#ask((client) =>
        client.call<LabBuild>(async (lab) => lab.build(what, options)),
      );
      ended({ phase: "ended", build });
      return build;
    } catch (error) {
      ended({ phase: "failed", failure: labFailure(error) });
      throw error;
    }
  }

  cancelBuild(): void {
    this.#tell((client) => client.call((lab) => lab.cancelBuild()));
  }

  prepareBuilds(): void {
    this.#tell((client) => client.call((lab) => lab.prepareBuilds()));
  }

  /** The page may be closing: it does not wait until it is quiet. */
  #keepNow(...paths: readonly string[]): void {
    this.#keeper?.changed(paths);
    void this.#keeper?.flush();
  }

  #take(event: LabEvent): void {
    switch (event.kind) {
      case "terminal":
        this.#history.add(event.bytes);
        this.#terminal.emit({ kind: "output", bytes: event.bytes });
        break;
      case "terminal-reset":
        this.#history.reset(event.backlog);
        this.#terminal.emit({ kind: "reset", backlog: event.backlog });
        break;
      case "files":
        this.#keeper?.changed(event.files.map(({ path }) => path));
        this.#files.emit(event.files);
        break;
      default:
        this.#options.store.take(event);
    }
    this.#events.emit(event);
  }

  async #ask<T>(question: (client: LabClient) => Promise<T>): Promise<T> {
    if (this.#client === undefined) {
      throw new LabActionError({ code: "refused", message: "The lab has not been started yet." });
    }
    try {
      return await question(this.#client);
    } catch (error) {
      throw new LabActionError(labFailure(error));
    }
  }

  /** For what needs no answer: keys for a guest that is not there are lost, and rightly so. */
  #tell(message: (client: LabClient) => Promise<void>): void {
    if (this.#client !== undefined) message(this.#client).catch(() => undefined);
  }
}
