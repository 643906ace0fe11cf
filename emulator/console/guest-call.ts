import { concatBytes } from "./bytes.js";
import { CreditedBytes } from "./credited-bytes.js";
import { replyEndMessage, replyMessage } from "./messages.js";
import type { BulkSource } from "./outgoing.js";

/** What a program in the guest asks of the host, with `kspace-call NAME [ARG...]`. */
export interface GuestRequest {
  readonly name: string;
  readonly args: readonly string[];
  /** The program's standard input, if it passed it on. */
  readonly payload: Uint8Array;
  /** Who asks, as the guest's kernel knows it. */
  readonly caller: { readonly pid: number; readonly uid: number; readonly gid: number };
  /** Fires when the caller has left, or the line is gone. */
  readonly signal: AbortSignal;
  /**
   * Sends the caller a part of its standard output at once, ahead of what the reply has. Ignored
   * after the reply. What the caller does not read yet waits here.
   */
  write(bytes: Uint8Array): void;
}

export interface GuestReply {
  /** The exit status of kspace-call, 0 to 255. Default: 0. */
  readonly status?: number;
  /** Its standard output, or the rest of it. Default: nothing. */
  readonly payload?: Uint8Array | string;
  /** What it says on standard error. Default: nothing. Cut after 255 bytes. */
  readonly complaint?: string;
}

/** Answers a request. A rejection becomes status 1 with its message as the complaint. */
export type RequestHandler = (request: GuestRequest) => GuestReply | Promise<GuestReply>;

/** More is no request but an accident. */
const LONGEST_REQUEST = 16 * 1024 * 1024;
const LONGEST_COMPLAINT = 255;
/** As a shell says that there is no such command. */
const STATUS_NOT_FOUND = 127;

export interface CallLine {
  handler(name: string): RequestHandler | undefined;
  pump(): void;
  finished(call: GuestCall): void;
}

/** The host's side of one request. */
export class GuestCall implements BulkSource {
  readonly id: number;
  readonly #caller: GuestRequest["caller"];
  readonly #line: CallLine;
  readonly #abort = new AbortController();
  readonly #reply = new CreditedBytes();
  #request: Uint8Array[] = [];
  #requestBytes = 0;
  #status = 0;
  #complaint: Uint8Array = new Uint8Array();

  constructor(id: number, caller: GuestRequest["caller"], line: CallLine) {
    this.id = id;
    this.#caller = caller;
    this.#line = line;
  }

  data(bytes: Uint8Array): void {
    this.#requestBytes += bytes.length;
    if (this.#requestBytes <= LONGEST_REQUEST) this.#request.push(bytes);
    else this.#request = [];
  }

  /** The request is complete. */
  end(): void {
    this.#answer().then(
      (reply) => this.#send(reply),
      (error: unknown) => this.#send({ status: 1, complaint: messageOf(error) }),
    );
  }

  addCredit(bytes: number): void {
    this.#reply.addCredit(bytes);
  }

  /** Nobody waits for the reply any more. */
  gone(): void {
    this.#reply.discard();
    this.#abort.abort();
  }

  next(): Uint8Array | undefined {
    const bytes = this.#reply.take();
    if (bytes !== undefined) return replyMessage(this.id, bytes);
    if (!this.#reply.takeEnd()) return undefined;
    this.#line.finished(this);
    return replyEndMessage(this.id, this.#status, this.#complaint);
  }

  async #answer(): Promise<GuestReply> {
    if (this.#requestBytes > LONGEST_REQUEST) {
      return { status: 1, complaint: `a request has at most ${LONGEST_REQUEST} bytes` };
    }
    const bytes = concatBytes(this.#request);
    this.#request = [];
    const parsed = parseRequest(bytes);
    if (parsed === undefined) return { status: 1, complaint: "this is no request" };
    const handler = this.#line.handler(parsed.name);
    if (handler === undefined) {
      return {
        status: STATUS_NOT_FOUND,
        complaint: `the host knows no request of the name ${parsed.name}`,
      };
    }
    return handler({
      ...parsed,
      caller: this.#caller,
      signal: this.#abort.signal,
      write: (bytes) => {
        this.#reply.put(bytes);
        this.#line.pump();
      },
    });
  }

  #send({ status = 0, payload = "", complaint = "" }: GuestReply): void {
    this.#status = status & 0xff;
    this.#complaint = new TextEncoder().encode(complaint).subarray(0, LONGEST_COMPLAINT);
    this.#reply.put(typeof payload === "string" ? new TextEncoder().encode(payload) : payload);
    this.#reply.end();
    this.#line.pump();
  }
}

/** The bytes as kernel-src/agent/call-client.c sends them; undefined if they are not such. */
function parseRequest(
  bytes: Uint8Array,
): { name: string; args: string[]; payload: Uint8Array } | undefined {
  const count = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  const strings: string[] = [];
  let at = 2;
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    strings.push(new TextDecoder().decode(bytes.subarray(at, end)));
    at = end + 1;
  }
  const [name, ...args] = strings;
  return name === undefined ? undefined : { name, args, payload: bytes.subarray(at) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
