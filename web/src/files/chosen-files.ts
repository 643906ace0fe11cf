import type { ChosenFile } from "./upload.js";

/** Files of an `<input>`. */
export function chosenIn(files: FileList | null): ChosenFile[] {
  return [...(files ?? [])].map((file) => chosen(file, false));
}

/** What was dropped. Only while the event is handled does it say what it is. */
export function chosenInDrop({ items }: DataTransfer): ChosenFile[] {
  return [...items].flatMap((item) => {
    const file = item.kind === "file" ? item.getAsFile() : null;
    return file === null ? [] : chosen(file, item.webkitGetAsEntry()?.isDirectory === true);
  });
}

function chosen(file: File, isFolder: boolean): ChosenFile {
  return {
    name: file.name,
    size: file.size,
    isFolder,
    bytes: async () => {
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch {
        // Browsers say "NotReadableError" and nothing that helps.
        throw new Error("it cannot be read. Has it been moved or changed?");
      }
    },
  };
}
