import type { Debuggee } from "./debuggee.js";
import type { GdbTarget } from "./target.js";

/** What to do with the target, in place of an answer; that follows when it has stopped. */
export type Resumption =
  | { readonly kind: "continue" }
  | { readonly kind: "step" }
  /** Steps while the instruction pointer is within: from `start` on, up to `end` without it. */
  | { readonly kind: "range"; readonly start: bigint; readonly end: bigint };

export type Reply =
  /** Text of one character for each byte; empty says that the request is not known. */
  | string
  | { readonly resume: Resumption }
  /** The session is over: with an answer, or without one. */
  | { readonly end: "detach" | "kill"; readonly answer: string | undefined };

/** What the debugger has told of itself, and what was agreed upon. */
export interface Agreement {
  acknowledges: boolean;
  /** It takes `E.text` in the place of any error. */
  takesErrorText: boolean;
  takesSoftwareBreakpointReason: boolean;
  takesHardwareBreakpointReason: boolean;
}

/** What the commands of a session work on. */
export interface CommandContext {
  readonly target: GdbTarget;
  readonly debuggee: Debuggee;
  readonly agreement: Agreement;
  /** Those that are set, by keys of breakpoints.ts. */
  readonly breakpoints: Map<string, Disposable>;
  /** The answer to `?`. */
  readonly stopReply: () => string;
  /** Shows text to the debugger's user, while a `monitor` command is under way. */
  print(text: string): Promise<void>;
}

/** Answers a packet. @param argument what follows the packet's name. */
export type Command = (context: CommandContext, argument: string) => Reply | Promise<Reply>;

/** Commands by the names that their packets begin with. */
export type CommandFamily = Readonly<Record<string, Command>>;

export const OK = "OK";
/** To the debugger: such a packet is not known here. */
export const UNKNOWN = "";
