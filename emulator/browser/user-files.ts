import type { NodeKind } from "../files/index.js";
import type { Lab } from "../lab/index.js";
import type { FileEvent } from "./protocol.js";

const HOME = "/home";

/** Tells of changes of the user's files, by the paths that they have in the guest. */
export function watchUserFiles(lab: Lab, onFile: (event: FileEvent) => void): Disposable {
  const { files } = lab;
  return files.onChange((change) => {
    const { path, origin } = change;
    const told = (at: string, kind: FileEvent["change"]): void =>
      onFile({ path: HOME + at, change: kind, origin });
    switch (change.kind) {
      case "created":
      case "written": {
        const made = files.exists(path) ? changeThat(files.stat(path).kind) : undefined;
        if (made !== undefined) told(path, made);
        break;
      }
      case "removed":
        told(path, "removed");
        break;
      case "renamed":
        // A directory takes all that is in it along.
        for (const moved of files.walk(path)) {
          const made = changeThat(moved.stat.kind);
          if (made === undefined) continue;
          told(change.from + moved.path.slice(path.length), "removed");
          told(moved.path, made);
        }
        break;
      case "attributes":
        break;
    }
  });
}

/** By which change such a thing comes to be there; undefined for what is no business of a user's. */
function changeThat(kind: NodeKind): FileEvent["change"] | undefined {
  if (kind === "file") return "written";
  return kind === "directory" ? "made" : undefined;
}
