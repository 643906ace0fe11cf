import type { Diagnostic } from "../diagnostics.js";
import { nearNames } from "../near-names.js";
import { adviceFor } from "./advice.js";
import { undefinedSymbol } from "./modpost-messages.js";

/** What names could have been meant; each is only asked for when a message needs it, and once. */
export interface KnownNames {
  /** Headers, as between the brackets of an `#include`. */
  headers(): readonly string[];
  /** What the kernel and other modules export. */
  symbols(): readonly string[];
}

const NO_HEADER = /^'(.+)' file not found$/;

/** Adds to messages what helps against them, and which names may have been meant. */
export function withSuggestions(
  diagnostics: readonly Diagnostic[],
  names: KnownNames,
): Diagnostic[] {
  const headers = once(() => names.headers());
  const symbols = once(() => names.symbols());
  return diagnostics.map((diagnostic) => {
    const header = NO_HEADER.exec(diagnostic.message)?.[1];
    const symbol = undefinedSymbol(diagnostic);
    const suggestions =
      header !== undefined
        ? nearNames(header, headers())
        : symbol !== undefined
          ? nearNames(symbol, symbols())
          : [];
    const advice = adviceFor(diagnostic);
    return {
      ...diagnostic,
      ...(suggestions.length > 0 ? { suggestions } : {}),
      ...(advice === undefined ? {} : { advice }),
    };
  });
}

/** All messages of a build ask for the same names. */
function once(make: () => readonly string[]): () => readonly string[] {
  let made: readonly string[] | undefined;
  return () => (made ??= make());
}
