import { breakpointAt } from "./breakpoints.js";
import type { Agreement, CommandContext, Reply, Resumption } from "./command.js";
import { carryOut } from "./commands.js";
import type { Debuggee } from "./debuggee.js";
import { errorReply, GdbError } from "./gdb-error.js";
import { bytesOf, hexOf } from "./latin1.js";
import { encodePacket, type Incoming, LARGEST_PACKET, PacketReader } from "./packet.js";
import { runRange } from "./range-step.js";
import { stopReply } from "./stop-reply.js";
import type { GdbTarget, Stop } from "./target.js";
import type { ByteTransport } from "./transport.js";

const ACKNOWLEDGE = bytesOf("+");
const REPEAT = bytesOf("-");

/** What is kept for a debugger that does not let the target run, and so cannot be told. */
const MOST_WAITING_TEXT = 0x1_0000;

/** In hexadecimal, and with the `O` in front, so many bytes fit into a packet. */
const TEXT_BYTES_PER_PACKET = 0x1000;

/** One debugger, from its first packet to the end of its line. */
export class GdbSession {
  readonly #target: GdbTarget;
  readonly #debuggee: Debuggee;
  readonly #transport: ByteTransport;
  readonly #listening: Disposable;
  readonly #breakpoints = new Map<string, Disposable>();
  readonly #agreement: Agreement = {
    acknowledges: true,
    takesErrorText: false,
    takesSoftwareBreakpointReason: false,
    takesHardwareBreakpointReason: false,
  };
  readonly #context: CommandContext;
  /** The debugger waits for the target to stop. */
  #resumed = false;
  #attached = false;
  #ended = false;
  /** Ends the steps that are made for a range. */
  #stepping: AbortController | undefined;
  #lastStop: Stop = { kind: "stepped" };
  #lastPacket: Uint8Array | undefined;
  #waitingText = "";

  constructor(target: GdbTarget, debuggee: Debuggee, transport: ByteTransport) {
    this.#target = target;
    this.#debuggee = debuggee;
    this.#transport = transport;
    this.#listening = target.onStop((stop) => this.#stopped(stop));
    this.#context = {
      target,
      debuggee,
      agreement: this.#agreement,
      breakpoints: this.#breakpoints,
      stopReply: () => stopReply(target, this.#lastStop, this.#agreement),
      print: (text) => this.#sendText(text),
    };
  }

  /** Serves until the line ends; leaves the target as it was found. Never rejects. */
  async serve(): Promise<void> {
    const reader = new PacketReader();
    try {
      for await (const bytes of this.#transport.input) {
        for (const incoming of reader.push(bytes)) {
          await this.#take(incoming);
          if (this.#ended) return;
        }
      }
    } catch {
      // The line broke, which ends a session as well as any other end.
    } finally {
      this.#release();
      this.#transport.close();
    }
  }

  /**
   * Tells the debugger's user something of the running target. It takes text only while the
   * target runs, so that what comes meanwhile waits until then.
   */
  print(text: string): void {
    this.#waitingText = (this.#waitingText + text).slice(-MOST_WAITING_TEXT);
    if (this.#resumed) this.#flushText();
  }

  async #take(incoming: Incoming): Promise<void> {
    switch (incoming.kind) {
      case "acknowledged":
        return;
      case "repeat":
        if (this.#lastPacket !== undefined) await this.#transport.write(this.#lastPacket);
        return;
      case "damaged":
        if (this.#agreement.acknowledges) await this.#transport.write(REPEAT);
        return;
      case "interrupt":
        if (this.#resumed) this.#interrupt();
        return;
      case "overlong": {
        await this.#acknowledge();
        const error = new GdbError("bad-request", `More than ${LARGEST_PACKET} characters.`);
        return this.#send(errorReply(error, this.#agreement.takesErrorText));
      }
      case "packet":
        await this.#acknowledge();
        return this.#takePacket(incoming.data);
    }
  }

  async #acknowledge(): Promise<void> {
    if (this.#agreement.acknowledges) await this.#transport.write(ACKNOWLEDGE);
  }

  async #takePacket(data: string): Promise<void> {
    // The answer to what let the target run is still to come. A debugger may not ask for more
    // before that, and an answer now would be taken for that one; it may only leave.
    if (this.#resumed && data[0] !== "k" && data[0] !== "D") return;
    this.#attached = true;
    // Somebody else may have let it run again, to rescue the guest for example.
    this.#target.hold();
    const reply = await this.#carryOut(data);
    if (typeof reply === "string") return this.#send(reply);
    if ("resume" in reply) return this.#tryToResume(reply.resume);
    this.#ended = true;
    if (reply.answer !== undefined) await this.#send(reply.answer);
    if (reply.end === "kill") this.#debuggee.onKill?.();
  }

  async #carryOut(data: string): Promise<Reply> {
    try {
      return await carryOut(this.#context, data);
    } catch (error) {
      return errorReply(error, this.#agreement.takesErrorText);
    }
  }

  async #tryToResume(resumption: Resumption): Promise<void> {
    try {
      this.#resume(resumption);
    } catch (error) {
      this.#resumed = false;
      await this.#send(errorReply(error, this.#agreement.takesErrorText));
    }
  }

  #resume(resumption: Resumption): void {
    this.#resumed = true;
    this.#flushText();
    this.#debuggee.onResume?.();
    switch (resumption.kind) {
      case "continue":
        this.#target.resume();
        break;
      case "step": {
        const stop = this.#target.step();
        if (stop !== undefined) this.#stopped(stop);
        break;
      }
      case "range": {
        this.#stepping = new AbortController();
        const { signal } = this.#stepping;
        const stopAt = (address: bigint) => breakpointAt(this.#breakpoints, address);
        const steps = runRange(this.#target, resumption, stopAt, signal);
        steps.then(
          (stop) => {
            this.#stepping = undefined;
            if (stop !== undefined) this.#stopped(stop);
          },
          () => this.#stopped({ kind: "interrupted" }),
        );
        break;
      }
    }
  }

  #interrupt(): void {
    if (this.#stepping !== undefined) this.#stepping.abort();
    else this.#target.interrupt();
  }

  #stopped(stop: Stop): void {
    if (!this.#resumed) return;
    this.#flushText();
    this.#resumed = false;
    this.#stepping = undefined;
    this.#lastStop = stop;
    try {
      void this.#send(stopReply(this.#target, stop, this.#agreement));
    } catch {
      // The target has gone meanwhile: whoever stopped it must not hear of that.
      this.#transport.close();
    }
  }

  #flushText(): void {
    const text = this.#waitingText;
    this.#waitingText = "";
    if (text !== "") void this.#sendText(text);
  }

  async #sendText(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += TEXT_BYTES_PER_PACKET) {
      await this.#send(`O${hexOf(bytes.subarray(at, at + TEXT_BYTES_PER_PACKET))}`);
    }
  }

  #send(data: string): Promise<void> {
    this.#lastPacket = bytesOf(encodePacket(data));
    return this.#transport.write(this.#lastPacket);
  }

  #release(): void {
    this.#ended = true;
    this.#resumed = false;
    this.#stepping?.abort();
    this.#listening[Symbol.dispose]();
    for (const breakpoint of this.#breakpoints.values()) breakpoint[Symbol.dispose]();
    this.#breakpoints.clear();
    if (this.#attached) this.#target.release();
  }
}
