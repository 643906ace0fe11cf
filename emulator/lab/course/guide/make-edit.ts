import { withEdit } from "./source-edit.js";
import type { StepAction } from "./step.js";

/** The user's files, as a page reads and writes them. */
export interface EditableFiles {
  readFile(path: string): Promise<string>;
  writeFile(path: string, content: string): Promise<void>;
  /** A file as the course has it, whatever the user made of it. */
  originalOf(path: string): Promise<string | undefined>;
}

/**
 * Does what a step that edits asks for, in the user's source as it is.
 * @returns the source as it is now
 * @throws Error when the source is too far from the course's for that
 */
export async function makeEdit(
  files: EditableFiles,
  { path, wanted: { edit, state } }: StepAction & { readonly kind: "edit" },
): Promise<string> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const [source, original, patch] = await Promise.all([
    files.readFile(path),
    files.originalOf(path),
    files.originalOf(`${folder}/${edit.patch}`),
  ]);
  if (original === undefined || patch === undefined) {
    throw new Error(`${path} is no source of the course's.`);
  }
  const edited = withEdit(source, edit, { original, patch }, state);
  if (edited === undefined) {
    const names = edit.functions.map((name) => `${name}()`).join(" and ");
    throw new Error(
      `${path} is too different from the course's by now: ${names} cannot be found in it. ` +
        "Make the edit by hand, or reset the section.",
    );
  }
  await files.writeFile(path, edited);
  return edited;
}
