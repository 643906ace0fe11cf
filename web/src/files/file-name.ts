/** Linux include/uapi/linux/limits.h: NAME_MAX, in bytes. */
const NAME_MAX = 255;

/** Folders in folders that a set of sources may have; kernel modules have few. */
const MOST_NAMES_IN_PATH = 5;

/**
 * What is not seen, or changes what is seen: control and format characters (among them those that
 * turn the direction of text), lone surrogates, and separators of lines and paragraphs. The lone
 * surrogates also stand for bytes of names that are no UTF-8.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * What is wrong with a name that a person, or a link from anybody, wants to give a file; a
 * sentence. Undefined for a name that is fine. Linux takes more; shells, make and other systems'
 * file systems are served badly by those that are refused here.
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "A file needs a name.";
  if (name === "." || name === "..") return `“${name}” stands for a folder, and is no name.`;
  if (name.includes("/")) return "A name has no “/” in it: that is what folders are parted by.";
  if (UNSEEN.test(name)) {
    return `“${visibleName(name)}” has a character in it that is not seen. Leave it out.`;
  }
  if (name !== name.trim()) return "A name does not begin or end with a space.";
  if (name.startsWith("-")) {
    return "A name does not begin with “-”: commands would take it for an option.";
  }
  if (new TextEncoder().encode(name).length > NAME_MAX) {
    return `A name has at most ${NAME_MAX} bytes: this one is too long.`;
  }
  return undefined;
}

/** The same of a path from a folder, such as `include/ring.h`. */
export function pathProblem(path: string): string | undefined {
  const names = path.split("/");
  if (names.length > MOST_NAMES_IN_PATH) {
    return `“${visibleName(path)}” lies in too many folders: at most ${MOST_NAMES_IN_PATH - 1}.`;
  }
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Enough of a name to know it by, with what is not seen made visible. */
export function visibleName(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  return visibleText(shown);
}

/** Text in which nothing can hide: what is not seen stands there by its number in Unicode. */
export function visibleText(text: string): string {
  return text.replace(new RegExp(UNSEEN, "gu"), (character) => {
    if (character === "\n" || character === "\t") return character;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `<U+${code}>`;
  });
}
