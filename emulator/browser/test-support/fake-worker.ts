import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Endpoint } from "comlink";

/** Both ends of a worker's port in one thread. What crosses is cloned, as between threads. */
export class FakeWorker {
  /** The page's end; it has what LabClient uses of a Worker. */
  readonly worker: Worker;
  /** The worker's own end. */
  readonly inside: Endpoint;
  readonly #page: MessagePort;
  readonly #errors = new EventTarget();
  isTerminated = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#page = port1;
    this.inside = port2 as unknown as Endpoint;
    port1.start();
    port2.start();
    const terminate = (): void => {
      this.isTerminated = true;
      port1.close();
    };
    const ends = { message: port1, error: this.#errors };
    this.worker = {
      postMessage: port1.postMessage.bind(port1),
      addEventListener: (type: "message" | "error", listener: EventListener) =>
        ends[type].addEventListener(type, listener),
      removeEventListener: (type: "message" | "error", listener: EventListener) =>
        ends[type].removeEventListener(type, listener),
      terminate,
    } as unknown as Worker;
  }

  /** As when its script cannot be loaded, or throws. */
  fail(message?: string): void {
    this.#errors.dispatchEvent(Object.assign(new Event("error"), { message }));
  }

  close(): void {
    this.#page.close();
  }
}
