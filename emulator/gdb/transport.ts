/** A line to a debugger, whatever carries it. */
export interface ByteTransport {
  /** What the debugger sends, in pieces of any size, until the line ends. */
  readonly input: AsyncIterable<Uint8Array>;
  /**
   * Sends bytes in the order of the calls.
   * @returns settles, and never rejects, when the line can take more: a debugger that asks and
   *   does not listen must not fill our memory. On a line that has ended it settles at once.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the line; what was written before still goes out. */
  close(): void;
}
