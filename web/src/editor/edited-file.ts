import { type ReadonlySignal, signal } from "@preact/signals";

/** Where an open file's text stands against the guest's file. */
export type FileState =
  /** They are the same. */
  | { readonly kind: "saved" }
  /** What was typed last is written soon. */
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The guest, or another place, has written another text meanwhile. Nothing is written. */
  | { readonly kind: "conflict"; readonly theirs: string }
  /** The guest has removed the file; the text is only here. */
  | { readonly kind: "removed" }
  /** It could not be written; the text is only here. */
  | { readonly kind: "failed"; readonly message: string };

/** What an open file needs of its surroundings. */
export interface FileIo {
  read(path: string): Promise<string>;
  write(path: string, content: string): Promise<void>;
  /** Calls back once; disposing forgets it. */
  after(ms: number, callback: () => void): Disposable;
}

/**
 * From the last key to the write, ms: long enough not to write in the middle of a word, short
 * enough that the file is there when a person has gone over to the terminal.
 */
const SAVE_DELAY_MS = 300;

/**
 * A file of the guest's that is being edited. It is written by itself; and whatever else
 * writes it, the text that a person has typed is never lost.
 */
export class EditedFile {
  readonly path: string;
  readonly #io: FileIo;
  readonly #state = signal<FileState>({ kind: "saved" });
  readonly state: ReadonlySignal<FileState> = this.#state;
  readonly #replaced = signal<{ readonly text: string } | undefined>(undefined);
  /** A text that came from outside and is to be shown; a new object each time. */
  readonly replaced: ReadonlySignal<{ readonly text: string } | undefined> = this.#replaced;
  /** What the guest's file holds, as far as is known. */
  #base: string;
  /** What is being written. */
  #writing: string | undefined;
  /** The text here; a large one is put together only when it is needed. */
  #text: () => string;
  #timer: Disposable | undefined;
  #saving: Promise<void> | undefined;

  constructor(path: string, content: string, io: FileIo) {
    this.path = path;
    this.#io = io;
    this.#base = content;
    this.#text = () => content;
  }

  get text(): string {
    return this.#text();
  }

  /** A person has changed the text. */
  edit(text: () => string): void {
    this.#text = text;
    if (this.#state.value.kind === "conflict") return;
    this.#state.value = { kind: "unsaved" };
    this.#saveSoon();
  }

  /** Writes what is not written yet; settles when it is, or when it is clear that it cannot be. */
  async save(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    while (this.#saving !== undefined) await this.#saving;
    const { kind } = this.#state.value;
    if (kind === "saved" || kind === "conflict") return;
    this.#saving = this.#write(this.text);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
  }

  /** The guest's file was written or removed, by whomever. */
  async changedOutside(): Promise<void> {
    let content: string;
    try {
      content = await this.#io.read(this.path);
    } catch {
      this.#timer?.[Symbol.dispose]();
      this.#state.value = { kind: "removed" };
      return;
    }
    // Our own write, of which we are told as of any other.
    if (content === this.#writing) return;
    const isClean = this.text === this.#base;
    if (content === this.text) this.#settle(content);
    else if (isClean) this.#take(content);
    else if (content !== this.#base) this.#conflict(content);
    else if (this.#isInConflict()) this.#writeAgain();
  }

  /** Ends a conflict with the text here. */
  async keepMine(): Promise<void> {
    const state = this.#state.value;
    if (state.kind !== "conflict") return;
    this.#base = state.theirs;
    this.#state.value = { kind: "unsaved" };
    await this.save();
  }

  /** Ends a conflict with the guest's text; the other one is in the undo history. */
  takeTheirs(): void {
    const state = this.#state.value;
    if (state.kind === "conflict") this.#take(state.theirs);
  }

  /** What was written elsewhere was taken back: nothing is in the way any more. */
  #writeAgain(): void {
    this.#state.value = { kind: "unsaved" };
    this.#saveSoon();
  }

  #saveSoon(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#io.after(SAVE_DELAY_MS, () => void this.save());
  }

  async #write(text: string): Promise<void> {
    this.#writing = text;
    this.#state.value = { kind: "saving" };
    try {
      await this.#io.write(this.path, text);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!this.#isInConflict()) this.#state.value = { kind: "failed", message };
      return;
    } finally {
      this.#writing = undefined;
    }
    this.#base = text;
    if (this.#isInConflict()) return;
    if (this.text === text) {
      this.#state.value = { kind: "saved" };
    } else {
      this.#state.value = { kind: "unsaved" };
      this.#saveSoon();
    }
  }

  /** Also one that was found while a write was under way: it stands. */
  #isInConflict(): boolean {
    return this.#state.value.kind === "conflict";
  }

  #settle(content: string): void {
    this.#timer?.[Symbol.dispose]();
    this.#base = content;
    this.#state.value = { kind: "saved" };
  }

  #take(content: string): void {
    this.#settle(content);
    this.#text = () => content;
    this.#replaced.value = { text: content };
  }

  #conflict(theirs: string): void {
    this.#timer?.[Symbol.dispose]();
    this.#state.value = { kind: "conflict", theirs };
  }
}
