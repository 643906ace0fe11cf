import type { Autopsy, AutopsyPlace, LockHolder } from "../autopsy/index.js";

/**
 * An autopsy for a debugger's terminal: what is wrong, who has the lock, the places in the
 * source, and what it was concluded from. The debugger shows the stack itself.
 */
export function autopsyText(autopsy: Autopsy): string {
  const { sentence, finding, holder, blocked, evidence } = autopsy;
  const waiting = finding.kind === "spinning-on-lock" ? finding.waiting : undefined;
  const lines = [
    sentence,
    ...(waiting ? placeLines("Waiting", waiting) : []),
    ...(holder ? holderLines(holder) : []),
    ...blocked.map((task) => task.sentence),
    ...evidence.map((line) => `- ${line}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function holderLines(holder: LockHolder): string[] {
  if (holder.kind === "unknown") return [holder.reason];
  const { sentence, acquired } = holder;
  return [sentence, ...(acquired ? placeLines("Taken", acquired) : [])];
}

/** A place and the lines around it, that one marked. */
function placeLines(
  title: string,
  { function: name, file, line, excerpt }: AutopsyPlace,
): string[] {
  const where = file === undefined || line === undefined ? "" : `, ${file}:${line}`;
  const heading = `${title} in ${name}()${where}`;
  if (excerpt === undefined) return [heading];
  const { firstLine, markedLine, lines } = excerpt;
  const width = String(firstLine + lines.length).length;
  return [
    `${heading}:`,
    ...lines.map((text, index) => {
      const number = firstLine + index;
      const mark = number === markedLine ? ">" : " ";
      return `${mark} ${String(number).padStart(width)}  ${text}`.trimEnd();
    }),
  ];
}
