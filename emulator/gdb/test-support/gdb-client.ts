import type { GdbServer } from "../index.js";
import { bytesOf, hexOfText, latin1 } from "../latin1.js";
import { checksum } from "../packet.js";
import type { ByteTransport } from "../transport.js";

/** A packet as gdb reads it: the checksum compared, runs and escapes undone. */
export function decodeReply(packet: string): string {
  const [, body, sum] = /^\$([^#$]*)#([0-9a-f]{2})$/s.exec(packet) ?? [];
  if (body === undefined || sum !== checksum(body)) throw new Error(`no packet: ${packet}`);
  let data = "";
  for (let at = 0; at < body.length; at++) {
    const character = body.charAt(at);
    if (character === "}") {
      at++;
      data += String.fromCharCode(body.charCodeAt(at) ^ 0x20);
    } else if (character === "*") {
      at++;
      data += data.slice(-1).repeat(body.charCodeAt(at) - 29);
    } else {
      data += character;
    }
  }
  return data;
}

/** A debugger that a test drives packet by packet, at the other end of a line in memory. */
export class TestClient implements AsyncDisposable {
  readonly served: Promise<void>;
  #received = "";
  #closed = false;
  #toServer: Uint8Array[] = [];
  #serverWaits: (() => void) | undefined;
  #clientWaits: (() => void) | undefined;

  constructor(server: GdbServer) {
    this.served = server.serve(this.#transport());
  }

  /** The server has ended the line, or we have. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes as they are. */
  raw(text: string): void {
    this.#toServer.push(bytesOf(text));
    this.#serverWaits?.();
  }

  send(data: string): void {
    this.raw(`$${data}#${checksum(data)}`);
  }

  /** The next packet, acknowledgements passed over. */
  async receive(): Promise<string> {
    for (;;) {
      const [packet = undefined] = /\$[^#]*#[0-9a-f]{2}/s.exec(this.#received) ?? [];
      if (packet !== undefined) {
        this.#received = this.#received.slice(this.#received.indexOf(packet) + packet.length);
        return decodeReply(packet);
      }
      await this.#more();
    }
  }

  async ask(data: string): Promise<string> {
    this.send(data);
    return this.receive();
  }

  /** What `monitor …` prints. */
  async monitor(command: string): Promise<string> {
    this.send(`qRcmd,${hexOfText(command)}`);
    let printed = "";
    for (;;) {
      const reply = await this.receive();
      if (!reply.startsWith("O") || reply === "OK") return printed + (reply === "OK" ? "" : reply);
      printed += textOf(reply);
    }
  }

  /** The next byte that is no part of a packet. */
  async receiveByte(): Promise<string> {
    while (this.#received === "") await this.#more();
    const byte = this.#received.charAt(0);
    this.#received = this.#received.slice(1);
    return byte;
  }

  /** Drops the line, as a debugger that is killed does. */
  hangUp(): void {
    this.#closed = true;
    this.#serverWaits?.();
    this.#clientWaits?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await this.served;
  }

  async #more(): Promise<void> {
    if (this.#closed) throw new Error("the line has ended");
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`nothing came; so far: ${JSON.stringify(this.#received)}`)),
        10_000,
      );
      this.#clientWaits = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #transport(): ByteTransport {
    const client = this;
    return {
      input: (async function* () {
        for (;;) {
          yield* client.#toServer.splice(0);
          if (client.#closed) return;
          if (client.#toServer.length > 0) continue;
          await new Promise<void>((resolve) => {
            client.#serverWaits = resolve;
          });
        }
      })(),
      async write(bytes) {
        if (client.#closed) return;
        client.#received += latin1(bytes);
        client.#clientWaits?.();
      },
      close: () => client.hangUp(),
    };
  }
}

/** The text of an `O` packet. */
export function textOf(reply: string): string {
  return Buffer.from(reply.slice(1), "hex").toString("utf8");
}
