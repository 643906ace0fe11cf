import type { MissingDebugInfo } from "../lab/index.js";
import type { Style } from "./terminal-style.js";
import { visible, wrapProse } from "./text-layout.js";

export { reportLines, reportNotice, reportSummary } from "../lab/index.js";

/** The width of our own prose, on every terminal and in a pipe. */
const PROSE_WIDTH = 80;

/** What could not be decoded, and what would help. */
export function missingLines(missing: readonly MissingDebugInfo[], style: Style): string[] {
  return missing.flatMap((one) =>
    wrapProse(visible(describeMissing(one)), PROSE_WIDTH).map((line) => style("yellow", line)),
  );
}

function describeMissing({ part, why, reason }: MissingDebugInfo): string {
  if (part === "disassembler") return `The code is not disassembled: ${reason}`;
  if (part === "kernel") {
    switch (why) {
      case "absent":
        return "The kernel's own frames have no lines: give its vmlinux with --vmlinux.";
      case "unfit":
        return "The kernel's debug information is of another build than the report: no function has the size that is printed.";
      default:
        return `The kernel's debug information cannot be used: ${reason ?? why}`;
    }
  }
  const { module } = part;
  switch (why) {
    case "absent":
      return `The frames of the module ${module} have no lines: give its file with --module ${module}.ko.`;
    case "unfit":
      return `The file of the module ${module} is of another build than the report: no function has the size that is printed.`;
    case "stripped":
      return `The file of the module ${module} has no debug information: build it with CONFIG_DEBUG_INFO, and do not strip it.`;
    case "unreadable":
      return `The file of the module ${module} cannot be used: ${reason}`;
  }
}
