import { type ReadonlySignal, signal } from "@preact/signals";

export interface Notice {
  readonly id: number;
  readonly kind: "good" | "info" | "warning" | "danger";
  readonly text: string;
  readonly action?: { readonly name: string; readonly run: () => void };
}

/** Messages to the person, until they are dismissed. */
export class Notices {
  readonly #list = signal<readonly Notice[]>([]);
  #nextId = 1;

  readonly list: ReadonlySignal<readonly Notice[]> = this.#list;

  /** The same text is not shown twice. */
  add(notice: Omit<Notice, "id">): number {
    const shown = this.#list.peek().find(({ text }) => text === notice.text);
    if (shown !== undefined) return shown.id;
    const id = this.#nextId++;
    this.#list.value = [...this.#list.peek(), { ...notice, id }];
    return id;
  }

  dismiss(id: number): void {
    this.#list.value = this.#list.peek().filter((notice) => notice.id !== id);
  }

  /** Tells of something that was tried and failed. */
  failed(error: unknown): void {
    this.add({ kind: "danger", text: error instanceof Error ? error.message : String(error) });
  }
}
