import { type Endpoint, expose } from "comlink";
import { labFailure } from "./failure.js";
import type { LabHost } from "./lab-host.js";
import type { LabAssets, LabEvent, LabInfo, LabRemote, UserFiles } from "./protocol.js";

/** The methods that comlink calls. Events go beside it, see {@link WorkerMessage}. */
export interface WorkerLab extends Omit<LabRemote, "start"> {
  start(assets: LabAssets, files: UserFiles): Promise<LabInfo>;
}

/**
 * What a worker posts besides comlink's answers. On the same port, so that an event which came
 * before an answer is told before it; a callback of comlink's has a port of its own.
 */
export type WorkerMessage =
  /** The worker's script has run: it listens. */
  { readonly lab: "listening" } | { readonly lab: "event"; readonly event: LabEvent };

/** Lets the page at the other end of a worker's port drive a lab. */
export function exposeLab(host: LabHost, port: Endpoint): void {
  const post = (message: WorkerMessage, transfer: Transferable[] = []): void =>
    port.postMessage(message, transfer);
  const tell = (event: LabEvent): void => post({ lab: "event", event }, buffersOf(event));
  const lab: WorkerLab = {
    prepare: guarded((assets) => host.prepare(assets)),
    start: guarded((assets, files) => host.start(assets, files, tell)),
    type: guarded((bytes) => host.type(bytes)),
    resize: guarded((columns, rows) => host.resize(columns, rows)),
    rescue: guarded(() => host.rescue()),
    checkpoint: guarded((name) => host.checkpoint(name)),
    goBackTo: guarded((id) => host.goBackTo(id)),
    forgetCheckpoint: guarded((id) => host.forgetCheckpoint(id)),
    readFile: guarded((path) => host.readFile(path)),
    writeFile: guarded((path, content) => host.writeFile(path, content)),
    listFiles: guarded((folder) => host.listFiles(folder)),
    originalOf: guarded((path) => host.originalOf(path)),
    changeOf: guarded((path) => host.changeOf(path)),
    writeBytes: guarded((path, bytes) => host.writeBytes(path, bytes)),
    removeFile: guarded((path) => host.removeFile(path)),
    renameFile: guarded((from, to) => host.renameFile(from, to)),
    makeFolder: guarded((path) => host.makeFolder(path)),
    resetFolder: guarded((folder) => host.resetFolder(folder)),
    readSource: guarded((path) => host.readSource(path)),
    decodeReport: guarded((report) => host.decodeReport(report)),
    build: guarded((what, options) => host.build(what, options)),
    cancelBuild: guarded(() => host.cancelBuild()),
    prepareBuilds: guarded(() => host.prepareBuilds()),
  };
  expose(lab, port);
  post({ lab: "listening" });
}

/** Output is handed over, not copied. */
function buffersOf(event: LabEvent): Transferable[] {
  if (event.kind === "terminal") return [event.bytes.buffer as ArrayBuffer];
  if (event.kind === "terminal-reset") return [event.backlog.buffer as ArrayBuffer];
  return [];
}

/** Throws failures as plain values: of an Error, comlink keeps the message alone. */
function guarded<A extends unknown[], R>(
  method: (...args: A) => R | Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (error) {
      throw labFailure(error);
    }
  };
}
