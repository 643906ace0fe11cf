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
      case "written":
        if (isFile(path)) told(path, "written");
        break;
      case "removed":
        told(path, "removed");
        break;
      case "renamed":
        // A directory takes all that is in it along.
        for (const moved of files.walk(path)) {
          if (moved.stat.kind !== "file") continue;
          told(change.from + moved.path.slice(path.length), "removed");
          told(moved.path, "written");
        }
        break;
      case "attributes":
        break;
    }
  });

  function isFile(path: string): boolean {
    return files.exists(path) && files.stat(path).kind === "file";
  }
}
