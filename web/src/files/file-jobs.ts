import { type ReadonlySignal, signal } from "@preact/signals";
import type { FilesDone } from "./file-operations.js";

/** What came of the last thing that was done to the files. */
export interface FileOutcome {
  readonly text: string;
  readonly isProblem: boolean;
  readonly undo?: () => Promise<void>;
}

/** What a person does to the files: one thing at a time, what came of it, and the way back. */
export class FileJobs {
  readonly #outcome = signal<FileOutcome | undefined>(undefined);
  readonly #isBusy = signal(false);

  readonly outcome: ReadonlySignal<FileOutcome | undefined> = this.#outcome;
  readonly isBusy: ReadonlySignal<boolean> = this.#isBusy;

  /**
   * @returns whether it was done, and all of it; false as well while something else is being done
   */
  async run(
    work: () => Promise<FilesDone & { readonly problems?: readonly string[] }>,
  ): Promise<boolean> {
    if (this.#isBusy.value) return false;
    this.#isBusy.value = true;
    this.#outcome.value = undefined;
    try {
      const { text, problems = [], undo } = await work();
      this.#outcome.value = {
        text: [text, ...problems].join("\n"),
        isProblem: problems.length > 0,
        ...(undo !== undefined && { undo }),
      };
      return problems.length === 0;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#outcome.value = { text, isProblem: true };
      return false;
    } finally {
      this.#isBusy.value = false;
    }
  }

  /** Takes back what was done last, or what is given, if that can be. */
  undo(outcome: FileOutcome | undefined = this.#outcome.value): Promise<boolean> {
    const undo = outcome?.undo;
    if (undo === undefined) return Promise.resolve(false);
    return this.run(async () => {
      await undo();
      return { text: "Taken back." };
    });
  }
}
