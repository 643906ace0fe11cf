import { parseTar } from "nanotar";
import { FileTree } from "../files/index.js";
import type { Arch } from "../machine/machine.js";
import { asExercise } from "./course/exercise.js";
import type { Images } from "./images.js";

const HOME = "home/";
/** Who the files under `/home` belong to: /etc/passwd of the image. */
export const STUDENT = { uid: 1000, gid: 1000 };

/**
 * How far the course is done in the student's home: with all of its edits made and its modules
 * built, or as a student begins, who is to make those of sections 3 and 4.
 */
export type Home = "solved" | "exercise";

/** Puts the files of an archive whose paths begin with `home/` into the tree of `/home`. */
export function unpackHome(files: FileTree, archive: Uint8Array, home: Home = "solved"): void {
  const all = parseTar(archive);
  for (const { name, type, data, attrs } of home === "solved" ? all : asExercise(all)) {
    const path = name.slice(HOME.length).replace(/\/$/, "");
    if (!name.startsWith(HOME) || path === "") continue;
    const mode = Number.parseInt(attrs?.mode ?? "644", 8) & 0o7777;
    if (type === "directory") files.mkdir(path, { mode, ...STUDENT });
    else files.writeFile(path, data ?? new Uint8Array(), { mode, ...STUDENT });
  }
}

/**
 * The student's home as a lab finds it at its start, in a tree of its own below `/home`.
 * @throws LabError `image-missing` or `image-corrupt`
 */
export async function readHome(images: Images, arch: Arch): Promise<FileTree> {
  const archive = await images.source.gunzip(await images.read(`${arch}/course.tar.gz`));
  const tree = new FileTree();
  unpackHome(new FileTree({}, { tree, path: "home" }), archive);
  return tree;
}
