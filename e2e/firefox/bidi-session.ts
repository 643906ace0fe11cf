import { LocalWebSocket } from "./web-socket.js";

/** Firefox answers at once; a busy machine does not. */
const ANSWER_MS = 30_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a browser tells without being asked. */
export interface BidiEvent {
  readonly method: string;
  readonly params: unknown;
}

/** A session of WebDriver BiDi (W3C): commands and their answers, and events. */
export class BidiSession implements Disposable {
  readonly #waiting = new Map<number, Waiting>();
  readonly #events: BidiEvent[] = [];
  #socket: LocalWebSocket | undefined;
  #lastId = 0;

  /** @param url what the browser said that it listens on. */
  static async connect(url: string): Promise<BidiSession> {
    const session = new BidiSession();
    session.#socket = await LocalWebSocket.connect(`${url}/session`, (text) => session.#take(text));
    await session.send("session.new", { capabilities: {} });
    return session;
  }

  /** Those that were subscribed to, from the first on. */
  get events(): readonly BidiEvent[] {
    return this.#events;
  }

  /** @throws (rejects) what the browser answers, when it refuses */
  async send(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        timer = setTimeout(
          () => reject(new Error(`${method} had no answer within ${ANSWER_MS} ms.`)),
          ANSWER_MS,
        );
        this.#socket?.send(JSON.stringify({ id, method, params }));
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  [Symbol.dispose](): void {
    this.#socket?.[Symbol.dispose]();
  }

  #take(text: string): void {
    const message = JSON.parse(text);
    if (message.type === "event") {
      this.#events.push({ method: message.method, params: message.params });
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (message.type === "success") waiting?.resolve(message.result);
    else waiting?.reject(new Error(`${message.error}: ${message.message}`));
  }
}
