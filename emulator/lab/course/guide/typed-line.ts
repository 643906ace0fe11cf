const HOME = "/home/student";

/**
 * The files and folders that a line of the shell may name, as absolute paths: every word, seen
 * from the folder that the line's own `cd` commands lead to. It knows quotes, but neither
 * variables nor patterns.
 */
export function filesNamed(line: string, folder: string): string[] {
  const files: string[] = [];
  let current = folder;
  for (const command of line.split(/&&|\|\||[;|&]/)) {
    const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s<>"'])+/g) ?? [];
    const [name, target = "~"] = words;
    if (name === "cd") current = absolute(unquoted(target), current);
    files.push(...words.map((word) => absolute(unquoted(word), current)));
  }
  return files;
}

function unquoted(word: string): string {
  return word.replace(/["']/g, "");
}

function absolute(path: string, folder: string): string {
  const expanded = path.replace(/^~(?=\/|$)/, HOME);
  const parts: string[] = [];
  for (const part of (expanded.startsWith("/") ? expanded : `${folder}/${expanded}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
