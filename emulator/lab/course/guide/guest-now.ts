import type { GuideEvent, MachineState, SeenModule } from "./guide-event.js";
import type { TerminalFact } from "./transcript.js";

/** The course's modules all have this name. */
export const MODULE = "hello";

/** What waits for input at the terminal. */
export type Waiting =
  | { readonly program: "shell"; readonly folder: string }
  | { readonly program: "gdb" }
  | { readonly program: "other" };

/** The guest as it is, from all that was told of it. */
export class GuestNow {
  #hello: SeenModule | undefined;
  #lastFile: string | undefined;
  #hasDevice = false;
  #machine: MachineState = "idle";
  #guestMs = 0;
  #waiting: Waiting = { program: "other" };

  /** The course's module while it is loaded, whichever section's it is. */
  get hello(): SeenModule | undefined {
    return this.#hello;
  }

  /** The file of the course's module that was loaded last, also when it is not any more. */
  get lastFile(): string | undefined {
    return this.#lastFile;
  }

  get hasDevice(): boolean {
    return this.#hasDevice;
  }

  get waiting(): Waiting {
    return this.#waiting;
  }

  /** It takes no more input until it is rescued. */
  get isDown(): boolean {
    return ["frozen", "panicked", "dead"].includes(this.#machine);
  }

  guest({ guest }: GuideEvent & { kind: "guest" }): void {
    this.#hello = guest.modules.find(({ name }) => name === MODULE);
    if (this.#hello?.file !== undefined) this.#lastFile = this.#hello.file;
    this.#hasDevice = guest.devices.includes(MODULE);
  }

  /** @returns whether the guest's clock went back: it was restored. */
  status({ status }: GuideEvent & { kind: "status" }): boolean {
    const wentBack = status.guestMs < this.#guestMs;
    this.#guestMs = status.guestMs;
    this.#machine = status.state;
    return wentBack;
  }

  terminal(fact: TerminalFact): void {
    if (fact.kind === "command") this.#waiting = { program: "other" };
    else if (fact.kind === "prompt") {
      this.#waiting =
        fact.of === "gdb" ? { program: "gdb" } : { program: "shell", folder: fact.folder };
    }
  }
}
