import type { CodeView } from "./code-view.js";
import type { DiffView } from "./diff-view.js";

/** The editor proper. It is large, and nothing else of the page waits for it. */
export interface CodeParts {
  readonly CodeView: typeof CodeView;
  readonly DiffView: typeof DiffView;
}

/** Fetches it. @throws (rejects) when it does not come: the page may be offline, or be old. */
export async function loadCode(): Promise<CodeParts> {
  const [code, diff] = await Promise.all([import("./code-view.js"), import("./diff-view.js")]);
  // Compiling it was enough work for one go; making an editor of it is for the next.
  await new Promise((resolve) => setTimeout(resolve));
  return { CodeView: code.CodeView, DiffView: diff.DiffView };
}
