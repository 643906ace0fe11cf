import type { KernelRecord } from "../lab/index.js";
import { joinedBytes } from "./joined-bytes.js";
import type { FileEvent, LabEvent } from "./protocol.js";

/** Time in which output is collected: half a frame, so that no echo waits for the next but one. */
const TURN_MS = 8;

/**
 * Tells the page what happens, in few messages: a guest that prints writes a piece of output
 * for each millisecond. What comes after a pause is told at once, since it may be an echo.
 */
export class EventBatch implements Disposable {
  readonly #send: (event: LabEvent) => void;
  readonly #now: () => number;
  #terminal: Uint8Array[] = [];
  #records: KernelRecord[] = [];
  /** By path: what a program writes in many pieces is one change. */
  #files = new Map<string, FileEvent>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isScheduled = false;
  #lastTurn = Number.NEGATIVE_INFINITY;

  constructor(send: (event: LabEvent) => void, now: () => number = () => performance.now()) {
    this.#send = send;
    this.#now = now;
  }

  terminal(bytes: Uint8Array): void {
    this.#terminal.push(bytes);
    this.#schedule();
  }

  kernelRecord(record: KernelRecord): void {
    this.#records.push(record);
    this.#schedule();
  }

  file(event: FileEvent): void {
    // The last change is told last.
    this.#files.delete(event.path);
    this.#files.set(event.path, event);
    this.#schedule();
  }

  /** Tells something, after all that came before it. */
  send(event: LabEvent): void {
    this.flush();
    this.#send(event);
  }

  /** Forgets output of a past that the guest has left. */
  dropOutput(): void {
    this.#terminal = [];
    this.#records = [];
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#isScheduled = false;
    this.#lastTurn = this.#now();
    const terminal = this.#terminal;
    const records = this.#records;
    const files = this.#files;
    this.dropOutput();
    this.#files = new Map();
    // A copy: the page gets the memory itself, and the lab keeps its own.
    if (terminal.length > 0) this.#send({ kind: "terminal", bytes: joinedBytes(terminal) });
    if (records.length > 0) this.#send({ kind: "kernel-log", records });
    if (files.size > 0) this.#send({ kind: "files", files: [...files.values()] });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.dropOutput();
    this.#files.clear();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const wait = this.#lastTurn + TURN_MS - this.#now();
    // After all that the guest did in the burst that is being looked at.
    if (wait <= 0) queueMicrotask(() => this.#isScheduled && this.flush());
    else this.#timer = setTimeout(() => this.flush(), wait);
  }
}
