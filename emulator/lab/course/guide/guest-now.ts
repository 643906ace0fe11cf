import type { KernelRecord } from "../../../console/index.js";
import type { GuideEvent, MachineState, SeenModule } from "./guide-event.js";
import type { TerminalFact } from "./transcript.js";
import { filesNamed } from "./typed-line.js";

/** The course's modules all have this name. */
export const MODULE = "hello";

/** What waits for input at the terminal. */
export type Waiting =
  | { readonly program: "shell"; readonly folder: string }
  | { readonly program: "gdb" }
  | { readonly program: "other" };

/** What the module's own message says of it. */
interface Inferred {
  readonly hello: SeenModule | undefined;
  /** The kernel's number of the message. */
  readonly sequence: number;
}

/**
 * The guest as it is, from all that was told of it. A look at its modules comes some time after
 * they changed, and none comes after the machine froze: until then what was typed and what the
 * module has said of itself must do.
 */
export class GuestNow {
  #seen: SeenModule | undefined;
  /** From what was typed and what the module said; undefined when that says nothing. */
  #inferred: Inferred | undefined;
  #lastFile: string | undefined;
  /** What the last `insmod` that was typed is to load. */
  #typedFile: string | undefined;
  #machine: MachineState = "idle";
  #guestMs = 0;
  #waiting: Waiting = { program: "other" };

  /** The course's module while it is loaded, whichever section's it is. */
  get hello(): SeenModule | undefined {
    return this.#inferred === undefined ? this.#seen : this.#inferred.hello;
  }

  /** The file of the course's module that was loaded last, also when it is not any more. */
  get lastFile(): string | undefined {
    return this.#lastFile;
  }

  get waiting(): Waiting {
    return this.#waiting;
  }

  /** It takes no more input until it is rescued. */
  get isDown(): boolean {
    return ["frozen", "panicked", "dead"].includes(this.#machine);
  }

  /** The same as long as nothing has changed that can be asked for here. */
  get fingerprint(): string {
    return JSON.stringify([this.hello ?? null, this.#lastFile, this.#waiting, this.isDown]);
  }

  guest({ guest }: GuideEvent & { kind: "guest" }): void {
    this.#seen = guest.modules.find(({ name }) => name === MODULE);
    // It was begun before the module said so: the next one will see it.
    if (this.#inferred !== undefined && guest.asOf < this.#inferred.sequence) return;
    // A look finds out late which file it was, when another may have been tried since.
    if (this.#seen !== undefined && this.#inferred?.hello !== undefined) return;
    this.#inferred = undefined;
    if (this.#seen?.file !== undefined) this.#lastFile = this.#seen.file;
  }

  /** @returns whether the guest's clock went back: it was restored. */
  status({ status }: GuideEvent & { kind: "status" }): boolean {
    const wentBack = status.guestMs < this.#guestMs;
    this.#guestMs = status.guestMs;
    this.#machine = status.state;
    return wentBack;
  }

  kernelMessage({ text, sequence }: Pick<KernelRecord, "text" | "sequence">): void {
    if (text === `${MODULE}: unloaded`) this.#inferred = { hello: undefined, sequence };
    if (!saysLoaded(text)) return;
    this.#lastFile = this.#typedFile;
    if (this.#typedFile !== undefined) {
      this.#inferred = { hello: { name: MODULE, file: this.#typedFile }, sequence };
    }
    // It was for this load; a script's would be another one.
    this.#typedFile = undefined;
  }

  /** It went back to a checkpoint; what is loaded there is told next. */
  restored(): void {
    this.#inferred = undefined;
    this.#typedFile = undefined;
  }

  terminal(fact: TerminalFact): void {
    if (fact.kind === "command") {
      this.#waiting = { program: "other" };
      const { to, line, folder } = fact.command;
      if (to === "shell" && /\b(insmod|modprobe)\b/.test(line)) {
        this.#typedFile = filesNamed(line, folder).find((path) => path.endsWith(".ko"));
      }
    } else if (fact.kind === "prompt") {
      this.#waiting =
        fact.of === "gdb" ? { program: "gdb" } : { program: "shell", folder: fact.folder };
    }
  }
}

/** A message that the course's modules print when they are loaded. */
export function saysLoaded(text: string): boolean {
  return text.startsWith(`${MODULE}: loaded: `);
}
