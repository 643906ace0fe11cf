import { readFile } from "node:fs/promises";
import type { LabPage } from "./lab-page.js";

/** The sections whose source a student breaks, with the course's own edits. */
const EDITS = { "3-locking": "missing-unlock", "4-debugging": "missing-kmalloc" } as const;
/** A build; the first one of a page fetches the compiler. */
const BUILD_MS = 60_000;

export type BrokenSection = keyof typeof EDITS;

/** What a broken section consists of. */
const FILES = ["hello.c", "hello.ko"] as const;
type Files = readonly { readonly name: string; readonly mimeType: string; buffer: Buffer }[];

/** Breaks the source of section 3 or 4 as the course does, and builds its module in the page. */
export async function breakModule(lab: LabPage, section: BrokenSection): Promise<void> {
  const line = `cd ~/${section} && patch < ${EDITS[section]}.patch && make`;
  await lab.run(line, /LD \[M\]/, BUILD_MS);
}

/**
 * Broken modules for tests that are not about building: a page builds one, and the others are
 * given its files.
 */
export class BrokenModules {
  readonly #built = new Map<BrokenSection, Files>();

  /** Puts the broken source and its module into a page's guest. */
  async bring(lab: LabPage, section: BrokenSection): Promise<void> {
    const files = this.#built.get(section);
    if (files !== undefined) return upload(lab, section, files);
    await breakModule(lab, section);
    this.#built.set(section, await download(lab, section));
  }
}

async function download(lab: LabPage, section: BrokenSection): Promise<Files> {
  const menu = await lab.openFilesMenu(section);
  const files = [];
  for (const name of FILES) {
    const download = lab.page.waitForEvent("download");
    await menu.getByRole("button", { name: `Download ${name}`, exact: true }).click();
    const buffer = await readFile(await (await download).path());
    files.push({ name, mimeType: "application/octet-stream", buffer });
  }
  await lab.closeFilesMenu();
  return files;
}

async function upload(lab: LabPage, section: BrokenSection, files: Files): Promise<void> {
  const menu = await lab.openFilesMenu(section);
  const chosen = lab.page.waitForEvent("filechooser");
  await menu.getByRole("button", { name: "Upload" }).click();
  await (await chosen).setFiles([...files]);
  await lab.filesAre(`${FILES.join(", ")} are in ~/${section} now.`);
  await lab.closeFilesMenu();
}
