import {
  type ByteTransport,
  GDB_BRIDGE_PATH,
  GDB_BRIDGE_PROTOCOL,
  type GdbServer,
} from "../gdb/index.js";

/**
 * The page's end of the bridge to a debugger: a page cannot listen for one, so it opens a
 * WebSocket to the server that it came from, which waits there.
 */

/** What waits in the browser before more is written. */
const MOST_WAITING_BYTES = 256 * 1024;
/** A WebSocket does not tell when it has room again. */
const LOOK_AGAIN_MS = 5;

/** Opens a WebSocket; a browser's own, or a test's. */
export type OpenWebSocket = (address: string, protocols: string[]) => WebSocket;

/** Lets debuggers that come over a bridge debug a page's guest, one after the other. */
export class PageGdbBridge implements Disposable {
  readonly #server: GdbServer;
  readonly #connect: () => WebSocket;
  #socket: WebSocket | undefined;
  #closed = false;

  /**
   * @param address of the page's server, with `ws:` or `wss:`.
   * @param token that the server has given the page.
   */
  constructor(
    server: GdbServer,
    address: string,
    token: string,
    open: OpenWebSocket = (to, protocols) => new WebSocket(to, protocols),
  ) {
    this.#server = server;
    this.#connect = () =>
      open(new URL(GDB_BRIDGE_PATH, address).href, [GDB_BRIDGE_PROTOCOL, token]);
  }

  /**
   * Waits for debuggers until the server is gone or this is disposed of.
   * @returns whether the server took us at all.
   */
  async serve(): Promise<boolean> {
    for (let served = false; ; served = true) {
      if (this.#closed) return served;
      const socket = this.#connect();
      this.#socket = socket;
      if (!(await opened(socket))) return served;
      await this.#server.serve(webSocketTransport(socket));
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#socket?.close();
  }
}

function opened(socket: WebSocket): Promise<boolean> {
  socket.binaryType = "arraybuffer";
  return new Promise((resolve) => {
    socket.addEventListener("open", () => resolve(true));
    socket.addEventListener("error", () => resolve(false));
    socket.addEventListener("close", () => resolve(false));
  });
}

function webSocketTransport(socket: WebSocket): ByteTransport {
  return {
    input: messages(socket),
    async write(bytes) {
      if (socket.readyState === socket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
      while (socket.readyState === socket.OPEN && socket.bufferedAmount > MOST_WAITING_BYTES) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    },
    close: () => socket.close(),
  };
}

async function* messages(socket: WebSocket): AsyncGenerator<Uint8Array> {
  const received: Uint8Array[] = [];
  let wake: () => void = () => undefined;
  let isOpen = true;
  socket.addEventListener("message", ({ data }) => {
    if (data instanceof ArrayBuffer) received.push(new Uint8Array(data));
    wake();
  });
  socket.addEventListener("close", () => {
    isOpen = false;
    wake();
  });
  for (;;) {
    yield* received.splice(0);
    if (received.length > 0) continue;
    if (!isOpen || socket.readyState === socket.CLOSED) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
