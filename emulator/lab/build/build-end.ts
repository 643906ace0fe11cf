import {
  type Diagnostic,
  type FinishedModule,
  type FinishedProgram,
  withoutColours,
} from "../../toolchain/index.js";

/** How a build ended that made nothing. */
export type NotBuilt = Exclude<FinishedModule | FinishedProgram, { readonly outcome: "built" }>;

/**
 * Why a build made nothing, where that is not in what the compiler has written; undefined where it
 * is.
 */
export function whyNotBuilt(build: NotBuilt): string | undefined {
  switch (build.outcome) {
    case "failed":
      return undefined;
    case "timed-out":
      return `the compiler was ended after ${build.afterMs / 1000} s; does a source expand without end?`;
    case "out-of-memory":
      return `the compiler ran out of memory: ${build.reason}`;
    case "crashed":
      return `the compiler crashed: ${build.reason}`;
  }
}

/** What the guest's commands write of a build: what the compiler has written, and what is known beyond. */
export function buildMessages(build: FinishedModule | FinishedProgram): string {
  if (build.outcome === "timed-out") return "";
  const hints = "diagnostics" in build ? buildHints(build.diagnostics, build.output) : "";
  return build.output + hints;
}

/** What is known of the messages of a build beyond what the compiler has written, in lines. */
export function buildHints(diagnostics: readonly Diagnostic[], output: string): string {
  const written = withoutColours(output);
  const lines = diagnostics.flatMap(({ severity, message, suggestions = [], advice }) => {
    const [, name] = /["']([^"']+)["']/.exec(message) ?? [];
    return [
      ...(written.includes(message) ? [] : [`${severity}: ${message}`]),
      ...(suggestions.length > 0 ? [`note: ${name}: did you mean ${orList(suggestions)}?`] : []),
      ...(advice === undefined ? [] : [`note: ${advice}`]),
    ];
  });
  return [...new Set(lines)].map((line) => `${line}\n`).join("");
}

function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${last}` : last;
}
