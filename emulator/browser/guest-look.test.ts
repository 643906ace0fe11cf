/** What a look tells, and of which moment, with a guest that answers when a test wants it. */
import { describe, expect, it } from "vitest";
import type { Checkpoint, Lab } from "../lab/index.js";
import { GuestLook } from "./guest-look.js";
import type { GuestView } from "./protocol.js";

const HELLO = "hello 16384 0 - Live 0xc7824000 (O)\n";

/** A lab whose programs answer one by one. */
class SlowLab {
  readonly machine = { running: true };
  readonly doom = undefined;
  readonly verdict = { state: "alive" };
  #messages = 1;
  readonly #asked: { program: string; answer: (stdout: string) => void }[] = [];
  #onAsked: () => void = () => undefined;

  kernelLog(): { sequence: number }[] {
    return [{ sequence: this.#messages - 1 }];
  }

  message(): void {
    this.#messages++;
  }

  moduleFile(): undefined {
    return undefined;
  }

  run(program: string): Promise<unknown> {
    return new Promise((resolve) => {
      const answer = (stdout: string): void =>
        resolve({ outcome: "exited", exitCode: 0, stdout: new TextEncoder().encode(stdout) });
      this.#asked.push({ program, answer });
      this.#onAsked();
    });
  }

  /** Answers what is asked next. */
  async answer(stdout: string): Promise<void> {
    if (this.#asked.length === 0) {
      await new Promise<void>((resolve) => {
        this.#onAsked = resolve;
      });
    }
    this.#asked.shift()?.answer(stdout);
  }
}

function begin(): { lab: SlowLab; look: GuestLook; told: GuestView[] } {
  const lab = new SlowLab();
  const told: GuestView[] = [];
  const look = new GuestLook(lab as unknown as Lab, (guest) => told.push(guest));
  return { lab, look, told };
}

describe("a look into the guest", () => {
  it("is as of the messages that had come when it began", async () => {
    const { lab, look, told } = begin();
    using _ = look;
    lab.message();
    const done = look.look();
    await lab.answer("");
    // The one that the constructor began, and another one after it.
    await lab.answer(HELLO);
    await lab.answer("3464 /sys/module/hello\n");
    await lab.answer("");
    await done;
    expect(told.map(({ modules, asOf }) => [modules.length, asOf])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("of a guest that went back is not told, but what was there then", async () => {
    const { lab, look, told } = begin();
    using _ = look;
    const start = {} as Checkpoint;
    const later = {} as Checkpoint;
    const first = look.look();
    await lab.answer(HELLO);
    await lab.answer("3464 /sys/module/hello\n");
    await lab.answer("");
    look.reset(start);
    await lab.answer(HELLO);
    await lab.answer("3464 /sys/module/hello\n");
    await lab.answer("");
    await first;
    look.remember(later);
    look.reset(start);
    look.reset(later);
    expect(told.map(({ modules }) => modules.map(({ name }) => name))).toEqual([
      [],
      ["hello"],
      [],
      ["hello"],
    ]);
  });
});
