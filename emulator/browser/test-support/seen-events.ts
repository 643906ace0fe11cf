import type { LabEvent } from "../protocol.js";

type Kind = LabEvent["kind"];
type EventOf<K extends Kind> = Extract<LabEvent, { kind: K }>;

/** A busy machine's, and far beyond what anything here takes. */
const BOUND_MS = 20_000;

/** What a worker would have told its page. */
export class SeenEvents {
  readonly all: LabEvent[] = [];
  readonly #waiting = new Set<() => void>();

  /** As it arrives there: cloned, which fails for what cannot cross. */
  readonly take = (event: LabEvent): void => {
    this.all.push(structuredClone(event));
    for (const check of [...this.#waiting]) check();
  };

  of<K extends Kind>(kind: K): EventOf<K>[] {
    return this.all.filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** All that the terminal shows since its last reset. */
  get terminal(): string {
    const decoder = new TextDecoder();
    let text = "";
    for (const event of this.all) {
      if (event.kind === "terminal-reset") text = decoder.decode(event.backlog);
      else if (event.kind === "terminal") text += decoder.decode(event.bytes, { stream: true });
    }
    return text;
  }

  forget(): void {
    this.all.length = 0;
  }

  /** Waits until `look` finds something, looking again at each event. */
  until<T>(what: string, look: (events: SeenEvents) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look(this);
        if (found === undefined) return;
        this.#waiting.delete(check);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const last = this.all.slice(-8).map((event) => JSON.stringify(event).slice(0, 300));
        reject(new Error(`${what}: not within ${BOUND_MS} ms. The last:\n${last.join("\n")}`));
      }, BOUND_MS);
      this.#waiting.add(check);
      check();
    });
  }

  /** Waits for an event of a kind that `fits`. */
  untilEvent<K extends Kind>(
    kind: K,
    fits: (event: EventOf<K>) => boolean = () => true,
  ): Promise<EventOf<K>> {
    return this.until(`an event ${kind}`, (events) => events.of(kind).find(fits));
  }

  untilTerminal(pattern: RegExp): Promise<string> {
    return this.until(`the terminal to show ${pattern}`, ({ terminal }) =>
      pattern.test(terminal) ? terminal : undefined,
    );
  }
}
