import type { MessageQueue } from "./arq-sender.js";

/** A command or a reply that has messages to send when there is room for them. */
export interface BulkSource {
  /** The next message, undefined while there is none. */
  next(): Uint8Array | undefined;
}

/** What waits to be sent: control first, then the bulk sources in turn. */
export class Outgoing implements MessageQueue {
  #control: Uint8Array[] = [];
  /** In the order of their turns. */
  #sources: BulkSource[] = [];

  control(message: Uint8Array): void {
    this.#control.push(message);
  }

  add(source: BulkSource): void {
    this.#sources.push(source);
  }

  remove(source: BulkSource): void {
    this.#sources = this.#sources.filter((other) => other !== source);
  }

  clear(): void {
    this.#control = [];
    this.#sources = [];
  }

  next(withBulk: boolean): Uint8Array | undefined {
    const message = this.#control.shift();
    if (message !== undefined || !withBulk) return message;
    for (let turn = 0; turn < this.#sources.length; turn++) {
      const source = this.#sources.shift();
      if (source === undefined) break;
      this.#sources.push(source);
      const bulk = source.next();
      if (bulk !== undefined) return bulk;
    }
    return undefined;
  }
}
