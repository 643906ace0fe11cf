import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";

/** RFC 6455, 5.2. */
const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * A WebSocket to a program on this machine: text messages and no extensions. Node 20 has a
 * WebSocket only behind a flag; with 22 as the oldest, this file can go.
 */
export class LocalWebSocket implements Disposable {
  readonly #socket: Socket;
  readonly #onMessage: (text: string) => void;
  #received: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  private constructor(socket: Socket, head: Buffer, onMessage: (text: string) => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    // The peer may end at any time: whoever waits for an answer has a bound of its own.
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#take(head);
  }

  /** @param url with `ws:` */
  static connect(url: string, onMessage: (text: string) => void): Promise<LocalWebSocket> {
    const { hostname, port, pathname } = new URL(url);
    return new Promise((resolve, reject) => {
      const outgoing = request({
        hostname,
        port,
        path: pathname,
        headers: {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": randomBytes(16).toString("base64"),
        },
      });
      outgoing.on("upgrade", (_response, socket, head) => {
        resolve(new LocalWebSocket(socket as Socket, head, onMessage));
      });
      outgoing.on("response", ({ statusCode }) => {
        reject(new Error(`${url} answered with status ${statusCode} instead of a WebSocket.`));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  send(text: string): void {
    this.#sendFrame(OPCODE.text, Buffer.from(text));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #sendFrame(opcode: number, payload: Buffer): void {
    // 5.3: a client masks what it sends.
    const mask = randomBytes(4);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.#socket.write(Buffer.concat([header(opcode, payload.length), mask, masked]));
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
      const { opcode, isFinal, payload } = frame;
      if (opcode === OPCODE.ping) this.#sendFrame(OPCODE.pong, payload);
      if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) continue;
      this.#fragments.push(payload);
      if (!isFinal) continue;
      const message = Buffer.concat(this.#fragments);
      this.#fragments = [];
      this.#onMessage(message.toString());
    }
  }

  /** Servers do not mask (5.1). */
  #nextFrame(): { opcode: number; isFinal: boolean; payload: Buffer } | undefined {
    const bytes = this.#received;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1);
    const start = short === LENGTH_64 ? 10 : short === LENGTH_16 ? 4 : 2;
    if (bytes.length < start) return undefined;
    const length =
      short === LENGTH_64
        ? Number(bytes.readBigUInt64BE(2))
        : short === LENGTH_16
          ? bytes.readUInt16BE(2)
          : short;
    if (bytes.length < start + length) return undefined;
    this.#received = bytes.subarray(start + length);
    const first = bytes.readUInt8(0);
    return {
      opcode: first & 0x0f,
      isFinal: (first & FINAL) !== 0,
      payload: bytes.subarray(start, start + length),
    };
  }
}

function header(opcode: number, length: number): Buffer {
  if (length < LENGTH_16) return Buffer.of(FINAL | opcode, MASKED | length);
  const long = Buffer.alloc(length < 0x10000 ? 4 : 10);
  long.writeUInt8(FINAL | opcode, 0);
  long.writeUInt8(MASKED | (length < 0x10000 ? LENGTH_16 : LENGTH_64), 1);
  if (length < 0x10000) long.writeUInt16BE(length, 2);
  else long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}
