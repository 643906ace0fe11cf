import { type Remote, wrap } from "comlink";
import type { WorkerLab, WorkerMessage } from "./expose-lab.js";
import { BrowserError, labFailure } from "./failure.js";
import type { LabAssets, LabEvent, LabInfo, UserFiles } from "./protocol.js";

/** The page's end of a lab in a worker. Every promise settles, also when the worker is no more. */
export class LabClient {
  readonly #worker: Worker;
  readonly #remote: Remote<WorkerLab>;
  /**
   * What rejects the calls that are not answered yet. A race of each with one promise for the
   * worker's end would keep something of every call, each key that is typed included, until then.
   */
  readonly #pending = new Set<(error: BrowserError) => void>();
  /** The worker did not start, or was closed. */
  #end: BrowserError | undefined;
  #isListening = false;
  #onEvent: (event: LabEvent) => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#remote = wrap<WorkerLab>(worker);
    worker.addEventListener("message", ({ data }) => this.#take(data));
    // An error in a worker that listens is one of many things it does, and not its end.
    worker.addEventListener("error", ({ message }) => {
      if (!this.#isListening) this.#fail(didNotStart(message));
    });
  }

  /** Lets the worker begin, see LabRemote.prepare. */
  prepare(assets: LabAssets): void {
    // What goes wrong, the start tells.
    this.call((remote) => remote.prepare(assets)).catch(() => undefined);
  }

  /**
   * Starts the lab, see LabRemote.start.
   * @throws LabFailure (rejects)
   */
  start(assets: LabAssets, files: UserFiles, onEvent: (event: LabEvent) => void): Promise<LabInfo> {
    this.#onEvent = onEvent;
    return this.call((remote) => remote.start(assets, files));
  }

  /** Asks something of the lab. @throws LabFailure (rejects) */
  async call<T>(ask: (remote: Remote<WorkerLab>) => Promise<T>): Promise<T> {
    let fail: ((error: BrowserError) => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        if (this.#end !== undefined) throw this.#end;
        fail = reject;
        this.#pending.add(fail);
        ask(this.#remote).then(resolve, reject);
      });
    } catch (error) {
      throw labFailure(error);
    } finally {
      if (fail !== undefined) this.#pending.delete(fail);
    }
  }

  /** Ends the worker; what was asked of it and not answered fails. */
  close(): void {
    this.#onEvent = () => undefined;
    this.#worker.terminate();
    this.#fail(new BrowserError("worker-failed", "The lab was closed; start it again."));
  }

  #fail(error: BrowserError): void {
    this.#end ??= error;
    for (const fail of this.#pending) fail(error);
  }

  #take(message: unknown): void {
    if (!isWorkerMessage(message)) return;
    this.#isListening = true;
    if (message.lab === "event") this.#onEvent(message.event);
  }
}

function isWorkerMessage(value: unknown): value is WorkerMessage {
  return typeof value === "object" && value !== null && "lab" in value;
}

/** @param message absent when the script itself did not come. */
function didNotStart(message: string | undefined): BrowserError {
  return new BrowserError(
    "worker-failed",
    message
      ? `The lab's worker failed as it started: ${message}. Reload the page.`
      : "The lab's worker could not be downloaded. Check that you are online, then reload the page.",
  );
}
