import { signal } from "@preact/signals";
import type { FileEvent } from "../../../emulator/browser/protocol.js";
import type { LabActions } from "../lab-actions.js";

/** The order in which files were written last since the page was opened, as make goes by times. */
export class WriteOrder implements Disposable {
  readonly #order = signal<ReadonlyMap<string, number>>(new Map());
  readonly #listening: Disposable;
  #last = 0;

  constructor(actions: Pick<LabActions, "onFiles">) {
    this.#listening = actions.onFiles((events) => this.#take(events));
  }

  /**
   * Whether the source was written behind what is made of it. Of what was written before the page
   * was opened nothing is known. A component that asks is drawn again when the answer changes.
   * @param isChanged the source is not as the course has it
   */
  isOlder(made: string, source: string, isChanged: boolean): boolean {
    const order = this.#order.value;
    const madeAt = order.get(made);
    // The course's own text, and what the course has made of it.
    if (madeAt === undefined && !isChanged) return false;
    return (order.get(source) ?? 0) > (madeAt ?? 0);
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #take(events: readonly FileEvent[]): void {
    const order = new Map(this.#order.peek());
    for (const { path, change } of events) order.set(path, change === "written" ? ++this.#last : 0);
    this.#order.value = order;
  }
}
