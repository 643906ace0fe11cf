import type { Event } from "../machine/emitter.js";

/** Who changed the tree. */
export type Origin = "host" | "guest";

/** One change of the tree. Paths are absolute, from the tree's root. */
export type TreeChange =
  /** A name appeared: a new file, directory or link. */
  | { readonly kind: "created"; readonly path: string; readonly origin: Origin }
  /** The content of a file changed. */
  | { readonly kind: "written"; readonly path: string; readonly origin: Origin }
  /** Permissions, owner or times were set. */
  | { readonly kind: "attributes"; readonly path: string; readonly origin: Origin }
  /** A name is gone; each name in a removed directory is told of, the deepest first. */
  | { readonly kind: "removed"; readonly path: string; readonly origin: Origin }
  /** A name moved. What had the name `path` before was told of as removed. */
  | {
      readonly kind: "renamed";
      readonly from: string;
      readonly path: string;
      readonly origin: Origin;
    };

/**
 * Of the changes of a tree, those in a part of it, with the paths that they have there.
 * @param pathThere of a path, or undefined when it lies elsewhere
 */
export function changesBelow(
  changes: Event<TreeChange>,
  pathThere: (path: string) => string | undefined,
): Event<TreeChange> {
  return (listener) =>
    changes((change) => {
      const path = pathThere(change.path);
      if (path === undefined) return;
      if (change.kind !== "renamed") {
        listener({ ...change, path });
        return;
      }
      // Nothing moves from one volume to another, so both are here.
      const from = pathThere(change.from);
      if (from !== undefined) listener({ ...change, path, from });
    });
}
