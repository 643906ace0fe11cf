import { cpp } from "@codemirror/lang-cpp";
import type { Extension } from "@codemirror/state";

/** How the text of a file is coloured, by the file's name. */
export function languageOf(path: string): Extension {
  return /\.[ch]$/.test(path) ? cpp() : [];
}
