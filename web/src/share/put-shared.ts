import { HOME, nameOf, SHARED } from "../editor/tab-names.js";
import type { LabActions } from "../lab-actions.js";
import type { SharedFolder } from "./shared-folder.js";

export type ShareFiles = Pick<LabActions, "listFiles" | "makeFolder" | "writeBytes" | "removeFile">;

/** Of the name of a folder that is made, in characters: some are added when it is taken. */
const LONGEST_NAME = 60;

/** Where a folder that came by a link would go: below `~/shared`, by a name that is free there. */
export async function placeFor(lab: ShareFiles, { name }: SharedFolder): Promise<string> {
  const home = await lab.listFiles(HOME);
  if (home.includes(nameOf(SHARED))) {
    throw new Error(
      `There is a file ${SHARED}, where the folder for shared sources has to be. Rename it first.`,
    );
  }
  const taken = home.includes(`${nameOf(SHARED)}/`) ? await lab.listFiles(SHARED) : [];
  const wanted = [...name].slice(0, LONGEST_NAME).join("").trim();
  for (let number = 1; ; number++) {
    const free = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.includes(free) && !taken.includes(`${free}/`)) return `${SHARED}/${free}`;
  }
}

/**
 * Puts a folder that came by a link into one of its own; nothing that is there is touched.
 * @returns its path
 * @throws (rejects) when it could not be done; then nothing of it is left
 */
export async function putShared(lab: ShareFiles, folder: SharedFolder): Promise<string> {
  const place = await placeFor(lab, folder);
  await lab.makeFolder(place);
  try {
    for (const { path, text } of folder.files) {
      await lab.writeBytes(`${place}/${path}`, new TextEncoder().encode(text));
    }
  } catch (error) {
    await lab.removeFile(place).catch(() => undefined);
    throw error;
  }
  return place;
}

/** The file to look at first. */
export function firstOf({ files }: SharedFolder): string | undefined {
  const paths = files.map(({ path }) => path);
  return (
    paths.find((path) => path === "hello.c") ??
    paths.find((path) => /^[^/]+\.c$/.test(path)) ??
    paths[0]
  );
}
