import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { GDB_BRIDGE_PATH, GDB_BRIDGE_PROTOCOL } from "../gdb/index.js";

const HOST = "127.0.0.1";
/** Of a page, which sends packets and no more. */
const LARGEST_MESSAGE_BYTES = 1024 * 1024;
/** So much may wait in a line that is slower than the other. */
const MOST_WAITING_BYTES = 256 * 1024;

/**
 * Carries bytes between a debugger, which connects to a TCP port of this machine, and a page,
 * which cannot listen: it opens a WebSocket that waits for the debugger. Each WebSocket is one
 * session; when its debugger leaves, it is closed, and the page opens the next.
 *
 * Any page in the user's browser can open a WebSocket to this machine, so only one that comes
 * from our own server and knows the token is taken.
 */
export class GdbBridge implements AsyncDisposable {
  /** What a page must know. It is for the address's fragment, which browsers do not send. */
  readonly token = randomBytes(16).toString("hex");
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => GDB_BRIDGE_PROTOCOL,
  });
  readonly #listener: Server;
  readonly #open = new Set<Socket | WebSocket>();
  #waiting: WebSocket | undefined;

  /** @param port for the debugger; 0 takes any that is free. */
  static async listen(port: number): Promise<GdbBridge> {
    const bridge = new GdbBridge();
    bridge.#listener.listen(port, HOST);
    await once(bridge.#listener, "listening");
    return bridge;
  }

  private constructor() {
    this.#listener = createServer((socket) => this.#debuggerCame(socket));
  }

  get host(): string {
    return HOST;
  }

  /** For the debugger. */
  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Answers what an HTTP server is asked to upgrade. */
  readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#isOurPage(request)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (page) => this.#pageCame(page));
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, "close");
    this.#listener.close();
    for (const end of this.#open) {
      if ("terminate" in end) end.terminate();
      else end.destroy();
    }
    await closed;
  }

  #isOurPage({ url, headers, socket }: IncomingMessage): boolean {
    // A name that leads to this machine, but that somebody else gave it, is not ours.
    const hosts = [`${HOST}:${socket.localPort}`, `localhost:${socket.localPort}`];
    const { host, origin } = headers;
    if (url !== GDB_BRIDGE_PATH || host === undefined || !hosts.includes(host)) return false;
    if (origin !== `http://${host}`) return false;
    const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((it) => it.trim());
    return offered[0] === GDB_BRIDGE_PROTOCOL && isSame(offered[1] ?? "", this.token);
  }

  /** The page that came last is the one that a person looks at. */
  #pageCame(page: WebSocket): void {
    this.#waiting?.close();
    this.#waiting = page;
    this.#keep(page);
    page.on("error", () => page.terminate());
    page.on("close", () => {
      if (this.#waiting === page) this.#waiting = undefined;
    });
  }

  #debuggerCame(socket: Socket): void {
    this.#keep(socket);
    // What ends it is told by "close".
    socket.on("error", () => undefined);
    const page = this.#waiting;
    if (page === undefined || page.readyState !== page.OPEN) {
      socket.end();
      return;
    }
    this.#waiting = undefined;
    relay(socket, page);
  }

  #keep(end: Socket | WebSocket): void {
    this.#open.add(end);
    end.on("close", () => this.#open.delete(end));
  }
}

function relay(socket: Socket, page: WebSocket): void {
  socket.setNoDelay(true);
  socket.on("data", (bytes) => {
    page.send(bytes, () => socket.resume());
    if (page.bufferedAmount > MOST_WAITING_BYTES) socket.pause();
  });
  page.on("message", (data) => {
    if (!Buffer.isBuffer(data) || socket.write(data)) return;
    page.pause();
    socket.once("drain", () => page.resume());
  });
  socket.on("close", () => page.close());
  page.on("close", () => socket.end(() => socket.destroy()));
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
