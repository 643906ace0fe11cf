import type { OpenFiles } from "../editor/open-files.js";
import { nameOf } from "../editor/tab-names.js";
import type { LabActions } from "../lab-actions.js";
import { visibleName } from "./file-name.js";
import type { FilesDone } from "./file-operations.js";
import { readSources } from "./folder-sources.js";
import { saveFile } from "./save-file.js";

type Files = Pick<LabActions, "listFiles" | "readBytes">;
type Editor = Pick<OpenFiles, "saveAll">;

/** One file, as it is in the guest. */
export async function downloadFile(lab: Files, editor: Editor, path: string): Promise<FilesDone> {
  await editor.saveAll();
  saveFile(nameOf(path), await lab.readBytes(path));
  return { text: `${nameOf(path)} goes to the browser’s downloads.` };
}

/** The sources of a folder, as a zip that builds on a Linux machine. */
export async function downloadFolder(
  lab: Files,
  editor: Editor,
  folder: string,
  kernelRelease: string | undefined,
): Promise<FilesDone> {
  await editor.saveAll();
  const { files, leftOut } = await readSources(lab, folder);
  // Fetched by those who download one.
  const { zipFolder } = await import("./zip/folder-zip.js");
  const name = nameOf(folder);
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
  saveFile(`${name}.zip`, await zipFolder({ name, files, kernelRelease, now: new Date() }, pause));
  const without =
    leftOut.length === 0
      ? ""
      : ` Without ${leftOut.map(visibleName).join(", ")}: other systems have no such names.`;
  return { text: `${name}.zip goes to the browser’s downloads.${without}` };
}
