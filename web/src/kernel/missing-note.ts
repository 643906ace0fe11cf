import type { MissingDebugInfo } from "../../../emulator/lab/index.js";

/** Why a report says less than it could, as a sentence for a person in front of the page. */
export function describeMissing({ part, why, reason: said }: MissingDebugInfo): string {
  const reason = said?.replace(/\.$/, "");
  if (part === "disassembler") {
    return `The code is not disassembled: ${reason ?? "the disassembler could not be loaded"}.`;
  }
  const whose = part === "kernel" ? "The kernel's frames" : `The frames of ${part.module}`;
  const file = part === "kernel" ? "the kernel's debug information" : `${part.module}.ko`;
  switch (why) {
    case "absent":
      return `${whose} have no source lines: ${file} is not at hand.`;
    case "unfit":
      return `${whose} have no source lines: ${file} is of another build than what runs.`;
    case "stripped":
      return `${whose} have no source lines: ${file} was built without debug information.`;
    case "unreadable":
      return `${whose} have no source lines: ${file} cannot be read: ${reason ?? "it is damaged"}.`;
  }
}
