import { ByteReader, ByteWriter, concatBytes } from "../bytes.js";
import { encodeFrame, FrameDecoder } from "../frame.js";
import { FROM_GUEST, FrameKind, GuestMessageType, HostMessageType } from "../protocol.js";
import type { FakeTimers } from "./fake-timers.js";
import type { SimulatedLine } from "./simulated-line.js";

const POLL_MS = 250;
/** Small, so that short tests go through many windows. */
const CHUNK = 700;

interface Program {
  readonly argv: readonly string[];
  cat: boolean;
  credit: number;
}

/**
 * The guest's side as simply as PROTOCOL.md allows: it acknowledges each message, keeps all
 * it ever sent, and sends everything from the number in a NAK again. Its programs are
 * `echo TEXT`, `flood BYTES`, `cat` and `hang`. For tests of the host's side.
 */
export class ReferenceAgent {
  readonly #line: SimulatedLine;
  readonly #decoder = new FrameDecoder(2000);
  readonly version: number;
  readonly pid = 77;
  #nonce: number | undefined;
  #expected = 0;
  #sent: Uint8Array[] = [];
  #acknowledged = 0;
  #token = 0;
  /** A NAK for the expected message is on its way: the last number seen since. */
  #asked: number | undefined;
  #programs = new Map<number, Program>();
  #requests = new Map<number, Uint8Array[]>();
  /** What the host has asked for, by message type, in order. */
  readonly heard: number[] = [];
  ignoreHellos = 0;
  hellos = 0;

  constructor(line: SimulatedLine, timers: FakeTimers, version = 1) {
    this.#line = line;
    this.version = version;
    line.guest.onOutput((bytes) => this.#input(bytes));
    const poll = (): void => {
      if (this.#nonce !== undefined && this.#acknowledged < this.#sent.length) this.#poll();
      timers.after(POLL_MS, poll);
    };
    timers.after(POLL_MS, poll);
  }

  /** As after its process was killed and started anew. */
  restart(): void {
    this.#forget();
    this.#nonce = undefined;
    this.#frame(
      new ByteWriter(6)
        .u8(FROM_GUEST | FrameKind.ready)
        .u8(this.version)
        .u32(this.pid),
    );
  }

  /** Sends a message of the guest. */
  send(message: ByteWriter): void {
    this.#sent.push(message.done());
    this.#transmit(this.#sent.length - 1);
  }

  #forget(): void {
    this.#expected = 0;
    this.#asked = undefined;
    this.#sent = [];
    this.#acknowledged = 0;
    this.#programs.clear();
    this.#requests.clear();
  }

  #frame(writer: ByteWriter): void {
    this.#line.guest.write(encodeFrame(writer.done()));
  }

  #transmit(index: number): void {
    const message = this.#sent[index];
    if (message === undefined) return;
    const header = new ByteWriter(5 + message.length).u8(FROM_GUEST | FrameKind.data);
    this.#frame(
      header
        .u16(index & 0xffff)
        .u16(this.#expected & 0xffff)
        .bytes(message),
    );
  }

  #poll(): void {
    this.#token = (this.#token % 255) + 1;
    const frame = new ByteWriter(4).u8(FROM_GUEST | FrameKind.poll);
    this.#frame(frame.u16(this.#expected & 0xffff).u8(this.#token));
  }

  #ack(): void {
    const frame = new ByteWriter(3).u8(FROM_GUEST | FrameKind.ack);
    this.#frame(frame.u16(this.#expected & 0xffff));
  }

  /** Asks once, and again only when the host went back and failed again. */
  #ask(seen: number): void {
    const before = this.#asked;
    this.#asked = seen;
    if (before === undefined || (seen <= before && seen > this.#expected)) this.#nak(0);
  }

  #nak(token: number): void {
    const frame = new ByteWriter(4).u8(FROM_GUEST | FrameKind.nak);
    this.#frame(frame.u16(this.#expected & 0xffff).u8(token));
  }

  #input(bytes: Uint8Array): void {
    for (const decoded of this.#decoder.push(bytes)) {
      if (decoded.kind === "frame") this.#received(new ByteReader(decoded.body));
      else if (this.#nonce !== undefined) this.#ask(this.#expected);
    }
  }

  #received(frame: ByteReader): void {
    const kind = frame.u8();
    if (kind === FrameKind.hello) {
      this.#hello(frame);
      return;
    }
    if (this.#nonce === undefined) {
      this.restart();
      return;
    }
    const sequence = kind === FrameKind.data ? frame.u16() : 0;
    this.#confirm(frame.u16());
    if (kind === FrameKind.data && sequence === (this.#expected & 0xffff)) {
      this.#expected++;
      this.#asked = undefined;
      this.#message(frame);
      this.#ack();
    } else if (kind === FrameKind.data) {
      const ahead = (sequence - this.#expected) & 0xffff;
      if (ahead >= 0x8000) this.#ack();
      else this.#ask(this.#expected + ahead);
    } else if (kind === FrameKind.poll) {
      this.#nak(frame.u8());
    } else if (kind === FrameKind.nak) {
      const token = frame.u8();
      if (token !== 0 && token !== this.#token) return;
      for (let i = this.#acknowledged; i < this.#sent.length; i++) this.#transmit(i);
    }
  }

  #hello(frame: ByteReader): void {
    this.hellos++;
    frame.u8();
    const nonce = frame.u32();
    if (this.ignoreHellos > 0) {
      this.ignoreHellos--;
      return;
    }
    if (nonce !== this.#nonce) this.#forget();
    this.#nonce = nonce;
    const ack = new ByteWriter(10).u8(FROM_GUEST | FrameKind.hello).u8(this.version);
    this.#frame(ack.u32(nonce).u32(this.pid));
  }

  #confirm(acknowledged: number): void {
    const steps = (acknowledged - this.#acknowledged) & 0xffff;
    if (this.#acknowledged + steps <= this.#sent.length) this.#acknowledged += steps;
  }

  #message(reader: ByteReader): void {
    const type = reader.u8();
    const id = reader.u32();
    this.heard.push(type);
    switch (type) {
      case HostMessageType.ping:
        this.send(begin(GuestMessageType.pong, id));
        break;
      case HostMessageType.setTime:
        this.send(begin(GuestMessageType.timeSet, id).u16(0));
        break;
      case HostMessageType.execPart:
      case HostMessageType.exec: {
        reader.u32();
        const parts = [...(this.#requests.get(id) ?? []), reader.rest()];
        this.#requests.set(id, parts);
        if (type === HostMessageType.exec) this.#start(id, concatBytes(parts));
        break;
      }
      case HostMessageType.stdin:
        this.#stdin(id, reader.rest());
        break;
      case HostMessageType.stdinEof:
        if (this.#programs.get(id)?.cat === true) this.#exit(id, 0, 0);
        break;
      case HostMessageType.signal:
        this.#exit(id, 1, reader.u8());
        break;
    }
  }

  #start(id: number, request: Uint8Array): void {
    // Past flags, umask, uid, gid and counts: cwd, then the arguments.
    const [, ...argv] = new TextDecoder().decode(request.subarray(15)).split("\0");
    const program = { argv, cat: argv[0] === "cat", credit: 0 };
    if (argv[0] === "missing") {
      this.send(begin(GuestMessageType.execFailed, id).u16(2).u8(9));
      return;
    }
    this.#programs.set(id, program);
    this.send(begin(GuestMessageType.started, id).u32(1000 + id));
    if (argv[0] === "echo") this.#output(id, new TextEncoder().encode(argv[1]));
    if (argv[0] === "flood") this.#output(id, flood(Number(argv[1])));
    if (argv[0] === "echo" || argv[0] === "flood") this.#exit(id, 0, 0);
  }

  #stdin(id: number, bytes: Uint8Array): void {
    const program = this.#programs.get(id);
    if (program?.cat !== true) return;
    this.#output(id, bytes);
    program.credit += bytes.length;
    if (program.credit < 4096) return;
    this.send(begin(GuestMessageType.stdinCredit, id).u32(program.credit));
    program.credit = 0;
  }

  #output(id: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      this.send(begin(GuestMessageType.stdout, id).bytes(bytes.subarray(at, at + CHUNK)));
    }
  }

  #exit(id: number, how: number, value: number): void {
    if (!this.#programs.delete(id)) return;
    const message = begin(GuestMessageType.exit, id).u8(how).u8(value).u8(0);
    this.send(message.i64(1500).i64(500).u32(640));
  }
}

function begin(type: number, id: number): ByteWriter {
  return new ByteWriter(1000).u8(type).u32(id);
}

/** The output of `flood BYTES`. */
export function flood(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 2654435761) >>> 11);
}
