import { signal } from "@preact/signals";
import type { FileEvent } from "../../../emulator/browser/protocol.js";
import type { LabActions } from "../lab-actions.js";

/** Of a text that was changed before this page was opened. */
const BEFORE = 1;

/** The order in which files were written last, as make goes by their times. */
export class WriteOrder implements Disposable {
  readonly #order = signal<ReadonlyMap<string, number>>(new Map());
  readonly #listening: Disposable;
  #last = BEFORE;

  constructor(actions: Pick<LabActions, "onFiles">) {
    this.#listening = actions.onFiles((events) => this.#take(events));
  }

  /**
   * Whether what is made of a source was made before the source was written, or not at all since.
   * A component that asks is drawn again when that changes.
   * @param isChanged the source is not as the course has it
   */
  isOlder(made: string, source: string, isChanged: boolean): boolean {
    const order = this.#order.value;
    const madeAt = order.get(made);
    // The course's own text, and what the course has made of it.
    if (madeAt === undefined && !isChanged) return false;
    return (order.get(source) ?? (isChanged ? BEFORE : 0)) > (madeAt ?? 0);
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
