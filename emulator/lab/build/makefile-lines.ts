/** A line of a Makefile, with those that it is continued on. */
export interface MakefileLine {
  /** Of its first line, from 1. */
  readonly number: number;
  /** Without its comment, and without blanks around it. */
  readonly text: string;
  /** It begins with a tab, as the lines of a recipe do. */
  readonly isIndented: boolean;
}

/** Splits a Makefile into lines that say something (GNU make, 3.1.1 "Splitting Long Lines"). */
export function makefileLines(text: string): MakefileLine[] {
  const lines: MakefileLine[] = [];
  const physical = text.split(/\r?\n/);
  for (let index = 0; index < physical.length; index++) {
    const number = index + 1;
    let line = physical[index] ?? "";
    while (isContinued(line) && index + 1 < physical.length) {
      index++;
      line = `${line.slice(0, -1).trimEnd()} ${(physical[index] ?? "").trimStart()}`;
    }
    const said = withoutComment(line).trim();
    if (said !== "") lines.push({ number, text: said, isIndented: line.startsWith("\t") });
  }
  return lines;
}

function isContinued(line: string): boolean {
  const [backslashes = ""] = /\\*$/.exec(line) ?? [];
  return backslashes.length % 2 === 1;
}

function withoutComment(line: string): string {
  const [said = ""] = /^(?:[^#\\]|\\.|\\$)*/.exec(line) ?? [];
  return said.replaceAll("\\#", "#");
}
