import { errorNumbers, FileError } from "./errors.js";
import { attributeHandlers } from "./ninep-attributes.js";
import { MessageReader, MessageWriter } from "./ninep-codec.js";
import { directoryHandlers } from "./ninep-directories.js";
import { FidTable } from "./ninep-fids.js";
import { fileHandlers } from "./ninep-files.js";
import { HEADER_SIZE, MESSAGE_SIZE_MIN, MessageType, NO_TAG, VERSION } from "./ninep-protocol.js";
import { type DefaultOwner, type Handler, type Request, replyLimit } from "./ninep-request.js";
import { restoredFids, type Session, saveSession } from "./ninep-session.js";
import { walkHandlers } from "./ninep-walk.js";
import type { FileTree } from "./tree.js";

/** Linux' virtio transport has no larger messages (net/9p/trans_virtio.c: 125 pages). */
const DEFAULT_MAX_MESSAGE_SIZE = 512_000;

export interface NinePServerOptions {
  /** Largest msize to agree to, in bytes; at least 4096. 512,000. */
  readonly maxMessageSize?: number;
  /**
   * Owner of what the guest creates when its mount names no user, as with `access=any`: there
   * all users share one Tattach. 0:0.
   */
  readonly defaultOwner?: DefaultOwner;
  /**
   * Told of each regular file that the guest opens to read it, with its path in the tree. Its
   * content is loaded then, and is what the guest gets; its program waits for what is returned,
   * which must not reject.
   */
  readonly onOpenToRead?: (path: string) => void | Promise<void>;
  /**
   * Told of errors that are no answer to anything the guest asked: a bug here, or a listener of
   * the tree that threw. The guest gets EIO.
   */
  readonly onInternalError?: (error: unknown) => void;
}

/** A request that waits for a file's content. */
interface PendingRequest {
  readonly request: Request;
  /** Ends the wait with an answer. */
  readonly interrupt: () => void;
  /** The answer; never rejects. */
  readonly answer: Promise<Uint8Array>;
}

const handlers: ReadonlyMap<number, Handler> = new Map([
  ...walkHandlers,
  ...fileHandlers,
  ...attributeHandlers,
  ...directoryHandlers,
]);

/**
 * Serves a tree to one guest over 9P2000.L: takes a request's bytes, gives the reply's. It knows
 * nothing of how they travel.
 *
 * Permissions are checked by the guest's kernel, from the attributes it is told; what a request
 * asks for is done, if the tree can do it. Bytes that are no request, and requests that ask for
 * what there is not, are answered by Rlerror; nothing is thrown.
 */
export class NinePServer {
  readonly #tree: FileTree;
  readonly #fids: FidTable;
  readonly #maxMessageSize: number;
  readonly #defaultOwner: DefaultOwner;
  readonly #onOpenToRead: (path: string) => void | Promise<void>;
  readonly #onInternalError: (error: unknown) => void;
  readonly #pending = new Map<number, PendingRequest>();
  /** Negotiated msize; 0 before Tversion. */
  #messageSize = 0;
  /** Grows when another past of the guest begins: answers to the old one are no longer due. */
  #epoch = 0;

  constructor(tree: FileTree, options: NinePServerOptions = {}) {
    this.#tree = tree;
    this.#fids = new FidTable(tree.nodes);
    this.#maxMessageSize = Math.max(
      MESSAGE_SIZE_MIN,
      options.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
    );
    this.#defaultOwner = options.defaultOwner ?? { uid: 0, gid: 0 };
    this.#onOpenToRead = options.onOpenToRead ?? (() => {});
    this.#onInternalError = options.onInternalError ?? (() => {});
  }

  /**
   * Answers one request. At once, except where a file's content must be fetched first: then a
   * promise, which never rejects. The reply is a view of memory of its own; the request is not
   * kept.
   */
  handle(message: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (message.length < HEADER_SIZE) return errorReply(NO_TAG, errorNumbers.EINVAL);
    const { size, type, tag } = readHeader(message);
    try {
      const body = bodyOf(message, size);
      if (type === MessageType.Tversion) return this.#negotiate(tag, body);
      if (this.#messageSize === 0) throw new FileError("EPROTO", "a session begins with Tversion");
      if (type === MessageType.Tflush) return this.#flush(tag, body);
      const handler = handlers.get(type);
      if (handler === undefined) throw new FileError("EOPNOTSUPP", `no message has type ${type}`);
      const request = this.#request(type, tag, body);
      const work = handler(request);
      return work === undefined ? request.reply.finish() : this.#wait(tag, request, work);
    } catch (error) {
      return this.#answerError(tag, error);
    }
  }

  /**
   * Answers one request by calling `reply`, at once or later: of the form that v86's
   * `filesystem.handle9p` has. Unlike the promise of {@link handle}, `reply` is not called for a
   * request of a past that a restored guest has not got.
   */
  serve(message: Uint8Array, reply: (response: Uint8Array) => void): void {
    const epoch = this.#epoch;
    const answer = this.handle(message);
    if (!(answer instanceof Promise)) {
      reply(answer);
      return;
    }
    void answer.then((response) => {
      if (epoch === this.#epoch) reply(response);
    });
  }

  /**
   * Resolves when no request waits for an answer. A guest saved while one does would wait for it
   * forever once restored: save it, and the session, when this has resolved.
   */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0) {
      await Promise.all(Array.from(this.#pending.values(), ({ answer }) => answer));
    }
  }

  /** What belongs to the guest's state as it is now, see {@link Session}. */
  saveSession(): Session {
    return saveSession(this.#tree, this.#fids, this.#messageSize);
  }

  /**
   * Goes to the session that belongs to the state the guest was put back to. The files stay as
   * they are. See {@link Session} for how the fids find them.
   */
  restoreSession(session: Session): void {
    this.#interruptAll();
    this.#epoch += 1;
    this.#messageSize = session.messageSize;
    this.#fids.replaceAll(restoredFids(this.#tree, session));
  }

  /** msize[4] version[s] → msize[4] version[s]. Begins anew: whatever was before is given up. */
  #negotiate(tag: number, body: MessageReader): Uint8Array {
    const offered = body.u32();
    const version = new TextDecoder().decode(body.rawString());
    if (offered < MESSAGE_SIZE_MIN) {
      throw new FileError("EINVAL", `mount with an msize of at least ${MESSAGE_SIZE_MIN}`);
    }
    this.#interruptAll();
    this.#fids.replaceAll([]);
    const isKnown = version === VERSION;
    const agreed = Math.min(offered, this.#maxMessageSize);
    this.#messageSize = isKnown ? agreed : 0;
    const reply = new MessageWriter(MessageType.Tversion + 1, tag, replyLimit(agreed));
    reply.u32(agreed);
    reply.string(isKnown ? VERSION : "unknown");
    return reply.finish();
  }

  /**
   * oldtag[2] → nothing. What waits is answered, by EINTR, before the Rflush: Linux gives the
   * request's memory away when it has that (net/9p/client.c, p9_client_flush).
   */
  #flush(tag: number, body: MessageReader): Uint8Array | Promise<Uint8Array> {
    const pending = this.#pending.get(body.u16());
    const reply = new MessageWriter(MessageType.Tflush + 1, tag, replyLimit(this.#messageSize));
    if (pending === undefined) return reply.finish();
    pending.interrupt();
    return pending.answer.then(() => reply.finish());
  }

  #request(type: number, tag: number, fields: MessageReader): Request {
    return {
      tree: this.#tree,
      store: this.#tree.nodes,
      fids: this.#fids,
      owner: this.#defaultOwner,
      messageSize: this.#messageSize,
      fields,
      reply: new MessageWriter(type + 1, tag, replyLimit(this.#messageSize)),
      onOpenToRead: this.#onOpenToRead,
      interrupted: false,
    };
  }

  #wait(tag: number, request: Request, work: Promise<void>): Promise<Uint8Array> {
    let interrupt = (): void => {};
    const interruption = new Promise<Uint8Array>((resolve) => {
      interrupt = () => {
        request.interrupted = true;
        resolve(errorReply(tag, errorNumbers.EINTR));
      };
    });
    const done = work.then(
      () => request.reply.finish(),
      (error: unknown) => this.#answerError(tag, error),
    );
    const answer = Promise.race([done, interruption]).finally(() => {
      if (this.#pending.get(tag) === pending) this.#pending.delete(tag);
    });
    const pending: PendingRequest = { request, interrupt, answer };
    this.#pending.set(tag, pending);
    return answer;
  }

  #interruptAll(): void {
    for (const { interrupt } of this.#pending.values()) interrupt();
    this.#pending.clear();
  }

  #answerError(tag: number, error: unknown): Uint8Array {
    if (error instanceof FileError) return errorReply(tag, errorNumbers[error.code]);
    this.#onInternalError(error);
    // JavaScript says by RangeError that the host's memory is used up.
    const code = error instanceof RangeError ? "ENOMEM" : "EIO";
    return errorReply(tag, errorNumbers[code]);
  }
}

/** size[4] type[1] tag[2] */
function readHeader(message: Uint8Array): { size: number; type: number; tag: number } {
  const reader = new MessageReader(message, 0);
  return { size: reader.u32(), type: reader.u8(), tag: reader.u16() };
}

/** The fields behind the header. @throws FileError EINVAL for a message shorter than it says */
function bodyOf(message: Uint8Array, size: number): MessageReader {
  if (size >= HEADER_SIZE && size <= message.length) {
    return new MessageReader(message.subarray(0, size));
  }
  throw new FileError("EINVAL", `the message has ${message.length} bytes, but says ${size}`);
}

/** Rlerror: ecode[4] */
function errorReply(tag: number, errorNumber: number): Uint8Array {
  const reply = new MessageWriter(MessageType.Rlerror, tag, HEADER_SIZE + 4);
  reply.u32(errorNumber);
  return reply.finish();
}
