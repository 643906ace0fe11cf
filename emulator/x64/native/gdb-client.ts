/** As much of GDB's remote protocol as it takes to run a program under QEMU and to read memory. */
import { connect, type Socket } from "node:net";

export class GdbClient {
  readonly #socket: Socket;
  #received = "";
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on("close", () => this.#wake());
  }

  /** @param path of a Unix socket */
  static connect(path: string): Promise<GdbClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(new GdbClient(socket)));
      socket.once("error", reject);
    });
  }

  /** Sends a packet. @returns the answer's payload */
  async ask(payload: string): Promise<string> {
    let sum = 0;
    for (const character of payload) sum = (sum + character.charCodeAt(0)) & 0xff;
    this.#socket.write(`$${payload}#${sum.toString(16).padStart(2, "0")}`, "latin1");
    return this.#packet();
  }

  /** @throws Error if the stub refuses */
  async command(payload: string): Promise<void> {
    const answer = await this.ask(payload);
    if (answer !== "OK") throw new Error(`QEMU answers "${answer}" to "${payload}".`);
  }

  /** A command of QEMU's monitor. */
  async monitor(line: string): Promise<void> {
    const hex = Buffer.from(line, "latin1").toString("hex");
    let answer = await this.ask(`qRcmd,${hex}`);
    // Output comes as packets of its own, before the last one.
    while (answer.startsWith("O") && answer !== "OK") answer = await this.#packet();
    if (answer !== "OK") throw new Error(`QEMU answers "${answer}" to "${line}".`);
  }

  async readMemory(address: number, length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let done = 0; done < length; done += 1024) {
      const size = Math.min(1024, length - done);
      const hex = await this.ask(`m${(address + done).toString(16)},${size.toString(16)}`);
      parts.push(Buffer.from(hex, "hex"));
    }
    return Buffer.concat(parts);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #packet(): Promise<string> {
    for (;;) {
      const begin = this.#received.indexOf("$");
      const end = this.#received.indexOf("#", begin);
      if (begin >= 0 && end >= 0 && this.#received.length >= end + 3) {
        const payload = this.#received.slice(begin + 1, end);
        this.#received = this.#received.slice(end + 3);
        this.#socket.write("+");
        return unescaped(payload);
      }
      if (this.#socket.destroyed) throw new Error("QEMU has closed its debugger's connection.");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A repetition is written as a character, `*` and its count + 29. */
function unescaped(payload: string): string {
  return payload.replace(/(.)\*(.)/gs, (_, character: string, count: string) =>
    character.repeat(count.charCodeAt(0) - 28),
  );
}
