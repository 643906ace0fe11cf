/** What the writer needs of a terminal: xterm.js has both. */
export interface WriteTarget {
  /** @param done when all of it has been parsed */
  write(bytes: Uint8Array, done: () => void): void;
  reset(): void;
}

/**
 * What is parsed for one frame. The slowest is `yes`, with a line for every three bytes: some 5 µs
 * for each on a slow machine, 27 ms together.
 */
const CHUNK_BYTES = 16 * 1024;
/** More than the scroll-back holds: what is older would not be seen any more. */
const MOST_PENDING_BYTES = 1024 * 1024;
/**
 * Half a second of chunks, as many lines as the scroll-back holds. Who is behind for longer is in a
 * flood that nobody reads, and what counts is that a key's echo and the end of it are seen at once.
 */
const FLOOD_FRAMES = 30;
/** In a flood, the next frame shows what came last: a screen of it, so that an echo is soon there. */
const FLOOD_PENDING_BYTES = 4 * 1024;
/**
 * What is handed over as one: between two of them xterm.js lets the page have its turn once it has
 * parsed for 12 ms (WriteBuffer.ts, WRITE_TIMEOUT_MS). Its first lines take ten times as long as later
 * ones, since nothing of it is compiled yet.
 */
const PIECE_BYTES = 2 * 1024;

const NEWLINE = 0x0a;

/**
 * Hands a guest's output to a terminal so that a flood leaves the page alive: a chunk for each
 * frame, the next one when the last was parsed. When the guest writes faster than that for long,
 * what would have scrolled away unseen is dropped.
 */
export class TerminalWriter {
  readonly #target: WriteTarget;
  readonly #nextFrame: (run: () => void) => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing = false;
  /** Frames in a row that could not take all that there was. */
  #framesBehind = 0;
  /** Since the last frame. */
  #hasDropped = false;
  /** Bytes still to be parsed of what the terminal showed before. */
  #replayBytes = 0;
  /** The rest of a line that is dropped in part. */
  #skippingLine = false;

  /** @param nextFrame as `requestAnimationFrame` */
  constructor(target: WriteTarget, nextFrame: (run: () => void) => void) {
    this.#target = target;
    this.#nextFrame = nextFrame;
  }

  /** What is parsed now was written before: its questions have been answered. */
  get replaying(): boolean {
    return this.#replayBytes > 0;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#drop();
    if (!this.#writing) this.#writeChunk();
  }

  /**
   * A person has typed: what the guest answers shall be seen at once, whatever is still to be shown
   * of a flood. An interrupt, for one, is typed at just such a time.
   */
  typed(): void {
    if (this.#pendingBytes <= FLOOD_PENDING_BYTES || this.replaying) return;
    this.#framesBehind = FLOOD_FRAMES;
    this.#drop();
  }

  /** The terminal shows this now, and nothing of before. */
  reset(backlog: Uint8Array): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#framesBehind = 0;
    this.#hasDropped = false;
    this.#skippingLine = false;
    this.#replayBytes = backlog.length;
    this.#target.reset();
    this.write(backlog);
  }

  #writeChunk(): void {
    const isBehind = this.#hasDropped || this.#pendingBytes > CHUNK_BYTES;
    this.#framesBehind = isBehind ? this.#framesBehind + 1 : 0;
    this.#hasDropped = false;
    const chunk = this.#take();
    this.#writing = chunk.length > 0;
    if (!this.#writing) return;
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      const isLast = at + PIECE_BYTES >= chunk.length;
      this.#target.write(piece, isLast ? () => this.#parsed(chunk.length) : () => undefined);
    }
  }

  #parsed(bytes: number): void {
    this.#replayBytes = Math.max(0, this.#replayBytes - bytes);
    if (this.#pending.length === 0) this.#writing = false;
    else this.#nextFrame(() => this.#writeChunk());
  }

  get #mostPendingBytes(): number {
    return this.#framesBehind < FLOOD_FRAMES ? MOST_PENDING_BYTES : FLOOD_PENDING_BYTES;
  }

  #take(): Uint8Array {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, this.#pendingBytes));
    let filled = 0;
    while (filled < chunk.length) {
      const first = this.#pending[0];
      if (first === undefined) break;
      const part = first.subarray(0, chunk.length - filled);
      chunk.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.#pending.shift();
      else this.#pending[0] = first.subarray(part.length);
    }
    this.#pendingBytes -= filled;
    return chunk;
  }

  #drop(): void {
    const most = this.#mostPendingBytes;
    let excess = this.#pendingBytes - most;
    this.#hasDropped ||= excess > 0;
    while (excess > 0 || (this.#skippingLine && this.#pendingBytes > most / 2)) {
      const first = this.#pending[0];
      if (first === undefined) return;
      // Not from within a line: it may begin with what gives it its colour.
      const lineEnd = first.indexOf(NEWLINE, Math.max(0, excess - 1));
      const isLast = this.#pending.length === 1;
      // Output without lines is cut anywhere, rather than never shown.
      const withoutLine = isLast ? Math.max(excess, this.#pendingBytes - most / 2) : first.length;
      const dropped = lineEnd < 0 ? withoutLine : lineEnd + 1;
      this.#skippingLine = lineEnd < 0 && !isLast;
      excess -= dropped;
      this.#pendingBytes -= dropped;
      if (dropped === first.length) this.#pending.shift();
      else this.#pending[0] = first.subarray(dropped);
    }
  }
}
