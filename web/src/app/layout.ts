import type { Layout, Panes } from "./panes.js";

/**
 * From how many CSS pixels on each layout holds. A terminal of 80 columns takes some 650 of
 * them, and a page of text needs some 350 to be read without effort.
 */
const LAYOUTS: readonly (readonly [Layout, number])[] = [
  ["medium", 700],
  ["wide", 1060],
  ["full", 1720],
];

/** Sets the layout by the window's width, now and whenever that changes; stops when called. */
export function followWindow(panes: Panes): () => void {
  const queries = LAYOUTS.map(
    ([layout, width]) => [layout, matchMedia(`(min-width: ${width}px)`)] as const,
  );
  const update = (): void => {
    panes.setLayout(queries.findLast(([, query]) => query.matches)?.[0] ?? "narrow");
  };
  for (const [, query] of queries) query.addEventListener("change", update);
  update();
  return () => {
    for (const [, query] of queries) query.removeEventListener("change", update);
  };
}
