import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { FileEvent } from "../../../emulator/browser/protocol.js";
import type { Timers } from "../../../emulator/console/timers.js";
import { applyDiff, parseDiff } from "../../../emulator/lab/course/unified-diff.js";
import type { LabActions } from "../lab-actions.js";
import type { SourceTarget } from "../lab-store.js";
import { EditedFile } from "./edited-file.js";
import {
  firstFiles,
  folderOf,
  HOME,
  isPatch,
  isUserPath,
  nameOf,
  otherFiles,
  SHARED,
} from "./tab-names.js";

/** What an open tab shows. */
export type Content =
  | { readonly kind: "loading" }
  /** @property original the course's own text of it, where it is one of the course's files */
  | { readonly kind: "file"; readonly file: EditedFile; readonly original: string | undefined }
  /** A source of the kernel's, to be read. */
  | { readonly kind: "source"; readonly text: string }
  /** What a section asks to be changed: its source as the course has it, before and behind that. */
  | {
      readonly kind: "edit";
      readonly source: string;
      readonly original: string;
      readonly courses: string;
    }
  | {
      readonly kind: "absent";
      readonly message: string;
      /** It may be there at the next try: a download failed, for example. */
      readonly canRetry: boolean;
    };

export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** Where the cursor shall go; a new object for each wish. */
export interface Wish {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

type Files = Pick<
  LabActions,
  "readFile" | "writeFile" | "listFiles" | "originalOf" | "readSource" | "onFiles"
>;

const LOADING: Content = { kind: "loading" };

/** The files that are open in the editor, one of them in front. No part of it knows a DOM. */
export class OpenFiles implements Disposable {
  readonly #files: Files;
  readonly #timers: Pick<Timers, "after">;
  readonly #watching: Disposable;
  readonly #found = signal<readonly string[]>([]);
  readonly #folder = signal("");
  readonly #names = signal<readonly string[]>([]);
  /** Opened by a person, beside the folder's first files. */
  readonly #more = signal<readonly string[]>([]);
  readonly #active = signal<string | undefined>(undefined);
  readonly #contents = signal<ReadonlyMap<string, Content>>(new Map());
  readonly #wish = signal<Wish | undefined>(undefined);
  /** The folder that was asked for last. */
  #wanted = "";
  /** The file that was in front of each folder. */
  readonly #lastOf = new Map<string, string>();

  readonly folder: ReadonlySignal<string> = this.#folder;
  /** The folders of the sections and those that came by links, as paths. */
  readonly folders: ReadonlySignal<readonly string[]> = computed(() => [
    // The open one, too, when it has gone.
    ...new Set([...this.#found.value, ...(this.#folder.value === "" ? [] : [this.#folder.value])]),
  ]);
  /** Of all that is in the folder; those of folders end with a `/`. */
  readonly names: ReadonlySignal<readonly string[]> = this.#names;
  /** Paths of the folder's files that have no tab. */
  readonly others: ReadonlySignal<readonly string[]> = computed(() =>
    otherFiles(this.#names.value).map((name) => `${this.#folder.value}/${name}`),
  );
  /** Paths. */
  readonly tabs: ReadonlySignal<readonly string[]> = computed(() => [
    ...new Set([
      ...firstFiles(this.#names.value).map((name) => `${this.#folder.value}/${name}`),
      ...this.#more.value,
    ]),
  ]);
  readonly active: ReadonlySignal<string | undefined> = this.#active;
  readonly content: ReadonlySignal<Content> = computed(
    () => this.#contents.value.get(this.#active.value ?? "") ?? LOADING,
  );
  /** Paths of all whose text is here, also of those without a tab in this section. */
  readonly loaded: ReadonlySignal<ReadonlySet<string>> = computed(
    () => new Set(this.#contents.value.keys()),
  );
  /** All that can be edited of what is open, in front or not. */
  readonly edited: ReadonlySignal<readonly EditedFile[]> = computed(() =>
    [...this.#contents.value.values()].flatMap((one) => (one.kind === "file" ? one.file : [])),
  );
  readonly wish: ReadonlySignal<Wish | undefined> = this.#wish;

  constructor(files: Files, timers: Pick<Timers, "after">) {
    this.#files = files;
    this.#timers = timers;
    this.#watching = files.onFiles((events) => void this.#onFiles(events));
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }

  /** Looks which folders there are, and opens one of them unless one is open. */
  async begin(preferred: string): Promise<void> {
    await this.#findFolders();
    const folders = this.#found.value;
    const first = folders.includes(preferred) ? preferred : folders[0];
    if (this.#folder.value === "" && first !== undefined) await this.openFolder(first);
  }

  /** Shows the files of a section; what was opened of the kernel stays open. */
  async openFolder(folder: string): Promise<void> {
    this.#wanted = folder;
    if (folder === this.#folder.value) return;
    const names = await this.#files.listFiles(folder);
    // Another one was asked for meanwhile.
    if (this.#wanted !== folder) return;
    batch(() => {
      this.#folder.value = folder;
      this.#names.value = names;
      this.#more.value = this.#more.value.filter((path) => !isUserPath(path));
    });
    const front = this.#lastOf.get(folder) ?? this.#firstOf(folder);
    if (front !== undefined) await this.open(front);
    else this.#active.value = undefined;
  }

  /** Brings a file to the front, and opens it if it is not. */
  async open(path: string): Promise<void> {
    const folder = folderOf(path);
    // One that came by a link a moment ago may not be listed yet.
    const isListed = this.folders.value.includes(folder) || folderOf(folder) === SHARED;
    // Without it, the file's own tab says what is missing.
    if (isListed) await this.openFolder(folder).catch(() => undefined);
    batch(() => {
      if (!this.tabs.value.includes(path)) this.#more.value = [...this.#more.value, path];
      this.#active.value = path;
      this.#lastOf.set(this.#folder.value, path);
    });
    const known = this.#contents.value.get(path);
    if (known === undefined || known.kind === "absent") await this.#load(path);
  }

  /** Opens a file at a line. */
  async show({ path, line, column }: SourceTarget): Promise<void> {
    const whole = path.includes("/") ? path : `${this.#folder.value}/${path}`;
    this.#wish.value = { path: whole, line, column };
    await this.open(whole);
  }

  /** The wish was fulfilled. */
  granted(wish: Wish): void {
    if (this.#wish.value === wish) this.#wish.value = undefined;
  }

  canClose(path: string): boolean {
    return this.#more.value.includes(path);
  }

  /** Closes a file that a person opened; what was typed is written first. */
  async close(path: string): Promise<void> {
    const content = this.#contents.value.get(path);
    if (content?.kind === "file") {
      await content.file.save();
      // Its text is nowhere but here.
      if (content.file.state.value.kind !== "saved") return;
    }
    const at = this.tabs.value.indexOf(path);
    this.#more.value = this.#more.value.filter((other) => other !== path);
    this.#put(path, undefined);
    const next = this.tabs.value[Math.min(at, this.tabs.value.length - 1)];
    if (this.#active.value === path && next !== undefined) await this.open(next);
  }

  /**
   * Writes what is not written yet of a file, and lets go of it: whoever asked is about to move or
   * remove it, and calls {@link left} or {@link moved} then.
   * @returns whether it is written
   */
  async release(path: string): Promise<boolean> {
    const content = this.#contents.value.get(path);
    if (content?.kind === "file") {
      await content.file.save();
      if (content.file.state.value.kind !== "saved") return false;
    }
    this.#put(path, undefined);
    return true;
  }

  /** A file was removed by a person here; the one beside it comes to the front. */
  async left(path: string): Promise<void> {
    const at = this.tabs.value.indexOf(path);
    batch(() => {
      if (folderOf(path) === this.#folder.value) {
        this.#names.value = this.#names.value.filter((name) => name !== nameOf(path));
      }
      this.#more.value = this.#more.value.filter((other) => other !== path);
    });
    this.#forgetFront(path);
    this.#put(path, undefined);
    if (this.#active.value !== path) return;
    const next = this.tabs.value[Math.min(Math.max(at, 0), this.tabs.value.length - 1)];
    if (next !== undefined) await this.open(next);
    else this.#active.value = undefined;
  }

  /** A whole folder was removed by a person here; the first of the others is opened. */
  async leftFolder(folder: string): Promise<void> {
    const isInside = (path: string): boolean => path.startsWith(`${folder}/`);
    batch(() => {
      this.#found.value = this.#found.value.filter((other) => other !== folder);
      this.#more.value = this.#more.value.filter((path) => !isInside(path));
      const contents = [...this.#contents.value].filter(([path]) => !isInside(path));
      this.#contents.value = new Map(contents);
    });
    this.#lastOf.delete(folder);
    const next = this.#found.value[0];
    if (this.#folder.value === folder && next !== undefined) await this.openFolder(next);
  }

  /** A file was given another name by a person here; what was open stays open. */
  async moved(from: string, to: string): Promise<void> {
    const [wasOpen, wasActive] = [this.tabs.value.includes(from), this.#active.value === from];
    batch(() => {
      if (folderOf(from) === this.#folder.value) {
        const others = this.#names.value.filter((name) => name !== nameOf(from));
        this.#names.value = [...others, nameOf(to)].sort();
      }
      const more = this.#more.value.map((path) => (path === from ? to : path));
      this.#more.value = wasOpen && !more.includes(to) ? [...more, to] : more;
    });
    this.#forgetFront(from);
    this.#put(from, undefined);
    if (wasActive) await this.open(to);
  }

  /** Writes all that is not written yet. */
  async saveAll(): Promise<void> {
    const contents = [...this.#contents.value.values()];
    await Promise.all(contents.map((one) => (one.kind === "file" ? one.file.save() : undefined)));
  }

  /** The one to begin with, in a folder that may not be the course's. */
  #firstOf(folder: string): string | undefined {
    const first = firstFiles(this.#names.value)[0];
    if (first === "hello.c") return `${folder}/${first}`;
    const others = this.others.value;
    const other = others.find((path) => path.endsWith(".c")) ?? others[0];
    return other ?? (first && `${folder}/${first}`);
  }

  async #findFolders(): Promise<void> {
    const names = await this.#files.listFiles(HOME);
    const sections = names.filter((name) => /^\d.*\/$/.test(name)).map((name) => `${HOME}/${name}`);
    const shared = names.includes(`${nameOf(SHARED)}/`) ? await this.#files.listFiles(SHARED) : [];
    const folders = shared.filter((name) => name.endsWith("/")).map((name) => `${SHARED}/${name}`);
    this.#found.value = [...sections, ...folders].map((path) => path.slice(0, -1));
  }

  #forgetFront(path: string): void {
    if (this.#lastOf.get(folderOf(path)) === path) this.#lastOf.delete(folderOf(path));
  }

  async #load(path: string): Promise<void> {
    this.#put(path, LOADING);
    this.#put(path, await this.#contentOf(path));
  }

  async #contentOf(path: string): Promise<Content> {
    try {
      const edit = isPatch(path) ? await this.#editOf(path) : undefined;
      if (edit !== undefined) return edit;
      if (isUserPath(path)) return await this.#fileAt(path);
      const text = await this.#files.readSource(path);
      return text === undefined ? absent(path) : { kind: "source", text };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "absent", message: `${nameOf(path)} cannot be shown. ${why}`, canRetry: true };
    }
  }

  async #fileAt(path: string): Promise<Content> {
    const text = await this.#files.readFile(path);
    if (text.includes("\0")) {
      const message = `${nameOf(path)} is no text: there is nothing to read.`;
      return { kind: "absent", message, canRetry: false };
    }
    const file = new EditedFile(path, text, {
      read: (at) => this.#files.readFile(at),
      write: (at, content) => this.#files.writeFile(at, content),
      after: (ms, callback) => this.#timers.after(ms, callback),
    });
    return { kind: "file", file, original: await this.#files.originalOf(path) };
  }

  /** Undefined for a patch that is none of the course's. */
  async #editOf(path: string): Promise<Content | undefined> {
    const patch = await this.#files.originalOf(path);
    const diff = patch === undefined ? undefined : parseDiff(patch);
    if (diff === undefined) return undefined;
    const source = `${folderOf(path)}/${diff.path}`;
    const original = await this.#files.originalOf(source);
    const courses = original === undefined ? undefined : applyDiff(original, diff);
    if (original === undefined || courses === undefined) return undefined;
    return { kind: "edit", source, original, courses };
  }

  async #onFiles(events: readonly FileEvent[]): Promise<void> {
    const paths = new Set(events.map(({ path }) => path));
    const hasShared = [...paths].some((path) => path === SHARED || folderOf(path) === SHARED);
    if (hasShared) await this.#findFolders().catch(() => undefined);
    const isHere = [...paths].some((path) => folderOf(path) === this.#folder.value);
    if (isHere) {
      const folder = this.#folder.value;
      const names = await this.#files.listFiles(folder).catch(() => undefined);
      if (names !== undefined && folder === this.#folder.value) this.#names.value = names;
    }
    for (const path of paths) {
      const content = this.#contents.value.get(path);
      if (content?.kind === "file") await content.file.changedOutside();
      else if (content?.kind === "absent") await this.#load(path);
    }
  }

  #put(path: string, content: Content | undefined): void {
    const contents = new Map(this.#contents.value);
    if (content === undefined) contents.delete(path);
    else contents.set(path, content);
    this.#contents.value = contents;
  }
}

function absent(path: string): Content {
  return {
    kind: "absent",
    message:
      `The source ${path} is not at hand. The lab has those of the kernel's sources that ` +
      "modules include and that traces lead through; files that the kernel's build generates " +
      "are not among them.",
    canRetry: false,
  };
}
