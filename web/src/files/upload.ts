import { LARGEST_KEPT_BYTES } from "../../../emulator/browser/kept-bytes.js";
import { nameOf } from "../editor/tab-names.js";
import { nameProblem, visibleName } from "./file-name.js";
import { type FileActions, type FilesDone, shortFolder } from "./file-operations.js";
import { FileProblem } from "./file-problem.js";

/** A file that a person has chosen, or dropped on the page. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
  bytes(): Promise<Uint8Array>;
}

/** Sources are smaller by far; the largest of the kernel's own is 0.6 MB, generated headers apart. */
export const MOST_FILE_BYTES = 16 * 2 ** 20;
/** Of one upload. The guest's files are in the memory of the page's worker. */
export const MOST_BYTES = 32 * 2 ** 20;
export const MOST_FILES = 100;

export interface Uploaded extends FilesDone {
  /** Why some were not taken; sentences. */
  readonly problems: readonly string[];
}

interface Written {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What was there before; undefined: nothing. */
  readonly before: Uint8Array | undefined;
}

/** Puts files into a folder. What has the same name there is replaced, and undoing brings it back. */
export async function upload(
  lab: FileActions,
  folder: string,
  chosen: readonly ChosenFile[],
): Promise<Uploaded> {
  const { accepted, problems } = planUpload(chosen);
  const names = await lab.listFiles(folder);
  const written: Written[] = [];
  const failed = [...problems];
  for (const file of accepted) {
    const path = `${folder}/${file.name}`;
    if (names.includes(`${file.name}/`)) {
      failed.push(`${file.name} is the name of a folder here.`);
      continue;
    }
    try {
      const bytes = await file.bytes();
      const before = names.includes(file.name) ? await lab.readBytes(path) : undefined;
      await lab.writeBytes(path, bytes);
      written.push({ path, bytes, before });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failed.push(`${file.name} could not be uploaded: ${why}`);
    }
  }
  const text = describe(folder, written);
  if (written.length === 0) return { text, problems: failed };
  return { text, problems: failed, undo: () => takeBack(lab, written) };
}

/** Which of the chosen files are taken, and why the others are not. */
export function planUpload(chosen: readonly ChosenFile[]): {
  readonly accepted: readonly ChosenFile[];
  readonly problems: readonly string[];
} {
  if (chosen.length > MOST_FILES) {
    const problem = `At most ${MOST_FILES} files go at once, and these are ${chosen.length}: none was taken.`;
    return { accepted: [], problems: [problem] };
  }
  const accepted: ChosenFile[] = [];
  const problems: string[] = [];
  let total = 0;
  for (const file of chosen) {
    const problem = problemOf(file, accepted, total);
    if (problem !== undefined) problems.push(problem);
    else {
      accepted.push(file);
      total += file.size;
    }
  }
  return { accepted, problems };
}

function problemOf(
  { name, size, isFolder }: ChosenFile,
  accepted: readonly ChosenFile[],
  total: number,
): string | undefined {
  const shown = visibleName(name);
  if (isFolder) return `${shown} is a folder: drop the files in it.`;
  const problem = nameProblem(name);
  if (problem !== undefined) return `${shown} was not taken. ${problem}`;
  if (accepted.some((other) => other.name === name))
    return `${shown} is there twice: one was taken.`;
  if (size > MOST_FILE_BYTES) {
    return `${shown} has ${megabytes(size)} MB, and at most ${megabytes(MOST_FILE_BYTES)} MB are taken.`;
  }
  if (total + size > MOST_BYTES) {
    return `${shown} was not taken: together they would have more than ${megabytes(MOST_BYTES)} MB.`;
  }
  return undefined;
}

async function takeBack(lab: FileActions, written: readonly Written[]): Promise<void> {
  const changed: string[] = [];
  for (const { path, bytes, before } of written) {
    const now = await lab.readBytes(path).catch(() => undefined);
    if (now === undefined || !isSame(now, bytes)) changed.push(nameOf(path));
    else if (before === undefined) await lab.removeFile(path);
    else await lab.writeBytes(path, before);
  }
  if (changed.length === 0) return;
  throw new FileProblem("taken", `${changed.join(", ")} changed since, and stayed as it is.`);
}

function describe(folder: string, written: readonly Written[]): string {
  if (written.length === 0) return "No file was uploaded.";
  const names = written.map(({ path }) => nameOf(path));
  const replaced = written.filter(({ before }) => before !== undefined);
  const lost = written.filter((file) => !isKept(file));
  const of = (files: readonly Written[]): string => list(files.map(({ path }) => nameOf(path)));
  const sentences = [
    `${list(names)} ${names.length === 1 ? "is" : "are"} in ${shortFolder(folder)} now.`,
  ];
  if (replaced.length > 0) sentences.push(`Replaced: ${of(replaced)}.`);
  if (lost.length > 0) {
    sentences.push(
      `The browser keeps files of up to ${LARGEST_KEPT_BYTES / 1024} KiB; until the page is closed ` +
        `only: ${of(lost)}.`,
    );
  }
  return sentences.join(" ");
}

/** For the next visit; see what the lab's worker says is to be kept of a file. */
function isKept({ bytes }: Written): boolean {
  return bytes.length <= LARGEST_KEPT_BYTES;
}

function list(names: readonly string[]): string {
  return names.length > 4
    ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} others`
    : names.join(", ");
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes % 2 ** 20 === 0 ? 0 : 1);
}
